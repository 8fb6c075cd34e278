"""Laws made of Darboux polynomials: products of powers, times exp(c*t), and sums with logarithms and angles.

For Darboux polynomials h_i with cofactors lambda_i (one for each field), constants a_i, c and a rational
function g,

    sum a_i log h_i + c t + g  is a law   exactly when   sum a_i lambda_i + c + X g = 0 for every field X,

a linear system for the a_i, c and the coefficients of g over the field of parameters.  With integers a_i the
law is written prod h_i^a_i * exp(c t).  Sources: Darboux, Bull. Sci. Math. 2 (1878); Prelle & Singer, Trans.
AMS 279 (1983); Goriely, Integrability and Nonintegrability of Dynamical Systems (2001), chapter 2.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from math import gcd, prod
from typing import Any

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.linear.exact import Echelon
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.ring import RootOfTime
from polylaw.algebra.terms import quotient
from polylaw.budget import Budget
from polylaw.domains.darboux.angles import Pair, pair_of
from polylaw.domains.darboux.derivatives import Derivative, Derivatives, leading_monomial, sums_that_vanish
from polylaw.domains.darboux.eigenspaces import DarbouxPolynomial, darboux_among
from polylaw.domains.darboux.monomials import monomials_up_to
from polylaw.domains.elementary.check import verified
from polylaw.domains.elementary.domain import EVERYWHERE, Domain, domain_of
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import timed
from polylaw.domains.elementary.inequations import Inequation
from polylaw.domains.elementary.printing import product_text
from polylaw.domains.elementary.tower import Tower
from polylaw.flows.flow import Flow
from polylaw.laws.search import find_laws

#: Orders of the Darboux polynomials in which relations are sought, so that short ones are met.
_MOST_ORDERS = 24
#: The rational part of a law has numerators of at most so many monomials for each denominator.
_MOST_MONOMIALS = 120
#: Products of powers of a larger degree than this are written as sums of logarithms.
_MOST_DEGREE = 60
#: Polynomial laws in state and time are sought to this degree.
_TIME_DEGREE = 2


class Kind(Enum):
    """What a law is made of: the state alone, functions of it, or also time."""

    RATIONAL = "rational"
    LOGARITHMIC = "logarithmic"
    TIME = "time"


@dataclass(frozen=True)
class DarbouxLaw:
    """A law, its kind, what the parameters satisfy when it is real, and where it is conserved."""

    expression: Expression
    kind: Kind
    conditions: tuple[Inequation, ...] = ()
    domain: Domain = EVERYWHERE

    @property
    def condition(self) -> str:
        """The conditions in words; empty if there are none."""
        return f"where {', '.join(map(str, self.conditions))}" if self.conditions else ""

    def __str__(self) -> str:
        """The law; a polynomial that is a product in factors."""
        if self.expression.polynomial is None:
            return str(self.expression)
        return product_text(self.expression.tower, self.expression.numerator)


def darboux_laws(
    flow: Flow,
    polynomials: Sequence[DarbouxPolynomial],
    laws: Sequence[Polynomial],
    degree: int,
    budget: Budget,
) -> list[DarbouxLaw]:
    """The laws, each verified exactly: products of powers, then sums with logarithms and a rational function,
    with a numerator of at most this degree over 1 or one of the polynomials; all in one tower over the flow
    with time.

    Pairs are made of the polynomials and of the polynomial `laws`, with at most three different discriminants
    that depend on parameters.  For every choice of the signs of these the laws that are then real.  None of
    them is a combination, in the sense of the sums above, of earlier ones and of polynomial laws of that
    degree.  At last, for an ODE, polynomial laws in state and time.  They need not be independent.
    """
    maker = _Maker(timed(flow), polynomials, budget)
    maker.products()
    sources = [*(d.polynomial for d in maker.polynomials), *(h.into(maker.flow.ring) for h in laws)]
    pairs = [(pair, h) for h in sources if (pair := pair_of(h))]
    symbolic = dict.fromkeys(pair.discriminant for pair, _ in pairs if len(pair.signs) > 1)
    discriminants = list(symbolic)[: budget.max_signs]
    pairs = [(pair, h) for pair, h in pairs if len(pair.signs) == 1 or pair.discriminant in discriminants]
    for signs in product((-1, 1), repeat=len(discriminants)):
        maker.sums(degree, pairs, dict(zip(discriminants, signs, strict=True)))
    if maker.flow is not flow:
        maker.polynomials_in_time()
    return list({_up_to_inversion(law): law for law in reversed(maker.laws)}.values())[::-1]


def _up_to_inversion(law: DarbouxLaw) -> Hashable:
    """The same for f and 1/f, where f is a quotient of polynomials."""
    value = law.expression.value
    return frozenset(p.primitive() for p in value) if law.kind is Kind.RATIONAL else value


def _kind(expression: Expression) -> Kind:
    if expression.tower.flow.ring.clock_index in expression.occurring:
        return Kind.TIME
    return Kind.LOGARITHMIC if expression.functions else Kind.RATIONAL


class _Maker:
    """Laws as combinations of `logs`, time and further functions."""

    def __init__(self, flow: Flow, polynomials: Sequence[DarbouxPolynomial], budget: Budget) -> None:
        self.flow, self.budget = flow, budget
        self.tower = Tower(flow)
        self.derivatives = Derivatives(flow.distribution)
        simple = sorted(polynomials, key=lambda d: (d.polynomial.degree, len(d.polynomial.terms)))
        moved = (d.polynomial.into(flow.ring) for d in simple)
        self.polynomials = darboux_among(flow.distribution, moved)
        self.bases = [self.tower.element(d.polynomial) for d in self.polynomials]
        self.logs = [self.tower.log(base) for base in self.bases]
        #: Time, where it is one of the functions; exp(rate*t) is one of the Darboux polynomials.
        self.time: list[Polynomial] = []
        if flow.ring.clock == RootOfTime(1):
            self.time = [flow.ring.monomial(((len(flow.ring.variables), 1),))]
        self.times = list(map(self.tower.element, self.time))
        self.of_times = list(map(self.derivatives.of_polynomial, self.time))
        self.laws: list[DarbouxLaw] = []

    # -- products of powers -----------------------------------------------------------------------
    def products(self) -> None:
        """Laws prod h_i^a_i and prod h_i^a_i exp(c t), with as few factors as can be."""
        if not self.logs:
            return
        elements = [*self.logs, *self.times]
        derivatives = [*map(self.derivatives.of_log, self.polynomials), *self.of_times]
        found: set[tuple[tuple[int, Polynomial], ...]] = set()
        for order in _orders(len(elements)):
            ordered = [derivatives[i] for i in order]
            for relation in sums_that_vanish(ordered, self.budget, "products of Darboux polynomials"):
                found.add(tuple(_positive({order[i]: c for i, c in relation.items()}).items()))

        def simplicity(relation: tuple[tuple[int, Polynomial], ...]) -> tuple[Any, ...]:
            positions = [i for i, _ in relation]
            return len(self.logs) in positions, len(relation), positions, [c.order for _, c in relation]

        span = Echelon()
        for relation in map(dict, sorted(found, key=simplicity)):
            if span.add(relation):
                self._keep(self._product(relation) or self._sum(relation, elements))

    def _sum(self, relation: Mapping[int, Polynomial], elements: Sequence[Quotient]) -> Quotient:
        """The sum of the elements with these coefficients."""
        terms = (elements[i] * c.into(self.tower.ring) for i, c in relation.items())
        return sum(terms, self.tower.constant(0))

    def _keep(self, value: Quotient, conditions: tuple[Inequation, ...] = ()) -> None:
        """Record a law."""
        self.budget.check("laws made of Darboux polynomials")
        expression = verified(Expression.of(self.tower, value, primitive=True), self.budget)
        domain = domain_of(expression, self.budget)
        self.laws.append(DarbouxLaw(expression, _kind(expression), conditions, domain))

    def _product(self, relation: Mapping[int, Polynomial]) -> Quotient | None:
        """The product of powers, when the exponents are small integers up to one common factor; else None."""
        relation = {i: c.into(self.tower.ring) for i, c in relation.items()}
        logs = {i: c for i, c in relation.items() if i < len(self.logs)}
        unit = next(iter(logs.values())).primitive()
        exponents: dict[int, int] = {}
        for i, c in logs.items():
            ratio = RationalFunction(c, unit)
            exponent = ratio.numerator.constant_value if ratio.is_polynomial else None
            if exponent is None:
                return None
            exponents[i] = int(exponent)
        common = gcd(*exponents.values())
        degrees = (abs(power) // common * self.bases[i].above.degree for i, power in exponents.items())
        if sum(degrees) > _MOST_DEGREE:
            return None
        factors = (self.bases[i] ** (power // common) for i, power in exponents.items())
        value = prod(factors, start=self.tower.constant(1))
        rate = relation.get(len(self.logs))
        if rate is None:  # of f and 1/f the one with the shorter denominator
            return value**-1 if len(value.below.terms) > len(value.above.terms) else value
        [time] = self.times
        return value * self.tower.exp(time * Quotient(rate, unit * common))

    # -- sums with logarithms ---------------------------------------------------------------------
    def sums(
        self, degree: int, pairs: Sequence[tuple[Pair, Polynomial]], signs: Mapping[Polynomial, int]
    ) -> None:
        """Laws sum a_i log h_i + sum b_j A_j + c t + g, those that are not sums of products already found;
        `signs` are those of the discriminants with parameters."""
        signed = [(pair, signs.get(pair.discriminant, pair.signs[0])) for pair, _ in pairs]
        angles = [pair.element(self.tower, sign) for pair, sign in signed]
        reality = [pair.condition(self.tower, sign) for pair, sign in signed]
        rational, of_rational = self._rational_functions(degree)
        elements = [*self.logs, *angles, *self.times, *rational]
        derivatives = list(map(self.derivatives.of_log, self.polynomials))
        derivatives += [self.derivatives.of_angle(*pair) for pair in pairs]
        logs, angled = len(self.logs), range(len(self.logs), len(derivatives))
        derivatives += [*self.of_times, *of_rational]
        for relation in sums_that_vanish(derivatives, self.budget, "sums with logarithms"):
            if all(i < logs or (self.time and i == angled.stop) for i in relation):
                continue  # a product of powers, found before
            needed = (reality[i - logs] for i in relation if i in angled)
            conditions = tuple(dict.fromkeys(c for c in needed if c is not None))
            self._keep(self._sum(_positive(relation), elements), conditions)

    def _rational_functions(self, degree: int) -> tuple[list[Quotient], list[Derivative]]:
        """Monomials, but those that end a law, monomials over a Darboux polynomial; their derivatives."""
        ring, tower = self.flow.ring, self.tower
        monomials = [m for m in monomials_up_to(range(len(ring.variables)), degree) if m]
        if len(monomials) > _MOST_MONOMIALS:
            monomials = [m for m in monomials_up_to(range(len(ring.variables)), 1) if m]
        slopes = [self.derivatives.of_polynomial(ring.monomial(m)) for m in monomials]
        ends = {max(relation) for relation in sums_that_vanish(slopes, self.budget, "polynomial laws")}
        kept = [i for i in range(len(monomials)) if i not in ends]
        found = [(tower.element(ring.monomial(monomials[i])), slopes[i]) for i in kept]
        for position, (d, base) in enumerate(zip(self.polynomials, self.bases, strict=True)):
            if len(monomials) * len(self.bases) > _MOST_MONOMIALS or d.polynomial.degree not in (1, 2):
                continue
            lead = leading_monomial(d.polynomial)
            for v in (ring.monomial(m) for m in ((), *monomials) if quotient(m, lead) is None):
                found.append((tower.element(v) / base, self.derivatives.of_quotient(v, d, position)))
        return [e for e, _ in found], [d for _, d in found]

    # -- polynomials in state and time --------------------------------------------------------------
    def polynomials_in_time(self) -> None:
        """Laws that are polynomials in the state and t, such as x - v*t."""
        clock = self.flow.ring.clock_index
        for h in find_laws(self.flow, _TIME_DEGREE, budget=self.budget).generators:
            if clock in h.support:
                law = Expression.of(self.tower, self.tower.element(h), primitive=True)
                self.laws.append(DarbouxLaw(law, Kind.TIME))


def _orders(count: int) -> list[list[int]]:
    """The identity, its rotations, and their reverses."""
    rotations = [[(i + shift) % count for i in range(count)] for shift in range(count)]
    return [*rotations, *(order[::-1] for order in rotations)][:_MOST_ORDERS]


def _positive(relation: dict[int, Polynomial]) -> dict[int, Polynomial]:
    """The relation by ascending position, with the sign that makes its first coefficient positive."""
    ordered = dict(sorted(relation.items()))
    first = next(iter(ordered.values()))
    return ordered if first.leading[1] > 0 else {i: -c for i, c in ordered.items()}
