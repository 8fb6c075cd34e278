"""Exact rationals: what is taken, what is refused, and why."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import flint
import numpy as np
import pytest
import sympy

from polylaw.algebra.rationals import exact, rational, rational_text
from polylaw.errors import InexactError, InputError, PolylawError

ACCEPTED = [
    (3, 3),
    (-(10**50), -(10**50)),
    (Fraction(2, 3), Fraction(2, 3)),
    (Fraction(6, 3), 2),
    ("2/3", Fraction(2, 3)),
    ("-4/2", -2),
    ("+7", 7),
    (" 0.25 ", Fraction(1, 4)),
    (".5", Fraction(1, 2)),
    ("1e5", 100_000),
    ("-0.350E+00", Fraction(-7, 20)),
    ("3E-2", Fraction(3, 100)),
    ("9" * 4000, int("9" * 4000)),
    (np.int64(5), 5),
    (np.int8(-5), -5),
    (flint.fmpz(7), 7),
    (flint.fmpq(7, 2), Fraction(7, 2)),
    (sympy.Integer(4), 4),
    (sympy.Rational(4, 6), Fraction(2, 3)),
]

REFUSED = [
    (0.1, InexactError, 'for example "1/10"'),
    (float("nan"), InexactError, "found nan"),
    (float("inf"), InexactError, "found inf"),
    (1j, InexactError, "found 1j"),
    (np.float64(0.5), InexactError, "1/2"),
    (np.float32(0.5), InexactError, "exact rational"),
    (sympy.Float("0.5"), InexactError, "exact rational"),
    (True, InputError, "write 0 or 1"),
    ("", InputError, "such as 2, 2/3 or 0.25"),
    ("1e", InputError, "such as 2"),
    ("1/2e5", InputError, "such as 2"),
    ("1e3001", InputError, "a power of ten of at most 3000"),
    ("1/0", InputError, "a nonzero denominator"),
    ("1_000", InputError, "such as 2"),
    ("٣", InputError, "such as 2"),
    ("²", InputError, "such as 2"),
    ("1\x00", InputError, "such as 2"),
    ("nan", InputError, "such as 2"),
    ("9" * 10**6, InputError, "such as 2"),
    ("1" + "/1" * 5, InputError, "such as 2"),
    (Decimal("0.5"), InputError, "pass an int, a Fraction, or text"),
    (None, InputError, "found None"),
    (b"1", InputError, "found b'1'"),
    ([1], InputError, "found [1]"),
    (sympy.pi, InputError, "found pi"),
]


@pytest.mark.parametrize(("value", "expected"), ACCEPTED)
def test_accepted(value: object, expected: object) -> None:
    result = rational(value)
    assert result == expected
    assert type(result) is (int if result.denominator == 1 else Fraction)


@pytest.mark.parametrize(("value", "error", "fragment"), REFUSED)
def test_refused(value: object, error: type[PolylawError], fragment: str) -> None:
    with pytest.raises(error) as caught:
        rational(value, "rate")
    message = str(caught.value)
    assert message.startswith("rate: found ")
    assert fragment in message
    assert message.isprintable()
    assert len(message) < 400


def test_numpy_integers_do_not_overflow_later() -> None:
    assert rational(np.int64(2**62)) * 4 == 2**64


def test_exact_makes_integral_values_ints() -> None:
    assert type(exact(Fraction(4, 2))) is int
    assert type(exact(Fraction(1, 2))) is Fraction


@pytest.mark.parametrize(
    ("value", "text"), [(3, "3"), (Fraction(-2, 5), "-2/5"), (Fraction(4, 2), "2"), (0, "0")]
)
def test_text(value: Fraction, text: str) -> None:
    assert rational_text(value) == text


def test_text_of_numbers_too_long_for_python_itself() -> None:
    assert rational_text(Fraction(10**6000, 3)) == "1" + "0" * 6000 + "/3"
    assert rational_text(-(10**6000)) == "-1" + "0" * 6000
