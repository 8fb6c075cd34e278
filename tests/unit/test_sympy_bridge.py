"""The sympy bridge: what crosses, what is refused, and that text is never evaluated."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import sympy

import polylaw as pl
from polylaw.algebra.ring import Exponential, Ring, RootOfTime
from polylaw.algebra.sympy_bridge import from_sympy, rational_from_sympy, to_sympy
from polylaw.errors import InexactError, InputError, PolylawError, UnknownNameError
from tests.helpers import at_most_calls

RATES = Ring(("tau", "g"))
PLAIN = Ring(("x", "y"), ("a",))
EXPONENTIAL = Ring(("x", "y"), ("tau", "g"), Exponential(RATES.generator("tau") / 2 + RATES.generator("g")))
ROOT = Ring(("x", "y"), clock=RootOfTime(2))
SIMPLE = Ring(("x",), (), Exponential(RATES.constant(1).into(Ring(()))))

x, y, a, t, tau, g = sympy.symbols("x y a t tau g")
half = sympy.Rational(1, 2)

BOTH_WAYS = [
    (PLAIN, "0", sympy.Integer(0)),
    (PLAIN, "3/2*x^2*y - a + 1", 3 * half * x**2 * y - a + 1),
    (EXPONENTIAL, "exp((tau + 2*g)*t)*x", sympy.exp(2 * (tau / 2 + g) * t) * x),
    (ROOT, "t^(3/2)*x + t^2 + t^(1/2)", t ** (3 * half) * x + t**2 + sympy.sqrt(t)),
    (SIMPLE, "exp(3*t)*x + exp(t)", sympy.exp(3 * t) * x + sympy.exp(t)),
]


@pytest.mark.parametrize(("ring", "text", "expression"), BOTH_WAYS)
def test_both_ways(ring: Ring, text: str, expression: sympy.Expr) -> None:
    polynomial = ring.parse(text)
    assert sympy.expand(to_sympy(polynomial) - expression) == 0
    assert from_sympy(ring, expression) == polynomial


ACCEPTED = [
    (PLAIN, 3, "3"),
    (PLAIN, (x + y) ** 2, "x^2 + 2*x*y + y^2"),
    (PLAIN, sympy.Poly(x**2 + a * y, x), "x^2 + a*y"),
    (PLAIN, sympy.Symbol("x", positive=True), "x"),
    (PLAIN, 1 / x, "(1)/(x)"),
    (PLAIN, (x**2 - y**2) / (x - y) ** 2, "(x + y)/(x - y)"),
    (EXPONENTIAL, sympy.exp(tau * t) * sympy.exp(2 * g * t), "exp((tau + 2*g)*t)"),
    (EXPONENTIAL, sympy.exp(-(tau / 2 + g) * t) * x, "(x)/(exp((1/2*tau + g)*t))"),
    (ROOT, x / sympy.sqrt(t), "(x)/(t^(1/2))"),
    (SIMPLE, sympy.Pow(sympy.E, 2 * t, evaluate=False), "exp(2*t)"),
    (SIMPLE, sympy.exp(t).subs(t, 0) + x, "x + 1"),
]


@pytest.mark.parametrize(("ring", "expression", "expected"), ACCEPTED)
def test_accepted(ring: Ring, expression: Any, expected: str) -> None:
    assert str(rational_from_sympy(ring, expression)) == expected


REFUSED = [
    (PLAIN, "x + 1", InputError, "read text with `ring.parse`"),
    (PLAIN, "__import__('os').abort()", InputError, "read text with `ring.parse`"),
    (PLAIN, 0.5, InexactError, "1/2"),
    (PLAIN, x + 0.5, InexactError, "found 0.5"),
    (PLAIN, x * sympy.Float("inf"), PolylawError, "found oo"),
    (PLAIN, x**2.0, InputError, "found x**2.0"),
    (PLAIN, sympy.sin(x) * y, InputError, "found sin(x)"),
    (PLAIN, sympy.sqrt(x) + 1, InputError, "found sqrt(x)"),
    (PLAIN, 1 + x**y, InputError, "found x**y"),
    (PLAIN, 2**x, InputError, "found 2**x"),
    (PLAIN, sympy.I * x, InputError, "found I"),
    (PLAIN, sympy.pi + x, InputError, "found pi"),
    (PLAIN, sympy.E * x, InputError, "found E"),
    (PLAIN, sympy.nan, InputError, "found nan"),
    (PLAIN, sympy.zoo, InputError, "found zoo"),
    (PLAIN, sympy.Eq(x, y), InputError, "found Eq(x, y)"),
    (PLAIN, sympy.true, InputError, "found True"),
    (PLAIN, sympy.Matrix([x]), InputError, "found Matrix"),
    (PLAIN, sympy.Function("f")(x), InputError, "found f(x)"),
    (PLAIN, None, InputError, "found None"),
    (PLAIN, sympy.Symbol("aa"), UnknownNameError, "did you mean 'a'?"),
    (PLAIN, sympy.Symbol("q\n" * 9999), UnknownNameError, "known: x, y, a"),
    (PLAIN, sympy.exp(x), InputError, "no exponential clock"),
    (PLAIN, x**2000, InputError, "degree"),
    (PLAIN, (x + y + a) ** 900, InputError, "terms"),
    (PLAIN, sympy.Integer(10) ** 5000, InputError, "bits in a number"),
    (PLAIN, sympy.Pow(x - x, -1, evaluate=False), InputError, "division by zero"),
    (EXPONENTIAL, sympy.exp(x), UnknownNameError, "found 'x'"),
    (EXPONENTIAL, sympy.exp(tau * t), InputError, "a power of exp((1/2*tau + g)*t)"),
    (EXPONENTIAL, t, InputError, "time as exp"),
    (SIMPLE, sympy.exp(2 * t + 1), InputError, "a power of exp(t)"),
    (ROOT, t ** sympy.Rational(1, 3), InputError, "a power of t^(1/2)"),
]


@pytest.mark.parametrize(("ring", "expression", "error", "fragment"), REFUSED, ids=range(len(REFUSED)))
def test_refused(ring: Ring, expression: Any, error: type[PolylawError], fragment: str) -> None:
    with pytest.raises(error) as caught:
        rational_from_sympy(ring, expression, "rhs")
    message = str(caught.value)
    assert message.startswith("rhs: ")
    assert fragment in message
    assert message.isprintable()
    assert len(message) < 400


def repeated(depth: int) -> sympy.Expr:
    """A tree of 2^depth leaves held in a few nodes per level; sympy itself could not print it."""
    tree = x
    for _ in range(depth):
        tree = sympy.Add(
            sympy.Mul(x, tree + 1, evaluate=False), sympy.Mul(y, tree + 2, evaluate=False), evaluate=False
        )
    return tree


def test_repeated_subtrees_are_read_once() -> None:
    expected = PLAIN.generator("x")
    for _ in range(20):
        expected = PLAIN.generator("x") * (expected + 1) + PLAIN.generator("y") * (expected + 2)
    with at_most_calls(4_000_000):
        assert from_sympy(PLAIN, repeated(20)) == expected
        with pytest.raises(InputError, match="nested operations"):
            from_sympy(PLAIN, repeated(60))
        with pytest.raises(InputError, match=r"found 'f\(\.\.\.\)'"):
            from_sympy(PLAIN, sympy.Function("f")(repeated(60)))


def test_from_sympy_refuses_denominators() -> None:
    with pytest.raises(InputError, match="divide only by numbers; the denominator here is y"):
        from_sympy(PLAIN, x / y)


def test_sympy_is_imported_only_when_called() -> None:
    code = "import sys, polylaw.algebra.sympy_bridge; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_equations_of_sympy() -> None:
    t = sympy.Symbol("t")
    x, y = sympy.Function("x")(t), sympy.Function("y")(t)
    flow = pl.PolynomialODE([sympy.Eq(x.diff(t), y), sympy.Eq(y.diff(t), -x * y)])
    assert {v: str(f) for v, f in flow.rhs.items()} == {"x": "y", "y": "-x*y"}
    a, b = sympy.symbols("x y")
    assert isinstance(pl.check_law(flow, sympy.Eq(a**2, 5 - 2 * b)), pl.Proved)  # the difference of its sides
    assert isinstance(pl.check_law(flow, sympy.Eq(a**2, 5 - b)), pl.Refuted)
    for wrong in (
        [sympy.Eq(x, y)],
        [sympy.Eq(x.diff(t, 2), y)],
        [sympy.Eq(x.diff(t), y), sympy.Eq(x.diff(t), x)],
    ):
        with pytest.raises(InputError, match=r"Eq\(Derivative"):
            pl.PolynomialODE(wrong)
