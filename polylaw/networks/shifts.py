"""Affine generators: constants added to parameters, and what becomes of them downstream.

A parameter p moves by a constant tensor, dp = u_p, whose parts are unknowns as those of a rescaling are
(`polylaw.networks.scales`).  A block then moves by a sum of terms

    dT = sum over terms:  sum over contracted indices of  u(some indices) * (product of blocks),

where the product is 1 for a bias, and what a weight is multiplied with for a weight.  Every operation says of
each term whether it passes, is absorbed (a softmax does not see what is constant along its axis), or has to
be 0.  Terms with different products of blocks are made to vanish by themselves; that takes freedom away, so
no generator that is found is wrong.

The exponential of a block that moves by such terms is multiplied by them, and a quotient of two blocks that
are multiplied alike stands still: so a softmax is found where it is written as exp(x) / sum exp(x)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from polylaw.networks.index import Index
from polylaw.networks.meeting import Leg, Meeting, Side
from polylaw.networks.mixing import Place
from polylaw.networks.scales import Part, Parts, parts
from polylaw.networks.tensors import Block

#: What contracts leaves of several blocks: these leaves.
Contraction = frozenset[Place]
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
    #: The terms that blocks are multiplied by: T moves by T times their sum, too.
    scaled: dict[Block, dict[Term, Amount]] = field(default_factory=dict)

    def free(self, block: Block) -> None:
        """A parameter, moved by any constant."""
        for part in parts(block):
            self.column(part)
            self.moved.setdefault(block, {})[Term(frozenset(), part[1])] = {part: Fraction(1)}

    def forbid(self, side: Side) -> None:
        """The block does not move."""
        self.forbid_moving(side)
        self.forbid_scaling(side)

    def forbid_moving(self, side: Side) -> None:
        """The block is multiplied at most."""
        for amount in self.moved.get(side.block, {}).values():
            self.equate(amount)

    def forbid_scaling(self, side: Side) -> None:
        """The block is not multiplied."""
        for amount in self.scaled.get(side.block, {}).values():
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
                self._add(meeting.output.block, there.kept(term), amount, Fraction(1))

    def scale(self, meeting: Meeting, sides: Sequence[Side], powers: Sequence[Fraction | int]) -> None:
        """The output is multiplied by these powers of what these inputs are multiplied by, which has to be
        constant along the legs that the output lacks, and the same in all meetings of the output."""
        found: dict[Term, Amount] = {}
        for side, power in zip(sides, powers, strict=True):
            gone = [leaf for leg, leaf in side.leaves.items() if leg not in meeting.output.leaves]
            for term, amount in self.scaled.get(side.block, {}).items():
                if term.touches(gone):
                    self.equate(amount)
                else:
                    _add(found, _Placed(meeting, side, ()).kept(term), amount, Fraction(power))
        self._agree(meeting.output.block, found)

    def exponentiate(self, meeting: Meeting) -> None:
        """The output is multiplied by what the input moves by."""
        found: dict[Term, Amount] = {}
        [side] = meeting.inputs
        for term, amount in self.moved.get(side.block, {}).items():
            _add(found, _Placed(meeting, side, ()).kept(term), amount, Fraction(1))
        self._agree(meeting.output.block, found)

    def take_logarithm(self, meeting: Meeting) -> None:
        """The output moves by what the input is multiplied by."""
        [side] = meeting.inputs
        for term, amount in self.scaled.get(side.block, {}).items():
            self._add(meeting.output.block, _Placed(meeting, side, ()).kept(term), amount, Fraction(1))

    def _agree(self, block: Block, terms: dict[Term, Amount]) -> None:
        """The block is multiplied by these terms, whatever has been said of it before."""
        known = self.scaled.setdefault(block, terms)
        for term in {**known, **terms} if known is not terms else ():
            difference = {term: dict(known.get(term, {}))}
            _add(difference, term, terms.get(term, {}), Fraction(-1))
            self.equate(difference[term])

    def _add(self, block: Block, term: Term, amount: Amount, factor: Fraction) -> None:
        _add(self.moved.setdefault(block, {}), term, amount, factor)


def _add(terms: dict[Term, Amount], term: Term, amount: Amount, factor: Fraction) -> None:
    """Adds a multiple of an amount of a term."""
    if factor:
        there = terms.setdefault(term, {})
        for part, c in amount.items():
            there[part] = there.get(part, Fraction(0)) + c * factor


class _Placed:
    """A term of an input, as one of the output of a meeting."""

    def __init__(self, meeting: Meeting, side: Side, by: tuple[Side, ...]) -> None:
        self.output, self.by, self.times = meeting.output.leaves, by, meeting.times
        self.leg = {leaf: leg for leg, leaf in side.leaves.items()}
        self.size = {leg: leaf.size for one in (side, *by) for leg, leaf in one.leaves.items()}

    def place(self, term: Term) -> tuple[Fraction, Term] | None:
        """The multiple and the term; None where that has too many factors, or one
        twice."""
        blocks = [block for block, _ in term.factors] + [side.block for side in self.by]
        if len(blocks) > _MOST_FACTORS or len(set(blocks)) < len(blocks):
            return None
        held = self._held(term)
        along = {self.leg[spot] for spot in term.along if isinstance(spot, Index)}
        multiple, gone = self._added_up(term, held, along)
        if not all(held[leg] for leg in along if leg not in self.output):
            return Fraction(0), term  # a function with mean 0, added up
        return multiple, Term(self._factors(term, held, gone), self._along(term, held))

    def _held(self, term: Term) -> dict[Leg, list[Place]]:
        """The leaves of the factors that run along each leg."""
        held: dict[Leg, list[Place]] = {leg: [] for leg in self.size}
        for block, runs in term.factors:
            for leaf, spot in runs:
                if isinstance(spot, Index):
                    held[self.leg[spot]].append((block, leaf))
        for side in self.by:
            for leg, leaf in side.leaves.items():
                held[leg].append((side.block, leaf))
        return held

    def kept(self, term: Term) -> Term:
        """A term that does not vary along the legs that the output lacks."""
        return Term(self._factors(term, {}, set()), self._along(term, {}))

    def _added_up(
        self, term: Term, held: dict[Leg, list[Place]], along: set[Leg]
    ) -> tuple[Fraction, set[Block]]:
        """What sums come to along which nothing varies, or only a block whose sum is known; and these blocks,
        which are taken out of `held`."""
        multiple, gone = Fraction(self.times), set[Block]()
        contracted = {block for block, runs in term.factors if any(not isinstance(s, Index) for _, s in runs)}
        left = [leg for leg in self.size if leg not in self.output and leg not in along]
        while known := [(leg, n) for leg in left if (n := self._sum(leg, held[leg], contracted)) is not None]:
            leg, n = known[0]
            multiple *= n
            left.remove(leg)
            for block, _ in list(held[leg]):
                gone.add(block)
                for places in held.values():
                    places[:] = [place for place in places if place[0] is not block]
        return multiple, gone

    def _sum(self, leg: Leg, places: list[Place], contracted: set[Block]) -> int | None:
        if not places:
            return self.size[leg]
        (block, leaf), *more = places
        return None if more or block in contracted else block.sums.get(leaf)

    def _spot(self, leg: Leg, held: dict[Leg, list[Place]]) -> Spot:
        return self.output[leg] if leg in self.output else frozenset(held[leg])

    def _moved(self, spot: Spot, held: dict[Leg, list[Place]]) -> Spot:
        return self._spot(self.leg[spot], held) if isinstance(spot, Index) else spot

    def _along(self, term: Term, held: dict[Leg, list[Place]]) -> frozenset[Spot]:
        return frozenset(self._moved(spot, held) for spot in term.along)

    def _factors(self, term: Term, held: dict[Leg, list[Place]], gone: set[Block]) -> frozenset[Factor]:
        old = (
            (block, ((leaf, self._moved(spot, held)) for leaf, spot in runs)) for block, runs in term.factors
        )
        new = (
            (side.block, ((leaf, self._spot(leg, held)) for leg, leaf in side.leaves.items()))
            for side in self.by
        )
        return frozenset((block, frozenset(runs)) for block, runs in (*old, *new) if block not in gone)
