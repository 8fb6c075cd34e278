"""Certificates of laws with functions: the genuine hold, each hostile one is refused, what is accepted is
true by numbers."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.domains.elementary.ode import ElementaryODE
from polylaw.errors import BudgetError, InputError
from polylaw.proof import checker
from polylaw.proof.appendix import render
from polylaw.proof.certify import certify
from polylaw.proof.coq import coq_source
from polylaw.proof.reading import certified
from polylaw.proof.telling import told_lines
from tests.helpers import gradient
from tests.proof.certificates import signed
from tests.proof.degenerate import EMPTY
from tests.proof.function_oracle import is_true
from tests.proof.test_mutants import accepted

Data = dict[str, Any]
ODE = pl.PolynomialODE
ROTATION, PENDULUM = ODE({"x": "-y", "y": "x"}), ElementaryODE({"x": "v", "v": "-sin(x)"})

#: name: (flow, claims)
CLAIMED: dict[str, tuple[pl.Flow, tuple[str, ...]]] = {
    "angle": (ROTATION, ("atan(y/x) - t", "sqrt(x^2 + y^2)")),
    "logarithms": (ODE({"x": "a*x - x*y", "y": "x*y - b*y"}, ["a", "b"]), ("x + y - b*log(x) - a*log(y)",)),
    "quotient": (ODE({"x": "x", "y": "y"}), ("x/y", "(x^2 + y^2)/(x*y)", "abs(x)/y")),
    "roots": (ODE({"x": "2*x", "y": "3*y"}), ("x^(1/2)/y^(1/3)", "(x^3 - y^2)/y^2")),
    "pendulum": (PENDULUM, ("v^2/2 - cos(x)",)),
    "exponentials": (ElementaryODE({"x": "exp(x)", "y": "exp(2*x)"}), ("y - exp(x)",)),
    "decay": (
        gradient("map:x*y", weight_decay="l"),
        ("t - log(exp(l*t))/l + exp(2*l*t)*(x^2 - y^2)", "t + log(x^2 - y^2)/(2*l)"),
    ),
    "mirror": (gradient("map:x + y", "mirror"), ("log(x) - log(y)", "x/y", "atan(y/x)")),
    "rational ode": (ODE({"x": "1/y", "y": "1/x", "z": "x/(y + 1)"}), ("x/y", "x^2/y^2 + x/y")),
    "constants": (ODE({"x": "y", "y": "2*x"}), ("log(y + sqrt(2)*x) + log(y - sqrt(2)*x)",)),
    "powers": (ODE({"x": "x", "y": "a*y"}, ["a"]), ("y*x^(-a)",)),
}


@cache
def certificate(name: str) -> Data:
    if name == "oscillator":
        return certify(pl.find_laws(ODE({"x": "v", "v": "-2*g*v - w2*x"}, ["g", "w2"]), kind="darboux")).data
    flow, claims = CLAIMED[name]
    verdicts = [pl.check_law(flow, claim) for claim in claims]
    assert all(isinstance(v, pl.Proved) for v in verdicts), name
    return certify(verdicts, flow=flow).data


NAMES = (*CLAIMED, "oscillator")


@pytest.mark.parametrize("name", NAMES)
def test_genuine_ones_hold_by_checker_and_by_numbers(name: str) -> None:
    data = certificate(name)
    assert accepted(data)
    assert [claim["type"] for claim in data["claims"] if not is_true(data, claim)] == []


@pytest.mark.parametrize("name", NAMES)
def test_genuine_ones_are_told(name: str) -> None:
    text = render(certificate(name), "tex").decode()
    assert r"\begin{document}" in text
    assert "expanded by the checker and not printed" not in text
    with pytest.raises(BudgetError, match="laws with functions"):
        coq_source(certificate(name))


def test_what_is_claimed_of_the_oscillator() -> None:
    kinds = [claim["type"] for claim in certificate("oscillator")["claims"]]
    assert kinds == ["conserved_where", "crossed", "kept", "kept", "kept", "jumps"]


# -- by hand: x' = -y, y' = x, t' = 1 with f1 = atan(y/x), each false in one way
# -----------------------------------
X, Y, T, F = ([["1", k, 1]] for k in range(4))
ONE: list[Any] = [["1"]]


def angle(**changes: Any) -> Data:
    data: Data = {
        "format": "polylaw-certificate",
        "version": 1,
        "engine": {"name": "hand", "version": "0"},
        "model": {},
        "variables": ["x", "y", "t", "f1"],
        "parameters": [],
        "clock": None,
        "functions": [{"kind": "atan", "of": [Y, X]}],
        "flow": {"type": "ode", "rhs": [[[["-1", 1, 1]]], [X], [ONE]]},
        "laws": [{"polynomial": [["1", 3, 1], ["-1", 2, 1]]}],
        "claims": [{"type": "conserved_where", "laws": [0]}],
    }
    return signed({**data, **changes})


MODEL = {**dict.fromkeys(("title", "flow", "ansatz", "source", "command"), ""), **EMPTY}


def verdict(data: Data) -> str:
    """What the checker says in the end."""
    try:
        return list(checker.check(data))[-1]
    except checker.Refused as error:
        return f"{type(error).__name__}: {error}"


def function(kind: str, above: Any = X, below: Any = ONE, **more: Any) -> Data:
    return {"kind": kind, "of": [above, below], **more}


def with_law(functions: list[Data], law: Any, rhs: Any, **more: Any) -> Data:
    """x' = rhs[0], y' = rhs[1] with functions f1, f2, ... (coordinates 2, 3, ...) and one law."""
    names = ["x", "y", *(f"f{n}" for n, _ in enumerate(functions, 1))]
    law = law if isinstance(law, dict) else {"polynomial": law}
    return angle(variables=names, functions=functions, laws=[law], flow={"type": "ode", "rhs": rhs}, **more)


def test_a_law_with_an_angle_holds() -> None:
    assert verdict(angle()) == "conserved_where: 1 laws annihilated by 1 fields where they are smooth"


#: Laws of x' = 1 (or so) that need the derivative of a function to be right: (functions, law, right-hand
#: sides, whether true).
DERIVATIVES = [
    # y' = f'(x) with the derivative written out, so y - f1 is a law
    ([function("log")], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [ONE, X]], True),
    ([function("log")], [["1", 1, 1], ["1", 2, 1]], [[ONE], [ONE, X]], False),
    ([function("log", [["1", 0, 2]])], [["2", 1, 1], ["-1", 2, 1]], [[ONE], [ONE, X]], True),
    ([function("log", ONE, X)], [["1", 1, 1], ["1", 2, 1]], [[ONE], [ONE, X]], True),
    ([function("log", ONE, X)], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [ONE, X]], False),
    ([function("exp")], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [[["1", 2, 1]]]], True),
    ([function("exp")], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [[["2", 2, 1]]]], False),
    ([function("exp", ONE, X)], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [[["-1", 2, 1]], [["1", 0, 2]]]], True),
    ([function("exp", ONE, X)], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [[["-1", 2, 1]], X]], False),
    ([function("atan")], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [ONE, [["1"], ["1", 0, 2]]]], True),
    ([function("atan")], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [ONE, [["2"], ["1", 0, 2]]]], False),
    ([function("atan", ONE, X)], [["1", 1, 1], ["1", 2, 1]], [[ONE], [ONE, [["1"], ["1", 0, 2]]]], True),
    ([function("root", degree=2)], [["1", 1, 1], ["-2", 2, 1]], [[ONE], [ONE, [["1", 2, 1]]]], True),
    ([function("root", degree=2)], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [ONE, [["1", 2, 1]]]], False),
    ([function("root", degree=3)], [["1", 1, 1], ["-3", 2, 1]], [[ONE], [ONE, [["1", 2, 2]]]], True),
    ([function("root", degree=3)], [["1", 1, 1], ["-2", 2, 1]], [[ONE], [ONE, [["1", 2, 2]]]], False),
    ([function("root", ONE, X, degree=2)], [["1", 1, 1], ["-2", 2, 1]], [[ONE], [[["-1", 2, 1]], X]], True),
    ([function("abs")], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [[["1", 2, 1]], X]], True),
    ([function("abs")], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [ONE]], False),
    ([function("abs")], [["1", 2, 2], ["-1", 0, 2], ["1", 1, 1]], [[ONE], [[]]], True),
    ([function("abs", ONE, X)], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [[["-1", 2, 1]], X]], True),
    ([function("cos"), function("sin")], [["1", 1, 1], ["-1", 3, 1]], [[ONE], [[["1", 2, 1]]]], True),
    ([function("cos"), function("sin")], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [[["-1", 3, 1]]]], True),
    ([function("cos"), function("sin")], [["1", 1, 1], ["-1", 2, 1]], [[ONE], [[["1", 3, 1]]]], False),
    ([function("cos"), function("sin")], [["1", 2, 2], ["1", 3, 2], ["1", 1, 1]], [[ONE], [[]]], True),
    ([function("cos"), function("sin")], [["1", 2, 2], ["-1", 3, 2], ["1", 1, 1]], [[ONE], [[]]], False),
    (
        [function("cos", ONE, X), function("sin", ONE, X)],
        [["1", 1, 1], ["-1", 3, 1]],
        [[ONE], [[["-1", 2, 1]], [["1", 0, 2]]]],
        True,
    ),
    # a function of a function: exp(log |x|) is not x, and log(exp(x)) is x by its derivative
    (
        [function("log"), function("exp", [["1", 2, 1]])],
        [["1", 3, 1], ["-1", 0, 1], ["1", 1, 1]],
        [[ONE], [[]]],
        False,
    ),
    (
        [function("exp"), function("log", [["1", 2, 1]])],
        [["1", 3, 1], ["-1", 0, 1], ["1", 1, 1]],
        [[ONE], [[]]],
        True,
    ),
    # quotients
    ([], {"polynomial": X, "over": Y}, [[X], [Y]], True),
    ([], {"polynomial": X, "over": Y}, [[X], [[["2", 1, 1]]]], False),
    ([], {"polynomial": ONE, "over": Y}, [[X], [[]]], True),
    ([], {"polynomial": ONE, "over": Y}, [[X], [Y]], False),
]


@pytest.mark.parametrize(("functions", "law", "rhs", "true"), DERIVATIVES)
def test_derivatives_and_relations(functions: list[Data], law: Any, rhs: Any, true: bool) -> None:
    data = with_law(functions, law, rhs)
    assert is_true(data, data["claims"][0]) is true
    assert verdict(data).startswith("conserved_where: 1 laws" if true else "Fails: law 0 is not conserved")


def test_time_is_the_logarithm_of_the_clock() -> None:
    """x' = -r x with the clock exp(r t): t + log|x|/r is a law, t - log|x|/r is none; a clock t has no such
    function."""
    decay = {
        "variables": ["x", "f1", "f2"],
        "parameters": ["r"],
        "clock": {"rate": [["1", 4, 1]]},
        "functions": [{"kind": "time", "of": [[["1", 3, 1]]]}, {"kind": "log", "of": [X]}],
        "flow": {"type": "ode", "rhs": [[[["-1", 0, 1, 4, 1]]]]},
    }
    for sign, start in (("1", "conserved_where"), ("-1", "Fails")):
        law = {"polynomial": [["1", 1, 1, 4, 1], [sign, 2, 1]], "over": [["1", 4, 1]]}
        assert verdict(angle(**decay, laws=[law])).startswith(start)
    plain = {**decay, "clock": {"root": 1}}
    assert verdict(angle(**plain, laws=[{"polynomial": [["1", 1, 1]]}])) == "Refused: no clock exp(r t)"


REFUSED = {
    "a function of what comes after it": {"functions": [function("atan", F)]},
    "an unknown kind of function": {"functions": [function("sqrt")]},
    "only a root has a degree": {"functions": [function("log", degree=2)]},
    "each has one": {"functions": [function("root")]},
    "a root of degree 0 or 1": {"functions": [function("root", degree=1)]},
    "cos and sin of the same come in pairs": {"functions": [function("sin")]},
    "smooth nowhere": {"functions": [function("log", [])]},
    "a zero denominator": {"functions": [function("atan", X, [])]},
    "the key 'of' is missing": {"functions": [{"kind": "log"}]},
    "the unknown key 'where'": {"functions": [function("log", where=X)]},
    "no variables": {"functions": [function("atan", ONE, ONE)] * 4},
    "an unknown type of claim": {"claims": [{"type": "conserved", "laws": [0]}]},
    "without variables, so constant": {"laws": [{"polynomial": ONE, "over": ONE}]},
    "a claim about no law": {"claims": [{"type": "conserved_where", "laws": []}]},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_malformed_ones_are_refused(reason: str) -> None:
    assert reason in verdict(angle(**REFUSED[reason]))


@pytest.mark.parametrize("kind", ["independent", "complete", "max_laws", "exactly", "not_conserved"])
def test_claims_that_take_coordinates_as_independent_are_none_of_functions(kind: str) -> None:
    """y - f1 and y with f1 = y^2/y: the gradients are independent only if f1 were a coordinate."""
    claims = [{"type": kind, "laws": [0], "count": 1}]
    assert verdict(angle(claims=claims)) == "Refused: an unknown type of claim"


def test_cosine_and_sine_stand_side_by_side() -> None:
    cos, sin = function("cos"), function("sin")
    for functions in ([cos], [cos, function("sin", Y)], [sin, cos]):
        assert "come in pairs" in verdict(with_law(functions, [["1", 2, 1]], [[ONE], [[]]]))


def test_a_quotient_is_a_law_only_beside_functions() -> None:
    """Without the key `functions` a denominator would be left unread."""
    data = with_law([], {"polynomial": X, "over": Y}, [[[]], [ONE]])
    assert verdict(data).startswith("Fails")
    del data["functions"]
    claims = [{"type": "conserved", "laws": [0]}]
    assert "the unknown key 'over'" in verdict(signed({**data, "claims": claims}))


def test_a_denominator_that_is_zero_by_the_relations() -> None:
    """1/(sin^2 + cos^2 - 1)"""
    below = [["1", 2, 2], ["1", 3, 2], ["-1"]]
    data = with_law([function("cos"), function("sin")], {"polynomial": Y, "over": below}, [[ONE], [ONE]])
    assert "a denominator that is 0" in verdict(data)


def test_words_have_no_functions() -> None:
    data = {**angle(), "flow": {"type": "shaped_gradient"}}
    assert "functions of what has no numbers" in verdict(signed(data))


# -- borders
# ------------------------------------------------------------------------------------------------------
KEPT = {"type": "kept", "polynomial": [["1", 0, 2], ["1", 1, 2]], "cofactors": [[]]}
CROSSED = {"type": "crossed", "polynomial": X, "field": 0, "point": ["0", "1", "0"]}
JUMPS = {"type": "jumps", "law": 0, "function": 0, "polynomial": X, "rest": ONE}


@pytest.mark.parametrize("claim", [KEPT, CROSSED, JUMPS])
def test_claims_about_borders_hold(claim: Data) -> None:
    data = angle(claims=[claim])
    assert verdict(data).startswith(claim["type"])
    assert is_true(data, claim)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ({**KEPT, "polynomial": X}, "no multiple of its derivative"),
        ({**KEPT, "cofactors": [ONE]}, "no multiple of its derivative"),
        ({**KEPT, "cofactors": []}, "a list is missing or has the wrong length"),
        ({**KEPT, "polynomial": F}, "a function where none may be"),
        ({**KEPT, "cofactors": [F]}, "a function where none may be that the flow has not"),
        ({**KEPT, "polynomial": ONE}, "without variables"),
        ({**CROSSED, "point": ["1", "1", "0"]}, "no crossing at the point"),
        ({**CROSSED, "point": ["0", "0", "0"]}, "no crossing at the point"),
        ({**CROSSED, "point": ["0", "1"]}, "a list is missing or has the wrong length"),
        ({**CROSSED, "polynomial": F}, "a function where none may be"),
        ({**CROSSED, "field": 1}, "an index below 1"),
        ({**JUMPS, "polynomial": Y}, "no arc tangent of a quotient by this polynomial"),
        ({**JUMPS, "rest": [["2"]]}, "no arc tangent of a quotient by this polynomial"),
        ({**JUMPS, "polynomial": ONE, "rest": X}, "without variables"),
    ],
)
def test_false_claims_about_borders_are_refused(claim: Data, reason: str) -> None:
    assert reason in verdict(angle(claims=[claim]))


def test_a_cofactor_has_no_pole_where_the_polynomial_is_zero() -> None:
    """x' = 1: with f1 = 1/x as a function, x' = f1 x holds where x is not 0, and x changes its sign all the
    same."""
    inverse = [function("exp", ONE, X), function("log", ONE, X)]
    claim = {"type": "kept", "polynomial": X, "cofactors": [[["1", 2, 1]]]}
    assert "that the flow has not" in verdict(with_law(inverse, [["1", 2, 1]], [[ONE], [[]]], claims=[claim]))


def test_crossings_lie_in_the_domain_of_the_flow() -> None:
    """x' = 1/y: at y = 0 nothing moves; and functions in the flow have a domain that is not looked at."""
    claim = {**CROSSED, "point": ["0", "0"]}
    data = with_law([], X, [[ONE, Y], [ONE]], claims=[claim])
    assert verdict(data) == "Fails: the flow is not defined at the point"
    there = [{**claim, "point": ["0", "1"]}]
    assert verdict(with_law([], X, [[ONE, Y], [ONE]], claims=there)).startswith("crossed")
    functions = [function("log")]
    other = with_law(functions, [["1", 2, 1]], [[[["1", 2, 1]]], [ONE]], claims=there)
    assert "a flow with functions" in verdict(other)


