"""The command `relations`, and what `find` and `check` do with --on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from polylaw.cli.options import (
    EXIT_NO,
    EXIT_UNDECIDED,
    EXIT_YES,
    alone,
    ansatz_options,
    budget_of,
    budget_options,
    flow_of,
    flow_options,
    json_option,
    wanted,
)

__all__ = ["check_on", "find_on", "on_option", "relations"]


def on_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that restricts a flow to an invariant set."""
    text = (
        'only on the invariant set where this holds, e.g. "U1\'*U1 = U2*U2\'", "x^2 + y^2 = 1", '
        'balanced, "at rest"; repeatable'
    )
    return click.option("--on", "on", multiple=True, help=text)(command)


def find_on(model: str, options: dict[str, Any]) -> None:
    """`polylaw find --on`: exit code 1 when the set is not invariant."""
    from polylaw.domains.geometry.report import invariance_json, invariance_text, laws_on_json, laws_on_text
    from polylaw.domains.geometry.restricted import find_laws_on
    from polylaw.domains.geometry.variety import Variety

    alone("--on", options, jobs=1)
    budget = budget_of(options)
    with budget.working():
        variety = Variety.of(flow_of(model, options, budget), options["on"], budget)
        if not variety.invariance.holds:
            click.echo(invariance_json(variety) if options["as_json"] else invariance_text(variety))
            sys.exit(EXIT_NO)
        found = find_laws_on(variety.flow, variety, **wanted(options))
        click.echo(
            laws_on_json(found) if options["as_json"] else laws_on_text(found, show_all=options["show_all"])
        )
    sys.exit(EXIT_YES if found.complete else EXIT_UNDECIDED)


def check_on(model: str, law: str, options: dict[str, Any]) -> None:
    """`polylaw check --on`."""
    from polylaw.domains.geometry.check import check_law_on
    from polylaw.domains.geometry.report import verdict_on_json, verdict_on_text
    from polylaw.domains.geometry.variety import Variety
    from polylaw.domains.verdict import Proved, Refuted

    budget = budget_of(options)
    with budget.working():
        variety = Variety.of(flow_of(model, options, budget), options["on"], budget)
        verdict = check_law_on(variety.flow, law, variety, budget=budget)
    click.echo(verdict_on_json(variety, verdict) if options["as_json"] else verdict_on_text(variety, verdict))
    sys.exit(
        EXIT_YES
        if isinstance(verdict, Proved)
        else EXIT_NO
        if isinstance(verdict, Refuted)
        else EXIT_UNDECIDED
    )


@click.command()
@click.argument("model")
@flow_options
@ansatz_options
@budget_options
@click.option(
    "--up-to",
    type=int,
    help="look for relations up to this degree, where they cannot be proved complete earlier",
)
@click.option(
    "--express",
    help="is this law a polynomial in the generators?  Exit code 0 yes, with the polynomial, 1 no",
)
@click.option(
    "--at", help='the level set of the laws through a point, e.g. "U1_1_1=1, U2_1_1=1/2" (all else 0)'
)
@json_option
@click.option("--all", "show_all", is_flag=True, help="print every relation, however long")
def relations(model: str, **options: Any) -> None:
    """Find all algebraic relations among the generators of the laws up to a degree.

    With --express or with --at this question is answered instead.  Exit code 3 when relations may be missing,
    or the singular points of a level set were not found within the bounds.
    """
    from polylaw.domains.geometry.level_set import level_set
    from polylaw.domains.geometry.membership import express
    from polylaw.domains.geometry.relations import relations as all_relations
    from polylaw.domains.geometry.relations_report import relations_json, relations_text
    from polylaw.errors import BudgetError, InputError
    from polylaw.laws.search import find_laws

    law, point = options["express"], options["at"]
    if law is not None:
        alone("--express", options, at=None, up_to=None)
    if point is not None:
        alone("--at", options, up_to=None)
    budget = budget_of(options)
    with budget.working():
        laws = find_laws(flow_of(model, options, budget), budget=budget, **wanted(options))
        if not laws.complete:
            raise BudgetError("laws", str(laws.ansatz), "all of them", laws.undecided)
        if not laws.generators:
            raise InputError("laws", f"none of {laws.ansatz}", "at least one law", "raise --degree")
        expression = None if law is None else express(law, laws, budget=budget)
        level = None if point is None else level_set(laws, point, budget=budget)
        found = (
            all_relations(laws, degree=options["up_to"], budget=budget)
            if law is None and point is None
            else None
        )
        click.echo(
            relations_json(laws, found, expression, level)
            if options["as_json"]
            else relations_text(laws, found, expression, level, show_all=options["show_all"])
        )
    if expression is not None and not expression.found:
        sys.exit(EXIT_NO)
    unknown = (found is not None and not found.complete) or (
        level is not None and level.singular_dimension is None
    )
    sys.exit(EXIT_UNDECIDED if unknown else EXIT_YES)
