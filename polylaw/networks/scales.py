"""Diagonal generators: how entries are rescaled, as one exact sparse linear system.

A generator scales the entries of a block T by a function f_T of their indices, dT = f_T T.  All rules treat
the indices of a leaf alike, so that they commute with its permutations: f_T is a sum of parts f_T^K, one for
each set K of leaves, with mean 0 along every leaf of K and constant along the others, and a linear equation
between such functions holds iff it holds for the parts of each K by themselves (the parts of different K lie
in representations without a common constituent).  Between parts of one K the equations have rational
coefficients; so each is *one number*, whatever the widths, and a solution in numbers stands for
prod_{a in K} (n_a - 1) independent functions.

A set K that holds two leaves of one index space would need its two orders told apart; such parts are 0 here.
That takes freedom away, so no generator that is found is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import lcm

from polylaw.algebra.linear.lifting import null_space_of_rows
from polylaw.budget import Budget
from polylaw.networks.index import Index
from polylaw.networks.meeting import Leg, Meeting
from polylaw.networks.tensors import Block

#: The part of the function on a block that varies along these leaves.
Part = tuple[Block, frozenset[Index]]
Solution = dict[Part, int]


def parts(block: Block) -> list[Part]:
    """All parts of the function on a block."""
    leaves = block.leaves
    return [(block, frozenset(chosen)) for k in range(len(leaves) + 1) for chosen in combinations(leaves, k)]


@dataclass
class Parts:
    """A linear system in parts of functions on blocks."""

    number: dict[Part, int] = field(default_factory=dict)
    rows: list[dict[int, int]] = field(default_factory=list)

    def column(self, part: Part) -> int:
        """The unknown of a part."""
        return self.number.setdefault(part, len(self.number))

    def equate(self, coefficients: Mapping[Part, Fraction | int]) -> None:
        """The sum of these multiples of parts is 0."""
        scale = lcm(*(Fraction(c).denominator for c in coefficients.values()))
        row: dict[int, int] = {}
        for part, c in coefficients.items():
            if c:
                row[self.column(part)] = int(c * scale)
        if row:
            self.rows.append(row)

    def vanish(self, block_parts: Iterable[Part]) -> None:
        """These parts are 0."""
        for part in block_parts:
            self.equate({part: 1})

    def solutions(self, blocks: Iterable[Block], budget: Budget, more: Iterable[Part] = ()) -> list[Solution]:
        """What all solutions, in which the parts in `more` are 0 too, are on these blocks: a basis of
        that."""
        wanted = dict.fromkeys(blocks)
        order = sorted(self.number, key=lambda part: part[0] in wanted)
        place = {self.number[part]: i for i, part in enumerate(order)}
        rows = [{place[j]: c for j, c in row.items()} for row in self.rows]
        rows += [{place[self.number[part]]: 1} for part in more if part in self.number]
        space = null_space_of_rows(rows, len(order), budget)
        # a vector of the basis ends where all others are 0: those that end before these blocks are 0 on them
        return [
            {order[i]: c for i, c in sorted(vector.items()) if order[i][0] in wanted}
            for vector in space.vectors
            if order[max(vector)][0] in wanted
        ]


class Scales(Parts):
    """The system of all rescalings."""

    def balance(self, meeting: Meeting, coefficients: Sequence[Fraction | int]) -> None:
        """sum_j c_j f_j = 0 over the sides of a meeting, as functions of all legs."""
        rows: dict[frozenset[Leg], dict[Part, Fraction]] = {}
        for side, c in zip(meeting.sides, coefficients, strict=True):
            legs = {leaf: leg for leg, leaf in side.leaves.items()}
            for part in parts(side.block):
                row = rows.setdefault(frozenset(legs[leaf] for leaf in part[1]), {})
                row[part] = row.get(part, Fraction(0)) + c
        for row in rows.values():
            self.equate(row)

    def fix(self, block: Block) -> None:
        """The block is not scaled at all."""
        self.vanish(parts(block))
