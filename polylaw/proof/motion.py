"""The coordinates of a certificate, and what the flow in them is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Exponential, Ring, RootOfTime
from polylaw.flows.motion import Components, Entry, Loss, Ratio, Tempo
from polylaw.proof.encoding import decoded


@dataclass(frozen=True)
class Coordinates:
    """The coordinates of a certificate from 0: variables, the clock if there is one, parameters.  All but
    these move.

    Variables from number `own` on are functions of others.
    """

    ring: Ring
    variables: int
    moving: int
    own: int

    @staticmethod
    def of(data: Mapping[str, Any]) -> Coordinates:
        """Those of a certificate."""
        variables = len(data["variables"])
        moving = variables + (data["clock"] is not None)
        size = moving + len(data["parameters"])
        names = [f"x{i}" for i in range(1, size + 1)]
        clock = RootOfTime() if moving > variables else None  # which one makes no difference to polynomials
        own = variables - len(data.get("functions", []))
        return Coordinates(Ring(names[:variables], names[moving:], clock), variables, moving, own)

    @property
    def independent(self) -> list[int]:
        """Those that are no functions of others."""
        return [k for k in range(self.ring.size) if not self.own <= k < self.variables]

    @property
    def state(self) -> list[Polynomial]:
        """The variables that are no functions of others."""
        return [self[k] for k in range(self.own)]

    def __getitem__(self, k: int) -> Polynomial:
        return self.ring.monomial(((k, 1),))

    def polynomial(self, terms: Sequence[Sequence[Any]]) -> Polynomial:
        """A polynomial of the certificate."""
        return decoded(self.ring, terms)


@dataclass(frozen=True)
class Clock:
    """How time enters: as exp(rate t), or as t^(1/root) where there is no rate."""

    rate: Polynomial | None
    root: int

    def into(self, ring: Ring) -> Clock:
        """The same over another ring with the same parameters."""
        return self if self.rate is None else Clock(moved(self.rate, ring), self.root)

    def of_ring(self, parameters: Sequence[str]) -> Exponential | RootOfTime:
        """The clock of a ring with these parameters."""
        rate = self.into(Ring((), parameters)).rate
        return Exponential(rate) if rate else RootOfTime(self.root)


def moved(p: Polynomial, ring: Ring) -> Polynomial:
    """A polynomial in the last generators of its ring in those of another, by their places."""
    shift = ring.size - p.ring.size
    return Polynomial(ring, {tuple((k + shift, e) for k, e in m): c for m, c in p.terms.items()})


def clock_of(data: Mapping[str, Any], x: Coordinates) -> Clock | None:
    """The clock of a certificate."""
    clock = data["clock"]
    return clock and Clock(x.polynomial(clock["rate"]) if "rate" in clock else None, clock.get("root", 0))


@dataclass(frozen=True, eq=False)
class FlowDefinition:
    """A flow as a certificate defines it.

    `phi` are the components of the map of a training flow, `rhs` the right-hand sides of a differential
    equation, `given` fields that are listed one by one; `metric` has the nonzero entries of M, each once, or
    is None for the identity.
    """

    coordinates: Coordinates
    clock: Clock | None
    phi: tuple[Ratio, ...]
    rhs: tuple[Ratio, ...]
    given: tuple[Components, ...]
    metric: Sequence[Entry] | None
    decay: Polynomial | None
    damping: Polynomial | None
    over_time: Fraction | None

    @property
    def tempo(self) -> Tempo[int]:
        """How fast it moves, by its damping or by `over_time`."""
        x, root = self.coordinates, self.clock.root if self.clock and self.over_time else 0
        rate = self.damping or x.ring.constant(self.over_time or 0)
        return Tempo.of(rate, x[x.variables], root)

    def loss(self, size: int) -> Loss:
        """The map, and M of this size."""
        one = self.coordinates.ring.constant(1)
        return self.phi, [(k, k, one) for k in range(size)] if self.metric is None else self.metric
