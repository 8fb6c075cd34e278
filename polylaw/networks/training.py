"""How the parameters of a network move, and which of its laws are kept then.

Gradient flow: theta' = -r (dL/dtheta + l theta), with a rate r and a decay l for each parameter.  Where the
identity of a law is sum_k c_k g_k theta_k = 0, the derivative of sum_k (c_k/r_k) theta_k^2 is -2 times that,
less 2 sum_k c_k l_k theta_k^2; so if r l is one number for all of its parameters, exp(2 r l t) times it is
conserved, and exp(r l t) times sum_k (c_k/r_k) theta_k for sums.

Momentum: theta'' + tau theta' = -r dL/dtheta.  Sums u = sum_k (c_k/r_k) theta_k obey u'' + tau u' = 0, which
gives two laws: exp(integral of tau) u', and one with u.  A skew matrix M gives exp(integral of tau) <theta',
A theta> (arXiv 2405.12888), where A moves all pieces of a product alike, as M and -M^T are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from fractions import Fraction

from polylaw.algebra.ring import Polynomial
from polylaw.errors import InputError, UnknownNameError
from polylaw.frozen import Frozen
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.pieces import Form


@dataclass(frozen=True)
class Training:
    """`rates` and `decays` by patterns of names such as `head.*`, of which the first that fits counts;
    without one the rate is 1, the decay 0.  Raises `InputError` for a rate that is not positive, a negative
    decay, and decay with `momentum`."""

    rates: Mapping[str, Fraction] = field(default_factory=Frozen)
    decays: Mapping[str, Fraction] = field(default_factory=Frozen)
    momentum: bool = False

    def __post_init__(self) -> None:
        for name, rate in self.rates.items():
            if rate <= 0:
                raise InputError(f"rate of {name}", rate, "a number above 0")
        for name, decay in self.decays.items():
            if decay < 0 or (decay and self.momentum):
                raise InputError(f"decay of {name}", decay, "0 with momentum, else at least 0")

    def rate(self, name: str) -> Fraction:
        """Of a parameter."""
        return _first(self.rates, name, Fraction(1))

    def decay(self, name: str) -> Fraction:
        """How fast a parameter decays: rate times decay."""
        return self.rate(name) * _first(self.decays, name, Fraction(0))

    def check(self, names: Iterable[str]) -> None:
        """Raises `UnknownNameError` where a pattern fits none of these."""
        known = list(names)
        for pattern in (*self.rates, *self.decays):
            if not any(fnmatchcase(name, pattern) for name in known):
                raise UnknownNameError("parameters", pattern, f"a pattern that fits one, such as {known[0]}")


def _first(numbers: Mapping[str, Fraction], name: str, default: Fraction) -> Fraction:
    return next((n for pattern, n in numbers.items() if fnmatchcase(name, pattern)), default)


@dataclass(frozen=True)
class Kept:
    """A law along a training: `law` with the rates in its coefficients, times exp(`exponent` t); `count` says
    how many independent laws it is, and `formula` that as a formula in the lengths of index spaces."""

    law: Law
    exponent: Fraction
    count: int
    formula: Polynomial


def kept(laws: NetworkLaws, training: Training) -> list[Kept]:
    """The laws along a training; those of parameters that decay at different speeds are none."""
    training.check(laws.shapes)
    found = []
    for law in laws.laws:
        decays = {training.decay(piece.view.name) for piece in law.pieces}
        count = law.count_with_momentum if training.momentum else law.count
        if count and len(decays) == 1:
            [decay] = decays
            scaled = (replace(p, coefficient=p.coefficient / training.rate(p.view.name)) for p in law.pieces)
            exponent = decay if law.form is Form.SUMS else 2 * decay
            moved = replace(law, pieces=tuple(scaled))
            if training.momentum and law.form is Form.PRODUCTS:
                moved = replace(moved, skew=True, hollow=False, repeated=0)
            found.append(Kept(moved, exponent, count, law.formula(momentum=training.momentum)))
    return found
