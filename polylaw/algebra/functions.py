"""The functions: all that is known of one stands in this file, and nowhere else.

A kind of function is a class.  It says what a function w of an element a is in any field with functions
(`polylaw.domains.elementary.tower` has such a field), in the arithmetic of that field:

    Log       w' = a'/a            log |a|, where a is not 0
    Exp       w' = w a'
    Root      w' = w a'/(n a)      the positive n-th root of a > 0; w^n = a
    Atan      w' = a'/(1 + a^2)
    Cosine    w' = -s a'           with its Sine s, another generator
    Sine      w' = c a'            with its Cosine c; w^2 = 1 - c^2
    Absolute  w' = w a'/a          |a|, where a is not 0; w^2 = a^2
    Time      w' = a'/(r a)        log(a)/r, for the clock a = exp(r*t)

`KINDS` names the kinds as certificates do, `CALLS` what may be written before a parenthesis: functions of
these kinds, or others made of them.

Source: Bronstein, Symbolic Integration I (2005), chapters 3 and 5: differential fields and towers of
monomials.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from polylaw.algebra.function import (
    Asked,
    E,
    Function,
    Random,
    Sampled,
    Side,
    Tower,
    everywhere,
    where_not_0,
    where_positive,
)
from polylaw.algebra.modular import Residues, inverse, power_mod


class Log(Function[E]):
    """log |a|."""

    name, side, transcendental, apart = "log", Side.REAL, True, True
    signs, bars = (r"\log", "log", "log"), True
    asks = where_not_0

    def made(self, tower: Tower[E]) -> E:
        return tower.log(self.argument)

    def slope(self, w: E, partner: E) -> E:
        return self.argument**-1

    def value(self, a: Any) -> Any:
        return None if a.contains(0) else abs(a).log()


class Exp(Function[E]):
    """exp(a)."""

    name, side, transcendental, positive = "exp", Side.REAL, True, True
    signs = (r"\exp", "exp", "exp")
    asks = everywhere

    def made(self, tower: Tower[E]) -> E:
        return tower.exp(self.argument)

    def slope(self, w: E, partner: E) -> E:
        return w

    def differential(self, change: E, w: E) -> E:
        return change

    def value(self, a: Any) -> Any:
        return a.exp()


@dataclass(frozen=True)
class Root(Function[E]):
    """The positive root of this degree."""

    degree: int
    kind: ClassVar[str] = "root"
    positive: ClassVar[bool] = True
    bounded: ClassVar[bool] = True
    asks = where_positive

    def made(self, tower: Tower[E]) -> E:
        return tower.root(self.argument, self.degree)

    @property
    def order(self) -> int:
        return self.degree

    def slope(self, w: E, partner: E) -> E:
        return w / (self.argument * self.degree)

    def power(self, partner: E) -> E:
        return self.argument

    def value(self, a: Any) -> Any:
        return a.root(self.degree) if a > 0 else None

    def residues(self, argument: Residues, prime: int, random: Random) -> Sampled:
        """The root that is a square, of squares; the degree is prime to (prime - 1)/2."""
        half = (prime - 1) // 2
        root = power_mod(argument, pow(self.degree, -1, half), prime)
        return [root], power_mod(argument, half, prime) == 1


class Absolute(Function[E]):
    """|a|."""

    name, signs, bars, positive, bounded = "abs", None, True, True, True
    asks = where_not_0

    def made(self, tower: Tower[E]) -> E:
        return tower.absolute(self.argument)

    @property
    def order(self) -> int:
        return 2

    def slope(self, w: E, partner: E) -> E:
        return w / self.argument

    def power(self, partner: E) -> E:
        return self.argument**2

    def value(self, a: Any) -> Any:
        return None if a.contains(0) else abs(a)

    def residues(self, argument: Residues, prime: int, random: Random) -> Sampled:
        values = argument * random.choice([1, prime - 1], len(argument)) % prime
        return [values], np.ones(len(argument), dtype=bool)


class Atan(Function[E]):
    """atan(a)."""

    name, side, transcendental, odd, apart = "atan", Side.IMAGINARY, True, True, True
    signs = (r"\arctan", "arctan", "arctan")
    asks = everywhere

    def slope(self, w: E, partner: E) -> E:
        return (self.argument**2 + 1) ** -1

    def value(self, a: Any) -> Any:
        return a.atan()


class Cosine(Function[E]):
    """cos(a); sin(a) is the next generator."""

    name, side, transcendental, partner = "cos", Side.IMAGINARY, True, 1
    signs = (r"\cos", "cos", "cos")
    asks = everywhere

    def made(self, tower: Tower[E]) -> E:
        return tower.cosine_and_sine(self.argument)[0]

    def slope(self, w: E, partner: E) -> E:
        return -partner

    def differential(self, change: E, w: E) -> E:
        return change

    def value(self, a: Any) -> Any:
        return a.cos()

    def residues(self, argument: Residues, prime: int, random: Random) -> Sampled:
        """A rational point of the circle."""
        half = random.integers(1, prime, len(argument))
        scale = inverse((1 + half * half) % prime, prime)
        return [(1 - half * half) % prime * scale % prime, 2 * half % prime * scale % prime], scale != 0


class Sine(Function[E]):
    """sin(a); cos(a) is the generator before it."""

    name, partner = "sin", -1
    signs = (r"\sin", "sin", "sin")
    asks = everywhere

    def made(self, tower: Tower[E]) -> E:
        return tower.cosine_and_sine(self.argument)[1]

    def slope(self, w: E, partner: E) -> E:
        return partner

    @property
    def order(self) -> int:
        return 2

    def power(self, partner: E) -> E:
        return -(partner**2) + 1

    def value(self, a: Any) -> Any:
        return a.sin()


@dataclass(frozen=True)
class Time(Function[E]):
    """t, for the clock a = exp(rate*t), which is positive."""

    rate: E
    name: ClassVar[str] = "t"
    kind: ClassVar[str] = "time"
    signs: ClassVar[tuple[str, str, str] | None] = None
    side: ClassVar[Side | None] = Side.REAL
    asks = everywhere

    def text(self, inside: str) -> str:
        return self.name

    def made(self, tower: Tower[E]) -> E:
        return tower.time()

    def slope(self, w: E, partner: E) -> E:
        return (self.argument * self.rate) ** -1

    def differential(self, change: E, w: E) -> E:
        return change / self.argument

    def value(self, a: Any) -> Any:
        """Not told by the clock alone: a point has its time (`polylaw.domains.elementary.balls`)."""
        return None


def _hyperbolic(tower: Tower[E], a: E, sign: int) -> E:
    """exp(a) + sign*exp(-a)."""
    growing = tower.exp(a)
    return growing + tower.inverse(growing) * sign


def _tangent(tower: Tower[E], a: E) -> E:
    cosine, sine = tower.cosine_and_sine(a)
    tower.ask(Asked(cosine))
    return sine * tower.inverse(cosine)


#: The kinds by what certificates call them.
KINDS: dict[str, type[Function[Any]]] = {
    function.kind: function for function in (Log, Exp, Root, Absolute, Atan, Cosine, Sine, Time)
}
#: What each name makes of an argument in a tower.  These names stand for functions before a parenthesis, and
#: for nothing else; polynomials know only exp.
CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "exp": Exp.called,
    "log": Log.called,
    "sqrt": lambda tower, a: Root(a, 2).written(tower),
    "atan": Atan.called,
    "sin": Sine.called,
    "cos": Cosine.called,
    "tan": _tangent,
    "sinh": lambda tower, a: _hyperbolic(tower, a, -1) * Fraction(1, 2),
    "cosh": lambda tower, a: _hyperbolic(tower, a, 1) * Fraction(1, 2),
    "tanh": lambda tower, a: _hyperbolic(tower, a, -1) * tower.inverse(_hyperbolic(tower, a, 1)),
    "abs": lambda tower, a: tower.absolute(a),  # defined at 0, so it asks nothing
}
#: Names that functions have elsewhere, and are told of here.
ELSEWHERE = {"ln": "log", "arctan": "atan", "Abs": "abs"}
