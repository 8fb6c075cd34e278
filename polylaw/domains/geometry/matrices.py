"""Matrix expressions in the arrays of a flow, as `find` prints them and as people write them, with their
entries.

    sum     = ["+" | "-"] product { ("+" | "-") product }
    product = power { ["*" | "/"] power }          beside a matrix the * can be left out: 2 U1' U1
    power   = atom { "'" | "^T" | "^" integer }
    atom    = number | name | array "(" axis ")" | function "(" sum ")" | "(" sum ")" | a power of the clock

A name is a weight (or velocity) array of the flow or a single variable; a vector is a column.  `diag` of a
matrix is its diagonal, `tr` its trace; `1' U` sums the rows of U, `U 1` its columns.  Of an array with more
axes `W(2)` is the matrix with axis 2 as rows and all others, in their order, as columns; `sum(W)` adds up all
entries, `sum(W, but axis 3)` all but those along an axis.  Beside a matrix a number c means c times the
identity.  Nothing is ever evaluated as code; work is bounded as for laws.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from polylaw.algebra.bounded import BoundedArithmetic, Quotient
from polylaw.algebra.generators import TIME, nearest
from polylaw.algebra.parse import Parser, Reader, tokens_of
from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import Polynomial
from polylaw.domains.geometry.matrix_values import Value, column, identity, negated, plus, scalar, times
from polylaw.errors import InputError, ParseError, UnknownNameError
from polylaw.flows.flow import Flow
from polylaw.models.model import entry_name

_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<mark>\^T\b|\*\*|[-+*/^()',])|(?P<space>\s+)",
    re.ASCII,
)
_MARKS = "+ - * / ^ ( ) '"
_TRANSPOSED = ("'", "^T")
_DEEPEST = 50
_LONGEST = 100_000


@dataclass(frozen=True)
class Matrix:
    """An array of polynomials by rows; a vector is a column, and a `scalar` has one entry."""

    entries: tuple[tuple[Polynomial, ...], ...]
    scalar: bool


def mentions_arrays(flow: Flow, text: str) -> bool:
    """Whether a text is in the notation of matrices: it names an array with axes, or transposes, or takes a
    trace."""
    names = set(re.findall(r"[A-Za-z][A-Za-z0-9_]*", text))
    return "'" in text or "tr" in names or any(name in names and shape for name, shape in flow.arrays.items())


def matrix_of(flow: Flow, sides: Sequence[str], argument: str) -> Matrix:
    """The first side less the second, if there are two.

    Raises `ParseError`, `UnknownNameError`, and `InputError` for shapes that do not fit.
    """
    if (length := sum(map(len, sides))) > _LONGEST:
        raise ParseError(argument, f"{length} characters", f"at most {_LONGEST}")
    arithmetic = BoundedArithmetic(flow.ring, argument, ParseError)
    left, *right = (_Parser(flow, arithmetic, side).whole() for side in sides)
    value = plus(arithmetic, left, negated(right[0])) if right else left
    return Matrix(
        tuple(tuple(arithmetic.lowest(e).numerator for e in row) for row in value.entries), value.scalar
    )


class _Parser(Reader):
    """Recursive descent over one side of an equation, one method per line of the grammar."""

    def __init__(self, flow: Flow, arithmetic: BoundedArithmetic, text: str) -> None:
        super().__init__(arithmetic.argument, tokens_of(text, arithmetic.argument, _TOKEN, _MARKS))
        self.flow, self.arithmetic = flow, arithmetic

    def whole(self) -> Value:
        value = self.sum(0)
        if self.here.kind != "end":
            raise self.error("an operator or the end")
        return value

    def error(self, expected: str, hint: str = "write products of numbers with *") -> ParseError:
        return ParseError(self.argument, self.here.text, expected, hint)

    def followed_by(self, *texts: str) -> bool:
        """Whether the token after the next one is one of these."""
        return self.tokens[self.position + 1].text in texts

    def expect(self, *texts: str) -> None:
        for text in texts:
            if self.here.text != text:
                raise self.error(f"'{text}'", "")
            self.position += 1

    def sum(self, depth: int) -> Value:
        mark = self.take("+", "-")
        total = self.product(depth)
        total = negated(total) if mark == "-" else total
        while mark := self.take("+", "-"):
            summand = self.product(depth)
            total = plus(self.arithmetic, total, negated(summand) if mark == "-" else summand)
        return total

    def product(self, depth: int) -> Value:
        """Factors from left to right; a row of ones sums the rows of all that stands on its right."""
        if self.here.text == "1" and self.followed_by(*_TRANSPOSED):
            if depth > _DEEPEST:
                raise self.error(f"at most {_DEEPEST} nested products", "")
            self.position += 2
            self.take("*")
            return self.row_sums(self.product(depth + 1).transposed)
        value = self.power(depth)
        while True:
            mark = self.take("*", "/")
            kind, text, _ = self.here
            if not mark and kind not in ("name", "number") and text != "(":
                return value
            if text == "1" and self.followed_by(*_TRANSPOSED):
                return times(self.arithmetic, value, self.product(depth + 1))
            if not mark and text == "1" and not value.scalar:
                self.position += 1
                value = self.row_sums(value)
                continue
            start, factor = self.position, self.power(depth)
            if not mark and value.scalar and factor.scalar:
                self.position = start
                raise self.error("an operator or the end")
            value = times(self.arithmetic, value, self.inverse(factor) if mark == "/" else factor)

    def inverse(self, value: Value) -> Value:
        entry = value.entries[0][0]
        if not value.scalar or entry.above.constant_value is None:
            raise self.error("division by numbers only", "")
        return scalar(self.arithmetic.inverse(entry))

    def row_sums(self, value: Value) -> Value:
        if value.scalar:
            raise self.error("a matrix beside the vector of ones", "1' U sums the rows of U, U 1 its columns")
        sums = [self.arithmetic.sum(row) for row in value.entries]
        return column(sums)

    def power(self, depth: int) -> Value:
        value = self.atom(depth)
        while mark := self.take(*_TRANSPOSED, "^", "**"):
            if mark in _TRANSPOSED:
                value = value.transposed
                continue
            kind, digits, _ = self.here
            if kind != "number" or not digits.isdigit() or len(digits) > 3:
                raise self.error("an integer exponent, or T for the transpose", "")
            self.position += 1
            value = self.raised(value, int(digits))
        return value

    def raised(self, value: Value, exponent: int) -> Value:
        if value.scalar:
            return scalar(self.arithmetic.power(value.entries[0][0], exponent))
        result = identity(self.arithmetic, self.arithmetic.constant(1), value.shape[0])
        for _ in range(exponent):
            result = times(self.arithmetic, result, value)
        return result

    def atom(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise self.error(f"at most {_DEEPEST} nested parentheses", "")
        if self.take("("):
            return self.closed(depth)
        kind, text, _ = self.here
        if kind not in ("number", "name"):
            raise self.error("a number, a name or '('")
        if self.is_clock():
            return self.clock()
        self.position += 1
        if kind == "number":
            return scalar(self.arithmetic.constant(rational(text)))
        if text in _FUNCTION and text not in self.flow.arrays and self.take("("):
            return _FUNCTION[text](self, depth)
        return self.named(text)

    def closed(self, depth: int) -> Value:
        value = self.sum(depth + 1)
        self.expect(")")
        return value

    # -- functions --------------------------------------------------------------------------------
    def tr_of(self, depth: int) -> Value:
        return scalar(self.arithmetic.sum(self.diagonal(depth, "trace")))

    def diag_of(self, depth: int) -> Value:
        return column(self.diagonal(depth, "diagonal"))

    def diagonal(self, depth: int, what: str) -> list[Quotient]:
        value = self.closed(depth)
        rows, columns = value.shape
        if rows != columns:
            raise InputError(self.argument, f"the {what} of a {rows} x {columns} matrix", "a square matrix")
        return [value.entries[i][i] for i in range(rows)]

    def sum_of(self, depth: int) -> Value:
        """The sum of the entries of an array with any number of axes, or of a matrix; all axes or all but
        one."""
        name = self.here.text
        if len(self.flow.arrays.get(name, ())) > 2 and not self.followed_by("("):
            self.position += 1
            axis = self.axis(name, "but", "axis") if self.take(",") else 0
            unfolded = self.unfolded(name, axis or 1)
        else:
            unfolded, axis = self.sum(depth + 1), 0
        self.expect(")")
        sums = self.row_sums(unfolded)
        return sums if axis else scalar(self.arithmetic.sum([e for row in sums.entries for e in row]))

    # -- names ------------------------------------------------------------------------------------
    def is_clock(self) -> bool:
        name, ring = self.here.text, self.flow.ring
        known = name in ring or name in self.flow.arrays
        return ring.clock is not None and name in ("exp", TIME) and not known

    def clock(self) -> Value:
        """A power of the clock: exp(2*tau*t), t^3, t^(3/2), read by the parser of polynomials."""
        parser = Parser(self.arithmetic, self.tokens, self.position)
        power = parser.power(0)
        self.position = parser.position
        return scalar(power)

    def axis(self, name: str, *before: str) -> int:
        """The number of an axis of an array, after these words."""
        self.expect(*before)
        axes = len(self.flow.arrays[name])
        kind, text, _ = self.here
        if kind != "number" or not text.isdigit() or not 1 <= int(text) <= axes:
            raise self.error(f"an axis of {name}, from 1 to {axes}", "")
        self.position += 1
        return int(text)

    def named(self, name: str) -> Value:
        shape = self.flow.arrays.get(name)
        if not shape:
            if name not in self.flow.ring and self.flow.ring.clock is None:
                hint = nearest(name, [*self.flow.arrays, *self.flow.ring.variables])
                raise UnknownNameError(self.argument, name, "an array or a variable of this flow", hint)
            return scalar(self.arithmetic.named(name))
        if len(shape) > 2:
            if not self.take("("):
                hint = f"write {name}(1) for the matrix with axis 1 as rows, or name its entries"
                found = f"{name}, which has {len(shape)} axes"
                raise InputError(self.argument, found, "a matrix or a vector", hint)
            axis = self.axis(name)
            self.expect(")")
            return self.unfolded(name, axis)
        return self.unfolded(name, 1)

    def unfolded(self, name: str, axis: int) -> Value:
        """The matrix with one axis (from 1) of an array as rows, and the others, in their order, as
        columns."""
        shape = self.flow.arrays[name]
        others = [range(1, n + 1) for k, n in enumerate(shape, 1) if k != axis]
        rows = []
        for i in range(1, shape[axis - 1] + 1):
            places = ((*rest[: axis - 1], i, *rest[axis - 1 :]) for rest in product(*others))
            rows.append(tuple(self.arithmetic.named(entry_name(name, place)) for place in places))
        return Value(tuple(rows))


_FUNCTION: dict[str, Callable[[_Parser, int], Value]] = {
    "tr": _Parser.tr_of,
    "diag": _Parser.diag_of,
    "sum": _Parser.sum_of,
}
