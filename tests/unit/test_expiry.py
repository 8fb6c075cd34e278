"""Every verb, with every kind of input, stops soon after its time is over, and says so.

The clock moves by a second whenever a budget looks at it, so a budget of k seconds is over after k looks:
what is bounded here is how often somebody looks at it afterwards, which no machine is too slow for.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import polylaw as pl
from polylaw.models.shaped_zoo import described
from tests.helpers import gradient

ROTATION = '[ode]\nx = "-y"\ny = "x"\n'
VOLTERRA = '[ode]\nx = "x*(1 - y)"\ny = "y*(x - 1)"\n'
KEPLER = '[ode]\nx = "u"\ny = "v"\nu = "-x/sqrt(x^2 + y^2)^3"\nv = "-y/sqrt(x^2 + y^2)^3"\n'
SYMBOLS = 'parameters = ["g", "w"]\n[ode]\nx = "v"\nv = "-2*g*v - w*x"\n'
NET = '[program]\noutputs = ["tanh(relu(x @ U) @ V)"]\n[program.parameters]\nU = [3, 4]\nV = [4, 2]\n\
[program.inputs]\nx = [2, 3]\n'
FILES = {"net": NET, "rotation": ROTATION, "volterra": VOLTERRA, "kepler": KEPLER, "symbols": SYMBOLS}

COMMANDS = [
    "find linear:2,3,2 --degree 4",
    "find attention:d1=2,dim=2,heads=2",
    "find linear:2,2,2 --flow momentum --damping tau",
    "find relu-regions:2,3,1",
    "find symbols.toml --degree 3",
    "find linear:1,2,1 --on balanced",
    "find linear:2,2,2 --on balanced --degree 3",
    "find kepler.toml --degree 3",
    "find nmf:1,2,1 --augment log(*)",
    "find 'map:sqrt(x^2 + y^2);x*y' --degree 2",
    "count linear:2,3,2",
    "count linear:2,3,2 --route brackets",
    "count symbols.toml",
    "count kepler.toml",
    "count nmf:1,2,1 --augment log(*)",
    "count net.toml",
    "check linear:2,2,2 U1_1_1^2",
    "check linear:2,2,2 \"U1' U1 - U2 U2'\"",
    "check linear:2,2,2 U1_1_1 --on balanced",
    'check linear:2,2,2 "U1\' U1" --on balanced',
    'check rotation.toml "atan(y/x) - t"',
    'check rotation.toml "atan(y/x) + t"',
    'check kepler.toml "u^2 + v^2 - 2/sqrt(x^2 + y^2)"',
    "darboux volterra.toml --degree 2",
    "darboux symbols.toml --degree 2",
    "darboux linear:1,2,1",
    "relations linear:1,3,1",
    'relations linear:1,2,1 --express "(U1_1_1*U2_2_1 - U1_1_2*U2_1_1)^2"',
    'relations linear:1,2,1 --at "U1_1_1=1, U2_1_1=1"',
    "words linear:*,*,* --length 3",
    "words linear:* \"U1' U1 - 2 U2 U2'\"",
    "words linear:* -o c.json",
    "certify linear:2,2,2 -o c.json",
    "certify kepler.toml -o c.json",
    "certify rotation.toml --law 'atan(y/x) - t' -o c.json",
    "certify linear:2,1,2 --refuted U1_1_1 -o c.json",
    "certify volterra.toml --darboux -o c.json",
    "verify known.json",
    "verify words.json",
    "verify functions.json",
    "appendix known.json -o a.md",
    "appendix functions.json -o a.md",
    "prove known.json -o a.v",
    "bundle known.json -o OUT",
]
#: What a command may still ask when its time is over: each of its stages once or twice.
AFTER = 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Model files, and a certificate of each kind."""
    place = tmp_path_factory.mktemp("expiry")
    for name, text in FILES.items():
        (place / f"{name}.toml").write_text(text)
    rotation = pl.flow_from_file(place / "rotation.toml")
    pl.certify(pl.find_laws(gradient("linear:2,2,2"))).save(place / "known.json")
    pl.certify([pl.check_law(rotation, "atan(y/x) - t")], flow=rotation).save(place / "functions.json")
    pl.certify(pl.find_laws(pl.ShapedFlow.gradient(described("linear:*").model))).save(place / "words.json")
    return place


@pytest.mark.parametrize("looks", [1, 3, 10, 30, 100, 300, 1000, 3000])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_verb_stops(
    polylaw: Any, monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path, command: str, looks: int
) -> None:
    clock = SimpleNamespace(now=0)

    def monotonic() -> int:
        clock.now += 1
        return clock.now

    monkeypatch.chdir(folder)
    monkeypatch.setattr("polylaw.budget.time", SimpleNamespace(monotonic=monotonic))
    run = polylaw(*shlex.split(command.replace("OUT", str(tmp_path / "out"))), "--max-seconds", str(looks))
    assert run.code in (0, 1, 3), run.err
    assert clock.now <= looks + AFTER
    if run.code == 3 and clock.now > looks:
        assert "max_seconds" in (run.out + run.err).replace("-", "_")
