"""Sums over views in the memory of parameters are those over their entries."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from polylaw.networks.law import Law
from polylaw.networks.pieces import Form, Piece, View
from polylaw.networks.values import entries, identity, quantity, rows_of, sums_of

#: Columns 1 to 6 of a matrix as 2 x 3, then its rows.
_VIEW = View("W", (4, 7), (0, 1), ((1, 2, 3), (1, 3, 1), (0, 4, 1)))
_THETA, _G = ({"W": np.arange(28.0).reshape(4, 7) ** power, "b": np.arange(6.0) + power} for power in (1, 2))


@pytest.mark.parametrize("index", [(), (0,), (2,), (1, 0), (2, 0), (2, 1, 0)])
def test_sums_have_the_indices_of_the_law_in_their_order(index: tuple[int, ...]) -> None:
    piece = Piece(Fraction(1), _VIEW, index)
    array = entries(_VIEW, _THETA)
    assert array.shape == (2, 3, 4)
    assert array[1, 2, 3] == _THETA["W"][3, 6]
    assert np.array_equal(sums_of(piece, array), rows_of(piece, array).sum(-1))


def test_a_family_of_squares_with_another_order() -> None:
    bias = View("b", (6,), (0,), ((0, 2, 3), (0, 3, 1)))
    pieces = (Piece(Fraction(1), _VIEW, (1, 0)), Piece(Fraction(-1, 2), bias, (1, 0)))
    law = Law(Form.SQUARES, (3, 2), pieces)
    columns = (_THETA["W"] * _G["W"]).sum(0)[1:].reshape(2, 3).T
    assert np.array_equal(identity(law, _THETA, _G), columns - (_THETA["b"] * _G["b"]).reshape(2, 3).T / 2)
    squares = (_THETA["W"] ** 2).sum(0)[1:].reshape(2, 3).T
    assert np.array_equal(quantity(law, _THETA), squares - (_THETA["b"] ** 2).reshape(2, 3).T / 2)


@pytest.mark.parametrize(
    ("form", "numbers", "exact"), [(Form.SUMS, [1e8, 1.0], 1e8 + 1), (Form.SQUARES, [4097.0, 0.0], 4097.0**2)]
)
def test_numbers_in_float32_are_multiplied_and_summed_in_float64(
    form: Form, numbers: list[float], exact: float
) -> None:
    law = Law(form, (), (Piece(Fraction(1), View("b", (2,), (0,), ((0, 2, 1),)), ()),))
    arrays = {"b": np.array(numbers, dtype=np.float32)}
    assert identity(law, arrays, arrays) == quantity(law, arrays) == exact
