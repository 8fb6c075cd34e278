"""Claims that are polynomials: every field of the flow must annihilate them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import count
from math import prod
from typing import Any

import flint

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial, RationalFunction, degree_of
from polylaw.algebra.rationals import Coefficient, exact, rational
from polylaw.budget import Budget
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.tower import Tower
from polylaw.domains.verdict import Proved, Refuted, Undecided, Verdict
from polylaw.errors import BudgetError
from polylaw.flows.flow import Flow
from polylaw.laws.ansatz import MAX_DEGREE, Ansatz
from polylaw.laws.law_space import LawSpace
from polylaw.laws.parametric import split_parameters
from polylaw.laws.search import find_laws

#: Beyond this many unknowns the law space of the claim's degree is not computed just to name a near law.
_NEAR_UNKNOWNS = 300_000
#: Beyond so many factors in all monomials of a claim, or a degree that no ansatz has, laws near it are not
#: sought at all.
_NEAR_FACTORS = 20_000
_NEAR_DIMENSION = 400
_NEAR_LAWS = 5


def check_polynomial(flow: Flow, claim: Polynomial, budget: Budget) -> Verdict:
    """Whether every field of the flow annihilates a polynomial of its ring."""
    state = flow.ring.parameter_indices.start
    if all(g >= state for g in claim.support):
        return Proved(claim, trivial=True)
    with budget.working():
        try:
            violated = _first_residual(flow, claim, budget)
        except BudgetError as error:
            return Undecided(claim, str(error))
        if violated is None:
            return Proved(claim)
        number, residual = violated
        field = flow.distribution.fields[number]
        speed = flow.speed
        # the fields of a training flow are named after components of the map, not multiples of these
        if speed.numerator == 1:
            residual = residual * field.content
        witness = nonzero_point(prod(flow.denominators, start=residual * speed.numerator))
        value = residual.at(witness) * Fraction(speed.numerator.at(witness)) / speed.denominator.at(witness)
        named = {flow.ring.name(g): value for g, value in witness.items() if value}
        try:
            near = _nearest(flow, claim, budget)
        except BudgetError:  # the claim is refuted all the same
            near = ()
        told = field.name, _derivative(flow, residual), named, exact(value), near
        return Refuted(claim, *told, number=number)


def _first_residual(flow: Flow, claim: Polynomial, budget: Budget) -> tuple[int, Polynomial] | None:
    """The shortest residual among the first few nonzero ones, with the number of its field."""
    fields = flow.within(budget.check).fields
    gradient = claim.gradient()
    found: list[tuple[int, Polynomial]] = []
    for number, field in budget.each("the derivative of the claim along the fields", enumerate(fields)):
        moved = gradient.keys() & field.components.keys()
        budget.check_entries(sum(len(gradient[k].terms) * len(field.components[k].terms) for k in moved))
        residual = field(claim) if moved else None
        if residual:
            found.append((number, residual))
            if len(found) == 16:
                break
    return min(found, key=lambda pair: len(pair[1].terms), default=None)


def _derivative(flow: Flow, residual: Polynomial) -> Polynomial | Expression:
    """The derivative of a claim along the flow as it was given, from that along the distribution's field."""
    found = RationalFunction(residual * flow.speed.numerator, flow.speed.denominator)
    if found.is_polynomial:
        return found.numerator
    tower = Tower(flow)
    return Expression(tower, Quotient(*(p.into(tower.ring) for p in (found.numerator, found.denominator))))


def nonzero_point(polynomial: Polynomial) -> dict[int, Coefficient]:
    """A small integer point, by generator index, where a nonzero polynomial does not vanish.

    Generators are set one after another to the first value of 0, 1, -1, 2, ... that keeps the rest nonzero; a
    polynomial of degree d in one generator vanishes for at most d values, so this ends.  The clock and the
    parameters are set to positive values.
    """
    ring = polynomial.ring
    point: dict[int, Coefficient] = {}
    for generator in polynomial.support:
        ordinary = generator < len(ring.variables)
        for value in _small_integers() if ordinary else count(1):
            rest = polynomial.with_values({generator: value})
            if rest:
                polynomial, point[generator] = rest, value
                break
    return point


