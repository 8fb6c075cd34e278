"""All generators of a graph that the rules allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from polylaw.budget import Budget
from polylaw.networks.graph import Graph
from polylaw.networks.index import Index
from polylaw.networks.lengths import Lengths
from polylaw.networks.meeting import Leg, Meeting, meetings
from polylaw.networks.mixing import Mixing
from polylaw.networks.rules.rule import Generators
from polylaw.networks.scales import Parts, Solution
from polylaw.networks.tensors import Block, Kind, Tensor


@dataclass(frozen=True)
class Symmetries:
    """Bases of the generators that leave a loss in place, restricted to the parameters.

    `scales` and `translations` are in numbers; `nearly` are the rescalings that normalisations with eps > 0
    keep up to eps, which `scales` are among.  `spaces` tells leaves apart that are different index spaces;
    `lengths` are those of the leaves of parameters.
    `unreached` are blocks of parameters that nothing reads.
    """

    unreached: tuple[Block, ...]
    scales: tuple[Solution, ...]
    nearly: tuple[Solution, ...]
    mixings: tuple[Mixing, ...]
    translations: tuple[Solution, ...]
    spaces: dict[Index, Index]
    lengths: Lengths


def infer(graph: Graph, budget: Budget | None = None) -> Symmetries:
    """The symmetries of a graph whose outputs have been declared."""
    budget = budget or Budget()
    tensors = graph.refine()
    unknown, spaces = Generators(), _Spaces()
    blocks = _sources(graph, tensors, unknown)
    read: set[Block] = set()
    for rule, inputs, output in graph.equations(tensors):
        for meeting in meetings((*inputs, output), rule.labels):
            spaces.meet(meeting)
            read.update(side.block for side in meeting.inputs)
            rule.apply(meeting, unknown)
    blocks, unreached = [b for b in blocks if b in read], [b for b in blocks if b not in read]
    for system in (unknown.scales, unknown.shifts):
        _forget_repeated(system, spaces)
    return Symmetries(
        tuple(unreached),
        tuple(unknown.scales.solutions(blocks, budget, unknown.up_to_eps)),
        tuple(unknown.scales.solutions(blocks, budget)),
        tuple(_of_parameters(unknown.mixings.classes(spaces.find))),
        tuple(unknown.shifts.solutions(blocks, budget)),
        spaces.all(),
        Lengths(leaf.size for block in blocks for leaf in block.leaves),
    )


def _sources(graph: Graph, tensors: list[Tensor], unknown: Generators) -> list[Block]:
    """Data stands still; parameters may move; these are returned."""
    found = []
    for tensor in tensors:
        origin = tensor.origin
        if origin.kind is Kind.FIXED:
            for block in origin.blocks.values():
                unknown.fix(block)
    for value in graph.parameters.values():
        for block in tensors[value.number].origin.blocks.values():
            unknown.shifts.free(block)
            found.append(block)
    return found


class _Spaces:
    """Which leaves are one index space."""

    def __init__(self) -> None:
        self.parent: dict[Index, Index] = {}

    def find(self, leaf: Index) -> Index:
        while (above := self.parent.setdefault(leaf, leaf)) is not leaf:
            self.parent[leaf] = self.parent[above]
            leaf = above
        return leaf

    def join(self, one: Index, two: Index) -> None:
        self.parent[self.find(one)] = self.find(two)

    def meet(self, meeting: Meeting) -> None:
        """Leaves that are one leg are one space."""
        first: dict[Leg, Index] = {}
        for side in meeting.sides:
            for leg, leaf in side.leaves.items():
                self.join(leaf, first.setdefault(leg, leaf))

    def all(self) -> dict[Index, Index]:
        return {leaf: self.find(leaf) for leaf in self.parent}


def _forget_repeated(system: Parts, spaces: _Spaces) -> None:
    """Parts that vary along two leaves of one space are 0 (see `polylaw.networks.scales`)."""
    for part in list(system.number):
        if len({spaces.find(leaf) for leaf in part[1]}) < len(part[1]):
            system.vanish([part])


def _of_parameters(mixings: list[Mixing]) -> Iterator[Mixing]:
    """Those that move a parameter, and what they do to parameters."""
    for mixing in mixings:
        members = tuple(m for m in mixing.members if m.block.origin.kind is Kind.PARAMETER)
        if members:
            yield replace(mixing, members=members)
