"""How an axis of a tensor is made of index spaces: a leaf, a product or a sum of smaller ones.

Views do not compute; they arrange indices anew.  An axis of length 12 that is viewed as 3 heads of 4 *is* a
product of two, an axis that is split at 8 is a sum of two, and everything that shares the axis has to know.
So a leaf is refined where it stands, and all who hold it see that.

    leaf      n indices that nothing tells apart so far
    product   of factors, the first one varies slowest
    sum       of parts, one after the other

A *cell* is what is left when a part has been chosen in every sum: a product of leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, takewhile
from math import prod


class MisfitError(Exception):
    """Two ways to see an axis that have no common refinement here; the operation is then opaque."""


class Index:
    """A leaf until it is refined into a product or a sum; `parts` are its factors or summands."""

    __slots__ = ("is_sum", "parts", "size")

    def __init__(self, size: int, parts: Sequence[Index] = (), *, is_sum: bool = False) -> None:
        self.size, self.parts, self.is_sum = size, tuple(parts), is_sum

    def factors(self) -> list[Index]:
        """The leaves and sums of which it is a product, the slowest first."""
        if not self.parts or self.is_sum:
            return [self]
        return [factor for part in self.parts for factor in part.factors()]

    def summands(self) -> list[Index]:
        """The leaves and products of which it is a sum."""
        if not self.is_sum:
            return [self]
        return [summand for part in self.parts for summand in part.summands()]


def product(factors: Sequence[Index]) -> Index:
    """The product of these; one alone is itself."""
    return factors[0] if len(factors) == 1 else Index(prod(f.size for f in factors), factors)


def total(parts: Sequence[Index]) -> Index:
    """The sum of these; one alone is itself."""
    return parts[0] if len(parts) == 1 else Index(sum(p.size for p in parts), parts, is_sum=True)


@dataclass(frozen=True)
class Cell:
    """A product of leaves in an axis: where it lies, and the leaves."""

    offset: int
    #: Length and stride of the leaves that have more than one index, the slowest first.
    steps: tuple[tuple[int, int], ...]
    leaves: tuple[Index, ...]

    @property
    def place(self) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The indices of the axis that it consists of; cells of aligned axes correspond by it."""
        return self.offset, self.steps

    @property
    def legs(self) -> tuple[Index, ...]:
        """The leaves with more than one index, in the order of `steps`."""
        return tuple(leaf for leaf in self.leaves if leaf.size > 1)


def cells(index: Index, stride: int = 1) -> list[Cell]:
    """The cells of an axis, for an axis whose neighbours lie `stride` apart."""
    if not index.parts:
        return [Cell(0, ((index.size, stride),) if index.size > 1 else (), (index,))]
    if index.is_sum:
        starts = accumulate((part.size * stride for part in index.parts), initial=0)
        return [
            Cell(start + cell.offset, cell.steps, cell.leaves)
            for part, start in zip(index.parts, starts, strict=False)
            for cell in cells(part, stride)
        ]
    found, inner = [Cell(0, (), ())], stride * index.size
    for part in index.parts:
        inner //= part.size
        found = [
            Cell(one.offset + two.offset, one.steps + two.steps, one.leaves + two.leaves)
            for one in found
            for two in cells(part, inner)
        ]
    return found


