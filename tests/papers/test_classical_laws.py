"""Laws that are not polynomials, from textbooks: found, complete where the count says so, and false variants
refuted."""

from __future__ import annotations

import pytest

import polylaw as pl
from polylaw.domains.darboux.laws import Kind
from tests.helpers import EXAMPLES, gradient, mostly_slow

#: file: (the law as it is in books, a false variant)
FOUND_BY_DARBOUX = {
    "functions/lotka_volterra.toml": ("d*x - c*log(x) + b*y - a*log(y)", "d*x - c*log(x) + b*y + a*log(y)"),
    "functions/epidemic.toml": ("x + y - (d/b)*log(x)", "x + y - (b/d)*log(x)"),
    "functions/oscillator_under.toml": (
        "d*log(v^2 + 2*g*x*v + (g^2 + d^2)*x^2) + 2*g*atan(d*x/(v + g*x))",
        "d*log(v^2 + 2*g*x*v + (g^2 + d^2)*x^2) - 2*g*atan(d*x/(v + g*x))",
    ),
    "functions/oscillator_critical.toml": ("log(v + g*x) + g*x/(v + g*x)", "log(v + g*x) - g*x/(v + g*x)"),
    "functions/oscillator_over.toml": (
        "(v + (g - d)*x)^(g - d)/(v + (g + d)*x)^(g + d)",
        "(v + (g - d)*x)^(g + d)/(v + (g + d)*x)^(g - d)",
    ),
    "systems/ten_variables.toml": ("x3*y3/z1^3", "x3*y3/z1^2"),
    "systems/damped_oscillator.toml": (
        "exp(2*g*t)*(v^2 + 2*g*x*v + w2*x^2)",
        "exp(g*t)*(v^2 + 2*g*x*v + w2*x^2)",
    ),
}


@pytest.mark.parametrize("file", FOUND_BY_DARBOUX)
def test_a_law_from_a_book_is_proved_and_its_variant_refuted(file: str) -> None:
    flow = pl.flow_from_file(EXAMPLES / file)
    law, variant = FOUND_BY_DARBOUX[file]
    assert isinstance(pl.check_law(flow, law), pl.Proved)
    verdict = pl.check_law(flow, variant)
    assert isinstance(verdict, pl.Refuted)
    assert verdict.value


@pytest.mark.parametrize("file", FOUND_BY_DARBOUX)
def test_every_law_found_is_proved_from_its_text(file: str) -> None:
    flow = pl.flow_from_file(EXAMPLES / file)
    result = pl.find_laws(flow, 1, kind="darboux")
    assert result.complete
    assert result.laws
    for law in result.laws:
        verdict = pl.check_law(flow, str(law.expression))
        assert isinstance(verdict, pl.Proved)
        assert str(verdict.law) == str(law.expression)


@pytest.mark.parametrize("file", [file for file in FOUND_BY_DARBOUX if "ten" not in file])
def test_in_the_plane_the_law_is_all_there_is(file: str) -> None:
    independent = pl.find_laws(pl.flow_from_file(EXAMPLES / file), 1, kind="darboux").independent
    assert (independent.lower, independent.upper) == (1, 1)


def test_the_damped_oscillator_has_its_laws_for_every_damping() -> None:
    laws = pl.find_laws(
        pl.flow_from_file(EXAMPLES / "systems" / "damped_oscillator.toml"), 1, kind="darboux"
    ).laws
    assert [(law.kind, law.condition) for law in laws] == [
        (Kind.LOGARITHMIC, "where w2 > g^2"),
        (Kind.LOGARITHMIC, "where g^2 > w2"),
        (Kind.TIME, ""),
    ]


#: (w2, with g = 1): the constant of motion without time
NUMERIC = {
    "5": "log(5*x^2 + 2*x*v + v^2) + atan(2*x/(x + v))",
    "1": "log(x + v) + x/(x + v)",
    "3/4": "(3*x + 2*v)^3/(x + 2*v)",
    "3": "log(3*x^2 + 2*x*v + v^2) + 2*atan(x*sqrt(2)/(x + v))/sqrt(2)",
}


@pytest.mark.parametrize("w2", NUMERIC)
def test_the_damped_oscillator_with_numbers(w2: str) -> None:
    flow = pl.PolynomialODE({"x": "v", "v": f"-2*v - {w2}*x"})
    result = pl.find_laws(flow, 1, kind="darboux")
    [law] = [law for law in result.laws if law.kind is not Kind.TIME]
    proved = pl.check_law(flow, NUMERIC[w2])
    assert isinstance(proved, pl.Proved)
    assert str(law.expression) == str(proved.law)


@pytest.mark.parametrize("r", mostly_slow([2, 3], 2))
def test_nonnegative_factorisation_of_width_one_has_2r_minus_1_laws(r: int) -> None:
    flow = gradient(f"nmf:1,{r},1")
    assert pl.find_laws(flow, 2).independent.lower == r
    for count in (pl.count_laws(flow, 2), pl.count_laws(flow, augment=["log(*)"])):
        assert (count.lower, count.upper, count.exact) == (2 * r - 1, 2 * r - 1, True)
    law = "(log(U_1_1) - log(V_1_1))*(U_1_2 - V_1_2) - (log(U_1_2) - log(V_1_2))*(U_1_1 - V_1_1)"
    assert isinstance(pl.check_law(flow, law), pl.Proved)
    assert isinstance(pl.check_law(flow, law.replace("- (log", "+ (log")), pl.Refuted)


def test_kepler_has_three_independent_laws() -> None:
    flow = pl.flow_from_file(EXAMPLES / "functions" / "kepler.toml")
    laws = pl.find_laws(flow, 3, augment=["1/sqrt(x^2 + y^2)"])
    assert [str(h) for h in laws.generators] == [
        "x*vy - y*vx",
        "vx^2 + vy^2 - 2*mu/sqrt(x^2 + y^2)",
        "x*vx*vy - y*vx^2 + mu*y/sqrt(x^2 + y^2)",
        "x*vy^2 - y*vx*vy - mu*x/sqrt(x^2 + y^2)",
    ]
    assert laws.complete
    assert (laws.bounds.lower, laws.bounds.upper) == (3, 3)
    assert isinstance(pl.check_law(flow, "vx^2 + vy^2 + 2*mu/sqrt(x^2 + y^2)"), pl.Refuted)


@pytest.mark.parametrize("file", ["toda", "toda_periodic"])
def test_toda_has_as_many_laws_as_particles(file: str) -> None:
    flow = pl.flow_from_file(EXAMPLES / "functions" / f"{file}.toml")
    laws = pl.find_laws(flow, 3, augment=[])
    assert str(laws.generators[0]) == "p1 + p2 + p3"
    assert len(laws.generators) == 3
    assert (laws.bounds.lower, laws.bounds.upper) == (3, 5)
    for h in laws.generators:
        assert isinstance(pl.check_law(flow, str(h)), pl.Proved)
    assert isinstance(pl.check_law(flow, "p1^2 + p2^2 + p3^2 + exp(q1 - q2)"), pl.Refuted)


def test_eulers_top_has_two_laws_which_are_all() -> None:
    count = pl.count_laws(pl.flow_from_file(EXAMPLES / "systems" / "euler_top.toml"))
    assert (count.lower, count.upper) == (2, 2)


def test_every_example_with_functions_is_read_and_cites_its_source() -> None:
    for path in sorted((EXAMPLES / "functions").glob("*.toml")):
        assert path.read_text("utf-8").startswith("# ")
        assert pl.flow_from_file(path).title
        assert f"`{path.name}`" in (EXAMPLES / "README.md").read_text("utf-8")
