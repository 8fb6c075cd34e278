"""The kinds of flows that certificates are about, in one table: what a certificate says of a flow of each
kind, how that moves, and what it is called.

A kind is looked up where a flow is written down and where a certificate is read; from there on it is a value.
The checker and the Coq library know flows for themselves.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.ring import Ring
from polylaw.errors import BudgetError, InputError
from polylaw.flows.flow import Flow
from polylaw.flows.gradient import GradientFlow, descent
from polylaw.flows.momentum import MomentumFlow, kicked
from polylaw.flows.motion import Motion, nonzero
from polylaw.flows.ode import PolynomialODE, solved_for
from polylaw.proof.encoding import encoded, encoded_damping
from polylaw.proof.motion import FlowDefinition

T = TypeVar("T")


class FlowKind(ABC):
    """`name`: its type in certificates; `what`: its name in sentences; `trained`: whether a loss moves it."""

    name: ClassVar[str]
    what: ClassVar[str]
    trained: ClassVar[bool] = False

    @property
    def velocities(self) -> bool:
        """Whether the second half of its variables are the velocities of the first."""
        return False

    @abstractmethod
    def motion(self, flow: FlowDefinition) -> Motion:
        """How a flow that was read moves."""

    def among(self, table: Mapping[FlowKind, T], where: str) -> T:
        """What a table has for this kind; `BudgetError` where it has nothing, and `where` says what lacks."""
        if self not in table:
            known = " or ".join(kind.name for kind in table)
            raise BudgetError("certificate", f"a flow of kind {self.name}", f"one of kind {known}", where)
        return table[self]


class WrittenKind(FlowKind):
    """Of flows of this class certificates are written."""

    flow: ClassVar[type[Flow]]

    @property
    def velocities(self) -> bool:
        """As its flows have."""
        return self.flow.velocities

    @abstractmethod
    def entries(self, flow: Any, ring: Ring) -> dict[str, Any]:
        """What a certificate over a ring says of a flow, besides its type."""


class TrainedKind(WrittenKind):
    """Flows of models, moved by any loss."""

    what, trained = "training flow", True

    def entries(self, flow: Any, ring: Ring) -> dict[str, Any]:
        """The map, and the metric unless it is the identity."""
        data: dict[str, Any] = {"phi": [_fraction(f, ring) for f in flow.model.phi]}
        if not flow.metric.is_identity:
            data["metric"] = [[i, j, encoded(m)] for i, j, m in flow.metric.entries(ring)]
        return data

    @abstractmethod
    def equation(self, flow: FlowDefinition, text: Callable[[Polynomial], str]) -> str:
        """How the state moves, with J^T w and M for what a loss does, and polynomials written by `text`."""


class _Gradient(TrainedKind):
    name, flow = "gradient", GradientFlow

    def entries(self, flow: Any, ring: Ring) -> dict[str, Any]:
        rate = flow.weight_decay
        return super().entries(flow, ring) | ({"weight_decay": encoded(rate.into(ring))} if rate else {})

    def motion(self, flow: FlowDefinition) -> Motion:
        x = flow.coordinates
        rate = flow.decay or x.ring.constant(0)
        return descent(flow.loss(x.own), x.state, rate, x.variables)

    def equation(self, flow: FlowDefinition, text: Callable[[Polynomial], str]) -> str:
        rate = f" - ({text(flow.decay)}) state" if flow.decay else ""
        return f"state' = -{'' if flow.metric is None else 'M '}J^T w{rate}"


class _Momentum(TrainedKind):
    name, what, flow = "momentum", "training flow with momentum", MomentumFlow

    def entries(self, flow: Any, ring: Ring) -> dict[str, Any]:
        return super().entries(flow, ring) | encoded_damping(flow.damping, ring)

    def motion(self, flow: FlowDefinition) -> Motion:
        x = flow.coordinates
        return kicked(flow.loss(x.own // 2), x.state, flow.tempo, x.variables)

    def equation(self, flow: FlowDefinition, text: Callable[[Polynomial], str]) -> str:
        rate = f"({text(flow.damping)})" if flow.damping else f"({flow.over_time}/t)" * bool(flow.over_time)
        friction, place = (f" + {rate} state'", f"{rate} state + state'") if rate else ("", "state'")
        return f"state''{friction} = -{'' if flow.metric is None else f'M({place}) '}J^T w"


class _ODE(WrittenKind):
    name, what, flow = "ode", "ODE", PolynomialODE

    def entries(self, flow: Any, ring: Ring) -> dict[str, Any]:
        return {"rhs": [_fraction(flow.rhs[v], ring) for v in flow.ring.variables]}

    def motion(self, flow: FlowDefinition) -> Motion:
        return solved_for(flow.rhs, flow.coordinates.ring, flow.clock.rate if flow.clock else None)


class _Fields(FlowKind):
    name, what = "fields", "vector fields"

    def motion(self, flow: FlowDefinition) -> Motion:
        """The fields that the certificate lists"""
        return Motion([nonzero(field) for field in flow.given], {}, flow.coordinates.ring.constant(1))


GRADIENT, MOMENTUM, ODE, FIELDS = _Gradient(), _Momentum(), _ODE(), _Fields()
KINDS: dict[str, FlowKind] = {kind.name: kind for kind in (GRADIENT, MOMENTUM, ODE, FIELDS)}


def kind_of(data: Mapping[str, Any]) -> FlowKind:
    """The kind of the flow of a certificate; for all widths that of the flow at any of them."""
    return KINDS[data["flow"]["type"].removeprefix("shaped_")]


def encoded_flow(flow: Flow, ring: Ring) -> dict[str, Any]:
    """The entry `flow` of a certificate with the generators of `ring` as coordinates: the flow's, or more."""
    for kind in KINDS.values():
        if isinstance(kind, WrittenKind) and isinstance(flow, kind.flow):
            return {"type": kind.name, **kind.entries(flow, ring)}
    raise InputError("flow", flow, f"a flow of a kind that certificates have: {', '.join(KINDS)}")


def _fraction(f: RationalFunction, ring: Ring) -> list[Any]:
    parts = [f.numerator] if f.is_polynomial else [f.numerator, f.denominator]
    return [encoded(p.into(ring)) for p in parts]
