"""Generators: a law that is a polynomial in others is not one, in whatever ansatz it is found."""

from __future__ import annotations

from math import comb

import pytest

import polylaw as pl
from polylaw.laws.generators import generators_of
from tests.helpers import CUBE, complete_laws, gradient, momentum

GROWTH = pl.PolynomialODE({"x": "y", "y": "x", "z": "x*y"})
CHAIN = pl.PolynomialODE({"x": "1", "y": "x"}, time="t")


def texts(laws: tuple[pl.Polynomial, ...]) -> list[str]:
    return [str(h) for h in laws]


@pytest.mark.parametrize(
    ("flow", "spec", "expected"),
    [
        (CUBE, "degree:6", ["x1^2 - x3^2", "x2^2 - x3^2"]),
        (CUBE, "homogeneous:2", ["x1^2 - x3^2", "x2^2 - x3^2"]),
        (CUBE, "homogeneous:4", []),
        (CUBE, "homogeneous:6", []),
        (CUBE, "weighted:6;x1=2", ["x1^2 - x3^2", "x2^2 - x3^2"]),
        (CUBE, "monomials:x1^2,x3^2,x1^4,x1^2*x3^2,x3^4", ["x1^2 - x3^2"]),
        (CUBE, "monomials:x1^4,x1^2*x3^2,x3^4", ["x1^4 - 2*x1^2*x3^2 + x3^4"]),
        (GROWTH, "degree:4", ["x^2 - y^2", "x^2 - 2*z"]),
        (GROWTH, "weighted:4;z=2", ["x^2 - y^2", "x^2 - 2*z"]),
        (CHAIN, "bidegree:0,4", ["x^2 - 2*y"]),
        (CHAIN, "bidegree:1,2", ["x - t", "x^2 - 2*y"]),
        (CHAIN, "bidegree:2,1", ["2*t*x - 2*y - t^2", "x - t"]),
        (
            CHAIN,
            "degree:3",
            ["2*t*x - 2*y - t^2", "x - t"],
        ),  # x^2 - 2 y is a sum of one and the square of the other
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_generators(flow: pl.Flow, spec: str, expected: list[str]) -> None:
    laws = pl.find_laws(flow, ansatz=pl.Ansatz.parse(spec))
    assert laws.complete
    assert texts(laws.generators) == expected


@pytest.mark.parametrize(
    ("flow", "degrees"),
    [
        (CUBE, [2, 2]),
        (gradient("linear:2,2,2"), [2, 2, 2]),
        (gradient("nmf:2,2,1"), [1, 1]),
        (gradient("softmax:2,3"), [1, 1, 1]),
    ],
    ids=["cube", "linear", "nmf", "softmax"],
)
@pytest.mark.parametrize("top", [2, 3, 4])
def test_laws_are_counted_by_the_monomials_in_free_generators(
    flow: pl.Flow, degrees: list[int], top: int
) -> None:
    laws = complete_laws(flow, top)
    assert [h.degree for h in laws.generators] == degrees
    [degree] = set(degrees)
    assert laws.dimension == comb(top // degree + len(degrees), len(degrees)) - 1


def test_quadratic_laws_with_a_relation_are_all_generators() -> None:
    """U V^T of size 1 x 1: 4 linearly independent quadratic laws, one relation of degree 2 between them."""
    laws = complete_laws(gradient("factorization:1,1,2"), 4)
    assert len(laws.generators) == 4
    assert laws.independent.lower == 3
    assert laws.dimension == 4 + comb(5, 2) - 1


def test_generators_of_different_degrees() -> None:
    flow = pl.PolynomialODE({"x": "x", "y": "-y", "z": "-2*z", "w": "0"})
    assert texts(complete_laws(flow, 3).generators) == ["w", "x*y", "x^2*z"]


def test_powers_of_a_parameter_do_not_make_laws_new() -> None:
    flow = pl.PolynomialODE({"x": "a*y", "y": "-b*x"}, ["a", "b"])
    assert texts(complete_laws(flow, 4).generators) == ["b*x^2 + a*y^2"]


def test_squares_of_timed_laws_are_not_new() -> None:
    laws = complete_laws(momentum("factorization:1,1,2", "tau"), 4)
    assert len(laws.generators) == 2
    assert {h.degree for h in laws.generators} == {2}


def test_the_shortest_of_the_new_laws_are_taken() -> None:
    ring = CUBE.ring
    a, b = ring.parse("x1^2 - x3^2"), ring.parse("x2^2 - x3^2")
    assert generators_of([a, b], pl.Ansatz.degree(2).for_flow(CUBE), (), pl.Budget()) == (a, b)
    assert generators_of(
        [a * a, a * b, b * b], pl.Ansatz.homogeneous(4).for_flow(CUBE), [a], pl.Budget()
    ) == (a * b, b * b)
    assert generators_of([], pl.Ansatz.degree(2).for_flow(CUBE), (), pl.Budget()) == ()
