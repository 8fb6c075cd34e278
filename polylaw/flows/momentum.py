"""Momentum flow theta'' + tau theta' = -M(tau theta + v) J(theta)^T w(t), v = theta': heavy ball and
Nesterov."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import Any

from polylaw.algebra.check import Check
from polylaw.algebra.ring import Ring
from polylaw.flows.damping import Damping, damping_of
from polylaw.flows.distribution import Change, Distribution, Field, Step
from polylaw.flows.motion import Entry, Tempo
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

    def written(self, check: Check) -> Distribution:
        """The kicks (0, M grad phi_j, 0) and the drift (v, -tau v, clock')."""
        kicks = self.kicks("kick by grad phi", self._lift(), check)
        how = ", and a lifted metric by a power of t: nonzero for t > 0, so the laws on t > 0 are the same"
        multiplied = [Step(how, Change.MULTIPLIED)] if self.damping.over_time else []
        return Distribution(self.ring, (*kicks, self._drift()), (*self.record, *multiplied))

    def clock_power(self, degree: int) -> int:
        """By the damping."""
        return self.damping.clock_power(degree)

    def _velocity(self, k: int) -> int:
        return k + self.model.dimension

    @cached_property
    def _tempo(self) -> Tempo[int]:
        rate = self.damping.constant.into(self.ring)
        clock = self.ring.monomial(((self._clock, 1),))
        return Tempo.of(rate, clock, self.damping.rate.denominator if self.damping.over_time else 0)

    @property
    def _clock(self) -> int:
        index = self.ring.clock_index
        assert index is not None
        return index

    def _drift(self) -> Field:
        velocities = map(self._velocity, range(self.model.dimension))
        moving = ((k, v, self.ring.monomial(((v, 1),))) for k, v in enumerate(velocities))
        moves = {**self._tempo.drift(moving), self._clock: self._tempo.ticks}
        return Field.primitive("drift", moves, steady=True)

    def _lift(self) -> Iterator[Entry]:
        """M(tau theta + v) on the velocities; for tau = c/t multiplied by the power of t that clears it."""
        state = [self.ring.monomial(((g, 1),)) for g in range(2 * self.model.dimension)]
        places = {
            k: self._tempo.place(state[k], state[self._velocity(k)]) for k in range(self.model.dimension)
        }
        entries, _ = self._tempo.lifted(self.metric.entries(self.ring), places)
        return ((self._velocity(i), j, m) for i, j, m in entries)
