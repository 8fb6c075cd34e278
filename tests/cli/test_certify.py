"""`polylaw certify` and `polylaw verify`: from a model to a file that anybody can check."""

from __future__ import annotations

import copy
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from polylaw.proof import checker
from tests.proof.certificates import certificate, signed

#: What is told are the statements, each with its laws where they are first named.
VERIFIED = r"""{path}
  training flow in 12 variables: U1_1_1, U1_1_2, .*, U2_3_2
  state' = -J\^T w, w arbitrary, J the Jacobian matrix of phi: any loss that sees the state only through phi
  phi = U1_1_1\*U2_1_1 \+ .*
  ok       conserved: h1 = U1_1_1\^2 \+ U1_2_1\^2 - U2_1_1\^2 - U2_1_2\^2, h2 = .*
  ok       independent near generic points: h1 to h6
  ok       complete: a law that is a polynomial of degree at most 2 in all .* of h1 to h6; dimension 6
  ok       at most 6 laws of any kind are independent at any point
  ok       exactly 6 independent laws near generic points: h1 to h6
"""
#: What the checker says by itself.
CHECKED = """\
{path}
  ok       conserved: 6 laws annihilated by 4 fields
  ok       independent: the gradients of 6 laws are independent at the point
  ok       max_laws: rank 6 at the point: at most 6 independent laws of any kind
  ok       exactly: exactly 6 independent laws
  ok       complete: the laws among 90 monomials have dimension 6
"""


def test_a_certificate_is_written_and_verified(polylaw: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "cert.json")
    run = polylaw("certify", "linear:2,3,2", "-o", path)
    sha = json.loads(Path(path).read_text())["sha256"]
    assert (run.code, run.err) == (0, "")
    assert (
        run.out
        == f"{path}: conserved, independent, max_laws, exactly, complete   sha256 {sha}\nnext: polylaw "
        f"verify {path}\n"
    )
    run = polylaw("verify", path)
    assert (run.code, run.err) == (0, "")
    assert re.fullmatch(VERIFIED.format(path=re.escape(path)), run.out)
    alone = subprocess.run(
        [sys.executable, "-I", checker.__file__, path], capture_output=True, text=True, check=False
    )
    assert (alone.returncode, alone.stdout) == (0, CHECKED.format(path=path))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(model={}), "model: 'title' is a required property"),
        (lambda d: d["model"].update(title=3), "model.title: 3 is not of type 'string'"),
        (
            lambda d: d["model"].update(arrays=[{"name": "U", "shape": ["x"]}]),
            "model.arrays.0.shape.0: 'x' is not of type 'integer'",
        ),
        (lambda d: d["model"].update(source=None), "model.source: None is not of type 'string'"),
    ],
)
def test_what_a_certificate_tells_readers_is_checked_before_it_is_used(
    polylaw: Any, tmp_path: Path, change: Any, words: str
) -> None:
    data = copy.deepcopy(certificate("linear").data)
    change(data)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(signed(data)))
    for command in (
        ("appendix", str(path), "-o", str(tmp_path / "a.md")),
        ("prove", str(path), "-o", str(tmp_path / "p.v")),
    ):
        run = polylaw(*command)
        assert (run.code, run.err) == (
            2,
            f"polylaw: {path}: found {words!r}, expected what certificate.schema.json says\n",
        )
    assert polylaw("bundle", str(path), "-o", str(tmp_path / "b")).code == 2


