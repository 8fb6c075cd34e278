"""ATen operations that contract: linear layers, matrix products, convolutions, embeddings."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import torch

from polylaw.networks import windows
from polylaw.networks.choices import chosen
from polylaw.networks.graph import Graph, Value
from polylaw.networks.windows import Window
from polylaw.torch.translation import Translation, handles


def biased(graph: Graph, y: Value, bias: Value | None) -> Value:
    """y + bias, if there is one."""
    return y if bias is None else graph.add([y, bias])


@handles("linear")
def linear(t: Translation, input: Value, weight: Value, bias: Value | None = None) -> Value:
    """x W' + b."""
    n = len(input.shape)
    if len(weight.shape) == 1:
        y = t.graph.contract([input, weight], [tuple(range(n)), (n - 1,), tuple(range(n - 1))])
    else:
        y = t.graph.contract([input, weight], [tuple(range(n)), (n, n - 1), (*range(n - 1), n)])
    return biased(t.graph, y, bias)


def product(graph: Graph, one: Value, two: Value) -> Value:
    """The matrix product, broadcast over leading axes as numpy does."""
    a, b = len(one.shape), len(two.shape)
    if a == 1 or b == 1:
        left = (*range(2, a + 1), 0)
        right = (0,) if b == 1 else (*range(a + 1, a + b - 1), 0, 1)
        out = (*left[:-1], *(k for k in right if k != 0))
        return graph.contract([one, two], [left, right, out])
    n = max(a, b)
    batch = tuple(range(3, n + 1))
    left = (*batch[n - a :], 0, 1)
    right = (*batch[n - b :], 1, 2)
    return graph.contract([one, two], [left, right, (*batch, 0, 2)])


@handles("mm", "bmm", "matmul", "mv", "dot", "vdot")
def matmul(
    t: Translation, self: Value, mat2: Any = None, other: Any = None, vec: Any = None, tensor: Any = None
) -> Value:
    """A matrix product."""
    return product(t.graph, self, next(x for x in (mat2, other, vec, tensor) if x is not None))


@handles("inner")
def inner(t: Translation, self: Value, other: Value, node: torch.fx.Node) -> Any:
    """The sum over the last axes of both."""
    if len(other.shape) > 2:
        return t.opaque(node, "an inner product with an array of three axes")
    return product(t.graph, self, t.graph.permute(other, range(len(other.shape))[::-1]))


@handles("addmm", "baddbmm")
def addmm(
    t: Translation,
    self: Value,
    beta: Any = 1,
    alpha: Any = 1,
    mat1: Any = None,
    mat2: Any = None,
    batch1: Any = None,
    batch2: Any = None,
) -> Value:
    """beta self + alpha mat1 mat2."""
    found = product(t.graph, batch1 if mat1 is None else mat1, batch2 if mat2 is None else mat2)
    return t.graph.add([self, found], [Fraction(beta), Fraction(alpha)])


@handles("outer", "ger")
def outer(t: Translation, self: Value, vec2: Value) -> Value:
    """x y'."""
    return t.graph.contract([self, vec2], [(0,), (1,), (0, 1)])


@handles("conv1d", "conv2d", "conv3d")
def convolution(
    t: Translation,
    input: Value,
    weight: Value,
    shape: tuple[int, ...],
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    bias: Value | None = None,
    groups: int = 1,
) -> Value:
    """Windows of x against W, in groups of channels."""
    d = len(weight.shape) - 2
    settings = zip(*(_each(x, d) for x in (stride, padding, dilation)), strict=True)
    along = [
        Window(
            input.shape[k - d],
            weight.shape[k + 2],
            shape[k - d],
            step,
            _before(pad, apart, weight.shape[k + 2]),
            apart,
        )
        for k, (step, pad, apart) in enumerate(settings)
    ]
    return _with_bias(t.graph, windows.convolution(t.graph, input, weight, along, groups), bias, d)


@handles("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def transposed_convolution(
    t: Translation,
    input: Value,
    weight: Value,
    shape: tuple[int, ...],
    bias: Value | None = None,
    groups: int = 1,
) -> Value:
    """x against W, laid over each other: each entry of y is a sum of some of those products."""
    g, d = t.graph, len(weight.shape) - 2
    batch, taps = input.shape[: -d - 1], weight.shape[2:]
    channels = weight.shape[0] // groups
    x = g.reshape(input, (*batch, groups, channels, *input.shape[-d:]))
    w = g.reshape(weight, (groups, channels, weight.shape[1], *taps))
    lead, place, tap, where = tuple(range(len(batch))), _run(20, d), _run(30, d), _run(40, d)
    y = g.contract([x, w], [(*lead, 10, 11, *where), (10, 11, 12, *tap), (*lead, 10, 12, *where, *tap)])
    y = g.carry(
        y,
        [(*lead, 10, 12, *where, *tap), (*lead, 10, 12, *place)],
        (*batch, groups, weight.shape[1], *shape[-d:]),
        linear=True,
        affine=False,
    )
    return _with_bias(g, g.reshape(y, shape), bias, d)


def _with_bias(graph: Graph, y: Value, bias: Value | None, d: int) -> Value:
    return y if bias is None else graph.add([y, graph.reshape(bias, (*bias.shape, *(1,) * d))])


def _run(start: int, length: int) -> tuple[int, ...]:
    return tuple(range(start, start + length))


def _each(setting: Any, dimensions: int) -> list[Any]:
    """A setting of a convolution for each of its dimensions."""
    listed = [setting] if isinstance(setting, (int, str)) else list(setting)
    return listed * dimensions if len(listed) == 1 else listed


def _before(padding: int | str, dilation: int, taps: int) -> int:
    """Padding in front of the first entry."""
    return dilation * (taps - 1) // 2 if padding == "same" else 0 if padding == "valid" else int(padding)


@handles("embedding")
def embedding(t: Translation, weight: Value, indices: Value) -> Value:
    """Rows of a table."""
    return chosen(t.graph, weight, 0, indices.shape)


@handles("index_select")
def index_select(t: Translation, self: Value, dim: int, index: Value) -> Value:
    """Some indices of an axis."""
    return chosen(t.graph, self, dim, index.shape)


@handles("index", "_unsafe_index")
def index(t: Translation, self: Value, indices: list[Any], node: torch.fx.Node) -> Any:
    """Entries at the places that data says."""
    given = [k for k, found in enumerate(indices) if found is not None]
    raw = [n for n in node.args[1] if n is not None]
    if any(n.meta["val"].dtype == torch.bool for n in raw):
        return t.opaque(node, "chosen by a mask")
    shape = torch.broadcast_shapes(*(n.meta["val"].shape for n in raw))
    if given != list(range(given[0], given[-1] + 1)):
        return t.opaque(node, "chosen along axes that are apart")
    first, last, whole = given[0], given[-1] + 1, self.shape
    merged = t.graph.reshape(self, (*whole[:first], prod(whole[first:last]), *whole[last:]))
    return chosen(t.graph, merged, first, shape)


@handles("gather", "take_along_dim")
def gather(t: Translation, self: Value, dim: int, index: Value, node: torch.fx.Node) -> Any:
    """Entries of an axis, others for each place."""
    n, dim = len(self.shape), dim % max(1, len(self.shape))
    if any(a != b for k, (a, b) in enumerate(zip(self.shape, index.shape, strict=True)) if k != dim):
        return t.opaque(node, "gathered from a part")
    kept = tuple(range(n))
    out = tuple(100 if k == dim else k for k in kept)
    one = t.graph.fixed((*index.shape, self.shape[dim]), {n: 1})
    return t.graph.contract([one, self], [(*out, dim), kept, out])
