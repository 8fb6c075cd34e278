"""Names of matrices of laws, such as `diag(U1^T U1 - U2 U2^T)`, as formulas; what a formula means is read
from it alone.

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

from polylaw.algebra.polynomial import Polynomial
from polylaw.proof.appendix.document import Formula, Operator, Symbol
from polylaw.proof.appendix.expand import Grid, multiple
from polylaw.proof.appendix.formulas import parenthesised, row, summed, transposed
from polylaw.proof.appendix.names import Names, unfolded

__all__ = ["MatrixName", "UNREADABLE", "read_matrix"]

#: What a text that is no name of a matrix of this model may raise.
UNREADABLE = (ValueError, IndexError, KeyError, TypeError, ArithmeticError, RecursionError)
_TOKEN = re.compile(r"\s*(1\^T|\^T|[A-Za-z_][A-Za-z_0-9]*|[0-9]+(?:/[0-9]+)?|[-+*^(),])")


@dataclass(frozen=True)
class MatrixName:
    """A name as a formula, and the matrix that this formula means; whether it has a vector of ones, or
    unfoldings."""

    formula: Formula
    grid: Grid
    ones: bool
    unfolds: bool


def read_matrix(text: str, names: Names) -> MatrixName | None:
    """The meaning of a name; None for a text of another form."""
    try:
        reader = _Reader(text.replace("'", "^T"), names)
        formula = reader.sum()
        return (
            None
            if reader.tokens
            else MatrixName(formula, names.meaning.grid(formula), reader.ones, reader.unfolds)
        )
    except UNREADABLE:
        return None


class _Reader:
    def __init__(self, text: str, names: Names) -> None:
        self.names, self.ring = names, names.ring
        self.parameters = {name: names.moving + i for i, name in enumerate(names.data["parameters"])}
        self.arrays = {name: names.by_name[name] for name in names.shapes}
        if names.kind == "momentum":
            self.arrays |= {f"d{name}": names.velocity_of(names.by_name[name]) for name in names.shapes}
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

    def inside(self, read: Callable[[], Formula]) -> Formula:
        self.take("(")
        found = read()
        self.take(")")
        return found

    # -- sums and terms ------------------------------------------------------------------------------
    def sum(self) -> Formula:
        terms: list[tuple[bool, Formula]] = []
        while not terms or self.peek("+", "-"):
            negative = self.peek("+", "-") and self.take() == "-"
            terms.append((negative, self.term()))
        return summed(terms)

    def term(self) -> Formula:
        front: list[Formula] = []
        while (found := self.scalar()) is not None:
            front.append(found)
        return row(*front, self.body())

    def body(self) -> Formula:
        if self.peek("("):
            return parenthesised(self.inside(self.sum))
        if self.peek("diag", "tr") and self.tokens[1:2] == ["("] and self.tokens[0] not in self.arrays:
            word = self.take()
            return row(Operator(word), parenthesised(self.inside(self.sum)))
        return self.word()

    # -- scalars -------------------------------------------------------------------------------------
    def scalar(self) -> Formula | None:
        """A number, a polynomial in the parameters, or a power of the clock, if one comes next."""
        if self.names.data["clock"] and (self.peek("exp") or (self.peek("t") and "t" not in self.arrays)):
            power = self.power_of_time() if self.take() == "t" else self.power_of_exponential()
            return self.names.clock(power)
        if self.constant_next(0):
            value = self.product_of_constants()
            return self.names.polynomial(value)
        if self.peek("(") and self.constant_next(1):
            self.take()
            value = self.sum_of_constants()
            self.take(")")
            return parenthesised(self.names.polynomial(value))
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
        assert self.names.time is not None
        return int(exponent * self.names.time.root)

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
        assert self.names.time is not None
        power = multiple(rate, self.names.time.rate) if self.names.time.rate else None
        if power is None or power.denominator > 1:
            raise ValueError("not a power of the clock")
        return int(power)

    # -- words ---------------------------------------------------------------------------------------
    def word(self) -> Formula:
        """One factor, or a product of two."""
        if self.peek("1^T"):
            self.take()
            self.ones = True
            return row(transposed(Symbol("ones")), self.factor())
        left = self.factor()
        if not self.tokens or self.peek("+", "-", ")"):
            return left
        if self.peek("1"):
            self.take()
            self.ones = True
            return row(left, Symbol("ones"))
        return row(left, self.factor())

    def factor(self) -> Formula:
        """An array, perhaps unfolded and transposed."""
        symbol = self.arrays[self.take()]
        if self.peek("("):
            self.take()
            symbol = unfolded(symbol, int(self.take()))
            self.take(")")
            self.unfolds = True
        if not self.peek("^T"):
            return symbol
        self.take()
        return transposed(symbol)
