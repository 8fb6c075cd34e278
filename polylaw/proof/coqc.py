"""Running Coq: compile the library of `proofs/coq`, then check files that rest on it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from polylaw.errors import InputError
from polylaw.files import Output

#: The files of the library, each after those it needs.
LIBRARY = ("Polynomials", "Curves", "Flows", "Independence", "Bound", "Completeness")
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
        found, expected = f"no end after {seconds} s", "a file that is checked in time"
        raise InputError(program, found, expected, "check a smaller certificate") from None


def compile_library(folder: Path) -> None:
    """Copy the library to `folder` and compile it there."""
    for name in LIBRARY:
        Output.of(folder / f"{name}.v").write((library_folder() / f"{name}.v").read_bytes())
        done = run(folder, "coqc", str(folder / f"{name}.v"))
        if done.returncode:
            found, expected = done.stderr.strip()[:300], "a file that this Coq accepts"
            raise InputError(f"{name}.v", found, expected, "it is written for Coq 8.16")


def check_source(source: str, shown: str, seconds: float = _SECONDS) -> tuple[bool, str]:
    """(whether Coq accepts a generated file, what it printed about `shown`, the name that people know it
    by)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compile_library(folder)
        copy = folder / "certificate.v"
        Output.of(copy).write(source)
        done = run(folder, "coqc", str(copy), seconds=seconds)
    return done.returncode == 0, _shown([done.stdout, done.stderr], str(copy), shown)


def _shown(texts: Sequence[str], copy: str, name: str) -> str:
    return "".join(texts).replace(copy, name).strip()
