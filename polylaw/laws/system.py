"""The linear system of a law, mod p: unknown = coefficient of a monomial, row = (field, monomial of X h).

The full system is never built.  Field by field, an equation with a single unknown kills that unknown at once;
what survives is usually a tiny part.  All arithmetic is mod one prime, and equations are told apart by random
keys (`polylaw.algebra.monomials`): both can only lose equations, so an unknown that dies is dead over Q, and
the null space found is never smaller than the true one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from polylaw.algebra.modular import inverse
from polylaw.algebra.monomials import FactorTable, IntArray, KeyArray, generator_keys
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget, Progress, silent
from polylaw.laws.terms import FieldTerms

#: Images of monomials treated at once: about 100 bytes each while they are.
_CHUNK = 1 << 16


@dataclass(frozen=True)
class LawSystem:
    """The equations of `terms` on the coefficients of `monomials`, mod `prime`, at random parameters."""

    terms: FieldTerms
    monomials: FactorTable
    prime: int
    coefficients: IntArray
    shifts: KeyArray
    keys: KeyArray

    @staticmethod
    def of(terms: FieldTerms, monomials: FactorTable, ring: Ring, prime: int, budget: Budget) -> LawSystem:
        """Parameters are drawn with a seed fixed by the prime."""
        parameters = ring.parameter_indices
        values = np.random.default_rng(prime).integers(1, prime, len(parameters), dtype=np.int64)
        budget.check("the linear system mod a prime")
        coefficients, factors = terms.specialised(parameters, values, prime)
        generator = generator_keys(ring.size, prime)
        shifts, keys = terms.shifts(generator, factors, prime), monomials.keys(generator)
        return LawSystem(terms, monomials, prime, coefficients, shifts, keys)

    def survivors(self, budget: Budget, progress: Progress = silent) -> IntArray:
        """Indices of the monomials that no one-unknown equation kills, repeated until none dies."""
        alive = np.ones(len(self.monomials), dtype=bool)
        while True:
            before = int(alive.sum())
            self._sweep(alive, budget, progress)
            if int(alive.sum()) in (before, 0):
                return np.flatnonzero(alive)

    def _sweep(self, alive: np.ndarray, budget: Budget, progress: Progress) -> None:
        """One pass over all fields.  The index of occurrences is made anew whenever half of it is dead."""
        start, total = 0, len(self.terms)
        while start < total:
            living = np.flatnonzero(alive)
            occurrences = self.monomials.occurrences(living, budget.check)
            for chunk in self.terms.chunks(occurrences, _CHUNK, start):
                budget.check("elimination of one-unknown equations")
                alive[self._killed(occurrences, chunk, alive)] = False
                start = chunk.stop
                progress("one-unknown equations", start, total)
                if 2 * int(alive.sum()) < len(living):
                    break

    def _entries(self, occurrences: csr_matrix, chunk: slice) -> tuple[KeyArray, IntArray, IntArray]:
        """(equation key, unknown, residue) of every entry the terms of a chunk contribute."""
        terms, unknowns, powers = self.terms.images(occurrences, chunk)
        values = powers * self.coefficients[terms] % self.prime
        return self.keys[unknowns] + self.shifts[terms], unknowns, values

    def _killed(self, occurrences: csr_matrix, chunk: slice, alive: np.ndarray) -> IntArray:
        """Unknowns that stand alone, with a nonzero coefficient, in an equation of the chunk's fields."""
        equations, unknowns, values = self._entries(occurrences, chunk)
        living = alive[unknowns]
        if not living.all():
            equations, unknowns, values = equations[living], unknowns[living], values[living]
        if not len(equations):
            return unknowns
        order = np.argsort(equations)
        equations, unknowns, values = equations[order], unknowns[order], values[order]
        starts = np.flatnonzero(np.concatenate([[True], equations[1:] != equations[:-1]]))
        first, last = np.minimum.reduceat(unknowns, starts), np.maximum.reduceat(unknowns, starts)
        alone = (first == last) & (np.add.reduceat(values, starts) % self.prime != 0)
        dead: IntArray = first[alone]
        return dead

    def matrix(self, unknowns: IntArray, budget: Budget) -> csr_matrix:
        """The equations on the given unknowns (all others being 0): distinct rows, scaled to begin with 1.

        Columns are numbered by position in `unknowns`.
        """
        occurrences = self.monomials.occurrences(unknowns, budget.check)
        position = np.zeros(len(self.monomials), dtype=np.int64)
        position[unknowns] = np.arange(len(unknowns))
        seen = _DistinctRows(len(unknowns), self.prime)
        for chunk in self.terms.chunks(occurrences, 4 * _CHUNK):
            budget.check("assembly of the linear system")
            equations, columns, values = self._entries(occurrences, chunk)
            seen.add(equations, position[columns], values)
            budget.check_entries(seen.entries)
        return seen.matrix()


class _DistinctRows:
    """Collects sparse rows mod p, scaled to begin with 1, dropping rows that repeat earlier ones.

    Rows are compared by a random 64-bit hash; a false match loses an equation, which the argument above
    allows.
    """

    def __init__(self, columns: int, prime: int) -> None:
        self.columns, self.prime = columns, prime
        self.weights = np.random.default_rng((prime, 2)).integers(0, 2**64, columns, dtype=np.uint64)
        self.parts: list[csr_matrix] = []
        self.hashes = np.zeros(0, dtype=np.uint64)
        self.entries = 0

    def add(self, equations: KeyArray, columns: IntArray, values: IntArray) -> None:
        """Add the rows given by entries (equation key, column, residue); repeated places are summed."""
        if not len(equations):
            return
        order = np.lexsort((columns, equations))
        equations, columns, values = equations[order], columns[order], values[order]
        new_row = np.concatenate([[True], equations[1:] != equations[:-1]])
        starts = np.flatnonzero(new_row | np.concatenate([[True], columns[1:] != columns[:-1]]))
        values = np.add.reduceat(values, starts) % self.prime
        kept = values != 0
        rows, columns, values = (np.cumsum(new_row) - 1)[starts][kept], columns[starts][kept], values[kept]
        if not len(rows):
            return
        starts = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
        lengths = np.diff(starts, append=len(rows))
        values = values * np.repeat(inverse(values[starts], self.prime), lengths) % self.prime
        hashes = np.add.reduceat(self.weights[columns] * values.astype(np.uint64), starts)
        entries, shape = (values, columns, np.append(starts, len(rows))), (len(starts), self.columns)
        self._keep(csr_matrix(entries, shape=shape), hashes)

    def _keep(self, rows: csr_matrix, hashes: KeyArray) -> None:
        hashes, first = np.unique(hashes, return_index=True)
        fresh = ~np.isin(hashes, self.hashes, assume_unique=True)
        part = rows[np.sort(first[fresh])]
        self.parts.append(part)
        self.entries += part.nnz
        self.hashes = np.concatenate([self.hashes, hashes[fresh]])

    def matrix(self) -> csr_matrix:
        """All rows kept."""
        from scipy.sparse import vstack

        if not self.parts:
            return csr_matrix(np.zeros((0, self.columns), dtype=np.int64))
        return csr_matrix(vstack(self.parts, format="csr"))
