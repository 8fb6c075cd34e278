"""What is said of a function: its derivative, where it is defined, its values, how it is written.

What a class does not say is refused or in doubt, never assumed: independence of other functions
(`polylaw.domains.elementary.independence`) needs a `side`, and that of numbers that it is `transcendental`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, Self, TypeVar

import numpy as np

from polylaw.algebra.modular import Residues
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
    """Where the pair (y, z), dy = dz/z, of a transcendental function lies: both are algebraic over what is
    before the function and itself (`polylaw.domains.elementary.independence`)."""

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
    #: What formulas call it in LaTeX, typst, Unicode; by default its name upright, None for bars alone.
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
    #: Whether its value at an algebraic number, unless in normal form like log(1), is known transcendental.
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
        """Where it is defined and differentiable, if its argument is: `everywhere`, `where_positive`, ..."""

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


def everywhere(function: Function[E]) -> Sequence[Asked[E]]:
    """What a function asks that is defined and differentiable wherever its argument is."""
    return ()


def where_not_0(function: Function[E]) -> Sequence[Asked[E]]:
    """What a function asks whose argument is not 0."""
    return [Asked(function.argument)]


def where_positive(function: Function[E]) -> Sequence[Asked[E]]:
    """What a function asks whose argument is positive."""
    return [Asked(function.argument, positive=True)]
