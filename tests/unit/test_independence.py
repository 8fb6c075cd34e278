"""How many laws are functionally independent: a rank known from both sides, and honest when the sides differ."""

from __future__ import annotations

import pytest

import polylaw as pl
from polylaw.laws.independence import gradient_rank
from polylaw.laws.law_space import Rank
from tests.helpers import complete_laws, gradient, momentum

LINEAR = gradient("linear:2,2,2")
CUBE = gradient("map:x1*x2*x3")


def test_a_rank_is_exact_when_its_bounds_meet() -> None:
    assert Rank(3, 3).exact
    assert not Rank(2, 3).exact
    assert (str(Rank(3, 3)), str(Rank(2, 3))) == ("3", "2 to 3")


@pytest.mark.parametrize(
    ("laws", "rank"),
    [
        ([], Rank(0, 0)),
        (["x1^2 - x3^2"], Rank(1, 1)),
        (["x1^2 - x3^2", "x2^2 - x3^2"], Rank(2, 2)),
        (["x1^2 - x3^2", "x2^2 - x3^2", "x1^2 - x2^2"], Rank(2, 2)),  # 2 = D - dim Lie bounds it from above
        (["x1^2 - x3^2", "x1^4 - 2*x1^2*x3^2 + x3^4"], Rank(1, 2)),  # not known from above
    ],
    ids=["none", "one", "two", "dependent, as many as there can be", "dependent, fewer than there can be"],
)
def test_gradient_rank(laws: list[str], rank: Rank) -> None:
    assert gradient_rank(CUBE, [CUBE.parse(text) for text in laws], pl.Budget()) == rank


def test_products_are_not_independent() -> None:
    laws = complete_laws(LINEAR).basis
    products = [*laws, *(a * b for a in laws for b in laws)]
    assert gradient_rank(LINEAR, products, pl.Budget()) == Rank(3, 3)


@pytest.mark.parametrize(
    ("flow", "generators", "independent"),
    [
        (gradient("factorization:1,1,2"), 4, 3),
        (gradient("factorization:1,1,4"), 16, 7),
        (gradient("factorization:1,2,5"), 15, 12),
        (momentum("factorization:1,1,3", "tau"), 6, 6),
        (momentum("factorization:1,1,6", "tau"), 30, 18),
    ],
    ids=lambda value: f"{value.title}, {value.name}" if isinstance(value, pl.Flow) else None,
)
def test_fewer_are_independent_than_generate(flow: pl.Flow, generators: int, independent: int) -> None:
    laws = complete_laws(flow)
    assert (len(laws.generators), laws.independent) == (generators, Rank(independent, independent))


def test_homogeneous_laws_are_counted_though_none_generates() -> None:
    laws = complete_laws(CUBE, ansatz=pl.Ansatz.homogeneous(8))
    assert (laws.generators, laws.independent) == ((), Rank(2, 2))


def test_time_is_a_coordinate_of_the_gradient() -> None:
    flow = pl.PolynomialODE({"x": "1"}, time="t")
    assert gradient_rank(flow, [flow.parse("x - t")], pl.Budget()) == Rank(1, 1)


def test_parameters_are_not() -> None:
    flow = pl.PolynomialODE({"x": "k*y", "y": "-k*x"}, ["k"])
    assert gradient_rank(flow, [flow.parse("x^2 + y^2"), flow.parse("k*x^2 + k*y^2")], pl.Budget()) == Rank(1, 1)
