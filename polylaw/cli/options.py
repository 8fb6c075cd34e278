"""What commands share: options, and from options to flows, ansätze, budgets, executors and progress bars."""

from __future__ import annotations

import functools
import json
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from polylaw.cli.exits import BAD_INPUT, NO, UNDECIDED, YES, undecided
from polylaw.flows import KINDS

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from polylaw.budget import Budget, Progress
    from polylaw.files import Output
    from polylaw.flows.flow import Flow
    from polylaw.proof.certificate import Certificate
    from polylaw.report import Report

UNDECIDED_SCHEMA = "polylaw-undecided-1"
EXIT_YES, EXIT_NO, EXIT_BAD_INPUT, EXIT_UNDECIDED = YES, NO, BAD_INPUT, UNDECIDED

#: How a model moves: option, field of `polylaw.readers.FlowOptions`, help.
FLOW_OPTIONS = (
    ("--flow", "kind", f"{' | '.join(KINDS)} (default: gradient, or the file's)"),
    ("--damping", "damping", "momentum: 0, a positive rational, tau, or c/t such as 3/t"),
    ("--metric", "metric", "euclidean | mirror | mirror:U,V | rates:U=2,V=b (default: the model's own)"),
    (
        "--weight-decay",
        "weight_decay",
        "gradient: a rational or a symbol, theta' = -M grad L - rate*theta; time enters as exp(rate*t)",
    ),
    ("--time", "time", "ode: let laws depend on time, as t or exp(2*g*t)"),
)

#: A certificate says how it is made again under this name, whatever name it was given.
CERTIFICATE = ("-o", "certificate.json")


