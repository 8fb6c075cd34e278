"""Floating-point trajectories, and how far a law may drift along them.

The allowance is measured, not guessed.  A method of order p with step h moves a true law by C h^p + O(h^(p+1)), so with
drifts d1, d2, d4 for steps h, h/2, h/4 the drift that is left at h/4 is (d2 - d4)/(2^p - 1) up to higher order; a false
law moves by an amount that does not depend on h, where d2 - d4 is small beside d4.  Rounding adds at most about
eps * steps * (sum of the absolute values of the law's terms), which covers laws whose large terms cancel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, log2
from typing import Any

import numpy as np
import numpy.typing as npt

from polylaw.algebra.polynomial import Polynomial
from polylaw.laws.terms import FieldTerms
from polylaw.testing.drive import Drive, loss_slopes, outputs_of

__all__ = ["Drift", "Trajectory", "drift_of", "trajectory"]

FloatArray = npt.NDArray[np.float64]
#: Order of the fixed-step method (the classical one of Runge and Kutta).
ORDER = 4
#: The drift that is left may be this many times its leading term: higher orders of h.
_SAFETY = 8.0


@dataclass(frozen=True)
class Trajectory:
    """States of a motion, one row for each time, one column for each generator."""

    drive: Drive
    times: FloatArray
    states: FloatArray

    @property
    def finite(self) -> bool:
        """Whether the motion did not blow up."""
        return bool(np.isfinite(self.states).all())

    def values(self, law: Polynomial) -> FloatArray:
        """The law along the trajectory."""
        return _evaluated(law, self.states)[0]

    def size(self, law: Polynomial) -> float:
        """The largest sum of absolute values of the law's terms."""
        return float(_evaluated(law, self.states)[1].max())


@dataclass(frozen=True)
class Drift:
    """What a law does along a motion: the drift at the finest step, what is allowed, and the slope under step halving
    (p for a true law, 0 for a false one, None when rounding hides it)."""

    measured: float
    allowed: float
    slope: float | None
    value: float

    @property
    def kept(self) -> bool:
        """Whether the law is kept as well as the method can tell."""
        return isfinite(self.measured) and self.measured <= self.allowed

    def __str__(self) -> str:
        slope = "hidden by rounding" if self.slope is None else f"{self.slope:.2f}"
        return f"drift {self.measured:.3g}, allowed {self.allowed:.3g}, slope under step halving {slope} (order {ORDER})"


def trajectory(drive: Drive, until: float, steps: int, method: str = "rk4") -> Trajectory:
    """The motion from 0 to `until` in the time of the fields: `rk4` with so many equal steps, or a method of
    `scipy.integrate.solve_ivp` (`DOP853`, `Radau`, ...) at so many equal times."""
    velocity, start = _velocity(drive), np.array([float(c) for c in drive.start])
    times = np.linspace(0.0, until, steps + 1)
    if method != "rk4":
        from scipy import integrate

        solver: Any = integrate.solve_ivp
        done = solver(velocity, (0.0, until), start, method=method, t_eval=times, rtol=1e-10, atol=1e-12)
        return Trajectory(drive, np.asarray(done.t), np.asarray(done.y.T))
    states = np.empty((steps + 1, len(start)))
    states[0] = start
    h = until / steps
    with np.errstate(all="ignore"):
        for i in range(steps):
            t, x = times[i], states[i]
            k1 = velocity(t, x)
            k2 = velocity(t + h / 2, x + h / 2 * k1)
            k3 = velocity(t + h / 2, x + h / 2 * k2)
            k4 = velocity(t + h, x + h * k3)
            states[i + 1] = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return Trajectory(drive, times, states)


def drift_of(law: Polynomial, drive: Drive, until: float = 0.25, steps: int = 32) -> Drift:
    """How a law drifts along a motion, with the allowance that the method's order gives.

    Where the drift is too large but still shrinks with the step, the step was too long for the order to show, and a
    shorter one is taken, twice at most; a false law does not shrink.
    """
    drift = _drift(law, drive, until, steps)
    for finer in (4 * steps, 16 * steps):
        if drift.kept or drift.slope is None or drift.slope < 1:
            break
        drift = _drift(law, drive, until, finer)
    return drift


def _drift(law: Polynomial, drive: Drive, until: float, steps: int) -> Drift:
    runs = [trajectory(drive, until, steps * 2**k) for k in range(3)]
    values = [run.values(law) for run in runs]
    d1, d2, d4 = (float(v[-1] - v[0]) for v in values)
    rounding = 4 * float(np.finfo(float).eps) * (4 * steps) * max(run.size(law) for run in runs)
    allowed = _SAFETY * abs(d2 - d4) / (2**ORDER - 1) + rounding
    visible = min(abs(d1 - d2), abs(d2 - d4)) > rounding
    slope = log2(abs(d1 - d2) / abs(d2 - d4)) if visible else None
    return Drift(abs(d4), allowed, slope, float(values[-1][0]))


def _velocity(drive: Drive) -> Callable[[float, FloatArray], FloatArray]:
    distribution = drive.flow.distribution
    terms = FieldTerms.of(distribution, distribution.fields)
    coefficients = np.array([float(c) for c in terms.coefficients])
    width = max((len(c) for c in drive.controls), default=0)
    controls = np.zeros((len(distribution.fields), max(width, 1)))
    for j, (field, control) in enumerate(zip(distribution.fields, drive.controls, strict=True)):
        controls[j, : len(control)] = [float(c) for c in control]
        if field.steady:
            controls[j, 0] = 1.0
    powers = np.arange(controls.shape[1])
    size = distribution.ring.size
    loss = _loss_weights(drive)

    def velocity(t: float, x: FloatArray) -> FloatArray:
        padded = np.append(x, 1.0)
        weights = controls @ t**powers + loss(x)
        products = coefficients * padded[terms.monomials.factors].prod(axis=1) * weights[terms.field]
        return np.bincount(terms.moved, products, size).astype(np.float64)

    return velocity


def _loss_weights(drive: Drive) -> Callable[[FloatArray], FloatArray]:
    """What the loss adds to the coefficients of the fields: -dL/dphi_j at phi(x)."""
    count = len(drive.flow.distribution.fields)
    slopes = loss_slopes(drive)
    if not slopes:
        return lambda x: np.zeros(count)
    outputs = outputs_of(drive)

    def weights(x: FloatArray) -> FloatArray:
        y = np.array([[_evaluated(p, x[None, :])[0][0] for p in outputs]])
        result = np.zeros(count)
        for j, slope in slopes.items():
            result[j] = -_evaluated(slope, y)[0][0]
        return result

    return weights


def _evaluated(law: Polynomial, states: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(values, sums of the absolute values of the terms), one for each row."""
    total, size = np.zeros(len(states)), np.zeros(len(states))
    for monomial, c in law.terms.items():
        term = np.full(len(states), float(c))
        for generator, power in monomial:
            term = term * states[:, generator] ** power
        total += term
        size += np.abs(term)
    return total, size
