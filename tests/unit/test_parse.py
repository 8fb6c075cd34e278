"""The parser: tables of text that is read, and of hostile text that must give one clear line, soon."""

from __future__ import annotations

from fractions import Fraction

import pytest

from polylaw.algebra.bounded import MAX_DEGREE
from polylaw.algebra.parse import MAX_LENGTH, names_in, parse_polynomial, parse_rational
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Exponential, Ring, RootOfTime
from polylaw.errors import ParseError, PolylawError, UnknownNameError
from tests.helpers import at_most_calls

PLAIN = Ring(("x", "y", "z", "w", "u", "v"), ("a",))
RATES = Ring(("tau", "g"))
EXPONENTIAL = Ring(("x", "y"), ("tau", "g"), Exponential(RATES.generator("tau") / 2))
TWO_RATES = Ring(("x", "y"), ("tau", "g"), Exponential(RATES.generator("tau") + RATES.generator("g")))
ROOT = Ring(("x", "y"), clock=RootOfTime(2))
MOST_CALLS = 40_000_000  # some seconds; what these texts must not take is minutes

X, Y = PLAIN.generator("x"), PLAIN.generator("y")
S, T = EXPONENTIAL.monomial(((2, 1),)), ROOT.monomial(((2, 1),))

ACCEPTED = [
    (PLAIN, "0", PLAIN.constant(0)),
    (PLAIN, "x", X),
    (PLAIN, " x\t+\n y ", X + Y),
    (PLAIN, "-x - -y".replace("- -", "+ "), Y - X),
    (PLAIN, "+x", X),
    (PLAIN, "-x^2", -(X**2)),
    (PLAIN, "(-x)^2", X**2),
    (PLAIN, "x**2*y", X**2 * Y),
    (PLAIN, "x^(2)", X**2),
    (PLAIN, "x^(4/2)", X**2),
    (PLAIN, "x^0 + 0^0", PLAIN.constant(2)),
    (PLAIN, "2/3*x", X * Fraction(2, 3)),
    (PLAIN, "x/2/3", X / 6),
    (PLAIN, "x/(1/2)", 2 * X),
    (PLAIN, "0.25*x", X / 4),
    (PLAIN, "007", PLAIN.constant(7)),
    (PLAIN, "(x+y)^2", X**2 + 2 * X * Y + Y**2),
    (PLAIN, "(x^2-y^2)/(x-y)", X + Y),
    (PLAIN, "x/y*y", X),
    (PLAIN, "1/x - 1/x + y", Y),
    (PLAIN, "a*x - x*a", PLAIN.constant(0)),
    (PLAIN, "(" * 99 + "x" + ")" * 99, X),
    (PLAIN, "9" * 3900, PLAIN.constant(int("9" * 3900))),
    (PLAIN, "x^1000", X**1000),
    (EXPONENTIAL, "exp(tau*t/2)", S),
    (EXPONENTIAL, "exp(1/2*tau*t)*exp(tau*t)", S**3),
    (EXPONENTIAL, "exp((tau*t)) - exp(t*tau/2)^2", EXPONENTIAL.constant(0)),
    (EXPONENTIAL, "exp(0*t) + exp(0)", EXPONENTIAL.constant(2)),
    (EXPONENTIAL, "exp(tau*t - tau*t/2)", S),
    (TWO_RATES, "exp(2*(tau+g)*t)", TWO_RATES.monomial(((2, 2),))),
    (TWO_RATES, "exp(tau*t + g*t)", TWO_RATES.monomial(((2, 1),))),
    (ROOT, "t", T**2),
    (ROOT, "t^(1/2)", T),
    (ROOT, "t^(3/2)*t^2", T**7),
    (ROOT, "(t^(1/2))^2 - t", ROOT.constant(0)),
    (ROOT, "t^0", ROOT.constant(1)),
    (Ring(("t",)), "t^2", Ring(("t",)).generator("t") ** 2),
]


