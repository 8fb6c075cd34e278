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

Laws of the gradient flow are no laws with momentum: those of ReLU, whose A is diagonal, have no counterpart
there.  But <g, A theta> = 0 holds at every place all the same, and with it the drift in one step is known:

    heavy ball   <theta', A theta'> = <theta, A theta> + 2 mu <v, A theta> + <v', A v'>
    Nesterov     the same + 2 mu^2 <v, A v> - 2 mu <v, A v'>
    Nesterov,    p = theta + mu v, p' = p + w, w = (1 + mu) v' - mu v:
    ahead        <p', A p'> = <p, A p> + 2 mu^2 <v, A p> + <w, A w>

These are rows of one ledger.  A linear rule takes (theta, v, g) to (theta', v') by a matrix, so that the
quadratic forms <theta, A theta>, <v, A theta>, <v, A v> after the step are linear in those before it and in
<g, A g>, <g, A v>; <g, A theta> = 0 is the only equation among them, and any row tests it.

Rules that rescale coordinates one by one (Adam, signs of gradients, clipping by entry) leave the span of the
fields, and with it most laws: those of squares and products are broken, and so are sums of which an entry
stands for more than one gradient.  What they keep are equalities of gradients: where dL/dx = dL/dy, or
dL/dx = -dL/dy, for every loss (the two biases of a gate of an LSTM), x - y, or x + y, moves only by rounding
if both entries have the same history and settings, since the same function of the same numbers is added to
both.  Decay apart from the gradient (AdamW) multiplies it by 1 - learning rate * decay; decay that is added
to the gradient before it is rescaled (Adam with weight_decay) breaks it.  Muon, whose update of a matrix is
p(G G') G with G a mean of gradients, keeps u' W where u' G = 0 for every loss, and W u where G u = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from polylaw.algebra.ring import Exponential
from polylaw.errors import InputError
from polylaw.flows.flow import Flow
from polylaw.flows.momentum import MomentumFlow
from polylaw.flows.trained import TrainedFlow
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


@runtime_checkable
class Rule(Protocol):
    """How training gets from one state to the next."""

    #: Whether it takes velocities, such as dU for U, also where the laws are of a flow without them.
    momentum: ClassVar[bool]

    def update(self, flow: Flow, before: FloatArray, after: FloatArray) -> Update:
        """The step from `before` to `after`, states of the `carrier` of the flow, read by this rule."""


def carrier(flow: Flow, rule: Rule) -> Flow:
    """The flow whose states a rule takes for laws of a flow.  Raises `InputError` if they do not fit."""
    if flow.velocities == rule.momentum:
        return flow
    if flow.velocities:
        expected, hint = "HeavyBall, Nesterov or NesterovAhead", "the laws are those of a momentum flow"
        raise InputError("rule", type(rule).__name__, expected, hint)
    if not isinstance(flow, TrainedFlow):
        raise InputError("rule", type(rule).__name__, "Descent", "the laws are not those of a trained model")
    return MomentumFlow(flow.model)


def _check_factor(name: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value <= 1:
        raise InputError(name, value, "a number > 0 and at most 1")


@dataclass(frozen=True)
class Descent:
    """Gradient descent theta' = a theta - eta g(theta) on any batch; `decay` is a = 1 - learning rate *
    weight decay."""

    momentum: ClassVar[bool] = False
    decay: float = 1.0

    def __post_init__(self) -> None:
        _check_factor("decay", self.decay)

    def update(self, flow: Flow, before: FloatArray, after: FloatArray) -> Update:
        """The gradient is taken at the weights before the step."""
        start, reached = before.copy(), after.copy()
        if isinstance(flow.ring.clock, Exponential):
            start[flow.ring.clock_index], reached[flow.ring.clock_index] = 1.0, 1 / self.decay
        weights = slice(len(flow.ring.variables))
        change = np.zeros_like(start)
        change[weights] = reached[weights] - self.decay * start[weights]
        return Update(start, start, change, reached, reached, change)


DESCENT = Descent()


def _padded(flow: Flow, weights: FloatArray) -> FloatArray:
    """A state of a flow without velocities; what is not a weight is not a number."""
    state = np.full(flow.ring.size, np.nan)
    state[: len(weights)] = weights
    return state


@dataclass(frozen=True)
class HeavyBall:
    """Heavy ball: v' = mu v - eta g(theta), theta' = theta + v'.

    `scale` is 1 when velocities are stored as v, and minus the learning rate when v/scale is stored, as by
    torch: b' = mu b + g, theta' = theta - eta b'.  `l2` is the learning rate times the factor of an L2 term
    in the loss; laws of a momentum flow do not see it.
    """

    momentum: ClassVar[bool] = True
    mu: float
    scale: float = 1.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        _check_factor("mu", self.mu)

    def update(self, flow: Flow, before: FloatArray, after: FloatArray) -> Update:
        """The gradient is added to the velocities, and then the velocities to the weights."""
        size = len(flow.ring.variables) // (1 + flow.velocities)
        weights, velocities = slice(size), slice(size, 2 * size)
        start, reached = self._in_time(flow, before, 1.0), self._in_time(flow, after, 1 / self.mu)
        start[velocities] *= self.scale
        reached[velocities] *= self.scale
        theta, v, kicked = start[weights], start[velocities], reached[velocities]
        ahead, onward = self._place(theta, v), self._end(theta, v, kicked)
        kick = kicked - self.mu * v + self.l2 * ahead
        if not flow.velocities:
            return Update(*(_padded(flow, x) for x in (theta, ahead, kick, onward, reached[weights], kick)))
        place, end, change, moved = reached.copy(), reached.copy(), np.zeros_like(start), reached - start
        place[weights], place[velocities] = ahead, self.mu * v
        end[weights] = onward
        change[velocities] = moved[velocities] = kick
        return Update(start, place, change, end, reached, moved)

    def _place(self, theta: FloatArray, v: FloatArray) -> FloatArray:
        """Where the gradient is taken."""
        return theta

    def _end(self, theta: FloatArray, v: FloatArray, kicked: FloatArray) -> FloatArray:
        """The new weights, from the new velocities."""
        return theta + kicked

    def _in_time(self, flow: Flow, state: FloatArray, clock: float) -> FloatArray:
        """The state with the clock exp(tau t) and the symbol tau, for a damping that is a symbol."""
        result = state.copy()
        if not isinstance(flow, MomentumFlow):
            return result
        tau = flow.damping.constant
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
