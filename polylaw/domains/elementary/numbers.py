"""Numbers and powers in a tower: primes under a logarithm, roots of rationals, powers of one generator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, isqrt

import flint

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.factor import factors
from polylaw.algebra.polynomial import Polynomial

#: Integers up to the square of this are freed of their square factors under a square root.
_TRIAL = 1000
_FACTORED_BITS = 80


def by_power(polynomial: Polynomial, generator: int) -> dict[int, Polynomial]:
    """The coefficients of the powers of one generator."""
    return {dict(part).get(generator, 0): c for part, c in polynomial.coefficients((generator,)).items()}


def put(polynomial: Polynomial, images: Mapping[int, Polynomial]) -> Polynomial:
    """The polynomial with these images for some generators, the others as they are."""
    ring = polynomial.ring
    every = {g: images[g] if g in images else ring.monomial(((g, 1),)) for g in polynomial.support}
    return polynomial.substitute(every, ring)


def powers_replaced(
    polynomials: Sequence[Polynomial], w: int, order: int, above: Polynomial, below: Polynomial
) -> list[Polynomial]:
    """The polynomials with w^order replaced by above/below, all times one and the same power of `below`."""
    parts, root = [by_power(p, w) for p in polynomials], above.ring.monomial(((w, 1),))
    top = max((k // order for part in parts for k in part), default=0)

    def replaced(k: int) -> Polynomial:
        return above ** (k // order) * below ** (top - k // order) * root ** (k % order)

    return [Polynomial.sum(above.ring, (c * replaced(k) for k, c in part.items())) for part in parts]


def factored(value: Quotient) -> tuple[Fraction, list[tuple[Polynomial, int]]]:
    """The content and the irreducible factors over Q, those of the denominator to negative powers."""
    (content, pieces), (divisor, others) = map(factors, value)
    return Fraction(content) / divisor, [*pieces, *((piece, -power) for piece, power in others)]


def prime_factors(value: Fraction) -> list[tuple[int, int]]:
    """A positive rational as powers of primes; large numbers are left whole."""
    found: list[tuple[int, int]] = []
    for number, sign in ((value.numerator, 1), (value.denominator, -1)):
        if number.bit_length() <= _FACTORED_BITS:
            found += [(int(prime), sign * int(power)) for prime, power in flint.fmpz(number).factor()]
        elif number > 1:
            found.append((number, sign))
    return [pair for pair in found if pair[0] > 1]


def root_of_rational(value: Fraction, order: int) -> tuple[Fraction, int]:
    """(outside, inside): outside * inside^(1/order) is the root of a positive number, inside an integer."""
    inside = value.numerator * value.denominator ** (order - 1)
    outside = Fraction(1, value.denominator)
    whole = [isqrt(inside)] if order == 2 and inside > 1 and isqrt(inside) ** 2 == inside else []
    for divisor in (*whole, *(d for d in range(2, _TRIAL) if gcd(d, inside) > 1)):
        while inside % divisor**order == 0:
            inside //= divisor**order
            outside *= divisor
    return outside, inside
