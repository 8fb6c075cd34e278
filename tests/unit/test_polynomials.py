"""Polynomials and rational functions: small facts, errors, text and LaTeX.  Laws of arithmetic are in
`tests/properties`."""

from __future__ import annotations

import operator
import pickle
from fractions import Fraction
from typing import Any

import pytest

from polylaw.algebra.polynomial import Polynomial, RationalFunction, degree_of, multiply_monomials, multiset
from polylaw.algebra.printing import latex_name
from polylaw.algebra.ring import Exponential, Ring, RootOfTime
from polylaw.errors import InexactError, InputError, UnknownNameError

ZEROS: list[Any] = [0, Fraction(0), "0"]
R = Ring(("x", "y"), ("a",))
X, Y, A = (R.generator(name) for name in "xya")
TAU = Ring(("tau",)).generator("tau")
EXPONENTIAL = Ring(("x", "v"), ("tau",), Exponential(TAU))
ROOT = Ring(("x", "v"), clock=RootOfTime(2))


def test_monomials() -> None:
    assert multiply_monomials(((0, 1), (2, 1)), ((0, 2), (1, 1))) == ((0, 3), (1, 1), (2, 1))
    assert multiply_monomials((), ((1, 1),)) == ((1, 1),)
    assert degree_of(((0, 2), (3, 1))) == 3
    assert multiset(((0, 2), (3, 1))) == (0, 0, 3)


def test_degree_counts_variables_only() -> None:
    assert (X**2 * A**5).degree == 2
    assert R.constant(3).degree == 0
    assert R.constant(0).degree == -1


def test_constants_equal_and_hash_as_numbers() -> None:
    assert R.constant(3) == 3
    assert hash(R.constant(3)) == hash(3)
    assert R.constant(Fraction(1, 2)) == Fraction(1, 2)
    assert hash(R.constant(Fraction(1, 2))) == hash(Fraction(1, 2))
    assert X - X == 0
    assert hash(X - X) == hash(0)
    assert not X - X
    assert X != 3
    assert X != "x"
    assert len({X, X + 0, R.constant(1), 1}) == 2


def test_rings_do_not_mix() -> None:
    other = Ring(("x", "y"))
    for mix in (
        lambda p, q: p + q,
        lambda p, q: p * q,
        lambda p, q: q - p,
        Polynomial.gcd,
        Polynomial.divide_exactly,
        RationalFunction,
    ):
        with pytest.raises(InputError, match=r"use `Polynomial\.into` first"):
            mix(X, other.generator("x"))


@pytest.mark.parametrize("operate", [lambda: X + "1", lambda: X * 0.5, lambda: 0.5 - X, lambda: X + None])
def test_foreign_operands_are_type_errors(operate: Any) -> None:
    with pytest.raises(TypeError):
        operate()


@pytest.mark.parametrize("exponent", [-1, 0.5, Fraction(1, 2), "2", None, X])
def test_exponents_are_integers(exponent: Any) -> None:
    with pytest.raises(InputError, match="exponent: found"):
        X**exponent


def test_powers_of_zero_and_one_term() -> None:
    zero = R.constant(0)
    assert zero**0 == 1
    assert zero**3 == 0
    assert (2 * X) ** 0 == 1
    assert (2 * X * Y) ** 3 == 8 * X**3 * Y**3
    assert (X + Y) ** 0 == 1


def test_division() -> None:
    assert (2 * X + Y) / 2 == X + Y / 2
    for zero in ZEROS:
        with pytest.raises(InputError, match="a nonzero rational number"):
            X / zero
    with pytest.raises(InexactError):
        operator.truediv(X, 0.5)
    assert (X**2 - Y**2).divide_exactly(X - Y) == X + Y
    assert (X - X).divide_exactly(X) == 0
    assert R.constant(6).divide_exactly(R.constant(4)) == Fraction(3, 2)
    for divisor in (X + Y + 1, R.constant(0)):
        with pytest.raises(InputError, match="divisor: found"):
            (X**2 - Y**2).divide_exactly(divisor)


def test_gcd_is_monic() -> None:
    assert (2 * X**2 - 2 * Y**2).gcd(4 * X + 4 * Y) == X + Y
    assert X.gcd(Y) == 1
    assert X.gcd(X - X) == X
    assert (X - X).gcd(X - X) == 0


