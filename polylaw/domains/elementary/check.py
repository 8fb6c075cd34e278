"""Is a claim with functions, quotients or powers a law?  Proved, refuted at a rational point, or undecided.

Proved: the derivative along every field is 0 by the rules of differentiation and the relations of the roots,
which are identities, wherever the claim is defined and differentiable (`..domain`, part of the verdict); and
there is a point where it is.  Refuted: the derivative has a value that is not 0, exact or
enclosed in a ball, at a rational point of that domain.  What is neither (functions that depend on each other
in a way the normal form does not see) is undecided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Asked
from polylaw.algebra.rationals import Coefficient
from polylaw.budget import Budget
from polylaw.domains.elementary.balls import Enclosure, Point, candidates, own_generators, places, shown_name
from polylaw.domains.elementary.combinations import null_combinations
from polylaw.domains.elementary.derivation import Derivation, vanishes
from polylaw.domains.elementary.domain import domain_of
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.inequations import Inequation, inequations_of, needs_of
from polylaw.domains.elementary.tower import Tower
from polylaw.domains.verdict import Proved, Refuted, Undecided, Verdict
from polylaw.errors import BudgetError, VerificationError
from polylaw.laws.parametric import split_parameters

_NEAR_TERMS = 40
#: A derivative with more terms is not brought to lowest terms.
_MOST_REDUCED = 20_000


def check_expression(claim: Expression, budget: Budget) -> Verdict:
    """The verdict on a claim over its own flow, which may have time besides."""
    with budget.working():
        try:
            return _verdict(claim, budget)
        except BudgetError as error:
            return Undecided(claim, str(error))


def is_law(tower: Tower, value: Quotient, budget: Budget) -> bool:
    """Whether every field of the tower's flow annihilates an element, exactly.  Raises `BudgetError`."""
    return next(_residuals(tower, value, budget), None) is None


def verified(law: Expression, budget: Budget) -> Expression:
    """A law that was found, if it is one; `VerificationError` else, which would be an error here."""
    if not is_law(law.tower, law.value, budget):
        raise VerificationError("law", str(law), "derivative 0 along every field", "please report this model")
    return law


def _residuals(tower: Tower, value: Quotient, budget: Budget) -> Iterator[tuple[int, str, Quotient]]:
    """The derivatives of an element along the fields, those that are not 0, with what the field is."""
    positions, stage = tower.used(*value), "the derivative of the claim along the fields"
    for number, (name, field) in budget.each(stage, enumerate(fields_of(tower))):
        if vanishes(tower, field, value, budget):
            continue
        residual = Derivation(tower, field, positions, budget).of(value)
        if not tower.is_zero(residual.above):
            yield number, name, residual


def _verdict(claim: Expression, budget: Budget) -> Verdict:
    tower, value = claim.tower, claim.value
    inequations = inequations_of(tower, budget.check, value)
    if any(inequation.impossible for inequation in inequations):
        where = ", ".join(map(str, inequations))
        return Undecided(claim, f"it is defined nowhere: no real point satisfies {where}")
    if all(g >= tower.flow.ring.parameter_indices.start for g in claim.occurring):
        return Proved(claim, trivial=True, domain=domain_of(claim, budget))
    residual = next(_residuals(tower, value, budget), None)
    if residual is None:
        if _witness(tower, value, None, inequations, budget) is None:
            reason = "its derivative is 0 by the rules, but no rational point was found where it is defined"
            return Undecided(claim, f"{reason} (max_points {budget.max_points})")
        return Proved(claim, domain=domain_of(claim, budget))
    number, name, derivative = residual
    if max(len(p.terms) for p in derivative) <= _MOST_REDUCED:
        derivative = tower.normal(derivative)
    speed = tower.flow.speed  # the flow as given over the field of its distribution
    derivative = tower.normal(derivative * tower.element(speed.numerator) / tower.element(speed.denominator))
    found = _witness(tower, value, derivative, inequations, budget)
    if found is None:
        reason = f"its derivative along {name} is not 0 by the rules, but no rational point was found"
        where = f"where it is defined and not 0 (max_points {budget.max_points})"
        return Undecided(claim, f"{reason} {where}")
    point, at = found
    named = {shown_name(tower, g): v for g, v in point.items() if v}
    told = name, Expression(tower, derivative), named, at, _nearest(claim, budget)
    return Refuted(claim, *told, number=number)


def _witness(
    tower: Tower,
    value: Quotient,
    derivative: Quotient | None,
    inequations: Sequence[Inequation],
    budget: Budget,
) -> tuple[Point, Coefficient | Enclosure] | None:
    """(point, value of the derivative) where flow and claim are defined as they were written and the
    derivative is not 0; without a derivative just a point where they are defined."""
    asked = [*tower.asked, *(Asked(Quotient.whole(q.into(tower.ring))) for q in tower.flow.denominators)]
    values = [value, *(each.value for each in asked)] + ([derivative] if derivative is not None else [])
    positions = tower.used(*(p for v in values for p in v))
    if derivative is not None:
        # also what dropped out: of sqrt(x)^2 is left x, but no trajectory is where x < 0
        values += [function.argument for function in tower.functions]
        positions = list(range(len(tower.functions)))
        dropped = (needs_of(tower, position, budget.check) for position in positions)
        inequations = [*inequations, *chain.from_iterable(dropped)]
    asked += [inequation.asked for inequation in inequations if inequation.positive]
    asked.append(Asked(Quotient.whole(value.below)))
    points = candidates(tower, own_generators(tower, *values), budget)
    found = places(tower, points, positions, asked, budget, "a point where the claim is defined")
    if derivative is None:
        return next(((at.point, 0) for at in found), None)
    return next(((at.point, v) for at in found if (v := at(derivative))), None)


def _nearest(claim: Expression, budget: Budget) -> tuple[Expression, ...]:
    """The laws made of the claim's own terms."""
    tower = claim.tower
    kept = (m for m in split_parameters(claim.numerator) if m or claim.denominator != 1)
    terms = [Quotient(tower.ring.monomial(m), claim.denominator) for m in kept]
    if not 1 < len(terms) <= _NEAR_TERMS:
        return ()
    try:
        found = null_combinations(tower, terms, budget)
    except BudgetError:
        return ()
    sums = (sum((terms[i] * c for i, c in each.items()), tower.constant(0)) for each in found)
    return tuple(Expression.of(tower, total, primitive=True) for total in sums)
