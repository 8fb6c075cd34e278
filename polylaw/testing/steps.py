"""Discrete training steps: by how much they must move a law, exactly.

A step theta -> a theta + delta (a = 1 for gradient descent, 1 - eta lambda with weight decay) moves a homogeneous
quadratic law h, h(theta) = <theta, A theta>, to a^2 h(theta) + 2 a <A theta, delta> + h(delta).  When delta is minus a
learning rate times a gradient the middle term is 0, because h is a law; so the change is known from the two states
alone, with no learning rate and no data: eta^2 h(g).  A linear law is kept exactly (for a = 1).  Heavy ball,
v' = mu v - eta g and theta' = theta + v', multiplies a bilinear law <v, A theta>, A skew, by mu exactly.  Steps that look
ahead (Nesterov) or rescale coordinates one by one (Adam) have no such identity: they count as broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from polylaw.algebra.polynomial import Polynomial
from polylaw.errors import InputError
from polylaw.flows import Flow, MomentumFlow
from polylaw.models.model import entry_name, indices

__all__ = ["StepReport", "momentum_report", "state_of", "step_report"]

_ROUNDING = 64 * float(np.finfo(float).eps)


@dataclass(frozen=True)
class StepReport:
    """What one step did to one law.  `verdict`: `kept`, `drifts as predicted` or `broken`."""

    law: str
    measured: float
    predicted: float
    rounding: float

    @property
    def verdict(self) -> str:
        """`kept` (no change beyond rounding), `drifts as predicted`, or `broken`."""
        if abs(self.measured - self.predicted) > self.rounding:
            return "broken"
        return "kept" if abs(self.measured) <= self.rounding else "drifts as predicted"

    def __str__(self) -> str:
        what = f"moved by {self.measured:.6g}, predicted {self.predicted:.6g}, rounding at most {self.rounding:.3g}"
        return f"{self.verdict}: {self.law} {what}"


def state_of(flow: Flow, arrays: Mapping[str, Any]) -> np.ndarray:
    """The values of the generators, from weight arrays by name (numpy, torch, or nested lists) or variables by name."""
    ring = flow.ring
    values = np.zeros(ring.size)
    known = dict(flow.arrays)
    missing = set(ring.variables)
    for name, given in arrays.items():
        array = np.asarray(given.detach().cpu() if hasattr(given, "detach") else given, dtype=np.float64)
        shape = known.get(name, () if name in ring.variables else None)
        if shape is None:
            raise InputError("parameters", name, f"one of {', '.join(known or ring.variables)}")
        if array.shape != tuple(shape):
            raise InputError(f"parameters[{name!r}]", f"shape {array.shape}", f"shape {tuple(shape)}, as in the flow")
        for index in indices(shape):
            variable = entry_name(name, index)
            values[ring.index(variable)] = array[tuple(i - 1 for i in index)]
            missing.discard(variable)
    if missing:
        raise InputError("parameters", f"nothing for {min(missing)}", "a value for every variable of the flow")
    return values


def step_report(flow: Flow, law: Any, before: Mapping[str, Any], after: Mapping[str, Any], *, decay: float = 1.0) -> StepReport:
    """What a step did to a law of a gradient flow; `decay` is the factor a of the parameters themselves.

    `InputError` for a law that is neither linear nor quadratic and homogeneous, or that has a clock or parameters.
    """
    h = flow.polynomial(law)
    degrees = {sum(e for _, e in m) for m in h.terms}
    if len(degrees) != 1 or not degrees <= {1, 2} or any(g >= len(flow.ring.variables) for g in h.support):
        raise InputError("law", h, "a linear or homogeneous quadratic law in the variables", "other laws have no exact one-step drift")
    x, y = state_of(flow, before), state_of(flow, after)
    delta = y - decay * x
    scale = decay if degrees == {1} else decay**2
    start, size = _value(h, x)
    end, size_after = _value(h, y)
    moved, size_moved = _value(h, delta)
    predicted = (scale - 1) * start + (moved if degrees == {2} else 0.0)
    return StepReport(str(h), end - start, predicted, _ROUNDING * (size + size_after + size_moved))


def momentum_report(flow: MomentumFlow, law: Any, before: Mapping[str, Any], after: Mapping[str, Any], mu: float) -> StepReport:
    """What a step of heavy ball with v' = mu v - eta g, theta' = theta + v' did to a bilinear law <v, A theta>.

    `flow` has damping 0, `before` and `after` hold weights and velocities (`U1`, `dU1`, ...).  The law must become mu
    times what it was: <v', A theta'> = <v', A theta> because A is skew, and <g, A theta> = 0.
    """
    h = flow.polynomial(law)
    size = flow.model.dimension
    kinds = {tuple(sorted("velocity" if g >= size else "place" for g, e in m for _ in range(e))) for m in h.terms}
    if kinds != {("place", "velocity")}:
        raise InputError("law", h, "a law that is bilinear in weights and velocities", "take one of the flow with damping 0")
    start, size_before = _value(h, state_of(flow, before))
    end, size_after = _value(h, state_of(flow, after))
    return StepReport(str(h), end - start, (mu - 1) * start, _ROUNDING * (size_before + size_after))


def _value(h: Polynomial, x: np.ndarray) -> tuple[float, float]:
    """(value, sum of the absolute values of the terms)"""
    terms = [float(c) * float(np.prod([x[g] ** e for g, e in m])) for m, c in h.terms.items()]
    return float(sum(terms)), float(sum(map(abs, terms)))
