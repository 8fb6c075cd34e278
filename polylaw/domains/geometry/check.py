"""Is this claim a law on an invariant set?  Proved, refuted with a point of the set, or undecided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from polylaw.algebra.groebner import Ideal
from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget
from polylaw.domains.geometry.matrix_claims import check_entries, matrix_claim
from polylaw.domains.geometry.matrix_values import MatrixClaim
from polylaw.domains.geometry.variety import Variety
from polylaw.domains.verdict import Proved, Refuted, Undecided, Verdict
from polylaw.errors import BudgetError, InputError
from polylaw.flows.flow import Flow


def check_law_on(
    flow: Flow, law: Any, on: Sequence[Any] | str | Variety, *, budget: Budget | None = None
) -> Verdict:
    """Whether `law` is constant along every trajectory of the flow on the set of the constraints, exactly.

    `Proved` (trivially, if the law is a constant on the set) when X h vanishes on the set for every field X;
    `Refuted` with a rational point of the set where some X h does not; `Undecided` when X h is not 0 at some
    complex point of the set but no rational one was found, or a bound was hit.  Raises `InputError` when the
    set is not invariant: then no function is a law on it before it is known how trajectories leave.
    """
    law = matrix_claim(flow, law)
    if isinstance(law, MatrixClaim):
        variety = on if isinstance(on, Variety) else Variety.of(flow, on, budget)
        return check_entries(law, lambda h: check_law_on(flow, h, variety))
    claim = flow.polynomial(law)
    try:
        variety = on if isinstance(on, Variety) else Variety.of(flow, on, budget)
        with variety.budget.working():
            return _verdict(variety, claim)
    except BudgetError as error:
        return Undecided(claim, str(error))


def _is_constant(variety: Variety, claim: Polynomial) -> bool:
    """Whether the claim is the same at all complex points of the set (that have the same parameters).

    Modulo the radical a constant is its own normal form.  What is no constant modulo a smaller ideal is
    compared with its value at a rational point; only where none is found is the radical needed.
    """
    first = variety.flow.ring.parameter_indices.start

    def constant(ideal: Ideal) -> bool:
        return all(g >= first for g in ideal.basis().normal_form(claim).support)

    if constant(variety.ideal_of_laws):
        return True
    point = variety.rational_point()
    if point is None or variety.flow.ring.parameters:
        return constant(variety.vanishing.ideal)
    value = claim({g: point.get(g, 0) for g in range(variety.flow.ring.size)})
    return variety.ideal.radical_contains(claim - value)


def _verdict(variety: Variety, claim: Polynomial) -> Verdict:
    if not variety.invariance.holds:
        raise InputError("on", variety.text, "an invariant set", variety.invariance.text)
    basis = variety.ideal_of_laws.basis()
    if _is_constant(variety, claim):
        return Proved(claim, trivial=True)
    fields = variety.flow.distribution.fields
    residuals: list[tuple[int, Polynomial]] = []
    for number, x in enumerate(fields):
        variety.budget.check("the derivative of the claim along the fields")
        residual = basis.normal_form(x(claim))
        if residual and not variety.ideal.radical_contains(residual):
            residuals.append((number, residual))
    if not residuals:
        return Proved(claim)
    residuals.sort(key=lambda pair: len(pair[1].terms))
    for number, residual in residuals[:3]:
        if found := variety.witness(residual):
            return Refuted(claim, fields[number].name, residual, *found, (), number=number)
    number, residual = residuals[0]
    reason = (
        f"its derivative along {fields[number].name} is {residual} on the set, not 0 at all of its complex "
        "points, but no rational point was found"
    )
    return Undecided(claim, f"{reason} where it is not 0 (max_bases {variety.budget.max_bases})")
