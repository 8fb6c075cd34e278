"""`polylaw darboux`, `--augment`, `check` with functions: text, JSON, exit codes, errors of one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from tests.helpers import EXAMPLES

OSCILLATOR = str(EXAMPLES / "systems" / "damped_oscillator.toml")
TEN = str(EXAMPLES / "systems" / "ten_variables.toml")
PREDATORS = str(EXAMPLES / "functions" / "lotka_volterra.toml")
KEPLER = str(EXAMPLES / "functions" / "kepler.toml")
TODA = str(EXAMPLES / "functions" / "toda.toml")
LAW = "d*x - c*log(x) + b*y - a*log(y)"

DARBOUX = """\
damped_oscillator   n = 2, 1 field   ODE   degree <= 2
1 irreducible Darboux polynomial, 3 laws   1 independent law without time and 2 with it, \
which are all there are for generic values of the parameters
  degree 1: all over the field of parameters (for generic values of them), by case distinctions on \
their cofactors
  degree 2: all over the field of parameters (for generic values of them), by case distinctions on \
their cofactors

  Darboux polynomials h, X h = lambda*h
  w2*x^2 + 2*g*x*v + v^2   lambda = -2*g

  laws that depend on time
  exp(2*g*t)*(w2*x^2 + 2*g*x*v + v^2)

  laws with logarithms
  log(w2*x^2 + 2*g*x*v + v^2) + 2*g*atan(x*sqrt(-g^2 + w2)/(g*x + v))/sqrt(-g^2 + w2)   where w2 > g^2
    where g*x + v != 0, w2*x^2 + 2*g*x*v + v^2 != 0: constant on each piece of a trajectory there
    trajectories cross g*x + v = 0 (as at x = -1, v = 1, g = 1, w2 = 3), where the value jumps by \
2*g/sqrt(-g^2 + w2) times pi, up or down
    single valued where w2*x^2 + 2*g*x*v + v^2 != 0, g != 0: cos and sin of \
atan2(x*sqrt(-g^2 + w2), g*x + v) + 1/2*log(w2*x^2 + 2*g*x*v + v^2)*sqrt(-g^2 + w2)/g
  log(w2*x^2 + 2*g*x*v + v^2) + g*log(x*sqrt(g^2 - w2) + g*x + v)/sqrt(g^2 - w2) \
- g*log(x*sqrt(g^2 - w2) - g*x - v)/sqrt(g^2 - w2)   where g^2 > w2
    where w2*x^2 + 2*g*x*v + v^2 != 0, x*sqrt(g^2 - w2) + g*x + v != 0, x*sqrt(g^2 - w2) - g*x - v != 0, \
which no trajectory leaves

  for g = 0: 1 independent law without time and 2 with it, which are all there are\
 for generic values of the parameters
  w2*x^2 + v^2
  t - atan(x*sqrt(w2)/v)/sqrt(w2)   where w2 > 0
    where v != 0: constant on each piece of a trajectory there
    trajectories cross v = 0 (as at x = 1, v = 0, w2 = 1), where the value jumps by 1/sqrt(w2) times pi, \
up or down
    single valued where w2*x^2 + v^2 != 0: cos and sin of atan2(x*sqrt(w2), v) - t*sqrt(w2)
  2*t - log(x*sqrt(-w2) + v)/sqrt(-w2) + log(x*sqrt(-w2) - v)/sqrt(-w2)   where w2 < 0
    where x*sqrt(-w2) + v != 0, x*sqrt(-w2) - v != 0, which no trajectory leaves

  for w2 = 0: 1 independent law without time and 2 with it, which are all there are\
 for generic values of the parameters
  2*g*x + v
  exp(2*g*t)*v

  for w2 = g^2: 1 independent law without time and 2 with it, which are all there are\
 for generic values of the parameters
  g*x/(g*x + v) + log(g*x + v)
    where g*x + v != 0, which no trajectory leaves
  exp(g*t)*(g*x + v)

  for g = 0, w2 = 0: 1 independent law without time and 2 with it, which are all there are
  v
  x - t*v
"""

PROVED = """\
proved: d*x + b*y - c*log(x) - a*log(y) is conserved by Lotka-Volterra, ODE
  where x != 0, y != 0, which no trajectory leaves
