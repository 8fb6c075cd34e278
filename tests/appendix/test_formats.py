"""What each format must be besides right: LaTeX compiles, HTML is well formed and needs nothing, hostile
names are words."""

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
from tests.helpers import gradient, mostly_slow
from tests.proof.certificates import CERTIFICATES, certificate, not_admitted, signed
from tests.proof.words import word_certificate

HOSTILE = (
    '\\end{document} $o$ #eval("1") <script>alert(1)</script> `a` *b* _c_ & % ~ ^ {d} // + - = '
    "\u2028 \n 1. é <% x %> << y >> -->"
)
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


@pytest.mark.parametrize("name", mostly_slow(CERTIFICATES, *[*CERTIFICATES][::6]))
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


@pytest.mark.parametrize(
    "spec",
    mostly_slow(
        ["linear:5,5,5", "linear:12,2,12", "attention:d1=2,dim=3,heads=2", "tucker:2,2,2?ranks=2,1,2"],
        "tucker:2,2,2?ranks=2,1,2",
    ),
)
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
    outside = set(re.findall(r'https?://[^"<> ]+', page)) - {
        "http://www.w3.org/1998/Math/MathML",
        "http://www.w3.org/1999/xhtml",
    }
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
def said(about: str, word: str) -> dict[str, Any]:
    """A certificate in which the author says this wherever the author is free to say anything."""
    made = word_certificate("linear") if about == "all widths" else certificate(about)
    data = copy.deepcopy(made.data)
    data["model"] |= dict.fromkeys(("title", "flow", "ansatz", "source", "command"), word)
    data["model"] |= {"steps": [word], "notes": [word]}
    for named in (*data["model"]["matrices"], *data["model"]["arrays"]):
        named["name"] = word
    return signed(data)


about = pytest.mark.parametrize("about", ["linear", "oscillator", "all widths"])


@about
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_are_words(about: str, kind: str) -> None:
    if kind == "pdf":
        pytest.importorskip("typst")
    out = render(said(about, HOSTILE), kind)
    assert out
    if kind == "html":
        assert b"<script" not in out
        parsed(out)
    if kind == "tex":
        assert out.count(b"\\end{document}") == 1
        assert b"\\textbackslash{}end\\{document\\}" in out
    if kind == "typ":
        assert not re.search(rb'(?<!\\)#eval\("', out.replace(b'\\"', b""))
    if kind == "md":
        # without code, and without what is escaped
        bare = re.sub(r"(`+) .*? \1(?!`)|\\[^\w\s]", "", out.decode())
        assert "alert" in bare
        assert not re.search(r"<script|\*b\*|_c_|`a`|\$o\$", bare)


@about
def test_hostile_words_compile(about: str, tmp_path: Path) -> None:
    compiled(render(said(about, HOSTILE), "tex"), tmp_path)


@pytest.mark.parametrize(
    "word",
    [
        "1. one",
        "+ plus",
        "= head",
        "/ term: x",
        "- minus",
        "#import",
        "\\",
        '"',
        "$",
        "//",
        "]",
        "é",
        "中",
        " ",
    ],
)
@pytest.mark.parametrize("kind", mostly_slow(["pdf", "tex", "html", "md"], "html"))
def test_single_words(word: str, kind: str, tmp_path: Path) -> None:
    if kind == "pdf":
        pytest.importorskip("typst")
    out = render(said("oscillator", word), kind)
    if kind == "pdf":
        assert out.startswith(b"%PDF-")
    if kind == "tex":
        compiled(out, tmp_path)
    if kind == "html":
        assert f"\u201c{word}\u201d" in "".join(parsed(out).itertext())
    if kind == "md":
        assert f"\u201c{word}\u201d" in re.sub(r"\\([^\w\s])", r"\1", out.decode())


NO_WORDS = [HOSTILE, "1. one", "#import", "\\", '"', "$", "]", "é", "中", " ", "", "x'", "x\n", "1x", "_x"]


