"""Positive integer weights for which polynomials are homogeneous."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from polylaw.algebra.groebner.exact import Terms
from polylaw.algebra.monomials import IntArray

_LARGEST_DENOMINATOR = 1000


def grading(polynomials: Sequence[Terms], variables: int) -> IntArray | None:
    """Weights for which every polynomial is homogeneous, all 1 if possible; None when none were found.

    A linear program proposes weights of smallest sum, in floating point; they count only after an exact
    check.
    """
    rows = [np.array(list(p), dtype=np.int64).reshape(len(p), variables) for p in polynomials]
    differences = (
        np.unique(np.concatenate([r[1:] - r[0] for r in rows]), axis=0)
        if rows
        else np.zeros((0, variables), np.int64)
    )
    ones = np.ones(variables, dtype=np.int64)
    if not (differences @ ones).any():
        return ones
    if np.linalg.matrix_rank(differences) == variables:
        return None
    from scipy.optimize import linprog

    program = linprog(
        ones,
        A_eq=differences,
        b_eq=np.zeros(len(differences)),
        bounds=[(1, None)] * variables,
        method="highs",
    )
    if program.x is None:
        return None
    guess = [Fraction(float(w)).limit_denominator(_LARGEST_DENOMINATOR) for w in program.x]
    scale = lcm(*(w.denominator for w in guess))
    weights = np.array([int(w * scale) for w in guess], dtype=np.int64)
    weights //= gcd(*weights.tolist())
    return weights if (weights > 0).all() and not (differences @ weights).any() else None
