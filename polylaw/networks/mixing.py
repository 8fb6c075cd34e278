"""Matrix generators: how the indices of a leaf are mixed.

Off the diagonal a generator moves a block by dT = M .a T, a matrix M with zero diagonal on a leaf a, which
may depend on the indices of other leaves (heads).  The rules equate such matrices up to sign and
transposition, make them skew, or 0; there is nothing else to solve.  The diagonal of such a matrix is a
rescaling (`polylaw.networks.scales`), where the same rules apply to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from polylaw.networks.index import Index
from polylaw.networks.meeting import Meeting, Side
from polylaw.networks.tensors import Block

#: A leaf of a block.
Place = tuple[Block, Index]


@dataclass(eq=False)
class _Matrix:
    """The unknown matrix on a place, as +-1 times that on another one, transposed or not."""

    parent: Place
    sign: int = 1
    transposed: bool = False
    skew: bool = False
    symmetric: bool = False
    zero: bool = False


@dataclass(frozen=True)
class Member:
    """A block in a class: the leaf on which it is mixed, by sign * M or sign * M^T, and the leaves of whose
    indices M is a function."""

    block: Block
    leaf: Index
    sign: int
    transposed: bool
    depends: tuple[Index, ...]


@dataclass(frozen=True)
class Mixing:
    """One free matrix M with zero diagonal (skew, symmetric or any) for each value of the indices that it
    depends on."""

    members: tuple[Member, ...]
    skew: bool
    symmetric: bool

    @property
    def size(self) -> int:
        """Rows of M."""
        return self.members[0].leaf.size

    @property
    def copies(self) -> int:
        """How many matrices it stands for."""
        count = 1
        for leaf in self.members[0].depends:
            count *= leaf.size
        return count


@dataclass
class Mixings:
    """The unknown matrices of all blocks."""

    at: dict[Place, _Matrix] = field(default_factory=dict)
    #: Pairs of places with equal matrices, and how leaves on which these depend correspond.
    edges: list[tuple[Place, Place, dict[Index, Index]]] = field(default_factory=list)

    def _find(self, place: Place) -> tuple[Place, int, bool]:
        here = self.at.setdefault(place, _Matrix(place))
        if here.parent == place:
            return place, 1, False
        root, sign, transposed = self._find(here.parent)
        here.parent, here.sign, here.transposed = root, here.sign * sign, here.transposed != transposed
        return root, here.sign, here.transposed

    def forbid(self, side: Side, legs: Iterable[tuple[int, int]] | None = None) -> None:
        """No mixing along these legs, all by default."""
        for leg in side.leaves if legs is None else legs:
            if leg in side.leaves:
                self.at[self._find((side.block, side.leaves[leg]))[0]].zero = True

    def fix(self, block: Block) -> None:
        """No mixing at all."""
        for leaf in block.leaves:
            self.at[self._find((block, leaf))[0]].zero = True

    def make_skew(self, side: Side, leg: tuple[int, int]) -> None:
        """Only skew matrices along this leg."""
        self.at[self._find((side.block, side.leaves[leg]))[0]].skew = True

    def equate(self, one: Side, two: Side, leg: tuple[int, int], *, dual: bool = False) -> None:
        """The matrices of two sides along a leg are equal, or M and -M^T if `dual`."""
        places = (one.block, one.leaves[leg]), (two.block, two.leaves[leg])
        common = {one.leaves[g]: two.leaves[g] for g in one.leaves if g in two.leaves and g != leg}
        self.edges.append((*places, common))
        (left, a, x), (right, b, y) = map(self._find, places)
        sign, transposed = a * b * (-1 if dual else 1), (x != y) != dual
        if left != right:
            here, there = self.at[left], self.at[right]
            here.parent, here.sign, here.transposed = right, sign, transposed
            there.zero, there.skew = here.zero or there.zero, here.skew or there.skew
            there.symmetric = here.symmetric or there.symmetric
        elif transposed:
            here = self.at[right]
            here.skew, here.symmetric = here.skew or sign == -1, here.symmetric or sign == 1
        elif sign == -1:
            self.at[right].zero = True

    def hand_on(self, meeting: Meeting, leg: tuple[int, int]) -> None:
        """What one input or more have along a leg, the output has too, unless it lacks the leg."""
        if leg not in meeting.output.leaves:
            for side in meeting.inputs:
                self.forbid(side, [leg])
            return
        for side in meeting.inputs:
            if leg in side.leaves:
                self.equate(side, meeting.output, leg)
            else:
                self.forbid(meeting.output, [leg])

    def classes(self, space: Callable[[Index], Index]) -> list[Mixing]:
        """What is left free; `space` tells index spaces apart."""
        depends = self._dependences(space)
        members: dict[Place, list[Member]] = {}
        for place in self.at:
            root, sign, transposed = self._find(place)
            if not (self.at[root].zero or (self.at[root].skew and self.at[root].symmetric)):
                chosen = tuple(leaf for leaf in place[0].leaves if leaf in depends[place])
                members.setdefault(root, []).append(Member(*place, sign, transposed, chosen))
        return [
            Mixing(tuple(found), self.at[root].skew, self.at[root].symmetric)
            for root, found in members.items()
        ]

    def _dependences(self, space: Callable[[Index], Index]) -> Mapping[Place, set[Index]]:
        """The leaves on whose indices each matrix may depend: those that correspond wherever it occurs.

        Of two leaves of one space none is taken: around a cycle of places each could become the other."""
        depends = {}
        for block, leaf in self.at:
            others = [other for other in block.leaves if other is not leaf]
            often = Counter(map(space, others))
            depends[block, leaf] = {other for other in others if often[space(other)] == 1}
        changed = True
        while changed:
            changed = False
            for one, two, common in self.edges:
                back = {b: a for a, b in common.items()}
                left = {leaf for leaf in depends[one] if common.get(leaf) in depends[two]}
                right = {leaf for leaf in depends[two] if back.get(leaf) in depends[one]}
                changed |= left != depends[one] or right != depends[two]
                depends[one], depends[two] = left, right
        return depends
