"""A case after it has run: what it cost, and whether it found the laws that are known."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.process import HERE, quickest


@dataclass(frozen=True)
class Outcome:
    """Cost and result of a case; `failure` is empty when the process ended well.  A count has no unknowns,
    and -1 laws when its bounds do not meet."""

    case: Case
    seconds: float
    megabytes: float
    unknowns: int | None
    laws: int
    failure: str = ""

    @property
    def problem(self) -> str:
        """What is wrong with the result; empty if it is the known one."""
        if self.failure:
            return f"{self.case.title}: {self.failure}"
        if self.laws != self.case.laws:
            return f"{self.case.title}: {self.laws} laws, expected {self.case.laws}"
        return ""


def measure(case: Case, repeat: int, checkout: Path = HERE) -> Outcome:
    """Run the case, each time in a process of its own, and keep the quickest run."""
    with tempfile.TemporaryDirectory() as folder:
        run = quickest(case.arguments(Path(folder)), repeat, checkout)
    if run.failure:
        return Outcome(case, run.seconds, run.megabytes, 0, 0, run.failure)
    found = json.loads(run.output)
    if not case.degree:
        return Outcome(case, run.seconds, run.megabytes, None, found["lower"] if found["exact"] else -1)
    return Outcome(case, run.seconds, run.megabytes, found["unknowns"], found["dimension"])
