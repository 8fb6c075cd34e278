"""All laws polynomial in the state and in functions of the state that the user names, as expressions."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial
from polylaw.arguments import names
from polylaw.elementary.augmented import AugmentedFlow
from polylaw.elementary.balls import generic_rank_at_least
from polylaw.elementary.check import is_law
from polylaw.elementary.expression import Expression
from polylaw.elementary.ode import ElementaryODE
from polylaw.errors import BudgetError, VerificationError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.geometry.restricted import LawsOnVariety, find_laws_on
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.budget import Budget, Progress, given_budget, silent
from polylaw.laws.law_space import LawSpace, Rank
from polylaw.laws.lie_series import lie_series_rank
from polylaw.laws.search import find_laws
from polylaw.truth import Answer

__all__ = ["AugmentedLaws", "find_laws_with"]


@dataclass(frozen=True)
class AugmentedLaws(Answer):
    """The laws of `flow.original` that are polynomials of `space.ansatz` in its variables and in `flow.functions`.

    `space`: the laws of the enlarged flow, modulo the equations of roots and quotients if there are any.  `generators`: laws
    that make all others by sums and products, as expressions, those that are constants (relations between the functions, not
    laws) left out; each was verified again in normal form.  `polynomials` are the same in the
    ring of the enlarged flow.  True when there is a law; false when it is proved that there is none.
    """

    flow: AugmentedFlow
    space: LawSpace | LawsOnVariety
    generators: tuple[Expression, ...]
    polynomials: tuple[Polynomial, ...]
    budget: Budget = field(default_factory=Budget, repr=False, compare=False)

    def __str__(self) -> str:
        """The generators, a line each."""
        return "\n".join([repr(self)[1:-1], *(f"  {h}" for h in self.generators)])

    def __repr__(self) -> str:
        state = "complete" if self.complete else f"undecided: {self.undecided}"
        functions = ", ".join(self.flow.functions)
        return f"<AugmentedLaws: {len(self.generators)} generators with {functions}, {self.ansatz}, {state}>"

    def _answer(self) -> bool | str:
        return bool(self.generators) or self.undecided or False

    @property
    def complete(self) -> bool:
        """Whether there is provably no other law in the ansatz."""
        return isinstance(self.space, LawsOnVariety) or self.space.complete

    @property
    def undecided(self) -> str:
        """Which bound was hit; empty when complete."""
        return "" if isinstance(self.space, LawsOnVariety) else self.space.undecided

    @property
    def ansatz(self) -> Ansatz:
        """The ansatz that was finished, in the variables and the functions."""
        return self.space.ansatz if isinstance(self.space, LawsOnVariety) else self.space.solved

    @property
    def dimension(self) -> int:
        """Dimension of the space of laws of the enlarged flow."""
        return self.space.dimension

    @property
    def new(self) -> tuple[Expression, ...]:
        """The generators that are not polynomials in the state."""
        return tuple(h for h in self.generators if h.polynomial is None)

    @cached_property
    def independent(self) -> Rank:
        """How many of the laws are independent functions of the state near generic points.

        Lower: the rank of the gradients at a rational point, in ball arithmetic.  Upper: their number, and the dimension
        of the state minus a lower bound for dim Lie(W) of the flow as it was.
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
        if isinstance(original, ElementaryODE):
            return Rank(lower, state - 1)  # one field that is not 0
        with self.budget.working():
            try:
                return Rank(lower, state - lie_series_rank(original.distribution, state - lower, self.budget).rank)
            except BudgetError:
                return Rank(lower, state)


def rank_at_least(laws: AugmentedLaws) -> int:
    """A lower bound for the number of independent laws among them, proved."""
    tower, _ = laws.flow.normal
    return generic_rank_at_least(tower, [h.value for h in laws.generators])[0]


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
    """All laws that are polynomials, of at most `degree` (2 by default) or of an ansatz, in the state and in the functions
    `augment`, such as `["log(u1)", "1/x", "sqrt(x^2 + y^2)"]` (`polylaw.elementary.augmented`).

    Raises what `AugmentedFlow` raises, and `BudgetError` when laws modulo the equations of roots could not be found.
    """
    enlarged = AugmentedFlow(checked_flow(flow), names(augment, "augment"))
    budget = given_budget(budget)
    space: LawSpace | LawsOnVariety
    if enlarged.relations:
        equations = [str(relation) for relation in enlarged.relations]
        space = find_laws_on(enlarged, equations, degree, ansatz=ansatz, variables=variables, budget=budget)
        found = (*space.everywhere.generators, *space.new)
    else:
        options = {"budget": budget, "executor": executor, "progress": progress}
        space = find_laws(enlarged, degree, ansatz=ansatz, variables=variables, **options)  # type: ignore[arg-type]
        found = space.generators
    kept = _as_expressions(enlarged, found)
    return AugmentedLaws(enlarged, space, tuple(kept), tuple(kept.values()), budget)


def _as_expressions(flow: AugmentedFlow, laws: Sequence[Polynomial]) -> dict[Expression, Polynomial]:
    """The laws in normal form, each once with the polynomial it comes from, without constants; polynomials in the state first."""
    tower, _ = flow.normal
    kept: dict[Expression, Polynomial] = {}
    for law in laws:
        expression = flow.expression(law)
        if not depends_on_state(expression):
            continue
        if not is_law(tower, expression.value):
            raise VerificationError("law", str(expression), "derivative 0 along every field", "please report this model")
        kept.setdefault(expression, law)
    return dict(sorted(kept.items(), key=lambda pair: pair[0].polynomial is None))


def depends_on_state(expression: Expression) -> bool:
    """Whether anything that moves occurs, functions looked through."""
    tower = expression.tower
    arguments: list[Quotient] = [tower.functions[i].argument for i in expression.functions]
    first = tower.ring.parameter_indices.start
    polynomials = [*expression.value, *(p for a in arguments for p in a)]
    return any(g < first and tower.function(g) is None for p in polynomials for g in p.support)
