"""Laws with functions at points, by the balls of `..balls`: `law({"x": 2, "y": 3})`, `law(states)`.

A float is a rational number, so the result alone is rounded: to the float nearest to a ball of 192 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isfinite, nan
from typing import Any

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.evaluation import coordinates
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.algebra.ring import Exponential
from polylaw.domains.elementary.balls import Values, own_generators
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError


def occurring(tower: Tower, element: Quotient) -> list[int]:
    """The generators of the flow's ring that occur, functions looked through, ascending."""
    return [tower.in_flow(g) for g in own_generators(tower, element)]


def evaluated(tower: Tower, element: Quotient, point: Any, rest: Any = None) -> Any:
    """The value at a point, or at many; points are as for polynomials (`polylaw.algebra.evaluation`), time is
    `t`.  A rational number where the value of exact numbers is seen to be one, else a float; not a number
    where the law is not defined.  Raises `InputError`, `UnknownNameError`."""
    ring = tower.flow.ring
    given, timed = coordinates(ring, point, rest)
    if isinstance(ring.clock, Exponential) and ring.clock_index in given and not timed:
        clock = ring.name(len(ring.variables))
        raise InputError("point", clock, "the time t", "for example {'x': 1, 't': 0}")
    needed = occurring(tower, element)
    if lacking := [ring.name(g) for g in needed if g not in given]:
        found = f"no value for {', '.join(lacking[:6])}"
        raise InputError("point", found, "one for every name that occurs", "rest=0 makes them 0")
    if not any(getattr(v, "shape", ()) for v in given.values()):
        return value_at(tower, element, {g: given[g] for g in needed})
    import numpy as np

    arrays = np.broadcast_arrays(*given.values())
    columns = dict(zip(given, (a.ravel() for a in arrays), strict=True))
    values = [value_at(tower, element, {g: columns[g][i] for g in needed}) for i in range(arrays[0].size)]
    exact = all(isinstance(v, (int, Fraction)) for v in values)
    return np.array(values, dtype=object if exact else float).reshape(arrays[0].shape)


def value_at(tower: Tower, element: Quotient, point: Mapping[int, Any]) -> Coefficient | float:
    """The value at a point by generators of the flow's ring; an exponential clock stands for the time."""
    at = _values(tower, element, point)
    found = None if at is None else at.enclosed(element)
    if found is None:
        return nan
    value = _number(found)
    return float(value) if any(isinstance(v, float) for v in point.values()) else value


def slopes_at(tower: Tower, element: Quotient, point: Mapping[int, Any]) -> dict[int, float]:
    """The derivatives by the generators that occur, as floats."""
    needed = occurring(tower, element)
    at = _values(tower, element, point)
    if at is None or at.enclosed(element) is None:
        return dict.fromkeys(needed, nan)
    slopes = at.gradient(element, [tower.from_flow(g) for g in needed], tower.used(*element))
    return {g: float(_number(s)) for g, s in zip(needed, slopes, strict=True)}


def _number(found: Any) -> Coefficient | float:
    """The float nearest to a ball; a rational number as it is."""
    return float(found.mid()) if hasattr(found, "mid") else rational(found)


def _values(tower: Tower, element: Quotient, point: Mapping[int, Any]) -> Values | None:
    """The functions at the point; None where one is not defined."""
    if not all(isfinite(v) for v in point.values()):
        return None
    exact = {tower.from_flow(g): Fraction(v) for g, v in point.items()}
    at = Values(tower, exact, tower.used(*element))
    return at if at.defined else None