"""

COUNT = """\
nmf 1-2-1   D = 4, 1 field   gradient flow, metric mirror
exactly 3 independent laws of any kind near a generic point
  at least 3: rank of the gradients of 3 laws with log(U_1_1), log(U_1_2), log(V_1_1), log(V_1_2), \
at a rational point, in ball arithmetic
  at most 3 = 4 - 1: dimension of the state, less a rank of the Lie algebra of the fields

  independent laws among
  U_1_1 - V_1_1
  U_1_2 - V_1_2
  (U_1_2 - V_1_2)*log(U_1_1) - (U_1_1 - V_1_1)*log(U_1_2) - (U_1_2 - V_1_2)*log(V_1_1) \
+ (U_1_1 - V_1_1)*log(V_1_2)
    where U_1_1 != 0, U_1_2 != 0, V_1_1 != 0, V_1_2 != 0, which no trajectory leaves
"""


def test_darboux_prints_polynomials_and_laws(polylaw: Any) -> None:
    run = polylaw("darboux", OSCILLATOR)
    assert (run.code, run.out, run.err) == (0, DARBOUX, "")
    assert polylaw("darboux", OSCILLATOR).out == run.out


def test_darboux_json_agrees_with_python(polylaw: Any) -> None:
    data = json.loads(polylaw("darboux", TEN, "--degree", "1", "--json").out)
    result = pl.find_laws(pl.flow_from_file(TEN), 1, kind="darboux")
    assert data["schema"] == "polylaw-darboux-1"
    assert [d["polynomial"] for d in data["polynomials"]] == ["x3", "y3", "z1", "z2"]
    [law] = data["laws"]
    assert (law["law"], law["kind"], law["condition"]) == ("x3*y3/z1^3", "rational", None)
    assert (law["domain"]["inequations"], law["domain"]["whole_trajectories"]) == (["z1 != 0"], True)
    assert (data["complete"], data["complete_degree"], data["independent"]) == (True, 1, 2)
    assert data["evidence"] == [str(e) for e in result.found.evidence]


def test_darboux_exits_with_3_when_some_may_be_missing(polylaw: Any, tmp_path: Path) -> None:
    assert (
        polylaw("darboux", str(EXAMPLES / "systems" / "kepler.toml")).code == 0
    )  # not all laws, but all Darboux polynomials
    cut = polylaw("darboux", str(EXAMPLES / "systems" / "kepler.toml"), "--max-seconds", "1e-9")
    assert cut.code == 3
    assert "degree 1: undecided, max_seconds" in cut.out
    model = tmp_path / "exact.toml"
    model.write_text('[ode]\nx = "1 + x^2"\ny = "2*x*y"\n')
    assert "(x^2 + 1)/y" in polylaw("darboux", str(model)).out


def test_count_closes_with_logarithms(polylaw: Any) -> None:
    run = polylaw("count", "nmf:1,2,1", "--augment", "log(*)")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(COUNT)
    data = json.loads(polylaw("count", "nmf:1,2,1", "--augment", "log(*)", "--json").out)
    assert (data["lower"], data["upper"], data["exact"], len(data["augmented"])) == (3, 3, True, 3)
    assert json.loads(polylaw("count", "nmf:1,2,1", "--json").out)["augmented"] == data["augmented"]


def test_find_with_functions(polylaw: Any) -> None:
    run = polylaw("find", PREDATORS, "--augment", "log(x)", "--augment", "log(y)", "--degree", "1")
    assert run.code == 0
    assert (
        "complete: no other law of degree <= 1 in the state and these functions, for generic values of the "
        "parameters" in run.out
    )
    assert "  d*x + b*y - c*log(x) - a*log(y)\n" in run.out
    data = json.loads(polylaw("find", PREDATORS, "--augment", "log(*)", "--degree", "1", "--json").out)
    assert data["functions"] == {"log_x": "log(x)", "log_y": "log(y)"}
    assert data["new"] == ["d*x + b*y - c*log(x) - a*log(y)"]
    assert [domain["inequations"] for domain in data["domains"]] == [["x != 0", "y != 0"]]


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
    assert (run.code, run.out) == (0, PROVED)
    domain = json.loads(polylaw("check", PREDATORS, LAW, "--json").out)["domain"]
    assert domain["inequations"] == ["x != 0", "y != 0"]
    assert [border["trajectories"] for border in domain["borders"]] == ["never", "never"]
    run = polylaw("check", PREDATORS, "x + log(y)", "--json")
    data = json.loads(run.out)
    assert (run.code, data["verdict"], data["value"]) == (1, "refuted", "-4")
    run = polylaw("check", PREDATORS, "exp(x)", "--json")
    data = json.loads(run.out)
    assert (run.code, data["value"], data["enclosure"]) == (
        1,
        "-13.5914091423...",
        "[-13.5914091423 +/- 4.78e-12]",
    )
    assert polylaw("check", TODA, "p1 + p2 + p3").code == 0
    run = polylaw("check", KEPLER, "vx^2 + vy^2 - mu/sqrt(x^2 + y^2)")
    assert run.code == 1
    assert "near it, and true: vx^2 + vy^2 - 2*mu/sqrt(x^2 + y^2)" in run.out


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            ["darboux", TODA],
            "ode: found 'functions in the right-hand side', expected polynomials or quotients here",
        ),
        (["darboux", TODA], "for a constant such as sqrt(2) write a parameter"),
        (["darboux", OSCILLATOR, "--degree", "0"], "degree: found 0, expected an integer from 1 to 12"),
        (
            ["find", PREDATORS, "--augment", "ln(x)"],
            "augment: found 'ln', expected a variable or a parameter; write log(x)",
        ),
        (
            ["find", PREDATORS, "--augment", "x"],
            "expected one of exp, log, sqrt, atan, sin, cos, tan, sinh, cosh, tanh, abs or a quotient",
        ),
        (
            ["find", PREDATORS, "--augment", "log(x)", "--on", "x = y"],
            "--on: found '--augment beside it', expected a set in",
        ),
        (
            ["find", TODA, "--on", "p1 = p2"],
            "--on: found 'functions in the flow', expected a set in the state of a polynomial flow",
        ),
        (["check", PREDATORS, "\u03bb*x"], "names have letters from a to z"),
        (["check", PREDATORS, "log(0)"], "law: found '0', expected an argument that is not 0"),
        (["check", PREDATORS, "x^y"], "expected a constant exponent"),
        (["check", PREDATORS, "log(z)"], "law: found 'z', expected a variable or a parameter"),
    ],
)
def test_bad_input_is_one_line(polylaw: Any, command: list[str], words: str) -> None:
    run = polylaw(*command)
    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert run.err.count("\n") == 1


MAP_OF_LOG = """\
map   n = 2, 1 field   gradient flow   degree <= 2
1 generator, 1 independent   complete: no other law of degree <= 2 in the state (rank 4 mod 2147483587)

  polynomial laws
  x^2 - 2*y

