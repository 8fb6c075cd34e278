"""Programs written in Python on arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from polylaw.algebra.rationals import rational
from polylaw.errors import InputError
from polylaw.networks.graph import Graph, Value


class Array:
    """A value of a program: an array with a shape, but without numbers.

    `+ - * /` broadcast as in numpy, `@` is a product of matrices, `**` takes multiples of 1/2; numbers are
    rational.  Functions are those of `polylaw.programs`."""

    __array_priority__ = 1000

    def __init__(self, graph: Graph, value: Value) -> None:
        self.graph, self.value = graph, value

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes."""
        return self.value.shape

    @property
    def T(self) -> Array:  # noqa: N802  (as in numpy)
        """With the axes in reverse."""
        return self._of(self.graph.permute(self.value, range(len(self.shape))[::-1]))

    def _of(self, value: Value) -> Array:
        return Array(self.graph, value)

    def _value(self, other: Any) -> Value:
        """Of a number, or of an array that fits."""
        if not isinstance(other, Array):
            return self.graph.constant([_number(other)], ())
        try:
            np.broadcast_shapes(self.shape, other.shape)
        except ValueError:
            expected = f"one that broadcasts with {self.shape}"
            raise InputError("shape", other.shape, expected) from None
        return other.value

    def __add__(self, other: Any) -> Array:
        return self._of(self.graph.add([self.value, self._value(other)]))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Array:
        return self._of(self.graph.add([self.value, self._value(other)], [1, -1]))

    def __rsub__(self, other: Any) -> Array:
        return self._of(self.graph.add([self.value, self._value(other)], [-1, 1]))

    def __neg__(self) -> Array:
        return self * -1

    def __mul__(self, other: Any) -> Array:
        if isinstance(other, Array):
            return self._of(self.graph.multiply([self.value, self._value(other)]))
        return self._of(self.graph.add([self.value], [_number(other)]))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Array:
        if isinstance(other, Array):
            return self._of(self.graph.multiply([self.value, self._value(other)], [1, -1]))
        return self * (1 / _number(other))

    def __rtruediv__(self, other: Any) -> Array:
        return (self**-1) * _number(other)

    def __pow__(self, exponent: Any) -> Array:
        return self._of(self.graph.power(self.value, _number(exponent), "power"))

    def __matmul__(self, other: Array) -> Array:
        n, m = len(self.shape), len(other.shape)
        if n < 2 or m < 2:
            raise InputError("@", (self.shape, other.shape), "arrays with two axes at least", "use einsum")
        batch = tuple(range(max(n, m) - 2))
        one = (*batch[len(batch) - n + 2 :], -1, -2)
        two = (*batch[len(batch) - m + 2 :], -2, -3)
        if self.shape[-1] != other.shape[-2]:
            raise InputError("@", (self.shape, other.shape), "as many columns as rows")
        return self._of(self.graph.contract([self.value, other.value], [one, two, (*batch, -1, -3)]))

    def __len__(self) -> int:
        """The length of its first axis."""
        if not self.shape:
            raise InputError("len", "a number", "an array with an axis")
        return self.shape[0]

    def __iter__(self) -> Iterator[Array]:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, index: Any) -> Array:
        """Indices and slices, one for each axis from the first on."""
        value, axis, parts = self.value, 0, index if isinstance(index, tuple) else (index,)
        for part in parts:
            size = value.shape[axis] if axis < len(value.shape) else 0
            whole = isinstance(part, int) and not isinstance(part, bool) and -size <= part < size
            if not whole and not (isinstance(part, slice) and range(size)[part]):
                raise InputError("index", index, f"indices or slices that {self.shape} has")
            if isinstance(part, slice):
                start, stop, step = part.indices(value.shape[axis])
                value, axis = self.graph.narrow(value, axis, start, stop, step), axis + 1
            else:
                value = self.graph.select(value, axis, part)
        return self._of(value)

    def reshape(self, *shape: int) -> Array:
        """The same entries, in C order, in this shape."""
        if prod(shape) != prod(self.shape) or min(shape, default=1) < 1:
            raise InputError("reshape", shape, f"a shape with the entries of {self.shape}")
        return self._of(self.graph.reshape(self.value, shape))

    def transpose(self, *axes: int) -> Array:
        """The axes in this order."""
        return self._of(self.graph.permute(self.value, axes))

    def sum(self, axis: int | Sequence[int], *, keepdims: bool = False) -> Array:
        """The sum over one axis or several."""
        axes = [axis] if isinstance(axis, int) else [*axis]
        return self._of(self.graph.total(self.value, axes, keep=keepdims))

    def mean(self, axis: int | Sequence[int], *, keepdims: bool = False) -> Array:
        """The average over one axis or several."""
        axes = [axis] if isinstance(axis, int) else [*axis]
        return self._of(self.graph.mean(self.value, axes, keep=keepdims))


