"""The linear system of completeness: its unknowns are the coefficients of a polynomial in given monomials,
its equations say that all fields annihilate it.  Sparse, over the integers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import comb, gcd
from typing import Any

import numpy as np

from polylaw.algebra.linear.modular import Span
from polylaw.algebra.monomials import IntArray
from polylaw.budget import Budget
from polylaw.flows.distribution import Field
from polylaw.laws.lie_series import SERIES_PRIMES
from polylaw.proof.coq_syntax import listed, monomial, positives
from polylaw.proof.motion import Coordinates

Monomial = tuple[tuple[int, int], ...]
Row = dict[int, int]

#: Ranks of what is verified exactly later are taken modulo it.
PRIME = SERIES_PRIMES[0]
#: What a term of the system costs in steps of Coq, and its arithmetic in squares of digits.
_STEPS_PER_TERM, _WORK_PER_STEP = 500, 6


class WithheldError(Exception):
    """Why there is no witness, as the end of a sentence."""


def monomials(claim: dict[str, Any], x: Coordinates, budget: Budget) -> tuple[str, list[Monomial]]:
    """(the list in Coq, the same in the same order)"""
    if "monomials" in claim:
        _few(len(claim["monomials"]), budget)
        listing = [tuple(zip(m[::2], m[1::2], strict=True)) for m in claim["monomials"]]
        return listed(map(monomial, listing)), listing
    variables = sorted(range(x.variables) if claim.get("variables") is None else claim["variables"])
    least, top, most = claim["least"], claim["degree"], claim["clock"]
    found: list[Monomial] = []

    def extend(degree: int, m: Monomial, at: int) -> None:
        if at == len(variables):
            found.extend(_times(m, x.variables, j) for j in range(most + 1) if not degree and (m or j))
            return
        for e in range(degree + 1):
            extend(degree - e, _times(m, variables[at], e), at + 1)

    bare = sum(comb(len(variables) + degree - 1, degree) for degree in range(least, top + 1))
    _few(bare * (most + 1) - (least == 0), budget)
    for degree in range(least, top + 1):
        extend(degree, (), 0)
    return f"monomials {positives(variables)} {least}%nat {top}%nat {x.variables + 1} {most}%nat", found


def _few(monomials: int, budget: Budget) -> None:
    if monomials**2 > budget.max_coq_steps:
        raise WithheldError(f"because {monomials} monomials take Coq too long (max_coq_steps)")


def _times(m: Monomial, g: int, e: int) -> Monomial:
    return (*m, (g, e)) if e else m


def equations(unknowns: Sequence[Monomial], fields: Iterable[Field], budget: Budget) -> list[Row]:
    """All equations of all fields."""
    system: list[Row] = []
    most = budget.max_coq_steps // _STEPS_PER_TERM
    for field in fields:
        budget.check("the equations for Coq")
        rows: dict[Monomial, Row] = {}
        components = {g: [(dict(n), int(c)) for n, c in p.terms.items()] for g, p in field.components.items()}
        for i, m in enumerate(unknowns):
            for g, e in m:
                for n, c in components.get(g, ()):
                    powers = Counter(dict(m))
                    powers.update(n)
                    powers[g] -= 1
                    row = rows.setdefault(tuple(sorted((h, f) for h, f in powers.items() if f)), {})
                    row[i] = row.get(i, 0) + e * c
        system += ({i: c for i, c in row.items() if c} for row in rows.values())
        if sum(map(len, system)) > most:
            found = f"a system of more than {most} terms"
            raise WithheldError(f"because {found} takes Coq too long (max_coq_steps)")
    return system


def free_unknowns(system: Sequence[Row], vectors: Sequence[Row], size: int) -> tuple[list[int], set[int]]:
    """(unknowns at which the vectors have full rank, the unknowns that are left when those are 0 and every
    equation with one unknown has made it 0)"""
    rows, alive = [set(row) for row in system], set(range(size))
    within: list[list[int]] = [[] for _ in range(size)]
    for r, row in enumerate(rows):
        for i in row:
            within[i].append(r)

    def remove(first: Iterable[int]) -> None:
        zero = list(first)
        while zero:
            if (i := zero.pop()) in alive:
                alive.remove(i)
                for r in within[i]:
                    rows[r].discard(i)
                    if len(rows[r]) == 1:
                        zero += rows[r]

    remove(i for row in system if len(row) == 1 for i in row)
    free: list[int] = []
    columns, span = coefficients(vectors, size), Span(len(vectors), PRIME)
    while len(free) < len(vectors):
        shortest = min((row for row in rows if row), key=lambda row: (len(row), min(row)), default=set())
        for i in (*sorted(shortest), *sorted(alive)):
            if span.add(columns[:, [i]]):
                free.append(i)
                remove([i])
                break
        else:
            raise WithheldError("because its products are no laws")
    return free, alive


def coefficients(vectors: Sequence[Row], size: int) -> IntArray:
    """A row for each vector, mod the prime."""
    matrix = np.zeros((len(vectors), size), dtype=np.int64)
    for j, vector in enumerate(vectors):
        for i, c in vector.items():
            matrix[j, i] = c % PRIME
    return matrix


def eliminate(rows: list[Row], unknowns: int, budget: Budget) -> bool:
    """Whether the equations make all unknowns 0, by the elimination of Coq, which must not take too long."""
    work = 0
    for _ in range(unknowns):
        budget.check("the elimination for Coq")
        if not rows:
            return False
        shortest = min(rows, key=len)
        last = max(shortest)
        rest = []
        for row in rows:
            without = _combined(row, shortest[last], shortest, -row[last]) if last in row else row
            work += sum(c.bit_length() ** 2 for c in without.values()) if last in row else 0
            rest += [without] if without else []
        rows = rest
        if work > budget.max_coq_steps * _WORK_PER_STEP:
            raise WithheldError("because its linear equations take Coq too long (max_coq_steps)")
    return True


def _combined(row: Row, a: int, other: Row, b: int) -> Row:
    """a row + b other, without a common factor."""
    result = {i: a * c for i, c in row.items()}
    for i, c in other.items():
        result[i] = result.get(i, 0) + b * c
    content = gcd(*result.values())
    return {i: c // content for i, c in result.items() if c}
