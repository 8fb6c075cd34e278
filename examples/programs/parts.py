"""Parts that programs share.  Rows of x are tokens; matrices of weights have names and shapes in a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial, reduce
from operator import add
from typing import Any

from polylaw.programs import Array, concatenate, gelu, layer_norm, relu, rms_norm, silu, softmax
from polylaw.programs.program import Weights

Shapes = dict[str, tuple[int, ...]]
Function = Callable[[Array], Array]
#: From queries, keys and values, what a head reads.
Attend = Callable[[Array, Array, Array], Array]


def constant(like: Array, rows: Sequence[Sequence[Any]]) -> Array:
    """A matrix of rational numbers in the program of another array."""
    numbers = [Fraction(c) for row in rows for c in row]
    return Array(like.graph, like.graph.constant(numbers, (len(rows), len(rows[0]))))


# -- attention -----------------------------------------------------------------------------------------
def heads_of(count: int, inner: int, width: int) -> Shapes:
    """Four matrices for each head."""
    return {f"{letter}{k}": (inner, width) for k in range(count) for letter in "QKVO"}


def attend(q: Array, key: Array, v: Array) -> Array:
    """Averages of values, weighted by the softmax of scores."""
    return softmax(q @ key.T) @ v


def attend_before(q: Array, key: Array, v: Array) -> Array:
    """Each token attends to itself and to those before it."""
    rows = [attend(q[i : i + 1], key[: i + 1], v[: i + 1]) for i in range(1, q.shape[0])]
    return concatenate([v[:1], *rows])


def turned(x: Array) -> Array:
    """Token n, which has two entries, turned n times by the angle with cosine 3/5 and sine 4/5."""
    cos, sin, rows = Fraction(1), Fraction(0), []
    for n in range(x.shape[0]):
        a, b = x[n : n + 1, :1], x[n : n + 1, 1:]
        rows.append(concatenate([a * cos - b * sin, a * sin + b * cos], 1))
        cos, sin = cos * Fraction(3, 5) - sin * Fraction(4, 5), cos * Fraction(4, 5) + sin * Fraction(3, 5)
    return concatenate(rows)


def attend_rotary(q: Array, key: Array, v: Array) -> Array:
    """With rotary positions."""
    return attend(turned(q), turned(key), v)


def attend_rotary_before(q: Array, key: Array, v: Array) -> Array:
    """With rotary positions, to tokens before."""
    return attend_before(turned(q), turned(key), v)


def attention(w: Weights, x: Array, heads: int, by: Attend = attend) -> Array:
    """Heads that are added up."""
    outputs = []
    for k in range(heads):
        q, key, v = (x @ w[f"{letter}{k}"].T for letter in "QKV")
        outputs.append(by(q, key, v) @ w[f"O{k}"])
    return reduce(add, outputs)


def grouped_of(inner: int, width: int) -> Shapes:
    """Two heads of queries that share keys and values."""
    return dict.fromkeys(("Q0", "Q1", "K0", "V0", "O0", "O1"), (inner, width))


def grouped_attention(w: Weights, x: Array, by: Attend = attend) -> Array:
    """Two heads of queries, one of keys and values."""
    key, v = x @ w.K0.T, x @ w.V0.T
    return by(x @ w.Q0.T, key, v) @ w.O0 + by(x @ w.Q1.T, key, v) @ w.O1


# -- layers of units -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Units:
    """Hidden units between matrices U (width, hidden), another G if they are gated, and V (hidden, width)."""

    name: str
    act: Function
    gated: bool = False

    def shapes(self, width: int, hidden: int) -> Shapes:
        """Of their matrices."""
        inside = ("U", "G") if self.gated else ("U",)
        return {**dict.fromkeys(inside, (width, hidden)), "V": (hidden, width)}

    def __call__(self, w: Weights, x: Array) -> Array:
        y = self.act(x @ w.U)
        return (y * (x @ w.G) if self.gated else y) @ w.V


RELU, GELU, SILU = Units("ReLU", relu), Units("GELU", gelu), Units("SiLU", silu)
SWIGLU = Units("SwiGLU", silu, gated=True)


# -- norms ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Norm:
    """A function of rows, with a gain g and a shift b if it has those letters."""

    name: str
    function: Function
    letters: str = ""

    def shapes(self, width: int, *numbers: int) -> Shapes:
        """Of gains and shifts of so many norms."""
        return {f"{letter}{n}": (width,) for n in numbers for letter in self.letters}

    def __call__(self, w: Weights, x: Array, number: int) -> Array:
        y = self.function(x)
        y = y * w[f"g{number}"] if "g" in self.letters else y
        return y + w[f"b{number}"] if "b" in self.letters else y


_EPS = Fraction(1, 3)
NONE = Norm("no norms", lambda x: x)
LAYER = Norm("LayerNorm, eps 0", layer_norm, "gb")
LAYER_EPS = Norm("LayerNorm, eps 1/3", partial(layer_norm, eps=_EPS), "gb")
LAYER_BARE = Norm("LayerNorm without gain and shift", layer_norm)
RMS = Norm("RMSNorm, eps 0", rms_norm, "g")
RMS_EPS = Norm("RMSNorm, eps 1/3", partial(rms_norm, eps=_EPS), "g")
RMS_BARE = Norm("RMSNorm without gain", rms_norm)
