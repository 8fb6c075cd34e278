"""Constraints as text: `x^2 + y^2 = 1`, and between matrices `U1' U1 = U2 U2'`, `U'*U = 1`, `tr(U' U) = 1`,
`dU = 0`.

    equation = sum ["=" sum]

Without "=", the sum is put to 0; sums are as in `polylaw.domains.geometry.matrices`.  Beside a matrix a
number c means c times the identity, and 0 a matrix of zeros.  Two names stand for whole sets of equations:
`balanced`, every law of degree 2 is 0, and `at rest`, every velocity is 0.  Nothing is ever evaluated as
code; work is bounded as for laws.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.sympy_bridge import difference
from polylaw.budget import Budget
from polylaw.domains.geometry.matrices import matrix_of, mentions_arrays
from polylaw.errors import BudgetError, InputError, ParseError
from polylaw.flows.flow import Flow
from polylaw.laws.search import find_laws

BALANCED, AT_REST = "balanced", "at rest"
_ARGUMENT = "on"
_LONGEST = 100_000
_MOST_EQUATIONS = 2_000


def equations_of(flow: Flow, text: Any, *, budget: Budget | None = None) -> tuple[Polynomial, ...]:
    """The distinct nonzero polynomials that a constraint puts to 0, primitive, entries of a matrix row by
    row; a constraint may also be a polynomial, or an equation or expression of sympy.

    Raises `ParseError`, `UnknownNameError`, `InputError` for shapes that do not fit and for a constraint that
    holds everywhere, and `BudgetError` when all laws of degree 2 were not found within the budget.
    """
    if isinstance(text, Polynomial):
        found = [flow.polynomial(text, _ARGUMENT)]
    elif type(text).__module__.partition(".")[0] == "sympy":
        found = [flow.polynomial(difference(text), _ARGUMENT)]
    elif not isinstance(text, str):
        raise InputError(_ARGUMENT, text, "an equation as text", "for example 'x^2 + y^2 = 1'")
    elif text.strip() == BALANCED:
        found = _balanced(flow, budget or Budget())
    elif text.strip() == AT_REST:
        found = _at_rest(flow)
    else:
        found = _written(flow, text)
    distinct = tuple(dict.fromkeys(p.primitive() for p in found if p))
    if not distinct:
        raise InputError(_ARGUMENT, text, "a constraint", "this one holds everywhere")
    if (many := len(distinct)) > _MOST_EQUATIONS:
        expected = f"at most {_MOST_EQUATIONS}"
        raise InputError(_ARGUMENT, f"{many} equations", expected, "take a smaller model")
    return distinct


def _balanced(flow: Flow, budget: Budget) -> list[Polynomial]:
    found = find_laws(flow, 2, budget=budget)
    if not found.complete:
        raise BudgetError(BALANCED, str(found.ansatz), "all laws of degree 2", found.undecided)
    laws = [h for h in found.generators if h.degree == 2]
    if not laws:
        raise InputError(_ARGUMENT, BALANCED, "a flow that has laws of degree 2", "this one has none")
    return laws


def _at_rest(flow: Flow) -> list[Polynomial]:
    names = [name for name in flow.ring.variables if name.startswith("d") and name[1:] in flow.ring]
    if not names:
        raise InputError(_ARGUMENT, AT_REST, "a flow with velocities", "use --flow momentum")
    return [flow.ring.generator(name) for name in names]


def _written(flow: Flow, text: str) -> list[Polynomial]:
    sides = text.split("=")
    if len(sides) > 2 or len(text) > _LONGEST:
        expected = f"one equation of at most {_LONGEST} characters"
        raise ParseError(_ARGUMENT, text, expected, "give the option once for each equation")
    if not mentions_arrays(flow, text):
        left, *right = (flow.parse(side, _ARGUMENT) for side in sides)
        return [left - right[0] if right else left]
    return list(chain(*matrix_of(flow, text, _ARGUMENT, equation=True)[0]))
