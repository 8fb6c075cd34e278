"""Darboux polynomials: by the extactic polynomial, along lines, conjugate pairs, and laws made of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

import polylaw as pl
from polylaw.domains.darboux import lines
from polylaw.domains.darboux.angles import pair_of
from polylaw.domains.darboux.eigenspaces import Eigenspaces, cofactors_of, products_of
from polylaw.domains.darboux.extactic import TooLargeError, extactic_factors
from polylaw.domains.darboux.laws import Kind
from polylaw.domains.darboux.lifting import is_darboux_mod, lifted
from polylaw.domains.darboux.lines import LineSearch
from polylaw.domains.darboux.monomials import monomials_up_to
from polylaw.domains.darboux.polynomials import darboux_polynomials
from polylaw.errors import InputError
from polylaw.report import FORMATS
from polylaw.report.darboux import DarbouxReport
from polylaw.truth import Certainty
from tests.helpers import EXAMPLES, gradient, momentum

#: name: (ODE, degree, irreducible Darboux polynomials that are no laws)
SYSTEMS = {
    "predators": ({"x": "2*x - 3*x*y", "y": "-y + 5*x*y"}, 2, ["x", "y"]),
    "circle": (
        {"x": "x*(x^2 + y^2 - 1) - y*(x + 2)", "y": "y*(x^2 + y^2 - 1) + x*(x + 2)"},
        2,
        ["x^2 + y^2", "x^2 + y^2 - 1"],
    ),
    "hidden line": (
        {"x": "x*(y + z - w)", "y": "y*(x - z)", "z": "z*(w - 2*x + y)", "w": "w*(x + y + z + w)"},
        1,
        ["x", "x + 2*w", "y", "z", "w"],
    ),
    "two conics": (
        {"x": "y + x*z", "y": "-x + y*z", "z": "z*(z - w) + w", "w": "1 + w^2"},
        2,
        ["x^2 + y^2", "x*w + y", "y*w - x", "w^2 + 1"],
    ),
    "conjugates": ({"x": "y + x*y", "y": "-x + y^2"}, 2, ["x + 1", "x^2 + y^2"]),
    "golden": ({"x": "y", "y": "2*x + x^2*y - y^3/2"}, 2, ["2*x^2 - y^2"]),
    "none": ({"x": "y", "y": "x^2 + 1", "z": "x*y + z^2"}, 1, []),
}


def along_lines(*, exact: bool = False) -> pl.Budget:
    """A budget that leaves no case distinctions and, unless `exact`, no exact extactic polynomials."""
    budget = pl.Budget()
    budget.max_cofactors = 0
    budget.max_columns = budget.max_columns if exact else 0
    return budget


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_darboux_polynomials_of_a_system(name: str) -> None:
    rhs, degree, expected = SYSTEMS[name]
    flow = pl.PolynomialODE(rhs)
    found = darboux_polynomials(flow.distribution, degree, pl.Budget())
    assert found.complete == degree
    assert [str(d.polynomial) for d in found.polynomials] == expected
    for d in found.polynomials:
        for field, cofactor in zip(flow.distribution.fields, d.cofactors, strict=True):
            assert field(d.polynomial) == cofactor * d.polynomial


@pytest.mark.parametrize("name", ["hidden line", "circle", "conjugates", "golden"])
def test_lines_find_what_the_extactic_polynomial_finds(name: str) -> None:
    rhs, degree, _ = SYSTEMS[name]
    flow = pl.PolynomialODE(rhs)
    [field] = flow.distribution.fields
    for d in range(1, degree + 1):
        monomials = monomials_up_to(range(len(rhs)), d)
        exact = extactic_factors(flow.ring, field.components, monomials, pl.Budget())
        assert exact is not None
        by_factors = {f for f in exact.factors if cofactors_of(flow.distribution, f) and f.degree == d}
        lower = [f for f in exact.factors if cofactors_of(flow.distribution, f) and f.degree < d]
        along = LineSearch(flow.ring, field.components, monomials, d, pl.Budget()).candidates(lower)
        assert by_factors <= set(along)
        assert {f for f in along if cofactors_of(flow.distribution, f)} <= by_factors | set(lower)


def test_all_fields_of_a_distribution_count() -> None:
    flow = gradient("nmf:1,2,1")
    found = darboux_polynomials(flow.distribution, 1, pl.Budget())
    assert [str(d.polynomial) for d in found.polynomials] == ["U_1_1", "U_1_2", "V_1_1", "V_1_2"]
    assert not darboux_polynomials(gradient("linear:2,1,2").distribution, 1, pl.Budget()).polynomials
    clock = darboux_polynomials(momentum("linear:1,1,1", "tau").distribution, 1, pl.Budget())
    assert [str(d.polynomial) for d in clock.polynomials] == ["exp(tau*t)"]
    number = pl.find_laws(momentum("linear:1,1,1", 1), 2, kind="darboux")
    assert [str(d.polynomial) for d in number.found.polynomials] == ["exp(t)"]
    assert number.laws == ()


def test_laws_of_one_form_come_once() -> None:
    flow = pl.flow_from_file(EXAMPLES / "systems" / "michaelis_menten.toml")
    assert [str(law.expression) for law in pl.find_laws(flow, 2, kind="darboux").laws] == [
        "S + K*log(S) + Vmax*t"
    ]
    flow = pl.flow_from_file(EXAMPLES / "functions" / "oscillator_critical.toml")
    assert len(pl.find_laws(flow, 3, kind="darboux").laws) == 2


#: polynomial: (a, b, discriminant), None if it is no pair
PAIRS = {
    "v^2 + 2*g*x*v + w2*x^2": ("g*x + v", "x", "g^2 - w2"),
    "v^2 + 2*g*x*v + (g^2 + d^2)*x^2": ("g*x + v", "d*x", "-1"),
    "v^2 + 2*x*v + 5*x^2": ("x + v", "2*x", "-1"),
    "x^2 - 2*v^2": ("2*v", "x", "2"),
    "x^2 + x + 1": ("2*x + 1", "1", "-3"),
    "x^2 + v^2 + 1": None,
    "x*v": None,
    "x + v": None,
}


@pytest.mark.parametrize("text", PAIRS)
def test_conjugate_pairs(text: str) -> None:
    ring = pl.Ring(("x", "v"), ("g", "w2", "d"))
    h, expected = ring.parse(text), PAIRS[text]
    pair = pair_of(h)
    assert (pair and (str(pair.a), str(pair.b), str(pair.discriminant))) == expected
    if pair:
        norm = pair.a * pair.a - pair.discriminant * pair.b * pair.b
        assert norm.divide_exactly(h) * h == norm


def test_a_spiral_whose_form_is_a_multiple_of_a_norm() -> None:
    """h = 2*x^2 + 2*x*y + 3*y^2 and 2*h = (2*x + y)^2 + 5*y^2: the derivative of the angle is taken over
    2*h."""
    flow = pl.PolynomialODE({"x": "-x - 6*y", "y": "4*x + 3*y"})
    result = pl.find_laws(flow, 1, kind="darboux")
    [law] = [law for law in result.laws if law.kind is Kind.LOGARITHMIC]
    assert "2*x^2 + 2*x*y + 3*y^2" in str(law)
    assert isinstance(pl.check_law(flow, str(law)), pl.Proved)
    assert (result.independent.lower, result.independent.upper) == (1, 1)


def test_relations_between_cofactors_become_short_products() -> None:
    flow = pl.PolynomialODE({"x": "2*x", "y": "3*y", "z": "-z"})
    laws = [str(law.expression) for law in pl.find_laws(flow, 1, kind="darboux").laws]
    assert laws == ["x*z^2", "x^3/y^2", "exp(-2*t)*x"]
    for law in laws:
        assert isinstance(pl.check_law(flow, law), pl.Proved)


def test_polynomial_products_of_higher_degree_are_laws() -> None:
    result = pl.find_laws(pl.PolynomialODE({"x": "x", "y": "-2*y"}), 1, kind="darboux")
    assert "x^2*y" in [str(law.expression) for law in result.laws]
    assert (result.independent.lower, result.independent.upper) == (1, 1)


def test_levels_of_a_rational_integral_are_found() -> None:
    """(x^2 + 1)/(y^2 + z) mixes no lower factors: two levels of it stand for all."""
    ring = pl.Ring(("x", "y"))
    f, g = ring.parse("x^2 + y + 1"), ring.parse("y^2 + x + 3")
    rhs = {"x": f.derivative(1) * g - f * g.derivative(1), "y": f * g.derivative(0) - f.derivative(0) * g}
    flow = pl.PolynomialODE(rhs)
    result = pl.find_laws(flow, 2, kind="darboux")
    assert result.independent.lower == 1
    assert all(isinstance(pl.check_law(flow, str(law.expression)), pl.Proved) for law in result.laws)


def test_a_bound_that_is_hit_is_named() -> None:
    result = pl.find_laws(
        pl.PolynomialODE({"x": "y", "y": "x^2"}), 2, budget=pl.Budget(max_seconds=1e-9), kind="darboux"
    )
    assert not result.complete
    assert result.certainty is Certainty.UNDECIDED
    assert "max_seconds" in str(result.found.evidence[-1])
    assert result.independent.upper == 1  # a field that is not 0 leaves at most one law in the plane


LORENZ = {"x": "s*(y - x)", "y": "x*(r - z) - y", "z": "x*y - b*z"}
MINORS = ["W11*W22 - W12*W21", "W11*W32 - W12*W31", "W21*W32 - W22*W31"]


@pytest.fixture
def tied() -> pl.Flow:
    """A tied autoencoder: the loss sees W^T W for a 3 x 2 matrix W, so that the column space of W stays."""
    columns = [[f"W{i}{j}" for i in (1, 2, 3)] for j in (1, 2)]
    phi = [
        "+".join(f"{a}*{b}" for a, b in zip(columns[i], columns[j], strict=True))
        for i, j in ((0, 0), (0, 1), (1, 1))
    ]
    return pl.GradientFlow(pl.models.from_map([f"W{i}{j}" for i in (1, 2, 3) for j in (1, 2)], phi))


def test_minors_are_common_darboux_polynomials_of_several_fields(tied: pl.Flow) -> None:
    result = pl.find_laws(tied, 2, kind="darboux")
    assert [str(d.polynomial) for d in result.found.polynomials] == MINORS
    assert len({d.cofactors for d in result.found.polynomials}) == 1
    assert [str(law) for law in result.laws] == [f"({MINORS[0]})/({other})" for other in MINORS[1:]]
    assert (result.independent.lower, result.independent.upper) == (2, 2)
    assert result.complete


def test_levels_that_no_single_point_tells_apart_are_found_along_lines() -> None:
    """A space of equal cofactors of dimension 3: two polynomials vanish along every trajectory."""
    flow = pl.PolynomialODE({"x": "(x + 1)*w", "y": "(y + 2)*w", "z": "(z - 1)*w", "w": "1 + x*y"})
    assert pl.find_laws(flow, 1, kind="darboux").complete
    result = pl.find_laws(flow, 1, budget=along_lines(), kind="darboux")
    assert len(result.found.polynomials) == 3
    assert {tuple(map(str, d.cofactors)) for d in result.found.polynomials} == {("w",)}
    shifted = [flow.parse(h) for h in ("x + 1", "y + 2", "z - 1")]
    spaces, w = Eigenspaces(flow.distribution, monomials_up_to(range(4), 1), pl.Budget()), flow.parse("w")
    assert set(shifted) <= set(spaces.of((w,)))
    assert not spaces.new((w,), result.found.polynomials, 1)
    assert result.certainty is Certainty.UNDECIDED
    assert "levels of rational first integrals of that degree may be missing" in str(
        result.found.evidence[-1]
    )


def test_an_extactic_polynomial_that_is_0_does_not_prove_all() -> None:
    """x^2/y is a rational first integral of degree 2: its levels divide no minor."""
    flow = pl.PolynomialODE({"x": "x", "y": "2*y"})
    assert pl.find_laws(flow, 2, kind="darboux").found.complete == 2
    result = pl.find_laws(flow, 2, budget=along_lines(exact=True), kind="darboux")
    assert (result.found.complete, result.certainty) == (1, Certainty.UNDECIDED)
    assert "levels of rational first integrals of that degree may be missing" in str(
        result.found.evidence[-1]
    )


def test_a_random_line_proves_nothing() -> None:
    rhs = {"x": "y + x*z", "y": "-x + 2*y*z", "z": "z^2 + x + 1"}
    flow = pl.PolynomialODE(rhs)
    assert pl.find_laws(flow, 2, kind="darboux").certainty is Certainty.PROVED
    almost = pl.find_laws(flow, 2, budget=along_lines(), kind="darboux")
    assert almost.certainty is Certainty.ALMOST_SURELY
    assert not almost.complete
    assert almost.found.complete == 0
    assert "all over Q almost surely" in str(almost.found.evidence[-1])


def test_lines_mod_the_prime_that_are_none_over_q_leave_it_open() -> None:
    """x^3 - x - 1 has a root mod 2^61 - 1: a linear Darboux polynomial there, and five quadratic ones through
    one point."""
    flow = pl.PolynomialODE({"x": "y", "y": "z", "z": "x + y"})
    proved = pl.find_laws(flow, 2, kind="darboux")
    assert (proved.certainty, proved.found.polynomials) == (Certainty.PROVED, ())
    result = pl.find_laws(flow, 2, budget=along_lines(), kind="darboux")
    assert result.certainty is Certainty.UNDECIDED
    assert "trajectories through some points have more than one equation" in str(result.found.evidence[-1])


def test_over_the_field_of_parameters() -> None:
    """Rabinovich: x^2 + y^2 - 4*h*z for all values of the parameters."""
    flow = pl.PolynomialODE({"x": "h*y - v*x + y*z", "y": "h*x - v*y - x*z", "z": "-2*v*z + x*y"}, ["h", "v"])
    result = pl.find_laws(flow, 2, kind="darboux")
    assert [(str(d.polynomial), *map(str, d.cofactors)) for d in result.found.polynomials] == [
        ("x^2 + y^2 - 4*h*z", "-2*v")
    ]
    assert result.complete
    assert [str(law) for law in result.laws] == ["exp(2*v*t)*(x^2 + y^2 - 4*h*z)"]
    open_ = pl.find_laws(flow, 2, budget=along_lines(exact=True), kind="darboux")
    assert open_.certainty is Certainty.UNDECIDED
    assert "at random values of h, v there are more" in str(open_.found.evidence[-1])
    lorenz = pl.find_laws(
        pl.PolynomialODE(LORENZ, ["s", "r", "b"]), 2, budget=along_lines(exact=True), kind="darboux"
    )
    assert lorenz.certainty is Certainty.ALMOST_SURELY
    assert "at random values of s, r, b there are no others" in str(lorenz.found.evidence[-1])


def test_special_parameters_of_lorenz() -> None:
    """The Darboux polynomials of degree 2 of Lorenz' system: Llibre & Zhang, J. Math. Phys. 43 (2002)."""
    found = pl.find_laws(pl.PolynomialODE(LORENZ, ["s", "r", "b"]), 2, kind="darboux").found
    assert found.polynomials == ()
    assert {(s.relation, str(s.found.polynomial), *map(str, s.found.cofactors)) for s in found.special} == {
        ("s = 0", "x", "0"),
        ("s = 1/2*b", "x^2 - b*z", "-b"),
        ("s = 1, b = 1", "r*x^2 - y^2 - z^2", "-2"),
        ("r = 0, b = 1", "y^2 + z^2", "-2"),
    }
    for s, r, b, h, rate in (
        ("1/2", 3, 1, "x^2 - z", "1"),
        (1, 5, 1, "5*x^2 - y^2 - z^2", "2"),
        (7, 0, 1, "y^2 + z^2", "2"),
    ):
        flow = pl.PolynomialODE(LORENZ, {"s": s, "r": r, "b": b})
        assert isinstance(pl.check_law(flow, f"exp({rate}*t)*({h})"), pl.Proved)


