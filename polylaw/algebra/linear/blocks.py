"""The surviving system falls into independent blocks, most equal up to renaming: solve each shape once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from polylaw.algebra.linear.sparse import null_space
from polylaw.algebra.monomials import IntArray
from polylaw.budget import Budget, Progress, silent


@dataclass(frozen=True)
class ModularSolution:
    """Null space mod `prime` as sparse vectors {unknown: residue}, ascending by their last unknown, where
    each has a 1 and all others 0.  `blocks` counts components of the system, `shapes` how many distinct ones
    were solved."""

    prime: int
    vectors: tuple[dict[int, int], ...]
    blocks: int
    shapes: int

    @property
    def lead(self) -> tuple[int, ...]:
        """The last unknown of each vector."""
        return tuple(max(v) for v in self.vectors)

    def renamed(self, unknowns: IntArray) -> ModularSolution:
        """The same vectors, with unknown i called unknowns[i]; `unknowns` must ascend."""
        names = unknowns.tolist()
        return replace(self, vectors=tuple({names[i]: r for i, r in v.items()} for v in self.vectors))


def without_single_unknowns(matrix: csr_matrix) -> tuple[IntArray, csr_matrix]:
    """(columns, rows) left after every column alone in a row was set to 0, repeatedly; no row is empty."""
    left = np.arange(matrix.shape[1])
    while True:
        matrix = matrix[np.diff(matrix.indptr) > 0]
        single = np.diff(matrix.indptr) == 1
        if not single.any():
            return left, matrix
        kept = np.ones(matrix.shape[1], dtype=bool)
        kept[matrix.indices[matrix.indptr[:-1][single]]] = False
        left, matrix = left[kept], matrix[~single][:, np.flatnonzero(kept)]


def solve_blocks(
    matrix: csr_matrix,
    prime: int,
    budget: Budget,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> ModularSolution:
    """The null space of `matrix` mod `prime`, by blocks, in the executor if given: the result is the same."""
    left, matrix = without_single_unknowns(matrix)
    shapes: dict[bytes, int] = {}
    tasks: list[csr_matrix] = []
    placed: list[tuple[IntArray, int]] = []
    for columns, block in _components(matrix):
        arrays = block.indptr, block.indices, block.data
        key = b"|".join([str(block.shape).encode(), *(array.tobytes() for array in arrays)])
        if key not in shapes:
            shapes[key] = len(tasks)
            tasks.append(block)
        placed.append((left[columns], shapes[key]))
    solved = _solve(tasks, prime, budget, executor, progress)
    vectors = []
    for columns, shape in placed:
        for row in solved[shape]:
            support = np.flatnonzero(row)
            vectors.append(dict(zip(columns[support].tolist(), row[support].tolist(), strict=True)))
    return ModularSolution(prime, tuple(sorted(vectors, key=max)), len(placed), len(tasks))


def _solve(
    tasks: list[csr_matrix], prime: int, budget: Budget, executor: Executor | None, progress: Progress
) -> list[IntArray]:
    apply = executor.map if executor else map
    solved: list[IntArray] = []
    for result in apply(null_space, tasks, [prime] * len(tasks)):
        solved.append(result)
        progress("blocks", len(solved), len(tasks))
        budget.check("null spaces of blocks")
    return solved


def _components(matrix: csr_matrix) -> Iterator[tuple[IntArray, csr_matrix]]:
    """(columns, block) for every connected component, columns ascending, rows in an order that depends only
    on the block's content, so that equal blocks have equal bytes."""
    rows, columns = matrix.shape
    entry_rows = np.repeat(np.arange(rows), np.diff(matrix.indptr))
    ones = np.ones(matrix.nnz, dtype=np.int8)
    places = entry_rows, rows + matrix.indices.astype(np.int64)
    graph = csr_matrix((ones, places), shape=(rows + columns, rows + columns))
    _, labels = connected_components(graph, directed=False)
    column_label, row_label = labels[rows:], labels[:rows]
    by_label = np.argsort(column_label, kind="stable")
    bounds = np.flatnonzero(np.diff(column_label[by_label], prepend=-1, append=-1))
    local = np.empty(columns, dtype=np.int64)
    local[by_label] = np.arange(columns) - np.repeat(bounds[:-1], np.diff(bounds))
    order = np.lexsort((_row_hashes(matrix, local), row_label))
    matrix, row_label = matrix[order], row_label[order]
    blocks = column_label[by_label[bounds[:-1]]]
    firsts, lasts = np.searchsorted(row_label, blocks), np.searchsorted(row_label, blocks, side="right")
    for (start, stop), first, last in zip(pairwise(bounds), firsts.tolist(), lasts.tolist(), strict=True):
        mine = by_label[start:stop]
        a, b = matrix.indptr[first], matrix.indptr[last]
        entries = matrix.data[a:b], local[matrix.indices[a:b]], matrix.indptr[first : last + 1] - a
        block = csr_matrix(entries, shape=(last - first, len(mine)))
        yield mine, block


def _row_hashes(matrix: csr_matrix, local: IntArray) -> np.ndarray:
    """A hash of each row in block-local columns; ties and collisions only cost a missed match of shapes."""
    if not matrix.nnz:
        return np.zeros(matrix.shape[0], dtype=np.uint64)
    weights = np.random.default_rng(3).integers(0, 2**64, int(local.max()) + 1, dtype=np.uint64)
    return np.add.reduceat(weights[local[matrix.indices]] * matrix.data.astype(np.uint64), matrix.indptr[:-1])
