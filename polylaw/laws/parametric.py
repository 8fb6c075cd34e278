"""A law whose coefficients depend on the parameters: exact elimination over Q(parameters).

After the search at random parameter values the monomials of each law are known, few, and carry exactly one
law; its coefficients are then the null vector of a small matrix over Q[parameters].
"""

from __future__ import annotations

from collections.abc import Sequence

from polylaw.algebra.linear.exact import Echelon, Row, without_content
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.budget import Budget
from polylaw.flows.distribution import Distribution
from polylaw.laws.kernel import equations, images


def split_parameters(polynomial: Polynomial) -> dict[Monomial, Polynomial]:
    """Coefficients, polynomial in the parameters, by the monomial in variables and clock."""
    ring, first = polynomial.ring, polynomial.ring.parameter_indices.start
    if all(g < first for g in polynomial.support):  # they are numbers, of which few are different
        numbers = {c: ring.constant(c) for c in set(polynomial.terms.values())}
        return {monomial: numbers[c] for monomial, c in polynomial.terms.items()}
    return polynomial.coefficients(range(first))


def the_law_on(
    distribution: Distribution, monomials: Sequence[Monomial], budget: Budget
) -> Polynomial | None:
    """The law with exactly these monomials, coefficients coprime in Z[parameters], or None unless there is
    just one.  Equation by equation, short ones first: with symbols that is much faster than the kernel of the
    rows."""
    ring, stage = distribution.ring, "elimination over the field of parameters"
    rows = images(map(ring.monomial, monomials), distribution.fields, split_parameters, budget.check, stage)
    distinct = {frozenset(equation.items()): equation for equation in equations(rows)}
    echelon = Echelon(budget.check, stage)
    for equation in sorted(distinct.values(), key=len):
        if echelon.add(equation) and echelon.rank == len(monomials):
            return None
    if echelon.rank != len(monomials) - 1:
        return None
    [free] = set(range(len(monomials))) - set(echelon.rows)
    # every pivot row reads  d_i x_i + n_i x_free = 0, so x_i = -n_i/d_i x_free
    scale = ring.constant(1)
    for pivot, row in echelon.rows.items():
        scale = scale.lcm(row[pivot])
    vector: Row = {free: scale}
    for pivot, row in echelon.rows.items():
        if free in row:
            vector[pivot] = -row[free] * scale.divide_exactly(row[pivot])
    entries = without_content(vector)
    return ring.combination({monomials[i]: entry for i, entry in entries.items()}).primitive()
