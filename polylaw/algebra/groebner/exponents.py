"""Monomials as rows of integer arrays of exponents."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from polylaw.algebra.monomials import IntArray, KeyArray, generator_keys


def divisible(monomials: IntArray, divisors: IntArray) -> npt.NDArray[np.bool_]:
    """Entry (i, j): whether divisor j divides monomial i."""
    table: npt.NDArray[np.bool_] = np.all(monomials[:, None, :] >= divisors[None, :, :], axis=2)
    return table


def monomial_keys(exponents: IntArray) -> KeyArray:
    """Linear keys mod 2^64 of the rows of an array of exponents.

    Two monomials that share a key would share a column.  That maps rows linearly onto shorter ones, so ranks
    can only drop; a rank found is a lower bound all the same, and nothing else is concluded from these
    matrices.
    """
    keys: KeyArray = exponents.astype(np.uint64) @ generator_keys(exponents.shape[1])[:-1]
    return keys
