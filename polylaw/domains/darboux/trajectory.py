"""Trajectories of a polynomial field as power series over a finite field, and what vanishes along them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import flint

from polylaw.algebra.linear.modular import pivots_of
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.series import motion


class FiniteField:
    """The field of `prime`^`degree` elements (flint's `nmod_poly` and `fq_default_poly` for series)."""

    def __init__(self, prime: int, degree: int) -> None:
        self.prime, self.degree = prime, degree

    @cached_property
    def _context(self) -> Any:
        return flint.fq_default_ctx(self.prime, self.degree, "a")

    @cached_property
    def _series(self) -> Any:
        return flint.fq_default_poly_ctx(self._context)

    def element(self, value: int) -> Any:
        """An integer as an element."""
        return flint.nmod(value, self.prime) if self.degree == 1 else self._context(value)

    def rational(self, value: Coefficient) -> Any:
        """A rational number as an element."""
        return self.element(value.numerator * pow(value.denominator, -1, self.prime) % self.prime)

    def series(self, coefficients: Sequence[Any]) -> Any:
        """A polynomial in the time tau."""
        if self.degree == 1:
            return flint.nmod_poly([int(c) for c in coefficients], self.prime)
        return self._series(list(coefficients))

    def root_of(self, polynomial: Any) -> Any:
        """A root of an irreducible polynomial mod the prime of this field's degree."""
        if self.degree == 1:
            return -polynomial[0] / polynomial[1]
        lifted = self._series([self._context(int(c)) for c in polynomial.coeffs()])
        return min((root for root, _ in lifted.roots()), key=lambda root: list(map(int, root.to_list())))

    def rational_residue(self, value: Any) -> int | None:
        """The element as a residue mod the prime, None if it is not in the smaller field."""
        if self.degree == 1:
            return int(value)
        digits = [int(c) for c in value.to_list()]
        return (digits[0] if digits else 0) if not any(digits[1:]) else None


def taylor_rows(
    components: Mapping[int, Polynomial],
    monomials: Sequence[Monomial],
    point: Mapping[int, Any],
    field: FiniteField,
    order: int,
) -> list[list[Any]]:
    """The coefficients of tau^0, ..., tau^(order - 1) of the monomials along the trajectory through a point:
    row i is X^i v_j / i!, one column for each monomial.  The prime must exceed the order."""
    products = _Products(_trajectory(components, point, field, order), field, order)
    columns = [products.of(m) for m in monomials]
    return [[c[i] for c in columns] for i in range(order)]


def independent_columns(
    components: Mapping[int, Polynomial],
    monomials: Sequence[Monomial],
    point: Mapping[int, Any],
    field: FiniteField,
) -> list[int]:
    """Positions of monomials that are independent along the trajectory through a point of the prime field:
    as many as there are, hence independent along a generic one."""
    rows = taylor_rows(components, monomials, point, field, len(monomials))
    reduced, rank = flint.nmod_mat([[int(c) for c in row] for row in rows], field.prime).rref()
    return pivots_of(reduced, rank)


def _trajectory(
    components: Mapping[int, Polynomial], point: Mapping[int, Any], field: FiniteField, order: int
) -> dict[int, Any]:
    """The power series of every generator, mod tau^order."""
    rates = {g: [(m, field.rational(c)) for m, c in p] for g, p in components.items()}

    def slopes(series: Mapping[int, Any], k: int) -> dict[int, Any]:
        products, zero = _Products(series, field, k), field.element(0)
        return {g: sum((products.of(m)[k - 1] * c for m, c in rate), zero) for g, rate in rates.items()}

    start = {g: field.element(v) if isinstance(v, int) else v for g, v in point.items()}
    return motion(start, slopes, order - 1, field.rational, field.series)


class _Products:
    """Monomials in series, mod tau^order, each computed once."""

    def __init__(self, series: Mapping[int, Any], field: FiniteField, order: int) -> None:
        self.series, self.order = series, order
        self.known: dict[Monomial, Any] = {(): field.series([field.element(1)])}

    def of(self, monomial: Monomial) -> Any:
        """The product of the series of its generators."""
        if monomial not in self.known:
            generator, power = monomial[-1]
            rest = (*monomial[:-1], (generator, power - 1)) if power > 1 else monomial[:-1]
            self.known[monomial] = self.of(rest).mul_low(self.series[generator], self.order)
        return self.known[monomial]


def null_space(rows: Sequence[Sequence[Any]], field: FiniteField) -> list[list[Any]]:
    """A basis of {c : rows c = 0} over the field, each vector 1 at a column where all others are 0."""
    left, width = [list(row) for row in rows], len(rows[0])
    zero, one = field.element(0), field.element(1)
    pivots: list[int] = []
    for column in range(width):
        rank = len(pivots)
        found = next((i for i in range(rank, len(left)) if left[i][column] != zero), None)
        if found is None:
            continue
        left[rank], left[found] = left[found], left[rank]
        pivot = left[rank][column]
        left[rank] = [x / pivot for x in left[rank]]
        for i, row in enumerate(left):
            factor = row[column]
            if i != rank and factor != zero:
                left[i] = [x - factor * y for x, y in zip(row, left[rank], strict=True)]
        pivots.append(column)
    by_pivot = dict(zip(pivots, left, strict=False))
    free = [j for j in range(width) if j not in by_pivot]
    return [
        [-by_pivot[i][j] if i in by_pivot else one if i == j else zero for i in range(width)] for j in free
    ]
