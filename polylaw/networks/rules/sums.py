"""Sums of tensors: residual connections, biases, masks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from polylaw.networks.meeting import Meeting
from polylaw.networks.rules.rule import Generators, Rule
from polylaw.networks.scales import parts
from polylaw.networks.tensors import Kind


@dataclass(frozen=True)
class Sum(Rule):
    """y = sum_j c_j x_j with rational numbers c_j, where an input that lacks an axis of y is repeated.

    Lemma.  If all f_j equal f_y as functions of the indices of y, dx_j = f_j x_j makes dy = f_y y.  The same
    with matrices M on an axis that all inputs have; an input that is repeated along an axis allows none
    there, since M x has to be repeated too.  If x_j moves by u_j, y moves by sum c_j u_j.  If all are
    multiplied by the same function of anything, so is y; 0 is multiplied by everything.

    With `eps`, a small number is added too, of which the rule is to say what it costs: without it the others
    may be scaled.
    """

    weights: tuple[Fraction, ...] = ()
    eps: bool = False

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        weights = self.weights or (Fraction(1),) * len(meeting.inputs)
        for i, side in enumerate(meeting.inputs):
            row = [0] * len(meeting.sides)
            row[i], row[-1] = 1, -1
            unknown.scales.balance(meeting, row)
            unknown.shifts.hand_on(meeting, side, weights[i])
            if side.block.origin.kind is not Kind.ZERO:
                unknown.shifts.scale(meeting, [side], [1])
        for leg in sorted(meeting.output.leaves):
            unknown.mixings.hand_on(meeting, leg)
        if self.eps:
            unknown.mixings.forbid(meeting.output)
            unknown.up_to_eps += parts(meeting.output.block)
