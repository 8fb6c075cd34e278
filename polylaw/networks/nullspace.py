"""Null spaces of matrices of floats, where singular values leave no doubt."""

from __future__ import annotations

import numpy as np
from scipy.linalg import qr

from polylaw.networks.values import Array

#: Singular values below the first bound, relative to the largest, are 0, those above the second are not.
_ZERO, _CLEAR = 1e-11, 1e-9
#: Entries of reduced rows below this are rounding.
_SMALL = 1e-7


class UnclearError(Exception):
    """Why a null space is not clear."""


def null_space(matrix: Array) -> Array:
    """An orthonormal basis, in rows, of the vectors that a matrix with at least as many rows as columns maps
    to 0; its columns should be of one length.  Raises `UnclearError` where a value is neither 0 nor not.

    >>> null_space(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])).round(3).tolist() in (
    ...     [[-0.707, 0.707]], [[0.707, -0.707]]
    ... )
    True
    """
    _, values, rows = np.linalg.svd(matrix, full_matrices=False)
    doubtful = values[(values > _ZERO * values[0]) & (values < _CLEAR * values[0])]
    if doubtful.size:
        raise UnclearError(f"a singular value of {doubtful[0] / values[0]:.0e} is neither 0 nor not")
    return np.asarray(rows[values <= _ZERO * values[0]])


def row_space(matrix: Array) -> Array:
    """An orthonormal basis, in rows, of the span of the rows."""
    if not len(matrix):
        return matrix
    _, values, rows = np.linalg.svd(matrix, full_matrices=False)
    return np.asarray(rows[values > _ZERO * values[0]])


def reduced_rows(basis: Array) -> Array:
    """The same space with an identity matrix in the columns that determine the others best, each row divided
    by its largest entry there."""
    if not len(basis):
        return basis
    *_, order = qr(basis, pivoting=True, mode="economic")
    pivots = sorted(order[: len(basis)])
    rows = np.linalg.solve(basis[:, pivots], basis)
    rows[np.abs(rows) < _SMALL] = 0
    return np.asarray(rows)


def outside(rows: Array, known: Array) -> list[Array]:
    """Rows that are independent modulo the span of those that are known, those with the fewest entries
    first."""
    found, span = list[Array](), row_space(known)
    for row in sorted(rows, key=np.count_nonzero):
        rest = row - span.T @ (span @ row)
        if np.linalg.norm(rest) > _SMALL * np.linalg.norm(row):
            found.append(row)
            span = np.vstack([span, rest / np.linalg.norm(rest)])
    return found
