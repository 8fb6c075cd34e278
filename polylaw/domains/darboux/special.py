"""Relations between parameters that make more Darboux polynomials: b = 2*s in the system of Lorenz.

Found by the case distinctions of `..cases` with the parameters among the unknowns; each is then
verified exactly, in the system with the relation put in.  That there are no others is not claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polylaw.algebra.polynomial import Monomial, Polynomial, degree_of
from polylaw.budget import Budget
from polylaw.domains.darboux.cases import Values, special_cofactors
from polylaw.domains.darboux.eigenspaces import DarbouxPolynomial, Eigenspaces, darboux_factors
from polylaw.domains.elementary.numbers import put
from polylaw.flows.distribution import Distribution, Field


@dataclass(frozen=True)
class Special:
    """An irreducible polynomial that is Darboux (or a law) where parameters have these `values`."""

    values: Values
    found: DarbouxPolynomial

    @property
    def relation(self) -> str:
        """The values as equations: `s = 1, b = 1`."""
        ring = self.found.polynomial.ring
        return ", ".join(f"{ring.name(g)} = {value}" for g, value in self.values)


def special_relations(
    distribution: Distribution, monomials: Sequence[Monomial], known: Sequence[Polynomial], budget: Budget
) -> list[Special]:
    """Relations met under which polynomials in the span of the monomials are Darboux that are no sums of
    products of those there are in general (`known`) or under a weaker relation of the list."""
    ring, degree = distribution.ring, max(map(degree_of, monomials))
    cases = special_cofactors(ring, [field.components for field in distribution.fields], monomials, budget)
    found: list[Special] = []
    special = (case for case in cases if case[0])
    for values, cofactors in sorted(special, key=lambda case: (len(case[0]), case[0][0][0])):
        images = dict(values)
        here = _specialised(distribution, images)
        weaker = [s.found.polynomial for s in found if _follows(s.values, images)]
        old = darboux_factors(here, [put(h, images) for h in (*known, *weaker)])
        for d in darboux_factors(here, Eigenspaces(here, monomials, budget).new(cofactors, old, degree)):
            if d not in old:
                found.append(Special(values, d))
    return found


def _specialised(distribution: Distribution, images: dict[int, Polynomial]) -> Distribution:
    """The fields with the relation put in; not made primitive: cofactors stay those of the system."""
    fields = []
    for f in distribution.fields:
        components = {k: q for k, p in f.components.items() if (q := put(p, images))}
        fields.append(Field(f.name, components, f.steady))
    return Distribution(distribution.ring, tuple(fields), distribution.record)


def _follows(values: Values, images: dict[int, Polynomial]) -> bool:
    """Whether the relations hold where the images are put in."""
    return all(put(value.ring.monomial(((g, 1),)), images) == put(value, images) for g, value in values)
