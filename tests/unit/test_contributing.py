"""The pages of CONTRIBUTING.md are followed to the letter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from polylaw import report

ROOM = Path(report.__file__).parents[1]
PAGES = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text("utf-8")


def code(name: str) -> str:
    """The block of code of that name."""
    found = re.search(rf"```python {name}\n(.*?)```", PAGES, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_an_output_format_is_one_place(polylaw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert polylaw("count", "linear:2,1,2", "--format", "pairs").code == 2
    monkeypatch.setattr(report, "FORMATS", dict(report.FORMATS))
    exec(code("format"), {**vars(report)})  # noqa: S102 (a page of ours)
    run = polylaw("count", "linear:2,1,2", "--format", "pairs")
    assert run.code == 0
    assert "lower = 1\nupper = 1\nexact = True\n" in run.out


RATES = '[ode]\nx = "1"\ny = "lambertw(x)"\n'
LAW = "y - x*lambertw(x) + x - x/lambertw(x)"
SEARCH = ("rates.toml", "--degree", "2", "--augment", "1/lambertw(x)")


@pytest.fixture
def extended(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line of a copy of polylaw in which one file has the function of the page."""
    package = shutil.copytree(ROOM, tmp_path / "polylaw", ignore=shutil.ignore_patterns("__pycache__"))
    with (package / "algebra" / "functions.py").open("a", encoding="utf-8") as file:
        file.write("\n\n" + code("function"))
    (tmp_path / "rates.toml").write_text(RATES, "utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "polylaw", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    return run


def test_a_function_is_one_place(extended: Any, tmp_path: Path) -> None:
    proved = extended("check", "rates.toml", LAW)
    assert proved.returncode == 0, proved.stderr
    assert "where x > 0" in proved.stdout
    refuted = extended("check", "rates.toml", "y - lambertw(x)")
    assert refuted.returncode == 1
    derivative = "(x*lambertw(x)^2 + x*lambertw(x) - lambertw(x))/(x*lambertw(x) + x)"
    assert f"{derivative}\n  which is 0.205247033775... at x = 1" in refuted.stdout
    # what the normal form does not see is undecided, and what depends on others is not said to be complete
    assert extended("check", "rates.toml", "exp(lambertw(x)) - x/lambertw(x)").returncode == 3
    found = extended("find", *SEARCH)
    assert "complete: no other law" in found.stdout
    assert "x/(lambertw(x)) + x*lambertw(x) - x - y" in found.stdout
    dependent = extended("find", "rates.toml", "--augment", "log(lambertw(x))", "--augment", "log(x)")
    assert "not proved: lambertw(x), log(lambertw(x)), log(x) depend on each other" in dependent.stdout
    # Darboux polynomials are those of polynomial flows; laws of them may be compared with the function
    plain = tmp_path / "plain.toml"
    plain.write_text('[ode]\nx = "x"\ny = "2*y"\n', "utf-8")
    assert extended("darboux", "plain.toml").returncode == 0
    assert extended("check", "plain.toml", "lambertw(-y/x^2) + lambertw(-1/x)*x*0").returncode == 0


def test_the_name_of_a_new_function_is_reserved(extended: Any, tmp_path: Path) -> None:
    for text, hint in (("lambertw + y", "write lambertw(x)"), ("lambertw(-1)*y", "at which it is defined")):
        refused = extended("check", "rates.toml", text)
        assert refused.returncode == 2
        assert hint in refused.stderr
    (tmp_path / "named.toml").write_text('[ode]\nx = "1"\nlambertw = "x"\n', "utf-8")
    assert "a name that is not reserved" in extended("find", "named.toml").stderr


def test_a_certificate_with_a_function_needs_the_checkers_own_definition(
    extended: Any, tmp_path: Path
) -> None:
    refused = extended("certify", *SEARCH, "-o", "laws.json")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "found 'lambertw', expected functions that the checker defines too" in refused.stderr
    checker = tmp_path / "polylaw" / "proof" / "checker.py"
    start = "        rules = {\n"
    text = checker.read_text("utf-8")
    assert start in text
    checker.write_text(text.replace(start, start + code("checker")), "utf-8")
    assert extended("certify", *SEARCH, "-o", "laws.json").returncode == 0
    assert extended("verify", "laws.json").returncode == 0
    for kind, symbol in (("tex", "f_1 &= W(x)"), ("typ", r"= W \( x \)"), ("html", "<mo>W</mo>")):
        assert extended("appendix", "laws.json", "-o", f"laws.{kind}").returncode == 0
        assert symbol in (tmp_path / f"laws.{kind}").read_text("utf-8")
    wrong = code("checker").replace("term(1, w), one)", "term(2, w), one)")
    checker.write_text(text.replace(start, start + wrong), "utf-8")
    assert extended("verify", "laws.json").returncode == 1
