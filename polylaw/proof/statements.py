"""What a checked certificate says, as values: one statement for each claim, about a system.

Titles, notes and names of matrices are the author's, and nothing here depends on them.  Whatever tells a
reader about a certificate (command line, appendix, Coq file, bundle) renders these values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from polylaw.algebra.polynomial import Polynomial
from polylaw.proof.forms import Form
from polylaw.proof.motion import Quotient
from polylaw.proof.system import Condition, FunctionOf, Law

T = TypeVar("T")


@dataclass(frozen=True)
class Point:
    """Values of coordinates, and the prime modulo which something was computed there."""

    values: tuple[Fraction, ...]
    prime: int


@dataclass(frozen=True)
class Conserved:
    """Every law is constant along every solution, for all controls, and all values of the parameters."""

    laws: tuple[Law, ...]


@dataclass(frozen=True)
class ConservedForAllWidths:
    """The expressions with these numbers are constant along every solution, whatever the widths."""

    laws: tuple[int, ...]


@dataclass(frozen=True)
class Independent:
    """The gradients of the polynomials are independent at the point, so at generic points, for generic
    parameters."""

    laws: tuple[Law, ...]
    conserved: bool
    point: Point


@dataclass(frozen=True)
class Complete:
    """For generic values of the parameters the laws of a form, constants apart, have this dimension, and
    products of the given laws span them; without `products` these laws do, which are all of the form.  Ranks
    are taken at `values`."""

    laws: tuple[Law, ...]
    form: Form
    dimension: int
    products: bool
    values: Point


@dataclass(frozen=True)
class AtMost:
    """No more than `bound` laws of any kind are independent at any point: the `elements`, which are fields
    and then brackets, have rank `rank` at the point.  `reached` is how many are shown independent, and by
    which statement, where fewer."""

    bound: int
    rank: int
    elements: tuple[int, ...]
    brackets: tuple[tuple[int, int], ...]
    point: Point
    reached: tuple[int, int] | None


@dataclass(frozen=True)
class Exactly:
    """As many laws are independent: these, conserved and independent by statement number `lower`, and no more
    by `upper`."""

    laws: tuple[Law, ...]
    lower: int | None
    upper: int


@dataclass(frozen=True)
class NotConserved:
    """The derivative of a polynomial along a field has this nonzero value at the point."""

    law: Law
    field: int
    point: Point
    value: Fraction


@dataclass(frozen=True)
class ConservedWhere:
    """Every law is constant along every piece of a solution on which the conditions hold, which are those
    under which the law and the `functions` in it and in the flow are smooth; for all controls and all values
    of the parameters there."""

    laws: tuple[Law, ...]
    functions: tuple[FunctionOf, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Kept:
    """The derivative of the polynomial along each field of the system is its multiple by a cofactor, in
    coordinates and in functions of the flow and of parameters: along every solution it is 0 always or never,
    where the `conditions` hold, under which these functions are smooth."""

    polynomial: Polynomial
    cofactors: tuple[Quotient, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Crossed:
    """The polynomial is 0 at a point, and its derivative along a field is not: some solution through it
    changes its sign."""

    polynomial: Polynomial
    field: int
    point: tuple[Fraction, ...]


@dataclass(frozen=True)
class Jumps:
    """Law = factor function + rest, where the function is the arc tangent of p/(polynomial s): where the
    polynomial changes its sign along a solution, `beside`, which are p, s and the denominator of the law, are
    not 0 and the other functions in the law are smooth, the law changes by pi factor or -pi factor, which is
    conserved."""

    law: Law
    function: FunctionOf
    polynomial: Polynomial
    beside: tuple[Polynomial, ...]
    factor: Quotient


Statement = (
    Conserved
    | ConservedForAllWidths
    | ConservedWhere
    | Kept
    | Crossed
    | Jumps
    | Independent
    | Complete
    | AtMost
    | Exactly
    | NotConserved
)
#: In this order a theorem states them.
KINDS: dict[type[Statement], str] = {
    Conserved: "conserved",
    ConservedForAllWidths: "conserved_for_all_widths",
    ConservedWhere: "conserved_where",
    Kept: "kept",
    Crossed: "crossed",
    Jumps: "jumps",
    Independent: "independent",
    Complete: "complete",
    AtMost: "max_laws",
    Exactly: "exactly",
    NotConserved: "not_conserved",
}
ORDER = tuple(KINDS.values())
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
    return getattr(writer, f"_{KINDS[type(statement)]}")(statement)
