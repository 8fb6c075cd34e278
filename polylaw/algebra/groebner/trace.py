"""A Gröbner basis mod one prime, degree by degree, and what computes it mod others without a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from polylaw.algebra.check import Check
from polylaw.algebra.groebner.elimination import (
    FloatArray,
    Residues,
    find_pivots,
    reduced_rows,
    seem_to_vanish,
    solve_pivots,
)
from polylaw.algebra.groebner.exact import Terms
from polylaw.algebra.groebner.matrices import Products, SymbolicMatrix, symbolic_matrix
from polylaw.algebra.groebner.orders import Order
from polylaw.algebra.groebner.pairs import CriticalPairs
from polylaw.algebra.monomials import IntArray


@dataclass(frozen=True)
class Generators:
    """Homogeneous polynomials with integer coefficients: `exponents[i]`, shape (terms, variables), largest
    first for the order, and `coefficients[i]`.  The degree of a monomial is its product with `weights`, which
    are positive."""

    exponents: tuple[IntArray, ...]
    coefficients: tuple[tuple[int, ...], ...]
    weights: IntArray
    order: Order

    def degrees(self) -> IntArray:
        """The degree of every generator."""
        return np.array([int(e[0] @ self.weights) for e in self.exponents], dtype=np.int64)

    def terms(self, position: int) -> Terms:
        """One generator."""
        exponents = map(tuple, self.exponents[position].tolist())
        return dict(zip(exponents, self.coefficients[position], strict=True))

    def residues(self, residues: Residues) -> list[FloatArray]:
        """The coefficients mod the primes."""
        return [residues.of(c) for c in self.coefficients]


@dataclass(frozen=True)
class Step:
    """The new basis elements of one degree: the matrix, its rows in the order of their pivots, and for each
    of the new elements its pivot column and the columns of its other terms (both counted after the columns
    with a reducer).

    `origins` names the rows as differences of products: (i, j) is the S-polynomial of basis elements i and j,
    (k,) is generator k.  Modulo multiples of earlier basis elements they are independent mod the first prime.
    """

    matrix: SymbolicMatrix
    origins: tuple[tuple[int, ...], ...]
    pivots: tuple[int, ...]
    tails: tuple[IntArray, ...]

    def elements(
        self, coefficients: Sequence[FloatArray], residues: Residues, check: Callable[[], None]
    ) -> tuple[list[FloatArray], IntArray]:
        """Coefficients of the new elements, leading 1 first, and the primes with the same terms."""
        values = reduced_rows(self.matrix, coefficients, residues, check)
        values, allowed = solve_pivots(values, self.pivots, residues, check)
        ones = np.ones((len(residues.primes), 1))
        parts = [np.concatenate([ones, values[:, i, tail]], axis=1) for i, tail in enumerate(self.tails)]
        for i, (pivot, tail) in enumerate(zip(self.pivots, self.tails, strict=True)):
            values[:, i, pivot] = 0
            values[:, i, tail] = 0
        return parts, np.intersect1d(allowed, np.flatnonzero(~values.any(axis=(1, 2))))


@dataclass(frozen=True)
class Trace:
    """`exponents` of the basis mod the first prime, each largest first, and the steps that lead to it."""

    generators: Generators
    prime: int
    steps: tuple[Step, ...]
    exponents: tuple[IntArray, ...]


def trace_basis(generators: Generators, prime: int, check: Check) -> Trace:
    """The reduced basis mod `prime`; in each degree elements are missing with probability 1/prime^4.

    In a homogeneous ideal the elements of one degree are final, whatever follows.
    """
    run = _Run(generators, prime)
    while (degree := run.next_degree()) is not None:
        run.step(degree, partial(check, f"Gröbner basis mod a prime, degree {degree}"))
    return Trace(generators, prime, tuple(run.steps), tuple(run.supports[len(generators.exponents) :]))


def replay(trace: Trace, primes: Sequence[int], check: Check) -> tuple[list[FloatArray], IntArray]:
    """Coefficients of all basis elements mod many primes, and the positions of primes that fit the trace."""
    residues = Residues(primes)
    coefficients = trace.generators.residues(residues)
    first, allowed = len(coefficients), np.arange(len(primes))
    for step in trace.steps:
        fresh, good = step.elements(coefficients, residues, partial(check, "Gröbner basis mod many primes"))
        coefficients += fresh
        allowed = np.intersect1d(allowed, good)
    return coefficients[first:], allowed


class _Run:
    """The state between degrees."""

    def __init__(self, generators: Generators, prime: int) -> None:
        self.generators, self.residues = generators, Residues((prime,))
        self.waiting = generators.degrees()
        self.supports = list(generators.exponents)
        self.coefficients = generators.residues(self.residues)
        self.pairs = CriticalPairs(len(generators.weights))
        self.steps: list[Step] = []

    def next_degree(self) -> int | None:
        waiting = self.waiting[self.waiting >= 0].tolist()
        degrees = [*(self.pairs.lcms @ self.generators.weights).tolist(), *waiting]
        return min(degrees, default=None)

    def step(self, degree: int, check: Callable[[], None]) -> None:
        check()
        rows, reducers, origins = self._products(degree)
        first = len(self.generators.exponents)
        leads, order = self.pairs.leads, self.generators.order
        matrix = symbolic_matrix(rows, reducers, self.supports, leads, first, order, check)
        # most rows of the last degrees are 0, and a basis that lacks an element is not proved later
        if seem_to_vanish(matrix, self.coefficients, self.residues, check):
            return
        values = reduced_rows(matrix, self.coefficients, self.residues, check)
        pivots = find_pivots(values.copy(), self.residues, check)
        if pivots.rows:
            small, columns = matrix.restricted(pivots.rows)
            others = columns[columns >= len(matrix.reducers)] - len(matrix.reducers)
            places = np.searchsorted(others, pivots.columns)
            useful = tuple(origins[i] for i in pivots.rows)
            self._extend(small, useful, values[:, np.array(pivots.rows)][:, :, others], places, check)

    def _extend(
        self,
        matrix: SymbolicMatrix,
        origins: tuple[tuple[int, ...], ...],
        values: FloatArray,
        places: IntArray,
        check: Callable[[], None],
    ) -> None:
        """New elements from the matrix of the rows that matter, whose pivots stand at these places."""
        count = len(matrix.reducers)
        values, _ = solve_pivots(values, places.tolist(), self.residues, check)
        tails = []
        for i, pivot in enumerate(places.tolist()):
            check()
            tail = np.flatnonzero(values[0, i])
            tail = tail[tail != pivot]
            tails.append(tail)
            self.supports.append(matrix.monomials[count + np.concatenate([[pivot], tail])])
            self.coefficients.append(np.concatenate([np.ones((1, 1)), values[:, i, tail]], axis=1))
            self.pairs.add(matrix.monomials[count + pivot])
        self.steps.append(Step(matrix, origins, tuple(places.tolist()), tuple(tails)))

    def _products(self, degree: int) -> tuple[Products, Products, list[tuple[int, ...]]]:
        """The generators of this degree and the halves of its critical pairs; of each lcm the shortest half
        reduces. And where each row comes from."""
        first, variables = len(self.generators.exponents), len(self.generators.weights)
        due = np.flatnonzero(self.waiting == degree)
        self.waiting[due] = -1
        firsts, seconds, lcms = self.pairs.take(self.pairs.lcms @ self.generators.weights == degree)
        halves: dict[bytes, tuple[IntArray, set[int]]] = {}
        for i, j, lcm in zip(firsts.tolist(), seconds.tolist(), lcms, strict=True):
            halves.setdefault(lcm.tobytes(), (lcm, set()))[1].update((i, j))
        rows: list[tuple[int, IntArray]] = [(int(i), np.zeros(variables, dtype=np.int64)) for i in due]
        origins: list[tuple[int, ...]] = [(int(i),) for i in due]
        reducers: list[tuple[int, IntArray]] = []
        for lcm, members in halves.values():
            shortest, *others = sorted(members, key=lambda i: (len(self.supports[first + i]), i))
            reducers.append((first + shortest, lcm - self.pairs.leads[shortest]))
            rows += [(first + i, lcm - self.pairs.leads[i]) for i in others]
            origins += [(shortest, i) for i in others]
        return _as_products(rows, variables), _as_products(reducers, variables), origins


def _as_products(pairs: list[tuple[int, IntArray]], variables: int) -> Products:
    multipliers = np.array([m for _, m in pairs], dtype=np.int64).reshape(len(pairs), variables)
    return Products(np.array([i for i, _ in pairs], dtype=np.int64), multipliers)
