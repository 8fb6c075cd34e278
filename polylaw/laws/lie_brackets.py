"""dim Lie(W) from below by brackets: W_(k+1) = W_k + [W_0, W_k] at a point mod a prime, until none is new.

Only elements whose values at the point are independent are kept.  Where that rank is constant this loses
nothing: if Z = sum a_i Y_i with functions a_i, then [X, Z] is a combination of the [X, Y_i] and the Y_i.  So
when a step adds nothing, the chain has stopped, proved at a generic point and almost surely at a random one.

Two kinds of elements: polynomial fields, the plain way; and matrices, for linear fields X = A x, where
[A x, B x] = (A B - B A) x makes every bracket one commutator.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from scipy.sparse import csr_matrix, vstack

from polylaw.algebra.linear.modular import Span
from polylaw.algebra.monomials import IntArray
from polylaw.budget import Budget, Progress, silent
from polylaw.errors import BudgetError, InputError
from polylaw.flows.distribution import Distribution, Field
from polylaw.laws.lie_series import SERIES_PRIMES
from polylaw.laws.witness import BracketWitness, hashed_residue

Element = TypeVar("Element")
_STAGE = "brackets of the fields"


@dataclass(frozen=True)
class BracketRank:
    """A lower bound for the generic dim Lie(W), proved by `witness`.  `stopped`: why no more brackets were
    taken, in words; `settled`: whether the chain has stopped."""

    rank: int
    witness: BracketWitness
    settled: bool
    stopped: str


def is_linear(distribution: Distribution) -> bool:
    """Whether every component of every field is a linear form in the state (over the parameters)."""
    first = distribution.ring.parameter_indices.start
    monomials = (m for field in distribution.fields for p in field.components.values() for m in p.terms)
    return all(sum(power for g, power in m if g < first) == 1 for m in monomials)


def lie_bracket_rank(
    distribution: Distribution,
    target: int,
    budget: Budget,
    *,
    commutators: bool = False,
    seed: int = 0,
    point: Sequence[int] | None = None,
    progress: Progress = silent,
) -> BracketRank:
    """A lower bound for dim Lie(W) near a generic point; stops at `target`, or when the chain has stopped, or
    when the budget is hit.  `commutators` asks for matrices, `InputError` unless all fields are linear.
    `point`: integer values of all generators of the state ring; by default residues that depend on `seed`."""
    prime = SERIES_PRIMES[seed % len(SERIES_PRIMES)]
    if point is None:
        point = [hashed_residue(seed, prime, "point", i) for i in range(distribution.ring.size)]
    if commutators and not is_linear(distribution):
        hint = "use the series or brackets"
        raise InputError("route", "commutators", "a flow whose fields are all linear", hint)
    if commutators:
        return _closed(_Matrices(distribution, point, prime), target, budget, progress)
    return _closed(_Polynomials(distribution, point, prime), target, budget, progress)


def _closed(kind: _Kind[Element], target: int, budget: Budget, progress: Progress) -> BracketRank:
    """Brackets with the fields of what the step before added, as long as that adds something."""
    state, prime = kind.state, kind.prime
    brackets: list[tuple[int, int]] = []
    chosen: list[int] = []
    settled, stopped = False, "the chain of brackets has stopped"
    try:
        span, elements = Span(state, prime, budget.check), list(budget.each(_STAGE, kind.fields()))
        values = [kind.value(element) for element in budget.each(_STAGE, elements)]
        chosen = span.add(np.column_stack(values).astype(np.int64)) if values else []
        base = level = list(chosen)
        jacobians = [kind.jacobian(elements[i]) for i in budget.each(_STAGE, base)]
        jacobians = jacobians or [csr_matrix((0, state))]
        slopes = vstack(jacobians, format="csr")
        starts = np.array([values[i] for i in base], dtype=np.int64).reshape(len(base), state)
        while level and span.rank < target:
            added: list[int] = []
            for y in level:
                budget.check(_STAGE)
                # [X, Y] at the point, for every X of the base
                left = (slopes @ values[y] % prime).reshape(len(base), state)
                columns = ((left - (kind.jacobian(elements[y]) @ starts.T).T) % prime).T
                for position in span.add(columns):
                    x = base[position]
                    brackets.append((x, y))
                    added.append(len(elements))
                    chosen.append(len(elements))
                    elements.append(kind.bracket(elements[x], elements[y]))
                    values.append(columns[:, position])
                progress("Lie algebra of the fields", min(span.rank, target), target)
                if span.rank >= target:
                    break
            level = added
        settled = not level
        stopped = "as large as it can be" if span.rank >= target else stopped
    except BudgetError as error:
        stopped = str(error)
    witness = BracketWitness(prime, tuple(kind.point), tuple(brackets), tuple(chosen))
    return BracketRank(witness.rank, witness, settled, stopped)


class _Kind(ABC, Generic[Element]):
    """How elements of one kind are evaluated at the point, differentiated there, and bracketed."""

    def __init__(self, distribution: Distribution, point: Sequence[int], prime: int) -> None:
        self.distribution, self.point, self.prime = distribution, point, prime
        self.state = distribution.ring.parameter_indices.start
        self.residues = {g: value % prime for g, value in enumerate(point)}

    @abstractmethod
    def fields(self) -> Iterable[Element]:
        """The fields of the distribution."""

    @abstractmethod
    def value(self, element: Element) -> IntArray:
        """X at the point, mod the prime."""

    @abstractmethod
    def jacobian(self, element: Element) -> csr_matrix:
        """DX at the point, mod the prime."""

    @abstractmethod
    def bracket(self, left: Element, right: Element) -> Element:
        """[X, Y] = DX.Y - DY.X."""

    def slopes(self, field: Field) -> csr_matrix:
        """DX at the point, mod the prime, of a polynomial field X."""
        entries = [
            (k, i, slope.residue(self.residues, self.prime))
            for k, p in field.components.items()
            for i, slope in p.gradient().items()
            if i < self.state
        ]
        rows, columns, slopes = np.array(entries, dtype=np.int64).reshape(-1, 3).T
        return csr_matrix((slopes, (rows, columns)), shape=(self.state, self.state))


class _Polynomials(_Kind[Field]):
    """Polynomial vector fields."""

    def fields(self) -> Iterable[Field]:
        return self.distribution.fields

    def value(self, element: Field) -> IntArray:
        result = np.zeros(self.state, dtype=np.int64)
        for k, p in element.components.items():
            result[k] = p.residue(self.residues, self.prime)
        return result

    def jacobian(self, element: Field) -> csr_matrix:
        return self.slopes(element)

    def bracket(self, left: Field, right: Field) -> Field:
        return left.bracket(right)


class _Matrices(_Kind[csr_matrix]):
    """Linear vector fields A x as matrices A mod the prime, parameters set to their values at the point."""

    def fields(self) -> Iterable[csr_matrix]:
        return map(self.slopes, self.distribution.fields)

    def value(self, element: csr_matrix) -> IntArray:
        place = np.array([self.residues[g] for g in range(self.state)], dtype=np.int64)
        result: IntArray = element @ place % self.prime
        return result

    def jacobian(self, element: csr_matrix) -> csr_matrix:
        return element

    def bracket(self, left: csr_matrix, right: csr_matrix) -> csr_matrix:
        result: csr_matrix = left @ right - right @ left
        result.data %= self.prime
        return result