def test_cofactors_are_those_of_the_flow_as_given() -> None:
    rocket = pl.find_laws(
        pl.PolynomialODE({"v": "th/(mF + mR)", "mF": "-1"}, ["th", "mR"]), 1, kind="darboux"
    )
    [d] = rocket.found.polynomials
    assert (str(d.polynomial), *map(str, rocket.cofactors(d.cofactors))) == ("mF + mR", "(-1)/(mF + mR)")
    twice = pl.find_laws(pl.PolynomialODE({"x": "2*x", "y": "4*y"}), 1, kind="darboux")
    assert [str(c) for d in twice.found.polynomials for c in twice.cofactors(d.cofactors)] == ["2", "4"]


def test_relations_where_the_flow_is_not_defined_are_left_out() -> None:
    """At a = 0 the field without denominators, (x, a*(x^2 + 1)), has the law y; the flow is not defined
    there."""
    result = pl.find_laws(pl.PolynomialODE({"x": "x/a", "y": "x^2 + 1"}, ["a"]), 1, kind="darboux")
    assert "a = 0" in [s.relation for s in result.found.special]
    assert "a = 0" not in [s.relation for s in result.special]
    moved = pl.find_laws(
        pl.PolynomialODE({"x": "x/(a + 1)", "y": "b*(x^2 + 1)/(a + 1)"}, ["a", "b"]), 1, kind="darboux"
    )
    [special] = [s for s in moved.special if s.relation == "b = 0"]
    assert str(special.found.polynomial) == "y"
    assert [str(c) for c in moved.cofactors(special.found.cofactors, special.values)] == ["0"]


