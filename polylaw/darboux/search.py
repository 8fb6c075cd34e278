"""Darboux polynomials of a flow and the laws made of them, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from polylaw.darboux.laws import POLYNOMIAL_DEGREE, DarbouxLaw, darboux_laws
from polylaw.darboux.polynomials import Found, darboux_polynomials
from polylaw.elementary.balls import generic_rank_at_least
from polylaw.elementary.expression import Expression
from polylaw.elementary.functions import Time
from polylaw.elementary.parse import timed
from polylaw.elementary.tower import Tower
from polylaw.errors import BudgetError, InputError
from polylaw.flows.flow import Flow
from polylaw.flows.ode import PolynomialODE
from polylaw.laws.budget import Budget
from polylaw.laws.law_space import LawSpace, Rank
from polylaw.laws.lie_series import lie_series_rank
from polylaw.laws.search import find_laws

__all__ = ["DarbouxLaws", "find_darboux"]

DEFAULT_DEGREE = 2
_MOST_DEGREE = 12
#: The rest of the time is for the laws made of what was found.
_SEARCH_SHARE = 0.6


@dataclass(frozen=True)
class DarbouxLaws:
    """What `find_darboux` found: Darboux polynomials of at most `degree`, laws made of them, and the polynomial laws of that
    degree.  `undecided` names the bound that was hit, if one was."""

    flow: Flow
    degree: int
    found: Found
    laws: tuple[DarbouxLaw, ...]
    polynomial: LawSpace
    budget: Budget
    undecided: str = ""

    @property
    def complete(self) -> bool:
        """Whether all Darboux polynomials of at most this degree are known (`found.evidence` says why)."""
        return self.found.complete >= self.degree and not self.undecided

    @cached_property
    def independent(self) -> Rank:
        """How many laws that do not depend on time (but by a clock of the flow itself), polynomial ones included, are
        independent near a generic point, and at most how many laws of any kind can be: both proved."""
        tower = self.laws[0].expression.tower if self.laws else Tower(self.flow)
        polynomial = [tower.element(h.into(tower.flow.ring)) for h in self.polynomial.generators]
        state = self.flow.ring.parameter_indices.start
        lower = 0
        for condition in dict.fromkeys(law.condition for law in self.laws) or [""]:
            laws = [law.expression.value for law in self.laws if law.condition in ("", condition) and not self._by_time(law)]
            lower = max(lower, generic_rank_at_least(tower, [*laws, *polynomial])[0])
        with self.budget.working():
            return Rank(lower, state - lie_series_rank(self.flow.distribution, state - lower, self.budget).rank)

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
    if not isinstance(flow, Flow):
        raise InputError("flow", flow, "a Flow", "for example polylaw.PolynomialODE({...})")
    if isinstance(degree, bool) or not isinstance(degree, int) or not 1 <= degree <= _MOST_DEGREE:
        raise InputError("degree", degree, f"an integer from 1 to {_MOST_DEGREE}")
    if isinstance(flow, PolynomialODE) and flow.ring.clock is not None and timed(flow) is not None:
        flow = PolynomialODE(flow.rhs, flow.ring.parameters, name=flow.title)
    budget = budget or Budget()
    with budget.working():
        with budget.working(_SEARCH_SHARE):
            found = darboux_polynomials(flow.distribution, degree, budget)
        polynomial = find_laws(flow, POLYNOMIAL_DEGREE, budget=budget)
        try:
            laws, undecided = darboux_laws(flow, found.polynomials, degree, budget), ""
        except BudgetError as error:
            laws, undecided = [], str(error)
    return DarbouxLaws(flow, degree, found, tuple(laws), polynomial, budget, undecided)
