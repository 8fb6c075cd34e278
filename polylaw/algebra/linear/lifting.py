"""Null spaces over Q, found mod primes and verified.

The dimension mod any prime bounds that over Q from above, and vectors that pass an exact test bound it from
below; when both bounds meet, which is the only way out of `verified`, these vectors are all there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import lcm
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_matrix

from polylaw.algebra.linear.blocks import ModularSolution, solve_blocks
from polylaw.algebra.modular import primes, reconstruct
from polylaw.budget import Budget
from polylaw.errors import VerificationError

_Exact = TypeVar("_Exact")
#: Nonzero entries by unknown.
Vector = dict[int, int]
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

    def modular(prime: int) -> csr_matrix:
        residues = np.array([c % prime for r in rows for c in r.values()], dtype=np.int64)
        matrix = csr_matrix((residues, (row_of, column_of)), shape=(len(rows), columns))
        matrix.eliminate_zeros()
        return matrix

    by_column: dict[int, list[tuple[int, int]]] = {}
    for i, row in enumerate(rows):
        for j, c in row.items():
            by_column.setdefault(j, []).append((i, c))

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
    """The null space over Q of a system known by residues mod any prime, and an exact test of candidates."""

    def solutions() -> Iterator[ModularSolution]:
        for prime in primes():
            budget.check("a null space")
            yield solve_blocks(modular(prime), prime, budget)

    def exact(lift: Lift, wanted: Iterable[int]) -> dict[int, Vector]:
        candidates = ((i, lift.rational(i)) for i in wanted)
        return {i: v for i, v in candidates if v is not None and holds(v)}

    vectors, lift = verified(solutions(), exact, "null space")
    return NullSpace(tuple(vectors), columns, lift.prime)


def verified(
    solutions: Iterable[ModularSolution],
    exact: Callable[[Lift, Sequence[int]], Mapping[int, _Exact]],
    argument: str,
) -> tuple[list[_Exact], Lift]:
    """All vectors of the null spaces, as `exact` makes them from residues and proves them, and the residues;
    `exact` is asked for the positions that are not known yet, and leaves out what it cannot make."""
    lift = Lift()
    known: dict[int, _Exact] = {}
    for solution in islice(solutions, _MOST_PRIMES):
        if lift.add(solution):
            known = {}
        known.update(exact(lift, [i for i in range(len(lift.vectors)) if i not in known]))
        if len(known) == len(lift.vectors):
            return [known[i] for i in range(len(known))], lift
    expected = "candidates that pass exact verification"
    raise VerificationError(argument, f"{_MOST_PRIMES} primes", expected, "please report this model")


class Lift:
    """Null spaces of one linear system mod several primes, combined by Chinese remainders.

    `prime` is the first of those combined: a prime that gives fewer vectors, or vectors that lead further
    right, is the truer one and starts anew, and then `add` says so.
    """

    latest: ModularSolution

    def __init__(self) -> None:
        self.vectors: list[Vector] = []
        self.modulus = self.prime = 0
        self.lead: tuple[int, ...] = ()

    def add(self, solution: ModularSolution) -> bool:
        """Combine with the residues so far; True when earlier ones were dropped, or there were none."""
        self.latest = solution
        quality = (-len(solution.lead), solution.lead[::-1])
        best = (-len(self.lead), self.lead[::-1])
        if self.modulus and quality < best:
            return False
        if not self.modulus or quality > best:
            self.vectors, self.lead = [dict(v) for v in solution.vectors], solution.lead
            self.modulus = self.prime = solution.prime
            return True
        p, m = solution.prime, self.modulus
        step = pow(m, -1, p)
        for mine, other in zip(self.vectors, solution.vectors, strict=True):
            for unknown in mine.keys() | other.keys():
                r = mine.get(unknown, 0)
                mine[unknown] = r + m * ((other.get(unknown, 0) - r) * step % p)
        self.modulus = m * p
        return False

    def rational(self, i: int) -> Vector | None:
        """Integers in the ratios of the smallest fractions behind the residues of vector i, None if there are
        no such fractions.  A guess, until checked."""
        residues = self.vectors[i].items()
        fractions = {unknown: reconstruct(residue, self.modulus) for unknown, residue in residues}
        if any(f is None for f in fractions.values()):
            return None
        scale = lcm(*(f[1] for f in fractions.values() if f))
        return {unknown: f[0] * (scale // f[1]) for unknown, f in fractions.items() if f and f[0]}
