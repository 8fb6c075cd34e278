"""Darboux polynomials of a flow and the laws made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial
from polylaw.arguments import integer
from polylaw.budget import Budget, given_budget
from polylaw.domains.darboux.laws import DarbouxLaw, Kind, darboux_laws
from polylaw.domains.darboux.polynomials import darboux_polynomials
from polylaw.domains.darboux.regimes import regimes
from polylaw.domains.darboux.result import DarbouxLaws, regimes_of_signs
from polylaw.domains.elementary.balls import generic_rank_at_least
from polylaw.domains.elementary.flow import ElementaryFlow
from polylaw.errors import BudgetError, InputError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.flows.ode import PolynomialODE
from polylaw.laws.search import find_laws

DEFAULT_DEGREE = 2
_MOST_DEGREE = 12
#: Polynomial laws of at most this degree are sought by themselves.
_POLYNOMIAL_DEGREE = 2
#: The rest of the time is for the laws made of what was found.
_SEARCH_SHARE = 0.6
_KINDS = tuple(Kind)


def find_darboux(flow: Flow, degree: int = DEFAULT_DEGREE, *, budget: Budget | None = None) -> DarbouxLaws:
    """All Darboux polynomials of at most this degree; rational, time-dependent and logarithmic laws of them.

    An ODE's own clock is put aside unless the equations have time in them: it enters through exp(c*t) as it
    is needed.  Raises `InputError` for a degree that is no integer from 1 to 12.
    """
    checked_flow(flow)
    degree = integer(degree, "degree", 1, _MOST_DEGREE)
    if isinstance(flow, ElementaryFlow):
        hint = "find, count and check know functions; for a constant such as sqrt(2) write a parameter"
        hint += ", for all whose values laws hold"
        raise InputError("ode", "functions in the right-hand side", "polynomials or quotients here", hint)
    budget = given_budget(budget)
    generic = generic_darboux(flow, degree, budget)
    with budget.working():
        try:
            found = regimes(generic, lambda special: generic_darboux(special, degree, budget), budget)
        except BudgetError as error:
            return replace(generic, undecided="; ".join(filter(None, (generic.undecided, str(error)))))
    return replace(generic, regimes=found)


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
            every = darboux_laws(flow, found.polynomials, generators, degree, budget)
            laws, more = _independent(every, generators, budget)
        except BudgetError as error:
            undecided = str(error)
    parts = tuple(laws), tuple(more), polynomial, tuple(generators)
    return DarbouxLaws(flow, degree, found, *parts, undecided, budget=budget)


def _independent(
    laws: Sequence[DarbouxLaw], polynomial: Sequence[Polynomial], budget: Budget
) -> tuple[list[DarbouxLaw], list[DarbouxLaw]]:
    """(laws independent of each other and of the polynomial ones, simplest first; the others)."""
    if not laws:
        return [], []
    tower = laws[0].expression.tower
    fewest = [tower.element(h.into(tower.flow.ring)) for h in polynomial]
    ordered = sorted(laws, key=_simplicity)
    kept: dict[DarbouxLaw, None] = {}
    for chosen in regimes_of_signs(laws):
        values: list[Quotient] = list(fewest)
        rank = generic_rank_at_least(tower, values, budget)[0]
        for law in ordered:
            budget.check("independent laws")
            if chosen.issuperset(law.conditions) and rank < tower.flow.ring.parameter_indices.start:
                more = [*values, law.expression.value]
                if (new := generic_rank_at_least(tower, more, budget)[0]) > rank:
                    rank, values = new, more
                    kept[law] = None
    return [law for law in ordered if law in kept], [law for law in ordered if law not in kept]


def _simplicity(law: DarbouxLaw) -> tuple[object, ...]:
    return _KINDS.index(law.kind), len(law.expression.functions), len(str(law))
