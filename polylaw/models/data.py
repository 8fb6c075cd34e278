"""Restricted data: the laws of a model on the points given, instead of on any data.

Gradient flow then moves along the gradients of the loss at these points only, W = span grad_theta l(g(theta,
x_i), y_i) (arXiv 2307.00144), so on few points there can be more laws than for any data.  The weight of a
point, which may change with time, is left open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from polylaw.algebra.bounded import BoundedArithmetic, Quotient
from polylaw.algebra.parse import names_in, parse_polynomial
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.algebra.ring import Ring, nearest
from polylaw.errors import InputError, UnknownNameError
from polylaw.models.model import Model, bounded_size
from polylaw.models.network import Point
from polylaw.models.options import one_for_each

#: Losses by name; every other loss is a polynomial in the outputs z1, z2, ... and the targets y1, y2, ...
LOSSES = ("any", "square")
_LONGEST_LOSS = 60


def on_data(
    model: Model, inputs: Sequence[Any], targets: Sequence[Any] | None = None, loss: str = "any"
) -> Model:
    """The model on the given points alone; all numbers are exact.

    `inputs` has a list of numbers for each point, or a mapping from names to numbers: `x1`, `x2`, ... for
    `linear`, `lora`, `factorization` and `relu-regions`, and the parameters of any map g_k(theta, x) =
    phi_k(theta; x). `targets` has a list of numbers for each point.  `loss` is

    - `any`: the loss at a point may be any function of the outputs there, so every g_k(theta, x_i) is seen;
    - `square`: sum_k (g_k(theta, x_i) - y_k)^2 / 2 is seen, one component for each point;
    - a polynomial in outputs `z1`, `z2`, ... and targets `y1`, `y2`, ...: that is seen, one component for
      each point.

    Raises `InputError` for a model without inputs, points and targets that do not fit, a loss that cannot be
    read; `InexactError` for floats.
    """
    network = model.network or (ParametricMap(model.ring.parameters) if model.ring.parameters else None)
    if network is None:
        known = "linear, lora, factorization, relu-regions, or a map whose parameters are the inputs"
        raise InputError("model", model.name, "a model with inputs", known)
    listed = enumerate(_listed(inputs, "inputs", "points"), 1)
    points = [_point(value, network.inputs, f"inputs[{i}]") for i, value in listed]
    outputs: list[list[RationalFunction]] = []
    terms = 0
    for i, point in enumerate(points, 1):
        outputs.append(network.outputs(model.phi, point, f"inputs[{i}]"))
        terms += sum(len(g.numerator.terms) for g in outputs[-1])
        bounded_size(terms, "number of terms of the outputs")
    wanted = _targets(targets, len(points))
    seen = [g for row in outputs for g in row] if loss == "any" else _losses(loss, outputs, wanted)
    name = f"{model.name} on {_plural(len(points), 'point')}"
    notes = (_record(loss, len(points)), *network.remarks(points))
    ring, phi = seen[0].numerator.ring, tuple(dict.fromkeys(seen))
    return replace(model, name=name, ring=ring, phi=phi, notes=notes, network=None, spec=None)


def _record(loss: str, points: int) -> str:
    """What the laws are restricted to, in words."""
    text = " ".join(loss.split())
    text = text if len(text) <= _LONGEST_LOSS else f"{text[:_LONGEST_LOSS]} ..."
    any_loss = "it may be any function of the outputs at a point"
    which = any_loss if loss == "any" else "each point's loss may have any weight"
    return f"data: {_plural(points, 'given point')}, loss {text}: {which}; laws hold for these points only"


@dataclass(frozen=True)
class ParametricMap:
    """A map whose parameters are its inputs: g_k(theta, x) = phi_k(theta; x)."""

    inputs: tuple[str, ...]

    def outputs(self, phi: Sequence[RationalFunction], point: Point, argument: str) -> list[RationalFunction]:
        """phi with numbers for its parameters; `InputError` where it has a pole."""
        above = phi[0].numerator.ring
        ring = Ring(above.variables)
        arithmetic = BoundedArithmetic(ring, argument, InputError)
        named = {name: Quotient(ring.generator(name), arithmetic.one) for name in ring.variables}
        named |= {name: arithmetic.constant(x) for name, x in zip(self.inputs, point, strict=True)}
        images = {above.index(name): image for name, image in named.items()}
        values = []
        for j, component in enumerate(phi, 1):
            parts = (component.numerator, component.denominator)
            numerator, denominator = (_value(arithmetic, p, images) for p in parts)
            if not denominator.above:
                raise InputError(argument, f"a pole of phi[{j}]", "a point where phi is defined")
            values.append(arithmetic.lowest(arithmetic.multiply(numerator, arithmetic.inverse(denominator))))
        return values

    def remarks(self, points: Sequence[Point]) -> tuple[str, ...]:
        """Nothing."""
        return ()


# -- losses -----------------------------------------------------------------------------------------
def _losses(
    loss: Any, outputs: list[list[RationalFunction]], targets: list[list[Coefficient]] | None
) -> list[RationalFunction]:
    """The loss of each point, as a function of theta."""
    formula = _formula(loss, len(outputs[0]), targets)
    ring = outputs[0][0].numerator.ring
    values = []
    for i, row in enumerate(outputs):
        arithmetic = BoundedArithmetic(ring, f"loss at inputs[{i + 1}]", InputError)
        images = [Quotient(g.numerator, g.denominator) for g in row]
        images += [arithmetic.constant(y) for y in (targets[i] if targets else ())]
        values.append(arithmetic.lowest(_value(arithmetic, formula, dict(enumerate(images)))))
    return values


def _formula(loss: Any, count: int, targets: list[list[Coefficient]] | None) -> Polynomial:
    """The loss as a polynomial in outputs z and targets y."""
    if not isinstance(loss, str):
        raise InputError("loss", loss, f"{', '.join(LOSSES)} or the text of a polynomial")
    y_count = len(targets[0]) if targets else 0
    z, y = ([f"{letter}{k}" for k in range(1, n + 1)] for letter, n in (("z", count), ("y", y_count)))
    ring = Ring([*z, *y])
    if loss == "square":
        if targets is None:
            raise _no_targets("loss square compares outputs with targets")
        if y_count != count:
            raise InputError("targets[1]", _plural(y_count, "number"), f"{count}, one for each output")
        differences = (ring.generator(a) - ring.generator(b) for a, b in zip(z, y, strict=True))
        return Polynomial.sum(ring, (d * d / 2 for d in differences))
    for name in names_in(loss, "loss"):
        if name not in ring:
            if targets is None and name[0] == "y" and name[1:].isdigit():
                raise _no_targets(f"the loss reads {name}")
            some = f"z1 to z{count}" + (f" and y1 to y{y_count}" if y_count else "")
            expected = f"{', '.join(LOSSES)} or a polynomial in {some}"
            raise UnknownNameError("loss", name, expected, nearest(name, [*LOSSES, *z, *y]))
    return parse_polynomial(ring, loss, "loss")


def _no_targets(hint: str) -> InputError:
    return InputError("targets", "nothing", "a list of targets for each point", hint)


def _value(arithmetic: BoundedArithmetic, polynomial: Polynomial, images: Mapping[int, Quotient]) -> Quotient:
    """The polynomial with `images` in place of its generators, on the budget of `arithmetic`."""
    summands = [Quotient(arithmetic.ring.constant(0), arithmetic.one)]
    for monomial, c in polynomial.sorted_terms():
        product = arithmetic.constant(c)
        for generator, power in monomial:
            product = arithmetic.multiply(product, arithmetic.power(images[generator], power))
        summands.append(product)
    return arithmetic.sum(summands)


# -- points and targets -----------------------------------------------------------------------------
def _point(value: Any, names: tuple[str, ...], argument: str) -> list[Coefficient]:
    """The numbers of one point in the order of `names`."""
    short = ", ".join(names) if len(names) <= 6 else f"{names[0]} to {names[-1]}"
    if isinstance(value, Mapping):
        expected = f"a number for each of {short}"
        given = one_for_each(names, value, argument, "the name of an input", expected)
        return [rational(x, f"{argument}.{name}") for name, x in given.items()]
    numbers = _numbers(value, argument)
    if len(numbers) != len(names):
        raise InputError(argument, _plural(len(numbers), "number"), f"{len(names)}, one for each of {short}")
    return numbers


def _targets(targets: Any, points: int) -> list[list[Coefficient]] | None:
    if targets is None:
        return None
    listed = enumerate(_listed(targets, "targets", "lists of targets"), 1)
    rows = [_numbers(value, f"targets[{i}]") for i, value in listed]
    if len(rows) != points:
        raise InputError("targets", _plural(len(rows), "target"), f"{points}, one for each point of inputs")
    for i, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            expected = f"{len(rows[0])}, as for the first point"
            raise InputError(f"targets[{i}]", _plural(len(row), "number"), expected)
    return rows


def _numbers(value: Any, argument: str) -> list[Coefficient]:
    listed = enumerate(_listed(value, argument, "exact numbers", empty=True), 1)
    return [rational(x, f"{argument}[{j}]") for j, x in listed]


def _listed(values: Any, argument: str, what: str, *, empty: bool = False) -> Sequence[Any]:
    if isinstance(values, (str, Mapping)) or not isinstance(values, Sequence) or (not values and not empty):
        hint = 'for example [[1, 0], ["1/2", 3]]' if what == "points" else ""
        raise InputError(argument, values, f"a list of {what}", hint)
    return values


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
