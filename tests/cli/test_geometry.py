"""`polylaw find --on`, `polylaw check --on`, `polylaw relations`: text, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl

TOP = str(Path(__file__).parents[2] / "examples" / "systems" / "goryachev_chaplygin.toml")

ON_THE_TOP = """\
Goryachev-Chaplygin top   n = 6, 1 field   ODE   degree <= 3
on M1*g1 + M2*g2 + M3*g3 = 0   1 equation, dimension 5, degree 2   \
invariant: every field maps the ideal of the equations into itself
3 laws on it, constants apart: 2 from laws everywhere, 1 more   complete on its complex points: \
no other among 76 monomials (rank 73 over the field of parameters)
the ideal of the equations is radical: its leading monomials are squarefree
note: 3 laws everywhere of degree <= 3; on the set 2 of them are independent modulo constants
3 to 4 independent laws of any kind on it near one of its points: its dimension there, 5, \
less a rank of the Lie algebra of the fields, 1

  new there, with sums and products
  M1^2*M3 + M2^2*M3 + m*M1*g3

  from laws everywhere
  M1^2 + M2^2 + 4*M3^2 - 2*m*g1
  g1^2 + g2^2 + g3^2
"""

ORTHOGONAL = """\
linear 2-2-2   D = 8, 4 fields   gradient flow, Euclidean
on U1'*U1 = 1   3 equations, dimension 5, degree 4   not invariant
  the derivative of U1_1_1^2 + U1_2_1^2 - 1 along grad phi[1] is 2*U1_1_1*U2_1_1 on the set, \
which is 2 at U1_1_1 = 1, U1_2_2 = 1, U2_1_1 = 1 (all else 0)
  no trajectory stays on it for every loss: its largest invariant part is empty
"""

RELATIONS = """\
linear 1-2-1   D = 4, 1 field   gradient flow, Euclidean   4 generators of the laws of degree <= 2
1 relation, 3 independent   complete: the variables were eliminated

  laws
  h1 = U1_1_1^2 - U2_1_1^2
  h2 = U1_1_1*U1_1_2 - U2_1_1*U2_2_1
  h3 = U1_1_1*U2_2_1 - U1_1_2*U2_1_1
  h4 = U1_1_2^2 - U2_2_1^2

  relations
  h1*h4 - h2^2 + h3^2 = 0
"""

LEVEL = """\
  level set through U1_1_1 = 1, U2_1_1 = 1 (all else 0): laws equal to 0, 0, 0
  dimension 5, degree 8, codimension 3 (over the complex numbers)
  the set is singular at the point: the gradients of the laws have rank 2 there, less than 3, \
so there are more tangent directions than dimensions
  its points where the rank is less than 3 form a set of dimension 4
