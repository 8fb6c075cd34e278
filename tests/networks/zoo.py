"""The families of the zoo as networks: what a module computes from data x, operation by operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from polylaw.models.spec import Spec
from polylaw.networks.graph import Graph, Value
from polylaw.networks.loss import LOSSES

#: Rows of data, and places of a signal.
ROWS, PLACES = 5, 9

#: A graph, its parameters by name, and the arguments of the spec by name.
Network = Callable[..., Value]
Weights = Mapping[str, Value]


def network_of(spec: str) -> Graph:
    """The graph of a model of the zoo, whose parameters are called as the arrays of the model are."""
    read, graph = Spec.parse(spec), Graph()
    family = read.family.name.replace("-", "_")
    parameters = {name: graph.parameter(name, shape) for name, shape in read.model().arrays.items()}
    output = globals()[f"_{family}"](graph, parameters, **read.arguments)
    LOSSES["cross-entropy" if family == "softmax" else "any"](graph, output)
    return graph


def _times(graph: Graph, x: Value, matrix: Value, *, turned: bool = False) -> Value:
    """x M, or x M' if `turned`, for rows of x."""
    return graph.contract([x, matrix], [(0, 1), (2, 1) if turned else (1, 2), (0, 2)])


def _chain(
    graph: Graph, w: Weights, widths: Sequence[int], act: Callable[[Value], Value], bias: bool
) -> tuple[Value, Value]:
    """x, and x through layers with an activation between them."""
    x = y = graph.fixed((ROWS, widths[0]))
    for k in range(1, len(widths)):
        y = _times(graph, act(y) if k > 1 else y, w[f"U{k}"])
        y = graph.add([y, w[f"b{k}"]]) if bias else y
    return x, y


def _linear(graph: Graph, w: Weights, widths: Sequence[int]) -> Value:
    return _chain(graph, w, widths, lambda x: x, bias=False)[1]


def _relu(graph: Graph, w: Weights, widths: Sequence[int], bias: bool, **_: Any) -> Value:
    return _chain(graph, w, widths, lambda x: graph.power(x, 1), bias)[1]


_leaky_relu = _relu_regions = _relu


def _residual(graph: Graph, w: Weights, widths: Sequence[int], activation: str, bias: bool) -> Value:
    act = (lambda x: x) if activation == "linear" else (lambda x: graph.power(x, 1))
    return graph.add(_chain(graph, w, widths, act, bias))


def _factorization(graph: Graph, w: Weights, n: int, m: int, r: int) -> Value:
    inner = _times(graph, graph.fixed((ROWS, m)), w["V"])
    return _times(graph, inner, w["U"], turned=True)


_nmf = _factorization


def _lora(graph: Graph, w: Weights, n: int, m: int, r: int) -> Value:
    frozen = _times(graph, graph.fixed((ROWS, m)), graph.fixed((m, n)))
    return graph.add([frozen, _factorization(graph, w, n, m, r)])


def _homogeneous(graph: Graph, w: Weights, n: int, r: int, m: int, p: int) -> Value:
    inner = graph.power(_times(graph, graph.fixed((ROWS, m)), w["V"]), p)
    return _times(graph, inner, w["U"], turned=True)


def _icnn(graph: Graph, w: Weights, n: int, r: int, m: int) -> Value:
    inner = graph.add([_times(graph, graph.fixed((ROWS, m)), w["V"]), w["b"]])
    return _times(graph, graph.power(inner, 1), w["U"], turned=True)


def _gated(graph: Graph, w: Weights, n: int, h: int, m: int, act: Any = lambda x: x) -> Value:
    x = graph.fixed((ROWS, m))
    gate, up = (_times(graph, x, w[name], turned=True) for name in "BC")
    return _times(graph, graph.multiply([act(gate), up]), w["A"], turned=True)


def _swiglu(graph: Graph, w: Weights, n: int, h: int, m: int) -> Value:
    return _gated(graph, w, n, h, m, lambda x: graph.opaque([x], x.shape, "silu"))


