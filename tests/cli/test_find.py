"""`polylaw find`: what people read, what programs read, and what the exit code says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl

LINEAR_2_3_2 = """\
linear 2-3-2   D = 12, 4 fields   gradient flow, Euclidean   degree <= 2, 90 unknowns
6 laws, 6 generators, 6 independent   complete: no other law of degree <= 2 (rank 84 mod 2147483629)

  U1' U1 - U2 U2'      3 x 3, symmetric, for all widths
  [1,1]  U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2
  [1,2]  U1_1_1*U1_1_2 + U1_2_1*U1_2_2 - U2_1_1*U2_2_1 - U2_1_2*U2_2_2
  [1,3]  U1_1_1*U1_1_3 + U1_2_1*U1_2_3 - U2_1_1*U2_3_1 - U2_1_2*U2_3_2
  [2,2]  U1_1_2^2 + U1_2_2^2 - U2_2_1^2 - U2_2_2^2
  [2,3]  U1_1_2*U1_1_3 + U1_2_2*U1_2_3 - U2_2_1*U2_3_1 - U2_2_2*U2_3_2
  [3,3]  U1_1_3^2 + U1_2_3^2 - U2_3_1^2 - U2_3_2^2

next: polylaw count linear:2,3,2 (are there laws of other kinds?)   \
polylaw check linear:2,3,2 "LAW" (is a law of yours true?)
"""

#: The keys of the design, but for `seconds`, which would make two runs differ, and what names and proves the
#: laws.
KEYS = {
    "kind",
    "schema",
    "model",
    "flow",
    "ansatz",
    "unknowns",
    "dimension",
    "basis",
    "generators",
    "independent",
    "complete",
}
KEYS |= {
    "variables",
    "parameters",
    "steps",
    "named",
    "complete_for",
    "independent_at_most",
    "solved",
    "undecided",
    "rank",
    "prime",
}

#: arguments: (the flow by name, the ansatz, the first generator)
ARGUMENTS = {
    "linear:2,1,2": ("gradient flow, Euclidean", "degree <= 2", "U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2"),
    "linear:2,1,2 --flow gradient --metric euclidean": (
        "gradient flow, Euclidean",
        "degree <= 2",
        "U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2",
    ),
    "nmf:1,1,2": ("gradient flow, metric mirror", "degree <= 2", "U_1_1 - V_1_1 - V_2_1"),
    "linear:1,1,1 --metric rates:U1=2,U2=b": (
        "gradient flow, metric rates:U1=2,U2=b",
        "degree <= 2",
        "b*U1_1_1^2 - 2*U2_1_1^2",
    ),
    "linear:1,1,1 --weight-decay lam": (
        "gradient flow, Euclidean, weight decay lam",
        "degree <= 2, power of exp(lam*t) <= 2",
        "exp(2*lam*t)*(U1_1_1^2 - U2_1_1^2)",
    ),
    "factorization:1,1,2 --flow momentum --variables U_1_1,U_1_2,V_1_1,V_1_2,dU_1_1,dU_1_2,dV_1_1,dV_1_2": (
        "momentum flow, damping 0",
        "degree <= 2, power of t <= 2, in 8 variables",
        "U_1_1*dU_1_2 - U_1_2*dU_1_1 + V_1_1*dV_1_2 - V_1_2*dV_1_1",
    ),
    "factorization:1,1,2 --damping tau --ansatz bidegree:1,2": (
        "momentum flow, damping tau",
        "degree <= 2, power of exp(tau*t) <= 1",
        "exp(tau*t)*(U_1_1*dU_1_2 - U_1_2*dU_1_1 + V_1_1*dV_1_2 - V_1_2*dV_1_1)",
    ),
    "map:x*y*z --degree 3": ("gradient flow, Euclidean", "degree <= 3", "x^2 - z^2"),
    "map:x*y*z --ansatz homogeneous:2": ("gradient flow, Euclidean", "degree 2, homogeneous", "x^2 - z^2"),
    "map:x*y*z --ansatz weighted:4;x=2,z=2": ("gradient flow, Euclidean", "weight <= 4", "x^2 - z^2"),
    "map:x*y*z --ansatz monomials:x^2,y^2": ("gradient flow, Euclidean", "2 listed monomials", "x^2 - y^2"),
    "map:x*y*z --variables y,z": ("gradient flow, Euclidean", "degree <= 2, in 2 variables", "y^2 - z^2"),
}


def parsed(run: Any) -> dict[str, Any]:
    assert run.err == ""
    return dict(json.loads(run.out))


# -- in a process of its own -----------------------------------------------------------------------
def test_linear_2_3_2_prints_exactly_this(process: Any) -> None:
    run = process("find", "linear:2,3,2")
    assert (run.code, run.out, run.err) == (0, LINEAR_2_3_2, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["find", "linear:2,2"], 0),
        (["check", "linear:2,2", "U1_1_1"], 1),
        (["find", "linear:2"], 2),
        (["find", "linear:2,3,2", "--max-unknowns", "10"], 3),
    ],
    ids=["yes", "no", "bad input", "undecided"],
)
@pytest.mark.slow
def test_exit_codes(process: Any, arguments: list[str], code: int) -> None:
    assert process(*arguments).code == code


@pytest.mark.slow
@pytest.mark.parametrize("more", [[], ["--jobs", "2"]], ids=["again", "two workers"])
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_the_same_bytes(process: Any, polylaw: Any, form: list[str], more: list[str]) -> None:
    arguments = ["find", "linear:2,2,2", "--damping", "tau", *form]
    assert process(*arguments, *more) == polylaw(*arguments)


# -- JSON ------------------------------------------------------------------------------------------
def test_json(polylaw: Any) -> None:
    found = parsed(polylaw("find", "linear:2,3,2", "--json"))
    assert set(found) == KEYS
    assert (found["schema"], found["model"], found["flow"]) == (
        "polylaw-find-1",
        "linear 2-3-2",
        "gradient flow, Euclidean",
    )
    assert (found["unknowns"], found["rank"], found["dimension"], len(found["basis"])) == (90, 84, 6, 6)
    assert (found["independent"], found["independent_at_most"], found["complete"], found["undecided"]) == (
        6,
        6,
        True,
        None,
    )
    [named] = found["named"]
    assert (named["name"], named["shape"], named["symmetry"]) == ("U1' U1 - U2 U2'", [3, 3], "symmetric")
    assert named["for_all_widths"] == "U1' U1 - U2 U2'"
    assert [entry["law"] for entry in named["entries"] if entry["index"] == [1, 1]] == [
        "U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2"
    ]


@pytest.mark.parametrize("line", ARGUMENTS)
def test_options(polylaw: Any, line: str) -> None:
    run = polylaw("find", *line.split(), "--json")
    found = parsed(run)
    assert run.code == 0
    assert found["complete"]
    assert (found["flow"], found["ansatz"], found["generators"][0]) == ARGUMENTS[line]


def test_laws_of_the_json_read_back_and_are_proved(polylaw: Any) -> None:
    flow = pl.flow_of_spec("linear:2,2,2")
    found = parsed(polylaw("find", "linear:2,2,2", "--json", "--degree", "4"))
    assert found["dimension"] == 9
    assert all(isinstance(pl.check_law(flow, law), pl.Proved) for law in found["basis"])


# -- text ------------------------------------------------------------------------------------------
def test_next_repeats_how_the_model_moves(polylaw: Any) -> None:
    out = polylaw("find", "map:x*y;x*z", "--metric", "rates:x=2", "--flow", "gradient").out
    assert "next: polylaw count 'map:x*y;x*z' --flow gradient --metric rates:x=2 (are there" in out


def test_a_step_taken_on_the_way_is_noted(polylaw: Any, written: Callable[[str], str]) -> None:
    path = written('[ode]\nx = "x/(1 + x)"\ny = "y"')
    assert (
        "\nnote: time rescaled: the field was multiplied by its denominator x + 1\n"
        in polylaw("find", path).out
    )


def test_many_laws_are_cut_and_all_shows_them(polylaw: Any) -> None:
    short, full = polylaw("find", "linear:2,9,2").out, polylaw("find", "linear:2,9,2", "--all").out
    assert "more lines (--all prints them, --json has every law)" in short
    assert full.count("  [") == 45 > short.count("  [")


# -- bounds ----------------------------------------------------------------------------------------
def test_a_bound_on_unknowns_is_named_and_what_is_known_is_shown(polylaw: Any) -> None:
    run = polylaw("find", "linear:2,3,2", "--degree", "5", "--max-unknowns", "100")
    header, verdict, *rest = run.out.splitlines()
    assert (run.code, run.err) == (3, "")
    assert header.endswith("degree <= 5")
    assert "undecided: max_unknowns: found 100, expected room for 6187 unknowns" in verdict
    assert verdict.endswith("complete for degree <= 2")
    assert "  U1' U1 - U2 U2'      3 x 3, symmetric, for all widths" in rest


def test_a_degree_beyond_the_default_budget_is_undecided(polylaw: Any) -> None:
    run = polylaw("find", "linear:9,9,9", "--degree", "20", "--json")
    found = parsed(run)
    assert run.code == 3
    assert (found["complete"], found["ansatz"], found["solved"]) == (False, "degree <= 20", "degree <= 2")
    assert found["undecided"].startswith("max_unknowns: found 20000000, expected room for ")


def test_a_bound_on_time_is_named(polylaw: Any) -> None:
    run = polylaw("find", "linear:3,4,3", "--degree", "3", "--max-seconds", "1e-9")
    assert run.code == 3
    assert "undecided: max_seconds: found 1e-09, expected more time for " in run.out


def test_completeness_with_parameters_is_for_generic_values(polylaw: Any, tmp_path: Path) -> None:
    """x' = a x, y' = -b y has the law x*y where a = b."""
    (tmp_path / "m.toml").write_text('parameters = ["a", "b"]\n[ode]\nx = "a*x"\ny = "-b*y"\n')
    run = polylaw("find", str(tmp_path / "m.toml"))
    assert "complete for generic values of the parameters: no other law of degree <= 2" in run.out
    assert (
        parsed(polylaw("find", str(tmp_path / "m.toml"), "--json"))["complete_for"]
        == "generic values of the parameters"
    )
    assert parsed(polylaw("find", "linear:2,1,2", "--json"))["complete_for"] is None
    run = polylaw("darboux", str(tmp_path / "m.toml"))
    assert "which are all there are for generic values of the parameters" in run.out or "undecided" in run.out
    run = polylaw("count", str(tmp_path / "m.toml"))
    assert "so it holds for generic ones" in run.out


def test_a_clock_that_was_left_out_is_named(polylaw: Any) -> None:
    run = polylaw("find", "softmax:3,2", "--weight-decay", "lambda", "--ansatz", "bidegree:0,2")
    assert "no other law of degree <= 2, not in exp(lambda*t) (rank" in run.out


def test_a_network_of_neurons_that_switch_says_so(polylaw: Any) -> None:
    note = (
        "note: one activation region: the loss sees the weights only through phi while no neuron "
        "switches at any data point"
    )
    for arguments in (
        ("find", "relu:2,2,1"),
        ("find", "leaky_relu:2,2,1"),
        ("find", "homogeneous:1,1,1"),
        ("find", "conv:1,1,1?activation=relu"),
        ("find", "residual:2,2,2?activation=relu"),
        ("count", "relu:2,2,1"),
        ("check", "relu:2,2,1", "U1_1_1"),
        ("words", "relu:*"),
        ("words", "relu:2,2,1"),
    ):
        assert note in polylaw(*arguments).out
    assert "switches" not in polylaw("find", "linear:2,2,1").out
    assert "switches" not in polylaw("find", "relu:2,2").out
