"""Roots as vectors of exponents: sqrt(x*y) is (1/2, 1/2) in x, y; what depends on what is asked in Q^n / Z^n.

|p1|^u1 ... |pn|^un for irreducible p_i is a combination of others of this kind, over the rational functions,
exactly when the vector u lies in the group that their vectors and Z^n generate (Kummer theory: Lang, Algebra,
VI, section 8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import lcm, prod
from typing import NamedTuple

from polylaw.algebra.polynomial import Polynomial

#: Exponents of irreducible polynomials, or of primes.
Vector = Mapping[Polynomial | int, Fraction]
_MOST_COMBINATIONS = 20_000


class Radical(NamedTuple):
    """A root of this degree, over the roots before it."""

    vector: Vector
    degree: int


def times(vector: Vector, scale: int | Fraction) -> dict[Polynomial | int, Fraction]:
    """scale * vector."""
    return {atom: u * scale for atom, u in vector.items()}


def together(*vectors: Vector) -> dict[Polynomial | int, Fraction]:
    """The sum of vectors."""
    total: dict[Polynomial | int, Fraction] = {}
    for vector in vectors:
        for atom, u in vector.items():
            total[atom] = total.get(atom, Fraction(0)) + u
    return {atom: u for atom, u in total.items() if u}


def relation(target: Vector, known: Sequence[Radical]) -> tuple[int, list[int]] | None:
    """(m, e), the smallest m >= 1 with m*target - sum_k e_k known_k whole, 0 <= e_k < degree of known_k.
    None when there are too many combinations to try."""
    order = lcm(*(u.denominator for u in target.values()))
    near = _connected(target, known)
    if order * prod(known[k].degree for k in near) > _MOST_COMBINATIONS:
        return None
    for m in (m for m in range(1, order + 1) if order % m == 0):
        for powers in product(*(range(known[k].degree) for k in near)):
            chosen = zip(near, powers, strict=True)
            rest = together(times(target, m), *(times(known[k].vector, -e) for k, e in chosen if e))
            if all(u.denominator == 1 for u in rest.values()):
                found = dict(zip(near, powers, strict=True))
                return m, [found.get(k, 0) for k in range(len(known))]
    raise AssertionError("order * target is whole")


def _connected(target: Vector, known: Sequence[Radical]) -> list[int]:
    """The roots that are linked to the target by common atoms."""
    atoms, near = set(target), list[int]()
    while fresh := [k for k, r in enumerate(known) if k not in near and not atoms.isdisjoint(r.vector)]:
        near += fresh
        atoms.update(*(known[k].vector for k in fresh))
    return sorted(near)
