"""Laws of networks: families of conserved quantities, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import prod
from typing import Any

from polylaw.algebra.ring import Polynomial
from polylaw.networks.lengths import Widths
from polylaw.networks.pieces import Form, Piece
from polylaw.networks.tensors import Shape
from polylaw.networks.text import INDICES, MOST_TERMS, terms

_HALF = Fraction(1, 2)


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
    #: How many of its entries follow from others, here or in the laws before it.
    repeated: int = 0
    #: How many of the columns of its matrices stand still.
    still: int = 0
    #: These numbers as formulas, where they are known.
    widths: Widths | None = field(default=None, compare=False, repr=False)

    def merged(self) -> Law:
        """The same with pairs of indices that together run as one made into one."""
        last = len(self.sizes) - 1 - (self.form is Form.PRODUCTS)
        for k in range(last):
            if self.centred.isdisjoint((k, k + 1)) and all(p.runs_on(k) for p in self.pieces):
                sizes = (*self.sizes[:k], self.sizes[k] * self.sizes[k + 1], *self.sizes[k + 2 :])
                centred = frozenset(c - (c > k) for c in self.centred)
                pieces = tuple(p.merged(k) for p in self.pieces)
                widths = self.widths and self.widths.merged(k)
                return replace(self, sizes=sizes, pieces=pieces, centred=centred, widths=widths).merged()
        return self

    @property
    def count(self) -> int:
        """How many laws of the gradient flow it adds to those before it."""
        return self._count(momentum=False)

    @property
    def count_with_momentum(self) -> int:
        """How many laws of a flow with momentum it gives."""
        return self._count(momentum=True)

    def _count(self, *, momentum: bool) -> int:
        free = int(self._free(self.sizes, self.columns, momentum=momentum))
        if self.form is Form.PRODUCTS and momentum:
            return free
        return (1 + momentum) * max(free - self.repeated, 0)

    def formula(self, *, momentum: bool = False) -> Polynomial:
        """The same number as a formula in the lengths of index spaces, if `widths` are known."""
        assert self.widths
        sizes, columns, repeated = self.widths.sizes, self.widths.columns, self.widths.repeated
        if not self._count(momentum=momentum):
            return columns.ring.constant(0)
        free: Polynomial = columns.ring.constant(1) * self._free(sizes, columns, momentum=momentum)
        return free if self.form is Form.PRODUCTS and momentum else (1 + momentum) * (free - repeated)

    def _free(self, sizes: Sequence[Any], columns: Any, *, momentum: bool) -> Any:
        """How many independent laws are in it, in numbers or as a formula."""
        if self.form is not Form.PRODUCTS:
            along = (n - (k in self.centred) for k, n in enumerate(sizes))
            return 0 if momentum and self.form is Form.SQUARES else prod(along)
        if self.symmetric if momentum else self.skew:
            return 0
        *copies, n = sizes
        # H = sum +-V V' with V of n rows and so many columns, or sum +-(V P' - P V'): if it has low rank, its
        # entries are dependent
        if momentum:
            low = 2 * self.columns < self.sizes[-1]
            free = columns * (2 * n - 2 * columns - 1) if low else n * (n - 1) * _HALF
        else:
            rank = columns if self.columns < self.sizes[-1] else n
            free = n * rank - rank * (rank - 1) * _HALF
        return prod(copies) * free

    @property
    def columns(self) -> int:
        """How many columns the matrices V in products V V' have, of those that move."""
        return sum(prod(p.view.sizes) for p in self.pieces) // prod(self.sizes) - self.still

    @property
    def is_frozen(self) -> bool:
        """Whether each of its laws is one entry of a parameter."""
        alone = len(self.pieces) == 1 and not self.centred and self.form is Form.SUMS
        return alone and len(self.pieces[0].index) == len(self.pieces[0].view.axes)

    def text(self, most: int | None = MOST_TERMS) -> str:
        """The law in a line, with at most so many terms, and for which indices it holds.

        A skew matrix moves all pieces alike, so that in laws of momentum, with theta' in place of one theta,
        none has a minus sign.
        """
        sizes = (replace(piece, coefficient=abs(piece.coefficient)) for piece in self.pieces)
        return terms(self.form, tuple(sizes) if self.skew else self.pieces, most) + self._reach

    @property
    def identity(self) -> str:
        """What the gradients G of every loss obey, in a line."""
        zero = " - its transpose = 0" if self.skew else " + its transpose = 0" if self.symmetric else " = 0"
        zero += "" if self.exact else " up to eps"
        return terms(self.form, self.pieces, None, gradient=True) + zero + self._reach

    def __str__(self) -> str:
        return self.text()

    @property
    def _reach(self) -> str:
        implied = f", but for {self.repeated} that others imply" if self.repeated and not self.hollow else ""
        if self.form is Form.PRODUCTS:
            *copies, n = self.sizes
            blocks = f"{' x '.join(map(str, copies))} blocks, " if copies else ""
            kind = ", skew" if self.skew else ", symmetric" if self.symmetric else ""
            return f"   ({blocks}{n} x {n}{kind}{', off the diagonal' if self.hollow else ''}{implied})"
        bounds = [f"{letter} < {n}" for letter, n in zip(INDICES, self.sizes, strict=False)]
        apart = ", ".join(INDICES[k] for k in sorted(self.centred))
        differences = f", differences along {apart}" if apart else ""
        return f"   ({', '.join(bounds)}{differences}{implied})" if bounds else ""