class Refinement:
    """Refines axes until they fit; `changes` counts, so that a pass that changed nothing is the last."""

    def __init__(self) -> None:
        self.changes = 0

    def _refine(self, leaf: Index, parts: Sequence[Index], *, is_sum: bool = False) -> None:
        leaf.parts, leaf.is_sum = tuple(parts), is_sum
        self.changes += 1

    def align(self, one: Index, two: Index) -> None:
        """Until the cells of two axes of one length correspond.

        Raises `MisfitError` where that is not possible, for instance where products and sums cross.
        """
        if one is two:
            return
        if one.size != two.size:
            raise MisfitError(f"axes of lengths {one.size} and {two.size}")
        sides = [[f for f in index.factors() if f.size > 1] for index in (one, two)]
        while all(sides):
            long, short = sorted(sides, key=lambda side: -side[0].size)
            if long[0].size == short[0].size:
                self._align_factors(long.pop(0), short.pop(0))
            elif long[0].is_sum:
                self._align_sum(long.pop(0), short)
            else:
                long[:1] = self.split(long[0], short[0].size)

    def _align_factors(self, one: Index, two: Index) -> None:
        if not one.is_sum and not two.is_sum:
            return
        if not one.is_sum or not two.is_sum:
            leaf, whole = (two, one) if one.is_sum else (one, two)
            self._refine(leaf, [Index(s.size) for s in whole.summands()], is_sum=True)
        points = {p for index in (one, two) for p in _points(index)}
        for left, right in zip(self.cut(one, points), self.cut(two, points), strict=True):
            self.align(left, right)

    def _align_sum(self, whole: Index, factors: list[Index]) -> None:
        """A sum and the product of the first of some factors, which are taken off the list."""
        taken = [factors.pop(0)]
        while factors and prod(f.size for f in taken) < whole.size:
            taken.append(factors.pop(0))
        inner = prod(f.size for f in taken[1:])
        if inner * taken[0].size != whole.size or any(p % inner for p in _points(whole)):
            raise MisfitError("a sum across a product")
        pieces = self.cut(taken[0], {p // inner for p in _points(whole)})
        for piece, summand in zip(pieces, whole.summands(), strict=True):
            self.align(product([piece, *taken[1:]]), summand)

    def cut(self, index: Index, points: set[int]) -> list[Index]:
        """Its pieces between these points, 0 and its end apart.  Raises `MisfitError`."""
        bounds = [0, *sorted(p for p in points if 0 < p < index.size), index.size]
        if len(bounds) == 2:
            return [index]
        if not index.parts:
            self._refine(index, [Index(b - a) for a, b in pairwise(bounds)], is_sum=True)
        if index.is_sum:
            return self._cut_sum(index, bounds)
        ones = list(takewhile(lambda factor: factor.size == 1, index.factors()))
        slowest, *rest = index.factors()[len(ones) :]
        inner = index.size // slowest.size
        if any(b % inner for b in bounds):
            raise MisfitError("a product cut inside its faster factors")
        pieces = self.cut(slowest, {b // inner for b in bounds})
        return [product([*ones, piece, *rest]) for piece in pieces]

    def _cut_sum(self, whole: Index, bounds: list[int]) -> list[Index]:
        small, start = [], 0
        for part in whole.summands():
            small += [(start, piece) for piece in self.cut(part, {b - start for b in bounds})]
            start += part.size
        starts = accumulate((piece.size for _, piece in small), initial=0)
        placed = [(at, piece) for at, (_, piece) in zip(starts, small, strict=False)]
        return [total([p for at, p in placed if a <= at < b]) for a, b in pairwise(bounds)]

    def split(self, factor: Index, outer: int) -> list[Index]:
        """A leaf as a product of `outer` and the rest.  Raises `MisfitError`."""
        if outer in (1, factor.size):
            return [factor]
        if factor.size % outer:
            raise MisfitError(f"{factor.size} indices as a product with {outer}")
        if not factor.parts:
            self._refine(factor, [Index(outer), Index(factor.size // outer)])
            return list(factor.parts)
        raise MisfitError("a sum of parts as a product")

    def regroup(self, axes: Sequence[Index], sizes: Sequence[int]) -> tuple[list[Index], list[Index]]:
        """The axes of a tensor that is reshaped to these sizes, and leaves of one index that are left.

        Raises `MisfitError`.
        """
        factors = [factor for axis in axes for factor in axis.factors()]
        grouped: list[Index] = []
        for size in sizes:
            taken: list[Index] = []
            while (have := prod(f.size for f in taken)) < size:
                if size % have:
                    raise MisfitError("a view whose axes do not divide each other")
                if size // have < factors[0].size:
                    factors[:1] = self.split(factors[0], size // have)
                taken.append(factors.pop(0))
            if prod(f.size for f in taken) != size:
                raise MisfitError("a view whose axes do not divide each other")
            grouped.append(product(taken) if taken else Index(1))
        return grouped, factors


def _points(index: Index) -> list[int]:
    return list(accumulate(part.size for part in index.summands()))[:-1]
