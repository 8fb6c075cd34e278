"""Products summed over indices: linear layers, matrix products, embeddings, gains, gates, quotients."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from polylaw.networks.meeting import Leg, Meeting
from polylaw.networks.rules.rule import Generators, Rule


@dataclass(frozen=True)
class Product(Rule):
    """y = sum over the labels that y lacks of  prod_j x_j^(k_j).

    Lemma.  Let x_j move by dx_j = f_j x_j.  If f_y = sum_j k_j f_j as functions of all indices, then dy = f_y
    y.  Proof: d prod x_j^(k_j) = (sum_j k_j f_j) prod x_j^(k_j), and f_y, which does not depend on the summed
    indices, comes out of the sum.

    Lemma.  Let all k_j be 1.  (1) If two inputs x, w have a summed index i in common that no other input has,
    dx = M .i x and dw = -M^T .i w leave y in place: sum_i (M x)_i w_i - x_i (M^T w)_i = 0.  (2) If x alone
    has the index a of y, dx = M .a x makes dy = M .a y, since M goes past the sum.  M may depend on indices
    that all of the tensors in question have.

    Lemma.  Let x move by dx = u.  If k_x = 1, then dy = sum u prod_{j != x} x_j^(k_j).

    Lemma.  If dx_j = t_j x_j, where the t_j are any functions that do not depend on the summed indices, then
    dy = (sum_j k_j t_j) y: the first lemma, in which nothing was said of what else f depends on.
    """

    powers: tuple[Fraction, ...] = ()

    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """See the class."""
        powers = self.powers or (Fraction(1),) * len(meeting.inputs)
        unknown.scales.balance(meeting, (*powers, -1))
        linear = all(k == 1 for k in powers)
        for leg in sorted({leg for side in meeting.sides for leg in side.leaves}):
            self._mix(meeting, unknown, leg, linear)
        for i, side in enumerate(meeting.inputs):
            others = meeting.inputs[:i] + meeting.inputs[i + 1 :]
            if linear:
                unknown.shifts.hand_on(meeting, side, 1, others)
            else:
                unknown.shifts.forbid_moving(side)
        unknown.shifts.scale(meeting, meeting.inputs, powers)

    def _mix(self, meeting: Meeting, unknown: Generators, leg: Leg, linear: bool) -> None:
        holders = meeting.holders(leg)
        powers = dict(zip(map(id, meeting.inputs), self.powers, strict=False))
        kept = leg in meeting.output.leaves
        if len(holders) == 1 and kept and powers.get(id(holders[0]), 1) == 1:
            unknown.mixings.equate(holders[0], meeting.output, leg)
        elif len(holders) == 2 and not kept and linear:
            unknown.mixings.equate(holders[0], holders[1], leg, dual=True)
        else:
            for side in (*holders, meeting.output):
                unknown.mixings.forbid(side, [leg])
