"""Derivatives along the fields of all that laws are summed from: rows of a linear system over Q(parameters).

    log h, X h = lambda h       lambda
    A, for c*h = a^2 - D*b^2    (a X b - b X a)/(c h), a polynomial over Q(parameters) where h is Darboux
    time, a monomial v          X t, X v
    v/h                         (X v - lambda v)/h = q + r/h, by division of polynomials

The h are irreducible and different, so q's and r's (no term of r divisible by the leading monomial of its h)
of different h are independent: a sum is a law exactly when its row is 0.  A row may be multiplied by a
constant, its scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from polylaw.algebra.linear.exact import relations, without_content
from polylaw.algebra.polynomial import Monomial, Polynomial, degree_of
from polylaw.algebra.terms import quotient
from polylaw.budget import Budget
from polylaw.domains.darboux.angles import Pair
from polylaw.domains.darboux.eigenspaces import DarbouxPolynomial
from polylaw.flows.distribution import Distribution
from polylaw.laws.parametric import split_parameters

#: Columns: the field, the position of the denominator (-1 for none), and the monomial.
Row = dict[tuple[int, int, Monomial], Polynomial]


@dataclass(frozen=True)
class Derivative:
    """`scale` times the derivatives of one function along all fields."""

    row: Row
    scale: Polynomial


class Derivatives:
    """Derivatives along the fields of a distribution."""

    def __init__(self, distribution: Distribution) -> None:
        self.fields, self.ring = distribution.fields, distribution.ring
        self.one = self.ring.constant(1)

    def of_log(self, h: DarbouxPolynomial) -> Derivative:
        """Of log h."""
        return self._polynomials(h.cofactors, self.one)

    def of_angle(self, pair: Pair, h: Polynomial) -> Derivative:
        """Of the function A of the pair of h."""
        a, b, square = pair.a, pair.b, pair.discriminant
        along = [(a * field(b) - b * field(a)).divide_exactly(h) for field in self.fields]
        return self._polynomials(along, (a * a - square * b * b).divide_exactly(h))

    def of_polynomial(self, v: Polynomial) -> Derivative:
        """Of a polynomial, the clock t for example."""
        return self._polynomials([field(v) for field in self.fields], self.one)

    def of_quotient(self, v: Polynomial, h: DarbouxPolynomial, position: int) -> Derivative:
        """Of v/h, where h is the denominator at this position."""
        lead = leading_monomial(h.polynomial)
        unit = split_parameters(h.polynomial)[lead]
        along = [field(v) - cofactor * v for field, cofactor in zip(self.fields, h.cofactors, strict=True)]
        parts = [_divided(p, h.polynomial, lead, unit) for p in along]
        scale = unit ** max((power for _, _, power in parts), default=0)
        row: Row = {}
        for j, (whole, rest, power) in enumerate(parts):
            missing = scale.divide_exactly(unit**power)
            row |= {(j, -1, m): c * missing for m, c in split_parameters(whole).items()}
            row |= {(j, position, m): c * missing for m, c in split_parameters(rest).items()}
        return Derivative(row, scale)

    def _polynomials(self, along: Sequence[Polynomial], scale: Polynomial) -> Derivative:
        row = {(j, -1, m): c for j, p in enumerate(along) for m, c in split_parameters(p).items()}
        return Derivative(row, scale)


def sums_that_vanish(
    derivatives: Sequence[Derivative], budget: Budget, stage: str
) -> Iterator[dict[int, Polynomial]]:
    """A basis of the sums of functions that are laws, coefficients polynomials in the parameters by position;
    each ends at a function whose derivative depends on earlier ones."""
    if derivatives:
        ring = derivatives[0].scale.ring
        for relation in relations([d.row for d in derivatives], ring, budget.check, stage):
            yield without_content({i: c * derivatives[i].scale for i, c in relation.items()})


def leading_monomial(h: Polynomial) -> Monomial:
    """The largest monomial in variables and clock: by degree, then by the powers of the last generator, of
    the one before, and so on."""
    return max(split_parameters(h), key=lambda m: (degree_of(m), sorted(m, reverse=True)))


def _divided(
    p: Polynomial, h: Polynomial, lead: Monomial, unit: Polynomial
) -> tuple[Polynomial, Polynomial, int]:
    """(whole, rest, k): unit^k * p = whole * h + rest, no term of rest divisible by the lead of h."""
    ring, power = p.ring, 0
    whole, rest, left = ring.constant(0), ring.constant(0), p
    while left:
        top = leading_monomial(left)
        c = split_parameters(left)[top]
        more = quotient(top, lead)
        if more is None:
            term = c * ring.monomial(top)
            rest, left = rest + term, left - term
            continue
        term = c * ring.monomial(more)
        if unit.constant_value is not None:
            term = term / unit.constant_value
            whole, left = whole + term, left - term * h
        else:
            power += 1
            whole, rest, left = whole * unit + term, rest * unit, left * unit - term * h
    return whole, rest, power
