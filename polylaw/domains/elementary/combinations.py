"""Linear relations between elements of a tower, and between their derivatives, exactly over Q(parameters)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.linear.exact import Row, relations
from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget
from polylaw.domains.elementary.derivation import Derivation, numerators
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.tower import Tower

_STAGE = "combinations of functions"


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
    for j, (_, field) in budget.each(_STAGE, enumerate(fields_of(tower))):
        derivation = Derivation(tower, field, positions, budget)
        derivatives = [tower.normal(derivation.of(e)) for e in elements]
        for row, entries in zip(rows, _rows(tower, derivatives, constants), strict=True):
            row.update({(j, state): c for state, c in entries.items()})
    return relations(rows, tower.ring, budget.check, _STAGE)


def zero_combinations(
    tower: Tower, elements: Sequence[Quotient], budget: Budget, constants: Collection[int] = ()
) -> list[dict[int, Polynomial]]:
    """A basis of {c : sum_i c_i elements[i] = 0}, as in `null_combinations`."""
    return relations(_rows(tower, elements, constants), tower.ring, budget.check, _STAGE)


def _rows(tower: Tower, values: Sequence[Quotient], constants: Collection[int]) -> list[Row]:
    """The coefficients of the values over a common denominator, by what they are coefficients of."""
    coefficients = {*tower.ring.parameter_indices, *constants}
    cleared = tower.cleared(numerators(tower, values)[0])
    return [p.coefficients(set(p.support) - coefficients) for p in cleared]
