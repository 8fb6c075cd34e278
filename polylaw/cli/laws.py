"""The commands about laws: find, count, check, darboux, relations, models."""

from __future__ import annotations

from typing import Any

import click

from polylaw.cli import options as shared


@click.command()
@click.argument("model")
@shared.flow_options
@shared.ansatz_options
@shared.budget_options
@shared.on_option
@shared.augment_option
@shared.jobs_option
@shared.format_option
@click.option("--all", "show_all", is_flag=True, help="print every law, however many")
def find(model: str, **options: Any) -> None:
    """Find all polynomial conservation laws up to a degree, with a proof that there are no others.

    With --on: exit code 1 when the set is not invariant.
    """
    from polylaw.verbs.find import find_laws

    budget, told, show_all = shared.budget_of(options), shared.repeated(model, options), options["show_all"]
    with budget.working():
        flow = shared.flow_of(model, options, budget)
        on = _invariant_set(flow, options, budget) if options["on"] else ()
        with shared.executor_of(options["jobs"]) as executor, shared.progress_bar() as progress:
            how: dict[str, Any] = {"budget": budget, "executor": executor, "progress": progress}
            how |= {"on": on, "augment": options["augment"]}
            laws: Any = find_laws(flow, **shared.wanted(options), **how)
            shared.answer(_found(laws, told, show_all, progress), options)


def _invariant_set(flow: Any, options: dict[str, Any], budget: Any) -> Any:
    """The set of --on; ends the command where it is not invariant."""
    from polylaw.domains.geometry.variety import Variety
    from polylaw.errors import InputError
    from polylaw.report.sets import InvarianceReport
    from polylaw.verbs.find import has_functions

    shared.alone("--on", options, jobs=1)
    if options["augment"] or has_functions(flow):
        found = "--augment beside it" if options["augment"] else "functions in the flow"
        expected = "a set in the state of a polynomial flow, and no functions"
        raise InputError("--on", found, expected, "leave --on or the functions out")
    variety = Variety.of(flow, options["on"], budget)
    if not variety.invariance.holds:
        shared.answer(InvarianceReport(variety), options)
    return variety


def _found(laws: Any, model: str, show_all: bool, progress: Any) -> Any:
    """What is told of the laws, by their kind."""
    from polylaw.laws.law_space import LawSpace

    if isinstance(laws, LawSpace):
        from polylaw.domains.findings import Findings
        from polylaw.report.laws import LawsReport

        return LawsReport(Findings.of(laws, progress), model, show_all)
    if hasattr(laws, "variety"):
        from polylaw.report.sets import LawsOnReport

        return LawsOnReport(laws, show_all)
    from polylaw.report.functions import FunctionsReport

    return FunctionsReport(laws, model, show_all)


@click.command()
@click.argument("model")
@shared.flow_options
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
@shared.budget_options
@shared.augment_option
@shared.jobs_option
@shared.format_option
def count(model: str, **options: Any) -> None:
    """Count all independent laws, polynomial or not, near a generic point, from both sides.

    Exit code 0 when the bounds meet, else 3.
    """
    from polylaw.programs.count import ProgramCount
    from polylaw.report.count import CountReport
    from polylaw.report.programs import ProgramCountReport
    from polylaw.verbs.count import count_laws
    from polylaw.verbs.find import has_functions

    budget = shared.budget_of(options)
    flow = shared.flow_of(model, options, budget)
    if has_functions(flow):
        shared.alone("functions of the state", options, route="series")
    with shared.executor_of(options["jobs"]) as executor, shared.progress_bar() as progress:
        how: dict[str, Any] = {"budget": budget, "executor": executor, "progress": progress}
        how |= {"augment": options["augment"], "route": options["route"]}
        found = count_laws(flow, options["degree"], **how)
    if isinstance(found, ProgramCount):
        shared.answer(ProgramCountReport(found), options)
    shared.answer(CountReport(found, shared.repeated(model, options)), options)


