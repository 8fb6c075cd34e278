"""Minors of matrices of polynomials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.errors import BudgetError

#: Minors of one size are made up to so many.
_MOST_MINORS = 20_000


def determinant(matrix: Sequence[Sequence[Polynomial]], ring: Ring) -> Polynomial:
    """The determinant of a square matrix over `ring`."""
    return next(minors(matrix, len(matrix), ring), ring.constant(0))


def minors(
    matrix: Sequence[Sequence[Polynomial]], size: int, ring: Ring, *, check: Check = unchecked
) -> Iterator[Polynomial]:
    """The nonzero minors of a size >= 1, rows and then columns in lexicographic order.

    Laplace expansion, in which minors of the first rows are shared.  Raises `BudgetError` when there are too
    many.
    """
    columns = range(len(matrix[0])) if matrix else range(0)
    count = comb(len(matrix), size) * comb(len(columns), size)
    if count > _MOST_MINORS:
        raise BudgetError("minors", count, f"at most {_MOST_MINORS}", "take a smaller model or fewer laws")
    for rows in combinations(matrix, size):
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
        yield from known.values()
