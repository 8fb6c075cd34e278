"""Laws at floating-point states, with the size that their rounding errors are measured by.

For a polynomial that is the sum of the absolute values of its terms.  An expression h is evaluated exactly at
the floats that are given (`polylaw.domains.elementary.evaluation`), so only those are rounded: by a relative error
each, which moves h by at most that times |h| + sum |x_i dh/dx_i| to first order.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from polylaw.algebra.polynomial import Polynomial
from polylaw.domains.elementary.expression import Expression

__all__ = ["FloatArray", "evaluated", "moving", "slopes", "value_at"]

FloatArray = npt.NDArray[np.float64]


def evaluated(law: Polynomial | Expression, states: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(values, sizes), one for each row of states."""
    if isinstance(law, Expression):
        return _of_expression(law, states)
    total, size = np.zeros(len(states)), np.zeros(len(states))
    for monomial, c in law.terms.items():
        term = np.full(len(states), float(c))
        for generator, power in monomial:
            term = term * states[:, generator] ** power
        total += term
        size += np.abs(term)
    return total, size


def _of_expression(law: Expression, states: FloatArray) -> tuple[FloatArray, FloatArray]:
    from polylaw.domains.elementary.evaluation import value_at

    points = [{g: float(x[g]) for g in law.occurring} for x in states]
    values = np.array([float(value_at(law.tower, law.value, point)) for point in points])
    change = sum(
        (np.abs(states[:, g] * slope) for g, slope in slopes(law, states).items()), np.zeros(len(states))
    )
    return values, np.abs(values) + change


def slopes(law: Polynomial | Expression, states: FloatArray) -> dict[int, FloatArray]:
    """The derivatives by the generators that occur, one for each row of states."""
    if isinstance(law, Polynomial):
        return {g: evaluated(slope, states)[0] for g, slope in law.gradient().items()}
    from polylaw.domains.elementary.evaluation import slopes_at

    rows = [slopes_at(law.tower, law.value, {g: float(x[g]) for g in law.occurring}) for x in states]
    return {g: np.array([row[g] for row in rows]) for g in law.occurring}


def moving(law: Polynomial | Expression) -> list[int]:
    """The generators of the state that a law depends on, parameters left out."""
    ring = law.ring if isinstance(law, Polynomial) else law.tower.flow.ring
    return [
        g
        for g in (law.support if isinstance(law, Polynomial) else law.occurring)
        if g < ring.parameter_indices.start
    ]


def value_at(polynomial: Polynomial, state: FloatArray) -> tuple[float, float]:
    """(value, sum of the absolute values of the terms) at one state."""
    value, size = evaluated(polynomial, state[None, :])
    return float(value[0]), float(size[0])
