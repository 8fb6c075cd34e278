"""Witnesses that Coq checks: integer combinations of gradients or fields at an integer point that single out
a direction.

The point of the certificate is kept where they are short.  Else a few points of small integers are tried:
there multipliers have few digits, and a theorem at any one point is as good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from polylaw.algebra.linear.exact import independent_columns
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import content
from polylaw.flows.distribution import Field
from polylaw.laws.witness import hashed_residue

Combinations = list[list[int]]

_VALUES = ((-1, 1, 0), (-1, 1), (-2, -1, 1, 2), (-3, -2, -1, 1, 2, 3), range(1, 6), range(1, 10))


@dataclass(frozen=True)
class Bound:
    """Directions in which a law's gradient is determined by those in the `free` ones, each with the
    combination of the elements (fields, then brackets) that has no part in the others."""

    bound: list[int]
    combinations: Combinations
    free: list[int]

    @property
    def digits(self) -> int:
        """Of all multipliers but zeros."""
        return sum(len(str(m)) for row in self.combinations for m in row if m)


def small_points(variables: int, size: int) -> Iterable[list[int]]:
    """Points whose variables are 0, 1 and -1, then larger and not 0; clock and parameters are 1 to 3."""
    for values in _VALUES:
        for seed in range(3):
            draws = [hashed_residue(seed, 2**61 - 1, "small", len(values), i) for i in range(size)]
            yield [values[d % len(values)] if i < variables else d % 3 + 1 for i, d in enumerate(draws)]


def independence_at(
    laws: Iterable[Polynomial], point: Sequence[int], moving: int
) -> tuple[list[int], Combinations] | None:
    """That gradients of the laws by the first `moving` coordinates are independent at a point, if they are:
    columns of them, and for each law the combination of these that is zero for all other laws."""
    values = dict(enumerate(point))
    gradients = [law.gradient() for law in laws]
    matrix = [[int(g[k](values)) if k in g else 0 for k in range(moving)] for g in gradients]
    columns = independent_columns(matrix)
    if len(columns) < len(matrix):
        return None
    return columns, scaled_inverse_columns([[row[k] for k in columns] for row in matrix])


def bound_at(fields: Sequence[Field], elements: Sequence[int], point: Sequence[int], moving: int) -> Bound:
    """The rank of some of the fields at a point."""
    values = dict(enumerate(point))
    chosen = [fields[i].components for i in elements]
    rows = [[int(f[k].at(values)) if k in f else 0 for k in range(moving)] for f in chosen]
    columns = [list(column) for column in zip(*rows, strict=True)]
    kept = independent_columns(columns) if rows else []
    pivots = independent_columns([rows[i] for i in kept]) if kept else []
    # one row for each pivot column, with the entries of the elements that are kept
    square = [[columns[k][i] for i in kept] for k in pivots]
    combinations = []
    for multipliers in scaled_inverse_columns(square):
        full = dict(zip((elements[i] for i in kept), multipliers, strict=True))
        combinations.append([full.get(i, 0) for i in range(len(fields))])
    return Bound(pivots, combinations, [k for k in range(moving) if k not in pivots])


# -- exact linear algebra --------------------------------------------------------------------------
def scaled_inverse_columns(square: list[list[int]]) -> list[list[int]]:
    """For each i the primitive integer vector b with square b = d e_i."""
    import flint

    inverse = flint.fmpz_mat(square).inv().tolist() if square else []
    columns = ([Fraction(int(c.p), int(c.q)) for c in column] for column in zip(*inverse, strict=True))
    return [[int(c / size) for c in column] for column in columns for size in [content(column)]]
