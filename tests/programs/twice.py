"""Numbers with their first and second derivatives, for several data points at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special


@dataclass(frozen=True, eq=False)
class Twice:
    """The axes are (point), (point, parameter) and (point, parameter, parameter)."""

    value: Any
    slope: Any
    bent: Any

    #: An array of numpy leaves products with this to it.
    __array_ufunc__ = None

    def __add__(self, other: Any) -> Twice:
        if isinstance(other, Twice):
            return Twice(self.value + other.value, self.slope + other.slope, self.bent + other.bent)
        return Twice(self.value + other, self.slope, self.bent)

    __radd__ = __add__

    def __neg__(self) -> Twice:
        return self * -1.0

    def __sub__(self, other: Any) -> Twice:
        return self + -1.0 * other

    def __rsub__(self, other: Any) -> Twice:
        return -self + other

    def __mul__(self, other: Any) -> Twice:
        if not isinstance(other, Twice):
            c = np.broadcast_to(np.asarray(other, float), self.value.shape)
            return Twice(c * self.value, c[:, None] * self.slope, c[:, None, None] * self.bent)
        a, b = self.value, other.value
        cross = self.slope[:, :, None] * other.slope[:, None]
        bent = a[:, None, None] * other.bent + b[:, None, None] * self.bent
        slope = a[:, None] * other.slope + b[:, None] * self.slope
        return Twice(a * b, slope, bent + cross + cross.transpose(0, 2, 1))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Twice:
        return self * inverse(other)

    def __rtruediv__(self, other: Any) -> Twice:
        return inverse(self) * other


def _through(z: Any, value: Any, one: Any, two: Any) -> Any:
    """f(z), from f, f' and f'' there; of a plain number f alone."""
    if not isinstance(z, Twice):
        return value
    square = z.slope[:, :, None] * z.slope[:, None]
    return Twice(value, one[:, None] * z.slope, one[:, None, None] * z.bent + two[:, None, None] * square)


def _value(z: Any) -> Any:
    return z.value if isinstance(z, Twice) else np.asarray(z, float)


def inverse(z: Any) -> Any:
    y = 1 / _value(z)
    return _through(z, y, -(y**2), 2 * y**3)


def exp(z: Any) -> Any:
    y = np.exp(_value(z))
    return _through(z, y, y, y)


def log(z: Any) -> Any:
    x = _value(z)
    return _through(z, np.log(x), 1 / x, -1 / x**2)


def sqrt(z: Any) -> Any:
    y = np.sqrt(_value(z))
    return _through(z, y, 1 / (2 * y), -1 / (4 * y**3))


def tanh(z: Any) -> Any:
    y = np.tanh(_value(z))
    return _through(z, y, 1 - y**2, -2 * y * (1 - y**2))


def normal(z: Any) -> Any:
    """The normal distribution function."""
    x = _value(z)
    density = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    return _through(z, special.ndtr(x), density, -x * density)