def _small_integers() -> Any:
    yield 0
    for n in count(1):
        yield n
        yield -n


def _nearest(flow: Flow, claim: Polynomial, budget: Budget) -> tuple[Polynomial, ...]:
    """The laws made of the claim's own monomials; else its orthogonal projection onto the laws of its degree;
    else (coefficients with parameters have no projection) a few laws of its degree that share a monomial with
    it; and the last two again for the claim with other powers of the clock."""
    ring = flow.ring
    if claim.degree > MAX_DEGREE or sum(map(degree_of, claim.terms)) > _NEAR_FACTORS:
        return ()
    own = [ring.monomial(m) for m in split_parameters(claim) if m]
    same = find_laws(flow, ansatz=Ansatz.of(own), budget=budget)
    if same.basis:
        return same.basis
    powers = _clock_powers(claim)
    ansatz = Ansatz.degree(max(claim.degree, 1)).for_flow(flow)
    if max(powers) > (ansatz.clock or 0):
        ansatz = Ansatz.bidegree(max(powers), max(claim.degree, 1)).for_flow(flow)
    if ansatz.count(ring) > _NEAR_UNKNOWNS:
        return ()
    laws = find_laws(flow, ansatz=ansatz, budget=budget)
    known = {power for h in laws.basis for power in _clock_powers(h)}
    for image in (claim, *(_with_clock_power(claim, power) for power in sorted(known))):
        budget.check("laws near the claim")
        if near := _close_to(image, laws):
            return near
    return ()


def _close_to(claim: Polynomial, laws: LawSpace) -> tuple[Polynomial, ...]:
    if claim.ring.parameters:
        return tuple(h for h in laws.generators if not set(claim.terms).isdisjoint(h.terms))[:_NEAR_LAWS]
    projected = projection(claim, laws)
    return (projected,) if projected else ()


def _clock_powers(h: Polynomial) -> set[int]:
    """The powers of the clock that occur in h, and 0."""
    return {0, *(dict(m).get(h.ring.clock_index, 0) for m in h.terms if h.ring.clock_index is not None)}


def _with_clock_power(claim: Polynomial, power: int) -> Polynomial:
    """The claim with its clock put to 1, times this power of the clock."""
    ring, clock = claim.ring, claim.ring.clock_index
    if clock is None:
        return claim
    without = claim.with_values({clock: 1})
    return without * ring.monomial(((clock, power),)) if power else without


def projection(claim: Polynomial, laws: LawSpace) -> Polynomial | None:
    """The law nearest to `claim` in the Euclidean norm of coefficients, made primitive; None if it is 0.
    Solves the normal equations exactly over Q (flint)."""
    near = _connected(claim, laws.basis)
    if not near or len(near) > _NEAR_DIMENSION:
        return None
    gram = flint.fmpq_mat([[_rational(_inner(a, b)) for b in near] for a in near])
    right = flint.fmpq_mat([[_rational(_inner(a, claim))] for a in near])
    weights = gram.solve(right).entries()
    total = Polynomial.sum(claim.ring, (h * rational(w) for h, w in zip(near, weights, strict=True)))
    return total.primitive() if total else None


def _connected(claim: Polynomial, basis: Sequence[Polynomial]) -> list[Polynomial]:
    """The basis laws linked to the claim by shared monomials; the others are orthogonal to these and it."""
    reached = set(claim.terms)
    near: list[Polynomial] = []
    rest = list(basis)
    while linked := [h for h in rest if not reached.isdisjoint(h.terms)]:
        near += linked
        rest = [h for h in rest if reached.isdisjoint(h.terms)]
        reached |= {m for h in linked for m in h.terms}
    return near


def _inner(left: Polynomial, right: Polynomial) -> Coefficient:
    return sum(c * right.terms[m] for m, c in left.terms.items() if m in right.terms)


def _rational(value: Coefficient) -> Any:
    return flint.fmpq(value.numerator, value.denominator)
