"""The commands about proofs: certify, verify, prove, appendix, bundle."""

from __future__ import annotations

import shlex
import sys
from typing import Any

import click

from polylaw.cli.options import (
    EXIT_NO,
    EXIT_UNDECIDED,
    EXIT_YES,
    ansatz_options,
    budget_of,
    budget_options,
    flow_of,
    flow_options,
    progress_bar,
    typed,
    wanted,
)

__all__ = ["appendix", "bundle", "certify", "prove", "verify"]

CERTIFY_OPTIONS = (("--degree", "degree"), ("--ansatz", "ansatz"), ("--variables", "variables"))


@click.command()
@click.argument("model")
@click.option("-o", "--output", required=True, help="the certificate to write (JSON)")
@flow_options
@ansatz_options
@click.option("--refuted", multiple=True, help="a claim that is no law, to be certified as such (may be repeated)")
@click.option("--no-count", is_flag=True, help="leave out the bound on laws of any kind")
@budget_options
def certify(model: str, output: str, **options: Any) -> None:
    """Find all laws and write them with their proofs: a certificate that an independent checker verifies.

    Exit code 3 when a bound was hit, of the search or of the checker; what was proved by then is certified all the same.
    """
    from polylaw.errors import BudgetError, InputError
    from polylaw.laws.check import Refuted, check_law
    from polylaw.laws.search import find_laws
    from polylaw.proof.certificate import certify as certified

    budget = budget_of(options)
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
        command = shlex.join(["polylaw", "certify", *typed(model, options, *CERTIFY_OPTIONS), "-o", output])
        certificate = certified(laws, count=not options["no_count"], refuted=refuted, command=command, progress=progress)
    certificate.save(output)
    click.echo(f"{output}: {', '.join(certificate.claims)}   sha256 {certificate.sha256}\nnext: polylaw verify {shlex.quote(output)}")
    sys.exit(EXIT_YES if "complete" in certificate.claims else EXIT_UNDECIDED)


@click.command()
@click.argument("files", nargs=-1, required=True)
def verify(files: tuple[str, ...]) -> None:
    """Verify certificates with the standalone checker: exit code 0 only if every claim of every file holds."""
    from polylaw.proof import checker

    sys.exit(checker.main(list(files)))


@click.command()
@click.argument("certificate")
@click.option("--to", "kernel", default="coq", help="coq, the proof assistant to write for (default coq)")
@click.option("-o", "--output", required=True, help="the file to write")
@click.option("--check", is_flag=True, help="let Coq check the file: exit code 0 only if it accepts it")
@click.option("--limit", type=click.IntRange(min=1), help="most characters of the file (default 250000)")
def prove(certificate: str, kernel: str, output: str, check: bool, limit: int | None) -> None:
    """Write a verified certificate as a file that a proof assistant checks."""
    from pathlib import Path

    from polylaw.errors import UnknownNameError
    from polylaw.proof.certificate import read_certificate, write_whole
    from polylaw.proof.coq import LIMIT, coq_source
    from polylaw.proof.coqc import check_file

    if kernel != "coq":
        raise UnknownNameError("--to", kernel, "coq", "the only proof assistant so far")
    source = coq_source(read_certificate(certificate).data, limit=LIMIT if limit is None else limit)
    write_whole(Path(output), source)
    click.echo(f"wrote {output}")
    if check:
        accepted, printed = check_file(Path(output))
        click.echo(f"accepted by Coq\n{printed}" if accepted else f"REFUSED by Coq\n{printed}")
        sys.exit(EXIT_YES if accepted else EXIT_NO)


@click.command()
@click.argument("certificate")
@click.option("-o", "--output", required=True, help="the file to write; its ending chooses .pdf, .tex, .typ, .html or .md")
def appendix(certificate: str, output: str) -> None:
    """Write the proof appendix of a verified certificate, for readers."""
    from pathlib import Path

    from polylaw.proof.appendix import render
    from polylaw.proof.certificate import read_certificate, write_whole

    path = Path(output)
    write_whole(path, render(read_certificate(certificate).data, path.suffix.removeprefix(".")))
    click.echo(f"wrote {output}")


@click.command()
@click.argument("certificate")
@click.option("-o", "--output", required=True, help="the folder to write")
def bundle(certificate: str, output: str) -> None:
    """Write a folder with everything that checks a certificate: checker, Coq file and library, appendix, and how to use them."""
    from pathlib import Path

    from polylaw.proof.bundle import write_bundle

    for name in write_bundle(certificate, Path(output)):
        click.echo(f"wrote {output}/{name}")
