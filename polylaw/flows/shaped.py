"""How a shaped model moves: derivations of the free algebra, one for each kind of vector field.

    gradient      U' = -M dL/dU - lambda U
    momentum      U'' + tau U' = -M(tau U + U') dL/dU,  state (U, dU, clock)

with the metrics of `polylaw.flows` that make sense for all widths: Euclidean, mirror (entrywise), rates for
each letter. A word is a law for all widths iff every derivation sends it to 0 in the free algebra, the loss
gradients being free letters (`polylaw.algebra.words.term` says why nothing is lost).  Sources as in
`polylaw.flows`: arXiv 2307.00144, 2405.12888.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.parse import parse_polynomial, symbols_in
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Exponential, Ring, nearest
from polylaw.algebra.words.expression import Alphabet, Derivation, Expression, contraction
from polylaw.algebra.words.parse import parse_words
from polylaw.errors import InputError, UnknownNameError
from polylaw.flows import Flow, GradientFlow, MomentumFlow
from polylaw.flows.damping import Damping, damping_of
from polylaw.flows.flow import constant_or_symbol
from polylaw.flows.motion import Tempo, decay
from polylaw.frozen import Frozen
from polylaw.lists import items, once, pairs
from polylaw.models.shaped import ShapedModel

__all__ = ["ShapedFlow", "WordMetric"]


@dataclass(frozen=True)
class ShapedFlow:
    """A shaped model and how it moves.

    `alphabet` has the letters of the state (weights and velocities), the constants, the loss gradients `G1`,
    `G2`, ..., and the scalars; `letters` are those a law may contain.  `at` gives the flow at given widths,
    `clock_power` the largest power of the clock to look for with words of a given length, as the concrete
    flows do.  `metric`, `weight_decay` and `damping` (None for a gradient flow) are what the derivations were
    made of: with the model they say what flow it is.
    """

    model: ShapedModel
    name: str
    alphabet: Alphabet
    letters: tuple[str, ...]
    derivations: tuple[Derivation, ...] = field(compare=False)
    at: Callable[[Mapping[str, int]], Flow] = field(compare=False)
    clock_power: Callable[[int], int] = field(compare=False)
    metric: WordMetric
    weight_decay: Polynomial
    damping: Damping | None = None

    @staticmethod
    def gradient(
        model: ShapedModel, metric: str | WordMetric | None = None, *, weight_decay: Any = 0
    ) -> ShapedFlow:
        """All gradient flows of the model; `metric` and `weight_decay` as in `polylaw.GradientFlow`."""
        given = model.metric if metric is None else metric
        kind = given if isinstance(given, WordMetric) else WordMetric.read(model, given)
        given = kind.text if isinstance(given, WordMetric) else given
        rate, parameters = constant_or_symbol(
            kind.parameters, weight_decay, "weight_decay", model.alphabet.letters
        )
        scalars = Ring((), parameters, Exponential(rate) if rate else None)
        gradients, alphabet = _alphabet(model, model.weights, scalars)
        loss = {
            name: -kind.applied(name, image, alphabet.letter(name))
            for name, image in model.gradients(gradients, alphabet).items()
        }
        derivations = [Derivation("the loss", loss)]
        if rate:
            rate = rate.into(scalars)
            moves = decay({name: alphabet.letter(name) for name in model.weights}, rate)
            derivations.append(Derivation("the decay", moves, rate * scalars.monomial(((0, 1),))))
        measured = "Euclidean" if given == "euclidean" else f"metric {given}"
        title = f"gradient flow, {measured}{f', weight decay {rate}' if rate else ''}"

        def at(sizes: Mapping[str, int]) -> Flow:
            return GradientFlow(model.at(sizes), given, weight_decay=weight_decay)

        def power(length: int) -> int:
            return max(1, length) if rate else 0

        return ShapedFlow(model, title, alphabet, model.weights, tuple(derivations), at, power, kind, rate)

    @staticmethod
    def momentum(model: ShapedModel, damping: Any = 0, metric: str | WordMetric | None = None) -> ShapedFlow:
        """All momentum flows of the model; `damping` and `metric` as in `polylaw.MomentumFlow`."""
        given = model.metric if metric is None else metric
        kind = given if isinstance(given, WordMetric) else WordMetric.read(model, given)
        given = kind.text if isinstance(given, WordMetric) else given
        state = tuple(name for weight in model.weights for name in (weight, f"d{weight}"))
        how = damping_of(damping, kind.parameters, {*state, *model.constants})
        scalars = Ring((), how.parameters, how.clock)
        gradients, alphabet = _alphabet(model, state, scalars)
        root = how.rate.denominator if how.over_time else 0
        tempo: Tempo[str] = Tempo.of(how.constant.into(scalars), scalars.monomial(((0, 1),)), root)
        letters = {name: alphabet.letter(name) for name in state}
        place = {w: tempo.place(letters[w], letters[f"d{w}"]) for w in model.weights}
        # a mirrored entry has degree 1, so the others are multiplied by the time that clears it
        scale = tempo.time if kind.mirrored else scalars.constant(1)
        kicks = {
            f"d{name}": -kind.applied(name, image, place[name]) * (1 if name in kind.mirrored else scale)
            for name, image in model.gradients(gradients, alphabet).items()
        }
        drift = tempo.drift((w, f"d{w}", letters[f"d{w}"]) for w in model.weights)
        title = f"momentum flow, damping {how}{'' if given == 'euclidean' else f', metric {given}'}"

        def at(sizes: Mapping[str, int]) -> Flow:
            return MomentumFlow(model.at(sizes), damping, given)

        def power(length: int) -> int:
            return max(how.rate.numerator * max(2, length) // 2, length) if how.over_time else max(1, length)

        derivations = (Derivation("the loss", kicks), Derivation("the drift", drift, tempo.ticks))
        return ShapedFlow(
            model, title, alphabet, state, derivations, at, power, kind, scalars.constant(0), how
        )

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
                hint = (
                    "frozen weights, masks and loss gradients may be anything"
                    if name in self.alphabet.letters
                    else ""
                )
                raise UnknownNameError(
                    argument, name, "a letter of the state", hint or nearest(name, self.letters)
                )
        return law

    def residuals(self, law: Expression, check: Check = unchecked) -> dict[str, Expression]:
        """The nonzero derivatives of a word, by the name of what moves it; empty exactly when it is a law for
        all widths."""
        return {derivation.name: r for derivation in self.derivations if (r := derivation(law, check))}

    def __repr__(self) -> str:
        return f"<ShapedFlow: {self.model.name}, {self.name}>"


def _alphabet(model: ShapedModel, state: tuple[str, ...], scalars: Ring) -> tuple[list[str], Alphabet]:
    """The letters of the loss gradients, and the alphabet with them."""
    taken = {*model.alphabet.letters, *state, *scalars.parameters}
    stem = "G"
    while any(f"{stem}{j}" in taken for j in range(1, len(model.phi) + 1)):
        stem += "g"
    gradients = {f"{stem}{j}": phi.widths for j, phi in enumerate(model.phi, 1)}
    letters = {
        name: model.alphabet.widths(name.removeprefix("d") if name not in model.weights else name)
        for name in state
    }
    fixed = {name: model.alphabet.widths(name) for name in model.constants}
    return list(gradients), Alphabet(letters | fixed | gradients, scalars)


@dataclass(frozen=True)
class WordMetric:
    """An inverse metric that means something for all widths: entrywise on `mirrored` letters, a rate on
    others, as text."""

    mirrored: tuple[str, ...]
    rates: Mapping[str, str]
    parameters: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rates", Frozen(self.rates))

    @property
    def text(self) -> str:
        """As `read` takes it; a metric of both kinds has a text for readers only."""
        parts = [f"mirror:{','.join(self.mirrored)}"] if self.mirrored else []
        parts += (
            [f"rates:{','.join(f'{name}={rate}' for name, rate in self.rates.items())}"] if self.rates else []
        )
        return " and ".join(parts) or "euclidean"

    @staticmethod
    def read(model: ShapedModel, given: str) -> WordMetric:
        """`euclidean`, `mirror`, `mirror:U,V` or `rates:U=2,V=b`."""
        parameters = model.alphabet.scalars.parameters
        kind, colon, rest = given.partition(":") if isinstance(given, str) else ("", "", "")
        if kind == "euclidean" and not colon:
            return WordMetric((), {}, parameters)
        if kind == "mirror":
            names = once(items(rest, "metric"), "metric") if colon else model.weights
            return WordMetric(tuple(_weight(model, name) for name in names), {}, parameters)
        if kind == "rates":
            rates = {
                _weight(model, name): rate for name, rate in pairs(rest, "metric", "rates:U=2,V=b").items()
            }
            symbols = [n for rate in rates.values() for n in symbols_in(rate, "rate", parameters)]
            for name in symbols:
                if name in model.alphabet.letters:
                    raise InputError(
                        "metric", given, "rates that are rational numbers or symbols", f"{name} is a matrix"
                    )
            return WordMetric((), rates, (*parameters, *dict.fromkeys(symbols)))
        raise InputError(
            "metric",
            given,
            "euclidean, mirror, mirror:U,V or rates:U=2,V=b",
            "other metrics have no meaning for all widths",
        )

    def applied(self, name: str, gradient: Expression, place: Expression) -> Expression:
        """M dL/dX, with `place` what the mirror map is taken at: X, or tau X + dX."""
        if name in self.mirrored:
            axes = range(len(gradient.widths))
            return contraction(axes, (place, axes), (gradient, axes))
        return (
            gradient * _rate(self.rates[name], gradient.alphabet.scalars) if name in self.rates else gradient
        )


def _rate(text: str, scalars: Ring) -> Polynomial:
    rate = parse_polynomial(Ring((), scalars.parameters), text, "rate")
    number = rate.constant_value
    if number is not None and number <= 0:
        raise InputError("rate", text, "a positive constant", "use a rational number above 0 or a symbol")
    return rate.into(scalars)


def _weight(model: ShapedModel, name: str) -> str:
    if name not in model.weights:
        raise UnknownNameError("metric", name, "a weight matrix", nearest(name, model.weights)) from None
    return name
