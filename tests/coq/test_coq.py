"""Coq accepts the files of true certificates, for every flow, and refuses them when a law or a bound is
changed."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import BudgetError, InputError
from polylaw.proof.coq import coq_source
from polylaw.proof.coq_complete import completeness
from polylaw.proof.coq_flow import coq_flow
from polylaw.proof.coq_syntax import shortened
from polylaw.proof.coq_system import WithheldError
from polylaw.proof.coqc import LIBRARY, library_folder, run
from tests.coq.conftest import Coq
from tests.helpers import gradient, momentum, mostly_slow
from tests.proof.certificates import CERTIFICATES, certificate, signed, system_of
from tests.proof.degenerate import DEGENERATE

#: What Coq's own real numbers, and its mean value theorem, rest on.
AXIOMS = {
    "ClassicalDedekindReals.sig_not_dec",
    "ClassicalDedekindReals.sig_forall_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
}

ALL = ("conserved", "independent")

#: certificate: theorems of its file
THEOREMS: dict[str, tuple[str, ...]] = {
    "linear": (*ALL, "at_most_3", "exactly_3", "completeness"),
    "deep linear": (*ALL, "at_most_7", "completeness"),
    "relu": (*ALL, "at_most_2", "exactly_2", "completeness"),
    "nmf": (*ALL, "at_most_2", "exactly_2", "completeness"),
    "icnn": (*ALL, "at_most_2", "exactly_2", "completeness"),
    "rates": (*ALL, "at_most_3", "exactly_3"),
    "rational": (*ALL, "at_most_1", "exactly_1", "completeness"),
    "decay": (*ALL, "at_most_3", "exactly_3"),
    "momentum": (*ALL, "at_most_2", "exactly_2", "completeness"),
    "rational damping": (*ALL, "at_most_1", "exactly_1", "completeness"),
    "symbolic damping": (*ALL, "at_most_1", "exactly_1"),
    "nesterov": (*ALL, "at_most_2", "exactly_2", "completeness"),
    "fractional nesterov": ("at_most_0", "completeness"),
    "mirror momentum": ("at_most_0", "completeness"),
    "euler top": (*ALL, "at_most_2", "exactly_2", "completeness"),
    "oscillator": (*ALL, "at_most_2"),
    "rational ode": (*ALL, "at_most_3"),
}

#: Flows with laws, where those that all tests of proofs share have none.
MORE: dict[str, pl.Flow] = {
    "fractional nesterov with laws": momentum("linear:1,2,1", "3/2/t"),
    "mirror momentum with laws": momentum("map:u-v", "tau", [["u", "0"], ["0", "v"]]),
    "rational map with decay": gradient("map:u/v", weight_decay="lam/3"),
    "rational map with momentum": momentum("map:1/(u^2+v^2)", "tau"),
}

#: Checked by Coq besides the showcase: every flow, metric and clock that it does not have.
SHARED = [
    "linear",
    "rates",
    "rational",
    "decay",
    "momentum",
    "rational damping",
    "fractional nesterov",
    "mirror momentum",
    "rational ode",
]
SHOWCASE = sorted(
    path.with_name("certificate.json") for path in (Path(__file__).parents[2] / "proofs").glob("*/proof.v")
)


@cache
def source_of(name: str) -> str:
    """The Coq file of a certificate that the tests share, or of one of `MORE`."""
    made = pl.certify(pl.find_laws(MORE[name], 2)) if name in MORE else certificate(name)
    return coq_source(made.data)


@cache
def shown(folder: str) -> str:
    """The Coq file of a model of the showcase, without the command that prints what it rests on."""
    [path] = [path for path in SHOWCASE if path.parent.name == folder]
    return coq_source(json.loads(path.read_text("utf-8"))).split("(* What the proofs rest on")[0]


def test_every_certificate_is_in_the_table() -> None:
    assert set(THEOREMS) == set(CERTIFICATES)


@pytest.mark.parametrize("name", mostly_slow(CERTIFICATES, *[*CERTIFICATES][::2]))
def test_the_theorems_of_a_file(name: str) -> None:
    source = source_of(name)
    assert tuple(re.findall(r"^Theorem (\w+)", source, re.MULTILINE)) == THEOREMS[name]
    assert certificate(name).sha256 in source
    assert re.findall(r"^   (\w+): (?:each|gradients|no|of) ", source, re.MULTILINE) == list(THEOREMS[name])
    assert coq_source(certificate(name).data) == source
    for word in ("Admitted", "Axiom", "admit", "Abort"):
        assert word not in source


@pytest.mark.parametrize("name", MORE)
def test_flows_with_laws_have_them(name: str) -> None:
    assert "Theorem conserved" in source_of(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SHARED, *MORE])
def test_coq_accepts_and_assumes_nothing_of_its_own(coq: Coq, name: str) -> None:
    accepted, printed = coq(source_of(name))
    assert accepted, printed
    [block] = printed.split("Axioms:")[1:]
    axioms = set(re.findall(r"^([A-Z][\w.]+)(?:\s+:|$)", block, re.MULTILINE))
    assert axioms == AXIOMS if "Theorem conserved" in source_of(name) else axioms < AXIOMS


@pytest.mark.slow
@pytest.mark.parametrize("folder", [path.parent.name for path in SHOWCASE])
def test_coq_accepts_the_showcase(coq: Coq, folder: str) -> None:
    accepted, printed = coq(shown(folder))
    assert accepted, printed


def test_the_showcase_is_there() -> None:
    assert len(SHOWCASE) >= 12


@pytest.mark.slow
def test_the_kernel_accepts_every_compiled_file_again(coq: Coq) -> None:
    sources = [*map(source_of, [*SHARED, *MORE]), *(shown(path.parent.name) for path in SHOWCASE)]
    accepted, printed = coq.again(sources)
    assert accepted, printed


@pytest.mark.slow
@pytest.mark.parametrize("name", ["two_layer_2_2_2", "all_widths"])
def test_the_readable_proofs(coq: Coq, name: str) -> None:
    source = (library_folder() / f"{name}.v").read_text("utf-8")
    accepted, printed = coq(source)
    assert accepted, printed
    assert set(re.findall(r"^([A-Z][\w.]+)(?:\s+:|$)", printed, re.MULTILINE)) <= AXIOMS
    assert not re.search(r"\b(Axiom|Admitted|admit|Abort|Conjecture)\b", source)


#: False laws for all widths, and a flow in the wrong direction: (in the file, instead).
FALSE_WORDS = [
    ("U t i k * U t i k') - sum r", "U t i k * U t i k') + sum r"),
    ("sum r (fun j => V t k j * V t k' j).", "sum r (fun j => 2 * V t k j * V t k' j)."),
    ("V t k j * Q t k' j - Q t k j", "V t k j * Q t k' j + Q t k j"),
    ("S t * (sum l", "S t * S t * (sum l"),
    ("t (- mul l (tr (U t)) E k j)).\n\nTheorem", "t (mul l (tr (U t)) E k j)).\n\nTheorem"),
    ("- mul n (K h s) (tr (K h s)) k k' =\n", "+ mul n (K h s) (tr (K h s)) k k' =\n"),
    ("t (- mul n (Q h t) (G h) k i)", "t (- mul n (Q h t) (tr (G h)) k i)"),
    ("+ u l s * u l s - sum r", "- sum r"),  # without the bias
    (
        "sum n (fun i => U s i k) - sum m (fun j => V s j k) =",
        "sum n (fun i => U s i k) + sum m (fun j => V s j k) =",
    ),
    ("- sum n (fun j => G j i k))).", "+ sum n (fun j => G j i k)))."),
]


@pytest.mark.slow
@pytest.mark.parametrize(("true", "false"), FALSE_WORDS)
def test_coq_refuses_false_words(coq: Coq, true: str, false: str) -> None:
    source = (library_folder() / "all_widths.v").read_text("utf-8")
    assert true in source
    assert not coq(source.replace(true, false, 1))[0]  # the definition comes before its uses


@pytest.mark.slow
def test_every_flow_has_solutions_that_move_and_polynomials_that_are_no_laws(coq: Coq) -> None:
    """No theorem is true for want of solutions."""
    accepted, printed = coq(Path(__file__).with_name("solutions.v").read_text("utf-8"))
    assert accepted, printed


@pytest.mark.slow
def test_the_library_has_no_axiom(library: Path) -> None:
    for name in LIBRARY:
        source = (library_folder() / f"{name}.v").read_text("utf-8")
        bare = re.sub(r"\(\*.*?\*\)", "", source, flags=re.DOTALL)
        assert not re.search(r"\b(Axiom|Admitted|admit|Abort|Conjecture)\b", bare)
    project = (library_folder() / "_CoqProject").read_text("utf-8").split()
    assert [word for word in project if word.endswith(".v")] == [f"{name}.v" for name in LIBRARY]


# -- false things ----------------------------------------------------------------------------------
def changed(name: str, old: str, new: str) -> str:
    """The file of a certificate with other laws."""
    before, laws, after = re.split(r"(Definition laws .*?\n\n)", source_of(name), maxsplit=1, flags=re.DOTALL)
    mutated = re.sub(old, new, laws, count=1)
    assert mutated != laws
    return before + mutated + after


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["linear", "nmf", "rational", "decay", "symbolic damping", "nesterov", "oscillator"]
)
def test_a_law_with_a_wrong_sign_is_refused(coq: Coq, name: str) -> None:
    accepted, printed = coq(changed(name, r"\((\d+)%Z", r"((-\1)%Z"))
    assert not accepted
    assert "Unable to unify" in printed


@pytest.mark.slow
def test_a_wrong_power_of_the_clock_is_refused(coq: Coq) -> None:
    assert not coq(changed("nesterov", r"\(9, 3\)", "(9, 2)"))[0]


ZEROS = r"\1[0; 0; 0; 0; 0; 0; 0; 0]"
FALSE = {
    "a bracket that is another": lambda s: re.sub(r"\((\d), (\d)\)%nat", r"(\1, \1)%nat", s, count=1),
    "no brackets": lambda s: re.sub(r"\[(\(\d, \d\)%nat(; )?)+\]", "[]", s, count=1),
    "a multiplier": lambda s: re.sub(
        r"(check_at_most_sound.*?\(\d+, \[)\(?-?\d+\)?; \(?-?\d+\)?",
        r"\g<1>5; 7",
        s,
        count=1,
        flags=re.DOTALL,
    ),
    "a free direction left out": lambda s: re.sub(
        r"(Definition free : list positive :=\s+\[)\d+; ", r"\1", s, count=1
    ),
    "a smaller bound": lambda s: s.replace("3%nat.", "2%nat."),
    "a larger number of laws": lambda s: s.replace("3%nat.\nProof.\n  split", "4%nat.\nProof.\n  split"),
    "a witness left out": lambda s: re.sub(
        r"(point free\s+\[)\(.*?\);\s+", r"\1", s, count=1, flags=re.DOTALL
    ),
    "another point": lambda s: re.sub(r"(point : list Z :=\s+)\[.*?\]", ZEROS, s, count=1),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", FALSE)
def test_a_witness_that_does_not_fit_is_refused(coq: Coq, what: str) -> None:
    source = source_of("linear")
    mutated = FALSE[what](source)
    assert mutated != source
    accepted, printed = coq(mutated)
    assert not accepted
    assert "Unable to unify" in printed or "has type" in printed, printed


@pytest.mark.slow
def test_dependent_gradients_are_refused(coq: Coq) -> None:
    source = source_of("linear").split("Definition free")[0]
    assert coq(source)[0]
    accepted, printed = coq(re.sub(r"(point : list Z :=\s+)\[.*?\]", ZEROS, source, count=1))
    assert not accepted
    assert "Unable to unify" in printed


@pytest.mark.slow
def test_the_statement_about_momentum_is_about_this_damping(coq: Coq) -> None:
    source = source_of("rational damping")
    mutated = source.replace("constant ([(2%Z, [])], 3)", "constant ([(2%Z, [])], 5)")
    assert mutated != source
    assert not coq(mutated)[0]


# -- completeness -------------------------------------------------------------------------------------
#: (flow, degree): at degree 4 squares and products of laws are laws too; the last needs elimination.
COMPLETE = {
    "linear": (gradient("linear:2,2,2"), 2),
    "linear of degree 4": (gradient("linear:2,2,2"), 4),
    "a relu neuron with bias": (gradient("relu:2,2,1?bias=true"), 2),
    "attention": (gradient("attention:d1=2,dim=2"), 2),
    "softmax": (gradient("softmax:3,2"), 2),
    "nesterov": (momentum("linear:2,2,2", "3/t"), 2),
    "no law": (gradient("relu:2,2,2"), 1),
    "a top in skew coordinates": (
        pl.PolynomialODE(
            {
                "x": "4*x^2 + 7*x*y + 11*x*z + y^2 + 13*y*z + 4*z^2",
                "y": "-4*x^2 - 4*x*y - 8*x*z - y^2 - 7*y*z + 2*z^2",
                "z": "-2*x^2 - 2*x*y - 4*x*z + y^2 - 5*y*z - 2*z^2",
            }
        ),
        4,
    ),
}


@cache
def complete_source(name: str) -> str:
    flow, degree = COMPLETE[name]
    return coq_source(pl.certify(pl.find_laws(flow, degree)).data)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPLETE)
def test_coq_accepts_completeness(coq: Coq, name: str) -> None:
    source = complete_source(name)
    assert "Theorem completeness : complete fields unknowns products." in source
    accepted, printed = coq(source)
    assert accepted, printed
    assert set(re.findall(r"^([A-Z][\w.]+)(?:\s+:|$)", printed.split("Axioms:")[1], re.MULTILINE)) <= AXIOMS


def only_completeness() -> str:
    """The file of the linear network with one theorem."""
    source = complete_source("linear")
    flow, unknowns = source.split("Theorem conserved")[0], source.split("Definition unknowns")[1]
    return f"{flow}Definition unknowns{unknowns.split('(* What')[0]}"


PRODUCTS, WITNESS = (
    "[[0]; [1]; [2]]%nat",
    "[8; 11; 13]%nat\n   [[0; 0; (-1)]%Z;\n   [0; (-1)]%Z;\n   [(-1)]%Z])",
)
INCOMPLETE = {
    "a law left out": [
        (PRODUCTS, "[[0]; [1]]%nat"),
        (WITNESS, "[11; 13]%nat\n   [[0; (-1)]%Z;\n   [(-1)]%Z])"),
    ],
    "a law twice": [(PRODUCTS, "[[0]; [1]; [1]]%nat")],
    "a product of too high a degree": [(PRODUCTS, "[[0]; [1]; [2; 2]]%nat")],
    "no products": [(PRODUCTS, "[]%nat"), (WITNESS, "[]%nat [])")],
    "a wrong inverse": [(WITNESS, WITNESS.replace("[0; (-1)]%Z", "[1; (-1)]%Z"))],
    "another free unknown": [(WITNESS, WITNESS.replace("11", "12"))],
    "one more free unknown": [(WITNESS, WITNESS.replace("[8;", "[1; 8;"))],
    "fields left out": [
        ("complete fields", "complete (firstn 1 fields)"),
        ("8 fields", "8 (firstn 1 fields)"),
    ],
    "too few coordinates": [("check_complete_sound 8", "check_complete_sound 7")],
    "a smaller degree": [("2%nat 9 0%nat", "1%nat 9 0%nat")],
    "a larger degree": [("2%nat 9 0%nat", "4%nat 9 0%nat")],
    "a monomial twice": [("monomials [1; 2", "monomials [1; 1; 2")],
    "a law that is none": [("[[(1%Z, [(1, 2)])", "[[(1%Z, [(1, 1)])")],
}


@pytest.mark.slow
@pytest.mark.parametrize("what", INCOMPLETE)
def test_what_is_not_complete_is_refused(coq: Coq, what: str) -> None:
    source = mutated = only_completeness()
    for true, false in INCOMPLETE[what]:
        assert true in mutated
        mutated = mutated.replace(true, false)
    assert coq(source)[0]
    accepted, printed = coq(mutated)
    assert not accepted
    assert "Unable to unify" in printed, printed


# -- witnesses --------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_long_witness_is_moved_to_a_point_where_it_is_short(coq: Coq) -> None:
    data = pl.certify(pl.find_laws(gradient("nmf:4,4,2"), 2)).data
    [old] = [claim["point"] for claim in data["claims"] if claim["type"] == "max_laws"]
    source = coq_source(data)
    [new] = re.findall(r"point : list Z :=\s+\[(.*?)\]", source)
    assert [int(c.strip("()")) for c in new.split("; ")] != [int(c) for c in old]
    assert len(source) < 25_000
    assert coq(source)[0]


def test_zeros_of_a_witness_are_counted() -> None:
    assert shortened([0, 0, 5, 0, -2, 0, 0]) == "[0; 2; 5; 0; 1; (-2)]%Z"
    assert shortened([0, 0]) == shortened([]) == "[]%Z"


# -- what is left out ------------------------------------------------------------------------------
def test_what_is_left_out_is_named() -> None:
    reason = "Not in this file: completeness among polynomials of a degree, because the flow has parameters"
    assert reason in coq_source(certificate("symbolic damping").data)
    data = copy.deepcopy(certificate("linear").data)
    data["flow"] = {"type": "fields", "fields": []}
    data["claims"] = data["claims"][:2]
    withheld = "Not in this file: anything about the flow, because its fields are given one by one"
    assert withheld in coq_source(signed(data))
    assert "Not in this file: claims that are refuted" in coq_source(certificate("linear").data)


def test_completeness_that_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    source = source_of("linear")
    left_out = "Not in this file: completeness among polynomials of a degree, because"
    shorter = coq_source(certificate("linear").data, pl.Budget(max_characters=len(source) - 1))
    assert f"{left_out} the file would be too long" in shorter
    assert "Theorem exactly_3" in shorter
    assert "ompleteness" not in shorter.replace(left_out, "")
    monkeypatch.setattr("polylaw.proof.coq_system._WORK_PER_STEP", 0)
    assert f"{left_out} its linear equations take Coq too long" in coq_source(certificate("momentum").data)
    data = certificate("linear").data
    few = pl.Budget(max_coq_steps=494**2)
    assert f"{left_out} a system of more than 488 terms takes Coq too long" in coq_source(data, few)
    monkeypatch.setattr("polylaw.proof.coq_system._STEPS_PER_TERM", 1)
    assert f"{left_out} its products take Coq too long" in coq_source(data, few)
    fewer = pl.Budget(max_coq_steps=494**2 - 1)
    assert f"{left_out} 494 monomials take Coq too long (max_coq_steps)" in coq_source(data, fewer)


def witness(name: str, change: Any, **entries: Any) -> None:
    """The witness of completeness of a certificate with other laws, or another claim."""
    told, system = system_of(certificate(name).data)
    [claim] = [claim for claim in told.data["claims"] if claim["type"] == "complete"]
    laws, fields = change([law.polynomial for law in system.laws]), coq_flow(system).fields
    completeness(claim | entries, system.coordinates, laws, fields, pl.Budget())


@pytest.mark.parametrize("name", ["linear", "nesterov", "euler top"])
def test_completeness_with_a_false_law_is_not_written(name: str) -> None:
    def flipped(laws: list[pl.Polynomial]) -> list[pl.Polynomial]:
        first, *rest = laws
        monomial, c = first.leading
        return [pl.Polynomial(first.ring, {**first.terms, monomial: -c}), *rest]

    with pytest.raises(WithheldError, match="its products are no laws"):
        witness(name, flipped)


def test_completeness_without_a_law_is_not_written() -> None:
    with pytest.raises(
        WithheldError, match="products of the laws do not span all that the fields annihilate"
    ):
        witness("linear", lambda laws: laws, laws=[0, 1], dimension=5)


def test_a_file_that_would_be_too_long() -> None:
    with pytest.raises(BudgetError, match=r"max_characters: found 1000, expected room for [0-9]+ characters"):
        coq_source(certificate("linear").data, pl.Budget(max_characters=1000))


def test_a_certificate_with_nothing_for_coq() -> None:
    laws = pl.find_laws(momentum("relu:2,2,2", "tau"), 1)
    with pytest.raises(BudgetError, match="nothing that Coq can be told"):
        coq_source(pl.certify(laws, count=False).data)


def test_hostile_names_stay_inside_the_comment() -> None:
    data = copy.deepcopy(certificate("linear").data)
    data["model"]["title"] = 'x *) Axiom a : False. (* " \n\u2028'
    source = coq_source(signed(data))
    head = source[: source.index("Require Import")]
    assert head.count("*)") == head.count("(*") == 1
    assert '"' not in head


def test_a_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="coqc: found 'nothing on the PATH', expected Coq"):
        run(tmp_path, "coqc", "file.v")


SAY_LITTLE = [
    "each claim twice",
    "a number of laws with others",
    "no law and an independent function",
    "no components of phi",
    "a metric that is 0",
    "no fields",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", SAY_LITTLE)
def test_coq_accepts_what_says_little(coq: Coq, name: str) -> None:
    accepted, printed = coq(coq_source(DEGENERATE[name]))
    assert accepted, printed
