"""All terms of all fields of a distribution as flat arrays, and their action on monomials.

A term c * mu * d/dx_k of field j sends a monomial m to c * e * (m / x_k) * mu, e the power of x_k in m.  The
equations of a law, and its verification, are sums of such images.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from polylaw.algebra.check import Check, every, unchecked
from polylaw.algebra.monomials import FactorTable, IntArray, KeyArray, ragged_ranges, sum_keys
from polylaw.algebra.polynomial import Monomial
from polylaw.flows.distribution import Distribution, Field

#: Fields between two checks.
_STEPS = 50


@dataclass(frozen=True)
class FieldTerms:
    """Parallel arrays over terms, ordered by field: the field's number, the moved generator, the integer
    coefficient (a Python int, of any size), and the monomial as a row of `monomials`."""

    field: IntArray
    moved: IntArray
    coefficients: tuple[int, ...]
    monomials: FactorTable
    fields: int

    @staticmethod
    def of(
        distribution: Distribution, order: Sequence[Field] | None = None, check: Check = unchecked
    ) -> FieldTerms:
        """Terms of all fields, in the given order; without one, those that move generators not moved before
        come first: they decide the most unknowns."""
        rows: list[tuple[int, int, int, Monomial]] = []
        counted = every(_STEPS, check)
        for j, field in enumerate(_covering_first(distribution) if order is None else order):
            counted("writing down the fields")
            rows.extend((j, k, c, m) for k, c, m in field.terms())
        return FieldTerms(
            np.array([r[0] for r in rows], dtype=np.int64),
            np.array([r[1] for r in rows], dtype=np.int64),
            tuple(r[2] for r in rows),
            FactorTable.of([r[3] for r in rows], distribution.ring.size, check=check),
            len(distribution.fields),
        )

    def __len__(self) -> int:
        return len(self.field)

    def residues(self, prime: int) -> IntArray:
        """Coefficients mod `prime`."""
        return np.array([c % prime for c in self.coefficients], dtype=np.int64)

    def specialised(self, parameters: range, values: IntArray, prime: int) -> tuple[IntArray, FactorTable]:
        """Coefficients mod `prime` with the parameters set to `values`, and the monomials without them."""
        residues = self.residues(prime)
        factors = self.monomials.factors
        if not len(parameters):
            return residues, self.monomials
        padding = self.monomials.generators
        images = np.ones(padding + 1, dtype=np.int64)
        images[parameters.start : parameters.stop] = values
        for column in factors.T:
            residues = residues * images[column] % prime
        kept = np.where((factors >= parameters.start) & (factors < parameters.stop), padding, factors)
        return residues, FactorTable(np.sort(kept, axis=1).astype(np.int32), padding)

    def shifts(self, keys: KeyArray, monomials: FactorTable, salt: int) -> KeyArray:
        """What each term adds to the key of a monomial: key(mu) - key(x_k), plus a key for its field, so that
        equations of different fields are kept apart."""
        fields = np.random.default_rng((salt, 1)).integers(0, 2**64, self.fields, dtype=np.uint64)
        return sum_keys(keys, monomials.factors) - keys[self.moved] + fields[self.field]

    def images(self, occurrences: csr_matrix, chosen: slice) -> tuple[IntArray, IntArray, IntArray]:
        """(term, monomial, power) for every chosen term and every monomial with its moved generator."""
        moved = self.moved[chosen]
        starts = occurrences.indptr[moved].astype(np.int64)
        counts = occurrences.indptr[moved + 1] - starts
        places = ragged_ranges(starts, counts)
        terms = np.repeat(np.arange(chosen.start, chosen.stop), counts)
        return terms, occurrences.indices[places].astype(np.int64), occurrences.data[places].astype(np.int64)

    def chunks(self, occurrences: csr_matrix, entries: int, start: int = 0) -> Iterator[slice]:
        """Consecutive slices of terms from `start` on, of whole fields, of about `entries` images in all."""
        counts = np.diff(occurrences.indptr)[self.moved]
        ends = np.flatnonzero(np.diff(self.field, append=self.fields + 1)) + 1
        total = np.concatenate([[0], np.cumsum(counts)])
        while start < len(self):
            within = ends[(ends > start) & (total[ends] - total[start] <= entries)]
            stop = int(within[-1]) if len(within) else int(ends[np.searchsorted(ends, start, side="right")])
            yield slice(start, stop)
            start = stop


def _covering_first(distribution: Distribution) -> list[Field]:
    covered: set[int] = set()
    first: list[Field] = []
    later: list[Field] = []
    for field in distribution.fields:
        (later if covered.issuperset(field.components) else first).append(field)
        covered.update(field.components)
    return first + later
