"""The command line as a whole process: a fresh interpreter, everything a user waits for."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_STOPWATCH = Path(__file__).with_name("stopwatch.py")
#: The checkout that these benchmarks belong to.
HERE = Path(__file__).parents[1]
#: A run that takes longer is killed.
LIMIT = 600
#: Runs shorter than this many seconds are repeated, and the quickest counts.
_SHORT = 2.0


@dataclass(frozen=True)
class Run:
    """Wall time, peak resident memory, and what the process said."""

    seconds: float
    megabytes: float
    code: int
    output: str
    errors: str

    limit: int = LIMIT

    @property
    def failure(self) -> str:
        """Why the run failed, in a line; empty if it did not."""
        if self.code == -signal.SIGKILL:
            return f"killed: out of memory, or more than {self.limit} s"
        return f"exit code {self.code}: {self.errors.strip()[-200:]}" if self.code else ""


def measured(command: Sequence[str], limit: int = LIMIT, folder: Path | None = None) -> Run:
    """A command (a program on the PATH or a path, then its arguments) as a whole process in a folder (by
    default this one), killed after `limit` seconds."""
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(command[0])
    with tempfile.TemporaryDirectory() as temporary:
        output = Path(temporary, "output")
        watched = [sys.executable, str(_STOPWATCH), str(limit), str(output), program, *command[1:]]
        done = subprocess.run(watched, capture_output=True, text=True, check=False, cwd=folder)
        if done.returncode:
            raise RuntimeError(f"the stopwatch failed: {done.stderr.strip()}")
        told = output.read_text(encoding="utf-8")
        return Run(**json.loads(done.stdout), output=told, errors=done.stderr, limit=limit)


def quickest(arguments: Sequence[str], repeat: int, checkout: Path = HERE) -> Run:
    """The quickest of `repeat` runs of `python -m polylaw ARGUMENTS`, as it is in a checkout; a run that is
    not short is not repeated."""
    command = [sys.executable, "-m", "polylaw", *arguments]
    best = measured(command, folder=checkout)
    for _ in range(repeat - 1):
        if best.code or best.seconds > _SHORT:
            break
        best = min(best, measured(command, folder=checkout), key=lambda run: (run.code != 0, run.seconds))
    return best
