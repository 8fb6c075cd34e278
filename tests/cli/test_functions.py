"""`polylaw darboux`, `--augment`, `check` with functions: text, JSON, exit codes, errors of one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl

EXAMPLES = Path(__file__).parents[2] / "examples"
OSCILLATOR = str(EXAMPLES / "systems" / "damped_oscillator.toml")
TEN = str(EXAMPLES / "systems" / "ten_variables.toml")
PREDATORS = str(EXAMPLES / "functions" / "lotka_volterra.toml")
KEPLER = str(EXAMPLES / "functions" / "kepler.toml")
TODA = str(EXAMPLES / "functions" / "toda.toml")
LAW = "d*x - c*log(x) + b*y - a*log(y)"

DARBOUX = """\
damped_oscillator   n = 2, 1 field   ODE   degree <= 2
1 irreducible Darboux polynomial, 3 laws   1 independent law without time, which are all there are for generic values of the parameters
  degree 1: all, by the factors of the extactic polynomial over Q
  degree 2: all, by the factors of the extactic polynomial over Q

  Darboux polynomials h, X h = lambda*h
  w2*x^2 + 2*g*x*v + v^2   lambda = -2*g

  laws that depend on time
  exp(2*g*t)*(w2*x^2 + 2*g*x*v + v^2)

  laws with logarithms
  log(w2*x^2 + 2*g*x*v + v^2) + 2*g*atan(x*sqrt(-g^2 + w2)/(g*x + v))/sqrt(-g^2 + w2)   where w2 > g^2
  log(w2*x^2 + 2*g*x*v + v^2) + g*log(x*sqrt(g^2 - w2) + g*x + v)/sqrt(g^2 - w2) - g*log(x*sqrt(g^2 - w2) - g*x - v)/sqrt(g^2 - w2)\
   where g^2 > w2
"""

COUNT = """\
nmf 1-2-1   D = 4, 1 field   gradient flow, metric mirror
exactly 3 independent laws of any kind near a generic point
  at least 3: rank of the gradients of 3 laws with log(U_1_1), log(U_1_2), log(V_1_1), log(V_1_2), at a rational point, in ball arithmetic
  at most 3 = 4 - 1: dimension of the state, less a rank of the Lie algebra of the fields

  independent laws among
  U_1_1 - V_1_1
  U_1_2 - V_1_2
