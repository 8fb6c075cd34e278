"""Certificates as files: their bytes, their schema, and that nothing is claimed that was not proved."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import polylaw as pl
from polylaw.errors import BudgetError, InputError, VerificationError
from polylaw.proof import checker
from polylaw.proof.appendix import render
from polylaw.proof.certificate import Certificate
from polylaw.proof.certify import certify
from polylaw.proof.coq import coq_source
from polylaw.proof.reading import certified
from tests.helpers import gradient
from tests.proof.certificates import CERTIFICATES, SCHEMA, certificate, signed

names = pytest.mark.parametrize("name", CERTIFICATES)


def test_the_schema_is_one() -> None:
    SCHEMA.check_schema(SCHEMA.schema)


@names
def test_every_certificate_fits_the_schema(name: str) -> None:
    SCHEMA.validate(certificate(name).data)


WRONG = [
    {"version": 3},
    {"claims": []},
    {"extra": 1},
    {"variables": ["x", "x"]},
    {"clock": {}},
    {"sha256": "0"},
]


@pytest.mark.parametrize("change", WRONG)
def test_the_schema_refuses(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate({**certificate("linear").data, **change})


@names
def test_the_checker_accepts_and_says_so_for_every_claim(name: str) -> None:
    lines = certificate(name).verify()
    assert [line.split(":")[0] for line in lines] == list(certificate(name).claims)


def test_what_is_too_much_work_for_the_checker_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    laws = pl.find_laws(gradient("linear:2,2,2"), 4)
    monkeypatch.setattr(checker, "MAX_STEPS", 250_000)
    assert certify(laws).claims == ("conserved", "independent", "max_laws", "exactly")
    monkeypatch.setattr(checker, "MAX_STEPS", 100)
    with pytest.raises(BudgetError, match="more than 100 steps"):
        certify(laws)


@names
def test_bytes_are_canonical(name: str, tmp_path: Path) -> None:
    made = certificate(name)
    path = tmp_path / "c.json"
    made.save(path)
    raw = path.read_text("ascii")
    assert json.dumps(json.loads(raw), sort_keys=True, separators=(",", ":")) + "\n" == raw
    flow, degree, false = CERTIFICATES[name]
    refuted = [verdict for claim in false if isinstance(verdict := pl.check_law(flow, claim), pl.Refuted)]
    assert certify(pl.find_laws(flow, degree), refuted=refuted).text() == raw
    assert not any(isinstance(x, float) for x in leaves(json.loads(raw)))


def leaves(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return [x for value in data.values() for x in leaves(value)]
    return [x for value in data for x in leaves(value)] if isinstance(data, list) else [data]


EXACT = {
    "linear": 3,
    "relu": 2,
    "nmf": 2,
    "icnn": 2,
    "momentum": 2,
    "rational damping": 1,
    "symbolic damping": 1,
    "nesterov": 2,
    "euler top": 2,
}


@pytest.mark.parametrize("name", EXACT)
def test_bounds_that_meet_are_claimed_as_exact(name: str) -> None:
    [claim] = [claim for claim in certificate(name).data["claims"] if claim["type"] == "exactly"]
    assert claim["count"] == EXACT[name]


def test_bounds_that_do_not_meet_are_not() -> None:
    claims = {claim["type"]: claim for claim in certificate("deep linear").data["claims"]}
    assert "exactly" not in claims
    assert claims["max_laws"]["bound"] == 7
    assert len(claims["independent"]["laws"]) == 6


def test_what_was_not_proved_is_not_claimed() -> None:
    flow = gradient("linear:2,2,2")
    partial = pl.find_laws(flow, 9, budget=pl.Budget(max_unknowns=100))
    assert not partial.complete
    assert "complete" not in certify(partial).claims
    assert certify(pl.find_laws(flow), count=False).claims == ("conserved", "independent", "complete")
    none = pl.find_laws(gradient("relu:2,2,2"), 1)
    assert not none.basis
    assert certify(none, count=False).claims == ("complete",)


def test_a_law_that_is_none_is_never_certified() -> None:
    laws = pl.find_laws(pl.PolynomialODE({"x": "y", "y": "-x"}))
    with pytest.raises(VerificationError, match="law 0 is not conserved by field 0"):
        certify(replace(laws, basis=(laws.flow.parse("x^2 + 2*y^2"),)))


def test_a_dimension_that_is_wrong_is_never_certified() -> None:
    laws = pl.find_laws(gradient("linear:2,2,2"))
    with pytest.raises(VerificationError, match="the dimension lies between"):
        certify(replace(laws, basis=laws.basis[1:]))


@pytest.mark.parametrize(
    "ansatz",
    ["homogeneous:4", "bidegree:2,2", "weighted:4;U1_1_1=2", "monomials:U1_1_1^2,U1_2_1^2,U2_1_1^2,U2_1_2^2"],
)
def test_completeness_in_every_ansatz(ansatz: str) -> None:
    laws = pl.find_laws(gradient("linear:2,2,2", weight_decay=0), ansatz=pl.Ansatz.parse(ansatz))
    assert laws.complete
    assert "complete" in certify(laws).claims


def test_completeness_in_chosen_variables() -> None:
    flow = gradient("linear:2,1,2")
    laws = pl.find_laws(flow, variables=flow.ring.variables[:2])
    assert certify(laws).claims[-1] == "complete"


def test_laws_that_are_no_products_of_named_ones_are_listed() -> None:
    """A space with laws of degree 4 only, where generators say nothing within the ansatz."""
    laws = pl.find_laws(gradient("map:x1*x2*x3"), ansatz=pl.Ansatz.homogeneous(4))
    made = certify(laws)
    assert len(made.data["laws"]) == laws.dimension == 3
    assert made.claims[-1] == "complete"


def test_names_and_matrices_are_told() -> None:
    model = certificate("linear").data["model"]
    assert model["arrays"] == [{"name": "U1", "shape": [2, 2]}, {"name": "U2", "shape": [2, 2]}]
    [matrix] = model["matrices"]
    assert (matrix["text"], matrix["shape"], matrix["symmetry"]) == ("U1' U1 - U2 U2'", [2, 2], "symmetric")
    assert [entry["index"] for entry in matrix["entries"]] == [[1, 1], [1, 2], [2, 2]]
    texts = [law["text"] for law in certificate("linear").data["laws"]]
    assert (
        texts[matrix["entries"][1]["law"]] == "U1_1_1*U1_1_2 + U1_2_1*U1_2_2 - U2_1_1*U2_2_1 - U2_1_2*U2_2_2"
    )


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    made = certificate("nmf")
    with pytest.raises(InputError, match="a file that can be written"):
        made.save(tmp_path / "no" / "folder.json")
    folder = tmp_path / "folder.json"
    folder.mkdir()
    with pytest.raises(InputError):
        made.save(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_arguments_are_checked() -> None:
    with pytest.raises(InputError, match="laws: found"):
        certify("linear:2,2,2")  # type: ignore[arg-type]
    with pytest.raises(VerificationError, match="sha256"):
        Certificate({**certificate("nmf").data, "sha256": "0"}).verify()
    data = signed({**certificate("nmf").data, "version": 3})
    with pytest.raises(VerificationError, match="version 1"):
        Certificate(data).verify()


def test_rational_witnesses() -> None:
    flow = pl.PolynomialODE({"x": "1/3*y", "y": "x"})
    verdict = pl.check_law(flow, "x^2 + y")
    assert isinstance(verdict, pl.Refuted)
    verdict = replace(verdict, witness={"x": Fraction(1, 7), "y": 3}, value=Fraction(3, 7))
    made = certify(pl.find_laws(flow), refuted=[verdict])
    assert made.claims[-1] == "not_conserved"
    assert made.data["claims"][-1]["point"] == ["1/7", "3"]


@pytest.mark.parametrize(
    "rhs",
    [
        {"x": "y/(1 + x)", "y": "-x/(1 + x)^2", "z": "3/2*x*y/(2 + 2*x)"},
        {"x": "y/(x*y - 1)", "y": "-x/(x*y - 1)"},
        {"x": "1/(x + y)", "y": "1/(x - y)", "z": "1/z"},
    ],
)
def test_points_of_a_certificate_are_no_poles(rhs: dict[str, str]) -> None:
    """The checker multiplies by all denominators, the search by the least common one: at a pole their ranks
    may differ."""
    flow = pl.PolynomialODE(rhs)
    claims = {claim["type"]: claim for claim in pl.certify(pl.find_laws(flow, 2)).data["claims"]}
    assert claims["max_laws"]["bound"] == len(rhs) - 1
    point = dict(enumerate(map(Fraction, claims["max_laws"]["point"])))
    assert all(f.denominator.into(flow.ring)(point) for f in flow.rhs.values())


def test_what_is_beyond_a_bound_of_the_checker_is_no_defect(polylaw: Any, tmp_path: Path) -> None:
    data = copy.deepcopy(certificate("linear").data)
    next(claim for claim in data["claims"] if claim["type"] == "complete")["degree"] = 40
    with pytest.raises(BudgetError, match="more than 100000000 steps"):
        Certificate(signed(data)).verify()
    path = tmp_path / "c.json"
    path.write_text(json.dumps(signed(data)))
    for verb, *output in (("verify",), ("appendix", "-o", "a.md"), ("prove", "-o", "p.v")):
        run = polylaw(verb, str(path), *output[:1], *(str(tmp_path / name) for name in output[1:]))
        assert (run.code, run.out, run.err.count("\n")) == (3, "", 1)
        assert "more than 100000000 steps" in run.err
    assert list(tmp_path.iterdir()) == [path]


def test_seconds_bound_the_steps_of_the_check() -> None:
    made = certificate("linear")
    with pytest.raises(BudgetError, match="more than 500 steps"):
        made.verify(1e-4)
    assert made.verify() == made.verify(1e9)
    with pytest.raises(checker.Stopped, match="more than 500 steps"):
        list(checker.check(made.data, 500))
    work = checker.Work(10 * checker.MAX_STEPS)  # the checker's own bound is never raised
    with pytest.raises(checker.TooLarge, match=f"more than {checker.MAX_STEPS} steps") as caught:
        work.add(checker.MAX_STEPS + 1)
    assert not isinstance(caught.value, checker.Stopped)


def test_budgets_reach_what_is_told() -> None:
    """Reading, the appendix and the Coq file stop within the seconds and the bounds that are given."""
    data, other = (
        signed({**made, "model": {**made["model"], "title": "not read before"}})
        for made in (certificate("linear").data, certificate("oscillator").data)
    )
    over = pl.Budget(max_seconds=1e-9)
    with pytest.raises(BudgetError, match=r"steps.*raise --max-seconds"):
        certified(data, over)
    with pytest.raises(BudgetError, match="max_compared: found 1"):
        certified(other, pl.Budget(max_compared=1))
    certified(data)
    with pytest.raises(BudgetError, match="max_seconds"):
        render(data, "md", over)
    with pytest.raises(BudgetError, match="max_seconds"):
        coq_source(data, over)
