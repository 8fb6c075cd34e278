"""What commands share: options, and from options to flows, ansätze, budgets, executors and progress bars."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from polylaw.flows import Flow
    from polylaw.laws.budget import Budget, Progress

__all__ = [
    "EXIT_BAD_INPUT",
    "EXIT_NO",
    "EXIT_UNDECIDED",
    "EXIT_YES",
    "ansatz_options",
    "budget_of",
    "budget_options",
    "executor_of",
    "flow_of",
    "flow_options",
    "progress_bar",
    "repeated",
    "typed",
    "wanted",
]

EXIT_YES, EXIT_NO, EXIT_BAD_INPUT, EXIT_UNDECIDED = 0, 1, 2, 3

#: How a model moves: option, field of `polylaw.readers.FlowOptions`, help.
FLOW_OPTIONS = (
    ("--flow", "kind", "gradient | momentum | ode (default: gradient, or the file's)"),
    ("--damping", "damping", "momentum: 0, a positive rational, tau, or c/t such as 3/t"),
    ("--metric", "metric", "euclidean | mirror | mirror:U,V | rates:U=2,V=b (default: the model's own)"),
    ("--weight-decay", "weight_decay", "gradient: a rational or a symbol, theta' = -M grad L - rate*theta; time enters as exp(rate*t)"),
    ("--time", "time", "ode: let laws depend on time, as t or exp(2*g*t)"),
)

CERTIFY_OPTIONS = (("--degree", "degree"), ("--ansatz", "ansatz"), ("--variables", "variables"))


def flow_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how a model moves."""
    for flag, key, text in reversed(FLOW_OPTIONS):
        command = click.option(flag, key, help=text)(command)
    return command


def ansatz_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which monomials laws may have."""
    command = click.option("--variables", help="only laws in these variables, separated by commas")(command)
    command = click.option(
        "--ansatz", help="degree:3 | homogeneous:4 | bidegree:CLOCK,REST | weighted:6;x=1,y=2 | monomials:x^2,x*y"
    )(command)
    return click.option("--degree", type=int, help="largest degree in the variables (default 2)")(command)


def wanted(options: dict[str, Any]) -> dict[str, Any]:
    """Degree, ansatz and variables as `find_laws` takes them."""
    from polylaw.laws.ansatz import Ansatz
    from polylaw.lists import items

    ansatz = None if options["ansatz"] is None else Ansatz.parse(options["ansatz"])
    names = None if options["variables"] is None else items(options["variables"], "--variables")
    return {"degree": options["degree"], "ansatz": ansatz, "variables": names}


def budget_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that bound the work."""
    command = click.option("--max-unknowns", type=int, help="most unknowns of the linear system (default 20000000)")(command)
    return click.option("--max-seconds", type=float, help="most seconds of wall time (default: no bound)")(command)


def repeated(model: str, options: dict[str, Any]) -> str:
    """The model and how it moves as they were typed, quoted for a shell: what the next command repeats."""
    return shlex.join(typed(model, options))


def typed(model: str, options: dict[str, Any], *more: tuple[str, str]) -> list[str]:
    """The model, how it moves, and `more` options (flag, key) as words."""
    flags = [*((flag, key) for flag, key, _ in FLOW_OPTIONS), *more]
    return [model, *(str(word) for flag, key in flags if options[key] is not None for word in (flag, options[key]))]


def flow_of(model: str, options: dict[str, Any], budget: Budget | None = None) -> Flow:
    """The flow that MODEL and the flow options describe, written down within the budget (without one: of the options)."""
    from polylaw.readers import FlowOptions, flow_of_spec

    budget = budget or budget_of(options)
    with budget.working():
        return flow_of_spec(model, FlowOptions(**{key: options[key] for _, key, _ in FLOW_OPTIONS}), check=budget.check)


def budget_of(options: dict[str, Any]) -> Budget:
    """The bounds that were given, the defaults for the rest."""
    from polylaw.laws.budget import Budget

    bounds = {key: options[key] for key in ("max_seconds", "max_unknowns") if options[key] is not None}
    return Budget(**bounds)


@contextmanager
def executor_of(jobs: int) -> Iterator[Executor | None]:
    """A pool of so many worker processes; none for one."""
    from polylaw.errors import InputError

    if not 1 <= jobs <= 256:
        raise InputError("--jobs", jobs, "a number of processes from 1 to 256")
    if jobs == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs) as executor:
        yield executor


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on standard error when that is a terminal, else silence."""
    from polylaw.laws.budget import silent

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield show
