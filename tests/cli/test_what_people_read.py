"""Outputs at the door: long notes and claims are cut there alone, hints lead somewhere, matrices come
back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import BudgetError
from polylaw.report.pieces import clipped, cut, notes
from tests.helpers import ALL_WIDTHS

VORTICES = """
parameters = ["G1", "G2", "G3"]
[ode]
x1 = "-G2*(y1-y2)/((x1-x2)^2+(y1-y2)^2) - G3*(y1-y3)/((x1-x3)^2+(y1-y3)^2)"
y1 = "G2*(x1-x2)/((x1-x2)^2+(y1-y2)^2) + G3*(x1-x3)/((x1-x3)^2+(y1-y3)^2)"
x2 = "-G1*(y2-y1)/((x1-x2)^2+(y1-y2)^2) - G3*(y2-y3)/((x2-x3)^2+(y2-y3)^2)"
y2 = "G1*(x2-x1)/((x1-x2)^2+(y1-y2)^2) + G3*(x2-x3)/((x2-x3)^2+(y2-y3)^2)"
x3 = "-G1*(y3-y1)/((x1-x3)^2+(y1-y3)^2) - G2*(y3-y2)/((x2-x3)^2+(y2-y3)^2)"
y3 = "G1*(x3-x1)/((x1-x3)^2+(y1-y3)^2) + G2*(x3-x2)/((x2-x3)^2+(y2-y3)^2)"
"""
SIR = '[ode]\nS = "-2*S*I"\nI = "2*S*I - I"\n'


def test_a_long_note_is_cut_for_people_only(polylaw: Any, tmp_path: Path) -> None:
    model = tmp_path / "vortices.toml"
    model.write_text(VORTICES, encoding="utf-8")
    text, data = polylaw("find", str(model)).out, json.loads(polylaw("find", str(model), "--json").out)
    [note] = [line for line in text.splitlines() if line.startswith("note: ")]
    assert len(note) < 350
    assert note.endswith("... (2914 characters)")
    assert len(data["steps"][0]) == 2914
    assert "  G1*x1^2 + G1*y1^2 + G2*x2^2 + G2*y2^2 + G3*x3^2 + G3*y3^2" in text.splitlines()
    assert len(max(polylaw("find", str(model), "--all").out.splitlines(), key=len)) > 2914


def test_a_long_claim_is_repeated_in_part(polylaw: Any) -> None:
    claim = "(U1_1_1 + U1_2_1 + U2_1_1 + U2_1_2)^7"
    run = polylaw("check", "linear:2,1,2", claim)
    assert run.code == 1
    assert len(run.out.splitlines()[0]) < 500
    law = json.loads(polylaw("check", "linear:2,1,2", claim, "--json").out)["law"]
    assert law == str(pl.flow_of_spec("linear:2,1,2").polynomial(claim))


def test_texts_are_cut_at_a_space() -> None:
    assert cut("a + b + c", longest=6) == "a + b ... (9 characters)"
    assert cut("abcdefgh", longest=4) == "ab ... (8 characters)"
    assert cut("a + b + c", True, 6) == cut("a + b + c", longest=9) == "a + b + c"
    assert notes(["short"]) == ["note: short"]
    ring = pl.Ring([f"x{i}" for i in range(100)])
    law = pl.Polynomial.sum(ring, map(ring.generator, ring.variables))
    assert clipped(law).endswith("x58 + x59 ... (100 terms)")
    assert clipped(law, True) == str(law)


def test_an_ode_without_laws_leads_to_darboux(polylaw: Any, tmp_path: Path) -> None:
    model = tmp_path / "sir.toml"
    model.write_text(SIR, encoding="utf-8")
    run = polylaw("find", str(model))
    assert "0 laws" in run.out
    assert f"next: polylaw darboux {model} (" in run.out
    assert "log(S)" in polylaw("darboux", str(model), "--degree", "1").out
    assert "darboux" not in polylaw("find", "linear:2,1,2").out


def test_laws_that_are_products_are_printed(polylaw: Any) -> None:
    run = polylaw("find", "linear:1,1,1", "--ansatz", "homogeneous:4")
    assert "1 law, 0 generators" in run.out
    assert (
        "  laws, each made of laws of lower degree\n  U1_1_1^4 - 2*U1_1_1^2*U2_1_1^2 + U2_1_1^4\n" in run.out
    )


def test_decay_beside_a_metric_is_said_to_be_decoupled(polylaw: Any) -> None:
    note = "note: weight decay is decoupled: theta' = -M grad L - lam*theta, M the inverse metric"
    assert note in polylaw("find", "linear:1,1,1", "--metric", "mirror", "--weight-decay", "lam").out
    assert "decoupled" not in polylaw("find", "linear:1,1,1", "--weight-decay", "lam").out


def test_variables_can_be_arrays(polylaw: Any) -> None:
    by_name = polylaw("find", "linear:2,1,2", "--variables", "U1,U2_1_1,U2_1_2")
    assert by_name.code == 0
    assert by_name.out == polylaw("find", "linear:2,1,2", "--variables", "U1_1_1,U1_2_1,U2_1_1,U2_1_2").out


@pytest.mark.parametrize("text", ["U1'*U1 - U2*U2'", "U1' U1 - U2 U2'", "U1^T U1 - U2 U2^T"])
def test_what_find_prints_is_checked(polylaw: Any, text: str) -> None:
    run = polylaw("check", "linear:2,3,2", text)
    assert (run.code, run.out) == (
        0,
        f"proved: {text} is conserved by linear 2-3-2, gradient flow, Euclidean\n",
    )


def test_the_entry_that_fails_is_printed(polylaw: Any) -> None:
    run = polylaw("check", "linear:2,3,2", "U1' U1 - 2 U2 U2'", "--json")
    assert run.code == 1
    assert json.loads(run.out)["entry"] == "entry [1,1] of U1' U1 - 2 U2 U2'"


def test_results_print_their_laws() -> None:
    laws = pl.find_laws(pl.flow_of_spec("linear:2,1,2"))
    assert str(laws) == (
        "LawSpace: 1 law, degree <= 2, gradient flow, Euclidean, complete\n  U1_1_1^2 + U1_2_1^2 - "
        "U2_1_1^2 - U2_1_2^2"
    )
    assert "\n" not in repr(laws)
    assert str(pl.find_laws(pl.PolynomialODE({"x": "x", "y": "2"}), 1, augment=["log(x)"])).splitlines()[
        1:
    ] == ["  y - 2*log(x)"]
    assert str(pl.find_laws(pl.PolynomialODE({"x": "y", "y": "y"}), 1, on="y = 0")).splitlines()[1:] == [
        "  x"
    ]
    assert "x^2/y" in str(pl.find_laws(pl.PolynomialODE({"x": "x", "y": "2*y"}), 1, kind="darboux"))
    assert str(pl.find_laws(ALL_WIDTHS)).splitlines()[1:] == ["  U1' U1 - U2 U2'"]
    circle = pl.PolynomialODE({"x": "y", "y": "-x"})
    h = circle.polynomial("x^2 + y^2")
    assert str(pl.relations([h, h**2])).splitlines()[1:] == ["  h1^2 - h2 = 0"]


def test_certificates_are_loaded(tmp_path: Path) -> None:
    certificate = pl.certify(pl.find_laws(pl.flow_of_spec("linear:2,1,2")))
    certificate.save(tmp_path / "c.json")
    assert pl.Certificate.load(tmp_path / "c.json") == certificate
    assert repr(certificate).startswith("<Certificate: linear 2-1-2, conserved, ")


def test_printing_never_fails_for_want_of_time() -> None:
    laws = pl.find_laws(pl.flow_of_spec("linear:2,1,2"))
    object.__setattr__(laws, "budget", pl.Budget(max_seconds=1e-9))
    with pytest.raises(BudgetError):
        _ = laws.generators
    assert "U1_1_1^2" in str(laws)
