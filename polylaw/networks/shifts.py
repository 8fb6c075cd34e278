"""Affine generators: constants added to parameters, and what becomes of them downstream.

A parameter p moves by a constant tensor, dp = u_p, whose parts are unknowns as those of a rescaling are
(`polylaw.networks.scales`).  A block then moves by a sum of terms

    dT = sum over terms:  sum over contracted indices of  u(some indices) * (product of blocks),

where the product is 1 for a bias, and what a weight is multiplied with for a weight.  Every operation says of
each term whether it passes, is absorbed (a softmax does not see what is constant along its axis), or has to
be 0.  Terms with different products of blocks are made to vanish by themselves; that takes freedom away, so
no generator that is found is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from polylaw.networks.index import Index
from polylaw.networks.meeting import Leg, Meeting, Side
from polylaw.networks.scales import Part, Parts, parts
from polylaw.networks.tensors import Block

#: What contracts leaves of several blocks: these leaves.
Contraction = frozenset[tuple[Block, Index]]
Spot = Index | Contraction
#: A block in a product, and for each of its leaves the leaf of T that it runs along, or its contraction.
Factor = tuple[Block, frozenset[tuple[Index, Spot]]]
#: Products of more blocks than that have to vanish, and those of a block with itself.
_MOST_FACTORS = 3


@dataclass(frozen=True)
class Term:
    """The blocks that multiply u, and what the indices of u run along."""

    factors: frozenset[Factor]
    along: frozenset[Spot]

    def touches(self, leaves: Iterable[Index]) -> bool:
        """Whether it varies along one of these leaves of T."""
        spots = {spot for _, runs in self.factors for _, spot in runs} | self.along
        return not spots.isdisjoint(leaves)


#: Coefficients of the parts of the u of parameters.
Amount = dict[Part, Fraction]


@dataclass
class Shifts(Parts):
    """The system of all translations, and how every block moves."""

    moved: dict[Block, dict[Term, Amount]] = field(default_factory=dict)

    def free(self, block: Block) -> None:
        """A parameter, moved by any constant."""
        for part in parts(block):
            self.column(part)
            self.moved.setdefault(block, {})[Term(frozenset(), part[1])] = {part: Fraction(1)}

    def forbid(self, side: Side) -> None:
        """The block does not move."""
        for amount in self.moved.get(side.block, {}).values():
            self.equate(amount)

    def hand_on(
        self, meeting: Meeting, side: Side, factor: Fraction | int = 1, by: tuple[Side, ...] = ()
    ) -> None:
        """The output moves by that multiple of what this input does, times the blocks of `by`."""
        there = _Placed(meeting, side, by)
        for term, amount in self.moved.get(side.block, {}).items():
            placed = there.place(term)
            if placed is None:
                self.equate(amount)
                continue
            multiple, found = placed
            self._add(meeting.output.block, found, amount, multiple * factor)

    def carry(self, meeting: Meeting, side: Side) -> None:
        """The output moves as this input does, which has to be constant along the legs that one of them
        lacks."""
        gone = [leaf for leg, leaf in side.leaves.items() if leg not in meeting.output.leaves]
        there = _Placed(meeting, side, ())
        for term, amount in self.moved.get(side.block, {}).items():
            if term.touches(gone):
                self.equate(amount)
            else:
                _, found = there.place(term) or (0, term)
                self._add(meeting.output.block, found, amount, Fraction(1))

    def _add(self, block: Block, term: Term, amount: Amount, factor: Fraction) -> None:
        if factor:
            there = self.moved.setdefault(block, {}).setdefault(term, {})
            for part, c in amount.items():
                there[part] = there.get(part, Fraction(0)) + c * factor


class _Placed:
    """A term of an input, as one of the output of a meeting."""

    def __init__(self, meeting: Meeting, side: Side, by: tuple[Side, ...]) -> None:
        self.output, self.by = meeting.output.leaves, by
        self.leg = {leaf: leg for leg, leaf in side.leaves.items()}

    def place(self, term: Term) -> tuple[Fraction, Term] | None:
        """The multiple and the term; None where that has too many factors, or one
        twice."""
        blocks = [block for block, _ in term.factors] + [side.block for side in self.by]
        if len(blocks) > _MOST_FACTORS or len(set(blocks)) < len(blocks):
            return None
        legs: dict[Leg, list[tuple[Block, Index]]] = {}
        for block, runs in term.factors:
            for leaf, spot in runs:
                if isinstance(spot, Index):
                    legs.setdefault(self.leg[spot], []).append((block, leaf))
        for side in self.by:
            for leg, leaf in side.leaves.items():
                legs.setdefault(leg, []).append((side.block, leaf))
        along = {self.leg[spot] for spot in term.along if isinstance(spot, Index)}
        multiple, gone = Fraction(1), set()
        for leg, leaf in ((g, leaf) for leaf, g in self.leg.items() if g not in self.output):
            held = legs.get(leg, [])
            if leg in along:
                if not held:
                    return Fraction(0), term  # a function with mean 0, added up
            elif not held:
                multiple *= leaf.size
            elif len(held) == 1 and held[0][1] in held[0][0].sums:
                value = held[0][0].sums[held[0][1]]
                if not value:
                    return Fraction(0), term
                gone.add(held[0][0])
        return multiple, Term(self._factors(term, legs, gone), self._along(term, legs))

    def _spot(self, leg: Leg, legs: dict[Leg, list[tuple[Block, Index]]]) -> Spot:
        return self.output[leg] if leg in self.output else frozenset(legs[leg])

    def _moved(self, spot: Spot, legs: dict[Leg, list[tuple[Block, Index]]]) -> Spot:
        return self._spot(self.leg[spot], legs) if isinstance(spot, Index) else spot

    def _along(self, term: Term, legs: dict[Leg, list[tuple[Block, Index]]]) -> frozenset[Spot]:
        return frozenset(self._moved(spot, legs) for spot in term.along)

    def _factors(
        self, term: Term, legs: dict[Leg, list[tuple[Block, Index]]], gone: set[Block]
    ) -> frozenset[Factor]:
        old = (
            (block, ((leaf, self._moved(spot, legs)) for leaf, spot in runs)) for block, runs in term.factors
        )
        new = (
            (side.block, ((leaf, self._spot(leg, legs)) for leg, leaf in side.leaves.items()))
            for side in self.by
        )
        return frozenset((block, frozenset(runs)) for block, runs in (*old, *new) if block not in gone)
