"""Values of functions at rational points, in ball arithmetic: an enclosure without 0 proves "not 0".

A value is exact (a rational number) as long as only field operations are met, else a ball: a centre and a
radius that certainly hold the real value (flint's `arb`; Johansson, Arb: efficient arbitrary-precision
midpoint-radius interval arithmetic, IEEE Trans. Comput. 66, 2017).  Nothing here depends on the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

import flint

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Asked
from polylaw.algebra.functions import Time
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.algebra.ring import TIME, Exponential
from polylaw.budget import Budget
from polylaw.domains.elementary.chain import ChainRule
from polylaw.domains.elementary.derivation import components_of
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError
from polylaw.laws.witness import hashed_residue

#: Values of the flow's own generators; an exponential clock stands for the time t.
Point = Mapping[int, Coefficient]

_BITS = 192
_DIGITS = 12
#: Points at which a rank is computed.
_MOST_RANKS = 6
#: Seconds that the first of them may take although the time is over.
_GRACE = 1.0
_SMALL = (1, 2, 3, Fraction(1, 2), 5, Fraction(3, 2), 7, Fraction(2, 3))


@dataclass(frozen=True)
class Enclosure:
    """A real number that is known not to be 0: its first digits, and a ball that holds it."""

    digits: str
    ball: str

    def __str__(self) -> str:
        return f"{self.digits}..."


def candidates(tower: Tower, generators: Sequence[int], budget: Budget) -> Iterator[dict[int, Coefficient]]:
    """Small rational points for these generators of the tower's ring (its own variables, clock and
    parameters): all 1, then 1, 2, 3, ..., then `max_points` pseudorandom ones; the clock stays positive,
    parameters do in the first half."""
    yield dict.fromkeys(generators, 1)
    yield {g: i for i, g in enumerate(generators, 1)}
    yield {g: i for i, g in enumerate(reversed(generators), 1)}
    for trial in range(budget.max_points):
        point: dict[int, Coefficient] = {}
        for g in generators:
            choice = hashed_residue(trial, 2**31 - 1, "candidate", g)
            signed = g < tower.first or (2 * trial >= budget.max_points and g in tower.ring.parameter_indices)
            sign = -1 if signed and choice // 8 % 2 and trial % 3 else 1
            point[g] = sign * _SMALL[choice % 8]
        yield point


def own_generators(tower: Tower, *values: Quotient) -> list[int]:
    """The flow's own generators that occur, functions looked through, ascending."""
    polynomials = [p for value in values for p in value]
    functions = [tower.functions[i] for i in tower.used(*polynomials)]
    polynomials += [p for f in functions for p in f.argument]
    found = {g for p in polynomials for g in p.support if tower.function(g) is None}
    if tower.ring.clock_index is not None and any(isinstance(f, Time) for f in functions):
        found.add(tower.ring.clock_index)
    return sorted(found)


def shown_name(tower: Tower, generator: int) -> str:
    """The name of a generator in a point: t for a clock exp(rate*t), whose value there is the time."""
    exponential = isinstance(tower.ring.clock, Exponential) and generator == tower.ring.clock_index
    return TIME if exponential else tower.ring.name(generator)


class Values(ChainRule):
    """The functions of a tower at one point; `defined` tells whether all of `positions` are."""

    def __init__(self, tower: Tower, point: Point, positions: Sequence[int]) -> None:
        self.tower, self.point = tower, point
        self.values: dict[int, Any] = {g: self.number(v) for g, v in point.items()}
        self.defined = True
        with flint.ctx.workprec(_BITS):
            clock, index = tower.ring.clock, tower.ring.clock_index
            self.time = flint.fmpq(0) if index is None else self.values.get(index, flint.fmpq(0))
            if isinstance(clock, Exponential) and index is not None:
                self.values[index] = flint.arb(self._of(clock.rate.into(tower.ring)) * self.time).exp()
            for position in positions:
                if (value := self._function(position)) is None:
                    self.defined = False
                    return
                self.values[tower.first + position] = value

    def number(self, c: Coefficient) -> Any:
        """As a rational number of flint."""
        return flint.fmpq(c.numerator, c.denominator)

    def enclosed(self, value: Quotient) -> Any:
        """The value of an element, a rational number or a finite ball; None where it is undefined."""
        with flint.ctx.workprec(_BITS):
            below = self._of(value.below)
            if _may_vanish(below):
                return None
            found = self._of(value.above) / below
            return found if isinstance(found, flint.fmpq) or found.is_finite() else None

    def __call__(self, value: Quotient) -> Coefficient | Enclosure | None:
        """The value of an element: exact, or an enclosure without 0; None if undefined, or maybe 0."""
        with flint.ctx.workprec(_BITS):
            found = self.enclosed(value)
            if isinstance(found, flint.fmpq):
                return rational(found)
            if found is None or _may_vanish(found):
                return None
            return Enclosure(found.str(_DIGITS, radius=False), found.str(_DIGITS))

    def sign(self, value: Quotient) -> int:
        """1 or -1 where the element has a value that is certainly positive or negative; else 0."""
        found = self.enclosed(value)
        return 0 if found is None or _may_vanish(found) else 1 if found > 0 else -1

    def holds(self, asked: Asked[Quotient]) -> bool:
        """Whether what a text asks of a value certainly holds here."""
        sign = self.sign(asked.value)
        return sign > 0 if asked.positive else sign != 0

    def is_defined(self, polynomial: Polynomial) -> bool:
        """Whether one can divide by the polynomial here."""
        with flint.ctx.workprec(_BITS):
            return not _may_vanish(self._of(polynomial))

    def vanishes(self, polynomial: Polynomial) -> bool:
        """Whether the polynomial is certainly 0 here."""
        with flint.ctx.workprec(_BITS):
            return bool(self._of(polynomial) == 0)

    def _of(self, polynomial: Polynomial) -> Any:
        return self.polynomial(polynomial, self.values)

    def _function(self, position: int) -> Any:
        function = self.tower.functions[position]
        if isinstance(function, Time):
            return self.time
        argument = self.enclosed(function.argument)
        return None if argument is None else function.value(flint.arb(argument))

    def row(self, components: Mapping[int, Quotient]) -> list[Any]:
        """The components of a field, by the flow's own generators."""
        zero = self.tower.constant(0)
        with flint.ctx.workprec(_BITS):
            return [self.quotient(components.get(g, zero), self.values) for g in self.tower.state]

    def gradient(self, value: Quotient, coordinates: Sequence[int], positions: Sequence[int]) -> list[Any]:
        """The derivatives of an element by the flow's own coordinates, functions by the chain rule."""
        one, at = flint.fmpq(1), self.values
        with flint.ctx.workprec(_BITS):
            return [self.derivative(value, at, self.slopes(at, {k: one}, positions)) for k in coordinates]


