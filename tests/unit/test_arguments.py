"""Wrong arguments: one error of ours that names the argument, for every public function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy

import polylaw as pl
from polylaw.algebra.words.evaluate import evaluate
from polylaw.testing import HeavyBall, assert_conserved, assert_step_conserves
from tests.helpers import ALL_WIDTHS

FLOW = pl.GradientFlow(pl.models.linear(2, 1, 2))
LAWS = pl.find_laws(FLOW)
SHAPED = ALL_WIDTHS
X, Y = sympy.symbols("x y")

WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: pl.find_laws(FLOW, ansatz=7), "ansatz"),
    (lambda: pl.find_laws(FLOW, ansatz="degre:2"), "ansatz"),
    (lambda: pl.find_laws(FLOW, ansatz="degree:2", degree=3), "degree"),
    (lambda: pl.find_laws(FLOW, budget=3), "budget"),
    (lambda: pl.find_laws(FLOW, variables=[1]), "variables"),
    (lambda: pl.find_laws(FLOW, variables="U1"), "variables"),
    (lambda: pl.find_laws(FLOW, True), "degree"),
    (lambda: pl.find_laws("linear:2,1,2"), "flow"),
    (lambda: pl.count_laws(FLOW, 2.0), "degree"),
    (lambda: pl.count_laws(FLOW, budget=3), "budget"),
    (lambda: pl.check_law("x", FLOW), "flow"),
    (lambda: pl.check_law(FLOW, "U1_1_1", budget=3), "budget"),
    (lambda: pl.check_law(FLOW, None), "law"),
    (lambda: pl.find_laws(FLOW, on=None), "on"),
    (lambda: pl.find_laws("x", on="x = 0"), "flow"),
    (lambda: pl.find_laws(FLOW, 2, augment=None), "augment"),
    (lambda: pl.find_laws(FLOW, 2, augment="log(x)"), "augment"),
    (lambda: pl.find_laws(FLOW, "2", kind="darboux"), "degree"),
    (lambda: pl.Variety.of(FLOW, 3), "on"),
    (lambda: pl.Variety.of(None, "x = 0"), "flow"),
    (lambda: pl.relations(None), "laws"),
    (lambda: pl.relations(LAWS, degree=0), "degree"),
    (lambda: pl.generating_set(None), "laws"),
    (lambda: pl.generating_set("x"), "laws"),
    (lambda: pl.express("x", None), "laws"),
    (lambda: pl.level_set(LAWS, None), "point"),
    (lambda: pl.level_set(LAWS, {1: 1}), "point"),
    (lambda: pl.name_laws(None), "laws"),
    (lambda: pl.models.model_from_spec(None), "model"),
    (lambda: pl.flow_of_spec(None), "model"),
    (lambda: pl.flow_from_file(None), "path"),
    (lambda: pl.shaped(None, None), "letters"),
    (lambda: pl.shaped({"U": ("n", "r")}, None), "phi"),
    (lambda: pl.shaped_of_spec(None), "model"),
    (lambda: pl.check_law(SHAPED, None), "law"),
    (lambda: pl.find_laws(SHAPED, "2"), "length"),
    (lambda: pl.certify(LAWS).save(None), "path"),
    (lambda: pl.PolynomialODE({"x": "y", "y": "-x"}, time=3), "time"),
    (lambda: pl.PolynomialODE(None), "ode"),
    (lambda: pl.PolynomialODE({1: "y"}), "ode"),
    (lambda: pl.PolynomialODE({"x": "k*x"}, "k"), "parameters"),
    (lambda: pl.GradientFlow("linear:2,1,2"), "model"),
    (lambda: pl.models.relu(2, 2, 1, bias="false"), "relu option bias"),
    (lambda: pl.models.linear(2, 1.0, 2), "linear"),
    (lambda: assert_conserved(LAWS.basis[0], FLOW), "motion"),
    (lambda: assert_step_conserves(lambda p: p, {}, LAWS, rule="adam"), "rule"),
    (lambda: assert_step_conserves(lambda p: p, [1, 2], LAWS), "params"),
    (lambda: HeavyBall("9/10"), "mu"),
    (lambda: evaluate(SHAPED.parse("U1' U1"), {"U1": 3}), "array U1"),
    (lambda: evaluate(SHAPED.parse("U1' U1"), None), "point"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "argument"), WRONG)
def test_a_wrong_argument_is_named(call: Callable[[], Any], argument: str) -> None:
    with pytest.raises(pl.PolylawError) as error:
        call()
    assert str(error.value).startswith(argument)
    assert ", expected " in str(error.value)


def test_a_float_is_no_summand() -> None:
    for call in (lambda: LAWS.basis[0] + 0.5, lambda: 0.5 * LAWS.basis[0]):
        with pytest.raises(TypeError, match="exact rational"):
            call()


def test_integers_of_numpy_are_integers() -> None:
    widths = np.array([2, 1, 2])
    assert pl.models.linear(*widths) == pl.models.linear(2, 1, 2)
    assert pl.models.attention(d1=np.int64(2), dim=np.int32(3)).ring == pl.models.attention(d1=2, dim=3).ring
    assert pl.find_laws(FLOW, np.int64(2)).basis == LAWS.basis
    assert pl.count_laws(FLOW, np.int64(2)) == 1


def test_an_ansatz_can_be_text() -> None:
    assert pl.find_laws(FLOW, ansatz="degree:2").basis == LAWS.basis


def test_symbols_of_sympy_are_names() -> None:
    k = sympy.Symbol("k")
    flow = pl.PolynomialODE({X: k * Y, Y: -k * X}, [k])
    assert pl.check_law(flow, X**2 + Y**2)
    valued = pl.PolynomialODE({X: k * Y, Y: -X}, {k: 2})
    assert pl.check_law(valued, X**2 + 2 * Y**2)
    assert pl.find_laws(flow, variables=[X, Y]).basis == pl.find_laws(flow).basis
    circle = sympy.Eq(X**2 + Y**2, 1)
    assert pl.Variety.of(flow, circle).invariance
    assert pl.Variety.of(flow, [circle]).equations == pl.Variety.of(flow, "x^2 + y^2 = 1").equations
    assert not pl.check_law(flow, X, on=circle)
    assert pl.level_set(pl.find_laws(flow), {X: 1, k: 1}).dimension == 1
