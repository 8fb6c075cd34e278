"""The numbers in a matrix of one degree, for many primes at once.

Residues mod primes below 2^23 are kept in float64, where sums of 64 products are exact, so all products of
matrices are floating-point ones.  Arrays have the primes as first axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from polylaw.algebra.groebner.matrices import Row, SymbolicMatrix
from polylaw.algebra.monomials import IntArray

FloatArray = npt.NDArray[np.float64]
PRIMES_BELOW = 2**23
#: 64 products of residues add up to less than 2^53.
_BLOCK = 64
#: How many combinations of rows tell whether all are 0.
_MIXED = 4


class Residues:
    """Arithmetic mod a tuple of primes, elementwise along the first axis of an array."""

    def __init__(self, primes: Sequence[int]) -> None:
        self.primes = tuple(primes)
        self._moduli = np.array(primes, dtype=np.float64)

    def _shaped(self, dimensions: int) -> FloatArray:
        return self._moduli.reshape(-1, *(1,) * (dimensions - 1))

    def reduce(self, values: FloatArray) -> FloatArray:
        """Integers of absolute value below 2^53, brought in place into [0, p).

        The rounded quotient is off by at most one, so one correction each way is enough.
        """
        moduli = self._shaped(values.ndim)
        values -= np.floor(values / moduli) * moduli
        np.add(values, moduli, out=values, where=values < 0)
        np.subtract(values, moduli, out=values, where=values >= moduli)
        return values

    def inverse(self, values: FloatArray) -> FloatArray:
        """Inverses of nonzero residues, shape (primes,)."""
        inverses = [pow(int(v), -1, p) for v, p in zip(values, self.primes, strict=True)]
        return np.array(inverses, dtype=np.float64)

    def of(self, integers: Sequence[int]) -> FloatArray:
        """Residues of integers of any size, shape (primes, integers)."""
        if all(abs(c) < 2**53 for c in integers):
            return self.reduce(np.repeat(np.array([integers], dtype=np.float64), len(self.primes), axis=0))
        return np.array([[c % p for c in integers] for p in self.primes], dtype=np.float64)


@dataclass(frozen=True)
class Pivots:
    """How to row-reduce: which rows to take and, in this order, the column in which each is to be cleared."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]


def _dense(
    rows: Sequence[Row],
    coefficients: Sequence[FloatArray],
    first: int,
    width: int,
    primes: int,
    check: Callable[[], None],
) -> FloatArray:
    """The rows without their first columns, which must be zero."""
    block = np.zeros((primes, len(rows), width - first))
    for i, row in enumerate(rows):
        if i % _BLOCK == 0:
            check()
        block[:, i, row.columns - first] = coefficients[row.polynomial]
    return block


def reduced_rows(
    matrix: SymbolicMatrix, coefficients: Sequence[FloatArray], residues: Residues, check: Callable[[], None]
) -> FloatArray:
    """The rows modulo the reducers, shape (primes, rows, columns without reducer); `check` may end it.

    `coefficients[i]`, shape (primes, terms), belongs to polynomial i, whose leading coefficient must be 1 if
    it reduces.
    """
    values = _dense(matrix.rows, coefficients, 0, len(matrix.monomials), len(residues.primes), check)
    return _reduced(values, matrix, coefficients, residues, check)


def seem_to_vanish(
    matrix: SymbolicMatrix, coefficients: Sequence[FloatArray], residues: Residues, check: Callable[[], None]
) -> bool:
    """Whether some combinations of the rows with random coefficients are 0 modulo the reducers.

    If so, the rows are, but for bad luck of probability 1/p^4 mod each prime p; if not, some row is not.  The
    coefficients are the same in every run.
    """
    values = _dense(matrix.rows, coefficients, 0, len(matrix.monomials), len(residues.primes), check)
    mixed = np.zeros((len(residues.primes), _MIXED, values.shape[2]))
    random = np.random.default_rng(0)
    for start in range(0, values.shape[1], _BLOCK):
        check()
        rows = values[:, start : start + _BLOCK]
        factors = random.integers(0, min(residues.primes), (_MIXED, rows.shape[1])).astype(np.float64)
        mixed = residues.reduce(mixed + factors @ rows)
    return not _reduced(mixed, matrix, coefficients, residues, check).any()


