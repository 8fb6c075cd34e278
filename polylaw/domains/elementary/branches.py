"""What a law does where a trajectory passes from one piece of its domain to the next; single valued forms.

Let p be irreducible and change its sign along a trajectory when nothing else in the law is singular.

    c*atan(a/b) + r, c a constant of the flow, p in b to an odd power: a/b goes to infinity with one sign and
        comes back with the other, so the law jumps by pi*c*s, s the sign of a times the derivative of b; for
        an even power it does not jump
    |a|, p in a to an odd power: a law that is odd in |a| is +-F with F free of it, so its value changes its
        sign
    c*log |p| + r, c a constant that is not 0: log |p| = (law - r)/c stays bounded as long as r does, so no
        trajectory gets to p = 0 there; a logarithm diverges and does not jump

Single valued: atan2(a, b) has the differential (b da - a db)/(a^2 + b^2) of atan(a/b) and is defined up to
2*pi where a and b are not both 0.  So with c*atan(a/b) + r also cos and sin of atan2(a, b) + r/c are
conserved, and these are single valued.  With rho = sqrt(a^2 + b^2), cos(atan2) = b/rho and sin(atan2) =
a/rho; that X(b/rho) = -(a/rho) X atan(a/b) and X(a/rho) = (b/rho) X atan(a/b) is verified for every field
when the form is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.factor import factors
from polylaw.algebra.functions import Absolute, Atan
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.printing import signed_sum
from polylaw.algebra.rationals import rational_text
from polylaw.budget import Budget
from polylaw.domains.elementary.balls import own_generators
from polylaw.domains.elementary.derivation import Derivation, is_constant_along
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.inequations import Inequation, borders_of, inequations_of, needs_of
from polylaw.domains.elementary.numbers import by_power, put
from polylaw.domains.elementary.printing import signed_text
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import VerificationError


@dataclass(frozen=True)
class Jump:
    """By how much a law changes where p changes its sign: by pi*`half_turns` up or down, `half_turns` 0 for
    not at all; None if instead the value changes its sign."""

    half_turns: Expression | None

    def __str__(self) -> str:
        if self.half_turns is None:
            return "a change of sign"
        number = self.half_turns.numerator.constant_value if self.half_turns.denominator == 1 else None
        if number is None:
            return f"{self.half_turns} times pi"
        return "0" if number == 0 else "pi" if number == 1 else f"{rational_text(number)}*pi"


@dataclass(frozen=True)
class SingleValued:
    """Conserved, single valued under the inequations: cos and sin of atan2(`above`, `below`) + `rest`."""

    above: Expression
    below: Expression
    rest: Expression
    inequations: tuple[Inequation, ...]

    @property
    def laws(self) -> tuple[Expression, Expression]:
        """cos and sin of atan2(`above`, `below`) + `rest`, written with cos and sin of the rest."""
        tower = self.above.tower
        a, b = self.above.numerator, self.below.numerator
        cosine, sine = tower.cosine_and_sine(self.rest.value)
        over_rho = tower.inverse(tower.root(Quotient.whole(tower.reduced(a * a + b * b)), 2))

        def turned(c: Polynomial, s: Polynomial) -> Expression:
            total = Quotient.whole(c) * cosine + Quotient.whole(s) * sine
            return Expression.of(tower, total * over_rho)

        return turned(b, -a), turned(a, b)

    def __str__(self) -> str:
        angle = f"atan2({self.above}, {self.below})"
        rest = [signed_text(self.rest.tower, self.rest.value)] if self.rest else []
        return signed_sum([(False, angle), *rest])


def jump_at(tower: Tower, value: Quotient, p: Polynomial, budget: Budget) -> Jump | None:
    """What the law `value` does where p changes its sign; None if the rules do not say."""
    singular = _singular(tower, value, [p], budget)
    if len(singular) != 1:
        return None
    [position] = singular
    function = tower.functions[position]
    if isinstance(function, Atan):
        split = _angle_and_rest(tower, value, position, budget)
        if split is None or p in borders_of(inequations_of(tower, budget.check, *split)):
            return None
        odd = dict(factors(function.argument.below)[1])[p] % 2
        return Jump(Expression.of(tower, split[0] if odd else tower.constant(0)).unsigned)
    odd = isinstance(function, Absolute) and dict(factors(function.argument.above)[1]).get(p, 0) % 2
    return Jump(None) if odd and _is_odd(tower, value, position, p, budget) else None


def single_valued(
    tower: Tower, value: Quotient, passed: Sequence[Polynomial], budget: Budget
) -> SingleValued | None:
    """The form of a law that has no jump at the zeros of `passed`, if one arc tangent makes all of them."""
    singular = _singular(tower, value, passed, budget)
    angle = next((i for i in singular if isinstance(tower.functions[i], Atan)), None)
    split = None if angle is None else _angle_and_rest(tower, value, angle, budget)
    if angle is None or split is None:
        return None
    rest = tower.normal(split[1] / split[0])
    a, b = tower.functions[angle].argument
    parts = rest, Quotient(a, tower.reduced(a * a + b * b)), Quotient.whole(b)
    inequations = inequations_of(tower, budget.check, *parts)
    if set(passed) & set(borders_of(inequations)):  # another function has jumps too
        return None
    _verify_differential(tower, angle, budget)
    above, below = (Expression.of(tower, Quotient.whole(part)) for part in (a, b))
    return SingleValued(above, below, Expression.of(tower, rest), inequations)


def _singular(tower: Tower, value: Quotient, borders: Sequence[Polynomial], budget: Budget) -> list[int]:
    """The positions of the functions that are not defined at zeros of one of the polynomials."""
    own = ((i, borders_of(needs_of(tower, i, budget.check))) for i in tower.used(*value))
    return [i for i, bounds in own if not set(bounds).isdisjoint(borders)]


def _angle_and_rest(
    tower: Tower, value: Quotient, position: int, budget: Budget
) -> tuple[Quotient, Quotient] | None:
    """(c, r) for value = c*w + r, w the function at this position, c constant along the flow; w may be left
    in other functions of c and r, which are then singular where it is."""
    w = tower.first + position
    parts = by_power(value.above, w)
    if not {1} <= set(parts) <= {0, 1} or w in value.below.support:
        return None
    factor = tower.normal(Quotient(parts[1], value.below))
    rest = Quotient(parts.get(0, tower.ring.constant(0)), value.below)
    still = set(own_generators(tower, factor)) <= set(tower.ring.parameter_indices)
    if still or all(is_constant_along(tower, field, factor, budget) for _, field in fields_of(tower)):
        return factor, rest
    return None


def _is_odd(tower: Tower, value: Quotient, position: int, p: Polynomial, budget: Budget) -> bool:
    """Whether the value with +-a for |a| is +-F, F defined where p is 0."""
    a, w = tower.functions[position].argument, tower.first + position
    if a.below != 1 or w in value.below.support:
        return False
    images = (Quotient(put(value.above, {w: r}), value.below) for r in (a.above, -a.above))
    positive, negative = map(tower.normal, images)
    regular = p not in borders_of(inequations_of(tower, budget.check, positive))
    return regular and not tower.normal(positive + negative).above


def _verify_differential(tower: Tower, position: int, budget: Budget) -> None:
    """That b/rho and a/rho turn with the speed of atan(a/b) along every field; raises `VerificationError`."""
    a, b = tower.functions[position].argument
    angle = Quotient.whole(tower.generator(position))
    rho = tower.root(Quotient.whole(tower.reduced(a * a + b * b)), 2)
    cosine, sine = (Quotient.whole(q) / rho for q in (b, a))
    positions = tower.used(*angle, *cosine, *sine)
    for name, field in fields_of(tower):
        along = Derivation(tower, field, positions, budget).of
        turn = along(angle)
        for change in (along(cosine) + sine * turn, along(sine) - cosine * turn):
            if not tower.is_zero(change.above):
                found, hint = f"atan2 along {name}", "please report this law"
                raise VerificationError("angle", found, "the differential of atan", hint)
