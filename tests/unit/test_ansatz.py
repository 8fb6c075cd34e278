"""Ansätze: which monomials they hold, in which order, how many, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import polylaw as pl
from polylaw.algebra.polynomial import Monomial
from polylaw.errors import InputError, PolylawError, UnknownNameError
from polylaw.laws.ansatz import Ansatz
from tests.helpers import CUBE, gradient, momentum

TIMED = pl.PolynomialODE({"x": "y", "y": "x"}, time="t")


def monomials(ansatz: Ansatz, flow: pl.Flow) -> list[Monomial]:
    table = ansatz.for_flow(flow).table(flow.ring, pl.Budget())
    return [table.monomial(i) for i in range(len(table))]


def texts(ansatz: Ansatz, flow: pl.Flow) -> list[str]:
    return [str(flow.ring.monomial(m)) for m in monomials(ansatz, flow)]


CONTENTS: list[tuple[str, pl.Flow, str]] = [
    ("degree:1", CUBE, "x3 x2 x1"),
    ("degree:2", CUBE, "x3 x2 x1 x3^2 x2*x3 x2^2 x1*x3 x1*x2 x1^2"),
    ("homogeneous:2", CUBE, "x3^2 x2*x3 x2^2 x1*x3 x1*x2 x1^2"),
    ("bidegree:3,1", CUBE, "x3 x2 x1"),  # no clock: its powers are dropped
    ("weighted:2;x1=2,x2=3", CUBE, "x3 x1 x3^2"),
    ("weighted:1;x1=2", CUBE, "x3 x2"),
    ("monomials:x3^2,x1*x2", CUBE, "x3^2 x1*x2"),
    ("degree:1", TIMED, "t y t*y x t*x"),
    ("bidegree:2,1", TIMED, "t t^2 y t*y t^2*y x t*x t^2*x"),
    ("bidegree:0,1", TIMED, "y x"),
    ("homogeneous:1", TIMED, "y t*y x t*x"),
    ("monomials:t*x,t^5", TIMED, "t^5 t*x"),
]


@pytest.mark.parametrize(
    ("spec", "flow", "expected"),
    CONTENTS,
    ids=[f"{spec} in {flow.ring.variables}" for spec, flow, _ in CONTENTS],
)
def test_contents_in_ascending_canonical_order(spec: str, flow: pl.Flow, expected: str) -> None:
    assert texts(Ansatz.parse(spec), flow) == expected.split()


@pytest.mark.parametrize(
    "spec", ["degree:4", "homogeneous:3", "bidegree:1,3", "weighted:4;x=2", "monomials:x^2,t*x*y,t^2"]
)
def test_membership_and_count_agree_with_the_table(spec: str) -> None:
    ansatz = Ansatz.parse(spec).for_flow(TIMED)
    table = monomials(ansatz, TIMED)
    member = ansatz.membership(TIMED.ring)
    assert table == [m for m in monomials(Ansatz.bidegree(5, 5), TIMED) if member(m)]
    assert ansatz.count(TIMED.ring) == len(table) or (
        ansatz.weights and ansatz.count(TIMED.ring) > len(table)
    )


def test_restriction_keeps_the_order_of_the_ring() -> None:
    ansatz = Ansatz.degree(1).restricted(["x3", "x1"])
    assert texts(ansatz, CUBE) == ["x3", "x1"]
    assert ansatz.count(CUBE.ring) == 2
    assert not ansatz.for_flow(CUBE).membership(CUBE.ring)(((1, 1),))


def test_lower_and_below_split_by_degree() -> None:
    ansatz = Ansatz.homogeneous(3)
    assert texts(ansatz.below(), CUBE) == texts(Ansatz.degree(2), CUBE)
    assert texts(Ansatz.degree(5).lower(2), CUBE) == texts(Ansatz.degree(2), CUBE)
    assert monomials(ansatz.lower(2), CUBE) == []
    assert (ansatz.top, Ansatz.degree(4).top, Ansatz.of(["x1"]).top) == (3, 4, 0)


@pytest.mark.parametrize(
    ("flow", "power"),
    [
        (gradient("linear:1,1"), 0),
        (gradient("linear:1,1", weight_decay="lam"), 2),
        (momentum("linear:1,1", 0), 2),
        (momentum("linear:1,1", "tau"), 2),
        (momentum("linear:1,1", "3/t"), 3),
        (momentum("linear:1,1", "1/2/t"), 2),
    ],
    ids=lambda value: value.name if isinstance(value, pl.Flow) else str(value),
)
def test_the_flow_fills_in_the_clock(flow: pl.Flow, power: int) -> None:
    assert Ansatz.degree(2).for_flow(flow).clock == power


def test_the_clock_of_a_bidegree_stays() -> None:
    assert Ansatz.bidegree(7, 2).for_flow(momentum("linear:1,1", "3/t")).clock == 7


@pytest.mark.parametrize(
    ("spec", "ansatz", "text"),
    [
        ("degree:3", Ansatz.degree(3), "degree <= 3"),
        ("homogeneous:4", Ansatz.homogeneous(4), "degree 4, homogeneous"),
        ("bidegree:3,2", Ansatz.bidegree(3, 2), "degree <= 2, power of the clock <= 3"),
        ("weighted:6;x=1,y=2", Ansatz.weighted(6, {"x": 1, "y": 2}), "weight <= 6"),
        ("monomials:x^2,x*y", Ansatz.of(["x^2", "x*y"]), "2 listed monomials"),
    ],
    ids=["degree", "homogeneous", "bidegree", "weighted", "monomials"],
)
def test_specs_say_the_same_as_the_constructors(spec: str, ansatz: Ansatz, text: str) -> None:
    assert Ansatz.parse(spec) == ansatz
    assert str(ansatz) == text


@pytest.mark.parametrize(
    ("damping", "text"),
    [
        ("0", "power of t <= 2"),
        ("tau", "power of exp(tau*t) <= 2"),
        ("3/2/t", "power of t^(1/2) <= 3"),
        ("1", "power of exp(t) <= 2"),
    ],
)
def test_powers_of_time_are_told_in_terms_of_time(damping: str, text: str) -> None:
    flow = momentum("linear:1,1", damping)
    assert str(Ansatz.degree(2).for_flow(flow)) == f"degree <= 2, {text}"
    assert str(Ansatz.degree(2).lower(1).for_flow(flow)).startswith("degree <= 1, power of ")


BAD_SPECS = [
    *(
        "",
        "degree",
        "degree:",
        "degree:x",
        "degree:-1",
        "degree:1.5",
        "degree:0",
        "degree:201",
        "degree:1,2",
        "homogeneous:2;",
    ),
    *(
        "bidegree:2",
        "bidegree:2,",
        "weighted:2;x1",
        "weighted:2;x1=",
        "weighted:2;x1=0",
        "weighted:0",
        "monomials:",
        "quadric:2",
    ),
]


@pytest.mark.parametrize("spec", BAD_SPECS)
def test_bad_specs_are_refused(spec: str) -> None:
    with pytest.raises(InputError):
        Ansatz.parse(spec)


def test_a_misspelt_kind_is_corrected() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'homogeneous'"):
        Ansatz.parse("homogenous:2")


@pytest.mark.parametrize("bound", [0, -1, 201, 1.0, "2", True, None])
def test_degrees_are_small_positive_integers(bound: Any) -> None:
    for kind in (
        Ansatz.degree,
        Ansatz.homogeneous,
        lambda d: Ansatz.bidegree(1, d),
        lambda d: Ansatz.weighted(d, {}),
    ):
        with pytest.raises(InputError, match="an integer from 1 to 200"):
            kind(bound)


@pytest.mark.parametrize(
    ("ansatz", "words"),
    [
        (Ansatz.degree(2).restricted(["x1", "x9"]), "'x9'"),
        (Ansatz.degree(2).restricted(["x1", "x1"]), "x1"),
        (Ansatz.degree(2).restricted([]), "variable"),
        (Ansatz.weighted(2, {"y": 2}), "'y'"),
        (Ansatz.of(["x1^2", "x1 + x2"]), "ansatz monomial 2"),
        (Ansatz.of(["3"]), "nonconstant"),
        (Ansatz.of(["x1*y"]), "'y'"),
        (Ansatz.of([]), "monomial"),
    ],
    ids=[
        "unknown",
        "repeated",
        "none",
        "unknown weight",
        "sum",
        "constant",
        "unknown in monomial",
        "empty list",
    ],
)
def test_what_the_flow_cannot_use_is_refused(ansatz: Ansatz, words: str) -> None:
    with pytest.raises(PolylawError, match=words):
        monomials(ansatz, CUBE)


def test_parameters_belong_to_the_coefficients() -> None:
    flow = pl.PolynomialODE({"x": "k*x"}, ["k"])
    with pytest.raises(InputError, match="nonconstant product of powers of variables"):
        monomials(Ansatz.of(["k*x"]), flow)
    with pytest.raises(UnknownNameError):
        Ansatz.degree(2).restricted(["k"]).for_flow(flow)


def test_too_many_monomials_are_refused_before_any_is_made() -> None:
    with pytest.raises(pl.PolylawError, match="max_unknowns"):
        Ansatz.degree(200).table(gradient("linear:9,9,9").ring, pl.Budget())
