"""Convolutional networks: kernels share their weights over positions, so laws belong to channels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import mul

from polylaw.errors import InputError
from polylaw.models.contraction import Labels, contraction, gathered
from polylaw.models.family import family
from polylaw.models.linear import widths_of
from polylaw.models.model import Array, Layout, Model, named, width
from polylaw.models.options import one_of, one_per_place

__all__ = ["conv"]


@family(
    "conv",
    arguments="channels c0,c1,...; taps=3, stride=1 (one for all layers or one each); dim=1|2; activation=linear|relu, e.g. 1,2,1?taps=2,2",
    phi="linear: coefficients of the composed kernel; relu: all products along channels and taps; Wk of shape c_k x c_(k-1) x taps",
    laws="gradient: |W1[j]|^2 - |W2[:,j]|^2 per hidden channel j, linear: the same for inner products of channels j and l, "
    "and if c0 = c2 = 1, taps agree and the first stride is 1 also <u_j, v_l> - <v_j, u_l>; momentum: linear only, skew",
    source="Marcotte, Gribonval, Peyre, arXiv 2506.06194",
)
def conv(
    *channels: int, taps: tuple[int, ...] | int = 3, stride: tuple[int, ...] | int = 1, dim: int = 1, activation: str = "linear"
) -> Model:
    """Layers y_k[j, t] = sum over i and a of Wk[j, i, a] y_(k-1)[i, stride_k t + a]; with dim=2 kernels are taps x taps.

    Composed, layers read the input at offset a_1 + s_1 (a_2 + s_2 (a_3 + ...)), axis by axis; the linear network is
    seen through the sums of all products with equal offset, the ReLU network through the products themselves
    (path lifting).  Laws: arXiv 2506.06194.
    """
    sizes = widths_of("conv", channels)
    layers = len(sizes) - 1
    taps = one_per_place(taps, layers, "conv option taps")
    stride = one_per_place(stride, layers, "conv option stride")
    if width(dim, "conv option dim") > 2:
        raise InputError("conv option dim", dim, "1 or 2", "write dim=1 for signals, dim=2 for images")
    layout = Layout()
    factors: list[tuple[Array, Labels]] = []
    for k, t in enumerate(taps):
        kernel = layout.array(f"W{k + 1}", sizes[k + 1], sizes[k], *[t] * dim)
        factors.append((kernel, (("c", k + 1), ("c", k), *(("a", k, axis) for axis in range(dim)))))
    tap_labels = [label for _, labels in factors for label in labels[2:]]
    if one_of(("linear", "relu"), activation, "conv option activation") == "relu":
        phi = contraction([*(("c", k) for k in range(layers, -1, -1)), *tap_labels], *factors)
    else:
        steps = list(accumulate(stride[:-1], mul, initial=1))
        phi = gathered(lambda index: (*index[:2], *_offset(index[2:], steps)), [("c", layers), ("c", 0), *tap_labels], *factors)
    name = f"{named('conv', sizes)} taps={_short(taps)} stride={_short(stride)} {dim}d {activation}"
    return layout.model(name, phi, source="arXiv 2506.06194")


def _offset(taps: Sequence[int], steps: Sequence[int]) -> list[int]:
    """Where taps a_1, a_2, ... read the input: sum of steps[k] a_k, on each axis."""
    axes = len(taps) // len(steps)
    return [sum(step * a for step, a in zip(steps, taps[axis::axes], strict=True)) for axis in range(axes)]


def _short(values: tuple[int, ...]) -> str:
    """`3` when all layers agree, else `3,2`."""
    return ",".join(map(str, values[:1] if len(set(values)) == 1 else values))
