"""Help is immediate: the libraries that compute are loaded by the commands that compute."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

HEAVY = {"flint", "hypothesis", "numpy", "rich", "scipy", "sympy"}

#: what is run: statements
LIGHT = {
    "import polylaw": "import polylaw",
    "dir(polylaw)": "import polylaw; dir(polylaw)",
    "polylaw --help": "import sys; sys.argv = ['polylaw', '--help']; from polylaw.cli import main; main()",
    "polylaw find --help": "import sys; sys.argv = ['polylaw', 'find', '--help']; from polylaw.cli import "
    "main; main()",
    "polylaw --version": "import sys; sys.argv = ['polylaw', '--version']; from polylaw.cli import main; "
    "main()",
}


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    )


@pytest.mark.parametrize("what", LIGHT)
def test_nothing_heavy_is_in_sys_modules(what: str) -> None:
    code = f"{LIGHT[what]}\nimport sys\nprint('loaded:', *sorted({HEAVY!r} & set(sys.modules)))"
    assert python("-c", code).stdout.splitlines()[-1] == "loaded:"


def test_importtime_sees_nothing_heavy() -> None:
    report = python("-X", "importtime", "-m", "polylaw", "--help").stderr
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in report.splitlines()}
    assert "polylaw" in imported
    assert not HEAVY & imported


def test_finding_laws_needs_neither_sympy_nor_rich_nor_hypothesis() -> None:
    code = "import sys, polylaw as pl; pl.find_laws(pl.flow_of_spec('linear:2,3,2'))"
    code += "; print(*{'sympy', 'rich', 'hypothesis'} & set(sys.modules))"
    assert python("-c", code).stdout == "\n"


def test_python_m_polylaw(process: Any) -> None:
    run = process("--version")
    assert (run.code, run.out.split()[-1], run.err) == (0, "0.1.0", "")


def test_help_lists_the_verbs_and_the_exit_codes(process: Any) -> None:
    run = process("--help")
    assert run.code == 0
    assert all(word in run.out for word in ("check", "find", "models", "2 bad input", "3 undecided"))


def test_no_command_shows_the_help(polylaw: Any) -> None:
    assert polylaw() == polylaw("--help")
