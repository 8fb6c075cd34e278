"""All polynomial laws of a flow in an ansatz, as far as the budget reaches, each verified exactly, with a
proof that there are no others (`polylaw.laws.solving`)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from polylaw.arguments import instance
from polylaw.budget import Budget, Progress, given_budget, silent
from polylaw.errors import BudgetError, InputError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.law_space import LawSpace
from polylaw.laws.solving import all_laws

DEFAULT_DEGREE = 2
#: The rest of the time is for the generators, the rank of their gradients, and names.
_SEARCH_SHARE = 0.75
#: When a degree is out of reach, what is known so far is found with at most this many unknowns.
_QUICK_UNKNOWNS = 100_000


def find_laws(
    flow: Flow,
    degree: int | None = None,
    *,
    ansatz: Ansatz | str | None = None,
    variables: Sequence[str] | None = None,
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> LawSpace:
    """All laws of `flow` with monomials in the ansatz (default: degree at most `degree`, by default 2).

    `variables` restricts the variables a law may use.  When the budget is hit the result is not `complete`,
    says why, and holds the laws of the largest lower degree that could be finished.  Independent blocks of
    the linear system go through `executor` if one is given; the result is the same with any number of
    workers. Source: laws as solutions of a linear system, arXiv 2307.00144; why the answer is complete is
    said in `polylaw.laws.solving`.
    """
    checked_flow(flow)
    if executor is not None and not isinstance(executor, Executor):
        hint = "for example ProcessPoolExecutor(2)"
        raise InputError("executor", executor, "a concurrent.futures.Executor", hint)
    chosen, budget = chosen_ansatz(flow, degree, ansatz, variables), given_budget(budget)
    with budget.working(_SEARCH_SHARE):
        return _Search(flow, budget, executor, progress).within_budget(chosen)


def chosen_ansatz(
    flow: Flow, degree: int | None, ansatz: Ansatz | str | None, variables: Sequence[str] | None
) -> Ansatz:
    """The ansatz that is given, as itself or as text, or that of a degree, 2 by default, in these variables
    and for the flow; `InputError` for a degree and an ansatz together."""
    if ansatz is None:
        chosen = Ansatz.degree(DEFAULT_DEGREE if degree is None else degree)
    elif degree is not None:
        raise InputError("degree", degree, "either a degree or an ansatz", "leave one out")
    elif isinstance(ansatz, str):
        chosen = Ansatz.parse(ansatz)
    else:
        chosen = instance(ansatz, Ansatz, "ansatz", "for example Ansatz.degree(3)")
    return (chosen if variables is None else chosen.restricted(variables)).for_flow(flow)


@dataclass
class _Search:
    flow: Flow
    budget: Budget
    executor: Executor | None
    progress: Progress

    def within_budget(self, ansatz: Ansatz) -> LawSpace:
        """The laws of the ansatz, or of the largest lower degree that fits, and why."""
        nothing = "nothing could be finished"
        known = LawSpace(self.flow, ansatz, ansatz.lower(0), (), None, nothing, self.budget)
        # With a time limit lower degrees go first: they cost little and are what is known when time runs out.
        stepwise = self.budget.max_seconds is not None and ansatz.degrees.start == 0
        tops = range(1, ansatz.top) if stepwise else range(0)
        try:
            for top in tops:
                known = self.laws(ansatz.lower(top).for_flow(self.flow))
            return self.laws(ansatz)
        except BudgetError as error:
            if error.argument == "max_unknowns" and ansatz.degrees.start == 0:
                known = self._quick_part(ansatz, known)
            done = f"; complete for {known.solved}" if known.complete else ""
            return replace(known, ansatz=ansatz, undecided=f"{error}{done}")

    def _quick_part(self, ansatz: Ansatz, known: LawSpace) -> LawSpace:
        """The laws of the largest lower degree that takes about a second."""
        for top in range(ansatz.top - 1, known.solved.top, -1):
            lower = ansatz.lower(top).for_flow(self.flow)
            if lower.count(self.flow.ring) <= min(self.budget.max_unknowns, _QUICK_UNKNOWNS):
                try:
                    return self.laws(lower)
                except BudgetError:
                    return known
        return known

    def laws(self, ansatz: Ansatz) -> LawSpace:
        """The laws of the ansatz, complete; `BudgetError` when the budget is hit."""
        laws, evidence = all_laws(self.flow, ansatz, self.budget, self.executor, self.progress)
        return LawSpace(self.flow, ansatz, ansatz, laws, evidence, budget=self.budget)
