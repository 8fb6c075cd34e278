"""A program as a list of steps, each an array that is computed from those before it.

All steps have an exact meaning: entries are taken, multiplied and added up, and single entries are inverted
or go through a root, an exponential, a logarithm, an error function, or a rectifier.  Equal steps are one, so
that a function of equal arguments is one unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from math import prod

import numpy as np

Shape = tuple[int, ...]
Labels = tuple[int, ...]


class Kind(Enum):
    """What a step computes."""

    PARAMETER = "parameter"
    #: One value for each data point.
    DATA = "data"
    CONSTANT = "constant"
    #: Entries of the sources, which are laid one after the other.
    TAKE = "take"
    #: A sum of multiples.
    SUM = "sum"
    #: The sum of products over the labels that the result lacks.
    CONTRACT = "contract"
    INVERSE = "inverse"
    #: A root of the square: y^2 = x.
    ROOT = "root"
    EXP = "exp"
    LOG = "log"
    #: F(x) with F'(x) = y, the second source.
    ERF = "erf"
    #: The second source where the first is positive, and a multiple of it where it is negative.
    RECTIFY = "rectify"


@dataclass(frozen=True)
class Step:
    """An array: its kind, the steps it is computed from, and its shape.

    `labels` are those of the sources and of the result of a contraction, `numbers` the weights of a sum, the
    entries of a constant, or the slope of a rectifier where its mask is 0; `taken` the entries that are
    taken; `name` that of a parameter or of data."""

    kind: Kind
    sources: tuple[int, ...]
    shape: Shape
    labels: tuple[Labels, ...] = ()
    numbers: tuple[Fraction, ...] = ()
    taken: tuple[int, ...] = ()
    name: str = ""

    @property
    def size(self) -> int:
        """The number of entries."""
        return prod(self.shape)


@dataclass
class Tape:
    """Steps in the order in which they are computed.  Every method returns the number of a step."""

    steps: list[Step] = field(default_factory=list)
    numbers: dict[Step, int] = field(default_factory=dict)
    #: Whether a step depends on parameters, and on data.
    trained: list[bool] = field(default_factory=list)
    varied: list[bool] = field(default_factory=list)

    def add(self, step: Step) -> int:
        """The number of the step, which is new if no step is equal."""
        if step not in self.numbers:
            self.numbers[step] = len(self.steps)
            self.steps.append(step)
            for depends, kind in ((self.trained, Kind.PARAMETER), (self.varied, Kind.DATA)):
                depends.append(step.kind is kind or any(depends[k] for k in step.sources))
        return self.numbers[step]

    def shape(self, x: int) -> Shape:
        """That of a step."""
        return self.steps[x].shape

    def parameter(self, name: str, shape: Shape) -> int:
        """Entries that are trained."""
        return self.add(Step(Kind.PARAMETER, (), shape, name=name))

    def data(self, name: str, shape: Shape) -> int:
        """Entries of a data point."""
        return self.add(Step(Kind.DATA, (), shape, name=name))

    def constant(self, shape: Shape, values: Sequence[Fraction]) -> int:
        """Given entries."""
        return self.add(Step(Kind.CONSTANT, (), shape, numbers=tuple(values)))

    def number(self, value: Fraction, shape: Shape) -> int:
        """One number everywhere."""
        return self.constant(shape, [value] * prod(shape))

    def take(self, sources: Sequence[int], taken: np.ndarray) -> int:
        """The entries of the sources, laid one after the other, with these numbers, in the shape of these."""
        entries, shape = tuple(taken.reshape(-1).tolist()), taken.shape
        if len(sources) == 1:
            [x] = sources
            step = self.steps[x]
            if step.kind is Kind.TAKE:
                inner = np.array(step.taken, dtype=np.int64)
                return self.take(step.sources, inner[taken])
            if step.shape == shape and entries == tuple(range(step.size)):
                return x
        return self.add(Step(Kind.TAKE, tuple(sources), shape, taken=entries))

    def reshape(self, x: int, shape: Shape) -> int:
        """The same entries in another shape."""
        return self.take([x], np.arange(prod(shape)).reshape(shape))

    def expand(self, x: int, labels: Labels, into: Labels, sizes: Sequence[int]) -> int:
        """x, whose axes have these labels, along the axes of `into`, which have these sizes."""
        numbers = np.arange(self.steps[x].size).reshape(self.shape(x))
        order = [labels.index(k) for k in into if k in labels]
        view = numbers.transpose(order).reshape(
            [n if k in labels else 1 for k, n in zip(into, sizes, strict=True)]
        )
        return self.take([x], np.broadcast_to(view, tuple(sizes)))

    def add_up(self, sources: Sequence[int], weights: Sequence[Fraction | int] = ()) -> int:
        """The sum of multiples of arrays of one shape."""
        numbers = tuple(map(Fraction, weights or [1] * len(sources)))
        kept = [(x, c) for x, c in zip(sources, numbers, strict=True) if c]
        if len(kept) == 1 and kept[0][1] == 1:
            return kept[0][0]
        if not kept:
            return self.number(Fraction(0), self.shape(sources[0]))
        return self.add(
            Step(
                Kind.SUM, tuple(x for x, _ in kept), self.shape(sources[0]), numbers=tuple(c for _, c in kept)
            )
        )

    def contract(self, sources: Sequence[int], labels: Sequence[Labels], result: Labels) -> int:
        """The sum of products of one or two arrays over the labels that the result lacks."""
        sizes = {
            k: n
            for x, names in zip(sources, labels, strict=True)
            for k, n in zip(names, self.shape(x), strict=True)
        }
        names = (*map(tuple, labels), tuple(result))
        if len(sources) == 1 and set(labels[0]) == set(result):
            return self.expand(sources[0], labels[0], result, [sizes[k] for k in result])
        return self.add(Step(Kind.CONTRACT, tuple(sources), tuple(sizes[k] for k in result), names))

    def multiply(self, x: int, y: int) -> int:
        """Entry by entry, for arrays of one shape."""
        axes = tuple(range(len(self.shape(x))))
        return self.contract([x, y], [axes, axes], axes)

    def inverse(self, x: int) -> int:
        """1/x, entry by entry."""
        return self.add(Step(Kind.INVERSE, (x,), self.shape(x)))

    def root(self, x: int) -> int:
        """A square root, entry by entry."""
        return self.add(Step(Kind.ROOT, (x,), self.shape(x)))

    def exp(self, x: int) -> int:
        """exp(x), entry by entry."""
        return self.add(Step(Kind.EXP, (x,), self.shape(x)))

    def log(self, x: int) -> int:
        """log(x), entry by entry."""
        return self.add(Step(Kind.LOG, (x,), self.shape(x)))

    def erf(self, x: int) -> int:
        """The integral of exp(-x^2/2) from 0 to x, entry by entry."""
        square = self.add_up([self.multiply(x, x)], [Fraction(-1, 2)])
        return self.add(Step(Kind.ERF, (x, self.exp(square)), self.shape(x)))

    def rectify(self, x: int, slope: Fraction = Fraction(0)) -> int:
        """x where it is positive, and a multiple of it where it is negative."""
        return self.add(Step(Kind.RECTIFY, (x, x), self.shape(x), numbers=(slope,)))
