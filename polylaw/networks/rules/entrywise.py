"""Functions of one entry: activations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from polylaw.networks.meeting import Meeting
from polylaw.networks.rules.rule import Generators, Rule


@dataclass(frozen=True)
class Homogeneous(Rule):
    """y = phi(x) entry by entry, phi(c x) = c^k phi(x) for c > 0: ReLU and leaky ReLU, |x| (k = 1), squares.

    Lemma.  dx = f x makes dy = phi'(x) f x = k f y (Euler), with another f for each entry, which may
    depend on anything.
    """

    degree: Fraction = Fraction(1)

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        unknown.scales.balance(meeting, (self.degree, -1))
        for side in meeting.sides:
            unknown.mixings.forbid(side)
        unknown.shifts.forbid_moving(meeting.inputs[0])
        unknown.shifts.scale(meeting, meeting.inputs, [self.degree])


@dataclass(frozen=True)
class Exponential(Rule):
    """y = exp(x) entry by entry.

    Lemma.  dx = u makes dy = u y.  What reads y and does not see how it is scaled along an axis, such as y /
    sum y, does not see constants that are added to x along this axis.
    """

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        for side in meeting.sides:
            unknown.fix(side.block)
        unknown.shifts.exponentiate(meeting)
        unknown.shifts.forbid_scaling(meeting.inputs[0])


@dataclass(frozen=True)
class Logarithm(Rule):
    """y = log(x) entry by entry.

    Lemma.  dx = t x makes dy = t.
    """

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        for side in meeting.sides:
            unknown.fix(side.block)
        unknown.shifts.take_logarithm(meeting)
        unknown.shifts.forbid_moving(meeting.inputs[0])


@dataclass(frozen=True)
class Opaque(Rule):
    """Any function of its inputs, of which nothing is used.

    Lemma.  Inputs that stand still make an output that stands still.  This is what GELU, SiLU, tanh get, and
    every operation that has no rule: laws can be missed by it, never invented.
    """

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        self.stop(meeting, unknown)
