"""The whitelist parser: text to exact polynomials and rational functions.

    sum     = ["+" | "-"] product { ("+" | "-") product }
    product = power { ("*" | "/") power }
    power   = atom [ ("^" | "**") exponent ]          exponent: integer, or (p/q) on the clock t
    atom    = integer | decimal | name | "exp" "(" sum ")" | "(" sum ")"

Nothing is ever evaluated as code.  Length, nesting, degree, number of terms and size of numbers
are bounded, and checked *before* the expensive step.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import comb
from typing import NamedTuple

from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.ring import TIME, Exponential, Ring, RootOfTime
from polylaw.errors import InputError, ParseError

__all__ = ["MAX_DEGREE", "MAX_LENGTH", "MAX_TERMS", "names_in", "parse_polynomial", "parse_rational"]

MAX_LENGTH = 2_000_000
MAX_DEGREE = 1_000
MAX_TERMS = 200_000
_MAX_NESTING = 100
_MAX_DIGITS = 2_000
_MAX_BITS = 20_000

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<mark>\*\*|[-+*/^()]))")


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


def _tokens(text: str, argument: str) -> list[_Token]:
    if not isinstance(text, str):
        raise ParseError(argument, text, "text")
    if len(text) > MAX_LENGTH:
        raise ParseError(argument, f"{len(text)} characters", f"at most {MAX_LENGTH}", "split the input")
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            where = position + len(text[position:]) - len(text[position:].lstrip())
            raise ParseError(argument, text[where : where + 12], "a number, a name, or one of + - * / ^ ( )", f"see column {where + 1}")
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match.group(kind), match.start(kind)))
        position = match.end()
    return [*tokens, _Token("end", "end of text", len(text))]


def names_in(text: str, argument: str = "expression") -> list[str]:
    """The names that occur in `text`, in order of first occurrence."""
    found = (token.text for token in _tokens(text, argument) if token.kind == "name")
    return [name for name in dict.fromkeys(found) if name != "exp"]


def parse_polynomial(ring: Ring, text: str, argument: str = "polynomial") -> Polynomial:
    """The polynomial of `ring` written in `text`.

    Raises `ParseError` (grammar, bounds, or a denominator that is not constant), `UnknownNameError`.
    """
    value = parse_rational(ring, text, argument)
    if not value.is_polynomial:
        raise ParseError(argument, text, "a polynomial", f"divide only by numbers; the denominator here is {value.denominator}")
    return value.numerator


def parse_rational(ring: Ring, text: str, argument: str = "expression") -> RationalFunction:
    """The rational function over `ring` written in `text`, in lowest terms."""
    parser = _Parser(ring, _tokens(text, argument), argument)
    try:
        numerator, denominator = parser.sum(0)
    except InputError as error:
        raise error if error.argument.startswith(argument) else error.within(argument) from None
    if parser.here.kind != "end":
        raise parser.error("an operator or the end", "write products with *, powers with ^")
    return RationalFunction(numerator, denominator)


_Fraction = tuple[Polynomial, Polynomial]


class _Parser:
    """Recursive descent; values are (numerator, denominator) pairs of polynomials."""

    def __init__(self, ring: Ring, tokens: list[_Token], argument: str) -> None:
        self.ring, self.tokens, self.argument = ring, tokens, argument
        self.position = 0
        self.one = ring.constant(1)

    @property
    def here(self) -> _Token:
        return self.tokens[self.position]

    def take(self, *texts: str) -> str | None:
        if self.here.kind == "mark" and self.here.text in texts:
            self.position += 1
            return self.tokens[self.position - 1].text
        return None

    def error(self, expected: str, hint: str = "") -> ParseError:
        where = f"see column {self.here.position + 1}"
        return ParseError(self.argument, self.here.text, expected, f"{hint}; {where}" if hint else where)

    def sum(self, depth: int) -> _Fraction:
        sign = -1 if self.take("+", "-") == "-" else 1
        summands: list[Polynomial] = []
        fractions: list[_Fraction] = []
        while True:
            numerator, denominator = self.product(depth)
            if denominator == 1:
                summands.append(numerator if sign == 1 else -numerator)
            else:
                fractions.append((numerator if sign == 1 else -numerator, denominator))
            mark = self.take("+", "-")
            if mark is None:
                break
            sign = -1 if mark == "-" else 1
        total = Polynomial.sum(self.ring, summands), self.one
        for fraction in fractions:
            total = self._add(total, fraction)
        return total

    def _add(self, left: _Fraction, right: _Fraction) -> _Fraction:
        if left[1] == right[1]:
            return left[0] + right[0], left[1]
        a, b = self.multiply(left[0], right[1]), self.multiply(right[0], left[1])
        return a + b, self.multiply(left[1], right[1])

    def product(self, depth: int) -> _Fraction:
        numerator, denominator = self.power(depth)
        while mark := self.take("*", "/"):
            above, below = self.power(depth)
            if mark == "/":
                above, below = below, above
            numerator, denominator = self.multiply(numerator, above), self.multiply(denominator, below)
            if not denominator:
                raise ParseError(self.argument, "division by zero", "a nonzero denominator")
            value = denominator.constant_value
            if value is not None and value != 1:
                numerator, denominator = numerator / value, self.one
        return numerator, denominator

    def multiply(self, left: Polynomial, right: Polynomial) -> Polynomial:
        if left.terms and right.terms:
            self.bound(_degree(left) + _degree(right), len(left.terms) * len(right.terms), _bits(left) + _bits(right))
        return left * right

    def bound(self, degree: int, terms: int, bits: int) -> None:
        for found, most, what in ((degree, MAX_DEGREE, "degree"), (terms, MAX_TERMS, "terms"), (bits, _MAX_BITS, "bits in a number")):
            if found > most:
                raise ParseError(self.argument, f"{found} {what}", f"at most {most}", "expand less or simplify the expression")

    def power(self, depth: int) -> _Fraction:
        start = self.here
        base = self.atom(depth)
        if not self.take("^", "**"):
            return base
        exponent = self.exponent()
        if start.kind == "name" and start.text == TIME and isinstance(self.ring.clock, RootOfTime):
            return self.time_power(exponent), self.one
        if exponent.denominator != 1 or exponent < 0:
            raise ParseError(self.argument, f"exponent {exponent}", "an integer >= 0", "only the clock t takes fractional powers")
        n = int(exponent)
        result = []
        for part in base:
            terms = comb(len(part.terms) + n - 1, n) if len(part.terms) > 1 and n <= MAX_DEGREE else 1
            self.bound(max(_degree(part), n > MAX_DEGREE) * n, terms, _bits(part) * n)
            result.append(part**n)
        return result[0], result[1]

    def exponent(self) -> Fraction:
        if self.take("("):
            sign = -1 if self.take("-") else 1
            value = Fraction(self.integer())
            if self.take("/"):
                below = self.integer()
                if below == 0:
                    raise ParseError(self.argument, "an exponent with denominator 0", "a nonzero denominator")
                value /= below
            if not self.take(")"):
                raise self.error("')'")
            return sign * value
        return Fraction(self.integer())

    def integer(self) -> int:
        if self.here.kind != "number" or not self.here.text.isdigit() or len(self.here.text) > 9:
            raise self.error("an integer exponent")
        self.position += 1
        return int(self.tokens[self.position - 1].text)

    def atom(self, depth: int) -> _Fraction:
        if depth > _MAX_NESTING:
            raise self.error(f"at most {_MAX_NESTING} nested parentheses")
        token = self.here
        if self.take("("):
            value = self.sum(depth + 1)
            if not self.take(")"):
                raise self.error("')'")
            return value
        if token.kind == "number":
            if len(token.text) > _MAX_DIGITS:
                raise self.error(f"at most {_MAX_DIGITS} digits")
            self.position += 1
            return self.ring.constant(Fraction(token.text)), self.one
        if token.kind == "name":
            self.position += 1
            return self.named(token, depth), self.one
        raise self.error("a number, a name or '('")

    def named(self, token: _Token, depth: int) -> Polynomial:
        if token.text == "exp" and self.here.text == "(":
            return self.exponential(depth)
        if token.text == TIME and self.ring.clock is not None:
            return self.time_power(Fraction(1))
        return self.ring.generator(token.text)

    def time_power(self, exponent: Fraction) -> Polynomial:
        clock = self.ring.clock
        if not isinstance(clock, RootOfTime):
            raise ParseError(self.argument, TIME, f"time as {self.ring.power_text(len(self.ring.variables), 1)}", "in this flow t stands only there")
        power = exponent * clock.root
        if power.denominator != 1 or power < 0:
            raise ParseError(self.argument, f"t^({exponent})", f"a nonnegative power of {clock.text(1)}")
        self.bound(int(power), 1, 0)
        return self.ring.monomial(((len(self.ring.variables), int(power)),) if power else ())

    def exponential(self, depth: int) -> Polynomial:
        """`exp(k*rate*t)` is the k-th power of the clock s = exp(rate*t), for an integer k >= 0."""
        clock = self.ring.clock
        if not isinstance(clock, Exponential):
            raise ParseError(self.argument, "exp(...)", "an expression without exp", "this flow has no exponential clock")
        inner = _Parser(Ring((*self.ring.parameters, TIME)), self.tokens, self.argument)
        inner.position = self.position
        exponent, below = inner.atom(depth + 1)
        self.position = inner.position
        unit = clock.rate.into(exponent.ring) * exponent.ring.generator(TIME)
        ratio = exponent.terms.get(unit.leading[0], 0) / Fraction(unit.leading[1])
        if below != 1 or exponent != unit * ratio or ratio.denominator != 1 or ratio < 0:
            text = f"exp({exponent})" if below == 1 else "exp(...)"
            raise ParseError(self.argument, text, f"a power of {clock.text(1)}", "write exp(k*rate*t) with an integer k >= 0")
        self.bound(int(ratio), 1, 0)
        return self.ring.monomial(((len(self.ring.variables), int(ratio)),) if ratio else ())


def _degree(polynomial: Polynomial) -> int:
    return max((sum(power for _, power in monomial) for monomial in polynomial.terms), default=0)


def _bits(polynomial: Polynomial) -> int:
    return max((c.numerator.bit_length() + c.denominator.bit_length() for c in polynomial.terms.values()), default=0)

