"""Appendices say what their certificate claims, in every format, and nothing more."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import UnknownNameError, VerificationError
from polylaw.models.description import ONE_REGION
from polylaw.proof import checker
from polylaw.proof.appendix import KINDS, render
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.names import Names
from polylaw.proof.reading import certified
from polylaw.proof.statements import Complete
from polylaw.proof.system import System
from tests.helpers import gradient, momentum, mostly_slow
from tests.proof.certificates import CERTIFICATES, certificate, signed, system_of

EXPECTED = Path(__file__).with_name("expected")
names = pytest.mark.parametrize("name", CERTIFICATES)
few_names = pytest.mark.parametrize("name", mostly_slow(CERTIFICATES, *[*CERTIFICATES][::6]))


def text(name: str, kind: str = "md") -> str:
    return render(certificate(name).data, kind).decode()


def changed(name: str, **entries: Any) -> str:
    """The Markdown of a certificate with other entries."""
    return render(signed({**certificate(name).data, **entries}), "md").decode()


def conserved(name: str) -> list[dict[str, Any]]:
    return [claim for claim in certificate(name).data["claims"] if claim["type"] == "conserved"]


def found(flow: pl.Flow, degree: int = 2, **options: Any) -> dict[str, Any]:
    return pl.certify(pl.find_laws(flow, degree), **options).data


# -- contents --------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["linear", "oscillator", "symbolic damping"])
def test_the_whole_text(name: str) -> None:
    assert text(name) == (EXPECTED / f"{name.replace(' ', '_')}.md").read_text("utf-8")


#: type of claim: (words of its statement, lead of its proof)
WORDS = {
    "conserved": (r"below (is a|are) conservation laws?\.", "Conservation."),
    "independent": (r"(functionally independent at generic points|is not constant:)", "Independence."),
    "complete": (
        r"(Every conservation law that is|The only conservation laws? that (is|are))",
        "Completeness.",
    ),
    "max_laws": (r"(At any point, |is locally constant)", "Bound."),
    "exactly": (r"conservation laws is exactly", "Number."),
    "not_conserved": (r"is not a conservation law\.", "Refutation."),
}


@few_names
@pytest.mark.parametrize("kind", WORDS)
def test_a_claim_is_mentioned_exactly_when_it_is_made(name: str, kind: str) -> None:
    data = certificate(name).data
    statement, lead = WORDS[kind]
    assert bool(re.search(statement, text(name))) == (kind in certificate(name).claims)
    assert (lead in text(name)) == (kind in certificate(name).claims)
    exactly = {"conserved": ("complete", "exactly"), "independent": ("exactly",), "max_laws": ("exactly",)}
    resting = exactly.get(kind, ())
    rest = [claim for claim in data["claims"] if claim["type"] not in (kind, *resting)]
    if rest:
        without = changed(name, claims=rest)
        assert not re.search(statement, without)
        assert lead not in without


@names
def test_numbers_are_those_of_the_certificate(name: str) -> None:
    words = text(name)
    data = certificate(name).data
    for claim in data["claims"]:
        if "prime" in claim and claim["type"] != "not_conserved":
            assert str(claim["prime"]) in words
        if claim["type"] == "max_laws":
            moving = len(data["variables"]) + (data["clock"] is not None)
            rank = moving - claim["bound"]
            rank_is = f"have rank {rank}" if rank > 1 else "is not zero"
            assert f"{rank_is} modulo the prime" in words
            assert claim["bound"] == 0 or f"${moving} - {rank} = {claim['bound']}$ dimension" in words
        if claim["type"] == "complete" and claim["dimension"]:
            assert f"a vector space of dimension {claim['dimension']}." in words
    assert certificate(name).sha256 in words


@names
def test_the_number_of_unknowns_is_that_of_the_checker(name: str) -> None:
    data = certificate(name).data
    for claim, line in zip(data["claims"], checker.check(data), strict=True):
        if claim["type"] == "complete":
            [form] = [s.form for s in certified(data).statements if isinstance(s, Complete)]
            assert f"among {form.count} monomials" in line


def test_the_scope_is_told_for_losses_only() -> None:
    losses = r"all losses at once that see $\theta$ only through $\varphi$ as given above"
    assert f"{losses}, and about no others." in text("linear")
    assert (
        r"For every such loss that is continuously differentiable, $h_1$, $h_2$, and $h_3$ are constant in "
        r"time." in text("linear")
    )
    assert "can have more conservation laws" in text("linear")
    assert "loss" not in text("euler top")
    assert f"\u201c{ONE_REGION}\u201d" in text("relu")  # its author speaks of data, to say less
    for name in CERTIFICATES:
        assert not re.search(r"(all|any|every) data", text(name).replace(f"\u201c{ONE_REGION}\u201d", ""))


def test_brackets_are_those_of_the_certificate() -> None:
    [claim] = [claim for claim in certificate("linear").data["claims"] if claim["type"] == "max_laws"]
    for number, (a, b) in enumerate(claim["brackets"], 1):
        assert f"$Y_{number} = [X_{a + 1}, X_{b + 1}]$" in text("linear")


@pytest.mark.parametrize("name", ["rational", "rational ode", "nesterov"])
def test_factors_of_the_fields_are_written_out_without_a_remark(name: str) -> None:
    assert certificate(name).data["model"]["steps"]
    assert "Remark" not in text(name)
    factor = {"rational": "X_j h &= q_j^2", "rational ode": "Xh &= q(", "nesterov": r"X_0 h &= t\langle"}
    assert factor[name] in text(name)


def test_steps_are_told_by_their_kind() -> None:
    steps = [
        {"kind": kind, "text": f"it was {kind}"} for kind in ("note", "cleared", "rescaled", "multiplied")
    ]
    words = changed("linear", model={**certificate("linear").data["model"], "steps": steps})
    assert re.findall(r"“it was (\w+)”", words) == ["note"]
    assert "it was cleared" not in words


def test_other_steps_and_the_command_are_told() -> None:
    data = certificate("linear").data
    remark = r"\*Remark by the author of the certificate\.\*\s+“two of three”"
    assert re.search(remark, changed("linear", model={**data["model"], "steps": ["two of three"]}))
    words = render(found(gradient("nmf:2,1,1"), command="polylaw certify nmf:2,1,1 -o c.json"), "md").decode()
    assert "is not verified, nor that it was made by “`polylaw certify nmf:2,1,1 -o c.json`”." in words


REFERENCES = {
    "linear": {"2307.00144"},
    "nesterov": {"2307.00144", "2405.12888"},
    "nmf": {"2307.00144", "2405.12888"},
    "euler top": set(),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_references_are_those_of_what_is_used(name: str) -> None:
    assert set(re.findall(r"arXiv:([0-9.]+[0-9])", text(name))) == REFERENCES[name]


def test_the_paper_on_transformers_is_cited_for_its_models() -> None:
    words = render(found(gradient("attention:d1=1,dim=2")), "md").decode()
    assert (
        r"See \[1\] for conservation laws of gradient flows; for this model, the author of the certificate "
        r"refers to \[2\]." in words
    )
    assert re.search(r"\\\[2\\\] S\. Marcotte.* Transformative or Conservative\?.*arXiv:2506\.06194", words)


def test_every_reference_is_cited_and_every_citation_is_listed() -> None:
    for name in CERTIFICATES:
        body, _, listed = text(name).partition("## References")
        cited = {n for group in re.findall(r"\\\[([0-9, ]+)\\\]", body) for n in group.split(", ")}
        assert cited == set(re.findall(r"^\\\[([0-9]+)\\\] ", listed, re.MULTILINE))


def test_a_source_that_is_no_paper_we_know_is_cited_as_it_is() -> None:
    data = certificate("euler top").data
    words = changed("euler top", model={**data["model"], "source": "L. Euler, 1765"})
    assert r"As their source, the author of the certificate names \[1\]." in words
    assert r"\[1\] L. Euler, 1765." in words


def test_a_bound_that_is_not_reached_is_told() -> None:
    for name in ("oscillator", "deep linear"):  # one field
        assert "is not zero there are that many, but none beyond those of (2) is given here" in text(name)
        assert "the flow-box theorem" in text(name)
    words = render(found(gradient("linear:1,2,2,1", weight_decay="lam")), "md").decode()
    assert "By (2), their largest number is six or seven; which, is not decided here" in words
    assert "flow-box" not in words
    assert "are functionally independent.\n" in text("linear")


def test_conservation_is_stated_for_all_values_of_the_parameters() -> None:
    assert "(1) for all values of the parameters and the rest for generic values." in text("oscillator")
    assert "values" not in text("linear").split("**Theorem.**")[1].split("\n")[0]
    words = changed("oscillator", claims=conserved("oscillator"))
    assert "this holds for all values of the parameters." in words


def test_components_stand_in_columns_where_they_are_short() -> None:
    words = render(found(gradient("lora:2,2,1")), "md").decode()
    assert re.search(
        r"^\\varphi_1 &= .* & \\quad \\varphi_2 &= .* & \\quad \\varphi_4 &= .*\.$", words, re.MULTILINE
    )
    assert r"\varphi_4 &= (U_1)_{21}(U_2)_{11}(U_3)_{12} + " in (
        words := render(found(gradient("linear:2,2,2,2")), "md").decode()
    )
    assert "quad" not in words


def test_identities_that_are_equal_up_to_names_are_counted() -> None:
    words = render(found(gradient("linear:4,3,4")), "md").decode()
    shown = len(re.findall(r"^X_(?:\d+|\{\d+\}) ?h_", words, re.MULTILINE))
    [renamed] = map(int, re.findall(r"Another (\d+) identities are equal", words))
    fields, laws = 16, 6
    assert shown + renamed == fields * laws
    assert shown <= 3


@pytest.mark.slow
def test_a_long_list_of_laws_shows_one_of_each_shape() -> None:
    words = render(found(gradient("linear:9,9,9"), count=False), "md").decode()
    assert "The other 43 are equal to one of these up to the names of the variables." in words


def test_one_claim_is_not_numbered() -> None:
    words = changed("linear", claims=conserved("linear"))
    assert "this holds." in words
    assert "\n1. " not in words
    assert "(1)" not in words


def test_claims_of_one_type_are_all_stated() -> None:
    data = certificate("linear").data
    twice = [{"type": "conserved", "laws": [0]}, {"type": "conserved", "laws": [1, 2]}, *data["claims"][1:]]
    words = changed("linear", claims=twice)
    assert "The polynomial $h_1$ below is a conservation law." in words
    assert "The two polynomials $h_2$ and $h_3$ below are conservation laws." in words
    assert len(re.findall(r"\(\d+\) Conservation\.", words)) == 2


# -- formulas --------------------------------------------------------------------------------------
NAMED: Mapping[str, tuple[pl.Flow, str]] = {
    "a factor of -1": (gradient("icnn:1,2,1"), r"h_1 = -H_{1} &= V_{11}^2 + b_{1}^2 - 2U_{11}"),
    "ones": (gradient("icnn:1,2,1"), r"H = 2\mathbf{1}^{\top}U - \operatorname{diag}(V^{\top}V + bb^{\top})"),
    "symmetric": (gradient("linear:2,2,2"), r"The symmetric matrix $H = U_1^{\top}U_1 - U_2 U_2^{\top}$"),
    "skew": (momentum("linear:1,2,1", 0), "The skew-symmetric matrix"),
    "unfoldings": (gradient("tucker:2,2,2?ranks=2,1,2"), r"H_1 = A_1^{\top}A_1 - G_{(1)}G_{(1)}^{\top}"),
    "power of t": (momentum("linear:1,2,1", "3/t"), r"h_1 = (H_1)_{12} &= t^3("),
    "velocities": (
        momentum("linear:2,2,2", "tau"),
        r"\mathrm{e}^{\tau t}(U_1^{\top}\dot{U}_1 - \dot{U}_1^{\top}U_1 + ",
    ),
}


@pytest.mark.parametrize("what", NAMED)
def test_laws_are_told_as_matrices(what: str) -> None:
    flow, formula = NAMED[what]
    assert formula in render(found(flow), "md").decode()


@pytest.mark.parametrize(
    "name", ["U1^T U1 + U2 U2^T", "U1^T U1", "no matrix", "U1 U1^T U2", "(", "U1^T U1 - U2", "exp(t) U1"]
)
def test_a_name_that_is_not_true_is_not_told(name: str) -> None:
    """Laws are equated with entries of a matrix only after comparing polynomials; version 1 has texts."""
    model = certificate("linear").data["model"]
    [matrix] = model["matrices"]
    old = {key: value for key, value in matrix.items() if key not in ("word", "text")}
    not_told({**model, "matrices": [{**old, "name": name}]})


def test_a_name_of_version_1_is_told() -> None:
    model = certificate("linear").data["model"]
    [matrix] = model["matrices"]
    old = {key: value for key, value in matrix.items() if key not in ("word", "text")}
    words = changed("linear", model={**model, "matrices": [{**old, "name": "U1^T U1 - U2 U2^T"}]})
    assert r"matrix $H = U_1^{\top}U_1 - U_2 U_2^{\top}$" in words


@pytest.mark.parametrize(
    ("place", "value"),
    [((1, 0), [["1"]]), ((0, 1, 0), "U2"), ((0, 1), ["U1", 2, 3]), ((0, 1, 0), "V"), ((0, 0), [["1/0"]])],
    ids=["sign", "letter", "indices", "no letter", "no number"],
)
def test_a_word_that_is_not_true_is_not_told(place: tuple[int, ...], value: Any) -> None:
    model = deepcopy(certificate("linear").data["model"])
    inner = model["matrices"][0]["word"]["terms"]
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    not_told(model)


def not_told(model: dict[str, Any]) -> None:
    words = changed("linear", model=model)
    assert "matrix $" not in words.split("**Theorem.**")[1].split("*Proof.*")[0]
    assert "h_1 &= (U_1)_{11}^2 + (U_1)_{21}^2" in words


def test_letters_of_the_model_are_not_taken_twice() -> None:
    page = render(found(gradient("softmax:3,2")), "md").decode()
    assert r"Let $x \in \mathbb{R}^6$ be the trained parameters, the entries of $\theta" in page
    assert r"J_{\varphi}^{\top}(\theta)c(t)" in render(found(gradient("normalized:2,1")), "md").decode()


@names
def test_fields_are_those_of_the_checker(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to a factor each; another reading of the flow is refused."""
    told, system = system_of(certificate(name).data)
    assert len(system.fields) == len(checker.reading(told.data).fields)
    assert Fields(system, Names(told)).components == list(system.fields)
    motion, x = system.motion, system.coordinates
    moved = {k: p * (2 if k == min(motion.drift) else 1) for k, p in motion.drift.items()}
    kicks = [{k: p * (2 if k == min(kick) else 1) for k, p in kick.items()} for kick in motion.kicks]
    wrong = [
        replace(motion, kicks=[], drift={0: x[0] + 1}),
        replace(motion, drift={**motion.drift, x.moving - 1: x[0] + 7}),
    ]
    wrong += [replace(motion, drift=moved)] if len(moved) > 1 else []
    wrong += [replace(motion, kicks=kicks)] if any(len(kick) > 1 for kick in kicks) else []
    for n, other in enumerate(wrong):
        monkeypatch.setattr(System, "motion", other)
        with pytest.raises(VerificationError, match="those of the checker"):
            certified(signed({**told.data, "engine": {"name": "other", "version": str(n)}}))


