"""Invariant sets: proved, refuted with a witness; laws on them; claims on them."""

from __future__ import annotations

from fractions import Fraction

import pytest

import polylaw as pl
from polylaw.domains.geometry import local_count
from polylaw.domains.geometry.points import rational_point
from polylaw.errors import InputError
from tests.helpers import gradient, momentum, span_dimension

CIRCLE = {"x": "-y", "y": "x"}

#: (right-hand side, constraints, by), by as in `Invariance`
INVARIANT = [
    (CIRCLE, ["x^2 + y^2 = 1"], "ideal"),
    (CIRCLE, ["(x^2 + y^2)^2 = 0"], "ideal"),
    ({"x": "x*y", "y": "1"}, ["x^2 = 0"], "ideal"),
    ({"x": "x + y^2", "y": "y"}, ["x^2 = 0", "y^2 = 0"], "ideal"),
    ({"x": "y", "y": "x"}, ["x^3 = 0", "y = 0"], "radical"),
    ({"x": "-y", "y": "x", "z": "0"}, ["x^4 = 0", "y^3 = 0", "z = 1"], "radical"),
]

#: (right-hand side, constraint, the element of the ideal that does not stay 0)
NOT_INVARIANT = [
    (CIRCLE, "x = 0", "x"),
    (
        {"x": "y", "y": "1"},
        "x^2 = 0",
        "x*y",
    ),  # X f vanishes on the set for f = x^2, and still trajectories leave
    ({"x": "1", "y": "y"}, "x*y = 0", "x*y"),
]


@pytest.mark.parametrize(("rhs", "on", "by"), INVARIANT)
def test_invariant(rhs: dict[str, str], on: list[str], by: str) -> None:
    result = pl.Variety.of(pl.PolynomialODE(rhs), on).invariance
    assert (result.holds, result.by, result.text) == (True, by, "")


@pytest.mark.parametrize(("rhs", "on", "leaving"), NOT_INVARIANT)
def test_not_invariant_with_a_point_where_a_trajectory_leaves(
    rhs: dict[str, str], on: str, leaving: str
) -> None:
    flow = pl.PolynomialODE(rhs)
    variety = pl.Variety.of(flow, on)
    result = variety.invariance
    assert not result.holds
    assert str(result.equation) == leaving
    assert result.witness is not None
    assert result.residual is not None
    point = {flow.ring.index(name): value for name, value in result.witness.items()}
    assert all(f(point) == 0 for f in variety.equations)
    assert result.equation is not None
    assert result.equation(point) == 0
    assert flow.distribution.fields[0](result.equation)(point) == result.value == result.residual(point) != 0
    with pytest.raises(pl.PolylawError, match="expected an invariant set; the derivative of"):
        pl.find_laws(flow, on=on)


def test_without_a_rational_point_the_refutation_says_so() -> None:
    result = pl.Variety.of(pl.PolynomialODE({"x": "1"}), "x^2 = 2").invariance
    assert not result.holds
    assert result.witness is None
    assert "no rational one was found" in result.text


@pytest.mark.parametrize("on", [["x = 0", "x = 1"], ["1 = 0"]])
def test_contradictions_are_refused(on: list[str]) -> None:
    with pytest.raises(pl.PolylawError, match="contradict each other"):
        pl.Variety.of(pl.PolynomialODE(CIRCLE), on)


def test_no_constraint_is_refused() -> None:
    with pytest.raises(pl.PolylawError, match="at least one equation"):
        pl.Variety.of(pl.PolynomialODE(CIRCLE), [])


def test_at_rest_only_critical_points_stay() -> None:
    variety = pl.Variety.of(momentum("linear:1,1,1", "tau"), "at rest")
    assert not variety.invariance.holds
    assert {str(p) for p in variety.closure.basis().polynomials} == {"U1_1_1", "U2_1_1", "dU1_1_1", "dU2_1_1"}


@pytest.mark.parametrize("degree", [2, 3, 4])
def test_nothing_is_new_on_the_balanced_weights_of_linear_2_2_2(degree: int) -> None:
    laws = pl.find_laws(gradient("linear:2,2,2"), degree, on="U1'*U1 = U2*U2'")
    assert (
        laws.variety.invariance.by,
        laws.variety.dimension,
        laws.dimension,
        laws.new,
        laws.restricted,
    ) == ("ideal", 5, 0, (), ())
    near = laws.near
    assert near is not None
    assert (near.dimension, near.lie_rank, near.lower, near.upper) == (5, 5, 0, 0)


