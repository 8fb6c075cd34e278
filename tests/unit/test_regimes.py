"""Special values of the parameters: every regime of the damped oscillator, and what is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

import polylaw as pl
from polylaw.domains.darboux import regimes as regimes_module
from polylaw.domains.darboux.laws import Kind
from polylaw.report import FORMATS
from polylaw.report.darboux import DarbouxReport
from tests.helpers import EXAMPLES

OSCILLATOR = EXAMPLES / "systems" / "damped_oscillator.toml"

#: values of the parameters: polynomial laws, other laws
REGIMES = {
    "g = 0": (
        ["w2*x^2 + v^2"],
        [
            "t - atan(x*sqrt(w2)/v)/sqrt(w2)",
            "2*t - log(x*sqrt(-w2) + v)/sqrt(-w2) + log(x*sqrt(-w2) - v)/sqrt(-w2)",
        ],
    ),
    "w2 = 0": (["2*g*x + v"], ["exp(2*g*t)*v"]),
    "w2 = g^2": ([], ["g*x/(g*x + v) + log(g*x + v)", "exp(g*t)*(g*x + v)"]),
    "g = 0, w2 = 0": (["v"], ["x - t*v"]),
}


def told(result: pl.DarbouxLaws, model: str) -> str:
    return FORMATS["text"](DarbouxReport(result, model))


def test_every_regime_of_the_damped_oscillator() -> None:
    result = pl.find_laws(pl.flow_from_file(OSCILLATOR), kind="darboux")
    assert result.regimes.left == ()
    assert [str(regime) for regime in result.regimes.found] == list(REGIMES)
    for regime in result.regimes.found:
        polynomial, others = REGIMES[str(regime)]
        assert [str(h) for h in regime.laws.polynomial.generators] == polynomial
        assert [str(law.expression) for law in regime.laws.laws] == others
    for laws in (result, *(regime.laws for regime in result.regimes.found)):
        assert laws.complete
        assert (laws.independent.lower, laws.independent.upper) == (1, 1)
        assert laws.independent_with_time is not None
        assert (laws.independent_with_time.lower, laws.independent_with_time.upper) == (2, 2)


@pytest.mark.parametrize("text", REGIMES)
def test_the_laws_of_a_regime_are_laws_of_the_flow_with_its_values_and_not_of_the_generic_one(
    text: str,
) -> None:
    values = dict(part.split(" = ") for part in text.split(", "))
    rhs = {"x": "v", "v": f"-2*({values.get('g', 'g')})*v - ({values.get('w2', 'w2')})*x"}
    flow = pl.PolynomialODE(rhs, [name for name in ("g", "w2") if name not in values])
    generic = pl.flow_from_file(OSCILLATOR)
    polynomial, others = REGIMES[text]
    for law in (*polynomial, *others):
        assert isinstance(pl.check_law(flow, law), pl.Proved)
    assert not all(isinstance(pl.check_law(generic, law), pl.Proved) for law in (*polynomial, *others))


def test_numbers_instead_of_parameters_have_no_regimes() -> None:
    assert pl.find_laws(pl.PolynomialODE({"x": "v", "v": "-2*v - 5*x"}), kind="darboux").regimes.found == ()


def test_systems_without_a_pair_have_no_regimes() -> None:
    flow = pl.flow_from_file(EXAMPLES / "functions" / "lotka_volterra.toml")
    assert pl.find_laws(flow, 1, kind="darboux").regimes == regimes_module.NO_REGIMES


def test_two_discriminants_give_all_four_choices_of_their_signs() -> None:
    flow = pl.PolynomialODE({"x": "y", "y": "-a*x", "z": "w", "w": "-b*z"}, ["a", "b"])
    result = pl.find_laws(flow, 1, kind="darboux")
    assert {frozenset(map(str, law.conditions)) for law in result.laws if law.kind is not Kind.TIME} == {
        frozenset({"a > 0", "b > 0"}),
        frozenset({"a > 0", "b < 0"}),
        frozenset({"a < 0", "b > 0"}),
        frozenset({"a < 0", "b < 0"}),
    }
    assert {law.condition for law in result.laws if law.kind is Kind.TIME} == {"where a > 0", "where a < 0"}
    assert (result.independent.lower, result.independent.upper) == (3, 3)
    assert result.independent_with_time is not None
    assert (result.independent_with_time.lower, result.independent_with_time.upper) == (4, 4)


def test_what_is_not_solved_is_said() -> None:
    """The discriminant a^3 - b^2 is linear in no parameter."""
    flow = pl.PolynomialODE({"x": "b*x + y", "y": "b*y + (a^3)*x"}, ["a", "b"])
    result = pl.find_laws(flow, 2, kind="darboux")
    assert [[str(p) for p in equations] for equations in result.regimes.left] == []
    flow = pl.PolynomialODE({"x": "v", "v": "-2*b*v - a^3*x"}, ["a", "b"])
    result = pl.find_laws(flow, 2, kind="darboux")
    assert [[str(p) for p in equations] for equations in result.regimes.left] == [["a^3 - b^2"]]
    assert "\n  not searched: where a^3 - b^2 = 0" in told(result, "MODEL")


@pytest.mark.parametrize(
    ("rhs", "left"),
    [
        ("-2*b*v - a*c*x", [["a*c - b^2"]]),  # its coefficients of a and c are no numbers
        ("-2*b*v - a*x/b", [["b"], ["a", "b"], ["-b^3 + a", "b"]]),  # the flow is not defined at b = 0
    ],
)
def test_equations_without_a_solution_that_is_a_polynomial_are_left(rhs: str, left: list[list[str]]) -> None:
    result = pl.find_laws(pl.PolynomialODE({"x": "v", "v": rhs}, ["a", "b", "c"]), 2, kind="darboux")
    assert [[str(p) for p in equations] for equations in result.regimes.left] == left


def test_every_regime_is_searched_once() -> None:
    generic = pl.find_laws(pl.flow_from_file(OSCILLATOR), kind="darboux")
    searched: list[tuple[str, ...]] = []

    def search(flow: pl.PolynomialODE) -> pl.DarbouxLaws:
        searched.append(tuple(map(str, flow.rhs.values())))
        return pl.find_laws(flow, kind="darboux")

    regimes_module.regimes(generic, search, pl.Budget())
    assert searched == [("v", "-w2*x"), ("v", "-2*g*v"), ("v", "-g^2*x - 2*g*v"), ("v", "0")]


def test_a_sign_for_which_no_law_is_known_lowers_the_count() -> None:
    result = pl.find_laws(pl.flow_from_file(OSCILLATOR), kind="darboux")
    without = replace(result, laws=tuple(law for law in result.laws if law.condition != "where g^2 > w2"))
    assert without.independent.lower == 0
    assert without.independent_with_time is not None
    assert without.independent_with_time.lower == 1


def test_polynomials_in_time_are_listed_as_far_as_they_are_independent() -> None:
    result = pl.find_laws(pl.PolynomialODE({"x": "v", "v": "-g"}, ["g"]), kind="darboux")
    assert [str(h) for h in result.polynomial.generators] == ["v^2 + 2*g*x"]
    assert [str(law.expression) for law in result.laws] == ["v + g*t"]


def test_too_many_regimes_are_left_and_said() -> None:
    result = pl.find_laws(pl.flow_from_file(OSCILLATOR), budget=pl.Budget(max_regimes=1), kind="darboux")
    assert len(result.regimes.found) == 1
    assert [[str(p) for p in equations] for equations in result.regimes.left] == [
        ["w2"],
        ["g^2 - w2"],
        ["g", "w2"],
    ]


def test_a_count_with_time_is_given_only_when_it_is_all() -> None:
    text = told(
        pl.find_laws(pl.flow_from_file(EXAMPLES / "systems" / "euler_top.toml"), kind="darboux"), "MODEL"
    )
    assert "2 independent laws without time, which are all there are\n" in text
    text = told(pl.find_laws(pl.PolynomialODE({"x": "v", "v": "-g"}, ["g"]), kind="darboux"), "MODEL")
    assert (
        "1 independent law without time and 2 with it, which are all there are for generic values of the "
        "parameters\n" in text
    )
