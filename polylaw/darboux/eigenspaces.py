"""Spaces of Darboux polynomials with the same cofactors, and what of them is made of others.

For given cofactors {h : X h = lambda_X h for every field X} is a linear space: the level f - c*g of a rational first integral f/g
lies there with f and g.  Products of Darboux polynomials have the sums of their cofactors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polylaw.algebra.echelon import Echelon, relations
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.errors import InputError
from polylaw.flows.distribution import Distribution
from polylaw.laws.budget import Budget
from polylaw.laws.parametric import split_parameters

__all__ = ["Cofactors", "DarbouxPolynomial", "cofactors_of", "eigenspace", "new_ones", "state_degree"]

#: One polynomial for each field, in the order of the fields.
Cofactors = tuple[Polynomial, ...]
_MOST_PRODUCTS = 20_000


@dataclass(frozen=True)
class DarbouxPolynomial:
    """An irreducible polynomial with X h = cofactor * h for every field of the distribution, in the order of the fields."""

    polynomial: Polynomial
    cofactors: Cofactors


def cofactors_of(distribution: Distribution, h: Polynomial) -> Cofactors | None:
    """The cofactors of h, None when some X h is no multiple of h."""
    found = []
    for field in distribution.fields:
        derivative = field(h)
        try:
            found.append(derivative.divide_exactly(h) if derivative else derivative)
        except InputError:
            return None
    return tuple(found)


def state_degree(h: Polynomial) -> int:
    """The degree in variables and clock."""
    first = h.ring.parameter_indices.start
    return max((sum(power for g, power in m if g < first) for m in h.terms), default=0)


def eigenspace(distribution: Distribution, monomials: Sequence[Monomial], cofactors: Cofactors, budget: Budget) -> list[Polynomial]:
    """A basis, primitive, of the polynomials with these cofactors in the span of the monomials, over the field of parameters."""
    ring = distribution.ring
    rows: list[dict[tuple[int, Monomial], Polynomial]] = []
    for monomial in monomials:
        budget.check("polynomials with the same cofactors")
        v = ring.monomial(monomial)
        residuals = [field(v) - cofactor * v for field, cofactor in zip(distribution.fields, cofactors, strict=True)]
        rows.append({(j, m): c for j, residual in enumerate(residuals) for m, c in split_parameters(residual).items()})
    found = relations(rows, ring, budget.checking("polynomials with the same cofactors"))
    return [Polynomial.sum(ring, (c * ring.monomial(monomials[i]) for i, c in relation.items())).primitive() for relation in found]


def new_ones(
    basis: Sequence[Polynomial], cofactors: Cofactors, known: Sequence[DarbouxPolynomial], degree: int, budget: Budget
) -> list[Polynomial]:
    """Those of a basis that are no sums of products of known ones (of at most this degree) and of basis elements before."""
    span = Echelon()
    for product in _products(cofactors, known, degree, budget):
        span.add(dict(split_parameters(product)))
    return [h for h in basis if span.add(dict(split_parameters(h)))]


def _products(cofactors: Cofactors, known: Sequence[DarbouxPolynomial], degree: int, budget: Budget) -> list[Polynomial]:
    """The products of known ones, of at most this degree, with these cofactors."""
    ring = cofactors[0].ring
    zero = tuple(ring.constant(0) for _ in cofactors)
    partial: list[tuple[Polynomial, Cofactors]] = [(ring.constant(1), zero)]
    for d in known:
        budget.check("products of Darboux polynomials")
        for product, sums in list(partial):
            while state_degree(product) + state_degree(d.polynomial) <= degree and len(partial) < _MOST_PRODUCTS:
                product = product * d.polynomial  # noqa: PLW2901
                sums = tuple(s + c for s, c in zip(sums, d.cofactors, strict=True))  # noqa: PLW2901
                partial.append((product, sums))
    return [product for product, sums in partial if sums == cofactors and product != 1]
