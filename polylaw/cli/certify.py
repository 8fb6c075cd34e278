"""The command `certify`: laws that are found, or claimed, as a certificate."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from polylaw.cli import options as shared
from polylaw.errors import BudgetError

if TYPE_CHECKING:
    from polylaw.budget import Budget
    from polylaw.domains.verdict import Verdict
    from polylaw.flows.flow import Flow
    from polylaw.proof.certificate import Certificate

SCHEMA = "polylaw-certify-1"
ANSATZ_OPTIONS = (("--degree", "degree"), ("--ansatz", "ansatz"), ("--variables", "variables"))


@click.command()
@click.argument("model")
@shared.output_option("the certificate to write (JSON)")
@shared.flow_options
@shared.ansatz_options
@click.option(
    "--law", multiple=True, help="certify this law, wherever it comes from, with its domain (may be repeated)"
)
@click.option("--darboux", is_flag=True, help="certify what polylaw darboux finds, with the domains")
@shared.augment_option
@click.option(
    "--refuted", multiple=True, help="a claim that is no law, to be certified as such (may be repeated)"
)
@click.option("--no-count", is_flag=True, help="leave out the bound on laws of any kind")
@shared.budget_options
@shared.json_option
def certify(model: str, output: str, **options: Any) -> None:
    """Find all laws and write them with their proofs: a certificate that an independent checker verifies.

    Laws with functions or quotients in them, from --law, --augment or --darboux or of an ODE with functions,
    are certified with the domain on which each is conserved; how many there are is then not certified.

    Exit code 3 when a bound was hit, of the search or of the checker; what was proved by then is certified
    all the same.
    """
    options["model"] = model
    budget = shared.budget_of(options)
    written = shared.output_of(output, model, as_json=options["as_json"])
    flow = shared.flow_of(model, options, budget)
    certificate, complete = _certified(flow, options, budget)
    written.write(certificate.text())
    if options["as_json"]:
        data: dict[str, Any] = {"file": output, "claims": certificate.claims}
        data |= {"sha256": certificate.sha256, "complete": complete}
        click.echo(json.dumps({"schema": SCHEMA, **data}, indent=2, ensure_ascii=False))
    else:
        shared.tell(written, shared.saved(written, certificate))
    sys.exit(shared.EXIT_YES if complete else shared.EXIT_UNDECIDED)


def _certified(flow: Flow, options: dict[str, Any], budget: Budget) -> tuple[Certificate, bool]:
    """The certificate that is asked for, and whether its laws are all that were sought."""
    from polylaw.domains.verdict import Proved, Refuted
    from polylaw.proof.certify import certify as certified
    from polylaw.verbs.find import find_laws, has_functions

    command = _command(options)
    if options["law"]:
        shared.alone("--law", options, darboux=False, augment=(), degree=None, ansatz=None, variables=None)
        shared.alone("--law", options, refuted=(), no_count=False)
        proved = _verdicts(flow, options, budget, "law", Proved)
        return certified(proved, flow=flow, command=command, budget=budget), True
    if options["darboux"]:
        shared.alone(
            "--darboux", options, augment=(), ansatz=None, variables=None, refuted=(), no_count=False
        )
        found = find_laws(flow, options["degree"], kind="darboux", budget=budget)
        return certified(found, command=command), found.complete or found.independent.exact
    if with_functions := options["augment"] or has_functions(flow):
        shared.alone("functions", options, refuted=(), no_count=False)
    refuted = _verdicts(flow, options, budget, "refuted", Refuted)
    with shared.progress_bar() as progress:
        sought = {**shared.wanted(options), "augment": options["augment"]}
        laws: Any = find_laws(flow, **sought, budget=budget, progress=progress)
        if with_functions:
            return certified(laws, command=command, progress=progress), laws.complete
        if laws.evidence is None and not refuted:
            none = "no law, and nothing proved complete"
            raise BudgetError("certificate", none, "something to certify", laws.undecided)
        count = not options["no_count"]
        certificate = certified(laws, count=count, refuted=refuted, command=command, progress=progress)
        return certificate, "complete" in certificate.claims


def _verdicts(
    flow: Flow, options: dict[str, Any], budget: Budget, key: str, kind: type[Verdict]
) -> list[Any]:
    """The verdicts on the claims of an option, which must all be of this kind."""
    from polylaw.domains.verdict import Refuted, Undecided
    from polylaw.errors import InputError
    from polylaw.verbs.check import check_law

    verdicts = [check_law(flow, claim, budget=budget) for claim in options[key]]
    expected = "a claim that is no law" if kind is Refuted else "a law that polylaw check proves"
    for claim, verdict in zip(options[key], verdicts, strict=True):
        if isinstance(verdict, Undecided):
            raise BudgetError(f"--{key}", claim, expected, f"undecided: {verdict.reason}")
        if not isinstance(verdict, kind):
            raise InputError(f"--{key}", claim, expected, f"it is {type(verdict).__name__.lower()}")
    return verdicts


def _command(options: dict[str, Any]) -> str:
    """How to make a certificate again; it does not depend on the name of the file."""
    given = shared.typed(options["model"], options, *ANSATZ_OPTIONS, ("--max-unknowns", "max_unknowns"))
    more = [
        word for key in ("law", "augment", "refuted") for text in options[key] for word in (f"--{key}", text)
    ]
    flags = ["--darboux"] * options["darboux"] + ["--no-count"] * options["no_count"]
    return shlex.join(["polylaw", "certify", *given, *more, *flags, *shared.CERTIFICATE])
