"""How a model moves, as a file or a command line says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import nearest
from polylaw.errors import InputError, UnknownNameError
from polylaw.flows import KINDS
from polylaw.flows.flow import Flow
from polylaw.models import Model
from polylaw.readers.tables import Table


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

        Another kind of flow of a model takes back what `other` says of its own kind alone, such as the
        damping of a momentum flow.
        """
        here, there = KINDS.get(self.kind or ""), KINDS.get(other.kind_or_default)
        if here and there and here is not there and here.of_model and there.of_model:
            shared = {option: getattr(other, option) for option in here.options if option in there.options}
            other = FlowOptions(**shared)
        return replace(other, **self.said([f.name for f in fields(self)]))

    def said(self, options: Iterable[str]) -> dict[str, Any]:
        """Those of these options that are said."""
        return {name: value for name in options if (value := getattr(self, name)) is not None}

    def only(self, kind: str, options: Iterable[str]) -> dict[str, Any]:
        """What is said, besides the kind, of a flow of this kind, which has these options alone."""
        others = [f.name for f in fields(self) if f.name not in ("kind", *options)]
        for option, value in self.said(others).items():
            expected = f"no {option} for a flow of kind {kind}"
            raise InputError(option, value, expected, "leave it out or change the kind of flow")
        return self.said(options)


def flow_of(model: Model, options: FlowOptions) -> Flow:
    """The flow of a model; options of another kind are errors.  A damping alone means momentum."""
    name = options.kind_or_default
    if name not in KINDS:
        raise UnknownNameError("flow", name, f"one of {', '.join(KINDS)}", nearest(name, KINDS))
    kind = KINDS[name]
    if not kind.of_model:
        expected = " or ".join(other for other, kind in KINDS.items() if kind.of_model)
        hint = "an ODE comes from a file with an [ode] table"
        raise InputError("flow", name, f"{expected} for a model", hint)
    flow: Flow = kind.load()(model, **options.only(name, kind.options))
    return flow
