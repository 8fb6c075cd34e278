"""`python -m benchmarks`: measure, print tables, write the report.  Exit code 1: a wrong number of laws."""

from __future__ import annotations

import sys
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from benchmarks import campaigns, cases, growth, rows
from benchmarks.outcome import Outcome, measure
from benchmarks.process import quickest
from benchmarks.report import Results, machine, report_files, write

_REPORT = Path(__file__).with_name("report")
_REPEAT = 3
#: Columns of the tables when standard output is not a terminal.
_WIDTH = 180


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="a few small rows, each run once")
@click.option(
    "--only",
    default="*",
    metavar="PATTERN",
    help="only rows, series and campaigns whose name matches, such as 'ten*' or relu",
)
@click.option(
    "--try-large", is_flag=True, help="also rows that take minutes and gigabytes, such as D = 10 000"
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="folder of the report (whole runs: benchmarks/report)",
)
@click.option(
    "--before",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="another checkout, whose polylaw is measured beside this one",
)
def main(quick: bool, only: str, try_large: bool, output: Path | None, before: Path | None) -> None:
    """Measure whole processes of polylaw: time, memory, and growth.  The number of laws found must be the
    known one."""
    chosen = [row for row in rows.rows(quick=quick, large=try_large) if _matches(row.case.name, only)]
    lines = [line for line in growth.series(quick=quick) if _matches(line.name, only)]
    chosen_campaigns = [c for c in campaigns.campaigns(quick=quick) if _matches(f"campaign {c.name}", only)]
    if not chosen and not lines and not chosen_campaigns:
        known = {*(row.case.name for row in rows.LADDER), *(line.name for line in growth.SERIES)}
        names = "; ".join([*sorted(known), "campaign ..."])
        raise click.BadParameter(f"nothing is called {only!r}; names are: {names}", param_hint="--only")
    repeat = 1 if quick else _REPEAT
    results = _measured(chosen, lines, repeat, before)
    if chosen_campaigns:
        results = replace(results, replay=campaigns.replay(chosen_campaigns))
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH)
    growths = [results.slopes.rich("Growth")] if lines else []
    played = [results.replay.table.rich("Campaigns"), results.replay.summary] if results.replay else []
    console.print(results.ladder.rich("Ladder"), *growths, *played, machine(), sep="\n")
    problems = [outcome.problem for outcome in results.outcomes.values() if outcome.problem]
    problems += results.replay.problems if results.replay else []
    for problem in problems:
        click.echo(f"wrong: {problem}", err=True)
    if problems:
        sys.exit(1)
    if output is None and only == "*" and not quick:
        output = _REPORT
    if output is not None:
        write(output, report_files(results))


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name.lower(), f"*{pattern.lower()}*")


def _measured(
    chosen: list[rows.Row], lines: list[growth.Series], repeat: int, before: Path | None
) -> Results:
    """Every case once, those of the ladder first, and each of them right after in the other checkout."""
    version = quickest(["--version"], repeat)
    ladder = [smallest := cases.start_up(), *(row.case for row in chosen)]
    todo = dict.fromkeys([*ladder, *(case for line in lines for case in line.cases)])
    console = Console(stderr=True)
    outcomes: dict[cases.Case, Outcome] = {}
    others: dict[cases.Case, Outcome] = {}
    for case in track(todo, "measuring", console=console, transient=True, disable=not console.is_terminal):
        outcomes[case] = measure(case, repeat)
        if before is not None and case in ladder:
            others[case] = measure(case, repeat, before)
    return Results(version.seconds, outcomes[smallest], chosen, lines, outcomes, repeat, before=others)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