def test_gradient() -> None:
    p = X**2 * Y + 3 * A
    assert p.gradient() == {0: 2 * X * Y, 1: X**2, 2: R.constant(3)}
    assert p.derivative(0) == 2 * X * Y
    assert X.derivative(1) == 0


def test_evaluation() -> None:
    assert (X**2 * A + Y / 3)({0: 2, 1: 1, 2: Fraction(1, 2)}) == Fraction(7, 3)
    assert (X + 5)({}) == 5


def test_substitute() -> None:
    target = Ring(("u",))
    u = target.generator("u")
    assert (X**2 + Y).substitute({0: u + 1, 1: u}, target) == u**2 + 3 * u + 1
    assert R.constant(2).substitute({}, target) == 2
    with pytest.raises(InputError, match="images: found 'none for y'"):
        (X + Y).substitute({0: u}, target)


def test_into() -> None:
    assert str((X * A + Y).into(Ring(("a", "y", "x")))) == "a*x + y"
    with pytest.raises(UnknownNameError):
        X.into(Ring(("y",)))
    assert X.into(Ring(("x",))) == Ring(("x",)).generator("x")


def test_into_keeps_the_clock() -> None:
    p = EXPONENTIAL.parse("exp(2*tau*t)*x")
    rate = Ring(("g", "tau")).generator("tau")
    wider = Ring(("v", "x"), ("g", "tau"), Exponential(rate))
    assert str(p.into(wider)) == "exp(2*tau*t)*x", "the same rate, written in a larger ring"
    with pytest.raises(InputError, match="found 'no clock', expected the clock exp"):
        p.into(Ring(("x", "v"), ("tau",)))
    with pytest.raises(InputError, match=r"found 't', expected the clock t\^\(1/2\)"):
        ROOT.parse("t*x").into(Ring(("x",), clock=RootOfTime(1)))
    assert str(ROOT.parse("x*v").into(Ring(("v", "x")))) == "v*x", "no clock is needed where none occurs"


def test_primitive() -> None:
    assert str((X / 2 - 3 * Y / 4).primitive()) == "2*x - 3*y"
    assert (-6 * X + 4 * Y).primitive() == 3 * X - 2 * Y
    assert (X - X).primitive() == 0
    assert R.constant(Fraction(-3, 7)).primitive() == 1


def test_pickles() -> None:
    p = EXPONENTIAL.parse("exp(tau*t)*(x - 1/3*v)")
    f = RationalFunction(X, Y + 1)
    copies = pickle.loads(pickle.dumps((p, f)))  # noqa: S301
    assert copies == (p, f)
    assert hash(copies[0]) == hash(p)
    assert str(copies[0]) == str(p)


def test_large_numbers_print() -> None:
    assert str(R.constant(10**5000) * X) == "1" + "0" * 5000 + "*x"
    assert (R.constant(Fraction(1, 10**5000)) * X).latex().startswith(r"\tfrac{1}{1000")


def test_products_of_many_generators_stay_sparse() -> None:
    ring = Ring([f"x{i}" for i in range(800)])
    left = Polynomial(ring, {((i, 1),): 1 for i in range(400)})
    right = Polynomial(ring, {((i, 1),): 1 for i in range(400, 800)})
    assert len((left * right).terms) == 160_000
    assert len((left**2).terms) == 400 * 401 // 2


# -- rational functions -------------------------------------------------------------------------------


def test_rational_functions_are_in_lowest_terms() -> None:
    f = RationalFunction(X**2 - Y**2, -2 * (X - Y) * Y)
    assert (f.numerator, f.denominator) == ((X + Y) / -2, Y)
    assert str(f) == "(-1/2*x - 1/2*y)/(y)"
    assert RationalFunction(X, R.constant(2)).is_polynomial
    assert RationalFunction(X - X, Y).is_polynomial
    assert f == RationalFunction(X + Y, -2 * Y)
    assert hash(f) == hash(RationalFunction(X + Y, -2 * Y))
    assert f != RationalFunction(X, Y)
    assert f != 1
    assert repr(f) == "RationalFunction('(-1/2*x - 1/2*y)/(y)')"


def test_denominator_zero() -> None:
    with pytest.raises(InputError, match="denominator: found '0'"):
        RationalFunction(X, X - X)


