"""Many monomials at once, as numpy arrays, so that no loop over monomials runs in Python.

A *factor table* is an int32 array of shape (n, width): row i lists the generators of monomial i with
repetition, ascending, padded on the right with the number of generators.  x_0^2 x_3 in a ring of five
generators and width 4 is [0, 0, 3, 5].

A *key* is the image of a monomial under a random homomorphism from monomials (under multiplication) to the
integers mod 2^64 (under addition).  Replacing monomials by keys is therefore a linear map on polynomials: an
equation between coefficients read off by key is a true consequence of the equations read off by monomial,
even if two monomials share a key.  So ranks computed with keys never exceed the true ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from polylaw.algebra.check import Check, every, unchecked
from polylaw.algebra.polynomial import Monomial, degree_of, multiset

IntArray = npt.NDArray[np.int64]
KeyArray = npt.NDArray[np.uint64]
_SEED = 0x706F6C79
#: Monomials between two checks, and rows of a table.
_STEPS, _ROWS = 10_000, 1_000_000
_INDEX = "an index of the monomials"


def generator_keys(generators: int, salt: int = 0) -> KeyArray:
    """A random key for each generator, and 0 for the padding after them.  The seed is fixed."""
    keys = np.random.default_rng((_SEED, salt)).integers(0, 2**64, generators + 1, dtype=np.uint64)
    keys[generators] = 0
    return keys


def sum_keys(keys: KeyArray, factors: npt.NDArray[np.int32]) -> KeyArray:
    """Keys of the monomials of a factor table; additions wrap around mod 2^64."""
    total = np.zeros(len(factors), dtype=np.uint64)
    for column in factors.T:
        total += keys[column]
    return total


def ragged_ranges(starts: IntArray, counts: IntArray) -> IntArray:
    """The concatenation of the ranges starts[i], ..., starts[i] + counts[i] - 1."""
    offsets = np.cumsum(counts) - counts
    ranges: IntArray = np.arange(int(counts.sum()), dtype=np.int64) + np.repeat(starts - offsets, counts)
    return ranges


def multisets(generators: int, size: int, check: Check = unchecked) -> npt.NDArray[np.int32]:
    """All multisets of the given size of 0 .. generators-1, as ascending rows in lexicographic order."""
    rows = np.zeros((1, 0), dtype=np.int32)
    last = np.zeros(1, dtype=np.int64)
    for _ in range(size):
        check("writing down monomials")
        counts = generators - last
        parents = np.repeat(np.arange(len(rows)), counts)
        last = ragged_ranges(last, counts)
        rows = np.column_stack([rows[parents], last.astype(np.int32)])
    return rows


def _merged(parts: Sequence[csr_matrix], check: Check) -> csr_matrix:
    """The sum of sparse matrices, those of earlier parts having their entries in earlier columns."""
    lengths = [np.diff(part.indptr).astype(np.int64) for part in parts]
    starts = np.concatenate([[0], np.cumsum(sum(lengths))])
    data, indices = (np.empty(starts[-1], dtype=np.int32) for _ in range(2))
    free = starts[:-1].copy()
    for part, length in zip(parts, lengths, strict=True):
        check(_INDEX)
        places = ragged_ranges(free, length)
        data[places], indices[places] = part.data, part.indices
        free += length
    return csr_matrix((data, indices, starts), shape=parts[0].shape)


@dataclass(frozen=True)
class FactorTable:
    """`factors` of shape (n, width) over `generators` generators."""

    factors: npt.NDArray[np.int32]
    generators: int

    def __len__(self) -> int:
        return len(self.factors)

    @staticmethod
    def of(
        monomials: Sequence[Monomial], generators: int, width: int = 0, check: Check = unchecked
    ) -> FactorTable:
        """The table of a list of monomials, at least `width` wide."""
        width = max([width, *map(degree_of, monomials)])
        flat = np.full((len(monomials), width), generators, dtype=np.int32)
        check = every(_STEPS, check)
        for i, m in enumerate(monomials):
            check("writing down monomials")
            row = multiset(m)
            flat[i, : len(row)] = row
        return FactorTable(flat, generators)

    @staticmethod
    def stack(tables: Iterable[npt.NDArray[np.int32]], generators: int) -> FactorTable:
        """One table from several of different widths, rows in the given order."""
        tables = list(tables)
        width = max((t.shape[1] for t in tables), default=0)
        padded = [np.pad(t, ((0, 0), (0, width - t.shape[1])), constant_values=generators) for t in tables]
        return FactorTable(np.concatenate(padded) if padded else np.zeros((0, 0), np.int32), generators)

    def monomials(self, check: Check) -> Iterator[Monomial]:
        """All rows as monomials."""
        check = every(_STEPS, check)
        for row in range(len(self)):
            check("writing down monomials")
            yield self.monomial(row)

    def monomial(self, row: int) -> Monomial:
        """Row `row` as (generator, power) pairs."""
        powers = Counter(self.factors[row].tolist())
        return tuple((g, p) for g, p in powers.items() if g < self.generators)

    def keys(self, generator_keys: KeyArray) -> KeyArray:
        """The key of every row."""
        return sum_keys(generator_keys, self.factors)

    def occurrences(self, rows: IntArray, check: Check = unchecked) -> csr_matrix:
        """Which of the given rows a generator occurs in, and to which power: a sparse matrix of shape
        (generators, n) whose entry (g, i) is the power of g in row i."""
        parts = []
        for start in range(0, max(len(rows), 1), _ROWS):
            check(_INDEX)
            parts.append(self._occurrences(rows[start : start + _ROWS]))
        return parts[0] if len(parts) == 1 else _merged(parts, check)

    def _occurrences(self, rows: IntArray) -> csr_matrix:
        chosen, labels = self.factors[rows], rows.astype(np.int32)
        generators, columns, powers = [], [], []
        for j in range(chosen.shape[1]):
            column = chosen[:, j]
            first = column < self.generators
            if j:
                first &= column != chosen[:, j - 1]
            power = np.ones(len(column), dtype=np.int32)
            for later in range(j + 1, chosen.shape[1]):
                power += chosen[:, later] == column
            generators.append(column[first])
            columns.append(labels[first])
            powers.append(power[first])
        shape = (self.generators, len(self.factors))
        if not generators:
            return csr_matrix(np.zeros(shape, dtype=np.int32))
        places = np.concatenate(generators), np.concatenate(columns)
        return csr_matrix((np.concatenate(powers), places), shape=shape)

    @cached_property
    def widths(self) -> IntArray:
        """Degree of every row, all generators counted."""
        return np.asarray((self.factors < self.generators).sum(axis=1), dtype=np.int64)
