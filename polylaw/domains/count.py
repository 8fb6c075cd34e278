"""How many independent laws there are, with what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from polylaw.flows.flow import Flow
from polylaw.laws.law_space import LawSpace
from polylaw.laws.witness import Witness
from polylaw.truth import Bounds

if TYPE_CHECKING:
    from polylaw.domains.darboux.laws import DarbouxLaw
    from polylaw.domains.elementary.result import AugmentedLaws


@dataclass(frozen=True, eq=False)
class Count(Bounds):
    """The number of independent laws near a generic point lies in [`lower`, `upper`].

    `laws`: the polynomial laws whose gradients give `lower`, unless `augmented` or `darboux` hold further
    laws that give more.  `state`: the dimension of the state, clock included.  `witness` proves `upper` =
    state - rank (for an ODE with functions in it there is none, nor are there `laws`: all is in `augmented`);
    `settled`: the Lie algebra had stopped growing at the (random) point of the witness, so that almost surely
    exactly `upper` laws exist. `tried` says what was done, and `excluded` of which kinds there are no other
    laws, in words.  `exact`: these are all laws there are, of any kind; `count == 3` and `if count` are as in
    `polylaw.truth.Bounds`.
    """

    flow: Flow
    lower: int
    upper: int
    state: int
    laws: LawSpace | None
    witness: Witness | None
    settled: bool
    tried: tuple[str, ...]
    augmented: AugmentedLaws | None = None
    darboux: tuple[DarbouxLaw, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def local(self) -> bool:
        """Whether one field moves the state: near a generic point there is then a law less than variables."""
        return self.lie_rank == 1 and self.laws is not None and len(self.flow.distribution.fields) == 1

    @property
    def lie_rank(self) -> int:
        """The proved lower bound for dim Lie(W) at a generic point."""
        return self.state - self.upper

    def __repr__(self) -> str:
        return f"Count(lower={self.lower}, upper={self.upper})"
