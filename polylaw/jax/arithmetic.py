"""Primitives on entries: sums, products, powers, activations, choices."""

from __future__ import annotations

from fractions import Fraction

from polylaw.jax.items import Item
from polylaw.jax.translation import Translation, handles
from polylaw.networks.choices import masked
from polylaw.networks.graph import Value
from polylaw.networks.norms import kept_from_zero, plus


@handles("add", "add_any", "sub")
def add(t: Translation, item: Item) -> Value:
    """x + y, x - y."""
    one, two = item.inputs
    weights = (1, -1 if item.op == "sub" else 1)
    if one.moving and two.moving:
        return t.graph.add(t.all(item), weights)
    x, still = (one, two) if one.moving else (two, one)
    own = weights[0 if x is one else 1]
    if still.uniform is None:
        return t.graph.add([t.value(x), t.value(still)], (own, 1))
    number = still.number
    return plus(t.graph, t.value(x), -number if number and item.op == "sub" and x is one else number, own)


@handles("mul")
def multiply(t: Translation, item: Item) -> Value:
    """x y."""
    one, two = item.inputs
    x, still = (one, two) if one.moving else (two, one)
    if still.number is not None:
        return _times(t, t.value(x), still.number)
    return t.graph.multiply(t.all(item))


def _times(t: Translation, x: Value, number: Fraction) -> Value:
    return t.graph.add([x], [number]) if number else t.graph.zeros(x.shape)


@handles("div")
def divide(t: Translation, item: Item) -> Value:
    """x / y."""
    one, two = item.inputs
    if two.number:
        return _times(t, t.value(one), 1 / two.number)
    if one.number is not None:
        return _times(t, t.graph.power(t.value(two), -1, "power"), one.number)
    if not two.moving:
        return t.graph.multiply(t.all(item))
    return t.graph.multiply(t.all(item), [1, -1])


@handles("share")
def share(t: Translation, item: Item) -> Value:
    """x divided by its sums."""
    return t.graph.shares(t.value(item.inputs[0]), item.settings["axis"])


@handles("neg")
def negate(t: Translation, item: Item) -> Value:
    """-x."""
    return t.graph.add(t.all(item), [-1])


@handles("abs")
def absolute(t: Translation, item: Item) -> Value:
    """Positively homogeneous of degree 1."""
    return t.graph.power(t.value(item.inputs[0]), 1)


_ROOTS = {"sqrt": Fraction(1, 2), "rsqrt": Fraction(-1, 2), "cbrt": Fraction(1, 3), "square": Fraction(2)}


@handles(*_ROOTS)
def root(t: Translation, item: Item) -> Value:
    """A power."""
    return t.graph.power(t.value(item.inputs[0]), _ROOTS[item.op], "power")


@handles("pow", "integer_pow")
def power(t: Translation, item: Item) -> Value:
    """A power with a rational exponent."""
    degree = Fraction(item.settings["y"]) if item.op == "integer_pow" else item.inputs[1].number
    if degree is None:
        return t.opaque(item, "a power whose exponent is no number")
    return t.graph.power(t.value(item.inputs[0]), degree, "power")


@handles("max", "min", "clamp")
def bounded(t: Translation, item: Item) -> Value:
    """The larger or the smaller of two: max(x, 0), a length that is kept from 0, or one of them at each
    place, as data says."""
    moving = [x for x in item.inputs if x.moving]
    still = [x for x in item.inputs if not x.moving]
    if len(moving) == 1:
        x = t.value(moving[0])
        if all(y.is_zero for y in still):
            return t.graph.power(x, 1)
        near = kept_from_zero(t.graph, x, still[0].number) if item.op == "max" else None
        if near is not None:
            return near
    return _one_of(t, item, item.inputs)


@handles("select_n")
def select(t: Translation, item: Item) -> Value:
    """One of several at each place, as data says."""
    return _one_of(t, item, item.inputs[1:])


def _one_of(t: Translation, item: Item, cases: tuple[Item, ...]) -> Value:
    """The sum of what is 0 where it is not chosen.  What chooses is constant around almost every point."""
    parts = [masked(t.graph, t.graph.expand(t.value(x), item.shape)) for x in cases if x.moving]
    if all(x.moving or x.is_zero for x in cases):
        return t.graph.add(parts) if len(parts) > 1 else parts[0]
    return t.graph.add([*parts, t.graph.fixed(item.shape)])


@handles("masked")
def mask(t: Translation, item: Item) -> Value:
    """0 at some places."""
    return masked(t.graph, t.value(item.inputs[0]))


@handles("exp")
def exponential(t: Translation, item: Item) -> Value:
    """A shift becomes a scaling."""
    return t.graph.exponential(t.value(item.inputs[0]))


@handles("log")
def logarithm(t: Translation, item: Item) -> Value:
    """A scaling becomes a shift."""
    return t.graph.logarithm(t.value(item.inputs[0]))


@handles(
    "tanh", "logistic", "erf", "erfc", "erf_inv", "expm1", "log1p", "exp2", "sin", "cos", "tan", "asin",
    "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "lgamma", "digamma",
)  # fmt: skip
def entrywise(t: Translation, item: Item) -> Value:
    """A function of one entry with no symmetry that is used."""
    return t.opaque(item, "")
