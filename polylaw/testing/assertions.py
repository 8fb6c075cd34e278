"""Assertions about laws that never pass vacuously; messages say what was measured and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Exponential
from polylaw.domains.count import Count
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.verdict import Proved, Refuted
from polylaw.errors import InputError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.laws.law_space import LawSpace
from polylaw.laws.search import find_laws
from polylaw.steps import FAULT, StepReport, require_steps
from polylaw.testing.drift import Drift, drift_of
from polylaw.testing.drive import Drive
from polylaw.testing.evaluation import moving
from polylaw.testing.floating import Trajectory, trajectory
from polylaw.testing.layouts import Order, layout_where
from polylaw.testing.rules import DESCENT, Rule, Update, carrier
from polylaw.testing.steps import Arrays, Precision, plain, precision_of, report_of, state_of, still_arrays
from polylaw.verbs.check import check_law, claim_of
from polylaw.verbs.count import count_laws

_BLEW_UP = "the trajectory, or the law along it, blew up before time"
_SAYS_NOTHING = "does not depend on the state, so that it is constant says nothing"


def assert_law(flow: Flow, law: Any) -> None:
    """The law is conserved by every motion of the flow: exact."""
    verdict = check_law(flow, law)
    if isinstance(verdict, Proved):
        if verdict.trivial:
            raise AssertionError(f"{verdict.law} {_SAYS_NOTHING}")
        return
    if isinstance(verdict, Refuted):
        point = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items()) or "the origin"
        near = f"; near it, and true: {verdict.nearest[0]}" if verdict.nearest else ""
        raise AssertionError(
            f"{verdict.law} is not conserved: its derivative along {verdict.field} is {verdict.residual}, "
            f"which is {verdict.value} at {point}{near}"
        )
    raise AssertionError(f"undecided whether {verdict.law} is conserved: {verdict.reason}")


def assert_not_law(flow: Flow, claim: Any) -> None:
    """The claim is refuted: exact."""
    verdict = check_law(flow, claim)
    if not isinstance(verdict, Refuted):
        raise AssertionError(f"{claim} is {type(verdict).__name__.lower()}, expected refuted")


def assert_no_law(flow: Flow, degree: int) -> None:
    """The flow has no polynomial law up to this degree, proved."""
    laws = find_laws(flow, degree)
    if laws.basis:
        found = f"{len(laws)} laws of degree <= {degree}, among them {laws.basis[0]}"
        raise AssertionError(f"{flow.title} has {found}")
    if not laws.complete:
        raise AssertionError(f"undecided: {laws.undecided}")


def assert_count(flow: Flow, expected: int) -> None:
    """The flow has exactly so many independent laws of any kind near a generic point, proved."""
    count = count_laws(flow)
    assert isinstance(count, Count)  # near a generic point
    if not count.exact or count.lower != expected:
        tried = "; ".join(count.tried)
        raise AssertionError(f"{flow.title} has {count} independent laws, expected {expected}; {tried}")


# -- trajectories -----------------------------------------------------------------------------------
def assert_conserved(
    law: Any, motion: Drive | Trajectory, *, until: float = 0.25, steps: int = 64, method: str = "rk4"
) -> Drift:
    """The law, which may have functions such as log in it, is kept along a floating-point trajectory, as well
    as the method allows; returns the drift.

    A `Trajectory` stands for its motion, to the time where it ends, with its method and number of steps.
    """
    drift = drift_along(law, motion, until=until, steps=steps, method=method)
    require_kept(drift)
    return drift


def require_kept(drift: Drift) -> None:
    """The drift is one that the method explains."""
    if not drift.kept:
        raise AssertionError(str(drift))


def drift_along(
    law: Any, motion: Drive | Trajectory, *, until: float = 0.25, steps: int = 64, method: str = "rk4"
) -> Drift:
    """The drift that `assert_conserved` judges; `AssertionError` when it says nothing about the law."""
    if isinstance(motion, Trajectory):
        until, steps, method = float(motion.times[-1]), len(motion.times) - 1, motion.method
    elif not isinstance(motion, Drive):
        raise InputError("motion", motion, "a Drive or a Trajectory", "for example random_drive(flow)")
    drive = motion.drive if isinstance(motion, Trajectory) else motion
    h = _followed(drive.flow, law)
    if not (involved := moving(h)):
        raise AssertionError(f"{h} {_SAYS_NOTHING}")
    path = motion if isinstance(motion, Trajectory) else trajectory(motion, until, steps, method)
    if not path.finite:
        raise AssertionError(f"{_BLEW_UP} {until}: take a shorter time, more steps or smaller controls")
    if crossed := path.crossed:
        why = "changed its sign, which it does not along the flow"
        raise AssertionError(f"the trajectory left the domain: {crossed} {why}")
    if not np.ptp(path.states[:, involved], axis=0).any():
        names = ", ".join(drive.flow.ring.name(g) for g in involved[:6])
        why = "so that it is constant says nothing"
        raise AssertionError(f"nothing that the law depends on moved ({names}), {why}")
    drift = drift_of(h, drive, until, steps, method)
    if not isfinite(drift.measured + drift.allowed):
        advice = "take a shorter time or smaller controls"
        raise AssertionError(f"{_BLEW_UP} {until}, with half the step: {advice}")
    return drift


def _followed(flow: Flow, law: Any) -> Polynomial | Expression:
    """The law as something that has values at the states of the flow."""
    h = claim_of(flow, law)
    if isinstance(h, Expression) and (
        h.tower.flow.ring != flow.ring or isinstance(flow.ring.clock, Exponential)
    ):
        hint = "polylaw.check_law decides it, for all motions"
        raise InputError("law", str(h), "functions without time", hint)
    return h


# -- training steps ---------------------------------------------------------------------------------
def assert_step_conserves(
    step: Callable[[Any], Arrays],
    params: Arrays,
    laws: Any,
    flow: Flow | None = None,
    *,
    rule: Rule = DESCENT,
    fault: float = FAULT,
) -> list[StepReport]:
    """One training step moves every law exactly as theory says; returns what it did to each.

    `step` takes `params`, arrays by name, and returns the new ones.  `laws` is a `LawSpace`, whose generators
    are checked, or one or several laws of `flow`.  `rule` tells what the step is meant to be: `Descent` (also
    with weight decay), `HeavyBall`, `Nesterov`, `NesterovAhead`; those with momentum take velocities (`dU`
    beside `U`) among `params`, and laws of a `MomentumFlow` or of a gradient flow.

    Raises `AssertionError` if a law is broken, if nothing moved, and, as `BlindError`, if rounding would hide
    a relative `fault` of the update: in float32 that is so at small learning rates.
    """
    reports = step_reports(step, params, laws, flow, rule=rule, fault=fault)
    require_steps(reports)
    return reports


def step_reports(
    step: Callable[[Any], Arrays],
    params: Arrays,
    laws: Any,
    flow: Flow | None = None,
    *,
    rule: Rule = DESCENT,
    fault: float = FAULT,
) -> list[StepReport]:
    """The reports that `assert_step_conserves` judges; `AssertionError` when they say nothing."""
    flow, chosen = _laws_of(laws, flow)
    if not isinstance(params, Mapping):
        raise InputError("params", params, "arrays by name", "for example {'U1': ..., 'U2': ...}")
    if not isinstance(rule, Rule):
        raise InputError("rule", rule, "a rule", "for example Descent(), HeavyBall(0.9), Nesterov(0.9)")
    if isinstance(fault, bool) or not isinstance(fault, Real) or not fault > 0:
        raise InputError("fault", fault, "a number > 0", "for example 0.01, a fault of one percent")
    # copies: the step may change its argument
    before, precision = {name: np.array(plain(value)) for name, value in params.items()}, precision_of(params)
    after = step(params)
    if after is None:
        raise AssertionError("the step returned nothing; it must return the new parameters")
    x, y = state_of(flow, before, rule), state_of(flow, after, rule)
    precision = max(precision, precision_of(after))
    if not np.isfinite(y[: len(flow.ring.variables)]).all():
        raise AssertionError("the step gave numbers that are not finite")

    def read(order: Order) -> Iterator[StepReport]:
        update = rule.update(flow, x[order], y[order])
        return (report_of(h, update, precision, fault) for h in chosen)

    _require_movement(flow, chosen, rule.update(flow, x, y), precision)
    reports = [*read(np.arange(len(x)))]
    broken = [report.law for report in reports if report.broken]
    if broken and (names := layout_where(carrier(flow, rule), lambda order: all(map(_kept, read(order))))):
        raise AssertionError(
            f"{broken[0]} does not move as it must, but all laws hold for the transposed layout of "
            f"{', '.join(names)}: is it stored (out, in) where {flow.title} has (in, out)? Transpose it"
        )
    return reports


def _kept(report: StepReport) -> bool:
    return report.kept


def _require_movement(flow: Flow, laws: Iterable[Polynomial], update: Update, precision: Precision) -> None:
    for h in laws:
        if h.degree < 1:
            raise AssertionError(f"{h} {_SAYS_NOTHING}")
        if still := ", ".join(still_arrays(flow, h, update, precision.eps)):
            raise AssertionError(
                f"{still} did not move beyond the rounding of {precision.name}, so the step says nothing "
                f"about {h}: is a gradient missing, or the step too small?"
            )


def _laws_of(laws: Any, flow: Flow | None) -> tuple[Flow, list[Polynomial]]:
    """The flow, and laws in its ring."""
    if isinstance(laws, LawSpace):
        if flow is not None and flow != laws.flow:
            raise InputError("flow", flow, "no flow, because the laws know theirs")
        flow, laws = laws.flow, laws.generators
    if flow is None:
        hint = "give flow=..., or a LawSpace such as find_laws(...)"
        raise InputError("flow", None, "the flow that the laws are of", hint)
    checked_flow(flow)
    one = isinstance(laws, (str, Polynomial)) or not isinstance(laws, Iterable)
    chosen = [flow.polynomial(law) for law in ([laws] if one else laws)]
    if not chosen:
        raise AssertionError("no law was given")
    return flow, chosen
