"""The command line: one command for each verb, no logic.  Exit codes: 0 yes, 1 no, 2 bad input, 3 undecided."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from polylaw import __version__

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from polylaw.flows import Flow
    from polylaw.laws.budget import Budget, Progress

__all__ = ["cli", "main"]

EXIT_YES, EXIT_NO, EXIT_BAD_INPUT, EXIT_UNDECIDED = 0, 1, 2, 3

#: How a model moves: option, field of `polylaw.readers.FlowOptions`, help.
_FLOW_OPTIONS = (
    ("--flow", "kind", "gradient | momentum | ode (default: gradient, or the file's)"),
    ("--damping", "damping", "momentum: 0, a positive rational, tau, or c/t such as 3/t"),
    ("--metric", "metric", "euclidean | mirror | mirror:U,V | rates:U=2,V=b (default: the model's own)"),
    ("--weight-decay", "weight_decay", "gradient: a rational or a symbol; time enters as exp(rate*t)"),
    ("--time", "time", "ode: let laws depend on time, as t or exp(2*g*t)"),
)

_CERTIFY_OPTIONS = (("--degree", "degree"), ("--ansatz", "ansatz"), ("--variables", "variables"))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}, invoke_without_command=True)
@click.version_option(__version__, prog_name="polylaw")
@click.pass_context
def cli(context: click.Context) -> None:
    """Exact polynomial conservation laws of training flows and polynomial ODEs.

    MODEL is a .toml file or a spec such as linear:2,3,2, relu:3,4,2?bias=true, nmf:3,2,4, attention:d1=2,dim=3
    ("polylaw models" lists them).

    Exit codes: 0 yes, 1 no (refuted), 2 bad input, 3 undecided (a bound was hit).
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _flow_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how a model moves."""
    for flag, key, text in reversed(_FLOW_OPTIONS):
        command = click.option(flag, key, help=text)(command)
    return command


def _ansatz_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which monomials laws may have."""
    command = click.option("--variables", help="only laws in these variables, separated by commas")(command)
    command = click.option(
        "--ansatz", help="degree:3 | homogeneous:4 | bidegree:CLOCK,REST | weighted:6;x=1,y=2 | monomials:x^2,x*y"
    )(command)
    return click.option("--degree", type=int, help="largest degree in the variables (default 2)")(command)


def _wanted(options: dict[str, Any]) -> dict[str, Any]:
    """Degree, ansatz and variables as `find_laws` takes them."""
    from polylaw.laws.ansatz import Ansatz

    ansatz = None if options["ansatz"] is None else Ansatz.parse(options["ansatz"])
    names = None if options["variables"] is None else [name.strip() for name in options["variables"].split(",")]
    return {"degree": options["degree"], "ansatz": ansatz, "variables": names}


