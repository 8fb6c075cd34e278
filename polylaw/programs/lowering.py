"""The tape of a graph every operation of which says what it computes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

import numpy as np

from polylaw.errors import InputError
from polylaw.models.model import bounded_size
from polylaw.networks.graph import Graph
from polylaw.networks.meeting import Labels
from polylaw.networks.nodes import Concatenation, Node, Operation, Source, View
from polylaw.networks.rules.entrywise import Exponential, Homogeneous, Logarithm
from polylaw.networks.rules.lengths import Length
from polylaw.networks.rules.products import Product
from polylaw.networks.rules.sums import Sum
from polylaw.networks.tensors import Kind
from polylaw.programs.functions import FUNCTIONS
from polylaw.programs.tape import Tape

#: Every entry is a number in Python on the way.
_MOST_ENTRIES = 2_000_000


def lowered(graph: Graph) -> tuple[Tape, list[int]]:
    """The tape, and the steps that the loss is a function of.  Raises `InputError` for an operation that does
    not say what it computes."""
    lowering = _Lowering(graph)
    outputs = [graph.nodes[value.number].sources for value in graph.outputs]
    return lowering.tape, [lowering.step(k) for sources in outputs for k in sources]


class _Lowering:
    def __init__(self, graph: Graph) -> None:
        self.graph, self.tape = graph, Tape()
        self.steps: dict[int, int] = {}
        self.entries = 0

    def step(self, number: int) -> int:
        """The step that a node is."""
        todo = [number]
        while todo:
            k = todo[-1]
            missing = [s for s in self.graph.nodes[k].sources if s not in self.steps]
            if k in self.steps or not missing:
                todo.pop()
                if k not in self.steps:
                    self.steps[k] = self._lowered(k, self.graph.nodes[k])
            todo += missing
        return self.steps[number]

    def _lowered(self, k: int, node: Node) -> int:
        self.entries += prod(node.shape)
        bounded_size(self.entries, "entries of the arrays of a program", _MOST_ENTRIES)
        sources = [self.steps[s] for s in node.sources]
        if isinstance(node, Source):
            return self._source(k, node)
        if isinstance(node, View):
            [x] = sources
            numbers = np.arange(self.tape.steps[x].size).reshape(self.tape.shape(x))
            return self.tape.take([x], node.how(numbers))
        if isinstance(node, Concatenation):
            return self._joined(sources, node.axis)
        assert isinstance(node, Operation)
        return self._operation(k, node, sources)

    def _source(self, k: int, node: Source) -> int:
        meaning = self.graph.meanings.get(k)
        if node.origin.kind is Kind.PARAMETER:
            return self.tape.parameter(node.origin.name, node.shape)
        if node.origin.kind is Kind.ZERO:
            return self.tape.number(Fraction(0), node.shape)
        if meaning is not None and meaning.name == "constant":
            return self.tape.constant(node.shape, meaning.numbers)
        return self.tape.data(f"input {k}", node.shape)

    def _joined(self, sources: Sequence[int], axis: int) -> int:
        parts, start = [], 0
        for x in sources:
            parts.append(start + np.arange(self.tape.steps[x].size).reshape(self.tape.shape(x)))
            start += self.tape.steps[x].size
        return self.tape.take(sources, np.concatenate(parts, axis))

    def _operation(self, k: int, node: Operation, sources: list[int]) -> int:
        t, rule, meaning = self.tape, node.rule, self.graph.meanings.get(k)
        if meaning is not None and meaning.name in FUNCTIONS:
            return FUNCTIONS[meaning.name](t, sources[0], *meaning.numbers)
        if isinstance(rule, Product):
            powers = rule.powers or (Fraction(1),) * len(sources)
            raised = [self._power(x, c) for x, c in zip(sources, powers, strict=True)]
            return self._product(raised, rule.labels, node.shape)
        if isinstance(rule, Sum) and not rule.eps and type(node) is Operation:
            wide = [
                self._wide(x, n, rule.labels[-1], node.shape)
                for x, n in zip(sources, rule.labels, strict=False)
            ]
            return t.add_up(wide, rule.weights)
        if isinstance(rule, (Exponential, Logarithm)):
            return t.exp(sources[0]) if isinstance(rule, Exponential) else t.log(sources[0])
        if isinstance(rule, Homogeneous) and meaning is not None and meaning.name == "power":
            return self._power(sources[0], rule.degree)
        if isinstance(rule, Length) and meaning is not None:
            return self._length(sources[0], rule.labels, *meaning.numbers)
        what = node.what or (meaning.name if meaning else type(rule).__name__.lower())
        hint = f"known are {', '.join(FUNCTIONS)}, and sums, products, powers, exp and log"
        raise InputError("program", what, "an operation that says what it computes", hint)

    def _power(self, x: int, exponent: Fraction) -> int:
        """x^k for a multiple k of 1/2."""
        t = self.tape
        if exponent.denominator == 2:
            x, exponent = t.root(x), 2 * exponent
        if exponent.denominator > 1 or abs(exponent) > 64:
            raise InputError("program", f"the power {exponent}", "a multiple of 1/2, at most 64")
        if exponent < 0:
            x, exponent = t.inverse(x), -exponent
        found = x
        for _ in range(int(exponent) - 1):
            found = t.multiply(found, x)
        return found if exponent else t.number(Fraction(1), t.shape(x))

    def _squeezed(self, x: int, names: Labels, sizes: dict[int, int]) -> tuple[int, Labels]:
        """Without axes of one index where others have more."""
        shape = self.tape.shape(x)
        left = tuple(k for k, n in zip(names, shape, strict=True) if n == sizes[k])
        return self.tape.reshape(x, tuple(sizes[k] for k in left)), left

    def _product(self, sources: list[int], labels: Sequence[Labels], shape: Sequence[int]) -> int:
        t, sizes, result = self.tape, dict[int, int](), tuple(labels[-1])
        for x, names in zip(sources, labels, strict=False):
            for label, n in zip(names, t.shape(x), strict=True):
                sizes[label] = max(sizes.get(label, 1), n)
        factors = [self._squeezed(x, names, sizes) for x, names in zip(sources, labels, strict=False)]
        x, names = factors[0]
        for k, (y, others) in enumerate(factors[1:], 2):
            later = {label for _, rest in factors[k:] for label in rest} | set(result)
            kept = tuple(label for label in dict.fromkeys((*names, *others)) if label in later)
            x, names = t.contract([x, y], [names, others], kept), kept
        reached = tuple(label for label in result if label in names)
        x = t.contract([x], [names], reached)
        return t.expand(x, reached, result, shape)

    def _wide(self, x: int, names: Labels, result: Labels, shape: Sequence[int]) -> int:
        x, left = self._squeezed(x, names, dict(zip(result, shape, strict=True)))
        return self.tape.expand(x, left, result, shape)

    def _length(self, x: int, labels: Sequence[Labels], scale: Fraction, eps: Fraction) -> int:
        t, [names, result] = self.tape, labels
        squares = t.add_up([t.contract([x, x], [names, names], result)], [scale])
        if eps:
            squares = t.add_up([squares, t.number(eps, t.shape(squares))])
        return t.root(squares)
