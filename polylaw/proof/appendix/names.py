"""From a certificate's names and polynomials to formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction as Rational
from math import prod
from typing import Any

from polylaw.models.model import entry_name, indices
from polylaw.proof.appendix.document import Formula, Fraction, Number, Operator, Power, Row, Symbol
from polylaw.proof.appendix.formulas import CLOSE, MINUS, OPEN, ROOM, Signed, parenthesised, rational, row, sum_lines, summed, width
from polylaw.proof.appendix.symbols import GREEK, LETTERS

__all__ = ["Names", "Term"]

_NAME = re.compile(r"([A-Za-z]+)([0-9]*)((?:_[0-9]+)*)")
_GREEK = {"lam": "lambda", **{name: name for name in GREEK}}
#: What the text needs a letter for, and the letters it may take: the first that the model leaves free.
_CHOICES = {
    "state": ("theta", "x", "z", "xi"),
    "control": ("w", "c", "r"),
    "map": ("phi", "f", "F"),
    "law": ("h", "g", "p"),
    "matrix": ("H", "L", "S", "P"),
    "field": ("X", "Z", "A"),
    "bracket": ("Y", "B", "E"),
    "metric": ("M", "N", "D"),
    "jacobian": ("J", "T", "I"),
    "right side": ("f", "F", "G"),
    "denominator": ("q", "d", "s"),
    "one field": ("F", "K", "P"),
    "other field": ("G", "L", "Q"),
}

Term = Sequence[Any]


class Names:
    """The coordinates of a certificate as symbols, and its polynomials as formulas."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.kind = data["flow"]["type"]
        variables = data["variables"]
        self.variables = len(variables)
        self.trained = self.variables // 2 if self.kind == "momentum" else self.variables
        self.clock_index = self.variables if data["clock"] is not None else -1
        self.moving = self.variables + (data["clock"] is not None)
        velocities = [Symbol(s.name, s.number, s.index, 1) for s in map(self.symbol, variables[: self.trained])]
        self.symbols: list[Formula] = [self.symbol(name) for name in variables]
        if self.kind == "momentum" and variables[self.trained :] == [f"d{name}" for name in variables[: self.trained]]:
            self.symbols[self.trained :] = velocities
        parameters: list[Formula] = [self.symbol(name) for name in data["parameters"]]
        if data["clock"] is not None:
            self.symbols.append(Symbol("t"))  # a place for the clock, which may need the parameters
        self.symbols += parameters
        if data["clock"] is not None:
            self.symbols[self.clock_index] = self.clock(1)
        shapes = {array["name"]: tuple(array["shape"]) for array in data["model"]["arrays"]}
        self.shapes = shapes
        doubled = {f"d{name}" for name in shapes} if self.kind == "momentum" else set()
        self.arrays = {name: shape for name, shape in shapes.items() if name not in doubled}
        self._choose_letters()

    def _choose_letters(self) -> None:
        named = [*self.data["variables"], *self.data["parameters"], *self.shapes]
        taken = {self.symbol(name).name for name in named} | {"t"}
        free = {use: next((c for c in choices if c not in taken), choices[0]) for use, choices in _CHOICES.items()}
        self.letters = {use: Symbol(name) for use, name in free.items()}
        self.state = self.letters["state"]
        self.velocity = Symbol(self.state.name, dots=1)

    def __getitem__(self, use: str) -> Symbol:
        """The letter for `state`, `control`, `map`, ..."""
        return self.letters[use]

    def numbered(self, use: str, number: object) -> Symbol:
        """The letter for `field`, `law`, ... with a number."""
        return Symbol(self.letters[use].name, str(number))

    @property
    def row_by_row(self) -> bool:
        """Whether the trained parameters are the entries of the arrays, in order and row by row."""
        if not self.arrays or sum(map(prod, self.arrays.values())) != self.trained:
            return False
        entries = [entry_name(name, index) for name, shape in self.arrays.items() for index in indices(shape)]
        return bool(entries == self.data["variables"][: self.trained])

    def symbol(self, name: str) -> Symbol:
        """`U1_2_3` is the entry (2, 3) of U_1; unusual names are words."""
        match = _NAME.fullmatch(name)
        if not match:
            return Symbol(name)
        letter, number, index = match.groups()
        letter = _GREEK.get(letter, letter)
        if letter in LETTERS and letter != "phi":
            return Symbol(name) if len(name) > 1 else Symbol(letter)
        return Symbol(letter, number, tuple(index.split("_")[1:]))

    def array(self, name: str) -> Symbol:
        """An array by name; of velocities, with a dot."""
        velocity = name in self.shapes and name not in self.arrays
        plain = self.symbol(name[1:] if velocity else name)
        return Symbol(plain.name, plain.number, plain.index, int(velocity))

    def clock(self, power: int) -> Formula:
        """exp(rate t), t, t^3, or t^(3/2), to a power."""
        clock, time = self.data["clock"], Symbol("t")
        if "rate" in clock:
            return Power(Symbol("euler"), self._exponent(_multiplied(clock["rate"], power), time))
        exponent = Rational(power, clock["root"])
        return time if exponent == 1 else Power(time, _slashed(exponent, Number(str(exponent.numerator))))

    @property
    def over_time(self) -> Rational:
        """The number c of the damping c/t."""
        return Rational(self.data["flow"]["over_time"])

    @property
    def damping(self) -> Formula | None:
        """tau, or c/t; None for no damping."""
        flow = self.data["flow"]
        if "over_time" in flow:
            c, time = self.over_time, Symbol("t")
            return Fraction(Number(str(c.numerator)), time if c.denominator == 1 else row(Number(str(c.denominator)), time))
        return self.factor(flow["damping"]) if flow["damping"] else None

    def _exponent(self, rate: Sequence[Term], time: Formula) -> Formula:
        """rate t"""
        if len(rate) > 1:
            return row(self.factor(rate), time)
        value = Rational(rate[0][0])
        size: list[Formula] = [Number(str(abs(value.numerator)))] if abs(value.numerator) != 1 else []
        sign: list[Formula] = [MINUS] if value < 0 else []
        return _slashed(value, row(*sign, *size, *self.monomial(rate[0]), time))

    # -- polynomials --------------------------------------------------------------------------------
    def monomial(self, term: Term) -> list[Formula]:
        """The factors of a term without its coefficient: clock and parameters first."""
        pairs = list(zip(term[1::2], term[2::2], strict=True))
        factors = [self.clock(e) for k, e in pairs if k == self.clock_index]
        ordered = [p for p in pairs if p[0] >= self.moving] + [p for p in pairs if p[0] < self.variables]
        return factors + [self.symbols[k] if e == 1 else Power(self.symbols[k], Number(str(e))) for k, e in ordered]

    def signed(self, term: Term) -> Signed:
        """(whether negative, the term without sign)."""
        value, factors = Rational(term[0]), self.monomial(term)
        if abs(value) != 1 or not factors:
            factors = [rational(abs(value)), *factors]
        return value < 0, row(*factors)

    def polynomial(self, terms: Sequence[Term]) -> Formula:
        """A polynomial in a row; 0 for no terms."""
        return summed([self.signed(t) for t in terms])

    def factor(self, terms: Sequence[Term]) -> Formula:
        """A polynomial as a factor: in parentheses unless it is one term without sign; nothing for 1."""
        if len(terms) == 1 and list(terms[0]) == ["1"]:
            return Row(())
        whole = self.polynomial(terms)
        return whole if len(terms) == 1 and not self.signed(terms[0])[0] else parenthesised(whole)

    def lines(self, terms: Sequence[Term], room: float = ROOM) -> list[Formula]:
        """A polynomial on as many lines as it needs; a power of the clock that all terms share stands in front."""
        power, rest = self.without_clock(terms)
        if power and len(terms) > 1:
            return self.scaled(self.clock(power), [self.signed(t) for t in rest], room)
        return sum_lines([self.signed(t) for t in terms], room)

    def scaled(self, front: Formula, terms: Sequence[Signed], room: float = ROOM) -> list[Formula]:
        """front (sum of terms), on as many lines as it needs."""
        first, *others = sum_lines(terms, room - width(front) - 2)
        lines = [row(front, OPEN, first), *others]
        lines[-1] = row(lines[-1], CLOSE)
        return lines

    def without_clock(self, terms: Sequence[Term]) -> tuple[int, list[Term]]:
        """(power of the clock that every term has, the terms divided by it); 0 when the powers differ."""
        powers = {dict(zip(t[1::2], t[2::2], strict=True)).get(self.clock_index, 0) for t in terms}
        if len(powers) != 1 or powers == {0}:
            return 0, list(terms)
        return powers.pop(), [_dropped(t, self.clock_index) for t in terms]

    def fraction(self, parts: Sequence[Any]) -> Formula:
        """A rational function [numerator] or [numerator, denominator]; a single minus sign stands in front."""
        if len(parts) == 1:
            return self.polynomial(parts[0])
        negative, above = self.signed(parts[0][0]) if len(parts[0]) == 1 else (False, self.polynomial(parts[0]))
        value = Fraction(above, self.polynomial(parts[1]))
        return row(MINUS, value) if negative else value


def _slashed(value: Rational, above: Formula) -> Formula:
    """above / denominator"""
    return above if value.denominator == 1 else row(above, Operator("slash"), Number(str(value.denominator)))


def _multiplied(terms: Sequence[Term], factor: int) -> list[Term]:
    return [[str(Rational(t[0]) * factor), *t[1:]] for t in terms]


def _dropped(term: Term, coordinate: int) -> Term:
    kept = [(k, e) for k, e in zip(term[1::2], term[2::2], strict=True) if k != coordinate]
    return [term[0], *(n for pair in kept for n in pair)]