@pytest.mark.slow
def test_balanced_weights_of_linear_2_3_2_keep_the_common_kernel_of_their_factors() -> None:
    """U1^T U1 = U2 U2^T has rank at most 2, so U1 and U2^T share a kernel, which is constant: two laws, not
    polynomial."""
    laws = pl.find_laws(gradient("linear:2,3,2"), on="balanced")
    assert (laws.variety.dimension, laws.dimension) == (7, 0)
    assert laws.near is not None
    assert (laws.near.dimension, laws.near.lie_rank, laws.near.upper) == (7, 5, 2)


def test_the_clock_is_never_0() -> None:
    """exp(2*lam*t)*h = 0 is h = 0: no component on which the clock vanishes."""
    flow = gradient("linear:2,2,2", weight_decay="lam")
    on = pl.Variety.of(flow, "balanced")
    assert on.ideal == pl.Variety.of(flow, "U1'*U1 = U2*U2'").ideal
    assert on.dimension == 6


def test_one_level_leaves_the_other_laws() -> None:
    flow = gradient("linear:2,2,2")
    h = pl.find_laws(flow).generators
    laws = pl.find_laws(flow, on=f"{h[0]} = 1")
    assert span_dimension([*laws.restricted, *h[1:]]) == 2
    assert laws.new == ()
    assert laws.near is not None
    assert (laws.near.lower, laws.near.upper) == (2, 2)


def test_a_law_with_a_nonreduced_set() -> None:
    flow = pl.PolynomialODE({"x": "y", "y": "x", "z": "x*z"})
    laws = pl.find_laws(flow, on=["x^3 = 0", "y = 0"])
    assert laws.variety.invariance.by == "radical"
    assert "z" in {str(h) for h in laws.new}


def test_parameters_stay_symbols() -> None:
    flow = pl.PolynomialODE({"x": "a*y", "y": "-b*x", "z": "x*z^2 + x"}, ["a", "b"])
    laws = pl.find_laws(flow, on="z^2 = -1")
    assert {str(h) for h in laws.basis} >= {"b*x^2 + a*y^2", "z"}
    with pytest.raises(pl.PolylawError, match="constraints without parameters"):
        pl.find_laws(flow, on="b*x^2 + a*y^2 = 1")
    assert isinstance(pl.check_law(flow, "b*x^2 + a*y^2", on="b*x^2 + a*y^2 = 1"), pl.Proved)


def test_special_parameters_are_constraints_for_claims() -> None:
    flow = pl.PolynomialODE({"x": "a*y", "y": "-b*x"}, ["a", "b"])
    assert isinstance(pl.check_law(flow, "x^2 + y^2"), pl.Refuted)
    assert isinstance(pl.check_law(flow, "x^2 + y^2", on="a = b"), pl.Proved)
    assert pl.Variety.of(flow, "a = b").dimension == 2


def test_an_ansatz_that_reduction_leaves_is_refused() -> None:
    flow = pl.PolynomialODE(CIRCLE)
    with pytest.raises(pl.PolylawError, match=r"does not leave; x\^2 is -y\^2 \+ 1 on the set"):
        pl.find_laws(flow, on="x^2 + y^2 = 1", ansatz=pl.Ansatz.of(["x^2"]))


# -- claims ----------------------------------------------------------------------------------------
def test_claims_on_a_set() -> None:
    flow = pl.PolynomialODE({"x": "x*y", "y": "-x^2", "z": "(x^2 + y^2 - 1)*z + x*w", "w": "0"})
    on = ["x^2 + y^2 = 1", "w = 0"]
    assert isinstance(pl.check_law(flow, "z"), pl.Refuted)
    assert pl.check_law(flow, "z", on=on) == pl.Proved(flow.parse("z"))
    assert pl.check_law(flow, "x^2 + y^2", on=on) == pl.Proved(flow.parse("x^2 + y^2"), trivial=True)
    verdict = pl.check_law(flow, "z + x", on=on)
    assert isinstance(verdict, pl.Refuted)
    point = {flow.ring.index(name): value for name, value in verdict.witness.items()}
    assert all(f(point) == 0 for f in pl.Variety.of(flow, on).equations)
    assert flow.distribution.fields[0](verdict.law)(point) == verdict.value != 0


def test_claims_on_the_balanced_weights() -> None:
    flow = gradient("linear:2,2,2")
    assert isinstance(pl.check_law(flow, "U1_1_1^2", on="balanced"), pl.Refuted)
    with pytest.raises(pl.PolylawError, match="expected an invariant set"):
        pl.check_law(flow, "U1_1_1^2", on="U1'*U1 = 1")