@pytest.mark.parametrize(("ring", "text", "expected"), ACCEPTED, ids=[text[:40] for _, text, _ in ACCEPTED])
def test_accepted(ring: Ring, text: str, expected: Polynomial) -> None:
    assert ring.parse(text) == expected


RATIONAL = [
    ("1/x", "(1)/(x)"),
    ("x/(2*y)", "(1/2*x)/(y)"),
    ("1/x + 1/y", "(x + y)/(x*y)"),
    ("1/(x+1) + 1/(x+1)", "(2)/(x + 1)"),
    ("(x*y + x)/(y^2 - 1)", "(x)/(y - 1)"),
    ("1/(1/x)", "x"),
    ("(1/(x+y))^2", "(1)/(x^2 + 2*x*y + y^2)"),
    ("x/(x-y) + y/(y-x)", "1"),
]


@pytest.mark.parametrize(("text", "expected"), RATIONAL)
def test_rational(text: str, expected: str) -> None:
    assert str(parse_rational(PLAIN, text)) == expected


SYNTAX = [
    (PLAIN, "", ParseError, "found 'end of text', expected a number, a name or '('; see column 1"),
    (PLAIN, " \n ", ParseError, "found 'end of text'"),
    (PLAIN, "x +", ParseError, "see column 4"),
    (PLAIN, "x y", ParseError, "write products with *, powers with ^; see column 3"),
    (PLAIN, "2x", ParseError, "write products with *"),
    (PLAIN, "x^2^3", ParseError, "write (x^2)^3"),
    (PLAIN, "(x", ParseError, "expected ')'"),
    (PLAIN, "x)", ParseError, "found ')', expected an operator or the end"),
    (PLAIN, "x*-y", ParseError, "found '-'"),
    (PLAIN, "x = y", ParseError, "found '= y'"),
    (PLAIN, "x.y", ParseError, "found '.y'"),
    (PLAIN, "1.", ParseError, "found '.'"),
    (PLAIN, "1e5x", ParseError, "found 'x', expected an operator"),
    (PLAIN, "1e99999*x", PolylawError, "found '1e99999', expected a power of ten of at most 3000"),
    (PLAIN, "9^9^9^9", ParseError, "found '^', expected one power at a time; write (x^2)^3"),
    (PLAIN, "__import__('os')", ParseError, "see column 1"),
    (PLAIN, "x; y", ParseError, "found '; y'"),
    (PLAIN, "x+٣", ParseError, "found '٣'"),
    (PLAIN, "x^²", ParseError, "found '²'"),
    (PLAIN, "x + é", ParseError, "found 'é'"),
    (PLAIN, "x\x00+1", ParseError, r"found '\x00+1'"),
    (PLAIN, "x\u202e+1", ParseError, r"found '\u202e+1'"),
    (PLAIN, "x\xa0+y", ParseError, r"found '\xa0+y'"),
    (PLAIN, "x\ud800", ParseError, r"found '\ud800'"),
    (PLAIN, b"x", ParseError, "found b'x', expected text"),
    (PLAIN, None, ParseError, "found None, expected text"),
    (PLAIN, "q", UnknownNameError, "found 'q'"),
    (PLAIN, "t", UnknownNameError, "found 't'"),
    (PLAIN, "exp", UnknownNameError, "found 'exp'"),
    (PLAIN, "exp(x)", ParseError, "this flow has no exponential clock"),
    (PLAIN, "sin(x)", ParseError, "functions may stand in an [ode]"),
    (PLAIN, "x^y", ParseError, "an integer exponent"),
    (PLAIN, "x^-1", ParseError, "divide only by numbers; the denominator here is x"),
    (PLAIN, "x^(-1)", ParseError, "divide only by numbers; the denominator here is x"),
    (PLAIN, "x^(1/2)", ParseError, "only the clock t takes fractional powers"),
    (PLAIN, "x^(1/0)", ParseError, "a nonzero denominator"),
    (PLAIN, "x^1.5", ParseError, "an integer exponent"),
    (PLAIN, "1/0", ParseError, "division by zero"),
    (PLAIN, "0/0", ParseError, "division by zero"),
    (PLAIN, "x/(y-y)", ParseError, "division by zero"),
    (PLAIN, "1/x", ParseError, "divide only by numbers; the denominator here is x"),
    (EXPONENTIAL, "t", ParseError, "expected time as exp(1/2*tau*t)"),
    (EXPONENTIAL, "exp(-tau*t)", ParseError, "a nonnegative power of exp(1/2*tau*t)"),
    (EXPONENTIAL, "exp(tau*t/3)", ParseError, "write exp(k*rate*t) with an integer k"),
    (EXPONENTIAL, "exp(tau*t^2)", ParseError, "a power of exp(1/2*tau*t)"),
    (EXPONENTIAL, "exp(tau*t+1)", ParseError, "a power of exp(1/2*tau*t)"),
    (EXPONENTIAL, "exp(1/t)", ParseError, "found 'exp(...)'"),
    (EXPONENTIAL, "exp(x*t)", UnknownNameError, "found 'x'"),
    (EXPONENTIAL, "exp(exp(tau*t))", ParseError, "an expression without exp"),
    (EXPONENTIAL, "exp tau", UnknownNameError, "found 'exp'"),
    (EXPONENTIAL, "exp(", ParseError, "found 'end of text'"),
    (EXPONENTIAL, "exp(99999999999*tau*t)", ParseError, f"degree', expected at most {MAX_DEGREE}"),
    (ROOT, "t^(1/3)", ParseError, "a power of t^(1/2)"),
    (ROOT, "t^(-1)", ParseError, "a nonnegative power of t^(1/2)"),
    (ROOT, "(t)^(1/2)", ParseError, "only the clock t takes fractional powers"),
    (ROOT, "t^999999999", ParseError, f"expected at most {MAX_DEGREE}"),
    (ROOT, "exp(t)", ParseError, "this flow has no exponential clock"),
]

