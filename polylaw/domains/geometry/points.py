"""Rational points of algebraic sets, where they are easy to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from polylaw.algebra.check import Check
from polylaw.algebra.groebner import Ideal, Order
from polylaw.algebra.rationals import Coefficient, exact
from polylaw.algebra.ring import Polynomial, Ring
from polylaw.algebra.terms import degree_of
from polylaw.budget import Budget

#: What variables that the equations leave free are set to, in this order: halves and the shortest rational
#: points of the unit circle among them.
_SPARSE: tuple[Coefficient, ...] = tuple(
    exact(Fraction(v)) for v in ("0", "1", "-1", "2", "-2", "1/2", "3/5", "-3/5", "4/5", "3", "5/13")
)
#: The same for points with few zeros and equal coordinates: variable i begins with the i-th of these.
_SPREAD: tuple[Coefficient, ...] = (1, 2, -1, 3, -2)
_LAST: tuple[Coefficient, ...] = (Fraction(3, 5), Fraction(4, 5), Fraction(1, 2), Fraction(5, 13), 0)
#: The part of the Gröbner bases that is spent on points that are only looked at.
_SPREAD_PART = 4
_HIDDEN = "zz"


def rational_point(
    equations: Sequence[Polynomial], apart: Polynomial | None = None, budget: Budget | None = None
) -> dict[int, Coefficient] | None:
    """A rational point where all equations (of one ring) hold and `apart` is not 0, by generator index.

    The clock and the parameters are positive there.  None when none was found: variables are set one after
    another, those that are left free to a few small values, the others to rational roots of a polynomial in
    them alone; a branch ends when its equations and z * apart = 1, z one more variable, generate the ring.
    """
    budget = budget or Budget()
    return next(_points(equations, apart, lambda g: _SPARSE, budget.max_bases, budget.check), None)


def spread_points(equations: Sequence[Polynomial], budget: Budget) -> Iterator[dict[int, Coefficient]]:
    """Some rational points as above with few zeros."""

    def tried(generator: int) -> tuple[Coefficient, ...]:
        start = generator % len(_SPREAD)
        return (*_SPREAD[start:], *_SPREAD[:start], *_LAST)

    return _points(equations, None, tried, max(1, budget.max_bases // _SPREAD_PART), budget.check)


def _points(
    equations: Sequence[Polynomial],
    apart: Polynomial | None,
    tried: Callable[[int], Sequence[Coefficient]],
    bases: int,
    check: Check,
) -> Iterator[dict[int, Coefficient]]:
    ring = (apart or equations[0]).ring
    inside = Ring((*(f"x{i}" for i in range(ring.size)), _HIDDEN))
    images = dict(enumerate(inside.generators()))
    system = [p.substitute(images, inside) for p in equations]
    if apart is not None:
        system.append(images[ring.size] * apart.substitute(images, inside) - 1)
    used = sorted({g for p in system for g in p.support if g < ring.size})
    search = _Search(inside, range(len(ring.variables), ring.size), check, tried, bases)
    yield from ({g: exact(v) for g, v in point.items()} for point in search.points(system, used))


@dataclass
class _Search:
    ring: Ring
    positive: range
    check: Check
    tried: Callable[[int], Sequence[Coefficient]]
    bases: int

    def points(self, system: Sequence[Polynomial], left: Sequence[int]) -> Iterator[dict[int, Coefficient]]:
        """Points in the variables `left` at which the system can be satisfied."""
        if any(p.constant_value is not None for p in system):
            return
        if not left:
            yield {}
            return
        hidden = self.ring.size - 1
        present = {g for p in system for g in p.support}
        variables = (*((hidden,) if hidden in present else ()), *left)
        ideal = Ideal(self.ring, system, variables=variables, check=self.check)
        self.bases -= 1
        if self.bases < 0 or ideal.basis().is_everything:
            return
        generator, values = self._next(ideal, left)
        rest = [g for g in left if g != generator]
        for value in values:
            if generator in self.positive and value <= 0:
                continue
            known = {generator: value}
            smaller = [q for p in ideal.basis().polynomials if (q := p.with_values(known))]
            yield from (known | point for point in self.points(smaller, rest))

    def _next(self, ideal: Ideal, left: Sequence[int]) -> tuple[int, Sequence[Coefficient]]:
        """The variable to set next, and to what."""
        polynomials = ideal.basis().polynomials
        if ideal.basis().dimension == 0:
            polynomials = ideal.basis(Order("lex")).polynomials
        for p in polynomials:
            if len(p.support) == 1 and p.support[0] in left:
                return p.support[0], _rational_roots(p)
        return left[0], self.tried(left[0])


def _rational_roots(polynomial: Polynomial) -> list[Coefficient]:
    """The rational roots of a polynomial in one variable, by absolute value, positive ones first."""
    coefficients = [0] * (1 + max(map(degree_of, polynomial.terms)))
    for monomial, c in polynomial.primitive().terms.items():
        coefficients[degree_of(monomial)] = int(c)
    linear = (f for f, _ in flint.fmpz_poly(coefficients).factor()[1] if f.degree() == 1)
    roots = [exact(Fraction(-int(f[0]), int(f[1]))) for f in linear]
    return sorted(roots, key=lambda r: (abs(r), r < 0))
