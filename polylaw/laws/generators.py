"""Laws that are not polynomials in laws of lower degree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from polylaw.algebra.echelon import Echelon, Row
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.parametric import split_parameters

__all__ = ["generators_of"]


def generators_of(basis: Sequence[Polynomial], ansatz: Ansatz, lower: Sequence[Polynomial] = ()) -> tuple[Polynomial, ...]:
    """A minimal part of `basis` such that all of it is polynomial in that part and in `lower`, degree by degree.

    `basis` must be the reduced basis of all laws in the ansatz.  A product of laws that stays in the ansatz is a
    law of the ansatz, so its coordinates are its coefficients at the leading monomials of the basis.  At degree e
    the laws of degree e are compared with all products, up to the top degree of the ansatz, of generators of lower
    degree; of the laws that are new, the shortest are taken.
    """
    leads = {_leading_state(h): h for h in basis}
    span = Echelon()
    chosen: list[Polynomial] = []
    products = _Products(ansatz, leads, span)
    for law in sorted(lower, key=lambda h: h.degree):
        products.include(law)
    for degree in sorted({h.degree for h in basis}):
        new = [h for h in sorted((h for h in basis if h.degree == degree), key=_length) if span.add(_coordinates(h, leads))]
        chosen += new
        for law in new:
            if span.rank < len(basis):
                products.include(law)
    position = {h: i for i, h in enumerate(basis)}
    return tuple(sorted(chosen, key=lambda h: (h.degree, position[h])))


class _Products:
    """Products of at least two of the included laws that stay in the ansatz, added to `span` as they appear."""

    def __init__(self, ansatz: Ansatz, leads: dict[Monomial, Polynomial], span: Echelon) -> None:
        self.ansatz, self.leads, self.span = ansatz, leads, span
        self.known: list[Polynomial] = []

    def include(self, law: Polynomial) -> None:
        """Products with `law`: its powers times everything known."""
        fresh = [law, *self._multiples([law, *self.known], law)]
        self.known += [h for h in fresh if h.degree < self.ansatz.top]

    def _multiples(self, of: list[Polynomial], law: Polynomial) -> Iterator[Polynomial]:
        """law * h, law^2 * h, ... for h in `of`, while they stay in the ansatz."""
        for h in of:
            product = h
            while law.degree > 0 and product.degree + law.degree <= self.ansatz.top and self.span.rank < len(self.leads):
                product = product * law
                if self.ansatz.contains(product):
                    self.span.add(_coordinates(product, self.leads))
                yield product


def _coordinates(law: Polynomial, leads: dict[Monomial, Polynomial]) -> Row:
    """Coefficients of a law at the leading monomials of the basis, over Q[parameters].

    The basis vectors are scaled by their leading coefficients here, which changes no rank.
    """
    if not law.ring.parameters:
        return {m: law.ring.constant(c) for m, c in law.terms.items() if m in leads}
    return {m: entry for m, entry in split_parameters(law).items() if m in leads}


def _leading_state(law: Polynomial) -> Monomial:
    first = law.ring.parameter_indices.start
    return tuple(q for q in law.leading[0] if q[0] < first)


def _length(law: Polynomial) -> tuple[int, int]:
    return len(law.terms), sum(abs(int(c)) for c in law.terms.values())
