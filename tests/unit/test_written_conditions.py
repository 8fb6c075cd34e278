"""What a text asks where it is defined counts, also where a normal form no longer shows it: roots of even
powers, signs that roots decide, denominators that came in or dropped out."""

from __future__ import annotations

from fractions import Fraction

import pytest

import polylaw as pl
from polylaw.domains.elementary.borders import Passage
from polylaw.domains.elementary.ode import ElementaryODE
from polylaw.errors import ParseError
from polylaw.truth import Certainty

CLOCKS = pl.PolynomialODE({"x": "1", "y": "1"}, ["a"])


@pytest.mark.parametrize(
    "claim", ["((x^2)^(1/4))^2 - y", "((x^2)^(1/6))^3 - y", "sqrt(x^2) - y", "(x^4)^(1/4) - y"]
)
def test_a_root_of_an_even_power_is_that_of_an_absolute_value(claim: str) -> None:
    """|x| - y is no law of x' = y' = 1: along x = t - 3, y = t it is 3, 1, -1."""
    verdict = pl.check_law(CLOCKS, claim)
    assert isinstance(verdict, pl.Refuted)
    assert str(verdict.law) == "-y + abs(x)"


def test_a_product_of_roots_of_even_powers_is_not_trivial() -> None:
    """(y - x) |x y| + (x - y) x y is 12 at x = -1, y = 2."""
    verdict = pl.check_law(CLOCKS, "(y-x)*((x^2*y^2)^(1/4))^2 + (x-y)*x*y")
    assert not (isinstance(verdict, pl.Proved) and verdict.trivial)


def test_the_same_in_a_field() -> None:
    """y' = |x|: y - x*|x|/2 is a law, y - x^2/2 is none."""
    flow = ElementaryODE({"x": "1", "y": "((x^2)^(1/4))^2"})
    assert isinstance(pl.check_law(flow, "y - x^2/2"), pl.Refuted)
    laws = pl.find_laws(flow, 2, augment=[])
    assert (laws.complete, laws.texts) == (True, ("x*abs(x) - 2*y",))


@pytest.mark.parametrize(
    ("rhs", "claim", "verdict"),
    [
        ({"x": "x^(1/3)", "y": "1"}, "y - 3/2*(x^2)^(1/3)", pl.Proved),
        ({"x": "x^(1/3)", "y": "1"}, "y - 3/2*x^(2/3)", pl.Proved),
        ({"x": "y", "y": "(x*y^3)^(1/3)"}, "3/4*x^(4/3) - y", pl.Proved),
        ({"x": "abs(x)", "y": "sqrt(x)"}, "y - 2*sqrt(x)", pl.Proved),
        ({"x": "abs(x)", "y": "sqrt(-x)"}, "y + 2*sqrt(-x)", pl.Proved),
        # true where claim and flow are defined, which the rules do not see
        ({"x": "(y*x^2)^(1/3)", "y": "0"}, "(x/y)^(1/3) - t/3", pl.Undecided),
        ({"x": "1", "y": "x"}, "y - x^2/2 + (x^3)^(1/3) - x", pl.Undecided),
        ({"x": "1", "y": "(x^3)^(1/3)"}, "y - x^2/2", pl.Proved),
    ],
)
def test_no_law_is_refuted_outside_of_the_domain_of_flow_and_claim(
    rhs: dict[str, str], claim: str, verdict: type
) -> None:
    assert isinstance(pl.check_law(ElementaryODE(rhs), claim), verdict)


def test_a_sign_that_a_root_of_the_flow_decides_makes_functions_dependent() -> None:
    """(x^2)^(1/4) = x/sqrt(x) where sqrt(x) is defined."""
    flow = ElementaryODE({"x": "exp(x) + (x^2)^(1/4)", "y": "exp(x) + x/sqrt(x)"})
    laws = pl.find_laws(flow, 1, augment=[])
    assert (laws.complete, laws.texts) == (True, ("x - y",))
    found = pl.find_laws(ElementaryODE({"x": "x^(1/3)", "y": "1"}), 2, augment=["(x^2)^(1/3)"])
    assert (found.complete, found.texts) == (True, ("3*x^(2/3) - 2*y",))
    augmented = pl.find_laws(CLOCKS, 1, augment=["(x^2)^(1/4)", "x/sqrt(x)"])
    assert augmented.certainty is Certainty.FORMAL


@pytest.mark.parametrize(
    ("rhs", "claim"),
    [
        ({"x": "-x^(1/4)", "y": "1"}, "4/3*(x^3)^(1/4) + y"),
        ({"x": "x^(1/3)", "y": "1"}, "(x/abs(x))*y - 3/2*(x^2)^(1/3)"),
        ({"x": "-x^(3/4)", "y": "x^(1/4)", "z": "1"}, "4*x^(1/4) + z"),
    ],
)
def test_a_denominator_of_the_normal_form_is_no_pole_of_the_flow(rhs: dict[str, str], claim: str) -> None:
    """x' = -x^(1/4) reaches x = 0 at a finite time."""
    verdict = pl.check_law(ElementaryODE(rhs), claim)
    assert isinstance(verdict, pl.Proved)
    assert [border.meeting.passage for border in verdict.domain.borders] == [Passage.UNDECIDED]


