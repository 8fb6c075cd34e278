"""The derivative of elementary functions along a field, exactly, with the common denominator kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.budget import Budget
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError
from polylaw.flows.distribution import Field


class Derivation:
    """`scale` times the derivative along `field` of the functions of a tower at these positions (closed under
    arguments).

    `field` is one of the tower's flow, or the derivatives of the flow's own generators as elements of the
    tower. `scale` is a nonzero polynomial, the common denominator of the derivatives of the functions;
    `images[g]` is scale times the derivative of generator g, a polynomial.
    """

    def __init__(
        self, tower: Tower, field: Field | Mapping[int, Quotient], positions: Sequence[int], budget: Budget
    ) -> None:
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
        self.budget.check("derivatives of functions")
        slope = self._slope(position)
        if not slope.numerator:
            return
        # powers of roots reduced: 1/r^2 becomes 1/(x^2 + y^2)
        slope = RationalFunction(*map(self.tower.reduced, (slope.numerator, slope.denominator)))
        # a new common denominator: everything known so far is multiplied by what it lacks
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
        tower, function = self.tower, self.tower.functions[position]
        above, below = function.argument
        rule = function.slope(tower.generator(position), tower.partner(position))
        change = self(above) * below - above * self(below)  # scale * below^2 * (derivative of the argument)
        return RationalFunction(rule.above * change, rule.below * self.scale * below * below)


def components_of(tower: Tower, field: Field | Mapping[int, Quotient]) -> dict[int, Quotient]:
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


def is_constant_along(
    tower: Tower, field: Field | Mapping[int, Quotient], value: Quotient, budget: Budget
) -> bool:
    """Whether the derivative of an element along a field is 0."""
    return tower.is_zero(Derivation(tower, field, tower.used(*value), budget).of(value).above)
