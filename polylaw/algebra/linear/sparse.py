"""Null spaces of sparse matrices mod p: sparse pivots first, dense elimination for what they leave.

A set of *triangular pivots* is chosen without any arithmetic: order the columns from rare to common, let
every row lead with its rarest column, and keep one (the sparsest) row for each leading column.  Then x_pivot
= T x_rest follows by back substitution, level by level, and the remaining rows, rewritten in the few x_rest,
are a small dense matrix.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from polylaw.algebra.linear.modular import canonical_basis, product
from polylaw.algebra.linear.modular import null_space as dense_null_space
from polylaw.algebra.modular import inverse
from polylaw.algebra.monomials import IntArray

#: Dense entries of one batch of rows; small, because a batch that decides makes the rest cheap.
_BATCH_ENTRIES = 200_000


def null_space(matrix: csr_matrix, prime: int) -> IntArray:
    """The canonical basis (`canonical_basis`) of {x : matrix x = 0 mod prime}, shape (nullity, columns)."""
    columns = matrix.shape[1]
    order = np.argsort(np.bincount(matrix.indices, minlength=columns), kind="stable")
    pivots, rows = _triangular_pivots(matrix, order)
    rest = np.setdiff1d(np.arange(columns), pivots)
    table = np.zeros((columns, len(rest)), dtype=np.int64)  # x = table x_rest
    table[rest, np.arange(len(rest))] = 1
    _back_substitute(matrix, pivots, rows, table, prime)
    vectors = _annihilated_by_all(matrix, np.setdiff1d(np.arange(matrix.shape[0]), rows), table, prime)
    return canonical_basis(np.ascontiguousarray(vectors.T), prime)


def deciding_rows(matrix: csr_matrix, prime: int) -> IntArray:
    """Positions of rows with the null space mod `prime` of all rows: a small multiple of the rank of them."""
    chosen = np.zeros(0, dtype=np.int64)
    while True:
        kernel = null_space(matrix[chosen], prime)
        violated = np.flatnonzero(_sparse_product(matrix, np.ascontiguousarray(kernel.T), prime).any(axis=1))
        if not len(violated):
            return np.sort(chosen)
        chosen = np.concatenate([chosen, violated[:: 1 + len(violated) // matrix.shape[1]]])


def _triangular_pivots(matrix: csr_matrix, order: IntArray) -> tuple[IntArray, IntArray]:
    """(pivot columns, their rows), so that a pivot's row holds no pivot column earlier in the list."""
    columns = matrix.shape[1]
    lengths = np.diff(matrix.indptr)
    used = np.flatnonzero(lengths)
    if not len(used):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    place = np.empty(columns, dtype=np.int64)
    place[order] = np.arange(columns)
    lead = np.minimum.reduceat(place[matrix.indices], matrix.indptr[used])
    best = np.lexsort((lengths[used], lead))
    first = np.concatenate([[True], lead[best][1:] != lead[best][:-1]])
    return order[lead[best][first]], used[best[first]]


def _back_substitute(
    matrix: csr_matrix, pivots: IntArray, rows: IntArray, table: IntArray, prime: int
) -> None:
    """Fill the rows `pivots` of `table`, one level of mutually independent pivots at a time."""
    level = np.zeros(matrix.shape[1], dtype=np.int64)
    for pivot, row in zip(pivots[::-1].tolist(), rows[::-1].tolist(), strict=True):
        level[pivot] = level[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]].max() + 1
    depth = level[pivots]
    by_depth = np.argsort(depth, kind="stable")
    for group in np.split(by_depth, np.flatnonzero(np.diff(depth[by_depth])) + 1):
        if not len(group):
            continue
        part = matrix[rows[group]]
        lead = np.asarray(part[np.arange(len(group)), pivots[group]]).ravel()
        values = _sparse_product(part, table, prime)  # the pivot's own row of `table` is still 0
        table[pivots[group]] = (prime - values) * inverse(lead.astype(np.int64), prime)[:, None] % prime


def _annihilated_by_all(matrix: csr_matrix, rows: IntArray, vectors: IntArray, prime: int) -> IntArray:
    """The combinations of the columns of `vectors` that the given rows annihilate, again as columns.

    A first batch of few more rows than vectors usually decides; later batches are only multiplied with the
    few vectors left, and rows that do not vanish there are eliminated too.
    """
    start = 0
    while start < len(rows) and vectors.shape[1]:
        step = max(vectors.shape[1] + 32, _BATCH_ENTRIES // vectors.shape[1])
        seen = _sparse_product(matrix[rows[start : start + step]], vectors, prime)
        start += step
        violated = seen.any(axis=1)
        if violated.any():
            kernel = dense_null_space(seen[violated], prime)
            vectors = product(vectors, np.ascontiguousarray(kernel.T), prime)
    return vectors


def _sparse_product(left: csr_matrix, right: IntArray, prime: int) -> IntArray:
    """left @ right mod prime for residues below 2^31.

    Entries of `left` are split as low + 2^16 high and its columns into blocks of 2^15, so that every sum of
    products fits int64.
    """
    total = np.zeros((left.shape[0], right.shape[1]), dtype=np.int64)
    for start in range(0, left.shape[1], 2**15):
        block = left[:, start : start + 2**15] if left.shape[1] > 2**15 else left
        part = right[start : start + 2**15]
        values = block.data.astype(np.int64)
        halves = values & 0xFFFF, values >> 16
        low, high = (csr_matrix((half, block.indices, block.indptr), shape=block.shape) for half in halves)
        total += low @ part % prime + ((high @ part) % prime << 16) % prime
    return total % prime
