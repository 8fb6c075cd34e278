"""The kinds of functions in a tower: all that is known of one stands in its class, or in `CALLS` below.

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.modular import inverse
from polylaw.algebra.polynomial import Polynomial
from polylaw.errors import VerificationError

Residues = npt.NDArray[np.int64]


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

    def residues(
        self, argument: Residues, prime: int, random: np.random.Generator
    ) -> tuple[list[Residues], Residues]:
        """Values mod a prime that satisfy its relation, its own and those of the other one of a pair, and
        where they exist; a transcendental function takes any value."""
        return [random.integers(1, prime, len(argument))], np.ones(len(argument), dtype=bool)


class Log(Function):
    """log |a|."""

    name, side, except_at_0 = "log", Side.REAL, True
    signs, bars = (r"\log", "log", "log"), True

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """1/a."""
        return Quotient(self.argument.below, self.argument.above)

    def poles(self) -> Iterator[Polynomial]:
        """Also where a is 0."""
        yield from self.argument

    def value(self, a: Any) -> Any:
        """log |a|."""
        return None if a.contains(0) else abs(a).log()


class Exp(Function):
    """exp(a)."""

    name, side, positive, everywhere = "exp", Side.REAL, True, True
    signs = (r"\exp", "exp", "exp")

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """w."""
        return Quotient.whole(w)

    def differential(self, change: Quotient, w: Polynomial) -> Quotient:
        """da."""
        return change

    def value(self, a: Any) -> Any:
        """exp(a)."""
        return a.exp()


@dataclass(frozen=True)
class Root(Function):
    """The positive root of this degree."""

    degree: int = 2
    kind: ClassVar[str] = "root"
    positive: ClassVar[bool] = True

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

    def conditions(self) -> Iterator[tuple[Polynomial, bool]]:
        """a > 0."""
        yield self.argument.above * self.argument.below, True

    def value(self, a: Any) -> Any:
        """The root of a > 0."""
        return a.root(self.degree) if a > 0 else None

    def residues(
        self, argument: Residues, prime: int, random: np.random.Generator
    ) -> tuple[list[Residues], Residues]:
        """The root that is a square, of squares; the degree is prime to (prime - 1)/2."""
        half = (prime - 1) // 2
        root = power_mod(argument, pow(self.degree, -1, half), prime)
        return [root], power_mod(argument, half, prime) == 1


class Absolute(Function):
    """|a|."""

    name, positive, except_at_0, bars = "abs", True, True, True

    @property
    def order(self) -> int:
        """|a|^2 = a^2."""
        return 2

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """w/a, the sign of a."""
        return Quotient(w * self.argument.below, self.argument.above)

    def power(self, partner: Polynomial) -> Quotient:
        """a^2."""
        return self.argument**2

    def value(self, a: Any) -> Any:
        """|a|."""
        return None if a.contains(0) else abs(a)

    def residues(
        self, argument: Residues, prime: int, random: np.random.Generator
    ) -> tuple[list[Residues], Residues]:
        """a or -a."""
        values = argument * random.choice([1, prime - 1], len(argument)) % prime
        return [values], np.ones(len(argument), dtype=bool)


class Atan(Function):
    """atan(a)."""

    name, side, everywhere = "atan", Side.IMAGINARY, True
    signs = (r"\arctan", "arctan", "arctan")

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """1/(1 + a^2)."""
        above, below = self.argument
        return Quotient(below * below, above * above + below * below)

    def value(self, a: Any) -> Any:
        """atan(a)."""
        return a.atan()


class Cosine(Function):
    """cos(a); sin(a) is the next generator."""

    name, side, everywhere, partner = "cos", Side.IMAGINARY, True, 1
    signs = (r"\cos", "cos", "cos")

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """-sin(a)."""
        return Quotient.whole(-partner)

    def differential(self, change: Quotient, w: Polynomial) -> Quotient:
        """da."""
        return change

    def value(self, a: Any) -> Any:
        """cos(a)."""
        return a.cos()

    def residues(
        self, argument: Residues, prime: int, random: np.random.Generator
    ) -> tuple[list[Residues], Residues]:
        """A rational point of the circle."""
        half = random.integers(1, prime, len(argument))
        scale = inverse((1 + half * half) % prime, prime)
        return [(1 - half * half) % prime * scale % prime, 2 * half % prime * scale % prime], scale != 0


class Sine(Function):
    """sin(a); cos(a) is the generator before it."""

    name, everywhere, partner = "sin", True, -1
    signs = (r"\sin", "sin", "sin")

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """cos(a)."""
        return Quotient.whole(partner)

    @property
    def order(self) -> int:
        """sin(a)^2 = 1 - cos(a)^2."""
        return 2

    def power(self, partner: Polynomial) -> Quotient:
        """1 - cos(a)^2."""
        return Quotient.whole(1 - partner * partner)

    def value(self, a: Any) -> Any:
        """sin(a)."""
        return a.sin()


@dataclass(frozen=True)
class Time(Function):
    """t, for the clock a = exp(rate*t)."""

    rate: Polynomial | None = None
    name: ClassVar[str] = "t"
    kind: ClassVar[str] = "time"
    side: ClassVar[Side | None] = Side.REAL
    everywhere: ClassVar[bool] = True  # a clock is positive

    def text(self, inside: str) -> str:
        """t."""
        return self.name

    @property
    def speed(self) -> Polynomial:
        """The rate, which is known."""
        assert self.rate is not None
        return self.rate

    def slope(self, w: Polynomial, partner: Polynomial) -> Quotient:
        """1/(rate*a)."""
        return Quotient(w.ring.constant(1), self.speed * self.argument.above)

    def differential(self, change: Quotient, w: Polynomial) -> Quotient:
        """d log(a)."""
        return change / self.argument

    def value(self, a: Any) -> Any:
        """Not told by the clock alone: a point has its time (`polylaw.domains.elementary.balls`)."""
        return None


#: The kinds by what certificates call them.
KINDS: dict[str, type[Function]] = {
    function.kind: function for function in (Log, Exp, Root, Absolute, Atan, Cosine, Sine, Time)
}


def power_mod(base: Residues, exponent: int, prime: int) -> Residues:
    """base^exponent mod a prime, elementwise."""
    result, square = np.ones_like(base), base % prime
    while exponent:
        result = result * square % prime if exponent % 2 else result
        square, exponent = square * square % prime, exponent // 2
    return result


class Normal(Protocol):
    """What makes normal forms of functions: a tower."""

    def exp(self, value: Quotient) -> Quotient: ...  # noqa: D102
    def log(self, value: Quotient) -> Quotient: ...  # noqa: D102
    def atan(self, value: Quotient) -> Quotient: ...  # noqa: D102
    def absolute(self, value: Quotient) -> Quotient: ...  # noqa: D102
    def root(self, value: Quotient, degree: int) -> Quotient: ...  # noqa: D102
    def cosine_and_sine(self, value: Quotient) -> tuple[Quotient, Quotient]: ...  # noqa: D102
    def inverse(self, value: Quotient) -> Quotient: ...  # noqa: D102


def _tangent(tower: Normal, a: Quotient) -> Quotient:
    cosine, sine = tower.cosine_and_sine(a)
    return sine * tower.inverse(cosine)


def _hyperbolic(tower: Normal, a: Quotient, sign: int) -> Quotient:
    """exp(a) + sign*exp(-a)."""
    growing = tower.exp(a)
    return growing + tower.inverse(growing) * sign


#: What the names of `polylaw.algebra.generators.FUNCTIONS` make of an argument.
CALLS: dict[str, Callable[[Normal, Quotient], Quotient]] = {
    "exp": lambda tower, a: tower.exp(a),
    "log": lambda tower, a: tower.log(a),
    "sqrt": lambda tower, a: tower.root(a, 2),
    "atan": lambda tower, a: tower.atan(a),
    "sin": lambda tower, a: tower.cosine_and_sine(a)[1],
    "cos": lambda tower, a: tower.cosine_and_sine(a)[0],
    "tan": _tangent,
    "sinh": lambda tower, a: _hyperbolic(tower, a, -1) * Fraction(1, 2),
    "cosh": lambda tower, a: _hyperbolic(tower, a, 1) * Fraction(1, 2),
    "tanh": lambda tower, a: _hyperbolic(tower, a, -1) * tower.inverse(_hyperbolic(tower, a, 1)),
    "abs": lambda tower, a: tower.absolute(a),
}
#: What a text with these asks of the argument, whatever becomes of it in a normal form: something that is not
#: 0, or positive (True).
ASKS: dict[str, Callable[[Normal, Quotient], tuple[Quotient, bool]]] = {
    "sqrt": lambda _, a: (a, True),
    "log": lambda _, a: (a, False),
    "tan": lambda tower, a: (tower.cosine_and_sine(a)[0], False),
}
