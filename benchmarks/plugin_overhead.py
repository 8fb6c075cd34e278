"""What the pytest plugin costs a run that does not use it: `python -m benchmarks.plugin_overhead`.

Two pytest processes run in turn on one empty test, with the plugin and with `-p no:polylaw`: once with
bytecode cached, as on a developer's machine, and once without, as in a fresh container, where pytest compiles
every plugin anew.  Time of the processor is measured beside time on the wall, which a busy machine blurs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median, quantiles
from time import perf_counter

import click

#: What the issue allows, in seconds.
ALLOWED = 0.020
_ROOT = Path(__file__).parents[1]
_OTHERS = ("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest")


Seconds = tuple[float, float]  # on the wall, of the processor


@click.command()
@click.option("--runs", default=40, help="pairs of runs for each of the two cases (default 40)")
def main(runs: int) -> None:
    """Median differences of paired runs; exit code 1 if one is more than 20 ms."""
    worst = 0.0
    for case, cached in (("bytecode cached", True), ("nothing cached", False)):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
            environment = _environment(folder if cached else None)
            pairs = [_pair(folder, environment, plugin_first=bool(k % 2)) for k in range(runs + 2)][2:]
        for clock, name in enumerate(("wall", "processor")):
            plugin, without = ([one[clock] for one in column] for column in zip(*pairs, strict=True))
            differences = [a - b for a, b in zip(plugin, without, strict=True)]
            low, middle, high = (1e3 * q for q in quantiles(differences, n=4))
            click.echo(
                f"{case}, {name:9} {1e3 * median(plugin):6.1f} ms with, {1e3 * median(without):6.1f} ms "
                "without; "
                f"median difference {middle:5.2f} ms (quartiles {low:.2f}, {high:.2f}; {runs} pairs)"
            )
            worst = max(worst, middle / 1e3)
    sys.exit(1 if worst > ALLOWED else 0)


def _environment(cache: str | None) -> dict[str, str]:
    """This environment, with the plugin of this working copy and a bytecode cache of its own, or none."""
    chosen = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))} | {
        "PYTHONPATH": str(_ROOT)
    }
    return chosen | (
        {"PYTHONPYCACHEPREFIX": f"{cache}/pycache"} if cache else {"PYTHONDONTWRITEBYTECODE": "1"}
    )


def _pair(folder: str, environment: dict[str, str], *, plugin_first: bool) -> tuple[Seconds, Seconds]:
    """Seconds with the plugin and without."""
    order = (True, False) if plugin_first else (False, True)
    seconds = {plugin: _seconds(folder, environment, plugin=plugin) for plugin in order}
    return seconds[True], seconds[False]


def _seconds(folder: str, environment: dict[str, str], *, plugin: bool) -> Seconds:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        *_OTHERS,
        *(() if plugin else ("-p", "no:polylaw")),
        "test_nothing.py",
    ]
    before, start = getrusage(RUSAGE_CHILDREN), perf_counter()
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    wall, after = perf_counter() - start, getrusage(RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.plugin_overhead")
