"""What results are as truth values: yes is true, no is false, undecided is neither."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.domains.geometry.variety import Variety
from polylaw.errors import UndecidedError
from polylaw.laws.independence import Rank
from polylaw.testing import Drift, StepReport, enclosed_drift, random_drive
from polylaw.truth import Answer
from tests.helpers import ALL_WIDTHS, gradient

CIRCLE = pl.PolynomialODE({"x": "y", "y": "-x"})
SETTLING = pl.PolynomialODE({"x": "y", "y": "y"})
GROWTH = pl.PolynomialODE({"x": "x"})
LINEAR = pl.GradientFlow(pl.models.linear(2, 1, 2))
SHAPED = ALL_WIDTHS
HURRIED = pl.Budget(max_unknowns=1)

YES: dict[str, Callable[[], Any]] = {
    "a law": lambda: pl.check_law(CIRCLE, "x^2 + y^2"),
    "a law of functions": lambda: pl.check_law(CIRCLE, "log(x^2 + y^2)"),
    "a law on a set": lambda: pl.check_law(SETTLING, "x", on="y = 0"),
    "words": lambda: pl.check_law(SHAPED, "U1' U1 - U2 U2'"),
    "an invariant set": lambda: Variety.of(CIRCLE, "x^2 + y^2 = 1").invariance,
    "laws": lambda: pl.find_laws(CIRCLE),
    "laws on a set": lambda: pl.find_laws(SETTLING, on=["y = 0"]),
    "laws with functions": lambda: pl.find_laws(CIRCLE, 2, augment=["log(x^2 + y^2)"]),
    "laws of words": lambda: pl.find_laws(SHAPED),
    "Darboux": lambda: pl.find_laws(CIRCLE, 1, kind="darboux"),
    "an expression": lambda: pl.express("(x^2 + y^2)^2", pl.find_laws(CIRCLE)),
    "relations": lambda: pl.relations([CIRCLE.polynomial("x"), CIRCLE.polynomial("x^2")]),
    "a count": lambda: pl.count_laws(CIRCLE),
    "a rank": lambda: Rank(1, 2),
    "a drift": lambda: Drift("x", "rk4", 0.0, 0.0, 1.0, None),
    "a step": lambda: StepReport("x", 0.0, 0.0, 1.0, sight=0.0),
}
NO: dict[str, Callable[[], Any]] = {
    "a law": lambda: pl.check_law(CIRCLE, "x^2 - y^2"),
    "a law of functions": lambda: pl.check_law(CIRCLE, "log(x^2 + 2*y^2)"),
    "a law on a set": lambda: pl.check_law(CIRCLE, "x", on="x^2 + y^2 = 1"),
    "words": lambda: pl.check_law(SHAPED, "U1' U1 - 2 U2 U2'"),
    "an invariant set": lambda: Variety.of(CIRCLE, "x = 1").invariance,
    "laws": lambda: pl.find_laws(GROWTH),
    "laws on a set": lambda: pl.find_laws(GROWTH, on=["x = 0"]),
    "laws with functions": lambda: pl.find_laws(GROWTH, 2, augment=["log(x)"]),
    "laws of words": lambda: pl.find_laws(SHAPED, 1),
    "Darboux": lambda: pl.find_laws(gradient("map:x;y"), 1, kind="darboux"),
    "an expression": lambda: pl.express("x", pl.find_laws(CIRCLE)),
    "relations": lambda: pl.relations([CIRCLE.polynomial("x"), CIRCLE.polynomial("y")]),
    "a count": lambda: pl.count_laws(GROWTH),
    "a rank": lambda: Rank(0, 0),
    "a drift": lambda: Drift("x", "rk4", 2.0, 0.0, 1.0, None),
    "a drift that is not a number": lambda: Drift("x", "rk4", float("nan"), 0.0, 1.0, None),
    "a step": lambda: StepReport("x", 2.0, 0.0, 1.0, sight=0.0),
    "an enclosure": lambda: enclosed_drift(GROWTH.polynomial("x"), random_drive(GROWTH), Fraction(1, 4)),
}
UNDECIDED: dict[str, Callable[[], Any]] = {
    "a law": lambda: pl.Undecided(CIRCLE.polynomial("x"), "time was over"),
    "laws": lambda: pl.find_laws(GROWTH, 3, budget=HURRIED),
    "a count": lambda: pl.count_laws(pl.PolynomialODE({"x": "x - y", "y": "x*y"})),
    "Darboux": lambda: pl.find_laws(pl.PolynomialODE({"x": "y", "y": "-2*x + 3*y^3"}), 1, kind="darboux"),
    # log(y) + 1/(2*x^2) is a law made of the Darboux polynomials x and y, of a form that is not tried
    "Darboux, all of them": lambda: pl.find_laws(
        pl.PolynomialODE({"x": "x^3*w", "y": "y*w", "w": "w^2 + x + y + 1"}), 2, kind="darboux"
    ),
    "a rank": lambda: Rank(0, 2),
    "an enclosure": lambda: enclosed_drift(
        CIRCLE.polynomial("x^2 + y^2"), random_drive(CIRCLE), Fraction(1, 4)
    ),
}


@pytest.mark.parametrize("case", YES)
def test_yes_is_true(case: str) -> None:
    assert bool(YES[case]()) is True


@pytest.mark.parametrize("case", NO)
def test_no_is_false(case: str) -> None:
    assert bool(NO[case]()) is False


@pytest.mark.parametrize("case", UNDECIDED)
def test_undecided_has_no_truth_value(case: str) -> None:
    with pytest.raises(UndecidedError, match="found 'undecided'"):
        bool(UNDECIDED[case]())


def test_the_reason_is_told() -> None:
    with pytest.raises(UndecidedError, match="time was over"):
        bool(UNDECIDED["a law"]())


def test_every_result_class_says_what_it_answers() -> None:
    """A class that answers nothing would be true whatever it holds."""
    classes = Answer.__subclasses__()
    assert {cls.__name__ for cls in classes} >= {
        "Proved",
        "Refuted",
        "Undecided",
        "Invariance",
        "LawSpace",
    }
    for cls in classes:
        assert "_answer" in vars(cls), cls


def test_a_count_compares_with_numbers() -> None:
    one = pl.count_laws(CIRCLE)
    assert one == 1
    assert one == np.int64(1)
    assert one != 2
    assert hash(one) == hash(1)
    assert {1: "one"}[one] == "one"  # type: ignore[index]
    assert one != "1"


def test_bounds_that_do_not_meet_compare_only_with_what_is_outside() -> None:
    between = Rank(2, 4)
    assert between != 1
    assert between != 5
    for inside in (2, 3, 4):
        with pytest.raises(UndecidedError, match="2 to 4"):
            assert between == inside
    assert between == Rank(2, 4)
    assert hash(between) == hash(Rank(2, 4))
    assert between != Rank(2, 3)
    assert Rank(1, 1) == pl.count_laws(LINEAR) == 1
