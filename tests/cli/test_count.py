"""`polylaw count`: what people read, what programs read, and what the exit code says."""

from __future__ import annotations

import json
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
2 to 3 independent laws of any kind near a generic point
  at least 2: rank of the gradients of all 14 polynomial laws of degree <= 4
  at most 3 = 4 - 1: dimension of the state, less a rank of the Lie algebra of the fields
  very likely 3: the Lie algebra stopped growing at a random point
  tried: polynomial laws of degree <= 2: 5, of them 2 independent
  tried: Lie algebra at a random point mod 4194301: rank 1, no growth in 3 further orders
  tried: Lie algebra at a random point mod 4194287: rank 1, no growth in 3 further orders
  tried: polynomial laws of degree <= 3: 9, of them 2 independent
  tried: polynomial laws of degree <= 4: 14, of them 2 independent

next: polylaw count nmf:1,2,1 --degree 5 (are there polynomial laws of higher degree?)
"""


def test_bounds_that_meet(polylaw: Any) -> None:
    run = polylaw("count", "linear:2,3,2")
    assert (run.code, run.out, run.err) == (0, LINEAR_2_3_2, "")


def test_a_gap_and_the_next_step(polylaw: Any) -> None:
    run = polylaw("count", "nmf:1,2,1")
    assert (run.code, run.out, run.err) == (3, NMF_1_2_1, "")
    assert "almost surely 3: the Lie algebra stopped growing" in polylaw("count", "nmf:1,2,1", "--route", "brackets").out


def test_notes_tell_how_fields_and_parameters_were_treated(polylaw: Any) -> None:
    assert "note: the rank was taken at random values of tau, so it holds for generic ones" in polylaw(
        "count", "linear:2,2,2", "--damping", "tau"
    ).out
    assert "note: the drift was multiplied by t" in polylaw("count", "linear:2,2,2", "--damping", "3/t").out


@pytest.mark.parametrize("route", ["series", "brackets", "commutators"])
def test_json(polylaw: Any, route: str) -> None:
    run = polylaw("count", "linear:2,2,2", "--json", "--route", route)
    data = json.loads(run.out)
    flow = pl.GradientFlow(pl.models.linear(2, 2, 2))
    expected = {
        "schema": "polylaw-count-1",
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
        (["--flow", "momentum", "--route", "commutators"], "route: found 'commutators', expected a flow whose fields are all linear"),
        (["--damping", "-1"], "damping: found '-1'"),
    ],
)
def test_bad_input(polylaw: Any, options: list[str], words: str) -> None:
    run = polylaw("count", "linear:2,2", *options)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("polylaw: ")
    assert words in run.err
    assert run.err.count("\n") == 1
