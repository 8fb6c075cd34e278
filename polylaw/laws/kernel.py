"""Rows X e_i, then the kernel: the combinations of elements of any algebra that its derivations send to 0.

The elements e_i are known, the derivations X are functions, and `coordinates` tells what an image X e_i is:
coefficients in the ring of scalars by any labels, linear in the image, all 0 only for 0.  A combination is
killed by every X exactly when it makes the rows vanish; that is linear algebra over the field of the scalars,
exact (`polylaw.algebra.linear.exact`).  Laws of flows that are polynomials have a way of their own, mod a
prime (`polylaw.laws.solving`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_matrix

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.linear.exact import Row, relations
from polylaw.algebra.linear.sparse import deciding_rows
from polylaw.algebra.modular import primes
from polylaw.algebra.protocol import Element
from polylaw.algebra.ring import Polynomial, Ring
from polylaw.errors import VerificationError

E = TypeVar("E", bound=Element)
Derivations = Sequence[Callable[[E], E]]
_STAGE = "derivatives of the candidates"


def images(
    elements: Iterable[E],
    derivations: Derivations[E],
    coordinates: Callable[[E], Mapping[Any, Polynomial]],
    check: Check = unchecked,
    stage: str = _STAGE,
) -> list[Row]:
    """For each element the coordinates of its images, by (number of the derivation, label)."""
    rows: list[Row] = []
    for element in elements:
        row: Row = {}
        for j, derivation in enumerate(derivations):
            check(stage)
            if image := derivation(element):
                row |= {(j, label): c for label, c in coordinates(image).items()}
        rows.append(row)
    return rows


def equations(rows: Sequence[Row]) -> list[dict[int, Polynomial]]:
    """What the coefficients of a combination must satisfy, one equation for each column of the rows."""
    found: dict[Hashable, dict[int, Polynomial]] = {}
    for i, row in enumerate(rows):
        for column, c in row.items():
            found.setdefault(column, {})[i] = c
    return list(found.values())


def kernel(
    elements: Sequence[E], rows: Sequence[Row], scalars: Ring, check: Check = unchecked, stage: str = _STAGE
) -> list[E]:
    """A basis of the combinations whose rows vanish, each of which ends at the first element that makes one
    possible."""
    found: list[dict[int, Polynomial]] = []
    for block in _blocks(rows):
        within = relations([rows[i] for i in block], scalars, check, stage)
        found += [{block[k]: c for k, c in relation.items()} for relation in within]
    return [combined(elements, relation) for relation in sorted(found, key=max)]


def combined(elements: Sequence[E], relation: Mapping[int, Polynomial]) -> E:
    """The combination of elements with these coefficients."""
    return reduce(add, (elements[i] * c for i, c in relation.items()))


def verified(laws: Iterable[E], derivations: Derivations[E], check: Check = unchecked) -> list[E]:
    """The laws, if every derivation sends them to 0; else `VerificationError`: a mistake of this program."""
    confirmed = []
    for law in laws:
        check("verification")
        if any(derivation(law) for derivation in derivations):
            hint = "please report this model"
            raise VerificationError("law", str(law), "derivative 0 along every field", hint)
        confirmed.append(law)
    return confirmed


def on_deciding_columns(rows: Sequence[Row]) -> list[Row]:
    """The rows on a few columns that have, mod a prime at random values of the scalars' generators, the same
    relations as all columns: nearly always enough, so what is found with them is to be verified."""
    labels = {column: k for k, column in enumerate(dict.fromkeys(column for row in rows for column in row))}
    if not labels:
        return list(rows)
    prime, random = next(primes()), np.random.default_rng(7)
    point: dict[int, int] = {}
    entries: list[tuple[int, int, int]] = []
    for i, row in enumerate(rows):
        for column, entry in row.items():
            for g in entry.support:
                point.setdefault(g, int(random.integers(1, prime)))
            entries.append((labels[column], i, entry.residue(point, prime)))
    columns, numbers, residues = np.array(entries, dtype=np.int64).T
    matrix = csr_matrix((residues, (columns, numbers)), shape=(len(labels), len(rows)))
    matrix.eliminate_zeros()
    kept = set(deciding_rows(matrix, prime).tolist())
    return [{column: entry for column, entry in row.items() if labels[column] in kept} for row in rows]


def _blocks(rows: Sequence[Row]) -> list[list[int]]:
    """Positions of the rows, those that share columns together."""
    by_column: dict[Hashable, list[int]] = {}
    for i, row in enumerate(rows):
        for column in row:
            by_column.setdefault(column, []).append(i)
    blocks: list[list[int]] = []
    seen: set[int] = set()
    for start in range(len(rows)):
        if start in seen:
            continue
        block, pending = {start}, [start]
        while pending:
            for column in rows[pending.pop()]:
                fresh = [j for j in by_column.pop(column, ()) if j not in block]
                block.update(fresh)
                pending += fresh
        seen |= block
        blocks.append(sorted(block))
    return blocks
