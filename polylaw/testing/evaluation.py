"""Laws at floating-point states, with the size that their rounding errors are measured by.

For a polynomial that is the sum of the absolute values of its terms.  An expression h is evaluated exactly at
the floats that are given (`polylaw.domains.elementary.evaluation`), so only those are rounded: by a relative
error each, which moves h by at most that times |h| + sum |x_i dh/dx_i| to first order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from polylaw.algebra.monomials import FactorTable
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient
from polylaw.domains.elementary.evaluation import slopes_at, value_at
from polylaw.domains.elementary.expression import Expression

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Terms:
    """Coefficients times monomials in floating point."""

    coefficients: FloatArray
    monomials: FactorTable

    @staticmethod
    def of(coefficients: Sequence[Coefficient], monomials: FactorTable) -> Terms:
        """The terms with exact coefficients."""
        return Terms(np.array([float(c) for c in coefficients]), monomials)

    @staticmethod
    def of_polynomial(polynomial: Polynomial) -> Terms:
        """The terms of a polynomial."""
        monomials = FactorTable.of([*polynomial.terms], polynomial.ring.size)
        return Terms.of([*polynomial.terms.values()], monomials)

    def at(self, states: FloatArray) -> FloatArray:
        """Their values at each state, the last axis of `states`, whose place they take."""
        padded = np.ones((*states.shape[:-1], self.monomials.generators + 1))
        padded[..., :-1] = states
        values = padded[..., -1:] * self.coefficients
        for column in self.monomials.factors.T:
            values *= padded[..., column]
        return values


def evaluated(law: Polynomial | Expression, states: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(values, sizes), one for each state, a row of `states`."""
    if isinstance(law, Polynomial):
        terms = Terms.of_polynomial(law).at(states)
        return terms.sum(axis=-1), np.abs(terms).sum(axis=-1)
    values = np.array([float(value_at(law.tower, law.value, point)) for point in _points(law, states)])
    sizes = np.abs(values)
    for g, slope in slopes(law, states).items():
        sizes = sizes + np.abs(states[:, g] * slope)
    return values, sizes


def slopes(law: Polynomial | Expression, states: FloatArray) -> dict[int, FloatArray]:
    """The derivatives by the generators that occur, one for each row of states."""
    if isinstance(law, Polynomial):
        return {g: evaluated(slope, states)[0] for g, slope in law.gradient().items()}
    rows = [slopes_at(law.tower, law.value, point) for point in _points(law, states)]
    return {g: np.array([row[g] for row in rows]) for g in law.occurring}


def _points(law: Expression, states: FloatArray) -> list[dict[int, float]]:
    return [{g: float(x[g]) for g in law.occurring} for x in states]


def moving(law: Polynomial | Expression) -> list[int]:
    """The generators of the state that a law depends on, parameters left out."""
    if isinstance(law, Polynomial):
        return [g for g in law.support if g < law.ring.parameter_indices.start]
    return [g for g in law.occurring if g < law.tower.flow.ring.parameter_indices.start]
