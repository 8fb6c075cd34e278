"""Points as people write them, values there: `h({"x": 3})`, `h([3, 4])`, `h({"U1": weights})`, `h(states)`.

    by name        a number for each variable, parameter and the clock; a sympy symbol counts as its name
    by array       `U` for the entries `U_i_j`; axes in front of those of U run over many points
    in order       a list or array whose last axis holds the variables, or all generators, as the ring has
    them by index       {0: 3}: how polylaw keeps points; generators left out are 0, so that {} is the origin

Time is `t` where it is a generator itself, and else given through it: `t` under a root or an exponential
makes a float, and `clock` is the generator itself.  Values are exact for ints, `Fraction`s, text such as
"2/3", and arrays of integers or objects; floats and arrays of floats give floats.  Many points at once give
an array of their shape (numpy broadcasts).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product
from numbers import Complex, Rational
from typing import Any

import numpy as np

from polylaw.algebra.generators import TIME, Generators, nearest
from polylaw.algebra.rationals import exact, rational
from polylaw.algebra.terms import Terms
from polylaw.errors import InputError, UnknownNameError

#: The name of the clock of a ring as a generator, in points.
CLOCK = "clock"
_MOST_AXES = 8


def value(ring: Generators, terms: Terms, point: Any, rest: Any = None) -> Any:
    """The value of a polynomial at a point, or at many; `rest` is the value of the names that are left out.

    Raises `InputError` for a generator that occurs and has no value, `UnknownNameError` for a name that the
    ring has not.
    """
    given, timed = coordinates(ring, point, rest)
    if timed and ring.clock is not None and ring.clock_index is not None:
        given[ring.clock_index] = ring.clock.at(given[ring.clock_index], given, ring)
    occurring = sorted({generator for monomial in terms for generator, _ in monomial})
    if lacking := [ring.name(g) for g in occurring if g not in given]:
        found = f"no value for {', '.join(lacking[:6])}"
        raise InputError("point", found, "one for every name that occurs", "rest=0 makes them 0")
    batch = _batch_shape(given.values())
    inexact = any(getattr(getattr(v, "dtype", None), "kind", "O") in "fc" for v in given.values())
    total: Any = 0
    try:
        for monomial, c in terms.items():
            term: Any = float(c) if inexact else c
            for generator, power in monomial:
                term = term * given[generator] ** power
            total = total + term
    except OverflowError:
        found = "a coefficient or value too large for a float"
        raise InputError("point", found, "exact numbers", "give ints or Fractions") from None
    return exact(total) if isinstance(total, (int, Fraction)) and batch is None else _filled(total, batch)


def coordinates(ring: Generators, point: Any, rest: Any = None) -> tuple[dict[int, Any], bool]:
    """The values of generators by index, each a number or an array, from a point as it is written; and
    whether what stands for the clock is the time `t`."""
    if not isinstance(point, Mapping):
        return _in_order(ring, point), False
    if all(isinstance(key, int) and not isinstance(key, bool) for key in point):
        if unknown := [g for g in point if not 0 <= g < ring.size]:
            expected = f"indices of generators from 0 to {ring.size - 1}"
            raise InputError("point", unknown[0], expected, "or names, such as {'x': 3}")
        values = {g: _numbers(v, ring.name(g)) for g, v in point.items()}
        return dict.fromkeys(range(ring.size), 0) | values, False
    found: dict[int, Any] = {} if rest is None else dict.fromkeys(range(ring.size), _numbers(rest, "rest"))
    taken: set[int] = set()
    named = {_name(key): v for key, v in point.items()}
    for name, given in named.items():
        for g, number in _entries(ring, name, given):
            if g in taken:
                raise InputError("point", name, "each generator once", f"{ring.name(g)} has a value already")
            taken.add(g)
            found[g] = number
    return found, TIME in named and TIME not in ring


def _name(key: Any) -> str:
    """A name, or the name of a sympy symbol."""
    name = key if isinstance(key, str) else getattr(key, "name", None)
    if not isinstance(name, str):
        hint = "for example {'x': 3}, or indices of generators alone"
        raise InputError("point", key, "names as keys", hint)
    return name


def _entries(ring: Generators, name: str, given: Any) -> Iterable[tuple[int, Any]]:
    """The generators that a name stands for, with their values."""
    if name in ring:
        return [(ring.index(name), _numbers(given, name))]
    if ring.clock_index is not None and name in (TIME, CLOCK):
        return [(ring.clock_index, _numbers(given, name))]
    shape = _shape(ring, name)
    if not shape:
        known = [*ring.variables, *ring.parameters, *([TIME] if ring.clock else [])]
        raise UnknownNameError("point", name, "a known variable, parameter or array", nearest(name, known))
    array = _array(given, name)
    if array.shape[array.ndim - len(shape) :] != shape:
        expected = f"shape {shape}, or axes of points in front of it"
        raise InputError(f"point: {name}", f"shape {array.shape}", expected)
    cells = ((index, "_".join([name, *(str(i + 1) for i in index)])) for index in product(*map(range, shape)))
    return [(ring.index(cell), array[(..., *index)][()]) for index, cell in cells]


def _shape(ring: Generators, name: str) -> tuple[int, ...]:
    """The shape of the array of which the ring has the entries `name_1_1`, ...; empty if there is none."""
    axes = next((a for a in range(1, _MOST_AXES + 1) if name + "_1" * a in ring), 0)
    return tuple(_length(ring, name + "_1" * axis, "_1" * (axes - axis - 1)) for axis in range(axes))


def _length(ring: Generators, before: str, after: str) -> int:
    n = 1
    while f"{before}_{n + 1}{after}" in ring:
        n += 1
    return n


def _in_order(ring: Generators, point: Any) -> dict[int, Any]:
    array = _array(point, "point")
    variables = len(ring.variables)
    size = array.shape[-1] if array.ndim else 0
    if size not in (variables, ring.size):
        more = f", or {ring.size} with clock and parameters" if ring.size != variables else ""
        expected = f"a last axis with the {variables} variables{more}"
        raise InputError("point", f"shape {array.shape}", expected, "or names, such as {'x': 3}")
    return {g: array[..., g][()] for g in range(size)}


def _numbers(given: Any, name: str) -> Any:
    """One number, exact or a float, or an array of them."""
    if isinstance(given, (list, tuple)) or hasattr(given, "shape"):
        return _array(given, name)[()]
    return _number(given, name)


def _number(given: Any, name: str = "point") -> Any:
    if isinstance(given, Complex) and not isinstance(given, (Rational, bool)):
        return complex(given) if complex(given).imag else float(given.real)
    return rational(given, f"point: {name}")


def _array(given: Any, name: str) -> Any:
    """An array of floats (or complex numbers), or of exact objects: numpy's integers would overflow."""
    if hasattr(given, "detach"):  # a torch tensor
        given = given.detach().cpu()
    array = np.asarray(given) if hasattr(given, "shape") else np.asarray(given, dtype=object)
    if array.dtype.kind in "fc":
        return array
    numbers = np.frompyfunc(lambda number: _number(number, name), 1, 1)(array)
    numbers = np.asarray(numbers, dtype=object)
    if any(isinstance(number, float) for number in numbers.flat):
        return numbers.astype(float)
    return numbers


def _batch_shape(values: Iterable[Any]) -> tuple[int, ...] | None:
    """The common shape of the arrays among the values; None if all are numbers."""
    shapes = [v.shape for v in values if getattr(v, "shape", ())]
    if not shapes:
        return None
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        found, expected = ", ".join(map(str, shapes[:4])), "arrays of one shape, or that numpy broadcasts"
        raise InputError("point", found, expected) from None


def _filled(total: Any, batch: tuple[int, ...] | None) -> Any:
    """The values as an array with all axes of points, also where no term depends on them."""
    if batch is None or getattr(total, "shape", ()) == batch:
        return total
    return np.broadcast_to(np.asarray(total), batch).copy()
