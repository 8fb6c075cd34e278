"""Matrix expressions in the arrays of a flow, as `find` prints and people write them, with their entries.

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
from collections.abc import Callable
from functools import partial, reduce
from itertools import product

from polylaw.algebra.bounded import BoundedArithmetic, Quotient
from polylaw.algebra.generators import nearest
from polylaw.algebra.parse import Factor, begins_clock
from polylaw.algebra.ring import Polynomial
from polylaw.domains.geometry.matrix_values import Value, column, identity, plus, scalar, times
from polylaw.errors import InputError, ParseError, UnknownNameError
from polylaw.flows.flow import Flow
from polylaw.models.model import entry_name
from polylaw.syntax.grammar import Grammar
from polylaw.syntax.tokens import Lexicon, Token, tokens_of

_LEXICON = Lexicon(
    r"\d+(?:\.\d+)?", r"\^T\b|\*\*|[-+*/^()',=]", "a number, a name, or one of + - * / ^ ( ) '", 100_000
)
_TRANSPOSED = ("'", "^T")
_FUNCTIONS = ("tr", "diag", "sum")


def mentions_arrays(flow: Flow, text: str) -> bool:
    """Whether a text is in the notation of matrices: it names an array, transposes, or takes a trace."""
    names = set(re.findall(r"[A-Za-z][A-Za-z0-9_]*", text))
    return "'" in text or "tr" in names or any(name in names and shape for name, shape in flow.arrays.items())


def matrix_of(
    flow: Flow, text: str, argument: str, *, equation: bool = False
) -> tuple[list[list[Polynomial]], bool]:
    """The rows of the matrix written in `text`, of which a vector is a column, and whether it is a scalar; of
    an equation, the first side less the second, if there are two.  Raises `ParseError`, `UnknownNameError`,
    and `InputError` for shapes that do not fit."""
    parser = _Arrays(flow, text, argument)
    value = parser.equation() if equation else parser.whole()
    return [[parser.arithmetic.lowest(e).numerator for e in row] for row in value.entries], value.scalar


class _Arrays(Grammar[Value]):
    """The notation of matrices."""

    postfixes = (*_TRANSPOSED, "^", "**")
    juxtaposition = True
    nesting = 50
    advice = "write products of numbers with *"

    def __init__(self, flow: Flow, text: str, argument: str) -> None:
        super().__init__(argument, tokens_of(text, argument, _LEXICON))
        self.flow, self.arithmetic = flow, BoundedArithmetic(flow.ring, argument, ParseError)

    def equation(self) -> Value:
        """The first side less the second, if there are two."""
        left = self.sum(0)
        if self.take("="):
            left = plus(self.arithmetic, left, -self.sum(0))
        self.finish()
        return left

    def total(self, summands: list[Value]) -> Value:
        return reduce(partial(plus, self.arithmetic), summands)

    @property
    def at_ones(self) -> bool:
        """Whether a row of ones stands here."""
        return self.here.text == "1" and self.follows(*_TRANSPOSED)

    def product(self, depth: int) -> Value:
        """Factors from left to right; a row of ones sums the rows of all that stands on its right."""
        if not self.at_ones:
            return super().product(depth)
        if depth > self.nesting:
            raise self.error(f"at most {self.nesting} nested products")
        self.position += 2
        self.take("*")
        return self.row_sums(self.product(depth + 1).transposed)

    def extended(self, value: Value, mark: str, depth: int) -> Value:
        """The product with the next factor, a column of ones, or a row of ones and all behind it."""
        if self.at_ones:
            return self.times(value, mark, self.product(depth + 1))
        if self.here.text == "1" and not mark and not value.scalar:
            self.position += 1
            return self.row_sums(value)
        start, factor = self.position, self.power(depth)
        if not mark and value.scalar and factor.scalar:
            self.position = start
            raise self.error("an operator or the end", self.advice)
        return self.times(value, mark, factor)

    def times(self, left: Value, mark: str, right: Value) -> Value:
        """The product, or the quotient by a number."""
        if mark == "/":
            entry = right.entries[0][0]
            if not right.scalar or entry.above.constant_value is None:
                raise self.error("division by numbers only")
            right = scalar(self.arithmetic.inverse(entry))
        return times(self.arithmetic, left, right)

    def row_sums(self, value: Value) -> Value:
        if value.scalar:
            raise self.error("a matrix beside the vector of ones", "1' U sums the rows of U, U 1 its columns")
        return column([self.arithmetic.sum(row) for row in value.entries])

    def raised(self, value: Value, mark: str, first: Token, depth: int) -> Value:
        """The transpose, or a power."""
        if mark in _TRANSPOSED:
            return value.transposed
        exponent = self.integer("an integer exponent, or T for the transpose", most=999)
        if value.scalar:
            return scalar(self.arithmetic.power(value.entries[0][0], exponent))
        result = identity(self.arithmetic, self.arithmetic.constant(1), value.shape[0])
        for _ in range(exponent):
            result = times(self.arithmetic, result, value)
        return result

    def number(self) -> Value:
        return self.factor(Factor.number)

    def name(self, depth: int) -> Value:
        name = self.here.text
        if begins_clock(self.flow.ring, name) and name not in self.flow.arrays:
            return self.factor(lambda parser: parser.power(0))
        self.position += 1
        if name in _FUNCTIONS and name not in self.flow.arrays and self.here.text == "(":
            return self.function(name, depth)
        return self.named(name)

    def factor(self, read: Callable[[Factor], Quotient]) -> Value:
        """A number, or a power of the clock, read as in polynomials."""
        parser = Factor(self.arithmetic, self.tokens, self.position)
        value = read(parser)
        self.position = parser.position
        return scalar(value)

    def function(self, name: str, depth: int) -> Value:
        """tr, diag or sum."""
        if name == "sum":
            return self.sum_of(depth)
        value = self.argument_of(depth)
        rows, columns = value.shape
        if rows != columns:
            what = "trace" if name == "tr" else "diagonal"
            raise InputError(self.argument, f"the {what} of a {rows} x {columns} matrix", "a square matrix")
        diagonal = [value.entries[i][i] for i in range(rows)]
        return scalar(self.arithmetic.sum(diagonal)) if name == "tr" else column(diagonal)

    def sum_of(self, depth: int) -> Value:
        """The sum of the entries of an array or of a matrix, over all axes or all but one."""
        self.expect("(")
        name = self.here.text
        if len(self.flow.arrays.get(name, ())) > 2 and not self.follows("("):
            self.position += 1
            axis = self.axis(name, "but", "axis") if self.take(",") else 0
            unfolded = self.unfolded(name, axis or 1)
        else:
            unfolded, axis = self.sum(depth + 1), 0
        self.expect(")")
        sums = self.row_sums(unfolded)
        return sums if axis else scalar(self.arithmetic.sum([e for row in sums.entries for e in row]))

    def axis(self, name: str, *before: str) -> int:
        """The number of an axis of an array, after these words."""
        self.expect(*before)
        axes = len(self.flow.arrays[name])
        return self.integer(f"an axis of {name}, from 1 to {axes}", 1, axes)

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
        """The matrix with one axis (from 1) of an array as rows, the others, in their order, as columns."""
        shape = self.flow.arrays[name]
        others = [range(1, n + 1) for k, n in enumerate(shape, 1) if k != axis]
        rows = []
        for i in range(1, shape[axis - 1] + 1):
            places = ((*rest[: axis - 1], i, *rest[axis - 1 :]) for rest in product(*others))
            rows.append(tuple(self.arithmetic.named(entry_name(name, place)) for place in places))
        return Value(tuple(rows))
