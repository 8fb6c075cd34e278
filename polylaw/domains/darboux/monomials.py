"""The monomials of a degree, as the columns of every search for Darboux polynomials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations_with_replacement
from typing import TypeVar

from polylaw.algebra.polynomial import Monomial

_Number = TypeVar("_Number")


def monomials_up_to(generators: Sequence[int], degree: int) -> list[Monomial]:
    """All monomials of at most this degree in these generators, 1 included."""
    found: list[Monomial] = []
    for d in range(degree + 1):
        for chosen in combinations_with_replacement(generators, d):
            found.append(tuple((g, chosen.count(g)) for g in dict.fromkeys(chosen)))
    return found


def dense(
    terms: Iterable[tuple[Monomial, _Number]], place: Mapping[int, int], size: int
) -> dict[tuple[int, ...], _Number]:
    """Terms by their vectors of exponents, as flint takes them; `place` is where a generator stands there."""
    found = {}
    for monomial, c in terms:
        exponents = [0] * size
        for g, power in monomial:
            exponents[place[g]] = power
        found[tuple(exponents)] = c
    return found
