"""Gradient flow theta' = -M(theta) J(theta)^T w(t) - lambda theta, with J = d phi and w arbitrary."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Exponential, Ring
from polylaw.flows.distribution import Distribution, Step
from polylaw.flows.flow import constant_or_symbol
from polylaw.flows.motion import Components, Entry, Loss, Motion, decay
from polylaw.flows.trained import TrainedFlow
from polylaw.models.model import Model


class GradientFlow(TrainedFlow):
    """All gradient flows of a model: any loss that sees theta only through phi.

    `metric` is a `Metric`, a name (`euclidean`, `mirror`, `mirror:U`, `rates:U=2,V=b`) or a matrix; the
    default is the model's own.  `weight_decay` is a rational or a symbol lambda, the decay is decoupled:
    theta' = -M grad L - lambda theta, which with a metric M is not a term of the loss.  Time then enters laws
    as exp(lambda*t), because the laws are H(theta exp(lambda t)) with H a law without decay (proved by
    that substitution).  Sources: arXiv 2307.00144 (Euclidean), arXiv 2405.12888 (mirror).
    """

    def __init__(self, model: Model, metric: Any = None, *, weight_decay: Any = 0) -> None:
        super().__init__(model, metric)
        known = self.metric.ring.parameters
        rate, parameters = constant_or_symbol(known, weight_decay, "weight_decay", model.ring.variables)
        self.weight_decay = rate
        self.ring = Ring(model.ring.variables, parameters, Exponential(rate) if rate else None)
        self.arrays = dict(model.arrays)
        decay = f", weight decay {rate}" if rate else ""
        self.name = f"{'flow' if self.metric.fault else 'gradient flow'}, {self.metric.title}{decay}"

    @property
    def made_of(self) -> Hashable:
        """What it shares with other flows, and the rate of decay, which is the clock's."""
        return super().made_of, self.weight_decay

    def pushed(self) -> tuple[list[Entry], Motion]:
        """M, and the decay."""
        return self.metric.entries(self.ring), self._motion(((), ()), unchecked)

    def _motion(self, loss: Loss, check: Check) -> Motion:
        state = self.ring.generators()[: len(self.ring.variables)]
        return descent(loss, state, self.weight_decay.into(self.ring), len(state), check)

    def written(self, check: Check) -> Distribution:
        """M grad phi_j for every j, denominators cleared, and the decay drift if there is one."""
        motion = self._motion(self.loss, check)
        constant = Step("phi is constant, so nothing moves and every function of the parameters is a law")
        moves = any(motion.kicks) or motion.drift
        return self.moved(motion, "grad phi", "decay", *([] if moves else [constant]))


def descent(
    loss: Loss, x: Sequence[Polynomial], rate: Polynomial, clock: int, check: Check = unchecked
) -> Motion:
    """x' = - M(x) J^T w - rate x; if there is a rate, there is a clock, and clock' = rate clock."""
    ring, drift = rate.ring, Components()
    if rate:
        drift = {**decay(dict(enumerate(x)), rate), clock: rate * ring.monomial(((clock, 1),))}
    return Motion.of(loss, drift, ring.constant(1), check=check)