def test_crossings_have_a_positive_clock() -> None:
    flow, laws = {"type": "ode", "rhs": [[ONE]]}, [{"polynomial": X}]
    data = {"variables": ["x"], "functions": [], "clock": {"rate": ONE}, "flow": flow, "laws": laws}
    for value, start in (
        ("1", "crossed"),
        ("0", "Refused: a clock that is not positive"),
        ("-1", "Refused: a clock that is not"),
    ):
        assert verdict(angle(**data, claims=[{**CROSSED, "point": ["0", value]}])).startswith(start)


def test_jumps_need_a_conserved_factor_and_a_law_linear_in_the_arc_tangent() -> None:
    """x*atan(y/x) with x' = 0: the factor x is conserved, so the claim holds at y' = 1 (for u = x it says
    nothing); with x' = 1 it is not.  f1^2 and f1 in an exponential are refused."""
    atan, exp = function("atan", Y, X), function("exp", [["1", 2, 1]])
    claim = {**JUMPS, "polynomial": X}
    product = [["1", 0, 1, 2, 1]]
    assert verdict(with_law([atan], product, [[[]], [ONE]], claims=[claim])).startswith("jumps")
    data = with_law([atan], product, [[ONE], [ONE]], claims=[claim])
    assert "a factor that is not conserved" in verdict(data)
    assert "not c atan + r" in verdict(with_law([atan], [["1", 2, 2]], [[ONE], [ONE]], claims=[claim]))
    assert "not c atan + r" in verdict(with_law([atan], [["1", 1, 1]], [[ONE], [ONE]], claims=[claim]))
    data = with_law([atan], [["1", 2, 2], ["1", 2, 1]], [[ONE], [ONE]], claims=[claim])
    assert "not c atan + r" in verdict(data)
    both = [["1", 2, 1], ["1", 3, 1]]
    assert "not c atan + r" in verdict(with_law([atan, exp], both, [[ONE], [ONE]], claims=[claim]))
    logarithm = {**claim, "function": 0}
    data = with_law([function("log", Y, X)], [["1", 2, 1]], [[ONE], [ONE]], claims=[logarithm])
    assert "no arc tangent" in verdict(data)


