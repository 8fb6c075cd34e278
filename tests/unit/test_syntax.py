"""One tokenizer and one grammar: a small notation of its own, and what all notations have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import polylaw as pl
from polylaw.algebra.parse import clock_of, parse_rational
from polylaw.algebra.ring import Clock, Exponential, Ring, RootOfTime
from polylaw.algebra.words.expression import Alphabet
from polylaw.algebra.words.parse import parse_words
from polylaw.domains.elementary.parse import expression_of
from polylaw.domains.geometry.equations import equations_of
from polylaw.domains.geometry.matrix_claims import matrix_claim
from polylaw.errors import InputError, ParseError
from polylaw.syntax.grammar import MAX_NESTING, Grammar
from polylaw.syntax.tokens import Lexicon, Token, tokens_of
from tests.helpers import gradient, momentum

LEXICON = Lexicon(r"\d+", r"[-+*()!]", "a digit or one of + - * ( ) !", 1000)


class Counting(Grammar[int]):
    """Integers, where -1 is what names mean and ! adds one."""

    operators = ("*",)
    postfixes = ("!",)

    def total(self, summands: list[int]) -> int:
        return sum(summands)

    def times(self, left: int, mark: str, right: int) -> int:
        return left * right

    def raised(self, value: int, mark: str, first: Token, depth: int) -> int:
        return value + 1

    def number(self) -> int:
        return int(self.numeral())

    def name(self, depth: int) -> int:
        self.step()
        return -1


class Beside(Counting):
    juxtaposition = True


def value(notation: type[Counting], text: str) -> int:
    return notation("text", tokens_of(text, "text", LEXICON)).whole()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2 + 3*4", 14), ("-2 - (3 - x)", -6), ("+2*3!!", 10), ("(1 + 1)!*2", 6), ("7", 7), ("2*x - 1", -3)],
)
def test_sums_and_products(text: str, expected: int) -> None:
    assert value(Counting, text) == value(Beside, text) == expected


def test_factors_stand_side_by_side_only_where_they_may() -> None:
    assert value(Beside, "2 3(4)x") == -24
    with pytest.raises(ParseError, match="found '3', expected an operator or the end; see column 3"):
        value(Counting, "2 3")


def test_bounds() -> None:
    for depth in (1, MAX_NESTING):
        assert value(Counting, "(" * depth + "1" + ")" * depth) == 1
    for text, expected in {
        "(" * (MAX_NESTING + 1) + "1": f"at most {MAX_NESTING} nested parentheses; see column 102",
        "1" * 1001: "at most 1000; split the input",
        "1 $": "a digit or one of",
    }.items():
        with pytest.raises(ParseError) as caught:
            value(Counting, text)
        assert expected in str(caught.value)


ALPHABET = Alphabet({"U": ("n", "n")}, Ring((), ("a",)))
LINEAR = gradient("linear:2,2,2")
ODE = pl.PolynomialODE({"x": "1"})
NOTATIONS: dict[str, tuple[Callable[[str], Any], str]] = {
    "quotients": (lambda text: parse_rational(ODE.ring, text), "x"),
    "functions": (lambda text: expression_of(ODE, text), "x"),
    "words": (lambda text: parse_words(ALPHABET, text), "U"),
    "words with indices": (lambda text: parse_words(ALPHABET, f"[i,j] {text}"), "U[i,j]"),
    "matrices": (lambda text: matrix_claim(LINEAR, text), "U1"),
    "equations": (lambda text: equations_of(LINEAR, text), "U1"),
}


@pytest.mark.parametrize("name", NOTATIONS)
@pytest.mark.parametrize("text", ["{} + (2*{} - <", "({} + {}<", "{} + <)", "<* {}", "{} - ({}*</{})"])
def test_every_notation_names_the_column(name: str, text: str) -> None:
    read, atom = NOTATIONS[name]
    before, after = text.replace("{}", atom).split("<")
    column = len(before) + 1 + len("[i,j] ") * ("indices" in name)
    with pytest.raises(ParseError, match=f"see column {column}$"):
        read(before + after)


@pytest.mark.parametrize("name", NOTATIONS)
def test_no_notation_overflows_the_stack(name: str) -> None:
    read, atom = NOTATIONS[name]
    for text in (
        "(" * 9000,
        f"({atom} + " * 2000,
        f"{atom}*(" * 2000,
        "-" * 9000,
        "1'" * 4000,
        "exp(" * 2000,
    ):
        with pytest.raises(pl.PolylawError):
            read(f"{atom} - {text}")


def test_equations_name_the_column_of_the_whole_text() -> None:
    with pytest.raises(ParseError, match="see column 9"):
        equations_of(LINEAR, "U1 = U2 )")
    with pytest.raises(ParseError, match="found '=', expected an operator or the end"):
        matrix_claim(LINEAR, "U1 = U2")


RATES = Ring((), ("g",))


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("t", RootOfTime(1)),
        (" exp(t) ", Exponential(RATES.constant(1))),
        ("exp(2*g*t)", Exponential(2 * RATES.generator("g"))),
        ("exp((g - 1/2)*t)", Exponential(RATES.parse("g - 1/2"))),
        ("exp(g*t + t)", Exponential(RATES.parse("g + 1"))),
    ],
)
def test_clocks(text: str, clock: Clock) -> None:
    assert clock_of(text, ("g",), "time") == clock


NO_CLOCKS = ("", "g", "sin(t)", "t^2", "exp t", "exp(g)", "exp(t^2)", "exp(0*t)", "exp(h*t)", "exp(t)^2")


@pytest.mark.parametrize("text", NO_CLOCKS)
def test_what_is_no_clock(text: str) -> None:
    with pytest.raises(InputError, match="time: found"):
        clock_of(text, ("g",), "time")


def test_a_power_of_time_may_stand_before_a_parenthesis() -> None:
    flow = momentum("linear:1,2,1", "3/t")
    assert matrix_claim(flow, "t (U1 + U1)") == matrix_claim(flow, "2*t*U1")
