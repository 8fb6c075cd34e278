"""Transformer blocks, at small widths: `polylaw count examples.programs.blocks:pre_norm`."""

from __future__ import annotations

from examples.programs.parts import (
    LAYER,
    RMS,
    SILU,
    SWIGLU,
    Norm,
    Units,
    attend_before,
    attend_rotary_before,
    attention,
    grouped_attention,
    grouped_of,
    heads_of,
)
from polylaw.models import Model
from polylaw.programs import Array, gelu, program
from polylaw.programs.program import Weights


def _pre_norm(w: Weights, x: Array, heads: int, norm: Norm, units: Units) -> Array:
    """Both parts read what is normalised, and are added to what is not."""
    x = x + attention(w, norm(w, x, 1), heads)
    return x + units(w, norm(w, x, 2))


def pre_norm(
    width: int = 4,
    heads: int = 2,
    inner: int = 2,
    hidden: int = 2,
    tokens: int = 2,
    norm: Norm = LAYER,
    units: Units = SILU,
) -> Model:
    """A block that normalises what its parts read."""

    def block(w: Weights, x: Array) -> Array:
        return _pre_norm(w, x, heads, norm, units)

    shapes = {**norm.shapes(width, 1, 2), **heads_of(heads, inner, width)}
    return program(block, {**shapes, **units.shapes(width, hidden)}, [(tokens, width)], name="pre-norm block")


def pre_norm_head(
    width: int = 3,
    heads: int = 1,
    inner: int = 1,
    hidden: int = 1,
    outputs: int = 2,
    tokens: int = 2,
    norm: Norm = LAYER,
    units: Units = SILU,
) -> Model:
    """The same with a last norm and a head W, through which alone outputs are seen."""

    def block(w: Weights, x: Array) -> Array:
        return norm(w, _pre_norm(w, x, heads, norm, units), 3) @ w.W

    shapes = norm.shapes(width, 1, 2, 3)
    shapes |= {**heads_of(heads, inner, width), **units.shapes(width, hidden), "W": (width, outputs)}
    return program(block, shapes, [(tokens, width)], name="pre-norm block with a head")


def post_norm(
    width: int = 3,
    heads: int = 1,
    inner: int = 1,
    hidden: int = 2,
    tokens: int = 2,
    norm: Norm = LAYER,
    units: Units = SILU,
) -> Model:
    """A block that normalises the sums of its parts and of what they read."""

    def block(w: Weights, x: Array) -> Array:
        x = norm(w, x + attention(w, x, heads), 1)
        return norm(w, x + units(w, x), 2)

    shapes = {**norm.shapes(width, 1, 2), **heads_of(heads, inner, width)}
    return program(
        block, {**shapes, **units.shapes(width, hidden)}, [(tokens, width)], name="post-norm block"
    )


def gpt(width: int = 3, inner: int = 2, hidden: int = 2, tokens: int = 2) -> Model:
    """LayerNorms before the parts, a causal head, GELU, and biases everywhere."""

    def block(w: Weights, x: Array) -> Array:
        y = LAYER(w, x, 1)
        q, key, v = (y @ w[f"{c}0"].T + w[f"b{c}0"] for c in "QKV")
        x = x + attend_before(q, key, v) @ w.O0 + w.bO
        return x + gelu(LAYER(w, x, 2) @ w.U + w.bU) @ w.V + w.bV

    shapes = {**LAYER.shapes(width, 1, 2), **heads_of(1, inner, width)}
    shapes |= dict.fromkeys(("bQ0", "bK0", "bV0"), (inner,)) | {"bO": (width,)}
    shapes |= {"U": (width, hidden), "bU": (hidden,), "V": (hidden, width), "bV": (width,)}
    return program(block, shapes, [(tokens, width)], name="block as in GPT-2")


def llama(width: int = 3, hidden: int = 2, tokens: int = 2) -> Model:
    """RMSNorms before the parts, grouped queries with rotary positions, causal, and SwiGLU."""

    def block(w: Weights, x: Array) -> Array:
        x = x + grouped_attention(w, RMS(w, x, 1), attend_rotary_before)
        return x + SWIGLU(w, RMS(w, x, 2))

    shapes = {**RMS.shapes(width, 1, 2), **grouped_of(2, width)}
    return program(
        block, {**shapes, **SWIGLU.shapes(width, hidden)}, [(tokens, width)], name="block as in Llama"
    )


def norm_twice(width: int = 2, inner: int = 1, outputs: int = 2, tokens: int = 2, norm: Norm = RMS) -> Model:
    """Two layers of attention with norms before them, a last norm and a head W."""

    def function(w: Weights, x: Array) -> Array:
        for n in (1, 2):
            own = Weights({key[:-2]: w[key] for key in w if key.endswith(f"_{n}")})
            x = x + attention(own, norm(w, x, n), 1)
        return norm(w, x, 3) @ w.W

    shapes = {f"{key}_{n}": s for n in (1, 2) for key, s in heads_of(1, inner, width).items()}
    shapes |= {**norm.shapes(width, 1, 2, 3), "W": (width, outputs)}
    return program(function, shapes, [(tokens, width)], name="norms and attention, twice")