def test_an_arc_tangent_of_zero_does_not_jump() -> None:
    """atan(0/x) is 0; and exp(-1/x^2)/x goes to 0 where x does."""
    zero = with_law([function("atan", [], X)], [["1", 2, 1]], [[ONE], [ONE]], claims=[JUMPS])
    assert "an arc tangent of 0, or of other functions" in verdict(zero)
    inner = [function("exp", [["-1"]], [["1", 0, 2]]), function("atan", [["1", 2, 1]], X)]
    flat = with_law(inner, [["1", 3, 1]], [[ONE], [ONE]], claims=[{**JUMPS, "function": 1}])
    assert "an arc tangent of 0, or of other functions" in verdict(flat)


def test_a_clock_that_stands_still_is_1() -> None:
    """x' = exp(r t) - 1: for r = 0 the clock is never 2."""
    flow = {"type": "ode", "rhs": [[[["1", 1, 1], ["-1"]]]]}
    data = {
        "variables": ["x"],
        "parameters": ["r"],
        "functions": [],
        "clock": {"rate": [["1", 2, 1]]},
        "flow": flow,
        "laws": [],
    }
    for point, start in (
        (["0", "2", "0"], "Refused: a clock that stands still"),
        (["0", "2", "1"], "crossed"),
    ):
        claim = {**CROSSED, "point": point}
        assert verdict(angle(**data, claims=[claim])).startswith(start)
        assert is_true(angle(**data, claims=[claim]), claim) is (start == "crossed")


