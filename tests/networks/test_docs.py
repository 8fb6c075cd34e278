"""The page about networks says what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Runner

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "networks.md").read_text("utf-8")
_OUTPUTS = re.findall(r"^    \$ polylaw (net .*)\n((?:    .*\n|\n(?=    ))*)", PAGE, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "output"), _OUTPUTS)
def test_outputs_are_those_of_the_program(
    command: str, output: str, polylaw: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    monkeypatch.chdir(ROOT)
    run = polylaw(*command.split())
    assert run.code == 0
    assert run.out == "".join(line[4:] if line.strip() else line for line in output.splitlines(keepends=True))


def test_the_table_is_that_of_the_report() -> None:
    report = (ROOT / "benchmarks" / "report" / "networks.md").read_text("utf-8")
    table = [line for line in report.splitlines() if line.startswith("|")]
    assert "\n".join(table) in PAGE


def test_the_tests_that_it_names_are_there() -> None:
    tests = (ROOT / "tests" / "networks" / "test_published.py").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) == 6
    assert all(f"def {name}(" in tests for name in named)
    assert len(_OUTPUTS) == 2
