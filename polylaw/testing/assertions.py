"""Assertions about laws that never pass vacuously; messages say what was measured and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Exponential
from polylaw.flows import Flow, MomentumFlow
from polylaw.laws.check import Proved, Refuted, check_law
from polylaw.laws.count import count_laws
from polylaw.laws.search import find_laws
from polylaw.testing.drive import Drive
from polylaw.testing.floating import Drift, Trajectory, drift_of, trajectory
from polylaw.testing.steps import StepReport, momentum_report, state_of, step_report

__all__ = [
    "assert_conserved",
    "assert_count",
    "assert_law",
    "assert_momentum_step_conserves",
    "assert_no_law",
    "assert_step_conserves",
]

Arrays = Mapping[str, Any]


def assert_law(flow: Flow, law: Any) -> None:
    """The law is conserved by every motion of the flow: exact."""
    verdict = check_law(flow, law)
    if isinstance(verdict, Proved):
        if verdict.trivial:
            raise AssertionError(f"{verdict.law} does not depend on the state, so that it is constant says nothing")
        return
    if isinstance(verdict, Refuted):
        point = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items()) or "the origin"
        near = f"; near it, and true: {verdict.nearest[0]}" if verdict.nearest else ""
        raise AssertionError(
            f"{verdict.law} is not conserved: its derivative along {verdict.field} is {verdict.residual}, "
            f"which is {verdict.value} at {point}{near}"
        )
    raise AssertionError(f"undecided whether {verdict.law} is conserved: {verdict.reason}")


def assert_no_law(flow: Flow, degree: int) -> None:
    """The flow has no polynomial law up to this degree, proved."""
    laws = find_laws(flow, degree)
    if laws.basis:
        raise AssertionError(f"{flow.title} has {len(laws)} laws of degree <= {degree}, among them {laws.basis[0]}")
    if not laws.complete:
        raise AssertionError(f"undecided: {laws.undecided}")


def assert_count(flow: Flow, expected: int) -> None:
    """The flow has exactly so many independent laws of any kind near a generic point, proved from both sides."""
    count = count_laws(flow)
    if not count.exact or count.lower != expected:
        raise AssertionError(f"{flow.title} has {count} independent laws, expected {expected}; {'; '.join(count.tried)}")


def assert_conserved(law: Any, motion: Drive | Trajectory, *, until: float = 0.25, steps: int = 32) -> Drift:
    """The law is kept along a floating-point trajectory, as well as the method's order allows; returns the drift.

    A `Trajectory` stands for its motion, to the time where it ends.
    """
    drive = motion
    if isinstance(motion, Trajectory):
        drive, until, steps = motion.drive, float(motion.times[-1]), len(motion.times) - 1
    assert isinstance(drive, Drive)
    h = drive.flow.polynomial(law)
    state = drive.flow.ring.parameter_indices.start
    moved = [g for g in h.support if g < state]
    if not moved:
        raise AssertionError(f"{h} does not depend on the state, so that it is constant says nothing")
    path = trajectory(drive, until, steps)
    if not path.finite:
        raise AssertionError(f"the trajectory blew up before time {until}: take a shorter time or smaller controls")
    clock = drive.flow.ring.clock_index
    if clock is not None and not isinstance(drive.flow.ring.clock, Exponential) and drive.start[clock] > 0 >= path.states[:, clock].min():
        raise AssertionError("the trajectory left the domain: time is no longer positive")
    if not np.ptp(path.states[:, moved], axis=0).any():
        names = ", ".join(drive.flow.ring.name(g) for g in moved[:6])
        raise AssertionError(f"nothing that the law depends on moved ({names}), so that it is constant says nothing")
    drift = drift_of(h, drive, until, steps)
    if not drift.kept:
        raise AssertionError(f"{h} is not kept: {drift}")
    return drift


def assert_step_conserves(
    flow: Flow, step: Callable[[Arrays], Arrays], parameters: Arrays, laws: Iterable[Any], *, decay: float = 1.0
) -> list[StepReport]:
    """One training step moves every law exactly as theory says: a linear law not at all, a quadratic one by h(delta).

    `step` takes parameters by name and returns the new ones (it must not change its argument); `decay` is 1 minus
    learning rate times weight decay.
    """
    return _checked_step(flow, step, parameters, laws, decay, lambda h, x, y: step_report(flow, h, x, y, decay=decay))


def assert_momentum_step_conserves(
    flow: MomentumFlow, step: Callable[[Arrays], Arrays], state: Arrays, laws: Iterable[Any], *, mu: float
) -> list[StepReport]:
    """One step of heavy ball multiplies every bilinear law by mu: `step` takes weights and velocities (`U1`, `dU1`) by
    name and returns the new ones; the laws are those of the flow with damping 0."""
    return _checked_step(flow, step, state, laws, 1.0, lambda h, x, y: momentum_report(flow, h, x, y, mu))


def _checked_step(
    flow: Flow,
    step: Callable[[Arrays], Arrays],
    state: Arrays,
    laws: Iterable[Any],
    decay: float,
    report_of: Callable[[Polynomial, Arrays, Arrays], StepReport],
) -> list[StepReport]:
    """The reports of one step, all of which must be as predicted, and about arrays that did move."""
    before = {name: np.array(_plain(value), dtype=np.float64, copy=True) for name, value in state.items()}
    after = step(state)
    if after is None:
        raise AssertionError("the step returned nothing; it must return the new parameters")
    x, y = state_of(flow, before), state_of(flow, after)
    if not np.isfinite(y).all():
        raise AssertionError("the step gave numbers that are not finite")
    reports = []
    for law in laws:
        h = flow.polynomial(law)
        still = [name for name in _arrays_of(flow, h.support) if not _moved(flow, name, y - decay * x)]
        if still:
            raise AssertionError(f"{', '.join(still)} did not move, so the step says nothing about {h}: is a gradient missing?")
        reports.append(report_of(h, before, after))
    if not reports:
        raise AssertionError("no law was given")
    broken = [report for report in reports if report.verdict == "broken"]
    if broken:
        raise AssertionError("\n".join(map(str, broken)))
    return reports


def _plain(value: Any) -> Any:
    return value.detach().cpu() if hasattr(value, "detach") else value


def _arrays_of(flow: Flow, support: Iterable[int]) -> list[str]:
    """The weight arrays a law depends on; variables outside of arrays by their own names."""
    names = [flow.ring.variables[g] for g in support if g < len(flow.ring.variables)]
    stems = [next((a for a in flow.arrays if n == a or n.startswith(f"{a}_")), n) for n in names]
    return list(dict.fromkeys(stems))


def _moved(flow: Flow, name: str, change: np.ndarray) -> bool:
    members = [k for k, v in enumerate(flow.ring.variables) if v == name or v.startswith(f"{name}_")]
    return bool(np.abs(change[members]).max() > 0)