def test_a_border_is_kept_where_the_functions_of_the_flow_are_smooth() -> None:
    """x' = x^2 |1/x|^2 is 1 - but nowhere at x = 0, and that is said."""
    claim = {"type": "kept", "polynomial": X, "cofactors": [[["1", 0, 1, 2, 2]]]}
    data = with_law([function("abs", ONE, X)], [["1", 2, 1]], [[[["1", 0, 2, 2, 2]]], [[]]], claims=[claim])
    [told] = told_lines(certified(data))
    assert told == "no trajectory enters or leaves x = 0 where x != 0"


def test_a_law_that_jumps_is_written_out() -> None:
    [told] = told_lines(certified(angle(claims=[JUMPS])))
    assert told.startswith("h1 = -t + f1 jumps by pi")


def test_nothing_is_called_pi() -> None:
    data = angle(variables=["pi", "y", "t", "f1"], claims=[JUMPS])
    assert "where z1 changes its sign" in told_lines(certified(data))[0]


@pytest.mark.slow
def test_zero_polynomials_cost_steps_too() -> None:
    names = [f"a{i}" for i in range(3000)]
    functions = [function("exp", Y)] * len(names)
    claims = [{"type": "kept", "polynomial": Y, "cofactors": [[]] * 50}] * 2000
    flow = {"type": "fields", "fields": [[[0, ONE]]] * 50}
    data = angle(variables=["x", "y", *names], functions=functions, laws=[], flow=flow, claims=claims)
    with pytest.raises(checker.TooLarge, match="steps"):
        list(checker.check(data))


