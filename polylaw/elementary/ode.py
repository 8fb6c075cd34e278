"""Ordinary differential equations whose right-hand sides have functions in them: x'' = -x/sqrt(x^2 + y^2)^3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.parse import FUNCTIONS, tokens_of
from polylaw.algebra.rationals import Coefficient, rational, rational_text
from polylaw.algebra.ring import Ring
from polylaw.elementary.parse import parse_element
from polylaw.elementary.tower import Tower
from polylaw.errors import InputError
from polylaw.flows.distribution import Distribution, Field
from polylaw.flows.flow import Flow

__all__ = ["ElementaryODE", "calls_in", "fields_of"]


class ElementaryODE(Flow):
    """The flow of x' = f(x), where f has log, exp, sqrt, atan and powers in it.

    `rhs` maps each variable to the text of its right-hand side; `parameters` are names, or a mapping from names to rational
    values.  Its laws are found by `find_laws_with`: the functions that occur join the state.  Raises `ParseError`,
    `UnknownNameError`, `InputError`.
    """

    def __init__(self, rhs: Mapping[str, str], parameters: Sequence[str] | Mapping[str, object] = (), *, name: str = "ODE") -> None:
        if not rhs:
            raise InputError("ode", "no equation", "at least one equation such as x = 'y'")
        values = {n: rational(v, f"parameter {n}") for n, v in parameters.items()} if isinstance(parameters, Mapping) else {}
        self.ring = Ring(tuple(rhs), () if values else tuple(parameters))
        self.rhs = {v: _with_values(str(text), values, f"ode.{v}") for v, text in rhs.items()}
        self.arrays: Mapping[str, tuple[int, ...]] = {}
        self.title, self.name = name, "ODE"
        self.components(Tower(self))  # errors come now

    def components(self, tower: Tower) -> dict[int, Quotient]:
        """The right-hand sides as elements of a tower over this flow, by variable; their functions are added to it."""
        return {self.ring.index(v): parse_element(tower, text, f"ode.{v}") for v, text in self.rhs.items()}

    @property
    def distribution(self) -> Distribution:
        """There is none over the polynomials: `InputError`."""
        hint = "find, count and check know functions; in Python find_laws_with and check_law"
        raise InputError("ode", "functions in the right-hand side", "polynomials or quotients here", hint)

    def _no_velocities(self, name: str) -> str:
        return f"{name} is not a variable of this ODE"


def fields_of(tower: Tower) -> list[tuple[str, Field | dict[int, Quotient]]]:
    """The fields of a tower's flow by name: polynomial ones, or the right-hand sides of an `ElementaryODE`."""
    flow = tower.flow
    if isinstance(flow, ElementaryODE):
        return [("flow", flow.components(tower))]
    return [(field.name, field) for field in flow.distribution.fields]


def calls_in(text: str) -> Iterator[str]:
    """The texts of all calls of functions, inner ones first."""
    open_calls: list[tuple[int, bool]] = []
    tokens = tokens_of(text, "ode")
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.text == "(":
            called = before is not None and before.text in FUNCTIONS
            open_calls.append((before.position if before and called else token.position, called))
        elif token.text == ")" and open_calls:
            start, called = open_calls.pop()
            if called:
                yield text[start : token.position + 1]


def _with_values(text: str, values: Mapping[str, Coefficient], argument: str) -> str:
    """The text with the values of parameters put in for their names."""
    if not values:
        return text
    tokens = tokens_of(text, argument)[:-1]
    return " ".join(f"({rational_text(values[t.text])})" if t.kind == "name" and t.text in values else t.text for t in tokens)
