"""The nodes of a graph: sources, views, operations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy.typing as npt

from polylaw.networks.index import Index, Refinement, total
from polylaw.networks.meeting import Labels, fit
from polylaw.networks.rules.entrywise import Opaque
from polylaw.networks.rules.rule import Rule
from polylaw.networks.rules.sums import Sum
from polylaw.networks.tensors import Origin, Shape, Tensor, computed

#: A rule between these inputs and this output.
Equation = tuple[Rule, tuple[Tensor, ...], Tensor]
#: How a view arranges the entries of a tensor, and those of an array of numpy.
Arrangement = Callable[[Refinement, Tensor], Tensor]
How = Callable[[npt.NDArray[Any]], npt.NDArray[Any]]


@dataclass(frozen=True)
class Meaning:
    """The function that a node computes of its sources, by name, and numbers that belong to it."""

    name: str
    numbers: tuple[Fraction, ...] = ()


@dataclass(eq=False)
class Node(ABC):
    """A value of a graph, from the values before it with the numbers `sources`."""

    sources: tuple[int, ...]
    shape: Shape
    #: What it is in the program, for reports.
    what: str = ""

    @abstractmethod
    def tensor(self, refinement: Refinement, inputs: Sequence[Tensor]) -> Tensor:
        """Its entries, with axes refined until they fit those of the inputs; raises `MisfitError`."""

    def equations(self, inputs: Sequence[Tensor], output: Tensor) -> list[Equation]:
        """What generators obey there."""
        return []


@dataclass(eq=False)
class Source(Node):
    """A parameter, data or a constant."""

    origin: Origin = None  # type: ignore[assignment]

    def tensor(self, refinement: Refinement, inputs: Sequence[Tensor]) -> Tensor:
        """All entries."""
        return Tensor(self.origin, self.origin.axes)


@dataclass(eq=False)
class View(Node):
    """The entries of another value, arranged anew."""

    arrangement: Arrangement = None  # type: ignore[assignment]
    how: How = None  # type: ignore[assignment]

    def tensor(self, refinement: Refinement, inputs: Sequence[Tensor]) -> Tensor:
        """The arrangement."""
        return self.arrangement(refinement, inputs[0])


@dataclass(eq=False)
class Operation(Node):
    """A value that is computed by a rule."""

    rule: Rule = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.own = computed(self.shape)

    def tensor(self, refinement: Refinement, inputs: Sequence[Tensor]) -> Tensor:
        """Entries of its own, with axes that fit those of the inputs."""
        fit(refinement, (*inputs, self.own), self.rule.labels)
        return self.own

    def equations(self, inputs: Sequence[Tensor], output: Tensor) -> list[Equation]:
        """Its rule."""
        return [(self.rule, tuple(inputs), output)]


@dataclass(eq=False)
class Unknown(Operation):
    """A value of which nothing is known but what it is computed from; `reason` says why."""

    reason: str = ""

    def tensor(self, refinement: Refinement, inputs: Sequence[Tensor]) -> Tensor:
        """Entries of its own."""
        return self.own

    def equations(self, inputs: Sequence[Tensor], output: Tensor) -> list[Equation]:
        """Its inputs stand still, and so does it."""
        return [(Opaque(_apart(x, output)), (x,), output) for x in inputs]


@dataclass(eq=False)
class Concatenation(Operation):
    """Values one after the other along an axis."""

    axis: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.pieces: list[Index] = []

    def _piece(self, k: int) -> Tensor:
        axes = list(self.own.axes)
        axes[self.axis] = self.pieces[k]
        return Tensor(self.own.origin, tuple(axes))

    def _copy(self) -> Sum:
        labels = tuple(range(len(self.shape)))
        return Sum((labels, labels))

    def tensor(self, refinement: Refinement, inputs: Sequence[Tensor]) -> Tensor:
        """Entries of its own; the axis is the sum of those of the inputs."""
        if not self.pieces:
            self.pieces = [Index(x.shape[self.axis]) for x in inputs]
            axes = [Index(n) for n in self.shape]
            axes[self.axis] = total(self.pieces)
            self.own = Tensor(Origin(self.own.origin.kind, tuple(axes)), tuple(axes))
        for k, x in enumerate(inputs):
            fit(refinement, (x, self._piece(k)), self._copy().labels)
        return self.own

    def equations(self, inputs: Sequence[Tensor], output: Tensor) -> list[Equation]:
        """Each piece is a copy."""
        return [(self._copy(), (x,), self._piece(k)) for k, x in enumerate(inputs)]


def _apart(one: Tensor, two: Tensor) -> tuple[Labels, Labels]:
    """Labels of axes that have nothing to do with each other."""
    n = len(one.axes)
    return tuple(range(n)), tuple(range(n, n + len(two.axes)))