def _number(value: Any) -> Fraction:
    return Fraction(rational(value, "number"))


# -- functions -----------------------------------------------------------------------------------------
def exp(x: Array) -> Array:
    """Entry by entry."""
    return Array(x.graph, x.graph.exponential(x.value))


def log(x: Array) -> Array:
    """Entry by entry."""
    return Array(x.graph, x.graph.logarithm(x.value))


def sqrt(x: Array) -> Array:
    """Entry by entry."""
    return x ** Fraction(1, 2)


def _function(name: str, doc: str) -> Any:
    def function(x: Array) -> Array:
        return Array(x.graph, x.graph.function(x.value, name))

    function.__name__, function.__doc__ = name, doc
    return function


sigmoid = _function("sigmoid", "1 / (1 + exp(-x))")
silu = _function("silu", "x sigmoid(x)")
tanh = _function("tanh", "The hyperbolic tangent.")
softplus = _function("softplus", "log(1 + exp(x))")
gelu = _function("gelu", "x times the normal distribution function.")
gelu_tanh = _function("gelu_tanh", "GELU as tanh approximates it.")


def relu(x: Array) -> Array:
    """max(x, 0)"""
    return Array(x.graph, x.graph.power(x.value, 1, "relu"))


def leaky_relu(x: Array, slope: Any = Fraction(1, 100)) -> Array:
    """x where it is positive, else slope x."""
    graph = x.graph
    return Array(graph, graph.means(graph.power(x.value, 1), "leaky_relu", _number(slope)))


def softmax(x: Array, axis: int = -1) -> Array:
    """exp(x) divided by its sum over an axis."""
    return Array(x.graph, x.graph.softmax(x.value, axis))


def layer_norm(x: Array, axis: int = -1, eps: Any = 0) -> Array:
    """x less its average, divided by the root of its variance plus eps."""
    return Array(x.graph, x.graph.normalise(x.value, [axis % len(x.shape)], centred=True, eps=_number(eps)))


def rms_norm(x: Array, axis: int = -1, eps: Any = 0) -> Array:
    """x divided by the root of the average of its squares plus eps."""
    return Array(x.graph, x.graph.normalise(x.value, [axis % len(x.shape)], centred=False, eps=_number(eps)))


def concatenate(arrays: Sequence[Array], axis: int = 0) -> Array:
    """One after the other along an axis."""
    shapes = [array.shape for array in arrays]
    n = len(shapes[0]) if shapes else 0
    if not (isinstance(axis, int) and -n <= axis < n and all(len(shape) == n for shape in shapes)):
        raise InputError("concatenate", shapes, "arrays with as many axes, and one of these")
    axis %= n
    if len({(*shape[:axis], *shape[axis + 1 :]) for shape in shapes}) > 1:
        raise InputError("concatenate", shapes, f"arrays of one shape but for axis {axis}")
    graph = arrays[0].graph
    return Array(graph, graph.concatenate([array.value for array in arrays], axis))


def einsum(subscripts: str, *arrays: Array) -> Array:
    """The sum of products that these subscripts say, as in numpy, with `->`."""
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    names = [*left.split(","), right]
    letters = {c: k for k, c in enumerate(dict.fromkeys("".join(names)))}
    if not arrow or len(names) != len(arrays) + 1 or not all(map(str.isalpha, letters)):
        raise InputError("subscripts", subscripts, "one for each array, and those of the result: ab,bc->ac")
    labels, sizes = [tuple(letters[c] for c in part) for part in names], dict[int, int]()
    for array, part in zip(arrays, labels, strict=False):
        if len(part) != len(array.shape) or any(
            sizes.setdefault(k, n) != n for k, n in zip(part, array.shape, strict=True)
        ):
            raise InputError(
                "subscripts", subscripts, f"an index for each axis of {array.shape}, of one length"
            )
    if not set(labels[-1]) <= set(sizes) or any(len(set(part)) < len(part) for part in labels):
        raise InputError("subscripts", subscripts, "each index once, those of the result among the others")
    graph = arrays[0].graph
    return Array(graph, graph.contract([a.value for a in arrays], labels))
