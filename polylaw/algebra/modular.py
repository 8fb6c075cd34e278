"""Arithmetic mod primes below 2^31, and the way back to the rationals."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import gcd, isqrt

import flint
import numpy as np
import numpy.typing as npt

Residues = npt.NDArray[np.int64]

#: Products of two residues stay below 2^62, so int64 holds them.
_BELOW = 2**31


def primes(below: int = _BELOW - 1) -> Iterator[int]:
    """The odd primes below an odd or even bound, by default 2^31 - 1, from the largest down."""
    prime = below
    while prime > 3:
        prime = _prime_below(prime)
        yield prime


@cache
def _prime_below(bound: int) -> int:
    candidate = bound - 1 - bound % 2
    while not flint.fmpz(candidate).is_prime():
        candidate -= 2
    return candidate


def power_mod(base: Residues, exponent: int, prime: int) -> Residues:
    """base^exponent mod a prime, elementwise."""
    result, square = np.ones_like(base), base % prime
    while exponent:
        result = result * square % prime if exponent % 2 else result
        square, exponent = square * square % prime, exponent // 2
    return result


def inverse(values: Residues, prime: int) -> Residues:
    """Inverses mod `prime`, elementwise, by Fermat's little theorem; no value may be 0 mod prime."""
    return power_mod(values, prime - 2, prime)


def reconstruct(residue: int, modulus: int) -> tuple[int, int] | None:
    """The fraction a/b = residue mod `modulus` with |a|, b <= sqrt(modulus/2), as (a, b), or None.

    It is unique when it exists (Wang 1981).  It is a guess about the rational behind the residue until
    checked.
    """
    bound = isqrt(modulus // 2)
    r0, r1, t0, t1 = modulus, residue % modulus, 0, 1
    while r1 > bound:
        q = r0 // r1
        r0, r1, t0, t1 = r1, r0 - q * r1, t1, t0 - q * t1
    if not t1 or abs(t1) > bound or gcd(r1, t1) != 1:
        return None
    return (r1, t1) if t1 > 0 else (-r1, -t1)
