"""Laws that are not polynomials in laws of lower degree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from polylaw.algebra.linear.exact import Echelon, Row
from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.parametric import split_parameters
from polylaw.laws.simplest import order, simple_laws

#: Products that laws may be made simpler with.
_MOST_FOUND = 100


def generators_of(
    basis: Sequence[Polynomial], ansatz: Ansatz, lower: Sequence[Polynomial], budget: Budget
) -> tuple[Polynomial, ...]:
    """Laws, as few as possible, such that `basis` is polynomial in them and in `lower`, degree by degree.

    `basis` must be the reduced basis of all laws in the ansatz.  At degree e the laws of degree e are
    compared with all products, up to the top degree of the ansatz, of generators of lower degree; of the laws
    that are new, the simplest are taken (`polylaw.laws.simplest`).  `BudgetError` when time is over.
    """
    space = _Coordinates(basis, ansatz)
    span = Echelon(budget.check, "generators")
    chosen: list[Polynomial] = []
    top = max([ansatz.top, *(h.degree for h in basis)])
    products = Products(top, lambda h: span.add(space.of(h)))
    for law in sorted(lower, key=lambda h: h.degree):
        products.include(law)
    for degree in sorted({h.degree for h in basis}):
        budget.check("generators")
        before = span.copy()
        new = _independent(basis, degree, space, span)
        if new:
            below, known = ([h for h in laws if h.degree <= degree] for laws in (basis, products.found))
            simple = simple_laws(new, below, chosen, known, budget)
            new = _independent(simple, degree, space, before)
        chosen += new
        for law in new:
            products.include(law)
    return tuple(sorted(chosen, key=lambda h: (h.degree, [h.sort_key(m) for m, _ in h.sorted_terms()])))


def _independent(
    laws: Sequence[Polynomial], degree: int, space: _Coordinates, span: Echelon
) -> list[Polynomial]:
    """The simplest laws of this degree that are new to the span, and now in it."""
    return [h for h in sorted((h for h in laws if h.degree == degree), key=order) if span.add(space.of(h))]


class _Coordinates:
    """Coordinates of products of laws: their coefficients at the leading monomials of the basis, and at all
    monomials outside the ansatz.  A combination of products without the latter is a law of the ansatz, and
    the former tell which, so these coordinates lose nothing."""

    def __init__(self, basis: Sequence[Polynomial], ansatz: Ansatz) -> None:
        self.inside = ansatz.membership(basis[0].ring) if basis else bool
        self.leads = {next(iter(split_parameters(Polynomial(h.ring, dict([h.leading]))))) for h in basis}

    def of(self, law: Polynomial) -> Row:
        """Over Q[parameters]; basis vectors count with their leading coefficient, which changes no rank."""
        coefficients = split_parameters(law)
        return {m: c for m, c in coefficients.items() if m in self.leads or not self.inside(m)}


class Products:
    """Products of at least two of the included laws, of degree at most `top`; each is handed to `add` as it
    appears, and the first ones are kept in `found`.  `reduced` is applied to each; what becomes 0 ends
    there."""

    def __init__(
        self,
        top: int,
        add: Callable[[Polynomial], object],
        reduced: Callable[[Polynomial], Polynomial] = lambda h: h,
    ) -> None:
        self.top, self.add, self.reduced = top, add, reduced
        self.known: list[Polynomial] = []
        self.found: list[Polynomial] = []

    def include(self, law: Polynomial) -> None:
        """Products with `law`: its powers times everything known."""
        fresh = [law, *self._multiples([law, *self.known], law)]
        self.known += [h for h in fresh if h.degree < self.top]
        self.found += fresh[1 : 1 + _MOST_FOUND - len(self.found)]

    def _multiples(self, of: list[Polynomial], law: Polynomial) -> Iterator[Polynomial]:
        """law * h, law^2 * h, ... for h in `of`, up to the top degree."""
        for h in of:
            product = h
            while 0 < law.degree <= self.top - product.degree:
                product = self.reduced(product * law)
                if not product:
                    break
                self.add(product)
                yield product
