"""Exact verification of many candidate laws at once: X h = 0 as polynomials, over the integers.

For every field and candidate the images of all terms are grouped by monomial and summed.  Groups are made by
random key, and then every group is checked to hold one monomial only, factor by factor.  Sums are taken mod
enough primes that their product exceeds twice the largest possible absolute value, so zero residues mean
zero.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from polylaw.algebra.modular import primes
from polylaw.algebra.monomials import FactorTable, IntArray, generator_keys
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget
from polylaw.errors import VerificationError
from polylaw.laws.terms import FieldTerms

_CHUNK = 1_000_000
_SALTS = (11, 12, 13)


def annihilated(terms: FieldTerms, ring: Ring, laws: Sequence[Polynomial], budget: Budget) -> list[bool]:
    """For each candidate (integer coefficients), whether every field annihilates it.  Exact, over Z."""
    verdicts = [True] * len(laws)
    start = 0
    while start < len(laws):
        stop, size = start, 0
        while stop < len(laws) and (size == 0 or size + len(laws[stop].terms) <= 50_000):
            size += len(laws[stop].terms)
            stop += 1
        for bad in _violated(terms, ring, laws[start:stop], budget):
            verdicts[start + int(bad)] = False
        start = stop
    return verdicts


def _violated(terms: FieldTerms, ring: Ring, laws: Sequence[Polynomial], budget: Budget) -> IntArray:
    """Positions of the laws that some field does not annihilate."""
    table = FactorTable.of([m for h in laws for m in h.terms], ring.size)
    coefficients = [int(c) for h in laws for c in h.terms.values()]
    owner = np.repeat(np.arange(len(laws)), [len(h.terms) for h in laws])
    occurrences = table.occurrences(np.arange(len(table)), budget.check)
    bad: list[IntArray] = []
    for chunk in terms.chunks(occurrences, _CHUNK):
        budget.check("exact verification")
        bad.append(_violated_by(terms, table, coefficients, owner, occurrences, chunk))
    return np.unique(np.concatenate(bad)) if bad else np.zeros(0, np.int64)


def _violated_by(
    terms: FieldTerms,
    table: FactorTable,
    coefficients: list[int],
    owner: IntArray,
    occurrences: csr_matrix,
    chunk: slice,
) -> IntArray:
    """Owners of the monomials whose images under the chunk's terms do not cancel."""
    term, place, power = terms.images(occurrences, chunk)
    if not len(term):
        return np.zeros(0, np.int64)
    monomials = _image_monomials(terms, table, term, place)
    order, starts = _groups(np.column_stack([terms.field[term], owner[place], monomials]))
    largest = max(map(abs, terms.coefficients[chunk])) * max(map(abs, coefficients)) * int(power.max())
    bound = 2 * largest * int(np.diff(starts, append=len(order)).max()) + 1
    nonzero = np.zeros(len(starts), dtype=bool)
    modulus = 1
    for prime in primes():
        if modulus > bound:
            break
        modulus *= prime
        left = np.array([c % prime for c in terms.coefficients[chunk]], dtype=np.int64)[term - chunk.start]
        right = np.array([c % prime for c in coefficients], dtype=np.int64)[place]
        values = left * right % prime * power % prime
        nonzero |= np.add.reduceat(values[order], starts) % prime != 0
    return np.unique(owner[place[order[starts[nonzero]]]])


def _image_monomials(terms: FieldTerms, table: FactorTable, term: IntArray, place: IntArray) -> np.ndarray:
    """Factor rows of (m / x_k) mu for every (term, monomial) pair: one factor x_k of m becomes padding."""
    rows = table.factors[place]
    moved = terms.moved[term]
    rows[np.arange(len(rows)), (rows == moved[:, None]).argmax(axis=1)] = table.generators
    return np.sort(np.column_stack([rows, terms.monomials.factors[term]]), axis=1)


def _groups(rows: np.ndarray) -> tuple[IntArray, IntArray]:
    """An order of the rows in which equal ones are neighbours, and where each group of equal ones starts."""
    width = int(rows.max()) + 1
    for salt in _SALTS:
        hashes = np.zeros(len(rows), dtype=np.uint64)
        for column, weight in zip(rows.T, generator_keys(rows.shape[1], salt), strict=False):
            random = np.random.default_rng((salt, width)).integers(0, 2**64, width, dtype=np.uint64)
            hashes += random[column] * (weight | np.uint64(1))
        order = np.argsort(hashes)
        starts = np.flatnonzero(np.diff(hashes[order], prepend=~hashes[order[0]]))
        same_hash = np.ones(len(rows), dtype=bool)
        same_hash[starts] = False
        later = np.flatnonzero(same_hash)
        if np.array_equal(rows[order[later]], rows[order[later - 1]]):
            return order, starts
    found, hint = "collisions with three seeds", "please report this model"
    raise VerificationError("monomial hashes", found, "distinct hashes", hint)
