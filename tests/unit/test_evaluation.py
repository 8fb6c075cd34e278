"""Laws at points: by names, arrays, in order and by index; exact where the numbers are."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

import polylaw as pl
from polylaw.algebra.ring import Exponential, Ring, RootOfTime
from polylaw.errors import InputError, UnknownNameError

R = Ring(("x", "y"), ("a",))
H = R.parse("x^2 + a*y")
CIRCLE = Ring(("x", "y")).parse("x^2 + y^2")
NET = pl.GradientFlow(pl.models.linear(2, 2, 1))
LAW = NET.polynomial("U1_1_1^2 + U1_2_1^2 - U2_1_1^2")
TAU = Ring(("tau",)).generator("tau")
DAMPED = Ring(("x",), ("tau",), Exponential(TAU)).parse("exp(2*tau*t)*x^2")
SQUARE_ROOT = Ring(("x",), clock=RootOfTime(2)).parse("t^(3/2)*x")


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ({"x": 3, "y": 4, "a": 2}, 17),
        ({sympy.Symbol("x"): 3, "y": Fraction(1, 2), "a": "1/3"}, Fraction(55, 6)),
        ({"x": np.int64(3), "y": sympy.Rational(1, 2), "a": 2}, 10),
        ([3, 4, 2], 17),
        (np.array([3, 4, 2]), 17),
        (np.array([2**40, 0, 1]), 2**80),
        ([2**63, -1, 1], 2**126 - 1),
        ({0: 3, 2: 5}, 9),
        ({}, 0),
    ],
)
def test_exact_points_have_exact_values(point: Any, expected: Any) -> None:
    found = H(point)
    assert found == expected
    assert isinstance(found, (int, Fraction))


def test_floats_give_floats() -> None:
    assert H({"x": 0.5, "y": 2, "a": 3}) == 6.25
    assert isinstance(H([0.5, 2, 3]), float)
    assert CIRCLE({"x": 1j, "y": 1}) == 0


def test_many_points_at_once() -> None:
    states = np.arange(12).reshape(2, 3, 2)
    found = CIRCLE(states)
    assert found.shape == (2, 3)
    assert found.tolist() == (states**2).sum(-1).tolist()
    assert isinstance(found[0, 0], int)  # integers stay exact
    assert CIRCLE(states / 2).dtype == float
    assert CIRCLE({"x": np.array([1.0, 2.0]), "y": 2}).tolist() == [5.0, 8.0]
    assert CIRCLE({"x": [1, 2], "y": [[0], [1]]}).tolist() == [[1, 4], [2, 5]]
    assert Ring(("x",)).constant(7)(np.zeros((3, 1))).tolist() == [7, 7, 7]


def test_arrays_by_their_names() -> None:
    weights = {"U1": [[1, 2], [3, 4]], "U2": [[5], [6]]}
    assert LAW(weights) == 1 + 9 - 25
    batch = {"U1": np.array([[[1, 2], [3, 4]]] * 3), "U2": np.array([[5.0], [6.0]])}
    assert LAW(batch).tolist() == [-15.0] * 3
    assert LAW({"U1": [[1, 2], [3, 4]], "U2_1_1": 5}) == -15


def test_time() -> None:
    flow = pl.PolynomialODE({"x": "1"}, time="t")
    assert flow.polynomial("x - t")({"x": 5, "t": 3}) == 2
    assert DAMPED({"x": 2, "tau": Fraction(1, 2), "t": 3}) == pytest.approx(4 * np.exp(3))
    assert DAMPED({"x": 2, "tau": 1, "clock": 3}) == 36
    assert DAMPED({"x": 2, "tau": 1, "t": np.zeros(2)}).tolist() == [4.0, 4.0]
    assert SQUARE_ROOT({"x": 2, "t": 4}) == pytest.approx(16)
    assert SQUARE_ROOT({"x": 2, "clock": 2}) == 16


def test_witnesses_leave_out_zeros() -> None:
    verdict = pl.check_law(pl.PolynomialODE({"x": "y", "y": "-x"}), "x^2 - y^2 + x")
    assert isinstance(verdict, pl.Refuted)
    assert isinstance(verdict.residual, pl.Polynomial)
    assert verdict.residual(verdict.witness, rest=0) == verdict.value != 0


@pytest.mark.parametrize(
    ("evaluate", "error", "match"),
    [
        (lambda: H({"x": 3, "y": 4}), InputError, "no value for a"),
        (lambda: H({"x": 3, "y": 4, "a": 1, "z": 1}), UnknownNameError, "point: found 'z'"),
        (lambda: H({"x": 3, "y": 4, "a": 1, "t": 1}), UnknownNameError, "point: found 't'"),
        (lambda: H({5: 1}), InputError, "from 0 to 2"),
        (lambda: H({"x": 1, 0: 1}), InputError, "names as keys"),
        (lambda: H([1, 2, 3, 4]), InputError, "the 2 variables, or 3 with clock and parameters"),
        (lambda: H(3), InputError, "last axis"),
        (lambda: H({"x": True, "y": 1, "a": 1}), InputError, "point: x"),
        (lambda: H({"x": "high", "y": 1, "a": 1}), InputError, "point: x"),
        (lambda: H({"x": None, "y": 1, "a": 1}), InputError, "point: x"),
        (lambda: H({"x": np.zeros(2), "y": np.zeros(3), "a": 1}), InputError, "arrays of one shape"),
        (
            lambda: LAW({"U1": [[1, 2, 3]], "U2": [[5], [6]]}),
            InputError,
            r"point: U1: found 'shape \(1, 3\)'",
        ),
        (
            lambda: LAW({"U1": [[1, 2], [3, 4]], "U1_1_1": 1, "U2": [[5], [6]]}),
            InputError,
            "each generator once",
        ),
        (lambda: (H * 10**400)([0.5, 1, 1]), InputError, "too large for a float"),
        (lambda: H({sympy.Integer(1): 2}), InputError, "names as keys"),
    ],
)
def test_what_is_no_point_is_refused(evaluate: Callable[[], Any], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        evaluate()
