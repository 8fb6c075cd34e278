"""`polylaw count`: what people read, what programs read, and what the exit code says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl

LINEAR_2_3_2 = """\
linear 2-3-2   D = 12, 4 fields   gradient flow, Euclidean
exactly 6 independent laws of any kind near a generic point
  at least 6: rank of the gradients of all 6 polynomial laws of degree <= 2
  at most 6 = 12 - 6: dimension of the state, less a rank of the Lie algebra of the fields
"""

NMF_1_2_1 = """\
nmf 1-2-1   D = 4, 1 field   gradient flow, metric mirror
exactly 3 independent laws of any kind near a generic point
  at least 3: rank of the gradients of 3 laws with log(U_1_1), log(U_1_2), log(V_1_1), log(V_1_2), at a \
rational point, in ball arithmetic
  at most 3 = 4 - 1: dimension of the state, less a rank of the Lie algebra of the fields

  independent laws among
  U_1_1 - V_1_1
  U_1_2 - V_1_2
  (U_1_2 - V_1_2)*log(U_1_1) - (U_1_1 - V_1_1)*log(U_1_2) - (U_1_2 - V_1_2)*log(V_1_1) + (U_1_1 - V_1_1)*\
log(V_1_2)
    where U_1_1 != 0, U_1_2 != 0, V_1_1 != 0, V_1_2 != 0, which no trajectory leaves
"""


def test_bounds_that_meet(polylaw: Any) -> None:
    run = polylaw("count", "linear:2,3,2")
    assert (run.code, run.out, run.err) == (0, LINEAR_2_3_2, "")


def test_a_law_with_logarithms_closes_a_gap(polylaw: Any) -> None:
    run = polylaw("count", "nmf:1,2,1")
    assert (run.code, run.out, run.err) == (0, NMF_1_2_1, "")
    given = polylaw("count", "nmf:1,2,1", "--degree", "3", "--augment", "log(*)")
    assert given.out == NMF_1_2_1


def test_a_gap_that_no_step_is_known_to_close(polylaw: Any, tmp_path: Path) -> None:
    model = tmp_path / "focus.toml"
    model.write_text('[ode]\nx = "x - y"\ny = "x*y"\n')
    run = polylaw("count", str(model))
    assert run.code == 3
    assert run.out.endswith(
        "\nthere is none of these kinds: polynomial laws of degree <= 4; laws made of Darboux polynomials of "
        "degree <= 2; laws of degree <= 3 with logarithms and inverses of Darboux polynomials of degree "
        "<= 2\n"
        "open: whether there are polynomial laws of degree above 4, or laws of other kinds\n"
    )


def test_laws_made_of_darboux_polynomials_count(polylaw: Any, tmp_path: Path) -> None:
    model = tmp_path / "second.toml"
    model.write_text('[ode]\nx = "x + z"\ny = "y"\nz = "z + y^2"\n')
    run = polylaw("count", str(model))
    assert run.code == 0
    assert "exactly 2 independent laws of any kind" in run.out
    assert run.out.endswith(
        "  independent laws among\n"
        "  (y^2 - z)/y\n    where y != 0, which no trajectory leaves\n"
        "  (x - z)/(y^2 - z) + log(y)\n    where y != 0, y^2 - z != 0, which no trajectory leaves\n"
    )
    data = json.loads(polylaw("count", str(model), "--json").out)
    assert (data["lower"], data["upper"]) == (2, 2)
    assert data["darboux"] == ["(y^2 - z)/y", "(x - z)/(y^2 - z) + log(y)"]


def test_many_parameters_end_the_search_early(polylaw: Any, tmp_path: Path) -> None:
    """By the number of unknowns and parameters, not by time: the same on every machine."""
    names = [f"a{i}" for i in range(12)]
    model = tmp_path / "many.toml"
    model.write_text(
        f'parameters = {json.dumps(names)}\n[ode]\nx = "{" + ".join(names[:6])} + x*y"\ny = '
        f'"{" - ".join(names[6:])}*x"\n'
    )
    out = polylaw("count", str(model)).out
    left = "left out, they may take long (--degree 3; max_quick_unknowns 30000)"
    assert f"tried: polynomial laws of degree <= 3: {left}\n" in out
    assert "left out" not in polylaw("count", str(model), "--degree", "3").out


def test_notes_tell_how_fields_and_parameters_were_treated(polylaw: Any) -> None:
    assert (
        "note: the rank was taken at random values of tau, so it holds for generic ones"
        in polylaw("count", "linear:2,2,2", "--damping", "tau").out
    )
    assert "note: the drift was multiplied by t" in polylaw("count", "linear:2,2,2", "--damping", "3/t").out


@pytest.mark.parametrize("route", ["series", "brackets", "commutators"])
def test_json(polylaw: Any, route: str) -> None:
    run = polylaw("count", "linear:2,2,2", "--json", "--route", route)
    data = json.loads(run.out)
    flow = pl.GradientFlow(pl.models.linear(2, 2, 2))
    expected = {
        "schema": "polylaw-count-3",
        "model": "linear 2-2-2",
        "flow": "gradient flow, Euclidean",
        "state": list(flow.ring.variables),
        "lower": 3,
        "upper": 3,
        "exact": True,
        "state_dimension": 8,
        "lie_rank": 5,
    }
    assert {key: data[key] for key in expected} == expected
    witness = pl.count_laws(flow, route=route).witness
    assert data["witness"]["kind"] == ("series" if route == "series" else "brackets".removesuffix("s"))
    assert data["witness"]["prime"] == witness.prime
    assert data["witness"]["elements"] == json.loads(json.dumps(witness.elements))


def test_the_clock_is_part_of_the_state(polylaw: Any) -> None:
    data = json.loads(polylaw("count", "linear:1,1", "--damping", "2", "--json").out)
    assert data["state"] == ["U1_1_1", "dU1_1_1", "exp(2*t)"]
    assert len(data["state"]) == data["state_dimension"]


def test_out_of_time(polylaw: Any) -> None:
    run = polylaw("count", "linear:2,3,2", "--max-seconds", "1e-9")
    assert run.code == 3
    assert "0 to 12 independent laws" in run.out
    assert "max_seconds" in run.out


def test_worker_processes_change_nothing(polylaw: Any) -> None:
    assert polylaw("count", "linear:2,2,2,2", "--jobs", "2").out == polylaw("count", "linear:2,2,2,2").out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--route", "magic"], "route: found 'magic', expected one of series, brackets, commutators"),
        (["--degree", "0"], "degree: found 0, expected an integer from 1 to 200"),
        (
            ["--flow", "momentum", "--route", "commutators"],
            "route: found 'commutators', expected a flow whose fields are all linear",
        ),
        (["--damping", "-1"], "damping: found '-1'"),
    ],
)
def test_bad_input(polylaw: Any, options: list[str], words: str) -> None:
    run = polylaw("count", "linear:2,2", *options)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("polylaw: ")
    assert words in run.err
    assert run.err.count("\n") == 1
