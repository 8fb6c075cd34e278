"""The command line: one command for each verb, no logic.  `polylaw.cli.exits` has the exit codes."""

from __future__ import annotations

import os
import sys

import click

from polylaw.cli import certify, laws, network, proofs, words
from polylaw.cli.exits import exit_code
from polylaw.version import __version__

__all__ = ["cli", "main"]


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="polylaw")
@click.pass_context
def cli(context: click.Context) -> None:
    """Exact polynomial conservation laws of training flows and polynomial ODEs.

    MODEL is a .toml file or a spec such as linear:2,3,2, relu:3,4,2?bias=true, nmf:3,2,4,
    attention:d1=2,dim=3 ("polylaw models" lists them).

    Exit codes: 0 yes, 1 no (refuted), 2 bad input, 3 undecided (a bound was hit); 70 a defect in polylaw,
    130 interrupted, 141 a closed pipe.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


_LAWS = (laws.find, laws.count, laws.check, laws.models, laws.darboux, laws.relations)
_PROOFS = (certify.certify, proofs.verify, proofs.prove, proofs.appendix, proofs.bundle)
for _command in (*_LAWS, words.words, network.net, *_PROOFS):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; `polylaw.cli.exits` says how it ends."""
    if "_POLYLAW_COMPLETE" in os.environ:  # a shell asks how a word goes on
        cli.main(prog_name="polylaw")
    if code := exit_code(_run):
        sys.exit(code)


def _run() -> None:
    with cli.make_context("polylaw", sys.argv[1:]) as context:
        cli.invoke(context)