@pytest.mark.parametrize("name", NO_WORDS)
def test_names_are_words(name: str, polylaw: Any, tmp_path: Path) -> None:
    """What is hostile as a name is no name, so no format has to escape it."""
    data = certificate("oscillator").data
    for key in ("variables", "parameters"):
        (tmp_path / key).mkdir()
        wrong = signed({**data, key: [name, *data[key][1:]]})
        not_admitted(wrong, "a name that is repeated, or no word", polylaw, tmp_path / key)


#: names x, y, a, b that are admitted, and look alike, or mean something to the text or to a format:
#: the law b x^2 + a y^2
AWKWARD: dict[tuple[str, ...], str] = {
    ("x_1", "x1", "x_1_1", "x11"): "h_1 &= z_2 x_{1}^2 + x_{11}z_1^2.",
    ("lam", "lambda", "alpha", "d_x"): r"h_1 &= \mathrm{d\_x}\,\lambda^2 + \alpha z_1^2.",
    ("t", "d", "e", "j"): "h_1 &= z_4 z_1^2 + z_3 z_2^2.",
    ("phi", "theta", "h", "X"): r"g_1 &= X\varphi^2 + h\theta^2.",
    ("end", "def", "sum", "frac"): r"h_1 &= \mathrm{frac}\,\mathrm{end}^2 + \mathrm{sum}\,\mathrm{def}^2.",
    ("x" * 32, "x" * 64, "x_", "x__1"): r"h_1 &= \mathrm{x\_\_1}\,z_1^2 + \mathrm{x\_}\,z_2^2.",
}


