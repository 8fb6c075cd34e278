"""Is this claimed law true?  Proved, refuted with a witness, or undecided with the bound that was hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import prod
from typing import TYPE_CHECKING, Any, Union

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction, degree_of
from polylaw.algebra.rationals import Coefficient, exact, rational, rational_text
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget, given_budget
from polylaw.domains.elementary.domain import EVERYWHERE, Domain
from polylaw.errors import BudgetError, InputError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.laws.ansatz import MAX_DEGREE, Ansatz
from polylaw.laws.law_space import LawSpace
from polylaw.laws.search import find_laws
from polylaw.truth import Answer

if TYPE_CHECKING:
    from polylaw.domains.elementary.balls import Enclosure
    from polylaw.domains.elementary.expression import Expression
    from polylaw.laws.matrix_claims import MatrixClaim

__all__ = ["Claim", "Proved", "Refuted", "Undecided", "Verdict", "check_law", "claim_of", "value_text"]

#: Beyond this many unknowns the law space of the claim's degree is not computed just to name a near law.
_NEAR_UNKNOWNS = 300_000
#: Beyond so many factors in all monomials of a claim, or a degree that no ansatz has, laws near it are not
#: sought at all.
_NEAR_FACTORS = 20_000
_NEAR_DIMENSION = 400
_NEAR_LAWS = 5


#: A polynomial of the flow's ring, an expression with functions, quotients or powers (`polylaw.domains.elementary`),
#: or a matrix.
Claim = Union["Polynomial", "Expression", "MatrixClaim"]


@dataclass(frozen=True)
class Proved(Answer):
    """Every field annihilates the law identically, where it is defined.

    `trivial`: it does not depend on the state at all.  `domain`: where it is defined and differentiable, and
    whether trajectories leave that set: a polynomial is conserved everywhere, other laws along each piece of
    a trajectory inside. True.
    """

    law: Claim
    trivial: bool = False
    domain: Domain = EVERYWHERE

    def _answer(self) -> bool:
        return True


@dataclass(frozen=True)
class Refuted(Answer):
    """The field named `field` does not annihilate the claim: X h = `residual`, which at `witness` has the
    nonzero `value` (names left out of `witness` are 0), for functions known as an enclosure.  `nearest` holds
    true laws close to the claim.  `entry` says which entry of a matrix `law` is, if that was the claim.
    False."""

    law: Claim
    field: str
    residual: Claim
    witness: Mapping[str, Coefficient]
    value: Coefficient | Enclosure
    nearest: tuple[Claim, ...]
    entry: str = ""

    def _answer(self) -> bool:
        return False


@dataclass(frozen=True)
class Undecided(Answer):
    """The bound named in `reason` was hit first.  Neither true nor false: asking raises `UndecidedError`."""

    law: Claim
    reason: str

    def _answer(self) -> str:
        return self.reason


Verdict = Proved | Refuted | Undecided


def value_text(value: Coefficient | Enclosure) -> str:
    """The value of a residual as it is shown: exact, or the digits that are certain."""
    return rational_text(value) if isinstance(value, (int, Fraction)) else str(value)


def check_law(flow: Flow, law: Any, *, on: Sequence[Any] | str = (), budget: Budget | None = None) -> Verdict:
    """Whether `law` (text, `Polynomial`, `Expression` or sympy expression) is conserved by every field of the
    flow.  Exact.

    A law may be a matrix in the arrays of a model, as `find` names them, such as `U1' U1 - U2 U2'`: then each
    of its entries is checked (`polylaw.laws.matrix_claims`).  It may have quotients, log, exp, sqrt, atan,
    powers and the time of an ODE in it (`polylaw.domains.elementary.check`).  `on`: constraints that describe an
    invariant set; then whether it is conserved there (`polylaw.domains.geometry.check`).
    """
    from polylaw.laws.matrix_claims import MatrixClaim, check_entries, matrix_claim

    checked_flow(flow)
    budget = given_budget(budget)
    law = matrix_claim(flow, law)
    if isinstance(law, MatrixClaim):
        return check_entries(law, lambda h: check_law(flow, h, on=on, budget=budget))
    if not isinstance(on, (str, Sequence)) or on:
        from polylaw.domains.geometry.check import check_law_on

        return check_law_on(flow, law, on, budget=budget)
    claim = claim_of(flow, law)
    if not isinstance(claim, Polynomial):
        from polylaw.domains.elementary.check import check_expression

        return check_expression(flow, claim, budget)
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
        field, residual = violated
        speed = flow.speed
        if (
            speed.numerator == 1
        ):  # the fields of a training flow are named after components of the map, not multiples of these
            residual = residual * next(x.content for x in flow.distribution.fields if x.name == field)
        witness = nonzero_point(prod(flow.denominators, start=residual * speed.numerator))
        value = residual.at(witness) * Fraction(speed.numerator.at(witness)) / speed.denominator.at(witness)
        named = {flow.ring.name(g): value for g, value in witness.items() if value}
        try:
            near = _nearest(flow, claim, budget)
        except BudgetError:  # the claim is refuted all the same
            near = ()
        return Refuted(claim, field, _derivative(flow, residual), named, exact(value), near)


def claim_of(flow: Flow, law: Any) -> Polynomial | Expression:
    """The claim as a polynomial of the flow if it is one, else as an expression; of an equation, the
    difference of its sides."""
    from polylaw.algebra.sympy_bridge import difference
    from polylaw.domains.elementary.expression import Expression
    from polylaw.domains.elementary.flow import ElementaryFlow

    law = difference(law)
    if isinstance(flow, ElementaryFlow):
        return law if isinstance(law, Expression) else _elementary(flow, law)
    if isinstance(law, Expression):
        return law if law.polynomial is None else law.polynomial
    try:
        return flow.polynomial(law)
    except InputError:
        from polylaw.domains.elementary.parse import looks_elementary

        text = law if isinstance(law, str) else _sympy_text(law)
        if text is None or not looks_elementary(text, flow):
            raise
        expression = _elementary(flow, text)
    return (
        expression
        if expression.polynomial is None or expression.polynomial.ring != flow.ring
        else expression.polynomial
    )


def _elementary(flow: Flow, law: Any) -> Expression:
    from polylaw.domains.elementary.parse import expression_of

    return expression_of(flow, law if isinstance(law, str) else str(flow.polynomial(law)))


def _sympy_text(law: Any) -> str | None:
    """The text of a sympy expression, which is in our grammar or is refused there; None for anything else."""
    return str(law) if type(law).__module__.partition(".")[0] == "sympy" else None


def _first_residual(flow: Flow, claim: Polynomial, budget: Budget) -> tuple[str, Polynomial] | None:
    """The shortest residual among the first few nonzero ones, with its field."""
    fields = flow.within(budget.check).fields
    gradient = claim.gradient()
    found: list[tuple[str, Polynomial]] = []
    for field in fields:
        budget.check("the derivative of the claim along the fields")
        moved = gradient.keys() & field.components.keys()
        budget.check_entries(sum(len(gradient[k].terms) * len(field.components[k].terms) for k in moved))
        residual = field(claim) if moved else None
        if residual:
            found.append((field.name, residual))
            if len(found) == 16:
                break
    return min(found, key=lambda pair: len(pair[1].terms), default=None)


def _derivative(flow: Flow, residual: Polynomial) -> Polynomial | Expression:
    """What the field of the distribution makes of a claim as its derivative along the flow as it was
    given."""
    speed = flow.speed
    found = RationalFunction(residual * speed.numerator, speed.denominator)
    if found.is_polynomial:
        return found.numerator
    from polylaw.domains.elementary.expression import Expression
    from polylaw.domains.elementary.tower import Tower

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
            rest = _set(polynomial, generator, value)
            if rest:
                polynomial, point[generator] = rest, value
                break
    return point


def _small_integers() -> Any:
    yield 0
    for n in count(1):
        yield n
        yield -n


def _set(polynomial: Polynomial, generator: int, value: int) -> Polynomial:
    terms: dict[Monomial, Coefficient] = {}
    for monomial, c in polynomial.terms.items():
        power = dict(monomial).get(generator, 0)
        rest = tuple(q for q in monomial if q[0] != generator)
        terms[rest] = terms.get(rest, 0) + c * value**power
    return Polynomial(polynomial.ring, terms)


def _nearest(flow: Flow, claim: Polynomial, budget: Budget) -> tuple[Polynomial, ...]:
    """The laws made of the claim's own monomials; else its orthogonal projection onto the laws of its degree;
    else (coefficients with parameters have no projection) a few laws of its degree that share a monomial with
    it; and the last two again for the claim with other powers of the clock."""
    ring = flow.ring
    if claim.degree > MAX_DEGREE or sum(map(degree_of, claim.terms)) > _NEAR_FACTORS:
        return ()
    same = find_laws(flow, ansatz=Ansatz.of(_state_monomials(ring, claim)), budget=budget)
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
    without = Polynomial.sum(
        ring, (ring.monomial(tuple(q for q in m if q[0] != clock)) * c for m, c in claim.terms.items())
    )
    return without * ring.monomial(((clock, power),)) if power else without


def _state_monomials(ring: Ring, claim: Polynomial) -> list[str]:
    """The distinct nonconstant monomials of the claim, parameters dropped, as text."""
    first = ring.parameter_indices.start
    states = dict.fromkeys(tuple(q for q in m if q[0] < first) for m in claim.terms)
    return [str(ring.monomial(m)) for m in states if m]


def projection(claim: Polynomial, laws: LawSpace) -> Polynomial | None:
    """The law nearest to `claim` in the Euclidean norm of coefficients, made primitive; None if it is 0.

    Solves the normal equations exactly over Q (flint).
    """
    near = _connected(claim, laws.basis)
    if not near or len(near) > _NEAR_DIMENSION:
        return None
    import flint

    gram = flint.fmpq_mat([[_rational(_inner(a, b)) for b in near] for a in near])
    right = flint.fmpq_mat([[_rational(_inner(a, claim))] for a in near])
    weights = gram.solve(right).entries()
    total = Polynomial.sum(claim.ring, (h * rational(w) for h, w in zip(near, weights, strict=True)))
    return total.primitive() if total else None


def _connected(claim: Polynomial, basis: Sequence[Polynomial]) -> list[Polynomial]:
    """The basis laws linked to the claim through shared monomials; all others are orthogonal to these and to
    it."""
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
    import flint

    return flint.fmpq(value.numerator, value.denominator)