BIG = "(x+y+z+w+u+v)"
SQUARE = "+".join(f"x^{i}*y^{j}" for i in range(150) for j in range(150))

EXPLOSIONS = [
    ("length", "x" * (MAX_LENGTH + 1), "split the input"),
    ("one long name", "q" * MAX_LENGTH, "found 'qqq"),
    ("spaces", " " * (MAX_LENGTH - 1) + "$", "found '$'"),
    ("nesting", "(" * 100_000 + "x" + ")" * 100_000, "at most 100 nested parentheses"),
    ("nesting of exp", "exp(" * 50_000, "no exponential clock"),
    ("signs", "-" * 100_000 + "x", "found '-'"),
    ("digits", "9" * 100_000, "at most 4000 digits"),
    ("decimals", "0." + "1" * 3990, "bits in a number"),
    ("power of a number", "2^999999999", "degree"),
    ("power of a large number", "9" * 2000 + "^1000", "bits in a number"),
    ("power of one", "1^999999999", "degree"),
    ("exponent", "x^9999999999", "an exponent of at most 9 digits"),
    ("tower", "((((x^10)^10)^10)^10)", "degree"),
    ("power of a power", "(((x+y)^30)^30)", "terms"),
    ("power of a long sum", BIG + "^1000", "terms"),
    ("products of powers", "*".join([BIG + "^10"] * 300), "at most"),
    ("products times zero", "0*" + "*".join([BIG + "^10"] * 300), "at most"),
    ("many products", "*".join(f"(x+{i}*y+z)" for i in range(400)), "coefficient operations"),
    ("many powers", "+".join(["(x+y+z+w)^20"] * 2000), "coefficient operations"),
    ("quotients", "x" + "/x" * 100_000, "degree"),
    ("fractions in one variable", "+".join(f"1/(x+{i})" for i in range(1, 3000)), "coefficient operations"),
    (
        "fractions in two variables",
        "+".join(f"1/(x+{i}*y+{i * i})" for i in range(1, 300)),
        "coefficient operations",
    ),
    (
        "fractions in six variables",
        "+".join(f"1/(x+{i}*y+{i**2}*z+{i**3}*w+u+{i}*v)" for i in range(40)),
        "at most",
    ),
    ("power of fractions", "(1/(x+y))^500 + (1/(x-y))^500", "terms"),
    (
        "numbers with different denominators",
        "+".join(f"1/{10**200 + i}" for i in range(900)),
        "bits in a number",
    ),
    (
        "terms with different denominators",
        "+".join(f"x^{i}/{10**200 + i}" for i in range(900)),
        "common denominator",
    ),
    ("divisions of a long sum", f"({SQUARE})" + "/7" * 1000, "coefficient operations"),
    ("nested long sums", "(" * 90 + SQUARE + "+1)" * 90, "coefficient operations"),
    ("gcd of high degree", "(x^99*y^480+3*x^200*y-7)/(x^14*y^380+5*x^99*y^200+3)", "coefficient operations"),
]


