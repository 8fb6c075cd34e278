"""Bounds on work: hitting one is an answer that names the bound, never an error and never a hang."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import polylaw as pl
from polylaw.domains.findings import Findings
from polylaw.errors import BudgetError, InputError
from polylaw.laws.independence import Rank, gradient_rank
from polylaw.report import FORMATS
from polylaw.report.laws import LawsReport
from tests.helpers import CUBE, complete_laws, gradient


@pytest.mark.parametrize("name", ["max_seconds", "max_unknowns", "max_entries", "max_steps"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), "3"])
def test_bounds_are_positive_numbers(name: str, value: Any) -> None:
    with pytest.raises(InputError, match=name):
        pl.Budget(**{name: value})


@pytest.mark.parametrize("name", ["max_unknowns", "max_entries"])
def test_only_time_may_be_unbounded(name: str) -> None:
    assert pl.Budget(max_seconds=None).max_seconds is None
    with pytest.raises(InputError, match=name):
        pl.Budget(**{name: None})


def test_checks_raise_beyond_the_bound_only() -> None:
    budget = pl.Budget(max_unknowns=10, max_entries=20)
    budget.check("anything")
    budget.check_unknowns(10)
    budget.check_entries(20)
    with pytest.raises(BudgetError, match="max_unknowns: found 10, expected room for 11 unknowns"):
        budget.check_unknowns(11)
    with pytest.raises(BudgetError, match="max_entries: found 20, expected room for 21 matrix entries"):
        budget.check_entries(21)


def test_time_counts_while_working_once_however_deeply_nested() -> None:
    budget = pl.Budget(max_seconds=1e-9)
    assert budget.seconds == 0
    budget.check("what is done outside")
    with (
        budget.working(),
        budget.working(),
        pytest.raises(BudgetError, match="more time for the search; raise --max-seconds"),
    ):
        budget.check("the search")
    spent = budget.seconds
    assert 0 < spent == budget.seconds


def test_a_share_of_the_time_leaves_the_rest() -> None:
    budget = pl.Budget(max_seconds=3600)
    with budget.working(1e-15):
        with pytest.raises(BudgetError):
            budget.check("the search")
        with budget.working():
            budget.check("names")
        with pytest.raises(BudgetError):
            budget.check("the search again")


BOUNDS = [{"max_unknowns": 1}, {"max_entries": 1}, {"max_seconds": 1e-9}]
bounds = pytest.mark.parametrize("bound", BOUNDS, ids=[next(iter(bound)) for bound in BOUNDS])


@bounds
def test_a_search_says_which_bound_was_hit(bound: dict[str, Any]) -> None:
    laws = pl.find_laws(CUBE, 4, budget=pl.Budget(**bound))
    assert not laws.complete
    assert laws.undecided.startswith(next(iter(bound)))
    assert (laws.basis, laws.generators, laws.evidence, str(laws.independent)) == ((), (), None, "0")
    assert str(laws.ansatz) == "degree <= 4"
    assert "undecided: max_" in repr(laws)


def test_a_search_too_large_holds_the_laws_of_the_largest_degree_in_reach() -> None:
    laws = pl.find_laws(CUBE, 5, budget=pl.Budget(max_unknowns=20))
    lower = complete_laws(CUBE, 3)
    assert not laws.complete
    assert laws.undecided.endswith("complete for degree <= 3")
    assert (laws.basis, laws.generators) == (lower.basis, lower.generators)
    assert (laws.ansatz.top, laws.solved.top) == (5, 3)


def test_a_bound_that_is_not_hit_changes_nothing() -> None:
    roomy = pl.Budget(max_seconds=600, max_unknowns=55, max_entries=10_000)
    assert complete_laws(CUBE, 5, budget=roomy).basis == complete_laws(CUBE, 5).basis


@pytest.mark.parametrize("bound", BOUNDS[1:], ids=["max_entries", "max_seconds"])
def test_a_check_says_which_bound_was_hit(bound: dict[str, Any]) -> None:
    verdict = pl.check_law(CUBE, "x1^2 - x3^2", budget=pl.Budget(**bound))
    assert isinstance(verdict, pl.Undecided)
    assert verdict.reason.startswith(next(iter(bound)))
    assert str(verdict.law) == "x1^2 - x3^2"


def test_a_refutation_stands_though_no_law_can_be_found_near_it() -> None:
    verdict = pl.check_law(CUBE, "x1^2 + x3^2", budget=pl.Budget(max_unknowns=1))
    assert isinstance(verdict, pl.Refuted)
    assert verdict.nearest == ()


def test_after_the_search_time_bounds_generators_independence_and_names() -> None:
    flow = gradient("linear:2,3,2")
    timeless = complete_laws(flow, 4)
    late = replace(timeless, budget=pl.Budget(max_seconds=1e-9))
    with pytest.raises(BudgetError, match="more time for generators"):
        _ = late.generators
    with pytest.raises(BudgetError, match="more time for generators"):
        pl.name_laws(late)
    assert gradient_rank(flow, timeless.generators, pl.Budget()) == Rank(6, 6)
    with (budget := pl.Budget(max_seconds=1e-9)).working():
        assert gradient_rank(flow, timeless.generators, budget) == Rank(0, 6)


def test_a_report_out_of_time_tells_what_is_known() -> None:
    laws = complete_laws(gradient("linear:2,1,2"), 2)
    found = Findings.of(replace(laws, budget=pl.Budget(max_seconds=1e-9)))
    assert (found.generators, found.independent, found.named, found.rest) == (
        None,
        None,
        [],
        list(laws.basis),
    )
    assert found.undecided == (
        "max_seconds: found 1e-09, expected more time for generators; "
        "raise --max-seconds or lower the degree",
    )
    report = LawsReport(found, "linear:2,1,2")
    text, data = FORMATS["text"](report), report.data()
    assert "1 law   complete: no other law of degree <= 2" in text
    assert "undecided: max_seconds" in text
    assert str(laws.basis[0]) in text
    assert (data["generators"], data["complete"], data["basis"]) == (None, True, [str(laws.basis[0])])
    assert data["undecided"] == found.undecided[0]