def test_flows_are_written_out() -> None:
    assert r"\ddot{\theta} + \frac{3}{t}\dot{\theta} &= -J_{\varphi}^{\top}(\theta)w(t)" in text("nesterov")
    assert r"\ddot{\theta} + \frac{2}{3}\dot{\theta} &= " in text("rational damping")
    assert r"\ddot{\theta} &= -J" in text("momentum")
    assert r"-M(\frac{1}{t}\theta + \dot{\theta})J" in text("mirror momentum")
    assert r"\dot{\theta} &= -J_{\varphi}^{\top}(\theta)w(t) - \lambda\theta" in text("decay")
    page = render(found(gradient("nmf:2,2,1")), "md").decode()
    assert r"M(\theta) &= \operatorname{diag}(U_{11}, U_{12}, U_{21}, U_{22}, V_{11}, V_{12})" in page


def test_given_fields() -> None:
    rotation = [[[0, [["-1", 1, 1]]], [1, [["1", 0, 1]]]]]
    data = {**certificate("euler top").data, "variables": ["x", "y"]}
    data["flow"] = {"type": "fields", "fields": rotation}
    data["laws"] = [{"polynomial": [["1", 0, 2], ["1", 1, 2]]}]
    data["claims"] = [{"type": "conserved", "laws": [0]}]
    data["model"] = {**data["model"], "matrices": []}
    assert list(checker.check(signed(data)))
    for kind in KINDS:
        assert render(signed(data), kind)
    words = render(signed(data), "md").decode()
    assert r"X_1 &= (-y)\partial_{x} + x\partial_{y}" in words
    assert r"X_1 h_1 &= -2x \cdot y + 2y \cdot x = 0" in words


# -- every format ----------------------------------------------------------------------------------
@few_names
@pytest.mark.parametrize("kind", KINDS)
def test_every_format_is_the_same_each_time(name: str, kind: str) -> None:
    if kind == "pdf":
        pytest.importorskip("typst")
    first = render(certificate(name).data, kind)
    assert first == render(json.loads(certificate(name).text()), kind)
    assert first


@names
def test_no_ugly_signs(name: str) -> None:
    for kind in ("md", "tex"):
        bare = re.sub(r"^ +", "", text(name, kind), flags=re.MULTILINE).replace("[-", "[")
        assert not re.search(r"[-+=] *[-+] |\( *\+|\(\)|  \S", bare)


def test_unknown_kinds() -> None:
    with pytest.raises(
        UnknownNameError, match="kind of appendix: found 'docx', expected one of tex, typ, pdf, html, md"
    ):
        render(certificate("linear").data, "docx")
