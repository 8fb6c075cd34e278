"""What functions that are written by their names become in a tower, and what they ask of their arguments."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from polylaw.algebra.bounded import Quotient
from polylaw.domains.elementary.elements import Asked
from polylaw.domains.elementary.tower import Tower


def _hyperbolic(tower: Tower, a: Quotient, sign: int) -> Quotient:
    """exp(a) + sign*exp(-a)."""
    growing = tower.exp(a)
    return growing + tower.inverse(growing) * sign


def _over(tower: Tower, above: Quotient, below: Quotient) -> Quotient:
    return above * tower.inverse(below)


#: What the names of `polylaw.algebra.generators.FUNCTIONS` make of an argument.
CALLS: dict[str, Callable[[Tower, Quotient], Quotient]] = {
    "exp": Tower.exp,
    "log": Tower.log,
    "sqrt": lambda tower, a: tower.root(a, 2),
    "atan": Tower.atan,
    "sin": lambda tower, a: tower.cosine_and_sine(a)[1],
    "cos": lambda tower, a: tower.cosine_and_sine(a)[0],
    "tan": lambda tower, a: _over(tower, *tower.cosine_and_sine(a)[::-1]),
    "sinh": lambda tower, a: _hyperbolic(tower, a, -1) * Fraction(1, 2),
    "cosh": lambda tower, a: _hyperbolic(tower, a, 1) * Fraction(1, 2),
    "tanh": lambda tower, a: _over(tower, _hyperbolic(tower, a, -1), _hyperbolic(tower, a, 1)),
    "abs": Tower.absolute,
}
#: What a text with these asks of the argument, whatever becomes of it in a normal form.
ASKS: dict[str, Callable[[Tower, Quotient], Asked]] = {
    "sqrt": lambda _, a: Asked(a, positive=True),
    "log": lambda _, a: Asked(a),
    "tan": lambda tower, a: Asked(tower.cosine_and_sine(a)[0]),
}
