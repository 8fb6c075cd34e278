"""The commands about laws: find, count, check, models."""

from __future__ import annotations

import sys
from typing import Any

import click

from polylaw.cli.elementary import augment_option, count_with, find_with, has_functions
from polylaw.cli.geometry import check_on, find_on, on_option
from polylaw.cli.options import (
    EXIT_NO,
    EXIT_UNDECIDED,
    EXIT_YES,
    ansatz_options,
    budget_of,
    budget_options,
    executor_of,
    flow_of,
    flow_options,
    json_option,
    progress_bar,
    repeated,
    wanted,
)

__all__ = ["check", "count", "find", "models"]


@click.command()
@click.argument("model")
@flow_options
@ansatz_options
@budget_options
@on_option
@augment_option
@click.option("--jobs", type=int, default=1, help="worker processes; the output does not depend on it")
@json_option
@click.option("--all", "show_all", is_flag=True, help="print every law, however many")
def find(model: str, **options: Any) -> None:
    """Find all polynomial conservation laws up to a degree, with a proof that there are no others."""
    if options["augment"]:
        find_with(model, options)
    if options["on"] and not has_functions(flow_of(model, options)):
        find_on(model, options)
    from polylaw.domains.shaped.naming import proved_words
    from polylaw.laws.search import find_laws
    from polylaw.report import Findings, laws_json, laws_text

    budget = budget_of(options)
    flow = flow_of(model, options, budget)
    if has_functions(flow):
        find_with(model, options)
    with executor_of(options["jobs"]) as executor, progress_bar() as progress:
        laws = find_laws(flow, budget=budget, executor=executor, progress=progress, **wanted(options))
        found = Findings.of(laws, progress)
    words = proved_words(flow, found.named, budget)
    if options["as_json"]:
        click.echo(laws_json(found, words))
    else:
        click.echo(laws_text(found, repeated(model, options), show_all=options["show_all"], words=words))
    sys.exit(EXIT_UNDECIDED if found.undecided else EXIT_YES)


@click.command()
@click.argument("model")
@flow_options
@click.option(
    "--degree",
    type=int,
    help="largest degree of the polynomial laws (default: as far as it is quick, at most 4)",
)
@click.option(
    "--route",
    default="series",
    help="series | brackets | commutators, the way to the Lie algebra (default series)",
)
@budget_options
@augment_option
@click.option("--jobs", type=int, default=1, help="worker processes; the output does not depend on it")
@json_option
def count(model: str, **options: Any) -> None:
    """Count all independent laws, polynomial or not, near a generic point, from both sides.

    Exit code 0 when the bounds meet, else 3.
    """
    from polylaw.report import count_json, count_text
    from polylaw.verbs.count import count_laws

    budget = budget_of(options)
    flow = flow_of(model, options, budget)
    if has_functions(flow):
        count_with(model, options)
    with executor_of(options["jobs"]) as executor, progress_bar() as progress:
        found = count_laws(
            flow,
            options["degree"],
            augment=options["augment"],
            route=options["route"],
            budget=budget,
            executor=executor,
            progress=progress,
        )
    click.echo(count_json(found) if options["as_json"] else count_text(found, repeated(model, options)))
    sys.exit(EXIT_YES if found.exact else EXIT_UNDECIDED)


@click.command()
@click.argument("model")
@click.argument("law")
@flow_options
@budget_options
@on_option
@json_option
def check(model: str, law: str, **options: Any) -> None:
    """Prove or refute one law: exit code 0 proved, 1 refuted, 3 undecided.

    Put -- before a law that starts with a minus sign, after all options.
    """
    if options["on"]:
        check_on(model, law, options)
    from polylaw.domains.verdict import Proved, Refuted
    from polylaw.report import verdict_json, verdict_text
    from polylaw.verbs.check import check_law

    budget = budget_of(options)
    flow = flow_of(model, options, budget)
    verdict = check_law(flow, law, budget=budget)
    click.echo(verdict_json(flow, verdict) if options["as_json"] else verdict_text(flow, verdict))
    sys.exit(
        EXIT_YES
        if isinstance(verdict, Proved)
        else EXIT_NO
        if isinstance(verdict, Refuted)
        else EXIT_UNDECIDED
    )


@click.command()
@json_option
def models(as_json: bool) -> None:
    """List the model families with their arguments, what the loss sees, known laws and sources."""
    from polylaw.report import models_json, models_text

    click.echo(models_json() if as_json else models_text())
