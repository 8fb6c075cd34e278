"""Coq accepts the files of true certificates, for every flow, and refuses them when a law or a bound is changed."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import BudgetError, InputError
from polylaw.proof.coq import coq_source
from polylaw.proof.coqc import LIBRARY, library_folder, run
from tests.coq.conftest import Coq
from tests.helpers import gradient
from tests.proof.certificates import CERTIFICATES, certificate

#: What Coq's own real numbers, and its mean value theorem, rest on.
AXIOMS = {
    "ClassicalDedekindReals.sig_not_dec",
    "ClassicalDedekindReals.sig_forall_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
}

#: certificate: theorems of its file
THEOREMS = {
    "linear": ["conserved", "independent", "at_most_3"],
    "deep linear": ["conserved", "independent", "at_most_7"],
    "relu": ["conserved", "independent", "at_most_2"],
    "nmf": ["conserved", "independent", "at_most_2"],
    "icnn": ["conserved", "independent", "at_most_2"],
    "rates": ["conserved", "independent", "at_most_3"],
    "rational": ["independent"],
    "decay": ["conserved", "independent", "at_most_3"],
    "momentum": ["conserved", "independent", "at_most_2"],
    "rational damping": ["conserved", "independent", "at_most_1"],
    "symbolic damping": ["conserved", "independent", "at_most_1"],
    "nesterov": ["conserved", "independent", "at_most_2"],
    "fractional nesterov": ["at_most_0"],
    "mirror momentum": ["at_most_0"],
    "euler top": ["conserved", "independent", "at_most_2"],
    "oscillator": ["conserved", "independent", "at_most_2"],
    "rational ode": ["conserved", "independent", "at_most_3"],
}

#: Checked by Coq besides the showcase: flows and metrics that it does not have.
CHECKED = ["linear", "rates", "decay", "rational damping", "fractional nesterov", "mirror momentum", "rational ode"]
SHOWCASE = sorted((Path(__file__).parents[2] / "proofs").glob("*/proof.v"))


def test_every_certificate_is_in_the_table() -> None:
    assert set(THEOREMS) == set(CERTIFICATES)


@pytest.mark.parametrize("name", CERTIFICATES)
def test_the_theorems_of_a_file(name: str) -> None:
    source = coq_source(certificate(name).data)
    assert re.findall(r"^Theorem (\w+)", source, re.MULTILINE) == THEOREMS[name]
    assert certificate(name).sha256 in source
    assert coq_source(certificate(name).data) == source
    for word in ("Admitted", "Axiom", "admit", "Abort"):
        assert word not in source


@pytest.mark.parametrize("name", CHECKED)
def test_coq_accepts_and_assumes_nothing_of_its_own(coq: Coq, name: str) -> None:
    accepted, printed = coq(coq_source(certificate(name).data))
    assert accepted, printed
    blocks = printed.split("Axioms:")[1:]
    assert len(blocks) + printed.count("Closed under the global context") == len(THEOREMS[name])
    for block in blocks:
        assert set(re.findall(r"^([\w.]+)\s+:", block, re.MULTILINE)) | set(re.findall(r"^([\w.]+)$", block, re.MULTILINE)) <= AXIOMS


@pytest.mark.parametrize("path", SHOWCASE, ids=lambda path: path.parent.name)
def test_coq_accepts_the_showcase(coq: Coq, path: Path) -> None:
    accepted, printed = coq(path.read_text("utf-8"))
    assert accepted, printed


def test_the_showcase_is_there() -> None:
    assert len(SHOWCASE) >= 12


def test_the_kernel_accepts_the_compiled_file_again(library: Path, tmp_path: Path) -> None:
    path = library / "again.v"
    path.write_text(coq_source(certificate("linear").data), encoding="utf-8")
    assert run(library, "coqc", str(path)).returncode == 0
    done = run(library, "coqchk", "-silent", "-norec", "Polylaw.again")
    assert done.returncode == 0, done.stderr


def test_the_readable_proof(library: Path) -> None:
    path = library / "two_layer_2_2_2.v"
    path.write_bytes((library_folder() / path.name).read_bytes())
    done = run(library, "coqc", str(path))
    assert done.returncode == 0, done.stderr


def test_the_library_has_no_axiom(library: Path) -> None:
    for name in LIBRARY:
        source = (library_folder() / f"{name}.v").read_text("utf-8")
        assert not re.search(r"\b(Axiom|Admitted|admit|Abort|Conjecture)\b", re.sub(r"\(\*.*?\*\)", "", source, flags=re.DOTALL))
    project = (library_folder() / "_CoqProject").read_text("utf-8").split()
    assert [word for word in project if word.endswith(".v")] == [f"{name}.v" for name in LIBRARY]


# -- false things ----------------------------------------------------------------------------------
def changed(name: str, change: Any) -> str:
    data = copy.deepcopy(certificate(name).data)
    change(data)
    return coq_source(data)


def flip(data: dict[str, Any], law: int = 0) -> None:
    term = data["laws"][law]["polynomial"][0]
    term[0] = term[0][1:] if term[0].startswith("-") else f"-{term[0]}"


@pytest.mark.parametrize("name", ["linear", "nmf", "decay", "symbolic damping", "nesterov", "oscillator"])
def test_a_law_with_a_wrong_sign_is_refused(coq: Coq, name: str) -> None:
    accepted, printed = coq(changed(name, flip))
    assert not accepted
    assert "Unable to unify" in printed


def test_a_wrong_power_of_the_clock_is_refused(coq: Coq) -> None:
    def change(data: dict[str, Any]) -> None:
        for term in data["laws"][0]["polynomial"]:
            term[-1] = 2 if term[-2] == len(data["variables"]) else term[-1]

    assert not coq(changed("nesterov", change))[0]


FALSE = {
    "a bracket that is another": lambda s: re.sub(r"\((\d), (\d)\)%nat", r"(\1, \1)%nat", s, count=1),
    "a multiplier": lambda s: re.sub(r"(check_bound_sound.*?\(\d+, \[)\(?-?\d+\)?; \(?-?\d+\)?", r"\g<1>5; 7", s, count=1, flags=re.DOTALL),
    "a free direction left out": lambda s: re.sub(r"(Definition free : list positive :=\s+\[)\d+; ", r"\1", s, count=1),
    "another point": lambda s: re.sub(r"(bound_at_point : list Z :=\s+)\[.*?\]", r"\1[0; 0; 0; 0; 0; 0; 0; 0]", s, count=1),
    "dependent gradients": lambda s: re.sub(r"(independent_at_point : list Z :=\s+)\[.*?\]", r"\1[0; 0; 0; 0; 0; 0; 0; 0]", s, count=1),
}


@pytest.mark.parametrize("what", FALSE)
def test_a_witness_that_does_not_fit_is_refused(coq: Coq, what: str) -> None:
    source = coq_source(certificate("linear").data)
    mutated = FALSE[what](source)
    assert mutated != source
    assert not coq(mutated)[0]


# -- what is left out ------------------------------------------------------------------------------
def test_what_is_left_out_is_named() -> None:
    assert "Not in this file: completeness among polynomials of a degree" in coq_source(certificate("linear").data)
    assert "Not in this file: anything about the flow, because phi has denominators" in coq_source(certificate("rational").data)
    assert "Not in this file: claims that are refuted" in coq_source(certificate("linear").data)


def test_a_file_that_would_be_too_long() -> None:
    with pytest.raises(BudgetError, match="expected at most 1000; raise the limit"):
        coq_source(certificate("linear").data, limit=1000)


def test_a_certificate_with_nothing_for_coq() -> None:
    laws = pl.find_laws(gradient("relu:2,2,2"), 1)
    with pytest.raises(BudgetError, match="nothing that Coq can be told"):
        coq_source(pl.certify(laws, count=False).data)


def test_hostile_names_stay_inside_the_comment() -> None:
    data = copy.deepcopy(certificate("linear").data)
    data["model"]["title"] = 'x *) Axiom a : False. (* " \n\u2028'
    source = coq_source(data)
    head = source[: source.index("Require Import")]
    assert head.count("*)") == head.count("(*") == 1
    assert '"' not in head


def test_a_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="coqc: found 'nothing on the PATH', expected Coq"):
        run(tmp_path, "coqc", "file.v")