def test_the_command_can_be_repeated(polylaw: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a file.json"
    options = [
        "--damping",
        "tau",
        "--degree",
        "3",
        "--variables",
        "U1_1_1,U1_1_2,U2_1_1,U2_2_1,dU1_1_1,dU1_1_2,dU2_1_1,dU2_2_1",
    ]
    assert polylaw("certify", "linear:1,2,1", "-o", str(path), *options).code == 0
    first = path.read_bytes()
    command = json.loads(first)["model"]["command"]
    assert command.startswith("polylaw certify linear:1,2,1 --damping tau --degree 3 --variables")
    assert polylaw(*shlex.split(command)[1:]).code == 0
    assert (tmp_path / "certificate.json").read_bytes() == first


@pytest.mark.parametrize(
    "arguments",
    [
        ("certify", "linear:2,1,2", "--refuted", "U1_1_1^2", "--refuted", "U2_1_1", "--no-count"),
        ("certify", "linear:2,2,2", "--degree", "9", "--max-unknowns", "100"),
        ("words", "linear:*", "--damping", "tau"),
        ("words", "linear:*", "U1' U1 - U2 U2'"),
        ("words", "linear:*", "--", "-U1' U1 + U2 U2'"),
        ("words", "linear:*", "--metric", "rates:U1=a,U2=2", "--length", "3"),
    ],
)
def test_a_certificate_depends_on_what_it_is_made_from_alone(
    polylaw: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Not on the name of the file; and its command makes it again."""
    monkeypatch.chdir(tmp_path)
    (verb, model, *options), names = arguments, ("a.json", "b c.json")
    for name in names:
        polylaw(verb, model, "-o", name, *options)
    first, second = ((tmp_path / name).read_bytes() for name in names)
    assert first == second
    polylaw(*shlex.split(json.loads(first)["model"]["command"])[1:])
    assert (tmp_path / "certificate.json").read_bytes() == first


def test_refuted_claims_go_along(polylaw: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "c.json")
    run = polylaw(
        "certify", "linear:2,1,2", "-o", path, "--no-count", "--refuted", "U1_1_1^2", "--refuted", "U2_1_1"
    )
    assert "conserved, independent, complete, not_conserved   sha256" in run.out
    assert polylaw("verify", path).code == 0
    run = polylaw(
        "certify", "linear:2,1,2", "-o", path, "--refuted", "U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2"
    )
    assert (run.code, run.out) == (2, "")
    assert "expected a claim that is no law; it is proved" in run.err


def test_what_a_bound_left_is_certified_with_exit_code_3(polylaw: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "c.json")
    run = polylaw("certify", "linear:2,2,2", "-o", path, "--degree", "9", "--max-unknowns", "100")
    assert run.code == 3
    assert "complete" not in run.out
    assert polylaw("verify", path).code == 0


def test_a_certificate_that_fails(polylaw: Any, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    assert polylaw("certify", "nmf:2,2,1", "-o", str(path)).code == 0
    path.write_text(path.read_text().replace('"count":2', '"count":3'))
    run = polylaw("verify", str(path))
    assert run.code == 1
    assert run.out == f"{path}\n  REFUSED  the sha256 does not fit the contents\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["certify", "linear:2,2"], "Missing option '-o' / '--output'"),
        (
            ["certify", "linear:2,2", "-o", "/nowhere/at/all/c.json"],
            "/nowhere/at/all/c.json: found 'No such file or directory'",
        ),
        (["certify", "zebra", "-o", "c.json"], "model: found 'zebra'"),
        (["verify"], "Missing argument 'FILES...'"),
    ],
)
def test_bad_input(polylaw: Any, arguments: list[str], words: str) -> None:
    run = polylaw(*arguments)
    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert run.err.count("\n") == 1


def test_prove_writes_a_coq_file(polylaw: Any, tmp_path: Path) -> None:
    cert, proof = tmp_path / "c.json", tmp_path / "p.v"
    assert polylaw("certify", "linear:2,1,2", "-o", str(cert)).code == 0
    run = polylaw("prove", str(cert), "--to", "coq", "-o", str(proof))
    assert (run.code, run.out) == (0, f"wrote {proof}\n")
    assert "Theorem at_most_1" in proof.read_text()
    assert polylaw("prove", str(cert), "-o", str(proof), "--limit", "10").code == 3
    assert "expected coq" in polylaw("prove", str(cert), "-o", str(proof), "--to", "lean").err
    cert.write_text("{}")
    run = polylaw("prove", str(cert), "-o", str(proof))
    assert run.code == 2
    assert "certificate: found \"the key 'format' is missing\", expected a certificate" in run.err


@pytest.mark.parametrize("kind", ["tex", "typ", "html", "md"])
def test_an_appendix_in_the_format_of_its_name(polylaw: Any, tmp_path: Path, kind: str) -> None:
    cert, out = tmp_path / "c.json", tmp_path / f"a.{kind}"
    assert polylaw("certify", "linear:2,1,2", "-o", str(cert)).code == 0
    run = polylaw("appendix", str(cert), "-o", str(out))
    assert (run.code, run.out, run.err) == (0, f"wrote {out}\n", "")
    assert out.stat().st_size > 1000
    run = polylaw("appendix", str(cert), "-o", str(tmp_path / "a.docx"))
    assert (run.code, run.out) == (2, "")
    assert "expected one of tex, typ, pdf, html, md" in run.err


def test_what_the_checker_has_no_room_for_is_undecided(polylaw: Any, tmp_path: Path) -> None:
    for words in (["map:x^201*y"], ["map:x*y*z", "--refuted", "x^201"]):
        run = polylaw("certify", *words, "-o", str(tmp_path / "c.json"))
        assert (run.code, run.out, list(tmp_path.iterdir())) == (3, "", [])
        assert run.err.startswith("polylaw: certificate: found 'more than 200 in an exponent'")


def test_the_kind_of_an_appendix_is_that_of_its_name(polylaw: Any, tmp_path: Path) -> None:
    certificate = str(tmp_path / "c.json")
    assert polylaw("certify", "linear:2,1,2", "-o", certificate).code == 0
    assert polylaw("appendix", certificate, "-o", str(tmp_path / "A.MD")).code == 0
    assert (tmp_path / "A.MD").read_text().startswith("# ")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            ("-o", "a.docx"),
            "found 'docx', expected one of tex, typ, pdf, html, md; let the name of the file end so, or "
            "give --to",
        ),
        (
            ("-o", "-"),
            "found '', expected one of tex, typ, pdf, html, md; let the name of the file end so, or "
            "give --to",
        ),
        (("-o", "a.md", "--to", "docx"), "found 'docx', expected one of tex, typ, pdf, html, md"),
    ],
)
def test_the_kind_of_an_appendix_is_judged_before_the_certificate(
    polylaw: Any, given: tuple[str, ...], message: str
) -> None:
    run = polylaw("appendix", "there_is_no_such_file.json", *given)
    assert (run.code, run.out, run.err) == (2, "", f"polylaw: kind of appendix: {message}\n")
