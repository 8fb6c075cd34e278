"""How a shaped model moves: derivations of the free algebra, one for each kind of vector field.

    gradient      U' = -M dL/dU - lambda U
    momentum      U'' + tau U' = -M(tau U + U') dL/dU,  state (U, dU, clock)

with the metrics of `polylaw.flows` that make sense for all widths: Euclidean, mirror (entrywise), rates for
each letter. A word is a law for all widths iff every derivation sends it to 0 in the free algebra, the loss
gradients being free letters (`polylaw.algebra.words.term` says why nothing is lost).  Sources as in
`polylaw.flows`: arXiv 2307.00144, 2405.12888.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Exponential, Ring, nearest
from polylaw.algebra.words.expression import Alphabet, Derivation, Expression, contraction
from polylaw.algebra.words.parse import parse_words
from polylaw.errors import InputError, UnknownNameError
from polylaw.flows.damping import Damping, damping_of
from polylaw.flows.flow import Flow, constant_or_symbol
from polylaw.flows.gradient import GradientFlow
from polylaw.flows.metric import ArrayMetric
from polylaw.flows.momentum import MomentumFlow
from polylaw.flows.motion import Tempo, decay
from polylaw.flows.trained import TrainedFlow
from polylaw.frozen import Value
from polylaw.lists import once
from polylaw.models.shaped import ShapedModel


@dataclass(frozen=True, eq=False, repr=False)
class ShapedFlow(Value):
    """A shaped model and how it moves: with a `metric` and a `weight_decay`, or a `damping`."""

    model: ShapedModel
    metric: ArrayMetric
    weight_decay: Polynomial
    damping: Damping | None = None

    def __post_init__(self) -> None:
        _ = self.derivations  # errors come now

    @staticmethod
    def gradient(
        model: ShapedModel, metric: str | ArrayMetric | None = None, *, weight_decay: Any = 0
    ) -> ShapedFlow:
        """All gradient flows of the model; `metric` and `weight_decay` as in `polylaw.GradientFlow`."""
        kind = metric_of_letters(model, metric)
        parameters = kind.parameters(model.alphabet.scalars.parameters)
        rate, _ = constant_or_symbol(parameters, weight_decay, "weight_decay", model.alphabet.letters)
        return ShapedFlow(model, kind, rate)

    @staticmethod
    def momentum(model: ShapedModel, damping: Any = 0, metric: str | ArrayMetric | None = None) -> ShapedFlow:
        """All momentum flows of the model; `damping` and `metric` as in `polylaw.MomentumFlow`."""
        kind = metric_of_letters(model, metric)
        parameters = kind.parameters(model.alphabet.scalars.parameters)
        state = {*model.weights, *_velocities(model).values(), *model.constants}
        how = damping_of(damping, parameters, state)
        return ShapedFlow(model, kind, Ring((), how.parameters).constant(0), how)

    @property
    def made_of(self) -> Hashable:
        """The model without its name, and how it moves."""
        model = self.model.alphabet, self.model.weights, self.model.phi
        return model, self.metric, self.weight_decay, self.damping

    @property
    def name(self) -> str:
        """The kind of flow, in words."""
        euclidean, metric = self.metric.name == "euclidean", f"metric {self.metric.name}"
        if self.damping is not None:
            return f"momentum flow, damping {self.damping}{'' if euclidean else f', {metric}'}"
        decay = f", weight decay {self.weight_decay}" if self.weight_decay else ""
        return f"gradient flow, {'Euclidean' if euclidean else metric}{decay}"

    def at(self, sizes: Mapping[str, int]) -> Flow:
        """The flow at given widths."""
        model = self.model.at(sizes)
        if self.damping is not None:
            return MomentumFlow(model, self.damping, self.metric)
        return GradientFlow(model, self.metric, weight_decay=self.weight_decay)

    @staticmethod
    def of(model: ShapedModel, flow: Flow) -> ShapedFlow:
        """The flow that is the concrete one at the widths of its model, `model` being that with symbols."""
        if isinstance(flow, TrainedFlow) and (metric := flow.metric.told) is not None:
            if isinstance(flow, GradientFlow):
                return ShapedFlow.gradient(model, metric, weight_decay=flow.weight_decay)
            if isinstance(flow, MomentumFlow):
                return ShapedFlow.momentum(model, flow.damping, metric)
        expected = "a gradient or momentum flow with a metric that is told by arrays"
        raise InputError("flow", flow.name, expected)

    def clock_power(self, length: int) -> int:
        """The largest power of the clock to look for with words of this length, as the concrete flows do."""
        if self.damping is not None:
            return self.damping.clock_power(length)
        return max(1, length) if self.weight_decay else 0

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """Those a law may contain: weights and velocities."""
        if self.damping is None:
            return self.model.weights
        return tuple(letter for pair in _velocities(self.model).items() for letter in pair)

    @cached_property
    def gradients(self) -> tuple[str, ...]:
        """The letters of the loss gradients: `G1`, `G2`, ..."""
        taken = {*self.model.alphabet.letters, *self.letters, *self.weight_decay.ring.parameters}
        stem, numbers = "G", range(1, len(self.model.phi) + 1)
        while any(f"{stem}{j}" in taken for j in numbers):
            stem += "g"
        return tuple(f"{stem}{j}" for j in numbers)

    @cached_property
    def alphabet(self) -> Alphabet:
        """The letters of the state, the constants, the loss gradients, and the scalars."""
        model, rate = self.model, self.weight_decay
        clock = self.damping.clock if self.damping else Exponential(rate) if rate else None
        of = {**{w: w for w in model.weights}, **{v: w for w, v in _velocities(model).items()}}
        letters = {name: model.alphabet.widths(of[name]) for name in self.letters}
        fixed = {name: model.alphabet.widths(name) for name in model.constants}
        free = {name: phi.widths for name, phi in zip(self.gradients, model.phi, strict=True)}
        return Alphabet(letters | fixed | free, Ring((), rate.ring.parameters, clock))

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """What a law must be annihilated by."""
        letters = {name: self.alphabet.letter(name) for name in self.letters}
        return self._decaying(letters) if self.damping is None else self._kicked(letters, self.damping)

    def _decaying(self, letters: Mapping[str, Expression]) -> tuple[Derivation, ...]:
        loss = Derivation("the loss", {name: self._moved(name, letters[name]) for name in letters})
        if not self.weight_decay:
            return (loss,)
        rate, clock = self.weight_decay.into(self.alphabet.scalars), self._clock
        return loss, Derivation("the decay", decay(letters, rate), rate * clock)

    def _kicked(self, letters: Mapping[str, Expression], damping: Damping) -> tuple[Derivation, ...]:
        scalars, velocities, mirrored = self.alphabet.scalars, _velocities(self.model), self.metric.mirrored
        root = damping.rate.denominator if damping.over_time else 0
        tempo: Tempo[str] = Tempo.of(damping.constant.into(scalars), self._clock, root)
        # a mirrored entry has degree 1, so the others are multiplied by the time that clears it
        scale = tempo.time if mirrored else scalars.constant(1)
        kicks = {
            v: self._moved(w, tempo.place(letters[w], letters[v])) * (1 if w in (mirrored or ()) else scale)
            for w, v in velocities.items()
        }
        drift = tempo.drift((w, v, letters[v]) for w, v in velocities.items())
        return Derivation("the loss", kicks), Derivation("the drift", drift, tempo.ticks)

    @property
    def _clock(self) -> Polynomial:
        return self.alphabet.scalars.monomial(((0, 1),))

    @cached_property
    def _slopes(self) -> dict[str, Expression]:
        return self.model.gradients(self.gradients, self.alphabet)

    def _moved(self, name: str, place: Expression) -> Expression:
        """-M dL/dX, with `place` what the mirror map is taken at: X, or tau X + dX."""
        slope = self._slopes[name]
        if name in (self.metric.mirrored or ()):
            axes = range(len(slope.widths))
            return -contraction(axes, (place, axes), (slope, axes))
        rate = self.metric.rates.get(name)
        return -slope if rate is None else slope * -rate.into(self.alphabet.scalars)

    @property
    def widths(self) -> set[str]:
        """The widths of the letters a law may contain."""
        return {w for name in self.letters for w in self.alphabet.widths(name)}

    def parse(self, text: str, argument: str = "law") -> Expression:
        """The word written in `text`, in letters a law may contain."""
        law = parse_words(self.alphabet, text, argument)
        if not law.letters:
            raise InputError(argument, text, "a word with at least one matrix", "all else is constant")
        for name in law.letters:
            if name not in self.letters:
                anything = "frozen weights, masks and loss gradients may be anything"
                hint = anything if name in self.alphabet.letters else nearest(name, self.letters)
                raise UnknownNameError(argument, name, "a letter of the state", hint)
        return law

    def residuals(self, law: Expression, check: Check = unchecked) -> dict[str, Expression]:
        """The nonzero derivatives of a word, by the name of what moves it; empty exactly when it is a law for
        all widths."""
        return {derivation.name: r for derivation in self.derivations if (r := derivation(law, check))}

    def __repr__(self) -> str:
        return f"<ShapedFlow: {self.model.name}, {self.name}>"


def metric_of_letters(model: ShapedModel, given: str | ArrayMetric | None) -> ArrayMetric:
    """The metric meant by a text, None meaning the model's own, with the letters that it mirrors written out,
    in the order of the weights."""
    asked = model.metric if given is None else given
    state = Ring(tuple(model.alphabet.letters), model.alphabet.scalars.parameters)
    metric = ArrayMetric.read(asked, state) if isinstance(asked, str) else asked
    if not isinstance(metric, ArrayMetric):
        hint = "other metrics have no meaning for all widths"
        raise InputError("metric", given, "euclidean, mirror, mirror:U,V or rates:U=2,V=b", hint)
    named = model.weights if metric.mirrored is None else once(list(metric.mirrored), "metric")
    for name in (*named, *metric.rates):
        if name not in model.weights:
            raise UnknownNameError("metric", name, "a weight matrix", nearest(name, model.weights))
    return replace(metric, mirrored=tuple(w for w in model.weights if w in named))


def _velocities(model: ShapedModel) -> dict[str, str]:
    return {weight: f"d{weight}" for weight in model.weights}
