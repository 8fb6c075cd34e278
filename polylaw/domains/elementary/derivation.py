"""The derivative of elementary functions along a field, exactly: over a common denominator, or in parts.

Whether it is 0 is seen sooner in its parts with different products of roots.  Each part has a small
denominator of its own, where the whole has the product of all: for three bodies, with three distances, that
is the difference between a second and half a minute.  When all parts are 0 so is their sum; the converse is
not claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction
from polylaw.budget import Budget
from polylaw.domains.elementary.flow import AnyField
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError
from polylaw.flows.distribution import Field

#: By products of algebraic generators: the quotients that stand beside them; those that are 0 are left out.
_Parts = dict[Monomial, RationalFunction]

_FUNCTIONS = "derivatives of functions"


class Derivation:
    """`scale` times the derivative along `field` of the functions of a tower at these positions (closed under
    arguments).  `field` is one of the tower's flow, or the derivatives of the flow's own generators as
    elements of the tower. `scale` is a nonzero polynomial, the common denominator of the derivatives of the
    functions; `images[g]` is scale times the derivative of generator g, a polynomial."""

    def __init__(self, tower: Tower, field: AnyField, positions: Sequence[int], budget: Budget) -> None:
        self.tower, self.budget = tower, budget
        components = components_of(tower, field)
        images, self.scale = numerators(tower, list(components.values()))
        self.images = {g: image for g, image in zip(components, images, strict=True) if image}
        for position in positions:
            self._include(position)

    def __call__(self, value: Polynomial) -> Polynomial:
        """scale * X value, for a polynomial in generators and functions."""
        parts = [slope * self.images[g] for g, slope in value.gradient().items() if g in self.images]
        return Polynomial.sum(self.tower.ring, parts)

    def of(self, value: Quotient) -> Quotient:
        """X value, not in lowest terms."""
        above, below = value
        if below == 1:
            return Quotient(self(above), self.scale)
        return Quotient(self(above) * below - above * self(below), self.scale * below * below)

    def _include(self, position: int) -> None:
        self.budget.check(_FUNCTIONS)
        slope = self._slope(position)
        if not slope.numerator:
            return
        # powers of roots reduced: 1/r^2 becomes 1/(x^2 + y^2)
        slope = RationalFunction(*map(self.tower.reduced, (slope.numerator, slope.denominator)))
        # a new common denominator: everything known so far is multiplied by what it lacks
        self.budget.check(_FUNCTIONS)
        common = slope.denominator.gcd(self.scale)
        more = slope.denominator.divide_exactly(common)
        if more != 1:
            self._bound(more)
            self.images = {g: p * more for g, p in self.images.items()}
            self.scale = self.scale * more
        image = slope.numerator * self.scale.divide_exactly(slope.denominator)
        self.images[self.tower.first + position] = image

    def _bound(self, more: Polynomial) -> None:
        """Refuse a common denominator that would be too long."""
        size = sum(len(p.terms) for p in (self.scale, *self.images.values()))
        if len(more.terms) * size > self.budget.max_products:
            found, hint = f"{self.budget.max_products}", "use fewer functions at a time"
            raise BudgetError("max_products", found, "a shorter common denominator of the functions", hint)

    def _slope(self, position: int) -> RationalFunction:
        """The derivative of one function by its rule, in lowest terms."""
        rule, (above, below) = self.tower.slope(position), self.tower.functions[position].argument
        change = self(above) * below - above * self(below)  # scale * below^2 * (derivative of the argument)
        self.budget.check(_FUNCTIONS)
        common = rule.below * self.scale * below * below
        self.budget.check(_FUNCTIONS)
        return RationalFunction(rule.above * change, common)


def components_of(tower: Tower, field: AnyField) -> dict[int, Quotient]:
    """A field of the tower's flow as the derivatives of the flow's own generators in the tower's ring."""
    if not isinstance(field, Field):
        return dict(field)
    return {tower.from_flow(g): tower.element(p) for g, p in field.components.items()}


def numerators(tower: Tower, values: Sequence[Quotient]) -> tuple[list[Polynomial], Polynomial]:
    """The values times their least common denominator, and that."""
    common = tower.ring.constant(1)
    for value in values:
        if value.below != 1:
            common = common.lcm(value.below)
    lacking = (common if below == 1 else common.divide_exactly(below) for _, below in values)
    return [above * more for (above, _), more in zip(values, lacking, strict=True)], common


def is_constant_along(tower: Tower, field: AnyField, value: Quotient, budget: Budget) -> bool:
    """Whether the derivative of an element along a field is 0."""
    return tower.is_zero(Derivation(tower, field, tower.used(*value), budget).of(value).above)


def vanishes(tower: Tower, field: AnyField, value: Quotient, budget: Budget) -> bool:
    """Whether all parts of X value are 0.  True proves that the field annihilates the value; False says
    nothing.  Raises `BudgetError` when the time is over."""
    return not _Rates(tower, field, tower.used(*value), budget).of(value)


class _Rates:
    """The derivatives along a field of the tower's own generators and of the functions at these positions."""

    def __init__(self, tower: Tower, field: AnyField, positions: Sequence[int], budget: Budget) -> None:
        self.tower, self.budget = tower, budget
        own = components_of(tower, field).items()
        self.rates: dict[int, _Parts] = {g: self._parts([c]) for g, c in own if c.above}
        for position in positions:
            rule, change = tower.slope(position), self.of(tower.functions[position].argument)
            if rate := self._parts(rule * part for part in _quotients(tower, change)):
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
        for value in map(self.tower.normal, values):
            algebraic = {g for g in value.above.support if (f := self.tower.function(g)) and f.order}
            for roots, part in value.above.coefficients(algebraic).items():
                found.setdefault(roots, []).append(Quotient(part, value.below))
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


def _quotients(tower: Tower, parts: _Parts) -> list[Quotient]:
    """The parts with their products of algebraic generators."""
    pairs = ((tower.ring.monomial(roots), part) for roots, part in parts.items())
    return [Quotient(part.numerator * product, part.denominator) for product, part in pairs]
