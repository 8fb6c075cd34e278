"""Darboux polynomials of a flow and the laws made of them, as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from polylaw.algebra.polynomial import Polynomial
from polylaw.arguments import integer
from polylaw.darboux.laws import POLYNOMIAL_DEGREE, DarbouxLaw, darboux_laws
from polylaw.darboux.polynomials import Found, darboux_polynomials
from polylaw.darboux.regimes import NO_REGIMES, Regimes, regimes
from polylaw.elementary.balls import generic_rank_at_least
from polylaw.elementary.expression import Expression
from polylaw.elementary.functions import Time
from polylaw.elementary.inequations import Inequation
from polylaw.elementary.parse import timed
from polylaw.elementary.tower import Tower
from polylaw.errors import BudgetError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.flows.ode import PolynomialODE
from polylaw.laws.budget import Budget, given_budget
from polylaw.laws.law_space import LawSpace, Rank
from polylaw.laws.lie_series import lie_series_rank
from polylaw.laws.search import find_laws
from polylaw.truth import Answer

__all__ = ["DarbouxLaws", "find_darboux"]

DEFAULT_DEGREE = 2
_MOST_DEGREE = 12
#: The rest of the time is for the laws made of what was found.
_SEARCH_SHARE = 0.6


@dataclass(frozen=True)
class DarbouxLaws(Answer):
    """What `find_darboux` found: Darboux polynomials of at most `degree`, laws made of them, and the polynomial laws of that
    degree.  `undecided` names the bound that was hit, if one was.  `regimes`: what holds for special values of the parameters.
    True when there is a law; false when there is none of these kinds."""

    flow: Flow
    degree: int
    found: Found
    laws: tuple[DarbouxLaw, ...]
    polynomial: LawSpace
    budget: Budget
    undecided: str = ""
    regimes: Regimes = NO_REGIMES

    def __str__(self) -> str:
        """The laws, a line each."""
        laws = [*(law.expression for law in self.laws), *self.polynomial.generators]
        return "\n".join([repr(self)[1:-1], *(f"  {h}" for h in laws)])

    def __repr__(self) -> str:
        state = "complete" if self.complete else f"undecided: {self.undecided or 'there may be more Darboux polynomials'}"
        many = f"{len(self.found.polynomials)} Darboux polynomials, {len(self.laws)} laws"
        return f"<DarbouxLaws: {many}, degree <= {self.degree}, {self.flow.name}, {state}>"

    def _answer(self) -> bool | str:
        if self.laws or self.polynomial.basis:
            return True
        if self.complete and self.polynomial.complete:
            return False
        return self.undecided or self.polynomial.undecided or "there may be more Darboux polynomials"

    @property
    def complete(self) -> bool:
        """Whether all Darboux polynomials of at most this degree are known (`found.evidence` says why)."""
        return self.found.complete >= self.degree and not self.undecided

    @cached_property
    def independent(self) -> Rank:
        """How many laws that do not depend on time (but by a clock of the flow itself), polynomial ones included, are
        independent near a generic point, and at most how many laws of any kind can be: both proved."""
        state = self.flow.ring.parameter_indices.start
        lower = self._rank_at_least(with_time=False)
        with self.budget.working():
            return Rank(lower, state - lie_series_rank(self.flow.distribution, state - lower, self.budget).rank)

    @cached_property
    def independent_with_time(self) -> Rank | None:
        """How many laws of an ODE, those that depend on time included, are independent functions of state and time, and at
        most how many can be: one less than these are variables.  None for a flow that has its own clock, or several fields."""
        if timed(self.flow) is self.flow:
            return None
        return Rank(self._rank_at_least(with_time=True), len(self.flow.ring.variables))

    def _rank_at_least(self, *, with_time: bool) -> int:
        """The least of the ranks of gradients at a rational point, over all choices of signs of the discriminants."""
        tower = self.laws[0].expression.tower if self.laws else Tower(self.flow)
        polynomial = [tower.element(h.into(tower.flow.ring)) for h in self.polynomial.generators]
        signs: dict[tuple[Polynomial, ...], list[Inequation | None]] = {}
        for condition in dict.fromkeys(c for law in self.laws for c in law.conditions):
            signs.setdefault(condition.factors, []).append(condition)
        ranks = []
        for chosen in product(*([*both, None][:2] for both in signs.values())):
            laws = [law for law in self.laws if set(law.conditions) <= set(chosen) and (with_time or not self._by_time(law))]
            ranks.append(generic_rank_at_least(tower, [*(law.expression.value for law in laws), *polynomial])[0])
        return min(ranks)

    def _by_time(self, law: DarbouxLaw) -> bool:
        return self.flow.ring.clock is None and uses_time(law.expression)


def uses_time(expression: Expression) -> bool:
    """Whether time occurs, functions looked through."""
    tower = expression.tower
    index = tower.ring.clock_index
    functions = [tower.functions[i] for i in expression.functions]
    polynomials = [*expression.value, *(p for f in functions for p in f.argument)]
    return any(isinstance(f, Time) for f in functions) or (index is not None and any(index in p.support for p in polynomials))


def find_darboux(flow: Flow, degree: int = DEFAULT_DEGREE, *, budget: Budget | None = None) -> DarbouxLaws:
    """All Darboux polynomials of at most this degree, and the rational, time-dependent and logarithmic laws made of them.

    An ODE's own clock is put aside: time enters through exp(c*t) as it is needed.  Raises `InputError` for a degree that is
    no integer from 1 to 12.
    """
    checked_flow(flow)
    degree = integer(degree, "degree", 1, _MOST_DEGREE)
    if isinstance(flow, PolynomialODE) and flow.ring.clock is not None and timed(flow) is not None:
        flow = PolynomialODE(flow.rhs, flow.ring.parameters, name=flow.title)
    budget = given_budget(budget)
    generic = _search(flow, degree, budget)
    with budget.working():
        try:
            return replace(generic, regimes=regimes(generic, lambda special: _search(special, degree, budget), budget))
        except BudgetError as error:
            return replace(generic, undecided="; ".join(filter(None, (generic.undecided, str(error)))))


def _search(flow: Flow, degree: int, budget: Budget) -> DarbouxLaws:
    """The laws for generic values of the parameters."""
    with budget.working():
        with budget.working(_SEARCH_SHARE):
            found = darboux_polynomials(flow.distribution, degree, budget)
        polynomial = find_laws(flow, POLYNOMIAL_DEGREE, budget=budget)
        try:
            laws, undecided = darboux_laws(flow, found.polynomials, polynomial.generators, degree, budget), ""
        except BudgetError as error:
            laws, undecided = [], str(error)
    return DarbouxLaws(flow, degree, found, tuple(laws), polynomial, budget, undecided)
