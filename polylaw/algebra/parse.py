"""Text to exact polynomials and rational functions, and to clocks.

    sum     = ["+" | "-"] product { ("+" | "-") product }
    product = power { ("*" | "/") power }
    power   = atom [ ("^" | "**") exponent ]
    exponent: an integer of either sign, or (p/q) on the clock t
    atom    = number | name | "exp" "(" sum ")" | "(" sum ")"

A number is an integer or a decimal such as 0.25, 1e4 or 3.5E-2, with its exact value.  Length and nesting are
bounded by the grammar (`polylaw.syntax`); degree, number of terms, size of numbers and work in
`polylaw.algebra.bounded`, *before* the expensive step.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from polylaw.algebra.bounded import BoundedArithmetic, Quotient
from polylaw.algebra.functions import CALLS
from polylaw.algebra.generators import TIME, Clock, RootOfTime, meaning
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient, decimal
from polylaw.algebra.ring import Exponential, Ring
from polylaw.errors import InputError, ParseError, UnknownNameError
from polylaw.syntax.grammar import Grammar
from polylaw.syntax.tokens import Lexicon, Token
from polylaw.syntax.tokens import tokens_of as _tokens_of

MAX_LENGTH = 300_000
_NUMBER, _MEANT = r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", "a number, a name, or one of + - * / ^ ( )"
_LEXICON = Lexicon(_NUMBER, r"\*\*|[-+*/^()]", _MEANT, MAX_LENGTH)
#: Names of floats that are no numbers.
_NO_NUMBERS = ("nan", "inf", "infinity")


def tokens_of(text: str, argument: str) -> list[Token]:
    """The tokens of a polynomial, `end` last.  Raises `ParseError`."""
    return _tokens_of(text, argument, _LEXICON)


def names_in(text: str, argument: str = "expression") -> list[str]:
    """The names that occur in `text`, in order of first occurrence.  Raises `ParseError`."""
    found = (token.text for token in tokens_of(text, argument) if token.kind == "name")
    return [name for name in dict.fromkeys(found) if name not in CALLS]


def symbols_in(text: str, argument: str, known: Container[str]) -> tuple[str, ...]:
    """The names in `text` not yet known, to be declared; `ParseError` for floats that are no numbers."""
    names = tuple(name for name in names_in(text, argument) if name not in known)
    for name in names:
        if name.lower() in _NO_NUMBERS:
            hint = "a symbol of this name would be taken for a float"
            raise ParseError(argument, name, "a rational number or a symbol", hint)
    return names


def has_functions(text: str, argument: str) -> bool:
    """Whether a right-hand side is more than a rational function: a call, or a power that is no integer."""
    tokens = tokens_of(text, argument)
    powers = (i for i, a in enumerate(tokens) if a.text in ("^", "**"))
    return calls(tokens) or any(not _is_integer(tokens[i + 1 : i + 5]) for i in powers)


def calls(tokens: Sequence[Token]) -> bool:
    """Whether a function is called."""
    return any(a.text in CALLS and b.text == "(" for a, b in pairwise(tokens))


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
    return polynomial_of(parse_rational(ring, text, argument, values), text, argument)


def polynomial_of(
    value: RationalFunction, text: str, argument: str, error: type[InputError] = ParseError
) -> Polynomial:
    """The polynomial that a quotient written in `text` is; an error for a denominator."""
    if not value.is_polynomial:
        hint = f"divide only by numbers; the denominator here is {value.denominator}"
        raise error(argument, text, "a polynomial", hint)
    return value.numerator


def parse_rational(
    ring: Ring, text: str, argument: str = "expression", values: Mapping[str, Coefficient] | None = None
) -> RationalFunction:
    """The rational function over `ring` in `text`, in lowest terms; `ParseError`, `UnknownNameError`."""
    arithmetic = BoundedArithmetic(ring, argument, ParseError, values)
    return arithmetic.lowest(Polynomials(arithmetic, tokens_of(text, argument)).whole())


class Polynomials(Grammar[Quotient]):
    """The notation of quotients of polynomials."""

    at_once = True
    advice = "write products with *, powers with ^"

    def __init__(self, arithmetic: BoundedArithmetic, tokens: list[Token], position: int = 0) -> None:
        super().__init__(arithmetic.argument, tokens, position)
        self.arithmetic = arithmetic

    def total(self, summands: list[Quotient]) -> Quotient:
        """A sum, in linear time."""
        return self.arithmetic.sum(summands)

    def times(self, left: Quotient, mark: str, right: Quotient) -> Quotient:
        """A product or a quotient."""
        return self.arithmetic.multiply(left, self.arithmetic.inverse(right) if mark == "/" else right)

    def raised(self, value: Quotient, mark: str, first: Token, depth: int) -> Quotient:
        """A power; of the clock t with a fraction as exponent too."""
        arithmetic, exponent = self.arithmetic, self.exponent()
        self.one_power()
        if first.text == TIME and isinstance(arithmetic.ring.clock, RootOfTime):
            return arithmetic.clock_power(arithmetic.time_steps(exponent))
        if exponent.denominator != 1:
            hint = "only the clock t takes fractional powers"
            raise ParseError(self.argument, f"exponent {exponent}", "an integer", hint)
        return arithmetic.power(value, exponent.numerator)

    def one_power(self) -> None:
        """Refuse x^2^3, which is read as x^(2^3) by some and as (x^2)^3 by others."""
        if self.here.text in self.postfixes:
            raise self.error("one power at a time", "write (x^2)^3")

    def exponent(self) -> Fraction:
        """An integer, or (p/q) for the clock."""
        opened = self.take("(")
        sign = -1 if self.take("-") else 1
        above, below = self.digits(), self.digits() if opened and self.take("/") else 1
        if below == 0:
            found = "an exponent with denominator 0"
            raise ParseError(self.argument, found, "a nonzero denominator")
        if opened:
            self.expect(")")
        return Fraction(sign * above, below)

    def digits(self) -> int:
        """An integer of an exponent."""
        long = self.here.text.isdigit() and len(self.here.text) > 9
        return self.integer("an exponent of at most 9 digits" if long else "an integer exponent")

    def number(self) -> Quotient:
        """Its exact value."""
        return self.arithmetic.constant(decimal(self.numeral(), self.argument))

    def name(self, depth: int) -> Quotient:
        """A generator, time, or a function."""
        token = self.step()
        if token.text in CALLS and self.here.text == "(":
            return self.function(token.text, depth)
        value = self.arithmetic.named(token.text)
        if self.here.text == "(" and not self.juxtaposition:
            expected = f"one of {', '.join(CALLS)} before '('"
            hint = meaning(token.text) or f"write a product as {token.text}*(...)"
            where = f"see column {token.position + 1}"
            raise ParseError(self.argument, f"{token.text}(...)", expected, f"{hint}; {where}")
        return value

    def function(self, name: str, depth: int) -> Quotient:
        """`exp(k*rate*t)` is the k-th power of the clock s = exp(rate*t), for an integer k >= 0."""
        if name != "exp":
            places = (
                "in an [ode], in phi of a map: or of a model file, in --augment and in what check is given"
            )
            found, expected = f"{name}(...)", "a polynomial or a quotient"
            raise ParseError(self.argument, found, expected, f"functions may stand {places}")
        inside = Polynomials(self.arithmetic.exponents, self.tokens, self.position)
        steps = self.arithmetic.exponential_steps(inside.atom(depth + 1))
        self.position = inside.position
        return self.arithmetic.clock_power(steps)


class Factor(Polynomials):
    """A number, a parameter or a power of the clock, in a notation where factors may stand side by side."""

    juxtaposition = True


def begins_clock(ring: Ring, name: str) -> bool:
    """Whether a power of the clock begins with this name."""
    return ring.clock is not None and name in ("exp", TIME)


def clock_of(text: str, parameters: Sequence[str], argument: str) -> Clock:
    """The clock that a text names: `t`, or `exp(rate*t)` for a nonzero rate in the parameters.

    Raises `InputError` for any other text.
    """
    tokens = tokens_of(text, argument)
    if [token.text for token in tokens[:-1]] == [TIME]:
        return RootOfTime(1)
    if [token.text for token in tokens[:2]] != ["exp", "("]:
        raise InputError(argument, text, "t or exp(rate*t)", "for example exp(2*g*t)")
    ring = Ring((TIME, *parameters))
    parser = Polynomials(BoundedArithmetic(ring, argument, ParseError), tokens, position=1)
    expected, hint = "exp(rate*t) with a nonzero rate in the parameters", "declare its names as parameters"
    try:
        exponent = parser.atom(0)
    except UnknownNameError:
        raise InputError(argument, text, expected, hint) from None
    parser.finish()
    rates = exponent.above.coefficients([ring.index(TIME)])
    if exponent.below != 1 or list(rates) != [((ring.index(TIME), 1),)]:
        raise InputError(argument, text, expected, hint)
    [rate] = rates.values()
    return Exponential(rate.into(Ring((), parameters)))


Ring.parse = parse_polynomial
