"""One law that is not a polynomial, as a value with one canonical text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial
from polylaw.domains.elementary.evaluation import evaluated, occurring
from polylaw.domains.elementary.flow import are_equal
from polylaw.domains.elementary.printing import expression_text, signed_text
from polylaw.domains.elementary.tower import Tower


@dataclass(frozen=True, eq=False)
class Expression:
    """numerator / denominator in lowest terms over the ring of a tower.

    Two are equal if they are over rings of the same variables, parameters and clock, and differ by 0 when
    both are brought into one tower over that ring: then they are the same function wherever both are defined.
    That rests on the normal forms alone (`polylaw.domains.elementary.tower`), not on the flows: functions
    that depend on each other in a way these do not see are told apart.  No part of a normal form is the same
    in all towers, so the hash is that of the ring.

    The text (`str`) parses back (`polylaw.domains.elementary.parse`): `log(x) - log(y)`, `x3*y3/z1^3`,
    `exp(2*g*t)*(v^2 + x^2)`.
    """

    tower: Tower
    value: Quotient

    @staticmethod
    def of(tower: Tower, value: Quotient, *, primitive: bool = False) -> Expression:
        """The expression in lowest terms; if `primitive`, times the positive or negative number that makes
        the coefficients of the numerator coprime integers and the sign of what is printed first a plus."""
        lowest = tower.normal(value)
        if not primitive:
            return Expression(tower, lowest)
        return Expression(tower, Quotient(lowest.above.primitive(), lowest.below)).unsigned

    @property
    def negative(self) -> bool:
        """Whether what is printed first has a minus sign."""
        return signed_text(self.tower, self.value)[0]

    @property
    def unsigned(self) -> Expression:
        """This or its opposite, whichever is printed without a minus sign in front."""
        return Expression(self.tower, -self.value) if self.negative else self

    @property
    def numerator(self) -> Polynomial:
        """What stands above the bar."""
        return self.value.above

    @property
    def denominator(self) -> Polynomial:
        """What stands below the bar; primitive."""
        return self.value.below

    @cached_property
    def polynomial(self) -> Polynomial | None:
        """The same as a polynomial of the flow's ring, if it is one."""
        if self.denominator != 1 or self.functions:
            return None
        return self.numerator.into(self.tower.flow.ring)

    @cached_property
    def functions(self) -> tuple[int, ...]:
        """Positions in the tower of the functions that occur, also inside others, ascending."""
        return tuple(self.tower.used(self.numerator, self.denominator))

    def __bool__(self) -> bool:
        """Whether its normal form is not 0."""
        return bool(self.numerator)

    def __call__(self, point: Any, *, rest: Any = None) -> Any:
        """The value at a point, or at many, written as for a polynomial: `law({"x": 2, "y": 3})`,
        `law(states)`; time is `t`.  See `polylaw.domains.elementary.evaluation`.  Raises `InputError`,
        `UnknownNameError`."""
        return evaluated(self.tower, self.value, point, rest)

    @cached_property
    def occurring(self) -> tuple[int, ...]:
        """The generators of the flow's ring that occur, functions looked through, ascending."""
        return tuple(occurring(self.tower, self.value))

    @cached_property
    def _text(self) -> str:
        return expression_text(self.tower, self.value)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Expression({self._text!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        if self.tower is other.tower:
            return self.tower.is_zero((self.value - other.value).above)
        if self.tower.flow.ring != other.tower.flow.ring:
            return False
        pairs = ((e.tower, e.value) for e in (self, other))
        return are_equal(self.tower.flow.ring, *pairs)

    def __hash__(self) -> int:
        return hash(self.tower.flow.ring)
