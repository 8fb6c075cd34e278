"""What an optimiser does to parameters in one step, in double precision and block by block: a module can be
large, and nothing of it is copied whole."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from polylaw.networks.gradients import Rounding
from polylaw.networks.law import Law
from polylaw.networks.pieces import Piece
from polylaw.networks.values import Array, Arrays, Numbers, blocks_of, strided

#: Rounding errors of a new entry, in units of the precision: of its old and new value, and of what is added.
_STORED, _ADDED = 1, 8
#: Entries of a block, of which the cache holds some ten arrays.
_MOST = 1 << 16


@dataclass(frozen=True)
class Motion:
    """How the entries of a parameter move; `settings` are those of an entrywise rule, None for a linear one.
    It is `mixed` if decay is added to gradients before they are rescaled: equal ones are then told apart."""

    keep: float = 1.0
    rate: float = 0.0
    onward: float = 0.0
    settings: Hashable = None
    mixed: bool = False


@dataclass(frozen=True)
class Format:
    """A floating-point format: the distance from 1 to the next number, and its name."""

    eps: float
    name: str


class Block(NamedTuple):
    """Some entries of a parameter in double precision: before the step, their gradients, by how much the rule
    moves them before they are rounded, and by how much rounding may move them from there.  Of an entrywise
    rule, by how much they have moved."""

    before: Array
    gradient: Array
    change: Array
    allowed: Array

    @property
    def end(self) -> Array:
        """Where the rule puts them."""
        return self.before + self.change


@dataclass(frozen=True, eq=False)
class Moved:
    """Weights before and after a step, gradients, and what the optimiser remembered, in any precision and by
    the names of the parameters, as are their motions and formats."""

    before: Arrays
    gradients: Arrays
    memory: Arrays
    after: Arrays
    motions: Mapping[str, Motion]
    formats: Mapping[str, Format]
    rounding: Rounding

    def flat(self, name: str) -> Iterator[tuple[slice, Block]]:
        """All entries of a parameter in C order, block by block."""
        flat = [np.ascontiguousarray(arrays[name]).reshape(-1) for arrays in self._read(name)]
        for begin in range(0, flat[0].size, _MOST):
            place = slice(begin, begin + _MOST)
            yield place, self._block(name, *(array[place] for array in flat))

    def blocks(self, law: Law, piece: Piece) -> Iterator[tuple[tuple[slice, ...], Block]]:
        """All entries of the view of a piece, block by block, each with its indices of the law."""
        views = [strided(piece.view, arrays) for arrays in self._read(piece.view.name)]
        for place in blocks_of(law.form, piece, _MOST):
            block = self._block(piece.view.name, *(view[place] for view in views))
            yield tuple(place[k] for k in piece.index), block

    def _read(self, name: str) -> list[Arrays]:
        """What a block is made of: of what is remembered only what goes on."""
        return [self.before, self.after, self.gradients] + [self.memory] * bool(self.motions[name].onward)

    def _block(self, name: str, *of: Numbers) -> Block:
        motion = self.motions[name]
        before, after, gradient, *memory = (x.astype(np.float64) for x in of)
        change = (motion.keep - 1) * before if motion.settings is None else after - before
        allowed = (_STORED + _ADDED * abs(1 - motion.keep)) * np.abs(before)
        allowed += _STORED * np.abs(after)
        for factor, moves in zip((-motion.rate, motion.onward), (gradient, *memory), strict=False):
            if factor:
                added = factor * moves
                change += added
                allowed += _ADDED * np.abs(added)
        allowed *= self.formats[name].eps
        return Block(before, gradient, change, allowed)

    def coarsest(self, law: Law) -> Format:
        """The format of its parameters that has the fewest numbers."""
        return max((self.formats[piece.view.name] for piece in law.pieces), key=lambda format: format.eps)
