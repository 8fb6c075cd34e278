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

from polylaw.algebra.modular import primes
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.terms import from_flint, to_flint
from polylaw.budget import Budget
from polylaw.domains.darboux.trajectory import FiniteField, independent_columns
from polylaw.laws.witness import hashed_residue

_PRIME = next(primes())


@dataclass(frozen=True)
class Extactic:
    """The irreducible factors over Q of the determinant (or minor, if `deficient`: the field then has a
    rational first integral made from the space, whose levels need not divide it)."""

    factors: tuple[Polynomial, ...]
    deficient: bool


class TooLargeError(Exception):
    """The determinant would be too large; the argument is the bound that says so, with its value."""


def extactic_factors(
    ring: Ring, components: Mapping[int, Polynomial], monomials: Sequence[Monomial], budget: Budget
) -> Extactic:
    """The factors of the extactic polynomial of one field for monomials; `TooLargeError` if it is that."""
    if len(monomials) > budget.max_columns:
        raise TooLargeError(f"max_columns {budget.max_columns}")
    point = {g: hashed_residue(0, _PRIME, "extactic", g) for g in range(ring.size)}
    columns = independent_columns(components, monomials, point, FiniteField(_PRIME, 1))
    determinant, support = _determinant(ring, components, [monomials[j] for j in columns], budget)
    if len(determinant) > budget.max_factored:
        raise TooLargeError(f"max_factored {budget.max_factored}")
    factors = [Polynomial(ring, from_flint(f, support)).primitive() for f, _ in determinant.factor()[1]]
    return Extactic(tuple(sorted(factors, key=lambda p: p.order)), len(columns) < len(monomials))


class _Work:
    """Products of terms, until they are too many."""

    def __init__(self, budget: Budget) -> None:
        self.budget, self.products = budget, 0

    def spend(self, *pairs: tuple[Any, Any]) -> None:
        """Before these products."""
        self.budget.check("extactic polynomials")
        self.products += sum(len(a) * len(b) for a, b in pairs)
        if self.products > self.budget.max_determinant:
            raise TooLargeError(f"max_determinant {self.budget.max_determinant}")


def _determinant(
    ring: Ring, components: Mapping[int, Polynomial], monomials: Sequence[Monomial], budget: Budget
) -> tuple[Any, list[int]]:
    """The determinant of X^i v_j, as many rows as columns, and the generators of flint's ring."""
    polynomials = [*components.values(), *map(ring.monomial, monomials)]
    support = sorted({g for p in polynomials for g in p.support})
    images = to_flint([p.terms for p in polynomials], support)
    field = [(support.index(g), image) for g, image in zip(components, images, strict=False) if g in support]
    rows, work = [images[len(components) :]], _Work(budget)

    def along(entry: Any) -> Any:
        total = entry * 0
        for position, component in field:
            slope = entry.derivative(position)
            work.spend((slope, component))
            total = total + slope * component
        return total

    while len(rows) < len(monomials):
        rows.append([along(entry) for entry in rows[-1]])
    return _fraction_free(rows, work), support


def _fraction_free(rows: list[list[Any]], work: _Work) -> Any:
    """The determinant, by the elimination of Bareiss."""
    previous, size = rows[0][0] ** 0, len(rows)
    for step in range(size - 1):
        nonzero = [i for i in range(step, size) if rows[i][step]]
        if not nonzero:
            return previous * 0
        pivot = min(nonzero, key=lambda i: len(rows[i][step]))
        rows[step], rows[pivot] = rows[pivot], rows[step]
        top = rows[step]
        for row in rows[step + 1 :]:
            for j in range(step + 1, size):
                work.spend((row[j], top[step]), (row[step], top[j]))
                row[j] = (row[j] * top[step] - row[step] * top[j]) / previous
        previous = top[step]
    return rows[-1][-1]
