"""Rigorous trajectories: a Taylor integrator in ball arithmetic, whose enclosures contain the true solution.

One step from t to t + h (Lohner 1987, the plain version): a box B with x + [0, h] f(B) inside B holds the
solution during the step (Picard and Lindelöf), so x(t + h) = sum_k x_k h^k + r h^(N+1) with r in the
enclosure over B of the coefficient of order N + 1.  A law whose enclosures at start and end are disjoint is
refuted, with proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any

import flint

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient
from polylaw.budget import Budget, given_budget
from polylaw.errors import BudgetError
from polylaw.testing.drive import Drive
from polylaw.testing.series import Series, series_of, value_of
from polylaw.truth import Answer

_INFLATIONS, _HALVINGS = 12, 12


class _OfBalls:
    """Results that are equal when they hold the same balls (== of balls speaks of the numbers inside)."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._exact() == other._exact()

    def __hash__(self) -> int:
        return hash(self._exact())

    def _exact(self) -> tuple[Any, ...]:
        values = (value if isinstance(value, tuple) else (value,) for value in vars(self).values())
        balls = [x for value in values for x in value]
        return tuple((x.mid().man_exp(), x.rad().man_exp()) if isinstance(x, flint.arb) else x for x in balls)


@dataclass(frozen=True, eq=False)
class Enclosure(_OfBalls):
    """At the exact time `time` the solution lies in `state`, one ball for each generator."""

    time: Fraction
    state: tuple[Any, ...]


def ball_series() -> Series:
    """Balls: a midpoint and a radius, all roundings included."""
    return Series(_ball, flint.arb_poly)


def _ball(c: Coefficient) -> Any:
    return flint.arb(flint.fmpq(c.numerator, c.denominator))


def _precision(bits: int) -> Any:
    """Balls of at least this precision, which flint keeps in a global context: put back after."""
    return flint.ctx.workprec(max(bits, flint.ctx.prec))


def enclosures(
    drive: Drive,
    until: Fraction,
    steps: int = 16,
    order: int = 12,
    bits: int = 120,
    *,
    budget: Budget | None = None,
) -> Iterator[Enclosure]:
    """Enclosures of the motion at the ends of at least `steps` steps from 0 to `until` (the fields' time).

    `BudgetError` when a step cannot be enclosed even after halving it twelve times: the solution may blow up.
    """
    budget, kind = given_budget(budget), ball_series()
    with _precision(bits):
        state = tuple(_ball(c) for c in drive.start)
    time, step = Fraction(0), until / steps
    yield Enclosure(time, state)
    for taken in count(1):
        if time >= until:
            return
        if taken > budget.max_steps:
            reached = f"time {until} to be reached; it is at {float(time):.3g}"
            raise BudgetError("max_steps", budget.max_steps, reached, "take a shorter time")
        with budget.working(), _precision(bits):  # never around a yield: the context is global
            budget.check("the enclosure of a motion")
            state, step = _advanced(drive, state, time, min(step, until - time), order, kind)
        time, step = time + step, 2 * step
        yield Enclosure(time, state)


def _advanced(
    drive: Drive, state: tuple[Any, ...], time: Fraction, step: Fraction, order: int, kind: Series
) -> tuple[tuple[Any, ...], Fraction]:
    """The enclosure after one step, and the step, which is halved until it can be enclosed."""
    for _ in range(_HALVINGS):
        box = _box(drive, state, time, step, kind)
        if box is not None:
            return _taylor(drive, state, box, time, step, order, kind), step
        step /= 2
    hint = "it may blow up: stop earlier, or take smaller controls"
    raise BudgetError("time", str(time), "a solution that can be enclosed", hint)


def _box(
    drive: Drive, state: tuple[Any, ...], time: Fraction, step: Fraction, kind: Series
) -> list[Any] | None:
    """A box that the solution does not leave during the step, or None."""
    during, span = _hull(time, time + step), _hull(Fraction(0), step)
    box = [_inflated(x) for x in state]
    for _ in range(_INFLATIONS):
        slopes = [x[1] for x in series_of(drive, 1, kind, box, during)]
        reached = [x + span * f for x, f in zip(state, slopes, strict=True)]
        if all(outer.contains(inner) for outer, inner in zip(box, reached, strict=True)):
            return box
        box = [_inflated(outer.union(inner)) for outer, inner in zip(box, reached, strict=True)]
        if not all(x.is_finite() for x in box):
            return None
    return None


def _taylor(
    drive: Drive,
    state: tuple[Any, ...],
    box: Sequence[Any],
    time: Fraction,
    step: Fraction,
    order: int,
    kind: Series,
) -> tuple[Any, ...]:
    """The sum of the series at the end of the step, its last coefficient that over the whole box."""
    inner = series_of(drive, order, kind, state, _ball(time))
    outer = series_of(drive, order + 1, kind, box, _hull(time, time + step))
    sums = [
        kind.make([*(x[k] for k in range(order + 1)), b[order + 1]])
        for x, b in zip(inner, outer, strict=True)
    ]
    return tuple(x(_ball(step)) for x in sums)


def _hull(start: Fraction, end: Fraction) -> Any:
    """A ball that contains all times from start to end."""
    return _ball(start).union(_ball(end))


def _inflated(x: Any) -> Any:
    """A ball around x with room for the solution to move."""
    radius = flint.arb(x.rad()) + abs(flint.arb(x.mid())) / 64 + flint.arb(1) / 256
    return x + flint.arb(0, radius.abs_upper())


@dataclass(frozen=True, eq=False)
class EnclosedDrift(_OfBalls, Answer):
    """A law at the start and at the end of a motion, as balls.  `refuted` is a proof that it changed;
    otherwise it changed by at most `at_most`, which decides nothing.  False when refuted, never true."""

    start: Any
    end: Any

    def _answer(self) -> bool | str:
        return False if self.refuted else str(self)

    @property
    def refuted(self) -> bool:
        """Whether the balls are disjoint."""
        return not self.end.overlaps(self.start)

    @property
    def radius(self) -> float:
        """The radius of the ball at the end: how sharp the enclosure is."""
        return float(self.end.rad())

    @property
    def at_most(self) -> float:
        """An upper bound for the change."""
        return float((self.end - self.start).abs_upper())

    def __str__(self) -> str:
        verdict = "refuted" if self.refuted else f"changed by at most {self.at_most:.3g}"
        return f"{verdict}: from {self.start} to {self.end}, radius {self.radius:.3g}"


def enclosed_drift(law: Polynomial, drive: Drive, until: Fraction, **options: Any) -> EnclosedDrift:
    """How much a law can have changed by the time `until`; options as for `enclosures`."""
    first, *_, last = enclosures(drive, until, **options)
    return EnclosedDrift(law_enclosure(law, first), law_enclosure(law, last))


def law_enclosure(law: Polynomial, enclosure: Enclosure, bits: int = 120) -> Any:
    """A ball that contains the law's value."""
    kind = ball_series()
    with _precision(bits):
        return value_of(law, [kind.make([x]) for x in enclosure.state], kind, 1)[0]
