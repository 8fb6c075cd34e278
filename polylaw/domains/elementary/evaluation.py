"""Laws with functions at points, by the balls of `polylaw.domains.elementary.balls`: `law({"x": 2, "y": 3})`,
`law(states)`.

A float is an exact rational number, so what is rounded is the result alone: to the float nearest to a ball of
192 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from polylaw.algebra.evaluation import coordinates
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.algebra.ring import Exponential
from polylaw.domains.elementary.balls import Values
from polylaw.errors import InputError

if TYPE_CHECKING:
    from polylaw.domains.elementary.expression import Expression


def occurring(expression: Expression) -> list[int]:
    """The generators of the flow's ring that occur, functions looked through, ascending."""
    from polylaw.domains.elementary.balls import own_generators

    tower = expression.tower
    shift = tower.ring.size - tower.flow.ring.size
    return [g if g < tower.first else g - shift for g in own_generators(tower, expression.value)]


def value(expression: Expression, point: Any, rest: Any = None) -> Any:
    """The value at a point, or at many; points are as for polynomials (`polylaw.algebra.evaluation`), time is
    `t`.

    A rational number where the value of exact numbers is seen to be one, else a float; not a number where the
    law is not defined.  Raises `InputError`, `UnknownNameError`.
    """
    ring = expression.tower.flow.ring
    given, timed = coordinates(ring, point, rest)
    if isinstance(ring.clock, Exponential) and ring.clock_index in given and not timed:
        raise InputError(
            "point", ring.name(len(ring.variables)), "the time t", "for example {'x': 1, 't': 0}"
        )
    needed = occurring(expression)
    if lacking := [ring.name(g) for g in needed if g not in given]:
        raise InputError(
            "point",
            f"no value for {', '.join(lacking[:6])}",
            "one for every name that occurs",
            "rest=0 makes them 0",
        )
    if not any(getattr(v, "shape", ()) for v in given.values()):
        return value_at(expression, {g: given[g] for g in needed})
    import numpy as np

    arrays = np.broadcast_arrays(*given.values())
    columns = dict(zip(given, (a.ravel() for a in arrays), strict=True))
    found = [value_at(expression, {g: columns[g][i] for g in needed}) for i in range(arrays[0].size)]
    exact = all(isinstance(v, (int, Fraction)) for v in found)
    return np.array(found, dtype=object if exact else float).reshape(arrays[0].shape)


def value_at(expression: Expression, point: Mapping[int, Any]) -> Coefficient | float:
    """The value at one point by generator index of the flow's ring; an exponential clock stands for the
    time."""
    at = _values(expression, point)
    found = None if at is None else at.enclosed(expression.value)
    if found is None:
        return nan
    floats = any(isinstance(v, float) for v in point.values())
    return (
        float(found.mid()) if hasattr(found, "mid") else float(rational(found)) if floats else rational(found)
    )


def slopes_at(expression: Expression, point: Mapping[int, Any]) -> dict[int, float]:
    """The derivatives by the generators that occur, as floats."""
    tower, needed = expression.tower, occurring(expression)
    at = _values(expression, point)
    if at is None or at.enclosed(expression.value) is None:
        return dict.fromkeys(needed, nan)
    places = [_in_tower(expression, g) for g in needed]
    slopes = at.gradient(expression.value, places, tower.used(*expression.value))
    return {
        g: float(s.mid()) if hasattr(s, "mid") else float(rational(s))
        for g, s in zip(needed, slopes, strict=True)
    }


def _in_tower(expression: Expression, generator: int) -> int:
    tower = expression.tower
    return generator if generator < tower.first else generator + tower.ring.size - tower.flow.ring.size


def _values(expression: Expression, point: Mapping[int, Any]) -> Values | None:
    """The functions at the point; None where one is not defined."""
    if not all(isfinite(v) for v in point.values()):
        return None
    exact = {_in_tower(expression, g): Fraction(v) for g, v in point.items()}
    at = Values(expression.tower, exact, expression.tower.used(*expression.value))
    return at if at.defined else None
