"""Primitives that contract: products of matrices, convolutions, rows of tables."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from polylaw.jax.items import Item
from polylaw.jax.translation import Translation, handles
from polylaw.networks.choices import chosen
from polylaw.networks.graph import Value
from polylaw.networks.windows import Window, convolution


@handles("dot_general")
def dot(t: Translation, item: Item) -> Value:
    """A product, summed over pairs of axes, along pairs of others."""
    (summed, batch), (one, two) = item.settings["dimension_numbers"], t.all(item)
    n = len(one.shape)
    left, right = list(range(n)), list(range(n, n + len(two.shape)))
    for a, b in [*zip(*summed, strict=True), *zip(*batch, strict=True)]:
        right[b] = a
    gone = {*summed[0], *batch[0]}
    free = [k for k in left if k not in gone] + [k for k in right if k >= n]
    return t.graph.contract([one, two], [tuple(left), tuple(right), (*map(int, batch[0]), *free)])


@handles("conv_general_dilated")
def convolve(t: Translation, item: Item) -> Value:
    """A convolution, also one whose input is spread: a transposed one."""
    p, (x, w) = item.settings, t.all(item)
    if p["batch_group_count"] != 1:
        return t.opaque(item, "a convolution in groups of the batch")
    numbers = p["dimension_numbers"]
    x, w = t.graph.permute(x, numbers.lhs_spec), t.graph.permute(w, numbers.rhs_spec)
    places = [item.shape[k] for k in numbers.out_spec[2:]]
    settings = [p["window_strides"], p["padding"], p["rhs_dilation"], p["lhs_dilation"]]
    along = [
        Window(x.shape[k + 2], w.shape[k + 2], places[k], stride, before, dilation, spread)
        for k, (stride, (before, _), dilation, spread) in enumerate(zip(*settings, strict=True))
    ]
    y = convolution(t.graph, x, w, along, p["feature_group_count"])
    return t.graph.permute(y, [numbers.out_spec.index(k) for k in range(len(item.shape))])


@handles("gather")
def gather(t: Translation, item: Item) -> Value:
    """Entries at the places that data says along one axis, or neighbouring ones."""
    table, indices = item.inputs
    p, numbers = item.settings, item.settings["dimension_numbers"]
    axes, batch = list(numbers.start_index_map), list(numbers.operand_batching_dims)
    whole = [k for k in range(len(table.shape)) if k not in axes and k not in batch]
    sizes = p["slice_sizes"]
    if any(sizes[k] != table.shape[k] for k in whole) or any(sizes[k] != 1 for k in axes):
        return t.opaque(item, "gathered in pieces")
    if axes != list(range(axes[0], axes[0] + len(axes))) or (batch and len(axes) > 1):
        return t.opaque(item, "gathered along axes that are apart")
    always = not _is_filled(p)
    if batch:
        return _beside(t, item, axes[0], always)
    if sorted(numbers.collapsed_slice_dims) != axes:
        return t.opaque(item, "gathered in slices")
    first, last = axes[0], axes[-1] + 1
    shape = (*table.shape[:first], prod(table.shape[first:last]), *table.shape[last:])
    places = indices.shape[:-1]
    found = chosen(t.graph, t.graph.reshape(t.value(table), shape), first, places, always=always)
    return _with_offsets(t, found, numbers.offset_dims, first, len(places))


def _is_filled(settings: Any) -> bool:
    """Whether indices out of range give a number: by default they give none, or are clipped."""
    value = settings["fill_value"]
    return "FILL" in str(settings["mode"]) and value is not None and not np.isnan(value)


def _with_offsets(t: Translation, x: Value, offsets: tuple[int, ...], first: int, places: int) -> Value:
    """The axes of places where they belong: all axes but `offsets`; they begin at `first` in x."""
    n = len(x.shape)
    kept, chosen_axes = iter([*range(first), *range(first + places, n)]), iter(range(first, first + places))
    return t.graph.permute(x, [next(kept if k in offsets else chosen_axes) for k in range(n)])


def _beside(t: Translation, item: Item, axis: int, always: bool) -> Value:
    """Entries of an axis, others for each index of the axes that table and indices share."""
    table, indices = item.inputs
    numbers = item.settings["dimension_numbers"]
    if axis not in numbers.collapsed_slice_dims:
        return t.opaque(item, "gathered in slices")
    n = len(table.shape)
    labels = list(range(100, 100 + len(indices.shape) - 1))
    shared = dict(zip(numbers.start_indices_batching_dims, numbers.operand_batching_dims, strict=True))
    for place, along in shared.items():
        labels[place] = along
    one = t.graph.fixed((*indices.shape[:-1], table.shape[axis]), {len(labels): 1} if always else None)
    kept, places = iter([k for k in range(n) if k != axis and k not in shared.values()]), iter(labels)
    out = tuple(next(kept if k in numbers.offset_dims else places) for k in range(len(item.shape)))
    return t.graph.contract([one, t.value(table)], [(*labels, axis), tuple(range(n)), out])


@handles("scatter-add", "scatter_add")
def scattered(t: Translation, item: Item) -> Value:
    """Entries added at indices of the first axis that data says."""
    x, indices, updates = item.inputs
    numbers, n = item.settings["dimension_numbers"], len(x.shape)
    places = len(indices.shape) - 1
    rows = numbers.scatter_dims_to_operand_dims == numbers.inserted_window_dims == (0,)
    behind = numbers.update_window_dims == tuple(range(places, places + n - 1))
    if not rows or not behind or updates.shape[places:] != x.shape[1:]:
        return t.opaque(item, "added at places that data says")
    along, kept = tuple(range(n, n + places)), tuple(range(1, n))
    one = t.graph.fixed((*indices.shape[:-1], x.shape[0]))
    added = t.graph.contract([one, t.value(updates)], [(*along, 0), (*along, *kept), (0, *kept)])
    return added if x.is_zero else t.graph.add([t.value(x), added])
