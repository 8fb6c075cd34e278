"""ATen operations on entries: sums, products, powers, activations, masks."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import torch

from polylaw.networks.choices import MINUS_INFINITY, masked
from polylaw.networks.graph import Value
from polylaw.networks.norms import kept_from_zero, plus
from polylaw.torch.translation import Translation, handles


def _number(x: Any) -> Fraction | None:
    """A number that is finite, exactly."""
    return Fraction(x) if isinstance(x, (int, float)) and math.isfinite(x) else None


@handles("add", "add_", "sub", "sub_", "rsub")
def add(t: Translation, self: Any, other: Any, node: torch.fx.Node, alpha: Any = 1) -> Any:
    """self + alpha other, and what is called so."""
    name = node.target._schema.name.split("::")[1]
    sign = -Fraction(alpha) if "sub" in name else Fraction(alpha)
    weights = (sign, Fraction(1)) if name == "rsub" else (Fraction(1), sign)
    if isinstance(self, Value) and isinstance(other, Value):
        return t.graph.add([self, other], weights)
    x, number = (self, other) if isinstance(self, Value) else (other, self)
    own = weights[0 if x is self else 1]
    return plus(t.graph, x, _number(number), own)


@handles("mul", "mul_", "div", "div_", "true_divide", "multiply", "divide")
def multiply(t: Translation, self: Any, other: Any, node: torch.fx.Node, rounding_mode: Any = None) -> Any:
    """Products and quotients."""
    if rounding_mode is not None:
        return t.opaque(node, "a rounded quotient")
    divides = "div" in node.target._schema.name
    if isinstance(self, Value) and isinstance(other, Value):
        if self == other and not divides:
            return t.graph.power(self, 2, "power")
        return t.graph.multiply([self, other], [1, -1] if divides else ())
    x, number = (self, _number(other)) if isinstance(self, Value) else (other, _number(self))
    if number is None or (divides and x is self and number == 0):
        return t.opaque(node, "a factor that is no finite number")
    if divides and x is other:
        return t.graph.power(x, -1, "power")
    return t.graph.add([x], [1 / number if divides else number])


@handles("neg", "neg_", "negative")
def negate(t: Translation, self: Value) -> Value:
    """-x."""
    return t.graph.add([self], [-1])


@handles("relu", "relu_", "leaky_relu", "leaky_relu_", "abs", "absolute", "relu_copy")
def homogeneous(t: Translation, self: Value) -> Value:
    """Positively homogeneous of degree 1."""
    return t.graph.power(self, 1)


@handles("prelu", "_prelu_kernel", "rrelu")
def prelu(t: Translation, self: Value, weight: Value) -> Value:
    """max(x, 0) + w min(x, 0): x has its degree, while w stands still."""
    n = len(self.shape)
    if len(weight.shape) == 1 and weight.shape[0] > 1 and n > 1:
        weight = t.graph.reshape(weight, (weight.shape[0], *(1,) * (n - 2)))
    still = t.graph.opaque([weight], weight.shape, "a slope")
    return t.graph.power(t.graph.add([t.graph.power(self, 1), t.graph.multiply([self, still])]), 1)


_ROOTS = {
    "sqrt": Fraction(1, 2), "rsqrt": Fraction(-1, 2), "reciprocal": Fraction(-1), "square": Fraction(2),
    "sqrt_": Fraction(1, 2), "rsqrt_": Fraction(-1, 2),
}  # fmt: skip


@handles(*_ROOTS)
def root(t: Translation, self: Value, node: torch.fx.Node) -> Value:
    """A power."""
    return t.graph.power(self, _ROOTS[node.target._schema.name.split("::")[1]], "power")


@handles("pow", "pow_")
def power(t: Translation, self: Any, exponent: Any, node: torch.fx.Node) -> Any:
    """A power with a rational exponent."""
    number = _number(exponent)
    if not isinstance(self, Value) or number is None:
        return t.opaque(node, "a power whose exponent is no number")
    return t.graph.power(self, number, "power")


@handles("clamp", "clamp_min", "clamp_", "hardtanh", "clamp_min_", "maximum")
def clamp(t: Translation, self: Value, node: torch.fx.Node, min: Any = None, max: Any = None) -> Any:
    """max(x, 0), and a length that is kept from 0."""
    if max is None and min == 0:
        return t.graph.power(self, 1)
    near = kept_from_zero(t.graph, self, _number(min)) if max is None else None
    return t.opaque(node, "") if near is None else near


@handles("dropout", "native_dropout", "dropout_", "alpha_dropout", "feature_dropout")
def dropout(
    t: Translation, node: torch.fx.Node, p: float, input: Any = None, train: bool | None = True
) -> Any:
    """A product with data."""
    if not train or p == 0:
        return input
    if "alpha" in node.target._schema.name:
        return t.opaque(node, "")
    whole = input.shape
    shape = (*whole[:2], *(1,) * (len(whole) - 2)) if "feature" in node.target._schema.name else whole
    return t.graph.multiply([input, t.graph.fixed(shape)])


#: What a softmax is called, and what may stand between it and a mask of minus infinity.
_SOFTMAX = ("softmax", "_softmax", "_safe_softmax", "log_softmax", "_log_softmax")
_ON_THE_WAY = (
    "view", "_unsafe_view", "reshape", "expand", "unsqueeze", "squeeze", "permute", "transpose", "clone",
    "contiguous", "to", "_to_copy", "add", "masked_fill", "where",
)  # fmt: skip


def _masks_a_softmax(node: torch.fx.Node) -> bool:
    """Whether all that reads it are softmaxes, perhaps after it was arranged anew or masked once more: there
    minus infinity stays where it is, whatever is added, and nothing comes back from it."""
    ahead, seen = [node], {node}
    while ahead:
        users = [user for user in ahead.pop().users if user not in seen]
        names = [str(getattr(user.target, "_schema", user).name).removeprefix("aten::") for user in users]
        if any(name not in (*_SOFTMAX, *_ON_THE_WAY) for name in names):
            return False
        seen.update(users)
        ahead += [user for user, name in zip(users, names, strict=True) if name in _ON_THE_WAY]
    return len(seen) > 1


@handles("where")
def where(t: Translation, self: Any, other: Any, node: torch.fx.Node) -> Any:
    """One or the other, as data says."""
    _, *sides = node.args
    minus_infinity = any(isinstance(s, (int, float)) and s < MINUS_INFINITY for s in sides)
    if minus_infinity and _masks_a_softmax(node):
        x = self if isinstance(self, Value) else other
        return t.graph.add([x, t.graph.fixed(node.meta["val"].shape)])
    zero = [s in t.zero if isinstance(s, torch.fx.Node) else s == 0 for s in sides]
    if zero[0]:
        return masked(t.graph, other)
    if zero[1]:
        return masked(t.graph, self)
    sides = [masked(t.graph, x) if isinstance(x, Value) else t.graph.fixed(()) for x in (self, other)]
    return t.graph.add(sides)


@handles("masked_fill", "masked_fill_")
def masked_fill(t: Translation, self: Value, value: Any, node: torch.fx.Node) -> Any:
    """A number where data says so."""
    if isinstance(value, (int, float)):
        if value == 0:
            return masked(t.graph, self)
        if value < MINUS_INFINITY and _masks_a_softmax(node):
            return t.graph.add([self, t.graph.fixed(self.shape)])
    return t.graph.add([masked(t.graph, self), t.graph.fixed(self.shape)])


@handles("triu", "tril")
def triangle(t: Translation, self: Value) -> Value:
    """0 at some places."""
    return masked(t.graph, self)


@handles("exp", "exp_")
def exponential(t: Translation, self: Value) -> Value:
    """A shift becomes a scaling."""
    return t.graph.exponential(self)


@handles("log", "log_")
def logarithm(t: Translation, self: Value) -> Value:
    """A scaling becomes a shift."""
    return t.graph.logarithm(self)


@handles("logsumexp")
def logarithm_of_sum(t: Translation, self: Value, dim: list[int], keepdim: bool = False) -> Value:
    """log sum exp."""
    return t.graph.logarithm(t.graph.total(t.graph.exponential(self), dim, keep=keepdim))


@handles(
    "gelu",
    "silu",
    "silu_",
    "tanh",
    "tanh_",
    "sigmoid",
    "sigmoid_",
    "expm1",
    "softplus",
    "cos",
    "sin",
    "erf",
    "log1p",
    "elu",
    "elu_",
    "hardswish",
    "hardswish_",
    "mish",
    "mish_",
    "selu",
    "selu_",
    "relu6",
    "log_sigmoid",
    "hardsigmoid",
    "hardsigmoid_",
    "celu",
    "softshrink",
    "tan",
    "atan",
    "log_sigmoid_forward",
)
def entrywise(t: Translation, node: torch.fx.Node) -> Any:
    """A function of one entry with no symmetry that is used."""
    return t.opaque(node, "")
