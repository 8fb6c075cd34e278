"""Algebraic relations among polynomials h1, h2, ...: the ideal of all P with P(h1, h2, ...) = 0.

It is prime, of dimension the transcendence degree of Q(h1, h2, ...), which is the generic rank of the
gradients (Cox, Little & O'Shea, Ideals, Varieties and Algorithms, chapter 7, section 4 on syzygies among
invariants).  Few polynomials in few variables: elimination of the variables from y_i - h_i (the same book,
chapter 3).  Else: linear algebra degree by degree, until what was found is proved to be everything
(`polylaw.domains.geometry.prime`) or a bound is reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from polylaw.algebra.groebner import Ideal
from polylaw.algebra.linear.exact import independent_columns
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.terms import quotient
from polylaw.arguments import integer
from polylaw.budget import Budget, given_budget
from polylaw.domains.geometry.grading import Multidegree
from polylaw.domains.geometry.prime import relations_of_prime
from polylaw.domains.geometry.products import LinearRelations
from polylaw.errors import InputError, VerificationError
from polylaw.laws.independence import Rank, generic_rank_at_least
from polylaw.laws.law_space import LawSpace
from polylaw.truth import Answer, Certainty, Search

#: Elimination is used when variables and polynomials are at most so many together.
_FEW = 12


@dataclass(frozen=True)
class Relations(Answer, Search):
    """Relations among `laws`, as polynomials in the ring `names` (h1, h2, ..., and the parameters).

    `relations` generates, each verified by substitution, all relations if `complete`, for the `reason` given;
    if not, all of degree at most `degree` in the state (for laws without a common grading: of at most so many
    factors).  `independent` is how many of the laws are algebraically independent, as bounds.  True when
    there is a relation; false when it is proved that there is none.
    """

    laws: tuple[Polynomial, ...]
    names: Ring
    relations: tuple[Polynomial, ...]
    independent: Rank
    reason: str
    degree: int | None = None

    def __str__(self) -> str:
        """The relations, a line each."""
        return "\n".join([repr(self)[1:-1], *(f"  {p} = 0" for p in self.relations)])

    def __repr__(self) -> str:
        state = "complete" if self.complete else "undecided"
        return f"<Relations: {len(self.relations)} among {len(self.laws)} laws, {state}: {self.reason}>"

    def _answer(self) -> bool | str:
        return bool(self.relations) or (False if self.complete else self.reason)

    @property
    def certainty(self) -> Certainty:
        """How sure it is that all relations are generated."""
        return Certainty.PROVED if self.degree is None else Certainty.UNDECIDED

    @property
    def images(self) -> dict[int, Polynomial]:
        """What each generator of `names` stands for."""
        ring = self.laws[0].ring
        return dict(enumerate((*self.laws, *map(ring.generator, ring.parameters))))

    def substituted(self, polynomial: Polynomial) -> Polynomial:
        """A polynomial in the names with the laws put in, multiplied out."""
        return polynomial.substitute(self.images, self.laws[0].ring)


def relations(
    laws: LawSpace | Iterable[Polynomial], *, degree: int | None = None, budget: Budget | None = None
) -> Relations:
    """All algebraic relations among polynomials of one ring, or among the generators of a law space.

    `degree`: how far to look when completeness cannot be proved earlier (default: as far as it is quick).
    Raises `InputError` for no polynomials and for constants, `BudgetError` when time is over.
    """
    given = given_laws(laws)
    degree = None if degree is None else integer(degree, "degree")
    budget = given_budget(budget)
    with budget.working():
        return _Search(given, budget).all(degree)


def given_laws(laws: LawSpace | Iterable[Polynomial]) -> tuple[Polynomial, ...]:
    """The polynomials, or the generators of a law space; `InputError` for constants and for several rings."""
    if isinstance(laws, str) or not isinstance(laws, Iterable):
        hint = "for example polylaw.find_laws(flow)"
        raise InputError("laws", laws, "a LawSpace, or a list of polynomials", hint)
    given = laws.generators if isinstance(laws, LawSpace) else tuple(laws)
    if not given:
        raise InputError("laws", "none", "at least one law")
    for h in given:
        if not isinstance(h, Polynomial):
            raise InputError("laws", h, "a Polynomial", "Flow.polynomial reads text")
        if h.ring != given[0].ring:
            raise InputError("laws", h, "polynomials of one ring")
        if all(g in h.ring.parameter_indices for g in h.support):
            raise InputError("laws", h, "laws that depend on the state")
    return given


def elimination_ideal(laws: Sequence[Polynomial], names: Ring, budget: Budget) -> Ideal:
    """The ideal of all relations: the variables eliminated from y_i - h_i."""
    graph = Graph.of(laws, names)
    found = Ideal(graph.wide, graph.equations, check=budget.check).eliminate(range(graph.moving))
    return Ideal(names, (graph.named(p).primitive() for p in found.generators), check=budget.check)


@dataclass(frozen=True)
class Graph:
    """The equations y_i = h_i in the ring `wide` of the `moving` variables that occur, then the y_i, then the
    parameters, that is, of the generators of `names`; `images` sends generators of the laws' ring there."""

    wide: Ring
    names: Ring
    moving: int
    images: dict[int, Polynomial]
    equations: tuple[Polynomial, ...]

    @staticmethod
    def of(laws: Sequence[Polynomial], names: Ring, further: Sequence[Polynomial] = ()) -> Graph:
        """The graph of the laws; the variables of `further` polynomials get images too."""
        state = laws[0].ring
        occurring = {g for h in (*laws, *further) for g in h.support}
        moving = [g for g in range(state.parameter_indices.start) if g in occurring]
        wide = Ring((*(f"x{g}" for g in moving), *(f"y{i}" for i in range(names.size))))
        images = {g: wide.generator(f"x{g}") for g in moving}
        images |= {g: wide.generator(f"y{len(laws) + i}") for i, g in enumerate(state.parameter_indices)}
        equations = tuple(wide.generator(f"y{i}") - h.substitute(images, wide) for i, h in enumerate(laws))
        return Graph(wide, names, len(moving), images, equations)

    def named(self, polynomial: Polynomial) -> Polynomial:
        """A polynomial in the y_i and the parameters alone, in the ring of names."""
        back = {self.moving + i: self.names.monomial(((i, 1),)) for i in range(self.names.size)}
        return polynomial.substitute(back, self.names)


