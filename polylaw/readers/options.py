"""How a model moves, as a file or a command line says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import nearest
from polylaw.errors import InputError, UnknownNameError
from polylaw.flows.flow import Flow
from polylaw.flows.gradient import GradientFlow
from polylaw.flows.momentum import MomentumFlow
from polylaw.models import Model
from polylaw.readers.tables import Table

_KINDS = ("gradient", "momentum", "ode")
_Model = TypeVar("_Model")
_Flow = TypeVar("_Flow")


@dataclass(frozen=True)
class FlowOptions:
    """How a model moves.  None means: not said."""

    kind: str | None = None
    damping: Any = None
    metric: Any = None
    weight_decay: Any = None
    time: str | None = None

    @staticmethod
    def of(table: Table) -> FlowOptions:
        """What the table [flow] says."""
        table.only([f.name for f in fields(FlowOptions)])
        for key in ("kind", "time"):
            table.text(key, "")
        for key in ("damping", "weight_decay"):
            if not isinstance(table.get(key, ""), str):
                rational(table.get(key), table.place(key))
        return FlowOptions(**table.entries)

    @property
    def kind_or_default(self) -> str:
        """The kind of flow of a model: a damping alone means momentum."""
        return self.kind if self.kind is not None else "gradient" if self.damping is None else "momentum"

    def over(self, other: FlowOptions) -> FlowOptions:
        """These options, and those of `other` where nothing is said here.

        Another kind of flow takes back what `other` says of its own kind, such as the damping of a momentum
        flow.
        """
        if {self.kind, other.kind_or_default} == {"gradient", "momentum"}:
            other = FlowOptions(metric=other.metric)
        return replace(other, **{f.name: v for f in fields(self) if (v := getattr(self, f.name)) is not None})

    def without(self, kind: str, *options: str) -> None:
        """None of these options is said of a flow of this kind."""
        for option in options:
            if (value := getattr(self, option)) is not None:
                expected = f"no {option} for a flow of kind {kind}"
                raise InputError(option, value, expected, "leave it out or change the kind of flow")

    def flow(self, model: _Model, gradient: Callable[..., _Flow], momentum: Callable[..., _Flow]) -> _Flow:
        """The flow that one of two builders makes of a model; options of another kind are errors."""
        if self.kind_or_default == "gradient":
            self.without("gradient", "time", "damping")
            return gradient(model, self.metric, weight_decay=_or_zero(self.weight_decay))
        self.without("momentum", "time", "weight_decay")
        return momentum(model, _or_zero(self.damping), self.metric)


def _or_zero(value: Any) -> Any:
    return 0 if value is None else value


def flow_of(model: Model, options: FlowOptions) -> Flow:
    """The flow of a model; options of another kind are errors.  A damping alone means momentum."""
    kind = options.kind_or_default
    if kind not in _KINDS:
        raise UnknownNameError("flow", kind, f"one of {', '.join(_KINDS)}", nearest(kind, _KINDS))
    if kind == "ode":
        hint = "an ODE comes from a file with an [ode] table"
        raise InputError("flow", "ode", "gradient or momentum for a model", hint)
    return options.flow(model, GradientFlow, MomentumFlow)