@click.command()
@click.argument("model")
@click.argument("law")
@shared.flow_options
@shared.budget_options
@shared.on_option
@shared.format_option
def check(model: str, law: str, **options: Any) -> None:
    """Prove or refute one law: exit code 0 proved, 1 refuted, 3 undecided.

    Put -- before a law that starts with a minus sign, after all options.
    """
    from polylaw.report.verdict import VerdictReport
    from polylaw.verbs.check import check_law

    budget = shared.budget_of(options)
    with budget.working():
        flow = shared.flow_of(model, options, budget)
        if not options["on"]:
            shared.answer(VerdictReport(flow, check_law(flow, law, budget=budget)), options)
        from polylaw.domains.geometry.variety import Variety

        variety = Variety.of(flow, options["on"], budget)
        shared.answer(VerdictReport(flow, check_law(flow, law, on=variety, budget=budget), variety), options)


@click.command()
@click.argument("model")
@shared.flow_options
@click.option("--degree", type=int, default=2, help="largest degree of the Darboux polynomials (default 2)")
@shared.budget_options
@shared.format_option
@click.option("--all", "show_all", is_flag=True, help="print everything, however much")
def darboux(model: str, **options: Any) -> None:
    """Find Darboux polynomials, X h = lambda*h for every field, and the laws made of them.

    These are rational laws such as x*y/z^2, laws with time such as exp(2*t)*(x^2 + v^2), and laws with
    logarithms.

    Exit code 0 when all Darboux polynomials up to the degree are known, proved, or when the laws are all
    there are; else 3.
    """
    from polylaw.report.darboux import DarbouxReport
    from polylaw.verbs.find import find_laws

    budget = shared.budget_of(options)
    flow = shared.flow_of(model, options, budget)
    result = find_laws(flow, options["degree"], kind="darboux", budget=budget)
    shared.answer(DarbouxReport(result, shared.repeated(model, options), options["show_all"]), options)


@click.command()
@click.argument("model")
@shared.flow_options
@shared.ansatz_options
@shared.budget_options
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
@shared.format_option
@click.option("--all", "show_all", is_flag=True, help="print every relation, however long")
def relations(model: str, **options: Any) -> None:
    """Find all algebraic relations among the generators of the laws up to a degree.

    With --express or with --at this question is answered instead.  Exit code 3 when relations may be missing,
    or the singular points of a level set were not found within the bounds.
    """
    from polylaw.domains.geometry.level_set import level_set
    from polylaw.domains.geometry.membership import express
    from polylaw.domains.geometry.relations import relations as all_relations
    from polylaw.errors import BudgetError, InputError
    from polylaw.report.relations import RelationsReport
    from polylaw.verbs.find import find_laws

    law, point = options["express"], options["at"]
    if law is not None:
        shared.alone("--express", options, at=None, up_to=None)
    if point is not None:
        shared.alone("--at", options, up_to=None)
    budget, show_all = shared.budget_of(options), options["show_all"]
    with budget.working():
        laws = find_laws(shared.flow_of(model, options, budget), budget=budget, **shared.wanted(options))
        if not laws.complete:
            raise BudgetError("laws", str(laws.ansatz), "all of them", laws.undecided)
        if not laws.generators:
            raise InputError("laws", f"none of {laws.ansatz}", "at least one law", "raise --degree")
        if law is not None:
            report = RelationsReport(laws, expression=express(law, laws, budget=budget), show_all=show_all)
        elif point is not None:
            report = RelationsReport(laws, level=level_set(laws, point, budget=budget), show_all=show_all)
        else:
            found = all_relations(laws, degree=options["up_to"], budget=budget)
            report = RelationsReport(laws, found, show_all=show_all)
        shared.answer(report, options)


@click.command()
@shared.format_option
def models(**options: Any) -> None:
    """List the model families with their arguments, what the loss sees, known laws and sources."""
    from polylaw.report.models import ModelsReport

    shared.answer(ModelsReport(), options)
