"""What a law is made of: views of parameters, with coefficients.  These are values: nothing of the graph is
left in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from math import prod

from polylaw.networks.index import Index
from polylaw.networks.tensors import Block, Shape


@dataclass(frozen=True)
class View:
    """Entries of a parameter in C order, as an array: where it starts, and for each of its axes the axis of
    the parameter, the length, and the stride along that axis."""

    name: str
    shape: Shape
    #: First index on every axis of the parameter.
    start: tuple[int, ...]
    #: (axis of the parameter, length, stride) of every axis of the view.
    axes: tuple[tuple[int, int, int], ...]

    @property
    def sizes(self) -> Shape:
        """Lengths of its axes."""
        return tuple(size for _, size, _ in self.axes)

    @property
    def offset(self) -> int:
        """Number of its first entry."""
        return sum(a * s for a, s in zip(self.start, _strides(self.shape), strict=True))

    @property
    def strides(self) -> tuple[int, ...]:
        """Distances of neighbours along its axes, in entries."""
        strides = _strides(self.shape)
        return tuple(strides[axis] * stride for axis, _, stride in self.axes)

    @property
    def is_whole(self) -> bool:
        """Whether it has all entries of the parameter."""
        return prod(self.sizes) == prod(self.shape)


def _strides(shape: Shape) -> tuple[int, ...]:
    return tuple(prod(shape[k + 1 :]) for k in range(len(shape)))


def view_of(block: Block) -> View:
    """A block of a parameter."""
    shape = tuple(axis.size for axis in block.origin.axes)
    axes = tuple((k, *step) for k, cell in enumerate(block.cells) for step in cell.steps)
    return View(block.origin.name, shape, tuple(cell.offset for cell in block.cells), axes)


@dataclass(frozen=True)
class Piece:
    """A multiple of what a law takes of a view; `index` are the axes of the view along which the indices of
    the law run, in their order."""

    coefficient: Fraction
    view: View
    index: tuple[int, ...]

    def runs_on(self, k: int) -> bool:
        """Whether the indices k and k + 1 together run as one."""
        (axis, _, slow), (other, size, fast) = (self.view.axes[i] for i in self.index[k : k + 2])
        return axis == other and slow == size * fast

    def merged(self, k: int) -> Piece:
        """The indices k and k + 1 made into one."""
        outer, inner = self.index[k : k + 2]
        (axis, many, _), (_, size, fast) = (self.view.axes[i] for i in (outer, inner))
        axes = [*self.view.axes]
        axes[inner] = axis, many * size, fast
        del axes[outer]
        kept = (*self.index[:k], *self.index[k + 1 :])
        return replace(
            self, view=replace(self.view, axes=tuple(axes)), index=tuple(i - (i > outer) for i in kept)
        )


def piece(coefficient: Fraction | int, block: Block, leaves: tuple[Index, ...]) -> Piece:
    """A block of a parameter, with these leaves as indices."""
    return Piece(Fraction(coefficient), view_of(block), tuple(block.leaves.index(leaf) for leaf in leaves))


class Form(Enum):
    """What is made of the entries theta[i, r] of a piece, i the indices of the law and r the others."""

    #: sum_r theta[i, r]^2
    SQUARES = "squares"
    #: sum_r theta[i, r]
    SUMS = "sums"
    #: sum_r theta[d, i, r] theta[d, j, r], where i is the last index.  For gradients g in place of one theta
    #: the sum over all pieces vanishes, each as a matrix, transposed where its coefficient is negative
    PRODUCTS = "products"


@dataclass(frozen=True)
class Law:
    """A family of conserved quantities of the gradient flow, one for each value of its indices.

    It is the sum over its pieces of coefficient * form; `sizes` are the lengths of its indices.  Along
    indices that are `centred` only differences are conserved.  For products, `skew` families are laws of
    momentum only (theta' in place of one theta), `symmetric` ones not; the identity of gradients has no such
    restriction. A family that is not `exact` is kept up to the eps of normalisations."""

    form: Form
    sizes: Shape
    pieces: tuple[Piece, ...]
    centred: frozenset[int] = frozenset()
    exact: bool = True
    skew: bool = False
    symmetric: bool = False
    #: Products without those of i = j.
    hollow: bool = False

    def merged(self) -> Law:
        """The same with pairs of indices that together run as one made into one."""
        last = len(self.sizes) - 1 - (self.form is Form.PRODUCTS)
        for k in range(last):
            if self.centred.isdisjoint((k, k + 1)) and all(p.runs_on(k) for p in self.pieces):
                sizes = (*self.sizes[:k], self.sizes[k] * self.sizes[k + 1], *self.sizes[k + 2 :])
                centred = frozenset(c - (c > k) for c in self.centred)
                pieces = tuple(p.merged(k) for p in self.pieces)
                return replace(self, sizes=sizes, pieces=pieces, centred=centred).merged()
        return self

    @property
    def count(self) -> int:
        """How many independent laws of the gradient flow it has."""
        if self.form is not Form.PRODUCTS:
            return prod(n - (k in self.centred) for k, n in enumerate(self.sizes))
        *copies, n = self.sizes
        if self.skew:
            return 0
        if self.hollow:
            return prod(copies) * n * (n - 1) // 2
        # H = sum +-V V' with V of n rows and so many columns: its entries are dependent if it has low rank
        columns = sum(prod(p.view.sizes) for p in self.pieces) // prod(self.sizes)
        free = n * (n + 1) // 2 if columns >= n else n * columns - columns * (columns - 1) // 2
        return prod(copies) * free

    @property
    def count_with_momentum(self) -> int:
        """How many laws of a flow with momentum it gives."""
        if self.form is Form.SUMS:
            return 2 * self.count
        *copies, n = self.sizes or (1,)
        return prod(copies) * n * (n - 1) // 2 if self.form is Form.PRODUCTS and not self.symmetric else 0

    @property
    def is_frozen(self) -> bool:
        """Whether each of its laws is one entry of a parameter."""
        alone = len(self.pieces) == 1 and not self.centred and self.form is Form.SUMS
        return alone and len(self.pieces[0].index) == len(self.pieces[0].view.axes)
