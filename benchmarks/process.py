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


def measured(command: Sequence[str], limit: int = LIMIT) -> Run:
    """A command (a program on the PATH or a path, then its arguments) as a whole process, killed after
    `limit` seconds."""
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(command[0])
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "output")
        watched = [sys.executable, str(_STOPWATCH), str(limit), str(output), program, *command[1:]]
        done = subprocess.run(watched, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the stopwatch failed: {done.stderr.strip()}")
        return Run(
            **json.loads(done.stdout),
            output=output.read_text(encoding="utf-8"),
            errors=done.stderr,
            limit=limit,
        )


def polylaw(arguments: Sequence[str]) -> Run:
    """`python -m polylaw ARGUMENTS`, measured."""
    return measured([sys.executable, "-m", "polylaw", *arguments])


def quickest(arguments: Sequence[str], repeat: int) -> Run:
    """The quickest of `repeat` runs; a run that is not short is not repeated."""
    best = polylaw(arguments)
    for _ in range(repeat - 1):
        if best.code or best.seconds > _SHORT:
            break
        best = min(best, polylaw(arguments), key=lambda run: (run.code != 0, run.seconds))
    return best
