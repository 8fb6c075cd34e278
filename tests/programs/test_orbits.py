"""Counts against orbits in floating point (`tests.programs.orbits`), which share no code with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import polylaw as pl
from examples.programs import attention, experts, sequences, units
from examples.programs.convolutions import batch_norm
from examples.programs.parts import LAYER, LAYER_EPS, RMS, RMS_EPS, SILU, Norm
from polylaw.models import Model
from polylaw.programs import gelu, program, sigmoid, silu, tanh
from tests.programs import small_nets as nets
from tests.programs.orbits import Orbit

THIRD = 1 / 3


def normed(width: int, norm: Norm) -> Model:
    """An embedding, a norm and a head."""
    shapes = {"E": (2, width), **norm.shapes(width, 1), "W": (width, 1)}
    return program(lambda w, x: norm(w, x @ w.E, 1) @ w.W, shapes, [(1, 2)])


def state_space() -> Model:
    return sequences.state_space(1, 1)


def embedded() -> Model:
    return units.embedded(2, 2, 1, 1, RMS, SILU)


#: Name, network, entries of data, the same as a program, number of laws.
ROWS: list[tuple[str, Callable[..., Any], int, Callable[[], Model], int]] = [
    ("attention", nets.attention, 4, partial(attention.layer, 2, 1, 1), 2),
    # Q^2 + q^2 - K^2, V^2 + v^2 - O^2, k
    ("attention with biases", nets.attention, 4, partial(attention.biased, 2, 1, 1), 3),
    ("stacked attention", nets.stacked, 4, attention.stacked, 4),
    # |Q|^2 - |K|^2, and 3 entries of V V' - O O'
    ("rotary", nets.rotary, 4, attention.rotary, 4),
    ("softmax gate", nets.mixture(nets.softmax), 2, experts.mixture, 2),
    ("sigmoid gate", nets.mixture(nets.sigmoids), 2, partial(experts.mixture, gate=sigmoid), 0),
    (
        "normalised sigmoid gate",
        nets.mixture(nets.shares),
        2,
        partial(experts.mixture, gate=experts.sigmoid_share),
        0,
    ),
    ("SiLU", nets.layers(nets.silu, 2, 2, 1), 2, partial(units.deep, (2, 2, 1), silu), 0),
    ("GELU", nets.layers(nets.gelu, 2, 2, 1), 2, partial(units.deep, (2, 2, 1), gelu), 0),
    ("deep SiLU", nets.layers(nets.silu, 1, 2, 2, 1), 1, partial(units.deep, (1, 2, 2, 1), silu), 0),
    ("deep tanh", nets.layers(nets.tanh, 1, 2, 2, 1), 1, partial(units.deep, (1, 2, 2, 1), tanh), 0),
    # g[j]^2 - W[j]^2, |E|^2
    ("RMSNorm, eps 0", nets.normed(2, False, 0), 2, partial(normed, 2, RMS), 3),
    ("RMSNorm, eps 1/3", nets.normed(2, False, THIRD), 2, partial(normed, 2, RMS_EPS), 2),
    # g[j]^2 + b[j]^2 - W[j]^2, |E|^2, and the sums of the rows of E
    ("LayerNorm, eps 0", nets.normed(3, True, 0), 2, partial(normed, 3, LAYER), 6),
    ("LayerNorm, eps 1/3", nets.normed(3, True, THIRD), 2, partial(normed, 3, LAYER_EPS), 5),
    # 2 gains of each of 2 norms, |E|^2 + |V|^2
    ("embedding and head", nets.embedded, 2, embedded, 5),
    ("LSTM", nets.lstm, 2, partial(sequences.lstm, 1, 1), 4),
    ("GRU", nets.gru, 2, partial(sequences.gru, 1, 1), 2),
    ("selective state space", nets.state_space, 2, state_space, 1),
    (
        "weight normalisation",
        nets.weight_norm,
        2,
        partial(units.weight_norm, 2, 1, 1, silu),
        1,
    ),
]


def test_orbits_tell_what_dependence_and_small_widths_do() -> None:
    """BatchNorm with SiLU, in 2 channels: 2 frozen biases, 2 lengths.  LayerNorm of 2 coordinates: 2 gains, 2
    sums of E, and W[1] W[2] + g[1] g[2] - b[1] b[2]."""
    assert Orbit(nets.batch_norm(2), 14, 9).rank == 14 - 4
    exact = pl.count_laws(pl.GradientFlow(batch_norm(act=silu)))
    assert (exact.lower, exact.upper) == (4, 4)
    assert Orbit(nets.normed(2, True, THIRD), 10, 2).rank == 10 - 5
    count = pl.count_laws(pl.GradientFlow(normed(2, LAYER_EPS)))
    assert (count.lower, count.upper) == (4, 5)


@pytest.mark.parametrize(
    ("name", "network", "data", "build", "laws"),
    ROWS,
    ids=[row[0] for row in ROWS],
)
def test_orbits_have_the_dimension_that_the_count_says(
    name: str, network: Any, data: int, build: Callable[[], Model], laws: int
) -> None:
    model = build()
    count = pl.count_laws(pl.GradientFlow(model))
    assert (count.lower, count.upper) == (laws, laws)
    assert Orbit(network, model.dimension, data).rank == model.dimension - laws
