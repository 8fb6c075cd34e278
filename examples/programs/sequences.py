"""Recurrent cells over two steps: `polylaw count examples.programs.sequences:lstm`."""

from __future__ import annotations

from examples.programs.parts import Shapes
from polylaw.models import Model
from polylaw.programs import Array, exp, program, sigmoid, softplus, tanh
from polylaw.programs.program import Weights


def _gates(letters: str, width: int, state: int, biases: str) -> Shapes:
    shapes: Shapes = {}
    for c in letters:
        shapes |= {f"W{c}": (width, state), f"R{c}": (state, state), **{f"{b}{c}": (state,) for b in biases}}
    return shapes


def lstm(width: int = 1, state: int = 2, biases: str = "bd") -> Model:
    """From the state 0; biases are added where data are read, and where the state is."""

    def into(w: Weights, x: Array, c: str, h: Array | None) -> Array:
        total = x @ w[f"W{c}"] if h is None else x @ w[f"W{c}"] + h @ w[f"R{c}"]
        for b in biases:
            total = total + w[f"{b}{c}"]
        return total

    def cell(w: Weights, x: Array, before: tuple[Array, Array] | None) -> tuple[Array, Array]:
        h = before[0] if before else None
        inside = sigmoid(into(w, x, "i", h)) * tanh(into(w, x, "g", h))
        if before:
            inside = inside + sigmoid(into(w, x, "f", h)) * before[1]
        return sigmoid(into(w, x, "o", h)) * tanh(inside), inside

    def function(w: Weights, x: Array, y: Array) -> list[Array]:
        first = cell(w, x, None)
        return [first[0], cell(w, y, first)[0]]

    shapes = _gates("ifgo", width, state, biases)
    return program(function, shapes, [(1, width)] * 2, name="LSTM")


def gru(width: int = 1, state: int = 2) -> Model:
    """From the state 0, with biases where data are read and where the state is."""

    def cell(w: Weights, x: Array, h: Array | None) -> Array:
        data = {c: x @ w[f"W{c}"] + w[f"b{c}"] for c in "rzn"}
        past = {c: w[f"d{c}"] if h is None else h @ w[f"R{c}"] + w[f"d{c}"] for c in "rzn"}
        r, z = (sigmoid(data[c] + past[c]) for c in "rz")
        n = tanh(data["n"] + r * past["n"])
        return (1 - z) * n if h is None else (1 - z) * n + z * h

    def function(w: Weights, x: Array, y: Array) -> list[Array]:
        first = cell(w, x, None)
        return [first, cell(w, y, first)]

    return program(function, _gates("rzn", width, state, "bd"), [(1, width)] * 2, name="GRU")


def state_space(width: int = 2, states: int = 2) -> Model:
    """Two steps of a selective state space: each token says how far its step is, what it writes, and what is
    read."""

    def function(w: Weights, x: Array, y: Array) -> list[Array]:
        h, outputs = None, []
        for token in (x, y):
            step = softplus(token @ w.D)
            written = step * (token @ w.B)
            h = written if h is None else exp(-1 * step * exp(w.A)) * h + written
            outputs.append((h * (token @ w.C)).sum(1))
        return outputs

    shapes = {"A": (1, states), "B": (width, states), "C": (width, states), "D": (width, 1)}
    return program(function, shapes, [(1, width)] * 2, name="selective state space")