def _softmax(graph: Graph, w: Weights, n: int, m: int) -> Value:
    return _times(graph, graph.fixed((ROWS, m)), w["theta"], turned=True)


def _normalized(graph: Graph, w: Weights, d: int, g: int) -> Value:
    unit = graph.normalise(w["w"], [1], centred=False, eps=False)
    return _times(graph, graph.fixed((ROWS, d)), unit, turned=True)


def _attention(graph: Graph, w: Weights, d1: int, dim: int, heads: int, vo: bool, rope: bool) -> Value:
    x = graph.fixed((ROWS, dim))
    outputs = []
    for head in [""] if heads == 1 else map(str, range(1, heads + 1)):
        pairs = [f"{head}b{b}" for b in range(1, d1 // 2 + 1)] if rope else [head]
        q, k = ([_times(graph, x, w[letter + pair], turned=True) for pair in pairs] for letter in "QK")
        if rope:
            q, k = ([_rotated(graph, y) for y in ys] for ys in (q, k))
        scores = [_times(graph, a, b, turned=True) for a, b in zip(q, k, strict=True)]
        weights = graph.softmax(graph.add(scores), 1)
        values = _times(graph, x, w[f"V{head}"], turned=True) if vo else x
        mixed = _times(graph, weights, values)
        outputs.append(_times(graph, mixed, w[f"O{head}"]) if vo else mixed)
    return graph.add(outputs) if vo else graph.concatenate(outputs, 1)


def _rotated(graph: Graph, pair: Value) -> Value:
    """Two coordinates turned by an angle for each row: y cos + (-y2, y1) sin."""
    first, second = (graph.narrow(pair, 1, k, k + 1) for k in range(2))
    turned = graph.concatenate([graph.add([second], [-1]), first], 1)
    return graph.add([graph.multiply([y, graph.fixed((ROWS, 1))]) for y in (pair, turned)])


def _conv(graph: Graph, w: Weights, channels: Sequence[int], dim: int, activation: str, **_: Any) -> Value:
    y = graph.fixed((ROWS, channels[0], *(PLACES,) * dim))
    for k in range(1, len(channels)):
        kernel = w[f"W{k}"]
        if k > 1 and activation == "relu":
            y = graph.power(y, 1)
        places, taps = tuple(range(10, 10 + dim)), tuple(range(20, 20 + dim))
        windows = graph.carry(
            y,
            [(0, 1, *range(30, 30 + dim)), (0, 1, *places, *taps)],
            (*y.shape[:2], *(PLACES - k,) * dim, *kernel.shape[2:]),
            linear=True,
            affine=True,
        )
        y = graph.contract([windows, kernel], [(0, 1, *places, *taps), (2, 1, *taps), (0, 2, *places)])
    return y


def _cp(graph: Graph, w: Weights, sizes: Sequence[int], rank: int) -> Value:
    places = range(len(sizes))
    return graph.contract([*w.values()], [*((k, 9) for k in places), tuple(places)])


def _tucker(graph: Graph, w: Weights, sizes: Sequence[int], ranks: Any) -> Value:
    places = range(len(sizes))
    *factors, core = w.values()
    labels = [(k, 10 + k) for k in places]
    return graph.contract([*factors, core], [*labels, tuple(range(10, 10 + len(sizes))), tuple(places)])


def _tt(graph: Graph, w: Weights, sizes: Sequence[int], ranks: Any) -> Value:
    last = len(sizes) - 1
    labels = [(*((9 + k,) * (k > 0)), k, *((10 + k,) * (k < last))) for k in range(len(sizes))]
    return graph.contract([*w.values()], [*labels, tuple(range(len(sizes)))])


def _elementwise(graph: Graph, w: Weights, n: int, depth: int) -> Value:
    weights = graph.multiply([*w.values()])
    return graph.contract([graph.fixed((ROWS, n)), weights], [(0, 1), (1,), (0,)])
