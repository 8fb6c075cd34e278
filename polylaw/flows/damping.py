"""Damping of a momentum flow, and the clock through which time then enters its laws.

theta'' + tau theta' = -grad L.  A law may depend on time; to keep it polynomial, time enters as

    tau = 0           the clock t,             t' = 1
    tau constant      the clock s = e^(tau t), s' = tau s           (tau may stay a symbol)
    tau = c/t         the clock s = t^(1/q),   c = p/q; the drift is multiplied by q t: s' becomes s

(arXiv 2405.12888).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import TIME, Clock, Exponential, Ring, RootOfTime
from polylaw.errors import InputError, PolylawError
from polylaw.flows.flow import constant_or_symbol

_HINT = "use 0, a positive rational such as 2/3, the symbol tau, or c/t such as 3/t"


@dataclass(frozen=True)
class Damping:
    """`constant` (over the ring of `parameters`) is tau, or the c of tau = c/t when `over_time`."""

    constant: Polynomial
    parameters: tuple[str, ...]
    over_time: bool

    @property
    def clock(self) -> Clock:
        """How time enters the laws."""
        if self.over_time:
            return RootOfTime(self.rate.denominator)
        return Exponential(self.constant) if self.constant else RootOfTime(1)

    @property
    def rate(self) -> Fraction:
        """The rational c of tau = c/t."""
        return Fraction(self.constant.constant_value or 0)

    def __str__(self) -> str:
        return f"{self.constant}/t" if self.over_time else str(self.constant)


def damping_of(given: Any, parameters: tuple[str, ...], state: Collection[str]) -> Damping:
    """The damping written as 0, a positive rational, a symbol or expression in parameters, or `c/t`; names of
    the `state` are no parameters."""
    if isinstance(given, Damping):
        return given
    above, over, below = given.rpartition("/") if isinstance(given, str) else ("", "", "")
    if over and below.strip() == TIME:
        try:
            c = rational(above.strip(" ()"), "damping")
        except PolylawError:
            raise InputError("damping", given, "c/t with a positive rational c", _HINT) from None
        if c <= 0:
            raise InputError("damping", given, "c/t with c > 0", _HINT)
        return Damping(Ring((), parameters).constant(c), parameters, over_time=True)
    constant, names = constant_or_symbol(parameters, given, "damping", state)
    value = constant.constant_value
    if value is not None and value < 0:
        raise InputError("damping", given, "a damping >= 0", _HINT)
    return Damping(constant, names, over_time=False)
