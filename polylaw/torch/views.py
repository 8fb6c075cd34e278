"""ATen operations that arrange entries anew."""

from __future__ import annotations

from typing import Any

import torch

from polylaw.networks.graph import Value
from polylaw.torch.translation import Translation, handles, shape_of


@handles(
    "view",
    "_unsafe_view",
    "reshape",
    "view_as",
    "reshape_as",
    "flatten",
    "unflatten",
    "unsqueeze",
    "squeeze",
    "squeeze_copy",
    "view_copy",
    "unsqueeze_copy",
    "expand_dims",
)
def reshape(t: Translation, self: Value, shape: tuple[int, ...]) -> Value:
    """The shape that torch found."""
    return t.graph.reshape(self, shape)


@handles(
    "clone",
    "contiguous",
    "alias",
    "lift_fresh_copy",
    "lift_fresh",
    "to",
    "_to_copy",
    "type_as",
    "positive",
    "expand_copy",
    "requires_grad_",
    "view_dtype",
    "float",
    "double",
    "fill_",
)
def same(self: Value) -> Value:
    """The same numbers."""
    return self


@handles("detach", "detach_copy", "detach_")
def detach() -> None:
    """The backward pass takes it for a constant, and so do we."""


@handles("permute", "permute_copy")
def permute(t: Translation, self: Value, dims: list[int]) -> Value:
    """The axes in another order."""
    return t.graph.permute(self, dims)


@handles("transpose", "transpose_copy", "swapaxes", "swapdims")
def transpose(
    t: Translation,
    self: Value,
    dim0: int = 0,
    dim1: int = 1,
    axis0: int | None = None,
    axis1: int | None = None,
) -> Value:
    """Two axes change places."""
    order = list(range(len(self.shape)))
    a, b = (dim0, dim1) if axis0 is None or axis1 is None else (axis0, axis1)
    order[a], order[b] = order[b], order[a]
    return t.graph.permute(self, order)


@handles("t", "numpy_T", "t_copy", "mT", "adjoint")
def reverse(t: Translation, self: Value) -> Value:
    """The last two axes change places."""
    n = len(self.shape)
    return t.graph.permute(self, [*range(n - 2), *reversed(range(max(0, n - 2), n))])


@handles("movedim", "moveaxis")
def movedim(t: Translation, self: Value, source: Any, destination: Any) -> Value:
    """Axes move."""
    probe = torch.movedim(
        torch.empty([k + 2 for k in range(len(self.shape))], device="meta"), source, destination
    )
    return t.graph.permute(self, [n - 2 for n in probe.shape])


@handles("expand", "expand_as", "broadcast_to")
def expand(t: Translation, self: Value, shape: tuple[int, ...]) -> Value:
    """Repeated along axes."""
    return t.graph.expand(self, shape)


@handles("repeat", "tile")
def repeat(t: Translation, self: Value, shape: tuple[int, ...]) -> Value:
    """Repeated one after the other, along axes in front of those that are repeated."""
    x = t.graph.reshape(self, (1,) * (len(shape) - len(self.shape)) + self.shape)
    return t.graph.tile(x, [n // m for n, m in zip(shape, x.shape, strict=True)])


@handles("repeat_interleave")
def repeat_interleave(
    t: Translation, self: Value, repeats: Any, node: torch.fx.Node, dim: int | None = None
) -> Any:
    """Every entry some times, along an axis behind it."""
    if not isinstance(repeats, int):
        return t.opaque(node, "repeated unlike often")
    x = self if dim is not None else t.graph.reshape(self, (-1,))
    dim = (dim or 0) % len(x.shape)
    apart = t.graph.reshape(x, (*x.shape[: dim + 1], 1, *x.shape[dim + 1 :]))
    apart = t.graph.expand(apart, (*x.shape[: dim + 1], repeats, *x.shape[dim + 1 :]))
    return t.graph.reshape(apart, shape_of(node))


@handles("slice", "slice_copy")
def narrow(
    t: Translation, self: Value, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Value:
    """Some indices of an axis."""
    first, last, step = slice(start, end, step).indices(self.shape[dim])
    return t.graph.narrow(self, dim, first, last, step)


@handles("narrow", "narrow_copy")
def narrowed(t: Translation, self: Value, dim: int, start: int, length: int) -> Value:
    """Some indices of an axis."""
    return t.graph.narrow(self, dim, start, start + length)


@handles("select", "select_copy")
def select(t: Translation, self: Value, dim: int, index: int) -> Value:
    """One index of an axis."""
    return t.graph.select(self, dim, index)


@handles("unbind", "unbind_copy")
def unbind(t: Translation, self: Value, dim: int = 0) -> list[Value]:
    """All indices of an axis, each by itself."""
    return [t.graph.select(self, dim, k) for k in range(self.shape[dim])]


@handles("split", "split_with_sizes", "chunk", "split_copy", "split_with_sizes_copy", "tensor_split")
def split(t: Translation, self: Value, node: torch.fx.Node, dim: int = 0) -> list[Value]:
    """An axis in pieces."""
    found, start = [], 0
    for piece in node.meta["val"]:
        size = int(piece.shape[dim])
        found.append(t.graph.narrow(self, dim, start, start + size))
        start += size
    return found


@handles("cat", "concat", "concatenate")
def cat(t: Translation, tensors: list[Value], dim: int = 0) -> Value:
    """One after the other."""
    return t.graph.concatenate([x for x in tensors if x.shape != (0,)], dim)


@handles("stack")
def stack(t: Translation, tensors: list[Value], dim: int = 0) -> Value:
    """Along a new axis."""
    n = len(tensors[0].shape) + 1
    dim %= n
    apart = [t.graph.reshape(x, (*x.shape[:dim], 1, *x.shape[dim:])) for x in tensors]
    return t.graph.concatenate(apart, dim)
