"""Convolutional networks: kernels share their weights over positions, so laws belong to channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import mul
from typing import Any

from polylaw.errors import InputError
from polylaw.models.description import Description, Graph, component
from polylaw.models.family import shaped_family
from polylaw.models.formulas import TRANSFORMATIVE, CountFormula, Moves
from polylaw.models.model import Index, Width, named, width
from polylaw.models.options import one_of, one_per_place


def _hidden_channels(channels: Sequence[int], activation: str, **_: Any) -> int | None:
    return channels[1] if len(channels) == 3 and activation == "relu" else None


@shaped_family(
    "conv",
    arguments="channels c0,c1,...; taps=3, stride=1 (one for all layers or one each); dim=1|2; "
    "activation=linear|relu, e.g. 1,2,1?taps=2,2",
    phi="linear: coefficients of the composed kernel; relu: all products along channels and taps; Wk of "
    "shape c_k x c_(k-1) x taps",
    laws="gradient: |W1[j]|^2 - |W2[:,j]|^2 per hidden channel j, linear: the same for inner products of "
    "channels j and l, "
    "and if c0 = c2 = 1, taps agree and the first stride is 1 also <u_j, v_l> - <v_j, u_l>; momentum: "
    "linear only, skew",
    source="Marcotte, Gribonval, Peyre, arXiv 2506.06194",
    counts=(
        CountFormula(Moves.GRADIENT, "c1", _hidden_channels, TRANSFORMATIVE, "two layers, activation=relu"),
    ),
    checked=("conv:1,2,1?taps=2,2&activation=relu",),
)
def conv(
    *channels: Width,
    taps: tuple[int, ...] | int = 3,
    stride: tuple[int, ...] | int = 1,
    dim: int = 1,
    activation: str = "linear",
) -> Description:
    """Layers y_k[j, t] = sum_(i, a) Wk[j, i, a] y_(k-1)[i, stride_k t + a]; dim=2: kernels are taps x taps.

    Composed, layers read the input at offset a_1 + s_1 (a_2 + s_2 (a_3 + ...)), axis by axis; the linear
    network is seen through the sums of all products with equal offset, the ReLU network through the products
    themselves (path lifting).  Laws: arXiv 2506.06194.
    """
    layers = range(1, len(channels))
    taps = one_per_place(taps, len(layers), "conv option taps")
    stride = one_per_place(stride, len(layers), "conv option stride")
    if width(dim, "conv option dim") > 2:
        raise InputError("conv option dim", dim, "1 or 2", "write dim=1 for signals, dim=2 for images")
    # axes of one width are those that meet, channels of neighbouring layers, so widths are the labels
    kernels = {f"W{k}": (f"c{k}", f"c{k - 1}", *(f"t{k}{x}" for x in "xy"[:dim])) for k in layers}
    tap_widths = [w for widths in kernels.values() for w in widths[2:]]
    extent = {f"c{k}": n for k, n in enumerate(channels)} | {
        f"t{k}{x}": t for k, t in zip(layers, taps, strict=True) for x in "xy"[:dim]
    }
    constants = {}
    one_of(("linear", "relu"), activation, "conv option activation")
    if activation == "relu":
        phi = component([*(f"c{k}" for k in reversed(range(len(channels)))), *tap_widths], *kernels.items())
    else:
        phi = component((f"c{len(layers)}", "c0", "s"), *kernels.items(), ("S", ("s", *tap_widths)))
        constants["S"] = Graph(("s", *tap_widths), _offset(taps, stride, dim))
    name = f"{named('conv', channels)} taps={_short(taps)} stride={_short(stride)} {dim}d {activation}"
    how: dict[str, Any] = {"constants": constants, "notes": (_ANY_OFFSETS,) if constants else ()}
    deep = activation == "relu" and len(layers) > 1
    return Description(name, kernels, [phi], extent, TRANSFORMATIVE, piecewise=deep, **how)


#: For all widths S may be anything, so that no stride and no coincidence of taps is used.
_ANY_OFFSETS = "S says which taps belong to an offset; laws that need more of it than that are not found here"


def _offset(taps: Sequence[int], stride: Sequence[int], dim: int) -> Callable[[Index], int]:
    """Where taps a_1, a_2, ... read the input: sum of steps[k] a_k per axis, two axes as one number."""
    steps = list(accumulate(stride[:-1], mul, initial=1))
    reach = 1 + sum(step * (t - 1) for step, t in zip(steps, taps, strict=True))
    weights = [step * reach ** (dim - 1 - axis) for step in steps for axis in range(dim)]
    return lambda index: sum(map(mul, weights, index))


def _short(values: tuple[int, ...]) -> str:
    """`3` when all layers agree, else `3,2`."""
    return ",".join(map(str, values[:1] if len(set(values)) == 1 else values))