def test_a_claim_without_a_rational_witness_is_undecided() -> None:
    verdict = pl.check_law(pl.PolynomialODE(CIRCLE), "x", on="x^2 + y^2 = 3")
    assert isinstance(verdict, pl.Undecided)
    assert "no rational point was found" in verdict.reason


def test_time_over_is_undecided() -> None:
    verdict = pl.check_law(
        gradient("linear:2,2,2"), "U1_1_1^2", on="balanced", budget=pl.Budget(max_seconds=1e-9)
    )
    assert isinstance(verdict, pl.Undecided)
    assert "max_seconds" in verdict.reason


# -- points ----------------------------------------------------------------------------------------
def test_rational_points() -> None:
    ring = pl.Ring(["x", "y", "z"])
    circle = ring.parse("x^2 + y^2 - 1")
    assert rational_point([circle], ring.parse("x*y")) == {0: Fraction(3, 5), 1: Fraction(4, 5)}
    assert rational_point([ring.parse("x^2 - 2")]) is None
    assert rational_point([circle], ring.parse("x^2 + y^2 - 1")) is None
    assert rational_point([ring.parse("2*x - 3"), ring.parse("y^2 - x + 1/2")]) == {0: Fraction(3, 2), 1: 1}


def test_laws_are_counted_from_below_only_where_the_set_is_a_manifold() -> None:
    """Four equations of rank 2: that the set has dimension 2 there is not seen from their gradients."""
    near = pl.find_laws(gradient("linear:1,2,1"), on="balanced").near
    assert near is not None
    assert (near.dimension, near.lie_rank, near.lower, near.upper, near.smooth) == (2, 1, 0, 1, False)
    near = pl.find_laws(pl.PolynomialODE({"x": "0", "y": "0", "z": "0"}), 1, on="z^2 = 0").near
    assert near is not None
    assert (near.dimension, near.lie_rank, near.lower, near.upper) == (2, 0, 2, 2)
    still = pl.PolynomialODE({"x": "0", "y": "0", "z": "0"})
    near = pl.find_laws(still, 1, on=["y = 0", "z = 0", "y + z = 0"]).near
    assert near is not None
    assert (near.dimension, near.lower, near.upper, near.smooth) == (1, 0, 1, False)


def test_a_derivative_that_is_nilpotent_on_the_equations_vanishes() -> None:
    """x' = z y is not in (z^2), but 0 where z^2 = 0; and X h = z - 1 is not."""
    flow = pl.PolynomialODE({"x": "z*y", "y": "-y", "z": "z"})
    verdict = pl.check_law(flow, "x", on="z^2 = 0")
    assert isinstance(verdict, pl.Proved)
    assert not verdict.trivial
    assert isinstance(pl.check_law(flow, "x + y", on="z^2 = 0"), pl.Refuted)
    trivial = pl.check_law(flow, "z + 3", on="z^2 = 0")
    assert isinstance(trivial, pl.Proved)
    assert trivial.trivial
    # no rational point: 2^(1/2) is constant, but not the same everywhere; its square is
    still = pl.PolynomialODE({"x": "0", "y": "0"})
    assert [pl.check_law(still, claim, on="(x^2 - 2)^2 = 0").trivial for claim in ("x", "x^2", "y")] == [
        False,
        True,
        False,
    ]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("flow", "on"),
    [
        (gradient("linear:1,2,1"), "U1'*U1 = U2*U2'"),
        (gradient("linear:1,2,1"), "balanced"),
        (gradient("map:x*y"), "(x^2 - y^2)^2 = 0"),
        (pl.PolynomialODE({"x": "z*y", "y": "-y", "z": "z"}), "z^3 = 0"),
        (pl.PolynomialODE({"x": "0", "y": "0", "z": "z"}), "z^2*(x^2 + y^2 - 1) = 0"),
        (pl.PolynomialODE({"x": "-y", "y": "x", "z": "0"}), ["(x^2 + y^2 - 1)^2 = 0", "z^2 = 0"]),
    ],
)
def test_find_and_check_agree_on_sets_whose_equations_are_not_radical(
    flow: pl.Flow, on: str | list[str]
) -> None:
    """What is found is conserved and not the same everywhere; what vanishes, alone or beside a law, is
    trivial or changes nothing."""
    found = pl.find_laws(flow, on=on)
    assert found.complete
    for h in found.basis:
        verdict = pl.check_law(flow, h, on=on)
        assert isinstance(verdict, pl.Proved)
        assert not verdict.trivial
    for p in found.variety.vanishing.ideal.basis().polynomials:
        verdict = pl.check_law(flow, p + 1, on=on)
        assert isinstance(verdict, pl.Proved)
        assert verdict.trivial
        assert all(not isinstance(pl.check_law(flow, h + p, on=on), pl.Refuted) for h in found.basis)


