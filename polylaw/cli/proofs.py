"""The commands about certificates that are there: verify, prove, appendix, bundle."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import partial
from typing import Any

import click

from polylaw.cli import options as shared

VERIFY_SCHEMA = "polylaw-verify-1"


@click.command()
@click.argument("files", nargs=-1, required=True)
@shared.budget_options
@shared.json_option
def verify(files: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Verify certificates with the standalone checker, and say what they state: exit code 0 only if every
    claim of every file holds, else 1 if one does not, else 2 if a file is no certificate, else 3 if one is
    beyond the bounds of the checker."""
    from polylaw.cli.exits import exit_code
    from polylaw.proof.telling import verified

    results, codes, budget = [], [], shared.budget_of(options)

    def check(name: str) -> None:
        with budget.working():
            result = verified(name, budget)
        results.append(result)
        if not result.holds:
            codes.append(shared.EXIT_NO)
        if not as_json:
            click.echo(result.text())

    for name in files:
        codes.append(exit_code(partial(check, name)))
        if codes[-1] > shared.EXIT_UNDECIDED:
            sys.exit(codes[-1])
    if as_json:
        data = [result.as_json() for result in results]
        click.echo(json.dumps({"schema": VERIFY_SCHEMA, "certificates": data}, indent=2, ensure_ascii=False))
    sys.exit(min(filter(None, codes), default=shared.EXIT_YES))


@click.command()
@click.argument("certificate")
@click.option("--to", "kernel", default="coq", help="coq, the proof assistant to write for (default coq)")
@shared.output_option("the file to write")
@click.option("--check", is_flag=True, help="let Coq check the file: exit code 0 only if it accepts it")
@click.option("--limit", type=click.IntRange(min=1), help="most characters of the file (default 250000)")
@shared.budget_options
def prove(certificate: str, kernel: str, output: str, check: bool, limit: int | None, **options: Any) -> None:
    """Write a verified certificate as a file that a proof assistant checks."""
    from polylaw.errors import UnknownNameError
    from polylaw.files import Output
    from polylaw.proof.certificate import read_certificate
    from polylaw.proof.coq import coq_source
    from polylaw.proof.coqc import check_source

    if kernel != "coq":
        raise UnknownNameError("--to", kernel, "coq", "the only proof assistant so far")
    written = Output.of(output, certificate)
    budget = shared.budget_of(options)
    if limit is not None:
        budget = replace(budget, max_characters=limit)
    with budget.working():
        source = coq_source(read_certificate(certificate, budget).data, budget)
    written.write(source)
    shared.tell(written, f"wrote {output}")
    if check:
        accepted, printed = check_source(source, output, budget)
        shared.tell(written, f"accepted by Coq\n{printed}" if accepted else f"REFUSED by Coq\n{printed}")
        sys.exit(shared.EXIT_YES if accepted else shared.EXIT_NO)


@click.command()
@click.argument("certificate")
@shared.output_option("the file to write")
@click.option(
    "--to", "kind", help="pdf | tex | typ | html | md (default: what the name of the file ends with)"
)
@shared.budget_options
def appendix(certificate: str, output: str, kind: str | None, **options: Any) -> None:
    """Write the proof appendix of a verified certificate, for readers."""
    from pathlib import Path

    from polylaw.files import Output
    from polylaw.proof.appendix import kind_of, render
    from polylaw.proof.certificate import read_certificate

    # verifying a certificate can take minutes, so what needs none of it is judged first
    by_name = Path(output).suffix.removeprefix(".").lower()
    chosen = (
        kind_of(by_name, "let the name of the file end so, or give --to") if kind is None else kind_of(kind)
    )
    written = Output.of(output, certificate)
    budget = shared.budget_of(options)
    with budget.working():
        written.write(render(read_certificate(certificate, budget).data, chosen, budget))
    shared.tell(written, f"wrote {output}")


@click.command()
@click.argument("certificate")
@click.option("-o", "--output", required=True, help="the folder to write, a new or empty one")
@shared.budget_options
def bundle(certificate: str, output: str, **options: Any) -> None:
    """Write a folder with everything that checks a certificate: checker, Coq file and library, appendix, and
    how to use them."""
    from pathlib import Path

    from polylaw.proof.bundle import write_bundle

    budget = shared.budget_of(options)
    with budget.working():
        names = write_bundle(certificate, Path(output), budget)
    for name in names:
        click.echo(f"wrote {output}/{name}")