def test_slopes_that_grow_too_long_are_not_printed() -> None:
    """x' = f_n for f_i = log|x + f_(i - 1)|: written out, the derivatives double with each step."""
    count = 14
    functions = [function("log", [["1", 0, 1], ["1", 1 + i, 1]] if i else X) for i in range(count)]
    data = with_law(functions, Y, [[[["1", count + 1, 1]]], [[]]], model=MODEL)
    assert "One identity was expanded by the checker and not printed" in render(data, "md").decode()


def test_a_law_does_not_jump_where_its_denominator_is_zero() -> None:
    """(x*atan(y/x) + 1)/x with x' = 1 - though x/x is 1: where x is 0, 1/x has a pole."""
    law = {"polynomial": [["1", 0, 1, 2, 1], ["1"]], "over": X}
    data = with_law([function("atan", Y, X)], law, [[ONE], [ONE]], claims=[JUMPS])
    assert verdict(data) == "jumps: a law jumps by a conserved multiple of pi"
    [told] = told_lines(certified(data))
    assert "where x changes its sign, y != 0, x != 0 and" in told  # so nowhere


def test_the_factor_of_a_jump_is_conserved_along_every_field() -> None:
    """x*atan(y/x) with the fields d/dy and d/dx: x is conserved along the first one alone."""
    data = with_law([function("atan", Y, X)], [["1", 0, 1, 2, 1]], [[], []], claims=[JUMPS])
    for fields, start in (
        ([[[1, ONE]]], "jumps"),
        ([[[1, ONE]], [[0, ONE]]], "Fails: a factor that is not conserved"),
    ):
        assert verdict(signed({**data, "flow": {"type": "fields", "fields": fields}})).startswith(start)


