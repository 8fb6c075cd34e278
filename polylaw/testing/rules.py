"""Update rules of training: where a step takes its gradient, and where it goes from there.

Every rule here adds to what is known of a step a *change* along the fields of the flow at a known *place*: a
gradient times minus the learning rate.  A law h is annihilated by these fields, so <grad h(place), change> =
0 whatever the loss, the data and the learning rate, for laws of any degree; that is all there is to test, and
it predicts where h goes.  With g the gradient, A symmetric for gradient flows and skew for momentum flows,
and <g(x), A x> = 0 at every x:

    descent      theta' = a theta - eta g(theta)      <theta', A theta'> = a^2 <theta, A theta>
                                                                         + eta^2 <g, A g>,
                                                      and a linear law is multiplied by a
    heavy ball   v' = mu v - eta g(theta)             <v', A theta'> = <v', A theta> + <v', A v'>
                 theta' = theta + v'                               = mu <v, A theta>
    Nesterov     v' = mu v - eta g(theta + mu v)      <v', A (theta + mu v)> = mu <v, A theta>, hence
                 theta' = theta + v'                  <v', A theta'> = mu <v, A theta> + mu <v, A v'>

So mu^-k <v_k, A theta_k> is constant for heavy ball: the discrete exp(int tau) <v, A theta>.  Laws that
depend on time are meant with exp(tau t) = mu^-k and tau = 1/mu - 1; then <c, tau theta + v>, phi invariant
along c, is kept as well, because tau theta' + v' = tau theta + v'/mu.  With weight decay exp(lambda t) =
a^-k.  An L2 term in the loss adds a multiple of theta to v', which no bilinear law sees.

Rules that rescale coordinates one by one (Adam, signs of gradients, clipping by entry) leave the span of the
fields.  They keep none of these laws: they count as broken, and are.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Protocol

import numpy as np

from polylaw.algebra.ring import Exponential
from polylaw.errors import InputError
from polylaw.flows.flow import Flow
from polylaw.flows.momentum import MomentumFlow
from polylaw.testing.evaluation import FloatArray


@dataclass(frozen=True, eq=False)
class Update:
    """One step read by a rule: from `start` a `change` along the fields at `place` leads to `end`, and
    `reached` is where the step did go.  `moved` tells by how much a generator moved, other than by decay of
    itself.  All are states of the flow; generators whose value no rule knows are not numbers."""

    start: FloatArray
    place: FloatArray
    change: FloatArray
    end: FloatArray
    reached: FloatArray
    moved: FloatArray


class Rule(Protocol):
    """How training gets from one state to the next."""

    def update(self, flow: Flow, before: FloatArray, after: FloatArray) -> Update:
        """The step from `before` to `after`, read by this rule."""


def _check_factor(name: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value <= 1:
        raise InputError(name, value, "a number > 0 and at most 1")


@dataclass(frozen=True)
class Descent:
    """Gradient descent theta' = a theta - eta g(theta) on any batch; `decay` is a = 1 - learning rate *
    weight decay."""

    decay: float = 1.0

    def __post_init__(self) -> None:
        _check_factor("decay", self.decay)

    def update(self, flow: Flow, before: FloatArray, after: FloatArray) -> Update:
        """The gradient is taken at the weights before the step."""
        if flow.velocities:
            expected, hint = "HeavyBall, Nesterov or NesterovAhead", "the laws are those of a momentum flow"
            raise InputError("rule", "Descent", expected, hint)
        start, reached = before.copy(), after.copy()
        if isinstance(flow.ring.clock, Exponential):
            start[flow.ring.clock_index], reached[flow.ring.clock_index] = 1.0, 1 / self.decay
        weights = slice(len(flow.ring.variables))
        change = np.zeros_like(start)
        change[weights] = reached[weights] - self.decay * start[weights]
        return Update(start, start, change, reached, reached, change)


DESCENT = Descent()


@dataclass(frozen=True)
class HeavyBall:
    """Heavy ball: v' = mu v - eta g(theta), theta' = theta + v'.

    `scale` is 1 when velocities are stored as v, and minus the learning rate when v/scale is stored, as by
    torch: b' = mu b + g, theta' = theta - eta b'.
    """

    mu: float
    scale: float = 1.0

    def __post_init__(self) -> None:
        _check_factor("mu", self.mu)

    def update(self, flow: Flow, before: FloatArray, after: FloatArray) -> Update:
        """The gradient is added to the velocities, and then the velocities to the weights."""
        if not isinstance(flow, MomentumFlow):
            hint = "the laws are not those of a MomentumFlow"
            raise InputError("rule", type(self).__name__, "Descent", hint)
        size = flow.model.dimension
        weights, velocities = slice(size), slice(size, 2 * size)
        start, reached = self._in_time(flow, before, 1.0), self._in_time(flow, after, 1 / self.mu)
        start[velocities] *= self.scale
        reached[velocities] *= self.scale
        theta, v, kicked = start[weights], start[velocities], reached[velocities]
        place, end, change, moved = reached.copy(), reached.copy(), np.zeros_like(start), reached - start
        place[weights], place[velocities] = self._place(theta, v), self.mu * v
        end[weights] = self._end(theta, v, kicked)
        change[velocities] = moved[velocities] = kicked - self.mu * v
        return Update(start, place, change, end, reached, moved)

    def _place(self, theta: FloatArray, v: FloatArray) -> FloatArray:
        """Where the gradient is taken."""
        return theta

    def _end(self, theta: FloatArray, v: FloatArray, kicked: FloatArray) -> FloatArray:
        """The new weights, from the new velocities."""
        return theta + kicked

    def _in_time(self, flow: MomentumFlow, state: FloatArray, clock: float) -> FloatArray:
        """The state with the clock exp(tau t) and the symbol tau, for a damping that is a symbol."""
        result, tau = state.copy(), flow.damping.constant
        for symbol in flow.damping.parameters:
            if tau == tau.ring.generator(symbol):
                result[flow.ring.clock_index], result[flow.ring.index(symbol)] = clock, 1 / self.mu - 1
        return result


class Nesterov(HeavyBall):
    """Nesterov: v' = mu v - eta g(theta + mu v), theta' = theta + v' (Sutskever et al., ICML 2013)."""

    def _place(self, theta: FloatArray, v: FloatArray) -> FloatArray:
        return theta + self.mu * v


class NesterovAhead(HeavyBall):
    """Nesterov as torch has it: the weights stored are the place ahead, p = theta + mu v, so that v' = mu v -
    eta g(p) and p' = p + (1 + mu) v' - mu v."""

    def _end(self, theta: FloatArray, v: FloatArray, kicked: FloatArray) -> FloatArray:
        return theta + (1 + self.mu) * kicked - self.mu * v
