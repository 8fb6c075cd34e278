"""Operations that carry entries, or combine them, along some axes: pooling, windows, flips, maxima."""

from __future__ import annotations

from dataclasses import dataclass

from polylaw.networks.meeting import Meeting
from polylaw.networks.rules.rule import Generators, Rule


@dataclass(frozen=True)
class Carry(Rule):
    """Along the labels that inputs and output do not share, each entry of y is made of some of x: a maximum,
    an average, a copy, 0.

    Lemma.  If f is constant along the axes that are not shared, dx = f x makes dy = f y, since all these are
    homogeneous of degree 1; f may depend on anything else.  If they are `linear`, a matrix on a shared axis
    goes past them.  If they are `affine` (max(x + u) = max(x) + u; weights that add up to 1), a constant
    along the axes that are not shared, added to x, is added to y."""

    linear: bool = False
    affine: bool = False

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        source, result = meeting.inputs[0], meeting.output
        unknown.scales.balance(meeting, (1, -1))
        for leg in sorted({*source.leaves, *result.leaves}):
            if self.linear and leg in source.leaves and leg in result.leaves:
                unknown.mixings.equate(source, result, leg)
            else:
                for side in meeting.sides:
                    unknown.mixings.forbid(side, [leg])
        if self.affine and meeting.whole:
            unknown.shifts.carry(meeting, source)
        else:
            unknown.shifts.forbid_moving(source)
        unknown.shifts.scale(meeting, [source], [1])
