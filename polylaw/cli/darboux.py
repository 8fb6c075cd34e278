"""The command `darboux`."""

from __future__ import annotations

import sys
from typing import Any

import click

from polylaw.cli.options import (
    EXIT_UNDECIDED,
    EXIT_YES,
    budget_of,
    budget_options,
    flow_of,
    flow_options,
    json_option,
    repeated,
)

__all__ = ["darboux"]


@click.command()
@click.argument("model")
@flow_options
@click.option("--degree", type=int, default=2, help="largest degree of the Darboux polynomials (default 2)")
@budget_options
@json_option
@click.option("--all", "show_all", is_flag=True, help="print everything, however much")
def darboux(model: str, **options: Any) -> None:
    """Find Darboux polynomials, X h = lambda*h for every field, and the laws made of them.

    These are rational laws such as x*y/z^2, laws with time such as exp(2*t)*(x^2 + v^2), and laws with
    logarithms.

    Exit code 0 when all Darboux polynomials up to the degree are known, proved, or when the laws are all
    there are; else 3.
    """
    from polylaw.domains.darboux.report import darboux_json, darboux_text
    from polylaw.domains.darboux.search import find_darboux

    result = find_darboux(flow_of(model, options), options["degree"], budget=budget_of(options))
    click.echo(
        darboux_json(result)
        if options["as_json"]
        else darboux_text(result, repeated(model, options), show_all=options["show_all"])
    )
    sys.exit(EXIT_YES if result.complete or result.independent.exact else EXIT_UNDECIDED)
