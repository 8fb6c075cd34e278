"""The monomials of a degree, as the columns of every search for Darboux polynomials, and the order of what is
found."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import Any

from polylaw.algebra.polynomial import Monomial, Polynomial


def monomials_up_to(generators: Sequence[int], degree: int) -> list[Monomial]:
    """All monomials of at most this degree in these generators, 1 included."""
    found: list[Monomial] = []
    for d in range(degree + 1):
        for chosen in combinations_with_replacement(generators, d):
            found.append(tuple((g, chosen.count(g)) for g in dict.fromkeys(chosen)))
    return found


def order_of(h: Polynomial) -> tuple[Any, ...]:
    """A sort key: the degree in the variables, then terms as they are written, a plus before a minus."""
    return h.degree, *((h.sort_key(m), c < 0, abs(c)) for m, c in h.sorted_terms())
