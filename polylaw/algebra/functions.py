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
these kinds, or others made of them.  What no class says is refused or in doubt, never assumed: independence
of the others (`polylaw.domains.elementary.independence`) needs a `side`, and that of a number besides that it
is `transcendental`.

Source: Bronstein, Symbolic Integration I (2005), chapters 3 and 5: differential fields and towers of
monomials.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, Self, TypeVar

import numpy as np

from polylaw.algebra.modular import Residues, inverse, power_mod
from polylaw.errors import VerificationError

Random = np.random.Generator
#: Values of a function, then those of the other one of a pair, and where they exist.
Sampled = tuple[list[Residues], Residues]


class Element(Protocol):
    """An element of a field with functions."""

    def __neg__(self) -> Self: ...

    def __add__(self, other: Any, /) -> Self: ...

    def __sub__(self, other: Any, /) -> Self: ...

    def __mul__(self, other: Any, /) -> Self: ...

    def __rmul__(self, other: Any, /) -> Self: ...

    def __truediv__(self, other: Any, /) -> Self: ...

    def __pow__(self, exponent: int, /) -> Self: ...


E = TypeVar("E", bound=Element)


class Asked(NamedTuple, Generic[E]):
    """What is asked of a value where something is defined and differentiable, whatever becomes of it in a
    normal form: it is not 0 (below a bar, under a logarithm), or `positive` (under a root)."""

    value: E
    positive: bool = False


class Tower(Protocol[E]):
    """A field with functions, as far as a function needs it to become one of its elements."""

    def ask(self, asked: Asked[E]) -> None:
        """Note what a text asks."""

    def applied(self, function: Function[E]) -> E:
        """The function as a generator."""

    # functions with rules of their own, in normal form
    def log(self, value: E) -> E: ...

    def exp(self, value: E) -> E: ...

    def root(self, value: E, degree: int) -> E: ...

    def absolute(self, value: E) -> E: ...

    def cosine_and_sine(self, value: E) -> tuple[E, E]: ...

    def time(self) -> E: ...

    def inverse(self, value: E) -> E: ...


class Side(Enum):
    """Where the pair (y, z), dy = dz/z, of a transcendental function lies (`..independence`)."""

    REAL = "real"
    IMAGINARY = "imaginary"


@dataclass(frozen=True)
class Function(ABC, Generic[E]):
    """A function w of `argument`; a generator of a tower, where the argument is in generators before it."""

    argument: E
    #: The name by which it is called in text.
    name: ClassVar[str] = ""
    #: What certificates call it, by default its name.
    kind: ClassVar[str] = ""
    #: What formulas call it, in LaTeX, typst and Unicode, by default its name upright; none if it is written
    #: by bars alone.
    signs: ClassVar[tuple[str, str, str] | None] = None
    #: Whether formulas write its argument between bars.
    bars: ClassVar[bool] = False
    #: Whether a sum with it is printed term by term, each coefficient in lowest terms.
    apart: ClassVar[bool] = False
    #: Sine and cosine come as neighbours in a tower: where the other one stands.
    partner: ClassVar[int] = 0
    #: Whether w(-a) = -w(a).
    odd: ClassVar[bool] = False
    #: Whether it is positive wherever it is defined and differentiable.
    positive: ClassVar[bool] = False
    #: Whether it is bounded where its argument is, also near points where what it asks does not hold.
    bounded: ClassVar[bool] = False
    #: None for algebraic functions, and for those whose independence nothing is known of.
    side: ClassVar[Side | None] = None
    #: Whether its value at an algebraic number is known to be transcendental, normal forms such as log(1)
    #: apart.
    transcendental: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        name, own = cls.name, cls.__dict__
        cls.kind = own.get("kind", name)
        cls.signs = own.get("signs", (rf"\operatorname{{{name}}}", f'op("{name}")', name) if name else None)

    def text(self, inside: str) -> str:
        """How it is written, for the text of its argument."""
        return f"{self.name}({inside})"

    def shown(self, inside: str) -> str:
        """How people write it: `log|x|`."""
        if not self.bars:
            return self.text(inside)
        return f"{self.name if self.signs else ''}|{inside}|"

    @classmethod
    def called(cls, tower: Tower[E], a: E) -> E:
        """What its name makes of an argument."""
        return cls(a).written(tower)

    def written(self, tower: Tower[E]) -> E:
        """What a text that says this becomes in a tower: its normal form, and what it asks."""
        for asked in self.asks():
            tower.ask(asked)
        return self.made(tower)

    def made(self, tower: Tower[E]) -> E:
        """Its normal form in a tower."""
        return tower.applied(self)

    @abstractmethod
    def slope(self, w: E, partner: E) -> E:
        """dw/da; `partner` is the other one of a pair, or w itself."""

    def differential(self, change: E, w: E) -> E:
        """dy of its pair (y, z) up to a constant factor, if its argument has this differential."""
        return change * self.slope(w, w)

    @property
    def order(self) -> int:
        """The n of a relation w^n = a, 0 if the function is transcendental."""
        return 0

    def power(self, partner: E) -> E:
        """The value of w^order."""
        raise NotImplementedError

    @abstractmethod
    def asks(self) -> Sequence[Asked[E]]:
        """Where it is defined and differentiable, if its argument is."""

    @abstractmethod
    def value(self, a: Any) -> Any:
        """The value for a ball (`flint.arb`); None where it is not defined or not differentiable."""

    def residues(self, argument: Residues, prime: int, random: Random) -> Sampled:
        """Values mod a prime that satisfy its relation, its own and those of the other one of a pair, and
        where they exist; a transcendental function takes any value."""
        if self.order:
            hint = "please report this expression"
            raise VerificationError("function", self.kind, "one whose relation holds modulo primes", hint)
        return [random.integers(1, prime, len(argument))], np.ones(len(argument), dtype=bool)


