"""What was measured, as tables for a terminal and as a Markdown report with pictures."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from benchmarks.campaigns import Replay
from benchmarks.cases import Case
from benchmarks.grid import Grid
from benchmarks.growth import LEAST_SECONDS, Series, fit, points
from benchmarks.outcome import Outcome
from benchmarks.rows import Row
from polylaw.files import Output
from polylaw.version import __version__

_LIBRARIES = ("polylaw", "python-flint", "numpy", "scipy", "sympy")
_CASE = ("case", "degree", "D or n", "fields")
_COST = ("unknowns", "laws", "seconds", "beyond start-up", "peak MB")
_PLOTS = {"dimension": "growth_dimension.svg", "degree": "growth_degree.svg", "count": "growth_count.svg"}


@dataclass(frozen=True)
class Results:
    """All measurements: of `polylaw --version` (`version`), of the smallest search, of rows and series."""

    version: float
    start_up: Outcome
    rows: Sequence[Row]
    series: Sequence[Series]
    outcomes: Mapping[Case, Outcome]
    repeat: int
    replay: Replay | None = None
    #: The rows and start-up with the polylaw of another checkout, if there is one.
    before: Mapping[Case, Outcome] = field(default_factory=dict)

    @property
    def ladder(self) -> Grid:
        """One line for each row, after two for start-up."""
        head = (*_CASE, *_COST, *(("s before", "MB before") if self.before else ()), "asked", "reached")
        version = ("start-up: --version", *("",) * 5, f"{self.version:.2f}")
        lines = [
            (*version, *("",) * (len(head) - len(version))),
            (*self._line(self.start_up), *self._before(self.start_up), "", ""),
        ]
        for row in self.rows:
            outcome = self.outcomes[row.case]
            reached = "yes" if not outcome.problem and row.reach.met(outcome, self.start_up.seconds) else "no"
            lines.append((*self._line(outcome), *self._before(outcome), str(row.reach), reached))
        return Grid(head, (0, len(head) - 2, len(head) - 1), tuple(lines))

    def _before(self, outcome: Outcome) -> tuple[str, ...]:
        """Seconds and megabytes of the same case in the other checkout."""
        if not self.before:
            return ()
        other = self.before[outcome.case]
        return (f"{other.seconds:.2f}", "failed" if other.failure else f"{other.megabytes:.0f}")

    @property
    def points(self) -> Grid:
        """One line for each case of each series."""
        lines = [self._line(self.outcomes[case]) for line in self.series for case in line.cases]
        return Grid((*_CASE, *_COST), (0,), tuple(lines))

    @property
    def slopes(self) -> Grid:
        """One line for each series: how the seconds beyond start-up grow."""
        lines = []
        for line in self.series:
            first, last = (line.place(line.cases[i]) for i in (0, -1))
            curve = fit(line, self.outcomes, self.start_up.seconds)
            lines.append(
                (line.name, f"{line.axis} from {first} to {last}", str(curve or "too quick to tell"))
            )
        return Grid(("series", "along", "time grows as"), (0, 1, 2), tuple(lines))

    def _line(self, outcome: Outcome) -> tuple[str, ...]:
        case = outcome.case
        size = (case.name, str(case.degree or ""), f"{case.letter} = {case.size}", str(case.fields))
        if outcome.failure:
            return (*size, "", "failed", f"{outcome.seconds:.2f}", "", f"{outcome.megabytes:.0f}")
        laws = str(outcome.laws) if outcome.laws == case.laws else f"{outcome.laws}, not {case.laws}"
        beyond = "" if outcome is self.start_up else f"{max(outcome.seconds - self.start_up.seconds, 0):.2f}"
        unknowns = "" if outcome.unknowns is None else str(outcome.unknowns)
        return (*size, unknowns, laws, f"{outcome.seconds:.2f}", beyond, f"{outcome.megabytes:.0f}")


def machine(libraries: Sequence[str] = _LIBRARIES) -> str:
    """The facts that times depend on, in a line."""
    known = {"polylaw": __version__}
    told = ", ".join(f"{name} {known.get(name) or version(name)}" for name in libraries)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} CPUs ({platform.machine()}, {platform.system()}), {python}, {told}"


def report_files(results: Results) -> dict[str, str]:
    """The report by file name.  No pictures without matplotlib, or of series too quick to measure."""
    plots: dict[str, str] = {}
    if find_spec("matplotlib"):
        from benchmarks.plots import plot

        for picture, name in _PLOTS.items():
            start_up = results.start_up.seconds
            lines = [
                line
                for line in results.series
                if line.picture == picture and points(line, results.outcomes, start_up)
            ]
            if lines:
                plots[name] = plot(lines[0].axis, lines, results.outcomes, start_up)
    return {**plots, "README.md": _markdown(results, plots)}


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write every file whole or not at all, the last one last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in [(name, text.encode()) for name, text in files.items()]:
        Output.of(folder / name).write(data)


def _markdown(results: Results, plots: Mapping[str, str]) -> str:
    parts = [_HEAD.format(machine=machine(), repeat=results.repeat), results.ladder.markdown()]
    if results.series:
        parts += [_GROWTH.format(least=LEAST_SECONDS), results.slopes.markdown()]
        parts += [
            f"![seconds beyond start-up and peak memory: {picture}]({name})\n"
            for picture, name in _PLOTS.items()
            if name in plots
        ]
        parts.append(results.points.markdown())
    if results.replay:
        parts += [_CAMPAIGNS, results.replay.table.markdown(), results.replay.summary + "\n"]
    return "\n".join(parts)


_HEAD = """\
# How far polylaw reaches

Written by `python -m benchmarks`.  Every line (but `--version`) is one whole process in a fresh interpreter,
`polylaw find ... --json` or, where the name says so and with no degree, `polylaw count ... --json`: wall time
and peak resident memory from start to exit, reading, proving, naming and printing included.  The number of
laws is compared with the known one.  Of {repeat} runs the quickest counts; one that takes more than two
seconds is not repeated.  *Beyond start-up* is the time above that of the smallest search there is, `polylaw
find elementwise:1`.

Measured with {machine}.

## Ladder
"""

_GROWTH = """\
## Growth

Lines fitted to the logarithms of the seconds beyond start-up, without the points below {least} s.
"""

_CAMPAIGNS = """\
## Campaigns

The numerical campaigns of arXiv 2307.00144 and 2405.12888 with random networks drawn anew: `count_laws` for
each, exact, compared with the formula.  The reference implementation, in floating point on 64 cores, took 34
min (deep linear), 1 h 53 min (ReLU) and 2 to 13 min (each of the others).  Seconds are those of the workers.
"""
