"""Functions of pytrees, as people write networks in JAX, and how many laws they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

Arrays = Any


@dataclass(frozen=True)
class Case:
    """A function, its parameters and inputs, and its laws: exact ones, and with those up to eps."""

    function: Callable[..., Any]
    params: Any
    inputs: tuple[Any, ...]
    exact: int
    nearly: int
    loss: str = "any"
    missed: tuple[str, ...] = field(default=())


def dense(n: int, m: int) -> dict[str, Arrays]:
    return {"w": np.zeros((n, m)), "b": np.zeros(m)}


def linear(p: dict[str, Arrays], x: Arrays) -> Arrays:
    return x @ p["w"] + p["b"]


X = np.zeros((6, 2))
HIDDEN = {"in": dense(2, 3), "out": dense(3, 2)}


def hidden(act: Callable[[Arrays], Arrays]) -> Callable[..., Arrays]:
    """One layer of hidden neurons, with what is done to them."""
    return lambda p, x: linear(p["out"], act(linear(p["in"], x)))


# attention

SEQUENCE = np.zeros((2, 5, 6))
HEADS = {name: dense(6, 6) for name in "qkvo"}


def attention(softmax: Callable[[Arrays], Arrays], below: float | None = None) -> Callable[..., Arrays]:
    """Two heads, with a causal mask if there is a number for what is masked."""

    def f(p: dict[str, Any], x: Arrays) -> Arrays:
        q, k, v = (linear(p[name], x).reshape(2, 5, 2, 3) for name in "qkv")
        z = jnp.einsum("bqhd,bkhd->bhqk", q, k) / jnp.sqrt(3)
        if below is not None:
            z = jnp.where(jnp.tril(jnp.ones((5, 5), bool)), z, below)
        return linear(p["o"], jnp.einsum("bhqk,bkhd->bqhd", softmax(z), v).reshape(x.shape))

    return f


def by_hand(z: Arrays) -> Arrays:
    e = jnp.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def by_logarithms(z: Arrays) -> Arrays:
    return jnp.exp(z - jax.nn.logsumexp(z, -1, keepdims=True))


def weighted_last(z: Arrays) -> Arrays:
    e = jnp.exp(z)
    return e * (1 / e.sum(-1, keepdims=True))


def masked_twice(z: Arrays) -> Arrays:
    """Where both are masked the difference is 0, not minus infinity."""
    mask = jnp.tril(jnp.ones((5, 5), bool))
    e = jnp.exp(jnp.where(mask, z, -1e38) - jnp.where(mask, z / 2, -1e38))
    return e / e.sum(-1, keepdims=True)


def ratio_of_masked(z: Arrays) -> Arrays:
    """Where it is masked the ratio is 1."""
    low = jnp.where(jnp.tril(jnp.ones((5, 5), bool)), z, -1e38)
    e = jnp.exp(low - jax.lax.stop_gradient(low.T.T))
    return e / e.sum(-1, keepdims=True)


def mask_taken_off(z: Arrays) -> Arrays:
    e = jnp.exp(1 - jnp.where(jnp.tril(jnp.ones((5, 5), bool)), z, -1e38))
    return e / e.sum(-1, keepdims=True)


def no_softmax(z: Arrays) -> Arrays:
    """Divided by the sums of something else."""
    e = jnp.exp(z)
    return e / jnp.exp(2 * z).sum(-1, keepdims=True)


def half_softmax(z: Arrays) -> Arrays:
    e = jnp.exp(z)
    return e / jnp.sqrt(e.sum(-1, keepdims=True))


# normalisations


def layer_norm(x: Arrays, eps: float = 1e-5) -> Arrays:
    centred = x - x.mean(-1, keepdims=True)
    return centred / jnp.sqrt((centred**2).mean(-1, keepdims=True) + eps)


def layer_norm_of_variance(x: Arrays, eps: float = 1e-5) -> Arrays:
    return (x - x.mean(-1, keepdims=True)) / jnp.sqrt(x.var(-1, keepdims=True) + eps)


def layer_norm_of_moments(x: Arrays, eps: float = 1e-5) -> Arrays:
    mean = jnp.mean(x, -1)[..., None]
    variance = jnp.mean(x * x, -1)[..., None] - mean**2
    return (x - mean) * jax.lax.rsqrt(jnp.maximum(variance, 0) + eps)


def no_variance(x: Arrays) -> Arrays:
    """The square of half the mean is taken off."""
    mean = jnp.mean(x, -1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) - (mean / 2) ** 2)


def no_variance_of_sums(x: Arrays) -> Arrays:
    """Sums in place of averages."""
    centred = x - x.mean(-1, keepdims=True)
    return centred / jnp.sqrt(jnp.abs(jnp.sum(x * x, -1, keepdims=True) - jnp.sum(x, -1, keepdims=True) ** 2))


def no_variance_of_both(x: Arrays) -> Arrays:
    """A sum of squares, and an average."""
    return (x - x.mean(-1, keepdims=True)) * jax.lax.rsqrt(
        jnp.sum(x * x, -1, keepdims=True) - jnp.mean(x, -1, keepdims=True) ** 2
    )


def no_variance_of_two(x: Arrays) -> Arrays:
    """The average of something else."""
    mean, other = (jnp.mean(y, -1, keepdims=True) for y in (x, x / 2))
    return (x - mean) * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) - other**2)


def rms_norm(x: Arrays, eps: float = 1e-6) -> Arrays:
    return x * jax.lax.rsqrt(jnp.mean(jnp.square(x), -1, keepdims=True) + eps)


def unit(x: Arrays) -> Arrays:
    return x / jnp.linalg.norm(x, axis=-1, keepdims=True)


NORMED = {**HIDDEN, "g": np.zeros(3), "c": np.zeros(3)}


def gained(norm: Callable[[Arrays], Arrays]) -> Callable[..., Arrays]:
    return lambda p, x: linear(p["out"], jnp.tanh(norm(linear(p["in"], x)) * p["g"] + p["c"]))


# convolutions

IMAGES = np.zeros((2, 8, 8, 2))
KERNELS = {"a": np.zeros((3, 3, 2, 4)), "b": np.zeros(4), "c": np.zeros((3, 3, 4, 3)), "d": np.zeros((48, 2))}
SIGNALS = np.zeros((2, 8, 2))


def convolved(x: Arrays, w: Arrays, **options: Any) -> Arrays:
    letters = "NHWC", "HWIO", "NHWC"
    if x.ndim == 3:
        letters = "NWC", "WIO", "NWC"
    options = {"window_strides": (1,) * (x.ndim - 2), "padding": "SAME"} | options
    return jax.lax.conv_general_dilated(x, w, dimension_numbers=letters, **options)


def pooled(how: str) -> Callable[..., Arrays]:
    start, op = (-jnp.inf, jax.lax.max) if how == "max" else (0.0, jax.lax.add)

    def f(p: dict[str, Arrays], x: Arrays) -> Arrays:
        x = jax.nn.relu(convolved(x, p["a"]) + p["b"])
        x = jax.lax.reduce_window(x, start, op, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        return jax.nn.relu(convolved(x, p["c"])).reshape(2, -1) @ p["d"]

    return f


def up_again(p: dict[str, Arrays], x: Arrays) -> Arrays:
    down = jax.nn.relu(convolved(x, p["a"], window_strides=(2,)))
    return jax.lax.conv_transpose(down, p["b"], (2,), "SAME", dimension_numbers=("NWC", "WIO", "NWC"))


def depthwise(p: dict[str, Arrays], x: Arrays) -> Arrays:
    x = jax.nn.relu(convolved(x, p["a"]))
    return jax.nn.relu(convolved(x, p["b"], feature_group_count=4)) @ p["c"]


# recurrent networks

STEPS = np.zeros((5, 2))
CELL = {"w": np.zeros((2, 3)), "u": np.zeros((3, 3)), "bi": np.zeros(3), "bh": np.zeros(3), "o": dense(3, 2)}
GATES = {"w": np.zeros((3, 2, 3)), "u": np.zeros((3, 3, 3)), "bi": np.zeros((3, 3)), "bh": np.zeros((3, 3))}


def recurrent(act: Callable[[Arrays], Arrays]) -> Callable[..., Arrays]:
    def f(p: dict[str, Any], xs: Arrays) -> Arrays:
        def step(h: Arrays, x: Arrays) -> tuple[Arrays, Arrays]:
            h = act(x @ p["w"] + p["bi"] + h @ p["u"] + p["bh"])
            return h, h

        return linear(p["o"], jax.lax.scan(step, jnp.zeros(3), xs)[1])

    return f


def gated(p: dict[str, Any], xs: Arrays) -> Arrays:
    def step(h: Arrays, x: Arrays) -> tuple[Arrays, Arrays]:
        left, right = (
            jnp.einsum("i,kij->kj", v, p[w]) + p[b] for v, w, b in ((x, "w", "bi"), (h, "u", "bh"))
        )
        reset, update = jax.nn.sigmoid(left[0] + right[0]), jax.nn.sigmoid(left[1] + right[1])
        h = (1 - update) * jnp.tanh(left[2] + reset * right[2]) + update * h
        return h, h

    return linear(p["o"], jax.lax.scan(step, jnp.zeros(3), xs, reverse=True)[1])


LAYERS = {"in": dense(2, 4), "w": np.zeros((3, 4, 4)), "b": np.zeros((3, 4)), "out": dense(4, 2)}


def scanned_layers(p: dict[str, Any], x: Arrays, reverse: bool = False) -> Arrays:
    def layer(h: Arrays, own: dict[str, Arrays]) -> tuple[Arrays, None]:
        return jax.nn.relu(h @ own["w"] + own["b"]), None

    start, layers = jax.nn.relu(linear(p["in"], x)), {k: p[k] for k in "wb"}
    return linear(p["out"], jax.lax.scan(layer, start, layers, reverse=reverse)[0])


# embeddings

TOKENS = np.array([[1, 2, 6], [0, 3, 3]])
TABLE = np.zeros((7, 4))
LANGUAGE = {"e": TABLE, "a": dense(4, 5), "b": dense(5, 4)}


def language(head: str) -> Callable[..., Arrays]:
    def f(p: dict[str, Any], tokens: Arrays) -> Arrays:
        x = jnp.take(p["e"], tokens, axis=0)
        return (x + linear(p["b"], jax.nn.relu(linear(p["a"], x)))) @ p[head].T

    return f


# others


def stopped(p: dict[str, Any], x: Arrays) -> Arrays:
    """The gates are computed, but not differentiated."""
    h = linear(p["in"], x)
    return linear(p["out"], jax.nn.relu(h) * jax.lax.stop_gradient(jnp.tanh(h)))


def branches(p: dict[str, Any], x: Arrays) -> Arrays:
    h = linear(p["in"], x)
    return linear(p["out"], jax.lax.cond(x[0, 0] > 0, jax.nn.relu, lambda y: 2 * y, h))


def spectrum(p: dict[str, Any], x: Arrays) -> Arrays:
    return jnp.abs(jnp.fft.fft(linear(p["in"], x)))


def repeated(p: dict[str, Any], x: Arrays) -> Arrays:
    """As often as data says."""
    start = linear(p["in"], x)
    return jax.lax.while_loop(
        lambda s: s[0] < x[0, 0], lambda s: (s[0] + 1, jax.nn.relu(s[1])), (0.0, start)
    )[1]


def updated(p: dict[str, Any], x: Arrays) -> Arrays:
    h = jax.nn.relu(linear(p["in"], x))
    return linear(p["out"], jax.lax.dynamic_update_slice(h, h[1:3] * 2, (2, 0)))


def messages(p: dict[str, Any], x: Arrays) -> Arrays:
    h = jax.nn.relu(linear(p["in"], x))
    return linear(p["out"], jax.ops.segment_sum(h, np.array([0, 1, 0, 1, 2, 2]), 3))


def experts(p: dict[str, Any], x: Arrays) -> Arrays:
    gates, chosen = jax.lax.top_k(linear(p["router"], x), 2)
    made = jnp.einsum("nf,efh->neh", x, p["up"])
    made = jnp.einsum("neh,eho->neo", jax.nn.relu(made), p["down"])
    return (jnp.take_along_axis(made, chosen[..., None], 1) * jax.nn.softmax(gates)[..., None]).sum(1)


EXPERTS = {"router": dense(2, 3), "up": np.zeros((3, 2, 4)), "down": np.zeros((3, 4, 2))}

DEPTHWISE = {"a": np.zeros((3, 2, 4)), "b": np.zeros((3, 1, 4)), "c": np.zeros((4, 2))}

CASES = {
    "relu": Case(hidden(jax.nn.relu), HIDDEN, (X,), 3, 3),
    "relu, classes": Case(hidden(jax.nn.relu), HIDDEN, (X,), 7, 7, "cross-entropy"),
    "leaky relu": Case(hidden(jax.nn.leaky_relu), HIDDEN, (X,), 3, 3),
    "squared relu": Case(hidden(lambda x: jax.nn.relu(x) ** 2), HIDDEN, (X,), 3, 3),
    "the larger of two": Case(hidden(lambda x: jnp.maximum(x, x / 9)), HIDDEN, (X,), 3, 3),
    "cubes": Case(hidden(lambda x: x**3), HIDDEN, (X,), 3, 3),
    "logarithms": Case(hidden(lambda x: jnp.log(jnp.abs(x))), HIDDEN, (X,), 0, 0),
    "at least infinity": Case(hidden(lambda x: jnp.maximum(x, jnp.inf)), HIDDEN, (X,), 0, 0),
    "zeros around": Case(hidden(lambda x: jnp.pad(jax.nn.relu(x), ((1, 1), (0, 0)))), HIDDEN, (X,), 3, 3),
    "ones around": Case(
        hidden(lambda x: jnp.pad(jax.nn.relu(x), ((1, 1), (0, 0)), constant_values=1)), HIDDEN, (X,), 0, 0,
        missed=("padded with something else than 0",),
    ),
    "relu6": Case(hidden(jax.nn.relu6), HIDDEN, (X,), 0, 0),
    "linear": Case(hidden(lambda x: x), HIDDEN, (X,), 6, 6),
    "gelu": Case(hidden(jax.nn.gelu), HIDDEN, (X,), 0, 0),
    "gelu, classes": Case(hidden(jax.nn.gelu), HIDDEN, (X,), 4, 4, "cross-entropy"),
    "silu": Case(hidden(jax.nn.silu), HIDDEN, (X,), 0, 0),
    "tanh": Case(hidden(jnp.tanh), HIDDEN, (X,), 0, 0),
    "log softmax": Case(lambda p, x: jax.nn.log_softmax(linear(p["in"], x)), {"in": dense(2, 3)}, (X,), 3, 3),
    "attention": Case(attention(jax.nn.softmax), HEADS, (SEQUENCE,), 30, 30),
    "attention by hand": Case(attention(by_hand), HEADS, (SEQUENCE,), 30, 30),
    "attention by logarithms": Case(attention(by_logarithms), HEADS, (SEQUENCE,), 30, 30),
    "attention, weights last": Case(attention(weighted_last), HEADS, (SEQUENCE,), 30, 30),
    "masked attention": Case(attention(jax.nn.softmax, -jnp.inf), HEADS, (SEQUENCE,), 30, 30),
    "masked attention by hand": Case(attention(by_hand, -1e38), HEADS, (SEQUENCE,), 30, 30),
    "masked by a large number": Case(attention(jax.nn.softmax, -1e9), HEADS, (SEQUENCE,), 24, 24),
    "two masks": Case(attention(masked_twice), HEADS, (SEQUENCE,), 24, 24),
    "a ratio of masked ones": Case(attention(ratio_of_masked), HEADS, (SEQUENCE,), 24, 24),
    "a mask taken off": Case(attention(mask_taken_off), HEADS, (SEQUENCE,), 24, 24),
    "no softmax": Case(attention(no_softmax), HEADS, (SEQUENCE,), 24, 24),
    "half a softmax": Case(attention(half_softmax), HEADS, (SEQUENCE,), 24, 24),
    "layer norm": Case(hidden(layer_norm), HIDDEN, (X,), 5, 6),
    "layer norm, no eps": Case(hidden(lambda x: layer_norm(x, 0)), HIDDEN, (X,), 6, 6),
    "layer norm of var": Case(gained(layer_norm_of_variance), NORMED, (X,), 3, 4),
    "layer norm of moments": Case(gained(layer_norm_of_moments), NORMED, (X,), 3, 4),
    "moments, no eps": Case(hidden(lambda x: layer_norm_of_moments(x, 0)), HIDDEN, (X,), 6, 6),
    "no variance": Case(hidden(no_variance), HIDDEN, (X,), 3, 3),
    "no variance of sums": Case(hidden(no_variance_of_sums), HIDDEN, (X,), 3, 3),
    "no variance of both": Case(hidden(no_variance_of_both), HIDDEN, (X,), 3, 3),
    "no variance of two": Case(hidden(no_variance_of_two), HIDDEN, (X,), 3, 3),
    "rms norm": Case(gained(rms_norm), NORMED, (X,), 0, 1),
    "rms norm, no eps": Case(hidden(lambda x: rms_norm(x, 0)), HIDDEN, (X,), 1, 1),
    "unit vectors": Case(hidden(unit), HIDDEN, (X,), 1, 1),
    "largest pooled": Case(pooled("max"), KERNELS, (IMAGES,), 7, 7),
    "averages pooled": Case(pooled("mean"), KERNELS, (IMAGES,), 7, 7),
    "transposed convolution": Case(
        up_again, {"a": np.zeros((3, 2, 4)), "b": np.zeros((3, 4, 2))}, (SIGNALS,), 4, 4
    ),
    "depthwise": Case(depthwise, DEPTHWISE, (SIGNALS,), 8, 8),
    "recurrent relu": Case(recurrent(jax.nn.relu), CELL, (STEPS,), 6, 6),
    "recurrent tanh": Case(recurrent(jnp.tanh), CELL, (STEPS,), 3, 3),
    "too many steps": Case(
        recurrent(jnp.tanh), CELL, (np.zeros((65, 2)),), 0, 0,
        missed=("a scan of 65 steps; at most 64 are unrolled",),
    ),
    "gates": Case(gated, {**GATES, "o": dense(3, 2)}, (STEPS,), 6, 6),
    "scanned layers": Case(scanned_layers, LAYERS, (X,), 16, 16),
    "layers backwards": Case(lambda p, x: scanned_layers(p, x, reverse=True), LAYERS, (X,), 16, 16),
    "tied embedding": Case(language("e"), LANGUAGE, (TOKENS,), 5, 5, "cross-entropy"),
    "tied leaves": Case(language("h"), {**LANGUAGE, "h": TABLE}, (TOKENS,), 5, 5, "cross-entropy"),
    "untied": Case(language("h"), {**LANGUAGE, "h": np.zeros((7, 4))}, (TOKENS,), 19, 19, "cross-entropy"),
    "stopped gradients": Case(stopped, HIDDEN, (X,), 3, 3),
    "branches": Case(branches, HIDDEN, (X,), 3, 3),
    "a slice written": Case(updated, HIDDEN, (X,), 3, 3),
    "messages": Case(messages, HIDDEN, (X,), 3, 3),
    "experts": Case(experts, EXPERTS, (X,), 15, 15),
    "complex numbers": Case(
        spectrum, HIDDEN, (X,), 0, 0, missed=("convert_element_type: complex numbers", "fft: complex numbers")
    ),
    "a loop": Case(repeated, HIDDEN, (X,), 0, 0, missed=("a loop whose length data may say",)),
}  # fmt: skip
