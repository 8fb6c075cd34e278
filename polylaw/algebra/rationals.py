"""Exact rational numbers as they come in: ints, fractions, and text.  Floats are refused, never rounded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from math import gcd, lcm
from numbers import Complex, Rational
from typing import Any

import flint

from polylaw.errors import InexactError, InputError

#: A rational number in lowest terms; integral values are plain ints.
Coefficient = int | Fraction

_RATIONAL = re.compile(
    r"[+-]?(\d{1,4000}/\d{1,4000}|(\d{1,4000}|\d{0,2000}\.\d{1,2000})([eE][+-]?\d{1,9})?)", re.ASCII
)
#: The power of ten of a decimal is at most this large.
_MOST_TENS = 3_000


def exact(value: Coefficient) -> Coefficient:
    """`value` as an int when it is integral."""
    return value.numerator if value.denominator == 1 else value


def content(values: Iterable[Coefficient]) -> Coefficient:
    """The positive rational whose quotients with these numbers are coprime integers; 0 if all are 0."""
    values = tuple(values)
    above, below = gcd(*(c.numerator for c in values)), lcm(*(c.denominator for c in values))
    return exact(Fraction(above, below))


def decimal(text: str, argument: str = "value") -> Coefficient:
    """The exact value of a decimal: `0.04`, `1e4`, `3.5E-2`; `InputError` for a power of ten beyond 3000."""
    if text.isdigit():
        return int(text)
    tens = re.split("[eE]", text)[1:]
    if tens and abs(int(tens[0])) > _MOST_TENS:
        raise InputError(argument, text, f"a power of ten of at most {_MOST_TENS}")
    return exact(Fraction(text))


def rational(value: Any, argument: str = "value") -> Coefficient:
    """An exact rational from an int, `Fraction`, flint or sympy rational, or text: `2/3`, `0.25`, `1e-3`.

    Raises `InexactError` for floats (write `"1/10"` for 0.1) and `InputError` for everything else.
    """
    if isinstance(value, bool):
        raise InputError(argument, value, "a rational number", "write 0 or 1")
    if isinstance(value, int):
        return value
    if isinstance(value, Rational):
        # int: numpy's integers would overflow
        return exact(Fraction(int(value.numerator), int(value.denominator)))
    if isinstance(value, Complex):
        hint = f'write it as text, for example "{_suggest(value)}"'
        raise InexactError(argument, value, "an exact rational number", hint)
    if isinstance(value, str):
        if not _RATIONAL.fullmatch(value.strip()):
            raise InputError(argument, value, "a rational number such as 2, 2/3 or 0.25")
        try:
            return decimal(value.strip(), argument)
        except ZeroDivisionError:
            raise InputError(argument, value, "a nonzero denominator") from None
    numerator, denominator = getattr(value, "p", None), getattr(value, "q", None)
    if numerator is not None and denominator is not None:  # fmpq, sympy.Rational
        return exact(Fraction(int(numerator), int(denominator)))
    if type(value).__name__ == "fmpz":
        return int(value)
    hint = "pass an int, a Fraction, or text such as '2/3'"
    raise InputError(argument, value, "an exact rational number", hint)


def _suggest(value: object) -> str:
    if isinstance(value, float) and abs(value) < 1e15:
        return str(Fraction(value).limit_denominator(10**6))
    return "2/3"


def rational_text(value: Coefficient) -> str:
    """`3`, `-2/5`: reads back through `rational`."""
    value = exact(value)
    above, below = _digits(value.numerator), _digits(value.denominator)
    return above if below == "1" else f"{above}/{below}"


def _digits(value: int) -> str:
    if value.bit_length() < 10_000:
        return str(value)
    return str(flint.fmpz(value))  # Python refuses to write integers of more than 4300 digits
