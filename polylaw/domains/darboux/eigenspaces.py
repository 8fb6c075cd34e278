"""Spaces of Darboux polynomials with the same cofactors, and what of them is made of others.

For given cofactors {h : X h = lambda_X h for every field X} is a linear space: the level f - c*g of a
rational first integral f/g lies there with f and g.  Products of Darboux polynomials have the sums of their
cofactors.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import flint

from polylaw.algebra.factor import factors
from polylaw.algebra.linear.exact import Echelon, relations
from polylaw.algebra.polynomial import Monomial, Polynomial, degree_of
from polylaw.budget import Budget
from polylaw.errors import InputError
from polylaw.flows.distribution import Distribution
from polylaw.laws.parametric import split_parameters
from polylaw.laws.witness import hashed_residue

#: One polynomial for each field, in the order of the fields.
Cofactors = tuple[Polynomial, ...]
#: Matrices over the field of parameters, by column labels.
Row = dict[Any, Polynomial]
_PRIME = 2**61 - 1
_STAGE = "polynomials with the same cofactors"


@dataclass(frozen=True)
class DarbouxPolynomial:
    """An irreducible polynomial with X h = cofactor * h for every field, in the order of the fields."""

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


def darboux_among(distribution: Distribution, polynomials: Iterable[Polynomial]) -> list[DarbouxPolynomial]:
    """Those of the polynomials that are Darboux, laws included."""
    pairs = ((h, cofactors_of(distribution, h)) for h in polynomials)
    return [DarbouxPolynomial(h, cofactors) for h, cofactors in pairs if cofactors is not None]


def darboux_factors(
    distribution: Distribution, polynomials: Iterable[Polynomial], known: Container[Polynomial] = ()
) -> list[DarbouxPolynomial]:
    """The irreducible factors that are Darboux, without those known and without constants."""
    pieces = dict.fromkeys(piece for h in polynomials if h for piece, _ in factors(h)[1])
    moving = range(distribution.ring.parameter_indices.start)
    candidates = [p for p in pieces if p not in known and any(g in moving for g in p.support)]
    return darboux_among(distribution, candidates)


class Eigenspaces:
    """The spaces of equal cofactors in the span of the monomials, over the field of parameters."""

    def __init__(self, distribution: Distribution, monomials: Sequence[Monomial], budget: Budget) -> None:
        self.ring, self.budget = distribution.ring, budget
        self.zero = tuple(self.ring.constant(0) for _ in distribution.fields)
        self.basis = [self.ring.monomial(m) for m in monomials]
        self.along = [[x(v) for x in distribution.fields] for v in budget.each(_STAGE, self.basis)]

    def of(self, cofactors: Cofactors) -> list[Polynomial]:
        """A basis, primitive, of the polynomials with these cofactors."""
        found = relations(self._rows(cofactors), self.ring, self.budget.check, _STAGE)
        sums = ((c * self.basis[i] for i, c in relation.items()) for relation in found)
        return [Polynomial.sum(self.ring, terms).primitive() for terms in sums]

    def new(self, cofactors: Cofactors, known: Sequence[DarbouxPolynomial], degree: int) -> list[Polynomial]:
        """Those of a basis that are no sums of products of known ones and of basis elements before."""
        made, one = products_of(known, self.zero, degree, self.budget.max_level), self.ring.constant(1)
        same = ((d.polynomial for d in those) for those, total in made if total == cofactors)
        products = [split_parameters(prod(those, start=one)) for those in same]
        # an upper bound for the dimension: a rank mod a prime can only be too small
        if len(self.basis) - _rank_at_least(self._rows(cofactors)) == _rank_at_least(products):
            return []
        span = Echelon(self.budget.check, _STAGE)
        for row in products:
            span.add(row)
        return [h for h in self.of(cofactors) if span.add(split_parameters(h))]

    def _rows(self, cofactors: Cofactors) -> list[Row]:
        """X v - lambda v for every monomial v, by field and monomial."""
        rows: list[Row] = []
        for v, along in self.budget.each(_STAGE, zip(self.basis, self.along, strict=True)):
            residuals = enumerate(x - cofactor * v for x, cofactor in zip(along, cofactors, strict=True))
            rows.append({(j, m): c for j, p in residuals for m, c in split_parameters(p).items()})
        return rows


def _rank_at_least(rows: Sequence[Mapping[Any, Polynomial]]) -> int:
    """The rank mod a prime at values of the parameters: a lower bound for that over their field."""
    used = {g for row in rows for entry in row.values() for g in entry.support}
    point = {g: hashed_residue(0, _PRIME, "parameter", g) for g in used}
    columns = list(dict.fromkeys(column for row in rows for column in row))
    entries = [[row[c].residue(point, _PRIME) if c in row else 0 for c in columns] for row in rows]
    return int(flint.nmod_mat(entries, _PRIME).rank()) if columns else 0


def products_of(
    known: Sequence[DarbouxPolynomial], zero: Cofactors, degree: int, most: int
) -> list[tuple[list[DarbouxPolynomial], Cofactors]]:
    """Products of known ones up to this degree in the state, at most so many; cofactors start from `zero`."""
    partial: list[tuple[list[DarbouxPolynomial], Cofactors, int]] = [([], zero, 0)]
    for d in known:
        step = max(map(degree_of, split_parameters(d.polynomial)), default=0)
        for those, cofactors, reached in partial:  # the list grows by powers
            if reached + step <= degree and len(partial) <= most:
                total = tuple(a + b for a, b in zip(cofactors, d.cofactors, strict=True))
                partial.append(([*those, d], total, reached + step))
    return [(those, cofactors) for those, cofactors, _ in partial[1:]]
