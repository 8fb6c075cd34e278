"""Appendices say what their certificate claims, in every format, and nothing more."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import polylaw as pl
from polylaw.errors import InputError, UnknownNameError
from polylaw.proof.appendix import KINDS, render
from tests.helpers import gradient
from tests.proof.certificates import CERTIFICATES, certificate, signed

EXPECTED = Path(__file__).with_name("expected")
names = pytest.mark.parametrize("name", CERTIFICATES)


def text(name: str, kind: str = "md") -> str:
    return render(certificate(name).data, kind).decode()


# -- contents --------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["linear", "oscillator", "symbolic damping"])
def test_the_whole_text(name: str) -> None:
    assert text(name) == (EXPECTED / f"{name.replace(' ', '_')}.md").read_text("utf-8")


#: type of claim: words that only it brings
WORDS = {
    "conserved": "conservation law",
    "independent": "*Independence.*",
    "complete": "*Completeness.*",
    "max_laws": "*Bound.*",
    "exactly": "the number of independent conservation laws is exactly",
    "not_conserved": "is not a conservation law.",
}


@names
@pytest.mark.parametrize("kind", WORDS)
def test_a_claim_is_mentioned_exactly_when_it_is_made(name: str, kind: str) -> None:
    data = certificate(name).data
    if kind != "conserved":
        assert (WORDS[kind] in text(name)) == (kind in certificate(name).claims)
    rest = [claim for claim in data["claims"] if claim["type"] != kind]
    without = render(signed({**data, "claims": rest}), "md").decode()
    if kind != "conserved":
        assert WORDS[kind] not in without
    else:
        assert "*Conservation.*" not in without


@names
def test_numbers_are_those_of_the_certificate(name: str) -> None:
    words = text(name)
    for claim in certificate(name).data["claims"]:
        if "prime" in claim:
            assert str(claim["prime"]) in words
        if claim["type"] == "max_laws":
            assert f"rank {certificate_rank(certificate(name).data, claim)} at the point" in words
        if claim["type"] == "exactly":
            assert f"is exactly {claim['count']}" in words
        if claim["type"] == "complete" and claim["dimension"]:
            assert f"dimension {claim['dimension']}." in words
    assert certificate(name).sha256 in words


def certificate_rank(data: dict[str, Any], claim: dict[str, Any]) -> int:
    return len(data["variables"]) + (data["clock"] is not None) - int(claim["bound"])


def test_the_scope_is_told_for_losses_only() -> None:
    assert "for every loss that sees the parameters only through the map" in text("linear")
    assert "for every loss" not in text("euler top")


def test_brackets_are_those_of_the_certificate() -> None:
    [claim] = [claim for claim in certificate("linear").data["claims"] if claim["type"] == "max_laws"]
    for a, b in claim["brackets"]:
        assert f"[X_{{{a + 1}}},X_{{{b + 1}}}]" in text("linear").replace(" ", "").replace("\\,", "")


def test_steps_and_command_are_told() -> None:
    assert "Note: denominators cleared" in text("rational")
    assert "Note: the drift was multiplied by t" in text("nesterov")
    made = pl.certify(pl.find_laws(gradient("nmf:2,1,1")), command="polylaw certify nmf:2,1,1 -o c.json")
    assert "`polylaw certify nmf:2,1,1 -o c.json`" in render(made.data, "md").decode()


def test_identities_that_are_equal_up_to_names_are_counted() -> None:
    data = pl.certify(pl.find_laws(gradient("linear:4,3,4"))).data
    words = render(data, "md").decode()
    shown = len(re.findall(r"^ *X_\{\d+\} h_", words, re.MULTILINE))
    [renamed] = map(int, re.findall(r"Another (\d+) identities are equal", words))
    fields, laws = 16, 6
    assert shown + renamed == fields * laws
    assert shown <= 6


def test_a_long_list_of_laws_is_cut_and_counted() -> None:
    data = pl.certify(pl.find_laws(gradient("linear:9,9,9")), count=False).data
    assert "and 5 more entries, listed in the certificate." in render(data, "md").decode()


# -- formats ---------------------------------------------------------------------------------------
@names
@pytest.mark.parametrize("kind", KINDS)
def test_every_format_is_the_same_each_time(name: str, kind: str) -> None:
    if kind == "pdf":
        pytest.importorskip("typst")
    first = render(certificate(name).data, kind)
    assert first == render(json.loads(certificate(name).text()), kind)
    assert first


@names
def test_html_is_well_formed_and_needs_nothing(name: str) -> None:
    page = text(name, "html")
    ElementTree.fromstring(page.split("\n", 1)[1])
    for word in ("<script", "http-equiv", "src=", "@import", "url("):
        assert word not in page
    outside = set(re.findall(r'https?://[^"<> ]+', page))
    assert outside <= {"http://www.w3.org/1998/Math/MathML", "http://www.w3.org/1999/xhtml"}


@pytest.mark.parametrize("name", ["linear", "symbolic damping", "nesterov", "oscillator", "rates", "rational ode", "icnn"])
def test_latex_compiles_without_overfull_lines(name: str, tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        if os.environ.get("CI"):
            pytest.fail("no pdflatex, though this is CI: apt-get install texlive-latex-base")
        pytest.skip("no pdflatex: apt-get install texlive-latex-base")
    (tmp_path / "appendix.tex").write_bytes(render(certificate(name).data, "tex"))
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "appendix.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in (tmp_path / "appendix.log").read_text("latin-1")


def test_pdf_has_pages() -> None:
    pytest.importorskip("typst")
    pdf = render(certificate("linear").data, "pdf")
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1


def test_pdf_without_typst_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(InputError, match=r'pip install "polylaw\[pdf\]"'):
        render(certificate("linear").data, "pdf")


def test_unknown_kinds() -> None:
    with pytest.raises(UnknownNameError, match="kind of appendix: found 'docx', expected one of tex, typ, pdf, html, md"):
        render(certificate("linear").data, "docx")


HOSTILE = "\\end{document} $x$ #eval(\"1\") <script>alert(1)</script> `a` *b* _c_ & % ~ ^ {d} \u2028 é"


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_titles_are_words(kind: str, tmp_path: Path) -> None:
    if kind == "pdf":
        pytest.importorskip("typst")
    data = copy.deepcopy(certificate("linear").data)
    for key in ("title", "flow", "source", "command"):
        data["model"][key] = HOSTILE
    data["model"]["steps"] = [HOSTILE]
    data["model"]["matrices"][0]["name"] = HOSTILE
    out = render(data, kind)
    if kind == "html":
        assert b"<script" not in out
        ElementTree.fromstring(out.decode().split("\n", 1)[1])
    if kind == "tex":
        assert out.count(b"\\end{document}") == 1
        assert b"\\textbackslash{}end\\{document\\}" in out
    if kind == "typ":
        assert b"\\#eval" in out


def test_unusual_names_of_variables() -> None:
    flow = pl.PolynomialODE({"my_name": "x2", "x2": "-my_name", "tau": "0"})
    for kind in ("md", "tex", "html", "typ"):
        render(pl.certify(pl.find_laws(flow)).data, kind)
    assert r"\mathrm{my\_name}" in render(pl.certify(pl.find_laws(flow)).data, "tex").decode()
