"""Taylor series of motions: over Q (no tolerance at all), mod a prime, and in ball arithmetic.

The coefficients follow from x' = sum_j w_j X_j(x) one order at a time, with the power series of python-flint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from polylaw.algebra.modular import primes
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.testing.drive import Drive, loss_slopes, outputs_of


@contextmanager
def flint_context(length: int, bits: int = 53) -> Iterator[None]:
    """Power series of this length and balls of this precision, which flint keeps in a global context: put
    back after."""
    import flint

    before = flint.ctx.cap, flint.ctx.prec
    flint.ctx.cap, flint.ctx.prec = max(length, before[0]), max(bits, before[1])
    try:
        yield
    finally:
        flint.ctx.cap, flint.ctx.prec = before


@dataclass(frozen=True)
class Series:
    """How coefficients are made: `number` turns a rational into one, `make` a list of them into a truncated
    series."""

    number: Callable[[Coefficient], Any]
    make: Callable[[list[Any], int], Any]
    coefficients: Callable[[Any, int], list[Any]]


@dataclass(frozen=True)
class Change:
    """The first order of t at which a law changes along a motion, with its coefficient there."""

    order: int
    coefficient: Any


def rational_series() -> Series:
    """Exact rational numbers."""
    import flint

    def make(values: list[Any], length: int) -> Any:
        return flint.fmpq_series(values, prec=length)

    return Series(lambda c: flint.fmpq(c.numerator, c.denominator), make, _listed)


def modular_series(prime: int) -> Series:
    """Residues mod a prime larger than any order."""
    import flint

    class Truncated:
        """A polynomial mod the prime and a power of t."""

        def __init__(self, poly: Any, length: int) -> None:
            self.poly, self.length = poly, length

        def __add__(self, other: Any) -> Any:
            return Truncated(self.poly + other.poly, self.length)

        def __mul__(self, other: Any) -> Any:
            product = self.poly * other.poly
            return Truncated(
                flint.nmod_poly([int(product[i]) for i in range(self.length)], prime), self.length
            )

    def number(c: Coefficient) -> int:
        return int(c.numerator * pow(c.denominator, -1, prime) % prime)

    def make(values: list[Any], length: int) -> Any:
        return Truncated(flint.nmod_poly([int(v) % prime for v in values[:length]], prime), length)

    def listed(series: Any, length: int) -> list[Any]:
        return [int(series.poly[i]) for i in range(length)]

    return Series(number, make, listed)


def _listed(series: Any, length: int) -> list[Any]:
    return [series[i] for i in range(length)]


def series_of(
    drive: Drive, order: int, kind: Series, start: Sequence[Any] | None = None, time: Any = None
) -> list[Any]:
    """The power series of every generator to t^order.  `start` and `time` replace the numbers of the drive
    (for balls around them)."""
    ring = drive.flow.ring
    values = [kind.number(c) for c in drive.start] if start is None else list(start)
    coefficients = [[v] for v in values]
    moving = range(ring.parameter_indices.start)
    for k in range(1, order + 1):
        state = [kind.make(c, k) for c in coefficients]
        velocity = _velocity(drive, state, kind, k, time)
        for g in range(ring.size):
            last = kind.coefficients(velocity[g], k)[k - 1] if g in velocity else kind.number(0)
            coefficients[g].append(_divided(last, k, kind) if g in moving else kind.number(0))
    return [kind.make(c, order + 1) for c in coefficients]


def _divided(value: Any, k: int, kind: Series) -> Any:
    inverse = kind.number(rational(f"1/{k}", "order"))
    return value * inverse


def _velocity(drive: Drive, state: list[Any], kind: Series, length: int, time: Any) -> dict[int, Any]:
    total: dict[int, Any] = {}
    gradient = _loss_gradient(drive, state, kind, length)
    for j, (field, control) in enumerate(zip(drive.flow.distribution.fields, drive.controls, strict=True)):
        weight = None if field.steady else _control(control, kind, length, time)
        if not field.steady and j in gradient:
            weight = weight + gradient[j]
        for g, component in field.components.items():
            part = value_of(component, state, kind, length)
            part = part if weight is None else part * weight
            total[g] = total[g] + part if g in total else part
    return total


def _control(control: Sequence[Coefficient], kind: Series, length: int, time: Any) -> Any:
    """w_j(time + t) as a series in t."""
    coefficients = [kind.number(c) for c in control] or [kind.number(0)]
    if time is None:
        return kind.make(coefficients, length)
    shifted = kind.make([time, kind.number(1)], length)
    result = kind.make([coefficients[-1]], length)
    for c in reversed(coefficients[:-1]):
        result = result * shifted + kind.make([c], length)
    return result


def _loss_gradient(drive: Drive, state: list[Any], kind: Series, length: int) -> dict[int, Any]:
    """-dL/dphi_j at phi, by the number of the field."""
    slopes = loss_slopes(drive)
    outputs = [value_of(p, state, kind, length) for p in outputs_of(drive)] if slopes else []
    return {j: value_of(-slope, outputs, kind, length) for j, slope in slopes.items()}


def value_of(polynomial: Polynomial, state: Sequence[Any], kind: Series, length: int) -> Any:
    """A polynomial at series."""
    total = kind.make([kind.number(0)], length)
    for monomial, c in polynomial.terms.items():
        product = kind.make([kind.number(c)], length)
        for generator, power in monomial:
            for _ in range(power):
                product = product * state[generator]
        total = total + product
    return total


def exact_change(drive: Drive, law: Polynomial, order: int) -> Change | None:
    """Where the law first changes along the exact series to t^order; None if it is constant to that order."""
    return _change(drive, law, order, rational_series())


def modular_change(drive: Drive, law: Polynomial, order: int, prime: int | None = None) -> Change | None:
    """The same mod a prime: cheap, and a change found is a change over Q."""
    return _change(drive, law, order, modular_series(prime or next(primes())))


def _change(drive: Drive, law: Polynomial, order: int, kind: Series) -> Change | None:
    with flint_context(order + 1):
        state = series_of(drive, order, kind)
        coefficients = kind.coefficients(value_of(law, state, kind, order + 1), order + 1)
    for k, c in enumerate(coefficients[1:], 1):
        if c != 0:
            return Change(k, c)
    return None
