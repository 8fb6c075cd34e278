"""Running Coq: compile the library of `proofs/coq`, then check files that rest on it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from polylaw.budget import Budget
from polylaw.errors import BudgetError, InputError
from polylaw.files import Output

#: The files of the library, each after those it needs.
LIBRARY = ("Polynomials", "Curves", "Flows", "Independence", "Bound", "Completeness")
#: Of one program, where no time is set.
_SECONDS = 600


def library_folder() -> Path:
    """Where the sources of the library are: in an installed package, or in the repository."""
    here = Path(__file__).parent
    for folder in (here / "coq_library", here.parents[1] / "proofs" / "coq"):
        if (folder / f"{LIBRARY[0]}.v").is_file():
            return folder
    raise InputError("Coq library", "nothing", "the files of proofs/coq", "install the package again")


def run(folder: Path, *arguments: str, seconds: float = _SECONDS) -> subprocess.CompletedProcess[str]:
    """A Coq program (`coqc`, `coqchk`) with the library of `folder` under its name `Polylaw`."""
    program, *rest = arguments
    if shutil.which(program) is None:
        hint = "on Debian: apt-get install coq"
        raise InputError(program, "nothing on the PATH", "Coq 8.16 or newer", hint)
    command = [program, "-Q", str(folder), "Polylaw", *rest]
    bounds: dict[str, Any] = {"timeout": seconds, "cwd": folder}
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, **bounds)
    except subprocess.TimeoutExpired:
        found, expected = f"no end of {program} after {seconds:g} s", "a file that is checked in time"
        raise BudgetError("max_seconds", found, expected, "raise --max-seconds") from None


def compile_library(folder: Path, budget: Budget | None = None) -> None:
    """Copy the library to `folder` and compile it there.  `BudgetError` when time is over."""
    for name in LIBRARY:
        Output.of(folder / f"{name}.v").write((library_folder() / f"{name}.v").read_bytes())
        done = run(folder, "coqc", str(folder / f"{name}.v"), seconds=_seconds(budget))
        if done.returncode:
            found, expected = done.stderr.strip()[:300], "a file that this Coq accepts"
            raise InputError(f"{name}.v", found, expected, "it is written for Coq 8.16")


def check_source(source: str, shown: str, budget: Budget) -> tuple[bool, str]:
    """(whether Coq accepts a generated file, what it printed about `shown`, the name that people know it
    by).  `BudgetError` when time is over."""
    with budget.working(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compile_library(folder, budget)
        copy = folder / "certificate.v"
        Output.of(copy).write(source)
        done = run(folder, "coqc", str(copy), seconds=_seconds(budget))
    return done.returncode == 0, (done.stdout + done.stderr).replace(str(copy), shown).strip()


def _seconds(budget: Budget | None) -> float:
    """How long the next program may run."""
    return _SECONDS if budget is None or budget.max_seconds is None else budget.left
