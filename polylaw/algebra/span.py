"""A growing span of vectors mod a prime below 2^22, kept by what is orthogonal to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from polylaw.algebra.monomials import IntArray
from polylaw.algebra.nullspace import dense_null_space, pivot_columns

FloatArray = npt.NDArray[np.float64]
#: Products of residues below 2^22 that add up exactly in a float64.
_EXACT_SUM = 512


class Span:
    """The span of vectors of length `size`.

    `annihilator` is a basis, as rows, of what is orthogonal to the span, so a new vector is tested by one
    product, and elimination takes place in as many dimensions as the span still lacks.
    """

    def __init__(self, size: int, prime: int) -> None:
        self.prime, self.rank = prime, 0
        self.annihilator: IntArray = np.eye(size, dtype=np.int64)

    def add(self, vectors: IntArray) -> list[int]:
        """Add the columns of `vectors`, shape (size, any); returns the positions of those that were
        independent of the span and of the columns before them."""
        found: list[int] = []
        start = 0
        while start < vectors.shape[1] and len(self.annihilator):
            stop = start + 2 * len(self.annihilator) + 64
            tested = self._tested(vectors[:, start:stop])
            fresh = np.flatnonzero(tested.any(axis=0))
            if len(fresh):
                independent = fresh[pivot_columns(tested[:, fresh], self.prime)]
                found += (start + independent).tolist()
                kernel = dense_null_space(np.ascontiguousarray(tested[:, independent].T), self.prime)
                self.annihilator = (
                    kernel if self.rank == 0 else multiply(kernel, self.annihilator, self.prime)
                )
                self.rank += len(independent)
            start = stop
        return found

    def _tested(self, vectors: IntArray) -> IntArray:
        return vectors if self.rank == 0 else multiply(self.annihilator, vectors, self.prime)


def multiply(left: Any, right: Any, prime: int) -> IntArray:
    """left @ right mod a prime below 2^22 for dense matrices of residues, through floating-point products
    whose sums stay below 2^53, hence exact."""
    a, b = left.astype(np.float64), right.astype(np.float64)
    total: FloatArray = np.zeros((a.shape[0], b.shape[1]))
    for start in range(0, a.shape[1], _EXACT_SUM):
        total += np.fmod(a[:, start : start + _EXACT_SUM] @ b[start : start + _EXACT_SUM], prime)
    return np.fmod(total, prime).astype(np.int64)
