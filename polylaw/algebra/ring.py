"""Polynomial rings Q[x_1, ..., x_n] with named generators of three kinds.

A ring is an ordered list of generators: *variables* first (the state a law speaks of), then at
most one *clock* (how time enters: `t`, a root of it, or `exp(rate*t)`), then *parameters*
(constants with a name; a statement about a law then holds for every value of them).  Indices
follow that order everywhere.  Rings are values: equal names, clock and parameters make equal rings.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from polylaw.algebra.rationals import Coefficient
from polylaw.errors import InputError, NameConflictError, UnknownNameError

if TYPE_CHECKING:
    from polylaw.algebra.polynomial import Polynomial

__all__ = ["FUNCTIONS", "TIME", "Exponential", "Ring", "RootOfTime", "advice", "meaning", "nearest"]

#: The name of time in laws; no variable or parameter may take it in a flow with a clock.
TIME = "t"
#: Names that stand for functions before a parenthesis; polynomials know only exp
#: (`polylaw.domains.elementary.functions` knows all).
FUNCTIONS = ("exp", "log", "sqrt", "atan", "sin", "cos", "tan", "sinh", "cosh", "tanh", "abs")
#: Names that functions have elsewhere.
_ELSEWHERE = {"ln": "log", "arctan": "atan", "Abs": "abs"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_MOST_GENERATORS = 100_000


@dataclass(frozen=True)
class RootOfTime:
    """The clock s = t^(1/root), for an integer root >= 1; its k-th power prints as `t^k` or `t^(k/root)`."""

    root: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.root, int) or self.root < 1:
            raise InputError("root", self.root, "an integer >= 1")

    def text(self, power: int) -> str:
        """The `power`-th power of this clock, in polylaw's notation."""
        exponent = Fraction(power, self.root)
        if exponent == 1:
            return TIME
        return f"{TIME}^{exponent}" if exponent.denominator == 1 else f"{TIME}^({exponent})"


@dataclass(frozen=True)
class Exponential:
    """The clock s = exp(rate*t), for a nonzero rate polynomial in the parameters."""

    rate: Polynomial

    def __post_init__(self) -> None:
        if not self.rate:
            raise InputError(
                "rate",
                0,
                "a nonzero polynomial in the parameters",
                "leave the clock out when nothing depends on time",
            )

    def text(self, power: int) -> str:
        """The `power`-th power of this clock, in polylaw's notation."""
        rate = self.rate * power
        if rate == 1:
            return f"exp({TIME})"
        text = str(rate)
        return f"exp(({text})*{TIME})" if len(rate.terms) > 1 else f"exp({text}*{TIME})"


Clock = RootOfTime | Exponential


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
        return (
            'time is declared by --time t, by time = "t" in the table [flow], or by PolynomialODE(..., '
            'time="t")'
        )
    if name in FUNCTIONS or name in _ELSEWHERE:
        return f"write {_ELSEWHERE.get(name, name)}(x)"
    return ""


def advice(name: str, known: Iterable[str]) -> str:
    """A hint for a name that stands where a variable or a parameter should."""
    return meaning(name) or nearest(name, known)


@dataclass(frozen=True)
class Ring:
    """The ring Q[variables, clock, parameters].

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
            raise InputError(
                "variables",
                len(self.variables),
                f"at most {_MOST_GENERATORS} generators",
                "take a smaller model",
            )
        index: dict[str, int] = {}
        for position, name in self._named_positions():
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise InputError(
                    "variable name", name, "a letter, then at most 62 letters, digits or underscores"
                )
            if name in FUNCTIONS or (clock is not None and name == TIME):
                raise NameConflictError(
                    "variable name", name, "a name that is not reserved", "rename this variable"
                )
            if name in index:
                raise NameConflictError("variable name", name, "each name once", "rename one of the two")
            index[name] = position
        object.__setattr__(self, "_index", index)
        if isinstance(clock, Exponential):
            self._check_rate(clock.rate)

    def _check_rate(self, rate: Polynomial) -> None:
        for name in map(rate.ring.name, rate.support):
            if name not in self.parameters:
                raise InputError(
                    "clock", name, "a rate in the parameters of the ring", nearest(name, self.parameters)
                )

    def _named_positions(self) -> Iterable[tuple[int, str]]:
        yield from enumerate(self.variables)
        first = len(self.variables) + (self.clock is not None)
        yield from enumerate(self.parameters, first)

    def __hash__(self) -> int:
        return hash((self.variables, self.parameters, self.clock))

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
        """Index of the variable or parameter `name`; raises `UnknownNameError` with the nearest known
        name."""
        try:
            return self._index[name]
        except KeyError:
            raise UnknownNameError(
                "name", name, "a variable or a parameter", advice(name, self._index)
            ) from None

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

    # -- elements ---------------------------------------------------------------------------------
    def generator(self, name: str) -> Polynomial:
        """The variable or parameter `name` as a polynomial."""
        return self.monomial(((self.index(name), 1),))

    def monomial(self, monomial: tuple[tuple[int, int], ...], coefficient: Coefficient = 1) -> Polynomial:
        """`coefficient` times the product of generators to powers, given as sorted (index, power) pairs."""
        from polylaw.algebra.polynomial import Polynomial

        return Polynomial(self, {monomial: coefficient})

    def constant(self, value: Coefficient) -> Polynomial:
        """A constant polynomial."""
        return self.monomial((), value)

    def parse(self, text: str) -> Polynomial:
        """The polynomial written in `text`; see `polylaw.algebra.parse`."""
        from polylaw.algebra.parse import parse_polynomial

        return parse_polynomial(self, text)
