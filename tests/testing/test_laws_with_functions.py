"""Laws with logarithms, quotients and roots at points and along trajectories."""

from __future__ import annotations

from fractions import Fraction
from math import atan, log, nan, sqrt

import numpy as np
import pytest

import polylaw as pl
from polylaw.domains.elementary.parse import expression_of
from polylaw.errors import InputError, UnknownNameError
from polylaw.testing import assert_conserved, random_drive, trajectory
from polylaw.testing.evaluation import evaluated
from tests.helpers import mostly_slow

SIR = pl.PolynomialODE({"s": "-2*s*i", "i": "2*s*i - i", "r": "i"})
LAW = "2*s + 2*i - log(s)"
LOTKA = pl.PolynomialODE({"x": "x - x*y", "y": "x*y - y"})
NMF = pl.GradientFlow(pl.models.nmf(1, 1, 1), "euclidean")
EXPRESSION = expression_of(SIR, LAW)


def test_values() -> None:
    assert EXPRESSION({"s": 2, "i": 3}) == pytest.approx(10 - log(2), abs=1e-15)
    assert EXPRESSION({"s": 1, "i": Fraction(1, 3)}) == pytest.approx(8 / 3)
    assert expression_of(SIR, "s/i")({"s": 2, "i": 3}) == Fraction(2, 3)
    assert expression_of(SIR, "s/i")([2.0, 3, 0]) == 2 / 3
    assert expression_of(SIR, "sqrt(s) + atan(i)")({"s": 2, "i": 3}) == pytest.approx(sqrt(2) + atan(3))
    states = np.array([[2.0, 3.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [np.inf, 1.0, 0.0]])
    np.testing.assert_allclose(EXPRESSION(states), [10 - log(2), 2, nan, nan])
    exact = expression_of(SIR, "1/s")({"s": [1, 2, 3]})
    assert exact.tolist() == [1, Fraction(1, 2), Fraction(1, 3)]


def test_points_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="no value for i"):
        EXPRESSION({"s": 2})
    with pytest.raises(UnknownNameError, match="found 'z'"):
        EXPRESSION({"s": 2, "i": 3, "z": 1})


def test_an_expression_is_false_when_it_is_0() -> None:
    assert EXPRESSION
    assert not expression_of(SIR, "log(s) - log(s)")


@pytest.mark.parametrize(
    ("flow", "law", "start"),
    [
        (SIR, LAW, {"s": 3, "i": 1, "r": 1}),
        (LOTKA, "x + y - log(x) - log(y)", {"x": 2, "y": Fraction(1, 2)}),
        (LOTKA, "x*y*exp(-x - y)", {"x": 2, "y": Fraction(1, 2)}),
        (pl.PolynomialODE({"x": "x", "y": "2*y"}), "y/x^2", {"x": 2, "y": 3}),
        (pl.PolynomialODE({"x": "y", "y": "-x"}), "sqrt(x^2 + y^2 + 1)", {"x": 2, "y": 3}),
    ],
)
@pytest.mark.parametrize("method", mostly_slow(["rk4", "RK45"], "rk4"))
def test_true_laws_are_kept(flow: pl.Flow, law: str, start: dict[str, int], method: str) -> None:
    assert pl.check_law(flow, law)
    assert assert_conserved(law, random_drive(flow, start=start), method=method)
    path = trajectory(random_drive(flow, start=start), 0.25, 64, method)
    assert assert_conserved(law, path)


@pytest.mark.parametrize("law", ["2*s + 2*i - 101/100*log(s)", "s/i", "log(s*i)"])
@pytest.mark.parametrize("method", ["rk4", "RK45"])
def test_false_laws_are_not_kept(law: str, method: str) -> None:
    with pytest.raises(AssertionError, match="is not kept"):
        assert_conserved(law, random_drive(SIR, start={"s": 3, "i": 1, "r": 1}), method=method)


def test_a_law_that_is_not_defined_at_the_end_is_not_kept() -> None:
    fall = pl.PolynomialODE({"x": "-1", "y": "0"})
    with pytest.raises(AssertionError):
        assert_conserved("log(x + 1/4) + y", random_drive(fall, start={"x": 0, "y": 1}), until=0.25)


def test_laws_with_time_are_refused() -> None:
    with pytest.raises(InputError, match="functions without time"):
        assert_conserved("log(x) - t", random_drive(pl.PolynomialODE({"x": "x"})))


def test_laws_that_say_nothing_are_refused() -> None:
    with pytest.raises(AssertionError, match="does not depend on the state"):
        assert_conserved("log(2)", random_drive(SIR))


def test_the_size_of_a_law_is_how_much_relative_errors_of_the_state_move_it() -> None:
    states = np.array([[2.0, 3.0, 0.0], [4.0, -1.0, 0.0]])
    np.testing.assert_allclose(evaluated(expression_of(SIR, "s/i"), states)[1], [2 / 3 + 2 / 3 + 2 / 3, 12])
    np.testing.assert_allclose(
        evaluated(EXPRESSION, states)[1], [10 - log(2) + abs(4 - 1) + 6, 6 - log(4) + abs(8 - 1) + 2]
    )
    np.testing.assert_allclose(evaluated(SIR.polynomial("s - 2*i"), states)[1], [8, 6])
