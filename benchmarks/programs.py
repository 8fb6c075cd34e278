"""Exactly how many laws architectures have: `python -m benchmarks.programs`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from time import perf_counter

import click
from rich.console import Console
from rich.progress import track

from benchmarks.grid import Grid
from benchmarks.process import HERE, measured
from benchmarks.program_cases import CASES, Case
from benchmarks.report import machine, write
from polylaw.budget import Budget
from polylaw.flows.gradient import GradientFlow
from polylaw.programs.count import count_program

_REPORT = Path(__file__).with_name("report")
_LIBRARIES = ("numpy", "polylaw")
#: Seconds within which every row has to be counted.
LIMIT = 60


@dataclass(frozen=True)
class Measured:
    """Of one architecture: its parameters, bounds on the number of its laws, what the upper one assumes, what
    decided it, and seconds."""

    parameters: int
    lower: int
    upper: int
    assumed: list[str]
    points: str
    seconds: float


def _measure(case: Case) -> Measured:
    start = perf_counter()
    found = count_program(GradientFlow(case.build()), Budget())
    seconds, witness = perf_counter() - start, found.witness
    points = ""
    if witness is not None:
        points = f"{witness.place.count} points, {witness.functions} values, {witness.roots} roots"
    return Measured(found.state, found.lower, found.upper, [*found.assumed], points, seconds)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--case", "chosen", help="one architecture alone, in this process, as JSON")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=_REPORT,
    help="folder of programs.md",
)
def main(chosen: str | None, output: Path) -> None:
    """Count the laws of the architectures in `benchmarks.program_cases`."""
    if chosen is not None:
        [case] = [case for case in CASES if case.name == chosen]
        click.echo(json.dumps(asdict(_measure(case))))
        return
    console, tables, problems = Console(stderr=True), [], []
    shown = track(CASES, "counting", console=console, transient=True, disable=not console.is_terminal)
    for group, cases in groupby(shown, key=lambda case: case.group):
        lines = []
        for case in cases:
            run = measured([sys.executable, "-m", "benchmarks.programs", "--case", case.name], LIMIT, HERE)
            if run.failure:
                problems.append(f"{case.name}: {run.failure}")
                continue
            found = Measured(**json.loads(run.output.splitlines()[-1]))
            lines.append(_line(case, found, run.megabytes))
            if (found.lower, found.upper) != case.bounds:
                problems.append(f"{case.name}: {found.lower} to {found.upper}, expected {case.bounds}")
        tables.append((group, Grid(_HEAD, (0, 4), tuple(lines))))
    for group, grid in tables:
        Console(width=200).print(grid.rich(group), sep="\n")
    for problem in problems:
        click.echo(f"wrong: {problem}", err=True)
    if problems:
        sys.exit(1)
    text = "\n".join(f"## {group[0].upper()}{group[1:]}\n\n{grid.markdown()}" for group, grid in tables)
    write(output, {"programs.md": _TEXT.format(machine=machine(_LIBRARIES), tables=text)})


_HEAD = ("architecture", "D", "at least", "at most", "by", "s", "MB", "assumed")


def _line(case: Case, found: Measured, megabytes: float) -> tuple[str, ...]:
    letters = "".join(letter for letter, words in _ASSUMED.items() if any(words in a for a in found.assumed))
    name = case.name.removeprefix(f"{case.group}: ")
    bounds = (str(found.parameters), str(found.lower), str(found.upper))
    return (name, *bounds, found.points, f"{found.seconds:.2f}", f"{megabytes:.0f}", letters)


#: Letters of assumptions, and words by which they are told.
_ASSUMED = {"R": "regions of rectifiers", "E": "integrals of exp(-x^2/2)"}

_TEXT = """\
# Exactly how many laws

Written by `python -m benchmarks.programs`; every architecture in a process of its own.  What the numbers are
made of is in [docs/programs.md](../../docs/programs.md).

*D* is the number of parameters, *at least* and *at most* what is proved of the number of independent laws of
the gradient flow, of any kind, near generic parameters, for all data and losses.  *By*: the data points
mod a prime at which the Lie algebra has the rank D - *at most*, and how many transcendental values and roots
of each are shown to be free.  *Assumed* of the upper bound: R, that data reach those regions of ReLUs that
random data reach at some parameters; E, that integrals of exp(-x^2/2) are independent functions.  *s* are the
seconds of the count, *MB* the peak memory of the whole process.

{tables}
Measured with {machine}.
"""


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.programs")
