"""Primitives that arrange entries anew."""

from __future__ import annotations

from polylaw.jax.items import Item
from polylaw.jax.translation import Translation, handles
from polylaw.networks.graph import Value


@handles("reshape", "squeeze", "expand_dims")
def reshape(t: Translation, item: Item) -> Value:
    """The same entries in C order."""
    return t.graph.reshape(t.value(item.inputs[0]), item.shape)


@handles("transpose")
def transpose(t: Translation, item: Item) -> Value:
    """The axes in another order."""
    return t.graph.permute(t.value(item.inputs[0]), list(map(int, item.settings["permutation"])))


@handles("broadcast_in_dim")
def broadcast(t: Translation, item: Item) -> Value:
    """Repeated along new axes, and along those with one index."""
    [x, *_] = item.inputs
    shape = [1] * len(item.shape)
    for axis, size in zip(item.settings["broadcast_dimensions"], x.shape, strict=True):
        shape[axis] = size
    return t.graph.expand(t.graph.reshape(t.value(x), shape), item.shape)


@handles("tile")
def tile(t: Translation, item: Item) -> Value:
    """Repeated one after the other."""
    return t.graph.tile(t.value(item.inputs[0]), list(map(int, item.settings["reps"])))


@handles("slice")
def narrow(t: Translation, item: Item) -> Value:
    """Some indices of axes."""
    x, p = t.value(item.inputs[0]), item.settings
    steps = p["strides"] or (1,) * len(item.shape)
    for axis, bounds in enumerate(zip(p["start_indices"], p["limit_indices"], steps, strict=True)):
        x = t.graph.narrow(x, axis, *map(int, bounds))
    return x


@handles("split")
def split(t: Translation, item: Item) -> Value:
    """One of the pieces of an axis."""
    p = item.settings
    start = int(sum(p["sizes"][: p["index"]]))
    return t.graph.narrow(t.value(item.inputs[0]), p["axis"], start, start + int(p["sizes"][p["index"]]))


@handles("dynamic_slice")
def dynamic_narrow(t: Translation, item: Item) -> Value:
    """Some indices of axes, from those on that numbers, or data, say."""
    x, *starts = item.inputs
    found = t.value(x)
    for axis, (start, size) in enumerate(zip(starts, item.shape, strict=True)):
        if size == x.shape[axis]:
            continue
        if start.array is None:
            shape = (*found.shape[:axis], size, *found.shape[axis + 1 :])
            found = t.graph.carry_along(found, [axis], shape, linear=True, affine=True)
        else:
            first = min(max(int(start.array), 0), x.shape[axis] - size)
            found = t.graph.narrow(found, axis, first, first + size)
    return found


@handles("dynamic_update_slice")
def updated(t: Translation, item: Item) -> Value:
    """Other entries for some indices of one axis."""
    x, update, *starts = item.inputs
    axes = [k for k, (a, b) in enumerate(zip(x.shape, update.shape, strict=True)) if a != b]
    if not axes:
        return t.value(update)
    if len(axes) > 1 or starts[axes[0]].array is None:
        return t.opaque(item, "written at places that data says")
    [axis] = axes
    size, length = x.shape[axis], update.shape[axis]
    first = min(max(int(starts[axis].array), 0), size - length)
    parts = [(0, first), (first + length, size)]
    before, after = (t.graph.narrow(t.value(x), axis, a, b) if a < b else None for a, b in parts)
    pieces = [piece for piece in (before, t.value(update), after) if piece is not None]
    return t.graph.concatenate(pieces, axis)


@handles("concatenate")
def concatenate(t: Translation, item: Item) -> Value:
    """One after the other."""
    return t.graph.concatenate(
        [t.value(x) for x in item.inputs if 0 not in x.shape], item.settings["dimension"]
    )


@handles("stack")
def stack(t: Translation, item: Item) -> Value:
    """Along a new first axis."""
    return t.graph.concatenate([t.graph.reshape(x, (1, *x.shape)) for x in t.all(item)], 0)


@handles("row")
def row(t: Translation, item: Item) -> Value:
    """One index of the first axis."""
    return t.graph.select(t.value(item.inputs[0]), 0, item.settings["row"])


@handles("rev")
def reverse(t: Translation, item: Item) -> Value:
    """Axes backwards."""
    axes = list(map(int, item.settings["dimensions"]))
    return t.graph.carry_along(t.value(item.inputs[0]), axes, item.shape, linear=True, affine=True)


@handles("pad")
def pad(t: Translation, item: Item) -> Value:
    """More places, made of 0."""
    x, filling = item.inputs
    if not filling.is_zero:
        return t.opaque(item, "padded with something else than 0")
    axes = [axis for axis, config in enumerate(item.settings["padding_config"]) if any(config)]
    return t.graph.carry_along(t.value(x), axes, item.shape, linear=True, affine=False)
