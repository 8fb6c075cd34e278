"""Homogeneous ideals: the reduced Gröbner basis over Q, computed mod primes and then proved.

Let F be the generators, G the candidate, homogeneous for positive weights.  G is the reduced basis of <F> when

1. every f in F has remainder 0 on division by G, exactly over Q, so <F> is contained in <G>;
2. every S-polynomial of G that Buchberger's criteria leave has remainder 0, exactly over Q, so G is a basis of <G>;
3. mod one prime, elements of <F mod p> with the leading monomials of G are known.

For by 3 and since the rank of a matrix of integers mod p is at most its rank, dim <F>_d is in each degree d at least the
number of monomials of degree d divisible by a leading monomial of G, which by 2 is dim <G>_d; with 1, <F> = <G>.
(Arnold 2003, J. Symbolic Comput. 35, 403-419, has this argument.)  It needs homogeneity: x divides p*x^2 + x, and both
are x mod p.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from polylaw.algebra.groebner.elimination import PRIMES_BELOW
from polylaw.algebra.groebner.exact import Terms, divisors
from polylaw.algebra.groebner.lifting import candidates
from polylaw.algebra.groebner.pairs import CriticalPairs
from polylaw.algebra.groebner.trace import Generators, Trace, trace_basis
from polylaw.algebra.modular import primes
from polylaw.errors import VerificationError

__all__ = ["Backend", "Proof", "homogeneous_basis"]

#: Makes candidates for a reduced basis of homogeneous generators: each a list of (exponents, coefficients) like terms.
Backend = Callable[[Generators], list[Terms]]
_FIRST_PRIMES_TRIED = 5


@dataclass(frozen=True)
class Proof:
    """What was checked: the prime of step 3, and how many S-polynomials were divided exactly.  `backend` made the basis."""

    backend: str
    prime: int
    pairs: int

    def __str__(self) -> str:
        return f"certified over Q: {self.pairs} S-polynomials and all generators reduce to 0; leading monomials mod {self.prime}"


def homogeneous_basis(
    generators: Generators, backend: Backend | None, name: str, check: Callable[[str], None]
) -> tuple[list[Terms], Proof]:
    """The reduced basis, primitive with positive leading coefficients, and its proof.

    Raises `VerificationError` when a backend's answer is not the basis, or when no prime leads to one.
    """
    supply = primes(PRIMES_BELOW)
    for _ in range(_FIRST_PRIMES_TRIED):
        prime = next(supply)
        trace = trace_basis(generators, prime, check)
        guesses = [backend(generators)] if backend else _guesses(trace, supply, check)
        for guess in guesses:
            pairs = _proved(generators, trace, guess, check)
            if pairs is not None:
                return guess, Proof(name, prime, pairs)
    raise VerificationError("Gröbner basis", f"no proved basis from the backend {name}", "a basis that passes the exact checks")


def _guesses(trace: Trace, supply: Iterator[int], check: Callable[[str], None]) -> Iterator[list[Terms]]:
    exponents = [[tuple(m) for m in e.tolist()] for e in trace.exponents]
    for coefficients in candidates(trace, supply, check):
        yield [dict(zip(m, c, strict=True)) for m, c in zip(exponents, coefficients, strict=True)]


def _proved(generators: Generators, trace: Trace, basis: Sequence[Terms], check: Callable[[str], None]) -> int | None:
    """The number of S-polynomials that were divided, or None if a check failed."""
    order, variables = generators.order, len(generators.weights)
    leads = [max(g, key=order.key) for g in basis]
    if set(leads) != {tuple(e[0].tolist()) for e in trace.exponents}:
        return None
    division = divisors(basis, variables, order)
    for exponents, coefficients in zip(generators.exponents, generators.coefficients, strict=True):
        check("proof of a Gröbner basis, generators")
        if division.remainder(dict(zip(map(tuple, exponents.tolist()), coefficients, strict=True)))[0]:
            return None
    pairs = CriticalPairs(variables)
    for lead in leads:
        pairs.add(np.array(lead, dtype=np.int64))
    for i, j in zip(pairs.firsts.tolist(), pairs.seconds.tolist(), strict=True):
        check("proof of a Gröbner basis, S-polynomials")
        if not division.pair_remainder_vanishes(i, j):
            return None
    return len(pairs)
