"""Axes made of index spaces: whatever is refined, cells that correspond are the same indices; views against
numpy, entry by entry."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polylaw.networks.graph import Graph, Value
from polylaw.networks.index import Cell, Index, MisfitError, Refinement, cells, product, total
from polylaw.networks.tensors import Tensor


def positions(cell: Cell) -> Any:
    """The indices of an axis in a cell, an axis for each leaf with more than one index."""
    found = np.array(cell.offset)
    for n, stride in cell.steps:
        found = found[..., None] + stride * np.arange(n)
    return found


def covered(index: Index) -> list[int]:
    """All indices of its cells, the cells one after the other."""
    return [int(k) for cell in cells(index) for k in positions(cell).reshape(-1)]


def corresponding(one: Index, two: Index) -> bool:
    return [cell.place for cell in cells(one)] == [cell.place for cell in cells(two)]


indices = st.recursive(
    st.integers(1, 4).map(Index),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(product),
        st.lists(parts, min_size=1, max_size=3).map(total),
    ),
    max_leaves=5,
)


@given(indices)
def test_cells_are_a_partition(index: Index) -> None:
    assert sorted(covered(index)) == list(range(index.size))
    assert all(cell.steps == tuple((n, s) for n, s in cell.steps if n > 1) for cell in cells(index))
    assert all([leaf.size for leaf in cell.legs] == [n for n, _ in cell.steps] for cell in cells(index))


@given(indices, st.data())
def test_aligned_axes_correspond(index: Index, data: st.DataObject) -> None:
    other = Index(index.size)
    before = covered(index)
    Refinement().align(index, other)
    assert corresponding(index, other)
    assert covered(index) == before
    points = data.draw(st.sets(st.integers(0, index.size)))
    refinement = Refinement()
    try:
        refinement.cut(other, points)
        refinement.align(index, other)
    except MisfitError:
        return
    refinement.align(index, other)
    assert sorted(covered(index)) == sorted(covered(other)) == list(range(index.size))


@given(indices, indices)
def test_axes_correspond_once_nothing_changes(one: Index, two: Index) -> None:
    refinement = Refinement()
    try:
        if one.size != two.size:
            with pytest.raises(MisfitError):
                refinement.align(one, two)
            return
        changes = -1
        while refinement.changes != changes:
            changes = refinement.changes
            refinement.align(one, two)
    except MisfitError:
        return
    assert corresponding(one, two)


@given(indices, st.data())
def test_pieces_lie_one_after_the_other(index: Index, data: st.DataObject) -> None:
    points = data.draw(st.sets(st.integers(0, index.size)))
    try:
        pieces = Refinement().cut(index, points)
    except MisfitError:
        return
    bounds = sorted({0, index.size} | points)
    assert [piece.size for piece in pieces] == [b - a for a, b in pairwise(bounds)]
    leaves = [leaf for cell in cells(index) for leaf in cell.leaves]
    assert all(leaf in leaves for piece in pieces for cell in cells(piece) for leaf in cell.leaves)


def test_what_does_not_fit() -> None:
    refinement = Refinement()
    with pytest.raises(MisfitError):
        refinement.align(Index(4), Index(6))
    with pytest.raises(MisfitError):
        refinement.align(product([Index(2), Index(3)]), total([Index(2), Index(4)]))
    with pytest.raises(MisfitError):
        refinement.align(product([Index(2), Index(3)]), product([Index(3), Index(2)]))
    with pytest.raises(MisfitError):
        refinement.cut(product([Index(2), Index(3)]), {2})
    with pytest.raises(MisfitError):
        refinement.split(Index(6), 4)
    with pytest.raises(MisfitError):
        refinement.split(total([Index(2), Index(4)]), 3)
    with pytest.raises(MisfitError):
        refinement.regroup([Index(2), Index(3)], [3, 2])
    assert refinement.changes == 0


def labels(tensor: Tensor, shape: tuple[int, ...]) -> Any:
    """Which entry of its origin each entry of a tensor is, from its blocks."""
    sizes = [axis.size for axis in tensor.origin.axes]
    entries = np.arange(prod(sizes)).reshape(sizes)
    found = np.full(shape, -1)
    tables = [cells(axis) for axis in tensor.axes]
    for chosen in np.ndindex(*map(len, tables)):
        picked = [table[k] for table, k in zip(tables, chosen, strict=True)]
        block = tensor.block(picked)
        there = [positions(cell) for cell in block.cells]
        inside = entries[np.ix_(*(p.reshape(-1) for p in there))] if there else entries
        inside = inside.reshape([leaf.size for leaf in block.leaves])
        legs = [leaf for cell in picked for leaf in cell.legs]
        own = [leaf for leaf in legs if leaf in block.leaves]
        inside = inside.transpose([block.leaves.index(leaf) for leaf in own])
        inside = inside.reshape([leaf.size if leaf in block.leaves else 1 for leaf in legs])
        inside = np.broadcast_to(inside, [leaf.size for leaf in legs])
        where = np.ix_(*(positions(cell).reshape(-1) for cell in picked))
        found[where] = inside.reshape([len(positions(cell).reshape(-1)) for cell in picked])
    return found


def viewed(data: st.DataObject, graph: Graph, x: Value, array: Any) -> tuple[Value, Any]:
    """A random view, of a value and of an array."""
    n = len(x.shape)
    kind = data.draw(st.sampled_from(["reshape", "permute", "expand", *["narrow", "select"] * (n > 0)]))
    if kind == "reshape":
        shape, left = [], prod(x.shape)
        for _ in range(data.draw(st.integers(0, 2))):
            shape.append(data.draw(st.sampled_from([d for d in range(1, left + 1) if left % d == 0])))
            left //= shape[-1]
        return graph.reshape(x, (*shape, left)), array.reshape(*shape, left)
    if kind == "permute":
        order = data.draw(st.permutations(range(n)))
        return graph.permute(x, order), array.transpose(order)
    if kind == "expand":
        shape = tuple(data.draw(st.integers(1, 2)) if k == 1 else k for k in (1, *x.shape))
        return graph.expand(x, shape), np.broadcast_to(array, shape)
    axis = data.draw(st.integers(0, n - 1))
    if kind == "select":
        index = data.draw(st.integers(0, x.shape[axis] - 1))
        return graph.select(x, axis, index), np.take(array, index, axis)
    start, stop = sorted(data.draw(st.sets(st.integers(0, x.shape[axis]), min_size=2, max_size=2)))
    step = data.draw(st.integers(1, 2))
    cut = (slice(None),) * axis + (slice(start, stop, step),)
    return graph.narrow(x, axis, start, stop, step), array[cut]


@given(st.data())
def test_views_are_those_of_numpy(data: st.DataObject) -> None:
    graph = Graph()
    shape = data.draw(st.lists(st.sampled_from([1, 2, 3, 4, 6]), min_size=1, max_size=3))
    x = graph.parameter("x", shape)
    seen = [(x, np.arange(prod(shape)).reshape(shape))]
    for _ in range(data.draw(st.integers(1, 4))):
        value, array = viewed(data, graph, *data.draw(st.sampled_from(seen)))
        if array.size <= 100:
            seen.append((value, array))
    tensors = graph.refine()
    for value, array in seen:
        tensor = tensors[value.number]
        assert tensor.shape == array.shape == value.shape
        if tensor.origin is tensors[x.number].origin:
            assert (labels(tensor, array.shape) == array).all()
