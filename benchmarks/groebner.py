"""Gröbner bases over Q, ours beside those of others: `python -m benchmarks.groebner`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from benchmarks.grid import Grid
from benchmarks.process import Run, measured
from benchmarks.report import machine, write
from benchmarks.solvers import SOLVERS, SYSTEMS

__all__ = ["main"]

_REPORT = Path(__file__).with_name("report")
#: Most seconds of our own that are asked for.
_ASKED = {"cyclic-6": 3, "katsura-7": 3, "katsura-8": 15, "eco-9": 5}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--limit", default=60, show_default=True, help="seconds after which a solver is stopped")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=_REPORT,
    help="folder of groebner.md",
)
def main(limit: int, output: Path) -> None:
    """Time the systems of `benchmarks.solvers` with every solver that is there; all sizes must agree."""
    solvers = [s for s in SOLVERS if s != "Singular" or shutil.which(s)]
    console = Console(stderr=True)
    pairs = [(system, solver) for system in SYSTEMS for solver in solvers]
    runs: dict[tuple[str, str], Run] = {}
    for pair in track(pairs, "measuring", console=console, transient=True, disable=not console.is_terminal):
        runs[pair] = measured([sys.executable, "-m", "benchmarks.solvers", pair[1], pair[0]], limit)
    grid = Grid(
        ("system", "elements", "asked", "reached", *solvers),
        (0, 2, 3),
        tuple(_line(s, solvers, runs) for s in SYSTEMS),
    )
    Console(width=160).print(grid.rich("Gröbner bases over Q, degrevlex, seconds"), machine(), sep="\n")
    problems = [
        f"{system}: sizes {sorted(sizes)}" for system in SYSTEMS if len(sizes := _sizes(system, runs)) != 1
    ]
    problems += [
        f"{system}: {runs[system, 'polylaw'].failure}"
        for system in SYSTEMS
        if runs[system, "polylaw"].failure
    ]
    for problem in problems:
        click.echo(f"wrong: {problem}", err=True)
    if problems:
        sys.exit(1)
    worth = "\n".join(f"- {solver}: {SOLVERS[solver][1]}" for solver in solvers)
    write(output, {"groebner.md": _TEXT.format(worth=worth, machine=machine(), table=grid.markdown())})


def _sizes(system: str, runs: dict[tuple[str, str], Run]) -> set[int]:
    return {
        json.loads(run.output)["size"] for (name, _), run in runs.items() if name == system and not run.code
    }


def _line(system: str, solvers: list[str], runs: dict[tuple[str, str], Run]) -> tuple[str, ...]:
    cells = []
    for solver in solvers:
        run = runs[system, solver]
        cells.append(f"> {run.limit}" if run.code else f"{json.loads(run.output)['seconds']:.2f}")
    asked = _ASKED.get(system)
    ours = runs[system, "polylaw"]
    reached = (
        ""
        if asked is None
        else "yes"
        if not ours.code and json.loads(ours.output)["seconds"] < asked
        else "no"
    )
    sizes = _sizes(system, runs)
    return (system, str(min(sizes, default="")), f"< {asked} s" if asked else "", reached, *cells)


_TEXT = """\
# Gröbner bases over Q

Written by `python -m benchmarks.groebner`.  Seconds for the reduced basis in degrevlex over the rationals,
each in a process of its own, one run.  What an answer is worth:

{worth}

*Certified*: all generators and all S-polynomials that Buchberger's criteria leave reduce to 0 in exact
arithmetic, and the leading monomials, found mod a prime, are too many for a smaller ideal; the time of the
proof is included.  *Exact, no certificate*: Buchberger's algorithm over Q, its answer as it comes.

{table}
Measured with {machine}.
"""


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.groebner")
