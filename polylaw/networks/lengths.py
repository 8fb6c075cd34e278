"""Numbers of laws as formulas: polynomials in the lengths of index spaces, with one letter for each length.

No rule looks at a length but for whether it is 1, so a formula holds for all widths of a network, as long as
those that are equal here stay equal, those that are more than 1 here stay that, and no matrix that has more
columns than rows gets fewer, or the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod

from polylaw.algebra.ring import Polynomial, Ring
from polylaw.networks.index import Index


class Lengths:
    """The letters n1, n2, ... for the lengths above 1, the shortest first.

    >>> lengths = Lengths([3, 1, 12, 3])
    >>> lengths.values, str(lengths.of(Index(12)) - lengths.of(Index(1)))
    ({'n1': 3, 'n2': 12}, 'n2 - 1')
    """

    def __init__(self, sizes: Iterable[int]) -> None:
        above = sorted({*sizes} - {0, 1})
        self.values = {f"n{k}": n for k, n in enumerate(above, 1)}
        self.ring = Ring([*self.values])
        self._letters = dict(zip(above, self.ring.generators(), strict=True))

    def of(self, leaf: Index) -> Polynomial:
        """The letter for the length of a leaf."""
        return self._letters[leaf.size] if leaf.size > 1 else self.ring.constant(leaf.size)

    def product(self, leaves: Iterable[Index], less: int = 0) -> Polynomial:
        """The product of the lengths, each less a number."""
        return prod((self.of(leaf) - less for leaf in leaves), start=self.ring.constant(1))

    def sum(self, numbers: Iterable[Polynomial]) -> Polynomial:
        """The sum of numbers."""
        return Polynomial.sum(self.ring, numbers)

    def number(self, formula: Polynomial) -> int:
        """What a formula says at the lengths at hand."""
        return int(formula(self.values))


@dataclass(frozen=True)
class Widths:
    """Numbers of a family of laws as formulas: how many values each of its indices has, how many columns of
    its matrices move, and how many of its entries follow from others."""

    sizes: Sequence[Polynomial]
    columns: Polynomial
    repeated: Polynomial

    def merged(self, k: int) -> Widths:
        """The indices k and k + 1 made into one."""
        one = self.sizes[k] * self.sizes[k + 1]
        return replace(self, sizes=(*self.sizes[:k], one, *self.sizes[k + 2 :]))
