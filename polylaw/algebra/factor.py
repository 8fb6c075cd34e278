"""Factorisation over Q by python-flint (`fmpq_mpoly`): content and primitive irreducible factors."""

from __future__ import annotations

from fractions import Fraction

from polylaw.algebra.polynomial import Polynomial, from_flint, to_flint
from polylaw.algebra.rationals import Coefficient, exact

__all__ = ["factors"]


def factors(polynomial: Polynomial) -> tuple[Coefficient, list[tuple[Polynomial, int]]]:
    """(content, factors): content times the product of factor^power, the factors irreducible over Q, primitive, in the
    order of their text.  All generators count, parameters too.  The zero polynomial is content 0 without factors."""
    if polynomial.constant_value is not None:
        return polynomial.constant_value, []
    image, support = to_flint(polynomial)
    _, found = image.factor()
    pieces = [(from_flint(p, support, polynomial.ring).primitive(), int(power)) for p, power in found]
    lead = Fraction(polynomial.leading[1])
    for piece, power in pieces:  # the leading coefficient of a product is the product of the leading coefficients
        lead /= Fraction(piece.leading[1]) ** power
    return exact(lead), sorted(pieces, key=lambda pair: (pair[0].degree, str(pair[0])))
