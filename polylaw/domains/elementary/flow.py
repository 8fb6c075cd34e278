"""Flows whose fields have functions in them, and the fields of any flow as seen from a tower."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TypeVar

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Asked
from polylaw.algebra.rationals import content
from polylaw.algebra.ring import TIME, Ring, RootOfTime
from polylaw.budget import Budget, given_budget
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError
from polylaw.flows.distribution import Distribution, Field
from polylaw.flows.flow import Flow
from polylaw.flows.ode import PolynomialODE

#: A field over the polynomials, or the derivatives of the generators as elements of a tower.
AnyField = Field | Mapping[int, Quotient]
#: What takes the time while a flow is read.
READING = "writing down fields with functions"
_Read = TypeVar("_Read")
_Written = list[tuple[Tower, Asked[Quotient]]]


class ElementaryFlow(Flow, ABC):
    """A flow whose fields are elements of a tower.  Its laws are found by `find_laws_with`: the functions
    that occur join the state.  Two are equal if their fields are, over the same variables, and if they are
    defined under the same conditions, as these were written."""

    @abstractmethod
    def fields(self, tower: Tower, budget: Budget) -> list[tuple[str, Mapping[int, Quotient]]]:
        """The fields by name, as components over a tower of this flow, to which their functions are added.
        `BudgetError` when time is over."""

    def timed(self) -> ElementaryFlow:
        """The same with time among the variables, if that is an ODE without it."""
        return self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ElementaryFlow):
            return NotImplemented
        if (type(self), self.ring, self.name) != (type(other), other.ring, other.name):
            return False
        (fields, conditions), (others, demands) = self._written, other._written

        def same(a: tuple[Tower, Asked[Quotient]], b: tuple[Tower, Asked[Quotient]]) -> bool:
            (left, x), (right, y) = a, b
            return x.positive is y.positive and are_equal(self.ring, (left, x.value), (right, y.value))

        def within(some: _Written, all_of: _Written) -> bool:
            return all(any(same(a, b) for b in all_of) for a in some)

        equal = len(fields) == len(others) and all(map(same, fields, others))
        return equal and within(conditions, demands) and within(demands, conditions)

    def __hash__(self) -> int:
        return hash((type(self), self.ring))

    @cached_property
    def _written(self) -> tuple[_Written, _Written]:
        """The components of the fields, and what their text asks up to positive numbers, with their tower."""
        tower = settled(self, lambda tower: tower)
        fields = [components for _, components in fields_of(tower) if isinstance(components, Mapping)]
        own = [Asked(fs.get(g, tower.constant(0))) for fs in fields for g in range(tower.first)]
        asked = [
            Asked(Quotient(*(p / content(p.terms.values()) for p in value)), positive)
            for value, positive in tower.asked[: tower.asked_by_fields]
        ]
        return [(tower, each) for each in own], [(tower, each) for each in asked]

    @cached_property
    def distribution(self) -> Distribution:
        """There is none over the polynomials: `InputError`."""
        hint = "find, count and check know functions; in Python find_laws_with and check_law"
        raise InputError("flow", "functions such as sqrt in it", "polynomials or quotients here", hint)


def fields_of(tower: Tower, budget: Budget | None = None) -> list[tuple[str, AnyField]]:
    """The fields of a tower's flow by name: polynomial ones, or those of an `ElementaryFlow`, which are read
    once, within a budget: functions added later could give them another form."""
    flow = tower.flow  # nothing else was read before
    if not isinstance(flow, ElementaryFlow):
        return [(field.name, field) for field in flow.distribution.fields]
    if tower.fields is None:
        tower.fields = flow.fields(tower, given_budget(budget))
        tower.asked_by_fields = len(tower.asked)
    return [*tower.fields]


def timed(flow: Flow) -> Flow:
    """The flow with time among its generators, if it is an ODE without time; else the same."""
    if isinstance(flow, ElementaryFlow):
        return flow.timed()
    if not isinstance(flow, PolynomialODE) or TIME in flow.ring or isinstance(flow.ring.clock, RootOfTime):
        return flow
    return PolynomialODE(flow.rhs, flow.values or flow.ring.parameters, time=TIME, name=flow.title)


def settled(flow: Flow, read: Callable[[Tower], _Read], budget: Budget | None = None) -> _Read:
    """What `read` makes of a tower over the flow in which all parts of an angle are multiples of one: sin(x)
    beside sin(x/2) is 2*sin(x/2)*cos(x/2).

    The fields of the flow are read first, so that their normal form does not depend on what else is read;
    what is under roots in them is positive, so |x| beside sqrt(x) is x.  `BudgetError` when time is over.
    """

    def made(tower: Tower) -> _Read:
        if isinstance(flow, ElementaryFlow):
            fields_of(tower, budget)
        return read(tower)

    tower = Tower(flow)
    found = made(tower)
    facts = tower.signs_of_fields()
    if not facts and all(part == 1 for part in tower.parts.values()):
        return found
    return made(Tower(flow, tower.parts, facts))


def are_equal(ring: Ring, left: tuple[Tower, Quotient], right: tuple[Tower, Quotient]) -> bool:
    """Whether elements of two towers over flows with this ring differ by 0, brought into one tower over the
    ring alone: a flow could tell that |x| is x for one of the two."""
    bare = Flow()
    bare.ring = ring

    def differ(tower: Tower) -> bool:
        a, b = (tower.translated(*element) for element in (left, right))
        return tower.is_zero((a - b).above)

    return settled(bare, differ)