def test_time_in_the_equations() -> None:
    result = pl.find_laws(pl.PolynomialODE({"x": "x + 3*t", "y": "y"}, time="t"), 1, kind="darboux")
    assert [str(d.polynomial) for d in result.found.polynomials] == ["x + 3*t + 3", "y"]
    assert [str(law) for law in result.laws] == ["(x + 3*t + 3)/y", "exp(-t)*y"]
    assert (result.independent.lower, result.independent.upper) == (2, 2)


def test_laws_are_a_basis_simplest_first_and_by_kind() -> None:
    textbook = pl.find_laws(
        pl.PolynomialODE({"x": "y^2 + z^2 - x^2", "y": "-2*x*y", "z": "-2*x*z"}), 2, kind="darboux"
    )
    assert [(law.kind, str(law)) for law in textbook.laws[:2]] == [
        (Kind.RATIONAL, "y/z"),
        (Kind.RATIONAL, "(x^2 + y^2 + z^2)/y"),
    ]
    assert [law.kind for law in textbook.laws[2:]] == [Kind.TIME]
    both = pl.find_laws(pl.PolynomialODE({"x": "1 + x^2", "y": "2*x*y"}), 2, kind="darboux")
    assert [str(law) for law in (*both.laws, *both.more) if law.kind is Kind.RATIONAL] == ["(x^2 + 1)/y"]
    centre = pl.find_laws(
        pl.PolynomialODE({"x": "-x^2 + 3*x - 2*x*y", "y": "y^2 - 2*y + x*y"}), 2, kind="darboux"
    )
    assert [str(law) for law in centre.laws] == ["x^2*y^3*(2*x + 3*y - 6)"]


