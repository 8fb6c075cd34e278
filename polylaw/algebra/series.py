"""Power series of motions x' = v(x), one order at a time, as polynomials of flint over any of its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

State = dict[int, Any]


def motion(
    start: Mapping[int, Any],
    slopes: Callable[[State, int], Mapping[int, Any]],
    order: int,
    number: Callable[[Fraction], Any],
    make: Callable[[list[Any]], Any],
) -> State:
    """The series to t^order of generators with these values at t = 0.

    `slopes(series, k)` are the coefficients of t^(k - 1) of the velocities, from series known mod t^k;
    generators without one stand still.  `number` makes coefficients of rationals, and `make` a series of
    coefficients.
    """
    known = {g: [x] for g, x in start.items()}
    for k in range(1, order + 1):
        moved, fraction = slopes({g: make(c) for g, c in known.items()}, k), number(Fraction(1, k))
        for g, coefficients in known.items():
            coefficients.append(moved[g] * fraction if g in moved else number(Fraction(0)))
    return {g: make(c) for g, c in known.items()}