# -- mutants
# ------------------------------------------------------------------------------------------------------
def numbers(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all leaves below functions, flow, laws and claims."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in ("text", "type") and (
                path or key in ("functions", "flow", "laws", "claims", "clock")
            ):
                yield from numbers(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from numbers(value, (*path, i))
    elif data is not None:
        yield path


def mutated(data: Data, draw: random.Random) -> Data:
    """With one or two leaves changed, or a law or a claim taken from elsewhere."""
    data = copy.deepcopy(data)
    for _ in range(draw.randint(1, 2)):
        *path, last = draw.choice(list(numbers(data)))
        place: Any = data
        for key in path:
            place = place[key]
        value = place[last]
        if last == "kind":
            place[last] = draw.choice(["log", "exp", "atan", "abs", "cos", "sin"])
        elif isinstance(value, int):
            place[last] = max(0, value + draw.choice([-1, 1, 2]))
        else:
            place[last] = draw.choice(["1", "-1", "2", "1/2", f"-{value}".replace("--", "")])
    return data


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_accepted_mutants_are_true(name: str) -> None:
    draw = random.Random(name)
    taken = 0
    for _ in range(400):
        data = mutated(certificate(name), draw)
        for claim in data["claims"]:
            alone = signed({**data, "claims": [claim]})
            if accepted(alone):
                taken += 1
                assert is_true(alone, claim), json.dumps(alone)
    assert taken


# -- the API and the command line
# -----------------------------------------------------------------------------------
def test_what_is_no_law_is_not_certified() -> None:
    with pytest.raises(InputError, match=r"verdicts of check_law: proved"):
        certify([pl.check_law(ROTATION, "x")], flow=ROTATION)
    with pytest.raises(InputError, match="the flow of the verdicts"):
        certify(pl.check_law(ROTATION, "x^2 + y^2"))
    with pytest.raises(InputError, match="no law"):
        certify([], flow=ROTATION)


def test_polynomials_are_certified_as_such() -> None:
    """Coq and the appendix then have them as they have those of `find_laws`."""
    found = certify(pl.check_law(ROTATION, "x^2 + y^2"), flow=ROTATION)
    assert found.claims == ("conserved",)
    assert "functions" not in found.data
    assert "Theorem" in coq_source(found.data)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--law", "atan(y/x) - t"], r"conserved on each piece of a trajectory where x != 0: h1 = f1 - t"),
        (["--darboux"], r"conserved: h\d = x\^2 \+ y\^2"),
        (["--augment", "atan(y/x)", "--time", "t", "--degree", "1"], r"where x != 0: h1 = "),
    ],
)
def test_certify_and_verify(polylaw: Any, tmp_path: Path, arguments: list[str], told: str) -> None:
    model, path = tmp_path / "rotation.toml", str(tmp_path / "c.json")
    model.write_text('[ode]\nx = "-y"\ny = "x"\n')
    assert polylaw("certify", str(model), *arguments, "-o", path).code == 0
    run = polylaw("verify", path)
    assert run.code == 0
    assert re.search(told, run.out), run.out


