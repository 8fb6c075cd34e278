"""Where laws are conserved: inequations, whether trajectories leave, jumps, single-valued forms, claims
defined nowhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

import polylaw as pl
from polylaw.algebra.bounded import Quotient
from polylaw.algebra.check import unchecked
from polylaw.algebra.function import Function
from polylaw.domains.elementary import borders, branches
from polylaw.domains.elementary.borders import Motion, Passage
from polylaw.domains.elementary.domain import EVERYWHERE, Domain, domain_of
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.inequations import inequations_of
from polylaw.domains.elementary.ode import ElementaryODE
from polylaw.domains.elementary.parse import expression_of, parse_expression
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError, InputError, ParseError, VerificationError
from polylaw.report.domains import domain_data, domain_lines
from tests.helpers import EXAMPLES, LOTKA_VOLTERRA, ROTATION, gradient, momentum

UNIFORM = pl.PolynomialODE({"x": "1", "y": "0"})

#: expression: where it is defined and differentiable
INEQUATIONS = {
    "x^2*y - 1": [],
    "0*log(x)": [],
    "1/x": ["x != 0"],
    "x/(x*y - 1)^2": ["x*y - 1 != 0"],
    "1/(2*x^2 + 4*x*y + 2*y^2)": ["x + y != 0"],
    "log(-1 - x^2)": [],  # log |-1 - x^2|
    "log(log(x))": ["x != 0", "log(x) != 0"],
    "log(exp(x) - 1)": ["exp(x) - 1 != 0"],
    "exp(1/x)": ["x != 0"],
    "exp(x)/(exp(x) + exp(y))": [],
    "atan(y/x)": ["x != 0"],
    "atan(x)": [],
    "sqrt(x)": ["x > 0"],
    "1/sqrt(x)": ["x > 0"],
    "sqrt(-x)": ["x < 0"],
    "sqrt(x^2)": ["x != 0"],
    "sqrt(x^2)/x": ["x != 0"],
    "sqrt(x*y^2)": ["x > 0", "y != 0"],
    "sqrt(x*(y - 1))": ["x*(y - 1) > 0"],
    "sqrt(1 - x^2)": ["-(x + 1)*(x - 1) > 0"],
    "sqrt(x/y)": ["x*y > 0"],
    "sqrt(x^2 + x + 1)": [],  # (x + 1/2)^2 + 3/4
    "sqrt(x^2 + 2*x*y + 5*y^2)": ["x^2 + 2*x*y + 5*y^2 != 0"],  # (x + y)^2 + 4 y^2
    "sqrt(x^2 + 2*x*y - 5*y^2)": ["x^2 + 2*x*y > 5*y^2"],
    "sqrt(x^4 + 3)": [],
    "sqrt(exp(x) - y)": ["exp(x) > y"],
    "sqrt(exp(x))": [],
    "sqrt(a - b^2)*x": ["a > b^2"],
    "x^(1/3)": ["x > 0"],
    "log((x - 1)^2 + y^2)": ["x^2 + y^2 - 2*x + 1 != 0"],
    "log(x^2 + y^2 - 2*x + 2)": [],
    "1/(exp(x) + y^2)": [],
    "x^(-2/3)": ["x > 0"],
    "1/(x^(1/3) + 1)": ["x > 0"],
    "x^a": ["x > 0"],
    "x^(2*a + b)": ["x > 0"],
    "exp(log(x)*log(y))": ["x != 0", "y != 0"],
    "exp(a*log(x)^2)": ["x != 0"],
    "exp(-2*a*t)/x": ["x != 0"],
    "x + d*log(x)/b": ["x != 0", "b != 0"],
}


@pytest.mark.parametrize("text", INEQUATIONS)
def test_where_an_expression_is_defined(text: str) -> None:
    expression = expression_of(LOTKA_VOLTERRA, text)
    assert list(map(str, inequations_of(expression.tower, unchecked, expression.value))) == INEQUATIONS[text]


@pytest.mark.parametrize(
    "text", ["sqrt(-1 - x^2)", "sqrt(x)*sqrt(-x)", "log(x)*sqrt(-(x - y)^2 - 1)", "sqrt(-2 - a^2)"]
)
def test_a_claim_that_is_defined_nowhere_is_undecided(text: str) -> None:
    verdict = pl.check_law(pl.PolynomialODE({"x": "0", "y": "1"}, ["a"]), text)
    assert isinstance(verdict, pl.Undecided)
    assert verdict.reason.startswith("it is defined nowhere: no real point satisfies")
    expression = expression_of(pl.PolynomialODE({"x": "0", "y": "1"}, ["a"]), text)
    assert domain_of(expression, pl.Budget()).nowhere is not None


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(-x^2)",
        "x + sqrt(-4*x^2*y^2)",
        "(-x^4)^(1/4)",
        "sqrt(-exp(x))",
        "sqrt(-exp(y)*x^2)",
        "sqrt(-3)*x",
    ],
)
def test_roots_of_minus_a_square_are_refused(text: str) -> None:
    with pytest.raises(ParseError, match=r"nowhere positive|a number that is not negative"):
        pl.check_law(pl.PolynomialODE({"x": "0", "y": "1"}), text)


def test_a_claim_of_which_no_point_is_known_is_undecided() -> None:
    """x^6 + 1 < x^2 has no real solution, but that is no sum of squares that is seen."""
    verdict = pl.check_law(pl.PolynomialODE({"x": "0", "y": "1"}), "sqrt(x^2 - x^6 - 1)")
    assert isinstance(verdict, pl.Undecided)
    expected = "its derivative is 0 by the rules, but no rational point was found where it is defined"
    assert verdict.reason == f"{expected} (max_points 240)"


def test_a_claim_is_not_refuted_where_it_is_not_defined() -> None:
    """x^a is a power of a positive x: there |x| = x, which the rules do not see."""
    verdict = pl.check_law(pl.PolynomialODE({"x": "1"}, ["a"]), "(sqrt(x^2) - x)*x^a")
    assert isinstance(verdict, pl.Undecided)
    assert "no rational point was found where it is defined and not 0" in verdict.reason
    assert isinstance(pl.check_law(pl.PolynomialODE({"x": "1"}, ["a"]), "(sqrt(x^2) + x)*x^a"), pl.Refuted)


def test_a_claim_that_no_text_wrote_is_not_refuted_where_it_is_not_defined() -> None:
    """There is no text that asks for x > 0 here: only the power itself does."""
    tower = Tower(flow := pl.PolynomialODE({"x": "1"}, ["a"]))
    x = tower.element(flow.ring.generator("x"))
    power = tower.power(x, flow.ring.generator("a"))
    assert tower.asked == []
    verdict = pl.check_law(flow, Expression.of(tower, (tower.absolute(x) - x) * power))
    assert isinstance(verdict, pl.Undecided)
    assert isinstance(pl.check_law(flow, Expression.of(tower, (tower.absolute(x) + x) * power)), pl.Refuted)


class Gamma(Function[Quotient]):
    """A kind that does not say where it is defined."""

    name = "gamma"

    def slope(self, w: Quotient, partner: Quotient) -> Quotient:
        return w

    def value(self, a: Any) -> Any:
        return a


def test_a_function_says_where_it_is_defined() -> None:
    with pytest.raises(TypeError, match="asks"):
        Gamma(Tower(UNIFORM).constant(1))  # type: ignore[abstract]


def _domain(flow: pl.Flow, law: str) -> Domain:
    verdict = pl.check_law(flow, law)
    assert isinstance(verdict, pl.Proved), law
    return verdict.domain


def test_polynomials_are_conserved_everywhere() -> None:
    assert _domain(ROTATION, "x^2 + y^2") is EVERYWHERE
    assert EVERYWHERE.on_whole_trajectories
    assert domain_lines(EVERYWHERE) == []
    assert _domain(ROTATION, "0*log(x)") == EVERYWHERE


#: (flow, law): what stands below the verdict
LINES: dict[tuple[Any, str], list[str]] = {
    (LOTKA_VOLTERRA, "x^c*y^a*exp(-d*x - b*y)"): ["where x > 0, y > 0, which no trajectory leaves"],
    (LOTKA_VOLTERRA, "log(a)"): ["where a != 0"],
    (ROTATION, "atan(y/x) - t"): [
        "where x != 0: constant on each piece of a trajectory there",
        "trajectories cross x = 0 (as at x = 0, y = 1), where the value jumps by pi, up or down",
        "single valued where x^2 + y^2 != 0: cos and sin of atan2(y, x) - t",
    ],
    (UNIFORM, "sqrt(x^2)/x"): [
        "where x != 0: constant on each piece of a trajectory there",
        "trajectories cross x = 0 (as at x = 0), where the value changes its sign",
    ],
    (UNIFORM, "3*atan(x) + 3*atan(1/x)"): [
        "where x != 0: constant on each piece of a trajectory there",
        "trajectories cross x = 0 (as at x = 0), where the value jumps by 3*pi, up or down",
        "single valued: cos and sin of atan2(1, x) + atan(x)",
    ],
    (UNIFORM, "sqrt(x^2)/x + y"): [  # neither odd in the root nor linear in an angle
        "where x != 0: constant on each piece of a trajectory there",
        "trajectories cross x = 0 (as at x = 0)",
    ],
    (pl.PolynomialODE({"x": "y", "y": "0"}), "sqrt(x^2 - 2*y^2)/sqrt(x^2 - 2*y^2)*y"): [],
    (pl.PolynomialODE({"x": "x + z", "y": "y", "z": "z + y^2"}), "x/y - y - (z/y - y)*log(y)"): [
        "where y != 0, which no trajectory leaves",
    ],
    (pl.PolynomialODE({"x": "1/y", "y": "-1/x"}), "log(x*y)"): [
        "where x != 0, y != 0, which no trajectory leaves"
    ],
    (pl.PolynomialODE({"x": "x*y", "y": "1"}), "log(x) - y^2/2"): [
        "where x != 0, which no trajectory leaves"
    ],
}


@pytest.mark.parametrize(("flow", "law"), LINES, ids=[law for _, law in LINES])
def test_what_is_said_of_a_proved_law(flow: pl.Flow, law: str) -> None:
    assert domain_lines(_domain(flow, law)) == LINES[flow, law]


def test_the_law_of_the_damped_oscillator() -> None:
    flow = pl.flow_from_file(EXAMPLES / "functions" / "oscillator_under.toml")
    domain = _domain(flow, "2*g*atan(d*x/(g*x + v)) + d*log(g^2*x^2 + d^2*x^2 + 2*g*x*v + v^2)")
    assert [(str(b.polynomial), b.meeting.passage) for b in domain.borders] == [
        ("g*x + v", Passage.CROSSED),
        ("g^2*x^2 + d^2*x^2 + 2*g*x*v + v^2", Passage.NEVER),
    ]
    assert [str(b.jump) for b in domain.left] == ["2*g times pi"]
    assert str(domain.single_valued) == "atan2(d*x, g*x + v) + 1/2*d*log(g^2*x^2 + d^2*x^2 + 2*g*x*v + v^2)/g"
    assert not domain.on_whole_trajectories
    data = domain_data(domain)
    assert data["borders"][0] == {
        "polynomial": "g*x + v",
        "trajectories": "crossed",
        "point": {"x": "-1", "v": "1", "g": "1", "d": "1"},
        "jump": "2*g times pi",
        "undecided": None,
    }


def _meeting(flow: pl.Flow, p: str) -> Passage:
    expression = expression_of(flow, f"1/({p})")
    return Motion(expression.tower, pl.Budget()).meeting(expression.denominator, ()).passage


def test_how_trajectories_meet_the_zeros_of_a_polynomial() -> None:
    assert _meeting(LOTKA_VOLTERRA, "x") is Passage.NEVER
    assert _meeting(LOTKA_VOLTERRA, "x - y") is Passage.CROSSED
    assert (
        _meeting(UNIFORM, "x^2 - 2*y^2") is Passage.CROSSED
    )  # no rational point on it but the origin: both signs
    assert _meeting(UNIFORM, "y^2 - 2") is Passage.NEVER
    assert _meeting(UNIFORM, "y - x^2") is Passage.CROSSED
    free = pl.PolynomialODE({"x": "u", "y": "v", "u": "0", "v": "0"})
    assert _meeting(free, "x^2 + y^2") is Passage.TOUCHED
    assert _meeting(pl.PolynomialODE({"x": "y", "y": "-x"}), "x^2 + y^2") is Passage.NEVER
    assert (
        _meeting(pl.PolynomialODE({"x": "y^3", "y": "y^5 - x"}), "x^2 + y^2") is Passage.UNDECIDED
    )  # only the origin, at rest
    assert _meeting(pl.PolynomialODE({"x": "1/x"}), "x") is Passage.OUTSIDE
    assert _meeting(pl.PolynomialODE({"x": "1/x"}), "x - 1") is Passage.CROSSED
    assert _meeting(ElementaryODE({"x": "1/sqrt(x)"}), "x") is Passage.OUTSIDE
    assert _meeting(ElementaryODE({"x": "1/sqrt(x)"}), "x - 1") is Passage.CROSSED
    assert _meeting(ElementaryODE({"x": "x*log(x)"}), "x") is Passage.OUTSIDE
    assert _meeting(ElementaryODE({"x": "-sqrt(x)"}), "x") is Passage.UNDECIDED  # x = (c - t)^2/4 comes to 0
    assert _meeting(ElementaryODE({"x": "x*sqrt(x)"}), "x") is Passage.NEVER
    assert _meeting(pl.PolynomialODE({"x": "1"}, time="t"), "t") is Passage.CROSSED
    # of several fields one is enough to cross
    assert _meeting(gradient("nmf:1,2,1"), "U_1_1") is Passage.NEVER
    assert _meeting(gradient("linear:2,1,2"), "U1_1_1") is Passage.CROSSED
    assert _meeting(momentum("linear:1,1,1", "3/t"), "t") is Passage.OUTSIDE


def test_a_point_of_passage_satisfies_the_conditions_on_parameters() -> None:
    flow = pl.flow_from_file(EXAMPLES / "systems" / "damped_oscillator.toml")
    domain = _domain(
        flow, "log(w2*x^2 + 2*g*x*v + v^2) + 2*g*atan(x*sqrt(w2 - g^2)/(g*x + v))/sqrt(w2 - g^2)"
    )
    [border] = domain.left
    point = dict(border.meeting.point)
    assert point["w2"] > point["g"] ** 2
    assert point["g"] * point["x"] + point["v"] == 0


def test_what_holds_beside_is_heeded() -> None:
    flow = pl.PolynomialODE({"x": "1", "y": "0"}, ["a"])

    def meeting(p: str, *beside: str) -> Passage:
        tower = Tower(flow)
        elements = [parse_expression(tower, f"sqrt({text})").value for text in beside]
        return (
            Motion(tower, pl.Budget())
            .meeting(tower.element(flow.ring.parse(p)).above, inequations_of(tower, unchecked, *elements))
            .passage
        )

    assert meeting("x^2 - 2*y^2", "1 + y^2") is Passage.CROSSED
    assert (
        meeting("x^2 - 2*y^2", "y") is Passage.UNDECIDED
    )  # dense in a part of the plane is not in this part
    assert meeting("x^2 - a*y^2") is Passage.CROSSED
    assert meeting("x^2 - a*y^2", "-a") is Passage.TOUCHED  # where a < 0 only at the origin
    assert meeting("x", "1 - x^2") is Passage.CROSSED
    assert meeting("x - 2", "1 - x^2") is Passage.UNDECIDED


def test_a_sign_that_changes_proves_nothing_where_the_polynomial_divides_its_derivative() -> None:
    flow = pl.PolynomialODE({"x": "x*y", "y": "0"})
    tower = Tower(flow)
    motion = Motion(tower, pl.Budget())
    [(_, field)] = motion.fields
    x = tower.element(flow.ring.parse("x")).above
    assert not motion._changes_sign(x, borders.Slope(tower, field, x, pl.Budget()), ())


def test_a_cofactor_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """With w = sqrt(x^2) there are zero divisors: p = y + w has X p = (w + x)/x, and (w + x)(w - x) = 0 is a
    multiple of all."""
    flow = pl.PolynomialODE({"x": "1", "y": "1"})
    tower = Tower(flow)
    p, z = (parse_expression(tower, text).numerator for text in ("y + sqrt(x^2)", "sqrt(x^2) - x"))
    [(_, field)] = Motion(tower, pl.Budget()).fields
    slope = borders.Slope(tower, field, p, pl.Budget())
    monkeypatch.setattr(borders, "_conjugate", lambda *_: z)
    assert slope.cofactor is None


#: expression: what it does where x changes its sign
JUMPS = {
    "atan(y/x)": "pi",
    "-2*atan(y/x)": "2*pi",
    "y*atan(1/x)": "y times pi",
    "x*atan(1/x)": None,  # x is not constant
    "atan(y/x) + 2*atan(1/x)": None,
    "atan(y/x) + y/x": None,
    "atan(y/x)/x": None,
    "atan(1/x)^2": None,
    "exp(atan(1/x)) + atan(1/x)": None,
    "exp(atan(1/x))": None,
    "atan(1/x^2)": "0",
    "atan(1/x^3)": "pi",
    "sqrt(x^2)": "a change of sign",
    "y*sqrt(x^2)/x": "a change of sign",
    "sqrt(x^2)/x^2": None,
    "sqrt(x^2) + y": None,
    "sqrt(x^2*(y^2 + 1))": "a change of sign",
    "log(x)": None,
}


@pytest.mark.parametrize("text", JUMPS)
def test_what_an_expression_does_where_a_polynomial_changes_its_sign(text: str) -> None:
    expression = expression_of(UNIFORM, text)
    x = expression.tower.element(UNIFORM.ring.parse("x")).above
    jump = branches.jump_at(expression.tower, expression.value, x, pl.Budget())
    assert (jump and str(jump)) == JUMPS[text]


@pytest.mark.parametrize(
    "text", ["atan(y/x) + log(x)", "atan(1/x) + 2*atan(1/y)", "sqrt(x^2)/x", "x*atan(1/x)", "atan(1/x)^2"]
)
def test_there_is_no_single_valued_form_where_something_else_is_singular(text: str) -> None:
    expression = expression_of(ROTATION, text)
    assert domain_of(expression, pl.Budget()).left
    assert domain_of(expression, pl.Budget()).single_valued is None


def test_what_only_touches_zero_brings_no_jump() -> None:
    free = pl.PolynomialODE({"x": "u", "y": "v", "u": "0", "v": "0"})
    [border] = domain_of(expression_of(free, "atan(u/(x^2 + y^2))"), pl.Budget()).borders
    assert (border.meeting.passage, border.jump) == (Passage.TOUCHED, None)


def test_a_cofactor_with_a_root_is_found_by_the_norm() -> None:
    flow = pl.flow_from_file(EXAMPLES / "systems" / "damped_oscillator.toml")
    law = (
        "log(w2*x^2 + 2*g*x*v + v^2) + g*log((x*sqrt(g^2 - w2) + g*x + v)/(x*sqrt(g^2 - w2) - g*x - "
        "v))/sqrt(g^2 - w2)"
    )
    assert _domain(flow, law).on_whole_trajectories


def test_nested_logarithms() -> None:
    flow = pl.PolynomialODE({"x": "1", "y": "0"})
    expression = expression_of(flow, "log(log(x))")
    domain = domain_of(expression, pl.Budget())
    assert [(str(b.polynomial), b.meeting.passage) for b in domain.borders] == [
        ("x", Passage.CROSSED),
        ("log(x)", Passage.CROSSED),
    ]
    flow = pl.PolynomialODE({"x": "x", "y": "-y"})
    assert domain_lines(_domain(flow, "log(log(x*y))")) == [
        "where x != 0, y != 0, log(x) + log(y) != 0, which no trajectory leaves"
    ]


def test_time_that_is_over_leaves_borders_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def over(*_: object) -> None:
        raise BudgetError("max_seconds", 1, "more time", "raise --max-seconds")

    monkeypatch.setattr(borders.Motion, "meeting", over)
    lines = domain_lines(domain_of(expression_of(ROTATION, "atan(y/x) - t"), pl.Budget()))
    assert (
        lines[1]
        == "undecided: whether trajectories meet x = 0 (max_seconds: found 1, expected more time; raise "
        "--max-seconds)"
    )


def test_a_wrong_differential_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    expression = expression_of(ROTATION, "atan(2*y/(x + 1))")
    [position] = expression.functions
    branches._verify_differential(expression.tower, position, pl.Budget())
    monkeypatch.setattr(
        Tower, "root", lambda self, value, order: self.constant(1)
    )  # b and a instead of b/rho and a/rho
    with pytest.raises(VerificationError, match="the differential of atan"):
        branches._verify_differential(expression.tower, position, pl.Budget())


# -- along trajectories ---------------------------------------------------------------------------


def _values(
    law: Callable[..., float], states: Callable[[float], Mapping[str, float]], times: list[float]
) -> list[float]:
    return [law(**states(t), t=t) for t in times]


#: Values of laws of size about 1 from some fifty operations with rounding errors of 2^-53 each: far below.
TOLERANCE = 50 * 2.0**-53 * 100
TIMES = [0.1 + 0.05 * k for k in range(240)]
G, D = 0.3, 1.4


def _oscillation(t: float) -> dict[str, float]:
    """The solution of x'' + 2 g x' + (g^2 + d^2) x = 0 with x(0) = 1, x'(0) = -g."""
    decay = math.exp(-G * t)
    return {"x": decay * math.cos(D * t), "v": decay * (-G * math.cos(D * t) - D * math.sin(D * t))}


def _steps(values: list[float]) -> set[float]:
    """By how much neighbouring values differ, those that differ more than by rounding."""
    return {after - before for before, after in pairwise(values) if abs(after - before) > TOLERANCE}


def test_the_jump_of_an_angle_is_that_of_the_rule() -> None:
    """2 g atan(d x/(g x + v)) + d log Q jumps by pi*2*g, with the sign of a X b = -d^3 x^2 < 0: down."""

    def law(x: float, v: float, t: float) -> float:
        return 2 * G * math.atan(D * x / (G * x + v)) + D * math.log((G * x + v) ** 2 + (D * x) ** 2)

    steps = _steps(_values(law, _oscillation, TIMES))
    assert steps
    assert all(abs(step + math.pi * 2 * G) < TOLERANCE for step in steps)


def test_the_single_valued_form_is_constant_where_the_law_jumps() -> None:
    def angle(x: float, v: float) -> float:
        return math.atan2(D * x, G * x + v) + D * math.log((G * x + v) ** 2 + (D * x) ** 2) / (2 * G)

    for function in (math.cos, math.sin):
        assert not _steps(_values(lambda x, v, t, f=function: f(angle(x, v)), _oscillation, TIMES))


def test_an_even_power_below_does_not_jump_and_a_square_root_changes_its_sign() -> None:
    moving = [-1.0 + 0.13 * k for k in range(20)]  # x = t passes 0 between two of them
    flow = pl.PolynomialODE({"x": "1", "y": "0"})
    odd = [math.sqrt(x * x) / x for x in moving]
    assert {before * after for before, after in pairwise(odd) if before != after} == {-1.0}
    assert str(_domain(flow, "sqrt(x^2)/x").borders[0].jump) == "a change of sign"
    even = [math.atan(1 / x**2) + math.atan(x**2) for x in moving]
    assert not _steps(even)
    [border] = _domain(flow, "atan(1/x^2) + atan(x^2)").borders
    assert (border.meeting.passage, str(border.jump)) == (Passage.CROSSED, "0")


def test_a_logarithm_does_not_jump_but_diverges_at_a_border_that_is_not_reached() -> None:
    """x' = x y, y' = 1: log |x| - y^2/2 is kept and x = 0 is never met, as x = exp(y^2/2)."""
    flow = pl.PolynomialODE({"x": "x*y", "y": "1"})
    [border] = _domain(flow, "log(x) - y^2/2").borders
    assert (border.meeting.passage, border.jump) == (Passage.NEVER, None)
    times = [-3.0 + 0.1 * k for k in range(60)]
    assert not _steps([math.log(abs(math.exp(t * t / 2))) - t * t / 2 for t in times])


@pytest.mark.parametrize(
    ("rhs", "claim"),
    [
        (
            {"x": "abs(x)", "y": "sqrt(x)*sqrt(x)"},
            "x - y",
        ),  # true where sqrt(x) is defined; -x + abs(x) is not 0 elsewhere
        ({"x": "sqrt(x^2)", "y": "x", "z": "sqrt(x)"}, "x - y"),
        (
            {"x": "-1", "y": "-x^(1/3)"},
            "4*y - 3*(-x)^(4/3)",
        ),  # the one root is defined for x > 0, the other for x < 0
    ],
)
def test_nothing_is_refuted_where_no_trajectory_is(rhs: dict[str, str], claim: str) -> None:
    assert not isinstance(pl.check_law(ElementaryODE(rhs), claim), pl.Refuted)


def test_roots_of_roots_are_roots() -> None:
    flow = ElementaryODE({"x": "(sqrt(-x/2))^(1/3)", "y": "(-x)^(1/6)"})
    laws = pl.find_laws(flow, 2, augment=[])
    assert (laws.complete, laws.texts) == (True, ("y*(4*sqrt(2))^(1/3) - 2*x",))


@pytest.mark.parametrize(
    ("claim", "text", "domain"),
    [
        ("x^a*(1-x)^(-a)*exp(-a*t)", "(-x + 1)^(-a)*x^a*exp(-a*t)", ["1 > x", "x > 0"]),
        (
            "(x/(1-x))^a*exp(-a*t)",
            "abs(x)^a*abs(x - 1)^(-a)*exp(-a*t)",
            ["x != 0", "x - 1 != 0"],
        ),  # the signs may be both
        ("(x/(x-1))^a*exp(-a*t)", "abs(x)^a*abs(x - 1)^(-a)*exp(-a*t)", ["x != 0", "x - 1 != 0"]),
    ],
)
def test_what_is_under_a_power_with_symbols_is_positive(claim: str, text: str, domain: list[str]) -> None:
    verdict = pl.check_law(pl.PolynomialODE({"x": "x*(1-x)"}, ["a"]), claim)
    assert isinstance(verdict, pl.Proved)
    assert str(verdict.law) == text
    assert sorted(map(str, verdict.domain.inequations)) == sorted(domain)


def test_powers_of_both_signs_are_nowhere_defined() -> None:
    flow = pl.PolynomialODE({"x": "1"}, ["a"])
    for claim in ("x^a + (-x)^a", "(-2)^a*x", "(-x^2 - 1)^a"):
        with pytest.raises(InputError, match="positive together"):
            pl.check_law(flow, claim)
    # 0 where (-x)^a is defined
    assert not isinstance(pl.check_law(flow, "(-x)^a*(abs(x) + x)"), pl.Refuted)
    assert not isinstance(
        pl.check_law(ElementaryODE({"x": "(-x)^a", "y": "1"}, ["a"]), "abs(x) + x"), pl.Refuted
    )


def test_when_the_time_is_over_borders_are_undecided() -> None:
    flow = pl.PolynomialODE({"x": "-y", "y": "x"}, time="t")
    found = pl.find_laws(flow, 1, augment=["atan(y/x)"])
    [known] = found.domains
    assert [border.meeting.passage for border in known.borders] == [Passage.CROSSED]
    assert known.single_valued
    [late] = replace(found, budget=pl.Budget(max_seconds=1e-9)).domains
    assert late.inequations == known.inequations
    assert [border.meeting.passage for border in late.borders] == [Passage.UNDECIDED]
    assert "max_seconds" in late.borders[0].undecided
    assert late.single_valued is None
