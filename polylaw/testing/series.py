"""Taylor series of motions: over Q (no tolerance at all), mod a prime, and in ball arithmetic.

The coefficients follow from x' = sum_j w_j X_j(x) one order at a time; series are truncated polynomials of
python-flint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flint

from polylaw.algebra.modular import primes
from polylaw.algebra.polynomial import Polynomial, multiset
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.series import motion
from polylaw.testing.drive import Drive, loss_slopes, outputs_of


@dataclass(frozen=True)
class Series:
    """How series are made: `number` makes coefficients of rationals, `make` a polynomial of coefficients."""

    number: Callable[[Coefficient], Any]
    make: Callable[[list[Any]], Any]


@dataclass(frozen=True)
class Change:
    """The first order of t at which a law changes along a motion, with its coefficient there."""

    order: int
    coefficient: Any


def rational_series() -> Series:
    """Exact rational numbers."""
    return Series(lambda c: flint.fmpq(c.numerator, c.denominator), flint.fmpq_poly)


def modular_series(prime: int) -> Series:
    """Residues mod a prime larger than any order."""
    return Series(
        lambda c: c.numerator * pow(c.denominator, -1, prime) % prime,
        lambda values: flint.nmod_poly([int(v) for v in values], prime),
    )


def series_of(
    drive: Drive, order: int, kind: Series, start: Sequence[Any] | None = None, time: Any = None
) -> list[Any]:
    """The power series of every generator to t^order.  `start` and `time` replace the numbers of the drive
    (for balls around them)."""
    numbers = map(kind.number, drive.start) if start is None else start

    def slopes(state: dict[int, Any], k: int) -> dict[int, Any]:
        velocity = _velocity(drive, list(state.values()), kind, k, time)
        return {g: series[k - 1] for g, series in velocity.items()}

    return list(motion(dict(enumerate(numbers)), slopes, order, kind.number, kind.make).values())


def _velocity(drive: Drive, state: list[Any], kind: Series, length: int, time: Any) -> dict[int, Any]:
    total: dict[int, Any] = {}
    gradient = _loss_gradient(drive, state, kind, length)
    for j, (field, control) in enumerate(zip(drive.flow.distribution.fields, drive.controls, strict=True)):
        weight = kind.make([kind.number(1)]) if field.steady else _control(control, kind, time)
        if j in gradient and not field.steady:
            weight = weight + gradient[j]
        for g, component in field.components.items():
            part = (value_of(component, state, kind, length) * weight).truncate(length)
            total[g] = total[g] + part if g in total else part
    return total


def _control(control: Sequence[Coefficient], kind: Series, time: Any) -> Any:
    """w_j(time + t) as a series in t."""
    series = kind.make([kind.number(c) for c in control])
    return series if time is None else series(kind.make([time, kind.number(1)]))


def _loss_gradient(drive: Drive, state: list[Any], kind: Series, length: int) -> dict[int, Any]:
    """-dL/dphi_j at phi, by the number of the field."""
    slopes = loss_slopes(drive)
    outputs = [value_of(p, state, kind, length) for p in outputs_of(drive)] if slopes else []
    return {j: value_of(-slope, outputs, kind, length) for j, slope in slopes.items()}


def value_of(polynomial: Polynomial, state: Sequence[Any], kind: Series, length: int) -> Any:
    """A polynomial at series."""
    total = kind.make([])
    for monomial, c in polynomial:
        product = kind.make([kind.number(c)])
        for generator in multiset(monomial):
            product = (product * state[generator]).truncate(length)
        total = total + product
    return total


def exact_change(drive: Drive, law: Polynomial, order: int) -> Change | None:
    """Where the law first changes along the exact series to t^order; None if it is constant to that order."""
    return _change(drive, law, order, rational_series())


def modular_change(drive: Drive, law: Polynomial, order: int, prime: int | None = None) -> Change | None:
    """The same mod a prime: cheap, and a change found is a change over Q."""
    found = _change(drive, law, order, modular_series(prime or next(primes())))
    return found and Change(found.order, int(found.coefficient))


def _change(drive: Drive, law: Polynomial, order: int, kind: Series) -> Change | None:
    value = value_of(law, series_of(drive, order, kind), kind, order + 1)
    return next((Change(k, value[k]) for k in range(1, order + 1) if value[k] != 0), None)
