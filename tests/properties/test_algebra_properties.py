"""Laws of the ground floor: text and sympy round trips, and arithmetic against sympy as an independent
route."""

from __future__ import annotations

import pickle
from fractions import Fraction
from functools import cmp_to_key, partial
from math import gcd

import pytest
import sympy
from hypothesis import assume, example, given
from hypothesis import strategies as st

from polylaw.algebra.parse import parse_polynomial, parse_rational
from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient, rational, rational_text
from polylaw.algebra.ring import Ring
from polylaw.algebra.sympy_bridge import from_sympy, rational_from_sympy, to_sympy
from polylaw.errors import PolylawError
from tests.helpers import examples
from tests.strategies import points, polynomial_tuples, polynomials, rational_functions, rationals, rings


def dense(ring: Ring, monomial: Monomial) -> tuple[int, ...]:
    powers = dict(monomial)
    return tuple(powers.get(generator, 0) for generator in range(ring.size))


def as_sympy_poly(polynomial: Polynomial) -> sympy.Poly:
    """The polynomial over anonymous generators, by exponent vectors and not through `to_sympy`."""
    generators = sympy.symbols(f"g:{polynomial.ring.size}")
    terms = {dense(polynomial.ring, m): sympy.Rational(c.numerator, c.denominator) for m, c in polynomial}
    return sympy.Poly.from_dict(terms, *generators, domain="QQ")


# -- round trips --------------------------------------------------------------------------------------


@given(polynomial_tuples(1))
def test_text_reads_back(one: tuple[Polynomial]) -> None:
    [p] = one
    assert p.ring.parse(str(p)) == p


@given(polynomial_tuples(1))
def test_text_with_python_powers_reads_back(one: tuple[Polynomial]) -> None:
    [p] = one
    assert p.ring.parse(str(p).replace("^", "**")) == p


@given(rational_functions())
def test_text_of_rational_functions_reads_back(f: RationalFunction) -> None:
    assert parse_rational(f.numerator.ring, str(f)) == f


@given(rationals(10**30))
def test_text_of_rationals_reads_back(value: Coefficient) -> None:
    assert rational(rational_text(value)) == value


@given(polynomial_tuples(1))
def test_sympy_reads_back(one: tuple[Polynomial]) -> None:
    [p] = one
    assert from_sympy(p.ring, to_sympy(p)) == p


@given(rational_functions())
def test_sympy_rational_functions_read_back(f: RationalFunction) -> None:
    expression = to_sympy(f.numerator) / to_sympy(f.denominator)
    assert rational_from_sympy(f.numerator.ring, expression) == f


@given(polynomial_tuples(2))
def test_sympy_expressions_come_back_through_sympy_arithmetic(two: tuple[Polynomial, Polynomial]) -> None:
    p, q = two
    left, right = to_sympy(p), to_sympy(q)
    assert from_sympy(p.ring, left * right + right) == p * q + q
    assert from_sympy(p.ring, sympy.expand(left * right)) == p * q


@given(polynomial_tuples(1))
def test_pickles_keep_value_and_hash(one: tuple[Polynomial]) -> None:
    [p] = one
    copy = pickle.loads(pickle.dumps(p))  # noqa: S301
    assert copy == p
    assert hash(copy) == hash(p)
    assert copy.ring == p.ring
    assert str(copy) == str(p)


# -- arithmetic ---------------------------------------------------------------------------------------


@given(polynomial_tuples(2), st.integers(0, 4))
def test_arithmetic_agrees_with_sympy(two: tuple[Polynomial, Polynomial], exponent: int) -> None:
    p, q = two
    a, b = as_sympy_poly(p), as_sympy_poly(q)
    assert as_sympy_poly(p + q) == a + b
    assert as_sympy_poly(p - q) == a - b
    assert as_sympy_poly(p * q) == a * b
    assert as_sympy_poly(p**exponent) == a**exponent


@pytest.mark.slow
@examples(20)
@given(st.data())
def test_large_products_agree_with_sympy(data: st.DataObject) -> None:
    """Products above and below the size where python-flint takes over, and powers by both routes."""
    ring = Ring([f"x{i}" for i in range(40)])
    p = Polynomial(ring, {((i, 1),): i + 1 for i in range(data.draw(st.integers(2, 40)))})
    q = Polynomial(ring, {((i, 2),): Fraction(1, i + 1) for i in range(data.draw(st.integers(2, 40)))})
    assert as_sympy_poly(p * q) == as_sympy_poly(p) * as_sympy_poly(q)
    assert p**3 == p * p * p


