"""Points where equations hold because variables are equal in pairs, as on U' U = V V' at V = U'.

An exchange of variables in pairs that sends every term of an equation to the opposite of one of its terms
makes the equation hold wherever paired variables are equal.  Level sets of balancedness are full of such
points, regular ones among them, which a search for rational roots, variable by variable, does not meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.rationals import Coefficient

_VALUES: tuple[Coefficient, ...] = (1, 2, -1, 3, -2, 5, 0)
_MOST_STEPS, _MOST_POINTS = 5_000, 7

_Pairs = dict[int, int]


def paired_points(equations: Sequence[Polynomial]) -> Iterator[dict[int, Coefficient]]:
    """A few such points, values by generator index, for the first exchange that is found, if there is one."""
    ring = equations[0].ring
    short_first = sorted(equations, key=lambda p: len(p.support))
    pairs = next(_Search(len(ring.variables)).exchanges(short_first, {}), None)
    if pairs is None:
        return
    used = sorted({g for p in equations for g in p.support})
    for shift in range(_MOST_POINTS):
        point: dict[int, Coefficient] = {}
        for k, g in enumerate(used):
            value = _VALUES[(k * (1 + shift) + shift) % len(_VALUES)] if g < len(ring.variables) else 1 + g
            point.setdefault(g, point.get(pairs.get(g, g), value))
        if not any(p.at(point | {g: 1 for g in range(ring.size) if g not in point}) for p in equations):
            yield point


class _Search:
    """Backtracking, with a bound on its steps; only the first `variables` generators are exchanged."""

    def __init__(self, variables: int) -> None:
        self.variables, self.steps = variables, 0

    def exchanges(self, equations: Sequence[Polynomial], pairs: _Pairs) -> Iterator[_Pairs]:
        """Exchanges that extend `pairs` and turn each equation into its opposite."""
        if not equations:
            yield pairs
            return
        first, *rest = equations
        positive = [(m, c) for m, c in first.sorted_terms() if c > 0]
        negative = [(m, -c) for m, c in first.sorted_terms() if c < 0]
        if len(positive) == len(negative):
            for extended in self._matched(positive, negative, pairs):
                yield from self.exchanges(rest, extended)

    def _matched(
        self,
        left: Sequence[tuple[Monomial, Coefficient]],
        right: Sequence[tuple[Monomial, Coefficient]],
        pairs: _Pairs,
    ) -> Iterator[_Pairs]:
        if not left:
            yield pairs
            return
        (monomial, c), *others = left
        for i, (image, d) in enumerate(right):
            if c == d and len(image) == len(monomial):
                for extended in self._sent(monomial, image, pairs):
                    yield from self._matched(others, [*right[:i], *right[i + 1 :]], extended)

    def _sent(self, monomial: Monomial, image: Monomial, pairs: _Pairs) -> Iterator[_Pairs]:
        """Ways to send one monomial to another, exponents and what is not exchanged being kept."""
        for order in permutations(image):
            self.steps += 1
            if self.steps > _MOST_STEPS:
                return
            extended = dict(pairs)
            both = zip(monomial, order, strict=True)
            if all(e == f and self._paired(extended, g, h) for (g, e), (h, f) in both):
                yield extended

    def _paired(self, pairs: _Pairs, g: int, h: int) -> bool:
        if g >= self.variables or h >= self.variables:
            return g == h
        return pairs.setdefault(g, h) == h and pairs.setdefault(h, g) == g
