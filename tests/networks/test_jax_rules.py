"""Primitives of JAX that have to be told apart from those that look like them.

What is read of data with a bias b, with another bias c added behind, tells which constants come through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

jax = pytest.importorskip("jax")
import jax.numpy as jnp  # noqa: E402

from polylaw.jax import laws  # noqa: E402

Arrays = Any
BIASES = {"b": np.zeros(3), "c": np.zeros(3)}
X = np.zeros((4, 3))


def told(f: Callable[..., Arrays], params: Any, *inputs: Any) -> list[str]:
    return [str(law) for law in laws(f, params, *inputs).laws]


def along(read: Callable[[Arrays], Arrays]) -> list[str]:
    """The laws of b, added to data before something is read, and of c, added behind."""
    return told(lambda p, x: read(x + p["b"]) + p["c"], BIASES, X)


AGAINST = ["c[i] - b[i]   (i < 3)"]


def rolled(x: Arrays) -> Arrays:
    return jnp.roll(x, 1, 0)


def some_rows(x: Arrays) -> Arrays:
    return jax.lax.dynamic_slice(x, (jnp.argmax(x[:, 0]), 0), (2, 3))


def pooled(x: Arrays) -> Arrays:
    return jax.lax.reduce_window(x, 0.0, jax.lax.add, (2, 1), (2, 1), "VALID") / 2


def largest(x: Arrays) -> Arrays:
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (3, 1), (1, 1), "SAME")


AFFINE: list[Callable[[Arrays], Arrays]] = [
    lambda x: x, lambda x: 0 + x, lambda x: x[1], rolled, some_rows, largest, pooled, lambda x: x[::-1],
    lambda x: x.max(0), lambda x: jnp.sort(x, 0), lambda x: jax.lax.top_k(x.T, 2)[0].T, lambda x: x.mean(0),
    lambda x: jnp.concatenate([x, x[:2]]), lambda x: jnp.tile(x, (2, 1)), lambda x: jnp.repeat(x, 2, 0),
    lambda x: jax.lax.cummax(x, 0), lambda x: jnp.where(x > 0, x, x),
]  # fmt: skip
NOT_AFFINE: list[Callable[[Arrays], Arrays]] = [
    lambda x: jnp.cumsum(x, 0), lambda x: jnp.pad(x, ((1, 0), (0, 0))), jnp.abs, jax.nn.relu,
    lambda x: jax.lax.reduce_window(x, 0.0, jax.lax.add, (2, 1), (1, 1), "SAME") / 2, lambda x: x * x,
    lambda x: jnp.where(x > 0, x, 0), lambda x: jnp.maximum(x, 1), lambda x: jnp.clip(x, -1, 1),
    lambda x: x.at[0].set(1), lambda x: jnp.linalg.norm(x, axis=0),
]  # fmt: skip


@pytest.mark.parametrize("read", AFFINE)
def test_a_constant_comes_through(read: Callable[[Arrays], Arrays]) -> None:
    assert along(read) in (AGAINST, ["b[i] - c[i]   (i < 3)"])


@pytest.mark.parametrize("read", NOT_AFFINE)
def test_a_constant_does_not_come_through(read: Callable[[Arrays], Arrays]) -> None:
    assert not along(read)


def test_multiples_and_signs() -> None:
    assert along(lambda x: 0 - x) in (["c[i] + b[i]   (i < 3)"], ["b[i] + c[i]   (i < 3)"])
    assert along(lambda x: x.sum(0)) in (["c[i] - 1/4 b[i]   (i < 3)"], ["b[i] - 4 c[i]   (i < 3)"])
    assert along(lambda x: x / 2 - 3 * x) in (["c[i] + 2/5 b[i]   (i < 3)"], ["b[i] + 5/2 c[i]   (i < 3)"])


def weighted(by: Callable[[Arrays], Arrays], axis: int = 1) -> list[str]:
    """The laws of a bias of values that are added up along an axis of weights: exponentials divided by
    something."""

    def f(p: Any, x: Arrays) -> Arrays:
        e = jnp.exp(jnp.tanh(x @ p["w"]))
        weights = e / by(e) if axis == 1 else (e / by(e)).T
        return weights @ (x + p["b"]) + p["c"]

    return told(f, {**BIASES, "w": np.zeros((3, 4))}, X)


def test_shares_add_up_to_1() -> None:
    assert weighted(lambda e: e.sum(1, keepdims=True)) in (AGAINST, ["b[i] - c[i]   (i < 3)"])


@pytest.mark.parametrize(
    "by",
    [
        lambda e: 2 * e.sum(1, keepdims=True),
        lambda e: e.sum(0, keepdims=True),
        lambda e: e.sum(keepdims=True),
        lambda e: (2 * e).sum(1, keepdims=True),
        lambda e: e.sum(1),
        lambda e: e.max(1, keepdims=True),
    ],
)
def test_what_does_not_add_up_to_1(by: Callable[[Arrays], Arrays]) -> None:
    assert not weighted(by)
    assert by(np.ones((4, 4))).shape == (1, 4) or not weighted(by, 0)


def test_rows_out_of_range_are_not_rows() -> None:
    params = {"b": np.zeros((5, 3)), "c": np.zeros(3)}
    index = np.zeros(4, int)

    def rows(**how: Any) -> int:
        f = lambda p, i: p["b"].at[i].get(**how) + p["c"]  # noqa: E731
        return laws(f, params, index).independent

    assert rows() == rows(mode="clip") == 3
    assert rows(mode="fill", fill_value=0) == 0


def test_rows_of_several_axes() -> None:
    params = {"b": np.zeros((2, 5, 3)), "w": np.zeros((3, 2))}
    i, j = np.zeros((2, 4), int)

    def both(p: Any, i: Arrays, j: Arrays) -> Arrays:
        return p["b"][i, j] @ p["w"]

    def beside(p: Any, i: Arrays) -> Arrays:
        return jnp.take_along_axis(p["b"], i[:, :, None], 1) @ p["w"]

    # the matrix sum_ij b[i, j] b[i, j]' - w w', of which all rows of b are one part
    assert (
        laws(both, params, i, j).independent == laws(beside, params, np.zeros((2, 4), int)).independent == 6
    )


def test_rows_of_a_scan_backwards() -> None:
    def f(p: Any, x: Arrays) -> Arrays:
        made = jax.lax.scan(lambda s, row: (s + row, (row, s)), x[0] * 0, p["b"], reverse=True)[1]
        return made[0][0] + p["c"], made[1][0]

    # the first row of those that come out is the first that went in; the sum before it is that of all others
    found = laws(f, {"b": np.zeros((3, 3)), "c": np.zeros(3)}, X)
    assert {str(law) for law in found.laws} in (
        {"c[i] - b[0, i]   (i < 3)", "b[2, i] - b[1, i]   (i < 3)"},
        {"b[0, i] - c[i]   (i < 3)", "b[1, i] - b[2, i]   (i < 3)"},
    )


@pytest.mark.parametrize(
    ("options", "frozen"),
    [
        ({"padding": "VALID"}, 3),
        ({"padding": "VALID", "rhs_dilation": (2,)}, 3),
        ({"padding": "SAME"}, 0),
        ({"padding": [(0, 1)]}, 0),
        ({"padding": [(0, 0)], "lhs_dilation": (2,)}, 0),
    ],
)
def test_a_convolution_of_a_constant(options: dict[str, Any], frozen: int) -> None:
    """It is constant where no window meets padding, and then what is centred does not see it."""

    def f(p: Any, x: Arrays) -> Arrays:
        y = jax.lax.conv_general_dilated(
            x + p["b"], p["w"], (1,), dimension_numbers=("NWC", "WIO", "NWC"), **options
        )
        return jnp.tanh(y - y.mean(1, keepdims=True))

    found = laws(f, {"b": np.zeros(3), "w": np.zeros((3, 3, 2))}, np.zeros((2, 9, 3)))
    assert sum(np.prod(view.sizes) for view in found.frozen) == frozen


def test_taps_that_meet_padding_alone() -> None:
    def f(w: Arrays, x: Arrays) -> Arrays:
        return jax.lax.conv_general_dilated(x, w, (1,), "SAME", dimension_numbers=("NWC", "WIO", "NWC"))

    found = laws(f, np.zeros((3, 3, 2)), np.zeros((2, 1, 3)))
    assert [view.start for view in found.unreached] == [(0, 0, 0), (2, 0, 0)]


@pytest.mark.parametrize(
    ("scale", "sums"),
    [
        (lambda x: 2.0, 2),
        (lambda x: jnp.cos(x).sum(1, keepdims=True), 2),
        (lambda x: 1 / jnp.cos(x).sum(1, keepdims=True), 2),
        (jnp.cos, 0),
        (lambda x: jnp.cos(x).sum(0), 0),
    ],
)
def test_what_is_centred_adds_up_to_0(scale: Callable[[Arrays], Arrays], sums: int) -> None:
    """Times what is the same for all features, too: then a constant may be added to a column of weights."""

    def f(p: Any, x: Arrays) -> Arrays:
        y = jnp.tanh(x @ p["in"])
        return ((y - y.mean(1, keepdims=True)) * scale(x)) @ p["out"]

    assert laws(f, {"in": np.zeros((3, 3)), "out": np.zeros((3, 2))}, X).independent == sums
