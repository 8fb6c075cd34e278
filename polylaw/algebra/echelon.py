"""Exact sparse linear algebra over Q and over Q(parameters): fraction-free, row by row.

A row is a map from column labels to nonzero `Polynomial`s over one ring (constants over the ring without
generators give linear algebra over Q).  Rows are divided by their content after every step, which keeps
entries as small as the mathematics allows.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import gcd, lcm
from typing import Any

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring

Row = dict[Any, Polynomial]


class Echelon:
    """A growing set of independent rows, each with a pivot column where all others are zero (reduced form).
    `check` is called before every step of the elimination; it may raise."""

    def __init__(self, check: Check = unchecked, stage: str = "elimination") -> None:
        self.check, self.stage = check, stage
        self.rows: dict[Hashable, Row] = {}

    @property
    def rank(self) -> int:
        """Number of independent rows so far."""
        return len(self.rows)

    def reduced(self, row: Mapping[Any, Polynomial]) -> Row:
        """The remainder of `row` modulo the rows so far, up to a nonzero factor; empty iff dependent."""
        left = {column: entry for column, entry in row.items() if entry}
        for pivot in [column for column in left if column in self.rows]:
            self.check(self.stage)
            left = _eliminate(left, self.rows[pivot], pivot)
        return without_content(left, self.check, self.stage)

    def add(self, row: Mapping[Any, Polynomial]) -> bool:
        """Add a row; False when it depends on the rows so far."""
        left = self.reduced(row)
        if not left:
            return False
        pivot = min(left, key=lambda column: (len(left[column].terms), left[column].degree))
        for other, kept in self.rows.items():
            if pivot in kept:
                self.check(self.stage)
                self.rows[other] = without_content(_eliminate(kept, left, pivot), self.check, self.stage)
        self.rows[pivot] = left
        return True


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
    one = ring.constant(1)
    pivots: dict[Hashable, Row] = {}
    found: list[dict[int, Polynomial]] = []
    for i, row in enumerate(rows):
        check(stage)
        left: Row = {("entry", column): entry for column, entry in row.items() if entry}
        left["row", i] = one
        for pivot in [column for column in left if column in pivots]:
            check(stage)
            left = without_content(_eliminate(left, pivots[pivot], pivot), check, stage)
        pivot = next((column for column in left if column[0] == "entry"), None)
        if pivot is None:
            found.append({column[1]: c for column, c in left.items()})
            continue
        for other, kept in pivots.items():
            if pivot in kept:
                check(stage)
                pivots[other] = without_content(_eliminate(kept, left, pivot), check, stage)
        pivots[pivot] = left
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
    return _integral(row)


def _integral(row: Row) -> Row:
    """The row scaled by a positive rational so that all its coefficients are coprime integers."""
    coefficients = [c for entry in row.values() for c in entry.terms.values()]
    denominator = lcm(*(c.denominator for c in coefficients))
    content = gcd(*(int(c * denominator) for c in coefficients))
    if denominator == content:
        return row
    return {column: entry * denominator / content for column, entry in row.items()}


def _eliminate(row: Row, by: Row, pivot: Hashable) -> Row:
    """by[pivot] * row - row[pivot] * by, which has no `pivot`."""
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
    return result
