"""Networks as programs, at small widths: `polylaw count examples.programs.blocks:pre_norm`."""

from __future__ import annotations

from polylaw.models import Model
from polylaw.programs import Array, layer_norm, program, silu, softmax
from polylaw.programs.program import Weights


def attention(w: Weights, x: Array, heads: int) -> Array:
    """Heads of attention that are added up; rows of x are tokens."""
    total = None
    for k in range(heads):
        q, key, v = (x @ w[f"{letter}{k}"].T for letter in "QKV")
        y = softmax(q @ key.T) @ v @ w[f"O{k}"]
        total = y if total is None else total + y
    assert total is not None
    return total


def pre_norm(width: int = 4, heads: int = 2, inner: int = 2, hidden: int = 2, tokens: int = 2) -> Model:
    """A transformer block with LayerNorms before its parts, and SiLU."""

    def block(w: Weights, x: Array) -> Array:
        x = x + attention(w, layer_norm(x) * w.g1 + w.b1, heads)
        return x + silu((layer_norm(x) * w.g2 + w.b2) @ w.U) @ w.V

    gains = dict.fromkeys(("g1", "b1", "g2", "b2"), (width,))
    matrices = {f"{letter}{k}": (inner, width) for k in range(heads) for letter in "QKVO"}
    shapes = {**gains, **matrices, "U": (width, hidden), "V": (hidden, width)}
    return program(block, shapes, [(tokens, width)], name="pre-norm block")
