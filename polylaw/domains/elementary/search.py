"""All laws polynomial in the state and in functions of the state that the user names, as expressions.

The products of the ansatz are elements of a tower.  Their values, and those of their derivatives along the
fields, at points modulo a prime that satisfy the relations of the tower (`polylaw.domains.elementary.points`)
give ranks that are at most the true ones, and the shape of every relation; each is then found again exactly.
When all are, the ranks are the true ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.linear.modular import null_space
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.arguments import names
from polylaw.budget import Budget, Progress, given_budget, silent
from polylaw.domains.elementary.augmented import AugmentedFlow, sum_text
from polylaw.domains.elementary.balls import fields_rank_at_least, generic_rank_at_least
from polylaw.domains.elementary.check import is_law
from polylaw.domains.elementary.combinations import null_combinations, zero_combinations
from polylaw.domains.elementary.derivation import Derivation
from polylaw.domains.elementary.domain import Domain, domain_of
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import ElementaryFlow
from polylaw.domains.elementary.points import Points, primes_for
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError, VerificationError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.law_space import Rank
from polylaw.laws.lie_series import lie_series_rank
from polylaw.laws.search import chosen_ansatz
from polylaw.truth import Answer

#: More points than unknowns, so that a relation at the points is one everywhere, almost surely (it is
#: verified).
_SPARE = 12
_MOST_PRIMES = 5
#: Roots of numbers exist modulo some primes only.
_MOST_TRIED = 60


@dataclass(frozen=True)
class AugmentedLaws(Answer):
    """The laws of `flow.original` that are polynomials of `ansatz` in its variables and in `flow.functions`.

    Of the products of the ansatz `unknowns` are linearly independent functions; the laws among their
    combinations have dimension `dimension`, and the linear system that they solve has the other rank, at
    least modulo `prime`.  `generators`: laws that make all others by sums and products, each verified
    exactly; if a bound was hit, the laws found before. `polynomials`: the same, up to a factor, in the ring
    of `flow`, where no root of a number stands among the coefficients. True when there is a law; false when
    it is proved that there is none.
    """

    flow: AugmentedFlow
    ansatz: Ansatz
    unknowns: int
    dimension: int
    prime: int
    generators: tuple[Expression, ...]
    polynomials: tuple[Polynomial | None, ...]
    undecided: str = ""
    budget: Budget = field(default_factory=Budget, repr=False, compare=False)

    def __str__(self) -> str:
        """The generators, a line each."""
        return "\n".join([repr(self)[1:-1], *(f"  {text}" for text in self.texts)])

    def __repr__(self) -> str:
        state = "complete" if self.complete else f"undecided: {self.undecided}"
        functions = ", ".join(self.flow.functions)
        return f"<AugmentedLaws: {len(self.generators)} generators with {functions}, {self.ansatz}, {state}>"

    def _answer(self) -> bool | str:
        return bool(self.generators) or self.undecided or self.flow.independence.doubt or False

    @property
    def complete(self) -> bool:
        """Whether there is provably no other law in the ansatz: no bound was hit, and the functions are
        proved independent."""
        return self.completeness == "proved"

    @property
    def completeness(self) -> str:
        """`proved`; `formal`, if that rests on the independence of the functions, which was not shown; or
        `undecided`."""
        return "undecided" if self.undecided else "proved" if self.flow.independence.proved else "formal"

    @property
    def rank(self) -> int:
        """The rank of the linear system."""
        return self.unknowns - self.dimension

    @property
    def new(self) -> tuple[Expression, ...]:
        """The generators that are not polynomials in the state."""
        return tuple(h for h in self.generators if h.polynomial is None)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The generators as quotients, or as sums of terms where that is shorter."""
        pairs = zip(self.generators, self.polynomials, strict=True)
        return tuple(
            str(h) if h.polynomial is not None or p is None else min(str(h), sum_text(self.flow, p), key=len)
            for h, p in pairs
        )

    @cached_property
    def domains(self) -> tuple[Domain, ...]:
        """Where each of the generators is conserved."""
        with self.budget.working():
            return tuple(domain_of(h, self.budget) for h in self.generators)

    @cached_property
    def independent(self) -> Rank:
        """How many of the laws are independent functions of the state near generic points.

        Lower: the rank of the gradients at a rational point, in ball arithmetic.  Upper: their number, and
        the dimension of the state minus a lower bound for dim Lie(W) of the flow as it was.
        """
        lower = rank_at_least(self)
        if lower == len(self.generators):
            return Rank(lower, lower)
        return Rank(lower, min(len(self.generators), self.bounds.upper))

    @cached_property
    def bounds(self) -> Rank:
        """How many independent laws of any kind the flow has near a generic point, from both sides."""
        original = self.flow.original
        state = original.ring.parameter_indices.start
        lower = rank_at_least(self)
        if isinstance(original, ElementaryFlow):
            return Rank(lower, state - fields_rank_at_least(self.flow.tower))
        with self.budget.working():
            try:
                return Rank(
                    lower, state - lie_series_rank(original.distribution, state - lower, self.budget).rank
                )
            except BudgetError:
                return Rank(lower, state)


