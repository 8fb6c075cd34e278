"""Ordinary differential equations with functions on the right-hand side: x'' = -x/sqrt(x^2 + y^2)^3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.algebra.ring import TIME, Ring
from polylaw.budget import Budget
from polylaw.domains.elementary.flow import READING, ElementaryFlow, settled
from polylaw.domains.elementary.parse import parse_element
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError


class ElementaryODE(ElementaryFlow):
    """The flow of x' = f(x), where f has functions and powers of every kind in it (`..parse`).

    `rhs` maps each variable to the text of its right-hand side; `parameters` are names, or a mapping from
    names to rational values.  With `time`, t is one more variable with t' = 1.  Raises `ParseError`,
    `UnknownNameError`, `InputError`, `BudgetError`.
    """

    def __init__(
        self,
        rhs: Mapping[str, str],
        parameters: Sequence[str] | Mapping[str, object] = (),
        *,
        time: bool = False,
        name: str = "ODE",
        budget: Budget | None = None,
    ) -> None:
        if not rhs:
            raise InputError("ode", "no equation", "at least one equation such as x = 'y'")
        given = parameters if isinstance(parameters, Mapping) else {}
        self.values: dict[str, Coefficient] = {n: rational(v, f"parameter {n}") for n, v in given.items()}
        self.rhs = {v: str(text) for v, text in rhs.items()} | ({TIME: "1"} if time else {})
        Ring(tuple(self.rhs), tuple(self.values) or tuple(parameters))  # names that clash are errors
        self.ring = Ring(tuple(self.rhs), () if given else tuple(parameters))
        self.title, self.name = name, "ODE, time as t" if time else "ODE"
        settled(self, lambda tower: tower, budget)  # errors come now

    def timed(self) -> ElementaryODE:
        """The same with time among the variables."""
        if TIME in self.ring:
            return self
        return ElementaryODE(self.rhs, self.values or self.ring.parameters, time=True, name=self.title)

    def fields(self, tower: Tower, budget: Budget) -> list[tuple[str, Mapping[int, Quotient]]]:
        """The one field of the right-hand sides."""
        read = ((v, parse_element(tower, text, f"ode.{v}")) for v, text in self.rhs.items())
        return [("flow", {self.ring.index(v): component for v, component in budget.each(READING, read)})]

    def _no_velocities(self, name: str) -> str:
        return f"{name} is not a variable of this ODE"
