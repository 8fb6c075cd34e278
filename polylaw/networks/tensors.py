"""Tensors of a graph: where their entries come from, and the blocks in which they are told apart.

Every value is an arrangement of the entries of an *origin* (a parameter, data, a constant, or what an
operation computed), along axes that are made of leaves (`polylaw.networks.index`).  Views arrange anew and
have no origin of their own.  Once the axes are refined, an origin falls into *blocks*, one for each choice of
cells: arrays whose axes are leaves.  All unknowns of the inference live on blocks and their leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from itertools import product
from math import prod

from polylaw.networks.index import Cell, Index, cells

Shape = tuple[int, ...]


class Kind(Enum):
    """What an origin is."""

    PARAMETER = auto()
    #: Inputs, and constants: they stand still.
    FIXED = auto()
    #: A constant that is 0 everywhere: it stands still however it is scaled.
    ZERO = auto()
    COMPUTED = auto()


@dataclass(eq=False)
class Block:
    """An array whose axes are leaves with more than one index."""

    origin: Origin
    leaves: tuple[Index, ...]
    #: The cells of the axes of its origin that it consists of.
    cells: tuple[Cell, ...]
    #: What the entries along a leaf always add up to, where that is known.
    sums: dict[Index, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Its number of entries."""
        return prod(leaf.size for leaf in self.leaves)


@dataclass(eq=False)
class Origin:
    """Where entries come from."""

    kind: Kind
    axes: tuple[Index, ...]
    name: str = ""
    #: What the entries along an axis always add up to, where that is known.
    adds_up: dict[int, int] = field(default_factory=dict)

    @cached_property
    def blocks(self) -> dict[frozenset[Index], Block]:
        """By the leaves of their cells; to be read when axes are refined no more."""
        found = {}
        for chosen in product(*map(cells, self.axes)):
            leaves = [leaf for cell in chosen for leaf in cell.leaves]
            legs = tuple(leaf for leaf in leaves if leaf.size > 1)
            sums = {
                chosen[k].leaves[0]: value
                for k, value in self.adds_up.items()
                if chosen[k].steps == ((self.axes[k].size, 1),) and not self.axes[k].parts
            }
            found[frozenset(leaves)] = Block(self, legs, chosen, sums)
        return found

    def renew(self) -> None:
        """Forgets the blocks, whose axes may have been refined."""
        for name in ("blocks", "leaves"):
            self.__dict__.pop(name, None)

    @cached_property
    def leaves(self) -> frozenset[Index]:
        """All leaves of its axes."""
        return frozenset().union(*self.blocks)


@dataclass(frozen=True, eq=False)
class Tensor:
    """Entries of an origin along these axes; a leaf that is not one of the origin's repeats them.

    `fixed` are leaves of one index that tell which part of the origin it is.
    """

    origin: Origin
    axes: tuple[Index, ...]
    fixed: tuple[Index, ...] = ()

    @property
    def shape(self) -> Shape:
        """The lengths of its axes."""
        return tuple(axis.size for axis in self.axes)

    def block(self, chosen: list[Cell]) -> Block:
        """The block of its origin that these cells of its axes lie in."""
        leaves = {leaf for cell in chosen for leaf in cell.leaves}
        leaves.update(leaf for index in self.fixed for cell in cells(index) for leaf in cell.leaves)
        return self.origin.blocks[self.origin.leaves & leaves]


def computed(shape: Shape) -> Tensor:
    """A new origin with axes of which nothing is known yet."""
    origin = Origin(Kind.COMPUTED, tuple(map(Index, shape)))
    return Tensor(origin, origin.axes)
