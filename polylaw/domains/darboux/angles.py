"""Conjugate pairs: a quadratic Darboux polynomial that splits over a quadratic extension, in real form.

If c*h = a^2 - D*b^2 with a, b of degree 1 and D a constant that is no square, then a + sqrt(D)*b and a -
sqrt(D)*b are Darboux over Q(sqrt(D)).  With their product h goes the log of their quotient: real for D > 0,
for D < 0 an arc tangent,

    A = log((a + e*b)/(a - e*b))/(2*e),  e = sqrt(D)        or        A = atan(e*b/a)/e,  e = sqrt(-D);

either way X A = (a X b - b X a)/(a^2 - D b^2), which is rational.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.factor import factors
from polylaw.algebra.functions import Atan
from polylaw.algebra.linear.exact import without_content
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.domains.elementary.inequations import Inequation
from polylaw.domains.elementary.numbers import root_of_rational
from polylaw.domains.elementary.tower import Tower
from polylaw.laws.parametric import split_parameters


@dataclass(frozen=True)
class Pair:
    """A multiple of a quadratic polynomial as a^2 - discriminant * b^2; the discriminant is a constant
    without square factors, not 1."""

    a: Polynomial
    b: Polynomial
    discriminant: Polynomial

    @property
    def signs(self) -> tuple[int, ...]:
        """The signs the discriminant may have: one if it is a number, both if it depends on parameters."""
        value = self.discriminant.constant_value
        return (-1, 1) if value is None else (1,) if value > 0 else (-1,)

    def element(self, tower: Tower, sign: int) -> Quotient:
        """The function A for a discriminant of this sign."""
        e = tower.root(tower.element(self.discriminant * sign), 2)
        a, eb = tower.element(self.a), e * tower.element(self.b)
        return tower.applied(Atan(eb / a)) / e if sign < 0 else tower.log((a + eb) / (a - eb)) / (e * 2)

    def condition(self, tower: Tower, sign: int) -> Inequation | None:
        """What the parameters satisfy when the discriminant has this sign; None when it always has."""
        if len(self.signs) == 1:
            return None
        value = (self.discriminant * sign).into(tower.ring)
        return Inequation(tower, value, (value.primitive(),), positive=True)


def pair_of(h: Polynomial) -> Pair | None:
    """The pair of a polynomial of degree 2 and rank 2, irreducible over Q(parameters); None for any other."""
    if h.degree != 2:
        return None
    ring = h.ring
    matrix = _matrix(h)
    places = sorted({i for i, _ in matrix}, reverse=True)  # 1, which has index -1, comes last
    zero = ring.constant(0)
    first = next((i for i in places if i >= 0 and matrix.get((i, i))), None)
    if first is None:
        return None
    row = {i: matrix.get((first, i), zero) for i in places}
    # row[first] * 2h = a^2 + rest, and rest has rank 1 if h has rank 2
    rest = {(i, j): row[first] * matrix.get((i, j), zero) - row[i] * row[j] for i in places for j in places}
    second = next((i for i in places if rest[i, i]), None)
    if second is None:
        return None
    pivot = rest[second, second]
    if any(pivot * rest[i, j] != rest[second, i] * rest[second, j] for i in places for j in places):
        return None
    a, b = _linear(ring, row), _linear(ring, {i: rest[second, i] for i in places})
    content = reduce(Polynomial.gcd, split_parameters(b).values(), zero)
    # rest = (content^2/pivot)*(b/content)^2, where the first factor is a polynomial: b/content has content 1
    outside, inside = _square_part((content * content).divide_exactly(pivot))
    b = b.divide_exactly(content) * outside
    if inside == -1:
        return None
    a, b = (p if p.leading[1] > 0 else -p for p in without_content({0: a, 1: b}).values())
    return Pair(a, b, -inside)


def _linear(ring: Ring, row: Mapping[int, Polynomial]) -> Polynomial:
    """The polynomial of degree 1 with these coefficients; index -1 stands for 1."""
    return Polynomial.sum(ring, (c if i < 0 else c * ring.monomial(((i, 1),)) for i, c in row.items()))


def _matrix(h: Polynomial) -> dict[tuple[int, int], Polynomial]:
    """The symmetric matrix of 2h as a quadratic form in generators and 1 (index -1), over Q[parameters]."""
    found: dict[tuple[int, int], Polynomial] = {}
    for state, c in split_parameters(h).items():
        i, j = ([*(g for g, power in state for _ in range(power)), -1, -1])[:2]
        found[i, j] = found[j, i] = c * 2 if i == j else c
    return found


def _square_part(value: Polynomial) -> tuple[Polynomial, Polynomial]:
    """(outside, inside): outside^2 * inside, inside an integer without (small) squares times factors."""
    content, pieces = factors(value)
    root, rest = root_of_rational(abs(Fraction(content)), 2)
    outside, inside = value.ring.constant(root), value.ring.constant(rest if content > 0 else -rest)
    for piece, power in pieces:
        outside = outside * piece ** (power // 2)
        inside = inside * piece ** (power % 2)
    return outside, inside
