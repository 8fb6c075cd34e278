"""Small networks by hand, that the tests of their certificates share."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from polylaw.networks.graph import Graph, Value

__all__ = ["NETWORKS", "gpt", "linear"]

NETWORKS: dict[str, Callable[[], Graph]] = {}


def network(function: Callable[[Graph], None]) -> Callable[[Graph], None]:
    def build() -> Graph:
        graph = Graph()
        function(graph)
        return graph

    NETWORKS[function.__name__.replace("_", " ")] = build
    return function


def linear(g: Graph, x: Value, name: str, size: int, *, bias: bool = False) -> Value:
    """x W^T + b, along the last axis."""
    n, last = len(x.shape), x.shape[-1]
    w = g.parameter(f"{name}.weight", (size, last))
    y = g.contract([x, w], [tuple(range(n)), (n, n - 1), (*range(n - 1), n)])
    return g.add([y, g.parameter(f"{name}.bias", (size,))]) if bias else y


@network
def relu(g: Graph) -> None:
    hidden = g.power(linear(g, g.fixed((5, 2)), "one", 3, bias=True), 1)
    g.output(linear(g, hidden, "two", 4, bias=True), classes=1)


@network
def squared_relu(g: Graph) -> None:
    g.output(linear(g, g.power(linear(g, g.fixed((5, 2)), "one", 3), 2), "two", 2))


@network
def gelu(g: Graph) -> None:
    hidden = g.opaque([linear(g, g.fixed((5, 2)), "one", 3)], (5, 3), "GELU")
    g.output(linear(g, hidden, "two", 4, bias=True), classes=1)


def _attention(g: Graph, x: Value, place: str = "") -> Value:
    """Two heads of three; queries, keys and values are parts of one matrix."""
    mixed = g.reshape(linear(g, x, f"{place}qkv", 18, bias=True), (4, 3, 2, 3))
    q, k, v = (g.select(mixed, 1, i) for i in range(3))
    scores = g.softmax(g.contract([q, k], [(0, 1, 2), (3, 1, 2), (1, 0, 3)]), 2)
    found = g.contract([scores, v], [(1, 0, 3), (3, 1, 2), (0, 1, 2)])
    return linear(g, g.reshape(found, (4, 6)), f"{place}out", 5, bias=True)


@network
def attention(g: Graph) -> None:
    g.output(_attention(g, g.fixed((4, 5))))


def _norm(g: Graph, x: Value, name: str) -> Value:
    gain, bias = (g.parameter(f"{name}.{kind}", x.shape[-1:]) for kind in ("weight", "bias"))
    return g.add([g.multiply([g.normalise(x, [1], centred=True, eps=True), gain]), bias])


@network
def block(g: Graph) -> None:
    x = linear(g, g.fixed((4, 3)), "in", 5)
    g.output(linear(g, g.add([x, _attention(g, _norm(g, x, "norm"))]), "head", 3), classes=1)


@network
def tied(g: Graph) -> None:
    w = g.parameter("embedding", (6, 4))
    x = g.contract([g.fixed((3, 6)), w], [(0, 1), (1, 2), (0, 2)])
    g.output(g.contract([linear(g, x, "mix", 4), w], [(0, 1), (2, 1), (0, 2)]))


@network
def rms_without_gain(g: Graph) -> None:
    x = linear(g, g.fixed((4, 3)), "in", 5)
    for k in range(2):
        norm = g.normalise(x, [1], centred=False, eps=bool(k))
        x = g.add([x, linear(g, g.power(linear(g, norm, f"up{k}", 3), 1), f"down{k}", 5)])
    g.output(linear(g, g.normalise(x, [1], centred=False, eps=True), "head", 3))


@network
def pieces(g: Graph) -> None:
    """Parts of one parameter one after the other, zeros around them, windows, an average, a maximum."""
    w = g.parameter("w", (2, 6))
    x = g.contract([g.fixed((3, 2)), w], [(0, 1), (1, 2), (0, 2)])
    left, right = g.narrow(x, 1, 0, 2), g.narrow(x, 1, 2, 6)
    wide = g.concatenate([g.zeros((3, 1)), right, left, g.zeros((3, 1))], 1)
    windows = g.carry_along(wide, [1], (3, 3), linear=True, affine=False)
    largest = g.carry(linear(g, windows, "mix", 4), [(0, 1), (1,)], (4,), linear=False, affine=True)
    g.output(g.add([largest, g.parameter("shift", (4,))]))


@network
def weight_norm(g: Graph) -> None:
    v, size = g.parameter("v", (3, 2)), g.parameter("g", (3, 1))
    w = g.multiply([g.normalise(v, [1], centred=False, eps=False), size])
    hidden = g.contract([g.fixed((5, 2)), w], [(0, 1), (2, 1), (0, 2)])
    g.output(linear(g, g.power(hidden, 1), "out", 2))


@network
def means(g: Graph) -> None:
    """Shifts that sums over data, repeated entries and averages take away, or count."""
    a, b = g.parameter("a", (3,)), g.parameter("b", (3,))
    share = g.fixed((4, 2), {1: 1})
    mixed = g.contract([share, g.add([a, g.fixed((4, 2, 3))])], [(0, 1), (0, 1, 2), (0, 2)])
    twice = g.contract([g.expand(b, (2, 3))], [(0, 1), (1,)])
    g.output(g.add([mixed, twice], [2, 1]))
    g.output(g.softmax(linear(g, g.fixed((4, 2)), "w", 3, bias=True), 1))


@network
def primitives(g: Graph) -> None:
    """Softmax and its logarithm in single steps, and a centred result that is added up."""
    x = linear(g, g.fixed((4, 2)), "one", 3, bias=True)
    shares = g.shares(g.exponential(x), 1)
    g.output(linear(g, shares, "two", 5))
    y = linear(g, shares, "three", 4, bias=True)
    total = g.logarithm(g.total(g.exponential(y), [1], keep=True))
    g.output(g.add([y, total], [1, -1]))
    norm = g.normalise(g.opaque([y], y.shape, ""), [1], centred=True, eps=True)
    g.output(g.add([linear(g, norm, "four", 3), g.multiply([g.parameter("gain", (3,)), g.fixed((4, 3))])]))


@network
def parallel(g: Graph) -> None:
    x = g.fixed((4, 2))
    gate = linear(g, x, "gate", 3)
    both = g.multiply([gate, linear(g, x, "up", 3)], [1, Fraction(1, 2)])
    g.output(linear(g, both, "down", 2))


def gpt(layers: int) -> Graph:
    """Embeddings, layers of attention and GELU, and classes."""
    g = Graph()
    x = g.contract([g.fixed((4, 7)), g.parameter("tokens", (7, 5))], [(0, 1), (1, 2), (0, 2)])
    x = g.add([x, g.parameter("positions", (4, 5))])
    for k in range(layers):
        x = g.add([x, _attention(g, _norm(g, x, f"{k}.norm1"), f"{k}.")])
        hidden = linear(g, _norm(g, x, f"{k}.norm2"), f"{k}.up", 8, bias=True)
        x = g.add([x, linear(g, g.opaque([hidden], hidden.shape, "GELU"), f"{k}.down", 5, bias=True)])
    g.output(linear(g, _norm(g, x, "norm"), "head", 7), classes=1)
    return g
