"""The laws of networks people train, each verified with torch: `python -m benchmarks.networks`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from math import prod
from pathlib import Path
from time import perf_counter

import click
import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from benchmarks.grid import Grid
from benchmarks.modules import generic
from benchmarks.network_cases import CASES, Case
from benchmarks.network_checks import Counts, arrays_of, gradients_of, movement, residual, tangent
from benchmarks.process import HERE, measured
from benchmarks.report import machine, write
from polylaw.networks.laws import NetworkLaws, laws_of
from polylaw.networks.values import Array, identity
from polylaw.torch.modules import translated

_REPORT = Path(__file__).with_name("report")
_LIBRARIES = ("torch", "torchvision", "transformers", "peft", "diffusers", "numpy", "polylaw")
#: Random losses, and random combinations of generators, that are tried.
_TRIED = 3
#: The largest relative error that counts as rounding.
ROUNDING = 1e-10


@dataclass(frozen=True)
class Measured:
    """Of one module: its entries, its laws, seconds, megabytes beyond the export, and relative errors of
    identities and generators, of exact laws and of those up to eps."""

    entries: int
    counts: dict[str, int]
    export: float
    inference: float
    evaluation: float
    megabytes: float
    identities: float
    generators: float
    nearly: float
    missed: list[str]


def _measure(case: Case) -> Measured:
    torch.manual_seed(0)
    module, inputs = case.build()
    module = generic(module)
    start = perf_counter()
    graph = translated(module, inputs).graph
    export, before = perf_counter() - start, memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    start = perf_counter()
    laws = laws_of(graph)
    inference, peak = perf_counter() - start, memory("VmHWM")
    parameters = arrays_of(module, laws)
    worst, evaluation = {True: 0.0, False: 0.0}, 0.0
    for seed in range(_TRIED):
        gradients = gradients_of(module, laws, inputs, seed)
        for law in laws.laws:
            worst[law.exact] = max(worst[law.exact], residual(law, parameters, gradients))
        evaluation = _evaluation(laws, parameters, gradients)
    del gradients
    source = np.random.default_rng(0)
    moved = max(movement(module, inputs, _combination(laws, parameters, source)) for _ in range(_TRIED))
    other = _combination(laws, parameters, source)
    for array in other.values():
        np.multiply(array, source.standard_normal(array.shape), out=array)
    usual = movement(module, inputs, other)
    return Measured(
        sum(map(prod, laws.shapes.values())),
        asdict(Counts.of(laws)),
        export,
        inference,
        evaluation,
        peak - before,
        worst[True],
        moved / usual if usual else 0.0,
        worst[False],
        sorted({missed.reason for missed in laws.missed}),
    )


def _evaluation(laws: NetworkLaws, *of: dict[str, Array]) -> float:
    """Seconds for all identities, with parameters and gradients in float32."""
    single = [{n: a.astype(np.float32) for n, a in arrays.items()} for arrays in of]
    start = perf_counter()
    for law in laws.laws:
        identity(law, *single)
    return perf_counter() - start


def _combination(
    laws: NetworkLaws, parameters: dict[str, Array], source: np.random.Generator
) -> dict[str, Array]:
    """A random generator of every exact family, all added up."""
    found = {name: np.zeros(a.shape) for name, a in parameters.items()}
    for law in laws.laws:
        if law.exact:
            for name, array in tangent(law, parameters, source).items():
                found[name] += array
    return found


def memory(what: str) -> float:
    """Megabytes that this process has now (VmRSS), or had at most (VmHWM)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--case", "chosen", help="one module alone, in this process, as JSON")
@click.option("--limit", default=1800, show_default=True, help="seconds after which a module is given up")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=_REPORT,
    help="folder of networks.md",
)
def main(chosen: str | None, limit: int, output: Path) -> None:
    """Find the laws of the modules in `benchmarks.network_cases` and verify each with torch (Linux)."""
    if chosen is not None:
        [case] = [case for case in CASES if case.name == chosen]
        click.echo(json.dumps(asdict(_measure(case))))
        return
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's: two threads for small matrices wait for each other
    console, lines, problems = Console(stderr=True), [], []
    there = [case for case in CASES if all(map(find_spec, case.needs))]
    for case in track(there, "measuring", console=console, transient=True, disable=not console.is_terminal):
        command = [sys.executable, "-m", "benchmarks.networks", "--case", case.name]
        run = measured(command, limit, HERE)
        if run.failure:
            problems.append(f"{case.name}: {run.failure}")
            continue
        found = Measured(**json.loads(run.output.splitlines()[-1]))
        lines.append(_line(case, found))
        problems += [f"{case.name}: {problem}" for problem in _problems(case, found)]
    grid = Grid(_HEAD, (0,), tuple(lines))
    Console(width=200).print(grid.rich("Laws of networks"), sep="\n")
    for problem in problems:
        click.echo(f"wrong: {problem}", err=True)
    if problems:
        sys.exit(1)
    libraries = [name for name in _LIBRARIES if find_spec(name)]
    write(output, {"networks.md": _TEXT.format(machine=machine(libraries), table=grid.markdown())})


def _problems(case: Case, found: Measured) -> list[str]:
    """What is not as it should be."""
    problems = [f"missed: {reason}" for reason in found.missed]
    counts = found.counts
    linear = counts["linear"] + counts["frozen"]
    told = (counts["diagonal"], counts["up_to_eps"], linear, counts["off_diagonal"])
    if case.known is not None and case.known != told:
        problems.append(f"counts {told}, known are {case.known}")
    for what in ("identities", "generators"):
        if getattr(found, what) > ROUNDING:
            problems.append(f"{what}: {getattr(found, what):.0e}")
    return problems


_HEAD = (
    "module", "entries", "squares", "up to eps", "sums", "frozen", "off the diagonal", "momentum alone",
    "export s", "inference s", "MB", "evaluation s", "identities", "generators", "eps",
)  # fmt: skip


def _line(case: Case, found: Measured) -> tuple[str, ...]:
    seconds = (f"{s:.2f}" for s in (found.export, found.inference))
    errors = (f"{x:.0e}" if x else "0" for x in (found.identities, found.generators))
    return (
        case.name,
        f"{found.entries:,}",
        *(f"{n:,}" for n in found.counts.values()),
        *seconds,
        f"{found.megabytes:.0f}",
        f"{found.evaluation:.2f}",
        *errors,
        f"{found.nearly:.0e}" if found.nearly else "",
    )


_TEXT = """\
# The laws of networks that people train

Written by `python -m benchmarks.networks`; every module in a process of its own, at its real size, with
random weights.

{table}
*Squares* (with the diagonals of matrices), *sums* and *frozen* entries are exact laws of the gradient flow,
and so are the entries of matrices *off the diagonal*, n (n - 1)/2 of each n x n; all of them are independent.
Those *up to eps* are kept up to the eps of normalisations; those of *momentum alone* come from skew matrices.

*Export* is what torch takes to trace the module, *inference* what the laws take from there, *MB* its peak of
memory beyond that; *evaluation* is all identities at given parameters and gradients in float32, on one
thread.

*Identities*: in float64, for 3 random losses, the largest relative error of any exact identity, the gradients
being those of autograd.  *Generators*: random combinations of the generators of all exact laws, along which
torch.func.jvp moves the parameters; how far the outputs move, relative to what they do when every entry of
that movement is multiplied by a random number.  Both have to be below 1e-10.  *Eps*: identities of the laws
up to eps.

Measured with {machine}.
"""


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.networks")