def test_every_law_left_out_is_a_law_all_the_same() -> None:
    flow = pl.PolynomialODE({"x": "y^2 + z^2 - x^2", "y": "-2*x*y", "z": "-2*x*z"})
    result = pl.find_laws(flow, 2, kind="darboux")
    assert result.more
    for law in result.more:
        assert isinstance(pl.check_law(flow, str(law)), pl.Proved)


def test_angular_momenta_of_a_damped_oscillator_decay_alike() -> None:
    rhs = {
        "x": "u",
        "y": "v",
        "z": "w",
        **{p: f"-2*{p} - 3*{q}" for p, q in (("u", "x"), ("v", "y"), ("w", "z"))},
    }
    result = pl.find_laws(pl.PolynomialODE(rhs), 2, kind="darboux")
    momenta = {"x*v - y*u", "x*w - z*u", "y*w - z*v"}
    assert momenta <= {str(d.polynomial) for d in result.found.polynomials}
    assert {str(c) for d in result.found.polynomials for c in d.cofactors} == {"-2"}
    assert [str(law) for law in result.laws[:2]] == ["(x*v - y*u)/(x*w - z*u)", "(x*v - y*u)/(y*w - z*v)"]
    assert (result.independent.lower, result.independent.upper) == (5, 5)


def test_a_law_with_the_flows_own_clock_is_counted() -> None:
    result = pl.find_laws(gradient("map:x*y", weight_decay=1), 2, kind="darboux")
    assert [str(h) for h in result.generators] == ["exp(2*t)*(x^2 - y^2)"]
    assert (result.independent.lower, result.independent.upper) == (1, 1)


