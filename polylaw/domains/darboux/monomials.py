"""The monomials of a degree, as the columns of every search for Darboux polynomials."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

from polylaw.algebra.polynomial import Monomial


def monomials_up_to(generators: Sequence[int], degree: int) -> list[Monomial]:
    """All monomials of at most this degree in these generators, 1 included."""
    found: list[Monomial] = []
    for d in range(degree + 1):
        for chosen in combinations_with_replacement(generators, d):
            found.append(tuple((g, chosen.count(g)) for g in dict.fromkeys(chosen)))
    return found
