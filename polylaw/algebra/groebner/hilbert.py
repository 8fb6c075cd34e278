"""Monomial ideals: Hilbert series, dimension, degree, and the monomials outside."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import zip_longest

import numpy as np

from polylaw.algebra.groebner.exponents import divisible
from polylaw.algebra.monomials import IntArray

#: A monomial ideal by its minimal generators, sorted.
_Ideal = tuple[tuple[int, ...], ...]


class HilbertSeries:
    """sum over d of (number of monomials of degree d outside the ideal) t^d = numerator(t) / prod_i (1 -
    t^weights[i]), for the ideal of the monomials with exponents `leads`, shape (generators, variables);
    weights are 1 unless given."""

    def __init__(self, leads: IntArray, weights: IntArray | None = None) -> None:
        self.leads = leads
        self.weights = tuple([1] * leads.shape[1] if weights is None else weights.tolist())

    @cached_property
    def numerator(self) -> tuple[int, ...]:
        """Coefficients of the numerator, constant term first, without zeros at the end."""
        return _trimmed(_numerator(_minimal(tuple(map(tuple, self.leads.tolist()))), self.weights))

    def is_complete_intersection(self, degrees: Sequence[int]) -> bool:
        """Whether the series is that of a regular sequence of these degrees, prod_i (1 - t^degrees[i]) /
        prod_i (1 - t^weights[i]); the codimension is then the number of degrees."""
        return self.numerator == _trimmed(_product(degrees))

    @cached_property
    def _reduced(self) -> tuple[int, int]:
        """(dimension, value at 1 of the numerator without its factors 1 - t)."""
        variables = self.leads.shape[1]
        numerator = list(self.numerator)
        if not any(numerator):
            return -1, 0
        dimension = variables
        while sum(numerator) == 0:
            numerator = np.cumsum(np.array(numerator, dtype=object)).tolist()[:-1]
            dimension -= 1
        return dimension, int(sum(numerator))

    @property
    def dimension(self) -> int:
        """Krull dimension of the quotient, -1 for the zero ring."""
        return self._reduced[0]

    @property
    def degree(self) -> int:
        """Multiplicity of the quotient; in dimension 0 the number of monomials outside; 0 for the ring 0."""
        return self._reduced[1]

    def standard(self, degree: int) -> IntArray:
        """The exponents of all monomials outside of at most this degree."""
        variables = self.leads.shape[1]
        layer = np.zeros((1, variables), dtype=np.int64)[: 0 if self.dimension < 0 else 1]
        layers = [layer]
        steps = np.eye(variables, dtype=np.int64)
        for _ in range(degree):
            layer = np.unique((layer[:, None] + steps[None]).reshape(-1, variables), axis=0)
            layer = layer[~np.any(divisible(layer, self.leads), axis=1)]
            layers.append(layer)
        return np.concatenate(layers)


def _minimal(ideal: _Ideal) -> _Ideal:
    kept: list[tuple[int, ...]] = []
    for m in sorted(set(ideal), key=lambda m: (sum(m), m)):
        if not any(all(a <= b for a, b in zip(k, m, strict=True)) for k in kept):
            kept.append(m)
    return tuple(sorted(kept))


def _product(degrees: Sequence[int]) -> tuple[int, ...]:
    """Coefficients of the product of 1 - t^d."""
    product = np.array([1], dtype=object)
    for d in degrees:
        factor = np.zeros(d + 1, dtype=object)
        factor[0] += 1
        factor[-1] -= 1
        product = np.convolve(product, factor)
    return tuple(map(int, product))


def _trimmed(coefficients: tuple[int, ...]) -> tuple[int, ...]:
    size = max((i + 1 for i, c in enumerate(coefficients) if c), default=0)
    return coefficients[:size]


@lru_cache(maxsize=4096)
def _numerator(ideal: _Ideal, weights: tuple[int, ...]) -> tuple[int, ...]:
    """N(I) = N(I + (x)) + t^weight N(I : x), for the variable x that occurs most often among generators that
    are not powers; a product of 1 - t^d when all generators are coprime (Bayer & Stillman 1992, J. Symbolic
    Comput. 14, 31-50)."""
    if not ideal:
        return (1,)
    occurs = [sum(1 for m in ideal if m[x]) for x in range(len(ideal[0]))]
    pivot = max(range(len(occurs)), key=occurs.__getitem__, default=0)
    if not occurs or occurs[pivot] <= 1:
        return _product([sum(a * b for a, b in zip(m, weights, strict=True)) for m in ideal])
    unit = tuple(int(i == pivot) for i in range(len(occurs)))
    with_x = _minimal((*(m for m in ideal if not m[pivot]), unit))
    quotient = _minimal(tuple(tuple(e - (i == pivot and e > 0) for i, e in enumerate(m)) for m in ideal))
    left, right = _numerator(with_x, weights), (*(0,) * weights[pivot], *_numerator(quotient, weights))
    return tuple(a + b for a, b in zip_longest(left, right, fillvalue=0))
