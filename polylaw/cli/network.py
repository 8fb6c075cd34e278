"""The command about networks: net."""

from __future__ import annotations

import shlex
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from polylaw.cli import options as shared

if TYPE_CHECKING:
    from polylaw.budget import Budget
    from polylaw.files import Output
    from polylaw.frozen import Frozen
    from polylaw.networks.laws import NetworkLaws
    from polylaw.networks.training import Training


@click.command()
@click.argument("factory")
@click.option("--loss", default="any", help="any | mse | cross-entropy, over the last axis (default any)")
@click.option("--flow", default="gradient", help="gradient | momentum (default gradient)")
@click.option("--rates", default="", help="learning rates of parameters, such as 'head.*=2,*.bias=1/2'")
@click.option(
    "--weight-decay", default="", help="decay, such as 1/100, or of some parameters: '*.weight=1/100'"
)
@shared.budget_options
@shared.output_option("write a certificate of the laws (JSON) to this file", required=False)
@shared.format_option
@click.option("--all", "show_all", is_flag=True, help="print every law, however many")
def net(factory: str, **options: Any) -> None:
    """Find the laws of a PyTorch module: what its training keeps, for every loss and all data.

    FACTORY is package.module:function; the function returns a module and a tuple of example inputs, and is
    looked for in the working folder, too.

    With -o what the gradients of every loss obey, from which the laws of each flow follow, is also written as
    a certificate that polylaw verify checks and polylaw appendix turns into pages to read.
    """
    from polylaw.proof.networks import paths_of
    from polylaw.report import FORMATS
    from polylaw.report.network import NetworkReport

    name, budget, training = options["output"], shared.budget_of(options), _training(options)
    output = None if name is None else shared.output_of(name, factory, as_json=options["format"] == "json")
    with budget.working():
        module, example = _made(factory)
        found = _laws()(module, example, options["loss"], budget=budget)
        proofs = tuple(paths_of(found, budget)) if options["format"] == "json" else ()
        report = NetworkReport(found, training, factory, options["loss"], options["show_all"], proofs)
        shared.tell(output, FORMATS[options["format"]](report))
        if output is not None:
            _save(output, found, factory, options, budget)
    sys.exit(shared.code_of(report))


def _save(output: Output, found: NetworkLaws, factory: str, options: dict[str, Any], budget: Budget) -> None:
    """Write the certificate that is asked for, if there is a law."""
    from polylaw.proof.networks import certify_network

    if not found.laws:
        click.echo(f"{output.name} not written: there is no law", err=True)
        return
    loss = [] if options["loss"] == "any" else ["--loss", options["loss"]]
    command = shlex.join(["polylaw", "net", factory, *loss, *shared.CERTIFICATE])
    certificate = certify_network(found, title=factory, command=command, budget=budget)
    output.write(certificate.text())
    for note in certificate.data["model"]["notes"]:
        click.echo(f"note: {note}", err=True)
    if options["format"] != "json":
        shared.tell(output, shared.saved(output, certificate))


def _laws() -> Any:
    """`polylaw.torch.laws`, if torch is installed."""
    from polylaw.errors import InputError

    try:
        from polylaw.torch import laws
    except ImportError as error:
        raise InputError("torch", str(error), "PyTorch", 'pip install "polylaw[torch]"') from error
    return laws


def _training(options: dict[str, Any]) -> Training:
    """How the parameters move."""
    from polylaw.algebra.rationals import rational
    from polylaw.errors import UnknownNameError
    from polylaw.frozen import Frozen
    from polylaw.lists import pairs
    from polylaw.networks.training import Training

    def numbers(key: str, text: str) -> Frozen[str, Fraction]:
        found = pairs(text, key, "head.*=2") if text else {}
        return Frozen({name: Fraction(rational(number, key)) for name, number in found.items()})

    if options["flow"] not in ("gradient", "momentum"):
        raise UnknownNameError("--flow", options["flow"], "gradient or momentum")
    decay = options["weight_decay"]
    decays = numbers("--weight-decay", decay if "=" in decay or not decay else f"*={decay}")
    return Training(numbers("--rates", options["rates"]), decays, options["flow"] == "momentum")


def _made(factory: str) -> tuple[Any, tuple[Any, ...]]:
    """The module and the inputs that a factory returns."""
    from polylaw.errors import InputError

    made = shared.made_by(factory)
    if not isinstance(made, tuple) or len(made) != 2 or not isinstance(made[1], tuple):
        raise InputError("FACTORY", type(made).__name__, "a function that returns (module, (input, ...))")
    return made
