"""What it costs to look at a step of training: `python -m benchmarks.monitor`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import click
import torch
from rich.console import Console
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional

from benchmarks import modules as m
from benchmarks.grid import Grid
from benchmarks.networks import memory
from benchmarks.process import HERE, measured
from benchmarks.report import machine, write
from benchmarks.resnet import ResNet18
from polylaw.torch import Monitor, laws

_REPORT = Path(__file__).with_name("report")
_LIBRARIES = ("torch", "numpy", "polylaw")
#: Steps, and looks, of which the quickest counts.
_TIMES = 5
#: How many steps there are for one that is looked at.
EVERY = 100
#: Of the time of the steps, looking must cost less than so much for modules with so many entries.
MOST, LARGE = 0.02, 100_000_000


@dataclass(frozen=True)
class Trained:
    """A module with one batch; a few inputs are enough to derive the laws of."""

    name: str
    build: Callable[[], nn.Module]
    batch: Callable[[], Tensor]
    classes: int


def _gpt2() -> nn.Module:
    return m.GPT2(768, 12, 12, 50257, 1024, tied=True)


def _tokens(*shape: int) -> Tensor:
    return torch.randint(0, 50257, shape, generator=torch.Generator().manual_seed(0))


def _numbers(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


CASES = [
    Trained("MLP 784-512-512-10", lambda: m.mlp(nn.ReLU, 784, 512, 512, 10), lambda: _numbers(128, 784), 10),
    Trained("ResNet-18, 128 images of 32 x 32", lambda: ResNet18(10), lambda: _numbers(128, 3, 32, 32), 10),
    Trained("GPT-2 small, tied, 8 x 128 tokens", _gpt2, lambda: _tokens(8, 128), 50257),
]  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """Seconds of a whole step (forward, backward, optimiser) and of one look; megabytes of the parameters, of
    the process at its peak in steps, and in steps that are looked at."""

    entries: int
    families: int
    step: float
    look: float
    parameters: float
    peak: float
    looking: float
    verdicts: dict[str, int]

    @property
    def share(self) -> float:
        """Of the time of all steps, where one of so many is looked at."""
        return self.look / (EVERY * self.step)


def measure(case: Trained, times: int = _TIMES) -> Cost:
    """In this process, which should be a new one."""
    torch.manual_seed(0)
    module, batch = case.build(), case.batch()
    known = laws(module, (batch[:2],))
    optimizer = torch.optim.SGD(module.parameters(), lr=1e-2, momentum=0.9)

    def step() -> float:
        """Seconds of all of it."""
        begin = perf_counter()
        optimizer.zero_grad()
        outputs = module(batch)
        outputs = outputs.flatten(0, outputs.ndim - 2)
        functional.cross_entropy(outputs, torch.arange(len(outputs)) % case.classes).backward()
        optimizer.step()
        return perf_counter() - begin

    step()
    _forget_peak()
    steps, peak, stamps = [step() for _ in range(times)], memory("VmHWM"), list[float]()
    _forget_peak()
    _stamp(optimizer, stamps)
    with Monitor(module, optimizer, known) as monitor:
        _stamp(optimizer, stamps)  # hooks run in their order, so that the monitor is between two stamps
        for _ in range(times):
            step()
        looking = memory("VmHWM")
        verdicts = [str(value) for key, value in monitor.latest.items() if key.endswith("/verdict")]
    looks = [b - a + d - c for a, b, c, d in zip(*(stamps[k::4] for k in range(4)), strict=True)]
    return Cost(
        sum(p.numel() for p in module.parameters()),
        len(known.laws),
        min(steps),
        min(looks),
        sum(p.numel() * p.element_size() for p in module.parameters()) / 2**20,
        peak,
        looking,
        {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))},
    )


def _stamp(optimizer: torch.optim.Optimizer, stamps: list[float]) -> None:
    """Note the time before each step of the optimiser and after it."""
    optimizer.register_step_pre_hook(lambda *_: stamps.append(perf_counter()))
    optimizer.register_step_post_hook(lambda *_: stamps.append(perf_counter()))


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--case", "chosen", help="one module alone, in this process, as JSON")
@click.option("--limit", default=1800, show_default=True, help="seconds after which a module is given up")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=_REPORT,
    help="folder of monitor.md",
)
def main(chosen: str | None, limit: int, output: Path) -> None:
    """Measure steps of training with and without `polylaw.torch.Monitor` (Linux)."""
    if chosen is not None:
        [case] = [case for case in CASES if case.name == chosen]
        click.echo(json.dumps(asdict(measure(case))))
        return
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")  # threads wait for others
    console, lines, problems = Console(stderr=True), [], []
    for case in track(CASES, "measuring", console=console, transient=True, disable=not console.is_terminal):
        run = measured([sys.executable, "-m", "benchmarks.monitor", "--case", case.name], limit, HERE)
        if run.failure:
            problems.append(f"{case.name}: {run.failure}")
            continue
        cost = Cost(**json.loads(run.output.splitlines()[-1]))
        lines.append(line(case.name, cost))
        problems += [f"{case.name}: {problem}" for problem in wrong(cost)]
    grid = Grid(_HEAD, (0, len(_HEAD) - 1), tuple(lines))
    Console(width=200).print(grid.rich("Looking at steps"), sep="\n")
    for problem in problems:
        click.echo(f"wrong: {problem}", err=True)
    if problems:
        sys.exit(1)
    text = _TEXT.format(
        machine=machine(_LIBRARIES),
        table=grid.markdown(),
        times=_TIMES,
        every=EVERY,
        most=100 * MOST,
        large=LARGE,
    )
    write(output, {"monitor.md": text})


def wrong(cost: Cost) -> list[str]:
    """What is not as it should be."""
    costly = f"looking at one step of {EVERY} takes {100 * cost.share:.1f} % of the time of the steps"
    broken = f"{cost.verdicts.get('broken')} families are broken"
    return [costly] * (cost.entries >= LARGE and cost.share > MOST) + [broken] * ("broken" in cost.verdicts)


_HEAD = (
    "module", "entries", "families", "step s", "look s", f"% at every={EVERY}", "parameters MB", "peak MB",
    "looking MB", "verdicts",
)  # fmt: skip


def line(name: str, cost: Cost) -> tuple[str, ...]:
    """What was measured, as text."""
    return (
        name,
        f"{cost.entries:,}",
        f"{cost.families}",
        f"{cost.step:.3f}",
        f"{cost.look:.3f}",
        f"{100 * cost.share:.2f}",
        f"{cost.parameters:,.0f}",
        f"{cost.peak:,.0f}",
        f"{cost.looking:,.0f}",
        ", ".join(f"{n} {verdict}" for verdict, n in cost.verdicts.items()),
    )


_TEXT = """\
# What it costs to look at a step of training

Written by `python -m benchmarks.monitor`; every module in a process of its own, in float32, trained by SGD
with momentum 0.9, on one thread.

{table}
A *step* is forward, backward and the step of the optimiser; a *look* is what `polylaw.torch.Monitor` adds
to it; of {times} the quickest counts.  The percentage is that of the time of all steps where one of {every}
is looked at; for modules with {large:,} entries or more it has to be below {most:.0f}.  How long a look takes
goes with the number of entries, whatever the batch is; a step takes the longer the larger the batch.

*Peak* is the resident memory of the process at its peak in steps, *looking* the same in steps that are
looked at.  The verdicts on families of laws are those of the last step; *no rule* is on laws that
normalisations keep up to eps.

Measured with {machine}.
"""


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.monitor")
