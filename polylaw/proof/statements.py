"""What a checked certificate says, as values: one statement for each claim, about a system.

Titles, notes and names of matrices are the author's, and nothing here depends on them.  Whatever tells a
reader about a certificate (command line, appendix, Coq file, bundle) renders these values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, TypeVar

from polylaw.algebra.polynomial import Polynomial
from polylaw.flows.motion import Ratio
from polylaw.proof.forms import Form
from polylaw.proof.system import Condition, FunctionOf, Law

T = TypeVar("T")


@dataclass(frozen=True)
class Point:
    """Values of coordinates, and the prime modulo which something was computed there."""

    values: tuple[Fraction, ...]
    prime: int


class Statement:
    """What a claim says; kinds of claims are in the order in which a theorem states them."""

    kind: ClassVar[str]


@dataclass(frozen=True)
class Conserved(Statement):
    """Every law is constant along every solution, for all controls, and all values of the parameters."""

    kind = "conserved"
    laws: tuple[Law, ...]


@dataclass(frozen=True)
class ConservedForAllWidths(Statement):
    """The expressions with these numbers are constant along every solution, whatever the widths."""

    kind = "conserved_for_all_widths"
    laws: tuple[int, ...]


@dataclass(frozen=True)
class ConservedWhere(Statement):
    """Every law is constant along every piece of a solution on which the conditions hold: then the law and
    the `functions` in it and in the flow are smooth; for all controls and values of the parameters there."""

    kind = "conserved_where"
    laws: tuple[Law, ...]
    functions: tuple[FunctionOf, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Kept(Statement):
    """The derivative of the polynomial along each field of the system is its multiple by a cofactor, in
    coordinates and in functions of the flow and of parameters: along every solution it is 0 always or never,
    where the `conditions` hold, under which these functions are smooth."""

    kind = "kept"
    polynomial: Polynomial
    cofactors: tuple[Ratio, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Crossed(Statement):
    """The polynomial is 0 at a point, and its derivative along a field is not: some solution through it
    changes its sign."""

    kind = "crossed"
    polynomial: Polynomial
    field: int
    point: tuple[Fraction, ...]


@dataclass(frozen=True)
class Jumps(Statement):
    """Law = factor function + rest, where the function is the arc tangent of p/(polynomial s): where the
    polynomial changes its sign along a solution, `beside`, which are p, s and the denominator of the law, are
    not 0 and the other functions in the law are smooth, the law changes by pi factor or -pi factor, which is
    conserved."""

    kind = "jumps"
    law: Law
    function: FunctionOf
    polynomial: Polynomial
    beside: tuple[Polynomial, ...]
    factor: Ratio


@dataclass(frozen=True)
class Independent(Statement):
    """The gradients of the polynomials are independent at the point, so at generic points and parameters."""

    kind = "independent"
    laws: tuple[Law, ...]
    conserved: bool
    point: Point


@dataclass(frozen=True)
class Complete(Statement):
    """For generic values of the parameters the laws of a form, constants apart, have this dimension, and
    products of the given laws span them; without `products` these laws do, which are all of the form.  Ranks
    are taken at `values`."""

    kind = "complete"
    laws: tuple[Law, ...]
    form: Form
    dimension: int
    products: bool
    values: Point


@dataclass(frozen=True)
class AtMost(Statement):
    """No more than `bound` laws of any kind are independent at any point: the `elements`, which are fields
    and then brackets, have rank `rank` at the point.  `reached` is how many are shown independent, and by
    which statement, where fewer."""

    kind = "max_laws"
    bound: int
    rank: int
    elements: tuple[int, ...]
    brackets: tuple[tuple[int, int], ...]
    point: Point
    reached: tuple[int, int] | None


@dataclass(frozen=True)
class Exactly(Statement):
    """As many laws are independent: these, conserved and independent by statement number `lower`, and no more
    by `upper`."""

    kind = "exactly"
    laws: tuple[Law, ...]
    lower: int | None
    upper: int


@dataclass(frozen=True)
class NotConserved(Statement):
    """The derivative of a polynomial along a field has this nonzero value at the point."""

    kind = "not_conserved"
    law: Law
    field: int
    point: Point
    value: Fraction


ORDER = tuple(statement.kind for statement in Statement.__subclasses__())
#: Those about laws with functions in them.
ABOUT_DOMAINS = (ConservedWhere, Kept, Crossed, Jumps)


def chained(items: Iterable[T], follows: Callable[[T, T], bool]) -> list[list[T]]:
    """The items in order, those together of which each follows the one before: h1 to h4, h8."""
    groups: list[list[T]] = []
    for item in items:
        if groups and follows(groups[-1][-1], item):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def rendered(writer: Any, statement: Statement) -> Any:
    """What the writer's method for statements of this kind makes of it."""
    return getattr(writer, f"_{statement.kind}")(statement)
