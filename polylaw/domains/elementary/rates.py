"""Is the derivative of an element along a field 0?  Its parts with different products of roots are looked at
one by one.

Each part has a small denominator of its own, where the whole has the product of all: for three bodies, with
three distances, that is the difference between a second and minutes.  When all parts are 0 so is their sum;
the converse is not claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction
from polylaw.budget import Budget
from polylaw.domains.elementary.derivation import components_of
from polylaw.domains.elementary.tower import Tower
from polylaw.flows.distribution import Field

#: By products of algebraic generators: the quotients that stand beside them; those that are 0 are left out.
_Parts = dict[Monomial, RationalFunction]


def vanishes(tower: Tower, field: Field | Mapping[int, Quotient], value: Quotient, budget: Budget) -> bool:
    """Whether all parts of X value are 0.  True proves that the field annihilates the value; False says
    nothing.

    Raises `BudgetError` when the time is over.
    """
    return not _Rates(tower, field, tower.used(*value), budget).of(value)


class _Rates:
    """The derivatives along a field of the tower's own generators and of the functions at these positions."""

    def __init__(
        self, tower: Tower, field: Field | Mapping[int, Quotient], positions: Sequence[int], budget: Budget
    ) -> None:
        self.tower, self.budget = tower, budget
        self.rates: dict[int, _Parts] = {
            g: self._parts([c]) for g, c in components_of(tower, field).items() if c.above
        }
        for position in positions:
            function = tower.functions[position]
            rule = function.slope(tower.generator(position), tower.partner(position))
            change = self.of(function.argument)
            rate = self._parts(rule * part for part in _quotients(tower, change))
            if rate:
                self.rates[tower.first + position] = rate

    def of(self, value: Quotient) -> _Parts:
        """X value."""
        return self._parts(self._summands(value))

    def _summands(self, value: Quotient) -> Iterator[Quotient]:
        """The products of a partial derivative of a part of the value and a part of a rate."""
        tower, zero = self.tower, self.tower.ring.constant(0)
        for part in _quotients(tower, self._parts([value])):
            above, below = part.above.gradient(), part.below.gradient()
            for g in sorted((above.keys() | below.keys()) & self.rates.keys()):
                slope = above.get(g, zero) * part.below - part.above * below.get(g, zero)
                partial = tower.normal(Quotient(slope, part.below * part.below))
                for rate in _quotients(tower, self.rates[g]):
                    self.budget.check("the derivative along the field")
                    yield partial * rate

    def _parts(self, values: Iterable[Quotient]) -> _Parts:
        """The sum of the values by products of algebraic generators."""
        found: dict[Monomial, list[Quotient]] = {}
        for value in values:
            for roots, part in _split(self.tower, value):
                found.setdefault(roots, []).append(part)
        sums = {roots: _sum_of(self.tower, parts) for roots, parts in found.items()}
        return {roots: total for roots, total in sums.items() if total.numerator}


def _sum_of(tower: Tower, values: Sequence[Quotient]) -> RationalFunction:
    """The sum of quotients without algebraic generators, in lowest terms."""
    numerators: dict[Polynomial, list[Polynomial]] = {}
    for above, below in values:
        numerators.setdefault(below, []).append(above)
    total = RationalFunction(tower.ring.constant(0), tower.ring.constant(1))
    for below, parts in numerators.items():
        common = total.denominator.gcd(below)
        left, right = below.divide_exactly(common), total.denominator.divide_exactly(common)
        above = total.numerator * left + Polynomial.sum(tower.ring, parts) * right
        total = RationalFunction(above, total.denominator * left)
    return total


def _split(tower: Tower, value: Quotient) -> Iterator[tuple[Monomial, Quotient]]:
    """The parts of a value."""
    value = tower.normal(value)
    algebraic = {g for g in value.above.support if (f := tower.function(g)) and f.order}
    for roots, part in value.above.coefficients(algebraic).items():
        yield roots, Quotient(part, value.below)


def _quotients(tower: Tower, parts: _Parts) -> list[Quotient]:
    """The parts with their products of algebraic generators."""
    pairs = ((tower.ring.monomial(roots), part) for roots, part in parts.items())
    return [Quotient(part.numerator * product, part.denominator) for product, part in pairs]
