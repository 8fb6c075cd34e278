"""How many independent conservation laws of any kind there are near a generic point, proved from both sides.

    at least   the rank of the gradients of polynomial laws, each verified exactly (`polylaw.laws.search`)
    at most    the dimension of the state minus a lower bound for dim Lie(W), to whose values all gradients of laws,
               polynomial or not, are orthogonal (`polylaw.laws.lie_series`, `polylaw.laws.lie_brackets`)

Near a generic point the number of independent analytic laws is exactly the state's dimension minus dim Lie(W)
(arXiv 2307.00144).  Both bounds are ranks mod primes, which bound the rank over Q from below: rigorous for the given
rational numbers, and for generic values of parameters that are symbols.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from polylaw.errors import InputError, UnknownNameError, VerificationError
from polylaw.flows.flow import Flow
from polylaw.laws.ansatz import MAX_DEGREE, Ansatz
from polylaw.laws.budget import Budget, Progress, silent
from polylaw.laws.independence import gradient_rank_at_least
from polylaw.laws.law_space import LawSpace
from polylaw.laws.lie_brackets import BracketRank, lie_bracket_rank
from polylaw.laws.lie_series import SeriesRank, lie_series_rank
from polylaw.laws.search import DEFAULT_DEGREE, find_laws
from polylaw.laws.witness import Witness

if TYPE_CHECKING:
    from polylaw.elementary.search import AugmentedLaws

__all__ = ["Count", "count_laws"]

LieRank = SeriesRank | BracketRank
Route = Callable[[Flow, int, Budget, int, Progress], LieRank]

#: Without a wish of the user's, laws are sought to this degree, and in systems of at most this many unknowns.
_TOP_DEGREE, _MOST_UNKNOWNS = 4, 30_000
_SEEDS = 2


@dataclass(frozen=True)
class Count:
    """The number of independent laws near a generic point lies in [`lower`, `upper`].

    `laws`: the polynomial laws whose gradients give `lower`, unless `augmented` holds laws with functions that give more.
    `state`: the dimension of the state, clock included.  `witness` proves `upper` = state - rank; `settled`: the Lie
    algebra had stopped growing at the (random) point of the witness, so that almost surely exactly `upper` laws exist.
    `tried` says what was done, in words.
    """

    flow: Flow
    lower: int
    upper: int
    state: int
    laws: LawSpace
    witness: Witness
    settled: bool
    tried: tuple[str, ...]
    augmented: AugmentedLaws | None = None

    @property
    def exact(self) -> bool:
        """Whether lower = upper: these are all laws there are, of any kind."""
        return self.lower == self.upper

    @property
    def lie_rank(self) -> int:
        """The proved lower bound for dim Lie(W) at a generic point."""
        return self.witness.rank

    def __str__(self) -> str:
        return str(self.lower) if self.exact else f"{self.lower} to {self.upper}"

    def __repr__(self) -> str:
        return f"Count(lower={self.lower}, upper={self.upper})"


def count_laws(
    flow: Flow,
    degree: int | None = None,
    *,
    augment: Sequence[str] = (),
    route: str = "series",
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Count:
    """The number of independent laws of any kind near a generic point, from both sides.

    Polynomial laws are sought to growing degree (at most `degree`; by default as far as that is quick) until the bounds
    meet; with `augment` also laws with these functions of the state, such as `log(x)` (`polylaw.elementary.search`).
    `route` to dim Lie(W): `series` (fast), `brackets` (plain, for small flows), `commutators` (linear fields only).
    When the budget is hit the bounds known by then are returned, and `tried` says so.
    """
    if not isinstance(flow, Flow):
        raise InputError("flow", flow, "a Flow", "for example polylaw.GradientFlow(model)")
    if route not in _ROUTES:
        raise UnknownNameError("route", route, f"one of {', '.join(_ROUTES)}")
    if degree is not None and (isinstance(degree, bool) or not isinstance(degree, int) or not 1 <= degree <= MAX_DEGREE):
        raise InputError("degree", degree, f"an integer from 1 to {MAX_DEGREE}")
    budget = budget or Budget()
    with budget.working():
        return _Counting(flow, augment, _ROUTES[route], budget, executor, progress).count(degree)


class _Counting:
    """Both bounds, and what was tried."""

    def __init__(
        self, flow: Flow, augment: Sequence[str], route: Route, budget: Budget, executor: Executor | None, progress: Progress
    ) -> None:
        self.flow, self.augment, self.route = flow, augment, route
        self.budget, self.executor, self.progress = budget, executor, progress
        self.state = flow.ring.parameter_indices.start
        self.lower = 0
        self.laws: LawSpace | None = None
        self.augmented: AugmentedLaws | None = None
        self.tried: list[str] = []

    def count(self, degree: int | None) -> Count:
        """Laws of low degree first: they tell how far the Lie algebra must grow for the bounds to meet."""
        self._search(min(DEFAULT_DEGREE, degree or DEFAULT_DEGREE))
        if self.augment:
            self._search_with_functions(degree)
        best = self._upper()
        top = _TOP_DEGREE if degree is None else degree
        for d in range(DEFAULT_DEGREE + 1, top + 1):
            if self.lower >= self.state - best.rank or (degree is None and self._unknowns(d) > _MOST_UNKNOWNS) or not self._search(d):
                break
        assert self.laws is not None
        upper = self.state - best.rank
        if self.lower > upper:  # both are proved, so this cannot be
            found = f"at least {self.lower}, at most {upper}"
            raise VerificationError("count", found, "bounds in this order", "please report this model")
        return Count(self.flow, self.lower, upper, self.state, self.laws, best.witness, best.settled, tuple(self.tried), self.augmented)

    def _unknowns(self, degree: int) -> int:
        return Ansatz.degree(degree).for_flow(self.flow).count(self.flow.ring)

    def _search(self, degree: int) -> bool:
        """Search to this degree; False when the budget was hit."""
        laws = find_laws(self.flow, degree, budget=self.budget, executor=self.executor, progress=self.progress)
        rank = gradient_rank_at_least(self.flow, laws.basis)
        if self.laws is None or rank > self.lower or laws.complete:
            self.laws = laws
        self.lower = max(self.lower, rank)
        if not laws.complete:
            self.tried.append(f"polynomial laws to degree {degree}: undecided, {laws.undecided}")
            return False
        self.tried.append(f"polynomial laws of {laws.solved}: {laws.dimension}, of them {rank} independent")
        return True

    def _search_with_functions(self, degree: int | None) -> None:
        """Laws with the functions the user named, which may raise the lower bound."""
        from polylaw.elementary.search import find_laws_with, rank_at_least

        found = find_laws_with(self.flow, self.augment, degree, budget=self.budget, executor=self.executor, progress=self.progress)
        if found.undecided:
            self.tried.append(f"laws with {', '.join(self.augment)}: undecided, {found.undecided}")
            return
        rank = rank_at_least(found)
        self.tried.append(f"laws with {', '.join(found.flow.functions)}, {found.ansatz}: {rank} independent")
        if rank > self.lower:
            self.lower, self.augmented = rank, found

    def _upper(self) -> LieRank:
        """The largest Lie rank at a few points and primes; more than one only if the bounds do not meet at once."""
        found: list[LieRank] = []
        for seed in range(_SEEDS):
            result = self.route(self.flow, self.state - self.lower, self.budget, seed, self.progress)
            found.append(result)
            prime = result.witness.prime
            self.tried.append(f"Lie algebra at a random point mod {prime}: rank {result.rank}, {result.stopped}")
            if result.rank >= self.state - self.lower:
                break
        return max(found, key=lambda result: result.rank)


def _series(flow: Flow, target: int, budget: Budget, seed: int, progress: Progress) -> LieRank:
    return lie_series_rank(flow.distribution, target, budget, seed=seed, progress=progress)


def _brackets(flow: Flow, target: int, budget: Budget, seed: int, progress: Progress) -> LieRank:
    return lie_bracket_rank(flow.distribution, target, budget, seed=seed)


def _commutators(flow: Flow, target: int, budget: Budget, seed: int, progress: Progress) -> LieRank:
    return lie_bracket_rank(flow.distribution, target, budget, seed=seed, commutators=True)


_ROUTES: dict[str, Route] = {"series": _series, "brackets": _brackets, "commutators": _commutators}
