"""The commands about proofs: certify, verify, prove, appendix, bundle."""

from __future__ import annotations

import json
import shlex
import sys
from functools import partial
from typing import Any

import click

from polylaw.cli.options import (
    CERTIFICATE,
    EXIT_NO,
    EXIT_UNDECIDED,
    EXIT_YES,
    ansatz_options,
    budget_of,
    budget_options,
    flow_of,
    flow_options,
    json_option,
    output_of,
    output_option,
    progress_bar,
    saved,
    tell,
    typed,
    wanted,
)

__all__ = ["appendix", "bundle", "certify", "prove", "verify"]

CERTIFY_SCHEMA, VERIFY_SCHEMA = "polylaw-certify-1", "polylaw-verify-1"
CERTIFY_OPTIONS = (("--degree", "degree"), ("--ansatz", "ansatz"), ("--variables", "variables"))


@click.command()
@click.argument("model")
@output_option("the certificate to write (JSON)")
@flow_options
@ansatz_options
@click.option("--refuted", multiple=True, help="a claim that is no law, to be certified as such (may be repeated)")
@click.option("--no-count", is_flag=True, help="leave out the bound on laws of any kind")
@budget_options
@json_option
def certify(model: str, output: str, **options: Any) -> None:
    """Find all laws and write them with their proofs: a certificate that an independent checker verifies.

    Exit code 3 when a bound was hit, of the search or of the checker; what was proved by then is certified all the same.
    """
    from polylaw.errors import BudgetError, InputError
    from polylaw.laws.check import Refuted, check_law
    from polylaw.laws.search import find_laws
    from polylaw.proof.certificate import certify as certified

    budget = budget_of(options)
    written = output_of(output, model, as_json=options["as_json"])
    flow = flow_of(model, options, budget)
    verdicts = [check_law(flow, claim, budget=budget) for claim in options["refuted"]]
    for claim, verdict in zip(options["refuted"], verdicts, strict=True):
        if not isinstance(verdict, Refuted):
            raise InputError("--refuted", claim, "a claim that is no law", f"it is {type(verdict).__name__.lower()}")
    with progress_bar() as progress:
        laws = find_laws(flow, budget=budget, progress=progress, **wanted(options))
        refuted = [verdict for verdict in verdicts if isinstance(verdict, Refuted)]
        if laws.evidence is None and not refuted:
            raise BudgetError("certificate", "no law, and nothing proved complete", "something to certify", laws.undecided)
        certificate = certified(laws, count=not options["no_count"], refuted=refuted, command=_command(model, options), progress=progress)
    written.write(certificate.text())
    complete = "complete" in certificate.claims
    if options["as_json"]:
        data = {"file": output, "claims": certificate.claims, "sha256": certificate.sha256, "complete": complete}
        click.echo(json.dumps({"schema": CERTIFY_SCHEMA, **data}, indent=2, ensure_ascii=False))
    else:
        tell(written, saved(written, certificate))
    sys.exit(EXIT_YES if complete else EXIT_UNDECIDED)


def _command(model: str, options: dict[str, Any]) -> str:
    """How to make a certificate again; it does not depend on the name of the file."""
    given = typed(model, options, *CERTIFY_OPTIONS, ("--max-unknowns", "max_unknowns"))
    more = [word for claim in options["refuted"] for word in ("--refuted", claim)] + ["--no-count"] * options["no_count"]
    return shlex.join(["polylaw", "certify", *given, *more, *CERTIFICATE])


@click.command()
@click.argument("files", nargs=-1, required=True)
@json_option
def verify(files: tuple[str, ...], as_json: bool) -> None:
    """Verify certificates with the standalone checker, and say what they state: exit code 0 only if every claim of every file
    holds, else 1 if one does not, else 2 if a file is no certificate, else 3 if one is beyond the bounds of the checker."""
    from polylaw.cli.exits import exit_code
    from polylaw.proof.telling import verified

    results, codes = [], []

    def tell(name: str) -> None:
        result = verified(name)
        results.append(result)
        if not result.holds:
            codes.append(EXIT_NO)
        if not as_json:
            click.echo(result.text())

    for name in files:
        codes.append(exit_code(partial(tell, name)))
        if codes[-1] > EXIT_UNDECIDED:
            sys.exit(codes[-1])
    if as_json:
        data = [result.as_json() for result in results]
        click.echo(json.dumps({"schema": VERIFY_SCHEMA, "certificates": data}, indent=2, ensure_ascii=False))
    sys.exit(min(filter(None, codes), default=EXIT_YES))


@click.command()
@click.argument("certificate")
@click.option("--to", "kernel", default="coq", help="coq, the proof assistant to write for (default coq)")
@output_option("the file to write")
@click.option("--check", is_flag=True, help="let Coq check the file: exit code 0 only if it accepts it")
@click.option("--limit", type=click.IntRange(min=1), help="most characters of the file (default 250000)")
def prove(certificate: str, kernel: str, output: str, check: bool, limit: int | None) -> None:
    """Write a verified certificate as a file that a proof assistant checks."""
    from polylaw.errors import UnknownNameError
    from polylaw.files import Output
    from polylaw.proof.certificate import read_certificate
    from polylaw.proof.coq import LIMIT, coq_source
    from polylaw.proof.coqc import check_source

    if kernel != "coq":
        raise UnknownNameError("--to", kernel, "coq", "the only proof assistant so far")
    written = Output.of(output, certificate)
    source = coq_source(read_certificate(certificate).data, limit=LIMIT if limit is None else limit)
    written.write(source)
    tell(written, f"wrote {output}")
    if check:
        accepted, printed = check_source(source, output)
        tell(written, f"accepted by Coq\n{printed}" if accepted else f"REFUSED by Coq\n{printed}")
        sys.exit(EXIT_YES if accepted else EXIT_NO)


@click.command()
@click.argument("certificate")
@output_option("the file to write")
@click.option("--to", "kind", help="pdf | tex | typ | html | md (default: what the name of the file ends with)")
def appendix(certificate: str, output: str, kind: str | None) -> None:
    """Write the proof appendix of a verified certificate, for readers."""
    from pathlib import Path

    from polylaw.files import Output
    from polylaw.proof.appendix import render
    from polylaw.proof.certificate import read_certificate

    written = Output.of(output, certificate)
    written.write(render(read_certificate(certificate).data, Path(output).suffix.removeprefix(".").lower() if kind is None else kind))
    tell(written, f"wrote {output}")


@click.command()
@click.argument("certificate")
@click.option("-o", "--output", required=True, help="the folder to write, a new or empty one")
def bundle(certificate: str, output: str) -> None:
    """Write a folder with everything that checks a certificate: checker, Coq file and library, appendix, and how to use them."""
    from pathlib import Path

    from polylaw.proof.bundle import write_bundle

    for name in write_bundle(certificate, Path(output)):
        click.echo(f"wrote {output}/{name}")
