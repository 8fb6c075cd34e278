"""The command line: one command for each verb, no logic.  Exit codes: 0 yes, 1 no, 2 bad input, 3 undecided."""

from __future__ import annotations

import sys

import click

from polylaw import __version__
from polylaw.cli import darboux, geometry, laws, proofs, words
from polylaw.cli.options import EXIT_BAD_INPUT, EXIT_UNDECIDED

__all__ = ["cli", "main"]


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


_LAWS = (laws.find, laws.count, laws.check, laws.models, darboux.darboux, geometry.relations, words.words)
_PROOFS = (proofs.certify, proofs.verify, proofs.prove, proofs.appendix, proofs.bundle)
for _command in (*_LAWS, *_PROOFS):
    cli.add_command(_command)


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
