"""What `find` and `count` do with --augment."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from polylaw.cli.options import (
    EXIT_UNDECIDED,
    EXIT_YES,
    alone,
    budget_of,
    executor_of,
    flow_of,
    progress_bar,
    repeated,
    wanted,
)

__all__ = ["augment_option", "count_with", "find_with", "has_functions"]


def has_functions(flow: Any) -> bool:
    """Whether the right-hand sides have functions in them, so that laws are always sought with these."""
    from polylaw.domains.elementary.flow import ElementaryFlow

    return isinstance(flow, ElementaryFlow)


def augment_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that allows functions of the state in laws."""
    text = (
        "also laws with this function of the state: log(x), exp(x - y), 1/x, sqrt(x^2 + y^2), "
        "atan(y/x), log(*) for all; repeatable"
    )
    return click.option("--augment", "augment", multiple=True, help=text)(command)


def find_with(model: str, options: dict[str, Any]) -> None:
    """`polylaw find --augment`."""
    from polylaw.domains.elementary.report import augmented_json, augmented_text
    from polylaw.domains.elementary.search import find_laws_with
    from polylaw.errors import InputError

    if options["on"]:
        found = "--augment beside it" if options["augment"] else "functions in the flow"
        raise InputError(
            "--on",
            found,
            "a set in the state of a polynomial flow, and no functions",
            "leave --on or the functions out",
        )
    flow, augment = flow_of(model, options), list(options["augment"])
    with executor_of(options["jobs"]) as executor, progress_bar() as progress:
        laws = find_laws_with(
            flow, augment, budget=budget_of(options), executor=executor, progress=progress, **wanted(options)
        )
    text = (
        augmented_json(laws)
        if options["as_json"]
        else augmented_text(laws, repeated(model, options), show_all=options["show_all"])
    )
    click.echo(text)
    sys.exit(EXIT_YES if laws.complete else EXIT_UNDECIDED)


def count_with(model: str, options: dict[str, Any]) -> None:
    """`polylaw count` for an ODE with functions in its right-hand sides."""
    from polylaw.domains.elementary.report import count_json, count_text
    from polylaw.domains.elementary.search import find_laws_with

    alone("functions of the state", options, route="series")
    flow = flow_of(model, options)
    with executor_of(options["jobs"]) as executor, progress_bar() as progress:
        augment, degree = list(options["augment"]), options["degree"]
        laws = find_laws_with(
            flow, augment, degree, budget=budget_of(options), executor=executor, progress=progress
        )
    click.echo(count_json(laws) if options["as_json"] else count_text(laws))
    sys.exit(EXIT_YES if laws.bounds.exact else EXIT_UNDECIDED)
