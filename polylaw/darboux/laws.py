"""Laws made of Darboux polynomials: products of powers, times exp(c*t), and sums of logarithms, angles and rational functions.

For Darboux polynomials h_i with cofactors lambda_i (one for each field), constants a_i, c and a rational function g,

    sum a_i log h_i + c t + g  is a law   exactly when   sum a_i lambda_i + c + X g = 0 for every field X,

a linear system for the a_i, c and the coefficients of g over the field of parameters.  With integers a_i the law is written
prod h_i^a_i * exp(c t).  Sources: Darboux, Bull. Sci. Math. 2 (1878); Prelle & Singer, Trans. AMS 279 (1983); Goriely,
Integrability and Nonintegrability of Dynamical Systems (2001), chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.echelon import Echelon
from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction, degree_of
from polylaw.algebra.ring import Exponential, RootOfTime
from polylaw.darboux.angles import Pair, pair_of
from polylaw.darboux.polynomials import DarbouxPolynomial, monomials_up_to
from polylaw.elementary.check import is_law
from polylaw.elementary.combinations import null_combinations
from polylaw.elementary.expression import Expression
from polylaw.elementary.parse import timed
from polylaw.elementary.tower import Tower
from polylaw.errors import VerificationError
from polylaw.flows.flow import Flow
from polylaw.laws.budget import Budget
from polylaw.laws.parametric import split_parameters

__all__ = ["POLYNOMIAL_DEGREE", "DarbouxLaw", "darboux_laws"]

#: Polynomial laws of at most this degree are left to `find_laws`.
POLYNOMIAL_DEGREE = 2
#: Orders of the Darboux polynomials in which relations are sought, so that short ones are met.
_MOST_ORDERS = 24
#: The rational part of a law has numerators of at most so many monomials for each denominator.
_MOST_MONOMIALS = 120
#: Products of powers of a larger degree than this are written as sums of logarithms.
_MOST_DEGREE = 60


@dataclass(frozen=True)
class DarbouxLaw:
    """A law, its kind (`rational`, `time` or `logarithmic`), and the condition on the parameters under which it is real."""

    expression: Expression
    kind: str
    condition: str = ""


def darboux_laws(flow: Flow, polynomials: Sequence[DarbouxPolynomial], degree: int, budget: Budget) -> list[DarbouxLaw]:
    """The laws, each verified exactly: rational ones (polynomial ones of degree 3 and more among them), those with time, then
    those with logarithms and a rational function, with a numerator of at most this degree over 1 or one of the polynomials.

    None of them is a combination, in the sense of the sums above, of earlier ones and of polynomial laws of that degree.
    """
    maker = _Maker(timed(flow), polynomials, budget)
    maker.products()
    pairs = [pair for d in polynomials if (pair := pair_of(d.polynomial))]
    if any(len(pair.signs) > 1 for pair in pairs):
        for sign in (-1, 1):
            conditions = [c for pair in pairs if (c := pair.condition(sign))]
            maker.sums(degree, pairs, sign, "; ".join(dict.fromkeys(conditions)))
    else:
        maker.sums(degree, pairs, 0, "")
    return list({str(law.expression): law for law in maker.laws}.values())


class _Maker:
    """Laws as combinations of `logs`, time and further functions."""

    def __init__(self, flow: Flow, polynomials: Sequence[DarbouxPolynomial], budget: Budget) -> None:
        self.flow, self.budget = flow, budget
        self.tower = Tower(flow)
        self.bases = [self.tower.element(d.polynomial.into(flow.ring)) for d in polynomials]
        self.logs = [self.tower.log(base) for base in self.bases]
        self.time = self._time()
        self.laws: list[DarbouxLaw] = []

    def _time(self) -> Quotient | None:
        clock = self.flow.ring.clock
        if isinstance(clock, Exponential):
            return None  # exp(rate*t) is one of the Darboux polynomials
        if isinstance(clock, RootOfTime) and clock.root == 1 and self.flow.ring.clock_index is not None:
            return Quotient(self.tower.ring.monomial(((self.tower.ring.clock_index or 0, 1),)), self.tower.ring.constant(1))
        return None

    # -- products of powers -----------------------------------------------------------------------
    def products(self) -> None:
        """Laws prod h_i^a_i and prod h_i^a_i exp(c t), with as few factors as can be."""
        elements = [*self.logs, *([self.time] if self.time else [])]
        if not self.logs:
            return
        found: dict[tuple[tuple[int, str], ...], dict[int, Polynomial]] = {}
        for order in _orders(len(elements)):
            self.budget.check("products of Darboux polynomials")
            for relation in null_combinations(self.tower, [elements[i] for i in order], self.budget):
                moved = {order[i]: c for i, c in relation.items()}
                moved = _positive(moved)
                found[tuple((i, str(c)) for i, c in moved.items())] = moved
        span = Echelon()
        last = len(self.logs)
        for key in sorted(found, key=lambda key: (any(i == last for i, _ in key), len(key), [i for i, _ in key], key)):
            relation = found[key]
            if span.add(relation):
                self._keep(relation, elements, "time" if last in relation else "rational", product=True)

    def _keep(
        self, relation: dict[int, Polynomial], elements: Sequence[Quotient], kind: str, *, product: bool = False, condition: str = ""
    ) -> None:
        """Record the law of a relation, as a product of powers if so wanted and possible, else as a sum."""
        value = self._product(relation) if product else None
        if value is None:
            value = self.tower.constant(0)
            for i, c in relation.items():
                value = self.tower.plus(value, self.tower.times(Quotient(c, self.tower.ring.constant(1)), elements[i]))
            kind = "time" if kind == "time" else "logarithmic"
        expression = Expression.of(self.tower, value, primitive=True)
        if not is_law(self.tower, expression.value, self.budget):
            raise VerificationError("law", str(expression), "derivative 0 along every field", "please report this model")
        known = kind != "time" and expression.polynomial is not None and expression.polynomial.degree <= POLYNOMIAL_DEGREE
        if not known:
            self.laws.append(DarbouxLaw(expression, kind, condition))

    def _product(self, relation: dict[int, Polynomial]) -> Quotient | None:
        """The product of powers, when the exponents are small integers up to one common factor; else None."""
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
        if sum(abs(power) // common * self.bases[i].above.degree for i, power in exponents.items()) > _MOST_DEGREE:
            return None
        value = self.tower.constant(1)
        for i, power in exponents.items():
            base = self.bases[i] if power > 0 else self.tower.inverse(self.bases[i])
            for _ in range(abs(power) // common):
                value = self.tower.times(value, base)
        rate = relation.get(len(self.logs))
        if rate is None:
            return value
        assert self.time is not None
        whole = Quotient(rate * self.time.above, unit * common)
        return self.tower.times(value, self.tower.exp(whole))

    # -- sums with logarithms ---------------------------------------------------------------------
    def sums(self, degree: int, pairs: Sequence[Pair], sign: int, condition: str) -> None:
        """Laws sum a_i log h_i + sum b_j A_j + c t + g, those that are not sums of products already found."""
        tower = self.tower
        angles = [pair.element(tower, sign or pair.signs[0]) for pair in pairs]
        head = [*self.logs, *angles, *([self.time] if self.time else [])]
        tail = self._rational_functions(degree)
        elements = [*head, *tail]
        products = len(self.logs) + len(angles)
        for relation in null_combinations(tower, elements, self.budget):
            last = max(relation)
            if len(self.logs) > last or (last == products and self.time and not any(len(self.logs) <= i < products for i in relation)):
                continue  # a product of powers, found before
            kind = "time" if self.time and products in relation else "logarithmic"
            self._keep(_positive(relation), elements, kind, condition=condition)

    def _rational_functions(self, degree: int) -> list[Quotient]:
        """Monomials, without those that end a polynomial law, and monomials over a Darboux polynomial."""
        ring, tower = self.flow.ring, self.tower
        monomials = [m for m in monomials_up_to(range(len(ring.variables)), degree) if m]
        if len(monomials) > _MOST_MONOMIALS:
            monomials = [m for m in monomials_up_to(range(len(ring.variables)), 1) if m]
        plain = [tower.element(ring.monomial(m)) for m in monomials]
        ends = {max(relation) for relation in null_combinations(tower, plain, self.budget)}
        kept = [e for i, e in enumerate(plain) if i not in ends]
        for base in self.bases:
            if len(monomials) * len(self.bases) <= _MOST_MONOMIALS and base.above.degree in (1, 2):
                # of numerators modulo the base: no multiples of its leading monomial (by degree, then inverse lex)
                states = list(split_parameters(Polynomial(tower.ring, dict(base.above.sorted_terms()))))
                lead = [m for m in states if degree_of(m) == base.above.degree][-1]
                over = [e for e in (tower.constant(1), *plain) if not _divides(lead, e.above.leading[0])]
                kept += [tower.times(e, tower.inverse(base)) for e in over]
        return kept


def _divides(divisor: Monomial, monomial: Monomial) -> bool:
    powers = dict(monomial)
    return all(powers.get(g, 0) >= p for g, p in divisor)


def _orders(count: int) -> list[list[int]]:
    """The identity, its rotations, and their reverses."""
    rotations = [[(i + shift) % count for i in range(count)] for shift in range(count)]
    return [*rotations, *(order[::-1] for order in rotations)][:_MOST_ORDERS]


def _positive(relation: dict[int, Polynomial]) -> dict[int, Polynomial]:
    """The relation by ascending position, with the sign that makes its first coefficient positive."""
    ordered = dict(sorted(relation.items()))
    first = next(iter(ordered.values()))
    return ordered if first.leading[1] > 0 else {i: -c for i, c in ordered.items()}
