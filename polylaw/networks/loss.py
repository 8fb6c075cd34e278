"""What losses see of the outputs of a network."""

from __future__ import annotations

from collections.abc import Callable

from polylaw.networks.graph import Graph, Value


def _any(graph: Graph, output: Value) -> None:
    graph.output(output)


def _cross_entropy(graph: Graph, output: Value) -> None:
    """Softmax cross-entropy over the last axis: a constant added there changes nothing."""
    graph.output(output, len(output.shape) - 1 if output.shape else None)


#: By name, what declares an output of a network.  Squares of differences to targets see everything.
LOSSES: dict[str, Callable[[Graph, Value], None]] = {
    "any": _any,
    "mse": _any,
    "cross-entropy": _cross_entropy,
}
