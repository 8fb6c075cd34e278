"""Polynomial (and rational) ordinary differential equations x' = f(x), with named parameters."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property
from typing import Any

from polylaw import arguments
from polylaw.algebra.check import Check
from polylaw.algebra.parse import clock_of
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.algebra.ring import Exponential, Ring, meaning
from polylaw.algebra.sympy_bridge import read_rational, right_hand_sides
from polylaw.errors import InexactError, InputError, UnknownNameError
from polylaw.flows.distribution import Change, Distribution, Field, Step
from polylaw.flows.flow import Flow
from polylaw.flows.motion import Motion, Ratio, cleared, nonzero


class PolynomialODE(Flow):
    """The flow of x' = f(x).

    `rhs` maps each variable to its right-hand side (text, number, `Polynomial` or sympy expression; rational
    functions are allowed), or lists sympy equations Eq(Derivative(x(t), t), f).
    `parameters` are names, then laws hold for every value of them and have
    coefficients polynomial in them, or a mapping from names to rational values.  `time` lets laws depend on
    time: `"t"`, or an exponential such as `"exp(2*g*t)"`; then t may not be a variable.
    """

    def __init__(
        self,
        rhs: Mapping[str, Any] | Sequence[Any],
        parameters: Sequence[str] | Mapping[str, Any] = (),
        *,
        time: str | None = None,
        name: str = "ODE",
    ) -> None:
        if isinstance(rhs, (list, tuple)) and rhs and all(getattr(f, "is_Equality", False) for f in rhs):
            rhs = right_hand_sides(rhs)
        if not isinstance(rhs, Mapping) or not rhs:
            hint = "for example {'x': 'y', 'y': '-x'}"
            raise InputError("ode", rhs or "no equation", "a right-hand side by variable", hint)
        rhs = {arguments.name(v, "ode"): f for v, f in rhs.items()}
        given = parameters if isinstance(parameters, Mapping) else {}
        values = {arguments.name(n, "parameters"): rational(v, f"parameter {n}") for n, v in given.items()}
        self.values = values
        symbols = () if given else arguments.names(parameters, "parameters")
        clock = None if time is None else clock_of(time, symbols, "time")
        self.ring = Ring(tuple(rhs), symbols, clock)
        self.rhs = {v: self._right_hand_side(v, f, values) for v, f in rhs.items()}
        self.title = name
        self.name = f"ODE, time as {time}" if time else "ODE"

    def _right_hand_side(
        self, variable: str, given: Any, values: Mapping[str, Coefficient]
    ) -> RationalFunction:
        argument = f"ode.{variable}"
        wide = self.ring
        if values:
            wide = Ring(self.ring.variables, (*self.ring.parameters, *values), self.ring.clock)
        if isinstance(given, float):
            hint = 'write it as text, for example "1/10"'
            raise InexactError(argument, given, "an exact right-hand side", hint)
        try:
            f = read_rational(wide, given, argument)
        except UnknownNameError as error:
            raise (undeclared(error) if isinstance(given, str) else error) from None
        if not values:
            return f
        known = {wide.index(n): v for n, v in values.items()}
        denominator = f.denominator.with_values(known).into(self.ring)
        if not denominator:
            hint = f"{f.denominator} is 0 for the values of the parameters"
            raise InputError(argument, given, "a nonzero denominator", hint)
        return RationalFunction(f.numerator.with_values(known).into(self.ring), denominator)

    @property
    def made_of(self) -> Hashable:
        """The right-hand sides, and how time enters."""
        return self.ring, tuple(self.rhs.values())

    def written(self, check: Check) -> Distribution:
        """The one field f, times the common denominator of f; with a clock it carries the clock too."""
        ring = self.ring
        sides = [(f.numerator, f.denominator) for f in self.rhs.values()]
        rate = ring.clock.rate.into(ring) if isinstance(ring.clock, Exponential) else None
        motion = solved_for(sides, ring, rate)
        rescaled = Step(f": the field was multiplied by its denominator {motion.factor}", Change.RESCALED)
        field = Field.primitive("flow", motion.drift, steady=True)
        return Distribution(ring, (field,), () if motion.factor == 1 else (rescaled,))

    @property
    def denominators(self) -> tuple[Polynomial, ...]:
        """Those of the right-hand sides."""
        return tuple(dict.fromkeys(f.denominator for f in self.rhs.values() if not f.is_polynomial))

    @property
    def has_time(self) -> bool:
        """Whether the right-hand sides have the clock in them."""
        clock = self.ring.clock_index
        parts = (p for f in self.rhs.values() for p in (f.numerator, f.denominator))
        return clock is not None and any(clock in p.support for p in parts)

    @cached_property
    def speed(self) -> RationalFunction:
        """f = speed * X for the field X of the distribution, with integer coefficients, no denominators."""
        [field] = self.distribution.fields
        one = self.ring.constant(1)
        moving = (
            (f, field.components[k])
            for v, f in self.rhs.items()
            if (k := self.ring.index(v)) in field.components
        )
        speeds = (RationalFunction(f.numerator, f.denominator * p) for f, p in moving)
        return next(speeds, RationalFunction(one, one))

    def _no_velocities(self, name: str) -> str:
        return f"{name} is not a variable of this ODE"


def solved_for(rhs: Sequence[Ratio], ring: Ring, rate: Polynomial | None) -> Motion:
    """x' = p/q, and the clock, with a rate or t, if the ring has one; all times the common denominator."""
    moves, factor = cleared(rhs, ring.constant(1))
    drift, clock = dict(enumerate(moves)), ring.clock_index
    if clock is not None:
        drift[clock] = factor * rate * ring.monomial(((clock, 1),)) if rate else factor
    return Motion([], nonzero(drift), factor)


def undeclared(error: UnknownNameError) -> UnknownNameError:
    """The error that a right-hand side has a name which is no variable, with what to do about it."""
    name = str(error.found)
    if meaning(name):
        return error
    hint = (
        f'a symbol is declared by parameters = ["{name}"], in a file above [ode], a variable by an '
        f"equation; {error.hint}"
    )
    return UnknownNameError(error.argument, error.found, "a variable or a declared parameter", hint)
