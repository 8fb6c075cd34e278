"""Is this claimed law true?  Proved, refuted with a witness, or undecided with the bound that was hit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.sympy_bridge import difference
from polylaw.budget import Budget, given_budget
from polylaw.domains.elementary.check import check_expression
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import ElementaryFlow, settled
from polylaw.domains.elementary.parse import expression_of, looks_elementary
from polylaw.domains.geometry.check import check_law_on
from polylaw.domains.geometry.matrix_claims import check_entries, matrix_claim
from polylaw.domains.geometry.matrix_values import MatrixClaim
from polylaw.domains.geometry.variety import Variety
from polylaw.domains.polynomials import check_polynomial
from polylaw.domains.shaped.check import check_words
from polylaw.domains.verdict import Verdict
from polylaw.errors import InputError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.flows.shaped import ShapedFlow
from polylaw.verbs.find import is_given


def check_law(
    flow: Flow | ShapedFlow, law: Any, *, on: Sequence[Any] | str | Variety = (), budget: Budget | None = None
) -> Verdict:
    """Whether `law` (text, `Polynomial`, `Expression` or from sympy) is conserved by every field. Exact.

    A law may be a matrix in the arrays of a model, as `find` names them, such as `U1' U1 - U2 U2'`: then each
    of its entries is checked (`polylaw.domains.geometry.matrix_claims`).  It may have quotients, log, exp,
    sqrt, atan, powers and the time of an ODE in it (`polylaw.domains.elementary.check`).  `on`: constraints
    that describe an invariant set, or a `Variety`; then whether it is conserved there
    (`polylaw.domains.geometry.check`).  Of a `ShapedFlow`: whether a word is conserved whatever the widths
    (`polylaw.domains.shaped.check`).
    """
    if isinstance(flow, ShapedFlow):
        if is_given(on):
            raise InputError("on", on, "no set beside a shaped flow", "leave it out")
        return check_words(flow, law, budget=budget)
    checked_flow(flow)
    budget = given_budget(budget)
    with budget.working():
        law = matrix_claim(flow, law)
        if isinstance(law, MatrixClaim):
            return check_entries(law, lambda h: check_law(flow, h, on=on, budget=budget))
        if is_given(on):
            return check_law_on(flow, law, on, budget=budget)
        claim = claim_of(flow, law, budget)
        if not isinstance(claim, Polynomial):
            return check_expression(claim, budget)
        return check_polynomial(flow, claim, budget)


def claim_of(flow: Flow, law: Any, budget: Budget | None = None) -> Polynomial | Expression:
    """The claim as a polynomial of the flow if it is one, else as an expression; of an equation, the
    difference of its sides.  `BudgetError` when time is over."""
    law = difference(law)
    if isinstance(flow, ElementaryFlow):
        return law if isinstance(law, Expression) else _elementary(flow, law, budget)
    if isinstance(law, Expression):
        return law if law.polynomial is None else law.polynomial
    try:
        return flow.polynomial(law)
    except InputError:
        text = law if isinstance(law, str) else _sympy_text(law)
        if text is None or not looks_elementary(text, flow):
            raise
        expression = _elementary(flow, text, budget)
    polynomial = expression.polynomial
    return expression if polynomial is None or polynomial.ring != flow.ring else polynomial


def _elementary(flow: Flow, law: Any, budget: Budget | None) -> Expression:
    text = law if isinstance(law, str) else _sympy_text(law)
    if text is not None:
        return expression_of(flow, text, budget=budget)
    h = flow.polynomial(law)
    return settled(flow, lambda tower: Expression.of(tower, tower.element(h)), budget)


def _sympy_text(law: Any) -> str | None:
    """The text of a sympy expression, which is in our grammar or is refused there; None for anything else."""
    return str(law) if type(law).__module__.partition(".")[0] == "sympy" else None