next: polylaw count 'map:log(x)+y' (are these all laws there are?)
"""


def test_a_map_may_have_functions_in_it(polylaw: Any) -> None:
    run = polylaw("find", "map:log(x)+y")
    assert (run.code, run.out, run.err) == (0, MAP_OF_LOG, "")
    assert "rank of the gradients of 1 law of degree <= 2,\n" in polylaw("count", "map:log(x)+y").out
    assert polylaw("check", "map:log(x)+y", "x^2/2 - y").code == 0
    run = polylaw("find", "map:sin(x)+y", "--flow", "momentum")
    assert (run.code, run.out) == (2, "")
    assert "expected gradient, since phi has functions in it" in run.err


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("find", "map:ln(x)"), "phi[1]: found 'ln(...)', expected one of {}; write log(x); see column 1"),
        (
            ("find", "map:y;2*arctan(x)"),
            "phi[2]: found 'arctan(...)', expected one of {}; write atan(x); see column 3",
        ),
        (
            ("find", "map:x*(y(x + 1))"),
            "phi[1]: found 'y(...)', expected one of {}; write a product as y*(...); see column 4",
        ),
        (
            ("check", "map:x*y", "x - arctan(y)"),
            "law: name: found 'arctan', expected a variable or a parameter; write atan(x)",
        ),
    ],
)
def test_functions_of_other_names(polylaw: Any, command: tuple[str, ...], message: str) -> None:
    known = "exp, log, sqrt, atan, sin, cos, tan, sinh, cosh, tanh, abs before '('"
    run = polylaw(*command)
    assert (run.code, run.out, run.err) == (2, "", f"polylaw: {message.format(known)}\n")