def _reduced(
    values: FloatArray,
    matrix: SymbolicMatrix,
    coefficients: Sequence[FloatArray],
    residues: Residues,
    check: Callable[[], None],
) -> FloatArray:
    """Dense rows, which are spent, modulo the reducers of the matrix."""
    width, primes = len(matrix.monomials), len(residues.primes)
    for start in range(0, len(matrix.reducers), _BLOCK):
        block = _dense(matrix.reducers[start : start + _BLOCK], coefficients, start, width, primes, check)
        size = block.shape[1]
        leading = values[:, :, start : start + size]
        if not leading.any():
            continue
        factors = residues.reduce(leading @ _inverse_of_unitriangular(block[:, :, :size], residues))
        rest = values[:, :, start + size :]
        rest -= factors @ block[:, :, size:]
        residues.reduce(rest)
    return values[:, :, len(matrix.reducers) :]


def _inverse_of_unitriangular(matrix: FloatArray, residues: Residues) -> FloatArray:
    """(1 + N)^-1 = (1 - N)(1 + N^2)(1 + N^4) ... for strictly upper triangular N of size at most 64."""
    size = matrix.shape[1]
    identity = np.eye(size)
    power = matrix - identity
    inverse = residues.reduce(identity - power)
    exponent = 1
    while 2 * exponent < size and power.any():
        power = residues.reduce(power @ power)
        exponent *= 2
        inverse = residues.reduce(inverse @ (identity + power))
    return inverse


def find_pivots(values: FloatArray, residues: Residues, check: Callable[[], None]) -> Pivots:
    """The pivots of Gaussian elimination mod one prime, columns ascending; `values`, shape (1, rows,
    columns), is spent. `check` may raise to end it."""
    rows: list[int] = []
    columns: list[int] = []
    table = values[0]
    free = np.ones(len(table), dtype=bool)
    for column in range(table.shape[1]):
        candidates = np.flatnonzero(free & (table[:, column] != 0))
        if not len(candidates):
            continue
        check()
        row = int(candidates[0])
        free[row] = False
        rows.append(row)
        columns.append(column)
        others = candidates[1:]
        if len(others):
            scale = residues.inverse(table[None, row, column])
            factors = residues.reduce(table[others, column][None] * scale)[0]
            table[others, column:] -= factors[:, None] * table[row, column:]
            table[others, column:] = residues.reduce(table[None, others, column:])[0]
        if not free.any():
            break
    return Pivots(tuple(rows), tuple(columns))


def solve_pivots(
    values: FloatArray, columns: Sequence[int], residues: Residues, check: Callable[[], None]
) -> tuple[FloatArray, IntArray]:
    """Rows with a 1 in their own pivot column and 0 in those of the others, and which primes allow it.

    `values`, shape (primes, rows, columns), holds the rows in the order of their pivots and is spent.  A
    prime is not allowed when a pivot vanishes mod it.  `check` may raise to end it.
    """
    allowed = np.ones(len(residues.primes), dtype=bool)
    for i, column in enumerate(columns):
        check()
        pivot = values[:, i, column].copy()
        allowed &= pivot != 0
        pivot[pivot == 0] = 1
        scaled = values[:, i] * residues.inverse(pivot)[:, None]
        values[:, i] = residues.reduce(scaled)
        factors = values[:, :, column].copy()
        factors[:, i] = 0
        values -= factors[:, :, None] * values[:, None, i]
        residues.reduce(values)
    return values, np.flatnonzero(allowed)