"""

#: arguments: (exit code, part of the output)
ANSWERS = {
    ("find", "linear:2,2,2", "--on", "U1'*U1 = U2*U2'"): (0, "exactly 0 independent laws of any kind"),
    ("find", "linear:2,2,2", "--on", "balanced", "--on", "U1 = U2"): (1, "not invariant"),
    ("find", "linear:3,3,3", "--on", "balanced"): (0, "exactly 0 independent laws of any kind"),
    ("find", "linear:1,1,1", "--damping", "tau", "--on", "at rest"): (
        1,
        "its largest invariant part has dimension 1",
    ),
    ("check", "linear:2,2,2", "U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2", "--on", "balanced"): (
        0,
        "proved, but trivially",
    ),
    ("check", "linear:2,2,2", "U1_1_1", "--on", "balanced"): (
        1,
        "which is 1 at U1_2_1 = 1, U2_1_1 = 1 (all else 0)",
    ),
    ("check", "linear:1,1,1", "U1_1_1", "--on", "U1_1_1^2 - U2_1_1^2 = 3"): (1, "refuted"),
    ("check", "linear:1,1,1", "U1_1_1", "--on", "balanced", "--max-seconds", "1e-9"): (3, ""),
    ("relations", "linear:1,2,1", "--express", "(U1_1_1*U2_2_1 - U1_1_2*U2_1_1)^3"): (0, "= h3^3"),
    ("relations", "linear:1,2,1", "--express", "U1_1_1^2"): (1, "U1_1_1^2 is no polynomial in these laws"),
    ("relations", "factorization:1,2,4", "--up-to", "6"): (3, "undecided: all relations up to degree 6"),
    ("relations", "linear:1,2,4"): (
        0,
        "0 relations, 3 independent   complete: the gradients are independent",
    ),
}

NIL = "[ode]\nx = 'z*y'\ny = '-y'\nz = 'z'\n"
PLANES = ("--on", "U1'*U1 = U2*U2'")
MINOR = "U1_1_1*U2_2_1 - U1_1_2*U2_1_1"

#: arguments: part of the line on standard error
REFUSED = {
    ("find", "linear:2,2,2", "--on", "U3 = 1"): "on: name: found 'U3'",
    ("find", "linear:2,2,2", "--on", "U1 = 1", "--on", "U1 = 2"): "contradict each other",
    ("check", "linear:2,2,2", "U1_1_1", "--on", "U1 = 1"): "expected an invariant set; the derivative of",
    ("relations", "linear:1,2,1", "--at", "U=1"): "point: found 'U'",
    ("relations", "linear:1,2,1", "--up-to", "0"): "degree: found 0",
    ("relations", "linear:2,2,2", "--degree", "1"): "raise --degree",
}


def test_find_on(polylaw: Any) -> None:
    run = polylaw("find", TOP, "--degree", "3", "--on", "M1*g1 + M2*g2 + M3*g3 = 0")
    assert (run.code, run.out, run.err) == (0, ON_THE_TOP, "")


def test_find_on_a_set_that_is_not_invariant(polylaw: Any) -> None:
    run = polylaw("find", "linear:2,2,2", "--on", "U1'*U1 = 1")
    assert (run.code, run.out, run.err) == (1, ORTHOGONAL, "")


def test_relations(polylaw: Any) -> None:
    run = polylaw("relations", "linear:1,2,1")
    assert (run.code, run.out, run.err) == (0, RELATIONS, "")


def test_level_set(polylaw: Any) -> None:
    run = polylaw("relations", "linear:2,2,2", "--at", "U1_1_1=1, U2_1_1=1")
    assert (run.code, run.err) == (0, "")
    assert run.out.endswith(LEVEL)


def rows(*answers: tuple[str, ...]) -> list[Any]:
    """The one about 27 variables is slow."""
    return [pytest.param(a, marks=[pytest.mark.slow] * ("linear:3,3,3" in a)) for a in answers]


@pytest.mark.parametrize("arguments", rows(*ANSWERS), ids=" ".join)
def test_answers(polylaw: Any, arguments: tuple[str, ...]) -> None:
    code, part = ANSWERS[arguments]
    run = polylaw(*arguments)
    assert run.code == code
    assert part in run.out


def test_equations_that_are_not_radical(polylaw: Any) -> None:
    """U1' U1 = U2 U2' for widths 1, 2, 1 is the union of U1 = U2' and U1 = -U2', where one more minor is
    0."""
    run = polylaw("find", "linear:1,2,1", *PLANES)
    assert run.code == 0
    assert (
        "0 laws on it, constants apart: 0 from laws everywhere, 0 more   complete on its complex points"
        in run.out
    )
    assert (
        "the ideal of the equations is not radical; on the set are 0 also (computed component by "
        f"component)\n  {MINOR}\n" in run.out
    )
    same = polylaw("find", "linear:1,2,1", "--on", "balanced")
    assert same.code == 0
    assert "0 laws on it" in same.out
    assert "the ideal of the equations is radical: computed component by component" in same.out
    for power in (1, 2, 3):
        run = polylaw("check", "linear:1,2,1", f"({MINOR})^{power}", *PLANES)
        assert run.code == 0
        assert run.out.startswith("proved, but trivially")


def test_nilpotent_equations(polylaw: Any, written: Any) -> None:
    path = written(NIL)
    answers = [
        polylaw("find", path, "--on", on, "--degree", "1", "--json") for on in ("z = 0", "z^2 = 0", "z^3 = 0")
    ]
    assert [run.code for run in answers] == [0, 0, 0]
    assert [json.loads(run.out)["basis"] for run in answers] == [["x"]] * 3
    assert [json.loads(run.out)["set_degree"] for run in answers] == [1] * 3
    assert [json.loads(run.out)["complete_modulo"] for run in answers] == [["z"]] * 3
    assert polylaw("check", path, "x", "--on", "z^2 = 0").out.startswith("proved: x")
    run = polylaw("find", "map:x*y", "--on", "(x^2 - y^2)^2 = 0")
    assert (run.code, "0 laws on it" in run.out) == (0, True)
    assert polylaw("check", "map:x*y", "x^2 - y^2", "--on", "(x^2 - y^2)^2 = 0").out.startswith(
        "proved, but trivially"
    )


def test_what_is_not_known_to_be_radical_is_undecided(polylaw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bounded = pl.Budget(max_radical_steps=30)
    monkeypatch.setattr("polylaw.cli.options.budget_of", lambda options: bounded)
    run = polylaw("find", "linear:1,2,1", *PLANES)
    assert run.code == 3
    assert "complete modulo the ideal of the equations: no other among 11 monomials" in run.out
    assert "undecided on the set: it is not known whether this ideal is radical" in run.out
    data = json.loads(polylaw("find", "linear:1,2,1", *PLANES, "--json").out)
    assert (data["complete"], data["radical"], data["basis"]) == (False, None, [MINOR])
    # a single claim needs no radical
    assert polylaw("check", "linear:1,2,1", MINOR, *PLANES).out.startswith("proved, but trivially")


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_bad_input_is_one_line(polylaw: Any, arguments: tuple[str, ...]) -> None:
    run = polylaw(*arguments)
    assert (run.code, run.out) == (2, "")
    assert run.err.count("\n") == 1
    assert REFUSED[arguments] in run.err


@pytest.mark.parametrize("arguments", rows(*(a for a in ANSWERS if "--max-seconds" not in a)), ids=" ".join)
def test_json_is_the_same_twice_and_has_a_schema(polylaw: Any, arguments: tuple[str, ...]) -> None:
    first, second = polylaw(*arguments, "--json"), polylaw(*arguments, "--json")
    assert first == second
    assert first.code == ANSWERS[arguments][0]
    assert json.loads(first.out)["schema"].startswith("polylaw-")


def test_json_reads_back(polylaw: Any) -> None:
    path, on = TOP, "M1*g1 + M2*g2 + M3*g3 = 0"
    flow = pl.flow_from_file(path)
    found = json.loads(polylaw("find", path, "--degree", "3", "--on", on, "--json").out)
    assert found["invariant"] == "ideal"
    assert all(isinstance(pl.check_law(flow, law, on=on), pl.Proved) for law in found["basis"])
    near = {
        flow.ring.index(name): pl.Ring([]).parse(value).constant_value
        for name, value in found["near"]["point"].items()
    }
    assert all(f(near) == 0 for f in pl.Variety.of(flow, on).equations)


def test_json_of_relations_reads_back(polylaw: Any) -> None:
    found = json.loads(polylaw("relations", "factorization:1,2,4", "--json").out)
    assert (
        found["independent"],
        found["independent_at_most"],
        found["complete"],
        len(found["relations"]),
    ) == (9, 9, True, 1)
    ring = pl.flow_of_spec("factorization:1,2,4").ring
    names = pl.Ring(found["names"])
    images = dict(enumerate(map(ring.parse, found["laws"])))
    assert names.parse(found["relations"][0]).substitute(images, ring) == 0


@pytest.mark.slow
def test_the_same_bytes_in_another_process(polylaw: Any, process: Any) -> None:
    arguments = ["find", "linear:2,2,2", "--on", "balanced", "--json"]
    assert process(*arguments) == polylaw(*arguments)
