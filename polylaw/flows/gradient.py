"""Gradient flow theta' = -M(theta) J(theta)^T w(t) - lambda theta, with J = d phi and w arbitrary."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from polylaw.algebra.check import Check, every
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.ring import Exponential, Ring
from polylaw.flows.distribution import Change, Distribution, Field, Step
from polylaw.flows.flow import Flow, checked_model, constant_or_symbol
from polylaw.flows.metric import Metric, metric_of
from polylaw.flows.motion import decay, slopes
from polylaw.frozen import Frozen
from polylaw.models.model import Model

#: Components of phi between two checks.
_STEPS = 50


class GradientFlow(Flow):
    """All gradient flows of a model: any loss that sees theta only through phi.

    `metric` is a `Metric`, a name (`euclidean`, `mirror`, `mirror:U`, `rates:U=2,V=b`) or a matrix; the
    default is the model's own.  `weight_decay` is a rational or a symbol lambda, the decay is decoupled:
    theta' = -M grad L - lambda theta, which with a metric M is not a term of the loss.  Time then enters laws
    as exp(lambda*t), because the laws are H(theta exp(lambda t)) with H a law without decay (proved by
    that substitution).  Sources: arXiv 2307.00144 (Euclidean), arXiv 2405.12888 (mirror).
    """

    def __init__(self, model: Model, metric: Any = None, *, weight_decay: Any = 0) -> None:
        self.model = checked_model(model)
        self.metric: Metric = metric_of(model, metric)
        rate, parameters = constant_or_symbol(
            self.metric.ring.parameters, weight_decay, "weight_decay", model.ring.variables
        )
        self.weight_decay = rate
        self.ring = Ring(model.ring.variables, parameters, Exponential(rate) if rate else None)
        self.arrays = dict(model.arrays)
        decay = f", weight decay {rate}" if rate else ""
        self.title = model.name
        self.name = f"{'flow' if self.metric.fault else 'gradient flow'}, {self.metric.title}{decay}"

    @property
    def made_of(self) -> Hashable:
        """The map, the arrays that laws are named by, the metric and the rate of decay."""
        return self.ring, self.model.phi, Frozen(self.arrays), self.metric, self.weight_decay

    @property
    def denominators(self) -> tuple[Polynomial, ...]:
        """Those of the map."""
        return tuple(
            dict.fromkeys(f.denominator.into(self.ring) for f in self.model.phi if not f.is_polynomial)
        )

    def written(self, check: Check) -> Distribution:
        """M grad phi_j for every j, denominators cleared, and the decay drift if there is one."""
        fields = [
            Field.primitive(
                f"grad phi[{j + 1}]",
                {k: p.into(self.ring) for k, p in self.metric.field(gradient).items()},
                output=j,
            )
            for j, gradient in enumerate(cleared_gradients(self.model.phi, self.metric.ring, check))
        ]
        if self.weight_decay:
            fields.append(self._decay())
        moving = tuple(f for f in fields if f.components)
        constant = Step("phi is constant, so nothing moves and every function of the parameters is a law")
        return Distribution(self.ring, moving, (*record(self.model), *([] if moving else [constant])))

    def _decay(self) -> Field:
        rate, clock = self.weight_decay.into(self.ring), self.ring.clock_index
        assert clock is not None
        places = {k: self.ring.generator(v) for k, v in enumerate(self.ring.variables)}
        ticks = rate * self.ring.monomial(((clock, 1),))
        return Field.primitive("decay", {**decay(places, rate), clock: ticks}, steady=True)


def cleared_gradients(
    phi: tuple[RationalFunction, ...], ring: Ring, check: Check
) -> Iterator[dict[int, Polynomial]]:
    """grad phi_j, and for phi_j = p/q the polynomial multiple q^2 grad phi_j = q grad p - p grad q."""
    check = every(_STEPS, check)
    for component in phi:
        check("writing down the fields")
        p, q = component.numerator.into(ring), component.denominator.into(ring)
        yield slopes(p, q)


def record(model: Model) -> Iterator[Step]:
    """The notes of the model, and that denominators were cleared, if any had to be."""
    yield from map(Step, model.notes)
    rational = [j for j, component in enumerate(model.phi, 1) if not component.is_polynomial]
    if rational:
        which = ", ".join(map(str, rational[:6])) + (", ..." if len(rational) > 6 else "")
        how = (
            f": the fields of components {which} of phi were multiplied by the square of the denominator, a "
            "nonzero function where phi is defined, so the laws are the same"
        )
        yield Step(how, Change.CLEARED)
