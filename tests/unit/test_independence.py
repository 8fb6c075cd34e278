"""Functions are independent of each other only with a proof: families that depend in hidden ways are never
called so."""

from __future__ import annotations

import pytest

import polylaw as pl
from polylaw.domains.elementary.augmented import AugmentedFlow
from polylaw.domains.elementary.independence import Independence, independence

FLOW = pl.PolynomialODE({"x": "1", "y": "y", "z": "x", "u": "2"}, ["a"])
NESTED = "sqrt(x + sqrt(y))"

INDEPENDENT = [
    ["log(x)", "log(x + 1)", "exp(y)", "atan(z)"],
    ["log(x*y)", "log(x)"],
    ["exp(x + y)", "exp(x - y)", "exp(x^2)"],
    ["sqrt(x)", "sqrt(y)", "sqrt(x + y)", "x^(1/3)"],
    ["sqrt(4*x)", "sqrt(2*x)", "sqrt(x*y)"],
    ["sin(x)", "cos(y)", "sin(x + y)", "sin(2*x)"],
    ["sin(x)", "sin(x/2)", "exp(x)"],
    ["log(1 + exp(x))", "exp(exp(x))"],
    ["abs(x)", "sqrt(x^2 + 1)", "abs(x*y)"],
    ["log(a*x)", "x^a", "sqrt(a)*y"],
    [NESTED],
    [NESTED, "sqrt(z + sqrt(x + sqrt(y)))"],
    ["sqrt(z)", NESTED, "log(sqrt(x + sqrt(y)) + 1)"],
]

#: Hidden relations: the last function is a combination of those before it, which the normal form does not
#: see.
DEPENDENT = [
    # (x + w)*(t + w)^2 under a root, t a logarithm with the first root in it: (t + w) times the first root
    [NESTED, f"log(1 + {NESTED})", f"sqrt((x + sqrt(y))*(log(1 + {NESTED}) + sqrt(y))^2)"],
    # the cube root of (x^2 - y)^2 * (1 + w)^3, and that of x^2 - y
    ["((x^2 - y)^2*(1 + sqrt(y))^3)^(1/3)", "(x^2 - y)^(1/3)"],
    # 1 + r + s = (1 + s)^2/2 for s^2 = 1 + 2*r
    [f"sqrt(1 + 2*{NESTED})", f"sqrt(1 + {NESTED} + sqrt(1 + 2*{NESTED}))"],
    [NESTED, "sqrt(x - sqrt(y))", "sqrt(x^2 - y)"],
    [NESTED, f"sqrt((x + sqrt(y))*(z + {NESTED})^2)"],
    ["(x + sqrt(y))^(1/3)", "((x + sqrt(y))*(z + (x + sqrt(y))^(1/3))^3)^(1/3)"],
    ["sqrt((x + sqrt(y))^2)", "sqrt(x^2 + 2*x*sqrt(y) + y)"],
    ["atan(x)", "atan(1/x)"],
    ["atan(x)", "atan(y)", "atan((x + y)/(1 - x*y))"],
    ["atan(x)", "atan((sqrt(x^2 + 1) - 1)/x)"],
    ["log(x + sqrt(x^2 - 1))", "log(x - sqrt(x^2 - 1))"],
    ["log(sqrt(x) + 1)", "log(sqrt(x) - 1)", "log(x - 1)"],
    ["exp(log(1 + x)*sqrt(2))", "exp(log(1 + x)*sqrt(8))"],
]


@pytest.mark.parametrize("functions", INDEPENDENT, ids=", ".join)
def test_independence_is_proved(functions: list[str]) -> None:
    found = _independence(AugmentedFlow(FLOW, functions))
    assert found.proved, found.doubt


@pytest.mark.parametrize("functions", DEPENDENT, ids=lambda functions: functions[-1])
def test_hidden_relations_are_no_independence(functions: list[str]) -> None:
    """Either the normal form has seen the relation, so that the function is no new one, or there is a
    doubt."""
    before, flow = AugmentedFlow(FLOW, functions[:-1]), AugmentedFlow(FLOW, functions)
    assert not _independence(flow).proved or len(flow.tower.functions) == len(before.tower.functions)


def _independence(flow: AugmentedFlow) -> Independence:
    return independence(flow.tower, range(len(flow.tower.functions)), pl.Budget())