def rank_at_least(laws: AugmentedLaws) -> int:
    """A lower bound for the number of independent laws among them, proved."""
    return generic_rank_at_least(laws.flow.tower, [h.value for h in laws.generators])[0]


def find_laws_with(
    flow: Flow,
    augment: Sequence[str],
    degree: int | None = None,
    *,
    ansatz: Ansatz | str | None = None,
    variables: Sequence[str] | None = None,
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> AugmentedLaws:
    """All laws that are polynomials, of at most `degree` (2 by default) or of an ansatz, in the state and in
    the functions `augment`, such as `["log(u1)", "1/x", "sqrt(x^2 + y^2)"]`
    (`polylaw.domains.elementary.augmented`).

    Raises what `AugmentedFlow` raises.
    """
    del executor, progress  # one elimination
    enlarged = AugmentedFlow(checked_flow(flow), names(augment, "augment"))
    budget = given_budget(budget)
    chosen = chosen_ansatz(degree, ansatz)
    chosen = (chosen if variables is None else chosen.restricted(variables)).for_flow(enlarged)
    with budget.working():
        found: list[_Found] = []
        try:
            return _Search(enlarged, chosen, budget, found).laws()
        except BudgetError as error:
            laws = {Expression.of(enlarged.tower, h.value, primitive=True): h.polynomial for h in found}
            return AugmentedLaws(
                enlarged, chosen, 0, len(laws), 0, tuple(laws), tuple(laws.values()), str(error), budget
            )


class _Search:
    """The laws of an augmented flow in an ansatz; those known so far are in `found`."""

    def __init__(self, flow: AugmentedFlow, ansatz: Ansatz, budget: Budget, found: list[_Found]) -> None:
        self.flow, self.ansatz, self.budget, self.found = flow, ansatz, budget, found
        table = ansatz.table(flow.ring, budget)
        self.monomials = [table.monomial(i) for i in range(len(table))]
        budget.check_entries((len(self.monomials) + _SPARE) * (len(self.monomials) + 1))

    def laws(self) -> AugmentedLaws:
        """At one prime after another, until all relations found there are found exactly."""
        for points in islice(_points(self.flow, len(self.monomials) + 1 + _SPARE, self.budget), _MOST_PRIMES):
            self.points = points
            kept = self._independent()
            laws = None if kept is None else self._laws(kept)
            if kept is not None and laws is not None:
                generators = self._generators(laws)
                size = len(kept), len(laws), points.prime
                return AugmentedLaws(
                    self.flow,
                    self.ansatz,
                    *size,
                    tuple(generators),
                    tuple(generators.values()),
                    budget=self.budget,
                )
        raise BudgetError(
            "laws", "relations modulo primes", "the same relations exactly", "name fewer functions"
        )

    def _independent(self) -> list[Monomial] | None:
        """The monomials that are no combinations of 1 and of those before them; None if one was taken for
        such by chance."""
        columns = [(), *self.monomials]
        dependent = _null_vectors([self._values(m) for m in columns], self.points.prime)
        for vector in dependent:
            self.budget.check("relations between functions")
            shape = [columns[i] for i in vector]
            if not self._exactly(shape, zero=True):
                return None
        ends = {max(vector) for vector in dependent}
        return [m for i, m in enumerate(columns) if m and i not in ends]

    def _laws(self, kept: list[Monomial]) -> list[_Found] | None:
        """A basis of the laws among combinations of these monomials, largest monomial first; None if not all
        found modulo the prime are."""
        fields = range(len(self.points.fields))
        columns = [np.concatenate([self._values(m, j) for j in fields]) for m in kept]
        self.found.clear()
        for vector in _null_vectors(columns, self.points.prime):
            self.budget.check("laws with functions")
            law = self._exactly([kept[i] for i in vector])
            if law is None:
                return None
            self.found.append(law)
        return self.found[::-1]

    def _exactly(self, shape: Sequence[Monomial], *, zero: bool = False) -> _Found | None:
        """The relation that ends at the last of the monomials, between them (if `zero`) or between their
        derivatives."""
        tower = self.flow.tower
        free = [g for g in self.flow.constants if not tower.functions[g - tower.first].order]
        scales = self._algebraic_numbers()
        elements = [self.flow.product(m) * s for m in shape for s in scales]
        relations = (
            zero_combinations(tower, elements, free)
            if zero
            else null_combinations(tower, elements, self.budget, free)
        )
        last = range(len(elements) - len(scales), len(elements))
        relation = next((r for r in relations if any(i in r for i in last)), None)
        if relation is None:
            return None
        total = tower.constant(0)
        for i, c in relation.items():
            total = total + elements[i] * Quotient.whole(c)
        degrees = (sum(p for g, p in m if g < len(self.flow.elements)) for m in shape)
        return _Found(
            tower.normal(total), max(degrees), len(relation), self._polynomial(shape, relation, scales)
        )

    def _polynomial(
        self, shape: Sequence[Monomial], relation: Mapping[int, Polynomial], scales: Sequence[Quotient]
    ) -> Polynomial | None:
        """The relation in the enlarged ring, if its coefficients are polynomials in the parameters."""
        ring, parameters = self.flow.ring, set(self.flow.tower.ring.parameter_indices)
        if len(scales) > 1 or not all(parameters.issuperset(c.support) for c in relation.values()):
            return None
        return Polynomial.sum(
            ring, (ring.monomial(shape[i]) * c.into(ring) for i, c in relation.items())
        ).primitive()

    def _algebraic_numbers(self) -> list[Quotient]:
        """The products of powers of roots that do not move: a basis of the coefficients over those without
        roots."""
        tower = self.flow.tower
        roots = [g for g in self.flow.constants if tower.functions[g - tower.first].order]
        found = [tower.constant(1)]
        for g in roots:
            powers = [
                tower.ring.monomial(((g, k),) if k else ())
                for k in range(tower.functions[g - tower.first].order)
            ]
            found = [s * Quotient.whole(p) for s in found for p in powers]
            self.budget.check_unknowns(len(found))
        return found

    def _generators(self, laws: Sequence[_Found]) -> dict[Expression, Polynomial | None]:
        """Laws that make all others by sums and products up to the degree of the ansatz, polynomials in the
        state first."""
        tower, top = self.flow.tower, self.ansatz.top
        span = [_Found(tower.constant(1), 0, 1)]
        kept: dict[Expression, Polynomial | None] = {}
        for law in sorted(laws, key=lambda found: (found.degree, found.length)):
            self.budget.check("generators of the laws")
            if _is_locally_constant(tower, law.value) or self._spanned(law, span):
                continue
            kept[Expression.of(tower, law.value, primitive=True)] = law.polynomial
            fresh = span
            while fresh := [
                h.times(law, tower) for h in fresh if h.degree + law.degree <= max(top, law.degree)
            ]:
                span = [*span, *fresh]
        for expression in kept:
            if not is_law(tower, expression.value, self.budget):
                raise VerificationError(
                    "law", str(expression), "derivative 0 along every field", "please report this model"
                )
        return dict(sorted(kept.items(), key=lambda pair: pair[0].polynomial is None))

    def _spanned(self, law: _Found, span: Sequence[_Found]) -> bool:
        """Whether a law is a combination of those of a span: at the points, and then exactly."""
        tower = self.flow.tower
        elements = [h.value for h in span] + [law.value]
        found = [
            v
            for v in _null_vectors([self.points.of(e) for e in elements], self.points.prime)
            if len(span) in v
        ]
        if not found:
            return False
        free = [g for g in self.flow.constants if not tower.functions[g - tower.first].order]
        scaled = [elements[i] * s for i in found[0] for s in self._algebraic_numbers()]
        return bool(zero_combinations(tower, scaled, free))

    # -- values -----------------------------------------------------------------------------------
    def _values(self, monomial: Monomial, field: int | None = None) -> Any:
        """The values of a product at the points, or of its derivative along a field: m' = m * sum of k*g'/g
        over g^k in m."""
        prime = self.points.prime
        factors = [(self._factor(g), power) for g, power in monomial]
        value = self.points.one()
        for element, power in factors:
            for _ in range(power):
                value = value * self.points.of(element) % prime
        if field is None:
            return value
        rates = [self.points.rate(element, field) * power % prime for element, power in factors]
        return value * (sum(rates) % prime) % prime

    def _factor(self, generator: int) -> Quotient:
        """A generator of the enlarged ring as an element of the tower."""
        return self.flow.product(((generator, 1),))


class _Found(NamedTuple):
    """A law or a product of laws, its degree in the enlarged ring, and how many terms it was found with; a
    law also as a polynomial there."""

    value: Quotient
    degree: int
    length: int
    polynomial: Polynomial | None = None

    def times(self, other: _Found, tower: Tower) -> _Found:
        """The product."""
        value = tower.normal(self.value * other.value)
        return _Found(value, self.degree + other.degree, self.length * other.length)


def _points(flow: AugmentedFlow, count: int, budget: Budget) -> Iterator[Points]:
    """Points at which no element is 0, modulo one prime after another."""
    for prime in islice(primes_for(flow.tower), _MOST_TRIED):
        try:
            yield Points(flow, prime, count, budget)
        except BudgetError as error:
            refused = error
    raise refused


def _null_vectors(columns: Sequence[Any], prime: int) -> list[tuple[int, ...]]:
    """The supports of the reduced basis of {c : sum_i c_i columns[i] = 0}, each ascending and ending where
    all others are 0."""
    if not columns:
        return []
    return [tuple(np.flatnonzero(v).tolist()) for v in null_space(np.stack(columns, axis=1), prime)]


def _is_locally_constant(tower: Tower, value: Quotient) -> bool:
    """Whether an element has the derivative 0 by every variable: |x|/x, for example."""
    positions = tower.used(*value)
    return all(
        tower.is_zero(Derivation(tower, {g: tower.constant(1)}, positions).of(value).above)
        for g in tower.state
    )
