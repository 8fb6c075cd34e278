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
from typing import NamedTuple

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.expression import Alphabet, Expression, contraction
from polylaw.algebra.words.indexed import Indexed
from polylaw.algebra.words.letters import shape_text
from polylaw.algebra.words.term import canonical
from polylaw.algebra.words.tokens import MOST_NESTING, MOST_TERMS, Reader, tokens_of
from polylaw.errors import InputError, ParseError, UnknownNameError

__all__ = ["parse_words", "word_letters"]

_FUNCTIONS = ("diag", "tr", "sym", "skew")


def word_letters(text: str, argument: str = "words") -> list[str]:
    """The names in `text` that are neither functions nor indices, in order of first occurrence."""
    tokens = tokens_of(text, argument)
    found: list[str] = []
    inside = False
    for token in tokens:
        inside = token.text == "[" or (inside and token.text != "]")
        if token.kind == "name" and not inside and token.text not in (*_FUNCTIONS, "exp"):
            found.append(token.text)
    return list(dict.fromkeys(found))


def parse_words(alphabet: Alphabet, text: str, argument: str = "words") -> Expression:
    """The expression over `alphabet` written in `text`.

    A row and a column are both arrays with one axis.  Raises `ParseError` (grammar, bounds, shapes that do
    not fit) and `UnknownNameError`.
    """
    tokens = tokens_of(text, argument)
    reader: Reader = (Indexed if any(t.text == "[" for t in tokens) else _Matrices)(
        alphabet, text, tokens, argument
    )
    try:
        value = reader.whole()
    except InputError as error:
        if isinstance(error, (ParseError, UnknownNameError)):
            raise
        raise ParseError(
            argument, text, error.expected, f"{error.found}; {error.hint}" if error.hint else str(error.found)
        ) from None
    if len(value.terms) > MOST_TERMS:
        raise ParseError(argument, f"{len(value.terms)} terms", f"at most {MOST_TERMS}")
    return value


class _Value(NamedTuple):
    """A value of the notation without indices: how many of its axes, in this order, are rows and columns."""

    array: Expression
    row: int
    column: int

    @property
    def transpose(self) -> _Value:
        axes = range(self.row + self.column)
        return _Value(self.array.permuted([*axes[self.row :], *axes[: self.row]]), self.column, self.row)


