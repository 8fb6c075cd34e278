"""Arithmetic for foreign input: quotients of polynomials, with bounds checked *before* each expensive step.

Text (`polylaw.algebra.parse`) and sympy trees (`polylaw.algebra.sympy_bridge`) are read through one
`BoundedArithmetic` per expression.  Degree, number of terms, size of numbers and total work are bounded, so a
short hostile expression costs an error and not an hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property, reduce
from math import comb, lcm
from typing import NamedTuple, NoReturn

from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import TIME, Exponential, Ring, RootOfTime
from polylaw.algebra.terms import degree_of
from polylaw.errors import InputError, UnknownNameError

MAX_DEGREE = 1_000
MAX_TERMS = 200_000
#: A number within these has at most `polylaw.syntax.tokens.MAX_DIGITS` digits, so that it reads back.
_MAX_BITS = 13_000
#: Coefficient operations beyond those that the length of the input pays for; about half a second.
_MAX_WORK = 200_000


class Quotient(NamedTuple):
    """above / below, not necessarily in lowest terms; a constant `below` is 1."""

    above: Polynomial
    below: Polynomial

    @staticmethod
    def whole(polynomial: Polynomial) -> Quotient:
        """A polynomial over 1."""
        return Quotient(polynomial, polynomial.ring.constant(1))

    def __neg__(self) -> Quotient:
        return Quotient(-self.above, self.below)

    def __add__(self, other: Quotient | Coefficient) -> Quotient:  # type: ignore[override]
        if not isinstance(other, Quotient):
            return Quotient(self.above + self.below * other, self.below)
        if self.below == other.below:
            return Quotient(self.above + other.above, self.below)
        return Quotient(self.above * other.below + other.above * self.below, self.below * other.below)

    def __sub__(self, other: Quotient | Coefficient) -> Quotient:
        return self + -other

    def __mul__(self, other: Quotient | Polynomial | Coefficient) -> Quotient:  # type: ignore[override]
        if isinstance(other, Quotient):
            return Quotient(self.above * other.above, self.below * other.below)
        return Quotient(self.above * other, self.below)

    def __rmul__(self, other: Coefficient) -> Quotient:  # type: ignore[override]
        return self * other

    def __truediv__(self, other: Quotient) -> Quotient:
        return Quotient(self.above * other.below, self.below * other.above)

    def __pow__(self, exponent: int) -> Quotient:
        if exponent < 0:
            return Quotient(self.below**-exponent, self.above**-exponent)
        return Quotient(self.above**exponent, self.below**exponent)


class BoundedArithmetic:
    """Sums, products, quotients and powers over `ring` on a budget of work.

    Every method raises `error` (naming `argument`) for a value out of bounds and for division by zero.
    """

    def __init__(
        self,
        ring: Ring,
        argument: str,
        error: type[InputError],
        values: Mapping[str, Coefficient] | None = None,
    ) -> None:
        self.ring, self.argument, self.error, self.values = ring, argument, error, values or {}
        self.one = ring.constant(1)
        self._work = 0

    # -- leaves -----------------------------------------------------------------------------------
    def constant(self, value: Coefficient) -> Quotient:
        """A rational number."""
        self._bound(_size(value), _MAX_BITS, "bits in a number")
        return Quotient(self.ring.constant(value), self.one)

    def named(self, name: str) -> Quotient:
        """The generator called `name`, its value, or time; `UnknownNameError` tells the nearest known one."""
        if name in self.values:
            return self.constant(self.values[name])
        if name == TIME and self.ring.clock is not None:
            return self.clock_power(self.time_steps(Fraction(1)))
        try:
            return Quotient(self.ring.generator(name), self.one)
        except UnknownNameError as error:
            raise error.within(self.argument) from None

    # -- the clock --------------------------------------------------------------------------------
    def clock_power(self, power: int) -> Quotient:
        """The clock to a power >= 0."""
        clock = self.ring.clock
        assert clock is not None
        if power < 0:
            self._refuse(clock.text(power), f"a nonnegative power of {clock.text(1)}")
        self._bound(power, MAX_DEGREE, "degree")
        monomial = ((len(self.ring.variables), power),) if power else ()
        return Quotient(self.ring.monomial(monomial), self.one)

    def time_steps(self, exponent: Fraction) -> int:
        """The k, of either sign, for which t^exponent is the k-th power of the clock."""
        clock = self.ring.clock
        if isinstance(clock, Exponential):
            self._refuse(TIME, f"time as {clock.text(1)}", "in this flow t stands only there")
        assert isinstance(clock, RootOfTime)
        steps = exponent * clock.root
        if steps.denominator != 1:
            self._refuse(f"{TIME}^({exponent})", f"a power of {clock.text(1)}")
        return steps.numerator

    @cached_property
    def exponents(self) -> BoundedArithmetic:
        """Arithmetic for what stands inside exp(...): parameters and time."""
        if not isinstance(self.ring.clock, Exponential):
            self._refuse("exp(...)", "an expression without exp", "this flow has no exponential clock")
        return BoundedArithmetic(Ring((*self.ring.parameters, TIME)), self.argument, self.error)

    def exponential_steps(self, exponent: Quotient) -> int:
        """The k, of either sign, for which exp(exponent) is the k-th power of the clock exp(rate*t)."""
        clock = self.ring.clock
        assert isinstance(clock, Exponential)
        inside = exponent.above.ring
        unit = clock.rate.into(inside) * inside.generator(TIME)
        monomial, scale = unit.leading
        ratio = Fraction(exponent.above.terms.get(monomial, 0)) / scale
        if exponent.below != 1 or ratio.denominator != 1 or exponent.above != unit * ratio:
            found = f"exp({exponent.above})" if exponent.below == 1 else "exp(...)"
            self._refuse(found, f"a power of {clock.text(1)}", "write exp(k*rate*t) with an integer k")
        return ratio.numerator

    # -- operations -------------------------------------------------------------------------------
    def sum(self, summands: Iterable[Quotient]) -> Quotient:
        """The sum of one or more quotients; those over one denominator are added first, in linear time."""
        numerators: dict[Polynomial, list[Polynomial]] = {}
        for above, below in summands:
            numerators.setdefault(below, []).append(above)
        return reduce(self._add, [Quotient(self._total(parts), below) for below, parts in numerators.items()])

    def multiply(self, left: Quotient, right: Quotient) -> Quotient:
        """left * right."""
        return self._quotient(self._times(left.above, right.above), self._times(left.below, right.below))

    def inverse(self, value: Quotient) -> Quotient:
        """1 / value."""
        return self._quotient(value.below, value.above)

    def power(self, base: Quotient, exponent: int) -> Quotient:
        """base ^ exponent; 0^0 is 1."""
        if exponent < 0:
            return self.power(self.inverse(base), -exponent)
        return Quotient(self._power(base.above, exponent), self._power(base.below, exponent))

    def lowest(self, value: Quotient) -> RationalFunction:
        """The value in lowest terms, such that its primitive multiples are within reach too."""
        above, below = value
        for part in value:
            self._common_denominator(part)
        if len(below.terms) > 1:
            size = _bits(above) + _bits(below)
            # the cost of a gcd: all terms, and the dense images in one or two generators that give it
            degree = max(_degree(above), _degree(below)) if len(above.terms) > 1 else 0
            images = degree ** min(2, len(below.support))
            self._spend(len(above.terms) + len(below.terms) + images, size)
        return RationalFunction(above, below)

    # -- steps and their bounds -------------------------------------------------------------------
    def _refuse(self, found: object, expected: str, hint: str = "") -> NoReturn:
        raise self.error(self.argument, found, expected, hint)

    def _bound(self, found: int, most: int, what: str) -> None:
        if found > most:
            self._refuse(f"{found} {what}", f"at most {most}", "expand less or simplify the expression")

    def _spend(self, terms: int, bits: int) -> None:
        self._work += terms * (1 + bits // 256)
        self._bound(self._work, _MAX_WORK, "coefficient operations")

    def _quotient(self, above: Polynomial, below: Polynomial) -> Quotient:
        value = below.constant_value
        if value is None or value == 1:
            return Quotient(above, below)
        if value == 0:
            self._refuse("division by zero", "a nonzero denominator")
        return Quotient(self._times(above, self.ring.constant(Fraction(1) / value)), self.one)

    def _add(self, left: Quotient, right: Quotient) -> Quotient:
        a, b = self._times(left.above, right.below), self._times(right.above, left.below)
        return Quotient(self._total([a, b]), self._times(left.below, right.below))

    def _total(self, summands: list[Polynomial]) -> Polynomial:
        if len(summands) == 1:
            return summands[0]
        terms: dict[Monomial, Coefficient] = {}
        for summand in summands:
            if len(summand.terms) > 1:
                self._spend(len(summand.terms), _bits(summand))
            for monomial, c in summand:
                total = terms.get(monomial, 0) + c
                # a sum of integers grows slowly, one of fractions with every summand
                if total.denominator != 1:
                    self._bound(_size(total), _MAX_BITS, "bits in a number")
                terms[monomial] = total
        return Polynomial(self.ring, terms)

    def _times(self, left: Polynomial, right: Polynomial) -> Polynomial:
        if left is self.one or right is self.one:
            return right if left is self.one else left
        pairs = len(left.terms) * len(right.terms)
        if pairs:
            self._bound(_degree(left) + _degree(right), MAX_DEGREE, "degree")
            self._bound(pairs, MAX_TERMS, "terms")
            bits = _bits(left) + _bits(right)
            self._bound(bits, _MAX_BITS, "bits in a number")
            if pairs > 1:  # products of single terms are paid for by the length of the input
                self._spend(pairs, bits)
        return left * right

    def _power(self, base: Polynomial, exponent: int) -> Polynomial:
        if base is self.one:
            return base
        self._bound(max(1, _degree(base)) * exponent, MAX_DEGREE, "degree")
        count = len(base.terms)
        # multinomial coefficients are at most count^exponent
        bits = (_bits(base) + (count - 1).bit_length()) * exponent
        self._bound(bits, _MAX_BITS, "bits in a number")
        if count > 1:
            terms = comb(count + exponent - 1, exponent)
            self._bound(terms, MAX_TERMS, "terms")
            self._spend(terms, bits)
        return base**exponent

    def _common_denominator(self, polynomial: Polynomial) -> None:
        common = 1
        for c in polynomial.terms.values():
            if common % c.denominator:
                common = lcm(common, c.denominator)
                self._bound(common.bit_length(), _MAX_BITS, "bits in the common denominator")


def _degree(polynomial: Polynomial) -> int:
    """Total degree, clock and parameters counted; 0 for zero."""
    return max(map(degree_of, polynomial.terms), default=0)


def _size(c: Coefficient) -> int:
    return c.numerator.bit_length() + c.denominator.bit_length() - 1


def _bits(polynomial: Polynomial) -> int:
    return max(map(_size, polynomial.terms.values()), default=0)
