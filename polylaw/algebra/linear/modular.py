"""Dense matrices mod a prime below 2^31, as int64 arrays of residues; flint eliminates."""

from __future__ import annotations

from typing import Any

import flint
import numpy as np

from polylaw.algebra.check import TimedCheck, unchecked
from polylaw.algebra.linear.residues import matmul
from polylaw.algebra.monomials import IntArray

#: How quickly flint eliminates, and how long an entry takes on its way there and back.
_STEPS_PER_SECOND, _SECONDS_PER_ENTRY = 6e9, 2e-7


def seconds_to_reduce(rows: int, columns: int) -> float:
    """About how long elimination takes, which nothing interrupts."""
    return rows * columns * (min(rows, columns) / _STEPS_PER_SECOND + _SECONDS_PER_ENTRY)


def row_reduce(matrix: IntArray, prime: int) -> IntArray:
    """Reduced row echelon form, zero rows dropped."""
    if not matrix.size:
        return matrix[:0]
    reduced, found = _flint_matrix(matrix, prime).rref()
    return _array(reduced.entries()[: found * matrix.shape[1]], found, matrix.shape[1])


def canonical_basis(basis: IntArray, prime: int) -> IntArray:
    """The basis of the same space in reduced echelon form from the right: every vector ends in a 1 where
    all others are 0.  It depends on the space and the order of columns only."""
    support = np.flatnonzero(basis.any(axis=0))
    result = np.zeros_like(basis)
    result[:, support] = row_reduce(basis[:, support[::-1]], prime)[:, ::-1]
    return result[::-1]


def null_space(matrix: IntArray, prime: int) -> IntArray:
    """A basis of the null space, one row for each free column: 1 there, 0 at the others."""
    reduced = row_reduce(matrix, prime)
    columns = matrix.shape[1]
    lead = (reduced != 0).argmax(axis=1)
    free = np.setdiff1d(np.arange(columns), lead)
    basis = np.zeros((len(free), columns), dtype=np.int64)
    basis[np.arange(len(free)), free] = 1
    basis[:, lead] = (prime - reduced[:, free].T) % prime
    return basis


def pivot_columns(matrix: IntArray, prime: int) -> IntArray:
    """Positions of the columns that are independent of those before them."""
    pivots = pivots_of(*_flint_matrix(matrix, prime).rref()) if matrix.size else []
    return np.array(pivots, dtype=np.int64)


def pivots_of(reduced: Any, rank: int) -> list[int]:
    """The pivot columns of a matrix of flint in row echelon form."""
    pivots: list[int] = []
    column = 0
    for row in range(rank):
        while reduced[row, column] == 0:
            column += 1
        pivots.append(column)
    return pivots


def rank(matrix: IntArray, prime: int) -> int:
    """The rank: a lower bound for that of any integer (or rational) matrix it comes from."""
    return int(_flint_matrix(matrix, prime).rank()) if matrix.size else 0


def product(left: IntArray, right: IntArray, prime: int) -> IntArray:
    """left @ right."""
    shape = left.shape[0], right.shape[1]
    if not left.size or not right.size:
        return np.zeros(shape, dtype=np.int64)
    return _array((_flint_matrix(left, prime) * _flint_matrix(right, prime)).entries(), *shape)


def _flint_matrix(matrix: IntArray, prime: int) -> Any:
    rows, columns = matrix.shape
    return flint.nmod_mat(rows, columns, matrix.ravel().tolist(), prime)


def _array(entries: Any, rows: int, columns: int) -> IntArray:
    return np.array([int(e) for e in entries], dtype=np.int64).reshape(rows, columns)


class Span:
    """A growing span of vectors of length `size` mod a prime below 2^22.

    `annihilator` is a basis, as rows, of what is orthogonal to the span, so a new vector is tested by one
    product, and elimination takes place in as many dimensions as the span still lacks.  `check` may raise
    before an elimination.
    """

    def __init__(self, size: int, prime: int, check: TimedCheck = unchecked) -> None:
        self.prime, self.rank, self._check = prime, 0, check
        self.annihilator: IntArray = np.eye(size, dtype=np.int64)

    def add(self, vectors: IntArray) -> list[int]:
        """Add the columns of `vectors`, shape (size, any); returns the positions of those that were
        independent of the span and of the columns before them."""
        found: list[int] = []
        start = 0
        while start < vectors.shape[1] and len(self.annihilator):
            stop = start + 2 * len(self.annihilator) + 64
            self._check("independent vectors", seconds_to_reduce(len(self.annihilator), stop - start))
            part = vectors[:, start:stop]
            tested = part if self.rank == 0 else multiply(self.annihilator, part, self.prime)
            fresh = np.flatnonzero(tested.any(axis=0))
            if len(fresh):
                independent = fresh[pivot_columns(tested[:, fresh], self.prime)]
                found += (start + independent).tolist()
                kernel = null_space(np.ascontiguousarray(tested[:, independent].T), self.prime)
                if self.rank:
                    kernel = multiply(kernel, self.annihilator, self.prime)
                self.annihilator = kernel
                self.rank += len(independent)
            start = stop
        return found


def multiply(left: Any, right: Any, prime: int) -> IntArray:
    """left @ right mod a prime below 2^22 for dense matrices of residues."""
    return matmul(left.astype(np.float64), right.astype(np.float64), prime).astype(np.int64)
