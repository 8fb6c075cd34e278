"""How many of the given laws are functionally independent: the generic rank of their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polylaw.algebra.linear.modular import rank
from polylaw.algebra.modular import primes
from polylaw.algebra.monomials import IntArray
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget
from polylaw.errors import BudgetError
from polylaw.flows.flow import Flow
from polylaw.laws.lie_series import lie_series_rank
from polylaw.truth import Bounds

_POINTS = 3
#: Beyond this many state coordinates or terms only the cheap upper bounds are tried.
_LARGEST_STATE, _MOST_TERMS = 400, 400_000


@dataclass(frozen=True, eq=False)
class Rank(Bounds):
    """A rank known from both sides; exact when they meet."""

    lower: int
    upper: int


def gradient_rank(flow: Flow, laws: Sequence[Polynomial], budget: Budget) -> Rank:
    """The rank of the gradients of verified laws near a generic point, from both sides.

    Lower: the rank mod p at a random point.  Upper: the number of laws, and the dimension of the state minus
    a lower bound for dim Lie(W), to whose values gradients of laws are orthogonal.  When time is over, the
    bounds known by then.
    """
    state = flow.ring.parameter_indices.start
    lower, upper = 0, min(len(laws), state)
    try:
        budget.check("the rank of gradients")
        lower = gradient_rank_at_least(flow, laws, budget)
        if lower < upper and state <= _LARGEST_STATE:
            distribution = flow.within(budget.check)
            if sum(len(list(f.terms())) for f in distribution.fields) <= _MOST_TERMS:
                upper = min(upper, state - lie_series_rank(distribution, state - lower, budget).rank)
    except BudgetError:
        pass  # the bounds known so far are the answer
    return Rank(lower, upper)


def gradient_rank_at_least(flow: Flow, laws: Sequence[Polynomial], budget: Budget) -> int:
    """The largest rank of the gradients mod p at a few random points: a lower bound for the generic rank over
    Q, 0 when time is over before there is one."""
    return generic_rank_at_least(flow.ring, laws, budget)


def generic_rank_at_least(ring: Ring, polynomials: Sequence[Polynomial], budget: Budget) -> int:
    """The same for any polynomials of a ring: gradients by its variables and clock."""
    most = min(len(polynomials), ring.parameter_indices.start)
    lower = 0
    for prime, _ in zip(primes(), range(_POINTS), strict=False):
        point = np.random.default_rng(prime).integers(1, prime, ring.size).tolist()
        try:
            rows = gradients_at(ring, polynomials, point, prime, budget)
        except BudgetError:
            break
        lower = max(lower, rank(rows, prime))
        if lower == most:
            break
    return lower


def gradients_at(
    ring: Ring, laws: Sequence[Polynomial], point: Sequence[int], prime: int, budget: Budget
) -> IntArray:
    """Gradients by variables and clock mod `prime` at integer values of all generators, one row for each law.
    `BudgetError` when time is over."""
    state = ring.parameter_indices.start
    values = dict(enumerate(point))
    rows = np.zeros((len(laws), state), dtype=np.int64)
    for row, law in zip(rows, budget.each("gradients", laws), strict=True):
        for generator, slope in law.gradient().items():
            if generator < state:
                row[generator] = slope.residue(values, prime)
    return rows
