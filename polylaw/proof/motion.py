"""The flow of a certificate as vector fields, exactly as it is defined:  factor x' = drift - sum_j u_j
kicks[j].

x are all coordinates.  The u_j are as arbitrary as the w_j of the flow, of which they are multiples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring, RootOfTime
from polylaw.flows.motion import Tempo, cleared, decay, slopes
from polylaw.proof.encoding import decoded

Components = dict[int, Polynomial]
Matrix = list[tuple[int, int, Polynomial]]
Quotient = tuple[Polynomial, Polynomial]


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

    kind: str
    coordinates: Coordinates
    clock: Clock | None
    phi: tuple[Quotient, ...]
    rhs: tuple[Quotient, ...]
    given: tuple[Components, ...]
    metric: Matrix | None
    decay: Polynomial | None
    damping: Polynomial | None
    over_time: Fraction | None


@dataclass(frozen=True)
class Motion:
    """Fields with their nonzero components only.

    `kicks`: M (q grad p - p grad q) for each component p/q of phi, or each field of a certificate that lists
    them. `drift`: what moves without a loss, times `factor`: t for the damping c/t, the common denominator of
    an ODE, else 1. `lifted`: with momentum M is taken at tau theta + v, and the kicks are multiplied by this
    power of `factor`.
    """

    kicks: list[Components]
    drift: Components
    factor: Polynomial
    lifted: int = 0


def motion_of(flow: FlowDefinition) -> Motion:
    """The motion of a flow."""
    kinds = {"gradient": _gradient, "momentum": _momentum, "ode": _ode, "fields": _given}
    return kinds[flow.kind](flow, flow.coordinates)


def _gradient(flow: FlowDefinition, x: Coordinates) -> Motion:
    """theta' = - lambda theta - M J^T w, and s' = lambda s"""
    drift: Components = {}
    if rate := flow.decay:
        drift = {**decay({k: x[k] for k in range(x.own)}, rate), x.variables: rate * x[x.variables]}
    return Motion(_kicks(flow, _matrix(flow, x.own)), _nonzero(drift), x.ring.constant(1))


def _momentum(flow: FlowDefinition, x: Coordinates) -> Motion:
    """theta' = v, v' = - tau v - M(tau theta + v) J^T w, and the clock; for tau = c/t all times t = s^root"""
    d, s, one = x.own // 2, x[x.variables], x.ring.constant(1)
    rate = one * flow.over_time if flow.over_time is not None else flow.damping or x.ring.constant(0)
    tempo: Tempo[int] = Tempo.of(rate, s, flow.clock.root if flow.over_time and flow.clock else 0)
    drift = {**tempo.drift((k, d + k, x[d + k]) for k in range(d)), x.variables: tempo.ticks}
    places = {k: tempo.place(x[k], x[d + k]) for k in range(d)}
    metric, power = tempo.lifted(_matrix(flow, d), places)
    kicks = _kicks(flow, [(d + i, j, p) for i, j, p in metric])
    return Motion(kicks, _nonzero(drift), tempo.time, power)


def _ode(flow: FlowDefinition, x: Coordinates) -> Motion:
    """x' = f(x), and the clock; all times the least common denominator"""
    moves, factor = cleared(flow.rhs, x.ring.constant(1))
    drift = dict(enumerate(moves))
    if flow.clock is not None:
        n = x.variables
        drift[n] = factor * flow.clock.rate * x[n] if flow.clock.rate else factor
    return Motion([], _nonzero(drift), factor)


def _given(flow: FlowDefinition, x: Coordinates) -> Motion:
    """The fields that the certificate lists"""
    return Motion([_nonzero(field) for field in flow.given], {}, x.ring.constant(1))


def _matrix(flow: FlowDefinition, size: int) -> Matrix:
    """The nonzero entries of M."""
    one = flow.coordinates.ring.constant(1)
    return [(k, k, one) for k in range(size)] if flow.metric is None else flow.metric


def _kicks(flow: FlowDefinition, matrix: Matrix) -> list[Components]:
    """matrix (q grad p - p grad q) for each component p/q of phi"""
    columns: dict[int, list[tuple[int, Polynomial]]] = {}
    for i, j, m in matrix:
        columns.setdefault(j, []).append((i, m))
    kicks = []
    for p, q in flow.phi:
        rows: dict[int, list[Polynomial]] = {}
        for j, slope in slopes(p, q).items():
            for i, m in columns.get(j, []):
                rows.setdefault(i, []).append(m * slope)
        kicks.append(_nonzero({i: Polynomial.sum(p.ring, parts) for i, parts in rows.items()}))
    return kicks


def _nonzero(components: Components) -> Components:
    return {k: p for k, p in sorted(components.items()) if p}
