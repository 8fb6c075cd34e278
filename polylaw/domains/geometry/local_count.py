"""How many laws of any kind there can be on an invariant set, near one of its points.

Where the equations have gradients of rank c, the set lies near the point in a manifold of dimension m = n -
c, and is that manifold if there are only c equations.  It contains the orbit of the point, whose dimension is
at least the rank r of values of brackets of the fields there, and laws are constant along orbits: so at most
m - r laws are independent near the point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from polylaw.algebra.linear.exact import rank
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient
from polylaw.budget import Budget
from polylaw.domains.geometry.pairing import paired_points
from polylaw.domains.geometry.points import spread_points
from polylaw.domains.geometry.variety import Variety
from polylaw.frozen import Frozen
from polylaw.laws.lie_brackets import lie_bracket_rank
from polylaw.laws.lie_series import SERIES_PRIMES
from polylaw.truth import Bounds

#: Of so many Gröbner bases that may be spent on points one is looked at.
_BASES_PER_POINT = 20


@dataclass(frozen=True, eq=False)
class LocalCount(Bounds):
    """Near the rational `point` (generator index to value) of a set at most `upper` laws on it, of any kind,
    are independent, and at least `lower`, those found (0 where it is not seen, `smooth`, that the set is a
    manifold there).

    `dimension`: that of a manifold that holds the set near the point, the number of coordinates less the rank
    of the gradients of the equations.  `lie_rank`: a lower bound for the rank of brackets of the fields
    there, taken mod a prime.
    """

    lower: int
    upper: int
    point: Mapping[int, Coefficient]
    dimension: int
    lie_rank: int
    smooth: bool


def local_count(variety: Variety, laws: Sequence[Polynomial], budget: Budget) -> LocalCount | None:
    """The count near a rational point where the set looks like a manifold, None when none was found."""
    distribution = variety.flow.distribution
    equations = variety.vanishing.ideal.generators
    prime = SERIES_PRIMES[0]
    point = _regular_point(variety, equations, budget)
    if point is None or any(v.denominator % prime == 0 for v in point.values()):
        return None
    residues = [v.numerator * pow(v.denominator, -1, prime) % prime for v in point.values()]
    codimension = gradient_rank_at(equations, point)
    dimension = distribution.ring.parameter_indices.start - codimension
    orbit = lie_bracket_rank(distribution, dimension, budget, point=residues).rank
    smooth = codimension == len(equations)
    found = gradient_rank_at((*equations, *laws), point) - codimension if smooth else 0
    return LocalCount(found, dimension - orbit, Frozen(point), dimension, orbit, smooth)


def _regular_point(
    variety: Variety, equations: Sequence[Polynomial], budget: Budget
) -> dict[int, Coefficient] | None:
    """All coordinates of a rational point of the set where the gradients of its equations have at least the
    rank of the codimension; coordinates that occur nowhere get distinct positive values."""
    ring = variety.flow.ring
    codimension = ring.parameter_indices.start - variety.dimension
    searched = islice(spread_points(equations, budget), max(1, budget.max_bases // _BASES_PER_POINT))
    for partial in chain(paired_points(equations), searched):
        point = {g: partial.get(g, g + 1) for g in range(ring.size)}
        defined = all(q(point) for q in variety.flow.denominators)
        if defined and gradient_rank_at(equations, point) >= codimension:
            return point
    return None


def gradient_rank_at(polynomials: Sequence[Polynomial], point: Mapping[int, Coefficient]) -> int:
    """The rank over Q of the gradients, by variables and clock, at a point."""
    state = polynomials[0].ring.parameter_indices.start
    gradients = (p.gradient() for p in polynomials)
    return rank([[slopes[g](point) if g in slopes else 0 for g in range(state)] for slopes in gradients])
