"""Arrays of residues mod a prime below 2^22, as float64, whose products add up exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

Residues = npt.NDArray[np.float64]
#: Products of residues below 2^22 that add up exactly in a float64.
EXACT_SUM = 512
#: Of matrices of doubles.
_PRODUCTS_PER_SECOND = 8e9


def reduced(x: Residues, prime: int) -> Residues:
    """x mod the prime, for whole numbers of at most 2^53."""
    rest: Residues = x - np.floor(x * (1.0 / prime)) * prime  # the quotient can be wrong by one
    rest += (rest < 0) * float(prime)
    rest -= (rest >= prime) * float(prime)
    return rest


def seconds_to_multiply(rows: int, inner: int, columns: int) -> float:
    """About how long a product of matrices takes, which nothing interrupts."""
    return rows * inner * columns / _PRODUCTS_PER_SECOND


def matmul(a: Residues, b: Residues, prime: int) -> Residues:
    """a @ b for matrices of residues."""
    total = np.zeros((a.shape[0], b.shape[1]))
    for start in range(0, a.shape[1], EXACT_SUM):
        stop = start + EXACT_SUM
        total += reduced(a[:, start:stop] @ b[start:stop], prime)
    return reduced(total, prime)


def powers(x: Residues, exponent: int, prime: int) -> Residues:
    """x^exponent, exponent >= 0."""
    found, base = np.ones_like(x), x
    while exponent:
        if exponent & 1:
            found = reduced(found * base, prime)
        base = reduced(base * base, prime)
        exponent >>= 1
    return found


def inverses(x: Residues, prime: int) -> Residues:
    """1/x, and 0 for 0."""
    return powers(x, prime - 2, prime)


def is_square(x: Residues, prime: int) -> npt.NDArray[np.bool_]:
    """Whether a nonzero residue has a root."""
    found: npt.NDArray[np.bool_] = np.equal(powers(x, (prime - 1) // 2, prime), 1)
    return found


def roots(x: Residues, prime: int) -> Residues:
    """The smaller root of each square, for a prime that is 3 mod 4."""
    y = powers(x, (prime + 1) // 4, prime)
    return np.minimum(y, prime - y) % prime


def residue(value: int | Fraction, prime: int) -> int:
    """That of a fraction whose denominator the prime does not divide."""
    return int(value.numerator * pow(value.denominator, -1, prime) % prime)
