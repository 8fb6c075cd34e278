"""Lengths as programs write them: roots of sums or averages of squares, with a small number added."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from polylaw.networks.graph import Graph, Value
from polylaw.networks.nodes import Operation, Unknown, View
from polylaw.networks.rules.entrywise import Homogeneous
from polylaw.networks.rules.lengths import Length
from polylaw.networks.rules.sums import Sum

#: Up to here a number that is added to a length only keeps it from 0.
_SMALL = Fraction(1, 1000)


def _squared(graph: Graph, x: Value) -> Value | None:
    """The value of which this is the square, and says so: other functions have degree 2, too."""
    node, meaning = graph.nodes[x.number], graph.meanings.get(x.number)
    if not isinstance(node, Operation) or node.rule != Homogeneous(node.rule.labels, Fraction(2)):
        return None
    if meaning is None or meaning.name != "power":
        return None
    [number] = node.sources
    return Value(number, graph.nodes[number].shape)


def total(graph: Graph, x: Value, axes: Sequence[int], *, keep: bool = False, mean: bool = False) -> Value:
    """The sum, or the average, over axes: of squares it is the square of a length."""
    base = _squared(graph, x)
    if base is not None:
        return graph.power(graph.length(base, axes, keep=keep), 2, "power")
    return graph.mean(x, axes, keep=keep) if mean else graph.total(x, axes, keep=keep)


def is_length(graph: Graph, x: Value) -> bool:
    """Whether it is a multiple of a power of a length."""
    node = graph.nodes[x.number]
    while isinstance(node, View) or (isinstance(node, Operation) and _is_power(node)):
        node = graph.nodes[node.sources[0]]
    return isinstance(node, Operation) and isinstance(node.rule, Length)


def _is_power(node: Operation) -> bool:
    """Whether it is a power, or a multiple, of one value."""
    if isinstance(node, Unknown):
        return False
    return isinstance(node.rule, Homogeneous) or (isinstance(node.rule, Sum) and len(node.sources) == 1)


def kept_from_zero(graph: Graph, x: Value, number: Fraction | None) -> Value | None:
    """x with a number that is added, or that it is at least, if x is a length and the number so small that
    nothing else can be meant; else None."""
    if number is not None and 0 < number <= _SMALL and is_length(graph, x):
        return graph.add([x], eps=True)
    return None


def plus(graph: Graph, x: Value, number: Fraction | None, factor: Fraction | int = 1) -> Value:
    """A multiple of x, and a number, which is None where it is not finite."""
    if number == 0:
        return graph.add([x], [factor])
    near = kept_from_zero(graph, x, number) if factor == 1 else None
    return graph.add([x, graph.fixed(())], [factor, 1]) if near is None else near