def places(
    tower: Tower,
    points: Iterable[Point],
    positions: Sequence[int],
    asked: Sequence[Asked[Quotient]],
    budget: Budget,
    stage: str,
) -> Iterator[Values]:
    """The points, in their order, at which all functions at these positions are defined and all that is asked
    certainly holds: where a witness is sought.  The first one is tried even when the time is over."""
    for number, point in enumerate(points):
        if number:
            budget.check(stage)
        at = Values(tower, point, positions)
        if at.defined and all(map(at.holds, asked)):
            yield at


def generic_rank_at_least(
    tower: Tower, elements: Sequence[Quotient], budget: Budget
) -> tuple[int, Point | None]:
    """(rank, point): the gradients of the elements by the state have at least this rank at the rational
    point, hence near generic points (analytic functions), proved by elimination in ball arithmetic.  (0,
    None) if no point is found."""
    state, positions = tower.state, tower.used(*(p for e in elements for p in e))
    most = min(len(elements), len(state))
    gradients = [lambda at, e=e: at.gradient(e, state, positions) for e in elements]
    return _most_independent(tower, elements, gradients, most, budget)


def fields_rank_at_least(tower: Tower, budget: Budget) -> int:
    """A lower bound for the dimension that the flow's fields span near generic points."""
    fields = [components_of(tower, field) for _, field in fields_of(tower)]
    elements = [c for components in fields for c in components.values()]
    rows = [lambda at, components=components: at.row(components) for components in fields]
    return _most_independent(tower, elements, rows, min(len(fields), len(tower.state)), budget)[0]


def _most_independent(
    tower: Tower,
    elements: Sequence[Quotient],
    rows: Sequence[Callable[[Values], list[Any]]],
    most: int,
    budget: Budget,
) -> tuple[int, Point | None]:
    """The highest rank, at most this one, that the rows have at a few points where the elements are defined,
    and a point.  What was found when the time is over is proved all the same."""
    best: tuple[int, Point | None] = (0, None)
    positions = tower.used(*(p for e in elements for p in e))
    points = candidates(tower, [*tower.state, *tower.ring.parameter_indices], budget)
    defined = [Asked(Quotient.whole(e.below)) for e in elements]
    with suppress(BudgetError):
        for at in islice(places(tower, points, positions, defined, budget, "independent laws"), _MOST_RANKS):
            found, start = list[list[Any]](), budget.seconds
            for row in rows:
                if not budget.left and budget.seconds - start > _GRACE:
                    break
                found.append(row(at))
            if (rank := _rank(found)) > best[0]:
                best = rank, at.point
            if best[0] == most:
                break
    return best


def _rank(rows: list[list[Any]]) -> int:
    """A lower bound for the rank: elimination with pivots that are certainly not 0."""
    rank = 0
    with flint.ctx.workprec(_BITS):
        left = [[flint.arb(x) for x in row] for row in rows]
        while left:
            sizes = [(float(abs(x).lower()), i, j) for i, row in enumerate(left) for j, x in enumerate(row)]
            size, i, j = max(sizes, key=lambda s: s[0], default=(0.0, 0, 0))
            if not size > 0:
                break
            pivot = left.pop(i)
            rank += 1
            for row in left:
                ratio = row[j] / pivot[j]
                row[:] = [x - ratio * y for x, y in zip(row, pivot, strict=True)]
                row[j] = flint.arb(0)
    return rank


def _may_vanish(value: Any) -> bool:
    return bool(value == 0) if isinstance(value, flint.fmpq) else bool(value.contains(0))