class _Search:
    def __init__(self, laws: tuple[Polynomial, ...], budget: Budget) -> None:
        self.laws, self.budget, self.ring = laws, budget, laws[0].ring
        self.linear = LinearRelations(laws, budget)
        self.names, self.products = self.linear.names, self.linear.products
        self.lower = generic_rank_at_least(self.ring, laws, budget)

    def all(self, degree: int | None) -> Relations:
        if self.lower == len(self.laws):
            return self._result((), "the gradients are independent, so there is no relation")
        moving = {g for h in self.laws for g in h.support}
        if len(moving | set(self.ring.parameter_indices)) + len(self.laws) <= _FEW:
            ideal = elimination_ideal(self.laws, self.names, self.budget)
            return self._result(self._minimal(ideal.generators), "the variables were eliminated")
        return self._by_degree(degree)

    def _result(self, found: Sequence[Polynomial], reason: str, degree: int | None = None) -> Relations:
        for p in found:
            if self.linear.value(p):
                raise VerificationError("relation", p, "0 after substitution", "please report this model")
        # a complete ideal of relations has the dimension it should: the rank is then known exactly
        lower, upper = self.lower, self.lower if degree is None else len(self.laws) - bool(found)
        if degree is None and found:
            whole = Ideal(self.names, found, check=self.budget.check).basis().dimension
            lower = upper = whole - len(self.ring.parameters)
        return Relations(self.laws, self.names, tuple(found), Rank(lower, upper), reason, degree)

    def _minimal(self, ideal: Sequence[Polynomial]) -> list[Polynomial]:
        """Those not generated by others of lower (or the same) degree: a minimal set for graded laws."""
        kept: list[Polynomial] = []
        for p in sorted(ideal, key=lambda p: (self._degree(p), len(p.terms), p.order)):
            if not kept or p not in Ideal(self.names, kept, check=self.budget.check):
                kept.append(p)
        return kept

    def _degree(self, p: Polynomial) -> int:
        return max(sum(self.products.degrees[i] * e for i, e in m) for m in p.terms)

    # -- degree by degree -------------------------------------------------------------------------
    def _by_degree(self, degree: int | None) -> Relations:
        found: list[Polynomial] = []
        level, done, bound = 0, 0, ""
        while degree is None or level < degree:
            level += 1
            if degree is None and self.products.count(level) > self.budget.max_level:
                bound = f" (max_level {self.budget.max_level})"
                break
            blocks = self.products.level(level, self.budget)
            if degree is None and max(map(len, blocks.values()), default=0) > self.budget.max_block:
                bound = f" (max_block {self.budget.max_block})"
                break
            fresh = [p for place, block in sorted(blocks.items()) for p in self._new_in(place, block, found)]
            found, done = found + fresh, level
            if fresh and (proved := self._proved(found)) is not None:
                return self._result(*proved)
        what = f"degree {done} in the state" if self.products.graded else f"{done} factors"
        reason = f"all relations up to {what} were found; there may be others{bound}"
        return self._result(found, reason, done)

    def _new_in(
        self, place: Multidegree, monomials: list[Monomial], known: Sequence[Polynomial]
    ) -> Iterator[Polynomial]:
        """Relations among the products of one multidegree that span all, with multiples of the known ones."""
        space = self.linear.among(monomials) if len(monomials) > 1 else None
        if space is None or not space.vectors:
            return
        leads = [monomials[max(v)] for v in space.vectors]
        multiples = [[int(p.terms.get(m, 0)) for m in leads] for p in self._multiples(known, monomials)]
        made = independent_columns(multiples)
        for vector in (v for i, v in enumerate(space.vectors) if i not in made):
            yield self.linear.polynomial(vector, monomials).primitive()

    def _multiples(self, known: Sequence[Polynomial], monomials: list[Monomial]) -> Iterator[Polynomial]:
        """The products of known relations with monomials that lie in the span of some monomials."""
        inside = set(monomials)
        for p in known:
            lead = next(iter(p.terms))
            factors = (quotient(monomial, lead) for monomial in monomials)
            multiples = (p * self.names.monomial(factor) for factor in factors if factor is not None)
            yield from (multiple for multiple in multiples if inside.issuperset(multiple.terms))

    def _proved(self, found: list[Polynomial]) -> tuple[list[Polynomial], str] | None:
        """All relations and why, if those found decide."""
        missing = len(self.laws) - self.lower
        if missing == 1:
            why = "the ideal of relations is prime of height 1, and this is its element of least degree"
            return found[:1], why
        return relations_of_prime(found, missing, self.linear, self._minimal)
