"""Monomial orders, as integer matrices: a > b when the first nonzero entry of W (a - b) is positive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polylaw.algebra.monomials import IntArray
from polylaw.errors import InputError


@dataclass(frozen=True)
class Order:
    """A monomial order: `degrevlex`, `lex`, or `elimination` of the first `block` variables, in which every
    monomial that contains one of these is larger than every monomial that contains none, and degrevlex breaks
    ties in each block.

    Earlier variables are larger.  Raises `InputError` for any other name.
    """

    name: str = "degrevlex"
    block: int = 0

    def __post_init__(self) -> None:
        if self.name not in ("degrevlex", "lex", "elimination"):
            raise InputError("order", self.name, "degrevlex, lex or elimination")
        if self.block < 0 or (self.block > 0) != (self.name == "elimination"):
            expected = "the number of variables to eliminate, with the order elimination only"
            raise InputError("block", self.block, expected)

    def rows(self, variables: int) -> IntArray:
        """The matrix W, of shape (variables, variables), with entries 0 and 1.

        The rows of degrevlex are the sums of all variables, of all but the last, of all but the last two, ...
        """
        if self.name == "lex":
            return np.eye(variables, dtype=np.int64)
        rows = np.zeros((variables, variables), dtype=np.int64)
        for start, stop in ((0, self.block), (self.block, variables)):
            rows[start:stop, start:stop] = np.tri(stop - start, dtype=np.int64)[::-1]
        return rows

    def descending(self, exponents: IntArray) -> IntArray:
        """The positions of the rows of `exponents`, shape (n, variables), from the largest monomial down."""
        keys = exponents @ self.rows(exponents.shape[1]).T
        positions: IntArray = np.lexsort(tuple(-keys.T[::-1]))
        return positions

    def key(self, exponents: tuple[int, ...]) -> tuple[int, ...]:
        """Larger for a larger monomial."""
        if self.name == "lex":
            return exponents
        keys: list[int] = []
        for part in (exponents[: self.block], exponents[self.block :]):
            keys += (sum(part[:stop]) for stop in range(len(part), 0, -1))
        return tuple(keys)


DEGREVLEX = Order()
