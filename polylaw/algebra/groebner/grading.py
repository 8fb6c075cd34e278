"""Positive integer weights for which polynomials are homogeneous."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from polylaw.algebra.monomials import IntArray

_LARGEST_DENOMINATOR = 1000


def differences(polynomials: Sequence[IntArray], variables: int) -> IntArray:
    """What the exponents in each polynomial, one row for each term, differ by."""
    parts = [rows[1:] - rows[0] for rows in polynomials]
    return np.unique(np.concatenate([np.zeros((0, variables), np.int64), *parts]), axis=0)


def grading(polynomials: Sequence[IntArray], variables: int) -> IntArray | None:
    """Weights for which every polynomial, given by the exponents of its terms, is homogeneous, all 1 if
    possible; None when none were found.

    A linear program proposes weights of smallest sum, in floating point; they count only after an exact
    check.
    """
    changes = differences(polynomials, variables)
    ones = np.ones(variables, dtype=np.int64)
    if not (changes @ ones).any():
        return ones
    if np.linalg.matrix_rank(changes) == variables:
        return None
    from scipy.optimize import linprog

    zeros = np.zeros(len(changes))
    program = linprog(ones, A_eq=changes, b_eq=zeros, bounds=[(1, None)] * variables, method="highs")
    if program.x is None:
        return None
    guess = [Fraction(float(w)).limit_denominator(_LARGEST_DENOMINATOR) for w in program.x]
    scale = lcm(*(w.denominator for w in guess))
    weights = np.array([int(w * scale) for w in guess], dtype=np.int64)
    weights //= gcd(*weights.tolist())
    return weights if (weights > 0).all() and not (changes @ weights).any() else None
