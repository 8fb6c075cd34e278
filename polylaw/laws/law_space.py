"""All laws in an ansatz, as a value: basis, generators, independent count, evidence of completeness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget
from polylaw.errors import BudgetError
from polylaw.flows.flow import Flow
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.generators import generators_of
from polylaw.laws.independence import Rank, gradient_rank
from polylaw.laws.solving import Evidence, all_laws
from polylaw.truth import Answer, Certainty, Search


@dataclass(frozen=True)
class LawSpace(Answer, Search):
    """The laws of `flow` in `ansatz`.

    `basis` is the reduced echelon basis for the canonical order of monomials (so it depends on nothing but
    flow and ansatz), each a primitive integer polynomial, verified exactly.  It spans every law of the ansatz
    `solved`, by `evidence`.  `solved` is `ansatz` itself unless a bound was hit: then it is the largest lower
    degree that was finished (with no `evidence`, none was), and `undecided` names the bound.  What is
    computed from the laws later (`generators`, `independent`, names) still counts against `budget`.  True
    when there is a law; false when it is proved that there is none.
    """

    flow: Flow
    ansatz: Ansatz
    solved: Ansatz
    basis: tuple[Polynomial, ...]
    evidence: Evidence | None
    undecided: str = ""
    budget: Budget = field(default_factory=Budget, repr=False, compare=False)

    @property
    def certainty(self) -> Certainty:
        """How sure it is that there is no other law in the ansatz."""
        return Certainty.UNDECIDED if self.undecided else Certainty.PROVED

    @property
    def dimension(self) -> int:
        """Dimension of the space of laws found."""
        return len(self.basis)

    @cached_property
    def generators(self) -> tuple[Polynomial, ...]:
        """The laws of the ansatz that are not polynomials in laws of lower degree, as a minimal set.

        Exact linear algebra; a polynomial in lower laws is recognised when its products have at most the top
        degree of the ansatz.  For a homogeneous ansatz the laws of all lower degrees are searched first.
        `BudgetError` when that is too large, or time is over.
        """
        with self.budget.working():
            lower: tuple[Polynomial, ...] = ()
            if self.solved.degrees.start > 1:  # homogeneous: the laws of lower degree are not in the ansatz
                below = self.solved.below()
                try:
                    laws, _ = all_laws(self.flow, below, self.budget)
                except BudgetError as error:
                    asked, expected = str(self.solved), "the laws of all lower degrees"
                    raise BudgetError("generators", asked, expected, str(error)) from None
                lower = generators_of(laws, below, (), self.budget)
            return generators_of(self.basis, self.solved, lower, self.budget)

    @cached_property
    def independent(self) -> Rank:
        """Rank of the gradients of the laws near a generic point: how many are functionally independent.

        When time is over the bounds known so far, `BudgetError` when the generators could not be found.
        """
        laws = self.generators if self.solved.degrees.start == 0 else self.basis
        with self.budget.working():
            return gradient_rank(self.flow, laws, self.budget)

    def _answer(self) -> bool | str:
        return bool(self.basis) or self.undecided or False

    def __iter__(self) -> Iterator[Polynomial]:
        return iter(self.basis)

    def __len__(self) -> int:
        return len(self.basis)

    def __str__(self) -> str:
        """Its generators, a line each; where these are too many to find, the basis."""
        try:
            laws = self.generators or self.basis
        except BudgetError:
            laws = self.basis
        return "\n".join([repr(self)[1:-1], *(f"  {h}" for h in laws)])

    def __repr__(self) -> str:
        state = "complete" if self.complete else f"undecided: {self.undecided}"
        laws = "1 law" if self.dimension == 1 else f"{self.dimension} laws"
        return f"<LawSpace: {laws}, {self.ansatz}, {self.flow.name}, {state}>"
