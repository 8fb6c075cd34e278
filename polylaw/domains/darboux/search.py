"""Darboux polynomials of a flow and the laws made of them, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.arguments import integer
from polylaw.budget import Budget, given_budget
from polylaw.domains.darboux.cases import Values
from polylaw.domains.darboux.eigenspaces import Cofactors
from polylaw.domains.darboux.laws import DarbouxLaw, Kind, darboux_laws
from polylaw.domains.darboux.polynomials import Certainty, Found, darboux_polynomials
from polylaw.domains.darboux.regimes import NO_REGIMES, Regimes, regimes
from polylaw.domains.darboux.special import Special
from polylaw.domains.elementary.balls import generic_rank_at_least
from polylaw.domains.elementary.flow import ElementaryFlow, timed
from polylaw.domains.elementary.inequations import Inequation
from polylaw.errors import BudgetError, InputError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.flows.ode import PolynomialODE
from polylaw.laws.independence import gradient_rank_at_least
from polylaw.laws.law_space import LawSpace, Rank
from polylaw.laws.lie_series import lie_series_rank
from polylaw.laws.search import find_laws
from polylaw.truth import Answer

DEFAULT_DEGREE = 2
_MOST_DEGREE = 12
#: Of products of more Darboux polynomials some are taken to have equal cofactors.
_MOST_PRODUCTS = 20_000
#: Polynomial laws of at most this degree are sought by themselves.
_POLYNOMIAL_DEGREE = 2
#: The rest of the time is for the laws made of what was found.
_SEARCH_SHARE = 0.6
_KINDS = tuple(Kind)


@dataclass(frozen=True)
class DarbouxLaws(Answer):
    """What `find_darboux` found: Darboux polynomials of at most `degree`, laws made of them, and the
    polynomial laws of degree at most 2.

    `generators` make the polynomial laws (all of a basis, where time was over first); `laws` are independent
    of each other and of the polynomial ones, simplest first; `more` are those that did not raise the rank of
    the gradients at the points tried. `undecided` names the bound that was hit, if one was.  `regimes`: what
    holds for special values of the parameters.  True when there is a law; false when it is proved that there
    is none of any kind.
    """

    flow: Flow
    degree: int
    found: Found
    laws: tuple[DarbouxLaw, ...]
    more: tuple[DarbouxLaw, ...]
    polynomial: LawSpace
    generators: tuple[Polynomial, ...]
    budget: Budget
    undecided: str = ""
    regimes: Regimes = NO_REGIMES

    def __str__(self) -> str:
        """The laws, a line each."""
        return "\n".join([repr(self)[1:-1], *(f"  {h}" for h in (*self.laws, *self.generators))])

    def __repr__(self) -> str:
        state = (
            "complete"
            if self.complete
            else f"undecided: {self.undecided or 'there may be more Darboux polynomials'}"
        )
        many = (
            f"{len(self.found.polynomials)} Darboux polynomials, {len(self.laws) + len(self.generators)} laws"
        )
        return f"<DarbouxLaws: {many}, degree <= {self.degree}, {self.flow.name}, {state}>"

    def _answer(self) -> bool | str:
        if self.laws or self.generators:
            return True
        if self.independent.upper == 0 and self.independent_with_time is None:
            return False
        return (
            self.undecided
            or self.polynomial.undecided
            or "there may be laws of other kinds, or of more Darboux polynomials"
        )

    @property
    def complete(self) -> bool:
        """Whether all Darboux polynomials of at most this degree are known, proved (`found.evidence` says
        why)."""
        return self.found.complete >= self.degree and not self.undecided

    @property
    def certainty(self) -> Certainty:
        """How sure it is that all Darboux polynomials of at most this degree are known."""
        kinds = (Certainty.PROVED, Certainty.ALMOST_SURELY)
        return next(
            (kind for kind in kinds if self.found.up_to(kind) >= self.degree and not self.undecided),
            Certainty.OPEN,
        )

    @cached_property
    def has_sums(self) -> bool:
        """Whether there are Darboux polynomials besides products of those listed: sums of products with equal
        cofactors, where polynomial laws, which have cofactor 0, count as factors."""
        if self.found.polynomials and self.generators:
            return True
        sums: dict[Cofactors, int] = {}  # of products, by their cofactors
        products: list[tuple[int, Cofactors]] = [(0, ())]
        for d in self.found.polynomials:
            step = d.polynomial.degree
            for degree, cofactors in products:  # the list grows by powers
                if degree + step <= self.degree:
                    total = (
                        tuple(a + b for a, b in zip(cofactors, d.cofactors, strict=True))
                        if cofactors
                        else d.cofactors
                    )
                    products.append((degree + step, total))
                    sums[total] = sums.get(total, 0) + 1
                if len(products) > _MOST_PRODUCTS:
                    return True
        return any(number > 1 for number in sums.values())

    @cached_property
    def special(self) -> tuple[Special, ...]:
        """What is found besides under relations between the parameters where the flow is defined."""
        return tuple(s for s in self.found.special if self._speed(s.values).below)

    def cofactors(self, cofactors: Cofactors, values: Values = ()) -> tuple[RationalFunction, ...]:
        """Cofactors along the flow as it was given (where parameters have these values): the field of the
        distribution of a rational ODE is a multiple of it."""
        above, below = self._speed(values)
        return tuple(RationalFunction(c * above, below) for c in cofactors)

    def _speed(self, values: Values) -> Quotient:
        """The flow as given over the field of the distribution, where parameters have these values."""
        ring = self.flow.ring
        if not isinstance(self.flow, PolynomialODE):
            return Quotient(ring.constant(1), ring.constant(1))
        images = {g: ring.monomial(((g, 1),)) for g in range(ring.size)} | dict(values)
        speed = self.flow.speed
        return Quotient(speed.numerator.substitute(images, ring), speed.denominator.substitute(images, ring))

    @cached_property
    def independent(self) -> Rank:
        """How many laws that do not depend on time (but by a clock of the flow itself), polynomial ones
        included, are independent near a generic point, and at most how many laws of any kind can be: both
        proved."""
        state = self.flow.ring.parameter_indices.start
        lower = max(
            self.rank_with(self.generators, self.flow), gradient_rank_at_least(self.flow, self.generators)
        )
        with self.budget.working():
            rank = lie_series_rank(self.flow.distribution, state - lower, self.budget).rank
        moves = any(
            field.components for field in self.flow.distribution.fields
        )  # then the rank is 1 at least, whatever the budget
        return Rank(lower, state - max(rank, int(moves)))

    @cached_property
    def independent_with_time(self) -> Rank | None:
        """How many laws of an ODE, those that depend on time included, are independent functions of state and
        time, and at most how many can be: one less than these are variables.  None for a flow that has its
        own clock, or several fields."""
        if timed(self.flow) is self.flow:
            return None
        return Rank(self._rank(self.laws, self.generators), len(self.flow.ring.variables))

    def laws_of(self, flow: Flow) -> tuple[DarbouxLaw, ...]:
        """The laws on the state of the flow as it was given: those with time only if it has a clock."""
        return tuple(law for law in self.laws if flow.ring.clock is not None or law.kind is not Kind.TIME)

    def rank_with(self, laws: Sequence[Polynomial], flow: Flow) -> int:
        """A lower bound, proved, for the number of independent ones among these laws and polynomial laws of
        `flow`, which is the flow as it was given, with its clock; time counts only if that has one."""
        if not self.laws:
            return 0
        tower = self.laws[0].expression.tower
        return self._rank(
            self.laws_of(flow), laws if flow.ring.clock in (None, tower.flow.ring.clock) else ()
        )

    def _rank(self, laws: Sequence[DarbouxLaw], polynomial: Sequence[Polynomial]) -> int:
        """The least rank of gradients at a rational point, over all choices of the signs of the
        discriminants."""
        if not self.laws:
            return gradient_rank_at_least(self.flow, list(polynomial))
        tower = self.laws[0].expression.tower
        known = [tower.element(h.into(tower.flow.ring)) for h in polynomial]
        ranks = []
        for chosen in _regimes_of_signs(self.laws):
            real = [law.expression.value for law in laws if chosen.issuperset(law.conditions)]
            ranks.append(generic_rank_at_least(tower, [*real, *known])[0])
        return min(ranks)


def _regimes_of_signs(laws: Sequence[DarbouxLaw]) -> list[set[Inequation | None]]:
    """For every choice of signs what is then satisfied of the conditions of the laws: a condition and its
    opposite have the same factors, and where only one of them occurs, nothing may be known of the other."""
    signs: dict[tuple[Polynomial, ...], list[Inequation | None]] = {}
    for condition in dict.fromkeys(c for law in laws for c in law.conditions):
        signs.setdefault(condition.factors, []).append(condition)
    return [set(chosen) for chosen in product(*([*both, None][:2] for both in signs.values()))]


def find_darboux(flow: Flow, degree: int = DEFAULT_DEGREE, *, budget: Budget | None = None) -> DarbouxLaws:
    """All Darboux polynomials of at most this degree, and the rational, time-dependent and logarithmic laws
    made of them.

    An ODE's own clock is put aside unless the equations have time in them: it enters through exp(c*t) as it
    is needed.  Raises `InputError` for a degree that is no integer from 1 to 12.
    """
    checked_flow(flow)
    degree = integer(degree, "degree", 1, _MOST_DEGREE)
    if isinstance(flow, ElementaryFlow):
        hint = (
            "find, count and check know functions; for a constant such as sqrt(2) write a parameter, "
            "for all whose values laws hold"
        )
        raise InputError("ode", "functions in the right-hand side", "polynomials or quotients here", hint)
    budget = given_budget(budget)
    generic = generic_darboux(flow, degree, budget)
    with budget.working():
        try:
            return replace(
                generic,
                regimes=regimes(generic, lambda special: generic_darboux(special, degree, budget), budget),
            )
        except BudgetError as error:
            return replace(generic, undecided="; ".join(filter(None, (generic.undecided, str(error)))))


def generic_darboux(flow: Flow, degree: int, budget: Budget) -> DarbouxLaws:
    """The same for generic values of the parameters alone."""
    if isinstance(flow, PolynomialODE) and not flow.has_time and flow.ring.clock is not None:
        flow = PolynomialODE(flow.rhs, flow.ring.parameters, name=flow.title)
    with budget.working():
        with budget.working(_SEARCH_SHARE):
            found = darboux_polynomials(flow.distribution, degree, budget)
        polynomial = find_laws(flow, _POLYNOMIAL_DEGREE, budget=budget)
        generators: Sequence[Polynomial] = polynomial.basis
        laws: list[DarbouxLaw] = []
        more: list[DarbouxLaw] = []
        undecided = ""
        try:
            generators = polynomial.generators
            laws, more = _independent(
                darboux_laws(flow, found.polynomials, generators, degree, budget), generators, budget
            )
        except BudgetError as error:
            undecided = str(error)
    return DarbouxLaws(
        flow, degree, found, tuple(laws), tuple(more), polynomial, tuple(generators), budget, undecided
    )


def _independent(
    laws: Sequence[DarbouxLaw], polynomial: Sequence[Polynomial], budget: Budget
) -> tuple[list[DarbouxLaw], list[DarbouxLaw]]:
    """(laws independent of each other and of the polynomial ones where they hold, simplest first; the
    others)."""
    if not laws:
        return [], []
    tower = laws[0].expression.tower
    fewest = [tower.element(h.into(tower.flow.ring)) for h in polynomial]
    ordered = sorted(
        laws, key=lambda law: (_KINDS.index(law.kind), len(law.expression.functions), len(str(law)), str(law))
    )
    kept: dict[DarbouxLaw, None] = {}
    for chosen in _regimes_of_signs(laws):
        values: list[Quotient] = list(fewest)
        rank = generic_rank_at_least(tower, values)[0]
        for law in ordered:
            budget.check("independent laws")
            if chosen.issuperset(law.conditions) and rank < tower.flow.ring.parameter_indices.start:
                new = generic_rank_at_least(tower, [*values, law.expression.value])[0]
                if new > rank:
                    rank, values = new, [*values, law.expression.value]
                    kept[law] = None
    return [law for law in ordered if law in kept], [law for law in ordered if law not in kept]
