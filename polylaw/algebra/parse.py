"""The whitelist parser: text to exact polynomials and rational functions.

    sum     = ["+" | "-"] product { ("+" | "-") product }
    product = power { ("*" | "/") power }
    power   = atom [ ("^" | "**") exponent ]
    exponent: an integer of either sign, or (p/q) on the clock t
    atom    = number | name | "exp" "(" sum ")" | "(" sum ")"

A number is an integer or a decimal such as 0.25, 1e4 or 3.5E-2, with its exact value.  The text is ASCII.
Nothing is ever evaluated as code.  Length and nesting are bounded here; degree, number of terms, size of
numbers and work in `polylaw.algebra.bounded`, *before* the expensive step.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from polylaw.algebra.bounded import MAX_DIGITS, MAX_NESTING, BoundedArithmetic, Quotient
from polylaw.algebra.generators import FUNCTIONS, TIME, RootOfTime, meaning
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient, decimal
from polylaw.algebra.ring import Ring
from polylaw.errors import ParseError

MAX_LENGTH = 300_000
#: Names of floats that are no numbers.
_NO_NUMBERS = ("nan", "inf", "infinity")

_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<mark>\*\*|[-+*/^()])|(?P<space>\s+)",
    re.ASCII,
)


class Token(NamedTuple):
    """A piece of the text: its kind (number, name, mark or end), the text, and where it stands."""

    kind: str
    text: str
    position: int


def tokens_of(
    text: str, argument: str, pattern: re.Pattern[str] = _TOKEN, marks: str = "+ - * / ^ ( )"
) -> list[Token]:
    """The text cut into tokens, `end` last; the groups of the pattern are their kinds, and space is left out.
    Raises `ParseError`."""
    if not isinstance(text, str):
        raise ParseError(argument, text, "text")
    if len(text) > MAX_LENGTH:
        raise ParseError(argument, f"{len(text)} characters", f"at most {MAX_LENGTH}", "split the input")
    tokens, position = [], 0
    while position < len(text):
        match = pattern.match(text, position)
        if match is None:
            found = text[position : position + 12]
            hint = "names have letters from a to z; " if found[:1].isalpha() else ""
            expected = f"a number, a name, or one of {marks}"
            raise ParseError(argument, found, expected, f"{hint}see column {position + 1}")
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append(Token(kind, match.group(), position))
        position = match.end()
    return [*tokens, Token("end", "end of text", len(text))]


def names_in(text: str, argument: str = "expression") -> list[str]:
    """The names that occur in `text`, in order of first occurrence.  Raises `ParseError`."""
    found = (token.text for token in tokens_of(text, argument) if token.kind == "name")
    return [name for name in dict.fromkeys(found) if name not in FUNCTIONS]


def symbols_in(text: str, argument: str, known: Container[str]) -> tuple[str, ...]:
    """The names in `text` that are not yet known, to be declared; `ParseError` for those of floats that are
    no numbers."""
    names = tuple(name for name in names_in(text, argument) if name not in known)
    for name in names:
        if name.lower() in _NO_NUMBERS:
            hint = "a symbol of this name would be taken for a float"
            raise ParseError(argument, name, "a rational number or a symbol", hint)
    return names


def has_functions(text: str, argument: str) -> bool:
    """Whether a right-hand side is more than a rational function: a call, or a power that is no integer."""
    tokens = tokens_of(text, argument)
    called = any(a.text in FUNCTIONS and b.text == "(" for a, b in pairwise(tokens))
    return called or any(
        a.text in ("^", "**") and not _is_integer(tokens[i + 1 : i + 5]) for i, a in enumerate(tokens)
    )


def _is_integer(tokens: Sequence[Token]) -> bool:
    """Whether the tokens begin with an integer as exponents are written: 2, -2 or (-2)."""
    texts = [token.text for token in tokens]
    if texts[:1] == ["("]:
        end = texts.index(")") if ")" in texts else 0
        return end == 2 + (texts[1] == "-") and _is_integer(tokens[1:end])
    return "".join(texts[: 1 + (texts[:1] == ["-"])]).removeprefix("-").isdigit()


def parse_polynomial(
    ring: Ring, text: str, argument: str = "polynomial", values: Mapping[str, Coefficient] | None = None
) -> Polynomial:
    """The polynomial of `ring` written in `text`, in which names outside the ring may stand for `values`.

    Raises `ParseError` (grammar, bounds, or a denominator that is not constant), `UnknownNameError`.
    """
    value = parse_rational(ring, text, argument, values)
    if not value.is_polynomial:
        hint = f"divide only by numbers; the denominator here is {value.denominator}"
        raise ParseError(argument, text, "a polynomial", hint)
    return value.numerator


def parse_rational(
    ring: Ring, text: str, argument: str = "expression", values: Mapping[str, Coefficient] | None = None
) -> RationalFunction:
    """The rational function over `ring` written in `text`, in lowest terms.  Raises `ParseError`,
    `UnknownNameError`."""
    arithmetic = BoundedArithmetic(ring, argument, ParseError, values)
    parser = Parser(arithmetic, tokens_of(text, argument))
    value = parser.sum(0)
    parser.finish()
    return arithmetic.lowest(value)


class Reader:
    """Tokens, and which of them comes next."""

    def __init__(self, argument: str, tokens: list[Token], position: int = 0) -> None:
        self.argument, self.tokens, self.position = argument, tokens, position

    @property
    def here(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def take(self, *texts: str) -> str:
        """Step over the mark that stands here if it is one of `texts`, else empty."""
        token = self.tokens[self.position]
        if token.kind == "mark" and token.text in texts:
            self.position += 1
            return token.text
        return ""

    def error(self, expected: str, hint: str = "") -> ParseError:
        """An error at the next token."""
        where = f"see column {self.here.position + 1}"
        return ParseError(self.argument, self.here.text, expected, f"{hint}; {where}" if hint else where)

    def close(self) -> None:
        """Step over a closing parenthesis."""
        if not self.take(")"):
            raise self.error("')'")


class Parser(Reader):
    """Recursive descent, one method per line of the grammar; `depth` counts open parentheses."""

    def __init__(self, arithmetic: BoundedArithmetic, tokens: list[Token], position: int = 0) -> None:
        super().__init__(arithmetic.argument, tokens, position)
        self.arithmetic = arithmetic

    def sum(self, depth: int) -> Quotient:
        """`[+|-] product {(+|-) product}`."""
        summands = []
        mark = self.take("+", "-") or "+"
        while mark:
            summand = self.product(depth)
            summands.append(summand.negated() if mark == "-" else summand)
            mark = self.take("+", "-")
        return self.arithmetic.sum(summands)

    def product(self, depth: int) -> Quotient:
        """`power {(*|/) power}`."""
        value = self.power(depth)
        while mark := self.take("*", "/"):
            factor = self.power(depth)
            value = self.arithmetic.multiply(
                value, self.arithmetic.inverse(factor) if mark == "/" else factor
            )
        return value

    def power(self, depth: int) -> Quotient:
        """`atom [^ exponent]`."""
        arithmetic, start = self.arithmetic, self.here
        base = self.atom(depth)
        if not self.take("^", "**"):
            return base
        exponent = self.exponent()
        if start.kind == "name" and start.text == TIME and isinstance(arithmetic.ring.clock, RootOfTime):
            return Quotient(arithmetic.clock_power(arithmetic.time_steps(exponent)), arithmetic.one)
        if exponent.denominator != 1:
            hint = "only the clock t takes fractional powers"
            raise ParseError(self.argument, f"exponent {exponent}", "an integer", hint)
        return arithmetic.power(base if exponent >= 0 else arithmetic.inverse(base), abs(exponent.numerator))

    def exponent(self) -> Fraction:
        """An integer, or (p/q) for the clock."""
        if not self.take("("):
            return Fraction(-self.integer() if self.take("-") else self.integer())
        sign = -1 if self.take("-") else 1
        above, below = self.integer(), self.integer() if self.take("/") else 1
        if below == 0:
            found = "an exponent with denominator 0"
            raise ParseError(self.argument, found, "a nonzero denominator")
        self.close()
        return Fraction(sign * above, below)

    def finish(self) -> None:
        """Refuse what is left of the text."""
        if self.here.text in ("^", "**"):
            raise self.error("one power at a time", "write (x^2)^3")
        if self.here.kind != "end":
            raise self.error("an operator or the end", "write products with *, powers with ^")

    def integer(self) -> int:
        """An integer of an exponent."""
        text = self.here.text
        if not text.isdigit():
            raise self.error("an integer exponent")
        if len(text) > 9:
            raise self.error("an exponent of at most 9 digits")
        self.position += 1
        return int(text)

    def atom(self, depth: int) -> Quotient:
        """A number, a name, a function or a sum in parentheses."""
        if depth > MAX_NESTING:
            raise self.error(f"at most {MAX_NESTING} nested parentheses")
        token = self.here
        if self.take("("):
            value = self.sum(depth + 1)
            self.close()
            return value
        if token.kind == "number" and len(token.text) > MAX_DIGITS:
            raise self.error(f"at most {MAX_DIGITS} digits")
        if token.kind not in ("number", "name"):
            raise self.error("a number, a name or '('")
        self.position += 1
        if token.kind == "number":
            return self.arithmetic.constant(decimal(token.text, self.arithmetic.argument))
        if token.text in FUNCTIONS and self.here.text == "(":
            return self.function(token.text, depth)
        value = self.arithmetic.named(token.text)
        if self.here.text == "(":
            raise self._no_function(token)
        return value

    def _no_function(self, token: Token) -> ParseError:
        """The error for a variable before a parenthesis: a function that has another name here, or a product
        without its sign."""
        expected = f"one of {', '.join(FUNCTIONS)} before '('"
        hint = meaning(token.text) or f"write a product as {token.text}*(...)"
        where = f"see column {token.position + 1}"
        return ParseError(self.argument, f"{token.text}(...)", expected, f"{hint}; {where}")

    def function(self, name: str, depth: int) -> Quotient:
        """`exp(k*rate*t)` is the k-th power of the clock s = exp(rate*t), for an integer k >= 0."""
        if name != "exp":
            places = (
                "in an [ode], in phi of a map: or of a model file, in --augment and in what check is given"
            )
            found, expected = f"{name}(...)", "a polynomial or a quotient"
            raise ParseError(self.argument, found, expected, f"functions may stand {places}")
        inside = Parser(self.arithmetic.exponents, self.tokens, self.position)
        steps = self.arithmetic.exponential_steps(inside.atom(depth + 1))
        self.position = inside.position
        return Quotient(self.arithmetic.clock_power(steps), self.arithmetic.one)


Ring.parse = parse_polynomial
