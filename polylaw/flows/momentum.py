"""Momentum: theta'' + tau theta' = -M(tau theta + v) J(theta)^T w(t), v = theta': heavy ball, Nesterov."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.flows.damping import Damping, damping_of
from polylaw.flows.distribution import Change, Distribution, Step
from polylaw.flows.motion import Entry, Loss, Motion, Tempo
from polylaw.flows.trained import TrainedFlow
from polylaw.models.model import Model


class MomentumFlow(TrainedFlow):
    """All momentum flows of a model: any loss that sees theta only through phi.

    The state is (theta, v, clock); the velocity of `U_1_2` is `dU_1_2`.  `damping` is 0, a positive
    rational, a symbol such as `tau`, or `c/t` (Nesterov: `3/t`).  With a metric M the flow is the mirror
    lift theta'' + tau theta' = -M(tau theta + v) grad L.  Source: arXiv 2405.12888.
    """

    velocities = True

    def __init__(self, model: Model, damping: Any = 0, metric: Any = None) -> None:
        super().__init__(model, metric)
        state = (*model.ring.variables, *(f"d{name}" for name in model.ring.variables))
        self.damping: Damping = damping_of(damping, self.metric.ring.parameters, state)
        self.ring = Ring(state, self.damping.parameters, self.damping.clock)
        self.arrays = {**model.arrays, **{f"d{name}": shape for name, shape in model.arrays.items()}}
        lift = "" if self.metric.name == "euclidean" else f", {self.metric.title}"
        self.name = f"momentum flow, damping {self.damping}{lift}"

    @property
    def made_of(self) -> Hashable:
        """What it shares with other flows, and the damping."""
        return super().made_of, self.damping

    def pushed(self) -> tuple[list[Entry], Motion]:
        """M at tau theta + v, for velocities, and the drift."""
        state, tempo = self._state, self._tempo
        return lifted(self.metric.entries(self.ring), state, tempo)[0], kicked(
            ((), ()), state, tempo, len(state)
        )

    @property
    def _state(self) -> list[Polynomial]:
        return self.ring.generators()[: len(self.ring.variables)]

    @property
    def _tempo(self) -> Tempo[int]:
        clock = self.ring.monomial(((len(self.ring.variables), 1),))
        root = self.damping.rate.denominator if self.damping.over_time else 0
        return Tempo.of(self.damping.constant.into(self.ring), clock, root)

    def written(self, check: Check) -> Distribution:
        """The kicks (0, M grad phi_j, 0) and the drift (v, -tau v, clock')."""
        state, over_time = self._state, self.damping.over_time
        motion = kicked(self.loss, state, self._tempo, len(state), check)
        how = ", and a lifted metric by a power of t: nonzero for t > 0, so the laws on t > 0 are the same"
        return self.moved(motion, "kick by grad phi", "drift", *[Step(how, Change.MULTIPLIED)] * over_time)

    def clock_power(self, degree: int) -> int:
        """By the damping."""
        return self.damping.clock_power(degree)


def kicked(
    loss: Loss, x: Sequence[Polynomial], tempo: Tempo[int], clock: int, check: Check = unchecked
) -> Motion:
    """x' = v, v' = - tau v - M(tau x + v) J^T w, and the clock, all times the time of the tempo; the second
    half of `x` are the velocities v."""
    (phi, metric), d = loss, len(x) // 2
    entries, power = lifted(metric, x, tempo)
    drift = {**tempo.drift((k, d + k, x[d + k]) for k in range(d)), clock: tempo.ticks}
    return Motion.of((phi, entries), drift, tempo.time, power, check)


def lifted(metric: Sequence[Entry], x: Sequence[Polynomial], tempo: Tempo[int]) -> tuple[list[Entry], int]:
    """The entries of M(tau x + v), which move velocities, times a power of the time of the tempo; and it."""
    d = len(x) // 2
    entries, power = tempo.lifted(metric, {k: tempo.place(x[k], x[d + k]) for k in range(d)})
    return [(d + i, j, m) for i, j, m in entries], power