@pytest.mark.parametrize("chosen", AWKWARD, ids="-".join)
@pytest.mark.parametrize("kind", mostly_slow(KINDS, KINDS[-1]))
def test_awkward_names(chosen: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    """x' = a y, y' = -b x: every format is one, and names that have no symbol of their own are told."""
    if kind == "pdf":
        pytest.importorskip("typst")
    data = {**certificate("euler top").data, "variables": list(chosen[:2]), "parameters": list(chosen[2:])}
    data["flow"] = {"type": "ode", "rhs": [[[["1", 1, 1, 2, 1]]], [[["-1", 0, 1, 3, 1]]]]}
    data["laws"] = [{"polynomial": [["1", 0, 2, 3, 1], ["1", 1, 2, 2, 1]]}]
    data["claims"] = [{"type": "conserved", "laws": [0]}]
    data["model"] = {**data["model"], "matrices": []}
    out = render(signed(data), kind)
    if kind == "pdf":
        assert out.startswith(b"%PDF-")
    if kind == "tex":
        compiled(out, tmp_path)
    if kind == "html":
        told = "".join(parsed(out).itertext())
        strange = [name for name in chosen if name in ("x1", "x11", "lambda", *"tdej") or len(name) > 31]
        assert re.findall("stands for '(.*?)'", told) == strange
    if kind == "md":
        assert AWKWARD[chosen] in out.decode()


def test_unusual_names_of_variables() -> None:
    flow = pl.PolynomialODE({"my_name": "x2", "x2": "-my_name", "tau": "0"})
    data = pl.certify(pl.find_laws(flow)).data
    for kind in ("md", "html", "typ"):
        render(data, kind)
    assert r"\mathrm{my\_name}" in render(data, "tex").decode()


#: what a valid certificate may have besides: entries that replace those of the certificate of a linear
#: network
SQUARES = [[0, 2], [2, 2], [4, 2], [5, 2]]
LAW = {"polynomial": [["1", 0, 2], ["1", 2, 2], ["-1", 4, 2], ["-1", 5, 2]]}
ODD: dict[str, dict[str, Any]] = {
    "huge arrays": {
        "model": {"arrays": [{"name": "U1", "shape": [10**9, 10**9]}, {"name": "U2", "shape": [2, 2]}]}
    },
    "a huge matrix": {
        "model": {"matrices": [{"name": "U1^T U1", "shape": [10**9, 10**9], "symmetry": "", "entries": []}]}
    },
    "a deep name": {
        "model": {
            "matrices": [
                {
                    "name": "(" * 50_000,
                    "shape": [2, 2],
                    "symmetry": "",
                    "entries": [{"index": [1, 1], "law": 0}],
                }
            ]
        }
    },
    "1/0": {
        "model": {
            "matrices": [
                {
                    "name": "1/0 U1^T U1",
                    "shape": [2, 2],
                    "symmetry": "",
                    "entries": [{"index": [1, 1], "law": 0}],
                }
            ]
        }
    },
    "a strange index": {
        "model": {
            "matrices": [
                {"name": "U1^T U1", "shape": [1, 1, 1], "symmetry": "", "entries": [{"index": [1], "law": 0}]}
            ]
        }
    },
    "no components": {"flow": {"type": "gradient", "phi": []}},
    "constant components": {
        "flow": {"type": "gradient", "phi": [[[["2"]]], [[["1", 0, 1]]], [[]], [[["1", 1, 1]], [["3"]]]]},
        "laws": [{"polynomial": [["1", 4, 1]]}],
    },
    "no elements": {
        "claims": [
            {
                "type": "max_laws",
                "bound": 8,
                "point": ["1"] * 8,
                "prime": 1000003,
                "brackets": [],
                "elements": [],
            }
        ]
    },
    "monomials": {
        "claims": [
            {"type": "conserved", "laws": [0]},
            {
                "type": "complete",
                "laws": [0],
                "dimension": 1,
                "prime": 1000003,
                "values": [],
                "monomials": SQUARES,
            },
        ]
    },
}


def odd(entries: dict[str, Any]) -> dict[str, Any]:
    data = copy.deepcopy(certificate("linear").data)
    model = data["model"] | entries.get("model", {"matrices": []})
    data |= {"laws": [LAW], "claims": [{"type": "conserved", "laws": [0]}]}
    return signed(data | entries | {"model": model})


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("kind", KINDS)
def test_odd_certificates(what: str, kind: str) -> None:
    if kind == "pdf":
        pytest.importorskip("typst")
    assert render(odd(ODD[what]), kind)


#: what says nothing: (entries, why it is no certificate)
EMPTY: dict[str, tuple[dict[str, Any], str]] = {
    "the zero law": ({"laws": [{"polynomial": []}]}, "a law without variables, so constant"),
    "a constant law": ({"laws": [LAW, {"polynomial": [["2"]]}]}, "a law without variables, so constant"),
    "nothing conserved": ({"claims": [{"type": "conserved", "laws": []}]}, "a claim about no law"),
    "nothing independent": (
        {"claims": [{"type": "independent", "laws": [], "point": ["0"] * 8, "prime": 1000003}]},
        "a claim about no law",
    ),
    "no claim": ({"claims": []}, "no claim"),
}


@pytest.mark.parametrize("what", EMPTY)
def test_empty_certificates_are_not_admitted(what: str, polylaw: Any, tmp_path: Path) -> None:
    entries, reason = EMPTY[what]
    not_admitted(odd(entries), reason, polylaw, tmp_path)


def test_a_long_law_is_cut(tmp_path: Path) -> None:
    data = copy.deepcopy(certificate("euler top").data)
    a, b = (pl.Ring(["x", "y", "z"]).parse(text) for text in ("x^2 + y^2", "x^2 - 3*z^2"))
    law = encoded(
        pl.Polynomial.sum(a.ring, (a**i * b**j * (i + 11 * j + 1) for i in range(9) for j in range(9)))
    )
    data |= {"laws": [{"polynomial": law}], "claims": [{"type": "conserved", "laws": [0]}]}
    data["model"] |= {"matrices": []}
    out = render(signed(data), "tex")
    assert b"more lines in the certificate" in out
    assert b"too long to print" in out
    compiled(out, tmp_path)