def _budget_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that bound the work."""
    command = click.option("--max-unknowns", type=int, help="most unknowns of the linear system (default 20000000)")(command)
    return click.option("--max-seconds", type=float, help="most seconds of wall time (default: no bound)")(command)


@cli.command()
@click.argument("model")
@_flow_options
@_ansatz_options
@_budget_options
@click.option("--jobs", type=int, default=1, help="worker processes; the output does not depend on it")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
@click.option("--all", "show_all", is_flag=True, help="print every law, however many")
def find(model: str, **options: Any) -> None:
    """Find all polynomial conservation laws up to a degree, with a proof that there are no others."""
    from polylaw.laws.search import find_laws
    from polylaw.report import Findings, laws_json, laws_text

    flow = _flow(model, options)
    with _executor(options["jobs"]) as executor, _progress() as progress:
        laws = find_laws(flow, budget=_budget(options), executor=executor, progress=progress, **_wanted(options))
        found = Findings.of(laws, progress)
    click.echo(laws_json(found) if options["as_json"] else laws_text(found, _repeated(model, options), show_all=options["show_all"]))
    sys.exit(EXIT_UNDECIDED if found.undecided else EXIT_YES)


@cli.command()
@click.argument("model")
@_flow_options
@click.option("--degree", type=int, help="largest degree of the polynomial laws (default: as far as it is quick, at most 4)")
@click.option("--route", default="series", help="series | brackets | commutators, the way to the Lie algebra (default series)")
@_budget_options
@click.option("--jobs", type=int, default=1, help="worker processes; the output does not depend on it")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object, with the witness")
def count(model: str, **options: Any) -> None:
    """Count all independent laws, polynomial or not, near a generic point, from both sides.

    Exit code 0 when the bounds meet, else 3.
    """
    from polylaw.laws.count import count_laws
    from polylaw.report import count_json, count_text

    flow = _flow(model, options)
    with _executor(options["jobs"]) as executor, _progress() as progress:
        found = count_laws(
            flow, options["degree"], route=options["route"], budget=_budget(options), executor=executor, progress=progress
        )
    click.echo(count_json(found) if options["as_json"] else count_text(found, _repeated(model, options)))
    sys.exit(EXIT_YES if found.exact else EXIT_UNDECIDED)


@cli.command()
@click.argument("model")
@click.option("-o", "--output", required=True, help="the certificate to write (JSON)")
@_flow_options
@_ansatz_options
@click.option("--refuted", multiple=True, help="a claim that is no law, to be certified as such (may be repeated)")
@click.option("--no-count", is_flag=True, help="leave out the bound on laws of any kind")
@_budget_options
def certify(model: str, output: str, **options: Any) -> None:
    """Find all laws and write them with their proofs: a certificate that an independent checker verifies.

    Exit code 3 when a bound was hit; what was proved by then is certified all the same.
    """
    from polylaw.errors import InputError
    from polylaw.laws.check import Refuted, check_law
    from polylaw.laws.search import find_laws
    from polylaw.proof.certificate import certify as certified

    flow = _flow(model, options)
    verdicts = [check_law(flow, claim) for claim in options["refuted"]]
    for claim, verdict in zip(options["refuted"], verdicts, strict=True):
        if not isinstance(verdict, Refuted):
            raise InputError("--refuted", claim, "a claim that is no law", f"it is {type(verdict).__name__.lower()}")
    with _progress() as progress:
        laws = find_laws(flow, budget=_budget(options), progress=progress, **_wanted(options))
        refuted = [verdict for verdict in verdicts if isinstance(verdict, Refuted)]
        command = shlex.join(["polylaw", "certify", *_typed(model, options, *_CERTIFY_OPTIONS), "-o", output])
        certificate = certified(laws, count=not options["no_count"], refuted=refuted, command=command, progress=progress)
    certificate.save(output)
    click.echo(f"{output}: {', '.join(certificate.claims)}   sha256 {certificate.sha256}\nnext: polylaw verify {shlex.quote(output)}")
    sys.exit(EXIT_YES if laws.complete else EXIT_UNDECIDED)


@cli.command()
@click.argument("files", nargs=-1, required=True)
def verify(files: tuple[str, ...]) -> None:
    """Verify certificates with the standalone checker: exit code 0 only if every claim of every file holds."""
    from polylaw.proof import checker

    sys.exit(checker.main(list(files)))


@cli.command()
@click.argument("model")
@click.argument("law")
@_flow_options
@_budget_options
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def check(model: str, law: str, **options: Any) -> None:
    """Prove or refute one law: exit code 0 proved, 1 refuted, 3 undecided.

    Put -- before a law that starts with a minus sign, after all options.
    """
    from polylaw.laws.check import Proved, Refuted, check_law
    from polylaw.report import verdict_json, verdict_text

    flow = _flow(model, options)
    verdict = check_law(flow, law, budget=_budget(options))
    click.echo(verdict_json(flow, verdict) if options["as_json"] else verdict_text(flow, verdict))
    sys.exit(EXIT_YES if isinstance(verdict, Proved) else EXIT_NO if isinstance(verdict, Refuted) else EXIT_UNDECIDED)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def models(as_json: bool) -> None:
    """List the model families with their arguments, what the loss sees, known laws and sources."""
    from polylaw.report import models_json, models_text

    click.echo(models_json() if as_json else models_text())


def _repeated(model: str, options: dict[str, Any]) -> str:
    """The model and how it moves as they were typed, quoted for a shell: what the next command repeats."""
    return shlex.join(_typed(model, options))


def _typed(model: str, options: dict[str, Any], *more: tuple[str, str]) -> list[str]:
    """The model, how it moves, and `more` options (flag, key) as words."""
    flags = [*((flag, key) for flag, key, _ in _FLOW_OPTIONS), *more]
    return [model, *(str(word) for flag, key in flags if options[key] is not None for word in (flag, options[key]))]


def _flow(model: str, options: dict[str, Any]) -> Flow:
    from polylaw.readers import FlowOptions, flow_of_spec

    return flow_of_spec(model, FlowOptions(**{key: options[key] for _, key, _ in _FLOW_OPTIONS}))


def _budget(options: dict[str, Any]) -> Budget:
    from polylaw.laws.budget import Budget

    bounds = {key: options[key] for key in ("max_seconds", "max_unknowns") if options[key] is not None}
    return Budget(**bounds)


@contextmanager
def _executor(jobs: int) -> Iterator[Executor | None]:
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
def _progress() -> Iterator[Progress]:
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


def main() -> None:
    """Run the command line; every error is one line on standard error and exit code 2, or 3 when a bound was hit."""
    from polylaw.errors import BudgetError, PolylawError

    try:
        cli.main(standalone_mode=False)
    except click.UsageError as error:
        command = f"{error.ctx.info_name} " if error.ctx and error.ctx.parent else ""
        _fail(f"{error.format_message()} (see polylaw {command}--help)")
    except click.ClickException as error:
        _fail(error.format_message())
    except BudgetError as error:
        _fail(str(error), EXIT_UNDECIDED)
    except PolylawError as error:
        _fail(str(error))
    except MemoryError:
        _fail("out of memory: lower the degree, or bound the work with --max-unknowns", EXIT_UNDECIDED)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _fail(message: str, code: int = EXIT_BAD_INPUT) -> None:
    line = "".join(c if c.isprintable() else "?" for c in message)  # click repeats arguments as they are
    click.echo(f"polylaw: {line}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
