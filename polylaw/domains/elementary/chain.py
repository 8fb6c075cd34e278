"""Values of elements of a tower, and of their derivatives by the chain rule, from those of its generators."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient
from polylaw.domains.elementary.tower import Tower

#: Values, or derivatives, of generators.
At = Mapping[int, Any]


class ChainRule(ABC):
    """Over any field: its operations are those below."""

    tower: Tower

    @abstractmethod
    def number(self, c: Coefficient) -> Any:
        """A rational number."""

    def power(self, base: Any, exponent: int) -> Any:
        """A positive power."""
        return base**exponent

    def ratio(self, above: Any, below: Any) -> Any:
        """A quotient."""
        return above / below

    def reduced(self, value: Any) -> Any:
        """The value after a sum or product, in normal form."""
        return value

    def polynomial(self, p: Polynomial, at: At) -> Any:
        """The value of a polynomial; generators without a value are 0."""
        total = zero = self.number(0)
        for monomial, c in p:
            term = self.number(c)
            for g, power in monomial:
                term = self.reduced(self.power(at.get(g, zero), power) * term)
            total = self.reduced(term + total)
        return total

    def quotient(self, value: Quotient, at: At) -> Any:
        """The value of an element."""
        above = self.polynomial(value.above, at)
        return above if value.below == 1 else self.ratio(above, self.polynomial(value.below, at))

    def derivative(self, value: Quotient, at: At, slopes: At) -> Any:
        """The derivative of an element, from those of the generators that move."""
        along = self._along(value.above, at, slopes)
        if value.below == 1:
            return along
        above, below = (self.polynomial(p, at) for p in value)
        change = along * below - self.reduced(above * self._along(value.below, at, slopes))
        return self.ratio(self.reduced(change), self.reduced(below * below))

    def slopes(self, at: At, own: At, positions: Iterable[int]) -> dict[int, Any]:
        """The derivatives of the functions at these positions beside those of the flow's own generators."""
        tower, slopes = self.tower, dict(own)
        for position in positions:
            rule, argument = tower.slope(position), tower.functions[position].argument
            change = self.polynomial(rule.above, at) * self.derivative(argument, at, slopes)
            slopes[tower.first + position] = self.ratio(self.reduced(change), self.polynomial(rule.below, at))
        return slopes

    def _along(self, p: Polynomial, at: At, slopes: At) -> Any:
        total = self.number(0)
        for g, part in p.gradient().items():
            if g in slopes:
                total = self.reduced(self.polynomial(part, at) * slopes[g] + total)
        return total