@pytest.mark.parametrize("bound", ["max_columns", "max_determinant", "max_factored"])
def test_an_extactic_polynomial_beyond_any_bound_is_not_begun(bound: str) -> None:
    flow = pl.PolynomialODE({"x": "y + x*y", "y": "-x + y^2"})
    [field] = flow.distribution.fields
    monomials = monomials_up_to(range(2), 2)
    assert extactic_factors(flow.ring, field.components, monomials, pl.Budget()).factors
    with pytest.raises(TooLargeError, match=f"{bound} 1"):
        extactic_factors(flow.ring, field.components, monomials, pl.Budget(**{bound: 1}))


@pytest.mark.parametrize("degree", [0, 13, True, "2"])
def test_a_bad_degree_is_refused(degree: object) -> None:
    with pytest.raises(InputError, match="an integer from 1 to 12"):
        pl.find_laws(pl.PolynomialODE({"x": "y", "y": "x"}), degree, kind="darboux")  # type: ignore[arg-type]


def test_all_are_all_over_the_field_that_is_named() -> None:
    """x*sqrt(2) + y and x*sqrt(2) - y are Darboux too, and only their product has rational coefficients."""
    result = pl.find_laws(pl.PolynomialODE({"x": "y", "y": "2*x"}), 1, kind="darboux")
    assert result.found.polynomials == ()
    assert str(result.found.evidence[0]) == "degree 1: all over Q, by case distinctions on their cofactors"
    symbolic = pl.find_laws(pl.PolynomialODE({"x": "y", "y": "a*x"}, ["a"]), 1, kind="darboux")
    assert str(symbolic.found.evidence[0]).startswith(
        "degree 1: all over the field of parameters (for generic values of them), by"
    )


