"""Extactic polynomials, exactly: every Darboux polynomial in a space of polynomials divides one determinant.

For a field X and a basis v_1, ..., v_l of a space V, the extactic polynomial is det(X^i v_j), i = 0, ..., l -
1.  If h in V has X h = lambda h, take it as one of the basis vectors: all X^i h are multiples of h, so h
divides the determinant.  Factoring it over Q gives all irreducible Darboux polynomials in V without solving a
nonlinear system.  It is 0 exactly when X has a rational first integral made from V; then a minor of full rank
takes its place.

Sources: Pereira, Ann. Inst. Fourier 51 (2001); Christopher, Llibre & Pereira, Pacific J. Math. 229 (2007),
section 4; Dumortier, Llibre & Artes, Qualitative Theory of Planar Differential Systems (2006), chapter 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flint

from polylaw.algebra.modular import primes
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.terms import from_flint
from polylaw.budget import Budget
from polylaw.domains.darboux.trajectory import Residues, taylor_rows
from polylaw.laws.witness import hashed_residue

__all__ = ["Extactic", "extactic_factors"]

#: Beyond these the determinant is not attempted: columns, products of numbers of terms in all steps of it,
#: terms of one entry, and terms of the determinant, which is factored.
_MOST_COLUMNS, _MOST_PRODUCTS, _MOST_TERMS, _MOST_FACTORED = 15, 1_000_000, 20_000, 2_000


@dataclass(frozen=True)
class Extactic:
    """The irreducible factors over Q of the determinant (or minor, if `deficient`: the field then has a
    rational first integral made from the space, whose levels need not divide it)."""

    factors: tuple[Polynomial, ...]
    deficient: bool


class _TooLargeError(Exception):
    """The determinant would be too large."""


def extactic_factors(
    ring: Ring, components: Mapping[int, Polynomial], monomials: Sequence[Monomial], budget: Budget
) -> Extactic | None:
    """The factors of the extactic polynomial of one field for the span of monomials; None when it is too
    large."""
    if len(monomials) > _MOST_COLUMNS:
        return None
    matrix = _Matrix(ring, components, monomials)
    columns = matrix.independent_columns()
    try:
        determinant = matrix.determinant(columns, budget)
    except _TooLargeError:
        return None
    if len(determinant) > _MOST_FACTORED:
        return None
    _, found = determinant.factor()
    factors = [Polynomial(ring, from_flint(f, matrix.support)).primitive() for f, _ in found]
    return Extactic(
        tuple(sorted(factors, key=lambda f: (f.degree, len(f.terms), str(f)))), len(columns) < len(monomials)
    )


class _Matrix:
    """X^i v_j as polynomials of flint, in the generators that occur."""

    def __init__(
        self, ring: Ring, components: Mapping[int, Polynomial], monomials: Sequence[Monomial]
    ) -> None:
        self.components, self.monomials = components, monomials
        used = (
            {g for p in components.values() for g in p.support}
            | {g for m in monomials for g, _ in m}
            | set(components)
        )
        self.support = sorted(used)
        names = tuple(f"x{i}" for i in range(len(self.support)))
        self.context = flint.fmpq_mpoly_ctx.get(names, flint.Ordering.degrevlex)
        self.position = {g: i for i, g in enumerate(self.support)}
        self.field = [(self.position[g], self._image(p)) for g, p in components.items()]
        self.products = 0

    def _image(self, polynomial: Polynomial) -> Any:
        terms = {}
        for monomial, c in polynomial:
            exponents = [0] * len(self.support)
            for g, power in monomial:
                exponents[self.position[g]] = power
            terms[tuple(exponents)] = flint.fmpq(c.numerator, c.denominator)
        return self.context.from_dict(terms)

    def _spend(self, products: int) -> None:
        self.products += products
        if self.products > _MOST_PRODUCTS:
            raise _TooLargeError

    def _along(self, polynomial: Any) -> Any:
        total = self.context.from_dict({})
        for position, component in self.field:
            slope = polynomial.derivative(position)
            self._spend(len(slope) * len(component))
            total = total + slope * component
        if len(total) > _MOST_TERMS:
            raise _TooLargeError
        return total

    def independent_columns(self) -> list[int]:
        """Columns that are independent at a pseudorandom point mod a prime, hence generically."""
        prime = next(primes())
        point = {g: hashed_residue(0, prime, "extactic", g) for g in self.support}
        field = Residues(prime, 1)
        rows = taylor_rows(self.components, self.monomials, point, field, len(self.monomials))
        reduced, rank = flint.nmod_mat([[int(c) for c in row] for row in rows], prime).rref()
        return [next(j for j in range(len(self.monomials)) if int(reduced[i, j])) for i in range(rank)]

    def determinant(self, columns: Sequence[int], budget: Budget) -> Any:
        """The determinant of as many rows as columns, by fraction-free elimination (Bareiss)."""
        one = self.context.from_dict({(0,) * len(self.support): flint.fmpq(1)})
        row = []
        for j in columns:
            exponents = [0] * len(self.support)
            for g, power in self.monomials[j]:
                exponents[self.position[g]] = power
            row.append(self.context.from_dict({tuple(exponents): flint.fmpq(1)}))
        rows = [row]
        for _ in range(len(columns) - 1):
            budget.check("extactic polynomials")
            rows.append([self._along(entry) for entry in rows[-1]])
        previous = one
        for step in range(len(columns) - 1):
            pivot = min(
                (i for i in range(step, len(rows)) if rows[i][step]),
                key=lambda i: len(rows[i][step]),
                default=None,
            )
            if pivot is None:
                return previous * 0
            rows[step], rows[pivot] = rows[pivot], rows[step]
            for i in range(step + 1, len(rows)):
                budget.check("extactic polynomials")
                for j in range(step + 1, len(columns)):
                    left, right = (rows[i][j], rows[step][step]), (rows[i][step], rows[step][j])
                    self._spend(len(left[0]) * len(left[1]) + len(right[0]) * len(right[1]))
                    rows[i][j] = (left[0] * left[1] - right[0] * right[1]) / previous
            previous = rows[step][step]
        return rows[-1][-1]