def test_an_undecided_law_is_exit_3(polylaw: Any, tmp_path: Path) -> None:
    model, path = tmp_path / "roots.toml", tmp_path / "c.json"
    model.write_text('[ode]\nx = "(y*x^2)^(1/3)"\ny = "0"\n')
    run = polylaw("certify", str(model), "--law", "(x/y)^(1/3) - t/3", "-o", str(path))
    assert (run.code, run.out, path.exists()) == (3, "", False)
    assert "undecided: its derivative along flow is not 0 by the rules" in run.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--law", "x"], "--law: found 'x', expected a law that polylaw check proves; it is refuted"),
        (["--law", "3"], "proved, and not trivially"),
        (["--law", "x^2 + y^2", "--darboux"], "--darboux: found True, expected no --darboux beside --law"),
        (["--law", "x^2 + y^2", "--degree", "2"], "--degree: found 2, expected no --degree beside --law"),
        (["--darboux", "--augment", "log(x)"], "--augment"),
        (["--augment", "log(x)", "--refuted", "x"], "--refuted"),
    ],
)
def test_options_that_would_be_ignored_are_refused(
    polylaw: Any, tmp_path: Path, arguments: list[str], reason: str
) -> None:
    model, path = tmp_path / "rotation.toml", tmp_path / "c.json"
    model.write_text('[ode]\nx = "-y"\ny = "x"\n')
    run = polylaw("certify", str(model), *arguments, "-o", str(path))
    assert (run.code, run.out, path.exists()) == (2, "", False)
    assert reason in run.err
