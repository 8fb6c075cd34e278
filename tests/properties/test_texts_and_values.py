"""What a text with roots, powers and absolute values means is not changed by the normal form, wherever the
text is defined."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

import polylaw as pl
from polylaw.domains.elementary.parse import expression_of
from polylaw.errors import InputError, ParseError, PolylawError

FLOW = pl.PolynomialODE({"x": "1", "y": "1"}, ["a"])
POINTS = [
    (mpf(p), mpf(q), mpf(a))
    for p in ("3/7", "-3/7", "2", "-2")
    for q in ("5/3", "-5/3", "1/2", "-4")
    for a in ("3/2", "-2/3")
]


class UndefinedError(Exception):
    """The text is not defined at the point."""


def positive(a: Any) -> Any:
    if not a > 0:
        raise UndefinedError
    return a


#: An expression is (text, function of x, y, a).
ATOMS = [
    ("x", lambda x, y, a: x),
    ("y", lambda x, y, a: y),
    ("2", lambda x, y, a: mpf(2)),
    ("x*y", lambda x, y, a: x * y),
]


def root(e: Any, p: int, q: int) -> Any:
    return f"(({e[0]})^{p})^(1/{q})", lambda *at: positive(e[1](*at) ** p) ** (mpf(1) / q)


def power(e: Any, p: int) -> Any:
    return f"({e[0]})^{p}", lambda *at: e[1](*at) ** p


def symbolic(e: Any) -> Any:
    return f"({e[0]})^(a + 1)", lambda *at: positive(e[1](*at)) ** (at[2] + 1)


def absolute(e: Any) -> Any:
    return f"abs({e[0]})", lambda *at: positive(abs(e[1](*at)))


def both(e: Any, f: Any, sign: str) -> Any:
    def value(*at: Any) -> Any:
        left, right = e[1](*at), f[1](*at)
        if sign == "/":
            if right == 0:
                raise UndefinedError
            return left / right
        return left + right if sign == "+" else left - right if sign == "-" else left * right

    return f"(({e[0]}){sign}({f[0]}))", value


EXPRESSIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds(root, inner, st.integers(1, 4), st.integers(2, 6)),
        st.builds(power, inner, st.integers(2, 3)),
        st.builds(symbolic, inner),
        st.builds(absolute, inner),
        st.builds(both, inner, inner, st.sampled_from("+-*/")),
    ),
    max_leaves=4,
)


@given(EXPRESSIONS)
def test_the_normal_form_has_the_values_of_the_text(expression: Any) -> None:
    text, value = expression
    try:
        read = expression_of(FLOW, text)
        again = expression_of(FLOW, str(read))
    except (ParseError, InputError, PolylawError):
        return  # too large, or nowhere defined: that is said
    with mp.workdps(40):
        for x, y, a in POINTS:
            try:
                expected = value(x, y, a)
            except (UndefinedError, ZeroDivisionError, OverflowError):
                continue
            for each in (read, again):
                found = each({"x": float(x), "y": float(y), "a": float(a)})
                assert float(found) == pytest.approx(float(expected), rel=1e-6, abs=1e-6), (
                    text,
                    str(read),
                    x,
                    y,
                    a,
                )
