"""How many independent conservation laws of any kind there are near a generic point, proved from both sides.

    at least   the rank of the gradients of laws, each verified exactly: polynomial ones
               (`polylaw.laws.search`) and those made of Darboux polynomials (`polylaw.domains.darboux`)
    at most    the dimension of the state minus a lower bound for dim Lie(W), to whose values all gradients
               of laws, polynomial or not, are orthogonal (`polylaw.laws.lie_series`,
               `polylaw.laws.lie_brackets`)

Near a generic point the number of independent analytic laws is exactly the state's dimension minus dim Lie(W)
(arXiv 2307.00144).  Both bounds are ranks mod primes, which bound the rank over Q from below: rigorous for
the given rational numbers, and for generic values of parameters that are symbols.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING, Any, overload

from polylaw.arguments import integer
from polylaw.budget import Budget, Progress, given_budget, silent
from polylaw.domains.count import Count
from polylaw.errors import BudgetError, InputError, UnknownNameError, VerificationError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.flows.trained import TrainedFlow
from polylaw.laws import search
from polylaw.laws.ansatz import MAX_DEGREE, Ansatz
from polylaw.laws.independence import gradient_rank_at_least
from polylaw.laws.law_space import LawSpace
from polylaw.laws.lie_brackets import BracketRank, lie_bracket_rank
from polylaw.laws.lie_series import SeriesRank, lie_series_rank
from polylaw.laws.search import DEFAULT_DEGREE
from polylaw.programs.count import ProgramCount, count_program
from polylaw.verbs.find import find_laws as sought
from polylaw.verbs.find import has_functions, is_given

if TYPE_CHECKING:
    from polylaw.domains.darboux.laws import DarbouxLaw
    from polylaw.domains.darboux.result import DarbouxLaws
    from polylaw.domains.elementary.result import AugmentedLaws
    from polylaw.domains.geometry.local_count import LocalCount
    from polylaw.domains.geometry.variety import Variety

LieRank = SeriesRank | BracketRank
Route = Callable[..., LieRank]

#: Without a wish of the user's, laws are sought to this degree, as far as that is quick.
_TOP_DEGREE, _SEEDS = 4, 2
#: Darboux polynomials are sought to this degree, in small systems.
_DARBOUX_DEGREE = 2
#: Logarithms and inverses of Darboux polynomials are tried to the first of these degrees if these and the
#: state are at most so many, else to the next.
_FUNCTION_DEGREES = ((3, 9), (2, 24), (1, 60))


@overload
def count_laws(
    flow: Flow,
    degree: int | None = None,
    *,
    augment: Sequence[str] = (),
    route: str = "series",
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Count: ...


@overload
def count_laws(
    flow: Flow, degree: int | None = None, *, on: Any, budget: Budget | None = None
) -> LocalCount: ...


def count_laws(
    flow: Flow,
    degree: int | None = None,
    *,
    augment: Sequence[str] = (),
    on: Sequence[Any] | str | Variety = (),
    route: str = "series",
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Count | LocalCount | ProgramCount:
    """The number of independent laws of any kind near a generic point, from both sides.

    Polynomial laws are sought to growing degree (at most `degree`; by default as far as that is quick, by the
    number of unknowns and parameters), and in small systems laws made of Darboux polynomials of degree at
    most 2, until the bounds meet; with `augment` also laws with these functions of the state, such as
    `log(x)` (`polylaw.domains.elementary.search`).  `route` to dim Lie(W): `series` (fast), `brackets`
    (plain, for small flows), `commutators` (linear fields only).  When the budget is hit the bounds known by
    then are returned, and `tried` says so.

    For an ODE with functions in it the laws are those polynomial in these functions and in those of
    `augment`.  The laws of a program (`polylaw.program`) are those that its symmetries give, and the result
    is a `ProgramCount`. `on`: near a rational point of the invariant set that these constraints describe, as
    a `LocalCount`; `BudgetError` when none was found where the set looks like a manifold.
    """
    checked_flow(flow)
    if route not in _ROUTES:
        raise UnknownNameError("route", route, f"one of {', '.join(_ROUTES)}")
    degree = None if degree is None else integer(degree, "degree", 1, MAX_DEGREE)
    budget = given_budget(budget)
    if is_given(on):
        laws = sought(flow, degree, on=on, budget=budget)
        if laws.near is None:
            expected = f"a rational point where {'; '.join(laws.variety.constraints)} is smooth"
            raise BudgetError("max_bases", budget.max_bases, expected, "give more equations")
        return laws.near
    if isinstance(flow, TrainedFlow) and flow.model.program is not None:
        if augment or degree is not None:
            hint = "its laws come from its symmetries"
            raise InputError("augment or degree", flow.title, "a model that is no program", hint)
        with budget.working():
            return count_program(flow, budget, progress=progress)
    if has_functions(flow):
        found = sought(flow, degree, augment=augment, budget=budget)
        state, bounds = flow.ring.parameter_indices.start, found.bounds
        return Count(flow, bounds.lower, bounds.upper, state, None, None, False, (), augmented=found)
    how: dict[str, Any] = {"budget": budget, "executor": executor, "progress": progress}
    with budget.working():
        return _Counting(flow, augment, _ROUTES[route], how).count(degree)


class _Counting:
    """Both bounds, and what was tried."""

    def __init__(self, flow: Flow, augment: Sequence[str], route: Route, how: dict[str, Any]) -> None:
        self.flow, self.augment, self.route, self.how = flow, augment, route, how
        self.budget: Budget = how["budget"]
        self.progress: Progress = how["progress"]
        self.state = flow.ring.parameter_indices.start
        self.lower = 0
        self.laws: LawSpace | None = None
        self.augmented: AugmentedLaws | None = None
        self.darboux: tuple[DarbouxLaw, ...] = ()
        self.found: DarbouxLaws | None = None
        self.tried: list[str] = []
        self.excluded: dict[str, str] = {}

    def count(self, degree: int | None) -> Count:
        """Laws of low degree first: they tell how far the Lie algebra must grow for the bounds to meet."""
        self._search(min(DEFAULT_DEGREE, degree or DEFAULT_DEGREE))
        if self.augment:
            self._search_with_functions(degree)
        best = self._upper()
        if self.lower < self.state - best.rank:
            self._search_darboux()
        top = _TOP_DEGREE if degree is None else degree
        for d in range(DEFAULT_DEGREE + 1, top + 1):
            if self.lower >= self.state - best.rank:
                break
            if degree is None and self._takes_long(d):
                bound = f"max_quick_unknowns {self.budget.max_quick_unknowns}"
                why = f"left out, they may take long (--degree {d}; {bound})"
                self.tried.append(f"polynomial laws of degree <= {d}: {why}")
                break
            if not self._search(d):
                break
        assert self.laws is not None
        upper = self.state - best.rank
        if self.lower > upper:  # both are proved, so this cannot be
            found = f"at least {self.lower}, at most {upper}"
            raise VerificationError("count", found, "bounds in this order", "please report this model")
        if self.lower < upper and not self.augment:
            self._search_functions_of_darboux(upper)
        parts = self.state, self.laws, best.witness, best.settled, tuple(self.tried)
        return Count(
            self.flow, self.lower, upper, *parts, self.augmented, self.darboux, tuple(self.excluded.values())
        )

    def _takes_long(self, degree: int) -> bool:
        """Whether to search to this degree may take long."""
        unknowns = Ansatz.degree(degree).for_flow(self.flow).count(self.flow.ring)
        return unknowns << len(self.flow.ring.parameters) > self.budget.max_quick_unknowns

    def _search(self, degree: int) -> bool:
        """Search to this degree; False when the budget was hit."""
        laws = search.find_laws(self.flow, degree, **self.how)
        rank = gradient_rank_at_least(self.flow, laws.basis, self.budget)
        if self.laws is None or rank > self.lower or laws.complete:
            self.laws = laws
        self.lower = max(self.lower, rank)
        if not laws.complete:
            self.tried.append(f"polynomial laws to degree {degree}: undecided, {laws.undecided}")
            return False
        self.tried.append(f"polynomial laws of {laws.solved}: {laws.dimension}, of them {rank} independent")
        self.excluded["polynomial"] = f"polynomial laws of {laws.solved}"
        return True

    def _search_with_functions(self, degree: int | None) -> None:
        """Laws with the functions the user named, which may raise the lower bound."""
        from polylaw.domains.elementary.search import find_laws_with

        found = find_laws_with(self.flow, self.augment, degree, **self.how)
        if found.undecided:
            self.tried.append(f"laws with {', '.join(self.augment)}: undecided, {found.undecided}")
            return
        rank = found.rank_at_least
        self.tried.append(f"laws with {', '.join(found.flow.functions)}, {found.ansatz}: {rank} independent")
        if rank > self.lower:
            self.lower, self.augmented = rank, found

    @property
    def _too_large(self) -> str:
        """The bound beyond which Darboux polynomials are not sought, if one is passed."""
        fields = self.flow.distribution.fields
        sizes = {
            "max_quick_variables": len(self.flow.ring.variables),
            "max_quick_terms": sum(len(p.terms) for x in fields for p in x.components.values()),
        }
        passed = ((name, bound) for name in sizes if sizes[name] > (bound := getattr(self.budget, name)))
        return next((f"{name} {bound}" for name, bound in passed), "")

    def _search_darboux(self) -> None:
        """Laws made of Darboux polynomials, which may raise the lower bound."""
        from polylaw.domains.darboux.search import generic_darboux

        what = f"laws made of Darboux polynomials of degree <= {_DARBOUX_DEGREE}"
        if bound := self._too_large:
            self.tried.append(f"{what}: left out, they may take long (polylaw darboux; {bound})")
            return
        assert self.laws is not None
        found = generic_darboux(self.flow, _DARBOUX_DEGREE, self.budget)
        laws = found.laws_of(self.flow)
        self.tried.append(f"{what}: {f'undecided, {found.undecided}' if found.undecided else len(laws)}")
        if found.complete:
            self.excluded["darboux"] = what
        rank = found.rank_with(self.laws.basis, self.flow)
        self.found = found
        if rank > self.lower:
            self.lower, self.darboux = rank, laws

    def _search_functions_of_darboux(self, upper: int) -> None:
        """Laws with logarithms, then also with inverses, of Darboux polynomials, which may raise the lower
        bound."""
        from polylaw.domains.elementary.augmented import inverses_of, logarithms_of
        from polylaw.domains.elementary.search import find_laws_with

        polynomials = [] if self.found is None else [d.polynomial for d in self.found.found.polynomials]
        size = self.state + len(polynomials)
        degree = next((degree for degree, most in _FUNCTION_DEGREES if size <= most), 0)
        if not polynomials or not degree:
            return
        logs, inverses = logarithms_of(self.flow, polynomials), inverses_of(self.flow, polynomials)
        for functions, what in ((logs, "logarithms"), ([*logs, *inverses], "logarithms and inverses")):
            of = f"Darboux polynomials of degree <= {_DARBOUX_DEGREE}"
            told = f"laws of degree <= {degree} with {what} of {of}"
            try:
                found = find_laws_with(self.flow, functions, degree, budget=self.budget)
            except (BudgetError, InputError) as error:
                self.tried.append(f"{told}: undecided, {error}")
                return
            self.tried.append(f"{told}: {found.undecided or f'{found.rank_at_least} independent'}")
            if found.complete:
                self.excluded["functions"] = told
            if found.rank_at_least > self.lower:
                self.lower, self.augmented, self.darboux = found.rank_at_least, found, ()
            if self.lower >= upper:
                return

    def _upper(self) -> LieRank:
        """The largest Lie rank at a few points and primes; several only if the bounds do not meet at once."""
        found: list[LieRank] = []
        for seed in range(_SEEDS):
            fields, target = self.flow.within(self.budget.check), self.state - self.lower
            result = self.route(fields, target, self.budget, seed=seed, progress=self.progress)
            found.append(result)
            where = f"Lie algebra at a random point mod {result.witness.prime}"
            self.tried.append(f"{where}: rank {result.rank}, {result.stopped}")
            if result.rank >= target:
                break
        return max(found, key=lambda result: result.rank)


_ROUTES: dict[str, Route] = {
    "series": lie_series_rank,
    "brackets": lie_bracket_rank,
    "commutators": partial(lie_bracket_rank, commutators=True),
}
