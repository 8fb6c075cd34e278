"""Functions of one entry: activations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from polylaw.networks.meeting import Meeting
from polylaw.networks.rules.rule import Generators, Rule


@dataclass(frozen=True)
class Homogeneous(Rule):
    """y = phi(x) entry by entry, phi(c x) = c^k phi(x) for c > 0: ReLU and leaky ReLU, |x| (k = 1), squares.

    Lemma.  dx = f x makes dy = phi'(x) f x = k f y (Euler), with another f for each entry.
    """

    degree: Fraction = Fraction(1)

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        unknown.scales.balance(meeting, (self.degree, -1))
        for side in meeting.sides:
            unknown.mixings.forbid(side)
        unknown.shifts.forbid(meeting.inputs[0])


@dataclass(frozen=True)
class Opaque(Rule):
    """Any function of its inputs, of which nothing is used.

    Lemma.  Inputs that stand still make an output that stands still.  This is what GELU, SiLU, tanh get, and
    every operation that has no rule: laws can be missed by it, never invented.
    """

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        self.stop(meeting, unknown)
