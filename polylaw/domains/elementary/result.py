"""Laws with functions, as one value."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget
from polylaw.domains.elementary.augmented import AugmentedFlow, sum_text
from polylaw.domains.elementary.balls import fields_rank_at_least, generic_rank_at_least
from polylaw.domains.elementary.domain import Domain, domain_of
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import ElementaryFlow
from polylaw.domains.elementary.independence import Independence, independence
from polylaw.errors import BudgetError
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.independence import Rank
from polylaw.laws.lie_series import lie_series_rank
from polylaw.truth import Answer, Certainty, Search


@dataclass(frozen=True)
class AugmentedLaws(Answer, Search):
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
        return bool(self.generators) or self.undecided or self.independence.doubt or False

    @property
    def certainty(self) -> Certainty:
        """How sure it is that there is no other law in the ansatz; formal if that the functions are
        independent was not shown."""
        if self.undecided:
            return Certainty.UNDECIDED
        return Certainty.PROVED if self.independence.proved else Certainty.FORMAL

    @cached_property
    def independence(self) -> Independence:
        """Whether the functions are known to have no other relations than those of the tower, where
        everything that was written is defined: sqrt(x) counts too where it dropped out."""
        tower = self.flow.tower
        with self.budget.working():
            return independence(tower, range(len(tower.functions)), self.budget)

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
        if self.rank_at_least == len(self.generators):
            return Rank(self.rank_at_least, self.rank_at_least)
        return Rank(self.rank_at_least, min(len(self.generators), self.bounds.upper))

    @cached_property
    def rank_at_least(self) -> int:
        """A lower bound for the number of independent laws among them, proved."""
        with self.budget.working():
            return generic_rank_at_least(self.flow.tower, [h.value for h in self.generators], self.budget)[0]

    @cached_property
    def bounds(self) -> Rank:
        """How many independent laws of any kind the flow has near a generic point, from both sides."""
        original, lower = self.flow.original, self.rank_at_least
        state = original.ring.parameter_indices.start
        with self.budget.working():
            if isinstance(original, ElementaryFlow):
                return Rank(lower, state - fields_rank_at_least(self.flow.tower, self.budget))
            with suppress(BudgetError):
                state -= lie_series_rank(original.distribution, state - lower, self.budget).rank
            return Rank(lower, state)