# -- long coefficients
# ------------------------------------------------------------------------------------------------
LONG = pl.PolynomialODE(
    {
        "x": "2000000011*x^3 + 2000000011*x^2*z + x*y*z + x*z^2 + x*z + x + 2*y^2 + y*z^2 + 6*y*z + 2*y + "
        "z^3 + 5*z",
        "y": "4000000022*x^3 + 2*x*y*z - 8000000045*x*y + 2*x*z^2 - 2*x*z + 2*x + y*z + 2",
        "z": "-8000000044*x*y + x*z - 8000000044*x + z^2",
    }
)


def test_long_coefficients_are_lifted_or_leave_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quotient of coefficients beyond 2^30 is more than one residue mod 2^61 - 1 tells of a single
    number."""
    found = pl.find_laws(LONG, 2, kind="darboux").found
    assert [str(d.polynomial) for d in found.polynomials] == ["2000000011*x^2 + y*z + z^2 + 1"]
    monkeypatch.setattr(lines, "lifted", lambda *_: None)
    missed = pl.find_laws(LONG, 2, kind="darboux")
    assert (missed.found.polynomials, missed.certainty) == ((), Certainty.UNDECIDED)
    assert "there is one mod 2^61 - 1 whose coefficients are too long" in str(missed.found.evidence[-1])


def test_what_is_not_lifted_at_values_of_parameters_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rabinovich: x^2 + y^2 - 4*h*z."""
    monkeypatch.setattr(lines, "lifted", lambda *_: None)
    flow = pl.PolynomialODE({"x": "h*y - v*x + y*z", "y": "h*x - v*y - x*z", "z": "-2*v*z + x*y"}, ["h", "v"])
    found = pl.find_laws(flow, 2, budget=along_lines(exact=True), kind="darboux").found
    assert found.evidence[-1].certainty is Certainty.UNDECIDED
    assert "at random values of h, v there is one mod 2^61 - 1" in str(found.evidence[-1])


