"""The monomials of a degree, as the columns of every search for Darboux polynomials, those that cofactors may
have, by Newton polytopes, and the order of what is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, combinations_with_replacement, product
from math import comb

from polylaw.algebra.polynomial import Monomial, Polynomial

#: Monomials among which those of cofactors are sought, and terms of a field.
_MOST_MONOMIALS, _MOST_SHIFTS = 6_000, 1_000


def monomials_up_to(generators: Sequence[int], degree: int) -> list[Monomial]:
    """All monomials of at most this degree in these generators, 1 included."""
    chosen = (c for d in range(degree + 1) for c in combinations_with_replacement(generators, d))
    return [tuple(Counter(c).items()) for c in chosen]


def monomials_of_cofactors(field: Mapping[int, Polynomial], state: Sequence[int]) -> list[Monomial] | None:
    """The monomials that cofactors of this field may have; None where they are too many.

    Newton polytopes of products are sums, so that of X h lies in that of h plus the hull P of {m - e_g: m a
    monomial of the component along g}; as lambda h = X h, that of lambda lies in P (sums of convex sets can
    be cancelled).  Monomials outside P by one of some linear forms are left out.
    """
    first = max(state, default=-1) + 1
    shifts: list[dict[int, int]] = []
    for g, component in field.items():
        for monomial in component.terms:
            shift = {k: power for k, power in monomial if k < first}
            shift[g] = shift.get(g, 0) - 1
            shifts.append(shift)
    height = max((sum(shift.values()) for shift in shifts), default=-1)
    if comb(len(state) + max(height, 0), len(state)) > _MOST_MONOMIALS or len(shifts) > _MOST_SHIFTS:
        return None
    forms = list(_forms(state))
    most = [max((_value(form, shift) for shift in shifts), default=0) for form in forms]
    inside = zip(forms, most, strict=True)
    # others exclude nothing
    bounds = [(form, bound) for form, bound in inside if bound < height * max(0, *form.values())]

    def is_inside(m: Monomial) -> bool:
        return all(_value(form, dict(m)) <= bound for form, bound in bounds)

    return list(filter(is_inside, monomials_up_to(state, height)))


def _forms(state: Sequence[int]) -> Iterator[dict[int, int]]:
    """Linear forms with coefficients 1 and -1 in up to three of the generators."""
    for number in (1, 2, 3):
        for chosen in combinations(state, number):
            for signs in product((1, -1), repeat=number):
                yield dict(zip(chosen, signs, strict=True))


def _value(form: Mapping[int, int], exponents: Mapping[int, int]) -> int:
    return sum(sign * exponents.get(g, 0) for g, sign in form.items())
