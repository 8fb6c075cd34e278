"""The system a checked certificate is about: a flow in coordinates, and polynomials said to be laws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Function
from polylaw.algebra.functions import Time
from polylaw.algebra.polynomial import Polynomial
from polylaw.flows.motion import Components, Motion
from polylaw.proof.kinds import FlowKind
from polylaw.proof.motion import FlowDefinition


@dataclass(frozen=True)
class Law:
    """A polynomial of the certificate, or its quotient by `over`, and its number there, from 0."""

    number: int
    polynomial: Polynomial
    over: Polynomial | None = None


@dataclass(frozen=True)
class Condition:
    """A polynomial is not 0, or `positive`."""

    polynomial: Polynomial
    positive: bool = False

    @property
    def always(self) -> bool:
        """Whether it is a number that is so."""
        number = self.polynomial.constant_value
        return number is not None and (number > 0 if self.positive else number != 0)


@dataclass(frozen=True)
class FunctionOf:
    """A variable that is a function of a quotient of polynomials in coordinates before it.

    Its derivative and where it is smooth are told by its class; the checker knows them for itself (class
    Functions there).
    """

    variable: int
    function: Function[Quotient]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Where it is smooth, if its argument is."""
        asked = self.function.asks()
        found = [Condition(p * q if positive else p, positive) for (p, q), positive in asked]
        if not any(condition.positive for condition in found):
            found.append(Condition(self.function.argument.below))
        if isinstance(self.function, Time):
            found.append(Condition(self.function.rate.above))
        return tuple(condition for condition in found if not condition.always)


@dataclass(frozen=True, eq=False)
class System(FlowDefinition):
    """A flow in coordinates: variables, of a flow with momentum positions and then velocities, the clock,
    parameters.  The last variables are `functions` of the others; a certificate with such functions may have
    none.

    `fields` are the nonzero fields a law must annihilate in the certificate's numbering, up to factors those
    of the checker: components of phi, then what moves without a loss.
    """

    kind: FlowKind
    names: tuple[str, ...]
    parameters: tuple[str, ...]
    laws: tuple[Law, ...]
    functions: tuple[FunctionOf, ...]

    @property
    def positions(self) -> int:
        """How many variables are neither velocities nor functions: a velocity is known by its place alone."""
        return self.coordinates.own // 2 if self.kind.velocities else self.coordinates.own

    @cached_property
    def motion(self) -> Motion:
        """How it moves, as vector fields."""
        return self.kind.motion(self)

    @cached_property
    def fields(self) -> tuple[Components, ...]:
        """The nonzero fields: of the map, then the drift."""
        return tuple(field for field in (*self.motion.kicks, self.motion.drift) if field)

    @cached_property
    def denominators(self) -> tuple[Polynomial, ...]:
        """What the flow divides by, each once: statements are about points where none of these is 0."""
        return tuple(dict.fromkeys(q for _, q in (*self.phi, *self.rhs) if q.support))
