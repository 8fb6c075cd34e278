"""The number of laws of any kind: both bounds, their witnesses recomputed independently, and three ways to
one rank."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import InputError, UnknownNameError, VerificationError
from polylaw.laws.lie_brackets import is_linear, lie_bracket_rank
from polylaw.laws.lie_series import lie_series_rank
from polylaw.laws.witness import BracketWitness, SeriesWitness
from polylaw.report.count import CountReport
from polylaw.verbs import count as count_module
from tests.helpers import EULER_TOP, each_flow, gradient, momentum, mostly_slow
from tests.witnesses import recomputed_rank

FLOWS = [
    gradient("linear:2,2,2"),
    gradient("linear:1,2,2,1"),
    gradient("linear:2,2,2,2"),
    gradient("relu:2,2,1?bias=true"),
    gradient("nmf:2,2,1"),
    gradient("icnn:1,2,1"),
    gradient("map:x1*x2*x3"),
    gradient("map:u/v;u*w"),
    gradient("linear:2,2,2", "rates:U1=a,U2=b"),
    gradient("linear:2,1,2", weight_decay="lam"),
    momentum("linear:1,2,1", 0),
    momentum("linear:1,2,1", "2/3"),
    momentum("linear:2,2,1", "tau"),
    momentum("linear:1,2,1", "3/t"),
    momentum("nmf:1,1,1", 1),
    EULER_TOP,
    pl.PolynomialODE({"x": "k*y", "y": "-k*x"}, ["k"]),
    pl.PolynomialODE({"x": "v", "v": "-2*g*v - x"}, ["g"], time="exp(2*g*t)"),
]
flows = each_flow(FLOWS)


def state(flow: pl.Flow) -> int:
    return flow.ring.parameter_indices.start


# -- the rank --------------------------------------------------------------------------------------
@flows
def test_all_routes_reach_the_same_rank(flow: pl.Flow) -> None:
    series = lie_series_rank(flow.distribution, state(flow), pl.Budget())
    brackets = lie_bracket_rank(flow.distribution, state(flow), pl.Budget())
    assert series.rank == brackets.rank
    assert series.rank == state(flow) or (series.settled and brackets.settled)
    if is_linear(flow.distribution):
        assert (
            lie_bracket_rank(flow.distribution, state(flow), pl.Budget(), commutators=True).rank
            == series.rank
        )


@flows
def test_a_witness_can_be_recomputed_from_what_it_says(flow: pl.Flow) -> None:
    for result in (
        lie_series_rank(flow.distribution, state(flow), pl.Budget()),
        lie_series_rank(flow.distribution, state(flow), pl.Budget(), seed=1),
        lie_bracket_rank(flow.distribution, state(flow), pl.Budget()),
    ):
        assert len(result.witness.point) == flow.ring.size
        assert recomputed_rank(flow, result.witness) == result.rank == result.witness.rank


def test_a_forged_witness_shows() -> None:
    flow = gradient("linear:2,2,2")
    series = lie_series_rank(flow.distribution, state(flow), pl.Budget()).witness
    brackets = lie_bracket_rank(flow.distribution, state(flow), pl.Budget()).witness
    again = replace(series, elements=(*series.elements, (0, 1)))
    more = replace(
        brackets,
        brackets=(*brackets.brackets, (1, 0)),
        elements=(*brackets.elements, 4 + len(brackets.brackets)),
    )
    assert recomputed_rank(flow, again) < again.rank
    assert recomputed_rank(flow, more) < more.rank


def test_two_seeds_give_different_points_and_primes_and_one_rank() -> None:
    flow = gradient("linear:3,2,3")
    first, second = (lie_series_rank(flow.distribution, 12, pl.Budget(), seed=seed) for seed in (0, 1))
    assert first.rank == second.rank == 9
    assert first.witness.point != second.witness.point
    assert first.witness.prime != second.witness.prime


def test_a_target_ends_the_work_early() -> None:
    flow = gradient("linear:3,2,3")
    reached = lie_series_rank(flow.distribution, 2, pl.Budget())
    assert reached.rank >= 2
    assert not reached.settled
    assert reached.stopped == "as large as it can be"


def test_commutators_need_linear_fields() -> None:
    assert is_linear(gradient("linear:2,2,2").distribution)
    assert is_linear(momentum("linear:2,1,2", "tau").distribution)
    assert not is_linear(momentum("linear:2,1,2", 0).distribution)  # t' = 1
    with pytest.raises(
        InputError, match="route: found 'commutators', expected a flow whose fields are all linear"
    ):
        pl.count_laws(gradient("linear:1,1,1,1"), route="commutators")


# -- the count -------------------------------------------------------------------------------------
@flows
@pytest.mark.parametrize("route", mostly_slow(["series", "brackets"], "series"))
def test_bounds_are_in_order_and_proved(flow: pl.Flow, route: str) -> None:
    count = pl.count_laws(flow, route=route)
    assert count.lower <= count.upper == count.state - count.lie_rank
    assert recomputed_rank(flow, count.witness) == count.lie_rank
    assert isinstance(count.witness, SeriesWitness if route == "series" else BracketWitness)
    assert count.laws.complete
    assert count.exact == (count.lower == count.upper)


def test_a_gap_is_shown_with_what_was_tried() -> None:
    count = pl.count_laws(pl.PolynomialODE({"x": "x - y", "y": "x*y"}))
    assert (count.lower, count.upper, count.exact, count.settled) == (0, 1, False, True)
    assert count.laws.solved.top == 4
    assert [step.split(":")[0] for step in count.tried] == [
        "polynomial laws of degree <= 2",
        "Lie algebra at a random point mod 4194301",
        "Lie algebra at a random point mod 4194287",
        "laws made of Darboux polynomials of degree <= 2",
        "polynomial laws of degree <= 3",
        "polynomial laws of degree <= 4",
        "laws of degree <= 3 with logarithms of Darboux polynomials of degree <= 2",
        "laws of degree <= 3 with logarithms and inverses of Darboux polynomials of degree <= 2",
    ]
    assert (str(count), repr(count)) == ("0 to 1", "Count(lower=0, upper=1)")


def test_the_degree_grows_until_the_bounds_meet() -> None:
    flow = pl.GradientFlow(pl.models.homogeneous(1, 1, 1, p=5))
    assert pl.count_laws(flow).laws.solved.top == 2
    flow = pl.PolynomialODE({"x": "x", "y": "-3*y"})  # x^3 y
    assert pl.count_laws(flow, 1).lower == 1  # x and y are Darboux polynomials
    alone = pl.Budget(max_quick_variables=1)
    assert [pl.count_laws(flow, degree, budget=alone).lower for degree in (1, 2, 3, 4)] == [0, 0, 0, 1]
    count = pl.count_laws(flow, 9, budget=alone)
    assert (count.lower, count.upper, count.laws.solved.top) == (1, 1, 4)


def test_degree_one_can_be_enough() -> None:
    count = pl.count_laws(gradient("nmf:2,2,1"), 1)
    assert (count.lower, count.upper) == (2, 2)
    assert count.laws.solved.top == 1


def test_dead_and_lonely_parameters_are_counted() -> None:
    flow = pl.GradientFlow(pl.models.from_map(["u", "v", "w"], ["u*v"]))
    assert pl.count_laws(flow).lower == pl.count_laws(flow).upper == 2
    still = pl.GradientFlow(pl.models.from_map(["u", "v"], ["3"]))
    assert (pl.count_laws(still).lower, pl.count_laws(still).upper) == (2, 2)


def test_time_is_part_of_the_state() -> None:
    count = pl.count_laws(momentum("linear:3,2,3", 0))
    assert (count.state, count.lie_rank, count.lower, count.upper) == (25, 24, 1, 1)


def test_what_the_budget_leaves() -> None:
    flow = gradient("linear:2,3,2")
    late = pl.count_laws(flow, budget=pl.Budget(max_seconds=1e-9))
    assert (late.lower, late.upper, late.lie_rank) == (0, 12, 0)
    assert all("max_seconds" in step for step in late.tried)
    small = pl.count_laws(flow, budget=pl.Budget(max_unknowns=1))
    assert (small.lower, small.upper) == (0, 6)


@pytest.mark.parametrize("degree", [0, -1, 201, 2.5, True, "3"])
def test_degrees_are_checked(degree: Any) -> None:
    with pytest.raises(InputError, match="degree: found"):
        pl.count_laws(gradient("linear:2,2"), degree)


def test_other_arguments_are_checked() -> None:
    with pytest.raises(
        UnknownNameError, match="route: found 'magic', expected one of series, brackets, commutators"
    ):
        pl.count_laws(gradient("linear:2,2"), route="magic")
    with pytest.raises(InputError, match="flow: found"):
        pl.count_laws("linear:2,2")  # type: ignore[arg-type]


def test_a_search_that_fails_lowers_no_bound() -> None:
    """Room for the laws of degree 2, and not for the system of degree 3."""
    count = pl.count_laws(gradient("nmf:1,2,1"), 3, budget=pl.Budget(max_entries=30))
    assert (count.lower, count.upper, count.laws.complete) == (2, 3, True)
    assert [("undecided" in line) for line in count.tried if line.startswith("polynomial laws")] == [
        False,
        True,
    ]


# -- lines that the bounds rest on -------------------------------------------------------------------
def ranks(*known: int) -> Any:
    """A route to the Lie algebra that finds these ranks, one for each seed."""

    def route(flow: pl.Flow, target: int, budget: pl.Budget, seed: int, progress: Any) -> Any:
        witness = SimpleNamespace(rank=known[seed], prime=101 + seed)
        return SimpleNamespace(rank=known[seed], witness=witness, stopped="", settled=True)

    return route


def test_bounds_that_cross_are_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(count_module._ROUTES, "series", ranks(3, 3))
    with pytest.raises(VerificationError, match="at least 2, at most 1"):
        pl.count_laws(gradient("nmf:1,2,1"), 2)


def test_the_largest_rank_is_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(count_module._ROUTES, "series", ranks(0, 1))
    assert pl.count_laws(gradient("nmf:1,2,1"), 2).upper == 3


@pytest.mark.parametrize(
    ("spec", "local"), [("nmf:1,2,1", True), ("map:x;x^2", False), ("linear:2,1,2", False)]
)
def test_one_field_that_moves_has_a_flow_box(spec: str, local: bool) -> None:
    assert pl.count_laws(gradient(spec), 2).local is local


def test_what_does_not_move_has_no_flow_box() -> None:
    late = pl.count_laws(gradient("nmf:1,2,1"), budget=pl.Budget(max_seconds=1e-9))
    assert (late.lie_rank, late.local) == (0, False)


def test_functions_that_give_no_more_laws_are_not_shown() -> None:
    count = pl.count_laws(gradient("nmf:1,2,1"), 2, augment=["log(U_1_1)"])
    assert (count.lower, count.augmented) == (2, None)
    assert pl.count_laws(gradient("nmf:1,2,1"), 3, augment=["log(*)"]).augmented is not None


def test_darboux_polynomials_that_give_no_more_laws_are_not_shown() -> None:
    """x y is a law, and y^2 z/x another; the second is not a polynomial."""
    flow = pl.PolynomialODE({"x": "x", "y": "-y", "z": "z^2 + x"})
    count = pl.count_laws(flow, 2)
    assert (count.lower, count.upper, count.darboux) == (1, 2, ())
    assert any(step.startswith("laws made of Darboux polynomials") for step in count.tried)


def test_logarithms_of_darboux_polynomials_are_tried_before_a_gap_is_told() -> None:
    """The metric diag(theta) has a law with logarithms, and nothing else that is new."""
    count = pl.count_laws(gradient("nmf:1,2,1"))
    assert (count.exact, count.lower) == (True, 3)
    assert count.augmented is not None
    assert count.augmented.flow.functions == ("log(U_1_1)", "log(U_1_2)", "log(V_1_1)", "log(V_1_2)")
    assert (
        count.tried[-1]
        == "laws of degree <= 3 with logarithms of Darboux polynomials of degree <= 2: 3 independent"
    )


def test_kinds_without_a_law_are_named() -> None:
    lorenz = pl.PolynomialODE({"x": "10*(y - x)", "y": "x*(28 - z) - y", "z": "x*y - 8/3*z"})
    count = pl.count_laws(lorenz)
    assert count.excluded == (
        "polynomial laws of degree <= 4", "laws made of Darboux polynomials of degree <= 2"
    )  # fmt: skip
    lines = CountReport(count, "lorenz").lines()
    assert lines[-2] == f"there is none of these kinds: {'; '.join(count.excluded)}"
    short = pl.count_laws(lorenz, budget=pl.Budget(max_quick_terms=1))
    assert short.excluded == ("polynomial laws of degree <= 4",)


def test_a_search_that_is_not_complete_excludes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from polylaw.domains.darboux import search as darboux
    from polylaw.domains.elementary import search as elementary

    flow, true = (
        pl.PolynomialODE({"x": "x - y", "y": "x*y"}),
        (darboux.generic_darboux, elementary.find_laws_with),
    )
    assert len(pl.count_laws(flow).excluded) == 3
    monkeypatch.setattr(darboux, "generic_darboux", lambda *a: replace(true[0](*a), undecided="time"))
    monkeypatch.setattr(
        elementary, "find_laws_with", lambda *a, **k: replace(true[1](*a, **k), undecided="time")
    )
    assert pl.count_laws(flow).excluded == ("polynomial laws of degree <= 4",)


def test_what_may_take_long_is_left_out_unless_asked_for() -> None:
    flow, small = gradient("nmf:1,2,1"), pl.Budget(max_quick_unknowns=1, max_quick_terms=1)
    count = pl.count_laws(flow, budget=small)
    assert count.laws.solved.top == 2
    assert count.tried[-2:] == (
        "laws made of Darboux polynomials of degree <= 2: left out, they may take long "
        "(polylaw darboux; max_quick_terms 1)",
        "polynomial laws of degree <= 3: left out, they may take long (--degree 3; max_quick_unknowns 1)",
    )
    assert pl.count_laws(flow, 3, budget=small).laws.solved.top == 3
