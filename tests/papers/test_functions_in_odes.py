"""Laws of ODEs with functions in them, posted by people or made to have functions that depend on each
other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.domains.elementary.ode import ElementaryODE
from polylaw.errors import BudgetError
from polylaw.truth import Certainty

#: equations; parameters; functions asked for, degree: the laws, and whether they are all
CASES: dict[str, tuple[dict[str, str], tuple[str, ...], list[str], int, list[str], bool]] = {
    "roots of multiples": ({"x": "sqrt(x)", "y": "sqrt(4*x)"}, (), [], 2, ["2*x - y"], True),
    "roots, a number between them": (
        {"x": "sqrt(x + 1/2)", "y": "sqrt(2*x + 1)"},
        (),
        [],
        2,
        ["y*sqrt(2) - 2*x"],
        True,
    ),
    "exponentials of multiples": ({"x": "exp(x)", "y": "exp(2*x)"}, (), [], 2, ["y - exp(x)"], True),
    "exponentials, a constant between them": (
        {"x": "exp(x + 1)", "y": "exp(x)"},
        (),
        [],
        1,
        ["exp(1)*y - x"],
        True,
    ),
    "logarithms of powers": ({"x": "log(x)", "y": "log(x^2)"}, (), [], 2, ["2*x - y"], True),
    "root of a product": ({"x": "sqrt(x)*sqrt(y)", "y": "sqrt(x*y)"}, (), [], 2, ["x - y"], True),
    "three multiples": (
        {"x": "sqrt(x/2)", "y": "3*sqrt(x/2)", "z": "sqrt(2*x)"},
        (),
        [],
        2,
        ["2*x - z", "2*y - 3*z"],
        True,
    ),
    "roots below the bar": ({"x": "1/sqrt(x/4 + 1)", "y": "x/sqrt(x + 4)"}, (), [], 2, ["x^2 - 4*y"], True),
    "Morse": (
        {"x": "p", "p": "-2*a*D*(exp(-a*x) - exp(-2*a*x))"},
        ("D", "a"),
        [],
        2,
        ["p^2 - 4*D*exp(-a*x) + 2*D*exp(-2*a*x)"],
        True,
    ),
    "softened centre": (
        {"x": "v", "v": "-(x + 1/2)/sqrt((x + 1/2)^2 + 1)^3"},
        (),
        ["1/sqrt((x + 1/2)^2 + 1)"],
        2,
        ["v^2 - 4/sqrt(4*x^2 + 4*x + 5)"],
        True,
    ),
    "restricted three bodies (rebound 451)": (
        {
            "x": "vx",
            "y": "vy",
            "vx": "2*vy + x - (1-mu)*(x+mu)/sqrt((x+mu)^2+y^2)^3 - mu*(x-1+mu)/sqrt((x-1+mu)^2+y^2)^3",
            "vy": "-2*vx + y - (1-mu)*y/sqrt((x+mu)^2+y^2)^3 - mu*y/sqrt((x-1+mu)^2+y^2)^3",
        },
        ("mu",),
        [],
        2,
        [
            "x^2 + y^2 - vx^2 - vy^2 + mu^2 - 2*mu + 1 - 2*(mu - 1)/sqrt(x^2 + y^2 + 2*mu*x + mu^2)"
            " + 2*mu/sqrt(x^2 + y^2 + 2*mu*x - 2*x + mu^2 - 2*mu + 1)"
        ],
        True,
    ),
    "pendulum": ({"q": "p", "p": "-sin(q)"}, (), [], 2, ["p^2 - 2*cos(q)"], True),
    "pendulum with two angles": (
        {"q": "p", "p": "-sin(q) - sin(q/2)"},
        (),
        [],
        2,
        ["p^2 - 4*cos(1/2*q)^2 - 4*cos(1/2*q) + 4"],
        True,
    ),
    "wheeled pendulum, constant torque": (
        {"th": "w", "w": "sin(th) + u"},
        ("u",),
        [],
        2,
        ["w^2 - 2*u*th + 2*cos(th)"],
        True,
    ),
    "ABC flow with C = 0": (
        {"x": "A*sin(z)", "y": "B*sin(x) + A*cos(z)", "z": "B*cos(x)"},
        ("A", "B"),
        [],
        1,
        ["A*cos(z) + B*sin(x)"],
        True,
    ),
    "double angle": ({"x": "sin(x)^2", "y": "cos(2*x)", "z": "1"}, (), [], 1, ["2*x + y - z"], True),
    "absolute value": ({"x": "v", "v": "-abs(x)"}, (), [], 2, ["x*abs(x) + v^2"], True),
    "hyperbolic": ({"x": "sinh(x)", "y": "exp(x)", "z": "exp(-x)"}, (), [], 1, ["2*x - y + z"], True),
    "a symbol as exponent (roadrunner 214)": (
        {"A": "-n*k*A^n", "B": "n*k*A^n"},
        ("k", "n"),
        [],
        2,
        ["A + B"],
        True,
    ),
    "powers that are fractions": (
        {"x": "x^(1/2)", "y": "x^(1/4)*x^(1/4)", "z": "x^(3/2)/x"},
        (),
        [],
        1,
        ["x - z", "y - z"],
        True,
    ),
    "numbers under roots": (
        {"x": "sqrt(2)*y", "y": "sqrt(3)*x"},
        (),
        [],
        2,
        ["y^2*sqrt(2)*sqrt(3) - 3*x^2"],
        True,
    ),
    "a sign that a root decides which dropped out": (
        {"x": "sqrt(x*z)", "y": "sqrt(x^2*z)/sqrt(x)", "z": "1"},
        (),
        [],
        1,
        ["x - y"],
        True,
    ),
    "numbers of which nothing is known": ({"x": "log(2*x)", "y": "log(3*x)"}, (), [], 1, [], False),
    "arc tangents that add up to a constant": ({"x": "atan(y/x)", "y": "atan(x/y)"}, (), [], 1, [], False),
}


@pytest.mark.parametrize("name", CASES)
def test_laws_with_functions(name: str) -> None:
    rhs, parameters, augment, degree, laws, complete = CASES[name]
    flow = ElementaryODE(rhs, parameters)
    found = pl.find_laws(flow, degree, augment=augment)
    assert [str(h) for h in found.generators] == laws
    assert found.complete == complete
    assert found.certainty is (Certainty.PROVED if complete else Certainty.FORMAL)
    for law in laws:
        assert isinstance(pl.check_law(flow, law), pl.Proved)


def test_what_rests_on_independence_that_was_not_proved_is_undecided(polylaw: Any, tmp_path: Path) -> None:
    file = tmp_path / "logs.toml"
    file.write_text('[ode]\nx = "log(2*x)"\ny = "log(3*x)"\n')
    run = polylaw("find", str(file))
    assert run.code == 3
    assert "complete if these functions are independent (rank 9 mod" in run.out
    assert "which was not proved: whether the numbers log(2), log(3) are independent is not known" in run.out


def test_a_forcing_term_makes_time_a_variable(polylaw: Any, tmp_path: Path) -> None:
    file = tmp_path / "forced.toml"
    file.write_text('[ode]\nx = "v"\nv = "-4*x + cos(t)"\n[flow]\ntime = "t"\n')
    run = polylaw("check", str(file), "(3*x - cos(t))^2 + (3*v + sin(t))^2/4")
    assert (run.code, run.out.split(":")[0]) == (0, "proved")


def test_gradient_flows_of_maps_with_functions(polylaw: Any, tmp_path: Path) -> None:
    file = tmp_path / "normalised.toml"
    phi = ", ".join(f'"g*v{i}/sqrt(v1^2 + v2^2 + v3^2)"' for i in (1, 2, 3))
    file.write_text(f'[model]\nvariables = ["g", "v1", "v2", "v3"]\nphi = [{phi}]\n')
    assert polylaw("check", str(file), "v1^2 + v2^2 + v3^2").code == 0
    assert polylaw("check", str(file), "g^2 - v1^2 - v2^2 - v3^2").code == 1
    assert "exactly 1 independent law" in polylaw("count", str(file)).out
    momentum = polylaw("find", str(file), "--flow", "momentum")
    assert (momentum.code, momentum.out) == (2, "")
    assert "flow.kind: found 'momentum', expected gradient, since phi has functions in it" in momentum.err


def test_claims_and_functions_name_parameters_that_have_values(polylaw: Any, tmp_path: Path) -> None:
    file = tmp_path / "valued.toml"
    file.write_text('[parameters]\nw = "2"\n[ode]\nx = "v"\nv = "-w*x"\n')
    for claim in ("v^2 + w*x^2", "log(v^2 + w*x^2)", "exp(w)*(v^2 + w*x^2)"):
        run = polylaw("check", str(file), claim)
        assert (run.code, run.out.split(":")[0]) == (0, "proved"), run.err
    assert polylaw("check", str(file), "v^2 + x^2").code == 1
    assert "1/(x^2 + 2)" in polylaw("find", str(file), "--augment", "1/(x^2 + w)").out


def test_when_a_bound_is_hit_the_laws_found_before_are_given() -> None:
    class Impatient(pl.Budget):
        """Ends at the second law."""

        laws = 0

        def check(self, stage: str, ahead: float = 0.0) -> None:
            self.laws += stage == "laws with functions"
            if self.laws > 1:
                raise BudgetError("max_seconds", 1, "more time")

    flow = ElementaryODE({"x": "exp(x)", "y": "exp(2*x)", "z": "exp(x)"})
    found = pl.find_laws(flow, 1, augment=[], budget=Impatient())
    assert [str(h) for h in found.generators] == ["y - exp(x)"]
    assert (found.complete, found.certainty) == (False, Certainty.UNDECIDED)
    assert "more time" in found.undecided
