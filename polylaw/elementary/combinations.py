"""All laws that are combinations, constant along the flow, of given functions: linear algebra over Q(parameters)."""

from __future__ import annotations

from collections.abc import Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.echelon import Row, relations
from polylaw.algebra.polynomial import Polynomial
from polylaw.elementary.derivation import Derivation
from polylaw.elementary.ode import fields_of
from polylaw.elementary.tower import Tower
from polylaw.laws.budget import Budget
from polylaw.laws.parametric import split_parameters

__all__ = ["null_combinations"]


def null_combinations(tower: Tower, elements: Sequence[Quotient], budget: Budget) -> list[dict[int, Polynomial]]:
    """A basis of {c : X(sum_i c_i elements[i]) = 0 for every field X}, c_i polynomials in the parameters, by position.

    Each relation ends at an element that depends on earlier ones and involves, besides it, only elements whose
    derivatives are independent of those before them.  Complete when the functions have no relations but those of roots of
    polynomials; every relation returned holds.
    """
    rows: list[Row] = [{} for _ in elements]
    positions = tower.used(*(p for e in elements for p in e))
    for j, (_, field) in enumerate(fields_of(tower)):
        budget.check("combinations of functions")
        derivation = Derivation(tower, field, positions)
        derivatives = [tower.normal(derivation.of(e)) for e in elements]
        for row, numerator in zip(rows, _over_common_denominator(tower, derivatives), strict=True):
            row.update({(j, state): c for state, c in split_parameters(tower.reduced(numerator)).items()})
    return relations(rows, tower.ring, budget.checking("combinations of functions"))


def _over_common_denominator(tower: Tower, values: Sequence[Quotient]) -> list[Polynomial]:
    common = tower.ring.constant(1)
    for value in values:
        if value.below != 1:
            common = common * value.below.divide_exactly(common.gcd(value.below))
    return [v.above * common if v.below == 1 else v.above * common.divide_exactly(v.below) for v in values]
