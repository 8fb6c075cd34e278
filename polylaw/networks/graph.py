"""Graphs of tensor operations: how they are built, and how their axes are refined until they fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np

from polylaw.networks.index import MisfitError, Refinement
from polylaw.networks.meeting import Labels
from polylaw.networks.nodes import (
    Arrangement,
    Concatenation,
    Equation,
    How,
    Meaning,
    Node,
    Operation,
    Source,
    Unknown,
    View,
)
from polylaw.networks.rules.carrying import Carry
from polylaw.networks.rules.entrywise import Exponential, Homogeneous, Logarithm
from polylaw.networks.rules.lengths import Length
from polylaw.networks.rules.products import Product
from polylaw.networks.rules.rule import Rule
from polylaw.networks.rules.sums import Sum
from polylaw.networks.tensors import Kind, Origin, Shape, Tensor, computed
from polylaw.networks.views import expanded, narrowed, permuted, reshaped, selected


@dataclass(frozen=True)
class Value:
    """A value of a graph: the number of its node, and its shape."""

    number: int
    shape: Shape


class Graph:
    """Nodes in the order in which they are computed.

    Every method adds a node and returns its value; `what` names the operation in reports.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.parameters: dict[str, Value] = {}
        self.outputs: list[Value] = []
        #: What nodes are called that are added now.
        self.what = ""
        #: What nodes compute, where their rules leave that open, by their numbers.
        self.meanings: dict[int, Meaning] = {}

    def _add(self, node: Node) -> Value:
        if node.sources and not all(map(prod, (node.shape, *(self.nodes[k].shape for k in node.sources)))):
            node = _unknown(node, "")  # no entries
        node.what = node.what or self.what
        self.nodes.append(node)
        return Value(len(self.nodes) - 1, node.shape)

    def _source(self, kind: Kind, shape: Sequence[int], name: str = "", **more: dict[int, int]) -> Value:
        axes = computed(tuple(shape)).axes
        return self._add(Source((), tuple(shape), origin=Origin(kind, axes, name, **more)))

    def means(self, x: Value, name: str, *numbers: Fraction | int) -> Value:
        """Says what function the node of x computes of its sources."""
        self.meanings[x.number] = Meaning(name, tuple(map(Fraction, numbers)))
        return x

    def parameter(self, name: str, shape: Sequence[int]) -> Value:
        """Entries that are trained.  Raises `ValueError` for a name that another one has."""
        if name in self.parameters:
            raise ValueError(f"two parameters {name}")
        self.parameters[name] = self._source(Kind.PARAMETER, shape, name)
        return self.parameters[name]

    def fixed(self, shape: Sequence[int], adds_up: dict[int, int] | None = None) -> Value:
        """Data, or constants; along the axes in `adds_up` the entries have these sums."""
        return self._source(Kind.FIXED, shape, adds_up=adds_up or {})

    def constant(self, values: Sequence[Fraction | int], shape: Sequence[int]) -> Value:
        """Given numbers, in C order."""
        return self.means(self.fixed(shape), "constant", *values)

    def zeros(self, shape: Sequence[int]) -> Value:
        """A constant that is 0 everywhere."""
        return self._source(Kind.ZERO, shape)

    def output(self, value: Value, classes: int | None = None) -> None:
        """What the loss is a function of; `classes` is an axis along which it does not see constants."""
        if classes is not None:
            value = self.centre(value, [classes])
        self.outputs.append(self.opaque([value], value.shape, ""))

    # views

    def _view(self, x: Value, shape: Sequence[int], arrangement: Arrangement, how: How) -> Value:
        return self._add(View((x.number,), tuple(shape), arrangement=arrangement, how=how))

    def reshape(self, x: Value, shape: Sequence[int]) -> Value:
        """The same entries, in C order, in this shape."""
        if tuple(shape) == x.shape:
            return x
        return self._view(x, shape, reshaped(tuple(shape)), lambda a: a.reshape(tuple(shape)))

    def permute(self, x: Value, order: Sequence[int]) -> Value:
        """The axes in this order."""
        order = [k % len(x.shape) for k in order]
        return self._view(x, [x.shape[k] for k in order], permuted(order), lambda a: a.transpose(order))

    def expand(self, x: Value, shape: Sequence[int]) -> Value:
        """Repeated along axes that are new, at the front, or have one index."""
        if tuple(shape) == x.shape:
            return x
        return self._view(x, shape, expanded(tuple(shape)), lambda a: np.broadcast_to(a, tuple(shape)))

    def tile(self, x: Value, times: Sequence[int]) -> Value:
        """Repeated so many times along each axis, one after the other."""
        apart = self.reshape(x, [n for size in x.shape for n in (1, size)])
        apart = self.expand(apart, [n for pair in zip(times, x.shape, strict=True) for n in pair])
        return self.reshape(apart, [n * size for n, size in zip(times, x.shape, strict=True)])

    def narrow(self, x: Value, axis: int, start: int, stop: int, step: int = 1) -> Value:
        """The indices start, start + step, ... < stop of an axis."""
        shape = list(x.shape)
        axis %= len(shape)
        shape[axis] = len(range(start, stop, step))
        if tuple(shape) == x.shape:
            return x
        part = (slice(None),) * axis + (slice(start, stop, step),)
        return self._view(x, shape, narrowed(axis, start, stop, step), lambda a: a[part])

    def select(self, x: Value, axis: int, index: int) -> Value:
        """One index of an axis, which goes."""
        axis, shape = axis % len(x.shape), list(x.shape)
        index %= shape.pop(axis)
        return self._view(x, shape, selected(axis, index), lambda a: a.take(index, axis))

    def concatenate(self, values: Sequence[Value], axis: int) -> Value:
        """One after the other along an axis."""
        axis, shape = axis % len(values[0].shape), list(values[0].shape)
        shape[axis] = sum(x.shape[axis] for x in values)
        values = [x for x in values if x.shape[axis]] or values[:1]
        return self._add(Concatenation(_numbers(values), tuple(shape), axis=axis, rule=Sum(((),))))

    # operations

    def apply(self, rule: Rule, values: Sequence[Value], shape: Sequence[int]) -> Value:
        """What a rule gives."""
        return self._add(Operation(_numbers(values), tuple(shape), rule=rule))

    def opaque(self, values: Sequence[Value], shape: Sequence[int], reason: str) -> Value:
        """What is computed from these values in a way that nothing is known of; a constant if from none."""
        node = Unknown(_numbers(values), tuple(shape), rule=Sum(((),)), reason=reason)
        return self._add(node) if values else self.fixed(shape)

    def contract(
        self, values: Sequence[Value], labels: Sequence[Labels], powers: Sequence[Fraction | int] = ()
    ) -> Value:
        """The product of powers of the values, summed over the labels that the last of `labels` lacks."""
        size: dict[int, int] = {}
        for x, names in zip(values, labels, strict=False):
            for label, n in zip(names, x.shape, strict=True):
                size[label] = n if size.get(label, 1) == 1 else size[label]
        shape = [size[label] for label in labels[-1]]
        if any(len(set(names)) < len(names) for names in labels):
            return self.opaque(values, shape, "a diagonal")
        return self.apply(Product(tuple(map(tuple, labels)), tuple(map(Fraction, powers))), values, shape)

    def multiply(self, values: Sequence[Value], powers: Sequence[Fraction | int] = ()) -> Value:
        """The product of powers, entry by entry, broadcast."""
        labels, _ = _broadcast(values)
        return self.contract(values, labels, powers)

    def add(
        self, values: Sequence[Value], weights: Sequence[Fraction | int] = (), *, eps: bool = False
    ) -> Value:
        """The sum of multiples, entry by entry, broadcast."""
        labels, shape = _broadcast(values)
        return self.apply(Sum(tuple(labels), tuple(map(Fraction, weights)), eps), values, shape)

    def power(self, x: Value, degree: Fraction | int, name: str = "") -> Value:
        """A positively homogeneous function of this degree, entry by entry; `name` says which."""
        labels, shape = _broadcast([x])
        found = self.apply(Homogeneous(tuple(labels), Fraction(degree)), [x], shape)
        return self.means(found, name) if name else found

    def function(self, x: Value, name: str, *numbers: Fraction | int) -> Value:
        """A function of each entry of which rules use nothing."""
        return self.means(self.opaque([x], x.shape, ""), name, *numbers)

    def exponential(self, x: Value) -> Value:
        """exp(x), entry by entry."""
        labels, shape = _broadcast([x])
        return self.apply(Exponential(tuple(labels)), [x], shape)

    def logarithm(self, x: Value) -> Value:
        """log(x), entry by entry."""
        labels, shape = _broadcast([x])
        return self.apply(Logarithm(tuple(labels)), [x], shape)

    def total(
        self, x: Value, axes: Sequence[int], weight: Fraction | int = 1, *, keep: bool = False
    ) -> Value:
        """`weight` times the sum over these axes."""
        axes = _axes(x, axes)
        labels = tuple(range(len(x.shape)))
        left = tuple(k for k in labels if k not in axes)
        found = self.contract([x], [labels, left])
        if weight != 1:
            found = self.add([found], [Fraction(weight)])
        return self.reshape(found, [1 if k in axes else n for k, n in enumerate(x.shape)]) if keep else found

    def mean(self, x: Value, axes: Sequence[int], *, keep: bool = False) -> Value:
        """The average over these axes."""
        return self.total(x, axes, Fraction(1, prod(x.shape[k] for k in axes)), keep=keep)

    def centre(self, x: Value, axes: Sequence[int]) -> Value:
        """x less its average over these axes; along one alone its entries add up to 0."""
        found = self.add([x, self.mean(x, axes, keep=True)], [1, -1])
        return self.adding_up(found, axes, 0)

    def length(
        self,
        x: Value,
        axes: Sequence[int],
        *,
        eps: Fraction | bool = False,
        scale: Fraction | int = 1,
        keep: bool = False,
    ) -> Value:
        """The root of `scale` times the sum of squares over these axes, plus eps, True for a positive number
        that is not known."""
        axes = _axes(x, axes)
        labels = tuple(range(len(x.shape)))
        left = tuple(k for k in labels if k not in axes)
        found = self.apply(Length((labels, left), bool(eps)), [x], [x.shape[k] for k in left])
        if eps is not True:
            self.means(found, "length", scale, eps)
        return self.reshape(found, [1 if k in axes else n for k, n in enumerate(x.shape)]) if keep else found

    def normalise(self, x: Value, axes: Sequence[int], *, centred: bool, eps: Fraction | bool) -> Value:
        """x, centred or not, divided by the root of the average of its squares over these axes, plus eps."""
        x = self.centre(x, axes) if centred else x
        share = Fraction(1, prod(x.shape[k] for k in axes))
        found = self.multiply([x, self.length(x, axes, eps=eps, scale=share, keep=True)], [1, -1])
        return self.adding_up(found, axes, 0) if centred else found

    def softmax(self, x: Value, axis: int) -> Value:
        """A function of x less its average over an axis, whose entries there add up to 1."""
        found = self.opaque([self.centre(x, [axis])], x.shape, "")
        return self.adding_up(self.means(found, "softmax", axis % len(x.shape)), [axis], 1)

    def shares(self, x: Value, axis: int) -> Value:
        """x divided by its sums over an axis, so that its entries there add up to 1."""
        return self.adding_up(self.multiply([x, self.total(x, [axis], keep=True)], [1, -1]), [axis], 1)

    def adding_up(self, x: Value, axes: Sequence[int], total: int) -> Value:
        """Says what the entries of a value that is computed add up to, if that is along one axis."""
        node = self.nodes[x.number]
        assert isinstance(node, Operation)
        if len(axes) == 1:
            node.own.origin.adds_up[axes[0] % len(x.shape)] = total
        return x

    def carry(
        self, x: Value, labels: Sequence[Labels], shape: Sequence[int], *, linear: bool, affine: bool
    ) -> Value:
        """Entries of x, or maxima or averages of some, along the axes whose labels are not shared."""
        return self.apply(Carry(tuple(map(tuple, labels)), linear, affine), [x], shape)

    def carry_along(
        self, x: Value, axes: Sequence[int], shape: Sequence[int], *, linear: bool, affine: bool
    ) -> Value:
        """The same, with as many axes as before, where these have nothing to do with those of x."""
        axes, n = _axes(x, axes), len(x.shape)
        labels = tuple(range(n))
        others = tuple(k + n if k in axes else k for k in labels)
        return self.carry(x, [labels, others], shape, linear=linear, affine=affine)

    # what is not known

    def live(self) -> set[int]:
        """The nodes that outputs are computed from."""
        found = set(_numbers(self.outputs))
        for k in reversed(range(len(self.nodes))):
            if k in found:
                found.update(self.nodes[k].sources)
        return found

    def unknown(self) -> Iterator[tuple[int, Unknown]]:
        """The nodes of which nothing is used, with their numbers."""
        found = ((k, self.nodes[k]) for k in sorted(self.live()))
        yield from ((k, node) for k, node in found if isinstance(node, Unknown))

    def parameters_before(self) -> list[tuple[str, ...]]:
        """For every node the parameters that it is computed from with no other of unknown kind between."""
        found: list[tuple[str, ...]] = []
        for node in self.nodes:
            if isinstance(node, Source):
                found.append((node.origin.name,) if node.origin.name else ())
                continue
            sources = (k for k in node.sources if not isinstance(self.nodes[k], Unknown))
            found.append(tuple(dict.fromkeys(name for k in sources for name in found[k])))
        return found

    # refinement

    def refine(self) -> list[Tensor]:
        """The tensors of all values, with axes that fit; nodes that do not let them fit are made opaque."""
        refinement = Refinement()
        while True:
            before = refinement.changes
            tensors: list[Tensor] = []
            for k, node in enumerate(self.nodes):
                inputs = [tensors[s] for s in node.sources]
                try:
                    tensors.append(node.tensor(refinement, inputs))
                    assert tensors[-1].shape == node.shape
                except MisfitError as reason:
                    self._forget(k, str(reason))
                    tensors.append(self.nodes[k].tensor(refinement, inputs))
            if refinement.changes == before:
                break
        for tensor in tensors:
            tensor.origin.renew()
        return tensors

    def _forget(self, number: int, reason: str) -> None:
        """Nothing more is known of a node."""
        self.nodes[number] = _unknown(self.nodes[number], reason)

    def equations(self, tensors: Sequence[Tensor]) -> Iterator[Equation]:
        """What generators obey, node after node."""
        for k in sorted(self.live()):
            node = self.nodes[k]
            yield from node.equations([tensors[s] for s in node.sources], tensors[k])


def _unknown(node: Node, reason: str) -> Unknown:
    return Unknown(node.sources, node.shape, node.what, rule=Sum(((),)), reason=reason)


def _numbers(values: Sequence[Value]) -> tuple[int, ...]:
    return tuple(x.number for x in values)


def _axes(x: Value, axes: Sequence[int]) -> list[int]:
    return [k % len(x.shape) for k in axes]


def _broadcast(values: Sequence[Value]) -> tuple[list[Labels], Shape]:
    """Labels of the values and of the result, as numpy broadcasts, and the shape of the result."""
    n = max(len(x.shape) for x in values)
    labels = [tuple(range(n - len(x.shape), n)) for x in values]
    padded = [(1,) * (n - len(x.shape)) + x.shape for x in values]
    return [*labels, tuple(range(n))], tuple(prod({*sizes} - {1}) for sizes in zip(*padded, strict=True))