# -- where the flow is defined
# --------------------------------------------------------------------------------------------
def test_sets_lie_where_the_flow_is_defined() -> None:
    """x' = x, y' = 1/y: of x*y = 0 is left the line x = 0, which is invariant."""
    flow = pl.PolynomialODE({"x": "x", "y": "1/y"})
    assert pl.Variety.of(flow, "x*y = 0").invariance.holds
    with pytest.raises(
        InputError, match="these contradict each other, at least where the flow is defined: y != 0"
    ):
        pl.Variety.of(pl.PolynomialODE({"x": "0", "y": "1/y"}), "y = 0")
    with pytest.raises(InputError, match="where the flow is defined: x != 0"):
        pl.find_laws(pl.PolynomialODE({"x": "x", "y": "1/x", "z": "y"}), on="x = 0")


def test_witnesses_lie_where_the_flow_is_defined() -> None:
    flow = pl.PolynomialODE({"x": "1/y", "y": "0", "z": "1"})
    invariance = pl.Variety.of(flow, "x*z = 0").invariance
    assert not invariance.holds
    assert invariance.witness["y"] != 0
    refuted = pl.check_law(flow, "x", on="y^2 - y = 0")
    assert isinstance(refuted, pl.Refuted)
    assert refuted.witness["y"] == 1


def test_the_local_count_is_taken_where_the_flow_is_defined() -> None:
    """x' = y/x, y' = 1 on z = 0: at x = 0, y = 0 the field times x vanishes, and 2 laws would not be
    excluded."""
    found = pl.find_laws(pl.PolynomialODE({"x": "y/x", "y": "1", "z": "0"}), on="z = 0")
    assert found.near is not None
    assert found.near.point[0] != 0
    assert found.near.upper == 1


def test_results_of_geometry_are_values() -> None:
    flow = gradient("linear:1,2,1")
    laws = pl.find_laws(flow, 2)

    def results() -> list[object]:
        return [
            pl.Variety.of(flow, "balanced"),
            pl.Variety.of(flow, "balanced").invariance,
            pl.find_laws(flow, on="balanced"),
            pl.relations(laws),
            pl.express(laws.generators[0], laws),
            pl.generating_set(laws),
            pl.level_set(laws, "U1_1_1=1, U2_1_1=1"),
            pl.check_law(flow, "U1' U1 - U2 U2'").law,
            pl.check_law(flow, "U1_1_1", on="balanced"),
        ]

    first, second = results(), results()
    assert first == second
    assert list(map(hash, first)) == list(map(hash, second))
    assert pl.level_set(laws, "U1_1_1=1") != pl.level_set(laws, "U1_1_1=2")


@pytest.mark.parametrize(
    ("rhs", "on"),
    [({"x": "y/x", "y": "1", "z": "0"}, "z = 0"), ({"x": "1", "y": "0", "z": "0"}, "y*z = 0")],
    ids=["not defined", "singular"],
)
def test_a_point_that_shows_nothing_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, rhs: dict[str, str], on: str
) -> None:
    monkeypatch.setattr(local_count, "paired_points", lambda equations: iter([dict.fromkeys(range(3), 0)]))
    near = pl.find_laws(pl.PolynomialODE(rhs), on=on).near
    assert near is not None
    assert any(near.point.values())
    assert near.upper == 1


def test_where_the_brackets_fill_the_set_there_are_no_laws() -> None:
    """The three axes: three equations, whose gradients have rank 2, do not show a manifold; on each axis all
    moves, so that constants are all there is."""
    flow = pl.PolynomialODE({"x": "x", "y": "y", "z": "z"})
    near = pl.find_laws(flow, on=["x*y = 0", "y*z = 0", "x*z = 0"]).near
    assert near is not None
    assert (near.dimension, near.lower, near.upper) == (1, 0, 0)
    still = pl.find_laws(
        pl.PolynomialODE({"x": "0", "y": "0", "z": "0"}), on=["x*y = 0", "y*z = 0", "x*z = 0"]
    ).near
    assert still is not None
    assert (still.dimension, still.smooth, still.lower, still.upper) == (1, False, 0, 1)
