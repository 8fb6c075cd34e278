"""`polylaw words`: laws for all widths, verdicts on words, model files with symbolic widths."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ANY_DEPTH = """\
linear of any depth   gradient flow, Euclidean
  U1: l x n, U2: n x r   anything: A: p x l, B: r x q
  phi  A U1 U2 B
1 law for all widths, words of length <= 2   complete at any p, q >= 1; l, n, r >= 2: \
no other combination of 32 candidates, apart from products, diagonals, traces and sums of laws

  U1' U1 - U2 U2'      n x n, symmetric

note: at smaller widths than these there can be more laws
note: U1 and U2 are any two neighbouring layers, A and B the layers before and after them
next: polylaw words 'linear:*' "WORD" (is a word of yours a law for all widths?)
"""

MASKED = """\
name = "masked"
[model]
phi = ["U diag(d) V'"]
[model.matrices]
U = ["n", "r"]
V = ["m", "r"]
[model.constants]
d = ["r"]
"""


def test_any_depth_prints_exactly_this(polylaw: Any) -> None:
    run = polylaw("words", "linear:*")
    assert (run.code, run.out, run.err) == (0, ANY_DEPTH, "")


def test_a_word_is_proved(polylaw: Any) -> None:
    run = polylaw("words", "linear:*", "U1' U1 - U2 U2'")
    assert (run.code, run.out) == (
        0,
        "proved for all widths: U1' U1 - U2 U2' is conserved by linear of any depth, gradient flow, "
        "Euclidean\n"
        "note: U1 and U2 are any two neighbouring layers, A and B the layers before and after them\n",
    )


def test_a_certificate_is_written_and_used(polylaw: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "cert.json")
    run = polylaw("words", "linear:*", "-o", path)
    sha = json.loads(Path(path).read_text())["sha256"]
    end = f"{path}: conserved_for_all_widths   sha256 {sha}\nnext: polylaw verify {path}\n"
    assert (run.code, run.out, run.err) == (0, ANY_DEPTH + end, "")
    run = polylaw("verify", path)
    assert run.code == 0
    assert run.out.splitlines() == [
        path,
        "  gradient flow, Euclidean, for all widths: U1: l x n, U2: n x r; anything: A: p x l, B: r x q",
        "  any loss that sees the weights only through A U1 U2 B",
        "  ok       conserved for all widths: U1' U1 - U2 U2'",
    ]
    assert polylaw("appendix", path, "-o", str(tmp_path / "a.tex")).code == 0
    run = polylaw("prove", path, "-o", str(tmp_path / "p.v"))
    assert (run.code, "proofs/coq/all_widths.v" in run.err) == (3, True)
    run = polylaw("bundle", path, "-o", str(tmp_path / "b"))
    assert run.code == 0
    assert "There is no Coq file" in (tmp_path / "b" / "README.md").read_text()


def test_nothing_is_written_without_a_law(polylaw: Any, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    run = polylaw("words", "linear:*", "U1' U1", "-o", str(path))
    assert (run.code, run.err) == (1, f"{path} not written: there is no law\n")
    assert not path.exists()


def test_a_word_is_refuted_with_the_smallest_widths(polylaw: Any) -> None:
    run = polylaw("words", "linear:2,3,2", "U1' U1 - 2 U2 U2'")
    assert run.code == 1
    assert "its derivative by the loss is U1' G1 U2' + U2 G1' U1\n" in run.out
    assert (
        "the smallest widths at which it fails are n0 = 1, n1 = 1, n2 = 1: entry [1,1] is U1_1_1^2 - "
        "2*U2_1_1^2," in run.out
    )
    data = json.loads(polylaw("words", "linear:2,3,2", "U1' U1 - 2 U2 U2'", "--json").out)
    assert (data["schema"], data["verdict"], data["widths"]) == (
        "polylaw-check-1",
        "refuted",
        {"n0": 1, "n1": 1, "n2": 1},
    )


def test_entries_at_given_widths_are_laws_of_the_concrete_model(polylaw: Any) -> None:
    data = json.loads(polylaw("words", "attention:d1=2,dim=2,heads=2", "--json").out)
    laws = [entry["law"] for law in data["laws"] for entry in law["entries"]]
    assert len(laws) == 12
    for law in laws[::5]:
        assert polylaw("check", "attention:d1=2,dim=2,heads=2", law).code == 0
    assert (
        "  [1,2]  U1_1_1*U1_1_2 - U2_1_1*U2_2_1\n"
        in polylaw("words", "linear:*,*,*", "--widths", "n0=1,n1=2,n2=1").out
    )


def test_entries_of_large_models_are_not_written_down(polylaw: Any) -> None:
    run = polylaw("words", "linear:768,3072,768")
    assert run.code == 0
    assert "  the entries at n0 = 768, n1 = 3072, n2 = 768 are too many to print\n" in run.out
    assert "entries" not in json.loads(polylaw("words", "linear:768,3072,768", "--json").out)["laws"][0]


@pytest.mark.slow
def test_a_word_of_too_many_like_factors_is_undecided(polylaw: Any) -> None:
    run = polylaw("words", "linear:*,*", " ".join(f"U1[i,j{k}]" for k in range(30)))
    assert run.code == 3
    assert "30 factors, many of them alike" in run.err


def test_momentum_and_options(polylaw: Any) -> None:
    out = polylaw("words", "lora:*,*,*", "--damping", "tau").out
    assert "  exp(tau*t) (U' dU - dU' U + V' dV - dV' V)      r x r, skew\n" in out
    assert (
        "independent laws: rk (2 r - 1 - rk)/2, rk = min(2 (n + m), r)   (not n = m = 1)   arXiv 2405.12888\n"
        in out
    )
    assert "next: polylaw words 'lora:*,*,*' --damping tau" in out


def test_a_model_file(polylaw: Any, written: Callable[[str], str]) -> None:
    path = written(MASKED)
    run = polylaw("words", path)
    assert run.code == 0
    assert "  diag(U' U - V' V)      r\n" in run.out
    assert polylaw("words", path, "U' U - V' V").code == 1
    path = written(MASKED + "[model.widths]\nn = 1\nm = 1\nr = 2\n[flow]\nweight_decay = '1/2'\n")
    assert "  [2]  exp(t)*(U_1_2^2 - V_1_2^2)\n" in polylaw("words", path).out


def test_undecided_when_a_derivative_counts_a_width(polylaw: Any, written: Callable[[str], str]) -> None:
    run = polylaw("words", written('[model]\nphi = ["1\' X"]\n[model.matrices]\nX = ["n", "m"]\n'))
    assert run.code == 3
    assert "undecided: a derivative counts a width" in run.out


@pytest.mark.slow
def test_the_same_bytes(process: Any, polylaw: Any) -> None:
    arguments = ("words", "attention:d1=*,dim=*,heads=*", "--damping", "3/t")
    assert process(*arguments) == process(*arguments) == polylaw(*arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["foo:*"], "a model family"),
        (["linear:*", "U1 U1"], "width l meets width n"),
        (["linear:*", "A"], "a letter of the state"),
        (["linear:*", "--time", "t"], "no time for a flow of kind gradient"),
        (["linear:*", "--flow", "ode"], "gradient or momentum"),
        (["linear:*", "--flow", "gradient", "--damping", "1"], "no damping for a flow of kind gradient"),
        (["linear:*", "--length", "0"], "an integer from 1 to 6"),
        (["linear:*,*", "--widths", "n0=2"], "a size for each of n0, n1"),
        (["linear:*,*", "--widths", "n0=2;n1"], "a size of at most 6 digits"),
        (["normalized:*,*"], "a family with matrix words"),
    ],
)
def test_bad_input(polylaw: Any, arguments: list[str], message: str) -> None:
    run = polylaw("words", *arguments)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert message in run.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[model]\nphi = ["U"]\n[model.matrices]\nU = [2, 3]\n', "names of widths"),
        ('[model]\nphi = "U"\n[model.matrices]\nU = ["n"]\n', "model.phi"),
        ('[model]\n[model.matrices]\nU = ["n"]\n', "model.phi"),
        ('[model]\nphi = ["U"]\nmetric = 3\n[model.matrices]\nU = ["n"]\n', "model.metric"),
        ('[model]\nphi = ["U"]\nspec = "x"\n', "nothing beside spec"),
        ('[ode]\nx = "y"\n', "polylaw find has the laws of an ODE"),
        ('[model]\nphi = ["U +"]\n[model.matrices]\nU = ["n", "m"]\n', "phi\\[1\\]"),
        ('[model]\nphi = ["U"]\n[model.matrices]\nU = ["n", "m"]\n[model.widths]\nn = "2"\n', "model.widths"),
    ],
)
def test_bad_files(polylaw: Any, written: Callable[[str], str], text: str, message: str) -> None:
    import re

    run = polylaw("words", written(text))
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert re.search(message, run.err)
    assert "model.toml" in run.err


def test_widths_that_are_too_small_for_the_statement_are_named(polylaw: Any) -> None:
    run = polylaw("words", "linear:1,*,1")
    assert run.code == 3
    assert (
        "complete at any n0, n1, n2 >= 2: no other combination of 32 candidates, apart from products"
        in run.out
    )
    assert "undecided at n0 = 1, n2 = 1: at these widths there may be more laws" in run.out
    run = polylaw("words", "linear:1,*,1", "--json")
    assert (run.code, json.loads(run.out)["undecided_at"]) == (3, {"n0": 1, "n2": 1})


def test_find_and_words_point_to_each_other(polylaw: Any, written: Callable[[str], str]) -> None:
    assert "polylaw words finds laws that hold for any width" in polylaw("find", "linear:*,2,*").err
    for text, message in (
        ('[model]\nphi = ["U V"]\n[model.matrices]\nU = ["n", "r"]', "names of widths are for polylaw words"),
        ('[model]\nphi = ["U"]\n[model.widths]\nn = 2', "widths with names are for polylaw words"),
    ):
        run = polylaw("find", written(text))
        assert run.code == 2
        assert message in run.err


def test_a_file_with_a_spec(polylaw: Any, written: Callable[[str], str]) -> None:
    laws = polylaw("words", "linear:*,*,*").out.splitlines()
    run = polylaw("words", written('[model]\nspec = "linear:*,*,*"'))
    assert (run.code, run.out.splitlines()[:-1]) == (0, laws[:-1])
    run = polylaw("words", written('name = "mine"\n[model]\nspec = "linear:*,*,*"\nmetric = "mirror"'))
    assert run.out.startswith("mine   gradient flow, metric mirror\n")
    assert polylaw("words", written('[model]\nspec = "linear:*,*,*"\nphi = ["U1 U2"]')).code == 2
