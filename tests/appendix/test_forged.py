"""Certificates that verify, and that a hasty reading makes say something false: each is refused with a line,
or its appendix, what `verify` prints and its Coq file are true."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from polylaw.proof.appendix import render
from polylaw.proof.bundle import bundle_files
from polylaw.proof.certificate import Certificate
from polylaw.proof.coq import coq_source
from polylaw.proof.reading import certified
from polylaw.proof.telling import system_lines, told_lines
from tests.helpers import mostly_slow
from tests.proof.certificates import certificate, not_admitted, signed

FORGED = Path(__file__).with_name("forged")
TOLD = sorted(path.stem for path in FORGED.glob("*.json"))


def data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FORGED / f"{name}.json").read_text("utf-8"))
    return found


def page(name: str) -> str:
    return render(data(name), "md").decode()


def theorem(name: str) -> str:
    return page(name).split("**Theorem.**")[1].split("*Proof.*")[0]


def verified(name: str) -> str:
    told = certified(data(name))
    return "\n".join([*system_lines(told), *told_lines(told)])


def test_no_file_is_forgotten() -> None:
    assert set(TOLD) == {*REFUSED, *TRUE}


#: what a file is refused for, before anything is said about it
REFUSED = {
    "A3": "a law without variables, so constant",  # dimensions with constants
    "A4": "a monomial that is 1",
    "B3": "a name that is repeated, or no word",  # names that would look alike: t, beside a clock
    "B4": "a name that is repeated, or no word",
    "C1": "the variables of a momentum flow are x, y, ..., dx, dy, ...",  # velocities exchanged
    "G1": "in which a parameter occurs",  # monomials with parameters, which are constants
    "G2": "in which a parameter occurs",
    "G3": "in which a parameter occurs",
    "G4": "in which a parameter occurs",
    "W1": "a metric is either mirror or rates",
    "W3": "a rate that is 0",
    "W4": "a rate that is 0",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_told_is_refused(name: str, polylaw: Any, tmp_path: Path) -> None:
    not_admitted(data(name), REFUSED[name], polylaw, tmp_path)


#: (what the appendix says, what it must not say)
TRUE: dict[str, tuple[str, str]] = {
    "A1": ("exactly three: .* is a function of \\$h_1\\$, \\$h_2\\$, and \\$h_3\\$", "function of \\$h_5"),
    "A2": (
        "at least three by \\(3\\), and at most three by \\(6\\)",
        "by \\(2\\), and|at most three by \\(5\\)",
    ),
    "A6": (
        "calls the model “transformer with 12 layers”",
        "made again by|mathbb\\{R\\}\\^\\{5 \\\\times 7\\}",
    ),
    "B1": ("h_1 &= z_1 x - \\\\lambda y", "h_1 &= \\\\lambda x - \\\\lambda y"),
    "B2": ("h_1 &= U_1 - z_1", "U_1 - U_1|U_1 - U_\\{1\\}"),
    "B5": ("h_1 &= x - z_1 y", "x - ty|&= t"),  # B3 and B4 with names that are admitted
    "B6": ("h_1 &= x - z_1", "x - x|mathrm\\{x"),
    "C2": ("the entries of \\$U_1 .* We consider", "row by row|The symmetric matrix"),
    "C3": ("4\\. At any point", "Conservation.*Conservation\\."),
    "C4": ("h_1 &= x\\\\dot\\{y\\} - y\\\\dot\\{x\\}", "mathrm\\{dx\\}"),  # C1 with velocities in order
    "C5": ("&= 2t", "defect"),
    "C6": ("which has no components", "X_j h"),
    "C7": ("at most four functions are functionally independent", "X_1\\$ is not zero"),
    "W2": ("Remark by the author of the certificate", "Here \\$A|made again by"),
    "W5": ("low with rates is.*\\\\dot\\{V\\}_\\{ij\\} &= -a", "metric is"),
    "W6": ("b", "metric is"),
    "alias": ("\\$\\\\lambda\\$ and \\$y_1\\$", "\\\\lambda\\$ and \\$\\\\lambda"),
    "alias2": ("U_1\\^2 - z_1\\^2", "U_1\\^2 - U_"),
    "alias3": ("&= z_1", "&= t\\b"),
    "shape": ("h_\\{31\\} &= ax_1", "The other 30 are equal"),  # a x1 is not x1 x2 with other names
    "fall0": (
        "degree at most 2 in \\$x\\$ and \\$v\\$ is",
        "polynomials in the variables and|degree at most 2 is",
    ),
    "fall1": (
        "degree at most 1 in \\$x\\$ and \\$v\\$ and degree at most 1 in \\$t\\$ is",
        "is a polynomial of degree at most 1 is",
    ),
    "rr": ("“laws hold near theta\\\\_0, where the regions are these”", "(all|any) data"),
    "sd0": ("polynomials of degree at most 2 in \\$x\\$ are the constants", "understood as polynomials"),
    "sm0": ("degree at most 2 in \\$x\\$ and \\$\\\\dot\\{x\\}\\$ is", "understood as polynomials"),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_is_told_is_true(name: str) -> None:
    said, unsaid = TRUE[name]
    words = page(name)
    assert re.search(said, words, re.DOTALL), words
    assert not re.search(unsaid, words), words


def _escaped(text: str) -> str:
    return re.sub(r"([_|&])", r"\\\1", text)


@pytest.mark.parametrize("name", mostly_slow(TRUE, *[*TRUE][::3]))
def test_free_text_is_the_authors(name: str) -> None:
    """Title, notes, source and command are marked, and a command is no instruction."""
    model = data(name)["model"]
    words = page(name)
    for remark in model["steps"] if "notes" not in model else model["notes"]:
        assert f"*Remark by the author of the certificate.*\n“{_escaped(remark)}”" in words
    assert words.count(model["command"]) == (1 if model["command"] else words.count(""))
    assert not model["command"] or f"nor that it was made by “`{model['command']}`”" in words
    assert model["title"] not in words.split("## The result")[1].split("## Scope")[0]
    readme = bundle_files(Certificate(data(name)))["README.md"].decode()
    checked, _, said = readme.partition("What its author says, and nobody checked:")
    for key in ("title", "command"):
        assert not model[key] or f"    {key}: {model[key]}" in said
    assert not model["command"] or model["command"] not in checked
    assert "state" in readme


def test_names_in_text_are_those_of_the_flow() -> None:
    assert "conserved: h1 = x*dy - y*dx" in verified("C4")
    assert "z1 stands for the name 't'" in verified("B5")
    assert "x' = lam*x, y' = lambda*x" in verified("B1")
    assert "h1 = x - z1" in verified("B6")
    assert f"z1 stands for 'x{'_' * 63}'" in coq_source(data("B6"))


def test_the_bound_that_is_met_is_the_one_that_is_cited() -> None:
    assert "exactly 3 independent laws near generic points: h1 to h3" in verified("A1")


def test_orbits_keep_variables_apart_from_parameters() -> None:
    """x1 x2 and a x1 are not equal up to the names of the variables."""
    assert "The other 29 are equal to one of these up to the names of the variables." in theorem("shape")


def test_the_scope_is_the_map_that_is_given() -> None:
    for name in ("rr", "A1", "sm0"):
        assert "any loss that sees theta only through the phi below" in coq_source(data(name))
        assert "any data" not in coq_source(data(name))
        assert "any loss that sees the state only through phi" in verified(name)


def test_a_name_of_a_file_stays_on_its_line(polylaw: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.json\n  ok       everything: all of it\n.json"
    path.write_text((FORGED / "A1.json").read_text("utf-8"), "utf-8")
    run = polylaw("verify", str(path))
    assert run.code == 0
    assert run.out.count("\n  ok ") == len(told_lines(certified(data("A1"))))
    assert "everything" in run.out.splitlines()[0]


def test_entries_of_a_matrix_are_listed_once(polylaw: Any, tmp_path: Path) -> None:
    """x' = -2 w, y' = -w for M = diag(2, 1), which is not written as diag(1 + 1, 1)."""
    made = {**certificate("nmf").data, "variables": ["x", "y"], "parameters": []}
    made["model"] = {**made["model"], "arrays": [], "matrices": []}
    made["flow"] = {"type": "gradient", "phi": [[[["1", 0, 1], ["1", 1, 1]]]]}
    made["flow"]["metric"] = [[0, 0, [["1"]]], [1, 1, [["1"]]], [0, 0, [["1"]]]]
    made["laws"] = [{"polynomial": [["1", 0, 1], ["-2", 1, 1]]}]
    made["claims"] = [{"type": "conserved", "laws": [0]}]
    not_admitted(signed(made), "an entry of the metric listed twice", polylaw, tmp_path)
    made["flow"]["metric"] = [[0, 0, [["2"]]], [1, 1, [["1"]]]]
    words = render(signed(made), "md").decode()
    assert r"M(\theta) &= \operatorname{diag}(2, 1)" in words
    assert "inverse metric" not in words
    assert "the matrix M: M[1,1] = 2, M[2,2] = 1" in system_lines(certified(signed(made)))


def test_a_matrix_need_not_be_symmetric() -> None:
    made = {**certificate("nmf").data, "variables": ["x", "y"], "parameters": []}
    made["model"] = {**made["model"], "arrays": [], "matrices": []}
    made["flow"] = {
        "type": "gradient",
        "phi": [[[["1", 0, 2], ["1", 1, 2]]]],
        "metric": [[0, 1, [["1"]]], [1, 0, [["-1"]]]],
    }
    made["laws"] = [{"polynomial": [["1", 0, 2], ["1", 1, 2]]}]
    made["claims"] = [{"type": "conserved", "laws": [0]}]
    words = render(signed(made), "md").decode()
    assert "# Conservation laws of a training flow\n" in words
    assert "the flow with the matrix $M$ is" in words
    assert "gradient flow is" not in words
    assert "metric" not in words


@pytest.mark.parametrize(
    "arrays",
    [[["W", [4]]], [["U1", [1, 2]], ["U2", [1, 2]]], [["U1", [1, 2]], ["U1", [1, 2]]], [["W", [5, 7]]]],
)
def test_arrays_are_told_only_if_their_entries_are_the_variables(arrays: list[Any]) -> None:
    made = data("A1")
    made["model"]["arrays"] = [{"name": name, "shape": shape} for name, shape in arrays]
    words = render(signed(made), "md").decode()
    assert "the entries of" not in words
    assert "The symmetric matrix" not in words
    assert r"be the trained parameters $(U_1)_{11}$, $(U_1)_{12}$, $(U_2)_{11}$, and $(U_2)_{21}$." in words
