"""Linear relations between elements of a tower, and between their derivatives: exact linear algebra over
Q(parameters)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.echelon import Row, relations
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.budget import Budget
from polylaw.domains.elementary.derivation import Derivation, numerators
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.tower import Tower


def null_combinations(
    tower: Tower, elements: Sequence[Quotient], budget: Budget, constants: Collection[int] = ()
) -> list[dict[int, Polynomial]]:
    """A basis of {c : X(sum_i c_i elements[i]) = 0 for every field X}, c_i polynomials in the parameters (and
    in these generators, which are constant), by position.

    Each relation ends at an element that depends on earlier ones and involves, besides it, only elements
    whose derivatives are independent of those before them.  Every relation returned holds.  There are no
    others if the functions of the tower have no relations but those of its algebraic generators
    (`polylaw.domains.elementary.independence`).
    """
    rows: list[Row] = [{} for _ in elements]
    positions = tower.used(*(p for e in elements for p in e))
    for j, (_, field) in enumerate(fields_of(tower)):
        budget.check("combinations of functions")
        derivation = Derivation(tower, field, positions, budget)
        derivatives = [tower.normal(derivation.of(e)) for e in elements]
        for row, entries in zip(rows, _rows(tower, derivatives, constants), strict=True):
            row.update({(j, state): c for state, c in entries.items()})
    return relations(rows, tower.ring, budget.check, "combinations of functions")


def zero_combinations(
    tower: Tower, elements: Sequence[Quotient], budget: Budget, constants: Collection[int] = ()
) -> list[dict[int, Polynomial]]:
    """A basis of {c : sum_i c_i elements[i] = 0}, as in `null_combinations`."""
    return relations(_rows(tower, elements, constants), tower.ring, budget.check, "combinations of functions")


def _rows(tower: Tower, values: Sequence[Quotient], constants: Collection[int]) -> list[Row]:
    """The coefficients of the values over a common denominator, by what they are coefficients of."""
    coefficients = {*tower.ring.parameter_indices, *constants}
    return [_split(p, coefficients) for p in tower.cleared(numerators(tower, values)[0])]


def _split(polynomial: Polynomial, coefficients: Collection[int]) -> Row:
    """The coefficients, polynomial in these generators, of the monomials in all others."""
    parts: dict[Monomial, dict[Monomial, object]] = {}
    for monomial, c in polynomial:
        state = tuple(q for q in monomial if q[0] not in coefficients)
        parts.setdefault(state, {})[tuple(q for q in monomial if q[0] in coefficients)] = c
    return {state: Polynomial(polynomial.ring, terms) for state, terms in parts.items()}  # type: ignore[arg-type]