@given(polynomial_tuples(1))
def test_gradient_agrees_with_sympy(one: tuple[Polynomial]) -> None:
    [p] = one
    image, gradient = as_sympy_poly(p), p.gradient()
    assert all(gradient.values())
    for generator, symbol in enumerate(image.gens):
        assert as_sympy_poly(p.derivative(generator)) == image.diff(symbol)
        assert (generator in gradient) == (not image.diff(symbol).is_zero)


@given(polynomial_tuples(3))
def test_quotients_and_gcds(three: tuple[Polynomial, Polynomial, Polynomial]) -> None:
    p, q, r = three
    assume(r)
    assert (p * r).divide_exactly(r) == p
    common = (p * r).gcd(q * r)
    if common:
        common.divide_exactly(r)
        (p * r).divide_exactly(common)
        (q * r).divide_exactly(common)
    else:
        assert not p
        assert not q


@given(polynomial_tuples(3))
def test_rational_functions_are_in_lowest_terms(three: tuple[Polynomial, Polynomial, Polynomial]) -> None:
    p, q, r = three
    assume(q and r)
    f = RationalFunction(p * r, q * r)
    assert f == RationalFunction(p, q)
    assert f.numerator * q == p * f.denominator
    assert f.denominator.primitive() == f.denominator
    assert f.numerator.gcd(f.denominator).constant_value is not None


@given(st.data())
def test_evaluation_is_a_ring_map(data: st.DataObject) -> None:
    ring = data.draw(rings())
    p, q = data.draw(polynomials(ring)), data.draw(polynomials(ring))
    point = data.draw(points(ring))
    assert (p + q)(point) == p(point) + q(point)
    assert (p * q)(point) == p(point) * q(point)
    constants = {generator: ring.constant(value) for generator, value in point.items()}
    assert p.substitute(constants, ring) == p(point)


@given(polynomial_tuples(1))
def test_into_a_larger_ring_and_back(one: tuple[Polynomial]) -> None:
    [p] = one
    ring = p.ring
    larger = Ring(["NEW", *reversed(ring.variables)], [*ring.parameters, "NEWER"], ring.clock)
    assert str(p.into(larger).into(ring)) == str(p)
    assert p.into(larger).into(ring) == p


# -- normal forms -------------------------------------------------------------------------------------


@given(polynomial_tuples(1), rationals(50).filter(bool))
def test_primitive_is_the_normal_form_of_multiples(one: tuple[Polynomial], scale: Coefficient) -> None:
    [p] = one
    normal = p.primitive()
    assert (p * scale).primitive() == normal
    assert normal.primitive() == normal
    if p:
        assert normal.leading[1] > 0
        assert all(isinstance(c, int) for c in normal.terms.values())
        assert gcd(*(int(c) for c in normal.terms.values())) == 1
        assert normal * p.leading[1] == p * normal.leading[1]


def canonical(ring: Ring, left: Monomial, right: Monomial) -> int:
    """The canonical order in words: degree in the variables, then lex in them, then the same for the rest;
    largest first."""
    a, b = dense(ring, left), dense(ring, right)
    cut = len(ring.variables)
    for first, second in ((a[:cut], b[:cut]), (a[cut:], b[cut:])):
        key, other = (sum(first), first), (sum(second), second)
        if key != other:
            return -1 if key > other else 1
    return 0


@given(polynomial_tuples(1))
def test_terms_are_in_canonical_order(one: tuple[Polynomial]) -> None:
    [p] = one
    monomials = [m for m, _ in p.sorted_terms()]
    assert monomials == sorted(p.terms, key=cmp_to_key(partial(canonical, p.ring)))
    if p:
        assert p.leading == p.sorted_terms()[0]


@given(polynomial_tuples(2))
def test_equal_polynomials_have_equal_hashes_and_text(two: tuple[Polynomial, Polynomial]) -> None:
    p, q = two
    again = (p + q) - q
    assert again == p
    assert hash(again) == hash(p)
    assert str(again) == str(p)
    value = p.constant_value
    if value is not None:
        assert p == value
        assert hash(p) == hash(value)


@given(polynomial_tuples(1))
def test_latex_is_balanced(one: tuple[Polynomial]) -> None:
    source = one[0].latex()
    assert source
    depth = 0
    for character in source:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert source.count(r"\left(") == source.count(r"\right)")


# -- hostile text -------------------------------------------------------------------------------------


@given(rings(), st.text(st.sampled_from("xyt01239+-*/^().e exp_UI\n\x00é²٣"), max_size=60))
@example(Ring(("x",)), "x" + "/x" * 2000)
def test_any_text_gives_a_polynomial_or_one_clear_line(ring: Ring, text: str) -> None:
    try:
        value = parse_polynomial(ring, text)
    except PolylawError as error:
        message = str(error)
        assert message.isprintable()
        assert len(message) < 400
        assert message.startswith("polynomial: ")
    else:
        assert ring.parse(str(value)) == value
