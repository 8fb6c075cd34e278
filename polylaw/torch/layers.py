"""ATen operations that are layers: normalisations, attention, pooling, sums over axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from polylaw.networks import norms
from polylaw.networks.choices import extreme
from polylaw.networks.graph import Graph, Value
from polylaw.torch.contractions import product
from polylaw.torch.translation import Translation, handles


def _gained(graph: Graph, x: Value, gain: Value | None, bias: Value | None, shape: Sequence[int]) -> Value:
    """gain x + bias, where both are arranged in this shape first."""
    if gain is not None:
        x = graph.multiply([x, graph.reshape(gain, shape)])
    return x if bias is None else graph.add([x, graph.reshape(bias, shape)])


@handles("layer_norm", "native_layer_norm", "rms_norm", "_fused_rms_norm")
def layer_norm(
    t: Translation,
    input: Value,
    normalized_shape: list[int],
    node: torch.fx.Node,
    weight: Value | None = None,
    bias: Value | None = None,
    eps: float | None = None,
) -> Value:
    """LayerNorm and RMSNorm."""
    axes = list(range(-len(normalized_shape), 0))
    centred = "rms" not in node.target._schema.name
    x = t.graph.normalise(input, axes, centred=centred, eps=eps != 0)
    return _gained(t.graph, x, weight, bias, normalized_shape)


@handles("group_norm", "native_group_norm")
def group_norm(
    t: Translation,
    input: Value,
    weight: Value | None = None,
    bias: Value | None = None,
    num_groups: int | None = None,
    group: int | None = None,
    eps: float = 1e-5,
) -> Value:
    """GroupNorm: LayerNorm over groups of channels and all places."""
    g, (batch, channels, *space) = t.graph, input.shape
    groups = num_groups or group or 1
    x = g.reshape(input, (batch, groups, channels // groups, *space))
    x = g.normalise(x, list(range(2, len(x.shape))), centred=True, eps=eps != 0)
    return _gained(g, g.reshape(x, input.shape), weight, bias, (channels, *(1,) * len(space)))


@handles(
    "batch_norm",
    "_native_batch_norm_legit_functional",
    "_native_batch_norm_legit",
    "native_batch_norm",
    "_native_batch_norm_legit_no_training",
    "cudnn_batch_norm",
    "_batch_norm_with_update_functional",
)
def batch_norm(
    t: Translation,
    input: Value,
    weight: Value | None = None,
    bias: Value | None = None,
    training: bool = False,
    eps: float = 1e-5,
) -> Value:
    """BatchNorm: over batch and places, or with constants."""
    g, n = t.graph, len(input.shape)
    shape = (input.shape[1], *(1,) * (n - 2))
    if training:
        x = g.normalise(input, [0, *range(2, n)], centred=True, eps=eps != 0)
    else:
        x = g.multiply([g.add([input, g.fixed(shape)]), g.fixed(shape)])
    return _gained(g, x, weight, bias, shape)


@handles("instance_norm")
def instance_norm(
    t: Translation,
    input: Value,
    weight: Value | None = None,
    bias: Value | None = None,
    use_input_stats: bool = True,
    eps: float = 1e-5,
) -> Value:
    """InstanceNorm: over places."""
    g, n = t.graph, len(input.shape)
    shape = (input.shape[1], *(1,) * (n - 2))
    if use_input_stats:
        x = g.normalise(input, list(range(2, n)), centred=True, eps=eps != 0)
    else:
        x = g.multiply([g.add([input, g.fixed(shape)]), g.fixed(shape)])
    return _gained(g, x, weight, bias, shape)


@handles("_weight_norm", "_weight_norm_interface")
def weight_norm(t: Translation, v: Value, g: Value, dim: int = 0) -> Any:
    """g v/|v|, a length for each index of an axis."""
    others = [k for k in range(len(v.shape)) if k != dim % len(v.shape)]
    return t.graph.multiply([t.graph.normalise(v, others, centred=False, eps=False), g])


@handles("softmax", "_softmax", "_safe_softmax")
def softmax(t: Translation, self: Value, dim: int) -> Value:
    """Softmax."""
    return t.graph.softmax(self, dim)


@handles("log_softmax", "_log_softmax")
def log_softmax(t: Translation, self: Value, dim: int) -> Value:
    """Its logarithm."""
    return t.graph.opaque([t.graph.centre(self, [dim])], self.shape, "")


@handles("scaled_dot_product_attention")
def attention(
    t: Translation,
    query: Value,
    key: Value,
    value: Value,
    attn_mask: Value | None = None,
    dropout_p: float = 0.0,
    enable_gqa: bool = False,
) -> Value:
    """softmax(q k' + mask) v; heads of keys may serve several heads of queries."""
    g = t.graph
    if enable_gqa and query.shape[-3] != key.shape[-3]:
        shared = query.shape[-3] // key.shape[-3]
        key, value = (_repeated(g, x, shared) for x in (key, value))
    order = [*range(len(key.shape) - 2), len(key.shape) - 1, len(key.shape) - 2]
    scores = product(g, query, g.permute(key, order))
    if attn_mask is not None:
        scores = g.add([scores, attn_mask])
    weights = g.softmax(scores, -1)
    if dropout_p:
        weights = g.multiply([weights, g.fixed(weights.shape)])
    return product(g, weights, value)


def _repeated(graph: Graph, x: Value, times: int) -> Value:
    *batch, heads, length, size = x.shape
    apart = graph.reshape(x, (*batch, heads, 1, length, size))
    apart = graph.expand(apart, (*batch, heads, times, length, size))
    return graph.reshape(apart, (*batch, heads * times, length, size))


def _dims(x: Value, dim: Any) -> list[int]:
    if dim is None or dim == []:
        return list(range(len(x.shape)))
    return [dim] if isinstance(dim, int) else list(dim)


@handles("mean", "sum")
def total(t: Translation, self: Value, node: torch.fx.Node, dim: Any = None, keepdim: bool = False) -> Value:
    """Sums and averages; of squares they are lengths."""
    mean = node.target._schema.name == "aten::mean"
    return norms.total(t.graph, self, _dims(self, dim), keep=keepdim, mean=mean)


@handles("var", "std", "var_mean", "std_mean")
def variance(t: Translation, self: Value, node: torch.fx.Node, dim: Any = None, keepdim: bool = False) -> Any:
    """A length of what is centred."""
    axes, name = _dims(self, dim), node.target._schema.name
    found = t.graph.length(t.graph.centre(self, axes), axes, keep=keepdim)
    found = found if "std" in name else t.graph.power(found, 2, "power")
    return [found, t.graph.mean(self, axes, keep=keepdim)] if "mean" in name else found


@handles("linalg_vector_norm", "norm", "linalg_norm", "frobenius_norm")
def length(
    t: Translation, self: Value, ord: Any = 2, p: Any = None, dim: Any = None, keepdim: bool = False
) -> Value:
    """A norm: homogeneous, and for p = 2 a length."""
    axes = _dims(self, dim)
    if (p if p is not None else ord) in (2, None):
        return t.graph.length(self, axes, keep=keepdim)
    return extreme(t.graph, self, axes, keep=keepdim, affine=False)


@handles("norm_except_dim")
def norm_except_dim(t: Translation, v: Value, node: torch.fx.Node, pow: int = 2, dim: int = 0) -> Any:
    """A length for each index of an axis."""
    if pow != 2:
        return t.opaque(node, "a norm that is no length")
    return t.graph.length(v, [k for k in range(len(v.shape)) if k != dim], keep=True)


@handles("amax", "amin", "max", "min")
def largest(t: Translation, self: Value, node: torch.fx.Node, dim: Any = None, keepdim: bool = False) -> Any:
    """The largest entries along axes."""
    if "other" in {a.name for a in node.target._schema.arguments}:
        return t.opaque(node, "the larger of two")
    found = extreme(t.graph, self, _dims(self, dim), keep=keepdim)
    return [found, None] if isinstance(node.meta["val"], (list, tuple)) else found


@handles("topk", "sort", "kthvalue", "median", "cummax")
def sorted_entries(t: Translation, self: Value, shape: tuple[int, ...], dim: int = -1) -> Any:
    """Entries in another order."""
    if len(shape) != len(self.shape):
        return [extreme(t.graph, self, [dim]), None]
    return [t.graph.carry_along(self, [dim], shape, linear=False, affine=True), None]


@handles(
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "adaptive_max_pool2d",
    "adaptive_max_pool1d",
    "max_pool2d_with_indices",
    "max_pool1d_with_indices",
    "max_pool3d_with_indices",
    "adaptive_max_pool3d",
)
def max_pool(t: Translation, self: Value, shape: tuple[int, ...], node: torch.fx.Node) -> Any:
    """Maxima over windows of places."""
    found = t.graph.carry_along(self, _places(node), shape, linear=False, affine=True)
    return [found, None] if isinstance(node.meta["val"], (list, tuple)) else found


@handles("avg_pool1d", "avg_pool2d", "avg_pool3d")
def avg_pool(
    t: Translation,
    self: Value,
    shape: tuple[int, ...],
    node: torch.fx.Node,
    padding: Any = 0,
    divisor_override: int | None = None,
) -> Value:
    """Averages over windows of places."""
    whole = not divisor_override and not any([padding] if isinstance(padding, int) else padding)
    return t.graph.carry_along(self, _places(node), shape, linear=True, affine=whole)


@handles(
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "_adaptive_avg_pool2d",
    "upsample_nearest2d",
    "upsample_bilinear2d",
    "upsample_nearest1d",
    "upsample_linear1d",
    "upsample_bicubic2d",
    "upsample_nearest3d",
    "upsample_trilinear3d",
    "reflection_pad1d",
    "reflection_pad2d",
    "replication_pad1d",
    "replication_pad2d",
    "_adaptive_avg_pool3d",
)
def resample(
    t: Translation, shape: tuple[int, ...], node: torch.fx.Node, self: Any = None, input: Any = None
) -> Value:
    """Averages and copies of places, with weights that add up to 1."""
    x = self if self is not None else input
    return t.graph.carry_along(x, _places(node), shape, linear=True, affine=True)


def _places(node: torch.fx.Node) -> list[int]:
    """The axes of places of an operation that is called after their number, as `max_pool2d`."""
    name = node.target._schema.name
    return [-k for k in (1, 2, 3) if any(f"{n}d" in name for n in range(k, 4))]


@handles("flip", "roll", "fliplr", "flipud")
def moved(t: Translation, self: Value, shape: tuple[int, ...], dims: Any = None) -> Value:
    """Entries along axes in another order."""
    return t.graph.carry_along(self, _dims(self, dims), shape, linear=True, affine=True)


@handles("cumsum")
def cumulated(t: Translation, self: Value, dim: int) -> Value:
    """Sums of those before."""
    return t.graph.carry_along(self, [dim], self.shape, linear=True, affine=False)


@handles("pad", "constant_pad_nd")
def pad(
    t: Translation,
    self: Value,
    pad: list[int],
    node: torch.fx.Node,
    mode: str = "constant",
    value: Any = None,
) -> Any:
    """More places, made of 0 or of those that are there."""
    if mode == "constant" and value not in (None, 0, 0.0):
        return t.opaque(node, "padded with a constant")
    n = len(self.shape)
    axes = [n - 1 - k // 2 for k in range(0, len(pad), 2) if pad[k] or pad[k + 1]]
    shape = list(self.shape)
    for k in range(0, len(pad), 2):
        shape[n - 1 - k // 2] += pad[k] + pad[k + 1]
    return t.graph.carry_along(self, axes, shape, linear=True, affine=mode != "constant")
