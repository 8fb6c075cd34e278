"""Factorisation over Q by python-flint (`fmpq_mpoly`): content and primitive irreducible factors."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, exact
from polylaw.algebra.terms import from_flint, to_flint


def factors(polynomial: Polynomial) -> tuple[Coefficient, list[tuple[Polynomial, int]]]:
    """(content, factors): content times the product of factor^power, the factors irreducible over Q,
    primitive, in the order of their text.  All generators count, parameters too.  The zero polynomial is
    content 0 without factors."""
    if polynomial.constant_value is not None:
        return polynomial.constant_value, []
    [image] = to_flint([polynomial.terms], polynomial.support)
    pieces = [
        (Polynomial(polynomial.ring, from_flint(p, polynomial.support)).primitive(), int(power))
        for p, power in image.factor()[1]
    ]
    # the leading coefficient of a product is the product of the leading coefficients
    lead = Fraction(polynomial.leading[1])
    for piece, power in pieces:
        lead /= Fraction(piece.leading[1]) ** power
    return exact(lead), sorted(pieces, key=lambda pair: pair[0].order)


def integer_factors(polynomial: Any) -> tuple[int, list[tuple[Any, int]]]:
    """(content, factors) of a nonzero `flint.fmpz_mpoly`, the factors primitive and irreducible.

    Its own method fails in python-flint 0.9 on coefficients beyond machine integers, for it sorts factors by
    them.
    """
    context = polynomial.context()
    rational = flint.fmpq_mpoly_ctx.get(context.names(), context.ordering())
    content, found = rational.from_dict(polynomial.to_dict()).factor()
    pieces = [
        (context.from_dict({m: c.numer() for m, c in piece.to_dict().items()}), int(power))
        for piece, power in found
    ]
    return int(content.numer()), pieces
