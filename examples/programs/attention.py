"""Softmax attention: `polylaw count examples.programs.attention:layer`."""

from __future__ import annotations

from examples.programs.parts import (
    Attend,
    attend,
    attend_before,
    attend_rotary,
    attention,
    constant,
    grouped_attention,
    grouped_of,
    heads_of,
)
from polylaw.models import Model
from polylaw.programs import Array, program
from polylaw.programs.program import Weights


def layer(width: int = 2, inner: int = 1, heads: int = 2, tokens: int = 2, by: Attend = attend) -> Model:
    """Heads that are added up."""
    return program(
        lambda w, x: attention(w, x, heads, by),
        heads_of(heads, inner, width),
        [(tokens, width)],
        name=f"{by.__name__}, {heads} heads",
    )


def causal(width: int = 2, inner: int = 2, heads: int = 1, tokens: int = 3) -> Model:
    """Tokens attend to those before them."""
    return layer(width, inner, heads, tokens, attend_before)


def rotary(width: int = 2, heads: int = 1, tokens: int = 2) -> Model:
    """Rotary positions, one pair of entries in each head."""
    return layer(width, 2, heads, tokens, attend_rotary)


def biased(width: int = 2, inner: int = 2, heads: int = 1, tokens: int = 2) -> Model:
    """Biases on queries, keys, values and the output; keys move all scores of a query alike."""

    def function(w: Weights, x: Array) -> Array:
        total = w.bO
        for k in range(heads):
            q, key, v = (x @ w[f"{c}{k}"].T + w[f"b{c}{k}"] for c in "QKV")
            total = attend(q, key, v) @ w[f"O{k}"] + total
        return total

    biases = {f"b{c}{k}": (inner,) for k in range(heads) for c in "QKV"}
    shapes = {**heads_of(heads, inner, width), **biases, "bO": (width,)}
    return program(function, shapes, [(tokens, width)], name="attention with biases")


def grouped(width: int = 2, inner: int = 2, tokens: int = 2) -> Model:
    """Two heads of queries share keys and values."""
    return program(
        grouped_attention, grouped_of(inner, width), [(tokens, width)], name="attention with grouped queries"
    )


def stacked(width: int = 2, inner: int = 1, heads: int = 1, tokens: int = 2, layers: int = 2) -> Model:
    """Layers of attention, each added to what it reads."""

    def function(w: Weights, x: Array) -> Array:
        for n in range(layers):
            own = Weights({key[:-2]: w[key] for key in w if key.endswith(f"_{n}")})
            x = x + attention(own, x, heads)
        return x

    shapes = {f"{key}_{n}": s for n in range(layers) for key, s in heads_of(heads, inner, width).items()}
    return program(function, shapes, [(tokens, width)], name=f"{layers} layers of attention")


#: Two rows for each matrix.
_GIVEN = {
    "Q": ((1, 2, -1), (3, 1, 4)),
    "K": ((2, -1, 3), (1, 1, -2)),
    "V": ((-1, 1, 2), (2, 5, 1)),
    "O": ((3, 1, 1), (1, -2, 4)),
}


def lora(rank: int = 1, tokens: int = 2) -> Model:
    """Low-rank changes B A of the matrices of queries and of values; these matrices, of two rows and three
    columns, and those of keys and outputs are given numbers."""

    def function(w: Weights, x: Array) -> Array:
        given = {c: constant(x, row) for c, row in _GIVEN.items()}
        q, v = (x @ (given[c] + w[f"B{c}"] @ w[f"A{c}"]).T for c in "QV")
        return attend(q, x @ given["K"].T, v) @ given["O"]

    shapes = {f"{m}{c}": (rank, 3) if m == "A" else (2, rank) for c in "QV" for m in "AB"}
    return program(function, shapes, [(tokens, 3)], name=f"LoRA of rank {rank}")
