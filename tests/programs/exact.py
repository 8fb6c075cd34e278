"""An independent route to the rank of the Lie algebra: brackets in floating point, by finite differences of
nothing but values of the program in complex numbers, are too rough; so this one differentiates programs with
sympy and evaluates brackets in many digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import sympy

#: Digits of all numbers, and of what counts as 0.
_DIGITS, _ZERO = 60, 30


def rank_of_brackets(
    fields: Sequence[Sequence[Any]], variables: Sequence[Any], levels: int, seed: int
) -> int:
    """The rank, at a random real point, of fields with these components, and of their brackets of so many
    levels, each with all fields."""
    mpmath.mp.dps = _DIGITS
    source = sympy.core.random
    source.seed(seed)
    point = {v: sympy.Rational(source.randint(1, 64), 37) for v in variables}
    level = [list(f) for f in fields]
    every = list(level)
    for _ in range(levels):
        level = [_bracket(x, y, variables) for x in fields for y in level]
        every += level
    matrix = mpmath.matrix([[_number(c, point) for c in field] for field in every])
    values = mpmath.svd_r(matrix, compute_uv=False)
    return sum(value > mpmath.mpf(10) ** -_ZERO * values[0] for value in values)


def _bracket(x: Sequence[Any], y: Sequence[Any], variables: Sequence[Any]) -> list[Any]:
    def along(field: Sequence[Any], f: Any) -> Any:
        return sum(sympy.diff(f, v) * c for v, c in zip(variables, field, strict=True))

    return [along(y, a) - along(x, b) for a, b in zip(x, y, strict=True)]


def _number(expression: Any, point: dict[Any, Any]) -> Any:
    return mpmath.mpf(sympy.N(sympy.sympify(expression).subs(point), _DIGITS))