def test_a_cofactor_that_is_unbounded_at_the_border_keeps_nothing() -> None:
    """x' = -sqrt(x)*|y|^(4/3) reaches x = 0 at a finite time; x' = -x*sqrt(x) does not."""
    flow = ElementaryODE({"x": "-((x^3*y^8)^(1/6))", "y": "sqrt(x)*(y^2)^(1/3)"})
    verdict = pl.check_law(flow, "x + 3/5*y*y^(2/3)")
    assert isinstance(verdict, pl.Proved)
    assert {border.meeting.passage for border in verdict.domain.borders} == {Passage.UNDECIDED}
    slower = pl.check_law(ElementaryODE({"x": "-x*sqrt(x)", "y": "1"}), "2/sqrt(x) - y")
    assert [border.meeting.passage for border in slower.domain.borders] == [Passage.NEVER]


def test_a_pole_that_is_written_down_is_one() -> None:
    verdict = pl.check_law(ElementaryODE({"x": "1/sqrt(x)", "y": "1"}), "2/3*x^(3/2) - y")
    assert isinstance(verdict, pl.Proved)
    assert [border.meeting.passage for border in verdict.domain.borders] == [Passage.OUTSIDE]


def test_trajectories_cross_where_the_flow_is_defined_as_it_was_written() -> None:
    """sqrt(x - 1)^2 has no value at x = 0."""
    verdict = pl.check_law(ElementaryODE({"x": "1", "y": "sqrt(x-1)^2"}), "(y - x^2/2 + x)*abs(x)/x")
    assert isinstance(verdict, pl.Proved)
    assert [border.meeting.passage for border in verdict.domain.borders] == [Passage.UNDECIDED]


def test_a_quotient_that_cancels_is_not_refuted_where_it_is_not_defined() -> None:
    verdict = pl.check_law(CLOCKS, "log(x)*(x-1)/(x-1)")
    assert isinstance(verdict, pl.Refuted)
    assert verdict.witness["x"] != 1


def test_signs_that_leave_a_choice_are_not_chosen() -> None:
    """(-y/x)^(a + 1) + sqrt(-y) is defined at x = 1, y = -1."""
    verdict = pl.check_law(CLOCKS, "(-y/x)^(a+1) + sqrt(-y)")
    assert isinstance(verdict, pl.Refuted)
    assert (verdict.witness["y"] < 0) is (verdict.witness["x"] > 0)
    law = pl.check_law(pl.PolynomialODE({"x": "x", "y": "y"}, ["a"]), "(-y/x)^(a+1)")
    assert isinstance(law, pl.Proved)
    assert str(law.law) == "-abs(x)^(-a)*abs(y)^a*y/x"


def test_numbers_that_are_not_known_to_be_independent() -> None:
    """e and e^sqrt(e)."""
    found = pl.find_laws(CLOCKS, 1, augment=["x^2*exp(exp(1/2))", "exp(1)*log(x)"])
    assert found.certainty is Certainty.FORMAL
    assert "exp(exp(1/2))" in found.independence.doubt


@pytest.mark.slow
def test_cosines_of_cosines_are_bounded() -> None:
    with pytest.raises(ParseError, match="products of terms"):
        pl.check_law(CLOCKS, "cos(cos((2/3)*(x+y)))*cos(cos((3/5)*(x-y)))")


# -- the derivative that refutes is that of the flow as given
# ------------------------------------------------------
@pytest.mark.parametrize(
    ("rhs", "claim", "derivative", "witness", "value"),
    [
        ({"x": "1/x", "y": "1"}, "x*y", "(x^2 + y)/x", {"x": 1}, 1),
        ({"x": "1/x", "y": "1"}, "log(x)", "1/x^2", {"x": 1}, 1),
        ({"x": "2*x", "y": "0"}, "x", "2*x", {"x": 1}, 2),
        ({"x": "x*y", "y": "x^2"}, "y", "x^2", {"x": 1}, 1),
        ({"x": "y/3", "y": "x/3"}, "x", "1/3*y", {"y": 1}, Fraction(1, 3)),
    ],
)
def test_derivatives_are_those_of_the_flow(
    rhs: dict[str, str], claim: str, derivative: str, witness: dict[str, int], value: object
) -> None:
    verdict = pl.check_law(pl.PolynomialODE(rhs), claim)
    assert isinstance(verdict, pl.Refuted)
    assert (str(verdict.residual), dict(verdict.witness)) == (derivative, witness)
    assert verdict.value == value


def test_a_training_flow_is_not_divided_by_a_number_either() -> None:
    verdict = pl.check_law(pl.GradientFlow(pl.models.from_map(["x", "y"], ["2*x*y"])), "x^2 + y^2")
    assert isinstance(verdict, pl.Refuted)
    assert str(verdict.residual) == "8*x*y"
