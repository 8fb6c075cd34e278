"""What one training step did to a law, and whether the check could see it: a value that says so in a line.

A law h moves by <grad h, update> to first order, a sum of products, one for each entry of the update.  Where
each entry is wrong by a relative error of size r, of independent signs, the sum is wrong by about r times the
root of the sum of the squares of its terms.  The *sight* of a check is the r for which that equals what
rounding alone may do: no relative fault of the update below it is seen.  A check that is blind to faults of
the size it was asked to see is undecided: it has found nothing, neither for nor against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polylaw.errors import BlindError
from polylaw.truth import Answer

#: The relative fault of an update that a check has to see unless it is told another one.
FAULT = 0.01
_ADVICE = (
    "use float64, a step with a larger rate or gradient, or check gradients, which need no step: "
    "polylaw.torch.assert_gradients"
)
_MOST_LISTED = 5


@dataclass(frozen=True)
class StepReport(Answer):
    """What one step did to one law.  `verdict`: `kept`, `drifts as predicted`, `still`, `undecided` or
    `broken`, which is false.

    `rounding` is by how much what was measured and what was predicted may differ, `sight` the smallest
    relative fault of the update that would be seen, `fault` the one that is to be seen; `format` is that of
    the numbers.  A law of which no entry moved is `still`: it is kept, and nothing was tested.
    """

    law: str
    measured: float
    predicted: float
    rounding: float
    sight: float
    fault: float = FAULT
    format: str = "float64"
    still: bool = False

    @property
    def broken(self) -> bool:
        """Whether the law moved as it must not, beyond rounding."""
        return not abs(self.measured - self.predicted) <= self.rounding

    @property
    def undecided(self) -> bool:
        """Whether nothing speaks against the law, in a check that would not have seen it."""
        return not (self.broken or self.still or self.sight <= self.fault)

    @property
    def kept(self) -> bool:
        """Whether the law moved as it must, and a fault would have been seen."""
        return not self.broken and not self.undecided

    def _answer(self) -> bool | str:
        return self.blindness if self.undecided else self.kept

    @property
    def blindness(self) -> str:
        """What rounding hides."""
        return f"in {self.format} no fault of the update below {_percent(self.sight)} is seen in this step"

    @property
    def verdict(self) -> str:
        """`kept` (no change beyond rounding), `drifts as predicted`, `still`, `undecided`, or `broken`."""
        if self.broken:
            return "broken"
        if self.still:
            return "still"
        if self.undecided:
            return "undecided"
        return "kept" if abs(self.measured) <= self.rounding else "drifts as predicted"

    def __str__(self) -> str:
        what = (
            f"moved by {self.measured:.6g}, predicted {self.predicted:.6g}, rounding at most "
            f"{self.rounding:.3g}"
        )
        return f"{self.verdict}: {self.law} {what}"


def _percent(part: float) -> str:
    return f"{100 * part:.2g} %" if part < 1 else "its own size"


def require_steps(reports: Sequence[StepReport]) -> None:
    """Every law is kept, and seen to be.

    Raises `AssertionError` with a line for each that is broken, or if no law moved, and `BlindError`, which
    is one, where none is broken and some are undecided.
    """
    if broken := [str(report) for report in reports if report.broken]:
        more = [f"and {len(broken) - _MOST_LISTED} more"] if len(broken) > _MOST_LISTED else []
        raise AssertionError("\n".join(broken[:_MOST_LISTED] + more))
    if blind := [report for report in reports if report.undecided]:
        worst = max(blind, key=lambda report: report.sight)
        what = f"undecided whether {len(blind)} of {len(reports)} laws are kept"
        raise BlindError(what, worst.blindness, f"a check that sees {_percent(worst.fault)}", _ADVICE)
    if all(report.still for report in reports):
        raise AssertionError("nothing that the laws depend on moved, so the step says nothing about them")
