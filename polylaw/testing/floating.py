"""Floating-point trajectories: fixed steps of `polylaw.testing.methods`, or the adaptive methods of scipy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import nearest
from polylaw.domains.elementary.expression import Expression
from polylaw.errors import UnknownNameError
from polylaw.laws.terms import FieldTerms
from polylaw.testing.drive import Drive, bounds_of, loss_slopes, outputs_of
from polylaw.testing.evaluation import FloatArray, Terms, evaluated
from polylaw.testing.methods import METHODS, Tableau, Velocity

#: The one-step methods of `scipy.integrate.solve_ivp`: each step starts from the state alone.
ADAPTIVE = ("RK23", "RK45", "DOP853", "Radau")
#: What an adaptive method may be wrong by in one step, relative to a state and absolutely.
RTOL, ATOL = 1e-10, 1e-12


@dataclass(frozen=True, eq=False)
class Trajectory:
    """States of a motion, one row for each time, one column for each generator."""

    drive: Drive
    times: FloatArray
    states: FloatArray
    method: str

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trajectory):
            return NotImplemented
        arrays = ((self.times, other.times), (self.states, other.states))
        same = (self.drive, self.method) == (other.drive, other.method)
        return same and all(np.array_equal(mine, its, equal_nan=True) for mine, its in arrays)

    def __hash__(self) -> int:
        return hash((self.drive, self.method, len(self.times)))

    @property
    def finite(self) -> bool:
        """Whether the motion did not blow up."""
        return bool(np.isfinite(self.states).all())

    @property
    def crossed(self) -> Polynomial | None:
        """A bound of the flow's domain that the trajectory crossed, if there is one."""
        for bound in bounds_of(self.drive.flow):
            values = self.values(bound) * np.sign(self.values(bound)[0])
            if values[0] > 0 >= values.min():
                return bound
        return None

    def values(self, law: Polynomial | Expression) -> FloatArray:
        """The law along the trajectory."""
        return evaluated(law, self.states)[0]

    def size(self, law: Polynomial | Expression) -> float:
        """The largest size of the law along the trajectory (`polylaw.testing.evaluation`)."""
        return float(evaluated(law, self.states)[1].max())


def trajectory(drive: Drive, until: float, steps: int, method: str = "rk4") -> Trajectory:
    """The motion from 0 to `until` in the time of the fields, in so many equal steps of a method of
    `METHODS`, or at least so many steps of one of `ADAPTIVE`."""
    velocity, start = velocity_of(drive), np.array([float(c) for c in drive.start])
    if method in METHODS:
        times = np.linspace(0.0, until, steps + 1)
        return Trajectory(drive, times, _in_equal_steps(METHODS[method], velocity, start, times), method)
    if method in ADAPTIVE:
        return _adaptive(drive, velocity, start, until, steps, method)
    known = (*METHODS, *ADAPTIVE)
    raise UnknownNameError("method", method, f"one of {', '.join(known)}", nearest(method, known))


def _in_equal_steps(method: Tableau, velocity: Velocity, start: FloatArray, times: FloatArray) -> FloatArray:
    states = np.empty((len(times), len(start)))
    states[0] = start
    h = times[-1] / (len(times) - 1)
    with np.errstate(all="ignore"):
        for i, t in enumerate(times[:-1]):
            states[i + 1] = method.step(velocity, t, states[i], h)
    return states


def _adaptive(
    drive: Drive, velocity: Velocity, start: FloatArray, until: float, steps: int, method: str
) -> Trajectory:
    from scipy import integrate

    solve: Any = integrate.solve_ivp
    with np.errstate(all="ignore"):
        done = solve(
            velocity, (0.0, until), start, method=method, rtol=RTOL, atol=ATOL, max_step=abs(until) / steps
        )
    times, states = np.asarray(done.t), np.asarray(done.y.T)
    if not done.success:  # it blew up on the way
        times, states = np.append(times, until), np.vstack([states, np.full(len(start), np.nan)])
    return Trajectory(drive, times, states, method)


def velocity_of(drive: Drive) -> Velocity:
    """The right-hand side of the motion: time and state -> velocity."""
    distribution = drive.flow.distribution
    fields = FieldTerms.of(distribution, distribution.fields)
    terms = Terms.of(fields.coefficients, fields.monomials)
    rows = [
        (1,) if field.steady else control
        for field, control in zip(distribution.fields, drive.controls, strict=True)
    ]
    controls = np.zeros((len(rows), max(1, *map(len, rows)) if rows else 1))
    for j, row in enumerate(rows):
        controls[j, : len(row)] = [float(c) for c in row]
    powers = np.arange(controls.shape[1])
    slopes = {j: Terms.of_polynomial(slope) for j, slope in loss_slopes(drive).items()}
    outputs = [Terms.of_polynomial(p) for p in outputs_of(drive)] if slopes else []

    def velocity(t: float, x: FloatArray) -> FloatArray:
        weights = controls @ t**powers
        y = np.array([p.at(x).sum() for p in outputs])
        for j, slope in slopes.items():
            weights[j] -= slope.at(y).sum()
        moved = np.bincount(fields.moved, terms.at(x) * weights[fields.field], distribution.ring.size)
        return moved.astype(np.float64)

    return velocity
