"""Lengths, by which normalisations divide."""

from __future__ import annotations

from dataclasses import dataclass

from polylaw.networks.meeting import Meeting
from polylaw.networks.rules.rule import Generators, Rule
from polylaw.networks.scales import parts


@dataclass(frozen=True)
class Length(Rule):
    """y = sqrt(c (eps + the sum of x^2 over the labels that y lacks)).

    Lemma.  Let eps = 0.  dx = f x, with f constant along the axes that are summed over, makes dy = f y.  dx =
    M .a x with M skew, along one of these axes, leaves y in place: x'(M + M')x = 0.

    With `eps` > 0 the first is dy = f (1 - c eps/y^2) y, which scaling eps by 2 f would mend: so the identity
    holds exactly with the term 2 f eps dL/deps added, and without it up to c eps/y^2.
    """

    eps: bool = False

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        source, result = meeting.inputs[0], meeting.output
        unknown.scales.balance(meeting, (1, -1))
        if self.eps:
            unknown.up_to_eps += parts(result.block)
        unknown.mixings.forbid(result)
        for leg in sorted(source.leaves):
            if leg in result.leaves:
                unknown.mixings.forbid(source, [leg])
            else:
                unknown.mixings.make_skew(source, leg)
        unknown.shifts.forbid(source)
