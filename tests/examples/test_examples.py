"""Every example runs: files give the known number of laws, proved, scripts the text in `expected/`."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import polylaw as pl
from tests.helpers import EXAMPLES, complete_laws, mostly_slow

EXPECTED = Path(__file__).with_name("expected")

#: file: (degree of the search, dimension of the space of laws, independent laws)
LAWS = {
    "models/attention.toml": (2, 6, 6),
    "models/conv.toml": (2, 4, 4),
    "models/cp.toml": (2, 4, 4),
    "models/elementwise.toml": (2, 3, 3),
    "models/factorization.toml": (2, 3, 3),
    "models/gated.toml": (2, 4, 4),
    "models/homogeneous.toml": (2, 2, 2),
    "models/icnn.toml": (2, 2, 2),
    "models/leaky_relu.toml": (2, 4, 4),
    "models/linear.toml": (2, 6, 6),
    "models/lora.toml": (2, 1, 1),
    "models/map.toml": (2, 3, 2),  # one linear, its square, one quadratic
    "models/nmf.toml": (2, 5, 2),  # two linear and three products of them
    "models/normalized.toml": (2, 1, 1),
    "models/relu.toml": (2, 4, 4),
    "models/relu_regions.toml": (
        2,
        12,
        6,
    ),  # three weights of a neuron that is never active, their six products, three more
    "models/residual.toml": (2, 6, 6),
    "models/restricted_data.toml": (2, 8, 5),  # balancedness, two linear ones and their three products
    "models/softmax.toml": (
        2,
        8,
        4,
    ),  # two for each column, and combinations of their products in which t^3 is the highest power
    "models/swiglu.toml": (2, 2, 2),
    "models/tt.toml": (2, 4, 4),
    "models/tucker.toml": (2, 5, 5),
    "systems/biomodel_629.toml": (4, 34, 3),
    "systems/damped_oscillator.toml": (2, 1, 1),
    "systems/enzyme.toml": (2, 5, 2),
    "systems/euler_top.toml": (2, 2, 2),
    "systems/goryachev_chaplygin.toml": (3, 3, 3),
    "systems/kepler.toml": (4, 5, 2),
    "systems/michaelis_menten.toml": (2, 2, 1),
    "systems/nonlinear_small.toml": (2, 2, 2),
    "systems/product.toml": (2, 2, 2),
    "systems/symbolic_rates.toml": (2, 1, 1),
    "systems/ten_variables.toml": (5, 3, 2),
    "systems/toda.toml": (3, 6, 3),
}

#: Run by `test_atlas.py`.
ATLAS = EXAMPLES / "atlas.py"
SCRIPTS = sorted(set(EXAMPLES.glob("*.py")) - {ATLAS})


@pytest.mark.parametrize("file", LAWS)
def test_a_model_file_has_its_laws(file: str) -> None:
    degree, dimension, independent = LAWS[file]
    laws = complete_laws(pl.flow_from_file(EXAMPLES / file), degree)
    assert (laws.dimension, laws.independent.lower) == (dimension, independent)


def test_the_table_lists_every_model_file() -> None:
    assert sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("[ms]*/*.toml")) == sorted(
        LAWS
    )


def test_every_family_has_its_model_file() -> None:
    others = {"restricted_data"}
    assert {path.stem for path in (EXAMPLES / "models").iterdir()} == {
        _stem(family) for family in pl.models.FAMILIES
    } | others


@pytest.mark.parametrize("family", pl.models.FAMILIES)
def test_a_model_file_builds_the_family_it_is_named_after(family: str) -> None:
    spec = tomllib.loads((EXAMPLES / "models" / f"{_stem(family)}.toml").read_text("utf-8"))["model"].get(
        "spec"
    )
    assert spec is None or spec.startswith(f"{family}:")


def _stem(family: str) -> str:
    return family.replace("-", "_")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("[ms]*/*.toml")), ids=lambda path: path.stem)
def test_the_first_line_of_a_model_file_is_a_comment(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("script", mostly_slow(SCRIPTS, SCRIPTS[0]), ids=lambda path: path.stem)
def test_a_script_prints_the_expected_text(script: Path) -> None:
    run = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == (EXPECTED / f"{script.stem}.txt").read_text("utf-8")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_short_and_imports_polylaw_only(script: Path) -> None:
    lines = script.read_text("utf-8").splitlines()
    assert len(lines) <= 40
    assert [line for line in lines if line.startswith(("import ", "from "))] == ["import polylaw as pl"]


def test_the_readme_names_every_script_and_system() -> None:
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    assert [
        path.name
        for path in [ATLAS, *SCRIPTS, *(EXAMPLES / "systems").iterdir()]
        if f"`{path.name}`" not in readme
    ] == []
