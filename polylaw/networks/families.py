"""From symmetries to laws that people read: families with as many indices as possible.

The inference gives a basis in numbers: each solution is the part of a function that varies along all of its
leaves.  A law "for each i" is the sum of a part that varies along i and a constant one, if both are
solutions. So every solution, those with the most leaves first, is tried as a family over all functions of its
indices, and what it explains is taken off the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain, combinations
from math import prod
from typing import TypeVar

from polylaw.algebra.ring import Polynomial
from polylaw.networks.index import Index
from polylaw.networks.inference import Symmetries
from polylaw.networks.law import Law
from polylaw.networks.lengths import Widths
from polylaw.networks.mixing import Mixing
from polylaw.networks.pieces import Form, piece
from polylaw.networks.scales import Part, Solution
from polylaw.networks.tensors import Block

_T = TypeVar("_T")
Vector = dict[Part, Fraction]
#: Coefficient, block, and its leaves in the order of the indices of a family.
Entry = tuple[Fraction, Block, tuple[Index, ...]]


@dataclass
class _Span:
    """Vectors in reduced form, by the part where they lead."""

    rows: dict[Part, Vector] = field(default_factory=dict)

    def rest(self, vector: Vector) -> Vector:
        """What is left of a vector modulo the rows."""
        left = dict(vector)
        for lead in [p for p in left if p in self.rows]:
            c = left[lead]
            for part, value in self.rows[lead].items():
                left[part] = left.get(part, Fraction(0)) - c * value
                if not left[part]:
                    del left[part]
        return left

    def add(self, vector: Vector) -> bool:
        """Whether the vector is new."""
        left = self.rest(vector)
        if not left:
            return False
        lead = next(iter(left))
        row = {part: value / left[lead] for part, value in left.items()}
        for other, kept in self.rows.items():
            if lead in kept:
                c = kept[lead]
                for part, value in row.items():
                    kept[part] = kept.get(part, Fraction(0)) - c * value
                self.rows[other] = {part: value for part, value in kept.items() if value}
        self.rows[lead] = row
        return True


def _subsets(things: Sequence[_T]) -> Iterator[tuple[_T, ...]]:
    return chain.from_iterable(combinations(things, k) for k in range(len(things) + 1))


class Families:
    """The families of one system of solutions, less those that are `known`; `form` is what they are made
    into."""

    def __init__(
        self,
        symmetries: Symmetries,
        solutions: Iterable[Solution],
        form: Form,
        known: Iterable[Solution] = (),
    ) -> None:
        self.spaces, self.form, self.lengths = symmetries.spaces, form, symmetries.lengths
        self.order = {space: k for k, space in enumerate(dict.fromkeys(self.spaces.values()))}
        self.solutions = [{part: Fraction(c) for part, c in v.items()} for v in solutions]
        self.all, self.told = _Span(), _Span()
        for vector in self.solutions:
            self.all.add(vector)
        for solution in known:
            vector = {part: Fraction(c) for part, c in solution.items()}
            self.all.add(vector)
            self.told.add(vector)

    def tell(self, entries: Sequence[Entry]) -> Polynomial | None:
        """Takes a family off what is to be told.  How many of its laws follow from others; None if not all of
        it is among the solutions."""
        leaves = entries[0][2]
        restricted = [(part, self._restricted(entries, part)) for part in _subsets(range(len(leaves)))]
        if any(self.all.rest(vector) for _, vector in restricted):
            return None
        told = [part for part, v in restricted if not self.told.add(v)]
        return self.lengths.sum(self.lengths.product((leaves[k] for k in part), less=1) for part in told)

    def whole_blocks(self) -> list[Block]:
        """The blocks each of whose entries is a solution."""
        blocks = dict.fromkeys(block for vector in self.solutions for block, _ in vector)
        return [block for block in blocks if self.still_columns(block, block.leaves)]

    @staticmethod
    def _restricted(entries: Sequence[Entry], chosen: tuple[int, ...]) -> Vector:
        """The part of a family that varies along these of its indices."""
        vector: Vector = {}
        for c, block, leaves in entries:
            part = block, frozenset(leaves[k] for k in chosen)
            vector[part] = vector.get(part, Fraction(0)) + c
        return {part: c for part, c in vector.items() if c}

    def rest(self) -> list[Law]:
        """The families that have not been told."""
        found = []
        for vector in sorted(self.solutions, key=lambda v: -len(next(iter(v))[1])):
            left = self.told.rest(vector)
            if not left:
                continue
            entries = self._entries(left)
            repeated = self.tell(entries)
            if repeated is None:
                self.told.add(left)
                centred = frozenset(range(len(entries[0][2])))
                found.append(replace(self._law(entries), centred=centred))
            else:
                found.append(self._law(entries, repeated))
        return found

    def _entries(self, vector: Vector) -> list[Entry]:
        lead = next(iter(vector.values()))
        return [
            (c / lead, block, tuple(sorted(leaves, key=self._place))) for (block, leaves), c in vector.items()
        ]

    def _law(self, entries: Sequence[Entry], repeated: Polynomial | None = None) -> Law:
        lengths, index = self.lengths, entries[0][2]
        repeated = repeated or lengths.ring.constant(0)
        return Law(
            self.form,
            tuple(leaf.size for leaf in index),
            tuple(piece(*entry) for entry in entries),
            repeated=lengths.number(repeated),
            widths=Widths(tuple(map(lengths.of, index)), self._columns(entries), repeated),
        )

    def _columns(self, entries: Sequence[Entry]) -> Polynomial:
        """How many sets of values the other leaves of all blocks have."""
        beside = ([leaf for leaf in block.leaves if leaf not in rows] for _, block, rows in entries)
        return self.lengths.sum(map(self.lengths.product, beside))

    def matrices(self, mixings: Iterable[Mixing], sums: Families) -> list[Law]:
        """The families of matrices that do not stand still by laws that are `sums`; their diagonals are told
        by that."""
        lengths, found = self.lengths, []
        for mixing in mixings:
            entries = self._diagonal(mixing)
            still = lengths.sum(sums.still_columns(block, index) for _, block, index in entries)
            if lengths.number(self._columns(entries) - still):
                found.append(self._matrix(entries, mixing, still))
        return found

    def _matrix(self, entries: Sequence[Entry], mixing: Mixing, still: Polynomial) -> Law:
        diagonal = self.lengths.product(entries[0][2])
        told = self.lengths.ring.constant(0) if mixing.skew else self.tell(entries)
        law = self._law(entries, diagonal if told is None else told)
        assert law.widths
        return replace(
            law,
            form=Form.PRODUCTS,
            skew=mixing.skew,
            symmetric=mixing.symmetric,
            hollow=law.repeated == prod(law.sizes),
            still=self.lengths.number(still),
            widths=replace(law.widths, columns=law.widths.columns - still),
        )

    def still_columns(self, block: Block, index: tuple[Index, ...]) -> Polynomial:
        """How many independent functions of the other indices of a block there are whose sums with its
        entries are solutions, for all values of these indices."""
        others = [leaf for leaf in block.leaves if leaf not in index]
        return self.lengths.sum(
            self.lengths.product(chosen, less=1)
            for chosen in _subsets(others)
            if not any(
                self.all.rest({(block, frozenset((*chosen, *k))): Fraction(1)}) for k in _subsets(index)
            )
        )

    def _diagonal(self, mixing: Mixing) -> list[Entry]:
        """Its indices are those that the matrices depend on, then their row."""
        first = mixing.members[0].sign
        return [
            (Fraction(first * m.sign), m.block, (*sorted(m.depends, key=self._place), m.leaf))
            for m in mixing.members
        ]

    def _place(self, leaf: Index) -> int:
        return self.order[self.spaces[leaf]]
