"""A shift before an exponential is a scaling behind it, which quotients do not see."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from polylaw.networks.graph import Graph, Value
from polylaw.networks.laws import laws_of
from polylaw.networks.text import symbol

Scores = Callable[[Graph, Value], Value]


def frozen(scores: Scores, keys: int = 1) -> set[str]:
    """The biases of queries and keys that are frozen in attention with these weights for scores; the keys
    come from so many places."""
    graph = Graph()
    weights = {name: graph.parameter(name, (3, 3)) for name in "qkv"}
    biases = {name: graph.parameter(f"b{name}", (3,)) for name in "qkv"}

    def linear(name: str) -> Value:
        x = graph.fixed((2, 5, 3))
        y = graph.contract([x, weights[name]], [(0, 1, 2), (2, 3), (0, 1, 3)])
        return graph.add([y, biases[name]])

    query, (key, *more), value = linear("q"), [linear("k") for _ in range(keys)], linear("v")
    parts = [graph.contract([query, k], [(0, 1, 2), (0, 3, 2), (0, 1, 3)]) for k in (key, *more)]
    z = graph.concatenate(parts, 2) if more else parts[0]
    p = scores(graph, z)
    value = graph.concatenate([value] * keys, 1) if more else value
    graph.output(graph.contract([p, value], [(0, 1, 2), (0, 2, 3), (0, 1, 3)]))
    return {symbol(view) for view in laws_of(graph).frozen}


def divided(graph: Graph, e: Value, axes: list[int]) -> Value:
    return graph.multiply([e, graph.total(e, axes, keep=True)], [1, -1])


def quotient(graph: Graph, z: Value) -> Value:
    return divided(graph, graph.exponential(z), [2])


def shifted(graph: Graph, z: Value) -> Value:
    """The maximum is data, as for a backward pass that stops there."""
    return quotient(graph, graph.add([z, graph.fixed((2, 5, 1))]))


def masked(graph: Graph, z: Value) -> Value:
    return divided(graph, graph.multiply([graph.exponential(z), graph.fixed((5, 5))]), [2])


def by_logarithm(graph: Graph, z: Value) -> Value:
    sums = graph.total(graph.exponential(z), [2], keep=True)
    return graph.exponential(graph.add([z, graph.logarithm(sums)], [1, -1]))


def of_squares(graph: Graph, z: Value) -> Value:
    """exp(z)^2 / (sum exp(z))^2."""
    e = graph.exponential(z)
    return graph.multiply([graph.power(e, 2), graph.power(graph.total(e, [2], keep=True), 2)], [1, -1])


def by_the_largest(graph: Graph, z: Value) -> Value:
    e = graph.exponential(z)
    largest = graph.carry(e, [(0, 1, 2), (0, 1)], (2, 5), linear=False, affine=True)
    return graph.multiply([e, graph.reshape(largest, (2, 5, 1))], [1, -1])


def of_two(graph: Graph, z: Value) -> Value:
    """Two that are multiplied alike are added before they are divided."""
    e = graph.exponential(z)
    return divided(graph, graph.add([e, graph.multiply([e, graph.fixed((5, 5))])]), [2])


SOFTMAXES: list[Scores] = [quotient, shifted, masked, by_logarithm, of_squares, by_the_largest, of_two]


@pytest.mark.parametrize("scores", SOFTMAXES)
def test_a_shift_of_all_scores_is_not_seen(scores: Scores) -> None:
    assert frozen(scores) == {"bk"}


def test_keys_of_two_places() -> None:
    assert frozen(quotient, 2) == {"bk"}


def of_queries(graph: Graph, z: Value) -> Value:
    return divided(graph, graph.exponential(z), [1])


def test_along_the_other_axis() -> None:
    assert frozen(of_queries) == {"bq"}


def alone(graph: Graph, z: Value) -> Value:
    return graph.exponential(z)


def of_one_sum(graph: Graph, z: Value) -> Value:
    """All queries have the same sum, so what is added must not depend on them, but it does."""
    return divided(graph, graph.exponential(z), [1, 2])


def of_roots(graph: Graph, z: Value) -> Value:
    e = graph.exponential(z)
    return graph.multiply([e, graph.power(graph.total(e, [2], keep=True), Fraction(1, 2))], [1, -1])


def with_one(graph: Graph, z: Value) -> Value:
    """exp(z) / (1 + sum exp(z))."""
    e = graph.exponential(z)
    below = graph.add([graph.total(e, [2], keep=True), graph.fixed(())])
    return graph.multiply([e, below], [1, -1])


def of_another(graph: Graph, z: Value) -> Value:
    """exp(z) / sum exp(2 z)."""
    sums = graph.total(graph.exponential(graph.add([z], [2])), [2], keep=True)
    return graph.multiply([graph.exponential(z), sums], [1, -1])


def twice(graph: Graph, z: Value) -> Value:
    return quotient(graph, graph.exponential(z))


def through_something(graph: Graph, z: Value) -> Value:
    return graph.opaque([graph.exponential(z)], z.shape, "")


def lengths(graph: Graph, z: Value) -> Value:
    e = graph.exponential(z)
    return graph.add([e, graph.length(e, [2], keep=True)])


SEEN: list[Scores] = [alone, of_one_sum, of_roots, with_one, of_another, twice, through_something, lengths]


@pytest.mark.parametrize("scores", SEEN)
def test_a_shift_that_is_seen(scores: Scores) -> None:
    assert frozen(scores) == set()


def a_logarithm_too_many(graph: Graph, z: Value) -> Value:
    return graph.logarithm(graph.exponential(z))


def a_logarithm_of_a_shift(graph: Graph, z: Value) -> Value:
    """log z less log of the first score."""
    one = graph.narrow(z, 2, 0, 1)
    return graph.exponential(graph.add([graph.logarithm(z), graph.logarithm(one)], [1, -1]))


@pytest.mark.parametrize("scores", [a_logarithm_too_many, a_logarithm_of_a_shift])
def test_logarithms(scores: Scores) -> None:
    assert frozen(scores) == set()


def test_only_one_of_two_keys_is_divided() -> None:
    """What is multiplied in one place, and not in the other, is seen in the sum of both."""

    def scores(graph: Graph, z: Value) -> Value:
        first, rest = graph.narrow(z, 2, 0, 5), graph.narrow(z, 2, 5, 10)
        e = graph.exponential(first)
        joined = graph.concatenate([e, graph.opaque([rest], rest.shape, "")], 2)
        return divided(graph, joined, [2])

    assert frozen(scores, 2) == set()
