"""Level sets of laws: dimension, degree, singular points."""

from __future__ import annotations

from dataclasses import replace

import pytest

import polylaw as pl
from polylaw.report import FORMATS
from polylaw.report.relations import RelationsReport
from tests.helpers import OSCILLATOR, gradient

RING = pl.Ring(["x", "y", "z"])

#: laws, point: (dimension, degree, rank at the point, regular or singular there, dimension of the singular
#: points)
SETS = {
    ("x^2 + y^2", "x=1"): (2, 2, 1, "regular", -1),
    ("x^2 + y^2", ""): (2, 2, 0, "singular", 1),
    ("x^2 + y^2 + z^2", ""): (2, 2, 0, "singular", 0),
    ("x*y*z", "x=1"): (2, 3, 0, "singular", 1),
    ("x*y*z", "x=1, y=2, z=1/2"): (2, 3, 1, "regular", -1),
    ("y^2 - x^3", ""): (2, 3, 0, "singular", 1),
    ("y^2 - x^3", "x=1, y=1"): (2, 3, 1, "regular", 1),
    ("x^2", ""): (2, 2, 0, "singular", 2),
    ("x; y^2 + z^2", "y=3/5, z=4/5"): (1, 2, 2, "regular", -1),
}


@pytest.mark.parametrize(("laws", "point"), SETS)
def test_sets(laws: str, point: str) -> None:
    found = pl.level_set([RING.parse(text) for text in laws.split(";")], point)
    got = (found.dimension, found.degree, found.rank_at_point, found.at_point, found.singular_dimension)
    assert got == SETS[laws, point]


def test_level_sets_of_a_linear_network() -> None:
    laws = pl.find_laws(gradient("linear:2,2,2"))
    balanced = pl.level_set(laws, "U1_1_1=1, U1_2_2=1, U2_1_1=1, U2_2_2=1")
    assert (balanced.values, balanced.at_point, balanced.singular_dimension) == ((0, 0, 0), "regular", 4)
    one_neuron = pl.level_set(laws, {"U1_1_1": 1, "U2_1_1": 1})
    assert (one_neuron.values, one_neuron.rank_at_point, one_neuron.at_point) == ((0, 0, 0), 2, "singular")
    generic = pl.level_set(laws, "U1_1_1=1, U1_2_2=2, U2_1_1=1/2")
    assert (generic.dimension, generic.at_point, generic.singular_dimension) == (5, "regular", -1)


def test_dependent_laws_and_a_level_of_larger_dimension() -> None:
    laws = pl.find_laws(gradient("linear:1,2,1"))
    assert (pl.level_set(laws, "U1_1_1=1").dimension, pl.level_set(laws, "U1_1_1=1").at_point) == (
        1,
        "regular",
    )
    origin = pl.level_set(laws, "")
    assert (origin.dimension, origin.codimension, origin.generic.lower, origin.at_point) == (
        2,
        2,
        3,
        "singular",
    )


def test_rank_between_codimension_and_generic_rank_decides_nothing() -> None:
    # generic level sets are points, where the rank is 3; this one is the z axis
    found = pl.level_set([RING.parse("x"), RING.parse("y^2"), RING.parse("y*z")], "z=1")
    assert (found.rank_at_point, found.codimension, found.at_point) == (2, 2, "undecided")


def test_the_clock_is_never_0() -> None:
    laws = pl.find_laws(gradient("linear:1,1,1", weight_decay=1))
    found = pl.level_set(laws, "U1_1_1=1, U2_1_1=1")
    assert (found.values, found.dimension, found.degree, found.singular_dimension) == ((0,), 2, 2, 1)


def test_parameters_and_time() -> None:
    flow = OSCILLATOR
    laws = pl.find_laws(flow)
    found = pl.level_set(laws, "x=1, g=1, w2=2")
    assert (found.values, found.dimension, found.at_point) == ((2,), 2, "regular")
    with pytest.raises(pl.PolylawError, match="a value of every parameter; for example w2=1"):
        pl.level_set(laws, "x=1, g=1")


BAD = [
    ("w=1", "a variable"),
    ("x=one", "a rational number"),
    ("x", "names with values, such as x=1,y=1/2"),
    ("x=1, x=2", "each name once"),
]


@pytest.mark.parametrize(("point", "why"), BAD)
def test_bad_points_are_refused(point: str, why: str) -> None:
    with pytest.raises(pl.PolylawError, match=why):
        pl.level_set([RING.parse("x^2")], point)


def test_singular_points_that_take_too_long_are_undecided() -> None:
    """What is known of the set is told all the same."""
    laws = pl.find_laws(gradient("linear:2,2,2"))
    found = replace(pl.level_set(laws, "U1_1_1=1, U2_1_1=1"), budget=pl.Budget(max_seconds=1e-9))
    assert (found.dimension, found.degree, found.at_point, found.singular_dimension) == (
        5,
        8,
        "singular",
        None,
    )
    text = FORMATS["text"](RelationsReport(laws, level=found))
    assert "undecided at which of its points the rank is less than 3: max_seconds: found 1e-09" in text
    assert RelationsReport(laws, level=found).data()["level_set"]["singular_dimension"] is None


def test_equations_that_are_singular_need_not_make_a_singular_set() -> None:
    """x^2*y = 0 is the line x = 0 near x = 0, y = 1."""
    laws = pl.find_laws(pl.PolynomialODE({"x": "x", "y": "-2*y"}), 3)
    level = pl.level_set(laws, "y=1")
    assert (level.at_point, level.is_radical) == ("singular", False)
    text = FORMATS["text"](RelationsReport(laws, level=level))
    assert "the equations are singular at the point" in text
    assert "the ideal of the equations is not radical, so the set may be smooth there" in text
    cusp = pl.level_set([RING.parse("y^2 - x^3")], "")
    assert (cusp.at_point, cusp.is_radical) == ("singular", True)
