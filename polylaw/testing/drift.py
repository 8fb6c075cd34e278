"""How far a law may drift along a floating-point trajectory: derived, never a bare tolerance.

*Equal steps.*  A method of order p with step h moves a true law by C h^p + O(h^(p+1)), so with drifts d1 and
d2 for steps h and h/2 the drift that is left at h/2 is (d1 - d2)/(2^p - 1) up to higher order.  A false law
moves by an amount that does not depend on h, beside which d1 - d2 is small.

*Adaptive steps.*  A true law is constant along the exact solution through every state that is reached, so
that a one-step method moves it by <grad h, e>, e the error of one step.  The method keeps the root mean
square of e_i/s_i below 1 with s_i = atol + rtol |x_i|, so by Cauchy and Schwarz each step adds at most
sqrt(n) |(s_i d_i h)_i|.

*Rounding* adds at most about eps * steps * (size of the law, see `polylaw.testing.evaluation`): this covers
laws whose large terms cancel.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log2, sqrt

import numpy as np

from polylaw.algebra.polynomial import Polynomial
from polylaw.domains.elementary.expression import Expression
from polylaw.testing.drive import Drive
from polylaw.testing.evaluation import slopes
from polylaw.testing.floating import ATOL, RTOL, Trajectory, trajectory
from polylaw.testing.methods import METHODS
from polylaw.truth import Answer

#: The drift that is left may be this many times its leading term: higher orders of h.
_SAFETY = 8.0
_ROUNDING = 4 * float(np.finfo(float).eps)


@dataclass(frozen=True)
class Drift(Answer):
    """What a law does along a motion: the drift, what the method predicts for a true law, what is allowed in
    all, and the slope of the drift under step halving (at least the order for a true law, 0 for a false one;
    None where rounding hides it and where the method chooses its steps).  True when the law is kept."""

    law: str
    method: str
    measured: float
    predicted: float
    allowed: float
    slope: float | None

    @property
    def kept(self) -> bool:
        """Whether the law is kept as well as the method can tell."""
        return isfinite(self.measured) and self.measured <= self.allowed

    def _answer(self) -> bool:
        return self.kept

    def __str__(self) -> str:
        kept = "kept" if self.kept else "not kept"
        moved = f"drift {self.measured:.3g}, predicted {self.predicted:.3g}, allowed {self.allowed:.3g}"
        how = f"{self.law} is {kept}: {moved}"
        if self.method not in METHODS:
            return f"{how}, steps chosen by {self.method} with rtol {RTOL:g}"
        slope = "hidden by rounding" if self.slope is None else f"{self.slope:.2f}"
        known = f"({self.method} has order {METHODS[self.method].order})"
        return f"{how}, slope under step halving {slope} {known}"


@np.errstate(
    over="ignore", invalid="ignore"
)  # a shorter step may show that the solution blows up: the drift is not finite
def drift_of(
    law: Polynomial | Expression, drive: Drive, until: float = 0.25, steps: int = 64, method: str = "rk4"
) -> Drift:
    """How a law drifts along a motion, with the allowance that the method gives.

    Where the drift is too large but still shrinks with the step, the step was too long for the order to show,
    and a shorter one is taken, twice at most; a false law does not shrink.
    """
    if method not in METHODS:
        return _drift_of_adaptive_steps(law, trajectory(drive, until, steps, method))
    order = METHODS[method].order
    drift = _drift_of_equal_steps(law, drive, until, steps, method)
    for finer in (4 * steps, 16 * steps):
        if drift.kept or drift.slope is None or drift.slope < order / 2:
            break
        drift = _drift_of_equal_steps(law, drive, until, finer, method)
    return drift


def _drift_of_equal_steps(
    law: Polynomial | Expression, drive: Drive, until: float, steps: int, method: str
) -> Drift:
    runs = [trajectory(drive, until, steps, method), trajectory(drive, until, 2 * steps, method)]
    d1, d2 = (_change(law, run) for run in runs)
    predicted = abs(d1 - d2) / (2 ** METHODS[method].order - 1)
    rounding = _ROUNDING * (2 * steps) * max(run.size(law) for run in runs)
    slope = log2(abs(d1 / d2)) if min(abs(d1), abs(d2)) > rounding else None
    return Drift(str(law), method, abs(d2), predicted, _SAFETY * predicted + rounding, slope)


def _drift_of_adaptive_steps(law: Polynomial | Expression, run: Trajectory) -> Drift:
    scales = ATOL + RTOL * np.abs(run.states)
    squares = sum((slope * scales[:, g]) ** 2 for g, slope in slopes(law, run.states).items())
    predicted = sqrt(run.states.shape[1]) * float(np.sqrt(squares)[:-1].sum())
    rounding = _ROUNDING * len(run.times) * run.size(law)
    return Drift(str(law), run.method, abs(_change(law, run)), predicted, predicted + rounding, None)


def _change(law: Polynomial | Expression, run: Trajectory) -> float:
    values = run.values(law)
    return float(values[-1] - values[0])
