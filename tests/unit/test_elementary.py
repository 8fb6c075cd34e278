"""Expressions with functions: reading, printing, verdicts, functions added to the state, ranks in ball
arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

import polylaw as pl
from polylaw.domains.elementary.augmented import AugmentedFlow, sum_text
from polylaw.domains.elementary.balls import Enclosure, Values, generic_rank_at_least
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.numbers import root_of_rational
from polylaw.domains.elementary.ode import ElementaryODE
from polylaw.domains.elementary.parse import expression_of, parse_expression
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError, ParseError, UnknownNameError
from tests.helpers import LOTKA_VOLTERRA, gradient, momentum

FLOW = LOTKA_VOLTERRA

#: what is written: how it prints
TEXTS = {
    "log(x*y^2/3)": "-log(3) + log(x) + 2*log(y)",
    "log(4/9)": "2*log(2) - 2*log(3)",
    "log(sqrt(x))": "1/2*log(x)",
    "log(exp(x + y))": "x + y",
    "exp(2*log(x) + y)": "exp(y)*x^2",
    "exp(x/2)*exp(x/2)": "exp(x)",
    "exp(x)*exp(-x)": "1",
    "exp(a*log(x) + t)": "x^a*exp(t)",
    "2*a*x^a/x": "2*a*x^(a - 1)",
    "x^(2*a + 1)/3": "1/3*x^(2*a + 1)",
    "x^(a*b)/(x*y)": "x^(a*b - 1)/y",
    "(x + y)^a*(x - y)/(x + y)^2*a/2": "(x + y)^(a - 2)*(1/2*a*x - 1/2*a*y)",
    "(-x)^a/x": "-(-x)^(a - 1)",
    "2*2^a*x": "2*2^a*x",
    "3*x^b*y + 2*x^a/x + exp(t)/(2*y)": "3*x^b*y + 1/2*exp(t)/y + 2*x^(a - 1)",
    "exp(x)*y/2": "1/2*exp(x)*y",
    "-2*exp(x)/y": "-2*exp(x)/y",
    "atan(x*sqrt(2)/(x + y))": "atan(x*sqrt(2)/(x + y))",
    "x/((x + y)*sqrt(2))": "1/2*x*sqrt(2)/(x + y)",
    "x/((x + y)*sqrt(2*a))": "1/2*x*sqrt(2)/((x + y)*sqrt(a))",
    "x^-2*y": "y/x^2",
    "x^(-1/2)": "1/sqrt(x)",
    "sqrt(8*x)": "2*sqrt(2)*sqrt(x)",
    "sqrt(x)^2": "x",
    "sqrt(x*y)*sqrt(x)*sqrt(y)": "x*y",
    "sqrt(x^2*y)": "abs(x)*sqrt(y)",
    "exp(log(x))": "abs(x)",
    "sqrt(sqrt(-x/2))": "1/2*(-x)^(1/4)*sqrt(2*sqrt(2))",
    "sqrt(x*sqrt(-x))": "sqrt(x*sqrt(-x))",
    "sqrt(x) + x^(1/4)": "sqrt(x) + x^(1/4)",
    "sqrt(x) + y^(1/4) - sqrt(-x*sqrt(y))": "-sqrt(-x*sqrt(y)) + sqrt(x) + y^(1/4)",
    "sqrt(x) + y^(1/4) - sqrt(x*sqrt(y))": "-sqrt(x)*y^(1/4) + sqrt(x) + y^(1/4)",
    "sin(2*x)/cos(x)": "2*sin(x)",
    "cos(x/2)*sin(x)": "2*cos(1/2*x)^2*sin(1/2*x)",
    "sinh(x)^2 - cosh(x)^2": "-1",
    "tan(x)": "sin(x)/cos(x)",
    "sqrt(1 - cos(x)^2)": "abs(sin(x))",
    "atan(-y/x)": "-atan(y/x)",
    "(x^2 - y^2)/(x - y)": "x + y",
    "x + (d/b)*log(x)": "x + d*log(x)/b",
    "x^2*y/(x + y)^2": "x^2*y/(x + y)^2",
    "exp(2*a*t)*(x^2 + y^2)": "exp(2*a*t)*(x^2 + y^2)",
    "exp(x - y) + y": "y + exp(x - y)",
    "(x + y)^(a + b)": "(x + y)^(a + b)",
    "(a + b)*log(x)": "(a + b)*log(x)",
    "0*log(x)": "0",
}


@pytest.mark.parametrize("text", TEXTS)
def test_expressions_have_one_text_that_parses_back(text: str) -> None:
    printed = str(expression_of(FLOW, text))
    assert printed == TEXTS[text]
    assert str(expression_of(FLOW, printed)) == printed


#: what is written: (the error, what its message says)
REFUSED = {
    "log(0)": (ParseError, "an argument that is not 0"),
    "log(x - x)": (ParseError, "an argument that is not 0"),
    "1/(x - x)": (ParseError, "a nonzero denominator"),
    "1/(sqrt(x)^2 - x)": (ParseError, "a nonzero denominator"),
    "sqrt(-x^2)": (ParseError, "nowhere positive"),
    "sqrt(-4)": (ParseError, "a number that is not negative"),
    "x^y": (ParseError, "a constant exponent"),
    "x^1.5": (ParseError, "an integer exponent"),
    "x^(1/3000)": (ParseError, "as an exponent"),
    "log(x": (ParseError, "expected '\\)'"),
    "ln(x)": (UnknownNameError, r"write log\(x\)"),
    "sin(200*x)": (ParseError, "at most 40 times"),
    "log(q)": (UnknownNameError, "'q'"),
    "fn_0 + log(x)": (UnknownNameError, "fn_0"),
    "log(x)^100000": (ParseError, "at most 1000"),
    "log((x + y + 1)^100)": (ParseError, "at most 2000"),
    "log(x^100 + 1)": (ParseError, "at most 60"),
    "exp(" * 200 + "x" + ")" * 200: (ParseError, "at most 100 nested parentheses"),
    "+".join(f"log(x + {i})" for i in range(2, 300)): (ParseError, "at most 200 different functions"),
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
def test_what_is_no_expression_is_refused(text: str) -> None:
    error, words = REFUSED[text]
    with pytest.raises(error, match=words):
        expression_of(FLOW, text)


#: claim: (verdict, witness value or None)
VERDICTS = {
    "x/y": (pl.Refuted, -3),
    "1/y": (pl.Refuted, None),
    "1/log(y)": (pl.Refuted, None),
    "log(a)": (pl.Proved, None),
    "x^c*y^a*exp(-d*x - b*y)": (pl.Proved, None),
    "x^c*y^a*exp(-d*x + b*y)": (pl.Refuted, None),
    "t - t": (pl.Proved, None),
    "exp(2*log(x)) - x^2": (pl.Proved, None),
    "sqrt(x^2) - x": (pl.Refuted, None),  # where x < 0
    "atan(x) + atan(1/x)": (pl.Proved, None),  # pi/2 or -pi/2
}


def test_claims_of_every_form_are_decided() -> None:
    for claim, (kind, value) in VERDICTS.items():
        verdict = pl.check_law(FLOW, claim)
        assert isinstance(verdict, kind), claim
        if value is not None:
            assert isinstance(verdict, pl.Refuted)
            assert verdict.value == value


def test_functions_that_depend_on_each_other_unseen_leave_a_claim_undecided() -> None:
    flow = pl.PolynomialODE({"x": "1", "y": "0"})
    verdict = pl.check_law(flow, "x*(exp(x/(x - 1)) - exp(1)*exp(1/(x - 1)))")
    assert isinstance(verdict, pl.Undecided)
    assert "no rational point" in verdict.reason


def test_a_refutation_names_a_point_and_the_nearest_law() -> None:
    verdict = pl.check_law(FLOW, "d*x - log(x) + b*y - a*log(y)")
    assert isinstance(verdict, pl.Refuted)
    assert [str(h) for h in verdict.nearest] == ["d*x + b*y - c*log(x) - a*log(y)"]
    assert verdict.value
    verdict = pl.check_law(FLOW, "exp(x)")
    assert isinstance(verdict, pl.Refuted)
    assert isinstance(verdict.value, Enclosure)
    assert str(verdict.value).startswith("-13.5914091423")


def test_expressions_are_equal_when_their_values_are() -> None:
    pairs = {
        "sqrt(x*y)/sqrt(y) + x^(1/4)": "x^(1/4) + sqrt(x)",
        "sin(2*x)": "2*sin(x)*cos(x)",
        "sin(x)": "2*sin(x/2)*cos(x/2)",
    }
    for left, right in pairs.items():
        a, b = expression_of(FLOW, left), expression_of(FLOW, right)
        assert a == b
        assert hash(a) == hash(b)
        assert a != expression_of(FLOW, f"{right} + y")
    assert expression_of(FLOW, "log(x)") != expression_of(pl.PolynomialODE({"x": "1"}), "log(x)")


def test_asking_whether_something_is_the_clock_adds_no_time() -> None:
    tower = Tower(momentum("linear:1,1,1", "tau"))
    parse_expression(tower, "exp(U1_1_1)")
    assert len(tower.functions) == 1


def test_expressions_and_sympy_are_claims_too() -> None:
    law = "d*x + b*y - c*log(x) - a*log(y)"
    assert isinstance(pl.check_law(FLOW, expression_of(FLOW, law)), pl.Proved)
    assert isinstance(pl.check_law(FLOW, sympy.sympify(law)), pl.Proved)
    assert isinstance(pl.check_law(FLOW, sympy.Symbol("x") ** sympy.Rational(1, 2)), pl.Refuted)


def test_the_clock_of_a_momentum_flow_is_understood() -> None:
    flow = momentum("linear:1,2,1", "tau")
    skew = "U1_1_1*dU1_1_2 - U1_1_2*dU1_1_1 + U2_1_1*dU2_2_1 - U2_2_1*dU2_1_1"
    for claim in (
        f"exp(tau*t)*({skew})",
        f"log({skew}) + tau*t",
        f"({skew})/exp(-tau*t)",
        f"sqrt({skew})*exp(tau*t/2)",
    ):
        assert isinstance(pl.check_law(flow, claim), pl.Proved), claim
    for claim in (f"log({skew}) - tau*t", f"({skew})/exp(tau*t)"):
        assert isinstance(pl.check_law(flow, claim), pl.Refuted), claim
    assert isinstance(pl.check_law(flow, "t"), pl.Refuted)


def test_time_enters_odes_only() -> None:
    with pytest.raises(UnknownNameError, match="a law without time"):
        pl.check_law(gradient("linear:1,1,1"), "t*U1_1_1 + log(U1_1_1)")


def test_roots_of_rationals() -> None:
    assert root_of_rational(Fraction(8, 9), 2) == (Fraction(2, 3), 2)
    assert root_of_rational(Fraction(1), 3) == (1, 1)
    assert root_of_rational(Fraction(54), 3) == (3, 2)


def test_functions_get_names_and_relations_between_them_are_seen() -> None:
    flow = AugmentedFlow(pl.PolynomialODE({"x": "x", "y": "2*y"}), ["1/x", "sqrt(y)", "log(x)", "sqrt(4*y)"])
    assert flow.ring.variables == ("x", "y", "inv_x", "sqrt_y", "log_x")
    laws = pl.find_laws(flow.original, 2, augment=["1/x", "sqrt(y)"])
    assert [str(h) for h in laws.generators] == ["sqrt(y)/x"]
    assert laws.complete
    assert (laws.unknowns, laws.dimension, laws.rank) == (
        12,
        1,
        11,
    )  # of 14 products x*(1/x) and sqrt(y)^2 are no new ones


def test_relations_between_functions_are_not_laws() -> None:
    flow = pl.PolynomialODE({"x": "x", "y": "-y"})
    laws = pl.find_laws(flow, 1, augment=["log(x)", "log(y)", "log(x*y)"])
    assert [str(h) for h in laws.generators] == ["log(x) + log(y)"]
    assert (laws.independent.lower, laws.independent.upper) == (1, 1)


@pytest.mark.parametrize(
    ("augment", "words"),
    [
        ([], "from 1 to 64 functions"),
        (["x"], "polynomials in the state are there already"),
        (["log(3)"], "a function of the state"),
        (["log(0)"], "a function of the state|not 0"),
        (["foo(x)"], "'foo'"),
        (["x^y"], "a constant exponent"),
        ([3], "the text of a function"),
    ],
)
def test_what_cannot_be_added_is_refused(augment: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        AugmentedFlow(FLOW, augment)


def test_the_rank_of_gradients_is_that_on_the_original_state() -> None:
    flow = pl.PolynomialODE({"x": "0", "y": "0", "z": "1"})
    tower = Tower(flow)
    elements = [
        parse_expression(tower, text).value
        for text in ("log(x)", "log(y)", "log(x) + log(y)", "exp(x)*y", "x")
    ]
    rank, point = generic_rank_at_least(tower, elements, pl.Budget())
    assert rank == 2
    assert point is not None


def test_values_are_exact_where_they_can_be_and_enclosed_elsewhere() -> None:
    tower = Tower(FLOW)
    value = parse_expression(tower, "x/y + 1").value
    assert Values(tower, {0: 2, 1: 4}, [])(value) == Fraction(3, 2)
    expression = parse_expression(tower, "log(x) - 1")
    enclosed = Values(tower, {0: 2}, expression.functions)(expression.value)
    assert isinstance(enclosed, Enclosure)
    assert enclosed.digits == "-0.306852819440"
    assert (
        Values(tower, {0: 1}, expression.functions)(parse_expression(tower, "log(x)").value) is None
    )  # may be 0


def test_right_hand_sides_with_functions() -> None:
    flow = ElementaryODE({"x": "k*exp(-x)"}, {"k": "1/2"})
    assert isinstance(pl.check_law(flow, "exp(x)"), pl.Refuted)
    with pytest.raises(InputError, match="found 'functions such as sqrt in it'"):
        _ = flow.distribution
    assert isinstance(pl.find_laws(flow), pl.AugmentedLaws)
    with pytest.raises(UnknownNameError, match="'y'"):
        ElementaryODE({"x": "exp(y)"})


def test_fields_with_functions_keep_their_form() -> None:
    tower = Tower(ElementaryODE({"x": "abs(x) + sqrt(x)"}))
    assert fields_of(tower) == fields_of(tower)  # read again, |x| would be x, since sqrt(x) is there


def test_a_certificate_speaks_of_polynomials_only() -> None:
    flow = gradient("nmf:1,2,1")
    verdict = pl.check_law(flow, "log(U_1_1)")
    assert isinstance(verdict, pl.Refuted)
    with pytest.raises(InputError, match="a polynomial claim"):
        pl.certify(pl.find_laws(flow), refuted=[verdict])


@pytest.mark.parametrize(
    ("rhs", "functions", "expected"),
    [
        (
            {"x1": "p1", "x2": "p2", "p1": "2*g/(x1-x2)^3", "p2": "-2*g/(x1-x2)^3"},
            ["1/(x1-x2)"],
            "p1*p2 - g/(x1 - x2)^2",
        ),
        ({"x": "y", "y": "-exp(2*x) + exp(x)"}, ["exp(x)"], "y^2 + (exp(x))^2 - 2*exp(x)"),
        ({"x": "x", "y": "2*log(x)"}, ["log(x)"], "(log(x))^2 - y"),
        ({"x": "x", "y": "2/3"}, ["log(x)"], "3*y - 2*log(x)"),
    ],
)
def test_laws_as_sums_of_terms_parse_back(rhs: dict[str, str], functions: list[str], expected: str) -> None:
    elementary = any("exp" in f or "log" in f for f in rhs.values())
    flow = ElementaryODE(rhs) if elementary else pl.PolynomialODE(rhs, ["g"] if "x1" in rhs else [])
    laws = pl.find_laws(flow, 2, augment=functions)
    texts = [sum_text(laws.flow, p) for p in laws.polynomials]
    assert expected in texts
    for text, h in zip(texts, laws.generators, strict=True):
        assert str(parse_expression(h.tower, text)) == str(h)


@pytest.mark.parametrize(
    ("rate", "power"),
    [("a*x^(a-1)", "x^a"), ("(a+1/2)*x^(a-1/2)", "x^(a+1/2)"), ("2*a*x*(x^2+1)^(a-1)", "(x^2+1)^a")],
)
def test_powers_with_symbols_are_differentiated(rate: str, power: str) -> None:
    flow = ElementaryODE({"x": "1", "y": rate}, ["a"])
    assert isinstance(pl.check_law(flow, f"y - {power}"), pl.Proved)
    assert isinstance(pl.check_law(flow, f"y + {power}"), pl.Refuted)
