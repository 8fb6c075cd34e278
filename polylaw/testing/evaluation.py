"""Polynomials at floating-point states, with the size that their rounding errors are measured by."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from polylaw.algebra.polynomial import Polynomial

__all__ = ["FloatArray", "evaluated", "value_at"]

FloatArray = npt.NDArray[np.float64]


def evaluated(polynomial: Polynomial, states: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(values, sums of the absolute values of the terms), one for each row of states."""
    total, size = np.zeros(len(states)), np.zeros(len(states))
    for monomial, c in polynomial.terms.items():
        term = np.full(len(states), float(c))
        for generator, power in monomial:
            term = term * states[:, generator] ** power
        total += term
        size += np.abs(term)
    return total, size


def value_at(polynomial: Polynomial, state: FloatArray) -> tuple[float, float]:
    """(value, sum of the absolute values of the terms) at one state."""
    value, size = evaluated(polynomial, state[None, :])
    return float(value[0]), float(size[0])
