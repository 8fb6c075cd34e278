"""The whitelist parser of words: text to an `Expression`.

    sum     = ["-"] product { ("+" | "-") product }
    product = factor { ["*" | ".*"] factor }             .* is the entrywise product
    factor  = atom { "'" }                               ' transposes
    atom    = scalar | letter | letter "(" axis ")" | "1" (a vector of ones, beside a matrix) | "(" sum ")"
            | ("diag" | "tr" | "sym" | "skew") "(" sum ")"
    scalar  = number ["/" number] | parameter ["^" number] | a power of the clock: t, t^3, exp(2*tau*t)

diag of a matrix is its diagonal, of a vector the diagonal matrix; sym(A) is A + A' and skew(A) is A - A'.
A letter with more than two axes is unfolded: W(2) has axis 2 as rows, all others in their order as columns.
Where a text has brackets it is in the notation with indices: open ones in front, all others summed over each
term.

    [i,k] U[i,j] V[k,j] - 2 W[i,k]                       atom = letter "[" name { "," name } "]"

one_n[i] is there the vector of ones of width n, so one_n[i] by itself is the number n.

Nothing is ever evaluated as code; length, nesting, letters in a term and number of terms are bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import NamedTuple

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.expression import Alphabet, Expression, contraction
from polylaw.algebra.words.indexed import Indexed
from polylaw.algebra.words.letters import shape_text
from polylaw.algebra.words.notation import LEXICON, Words
from polylaw.algebra.words.term import canonical
from polylaw.errors import ParseError
from polylaw.syntax.tokens import Token, errors_of, tokens_of


def word_letters(text: str, argument: str = "words") -> list[str]:
    """The names in `text` that are neither functions nor indices, in order of first occurrence."""
    tokens = tokens_of(text, argument, LEXICON)
    found: list[str] = []
    inside = False
    for token in tokens:
        inside = token.text == "[" or (inside and token.text != "]")
        if token.kind == "name" and not inside and token.text not in (*_FUNCTION, "exp"):
            found.append(token.text)
    return list(dict.fromkeys(found))


def parse_words(alphabet: Alphabet, text: str, argument: str = "words") -> Expression:
    """The expression over `alphabet` written in `text`.

    A row and a column are both arrays with one axis.  Raises `ParseError` (grammar, bounds, shapes that do
    not fit) and `UnknownNameError`.
    """
    tokens = tokens_of(text, argument, LEXICON)
    with errors_of(argument):
        if "[" in text:
            return Indexed(alphabet, text, tokens, argument).expression()
        return _Matrices(alphabet, text, tokens, argument).whole().array


class _Value(NamedTuple):
    """A value of the notation without indices: how many of its axes, in this order, are rows and columns."""

    array: Expression
    row: int
    column: int

    def __neg__(self) -> _Value:
        return self._replace(array=-self.array)

    @property
    def transpose(self) -> _Value:
        axes = range(self.row + self.column)
        return _Value(self.array.permuted([*axes[self.row :], *axes[: self.row]]), self.column, self.row)


class _Matrices(Words[_Value]):
    """The notation of matrix words."""

    operators = ("*", ".*")
    postfixes = ("'",)
    operand = "a letter, a number or '('"

    def whole(self) -> _Value:
        """The value of the text, which is no unfolding by itself."""
        value = super().whole()
        if max(value.row, value.column) > 1:
            expected, hint = "an unfolding only beside its like", "for example W(1) W(1)'"
            raise ParseError(self.argument, self.text, expected, hint)
        return value

    def constant(self, scalar: Polynomial) -> _Value:
        return _Value(self.alphabet.expression((), {canonical((), ()): scalar}), 0, 0)

    def total(self, summands: list[_Value]) -> _Value:
        return reduce(self.plus, summands)

    def plus(self, left: _Value, right: _Value) -> _Value:
        """A row plus a column is the array with one axis that both are, and neither of them after that."""
        array = self.short(left.array + right.array)
        return _Value(array, left.row, left.column) if left[1:] == right[1:] else _Value(array, 1, 0)

    def short(self, value: Expression) -> Expression:
        self.bounded(len(value.terms), value.length)
        return value

    def extended(self, value: _Value, mark: str, depth: int) -> _Value:
        """The product with the next factor, or with a column of ones."""
        if mark and not self.starts_factor:
            raise self.error("a factor")
        if self.here.text == "1" and mark != ".*" and value.column:
            self.position += 1
            return self.summed(value.transpose).transpose
        return super().extended(value, mark, depth)

    def power(self, depth: int) -> _Value:
        """A factor; behind a row of ones, the sums of its rows."""
        ones = self.here.text == "1" and self.follows("'")
        if ones:
            self.position += 2
            self.take("*")
        value = super().power(depth)
        return self.summed(value) if ones else value

    def raised(self, value: _Value, mark: str, first: Token, depth: int) -> _Value:
        return value.transpose

    def summed(self, value: _Value) -> _Value:
        """The sums of the rows, as a row of ones takes them."""
        if not value.row:
            raise self.error("a matrix beside the vector of ones", "1' U sums the rows of U, U 1 its columns")
        axes = range(value.row + value.column)
        return _Value(contraction(axes[value.row :], (value.array, axes)), 0, value.column)

    def times(self, left: _Value, mark: str, right: _Value) -> _Value:
        return self.hadamard(left, right) if mark == ".*" else self.composed(left, right)

    def composed(self, left: _Value, right: _Value) -> _Value:
        k, m = len(left.array.widths), len(right.array.widths)
        if left.column and right.row:
            if left.column != right.row:
                hint = "unfold both letters, W(1) W(1)'"
                raise ParseError(self.argument, self.text, "matrices that fit", hint)
            shift, kept = k - left.column, [*range(left.row), *range(k, k + right.column)]
            array = contraction(kept, (left.array, range(k)), (right.array, range(shift, shift + m)))
        elif (left.column and right.column) or (left.row and right.row):
            found, expected = "a column times a matrix or a column", "a row on the right"
            if left.column:
                found = f"{shape_text(left.array.widths)} times a row"
                expected = "a matrix or a column on the right"
            hint = "transpose one with ', or write the product of entries with .*"
            raise ParseError(self.argument, found, expected, hint)
        else:
            array = contraction(range(k + m), (left.array, range(k)), (right.array, range(k, k + m)))
        row = left.row or (0 if left.column else right.row)
        return _Value(self.short(array), row, right.column or (0 if right.row else left.column))

    def hadamard(self, left: _Value, right: _Value) -> _Value:
        axes = range(len(left.array.widths))
        if left.array.widths != right.array.widths or left[1:] != right[1:]:
            found = f"{shape_text(left.array.widths)} .* {shape_text(right.array.widths)}"
            raise ParseError(self.argument, found, "two arrays of one shape around .*")
        return left._replace(array=self.short(contraction(axes, (left.array, axes), (right.array, axes))))

    def letter(self, depth: int) -> _Value:
        name = self.here.text
        if name in _FUNCTION and name not in self.alphabet.letters:
            self.position += 1
            return _FUNCTION[name](self, self.argument_of(depth))
        if name not in self.alphabet.letters:
            raise self.unknown()
        self.position += 1
        array = self.alphabet.letter(name)
        if len(array.widths) > 2:
            return self.unfolded(name, array)
        return _Value(array, min(len(array.widths), 1), max(len(array.widths) - 1, 0))

    def unfolded(self, name: str, array: Expression) -> _Value:
        """A letter with more than two axes as a matrix."""
        axes = range(len(array.widths))
        if not self.take("("):
            hint = "write the axis, U(1) U(1)', or indices: [a] U[a,b,c] ..."
            raise ParseError(self.argument, f"{name} with {len(axes)} axes", "matrices and vectors", hint)
        axis = self.integer(f"an axis of {name}, from 1 to {len(axes)}", 1, len(axes)) - 1
        self.expect(")")
        return _Value(array.permuted([axis, *axes[:axis], *axes[axis + 1 :]]), 1, len(axes) - 1)

    def square(self, value: _Value, what: str) -> Expression:
        if len(value.array.widths) != 2 or len(set(value.array.widths)) > 1:
            raise ParseError(self.argument, shape_text(value.array.widths), f"a square matrix in {what}(...)")
        return value.array

    def diag(self, value: _Value) -> _Value:
        if len(value.array.widths) == 1:
            return _Value(contraction("ii", (value.array, "i")), 1, 1)
        return _Value(self.square(value, "diag").diagonal, 1, 0)


_FUNCTION: dict[str, Callable[[_Matrices, _Value], _Value]] = {
    "diag": _Matrices.diag,
    "tr": lambda reader, value: _Value(reader.square(value, "tr").trace, 0, 0),
    "sym": lambda reader, value: value._replace(array=reader.square(value, "sym").symmetric_part),
    "skew": lambda reader, value: value._replace(array=reader.square(value, "skew").skew_part),
}
