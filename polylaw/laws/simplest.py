"""Laws as a person would write them: other elements of the space that laws span, few terms first.

    without parameters   all laws whose coefficients are numbers.  Over the reduced echelon basis h_1, h_2,
                         ... with leading coefficients l_i a law sum_i c_i h_i/l_i has the coefficient c_i
                         at the leading monomial of h_i, so the c_i are rational numbers, and that the other
                         coefficients are numbers too is a linear system over Q for them.  Rational vectors
                         that are independent over Q are so over Q(parameters).
    without minus signs  linear laws with coefficients >= 0, as of conserved moieties: the extreme rays of
                         their cone, which span all of them (Schuster & Höfer, J. Chem. Soc. Faraday Trans.
                         87, 1991; the double description of Motzkin et al.).
    few terms            a v - b w instead of v, for a monomial that v and w share, where that is simpler; a
                         is not 0, so the span stays what it was.

Which of them are taken is decided by `order` in `polylaw.laws.generators`, by exact linear algebra: so many
laws of a space as it has dimensions, independent over Q(parameters), are a basis of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import gcd
from typing import Any

from polylaw.algebra.linear.exact import Echelon, Row, relations, without_content
from polylaw.algebra.polynomial import Monomial, Polynomial, degree_of
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget
from polylaw.laws.parametric import split_parameters

#: Pairs of laws that are combined, in all, and terms of a pair; longer ones are left as they are.
_MOST_PAIRS, _MOST_TERMS = 2_000, 120
#: Laws with parameters that are reduced by each other.
_MOST_REDUCED = 12
#: Rays of a cone; beyond this many none are used.
_MOST_RAYS = 400

Order = tuple[int, ...]


def order(law: Polynomial) -> Order:
    """Small for laws that are simple: without parameters, a linear one without minus signs, few monomials,
    without time, low powers of the parameters, few terms, small integers."""
    parts = split_parameters(law) if law.ring.parameters else law.terms
    symbols = [c for c in parts.values() if isinstance(c, Polynomial) and c.support]
    mixed = law.degree == 1 and not symbols and any(c < 0 for c in law.terms.values())
    size = sum(abs(int(c)) for c in law.terms.values())
    shape = bool(symbols), mixed, len(parts), _depends_on_time(law), sum(map(_power, symbols))
    return (*shape, len(law.terms), size)


def simple_laws(
    new: Sequence[Polynomial],
    space: Sequence[Polynomial],
    generators: Sequence[Polynomial],
    products: Sequence[Polynomial],
    budget: Budget,
) -> list[Polynomial]:
    """The laws `new` and simpler ones: each is in the span of `space`, a reduced echelon basis of primitive
    laws, or is made of `new` by adding `generators` and their `products`.  `BudgetError` when time is
    over."""
    numeric = [h for h in space if _numeric(h)]
    symbolic = [h for h in space if not _numeric(h)]
    found = []
    if not all(map(_numeric, new)):
        found += _numeric_combinations(symbolic, budget)
    if any(h.degree == 1 for h in new):
        found += without_minus_signs([*(h for h in numeric if h.degree == 1), *found], budget)
    shorter = _Shorter([*found, *new], [*generators, *products], budget).laws()
    reduced = _reduced_at_simple_pivots([*generators, *shorter], budget)
    return list(dict.fromkeys([*new, *found, *shorter, *reduced]))


def _numeric(law: Polynomial) -> bool:
    return all(g not in law.ring.parameter_indices for g in law.support)


def _depends_on_time(law: Polynomial) -> bool:
    return law.ring.clock_index is not None and law.ring.clock_index in law.support


def _reduced_at_simple_pivots(laws: Sequence[Polynomial], budget: Budget) -> list[Polynomial]:
    """The reduced rows of the simplest short laws with parameters: pivots where the coefficients have low
    powers of the parameters (an echelon takes the first of the shortest), and the monomials are large."""
    ring, echelon = laws[0].ring, Echelon()
    short = [h for h in sorted(laws, key=order) if len(h.terms) <= _MOST_TERMS]
    if all(map(_numeric, short)):
        return []
    for h in short[:_MOST_REDUCED]:
        budget.check("generators")
        parts = split_parameters(h).items()
        by_power = sorted(parts, key=lambda part: (_power(part[1]), -degree_of(part[0]), part[0]))
        echelon.add(dict(by_power))
    return [_law(ring, row) for row in echelon.rows.values()]


def _power(c: Polynomial) -> int:
    return max(map(degree_of, c.terms))


def _law(ring: Ring, row: Row) -> Polynomial:
    return ring.combination(row).primitive()


def _numeric_combinations(basis: Sequence[Polynomial], budget: Budget) -> list[Polynomial]:
    """A basis of the combinations whose coefficients are numbers.

    At each monomial m, with D the least common multiple of the leading coefficients there: sum_i c_i h_i(m)
    D/l_i = q D with numbers c_i and q, which is one equation over Q for each monomial in the parameters.
    """
    if not basis:
        return []
    ring, constants = basis[0].ring, Ring(())
    parts = [split_parameters(h) for h in basis]
    leads = [next(iter(split_parameters(Polynomial(ring, dict([h.leading]))))) for h in basis]
    scales = [p[lead] for p, lead in zip(parts, leads, strict=True)]
    rows: list[Row] = [{} for _ in basis]
    values: list[Row] = []
    places = list(dict.fromkeys(m for p in parts for m in p))
    for m in places:
        budget.check("generators")
        present = [i for i, p in enumerate(parts) if m in p]
        common = scales[present[0]]
        for i in present[1:]:
            common = common.lcm(scales[i])
        for i in present:
            for symbols, c in (parts[i][m] * common.divide_exactly(scales[i])).terms.items():
                rows[i][m, symbols] = constants.constant(c)
        values.append({(m, symbols): constants.constant(-c) for symbols, c in common.terms.items()})
    found = []
    for relation in relations([*values, *rows], constants):
        terms = {places[i]: c.constant_value or 0 for i, c in relation.items() if i < len(values)}
        found.append(Polynomial(ring, terms).primitive())
    return found


def without_minus_signs(basis: Sequence[Polynomial], budget: Budget) -> list[Polynomial]:
    """The extreme rays of the cone of linear laws with coefficients >= 0; none if too many, or with time.

    Over a reduced basis the coefficients at its pivots are >= 0, which leaves one inequality for each other
    monomial.  Two rays on both sides of a new one make a ray with 0 there, if no third ray is 0 wherever both
    are.
    """
    if not basis or any(map(_depends_on_time, basis)):
        return []
    pivots, rays = _reduced(basis)
    met = set(pivots)
    for m in dict.fromkeys(m for h in rays for m in h):
        if m in met:
            continue
        below, above = ([h for h in rays if h.get(m, 0) * sign > 0] for sign in (-1, 1))
        kept = [h for h in rays if h.get(m, 0) >= 0]
        for low in below:
            budget.check("generators")
            for high in above:
                both = (low.keys() | high.keys()) & met
                if not any(h.keys() & met <= both for h in rays if h is not low and h is not high):
                    kept.append(_meeting(low, high, m))
            if len(kept) > _MOST_RAYS:
                return []
        rays = kept
        met.add(m)
    return [Polynomial(basis[0].ring, ray).primitive() for ray in rays]


def _reduced(basis: Sequence[Polynomial]) -> tuple[list[Monomial], list[dict[Monomial, int]]]:
    """A reduced basis over Q of the space: pivot monomials, and laws with a positive coefficient there."""
    echelon, constants = Echelon(), Ring(())
    for h in basis:
        echelon.add({m: constants.constant(c) for m, c in h.terms.items()})
    rows: dict[Any, Row] = dict(echelon.rows)
    laws = []
    for pivot, row in rows.items():
        sign = 1 if row[pivot].terms[()] > 0 else -1
        laws.append({m: sign * int(c.terms[()]) for m, c in row.items()})
    return list(rows), laws


def _meeting(low: dict[Monomial, int], high: dict[Monomial, int], m: Monomial) -> dict[Monomial, int]:
    """The positive combination that is 0 at a monomial where `low` is negative and `high` positive."""
    total = {k: high[m] * low.get(k, 0) - low[m] * high.get(k, 0) for k in {**low, **high}}
    content = gcd(*total.values())
    return {k: c // content for k, c in total.items() if c}


class _Shorter:
    """Laws of which each is combined with one other, or one of `known`, as long as that makes it simpler."""

    def __init__(self, laws: Sequence[Polynomial], known: Sequence[Polynomial], budget: Budget) -> None:
        self.ring, self.budget = laws[0].ring, budget
        self.changing = len(laws)
        ordered = [*sorted(laws, key=order), *known]
        self.rows: list[Row] = [split_parameters(h) for h in ordered]
        self.orders = [order(h) for h in ordered]
        self.holders: dict[Monomial, set[int]] = {}
        for i, row in enumerate(self.rows):
            for m in row:
                self.holders.setdefault(m, set()).add(i)
        self.pairs = 0

    def laws(self) -> list[Polynomial]:
        """The laws that are reached."""
        while any(self._shorten(i) for i in range(self.changing)):
            pass
        return [_law(self.ring, row) for row in self.rows[: self.changing]]

    def _shorten(self, i: int) -> bool:
        """Whether some combination of the law at i was simpler, and took its place."""
        changed = False
        shared = Counter(j for m in self.rows[i] for j in self.holders[m] if j != i)
        for j in sorted(shared):
            # without half of its monomials in common the law grows
            if 2 * shared[j] < len(self.rows[j]) or self._terms(i) + self._terms(j) > _MOST_TERMS:
                continue
            self.budget.check("generators")
            self.pairs += 1
            if self.pairs > _MOST_PAIRS:
                return False
            changed |= any(self._combine(i, j, m) for m in sorted(self.rows[i].keys() & self.rows[j].keys()))
        return changed

    def _terms(self, i: int) -> int:
        return sum(len(c.terms) for c in self.rows[i].values())

    def _combine(self, i: int, j: int, m: Monomial) -> bool:
        left, right = self.rows[i], self.rows[j]
        total = _law(self.ring, left) * right[m] + _law(self.ring, right) * -left[m]
        law = _law(self.ring, without_content(dict(split_parameters(total))))
        if not law or order(law) >= self.orders[i]:
            return False
        for monomial in left:
            self.holders[monomial].discard(i)
        self.rows[i], self.orders[i] = split_parameters(law), order(law)
        for monomial in self.rows[i]:
            self.holders.setdefault(monomial, set()).add(i)
        return True