class Log(Function[E]):
    """log |a|."""

    name, side, transcendental, apart = "log", Side.REAL, True, True
    signs, bars = (r"\log", "log", "log"), True

    def made(self, tower: Tower[E]) -> E:
        return tower.log(self.argument)

    def slope(self, w: E, partner: E) -> E:
        return self.argument**-1

    def asks(self) -> Sequence[Asked[E]]:
        return [Asked(self.argument)]

    def value(self, a: Any) -> Any:
        return None if a.contains(0) else abs(a).log()


class Exp(Function[E]):
    """exp(a)."""

    name, side, transcendental, positive = "exp", Side.REAL, True, True
    signs = (r"\exp", "exp", "exp")

    def made(self, tower: Tower[E]) -> E:
        return tower.exp(self.argument)

    def slope(self, w: E, partner: E) -> E:
        return w

    def differential(self, change: E, w: E) -> E:
        return change

    def asks(self) -> Sequence[Asked[E]]:
        return ()

    def value(self, a: Any) -> Any:
        return a.exp()


@dataclass(frozen=True)
class Root(Function[E]):
    """The positive root of this degree."""

    degree: int
    kind: ClassVar[str] = "root"
    positive: ClassVar[bool] = True
    bounded: ClassVar[bool] = True

    def made(self, tower: Tower[E]) -> E:
        return tower.root(self.argument, self.degree)

    @property
    def order(self) -> int:
        return self.degree

    def slope(self, w: E, partner: E) -> E:
        return w / (self.argument * self.degree)

    def power(self, partner: E) -> E:
        return self.argument

    def asks(self) -> Sequence[Asked[E]]:
        return [Asked(self.argument, positive=True)]

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

    def made(self, tower: Tower[E]) -> E:
        return tower.absolute(self.argument)

    @property
    def order(self) -> int:
        return 2

    def slope(self, w: E, partner: E) -> E:
        return w / self.argument

    def power(self, partner: E) -> E:
        return self.argument**2

    def asks(self) -> Sequence[Asked[E]]:
        return [Asked(self.argument)]

    def value(self, a: Any) -> Any:
        return None if a.contains(0) else abs(a)

    def residues(self, argument: Residues, prime: int, random: Random) -> Sampled:
        values = argument * random.choice([1, prime - 1], len(argument)) % prime
        return [values], np.ones(len(argument), dtype=bool)


class Atan(Function[E]):
    """atan(a)."""

    name, side, transcendental, odd, apart = "atan", Side.IMAGINARY, True, True, True
    signs = (r"\arctan", "arctan", "arctan")

    def slope(self, w: E, partner: E) -> E:
        return (self.argument**2 + 1) ** -1

    def asks(self) -> Sequence[Asked[E]]:
        return ()

    def value(self, a: Any) -> Any:
        return a.atan()


class Cosine(Function[E]):
    """cos(a); sin(a) is the next generator."""

    name, side, transcendental, partner = "cos", Side.IMAGINARY, True, 1
    signs = (r"\cos", "cos", "cos")

    def made(self, tower: Tower[E]) -> E:
        return tower.cosine_and_sine(self.argument)[0]

    def slope(self, w: E, partner: E) -> E:
        return -partner

    def differential(self, change: E, w: E) -> E:
        return change

    def asks(self) -> Sequence[Asked[E]]:
        return ()

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

    def made(self, tower: Tower[E]) -> E:
        return tower.cosine_and_sine(self.argument)[1]

    def slope(self, w: E, partner: E) -> E:
        return partner

    @property
    def order(self) -> int:
        return 2

    def power(self, partner: E) -> E:
        return -(partner**2) + 1

    def asks(self) -> Sequence[Asked[E]]:
        return ()

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

    def text(self, inside: str) -> str:
        return self.name

    def made(self, tower: Tower[E]) -> E:
        return tower.time()

    def slope(self, w: E, partner: E) -> E:
        return (self.argument * self.rate) ** -1

    def differential(self, change: E, w: E) -> E:
        return change / self.argument

    def asks(self) -> Sequence[Asked[E]]:
        return ()

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


def _hyperbolic_tangent(tower: Tower[E], a: E) -> E:
    return _hyperbolic(tower, a, -1) * tower.inverse(_hyperbolic(tower, a, 1))


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
    "tanh": _hyperbolic_tangent,
    "abs": lambda tower, a: tower.absolute(a),  # defined at 0, so it asks nothing
}
#: Names that functions have elsewhere, and are told of here.
ELSEWHERE = {"ln": "log", "arctan": "atan", "Abs": "abs"}
