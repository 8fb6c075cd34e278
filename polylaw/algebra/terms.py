"""Monomials, and their sums as plain maps: what polynomials are made of, and how flint takes them.

A monomial is the sorted tuple of its (generator, power) pairs, and a sum maps monomials to rationals.  So a
law of 64 terms costs 64 terms, in a ring of eight variables or of ten thousand.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint

from polylaw.algebra.rationals import Coefficient

#: Sorted (generator index, power >= 1) pairs; the empty tuple is 1.
Monomial = tuple[tuple[int, int], ...]
Terms = Mapping[Monomial, Coefficient]


def degree_of(monomial: Monomial) -> int:
    """Total degree, all generators counted."""
    return sum(power for _, power in monomial)


def multiset(monomial: Monomial) -> tuple[int, ...]:
    """Generator indices with repetition: x_0^2 x_3 is (0, 0, 3). Ascending, this descends in lex."""
    return tuple(generator for generator, power in monomial for _ in range(power))


def multiply_monomials(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left or not right:
        return left or right
    powers = dict(left)
    for generator, power in right:
        powers[generator] = powers.get(generator, 0) + power
    return tuple(sorted(powers.items()))


def quotient(monomial: Monomial, divisor: Monomial) -> Monomial | None:
    """The quotient of two monomials, None if it is none."""
    powers = dict(monomial)
    for generator, power in divisor:
        powers[generator] = powers.get(generator, 0) - power
        if powers[generator] < 0:
            return None
    return tuple((generator, power) for generator, power in powers.items() if power)


def within(monomial: Monomial, generators: Container[int]) -> Monomial:
    """The part of a monomial in these generators."""
    return tuple(q for q in monomial if q[0] in generators)


def without(monomial: Monomial, generators: Container[int]) -> Monomial:
    """The part of a monomial in the other generators."""
    return tuple(q for q in monomial if q[0] not in generators)


def total(summands: Iterable[Terms]) -> dict[Monomial, Coefficient]:
    """The sum of sums, zeros kept, in time linear in the number of terms."""
    terms: dict[Monomial, Coefficient] = {}
    for summand in summands:
        for monomial, c in summand.items():
            terms[monomial] = terms.get(monomial, 0) + c
    return terms


def product(left: Terms, right: Terms) -> dict[Monomial, Coefficient]:
    """The product of two sums, zeros kept."""
    terms: dict[Monomial, Coefficient] = {}
    for m, c in left.items():
        for n, d in right.items():
            both = multiply_monomials(m, n)
            terms[both] = terms.get(both, 0) + c * d
    return terms


def gradient(terms: Terms) -> dict[int, dict[Monomial, Coefficient]]:
    """The nonzero partial derivatives, by generator, ascending."""
    parts: dict[int, dict[Monomial, Coefficient]] = {}
    for monomial, c in terms.items():
        for place, (generator, power) in enumerate(monomial):
            lower = ((generator, power - 1),) if power > 1 else ()
            parts.setdefault(generator, {})[monomial[:place] + lower + monomial[place + 1 :]] = c * power
    return dict(sorted(parts.items()))


def exponents(monomial: Monomial, generators: Sequence[int]) -> tuple[int, ...]:
    """The powers of these generators."""
    powers = dict(monomial)
    return tuple(powers.get(generator, 0) for generator in generators)


def monomial_of(exponents: Iterable[int], generators: Iterable[int]) -> Monomial:
    """The monomial with these powers of the generators, which may come in any order."""
    return tuple(sorted((g, int(e)) for g, e in zip(generators, exponents, strict=True) if e))


def to_flint(operands: Sequence[Terms], support: Sequence[int]) -> list[Any]:
    """Sums as elements of the `fmpq_mpoly` ring of the generators `support`, in which they are dense."""
    context = flint.fmpq_mpoly_ctx.get(tuple(f"x{i}" for i in range(len(support))), flint.Ordering.degrevlex)
    return [
        context.from_dict(
            {exponents(m, support): flint.fmpq(c.numerator, c.denominator) for m, c in p.items()}
        )
        for p in operands
    ]


def from_flint(image: Any, support: Sequence[int]) -> dict[Monomial, Coefficient]:
    """The sum that `to_flint` turned into `image`."""
    terms: dict[Monomial, Coefficient] = {}
    for powers, c in image.to_dict().items():
        monomial = tuple([(g, int(e)) for g, e in zip(support, powers, strict=True) if e])
        terms[monomial] = int(c.p) if c.q == 1 else Fraction(int(c.p), int(c.q))
    return terms
