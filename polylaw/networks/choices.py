"""Entries that data chooses: rows of a table, masks, the largest along axes."""

from __future__ import annotations

from collections.abc import Sequence

from polylaw.networks.graph import Graph, Value

#: Constants this far down are taken for minus infinity, of which the exponential is 0.
MINUS_INFINITY = -1e30


def chosen(graph: Graph, table: Value, axis: int, shape: Sequence[int], *, always: bool = True) -> Value:
    """The entries at given indices of an axis, in whose place the axes of the indices come: the product with
    data that has one 1 for each index, or, where it is not `always` in range, at most one."""
    n, axis = len(shape), axis % len(table.shape)
    place, kept = tuple(range(100, 100 + n)), tuple(range(len(table.shape)))
    one = graph.fixed((*shape, table.shape[axis]), {n: 1} if always else None)
    return graph.contract([one, table], [(*place, axis), kept, (*kept[:axis], *place, *kept[axis + 1 :])])


def masked(graph: Graph, x: Value) -> Value:
    """0 at some places."""
    return graph.multiply([x, graph.fixed(x.shape)])


def extreme(graph: Graph, x: Value, axes: Sequence[int], *, keep: bool = False, affine: bool = True) -> Value:
    """The largest, or smallest, entries over axes; what is not `affine` is another norm of degree 1."""
    axes = [k % len(x.shape) for k in axes]
    labels = tuple(range(len(x.shape)))
    left = tuple(k for k in labels if k not in axes)
    found = graph.carry(x, [labels, left], [x.shape[k] for k in left], linear=False, affine=affine)
    return graph.reshape(found, [1 if k in axes else n for k, n in enumerate(x.shape)]) if keep else found
