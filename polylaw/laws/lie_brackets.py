"""dim Lie(W) from below by brackets: W_(k+1) = W_k + [W_0, W_k] at one point mod a prime, until nothing is new.

Only elements whose values at the point are independent are kept.  Where that rank is constant this loses nothing:
if Z = sum a_i Y_i with functions a_i, then [X, Z] is a combination of the [X, Y_i] and the Y_i.  So when a step adds
nothing, the chain has stopped, proved at a generic point and almost surely at a random one.

Two kinds of elements: polynomial fields, the plain way; and matrices, for linear fields X = A x, where
[A x, B x] = (A B - B A) x makes every bracket one commutator.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np

from polylaw.algebra.monomials import IntArray
from polylaw.algebra.span import Span
from polylaw.errors import BudgetError, InputError
from polylaw.flows.distribution import Distribution, Field
from polylaw.laws.budget import Budget
from polylaw.laws.lie_series import SERIES_PRIMES
from polylaw.laws.witness import BracketWitness, hashed_residue

__all__ = ["BracketRank", "is_linear", "lie_bracket_rank"]

Element = TypeVar("Element")


@dataclass(frozen=True)
class BracketRank:
    """A lower bound for the generic dim Lie(W), proved by `witness`.  `stopped`: why no more brackets were taken, in
    words; `settled`: whether the chain has stopped."""

    rank: int
    witness: BracketWitness
    settled: bool
    stopped: str


class _Kind(Protocol[Element]):
    """How elements of one kind are evaluated at the point, differentiated there, and bracketed."""

    def value(self, element: Element) -> IntArray:
        """X at the point, mod the prime."""

    def jacobian(self, element: Element) -> IntArray:
        """DX at the point, mod the prime."""

    def bracket(self, left: Element, right: Element) -> Element:
        """[X, Y] = DX.Y - DY.X."""


def is_linear(distribution: Distribution) -> bool:
    """Whether every component of every field is a linear form in the state (its coefficients may have parameters)."""
    first = distribution.ring.parameter_indices.start
    monomials = (m for field in distribution.fields for p in field.components.values() for m in p.terms)
    return all(sum(power for g, power in m if g < first) == 1 for m in monomials)


def lie_bracket_rank(
    distribution: Distribution, target: int, budget: Budget, *, commutators: bool = False, seed: int = 0
) -> BracketRank:
    """A lower bound for dim Lie(W) near a generic point; stops at `target`, or when the chain has stopped, or when
    the budget is hit.  `commutators` asks for matrices, `InputError` unless all fields are linear."""
    prime = SERIES_PRIMES[seed % len(SERIES_PRIMES)]
    point = tuple(hashed_residue(seed, prime, "point", i) for i in range(distribution.ring.size))
    if not commutators:
        kind = _Polynomials(distribution, point, prime)
        return _closed(kind, list(distribution.fields), distribution, point, prime, target, budget)
    if not is_linear(distribution):
        raise InputError("route", "commutators", "a flow whose fields are all linear", "use the series or brackets")
    matrices = _Matrices(distribution, point, prime)
    return _closed(matrices, [matrices.of(field) for field in distribution.fields], distribution, point, prime, target, budget)


def _closed(
    kind: _Kind[Element],
    elements: list[Element],
    distribution: Distribution,
    point: tuple[int, ...],
    prime: int,
    target: int,
    budget: Budget,
) -> BracketRank:
    state = distribution.ring.parameter_indices.start
    span = Span(state, prime)
    brackets: list[tuple[int, int]] = []
    values = {i: kind.value(element) for i, element in enumerate(elements)}
    fields = len(elements)
    chosen = span.add(np.column_stack(list(values.values())).astype(np.int64)) if values else []
    base = level = list(chosen)
    settled, stopped = False, "the chain of brackets has stopped"
    try:
        budget.check_entries(len(base) * state**2)
        slopes = np.array([kind.jacobian(elements[i]) for i in base], dtype=np.int64).reshape(len(base), state, state)
        starts = np.array([values[i] for i in base], dtype=np.int64).reshape(len(base), state)
        while level and span.rank < target:
            added: list[int] = []
            for y in level:
                budget.check("brackets of the fields")
                # [X, Y] at the point, for every X of the base
                columns: IntArray = (slopes @ values[y] - starts @ kind.jacobian(elements[y]).T).T % prime
                for position in span.add(columns):
                    x = base[position]
                    brackets.append((x, y))
                    added.append(fields + len(brackets) - 1)
                    elements.append(kind.bracket(elements[x], elements[y]))
                    values[added[-1]] = columns[:, position]
                if span.rank >= target:
                    break
            chosen += added
            level = added
        settled = not level
        stopped = "as large as it can be" if span.rank >= target else stopped
    except BudgetError as error:
        stopped = str(error)
    return BracketRank(span.rank, BracketWitness(prime, point, tuple(brackets), tuple(chosen)), settled, stopped)


class _Polynomials:
    """Polynomial vector fields."""

    def __init__(self, distribution: Distribution, point: tuple[int, ...], prime: int) -> None:
        self.state = distribution.ring.parameter_indices.start
        self.prime, self.point = prime, dict(enumerate(point))

    def value(self, element: Field) -> IntArray:
        result = np.zeros(self.state, dtype=np.int64)
        for k, p in element.components.items():
            result[k] = p.residue(self.point, self.prime)
        return result

    def jacobian(self, element: Field) -> IntArray:
        result = np.zeros((self.state, self.state), dtype=np.int64)
        for k, p in element.components.items():
            for i, slope in p.gradient().items():
                if i < self.state:
                    result[k, i] = slope.residue(self.point, self.prime)
        return result

    def bracket(self, left: Field, right: Field) -> Field:
        parts = {k: right(p) for k, p in left.components.items()}
        for k, p in right.components.items():
            parts[k] = parts[k] - left(p) if k in parts else -left(p)
        return Field("bracket", {k: p for k, p in sorted(parts.items()) if p})


class _Matrices:
    """Linear vector fields A x as matrices A mod the prime, parameters set to the values they have at the point."""

    def __init__(self, distribution: Distribution, point: tuple[int, ...], prime: int) -> None:
        self.state = distribution.ring.parameter_indices.start
        self.prime, self.point = prime, point

    @cached_property
    def _start(self) -> IntArray:
        return np.array(self.point[: self.state], dtype=np.int64)

    def of(self, field: Field) -> IntArray:
        """The matrix of a linear field."""
        matrix = np.zeros((self.state, self.state), dtype=np.int64)
        values = dict(enumerate(self.point))
        for k, p in field.components.items():
            for i, coefficient in p.gradient().items():
                if i < self.state:
                    matrix[k, i] = coefficient.residue(values, self.prime)
        return matrix

    def value(self, element: IntArray) -> IntArray:
        result: IntArray = element @ self._start % self.prime
        return result

    def jacobian(self, element: IntArray) -> IntArray:
        return element

    def bracket(self, left: IntArray, right: IntArray) -> IntArray:
        result: IntArray = (left @ right - right @ left) % self.prime
        return result
