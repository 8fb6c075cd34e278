"""Primitives along axes: sums, lengths, maxima, windows, sorting; and loops that are not unrolled."""

from __future__ import annotations

from polylaw.jax.items import Item
from polylaw.jax.tracing import LONGEST
from polylaw.jax.translation import Translation, handles
from polylaw.networks import norms
from polylaw.networks.choices import extreme
from polylaw.networks.graph import Value
from polylaw.networks.windows import Window, windows_of


@handles("reduce_sum")
def total(t: Translation, item: Item) -> Value:
    """The sum over axes; of squares it is a length."""
    return norms.total(t.graph, t.value(item.inputs[0]), list(map(int, item.settings["axes"])))


@handles("variance")
def variance(t: Translation, item: Item) -> Value:
    """The average of the squares of what is centred."""
    x, axes = t.value(item.inputs[0]), item.settings["axes"]
    length = t.graph.length(t.graph.centre(x, axes), axes, keep=item.settings["kept"])
    return t.graph.power(length, 2, "power")


@handles("centre")
def centre(t: Translation, item: Item) -> Value:
    """x less its average over an axis."""
    return t.graph.centre(t.value(item.inputs[0]), item.settings["axes"])


@handles("reduce_max", "reduce_min", "reduce_some")
def largest(t: Translation, item: Item) -> Value:
    """The largest, or smallest, entries, or of some that data says."""
    return extreme(t.graph, t.value(item.inputs[0]), list(map(int, item.settings["axes"])))


@handles("sort", "top_k", "approx_top_k")
def sort(t: Translation, item: Item) -> Value:
    """Entries in another order, that of themselves or of other data."""
    p = item.settings
    axis = (
        p["dimension"] if item.op == "sort" else p["axis"] if item.op == "top_k" else p["reduction_dimension"]
    )
    x = t.value(item.inputs[p["index"]])
    return t.graph.carry_along(x, [axis], item.shape, linear=False, affine=True)


@handles("cumsum", "cummax", "cummin")
def cumulate(t: Translation, item: Item) -> Value:
    """Sums, or the largest, of those before."""
    linear = item.op == "cumsum"
    x = t.value(item.inputs[0])
    return t.graph.carry_along(x, [item.settings["axis"]], item.shape, linear=linear, affine=not linear)


@handles("reduce_window_max", "reduce_window_min")
def largest_of_windows(t: Translation, item: Item) -> Value:
    """The largest entries of windows."""
    return t.graph.carry_along(
        t.value(item.inputs[0]), list(_windows(item)), item.shape, linear=False, affine=True
    )


@handles("reduce_window_sum")
def sum_of_windows(t: Translation, item: Item) -> Value:
    """The sums over windows."""
    x, along = t.value(item.inputs[0]), _windows(item)
    if not along:
        return x
    order = [*(k for k in range(len(x.shape)) if k not in along), *along]
    windows = list(along.values())
    places, taps = tuple(w.places for w in windows), tuple(w.taps for w in windows)
    found = windows_of(t.graph, t.graph.permute(x, order), places, taps, full=all(w.is_full for w in windows))
    summed = t.graph.total(found, range(len(order), len(found.shape)))
    return t.graph.permute(summed, [order.index(k) for k in range(len(order))])


def _windows(item: Item) -> dict[int, Window]:
    """The windows along each axis that has more than its entries one by one."""
    p, [x, *_] = item.settings, item.inputs
    settings = zip(
        x.shape, p["window_dimensions"], item.shape, p["window_strides"], (low for low, _ in p["padding"]),
        p["window_dilation"], p["base_dilation"], strict=True,
    )  # fmt: skip
    windows = {axis: Window(*map(int, setting)) for axis, setting in enumerate(settings)}
    return {k: w for k, w in windows.items() if w != Window(w.size, 1, w.size)}


@handles("scan")
def long_scan(t: Translation, item: Item) -> Value:
    """Nothing is said of it."""
    return t.opaque(item, f"a scan of {item.settings['length']} steps; at most {LONGEST} are unrolled")


@handles("while")
def loop(t: Translation, item: Item) -> Value:
    """Nothing is said of it."""
    return t.opaque(item, "a loop whose length data may say")
