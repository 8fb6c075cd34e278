"""The matrix of one degree: products of known polynomials, and reducers for every monomial they contain.

This is the symbolic preprocessing of F4 (Faugère 1999, J. Pure Appl. Algebra 139, 61-88), for homogeneous
ideals: only exponents and positions, no coefficients, so one matrix serves every prime.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from polylaw.algebra.groebner.exponents import divisible, monomial_keys
from polylaw.algebra.groebner.orders import Order
from polylaw.algebra.monomials import IntArray, KeyArray

_COMPARISONS = 4_000_000


@dataclass(frozen=True)
class Row:
    """A monomial multiple of a known polynomial: `columns[k]` is where its k-th term stands."""

    polynomial: int
    columns: npt.NDArray[np.int32]


@dataclass(frozen=True)
class SymbolicMatrix:
    """Rows over the monomials of one degree.

    `monomials`, shape (columns, variables): first those with a reducer, then the others, each from the
    largest to the smallest.  Column j < len(reducers) is the leading monomial of `reducers[j]`, so the
    reducers are upper triangular.
    """

    monomials: IntArray
    reducers: tuple[Row, ...]
    rows: tuple[Row, ...]

    def restricted(self, rows: Sequence[int]) -> tuple[SymbolicMatrix, IntArray]:
        """The given rows, in their order, with what is needed to reduce them alike; and the columns kept."""
        needed = np.zeros(len(self.monomials), dtype=bool)
        for i in rows:
            needed[self.rows[i].columns] = True
        for column, reducer in enumerate(self.reducers):  # a reducer begins in its own column
            if needed[column]:
                needed[reducer.columns] = True
        columns = np.flatnonzero(needed)
        place = (np.cumsum(needed) - 1).astype(np.int32)
        reducers = [self.reducers[j] for j in columns.tolist() if j < len(self.reducers)]
        small = SymbolicMatrix(
            self.monomials[columns],
            tuple(Row(r.polynomial, place[r.columns]) for r in reducers),
            tuple(Row(self.rows[i].polynomial, place[self.rows[i].columns]) for i in rows),
        )
        return small, columns


@dataclass(frozen=True)
class Products:
    """Monomial multiples of known polynomials: `multipliers`, (products, variables), of `polynomials`."""

    polynomials: IntArray
    multipliers: IntArray

    def __len__(self) -> int:
        return len(self.polynomials)

    def __getitem__(self, chosen: IntArray) -> Products:
        return Products(self.polynomials[chosen], self.multipliers[chosen])

    def __add__(self, other: Products) -> Products:
        polynomials = np.concatenate([self.polynomials, other.polynomials])
        return Products(polynomials, np.concatenate([self.multipliers, other.multipliers]))


def symbolic_matrix(
    rows: Products,
    reducers: Products,
    supports: Sequence[IntArray],
    leads: IntArray,
    first_lead: int,
    order: Order,
    check: Callable[[], None],
) -> SymbolicMatrix:
    """The matrix of `rows`, with the `reducers` (of distinct leading monomials) and all others needed.

    `supports[i]` lists the exponents of polynomial i, largest first; polynomial `first_lead + k` has the
    leading monomial `leads[k]`, and only these polynomials may reduce.  `check` may raise to end it.
    """
    lengths = np.array([len(supports[first_lead + k]) for k in range(len(leads))], dtype=np.int64)
    preference = np.argsort(lengths, kind="stable")  # of several divisors, that of the shortest polynomial
    seen = _Monomials()
    pivots = _lead_exponents(reducers, supports)
    seen.reduced(pivots)
    pending = reducers + rows
    while len(pending):
        fresh = seen.add(_exponents(pending, supports))
        divisors = _divisors(fresh, leads[preference], check)
        found = np.flatnonzero(divisors >= 0)
        chosen = preference[divisors[found]]
        pending = Products(chosen + first_lead, fresh[found] - leads[chosen])
        seen.reduced(fresh[found])
        reducers = reducers + pending
        pivots = np.concatenate([pivots, fresh[found]])
    reducers = reducers[order.descending(pivots)]
    columns = seen.columns(order)
    position = _Positions(columns)
    reducing = tuple(position.rows(reducers, supports))
    return SymbolicMatrix(columns, reducing, tuple(position.rows(rows, supports)))


def _exponents(products: Products, supports: Sequence[IntArray]) -> IntArray:
    """Exponents of all terms of all products, one after another."""
    pairs = zip(products.polynomials.tolist(), products.multipliers, strict=True)
    parts = [supports[i] + m for i, m in pairs]
    return np.concatenate(parts)


def _lead_exponents(products: Products, supports: Sequence[IntArray]) -> IntArray:
    """Exponents of the leading monomials, shape (products, variables)."""
    leads = [supports[i][0] for i in products.polynomials.tolist()]
    return products.multipliers + np.array(leads, dtype=np.int64).reshape(products.multipliers.shape)


def _divisors(monomials: IntArray, leads: IntArray, check: Callable[[], None]) -> IntArray:
    """For each monomial the position of the first lead that divides it, or -1."""
    found = np.full(len(monomials), -1, dtype=np.int64)
    if not len(leads):
        return found
    size = max(1, _COMPARISONS // leads.size)
    for start in range(0, len(monomials), size):
        check()
        divides = divisible(monomials[start : start + size], leads)
        some = np.any(divides, axis=1)
        found[start : start + size][some] = divides[some].argmax(axis=1)
    return found


class _Monomials:
    """The distinct monomials met so far, in the order in which they came."""

    def __init__(self) -> None:
        self.known: KeyArray = np.zeros(0, dtype=np.uint64)
        self.parts: list[IntArray] = []
        self.pivots: list[IntArray] = []

    def reduced(self, exponents: IntArray) -> None:
        """These monomials have a reducer."""
        self.pivots.append(exponents)
        self.known = np.union1d(self.known, monomial_keys(exponents))

    def add(self, exponents: IntArray) -> IntArray:
        """The monomials among these that are new."""
        keys, first = np.unique(monomial_keys(exponents), return_index=True)
        new = ~np.isin(keys, self.known)
        self.known = np.union1d(self.known, keys[new])
        fresh = exponents[first[new]]
        self.parts.append(fresh)
        return fresh

    def columns(self, order: Order) -> IntArray:
        pivots = np.concatenate(self.pivots)
        fresh = np.concatenate(self.parts)
        others = fresh[~np.isin(monomial_keys(fresh), monomial_keys(pivots))]
        return np.concatenate([pivots[order.descending(pivots)], others[order.descending(others)]])


class _Positions:
    """Where each monomial stands among the columns."""

    def __init__(self, columns: IntArray) -> None:
        keys = monomial_keys(columns)
        self.order = np.argsort(keys)
        self.keys = keys[self.order]

    def rows(self, products: Products, supports: Sequence[IntArray]) -> list[Row]:
        if not len(products):
            return []
        keys = monomial_keys(_exponents(products, supports))
        positions = self.order[np.searchsorted(self.keys, keys)].astype(np.int32)
        polynomials = products.polynomials.tolist()
        ends = np.cumsum([len(supports[i]) for i in polynomials])
        split = zip(polynomials, np.split(positions, ends[:-1]), strict=True)
        return [Row(i, columns) for i, columns in split]
