"""What each format must be besides right: LaTeX compiles, HTML is well formed and needs nothing, hostile names are words."""

from __future__ import annotations

import copy
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import polylaw as pl
from polylaw.errors import InputError
from polylaw.proof.appendix import KINDS, render
from polylaw.proof.encoding import encoded
from tests.helpers import gradient
from tests.proof.certificates import CERTIFICATES, certificate, signed

HOSTILE = '\\end{document} $x$ #eval("1") <script>alert(1)</script> `a` *b* _c_ & % ~ ^ {d} // + - = \u2028 \n 1. é <% x %> << y >> -->'
names = pytest.mark.parametrize("name", CERTIFICATES)


# -- LaTeX -----------------------------------------------------------------------------------------
def compiled(source: bytes, folder: Path) -> str:
    """The log of pdflatex, which must succeed; a test is skipped without it, except in CI."""
    if shutil.which("pdflatex") is None:
        if os.environ.get("CI"):
            pytest.fail("no pdflatex, though this is CI: apt-get install texlive-latex-base")
        pytest.skip("no pdflatex: apt-get install texlive-latex-base")
    (folder / "appendix.tex").write_bytes(source)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "appendix.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    return (folder / "appendix.log").read_text("latin-1")


@names
def test_latex_compiles_without_overfull_lines(name: str, tmp_path: Path) -> None:
    log = compiled(render(certificate(name).data, "tex"), tmp_path)
    assert "Overfull" not in log
    assert "Font Warning" not in log


@names
def test_latex_sets_every_sign_of_the_text(name: str) -> None:
    """A question mark stands for what it cannot set, and there is none in what polylaw itself writes."""
    source = render(certificate(name).data, "tex").decode()
    assert "?" not in source
    title = certificate(name).data["model"]["title"].replace("_", r"\_")
    assert f"calls the model ``{title}''." in source


@pytest.mark.parametrize("spec", ["linear:5,5,5", "linear:12,2,12", "attention:d1=2,dim=3,heads=2", "tucker:2,2,2?ranks=2,1,2"])
def test_latex_of_larger_models(spec: str, tmp_path: Path) -> None:
    assert "Overfull" not in compiled(render(pl.certify(pl.find_laws(gradient(spec))).data, "tex"), tmp_path)


# -- HTML ------------------------------------------------------------------------------------------
def parsed(page: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(page.decode().split("\n", 1)[1])


@names
def test_html_is_well_formed_and_needs_nothing(name: str) -> None:
    page = render(certificate(name).data, "html").decode()
    parsed(page.encode())
    for word in ("<script", "http-equiv", "src=", "@import", "url(", "<link"):
        assert word not in page
    outside = set(re.findall(r'https?://[^"<> ]+', page)) - {"http://www.w3.org/1998/Math/MathML", "http://www.w3.org/1999/xhtml"}
    assert all(re.fullmatch(r"https://arxiv\.org/abs/[0-9.]+", address) for address in outside)


#: elements of MathML with a fixed number of children
CHILDREN = {"msub": 2, "msup": 2, "mfrac": 2, "mover": 2}


@names
def test_mathml_has_the_right_number_of_children(name: str) -> None:
    for element in parsed(render(certificate(name).data, "html")).iter():
        tag = element.tag.split("}")[1]
        assert len(element) == CHILDREN.get(tag, len(element))


# -- PDF -------------------------------------------------------------------------------------------
def test_pdf_has_pages() -> None:
    pytest.importorskip("typst")
    pdf = render(certificate("linear").data, "pdf")
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1


def test_pdf_without_typst_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match=r'pip install "polylaw\[pdf\]"'):
        render(certificate("linear").data, "pdf")


# -- hostile words ---------------------------------------------------------------------------------
def hostile() -> dict[str, Any]:
    data = copy.deepcopy(certificate("linear").data)
    for key in ("title", "flow", "source", "command"):
        data["model"][key] = HOSTILE
    data["model"]["steps"] = [HOSTILE]
    data["model"]["matrices"][0]["name"] = HOSTILE
    data["model"]["arrays"][0]["name"] = HOSTILE
    data["variables"][0] = HOSTILE
    return signed(data)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_are_words(kind: str) -> None:
    if kind == "pdf":
        pytest.importorskip("typst")
    out = render(hostile(), kind)
    assert out
    if kind == "html":
        assert b"<script" not in out
        parsed(out)
    if kind == "tex":
        assert out.count(b"\\end{document}") == 1
        assert b"\\textbackslash{}end\\{document\\}" in out
    if kind == "typ":
        assert not re.search(rb'(?<!\\)#eval\("', out.replace(b'\\"', b""))


