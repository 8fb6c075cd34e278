"""Minors of matrices of polynomials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.ring import Polynomial, Ring
from polylaw.budget import Budget
from polylaw.errors import BudgetError


def determinant(matrix: Sequence[Sequence[Polynomial]], ring: Ring) -> Polynomial:
    """The determinant of a square matrix over `ring`."""
    columns = tuple(range(len(matrix)))
    return _of_rows(matrix, columns, ring, unchecked).get(columns, ring.constant(0))


def minors(
    matrix: Sequence[Sequence[Polynomial]], size: int, ring: Ring, budget: Budget
) -> Iterator[Polynomial]:
    """The nonzero minors of a size >= 1, rows and then columns in lexicographic order.

    Laplace expansion, in which minors of the first rows are shared.  Raises `BudgetError` when there are too
    many.
    """
    columns = range(len(matrix[0])) if matrix else range(0)
    count = comb(len(matrix), size) * comb(len(columns), size)
    if count > budget.max_minors:
        hint = "take a smaller model or fewer laws"
        raise BudgetError("max_minors", budget.max_minors, f"room for {count} minors", hint)
    for rows in combinations(matrix, size):
        yield from _of_rows(rows, columns, ring, budget.check).values()


def _of_rows(
    rows: Sequence[Sequence[Polynomial]], columns: Sequence[int], ring: Ring, check: Check
) -> dict[tuple[int, ...], Polynomial]:
    """The nonzero minors of all of these rows, by the columns that are taken."""
    known: dict[tuple[int, ...], Polynomial] = {(): ring.constant(1)}
    for height, row in enumerate(rows, 1):
        check("minors of the gradients")
        larger: dict[tuple[int, ...], Polynomial] = {}
        for chosen in combinations(columns, height):
            parts = []
            for place, column in enumerate(chosen):
                below = known.get((*chosen[:place], *chosen[place + 1 :]))
                if below and row[column]:
                    product = row[column] * below
                    parts.append(product if (height - 1 - place) % 2 == 0 else -product)
            if total := Polynomial.sum(ring, parts):
                larger[chosen] = total
        known = larger
    return known
