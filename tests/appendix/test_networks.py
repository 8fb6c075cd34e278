"""The appendix of laws of networks: every lemma that is used, the laws, and where each motion ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from polylaw.networks.pieces import Form
from polylaw.proof.appendix import KINDS, render
from polylaw.proof.appendix.network_lemmas import lemma, motion, operation
from polylaw.proof.certificate import Certificate
from tests.appendix.test_formats import compiled, parsed
from tests.helpers import mostly_slow
from tests.proof.network_cases import NETWORKS
from tests.proof.test_networks import certificate

names = pytest.mark.parametrize("name", mostly_slow(NETWORKS, "block"))


def text(name: str) -> str:
    return render(certificate(name).data, "md").decode()


@names
def test_every_format_is_the_same_from_the_file(name: str) -> None:
    made: Certificate = certificate(name)
    for kind in KINDS:
        assert render(made.data, kind) == render(json.loads(made.text()), kind)


@names
def test_latex_compiles_without_overfull_lines(name: str, tmp_path: Path) -> None:
    log = compiled(render(certificate(name).data, "tex"), tmp_path)
    assert "Overfull" not in log
    assert "Font Warning" not in log


@names
def test_html_is_well_formed(name: str) -> None:
    parsed(render(certificate(name).data, "html"))


def test_a_block_takes_about_two_pages() -> None:
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", render(certificate("block").data, "pdf"))
    assert 2 <= len(pages) <= 3


def test_a_block_is_told_with_its_lemmas() -> None:
    page = text("block")
    assert "The network has eight parameters with 183 entries, $\\theta$, and 27 operations" in page
    assert "*Length, once.*" in page
    assert "such as a softmax, the certificate gives the sum of the entries" in page
    assert "kept from zero by a positive number, which is called eps here" in page
    assert r"$\sum((Mx)w - x(M^{\top}w)) = 0$" in page
    assert "6. `|in.W|^2 + |out.b|^2 - |head.W|^2 + |out.W|^2`, if every eps is zero." in page
    assert "4. `qkv: b[i + 6]   (i < 6)`, which never moves." in page
    assert "Law 3: handed on by product once, sum once; ends at product 3 times." in page
    assert "with momentum" not in page


def test_only_lemmas_that_are_used_are_told() -> None:
    page = text("relu")
    assert r"take the derivative of $\varphi(cx) = c^{k}\varphi(x)$ by $c$ at one" in page
    assert "Mixings" not in page
    assert "homogeneous of degree one in these entries" not in page
    assert "eps" not in page


def test_momentum_has_its_own_equation() -> None:
    page = text("rms without gain")
    assert r"with momentum, along every solution of $\ddot{\theta} = -G$" in page
    assert "1. With momentum, `in.W in.W' + up0.W' up0.W + " in page
    assert r"$x^{\top}(M + M^{\top})x = 0$" in page


def test_there_is_a_lemma_for_whatever_hands_a_motion_on() -> None:
    for form in Form:
        assert motion(form)
        for rule in ("product", "sum", "homogeneous", "length", "carry"):
            assert operation(rule)
            if form is not Form.PRODUCTS and (form, rule) != (Form.SUMS, "length"):
                assert lemma(form, rule)
        for rule in ("product", "sum", "carry"):
            assert lemma(form, rule)
    assert lemma(Form.PRODUCTS, "length")
    assert lemma(Form.SUMS, "exp")
    assert lemma(Form.SUMS, "log")
