"""What moves: gradient flows, momentum flows, polynomial ODEs; each yields a `Distribution`."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple


class FlowName(NamedTuple):
    """Where a class of flows is defined, which is read on first use, and the options that files and the
    command line have for it.  Those `of_model` take a model and the options that are said, by name."""

    home: str
    public: str
    options: tuple[str, ...]
    of_model: bool = True

    def load(self) -> Any:
        """The class."""
        return getattr(import_module(self.home), self.public)


#: The kinds of flows by the names that files and the command line have for them.
KINDS = {
    "gradient": FlowName("polylaw.flows.gradient", "GradientFlow", ("metric", "weight_decay")),
    "momentum": FlowName("polylaw.flows.momentum", "MomentumFlow", ("damping", "metric")),
    "ode": FlowName("polylaw.flows.ode", "PolynomialODE", ("time",), of_model=False),
}
