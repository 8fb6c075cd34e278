"""Exact division by polynomials over Z or mod a prime, in the orders that python-flint has and in others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import gcd
from typing import Any, Protocol

import flint

from polylaw.algebra.groebner.orders import Order

#: Exponents to nonzero integer coefficients.
Terms = Mapping[tuple[int, ...], int]


class Divisors(Protocol):
    """Polynomials to divide by, with integer coefficients."""

    def remainder(self, dividend: Terms) -> tuple[dict[tuple[int, ...], int], int]:
        """(r, c) such that c * dividend - r is a combination of the divisors, c > 0 is an integer, and no
        term of r is divisible by a leading monomial.  The coefficients of r and c have no common factor."""

    def pair_remainder_vanishes(self, first: int, second: int) -> bool:
        """Whether the S-polynomial of two divisors has remainder 0."""


def divisors(polynomials: Sequence[Terms], variables: int, order: Order, prime: int = 0) -> Divisors:
    """The polynomials as divisors, over Q or mod a prime (coefficients then lie in 0 .. prime - 1, and c is
    1); over Q python-flint divides where it has the order."""
    if order.name in ("degrevlex", "lex") and not prime:
        return _FlintDivisors(polynomials, variables, order)
    return _PlainDivisors(polynomials, order, prime)


class _FlintDivisors:
    """Division by `fmpz_mpoly.reduction_primitive_part`.

    It forgets by what the dividend was multiplied, so a further variable, the smallest, is added to the
    dividend: no leading monomial divides it, and its coefficient in the remainder tells.
    """

    def __init__(self, polynomials: Sequence[Terms], variables: int, order: Order) -> None:
        names = tuple(f"x{i}" for i in range(variables + 1))
        self.context: Any = flint.fmpz_mpoly_ctx.get(names, getattr(flint.Ordering, order.name))
        self.polynomials = [self._polynomial(p) for p in polynomials]
        self.vector = flint.fmpz_mpoly_vec(self.polynomials, self.context)
        self.marker = (0,) * variables + (1,)

    def _polynomial(self, terms: Terms) -> Any:
        return self.context.from_dict({(*m, 0): c for m, c in terms.items()})

    def remainder(self, dividend: Terms) -> tuple[dict[tuple[int, ...], int], int]:
        marked = self._polynomial(dividend) + self.context.from_dict({self.marker: 1})
        reduced = marked.reduction_primitive_part(self.vector) if self.polynomials else marked
        terms = {tuple(map(int, m)): int(c) for m, c in reduced.to_dict().items()}
        scale = terms.pop(self.marker, None)
        if scale is None:  # a constant divides everything
            return {}, 1
        sign = 1 if scale > 0 else -1
        return {m[:-1]: sign * c for m, c in terms.items()}, abs(scale)

    def pair_remainder_vanishes(self, first: int, second: int) -> bool:
        pair = self.polynomials[first].spoly(self.polynomials[second])
        return bool(pair.reduction_primitive_part(self.vector) == 0)


class _PlainDivisors:
    """Division with dictionaries, for any order."""

    def __init__(self, polynomials: Sequence[Terms], order: Order, prime: int) -> None:
        self.order, self.polynomials, self.prime = order, polynomials, prime
        self.leads = [max(p, key=order.key) for p in polynomials]

    def remainder(self, dividend: Terms) -> tuple[dict[tuple[int, ...], int], int]:
        rest, scale = {m: self._reduced(c) for m, c in dividend.items()}, 1
        done: dict[tuple[int, ...], int] = {}
        heap = [self._entry(m) for m in rest]
        heapify(heap)
        while heap:
            monomial = heappop(heap)[1]
            c = rest.pop(monomial, 0)
            divisor = self._divisor(monomial) if c else None
            if divisor is None:
                if c:
                    done[monomial] = c
                continue
            lead = self.leads[divisor]
            up, down = self._factors(c, self.polynomials[divisor][lead])
            if up != 1:
                rest, done = ({m: v * up for m, v in terms.items()} for terms in (rest, done))
                scale *= up
            shift = tuple(a - b for a, b in zip(monomial, lead, strict=True))
            for m, v in self.polynomials[divisor].items():
                if m != lead:
                    place = tuple(a + b for a, b in zip(m, shift, strict=True))
                    if place not in rest:
                        heappush(heap, self._entry(place))
                    rest[place] = self._reduced(rest.get(place, 0) - down * v)
        common = 1 if self.prime else gcd(scale, *done.values())
        return {m: v // common for m, v in done.items()}, scale // common

    def _reduced(self, c: int) -> int:
        return c % self.prime if self.prime else c

    def _factors(self, c: int, head: int) -> tuple[int, int]:
        """(up, down) such that up * c = down * head, and up > 0."""
        if self.prime:
            return 1, c * pow(head, -1, self.prime) % self.prime
        common = gcd(c, head)
        return abs(head) // common, c // common * (1 if head > 0 else -1)

    def _entry(self, monomial: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return tuple(-k for k in self.order.key(monomial)), monomial

    def _divisor(self, monomial: tuple[int, ...]) -> int | None:
        for i, lead in enumerate(self.leads):
            if all(a <= b for a, b in zip(lead, monomial, strict=True)):
                return i
        return None

    def pair_remainder_vanishes(self, first: int, second: int) -> bool:
        a, b = self.polynomials[first], self.polynomials[second]
        lead, other = self.leads[first], self.leads[second]
        lcm = tuple(map(max, lead, other))
        pair: dict[tuple[int, ...], int] = {}
        for polynomial, head, factor in ((a, lead, b[other]), (b, other, -a[lead])):
            for m, c in polynomial.items():
                place = tuple(x + y - z for x, y, z in zip(m, lcm, head, strict=True))
                pair[place] = pair.get(place, 0) + c * factor
        return not self.remainder(pair)[0]
