"""From a polynomial mod a large prime, up to a factor, to one over Q: the shortest integer vector it can be.

The integer vectors that are multiples of v mod p form a lattice of determinant p^(n - 1) for n coefficients,
so one that is much shorter than p^((n - 1)/n) is alone, and LLL finds it where it is shorter than that by a
factor of about 2^(n/2). What comes of it is a candidate: X h = lambda h is then verified exactly.  Whether
the polynomial mod p is Darboux mod p tells those that could not be lifted from those that are nothing.

Source: Lenstra, Lenstra & Lovasz, Math. Ann. 261 (1982).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import flint

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.terms import exponents

#: A lattice of larger dimension is not reduced.
_MOST_COEFFICIENTS = 80


def lifted(ring: Ring, monomials: Sequence[Monomial], vector: Sequence[int], prime: int) -> Polynomial | None:
    """The polynomial with the shortest coefficients, coprime integers, that is a multiple of a vector mod the
    prime; None for a constant, and for more coefficients than are tried."""
    support = [i for i, c in enumerate(vector) if c % prime]
    size = len(support)
    if not 0 < size <= _MOST_COEFFICIENTS:
        return None
    unit = pow(vector[support[-1]], -1, prime)
    first = [vector[i] * unit % prime for i in support]
    rows = [[prime * (i == j) for j in range(size)] for i in range(size - 1)]
    short = flint.fmpz_mat([first, *rows]).lll()
    terms = {monomials[i]: int(short[0, k]) for k, i in enumerate(support)}
    h = Polynomial(ring, terms)
    return h.primitive() if h.degree > 0 else None


def is_darboux_mod(
    ring: Ring,
    components: Mapping[int, Polynomial],
    monomials: Sequence[Monomial],
    vector: Sequence[int],
    prime: int,
) -> bool:
    """Whether the polynomial with these coefficients divides its derivative along a field, mod the prime."""
    context: Any = flint.nmod_mpoly_ctx.get([f"x{i}" for i in range(ring.size)], modulus=prime)

    def reduced(terms: Iterable[tuple[Monomial, Any]]) -> Any:
        residues = ((m, c.numerator * pow(c.denominator, -1, prime) % prime) for m, c in terms)
        return context.from_dict({exponents(m, range(ring.size)): c for m, c in residues})

    h = reduced(zip(monomials, vector, strict=True))
    slope = sum((h.derivative(g) * reduced(p) for g, p in components.items()), context.from_dict({}))
    return bool(h != 0 and divmod(slope, h)[1] == 0)
