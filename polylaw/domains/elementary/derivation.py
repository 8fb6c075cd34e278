"""The derivative of elementary functions along a field, exactly, with the common denominator kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError
from polylaw.flows.distribution import Field

#: Most products of terms in one step towards the common denominator.
_MOST_PRODUCTS = 300_000


class Derivation:
    """`scale` times the derivative along `field` of the functions of a tower at these positions (closed under
    arguments).

    `field` is one of the tower's flow, or the derivatives of the flow's own generators as elements of the
    tower. `scale` is a nonzero polynomial, the common denominator of the derivatives of the functions;
    `images[g]` is scale times the derivative of generator g, a polynomial.
    """

    def __init__(self, tower: Tower, field: Field | Mapping[int, Quotient], positions: Sequence[int]) -> None:
        self.tower, one = tower, tower.ring.constant(1)
        components = components_of(tower, field)
        self.scale = one
        for component in components.values():
            self.scale = self.scale.lcm(component.below)
        self.images = {
            g: c.above * self.scale.divide_exactly(c.below) for g, c in components.items() if c.above
        }
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
        slope = self._slope(position)
        if not slope.numerator:
            return
        slope = self._without_powers_of_roots(slope)
        # a new common denominator: everything known so far is multiplied by what it lacks
        common = slope.denominator.gcd(self.scale)
        more = slope.denominator.divide_exactly(common)
        if more != 1:
            self._bound(more)
            self.images = {g: p * more for g, p in self.images.items()}
            self.scale = self.scale * more
        self.images[self.tower.first + position] = slope.numerator * self.scale.divide_exactly(
            slope.denominator
        )

    def _bound(self, more: Polynomial) -> None:
        """Refuse a common denominator that would be too long."""
        size = sum(len(p.terms) for p in (self.scale, *self.images.values()))
        if len(more.terms) * size > _MOST_PRODUCTS:
            hint = "use fewer functions at a time"
            raise BudgetError(
                "derivative",
                f"{len(self.scale.terms)} terms",
                "a shorter common denominator of the functions",
                hint,
            )

    def _without_powers_of_roots(self, slope: RationalFunction) -> RationalFunction:
        """The slope with powers of roots reduced: 1/r^2 becomes 1/(x^2 + y^2)."""
        return RationalFunction(self.tower.reduced(slope.numerator), self.tower.reduced(slope.denominator))

    def _slope(self, position: int) -> RationalFunction:
        """The derivative of one function by its rule, in lowest terms."""
        tower, function = self.tower, self.tower.functions[position]
        above, below = function.argument
        rule = function.slope(tower.generator(position), tower.partner(position))
        change = self(above) * below - above * self(below)  # scale * below^2 * (derivative of the argument)
        return RationalFunction(rule.above * change, rule.below * self.scale * below * below)


def components_of(tower: Tower, field: Field | Mapping[int, Quotient]) -> dict[int, Quotient]:
    """A field of the tower's flow as the derivatives of the flow's own generators in the ring of the
    tower."""
    if not isinstance(field, Field):
        return dict(field)
    shift = tower.ring.size - tower.flow.ring.size
    return {
        g if g < tower.first else g + shift: Quotient.whole(p.into(tower.ring))
        for g, p in field.components.items()
    }
