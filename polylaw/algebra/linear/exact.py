"""Exact sparse linear algebra over Q and over Q(parameters): fraction-free, row by row.

A row is a map from column labels to nonzero `Polynomial`s over one ring (constants over the ring without
generators give linear algebra over Q).  Rows are divided by their content after every step, which keeps
entries as small as the mathematics allows.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import flint

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.linear.modular import pivots_of
from polylaw.algebra.rationals import Coefficient, content
from polylaw.algebra.ring import Polynomial, Ring

Row = dict[Any, Polynomial]


class Echelon:
    """A growing set of independent rows, each with a pivot column where all others are zero (reduced form).
    `check` is called before every step of the elimination; it may raise."""

    def __init__(self, check: Check = unchecked, stage: str = "elimination") -> None:
        self.check, self.stage = check, stage
        self.rows: dict[Hashable, Row] = {}

    def copy(self) -> Echelon:
        """One of its own with the same rows."""
        other = Echelon(self.check, self.stage)
        other.rows = dict(self.rows)
        return other

    @property
    def rank(self) -> int:
        """Number of independent rows so far."""
        return len(self.rows)

    def reduced(self, row: Mapping[Any, Polynomial]) -> Row:
        """The remainder of `row` modulo the rows so far, up to a nonzero factor; empty iff dependent."""
        left = {column: entry for column, entry in row.items() if entry}
        for pivot in [column for column in left if column in self.rows]:
            left = self._cleared(left, self.rows[pivot], pivot)
        return without_content(left, self.check, self.stage)

    def add(self, row: Mapping[Any, Polynomial]) -> bool:
        """Add a row, its pivot where the entry is shortest; False when it depends on the rows so far."""
        self.check(self.stage)
        left = self.reduced(row)
        if left:
            self.keep(left, min(left, key=lambda column: (len(left[column].terms), left[column].degree)))
        return bool(left)

    def keep(self, row: Row, pivot: Hashable) -> None:
        """Add a row that is reduced, with this pivot."""
        for other, kept in self.rows.items():
            if pivot in kept:
                self.rows[other] = self._cleared(kept, row, pivot)
        self.rows[pivot] = row

    def _cleared(self, row: Row, by: Row, pivot: Hashable) -> Row:
        """by[pivot] * row - row[pivot] * by, which has no `pivot`, without content."""
        self.check(self.stage)
        a, b = by[pivot], row[pivot]
        result = {column: a * entry for column, entry in row.items() if column != pivot}
        for column, entry in by.items():
            if column != pivot:
                change = b * entry
                total = result[column] - change if column in result else -change
                if total:
                    result[column] = total
                else:
                    result.pop(column, None)
        return without_content(result, self.check, self.stage)


def relations(
    rows: Sequence[Mapping[Any, Polynomial]],
    ring: Ring,
    check: Check = unchecked,
    stage: str = "relations among rows",
) -> list[dict[int, Polynomial]]:
    """A basis of {c : sum_i c_i rows[i] = 0}, as maps from i to nonzero c_i in the `ring` of the entries.

    Each is found at the first row that depends on earlier ones, and involves, besides it, only rows
    independent of those before them.  `check` is called before every step of the elimination; it may raise.
    """
    one, echelon = ring.constant(1), Echelon(check, stage)
    found: list[dict[int, Polynomial]] = []
    for i, row in enumerate(rows):
        check(stage)
        entries = {("entry", column): entry for column, entry in row.items()}
        left = echelon.reduced({**entries, ("row", i): one})
        pivot = next((column for column in left if column[0] == "entry"), None)
        if pivot is None:
            found.append({column[1]: c for column, c in left.items()})
        else:
            echelon.keep(left, pivot)
    return found


def without_content(row: Row, check: Check = unchecked, stage: str = "elimination") -> Row:
    """The row divided by the gcd of its entries (over Z: primitive integer coefficients overall)."""
    if not row:
        return row
    entries = list(row.values())
    common = entries[0].primitive()
    for entry in entries[1:]:
        check(stage)
        if common.constant_value is not None:
            break
        common = common.gcd(entry).primitive()
    if common.constant_value is None:
        row = {column: entry.divide_exactly(common) for column, entry in row.items()}
    scale = content(c for entry in row.values() for c in entry.terms.values())
    return row if scale == 1 else {column: entry / scale for column, entry in row.items()}


def independent_columns(rows: Sequence[Sequence[int]]) -> list[int]:
    """Positions of the columns that are independent over Q of those before them."""
    if not rows or not rows[0]:
        return []
    reduced, _, rank = flint.fmpz_mat(list(map(list, rows))).rref()
    return pivots_of(reduced, rank)


def rank(rows: Sequence[Sequence[Coefficient]]) -> int:
    """The rank over Q of a matrix that is not empty."""
    return int(flint.fmpq_mat([[flint.fmpq(c.numerator, c.denominator) for c in row] for row in rows]).rank())
