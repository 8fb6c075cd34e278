"""What is known of a claim: proved, refuted with a witness, or undecided with the bound that was hit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as entry
from fractions import Fraction
from typing import TYPE_CHECKING

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.algebra.words.expression import Expression as Word
from polylaw.domains.elementary.domain import EVERYWHERE, Domain
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.geometry.matrix_values import MatrixClaim
from polylaw.truth import Answer

if TYPE_CHECKING:
    from polylaw.domains.elementary.balls import Enclosure

#: A polynomial of the flow's ring, an expression with functions, quotients or powers
#: (`polylaw.domains.elementary`), a matrix, or a word.
Claim = Polynomial | Expression | MatrixClaim | Word


@dataclass(frozen=True)
class Proved(Answer):
    """Every field annihilates the law identically, where it is defined.

    `trivial`: it does not depend on the state at all.  `domain`: where it is defined and differentiable, and
    whether trajectories leave that set: a polynomial is conserved everywhere, other laws along each piece of
    a trajectory inside. True.
    """

    law: Claim
    trivial: bool = False
    domain: Domain = EVERYWHERE

    def _answer(self) -> bool:
        return True


@dataclass(frozen=True)
class Refuted(Answer):
    """The field named `field` does not annihilate the claim: X h = `residual`, which at `witness` has the
    nonzero `value` (names left out of `witness` are 0), for functions known as an enclosure.  `number` counts
    the fields (of a shaped flow the derivations) from 0.  `nearest` holds true laws close to the claim.
    `entry` says which entry of a matrix `law` is, if that was the claim.  False."""

    law: Claim
    number: int = entry(kw_only=True)
    field: str
    residual: Claim
    witness: Mapping[str, Coefficient] = entry(hash=False)
    value: Coefficient | Enclosure
    nearest: tuple[Claim, ...]
    entry: str = ""

    def _answer(self) -> bool:
        return False


@dataclass(frozen=True)
class Undecided(Answer):
    """The bound named in `reason` was hit first.  Neither true nor false: asking raises `UndecidedError`."""

    law: Claim
    reason: str

    def _answer(self) -> str:
        return self.reason


Verdict = Proved | Refuted | Undecided


def value_text(value: Coefficient | Enclosure) -> str:
    """The value of a residual as it is shown: exact, or the digits that are certain."""
    return rational_text(value) if isinstance(value, (int, Fraction)) else str(value)
