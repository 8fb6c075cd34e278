"""The laws of a network as polynomials in the state of a flow."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.flows.gradient import GradientFlow
from polylaw.flows.momentum import MomentumFlow
from polylaw.flows.trained import TrainedFlow
from polylaw.models.model import monomial
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.pieces import Form
from polylaw.networks.values import rows_of, strided

#: Rows of coordinates of the state, and their coefficient, for an index of a law.
_Rows = list[tuple[Fraction, np.ndarray]]


def polynomials_of(found: NetworkLaws, flow: TrainedFlow) -> list[Polynomial] | None:
    """The exact laws along a flow, a basis of each family; None if it is not known how they go with its
    metric."""
    rates = _rates(flow)
    if rates is None:
        return None
    state = _Laws(flow, rates)
    laws = (law for law in found.laws if law.exact)
    return [
        h for law in laws for h in (state.kicked(law) if isinstance(flow, MomentumFlow) else state.kept(law))
    ]


def _rates(flow: TrainedFlow) -> dict[str, Fraction] | None:
    """The learning rates of arrays, where the metric consists of numbers for each."""
    told = flow.metric.told
    if told is None or told.mirrored != ():
        return None
    values = {name: rate.constant_value for name, rate in told.rates.items()}
    if any(value is None for value in values.values()):
        return None
    return {name: Fraction(value or 1) for name, value in values.items()}


class _Laws:
    def __init__(self, flow: TrainedFlow, rates: dict[str, Fraction]) -> None:
        self.flow, self.ring, self.rates, start = flow, flow.ring, rates, 0
        self.places: dict[str, Any] = {}
        for name, shape in flow.model.arrays.items():
            self.places[name] = np.arange(start, start + prod(shape)).reshape(shape)
            start += prod(shape)
        self.dimension = start

    def _rows(self, law: Law) -> dict[tuple[int, ...], _Rows]:
        """For each index of the law the coordinates of each piece."""
        found: dict[tuple[int, ...], _Rows] = {}
        for piece in law.pieces:
            rows = rows_of(piece, np.asarray(strided(piece.view, self.places), float)).astype(np.int64)
            c = piece.coefficient / self.rates.get(piece.view.name, Fraction(1))
            for index in product(*map(range, law.sizes)):
                found.setdefault(index, []).append((c, rows[index]))
        return found

    def _sum(self, rows: _Rows, other: _Rows | None = None, shift: tuple[int, int] = (0, 0)) -> Polynomial:
        """The sum over the pieces of c x, or of c x y, x and y moved to velocities by a shift."""
        terms: dict[Monomial, Fraction] = {}
        for k, (c, row) in enumerate(rows):
            beside = () if other is None else [other[k][1] + shift[1]]
            for factors in zip(row + shift[0], *beside, strict=True):
                m = monomial(*map(int, factors))
                terms[m] = terms.get(m, Fraction(0)) + c
        return Polynomial(self.ring, {m: c for m, c in terms.items() if c})

    @staticmethod
    def _differences(law: Law, found: dict[tuple[int, ...], Polynomial]) -> Iterator[Polynomial]:
        """Along indices that are centred, the differences to the first."""
        for k in law.centred:
            first = {index: h for index, h in found.items() if not index[k]}
            found = {i: h - first[(*i[:k], 0, *i[k + 1 :])] for i, h in found.items() if i[k]}
        yield from found.values()

    def kept(self, law: Law) -> Iterator[Polynomial]:
        """Of the gradient flow; exp(decay t) goes with each factor."""
        if law.skew:
            return
        rows = self._rows(law)
        if law.form is Form.PRODUCTS:
            found = [
                self._sum(rows[(*copy, i)], rows[(*copy, j)])
                for (*copy, i), (*other, j) in product(rows, rows)
                if copy == other and i <= j and not (law.hollow and i == j)
            ]
        else:
            twice = law.form is Form.SQUARES
            found = [
                *self._differences(law, {k: self._sum(r, r if twice else None) for k, r in rows.items()})
            ]
        assert isinstance(self.flow, GradientFlow)
        if self.flow.weight_decay:
            degree = 1 if law.form is Form.SUMS else 2
            clock = self.ring.monomial(((len(self.ring.variables), degree),))
            found = [h * clock for h in found]
        yield from found

    def kicked(self, law: Law) -> Iterator[Polynomial]:
        """Of the momentum flow, E the exponential of the integral of the damping: E (v M theta) for skew
        M, and for shifts E v, and theta + E v times an integral of 1/E."""
        d, rows = self.dimension, self._rows(law)
        if law.form is Form.PRODUCTS and not law.symmetric:
            absolute = {k: [(abs(c), row) for c, row in r] for k, r in rows.items()}
            for (*copy, i), (*other, j) in product(rows, rows):
                if copy == other and i < j:
                    one, two = absolute[(*copy, i)], absolute[(*copy, j)]
                    yield self._growth * (self._sum(one, two, (d, 0)) - self._sum(one, two, (0, d)))
        if law.form is Form.SUMS:
            places = self._differences(law, {k: self._sum(r) for k, r in rows.items()})
            speeds = self._differences(law, {k: self._sum(r, None, (d, 0)) for k, r in rows.items()})
            for place, speed in zip(places, speeds, strict=True):
                yield self._growth * speed
                yield from self._coasted(place, speed)

    @property
    def _clock(self) -> Polynomial:
        return self.ring.monomial(((len(self.ring.variables), 1),))

    @property
    def _growth(self) -> Polynomial:
        """E as a power of the clock."""
        assert isinstance(self.flow, MomentumFlow)
        damping = self.flow.damping
        if damping.over_time:
            return self._clock**damping.rate.numerator
        return self._clock if damping.constant else self.ring.constant(1)

    def _coasted(self, place: Polynomial, speed: Polynomial) -> Iterator[Polynomial]:
        """Where a motion without a loss began, or will end: x' = v, v' = -tau v."""
        assert isinstance(self.flow, MomentumFlow)
        damping = self.flow.damping
        if damping.over_time:
            if damping.rate != 1:  # (t v)' = (1 - c) v; for c = 1 it is a logarithm
                time = self._clock**damping.rate.denominator
                yield place * (damping.rate - 1) + speed * time
        elif damping.constant:
            yield place * damping.constant.into(self.ring) + speed
        else:
            yield place - speed * self._clock
