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