class _Matrices(Reader):
    """The notation of matrix words."""

    def whole(self) -> Expression:
        value = self.sum(0)
        self.end()
        if max(value.row, value.column) > 1:
            raise ParseError(
                self.argument, self.text, "an unfolding only beside its like", "for example W(1) W(1)'"
            )
        return value.array

    def constant(self, scalar: Polynomial) -> _Value:
        return _Value(self.alphabet.expression((), {canonical((), ()): scalar}), 0, 0)

    def sum(self, depth: int) -> _Value:
        total: _Value | None = None
        mark = self.take("+", "-") or "+"
        while mark:
            value = self.product(depth)
            if mark == "-":
                value = value._replace(array=-value.array)
            total = value if total is None else self.added(total, value)
            mark = self.take("+", "-") or ""
        assert total is not None
        return total

    def added(self, left: _Value, right: _Value) -> _Value:
        """A row plus a column is the array with one axis that both are, and neither row nor column after
        that."""
        array = self.bounded(left.array + right.array)
        return _Value(array, left.row, left.column) if left[1:] == right[1:] else _Value(array, 1, 0)

    def product(self, depth: int) -> _Value:
        ones = self.row_of_ones()
        value = self.factor(depth)
        if ones:
            value = self.summed(value, 0)
        while True:
            entrywise = self.take("*", ".*") == ".*"
            after_operator = self.tokens[self.position - 1].text in ("*", ".*")
            if not self.starts_factor():
                if after_operator:
                    raise self.error("a factor")
                return value
            if self.here.text == "1" and not entrywise and value.column:
                self.position += 1
                value = self.summed(value, -1)
                continue
            ones = self.row_of_ones()
            right = self.factor(depth)
            right = self.summed(right, 0) if ones else right
            value = self.hadamard(value, right) if entrywise else self.times(value, right)

    def row_of_ones(self) -> bool:
        if self.here.text != "1" or self.tokens[self.position + 1].text != "'":
            return False
        self.position += 2
        self.take("*")
        return True

    def summed(self, value: _Value, axis: int) -> _Value:
        if not (value.row if axis == 0 else value.column):
            raise self.error("a matrix beside the vector of ones", "1' U sums the rows of U, U 1 its columns")
        axes = range(value.row + value.column)
        kept = axes[value.row :] if axis == 0 else axes[: value.row]
        array = contraction(kept, (value.array, axes))
        return _Value(array, value.row if axis else 0, 0 if axis else value.column)

    def times(self, left: _Value, right: _Value) -> _Value:
        k, m = len(left.array.widths), len(right.array.widths)
        if left.column and right.row:
            if left.column != right.row:
                raise ParseError(
                    self.argument, self.text, "matrices that fit", "unfold both letters, W(1) W(1)'"
                )
            shift, kept = k - left.column, [*range(left.row), *range(k, k + right.column)]
            array = contraction(kept, (left.array, range(k)), (right.array, range(shift, shift + m)))
        elif left.column and right.column:
            hint = "transpose one with ', or write the product of entries with .*"
            raise ParseError(
                self.argument,
                f"{shape_text(left.array.widths)} times a row",
                "a matrix or a column on the right",
                hint,
            )
        elif left.row and right.row and not left.column:
            hint = "transpose one with ', or write the product of entries with .*"
            raise ParseError(self.argument, "a column times a matrix or a column", "a row on the right", hint)
        else:
            array = contraction(range(k + m), (left.array, range(k)), (right.array, range(k, k + m)))
        return _Value(
            self.bounded(array),
            left.row or (right.row and not left.column),
            right.column or (left.column and not right.row),
        )

    def hadamard(self, left: _Value, right: _Value) -> _Value:
        axes = range(len(left.array.widths))
        if left.array.widths != right.array.widths or left[1:] != right[1:]:
            found = f"{shape_text(left.array.widths)} .* {shape_text(right.array.widths)}"
            raise ParseError(self.argument, found, "two arrays of one shape around .*")
        return left._replace(array=self.bounded(contraction(axes, (left.array, axes), (right.array, axes))))

    def factor(self, depth: int) -> _Value:
        value = self.atom(depth)
        while self.take("'"):
            value = value.transpose
        return value

    def atom(self, depth: int) -> _Value:
        if depth > MOST_NESTING:
            raise self.error(f"at most {MOST_NESTING} nested parentheses")
        token = self.here
        if token.kind == "number" or self.is_scalar_name():
            return self.constant(self.scalar())
        if self.take("("):
            value = self.sum(depth + 1)
            self.expect(")")
            return value
        if token.kind != "name":
            raise self.error("a letter, a number or '('")
        if token.text in _FUNCTIONS and token.text not in self.alphabet.letters:
            self.position += 1
            self.expect("(")
            value = _FUNCTION[token.text](self, self.sum(depth + 1))
            self.expect(")")
            return value
        if token.text not in self.alphabet.letters:
            raise self.unknown()
        self.position += 1
        array = self.alphabet.letter(token.text)
        if len(array.widths) > 2:
            return self.unfolded(token.text, array)
        return _Value(array, min(len(array.widths), 1), max(len(array.widths) - 1, 0))

    def unfolded(self, name: str, array: Expression) -> _Value:
        """A letter with more than two axes as a matrix."""
        axes = range(len(array.widths))
        if not self.take("(") or self.here.text not in map(str, range(1, len(axes) + 1)):
            hint = "write the axis, U(1) U(1)', or indices: [a] U[a,b,c] ..."
            raise ParseError(self.argument, f"{name} with {len(axes)} axes", "matrices and vectors", hint)
        axis = int(self.here.text) - 1
        self.position += 1
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
