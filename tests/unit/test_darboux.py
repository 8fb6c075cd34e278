"""Darboux polynomials: by the extactic polynomial, along lines, conjugate pairs, and laws made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import polylaw as pl
from polylaw.darboux.angles import pair_of
from polylaw.darboux.extactic import extactic_factors
from polylaw.darboux.lines import LineSearch
from polylaw.darboux.polynomials import cofactors_of, darboux_polynomials, monomials_up_to
from polylaw.errors import InputError
from tests.helpers import gradient, momentum

EXAMPLES = Path(__file__).parents[2] / "examples"

#: name: (ODE, degree, irreducible Darboux polynomials that are no laws)
SYSTEMS = {
    "predators": ({"x": "2*x - 3*x*y", "y": "-y + 5*x*y"}, 2, ["x", "y"]),
    "circle": (
        {"x": "x*(x^2 + y^2 - 1) - y*(x + 2)", "y": "y*(x^2 + y^2 - 1) + x*(x + 2)"},
        2,
        ["x^2 + y^2", "x^2 + y^2 - 1"],
    ),
    "hidden line": ({"x": "x*(y + z - w)", "y": "y*(x - z)", "z": "z*(w - 2*x + y)", "w": "w*(x + y + z + w)"}, 1, None),
    "two conics": ({"x": "y + x*z", "y": "-x + y*z", "z": "z*(z - w) + w", "w": "1 + w^2"}, 2, ["x^2 + y^2", "w^2 + 1"]),
    "conjugates": ({"x": "y + x*y", "y": "-x + y^2"}, 2, ["x + 1", "x^2 + y^2"]),
    "golden": ({"x": "y", "y": "2*x + x^2*y - y^3/2"}, 2, ["2*x^2 - y^2"]),
    "none": ({"x": "y", "y": "x^2 + 1", "z": "x*y + z^2"}, 1, []),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_darboux_polynomials_of_a_system(name: str) -> None:
    rhs, degree, expected = SYSTEMS[name]
    flow = pl.PolynomialODE(rhs)
    found = darboux_polynomials(flow.distribution, degree, pl.Budget())
    assert found.complete == degree
    texts = [str(d.polynomial) for d in found.polynomials]
    if "levels" in found.evidence[-1]:  # levels of a rational first integral may come besides
        texts = [text for text in texts if text in (expected or [])]
    assert texts == (expected if expected is not None else ["x", "x + 2*w", "y", "z", "w"])
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
    number = pl.find_darboux(momentum("linear:1,1,1", 1), 2)
    assert [str(d.polynomial) for d in number.found.polynomials] == ["exp(t)"]
    assert number.laws == ()


def test_laws_of_one_form_come_once() -> None:
    flow = pl.flow_from_file(EXAMPLES / "systems" / "michaelis_menten.toml")
    assert [str(law.expression) for law in pl.find_darboux(flow, 2).laws] == ["S + K*log(S) + Vmax*t"]
    flow = pl.flow_from_file(EXAMPLES / "functions" / "oscillator_critical.toml")
    assert len(pl.find_darboux(flow, 3).laws) == 2


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


def test_relations_between_cofactors_become_short_products() -> None:
    flow = pl.PolynomialODE({"x": "2*x", "y": "3*y", "z": "-z"})
    laws = [str(law.expression) for law in pl.find_darboux(flow, 1).laws]
    assert laws == ["x^3/y^2", "x*z^2", "exp(-2*t)*x"]
    for law in laws:
        assert isinstance(pl.check_law(flow, law), pl.Proved)


def test_polynomial_products_of_higher_degree_are_laws() -> None:
    result = pl.find_darboux(pl.PolynomialODE({"x": "x", "y": "-2*y"}), 1)
    assert "x^2*y" in [str(law.expression) for law in result.laws]
    assert (result.independent.lower, result.independent.upper) == (1, 1)


def test_levels_of_a_rational_integral_are_found() -> None:
    """(x^2 + 1)/(y^2 + z) mixes no lower factors: two levels of it stand for all."""
    ring = pl.Ring(("x", "y"))
    f, g = ring.parse("x^2 + y + 1"), ring.parse("y^2 + x + 3")
    rhs = {"x": f.derivative(1) * g - f * g.derivative(1), "y": f * g.derivative(0) - f.derivative(0) * g}
    flow = pl.PolynomialODE(rhs)
    result = pl.find_darboux(flow, 2)
    assert result.independent.lower == 1
    assert all(isinstance(pl.check_law(flow, str(law.expression)), pl.Proved) for law in result.laws)


def test_a_bound_that_is_hit_is_named() -> None:
    rhs = {"x": "y", "y": "z*x + p", "z": "x*w + q*y", "w": "x^2 - z + y"}
    result = pl.find_darboux(pl.PolynomialODE(rhs, ["p", "q"]), 2)
    assert not result.complete
    assert "some may be missing" in result.found.evidence[-1]
    result = pl.find_darboux(pl.PolynomialODE({"x": "y", "y": "x^2"}), 2, budget=pl.Budget(max_seconds=1e-9))
    assert not result.complete


@pytest.mark.parametrize("degree", [0, 13, True, "2"])
def test_a_bad_degree_is_refused(degree: object) -> None:
    with pytest.raises(InputError, match="an integer from 1 to 12"):
        pl.find_darboux(pl.PolynomialODE({"x": "y", "y": "x"}), degree)  # type: ignore[arg-type]
