"""`polylaw check`: a verdict in words, as JSON, and as an exit code."""

from __future__ import annotations

import json
from typing import Any

import pytest

LINEAR = "linear:2,1,2"
#: The domain of a polynomial.
EVERYWHERE: dict[str, Any] = {
    "inequations": [],
    "borders": [],
    "whole_trajectories": True,
    "single_valued": None,
}

#: arguments: (exit code, exactly what is printed)
VERDICTS = {
    (LINEAR, "U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2"): (
        0,
        "proved: U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2 is conserved by linear 2-1-2, gradient flow, "
        "Euclidean\n",
    ),
    (LINEAR, "2/3"): (
        0,
        "proved, but trivially: 2/3 does not depend on the state of linear 2-1-2, gradient flow, Euclidean\n",
    ),
    (LINEAR, "U1_1_1^2 - U2_1_1^2"): (
        1,
        "refuted: U1_1_1^2 - U2_1_1^2 is not conserved by linear 2-1-2, gradient flow, Euclidean\n"
        "  its derivative along grad phi[2] is 2*U1_1_1*U2_1_2\n"
        "  which is 2 at U1_1_1 = 1, U2_1_2 = 1 (all else 0)\n"
        "  near it, and true: U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2\n",
    ),
    ("map:x", "x"): (
        1,
        "refuted: x is not conserved by map, gradient flow, Euclidean\n"
        "  its derivative along grad phi[1] is 1\n"
        "  which is 1 at the origin\n",
    ),
    (LINEAR, "U1_1_1^2", "--max-seconds", "1e-9"): (
        3,
        "undecided: max_seconds: found 1e-09, expected more time for the derivative of the claim along the "
        "fields; "
        "raise --max-seconds or lower the degree\n",
    ),
}

#: One true law for each way a model can move.
PROVED = [
    ["linear:1,1,1", "b*U1_1_1^2 - 2*U2_1_1^2", "--metric", "rates:U1=2,U2=b"],
    ["linear:1,1,1", "exp(2*lam*t)*(U1_1_1^2 - U2_1_1^2)", "--weight-decay", "lam"],
    ["nmf:1,1,2", "U_1_1 - V_1_1 - V_2_1"],
    ["softmax:2,1", "t^3*(dtheta_1_1 + dtheta_2_1)", "--damping", "3/t"],
    ["softmax:2,1", "exp(tau*t)*(dtheta_1_1 + dtheta_2_1)", "--flow", "momentum", "--damping", "tau"],
    ["softmax:2,1", "dtheta_1_1 + dtheta_2_1", "--flow", "momentum"],
]


@pytest.mark.parametrize("arguments", VERDICTS, ids=" ".join)
def test_the_words(polylaw: Any, arguments: tuple[str, ...]) -> None:
    run = polylaw("check", *arguments)
    assert (run.code, run.out, run.err) == (*VERDICTS[arguments], "")


@pytest.mark.parametrize("arguments", PROVED, ids=" ".join)
def test_every_way_to_move(polylaw: Any, arguments: list[str]) -> None:
    run = polylaw("check", *arguments)
    assert run.code == 0
    assert run.out.startswith("proved: ")


@pytest.mark.slow
def test_a_new_process_says_the_same(process: Any) -> None:
    claim = (LINEAR, "U1_1_1^2 - U2_1_1^2")
    run = process("check", *claim)
    assert (run.code, run.out) == VERDICTS[claim]


def test_an_ode_with_parameters_and_time(polylaw: Any, written: Any) -> None:
    path = written('parameters = ["g"]\n[ode]\nx = "-g*x"\n')
    assert polylaw("check", path, "exp(g*t)*x", "--time", "exp(g*t)").code == 0
    assert polylaw("check", path, "x").out.endswith(
        "its derivative along flow is -g*x\n  which is -1 at x = 1, g = 1 (all else 0)\n"
    )


def test_a_law_that_starts_with_a_minus_sign_goes_after_two_dashes(polylaw: Any) -> None:
    assert polylaw("check", LINEAR, "--json", "--", "-U1_1_1^2").code == 1
    assert "(see polylaw check --help)" in polylaw("check", LINEAR, "-U1_1_1^2").err
    assert "Put -- before a law" in polylaw("check", "--help").out


def test_a_long_law_is_shortened(polylaw: Any) -> None:
    run = polylaw("check", LINEAR, "(U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2)^12")
    assert run.code == 0
    assert "... (455 terms) is conserved by" in run.out


@pytest.mark.parametrize(
    ("arguments", "rest"),
    [
        (
            ["U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2"],
            {"verdict": "proved", "trivial": False, "domain": EVERYWHERE},
        ),
        (["1"], {"verdict": "proved", "trivial": True, "domain": EVERYWHERE}),
        (
            ["1/2*U1_1_1"],
            {
                "verdict": "refuted",
                "field": "grad phi[1]",
                "residual": "1/2*U2_1_1",
                "witness": {"U2_1_1": "1"},
                "value": "1/2",
                "nearest": [],
            },
        ),
    ],
    ids=["proved", "trivial", "refuted"],
)
def test_json(polylaw: Any, arguments: list[str], rest: dict[str, Any]) -> None:
    data = json.loads(polylaw("check", LINEAR, *arguments, "--json").out)
    common = {key: data.pop(key) for key in ("schema", "model", "flow", "law")}
    assert (common["schema"], common["model"], common["flow"]) == (
        "polylaw-check-1",
        "linear 2-1-2",
        "gradient flow, Euclidean",
    )
    assert common["law"] == arguments[0]
    assert data == rest


def test_json_of_an_undecided_claim_gives_the_reason(polylaw: Any) -> None:
    run = polylaw("check", LINEAR, "U1_1_1", "--max-seconds", "1e-9", "--json")
    data = json.loads(run.out)
    assert (run.code, data["verdict"]) == (3, "undecided")
    assert data["reason"].startswith("max_seconds: ")


def test_what_a_law_is_restricted_to_is_told(polylaw: Any) -> None:
    run = polylaw("check", "relu-regions:2,2,1?seed=1", "U1_1_1^2 + U1_2_1^2 - U2_1_1^2")
    assert run.code == 0
    assert "note: activation regions: " in run.out
