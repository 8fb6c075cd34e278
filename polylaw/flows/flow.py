"""The common shape of all flows: a state ring, weight arrays to name laws by, and a distribution."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.parse import parse_polynomial, symbols_in
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.algebra.ring import TIME, Ring
from polylaw.arguments import instance
from polylaw.errors import InputError, PolylawError, UnknownNameError
from polylaw.flows.distribution import Distribution
from polylaw.frozen import Value
from polylaw.models.model import Model, Shape


class Flow(Value):
    """What moves.  `title` names the model or ODE and `name` the kind of flow, in words; `ring` is the state
    ring laws live in; `arrays` maps the names of weight (and velocity) arrays to their shapes; `values` holds
    the numbers that parameters stand for, which laws may name too.  Flows of one kind are equal when the same
    moves in the same way, whatever it is called."""

    title: str
    name: str
    ring: Ring
    arrays: Mapping[str, Shape] = MappingProxyType({})
    values: Mapping[str, Coefficient] = MappingProxyType({})
    #: Whether the second half of the variables are the velocities of the first.
    velocities: ClassVar[bool] = False

    @property
    def made_of(self) -> Hashable:
        """The distribution, or what it is written down from."""
        return self.distribution

    @cached_property
    def distribution(self) -> Distribution:
        """The fields that a law must annihilate."""
        return self.written(unchecked)

    def written(self, check: Check) -> Distribution:
        """The distribution, written down under a check that may end it."""
        raise TypeError(f"{type(self).__name__} defines no distribution")

    def within(self, check: Check) -> Distribution:
        """The distribution, written down under the check where it is not yet known; flows that write it down
        otherwise do so."""
        if self.known is None and type(self).written is not Flow.written:
            self.__dict__["distribution"] = self.written(check)
        return self.distribution

    @property
    def known(self) -> Distribution | None:
        """The distribution if it has been written down."""
        return self.__dict__.get("distribution")

    @property
    def denominators(self) -> tuple[Polynomial, ...]:
        """What the flow divides by, in its ring, each once: it is defined where none of these is 0."""
        return ()

    @property
    def speed(self) -> RationalFunction:
        """f = speed * X for the fields f of the flow as it is given and X of its distribution, where that is
        more than a number."""
        one = self.ring.constant(1)
        return RationalFunction(one, one)

    def clock_power(self, degree: int) -> int:
        """The largest power of the clock to look for with laws of this degree, unless the ansatz says it."""
        return max(1, degree) if self.ring.clock is not None else 0

    def parse(self, text: str, argument: str = "law") -> Polynomial:
        """The polynomial of the state ring in `text`; a velocity in a flow without one is explained."""
        try:
            return parse_polynomial(self.ring, text, argument, self.values)
        except UnknownNameError as error:
            stem = str(error.found)
            if stem.startswith("d") and stem[1:] in self.ring:
                hint = self._no_velocities(stem)
                raise UnknownNameError(argument, stem, "a name of this flow's state", hint) from None
            raise

    def _no_velocities(self, name: str) -> str:
        return f"{name} is a velocity, and only a momentum flow has those: use --flow momentum"

    def polynomial(self, law: Any, argument: str = "law") -> Polynomial:
        """A law given as text, `Polynomial` (moved into the state ring) or sympy expression."""
        if isinstance(law, str):
            return self.parse(law, argument)
        if isinstance(law, Polynomial):
            return law if law.ring == self.ring else law.into(self.ring)
        from polylaw.algebra.sympy_bridge import from_sympy

        return from_sympy(self.ring, law, argument)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.title}, {self.name}>"


def checked_flow(flow: Any) -> Flow:
    """`flow`, if it is one; else `InputError`."""
    hint = "for example polylaw.GradientFlow(model), or flow_of_spec('linear:2,3,2')"
    return instance(flow, Flow, "flow", hint)


def checked_model(model: Any) -> Model:
    """`model`, if it is one that a loss sees something of; else `InputError`."""
    if not isinstance(model, Model):
        raise InputError("model", model, "a polylaw Model", "build one with polylaw.models")
    if not model.phi and model.program is None:
        raise InputError("phi", "nothing", "at least one component", "an ODE takes PolynomialODE")
    return model


def constant_or_symbol(
    parameters: tuple[str, ...], given: Any, argument: str, state: Collection[str] = ()
) -> tuple[Polynomial, tuple[str, ...]]:
    """A constant of a flow (a rate, a damping): a rational number, or an expression in parameters.

    Names not yet among `parameters` become parameters, unless they move: t, and the names of the `state`.
    Returns the constant, over the ring of parameters, and all parameter names.
    """
    expected = "a rational number or an expression in parameters"
    if isinstance(given, str):
        symbols = symbols_in(given, argument, parameters)
    elif isinstance(given, Polynomial):
        symbols = tuple(given.ring.name(g) for g in given.support)
    else:
        return Ring((), parameters).constant(rational(given, argument)), parameters
    names = (*parameters, *(name for name in symbols if name not in parameters))
    for name in names:
        if name == TIME or name in state:
            raise InputError(argument, str(given), expected, f"{name} is not constant along the flow")
    ring = Ring((), names)
    try:
        return given.into(ring) if isinstance(given, Polynomial) else ring.parse(given, argument), names
    except PolylawError as error:
        raise InputError(argument, str(given), expected, str(error.hint)) from None
