"""Generators of a ring: their names, their order, and how their powers are written.

*Variables* come first (the state a law speaks of), then at most one *clock* (how time enters: `t`, a root of
it, or `exp(rate*t)`), then *parameters* (constants with a name; a statement about a law then holds for every
value of them).  Indices follow that order everywhere.
"""

from __future__ import annotations

import difflib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from polylaw.algebra.functions import CALLS, ELSEWHERE
from polylaw.arguments import integer
from polylaw.errors import InputError, NameConflictError, UnknownNameError

#: The name of time in laws; no variable or parameter may take it in a flow with a clock.
TIME = "t"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_MOST_GENERATORS = 100_000


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint naming the known word closest to `name`, or the first few known words."""
    known = list(known)
    near = difflib.get_close_matches(name[:64], known[:2000], n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    more = ", ..." if len(known) > 12 else ""
    return f"known: {', '.join(known[:12])}{more}" if known else "none are defined"


def meaning(name: str) -> str:
    """What to write for a name that means something of its own, time or a function; empty for others."""
    if name == TIME:
        declared = 'by --time t, by time = "t" in the table [flow], or by PolynomialODE(..., time="t")'
        return f"time is declared {declared}"
    return f"write {ELSEWHERE.get(name, name)}(x)" if name in (*CALLS, *ELSEWHERE) else ""


def advice(name: str, known: Iterable[str]) -> str:
    """A hint for a name that stands where a variable or a parameter should."""
    return meaning(name) or nearest(name, known)


class Clock(ABC):
    """A function of time that is a generator."""

    @abstractmethod
    def text(self, power: int) -> str:
        """The `power`-th power of this clock, in polylaw's notation."""

    @abstractmethod
    def latex(self, power: int) -> str:
        """The same in LaTeX."""

    @abstractmethod
    def at(self, time: Any, constants: Mapping[int, Any], ring: Any) -> Any:
        """Its value at a time, where the parameters of `ring` have these values."""


@dataclass(frozen=True)
class RootOfTime(Clock):
    """The clock s = t^(1/root), for an integer root >= 1; its k-th power prints as `t^k` or `t^(k/root)`."""

    root: int = 1

    def __post_init__(self) -> None:
        integer(self.root, "root")

    def text(self, power: int) -> str:
        """`t`, `t^3`, `t^(3/2)`."""
        exponent = Fraction(power, self.root)
        if exponent == 1:
            return TIME
        return f"{TIME}^{exponent}" if exponent.denominator == 1 else f"{TIME}^({exponent})"

    def latex(self, power: int) -> str:
        """`t`, `t^{3/2}`."""
        exponent = Fraction(power, self.root)
        return TIME if exponent == 1 else f"{TIME}^{{{exponent}}}"

    def at(self, time: Any, constants: Mapping[int, Any], ring: Any) -> Any:
        """The root; a float unless it is time itself."""
        return time if self.root == 1 else time ** (1 / self.root)


@dataclass(frozen=True)
class Generators:
    """Variables, clock and parameters.

    Raises `NameConflictError` for a name used twice or reserved, `InputError` for a malformed name.
    """

    variables: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    clock: Clock | None = None
    _index: dict[str, int] = field(init=False, repr=False, compare=False, hash=False)

    def __init__(
        self, variables: Sequence[str], parameters: Sequence[str] = (), clock: Clock | None = None
    ) -> None:
        object.__setattr__(self, "variables", tuple(variables))
        object.__setattr__(self, "parameters", tuple(parameters))
        object.__setattr__(self, "clock", clock)
        if len(self.variables) + len(self.parameters) > _MOST_GENERATORS:
            expected = f"at most {_MOST_GENERATORS} generators"
            raise InputError("variables", len(self.variables), expected, "take a smaller model")
        index: dict[str, int] = {}
        first = len(self.variables) + (clock is not None)
        for position, name in (*enumerate(self.variables), *enumerate(self.parameters, first)):
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                expected = "a letter, then at most 62 letters, digits or underscores"
                raise InputError("variable name", name, expected)
            if name in CALLS or (clock is not None and name == TIME):
                hint = "rename this variable"
                raise NameConflictError("variable name", name, "a name that is not reserved", hint)
            if name in index:
                raise NameConflictError("variable name", name, "each name once", "rename one of the two")
            index[name] = position
        object.__setattr__(self, "_index", index)

    @cached_property
    def size(self) -> int:
        """Number of generators of all kinds."""
        return len(self.variables) + (self.clock is not None) + len(self.parameters)

    @property
    def clock_index(self) -> int | None:
        """Index of the clock, if there is one."""
        return None if self.clock is None else len(self.variables)

    @cached_property
    def parameter_indices(self) -> range:
        """Indices of the parameters."""
        return range(self.size - len(self.parameters), self.size)

    def index(self, name: str) -> int:
        """Index of the variable or parameter `name`; `UnknownNameError` tells the nearest known name."""
        try:
            return self._index[name]
        except KeyError:
            hint = advice(name, self._index)
            raise UnknownNameError("name", name, "a variable or a parameter", hint) from None

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def power_text(self, generator: int, power: int) -> str:
        """`x^2`, `x`, `t^3`, `exp(2*tau*t)`: one generator to a power, as it prints and parses."""
        if generator == self.clock_index:
            assert self.clock is not None
            return self.clock.text(power)
        name = self.name(generator)
        return name if power == 1 else f"{name}^{power}"

    def name(self, generator: int) -> str:
        """Name of a generator; the clock's is its own text."""
        if generator < len(self.variables):
            return self.variables[generator]
        if generator == self.clock_index:
            return self.power_text(generator, 1)
        return self.parameters[generator - self.parameter_indices.start]
