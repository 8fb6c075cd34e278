"""Witnesses that Coq checks: integer combinations of gradients or fields at an integer point that single out
a direction.

The point of the certificate is kept where they are short.  Else a few points of small integers are tried:
there multipliers have few digits, and a theorem at any one point is as good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd, lcm

from polylaw.algebra.linear.exact import independent_columns
from polylaw.algebra.polynomial import Polynomial
from polylaw.flows.distribution import Field
from polylaw.laws.witness import hashed_residue

Combinations = list[list[int]]

_VALUES = (
    (-1, 1, 0),
    (-1, 1),
    (-2, -1, 1, 2),
    (-3, -2, -1, 1, 2, 3),
    tuple(range(1, 6)),
    tuple(range(1, 10)),
)


@dataclass(frozen=True)
class Independence:
    """Columns of the gradients, and for each law the combination of them that is zero for all other laws."""

    columns: list[int]
    combinations: Combinations


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


def independence_at(laws: Iterable[Polynomial], point: Sequence[int], moving: int) -> Independence | None:
    """That gradients of the laws by the first `moving` coordinates are independent at a point, if they
    are."""
    values = dict(enumerate(point))
    gradients = [law.gradient() for law in laws]
    matrix = [[int(g[k](values)) if k in g else 0 for k in range(moving)] for g in gradients]
    columns, combinations = _unit_combinations([list(column) for column in zip(*matrix, strict=True)])
    return Independence(columns, combinations) if len(columns) == len(matrix) else None


def bound_at(fields: Sequence[Field], elements: Sequence[int], point: Sequence[int], moving: int) -> Bound:
    """The rank of some of the fields at a point."""
    values = dict(enumerate(point))
    rows = [
        [int(fields[i].components[k].at(values)) if k in fields[i].components else 0 for k in range(moving)]
        for i in elements
    ]
    kept = _independent_rows(rows)
    pivots, multipliers = _unit_combinations_of_rows([rows[i] for i in kept]) if kept else ([], [])
    combinations = []
    for chosen in multipliers:
        full = [0] * len(fields)
        for i, m in zip(kept, chosen, strict=True):
            full[elements[i]] = m
        combinations.append(full)
    return Bound(pivots, combinations, [k for k in range(moving) if k not in pivots])


# -- exact linear algebra --------------------------------------------------------------------------
def _unit_combinations(rows: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """(positions of k rows of full rank k, for each unit vector the integer combination of them that is a
    positive multiple of it): rows have k entries.  Without combinations where there is no full rank."""
    positions = _independent_rows(rows)
    chosen = [rows[i] for i in positions]
    if len(positions) < len(rows[0]):
        return positions, []
    return positions, scaled_inverse_columns([list(column) for column in zip(*chosen, strict=True)])


def _unit_combinations_of_rows(rows: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """(pivot columns, for each of them the integer combination of the rows that is 0 in all other pivot
    columns)."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    pivots = _independent_rows(columns)
    square = [columns[k] for k in pivots]  # square[k][i]: entry of row i in pivot column k
    return pivots, scaled_inverse_columns(square)


def _independent_rows(rows: list[list[int]]) -> list[int]:
    """Positions of rows that are independent over Q of those before them."""
    return independent_columns([list(column) for column in zip(*rows, strict=True)])


def scaled_inverse_columns(square: list[list[int]]) -> list[list[int]]:
    """For each i the primitive integer vector b with square b = d e_i."""
    import flint

    if not square:
        return []
    inverse = flint.fmpz_mat(square).inv()
    result = []
    for i in range(len(square)):
        column = [inverse[k, i] for k in range(len(square))]
        scale = lcm(*(int(c.q) for c in column))
        entries = [int(c.p) * (scale // int(c.q)) for c in column]
        content = gcd(*entries)
        result.append([e // content for e in entries])
    return result
