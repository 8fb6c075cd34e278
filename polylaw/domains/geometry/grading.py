"""Gradings that make given polynomials homogeneous, and products of these sorted by their degrees.

Relations among homogeneous polynomials, and ways to write one as a polynomial in others, are sums of
homogeneous ones: so each is sought among the few products of one multidegree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import flint
import numpy as np

from polylaw.algebra.groebner.grading import differences, grading
from polylaw.algebra.monomials import IntArray
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Polynomial
from polylaw.algebra.terms import Monomial, exponents
from polylaw.budget import Budget

Multidegree = tuple[int, ...]


@dataclass(frozen=True)
class Grading:
    """Integer weights, one row each over the generators `support`, that make given polynomials homogeneous: a
    basis of all such weights over Q.  `positive` is one with positive entries, if there is one."""

    support: tuple[int, ...]
    weights: IntArray
    positive: IntArray | None

    @staticmethod
    def of(polynomials: Sequence[Polynomial]) -> Grading:
        """The gradings of nonzero polynomials of one ring."""
        support = tuple(sorted({g for p in polynomials for g in p.support}))
        rows = [_exponents(p, support) for p in polynomials]
        changes = differences(rows, len(support))
        if not len(changes):
            weights = np.eye(len(support), dtype=np.int64)
        else:
            kernel, nullity = flint.fmpz_mat(changes.tolist()).nullspace()
            columns = [[int(kernel[i, j]) for i in range(len(support))] for j in range(nullity)]
            weights = np.array(columns, dtype=np.int64).reshape(nullity, len(support))
            weights //= np.maximum(np.gcd.reduce(weights, axis=1, keepdims=True), 1) if nullity else 1
        return Grading(support, weights, grading(rows, len(support)))

    def multidegree(self, polynomial: Polynomial) -> Multidegree:
        """The degrees of a homogeneous polynomial."""
        return self._of_exponents(_exponents(polynomial, self.support)[0])

    def components(self, polynomial: Polynomial) -> dict[Multidegree, Polynomial]:
        """The homogeneous components of any polynomial in the generators of the support."""
        parts: dict[Multidegree, dict[Monomial, Coefficient]] = {}
        for (monomial, c), row in zip(polynomial, _exponents(polynomial, self.support), strict=True):
            parts.setdefault(self._of_exponents(row), {})[monomial] = c
        return {d: Polynomial(polynomial.ring, terms) for d, terms in sorted(parts.items())}

    def _of_exponents(self, row: IntArray) -> Multidegree:
        return tuple((self.weights @ row).tolist())

    def degree(self, polynomial: Polynomial) -> int:
        """The degree of a homogeneous polynomial for the positive weights, else 1."""
        return 1 if self.positive is None else int(self.positive @ _exponents(polynomial, self.support)[0])


def _exponents(polynomial: Polynomial, support: tuple[int, ...]) -> IntArray:
    rows = [exponents(monomial, support) for monomial in polynomial.terms]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(support))


@dataclass(frozen=True)
class Products:
    """Products of the polynomials `factors`, as monomials whose generator i is factor i.  Where all weights
    are positive a level e holds the products of degree e exactly, else all products of at most e factors."""

    factors: tuple[Polynomial, ...]

    @cached_property
    def grading(self) -> Grading:
        """All gradings in which the factors are homogeneous."""
        return Grading.of(self.factors)

    @property
    def graded(self) -> bool:
        """Whether there are positive weights."""
        return self.grading.positive is not None

    @cached_property
    def degrees(self) -> tuple[int, ...]:
        """The degree of every factor, 1 without positive weights."""
        return tuple(map(self.grading.degree, self.factors))

    @cached_property
    def multidegrees(self) -> IntArray:
        """The multidegrees of the factors, one row each."""
        rows = [self.grading.multidegree(f) for f in self.factors]
        return np.array(rows, dtype=np.int64).reshape(len(self.factors), len(self.grading.weights))

    def multidegree(self, monomial: Monomial) -> Multidegree:
        """The multidegree of a product."""
        zero = np.zeros(self.multidegrees.shape[1], dtype=np.int64)
        return tuple(sum((e * self.multidegrees[i] for i, e in monomial), zero).tolist())

    def count(self, level: int) -> int:
        """How many products a level has."""
        ways = [1] + [0] * level
        for d in self.degrees:
            for e in range(d, level + 1):
                ways[e] += ways[e - d]
        return ways[level] if self.graded else sum(ways)

    def level(self, level: int, budget: Budget) -> dict[Multidegree, list[Monomial]]:
        """The products of a level by multidegree, those with high powers of the first factors last."""
        budget.check_unknowns(self.count(level))
        blocks: dict[Multidegree, list[Monomial]] = {}
        for monomial in self._monomials(0, level):
            blocks.setdefault(self.multidegree(monomial), []).append(monomial)
        return blocks

    def _monomials(self, first: int, left: int) -> Iterator[Monomial]:
        if first == len(self.factors):
            if left == 0 or not self.graded:
                yield ()
            return
        for e in range(left // self.degrees[first] + 1):
            for rest in self._monomials(first + 1, left - e * self.degrees[first]):
                yield ((first, e), *rest) if e else rest