def one_clear_line(ring: Ring, text: str, error: type[PolylawError], fragment: str) -> None:
    with pytest.raises(error) as caught:
        parse_polynomial(ring, text, "law")
    message = str(caught.value)
    assert message.startswith("law: ")
    assert fragment in message
    assert message.isprintable()
    assert len(message) < 400


@pytest.mark.parametrize(
    ("ring", "text", "error", "fragment"), SYNTAX, ids=[ascii(text)[:40] for _, text, _, _ in SYNTAX]
)
def test_refused(ring: Ring, text: str, error: type[PolylawError], fragment: str) -> None:
    one_clear_line(ring, text, error, fragment)


#: These make most calls.
LONG = (
    "nesting",
    "nesting of exp",
    "signs",
    "quotients",
    "products times zero",
    "many products",
    "many powers",
    "fractions in one variable",
    "fractions in two variables",
    "fractions in six variables",
    "divisions of a long sum",
    "nested long sums",
)


@pytest.mark.parametrize(
    ("name", "text", "fragment"),
    [pytest.param(*row, marks=[pytest.mark.slow] * (row[0] in LONG)) for row in EXPLOSIONS],
    ids=[name for name, _, _ in EXPLOSIONS],
)
def test_explosions_are_refused_soon(name: str, text: str, fragment: str) -> None:
    with at_most_calls(MOST_CALLS):
        one_clear_line(PLAIN, text, PolylawError, fragment)


def test_products_of_long_sums_stay_sparse() -> None:
    ring = Ring([f"x{i}" for i in range(800)])
    left, right = "+".join(f"x{i}" for i in range(400)), "+".join(f"x{i}" for i in range(400, 800))
    assert len(ring.parse(f"({left})*({right})").terms) == 160_000


@pytest.mark.slow
def test_long_expanded_text_is_only_paid_for_by_its_length() -> None:
    assert len(PLAIN.parse(SQUARE).terms) == 22_500


def test_every_number_within_bounds_prints_and_reads_back() -> None:
    p = PLAIN.parse("3" * 1900 + "*x/" + "7" * 1900 + "1 + y*" + "9" * 3900)
    assert PLAIN.parse(str(p)) == p


def test_the_argument_is_named_once() -> None:
    with pytest.raises(UnknownNameError) as caught:
        parse_polynomial(PLAIN, "q", "n")
    assert str(caught.value).startswith("n: name: found 'q'")


def test_names_in() -> None:
    assert names_in("exp(tau*t)*x + y*x - 2*z_1") == ["tau", "t", "x", "y", "z_1"]
    with pytest.raises(ParseError, match="phi: found"):
        names_in("x $", "phi")
