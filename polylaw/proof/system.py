"""The system that a checked certificate is about: a flow in coordinates, and the polynomials that are said to be laws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.proof.motion import Components, Coordinates, Matrix, Motion, Quotient

__all__ = ["Clock", "Data", "Law", "System", "clock_of"]

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Clock:
    """How time enters: as exp(rate t), or as t^(1/root) where there is no rate."""

    rate: Polynomial | None
    root: int


def clock_of(data: Data, x: Coordinates) -> Clock | None:
    """The clock of a certificate."""
    clock = data["clock"]
    return clock and Clock(x.polynomial(clock["rate"]) if "rate" in clock else None, clock.get("root", 0))


@dataclass(frozen=True)
class Law:
    """A polynomial of the certificate, and its number there, from 0."""

    number: int
    polynomial: Polynomial


@dataclass(frozen=True, eq=False)
class System:
    """A flow in coordinates: variables, of a flow with momentum positions and then velocities, the clock, parameters.

    `phi` are the components of the map of a training flow, `rhs` the right-hand sides of a differential equation; `metric`
    has the nonzero entries of M, each once, or is None for the identity.  `fields` are the nonzero fields a law must
    annihilate in the certificate's numbering, up to factors those of the checker: components of phi, then what moves
    without a loss.
    """

    kind: str
    names: tuple[str, ...]
    parameters: tuple[str, ...]
    coordinates: Coordinates
    clock: Clock | None
    phi: tuple[Quotient, ...]
    rhs: tuple[Quotient, ...]
    metric: Matrix | None
    decay: Polynomial | None
    damping: Polynomial | None
    over_time: Fraction | None
    motion: Motion
    laws: tuple[Law, ...]

    @property
    def trained(self) -> bool:
        """Whether a loss moves it."""
        return self.kind in ("gradient", "momentum")

    @property
    def positions(self) -> int:
        """How many variables are not velocities: a velocity is known by its place alone."""
        return self.coordinates.variables // 2 if self.kind == "momentum" else self.coordinates.variables

    @property
    def clock_index(self) -> int | None:
        """The coordinate that is the clock."""
        return self.coordinates.variables if self.clock else None

    @cached_property
    def fields(self) -> tuple[Components, ...]:
        """The nonzero fields: of the map, then the drift."""
        return tuple(field for field in (*self.motion.kicks, self.motion.drift) if field)

    @cached_property
    def denominators(self) -> tuple[Polynomial, ...]:
        """What the flow divides by, each once: statements are about points where none of these is 0."""
        return tuple(dict.fromkeys(q for _, q in (*self.phi, *self.rhs) if q.support))
