"""What a check of gradients allows, against numbers worked out by hand; no network is computed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
import pytest

from polylaw.networks.flat import Network
from polylaw.networks.gradients import Findings, Rounding, check_gradients
from polylaw.networks.law import Law
from polylaw.networks.laws import Effort, NetworkLaws
from polylaw.networks.pieces import Form, Piece, View

SAFETY, STILL = 3.0, 1000.0
#: 9 operations and 16 terms: noise is 5 units if sums are rounded like results.
EFFORT = Effort(9, 16)
#: So coarse that nothing is added for what cancels.
COARSE = Rounding(0.01, 0.01)


def view(name: str, *shape: int) -> View:
    return View(name, shape, (0,) * len(shape), tuple((k, n, 1) for k, n in enumerate(shape)))


W, V, B = view("m.w", 2, 3), view("v", 2, 3), view("m.bias", 2)
SHAPES = {"m.w": (2, 3), "v": (2, 3), "m.bias": (2,)}


def pieces(*chosen: tuple[int, View]) -> tuple[Piece, ...]:
    return tuple(Piece(Fraction(c), one, (0,)) for c, one in chosen)


def checked(
    law: Law, theta: Mapping[str, Any], g: Mapping[str, Any], rounding: Rounding = COARSE, **more: Any
) -> Findings:
    """What is found of a network with this law, where all other numbers are 1."""

    def arrays(given: Mapping[str, Any]) -> dict[str, Any]:
        return {n: np.array(given[n], float) if n in given else np.ones(shape) for n, shape in SHAPES.items()}

    laws = NetworkLaws(
        law if isinstance(law, tuple) else (law,), SHAPES, (), (), EFFORT, Network(SHAPES, (), ()), {}
    )
    return check_gradients(laws, arrays(theta), arrays(g), rounding, **more)


DIFFERENCE = Law(Form.SQUARES, (2,), pieces((1, W), (-1, V)))
THETA = {"m.w": [[1, 2, 2], [3, 0, 4]], "v": [[0, 3, 4], [1, 0, 0]]}
G = {"m.w": [[1, 1, 0], [0, 0, 0]], "v": [[1, 0, 0], [0, 0, 1]]}


def test_squares() -> None:
    """<g_w, w> - <g_v, v> = (3 - 0, 0 - 0); rows of g have mean squares (2/3, 0) and (1/3, 1/3)."""
    found = checked(DIFFERENCE, THETA, G)
    terms = 2 / 3 * 9 + 3**2 + 1 / 3 * 25 + 0
    assert found.largest == pytest.approx(3 / (SAFETY * 0.05 * sqrt(terms)))
    assert found.checked == 2
    assert "is 3, allowed 0.725" in found.failed[0]


def test_sums() -> None:
    """The sum of w's gradients less twice that of the other's: 2 - 2 and 0 - 2."""
    law = Law(Form.SUMS, (2,), pieces((1, W), (-2, V)))
    found = checked(law, THETA, G)
    second = 1 / 3 * 3 + 0 + 4 * (1 / 3 * 3 + 1)  # all rows of w have the mean square 1/3
    assert found.largest == pytest.approx(2 / (SAFETY * 0.05 * sqrt(second)))


def test_products() -> None:
    """g_w w' - v g_v', a matrix of which the entry at (0, 1) is largest."""
    law = Law(Form.PRODUCTS, (2,), pieces((1, W), (-1, V)))
    theta, g = (np.array(x["m.w"], float) for x in (THETA, G))
    other, h = (np.array(x["v"], float) for x in (THETA, G))
    value = np.abs(g @ theta.T - other @ h.T)
    size, norm = np.sqrt(np.maximum((g**2).mean(1), (g**2).mean())), np.sqrt((theta**2).sum(1))
    own, by = np.sqrt(np.maximum((h**2).mean(1), (h**2).mean())), np.sqrt((other**2).sum(1))
    squares = np.outer(size, norm) ** 2 + (g @ theta.T) ** 2 + np.outer(by, own) ** 2 + (other @ h.T) ** 2
    allowed = SAFETY * 0.05 * np.sqrt(squares)
    assert checked(law, THETA, G).largest == pytest.approx((value / allowed).max())
    hollow = Law(Form.PRODUCTS, (2,), pieces((1, W), (-1, V)), hollow=True)
    off = (value / allowed)[~np.eye(2, dtype=bool)]
    assert checked(hollow, THETA, G).largest == pytest.approx(off.max())
    assert checked(hollow, THETA, G).telling == checked(law, THETA, G).telling - 2


def test_an_entry_that_stands_still_is_compared_with_its_module() -> None:
    """Or with all others, if its module has none; here the root mean squares are 3/sqrt(6) and 100."""
    law = Law(Form.SUMS, (2,), (Piece(Fraction(1), B, (0,)),))
    g = {"m.bias": [0, 0.4], "m.w": [[3, 0, 0], [0, 0, 0]], "v": np.full((2, 3), 100.0)}
    found = checked(law, {}, g, Rounding(1e-5, 1e-5))
    assert found.largest == pytest.approx(0.4 / (SAFETY * 5e-5 * STILL * 3 / sqrt(6)), rel=1e-4)
    alone = checked(law, {}, g | {"m.w": np.zeros((2, 3))}, Rounding(1e-5, 1e-5))
    both = Law(Form.SUMS, (2,), (*law.pieces, Piece(Fraction(1), W, (0,))))
    two = checked((law, both), {}, g | {"m.w": np.zeros((2, 3))}, Rounding(1e-3, 1e-3))  # 1 time the noise
    assert two.largest == pytest.approx(0.4 / (SAFETY * 5e-3 * 100), rel=1e-4)
    assert alone.largest == pytest.approx(0.4 / (SAFETY * 5e-5 * STILL * 100), rel=1e-4)


def test_what_is_read_back_has_errors_of_its_own() -> None:
    found = checked(DIFFERENCE, THETA, G, errors={"v": 0.5})
    terms = 0.05**2 * (2 / 3 * 9 + 9 + 1 / 3 * 25) + 0.5**2 * 25
    assert found.largest == pytest.approx(3 / (SAFETY * sqrt(terms)))


def test_what_cancels_is_allowed_for_where_precision_is_left() -> None:
    def largest(unit: float, cancelled: float | None = None) -> float:
        return checked(DIFFERENCE, THETA, G, Rounding(unit, unit, cancelled=cancelled)).largest

    plain = largest(0.01) * 0.05
    assert largest(1e-16) == pytest.approx(plain / 5e-12)  # 1e4 times the noise
    assert largest(1e-6) == pytest.approx(plain / 3e-4)  # as much as is left
    assert largest(1e-3) == pytest.approx(plain / 5e-3)  # nothing is left
    assert largest(1e-16, 100) == pytest.approx(plain / 5e-14)


def test_sums_have_a_format_of_their_own() -> None:
    found = checked(DIFFERENCE, THETA, G, Rounding(0.01, 0.001))
    assert found.largest == pytest.approx(checked(DIFFERENCE, THETA, G).largest * 0.05 / sqrt(9e-4 + 16e-6))


def test_gradients_below_the_smallest_number() -> None:
    tiny = {"m.w": np.full((2, 3), 1e-9), "v": np.zeros((2, 3))}
    found = checked(DIFFERENCE, THETA, tiny, Rounding(0.01, 0.01, 1e-3))
    assert not found.failed[0].startswith("gradients")  # and nothing is told either
    assert checked(DIFFERENCE, THETA, tiny).failed[0].startswith("gradients")


def test_identities_up_to_eps() -> None:
    nearly = Law(Form.SQUARES, (2,), pieces((1, W), (-1, V)), exact=False)
    nothing = checked(nearly, THETA, G)
    assert (nothing.checked, nothing.failed) == (
        0,
        ("the module has no exact identity, so nothing is tested",),
    )
    terms = 2 / 3 * 9 + 9 + 1 / 3 * 25
    found = checked(nearly, THETA, G, up_to_eps=0.2)
    assert found.largest == pytest.approx(3 / ((SAFETY * 0.05 + 0.2) * sqrt(terms)))
    assert checked(DIFFERENCE, THETA, G, up_to_eps=0.2).largest == checked(DIFFERENCE, THETA, G).largest


def test_parameters_that_nothing_is_told_of() -> None:
    still = {"m.w": np.zeros((2, 3)), "v": np.zeros((2, 3))}
    both = (DIFFERENCE, Law(Form.SUMS, (2,), (Piece(Fraction(1), W, (0,)), Piece(Fraction(-3), B, (0,)))))
    found = checked(both, THETA, still)
    assert found.unseen == ("v",)
    assert (found.checked, found.telling) == (4, 2)


@pytest.mark.parametrize("strange", [np.nan, np.inf])
def test_numbers_that_are_not_finite(strange: float) -> None:
    found = checked(DIFFERENCE, THETA, {"v": [[strange, 0, 0], [0, 0, 0]]})
    assert found.failed == ("v: a gradient that is not finite",)


def test_many_that_fail_are_counted() -> None:
    laws = tuple(
        Law(Form.SUMS, (), (Piece(Fraction(c), W, ()), Piece(Fraction(1), V, ()))) for c in range(1, 9)
    )
    found = checked(laws, {}, {}, Rounding(1e-6, 1e-6))
    assert len(found.failed) == 6
    assert found.failed[-1] == "and 3 more"