"""


def test_darboux_prints_polynomials_and_laws(polylaw: Any) -> None:
    run = polylaw("darboux", OSCILLATOR)
    assert (run.code, run.out, run.err) == (0, DARBOUX, "")
    assert polylaw("darboux", OSCILLATOR).out == run.out


def test_darboux_json_agrees_with_python(polylaw: Any) -> None:
    data = json.loads(polylaw("darboux", TEN, "--degree", "1", "--json").out)
    result = pl.find_darboux(pl.flow_from_file(TEN), 1)
    assert data["schema"] == "polylaw-darboux-1"
    assert [d["polynomial"] for d in data["polynomials"]] == ["x3", "y3", "z1", "z2"]
    assert data["laws"] == [{"law": "x3*y3/z1^3", "kind": "rational", "condition": None}]
    assert (data["complete"], data["complete_degree"], data["independent"]) == (True, 1, 2)
    assert data["evidence"] == list(result.found.evidence)


def test_darboux_exits_with_3_when_some_may_be_missing(polylaw: Any) -> None:
    run = polylaw("darboux", str(EXAMPLES / "systems" / "kepler.toml"))
    assert run.code == 3
    assert "degree 2: some may be missing, the extactic polynomial is too large; give the parameters values" in run.out


def test_count_closes_with_logarithms(polylaw: Any) -> None:
    run = polylaw("count", "nmf:1,2,1", "--augment", "log(*)")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(COUNT)
    data = json.loads(polylaw("count", "nmf:1,2,1", "--augment", "log(*)", "--json").out)
    assert (data["lower"], data["upper"], data["exact"], len(data["augmented"])) == (3, 3, True, 3)
    assert json.loads(polylaw("count", "nmf:1,2,1", "--json").out)["augmented"] is None


def test_find_with_functions(polylaw: Any) -> None:
    run = polylaw("find", PREDATORS, "--augment", "log(x)", "--augment", "log(y)", "--degree", "1")
    assert run.code == 0
    assert "complete for generic values of the parameters: no other law of degree <= 1" in run.out
    assert "in the state and these functions, taken as independent" in run.out
    assert "  d*x + b*y - c*log(x) - a*log(y)\n" in run.out
    data = json.loads(polylaw("find", PREDATORS, "--augment", "log(*)", "--degree", "1", "--json").out)
    assert data["functions"] == {"log_x": "log(x)", "log_y": "log(y)"}
    assert data["new"] == ["d*x + b*y - c*log(x) - a*log(y)"]


def test_right_hand_sides_with_functions(polylaw: Any) -> None:
    run = polylaw("count", KEPLER, "--augment", "1/sqrt(x^2 + y^2)", "--degree", "3")
    assert run.code == 0
    assert "exactly 3 independent laws of any kind near a generic point\n" in run.out
    assert "  x*vy^2 - y*vx*vy - mu*x/sqrt(x^2 + y^2)\n" in run.out
    run = polylaw("find", TODA, "--degree", "3")
    assert run.code == 0
    assert "  p1*p2*p3 - exp(q2 - q3)*p1 - exp(q1 - q2)*p3\n" in run.out
    data = json.loads(polylaw("count", TODA, "--degree", "3", "--json").out)
    assert (data["lower"], data["upper"], data["exact"]) == (3, 5, False)
    assert polylaw("count", TODA, "--degree", "3").code == 3


def test_check_with_functions(polylaw: Any) -> None:
    run = polylaw("check", PREDATORS, LAW)
    assert (run.code, run.out) == (0, "proved: d*x + b*y - c*log(x) - a*log(y) is conserved by Lotka-Volterra, ODE\n")
    run = polylaw("check", PREDATORS, "x + log(y)", "--json")
    data = json.loads(run.out)
    assert (run.code, data["verdict"], data["value"]) == (1, "refuted", "-4")
    run = polylaw("check", PREDATORS, "exp(x)", "--json")
    data = json.loads(run.out)
    assert (run.code, data["value"], data["enclosure"]) == (1, "-13.5914091423...", "[-13.5914091423 +/- 4.78e-12]")
    assert polylaw("check", TODA, "p1 + p2 + p3").code == 0
    run = polylaw("check", KEPLER, "vx^2 + vy^2 - mu/sqrt(x^2 + y^2)")
    assert run.code == 1
    assert "near it, and true: vx^2 + vy^2 - 2*mu/sqrt(x^2 + y^2)" in run.out


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["darboux", TODA], "ode: found 'functions in the right-hand side', expected polynomials or quotients here"),
        (["darboux", OSCILLATOR, "--degree", "0"], "degree: found 0, expected an integer from 1 to 12"),
        (["find", PREDATORS, "--augment", "sin(x)"], "augment: found 'sin'"),
        (["find", PREDATORS, "--augment", "x"], "expected log, exp, sqrt, atan or a quotient"),
        (["find", PREDATORS, "--augment", "log(x)", "--on", "x = y"], "--on: found '--augment beside it', expected one of the two"),
        (["check", PREDATORS, "log(0)"], "law: found '0', expected an argument that is not 0"),
        (["check", PREDATORS, "x^y"], "expected a constant exponent"),
        (["check", PREDATORS, "log(z)"], "law: found 'z', expected a variable or parameter of this flow"),
    ],
)
def test_bad_input_is_one_line(polylaw: Any, command: list[str], words: str) -> None:
    run = polylaw(*command)
    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert run.err.count("\n") == 1
