"""Small networks: outputs as functions of lists of parameters and of data."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.programs.twice import exp, log, normal, sqrt, tanh

Vector = list[Any]


def parts(w: Any, *sizes: int) -> list[Vector]:
    """Parameters in pieces of these sizes."""
    found, start = [], 0
    for n in sizes:
        found.append(list(w[start : start + n]))
        start += n
    assert start == len(w)
    return found


def dot(a: Any, b: Any) -> Any:
    return sum(s * t for s, t in zip(a, b, strict=True))


def sigmoid(z: Any) -> Any:
    return 1 / (1 + exp(-z))


def softmax(z: Vector) -> Vector:
    return [exp(v) / sum(map(exp, z)) for v in z]


def sigmoids(z: Vector) -> Vector:
    return [sigmoid(v) for v in z]


def shares(z: Vector) -> Vector:
    return [sigmoid(v) / sum(map(sigmoid, z)) for v in z]


def silu(z: Any) -> Any:
    return z * sigmoid(z)


def gelu(z: Any) -> Any:
    return z * normal(z)


def times(x: Vector, matrix: Vector) -> Vector:
    """A row times a matrix, whose entries are listed by rows."""
    columns = len(matrix) // len(x)
    return [dot(x, matrix[j::columns]) for j in range(columns)]


def layers(act: Callable[[Any], Any], *widths: int) -> Callable[[Any, Any], Vector]:
    """A deep network."""

    def network(w: Any, x: Any) -> Vector:
        y = list(x)
        matrices = parts(w, *(a * b for a, b in pairwise(widths)))
        for k, matrix in enumerate(matrices, 1):
            y = times(y, matrix)
            y = y if k == len(matrices) else [act(v) for v in y]
        return y

    return network


def attention(w: Any, x: Any) -> Vector:
    """One head of one entry, for two tokens of two; with biases q, k, v, o if there are more parameters."""
    q, k, v, o, *rest = parts(w, 2, 2, 2, 2, *((1, 1, 1, 2) if len(w) > 8 else ()))
    a, b, c, last = rest or ([0], [0], [0], [0, 0])
    tokens, outputs = [x[:2], x[2:]], []
    for token in tokens:
        scores = [(dot(q, token) + a[0]) * (dot(k, other) + b[0]) for other in tokens]
        value = dot(softmax(scores), [dot(v, other) + c[0] for other in tokens])
        outputs += [value * o[0] + last[0], value * o[1] + last[1]]
    return outputs


def stacked(w: Any, x: Any) -> Vector:
    """Two such layers without biases, each added to what it reads."""
    for own in (w[:8], w[8:]):
        x = [a + b for a, b in zip(x, attention(own, x), strict=True)]
    return list(x)


def rotary(w: Any, x: Any) -> Vector:
    """One head of two entries; the second token is turned by the angle with cosine 3/5."""
    q, k, v, o = parts(w, 4, 4, 4, 4)
    tokens, outputs = [x[:2], x[2:]], []

    def read(matrix: Vector, token: Vector) -> Vector:
        return [dot(matrix[:2], token), dot(matrix[2:], token)]

    def turned(y: Vector, n: int) -> Vector:
        cos, sin = 0.6, 0.8
        return [cos * y[0] - sin * y[1], sin * y[0] + cos * y[1]] if n else y

    keys = [turned(read(k, token), n) for n, token in enumerate(tokens)]
    for n, token in enumerate(tokens):
        shared = softmax([dot(turned(read(q, token), n), key) for key in keys])
        value = [dot(shared, row) for row in zip(*(read(v, other) for other in tokens), strict=True)]
        outputs += times(value, o)
    return outputs


def mixture(gate: Callable[[Vector], Vector]) -> Callable[[Any, Any], Vector]:
    """Two linear experts."""

    def network(w: Any, x: Any) -> Vector:
        gates, experts = [w[0:2], w[2:4]], [w[4:6], w[6:8]]
        return [dot(gate([dot(g, x) for g in gates]), [dot(e, x) for e in experts])]

    return network


def normed(width: int, centred: bool, eps: Any) -> Callable[[Any, Any], Vector]:
    """An embedding of two symbols, a norm, and a head of one output."""

    def network(w: Any, x: Any) -> Vector:
        e, g, *b, head = parts(w, 2 * width, *([width] * (3 if centred else 2)))
        y = times(list(x), e)
        y = [v - sum(y) / width for v in y] if centred else y
        y = [v * s / sqrt(dot(y, y) / width + eps) for v, s in zip(y, g, strict=True)]
        y = [v + s for v, s in zip(y, b[0], strict=True)] if centred else y
        return [dot(y, head)]

    return network


def embedded(w: Any, x: Any) -> Vector:
    """Two symbols, an embedding of width two, a SiLU unit after RMSNorm, RMSNorm, and a head."""
    e, g, u, v, f, head = parts(w, 4, 2, 2, 2, 2, 2)
    y = times(list(x), e)
    unit = silu(dot(rms(y, g), u))
    return [dot(rms([a + unit * b for a, b in zip(y, v, strict=True)], f), head)]


def rms(y: Vector, gains: Vector) -> Vector:
    """RMSNorm with eps = 0."""
    return [a * g / sqrt(dot(y, y) / len(y)) for a, g in zip(y, gains, strict=True)]


def lstm(w: Any, x: Any) -> Vector:
    """One entry, two steps, two biases; four gates i, f, g, o with W, R, b_ih, b_hh each."""
    gates = parts(w, 4, 4, 4, 4)
    h = c = 0
    outputs = []
    for data in x:
        i, f, g, o = (a * data + r * h + b + d for a, r, b, d in gates)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c)
        outputs.append(h)
    return outputs


def gru(w: Any, x: Any) -> Vector:
    """The same with gates r, z, n."""
    gates, h, outputs = parts(w, 4, 4, 4), 0, []
    for data in x:
        (r, z, n), (a, b, c) = (
            [a * data + b for a, _, b, _ in gates],
            [r * h + d for _, r, _, d in gates],
        )
        z = sigmoid(z + b)
        h = (1 - z) * tanh(n + sigmoid(r + a) * c) + z * h
        outputs.append(h)
    return outputs


def state_space(w: Any, x: Any) -> Vector:
    """One state, two steps: A, B, C, D."""
    a, b, c, d = w
    h, outputs = 0, []
    for data in x:
        step = log(1 + exp(data * d))
        h = exp(-step * exp(a)) * h + step * data * b
        outputs.append(h * data * c)
    return outputs


def weight_norm(w: Any, x: Any) -> Vector:
    """One SiLU unit whose weights have the length g."""
    v, [g], [out] = parts(w, 2, 1, 1)
    return [silu(dot(v, x) * g / sqrt(dot(v, v))) * out]


def batch_norm(channels: int) -> Callable[[Any, Any], Vector]:
    """A convolution of two places over three items of three places, BatchNorm, SiLU, and a convolution."""

    def network(w: Any, x: Any) -> Vector:
        kernels, bias, gain, shift, out = parts(w, 2 * channels, *[channels] * 3, 2 * channels)
        outputs = [0] * 3
        for c in range(channels):
            kernel, places = kernels[2 * c : 2 * c + 2], (3 * n + k for n in range(3) for k in (0, 1))
            y = [dot(kernel, x[p : p + 2]) + bias[c] for p in places]
            y = [v - sum(y) / 6 for v in y]
            y = [silu(gain[c] * v / sqrt(dot(y, y) / 6) + shift[c]) for v in y]
            outputs = [s + dot(out[2 * c : 2 * c + 2], y[2 * n : 2 * n + 2]) for n, s in enumerate(outputs)]
        return outputs

    return network
