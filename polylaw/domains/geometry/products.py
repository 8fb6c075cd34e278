"""Linear relations among products of polynomials: found by values mod primes, verified by substitution."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from polylaw.algebra.linear.lifting import NullSpace, Vector, verified_null_space
from polylaw.algebra.monomials import IntArray
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget
from polylaw.domains.geometry.grading import Products
from polylaw.errors import InputError

_SEED = 20
_SPARE_POINTS = 8
_LARGEST_COORDINATE = 2**20


def algebra_names(ring: Ring, count: int) -> Ring:
    """The ring of h1, ..., hn (another letter if the parameters have these names), then the parameters."""
    for letter in ("h", "g", "y", "law"):
        names = [f"{letter}{i}" for i in range(1, count + 1)]
        if not set(names) & set(ring.parameters):
            return Ring(names, ring.parameters)
    expected = "other names than h1, g1, y1 and law1"
    raise InputError("parameters", ", ".join(ring.parameters), expected, "rename a parameter")


class LinearRelations:
    """Relations among products of laws, polynomials of one ring, and of its parameters; generator i of the
    ring `names` stands for factor i.

    Values at integer points, the same for every prime, give equations that every relation satisfies, so their
    null space bounds the relations from above; each vector of it counts only after exact substitution.
    """

    def __init__(self, laws: Sequence[Polynomial], budget: Budget) -> None:
        self.laws, self.budget, self.ring = tuple(laws), budget, laws[0].ring
        self.names = algebra_names(self.ring, len(laws))
        self.products = Products((*laws, *map(self.ring.generator, self.ring.parameters)))
        self._values: dict[int, IntArray] = {}

    def among(self, monomials: Sequence[Monomial], further: Polynomial | None = None) -> NullSpace:
        """All linear relations among the products, and `further`, which comes last, if given."""
        columns = len(monomials) + (further is not None)
        points = columns + _SPARE_POINTS

        def modular(prime: int) -> csr_matrix:
            values = self._factor_values(prime, points)
            table = _values([self.names.monomial(m) for m in monomials], values, prime)
            if further is not None:
                table = np.column_stack([table, _values([further], self._points(points), prime)])
            return csr_matrix(table)

        def holds(vector: Vector) -> bool:
            total = self.value(self.polynomial(vector, monomials))
            return not (total if further is None else total + further * vector.get(len(monomials), 0))

        return verified_null_space(modular, columns, holds, self.budget)

    def polynomial(self, vector: Vector, monomials: Sequence[Monomial]) -> Polynomial:
        """The combination of products as a polynomial in their names."""
        return Polynomial(self.names, {monomials[j]: c for j, c in vector.items() if j < len(monomials)})

    def value(self, polynomial: Polynomial) -> Polynomial:
        """A polynomial in the names, with the factors substituted and multiplied out."""
        self.budget.check("substitution into relations")
        return polynomial.substitute(dict(enumerate(self.products.factors)), self.ring)

    def _factor_values(self, prime: int, points: int) -> IntArray:
        known = self._values.get(prime)
        if known is None or len(known) < points:
            self._values[prime] = known = _values(self.products.factors, self._points(2 * points), prime)
        return known[:points]

    def _points(self, count: int) -> IntArray:
        # row by row from one stream: the first points are the same however many are asked for
        shape = count, self.ring.size
        return np.random.default_rng(_SEED).integers(1, _LARGEST_COORDINATE, shape, dtype=np.int64)


def _values(polynomials: Sequence[Polynomial], points: IntArray, prime: int) -> IntArray:
    """Residues of the polynomials, one column each, at points, one row each."""
    table = np.zeros((len(points), len(polynomials)), dtype=np.int64)
    for column, p in enumerate(polynomials):
        for monomial, c in p.terms.items():
            value = np.full(len(points), c.numerator * pow(c.denominator, -1, prime) % prime, dtype=np.int64)
            for g, e in monomial:
                for _ in range(e):
                    value = value * points[:, g] % prime
            table[:, column] = (table[:, column] + value) % prime
    return table
