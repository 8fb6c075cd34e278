"""The kinds of functions in a tower, a class each: derivative, relation, value at a point, and the domain of
the value.

    Log       w' = a'/a            log |a|, where a is not 0
    Exp       w' = w a'
    Root      w' = w a'/(n a)      the positive n-th root of a > 0; w^n = a
    Atan      w' = a'/(1 + a^2)
    Cosine    w' = -s a'           with its Sine s, another generator
    Sine      w' = c a'            with its Cosine c; w^2 = 1 - c^2
    Absolute  w' = w a'/a          |a|, where a is not 0; w^2 = a^2
    Time      w' = a'/(r a)        log(a)/r, for the clock a = exp(r*t)

Source: Bronstein, Symbolic Integration I (2005), chapters 3 and 5: differential fields and towers of
monomials.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial


@dataclass(frozen=True)
class Function(ABC):
    """A generator w of a tower: a function of `argument`, which is an element in generators before it."""

    argument: Quotient
    #: The name by which it is called in text.
    name: ClassVar[str] = ""
    #: Sine and cosine come as neighbours in a tower: where the other one stands.
    partner: ClassVar[int] = 0

    @abstractmethod
    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """dw/da, as an element; `partner` is the generator of the other one of a pair, or w itself."""

    @property
    def order(self) -> int:
        """The n of a relation w^n = a, 0 if the function is transcendental."""
        return 0

    def power(self, partner: Polynomial) -> Quotient:
        """The value of w^order."""
        one = partner.ring.constant(1)
        return Quotient(one, one)

    @abstractmethod
    def value(self, a: Any) -> Any:
        """The value for an argument, a ball (`flint.arb`); None where it is not defined or not
        differentiable."""


class Log(Function):
    """log |a|."""

    name = "log"

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """1/a."""
        return Quotient(self.argument.below, self.argument.above)

    def value(self, a: Any) -> Any:
        """log |a|."""
        return None if a.contains(0) else abs(a).log()


class Exp(Function):
    """exp(a)."""

    name = "exp"

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """w."""
        return Quotient(w, w.ring.constant(1))

    def value(self, a: Any) -> Any:
        """exp(a)."""
        return a.exp()


@dataclass(frozen=True)
class Root(Function):
    """The positive root of this degree."""

    degree: int = 2

    @property
    def order(self) -> int:
        """The degree."""
        return self.degree

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """w/(n a)."""
        return Quotient(w * self.argument.below, self.argument.above * self.degree)

    def power(self, partner: Polynomial) -> Quotient:
        """a."""
        return self.argument

    def value(self, a: Any) -> Any:
        """The root of a > 0."""
        return a.root(self.degree) if a > 0 else None


class Absolute(Function):
    """|a|."""

    name = "abs"

    @property
    def order(self) -> int:
        """|a|^2 = a^2."""
        return 2

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """w/a, the sign of a."""
        return Quotient(w * self.argument.below, self.argument.above)

    def power(self, partner: Polynomial) -> Quotient:
        """a^2."""
        return Quotient(self.argument.above**2, self.argument.below**2)

    def value(self, a: Any) -> Any:
        """|a|."""
        return None if a.contains(0) else abs(a)


class Atan(Function):
    """atan(a)."""

    name = "atan"

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """1/(1 + a^2)."""
        above, below = self.argument
        return Quotient(below * below, above * above + below * below)

    def value(self, a: Any) -> Any:
        """atan(a)."""
        return a.atan()


class Cosine(Function):
    """cos(a); sin(a) is the next generator."""

    name = "cos"
    partner = 1

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """-sin(a)."""
        return Quotient(-partner, w.ring.constant(1))

    def value(self, a: Any) -> Any:
        """cos(a)."""
        return a.cos()


class Sine(Function):
    """sin(a); cos(a) is the generator before it."""

    name = "sin"
    partner = -1

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """cos(a)."""
        return Quotient(partner, w.ring.constant(1))

    @property
    def order(self) -> int:
        """sin(a)^2 = 1 - cos(a)^2."""
        return 2

    def power(self, partner: Polynomial) -> Quotient:
        """1 - cos(a)^2."""
        return Quotient(1 - partner * partner, partner.ring.constant(1))

    def value(self, a: Any) -> Any:
        """sin(a)."""
        return a.sin()


@dataclass(frozen=True)
class Time(Function):
    """t, for the clock a = exp(rate*t)."""

    rate: Polynomial | None = None
    name: ClassVar[str] = "t"

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """1/(rate*a)."""
        assert self.rate is not None
        return Quotient(w.ring.constant(1), self.rate * self.argument.above)

    def value(self, a: Any) -> Any:
        """Not told by the clock alone: a point has its time (`polylaw.domains.elementary.balls`)."""
        return None
