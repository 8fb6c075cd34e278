"""Laws of networks: families of conserved quantities, as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from polylaw.networks.pieces import Form, Piece
from polylaw.networks.tensors import Shape
from polylaw.networks.text import INDICES, MOST_TERMS, terms


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
        """How many laws of the gradient flow it adds to those before it."""
        return max(self.free - self.repeated, 0)

    @property
    def free(self) -> int:
        """How many independent laws of the gradient flow are in it."""
        if self.form is not Form.PRODUCTS:
            return prod(n - (k in self.centred) for k, n in enumerate(self.sizes))
        *copies, n = self.sizes
        # H = sum +-V V' with V of n rows and so many columns: its entries are dependent if it has low rank
        columns = min(self.columns, n)
        return 0 if self.skew else prod(copies) * (n * columns - columns * (columns - 1) // 2)

    @property
    def count_with_momentum(self) -> int:
        """How many laws of a flow with momentum it gives."""
        if self.form is Form.SUMS:
            return 2 * self.count
        if self.form is Form.SQUARES or self.symmetric:
            return 0
        *copies, n = self.sizes
        # sum +-(V P' - P V') has rank at most twice the number of columns
        columns = min(self.columns, n // 2)
        free = columns * (2 * n - 2 * columns - 1) if 2 * columns < n else n * (n - 1) // 2
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
