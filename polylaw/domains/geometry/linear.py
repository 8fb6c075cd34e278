"""Null spaces over Q, found mod primes and verified: for systems that are not made of fields and
monomials."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from polylaw.algebra.modular import primes
from polylaw.budget import Budget
from polylaw.errors import VerificationError
from polylaw.laws.blocks import solve_blocks
from polylaw.laws.lift import Lift, Vector

_MOST_PRIMES = 400


@dataclass(frozen=True)
class NullSpace:
    """All solutions of a linear system over Q in `columns` unknowns.

    `vectors` is the reduced basis in which every vector ends at an unknown where all others are 0, ascending
    by it. Each was verified exactly; the rank of the system mod `prime`, at most its rank over Q, is `rank`,
    and both add up to the number of unknowns: so there are no other solutions.
    """

    vectors: tuple[Vector, ...]
    columns: int
    prime: int

    @property
    def rank(self) -> int:
        """Rank of the system."""
        return self.columns - len(self.vectors)


def null_space_of_rows(rows: Sequence[Mapping[int, int]], columns: int, budget: Budget) -> NullSpace:
    """{x : sum_j rows[i][j] x_j = 0 for all i}, for sparse rows of integers of any size."""
    budget.check_entries(sum(map(len, rows)))
    row_of = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    column_of = np.array([j for r in rows for j in r], dtype=np.int64)
    by_column: dict[int, list[tuple[int, int]]] = {}
    for i, row in enumerate(rows):
        for j, c in row.items():
            by_column.setdefault(j, []).append((i, c))

    def modular(prime: int) -> csr_matrix:
        residues = np.array([c % prime for r in rows for c in r.values()], dtype=np.int64)
        matrix = csr_matrix((residues, (row_of, column_of)), shape=(len(rows), columns))
        matrix.eliminate_zeros()
        return matrix

    def holds(vector: Vector) -> bool:
        totals: dict[int, int] = {}
        for j, x in vector.items():
            for i, c in by_column.get(j, ()):
                totals[i] = totals.get(i, 0) + c * x
        return not any(totals.values())

    return verified_null_space(modular, columns, holds, budget)


def verified_null_space(
    modular: Callable[[int], csr_matrix], columns: int, holds: Callable[[Vector], bool], budget: Budget
) -> NullSpace:
    """The null space over Q of a system known by its residues mod any prime, and by an exact test of a
    candidate."""
    lift = Lift()
    known: dict[int, Vector] = {}
    for prime, _ in zip(primes(), range(_MOST_PRIMES), strict=False):
        budget.check("a null space")
        if lift.add(solve_blocks(modular(prime), prime, budget)):
            known = {}
        for i in range(len(lift.vectors)):
            if i not in known and (candidate := lift.rational(i)) is not None and holds(candidate):
                known[i] = candidate
        if len(known) == len(lift.vectors):
            return NullSpace(tuple(known[i] for i in range(len(known))), columns, lift.prime)
    raise VerificationError(
        "null space",
        f"{_MOST_PRIMES} primes",
        "candidates that pass exact verification",
        "please report this model",
    )
