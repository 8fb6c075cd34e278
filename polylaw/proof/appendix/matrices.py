"""Names of matrices of laws, such as `diag(U1^T U1 - U2 U2^T)`: as formulas, and entry by entry as polynomials.

The entries are worked out so that an appendix equates a law with an entry of a matrix only where this is true.

    sum     = [-] term {(+|-) term}
    term    = {scalar} (group | diag(sum) | tr(sum) | word)
    scalar  = number, polynomial in the parameters, or power of the clock
    word    = factor [factor], factor = 1^T, 1, or an array, perhaps unfolded along an axis, U(2), and transposed
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction as Rational
from itertools import product
from math import prod

from polylaw.algebra.polynomial import Polynomial
from polylaw.proof.appendix.document import Formula, Operator, Symbol
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.formulas import parenthesised, row, summed, transposed
from polylaw.proof.appendix.names import Names

__all__ = ["MatrixName", "UNREADABLE", "multiple", "read_matrix"]

Index = tuple[int, ...]
Entry = Callable[[Index], Polynomial]

#: What a text that is no name of a matrix of this model may raise.
UNREADABLE = (ValueError, IndexError, KeyError, TypeError, ArithmeticError, RecursionError)
_TOKEN = re.compile(r"\s*(1\^T|\^T|[A-Za-z_][A-Za-z_0-9]*|[0-9]+(?:/[0-9]+)?|[-+*^(),])")


@dataclass(frozen=True)
class MatrixName:
    """A name as a formula and its entry at an index (from 1); whether it has a vector of ones, or unfoldings."""

    formula: Formula
    entry: Entry
    ones: bool
    unfolds: bool


@dataclass(frozen=True)
class _Value:
    """A matrix whose rows and columns are named by indices; of a vector the columns, or rows, are just ()."""

    formula: Formula
    rows: list[Index]
    columns: list[Index]
    entry: Callable[[Index, Index], Polynomial]

    def at(self, index: Index) -> Polynomial:
        """The entry at (i, j); of a row or a column at (i); of a scalar at ()."""
        if len(index) == 2:
            return self.entry(index[:1], index[1:])
        return self.entry((), index) if self.rows == [()] else self.entry(index, ())


def multiple(law: Polynomial, entry: Polynomial) -> Rational | None:
    """The number c with law = c entry, if there is one."""
    if not entry or law.terms.keys() != entry.terms.keys():
        return None
    monomial = next(iter(entry.terms))
    c = Rational(law.terms[monomial]) / Rational(entry.terms[monomial])
    return c if law == entry * c else None


def read_matrix(text: str, names: Names, fields: Fields) -> MatrixName | None:
    """The meaning of a name; None for a text of another form."""
    try:
        reader = _Reader(text, names, fields)
        formula, entry, _ = reader.sum()
        if reader.tokens:
            return None
    except UNREADABLE:
        return None
    return MatrixName(formula, entry, reader.ones, reader.unfolds)


class _Reader:
    def __init__(self, text: str, names: Names, fields: Fields) -> None:
        self.names, self.fields, self.ring = names, fields, fields.ring
        self.places = {name: i for i, name in enumerate(names.data["variables"])}
        self.parameters = {name: names.moving + i for i, name in enumerate(names.data["parameters"])}
        self.ones = self.unfolds = False
        self.tokens: list[str] = []
        place = 0
        while place < len(text):
            match = _TOKEN.match(text, place)
            if not match:
                raise ValueError(text)
            self.tokens.append(match.group(1))
            place = match.end()

    def peek(self, *expected: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in expected

    def take(self, *expected: str) -> str:
        if expected and not self.peek(*expected):
            raise ValueError(f"expected {expected}")
        return self.tokens.pop(0)

    def inside(self, read: Callable[[], tuple[Formula, Entry, list[Index]]]) -> tuple[Formula, Entry, list[Index]]:
        self.take("(")
        found = read()
        self.take(")")
        return found

    # -- sums and terms ------------------------------------------------------------------------------
    def sum(self) -> tuple[Formula, Entry, list[Index]]:
        """(formula, entry, indices of rows)"""
        terms: list[tuple[bool, Formula]] = []
        entries: list[tuple[int, Entry]] = []
        rows: list[Index] = []
        while not terms or self.peek("+", "-"):
            negative = self.peek("+", "-") and self.take() == "-"
            formula, entry, rows = self.term()
            terms.append((negative, formula))
            entries.append((-1 if negative else 1, entry))
        return summed(terms), lambda index: Polynomial.sum(self.ring, (e(index) * sign for sign, e in entries)), rows

    def term(self) -> tuple[Formula, Entry, list[Index]]:
        front: list[Formula] = []
        scale = self.ring.constant(1)
        while (found := self.scalar()) is not None:
            front.append(found[0])
            scale = scale * found[1]
        formula, entry, rows = self.body()
        return row(*front, formula), lambda index: scale * entry(index), rows

    def body(self) -> tuple[Formula, Entry, list[Index]]:
        if self.peek("("):
            formula, entry, rows = self.inside(self.sum)
            return parenthesised(formula), entry, rows
        if self.peek("diag", "tr") and self.tokens[1:2] == ["("] and self.tokens[0] not in self.names.shapes:
            word = self.take()
            formula, entry, rows = self.inside(self.sum)
            shown = row(Operator(word), parenthesised(formula))
            if word == "diag":
                return shown, lambda index: entry((*index, *index)), rows
            return shown, lambda _: Polynomial.sum(self.ring, (entry((*i, *i)) for i in rows)), [()]
        value = self.word()
        return value.formula, value.at, value.rows

    # -- scalars -------------------------------------------------------------------------------------
    def scalar(self) -> tuple[Formula, Polynomial] | None:
        """A number, a polynomial in the parameters, or a power of the clock, if one comes next."""
        if self.names.data["clock"] and (self.peek("exp") or (self.peek("t") and "t" not in self.names.shapes)):
            power = self.power_of_time() if self.take() == "t" else self.power_of_exponential()
            return self.names.clock(power), self.ring.monomial(((self.names.clock_index, power),))
        if self.constant_next(0):
            value = self.product_of_constants()
            return self.names.polynomial(self.fields.terms(value)), value
        if self.peek("(") and self.constant_next(1):
            self.take()
            value = self.sum_of_constants()
            self.take(")")
            return parenthesised(self.names.polynomial(self.fields.terms(value))), value
        return None

    def constant_next(self, place: int) -> bool:
        word = self.tokens[place] if place < len(self.tokens) else ""
        return word in self.parameters or (word[:1].isdigit() and word != "1^T")

    def sum_of_constants(self) -> Polynomial:
        total = self.ring.constant(0)
        while True:
            sign = -1 if self.peek("+", "-") and self.take() == "-" else 1
            total = total + self.product_of_constants() * sign
            if not self.peek("+", "-"):
                return total

    def product_of_constants(self) -> Polynomial:
        value = self.constant()
        while self.peek("*") and self.constant_next(1):
            self.take()
            value = value * self.constant()
        return value

    def constant(self) -> Polynomial:
        word = self.take()
        if word[0].isdigit():
            return self.ring.constant(Rational(word))
        power = 1
        if self.peek("^"):
            self.take()
            power = int(self.take())
        return self.ring.monomial(((self.parameters[word], power),))

    def power_of_time(self) -> int:
        exponent = Rational(1)
        if self.peek("^"):
            self.take()
            bracket = self.peek("(") and bool(self.take())
            exponent = Rational(self.take())
            if bracket:
                self.take(")")
        return int(exponent * self.names.data["clock"]["root"])

    def power_of_exponential(self) -> int:
        """`(tau*t)`, `(2*g*t)`, `((a + b)*t)`, `(t)`: which power of exp(rate t)."""
        self.take("(")
        rate = self.ring.constant(1)
        if self.peek("("):
            self.take()
            rate = self.sum_of_constants()
            self.take(")")
        elif not self.peek("t"):
            rate = self.product_of_constants()
        if self.peek("*"):
            self.take()
        self.take("t")
        self.take(")")
        power = multiple(rate, self.fields.polynomial(self.names.data["clock"]["rate"]))
        if power is None or power.denominator > 1:
            raise ValueError("not a power of the clock")
        return int(power)

    # -- words ---------------------------------------------------------------------------------------
    def word(self) -> _Value:
        """One factor, or a product of two."""
        if self.peek("1^T"):
            self.take()
            self.ones = True
            right = self.factor()
            formula = row(transposed(Symbol("ones")), right.formula)
            return _Value(formula, [()], right.columns, lambda _, c: Polynomial.sum(self.ring, (right.entry(r, c) for r in right.rows)))
        left = self.factor()
        if not self.tokens or self.peek("+", "-", ")"):
            return left
        if self.peek("1"):
            self.take()
            self.ones = True
            formula = row(left.formula, Symbol("ones"))
            return _Value(formula, left.rows, [()], lambda r, _: Polynomial.sum(self.ring, (left.entry(r, c) for c in left.columns)))
        right = self.factor()
        if left.columns != right.rows:
            raise ValueError("a product of matrices that do not fit")

        def entry(r: Index, c: Index) -> Polynomial:
            return Polynomial.sum(self.ring, (left.entry(r, k) * right.entry(k, c) for k in left.columns))

        return _Value(row(left.formula, right.formula), left.rows, right.columns, entry)

    def factor(self) -> _Value:
        """An array, `sum(U)`, or `sum(U, but axis 3)`; arrays perhaps unfolded and transposed."""
        if self.peek("sum") and "sum" not in self.names.shapes:
            raise ValueError("sums over axes are words")
        name = self.take()
        shape = self.names.shapes[name]
        if prod(shape) > len(self.places):
            raise ValueError("an array with more entries than variables")
        axis = 1
        symbol = self.names.array(name)
        if self.peek("("):
            self.take()
            axis = int(self.take())
            self.take(")")
            self.unfolds = True
            symbol = Symbol(symbol.name, symbol.number, (f"({axis})",), symbol.dots)
        others = [n for k, n in enumerate(shape, 1) if k != axis]
        rows: list[Index] = [(i,) for i in range(1, shape[axis - 1] + 1)] if shape else [()]
        columns: list[Index] = list(product(*(range(1, n + 1) for n in others)))

        def entry(r: Index, c: Index) -> Polynomial:
            index = (*c[: axis - 1], *r, *c[axis - 1 :])
            return self.ring.monomial(((self.places["_".join([name, *map(str, index)])], 1),))

        if not self.peek("^T"):
            return _Value(symbol, rows, columns, entry)
        self.take()
        return _Value(transposed(symbol), columns, rows, lambda r, c: entry(c, r))
