"""The appendix of laws for all widths: matrices as a person would write them, in every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import InputError
from polylaw.proof.appendix import KINDS, render
from polylaw.proof.appendix.document import Symbol
from polylaw.proof.appendix.word_formulas import Notation
from polylaw.proof.reading import certified
from polylaw.proof.telling import told_lines
from polylaw.proof.widths import decoded_flow, told_laws
from tests.appendix.test_formats import compiled, parsed
from tests.helpers import mostly_slow
from tests.proof.certificates import not_admitted, signed
from tests.proof.words import WORDS, word_certificate

names = pytest.mark.parametrize("name", WORDS)


def text(name: str) -> str:
    return render(word_certificate(name).data, "md").decode()


@pytest.mark.parametrize("name", mostly_slow(WORDS, *[*WORDS][::6]))
def test_every_format_is_the_same_from_the_file(name: str) -> None:
    """Keys of the file are sorted, letters and laws are not."""
    made = word_certificate(name)
    for kind in KINDS:
        assert render(made.data, kind) == render(json.loads(made.text()), kind)


@pytest.mark.parametrize("name", mostly_slow(WORDS, *[*WORDS][::6]))
def test_latex_compiles_without_overfull_lines(name: str, tmp_path: Path) -> None:
    log = compiled(render(word_certificate(name).data, "tex"), tmp_path)
    assert "Overfull" not in log
    assert "Font Warning" not in log


@pytest.mark.parametrize("name", mostly_slow(WORDS, *[*WORDS][::6]))
def test_html_is_well_formed(name: str) -> None:
    parsed(render(word_certificate(name).data, "html"))


def test_two_neighbouring_layers() -> None:
    page = text("linear")
    assert (
        r"Let $U_1 \in \mathbb{R}^{l \times n}$ and $U_2 \in \mathbb{R}^{n \times r}$ be trained, whatever "
        r"the sizes" in page
    )
    assert r"“U1 and U2 are any two neighbouring layers, A and B the layers before and after them”" in page
    assert r"We consider losses that see the weights only through" in page
    assert r"\varphi &= AU_1 U_2 B" in page
    assert r"\dot{U}_1 &= -A^{\top}GB^{\top}U_2^{\top}, \\" in page
    assert r"The symmetric matrix $U_1^{\top}U_1 - U_2 U_2^{\top}$ is constant." in page
    derivative = r"-U_1^{\top}A^{\top}GB^{\top}U_2^{\top} - U_2 BG^{\top}AU_1"
    assert rf"\frac{{\mathrm{{d}}}}{{\mathrm{{d}}t}}(U_1^{{\top}}U_1) &= {derivative} = " in page
    assert len(page.split("## The flow")[1].split("## Scope")[0]) < 2000  # half a page


def test_heads_are_written_one_by_one() -> None:
    page = text("attention")
    assert r"\varphi_{1,i} &= Q_i^{\top}K_i" in page
    assert r"The symmetric matrix $Q_i Q_i^{\top} - K_i K_i^{\top}$ is constant for every $i$." in page


def test_what_is_no_product_of_matrices_has_indices() -> None:
    assert r"\dot{U}_{ij} &= -\sum_{k}U_{ij}G_{ik}V_{kj}" in text("nmf")
    assert r"The vector $\mathbf{1}^{\top}U - \mathbf{1}^{\top}V$ is constant." in text("nmf")
    assert r"is constant for all $i$ and $j$." in text("tensor train")
    assert r"and $E$ is the gradient of the loss by $\varphi$" in text("tensor train")  # G is taken


def test_more_indices_than_letters() -> None:
    """Paths through thirty layers."""
    flow = pl.ShapedFlow.gradient(pl.shaped_of_spec(f"relu:{','.join('*' * 31)}"))
    page = render(pl.certify(["diag(U1' U1 - U2 U2')"], flow=flow).data, "md").decode()
    assert r"\mathrm{name" in page


def test_momentum_and_time() -> None:
    assert r"\ddot{U}_1 &= -A^{\top}GB^{\top}U_2^{\top}" in text("momentum")
    assert r"\ddot{U}_1 + \tau\dot{U}_1 &= " in text("damping")
    assert r"\ddot{U}_1 + \frac{3}{2t}\dot{U}_1 &= " in text("fractional nesterov")
    assert r"t\ddot{U} + \dot{U}" in text("mirror momentum").replace("_{ij}", "")
    assert r"\mathrm{e}^{2\lambda t}" in text("deep linear with decay")


def test_one_sum_that_vanishes() -> None:
    page = text("softmax")
    assert r"&= -\sum_{j, k}G_{jki} + \sum_{j, k}G_{jki} \\" in page
    assert "= 0." in page


# -- nothing else is told ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["linear", "attention", "nmf", "tensor train", "trace", "diagonal", "damping"]
)
def test_formulas_that_mean_something_else_are_not_printed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Matrix words, heads, entries: with the sign of the first term changed, or a letter in place of
    another."""
    right = Notation._terms

    def wrong(self: Notation, expression: Any) -> Any:
        (negative, first), *rest = right(self, expression)
        return [(not negative, first), *rest]

    word_certificate(name)
    monkeypatch.setattr(Notation, "_terms", wrong)
    with pytest.raises(InputError, match="does not read back"):
        text(name)


def test_letters_that_look_alike_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "polylaw.proof.appendix.names.lettered", lambda names, _: ({n: Symbol("U") for n in names}, ())
    )
    with pytest.raises(InputError, match="does not read back"):
        text("linear")


def test_a_flow_that_is_read_differently_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The laws are verified once more for the flow that is printed."""
    data = word_certificate("rates").data
    other = decoded_flow({**data, "flow": {**data["flow"], "rates": {}}})
    for place in ("appendix.all_widths", "telling"):
        monkeypatch.setattr(f"polylaw.proof.{place}.decoded_flow", lambda _: other)
    for told in (lambda: render(data, "md"), lambda: told_lines(certified(data))):
        with pytest.raises(InputError, match="one that the flow as read here does not conserve"):
            told()


def test_a_law_without_a_weight_is_not_told(polylaw: Any, tmp_path: Path) -> None:
    """The checker admits none, and what writes about laws looks again."""
    data = json.loads(word_certificate("linear").text())
    data["laws"] = [{"open": [], "terms": [[[["1"]], ["=n", 0, 0]]]}]  # the number n
    not_admitted(signed(data), "law 0 is without letters, so constant", polylaw, tmp_path)
    with pytest.raises(InputError, match="no weight in it"):
        told_laws(decoded_flow(data), data, [0])


def test_the_gradient_of_a_trace_moves_the_diagonal_alone() -> None:
    assert r"\dot{U}_{ij} &= -\delta_{ij}G, \\" in text("trace")
    assert r"$\delta_{ij}$ is one where both indices are equal, and zero elsewhere." in text("trace")
    assert r"(U_{ij}) &= -\delta_{ij}G = " in text("trace")
    assert "delta" not in text("nmf")
