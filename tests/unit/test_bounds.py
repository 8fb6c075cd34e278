"""Every bound of a budget is named where it is said that it was hit."""

from __future__ import annotations

import shlex
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl

FILES = {
    "plane": '[ode]\nx = "y"\ny = "x^2 + 1"\n',
    "cubic": '[ode]\nx = "y + x^3"\ny = "x^2 + 1"\n',
    "space": '[ode]\nx = "y + x*z"\ny = "-x + 2*y*z"\nz = "z^2 + x + 1"\n',
    "symbols": 'parameters = ["g", "w"]\n[ode]\nx = "v"\nv = "-2*g*v - w*x"\n',
    "volterra": '[ode]\nx = "x*(1 - y)"\ny = "y*(x - 1)"\n',
    "nilpotent": '[ode]\nx = "z*y"\ny = "-y"\nz = "z"\n',
}
PLANE = "darboux plane.toml --degree 2 --bound max_cofactors=1"
CASES = "darboux space.toml --degree 1 --bound max_monomials=1 --bound max_columns=1"
#: A command that hits each bound, set to what stands beside it.
HIT = {
    "max_seconds": (1, "find linear:2,2,2 --degree 3"),
    "max_unknowns": (3, "find linear:2,2,2 --degree 3"),
    "max_entries": (1, "find linear:2,2,2 --degree 3"),
    "max_words": (1, "words linear:*,*,* --length 3"),
    "max_ties": (1, "words linear:*,*,* --length 3"),
    "max_compared": (1, "verify known.json"),
    "max_characters": (1, "prove known.json -o a.v"),
    "max_coq_steps": (1, "prove known.json -o a.v"),
    "max_minors": (1, 'relations linear:2,2,2 --at "U1_1_1=1, U2_1_1=1"'),
    "max_basis": (1, "find linear:1,2,1 --on balanced"),
    "max_radical_steps": (1, "find linear:1,2,1 --on balanced"),
    "max_bases": (1, "check linear:1,2,1 U1_1_1 --on balanced"),
    "max_chain": (1, "find nilpotent.toml --on 'x^2 = 0' --degree 1"),
    "max_level": (1, "relations linear:1,3,1"),
    "max_block": (1, "relations linear:1,3,1"),
    "max_products": (1, "words linear:* \"U1' U1 - 2 U2 U2'\""),
    "max_cases": (1, CASES),
    "max_cofactors": (1, CASES),
    "max_terms": (1, CASES),
    "max_degree": (1, CASES),
    "max_columns": (1, f"{PLANE} --bound max_monomials=1"),
    "max_determinant": (1, f"{PLANE} --bound max_monomials=1"),
    "max_factored": (1, f"{PLANE} --bound max_monomials=1"),
    "max_monomials": (1, f"{PLANE} --bound max_columns=1"),
    "max_line_steps": (1, f"{PLANE} --bound max_columns=1"),
    "max_signs": (1, 'find plane.toml --augment "abs(x)" --augment "abs(y)"'),
    "max_regimes": (1, "darboux symbols.toml --degree 1"),
    "max_quick_unknowns": (1, "count plane.toml"),
    "max_quick_variables": (1, "count volterra.toml"),
    "max_quick_terms": (1, "count volterra.toml"),
    "max_orders": (1, "count linear:2,3,2"),
    "max_points": (1, 'check plane.toml "sqrt(x - 6)"'),
    "max_primes": (1, 'find plane.toml --augment "sqrt(x)" --augment "sqrt(2)*y"'),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bounds")
    for name, text in FILES.items():
        (place / f"{name}.toml").write_text(text)
    flow = pl.PolynomialODE({"x": "y + z", "y": "-x", "z": "-x"})
    pl.certify(pl.find_laws(flow)).save(place / "known.json")
    return place


def test_every_bound_has_a_command_that_hits_it() -> None:
    """But for the steps of a trajectory, which no command takes."""
    known = {field.name for field in fields(pl.Budget) if field.init}
    assert known - {"max_steps"} == set(HIT)


@pytest.mark.parametrize("name", HIT)
def test_a_bound_that_is_hit_is_named(
    polylaw: Any, ticking: None, monkeypatch: pytest.MonkeyPatch, folder: Path, name: str
) -> None:
    monkeypatch.chdir(folder)
    value, command = HIT[name]
    option = ("--max-seconds", str(value)) if name == "max_seconds" else ("--bound", f"{name}={value}")
    run = polylaw(*shlex.split(command), *option)
    written = Path("a.v").read_text() if run.code == 0 and command.startswith("prove") else ""
    assert run.code in (0, 1, 3), run.err
    assert name in run.out + run.err + written
    assert name not in polylaw(*shlex.split(command)).out
