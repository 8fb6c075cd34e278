"""Where blocks meet: an operation as equations between the axes of its inputs and its output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from polylaw.networks.index import Cell, Index, Refinement, cells
from polylaw.networks.tensors import Block, Tensor

#: Axes that run together have the same label.
Labels = tuple[int, ...]
#: Where a cell lies in its axis.
_Spot = tuple[int, tuple[tuple[int, int], ...]]
#: A leaf of a label: the label, and the place of the leaf in its cell.
Leg = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Side:
    """A block, and which of its leaves are which legs."""

    block: Block
    leaves: Mapping[Leg, Index]


@dataclass(frozen=True, eq=False)
class Meeting:
    """The blocks of the inputs and of the output that an operation puts into one equation."""

    inputs: tuple[Side, ...]
    output: Side
    #: Whether nothing of the axes that the output lacks is left to another meeting.
    whole: bool
    #: How often the sum over the indices that neither an input nor the output has takes the same.
    times: int

    @property
    def sides(self) -> tuple[Side, ...]:
        """Inputs, then the output."""
        return (*self.inputs, self.output)

    def holders(self, leg: Leg) -> list[Side]:
        """The inputs along which this leg runs."""
        return [side for side in self.inputs if leg in side.leaves]


def fit(refinement: Refinement, tensors: Sequence[Tensor], labels: Sequence[Labels]) -> None:
    """Refines axes with the same label until they fit; raises `MisfitError`."""
    first: dict[int, Index] = {}
    for tensor, names in zip(tensors, labels, strict=True):
        for axis, label in zip(tensor.axes, names, strict=True):
            if axis.size > 1:
                refinement.align(first.setdefault(label, axis), axis)


def meetings(tensors: Sequence[Tensor], labels: Sequence[Labels]) -> Iterator[Meeting]:
    """All of an operation, for inputs and the output whose axes fit."""
    tables = [[{cell.place: cell for cell in cells(axis)} for axis in tensor.axes] for tensor in tensors]
    places: dict[int, list[_Spot]] = {}
    for tensor, names, table in zip(tensors, labels, tables, strict=True):
        for axis, label, found in zip(tensor.axes, names, table, strict=True):
            if axis.size > 1 or label not in places:
                places[label] = list(found)
    whole = all(len(found) == 1 for label, found in places.items() if label not in labels[-1])
    for chosen in product(*places.values()):
        place = dict(zip(places, chosen, strict=True))
        sides = [_side(*of, place) for of in zip(tensors, labels, tables, strict=True)]
        run = {leg for side in sides for leg in side.leaves}
        summed = [(label, steps) for label, (_, steps) in place.items() if label not in labels[-1]]
        times = prod(n for label, steps in summed for i, (n, _) in enumerate(steps) if (label, i) not in run)
        yield Meeting(tuple(sides[:-1]), sides[-1], whole, times)


def _side(tensor: Tensor, names: Labels, tables: list[dict[_Spot, Cell]], place: Mapping[int, _Spot]) -> Side:
    chosen: list[Cell] = []
    for axis, label, table in zip(tensor.axes, names, tables, strict=True):
        chosen.append(table[place[label]] if axis.size > 1 else next(iter(table.values())))
    block = tensor.block(chosen)
    legs = {
        (label, i): leaf
        for label, cell in zip(names, chosen, strict=True)
        for i, leaf in enumerate(cell.legs)
        if leaf in block.leaves
    }
    return Side(block, legs)