def test_whether_a_polynomial_is_darboux_mod_a_prime() -> None:
    flow = pl.PolynomialODE({"x": "x", "y": "2*y"})
    [field] = flow.distribution.fields
    monomials = [(), ((0, 1),), ((1, 1),), ((0, 2),)]
    for vector, expected in (
        ([0, 0, 1, 5], True),
        ([0, 0, 1, 0], True),
        ([0, 1, 1, 0], False),
        ([1, 0, 0, 1], False),
    ):
        assert is_darboux_mod(flow.ring, field.components, monomials, vector, lines.PRIME) is expected
    assert not is_darboux_mod(flow.ring, field.components, monomials, [0, 0, 0, 0], lines.PRIME)


def test_a_short_multiple_is_found_mod_the_prime() -> None:
    ring = pl.Ring(["x", "y"])
    monomials = [(), ((0, 1),), ((1, 1),)]
    scale = 123456789123456789
    h = ring.parse("7361528409*x - 3914275881*y + 10593847261")
    vector = [int(h.terms.get(m, 0)) * scale % lines.PRIME for m in monomials]
    assert lifted(ring, monomials, vector, lines.PRIME) == h
    assert lifted(ring, monomials, [5, 0, 0], lines.PRIME) is None


# -- what is not listed
# ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rhs", "sums"),
    [
        ({"x": "x", "y": "2*y"}, True),  # y + x^2
        ({"x": "x", "y": "y"}, True),  # x + y
        ({"x": "x", "y": "3*y"}, False),  # y + x^3 has degree 3
        ({"x": "x", "y": "0"}, True),  # x + x*y
        ({"x": "x*(1 + y)", "y": "y*(2 + x)"}, False),
    ],
)
def test_sums_of_products_with_equal_cofactors_are_said_not_to_be_listed(
    rhs: dict[str, str], sums: bool
) -> None:
    result = pl.find_laws(pl.PolynomialODE(rhs), 2, kind="darboux")
    assert result.has_sums is sums
    assert (
        "not listed: sums, with equal lambda, of products of these"
        in FORMATS["text"](DarbouxReport(result, "m.toml"))
    ) is sums


def test_products_of_darboux_polynomials() -> None:
    """x and y of degree at most 2: x, y, x^2, x*y, y^2, no two with equal cofactors unless these are."""
    flow = pl.PolynomialODE({"x": "x", "y": "2*y"})
    found = pl.find_laws(flow, 1, kind="darboux").found.polynomials
    zero = (flow.ring.constant(0),)
    assert sorted(str(total) for _, (total,) in products_of(found, zero, 2, 100)) == ["1", "2", "2", "3", "4"]
    assert len(products_of(found, zero, 2, 3)) == 3
    assert pl.find_laws(flow, 2, kind="darboux").has_sums
    other = pl.find_laws(pl.PolynomialODE({"x": "x", "y": "5*y"}), 2, kind="darboux")
    assert not other.has_sums
    assert replace(other, budget=pl.Budget(max_level=2)).has_sums