def flow_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how a model moves."""
    for flag, key, text in reversed(FLOW_OPTIONS):
        command = click.option(flag, key, help=text)(command)
    return command


def ansatz_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which monomials laws may have."""
    command = click.option("--variables", help="only laws in these variables, separated by commas")(command)
    text = "degree:3 | homogeneous:4 | bidegree:CLOCK,REST | weighted:6;x=1,y=2 | monomials:x^2,x*y"
    command = click.option("--ansatz", help=text)(command)
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
    text = "another bound, as `polylaw.Budget` and the message that reports it name it; repeatable"
    command = click.option("--bound", "bounds", multiple=True, metavar="NAME=N", help=text)(command)
    text = "most unknowns of the linear system (default 20000000)"
    command = click.option("--max-unknowns", type=int, help=text)(command)
    text = "most seconds of wall time (default: no bound)"
    return click.option("--max-seconds", type=float, help=text)(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that asks for one JSON object, also where a bound is hit before there is an answer."""

    @functools.wraps(command)
    def always(*arguments: Any, **options: Any) -> Any:
        from polylaw.errors import BudgetError

        try:
            return command(*arguments, **options)
        except (BudgetError, MemoryError) as error:
            if options["as_json"]:
                data = {"schema": UNDECIDED_SCHEMA, "verdict": "undecided", "reason": undecided(error)}
                click.echo(json.dumps(data, indent=2))
            raise

    return click.option("--json", "as_json", is_flag=True, help="print one JSON object")(always)


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say in which format a report is printed: `options["format"]`."""

    @functools.wraps(command)
    def chosen(*arguments: Any, **options: Any) -> Any:
        from polylaw.errors import UnknownNameError
        from polylaw.report import FORMATS

        name = "json" if options["as_json"] else options["format"]
        if name not in FORMATS:
            raise UnknownNameError("--format", name, f"one of {', '.join(FORMATS)}")
        return command(*arguments, **{**options, "format": name, "as_json": name == "json"})

    return click.option("--format", default="text", help="text | json (default text)")(json_option(chosen))


def answer(report: Report, options: dict[str, Any]) -> NoReturn:
    """Print a report, and end with the exit code of its answer."""
    from polylaw.report import FORMATS

    click.echo(FORMATS[options["format"]](report))
    sys.exit(code_of(report))


def code_of(report: Report) -> int:
    """The exit code: yes, no, or undecided."""
    answer = report.answer
    return EXIT_UNDECIDED if answer is None else EXIT_YES if answer else EXIT_NO


#: The option that allows functions of the state in laws.
augment_option = click.option(
    "--augment",
    multiple=True,
    help="also laws with this function of the state: log(x), exp(x - y), 1/x, sqrt(x^2 + y^2), "
    "atan(y/x), log(*) for all; repeatable",
)

#: The option that restricts a flow to an invariant set.
on_option = click.option(
    "--on",
    multiple=True,
    help='only on the invariant set where this holds, e.g. "U1\'*U1 = U2*U2\'", "x^2 + y^2 = 1", '
    'balanced, "at rest"; repeatable',
)

#: The option that says how many processes work.
jobs_option = click.option(
    "--jobs", type=int, default=1, help="worker processes; the output does not depend on it"
)


def alone(main: str, options: dict[str, Any], **defaults: Any) -> None:
    """Refuse options, given with their defaults, that would be ignored beside a main one."""
    from polylaw.errors import InputError

    for key, default in defaults.items():
        if options[key] != default:
            flag = f"--{key.replace('_', '-')}"
            raise InputError(flag, options[key], f"no {flag} beside {main}", "leave one of them out")


def output_option(text: str, *, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option that says where a result goes (`polylaw.files`)."""
    return click.option("-o", "--output", required=required, help=f"{text}; - is standard output")


def output_of(name: str, model: str, *, as_json: bool) -> Output:
    """Where the certificate of a model goes; JSON about it cannot go there too."""
    from polylaw.errors import InputError
    from polylaw.files import Output

    output = Output.of(name, model)
    if as_json and output.is_standard:
        raise InputError("--json", f"-o {name} beside it", "one of the two on standard output")
    return output


def tell(output: Output | None, text: str) -> None:
    """Print what is said beside a result: on standard error if the result itself is on standard output."""
    click.echo(text, err=output is not None and output.is_standard)


def repeated(model: str, options: dict[str, Any]) -> str:
    """The model and how it moves as they were typed, quoted for a shell: what the next command repeats."""
    return shlex.join(typed(model, options))


def typed(model: str, options: dict[str, Any], *more: tuple[str, str]) -> list[str]:
    """The model, how it moves, and `more` options (flag, key) as words."""
    flags = [*((flag, key) for flag, key, _ in FLOW_OPTIONS), *more]
    given = (word for flag, key in flags if options[key] is not None for word in (flag, options[key]))
    return [pasted(model), *map(str, given)]


def pasted(name: str) -> str:
    """The name of a file as it can be pasted into a command, where -name.toml would be an option."""
    return f"./{name}" if name.startswith("-") else name


def saved(output: Output, certificate: Certificate) -> str:
    """What is said of a certificate that was written."""
    claims = f"{output.name}: {', '.join(dict.fromkeys(certificate.claims))}   sha256 {certificate.sha256}"
    following = f"\nnext: polylaw verify {shlex.quote(pasted(output.name))}"
    return claims if output.is_standard else claims + following


def flow_of(model: str, options: dict[str, Any], budget: Budget | None = None) -> Flow:
    """The flow that MODEL and the flow options describe, written down within the budget (without one: of the
    options)."""
    from polylaw.readers import FlowOptions, flow_of_spec
    from polylaw.readers.options import flow_of as flow_of_model

    budget = budget or budget_of(options)
    with budget.working():
        said = FlowOptions(**{key: options[key] for _, key, _ in FLOW_OPTIONS})
        if is_factory(model):
            return flow_of_model(made_by(model), said)
        return flow_of_spec(model, said, budget=budget)


def is_factory(model: str) -> bool:
    """Whether it names a function of a module, such as `examples.programs:block`."""
    place, colon, name = model.partition(":")
    words = [*place.split("."), name]
    return bool(colon) and len(words) > 2 and all(map(str.isidentifier, words))


def made_by(factory: str) -> Any:
    """What a function of a module returns; the module is looked for in the working folder, too."""
    from importlib import import_module
    from pathlib import Path

    from polylaw.errors import InputError

    place, _, name = factory.partition(":")
    if not place or not name:
        raise InputError("FACTORY", factory, "package.module:function", "for example models.small:build")
    sys.path.insert(0, str(Path.cwd()))
    try:
        return getattr(import_module(place), name)()
    except Exception as error:  # of the user's code, whatever it is
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise InputError("FACTORY", factory, "a function that can be imported and called", said) from error
    finally:
        sys.path.pop(0)


def budget_of(options: dict[str, Any]) -> Budget:
    """The bounds that were given, the defaults for the rest."""
    from polylaw.budget import Budget
    from polylaw.errors import InputError
    from polylaw.lists import pairs

    bounds = {key: options[key] for key in ("max_seconds", "max_unknowns") if options[key] is not None}
    for text in options["bounds"]:
        for name, number in pairs(text, "--bound", "max_products=1000000").items():
            if not number.isdecimal() or len(number) > 18:
                raise InputError(f"--bound {name}", number, "an integer above 0")
            bounds[name] = int(number)
    return Budget.of(bounds, "--bound")


@contextmanager
def executor_of(jobs: int) -> Iterator[Executor | None]:
    """A pool of so many worker processes; none for one."""
    from polylaw.errors import InputError

    if not 1 <= jobs <= 256:
        raise InputError("--jobs", jobs, "a number of processes from 1 to 256")
    if jobs == 1:
        yield None
        return
    from polylaw.workers import workers

    with workers(jobs) as executor:
        yield executor


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on standard error when that is a terminal, else silence."""
    from polylaw.budget import silent

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
