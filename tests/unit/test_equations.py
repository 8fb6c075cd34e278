"""Constraints as text: what they mean, and what is refused."""

from __future__ import annotations

import pytest

import polylaw as pl
from polylaw.domains.geometry.equations import equations_of
from tests.helpers import gradient, momentum

#: constraint on linear:2,2,2: the polynomials put to 0
MATRICES = {
    "U1'*U1 = U2*U2'": [
        "U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2",
        "U1_1_1*U1_1_2 + U1_2_1*U1_2_2 - U2_1_1*U2_2_1 - U2_1_2*U2_2_2",
        "U1_1_2^2 + U1_2_2^2 - U2_2_1^2 - U2_2_2^2",
    ],
    "U1^T*U1 = 1": ["U1_1_1^2 + U1_2_1^2 - 1", "U1_1_1*U1_1_2 + U1_2_1*U1_2_2", "U1_1_2^2 + U1_2_2^2 - 1"],
    "tr(U1'*U1) = 1/4": ["4*U1_1_1^2 + 4*U1_1_2^2 + 4*U1_2_1^2 + 4*U1_2_2^2 - 1"],
    "U1 - U1'": ["U1_1_2 - U1_2_1"],
    "2*U1 = 0": ["U1_1_1", "U1_1_2", "U1_2_1", "U1_2_2"],
    "U1^2 = (U1*U1)'": [
        "U1_1_1*U1_1_2 - U1_1_1*U1_2_1 + U1_1_2*U1_2_2 - U1_2_1*U1_2_2",
    ],
    "U1_1_1 = 0.5": ["2*U1_1_1 - 1"],
    "U1/2 = U2 - U1_1_1*U2": [
        "2*U1_1_1*U2_1_1 + U1_1_1 - 2*U2_1_1",
        "2*U1_1_1*U2_1_2 + U1_1_2 - 2*U2_1_2",
        "2*U1_1_1*U2_2_1 + U1_2_1 - 2*U2_2_1",
        "2*U1_1_1*U2_2_2 + U1_2_2 - 2*U2_2_2",
    ],
}

#: constraint: part of the error
REFUSED = {
    "U1 = U1": "this one holds everywhere",
    "U1 = 1 = U2": "expected one equation",
    "U1 + (U2": "expected ')'",
    "U1*": "expected a number, a name or '('",
    "U3'*U1 = 1": "found 'U3'",
    "U1/U2 = 1": "division by numbers only",
    "U1/1' U2 = 1": "division by numbers only",
    "U1/U1^0 = 1": "division by numbers only",
    "U1^100000 = 1": "an integer exponent",
    "U1 @ U2": "expected a number, a name",
    "U1^900 = 0": "at most",
    "__import__('os')": 'found "__import__',
    "at rest": "a flow with velocities",
    "": "expected",
}


@pytest.mark.parametrize("text", MATRICES)
def test_matrix_equations(text: str) -> None:
    assert [str(p) for p in equations_of(gradient("linear:2,2,2"), text)] == MATRICES[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_constraint_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(pl.PolylawError) as error:
        equations_of(gradient("linear:2,2,2"), text)
    assert REFUSED[text] in str(error.value)


def test_shapes_must_fit() -> None:
    flow = gradient("linear:2,3,2")
    misfits = {
        "U1 = U2": "2 x 3 and 3 x 2",
        "U1*U1": "2 x 3 times 2 x 3",
        "U1 = 1": "2 x 3 matrix and -1",
        "tr(U1) = 1": "trace",
    }
    for text, found in misfits.items():
        with pytest.raises(pl.PolylawError, match=found):
            equations_of(flow, text)


def test_vectors_are_columns() -> None:
    flow = gradient("relu:2,2,1?bias=true")
    assert [str(p) for p in equations_of(flow, "b1'*b1 = 1")] == ["b1_1^2 + b1_2^2 - 1"]


def test_balanced_puts_the_laws_of_degree_2_to_0() -> None:
    flow = gradient("linear:2,2,2")
    assert equations_of(flow, "balanced") == equations_of(flow, "U1'*U1 = U2*U2'")
    with pytest.raises(pl.PolylawError, match="this one has none"):
        equations_of(gradient("nmf:2,1,2"), "balanced")


def test_at_rest_puts_the_velocities_to_0() -> None:
    flow = momentum("linear:1,1,1", "tau")
    assert [str(p) for p in equations_of(flow, "at rest")] == ["dU1_1_1", "dU2_1_1"]
    assert equations_of(flow, "dU1 = 0") == equations_of(flow, "dU1_1_1 = 0")


def test_polynomials_are_constraints_too() -> None:
    flow = gradient("linear:1,1,1")
    assert equations_of(flow, flow.parse("2*U1_1_1 - 4")) == equations_of(flow, "U1_1_1 = 2")