# -- text and LaTeX -----------------------------------------------------------------------------------

TEXTS = [
    (R, X - X, "0", "0"),
    (R, -X, "-x", "-x"),
    (R, X * A - Y * 2 + Fraction(1, 2), "a*x - 2*y + 1/2", r"a x - 2 y + \tfrac{1}{2}"),
    (R, X**2 * Y - X * Y**2 + X**3, "x^3 + x^2*y - x*y^2", r"x^{3} + x^{2} y - x y^{2}"),
    (EXPONENTIAL, EXPONENTIAL.parse("x*exp(2*tau*t)"), "exp(2*tau*t)*x", r"e^{2 \tau t} x"),
    (
        EXPONENTIAL,
        EXPONENTIAL.parse("exp(tau*t)*(x-v)"),
        "exp(tau*t)*(x - v)",
        r"e^{\tau t} x - e^{\tau t} v",
    ),
    (EXPONENTIAL, EXPONENTIAL.parse("exp(tau*t)*x-v"), "exp(tau*t)*x - v", r"e^{\tau t} x - v"),
    (ROOT, ROOT.parse("t^(3/2)*x-t"), "t^(3/2)*x - t", r"t^{3/2} x - t"),
]


@pytest.mark.parametrize(
    ("ring", "polynomial", "text", "latex"), TEXTS, ids=[text for _, _, text, _ in TEXTS]
)
def test_text_and_latex(ring: Ring, polynomial: Polynomial, text: str, latex: str) -> None:
    assert str(polynomial) == text
    assert polynomial.latex() == latex
    assert ring.parse(text) == polynomial
    assert repr(polynomial) == f"Polynomial({text!r})"


NAMES = [
    ("x", "x", "one letter"),
    ("w2", "w_{2}", "a number is a subscript"),
    ("theta1", r"\theta_{1}", "Greek stems are commands"),
    ("tau", r"\tau", "Greek"),
    ("Gamma", r"\Gamma", "capital Greek"),
    ("U_1_2", "U_{1,2}", "an entry of a matrix"),
    ("U1_2_3", "U^{(1)}_{2,3}", "an entry of a numbered matrix"),
    ("bias_3", r"\mathrm{bias}_{3}", "words are upright"),
    ("my_name", r"\mathrm{my\_name}", "anything else as it stands"),
    ("x1y", r"\mathrm{x1y}", "anything else as it stands"),
    ("dx", r"\mathrm{dx}", "no velocity unless x is a name"),
    ("dU_1_2", r"\mathrm{dU}_{1,2}", "no velocity unless U_1_2 is a name"),
    ("d", "d", "never a velocity of nothing"),
]


@pytest.mark.parametrize(("name", "latex", "reason"), NAMES)
def test_latex_names(name: str, latex: str, reason: str) -> None:
    assert latex_name(name) == latex, reason


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", r"\dot{x}"),
        ("U_1_2", r"\dot{U}_{1,2}"),
        ("U1_2_3", r"\dot{U}^{(1)}_{2,3}"),
        ("theta1", r"\dot{\theta}_{1}"),
        ("d", r"\dot{d}"),
    ],
)
def test_latex_velocities_are_known_by_their_ring(name: str, latex: str) -> None:
    assert latex_name(f"d{name}", Ring((name, f"d{name}"))) == latex
    assert Ring((name, f"d{name}")).generator(f"d{name}").latex() == latex


def test_latex_has_no_double_superscript() -> None:
    assert (Ring(("U1_1_2",)).generator("U1_1_2") ** 2).latex() == "(U^{(1)}_{1,2})^{2}"


def test_numbers_for_some_generators_and_coefficients_by_others() -> None:
    ring = Ring(("x", "y", "z"), ("a",))
    h = ring.parse("a*x^2*y - 3*z + x*y^2")
    assert h.with_values({0: 2, 2: Fraction(1, 3)}) == ring.parse("4*a*y - 1 + 2*y^2")
    parts = h.coefficients((0,))
    assert parts == {((0, 2),): ring.parse("a*y"), (): ring.parse("-3*z"), ((0, 1),): ring.parse("y^2")}
    assert ring.combination(parts) == h
    assert ring.parse("x*y").lcm(ring.parse("y*z")) == ring.parse("x*y*z")
