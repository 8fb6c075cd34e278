"""The kinds of functions in a tower: all that is known of one stands in its class.

    Log       w' = a'/a            log |a|, where a is not 0
    Exp       w' = w a'
    Root      w' = w a'/(n a)      the positive n-th root of a > 0; w^n = a
    Atan      w' = a'/(1 + a^2)
    Cosine    w' = -s a'           with its Sine s, another generator
    Sine      w' = c a'            with its Cosine c; w^2 = 1 - c^2
    Absolute  w' = w a'/a          |a|, where a is not 0; w^2 = a^2
    Time      w' = a'/(r a)        log(a)/r, for the clock a = exp(r*t)

What no class says is refused or in doubt, never assumed: the domain of a kind without `conditions` is not
known, and its independence of the others (`polylaw.domains.elementary.independence`) needs a `side`.

Source: Bronstein, Symbolic Integration I (2005), chapters 3 and 5: differential fields and towers of
monomials.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

import numpy as np

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.modular import inverse
from polylaw.algebra.polynomial import Polynomial
from polylaw.domains.elementary.numbers import Residues, power_mod
from polylaw.errors import VerificationError

Random = np.random.Generator
#: Values of a function, then those of the other one of a pair, and where they exist.
Sampled = tuple[list[Residues], Residues]


class Side(Enum):
    """Where the pair (y, z), dy = dz/z, of a transcendental function lies (`..independence`)."""

    REAL = "real"
    IMAGINARY = "imaginary"


@dataclass(frozen=True)
class Function(ABC):
    """A generator w of a tower: a function of `argument`, which is an element in generators before it."""

    argument: Quotient
    #: The name by which it is called in text.
    name: ClassVar[str] = ""
    #: What certificates call it, by default its name.
    kind: ClassVar[str] = ""
    #: What formulas call it, in LaTeX, typst and Unicode; none if it is written by bars alone.
    signs: ClassVar[tuple[str, str, str] | None] = None
    #: Whether formulas write its argument between bars.
    bars: ClassVar[bool] = False
    #: Sine and cosine come as neighbours in a tower: where the other one stands.
    partner: ClassVar[int] = 0
    #: Whether it is positive wherever it is defined and differentiable.
    positive: ClassVar[bool] = False
    #: Whether it is defined and differentiable for every argument that is, or that is and is not 0.
    everywhere: ClassVar[bool] = False
    except_at_0: ClassVar[bool] = False
    #: None for algebraic functions, and for those whose independence nothing is known of.
    side: ClassVar[Side | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.kind = cls.__dict__.get("kind", cls.name)

    def text(self, inside: str) -> str:
        """How it is written, for the text of its argument."""
        return f"{self.name}({inside})"

    def shown(self, inside: str) -> str:
        """How people write it: `log|x|`."""
        if not self.bars:
            return self.text(inside)
        return f"{self.name if self.signs else ''}|{inside}|"

    @abstractmethod
    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """dw/da, as an element; `partner` is the generator of the other one of a pair, or w itself."""

    def differential(self, change: Quotient, w: Polynomial) -> Quotient:
        """dy of its pair (y, z) up to a constant factor, if its argument has this differential."""
        return change * self.slope(w, w)

    @property
    def order(self) -> int:
        """The n of a relation w^n = a, 0 if the function is transcendental."""
        return 0

    def power(self, partner: Polynomial) -> Quotient:
        """The value of w^order."""
        return Quotient.whole(partner.ring.constant(1))

    def conditions(self) -> Iterator[tuple[Polynomial, bool]]:
        """Where it is defined and differentiable: polynomials that are not 0, or positive (True)."""
        if self.everywhere or self.except_at_0:
            return iter([(self.argument.above, False)] if self.except_at_0 else [])
        hint = "please report this expression"
        raise VerificationError("function", self.name, "a kind of function whose domain is known", hint)

    def poles(self) -> Iterator[Polynomial]:
        """At whose zeros it may be unbounded."""
        yield self.argument.below

    @abstractmethod
    def value(self, a: Any) -> Any:
        """The value for a ball (`flint.arb`); None where it is not defined or not differentiable."""

    def residues(self, argument: Residues, prime: int, random: Random) -> Sampled:
        """Values mod a prime that satisfy its relation, its own and those of the other one of a pair, and
        where they exist; a transcendental function takes any value."""
        return [random.integers(1, prime, len(argument))], np.ones(len(argument), dtype=bool)


class Log(Function):
    """log |a|."""

    name, side, except_at_0 = "log", Side.REAL, True
    signs, bars = (r"\log", "log", "log"), True

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        return Quotient(self.argument.below, self.argument.above)

    def poles(self) -> Iterator[Polynomial]:
        yield from self.argument

    def value(self, a: Any) -> Any:
        return None if a.contains(0) else abs(a).log()


class Exp(Function):
    """exp(a)."""

    name, side, positive, everywhere = "exp", Side.REAL, True, True
    signs = (r"\exp", "exp", "exp")

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        return Quotient.whole(w)

    def differential(self, change: Quotient, w: Polynomial) -> Quotient:
        return change

    def value(self, a: Any) -> Any:
        return a.exp()


@dataclass(frozen=True)
class Root(Function):
    """The positive root of this degree."""

    degree: int
    kind: ClassVar[str] = "root"
    positive: ClassVar[bool] = True

    @property
    def order(self) -> int:
        return self.degree

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        return Quotient(w * self.argument.below, self.argument.above * self.degree)

    def power(self, partner: Polynomial) -> Quotient:
        return self.argument

    def conditions(self) -> Iterator[tuple[Polynomial, bool]]:
        yield self.argument.above * self.argument.below, True

    def value(self, a: Any) -> Any:
        return a.root(self.degree) if a > 0 else None

    def residues(self, argument: Residues, prime: int, random: Random) -> Sampled:
        """The root that is a square, of squares; the degree is prime to (prime - 1)/2."""
        half = (prime - 1) // 2
        root = power_mod(argument, pow(self.degree, -1, half), prime)
        return [root], power_mod(argument, half, prime) == 1


class Absolute(Function):
    """|a|."""

    name, positive, except_at_0, bars = "abs", True, True, True

    @property
    def order(self) -> int:
        return 2

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        return Quotient(w * self.argument.below, self.argument.above)

    def power(self, partner: Polynomial) -> Quotient:
        return self.argument**2

    def value(self, a: Any) -> Any:
        return None if a.contains(0) else abs(a)

    def residues(self, argument: Residues, prime: int, random: Random) -> Sampled:
        values = argument * random.choice([1, prime - 1], len(argument)) % prime
        return [values], np.ones(len(argument), dtype=bool)


class Atan(Function):
    """atan(a)."""

    name, side, everywhere = "atan", Side.IMAGINARY, True
    signs = (r"\arctan", "arctan", "arctan")

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        above, below = self.argument
        return Quotient(below * below, above * above + below * below)

    def value(self, a: Any) -> Any:
        return a.atan()


class Cosine(Function):
    """cos(a); sin(a) is the next generator."""

    name, side, everywhere, partner = "cos", Side.IMAGINARY, True, 1
    signs = (r"\cos", "cos", "cos")

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        return Quotient.whole(-partner)

    def differential(self, change: Quotient, w: Polynomial) -> Quotient:
        return change

    def value(self, a: Any) -> Any:
        return a.cos()

    def residues(self, argument: Residues, prime: int, random: Random) -> Sampled:
        """A rational point of the circle."""
        half = random.integers(1, prime, len(argument))
        scale = inverse((1 + half * half) % prime, prime)
        return [(1 - half * half) % prime * scale % prime, 2 * half % prime * scale % prime], scale != 0


class Sine(Function):
    """sin(a); cos(a) is the generator before it."""

    name, everywhere, partner = "sin", True, -1
    signs = (r"\sin", "sin", "sin")

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        return Quotient.whole(partner)

    @property
    def order(self) -> int:
        return 2

    def power(self, partner: Polynomial) -> Quotient:
        return Quotient.whole(1 - partner * partner)

    def value(self, a: Any) -> Any:
        return a.sin()


@dataclass(frozen=True)
class Time(Function):
    """t, for the clock a = exp(rate*t)."""

    rate: Polynomial
    name: ClassVar[str] = "t"
    kind: ClassVar[str] = "time"
    side: ClassVar[Side | None] = Side.REAL
    everywhere: ClassVar[bool] = True  # a clock is positive

    def text(self, inside: str) -> str:
        return self.name

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        return Quotient(w.ring.constant(1), self.rate * self.argument.above)

    def differential(self, change: Quotient, w: Polynomial) -> Quotient:
        return change / self.argument

    def value(self, a: Any) -> Any:
        """Not told by the clock alone: a point has its time (`polylaw.domains.elementary.balls`)."""
        return None


#: The kinds by what certificates call them.
KINDS: dict[str, type[Function]] = {
    function.kind: function for function in (Log, Exp, Root, Absolute, Atan, Cosine, Sine, Time)
}
