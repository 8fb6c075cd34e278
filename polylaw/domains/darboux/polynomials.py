"""Darboux polynomials of all fields of a distribution at once: X h = lambda_X h for every field X.

Degree by degree, by the first of these that is not too large:

    cases     case distinctions on the cofactors       all, proved, over the field of parameters
    extactic  the factors of an extactic polynomial    all but levels of rational integrals, proved
    lines     the extactic polynomial on a line        the same almost surely

With parameters the line is drawn in the system with numbers for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Exponential
from polylaw.budget import Budget
from polylaw.domains.darboux.cases import cofactors_by_cases
from polylaw.domains.darboux.eigenspaces import (
    Cofactors,
    DarbouxPolynomial,
    Eigenspaces,
    darboux_among,
    darboux_factors,
)
from polylaw.domains.darboux.elimination import UndecidedCaseError
from polylaw.domains.darboux.extactic import Extactic, TooLargeError, extactic_factors
from polylaw.domains.darboux.lines import LineSearch
from polylaw.domains.darboux.monomials import monomials_up_to
from polylaw.domains.darboux.special import Special, special_relations
from polylaw.errors import BudgetError
from polylaw.flows.distribution import Distribution, Field
from polylaw.laws.witness import hashed_residue
from polylaw.truth import Certainty

#: Values of parameters at which a line is drawn are below this.
_VALUES = 1009
_Reason = tuple[Certainty, str]


@dataclass(frozen=True)
class Evidence:
    """Whether all Darboux polynomials of at most this degree are known, and what that rests on."""

    degree: int
    certainty: Certainty
    reason: str

    def __str__(self) -> str:
        return f"degree {self.degree}: {self.reason}"


@dataclass(frozen=True)
class Found:
    """Darboux polynomials in order, the evidence for each degree tried, special relations between parameters.

    Where the evidence says all, every Darboux polynomial of that degree over the field of parameters is a
    product of sums, with equal cofactors, of products of these and of polynomial laws.
    """

    polynomials: tuple[DarbouxPolynomial, ...]
    evidence: tuple[Evidence, ...]
    special: tuple[Special, ...] = ()

    @property
    def complete(self) -> int:
        """Up to this degree all are known, proved."""
        return self.up_to(Certainty.PROVED)

    def up_to(self, certainty: Certainty) -> int:
        """Up to this degree all are known: proved, or at least almost surely."""
        enough = (Certainty.PROVED, certainty)
        return max((e.degree for e in self.evidence if e.certainty in enough), default=0)


def darboux_polynomials(distribution: Distribution, degree: int, budget: Budget) -> Found:
    """The irreducible Darboux polynomials of at most this degree in the variables (and in the clock, where
    fields depend on it).  Those that are laws (all cofactors 0) are left out: `find_laws` has them."""
    search = _Search(distribution, budget)
    evidence: list[Evidence] = []
    special: list[Special] = []
    try:
        search.try_variables()
        for n in range(1, degree + 1):
            evidence.append(search.up_to(n))
        special = search.special(degree)
    except BudgetError as error:
        if len(evidence) < degree:
            evidence.append(Evidence(len(evidence) + 1, Certainty.UNDECIDED, f"undecided, {error}"))
    ordered = sorted(search.found.values(), key=lambda d: d.polynomial.order)
    return Found(tuple(ordered), tuple(evidence), tuple(special))


class _Search:
    def __init__(self, distribution: Distribution, budget: Budget) -> None:
        self.distribution, self.ring, self.budget = distribution, distribution.ring, budget
        self.found: dict[Polynomial, DarbouxPolynomial] = {}
        self.laws: dict[Polynomial, DarbouxPolynomial] = {}
        self.passed = ""  # the bound that the last extactic polynomial was beyond
        ring = self.ring
        self.variables = list(range(len(ring.variables)))
        clock = ring.clock_index
        moving = [(k, p) for field in distribution.fields for k, p in field.components.items() if k != clock]
        if clock is not None and any(clock in p.support for _, p in moving):
            self.variables.append(clock)
        components = [field.components for field in distribution.fields]
        self.fields = [{k: p for k, p in f.items() if k in self.variables} for f in components]
        inside = {g for f in self.fields for p in f.values() for g in p.support}
        self.symbolic = not inside.isdisjoint(ring.parameter_indices)

    def _combined(self, degree: int) -> dict[int, Polynomial]:
        """A combination of all fields whose coefficients are pseudorandom polynomials of this degree with
        small coefficients: what is Darboux for all fields is for it."""
        if len(self.fields) == 1:
            return dict(self.fields[0])
        total: dict[int, list[Polynomial]] = {}
        for j, field in enumerate(self.fields):
            monomials = monomials_up_to(self.variables, degree)
            terms = {m: hashed_residue(0, 97, "field", j, *(g for g, _ in m)) for m in monomials}
            for k, p in field.items():
                total.setdefault(k, []).append(p * Polynomial(self.ring, terms))
        return {k: Polynomial.sum(self.ring, parts) for k, parts in sorted(total.items())}

    def offer(self, h: Polynomial) -> None:
        """Keep the irreducible factors of h that are Darboux; laws apart."""
        for d in darboux_factors(self.distribution, [h], {**self.found, **self.laws}):
            (self.found if any(d.cofactors) else self.laws)[d.polynomial] = d

    def try_variables(self) -> None:
        """The variables themselves, and a clock exp(rate*t), which is one."""
        for g in self.variables:
            self.offer(self.ring.monomial(((g, 1),)))
        if isinstance(self.ring.clock, Exponential) and self.ring.clock_index not in self.variables:
            self.offer(self.ring.monomial(((self.ring.clock_index or 0, 1),)))

    def up_to(self, degree: int) -> Evidence:
        """All of at most this degree, when those of lower degree were sought."""
        return Evidence(degree, *self._sought(monomials_up_to(self.variables, degree), degree))

    def _sought(self, monomials: list[Monomial], degree: int) -> _Reason:
        over = "the field of parameters (for generic values of them)" if self.symbolic else "Q"
        # of degree 1 its factors are offered first: those of higher degree are products of conjugate lines
        exact = self._extactic(monomials) if degree == 1 else None
        try:
            found = cofactors_by_cases(self.ring, self.fields, monomials, self.budget)
        except UndecidedCaseError as error:
            undecided = str(error)
        else:
            self._fill(monomials, degree, found)
            return Certainty.PROVED, f"all over {over}, by case distinctions on their cofactors"
        exact = exact or self._extactic(monomials)
        if exact is not None and not exact.deficient:
            return Certainty.PROVED, f"all over {over}, by the factors of the extactic polynomial"
        if len(monomials) > self.budget.max_monomials:
            bound = f"max_monomials {self.budget.max_monomials}"
            reason = self._missing(f"{len(monomials)} monomials are too many ({bound}; {undecided})")
        else:
            reason = (self._at_values if self.symbolic else self._along_lines)(monomials, degree)
        self._fill(monomials, degree, [d.cofactors for d in self.found.values()])
        return reason

    def _extactic(self, monomials: list[Monomial]) -> Extactic | None:
        """The extactic polynomial, its factors kept where they are Darboux."""
        try:
            exact = extactic_factors(self.ring, self._combined(0), monomials, self.budget)
        except TooLargeError as error:
            self.passed = str(error)
            return None
        for factor in exact.factors:
            self.offer(factor)
        return exact

    def _missing(self, why: str) -> _Reason:
        beyond = f"; the extactic polynomial is beyond {self.passed}" if self.passed else ""
        return Certainty.UNDECIDED, f"some may be missing, {why}{beyond}"

    def special(self, degree: int) -> list[Special]:
        """What there is more under relations between the parameters."""
        if not self.symbolic:
            return []
        monomials = monomials_up_to(self.variables, degree)
        return special_relations(self.distribution, monomials, [*self.found, *self.laws], self.budget)

    def _fill(self, monomials: list[Monomial], degree: int, cofactors: Sequence[Cofactors]) -> None:
        """What is new in the spaces of equal cofactors; laws, whose cofactors are 0, first."""
        spaces = Eigenspaces(self.distribution, monomials, self.budget)
        generators = {*self.variables, *self.ring.parameter_indices}
        for each in sorted(dict.fromkeys(cofactors), key=any):
            all_known = (*self.laws.values(), *self.found.values())
            known = [d for d in all_known if generators.issuperset(d.polynomial.support)]
            for h in spaces.new(each, known, degree):
                self.offer(h)

    def _at_values(self, monomials: list[Monomial], degree: int) -> _Reason:
        """With numbers for the parameters: there it shows whether there are more than the known ones."""
        ring, parameters = self.ring, self.ring.parameter_indices
        values = {g: hashed_residue(0, _VALUES, "value", g) for g in parameters}
        combined = {k: q for k, p in self._combined(1).items() if (q := p.with_values(values))}
        known = [h.with_values(values) for h in (*self.found, *self.laws)]
        where = f"at random values of {', '.join(map(ring.name, parameters))}"
        search = LineSearch(ring, combined, monomials, degree, self.budget)
        if self._takes_long(search, combined):
            bound = f"max_line_steps {self.budget.max_line_steps}"
            return self._missing(f"the system is too large with its parameters ({bound})")
        there = Distribution(ring, (Field("at values", combined),))
        candidates = search.candidates([h for h in known if h.degree > 0])
        more = [d.polynomial for d in darboux_among(there, candidates)]
        if missing := search.unresolved([*known, *more]):
            return self._missing(f"{where} {missing}")
        if search.deficient or more:
            return self._missing(f"{where} there are more; give the parameters values")
        special = f"unless these values, all below {_VALUES}, or a random line mod 2^61 - 1 are special"
        reason = f"all over the field of parameters almost surely: {where} there are no others, {special}"
        return Certainty.ALMOST_SURELY, reason

    def _takes_long(self, search: LineSearch, combined: Mapping[int, Polynomial]) -> bool:
        terms = sum(len(p.terms) for p in combined.values()) + len(search.monomials)
        steps = search.bound * terms * search.rank**2
        return self.budget.max_seconds is None and steps > self.budget.max_line_steps

    def _along_lines(self, monomials: list[Monomial], degree: int) -> _Reason:
        combined = self._combined(1)
        search = LineSearch(self.ring, combined, monomials, degree, self.budget)
        if self._takes_long(search, combined):
            many = f"{search.bound} determinants of size {search.rank} take long"
            bound = f"max_line_steps {self.budget.max_line_steps}"
            return self._missing(f"{many} ({bound}); allow it with --max-seconds")
        for candidate in search.candidates(self._known(search)):
            self.offer(candidate)
        if search.deficient:
            found = darboux_among(self.distribution, search.levels())
            self._fill(monomials, degree, [d.cofactors for d in found])
            more = "levels of rational first integrals of that degree may be missing"
            by = f"by the extactic polynomial on a line, {_CHANCE}"
            return Certainty.UNDECIDED, f"{more}; others almost surely not, {by}"
        if missing := search.unresolved(self._known(search)):
            return self._missing(missing)
        reason = f"all over Q almost surely, by the extactic polynomial on a line, {_CHANCE}"
        return Certainty.ALMOST_SURELY, reason

    def _known(self, search: LineSearch) -> list[Polynomial]:
        """What was found in the generators of the search (a clock exp(rate*t) is none of them)."""
        return [h for h in self.found if set(h.support) <= set(search.state)]


#: Of a determinant of degree below 2^20 on a random line mod 2^61 - 1.
_CHANCE = "unless a random line mod 2^61 - 1 was unlucky (probability below 2^-40)"