def test_hostile_words_compile(tmp_path: Path) -> None:
    compiled(render(hostile(), "tex"), tmp_path)


@pytest.mark.parametrize(
    "word", ["1. one", "+ plus", "= head", "/ term: x", "- minus", "#import", "\\", '"', "$", "//", "]", "é", "中", " "]
)
@pytest.mark.parametrize("kind", ["pdf", "tex", "html", "md"])
def test_single_words(word: str, kind: str, tmp_path: Path) -> None:
    if kind == "pdf":
        pytest.importorskip("typst")
    data = copy.deepcopy(certificate("oscillator").data)
    data["model"] |= {"title": word, "flow": word, "command": word, "steps": [word], "source": word}
    data["variables"][0], data["parameters"][0] = word, word + "'"
    out = render(signed(data), kind)
    if kind == "tex":
        compiled(out, tmp_path)
    if kind == "html":
        parsed(out)


def test_unusual_names_of_variables() -> None:
    flow = pl.PolynomialODE({"my_name": "x2", "x2": "-my_name", "tau": "0"})
    data = pl.certify(pl.find_laws(flow)).data
    for kind in ("md", "html", "typ"):
        render(data, kind)
    assert r"\mathrm{my\_name}" in render(data, "tex").decode()


#: what a valid certificate may have besides: entries that replace those of the certificate of a linear network
SQUARES = [[0, 2], [2, 2], [4, 2], [5, 2]]
LAW = {"polynomial": [["1", 0, 2], ["1", 2, 2], ["-1", 4, 2], ["-1", 5, 2]]}
ODD: dict[str, dict[str, Any]] = {
    "huge arrays": {"model": {"arrays": [{"name": "U1", "shape": [10**9, 10**9]}, {"name": "U2", "shape": [2, 2]}]}},
    "a huge matrix": {"model": {"matrices": [{"name": "U1^T U1", "shape": [10**9, 10**9], "symmetry": "", "entries": []}]}},
    "a deep name": {
        "model": {"matrices": [{"name": "(" * 50_000, "shape": [2, 2], "symmetry": "", "entries": [{"index": [1, 1], "law": 0}]}]}
    },
    "1/0": {"model": {"matrices": [{"name": "1/0 U1^T U1", "shape": [2, 2], "symmetry": "", "entries": [{"index": [1, 1], "law": 0}]}]}},
    "a strange index": {
        "model": {"matrices": [{"name": "U1^T U1", "shape": [1, 1, 1], "symmetry": "", "entries": [{"index": [1], "law": 0}]}]}
    },
    "no components": {"flow": {"type": "gradient", "phi": []}},
    "constant components": {
        "flow": {"type": "gradient", "phi": [[[["2"]]], [[["1", 0, 1]]], [[]], [[["1", 1, 1]], [["3"]]]]},
        "laws": [{"polynomial": [["1", 4, 1]]}],
    },
    "the zero law": {"laws": [{"polynomial": []}]},
    "nothing conserved": {
        "claims": [{"type": "conserved", "laws": []}, {"type": "independent", "laws": [], "point": ["0"] * 8, "prime": 1000003}]
    },
    "no elements": {"claims": [{"type": "max_laws", "bound": 8, "point": ["1"] * 8, "prime": 1000003, "brackets": [], "elements": []}]},
    "monomials": {
        "claims": [
            {"type": "conserved", "laws": [0]},
            {"type": "complete", "laws": [0], "dimension": 1, "prime": 1000003, "values": [], "monomials": SQUARES},
        ]
    },
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("kind", KINDS)
def test_odd_certificates(what: str, kind: str) -> None:
    if kind == "pdf":
        pytest.importorskip("typst")
    data = copy.deepcopy(certificate("linear").data)
    model = data["model"] | ODD[what].get("model", {"matrices": []})
    assert render(signed(data | {"laws": [LAW], "claims": [{"type": "conserved", "laws": [0]}]} | ODD[what] | {"model": model}), kind)


def test_a_long_law_is_cut(tmp_path: Path) -> None:
    data = copy.deepcopy(certificate("euler top").data)
    a, b = (pl.Ring(["x", "y", "z"]).parse(text) for text in ("x^2 + y^2", "x^2 - 3*z^2"))
    law = encoded(pl.Polynomial.sum(a.ring, (a**i * b**j * (i + 11 * j + 1) for i in range(9) for j in range(9))))
    data |= {"laws": [{"polynomial": law}], "claims": [{"type": "conserved", "laws": [0]}]}
    data["model"] |= {"matrices": []}
    out = render(signed(data), "tex")
    assert b"more lines in the certificate" in out
    assert b"too long to print" in out
    compiled(out, tmp_path)
