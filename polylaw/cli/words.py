"""The command about laws for all widths: words."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from polylaw.cli import options as shared

if TYPE_CHECKING:
    from polylaw.algebra.words.expression import Expression
    from polylaw.budget import Budget
    from polylaw.files import Output
    from polylaw.flows.shaped import ShapedFlow
    from polylaw.report import Report


@click.command()
@click.argument("model")
@click.argument("word", required=False)
@shared.flow_options
@click.option("--length", type=int, default=2, help="most letters in a word (default 2)")
@shared.budget_options
@click.option("--widths", help="also print the entries at these widths, such as n=2,r=3,m=2")
@shared.output_option("write a certificate of the laws (JSON) to this file", required=False)
@shared.format_option
def words(model: str, word: str | None, **options: Any) -> None:
    """Find the laws that hold for all widths at once; or prove or refute one, given as WORD.

    MODEL is a .toml file whose matrices have names of widths, or a spec with stars, such as linear:* (any
    depth), linear:*,*,* or attention:d1=*,dim=*,heads=*.  WORD is a word in its matrices, such as "U1' U1 -
    U2 U2'".

    With -o the laws, or the law WORD, are also written as a certificate that polylaw verify checks and
    polylaw appendix turns into half a page to read.

    Exit codes: 0 proved and complete, 1 refuted (with the smallest widths), 3 undecided.
    """
    from polylaw.domains.shaped.counts import formula_of
    from polylaw.readers.options import FlowOptions
    from polylaw.readers.shaped import model_of, shaped_flow, sizes_of_text
    from polylaw.report import FORMATS
    from polylaw.report.verdict import WordReport
    from polylaw.report.words import WordsReport
    from polylaw.verbs.check import check_law
    from polylaw.verbs.find import find_laws

    name, budget = options["output"], shared.budget_of(options)
    output = None if name is None else shared.output_of(name, model, as_json=options["as_json"])
    found, said = model_of(model)
    given = FlowOptions(**{key: options[key] for _, key, _ in shared.FLOW_OPTIONS})
    flow = shaped_flow(found, given.over(said))
    report: Report
    if word is not None:
        shared.alone("WORD", options, length=2, widths=None)
        verdict = check_law(flow, word, budget=budget)
        report, start = WordReport(flow, verdict), [model, word]
        laws = [flow.parse(word)] if report.answer else []
    else:
        asked = options["widths"]
        sizes = found.fixed if asked is None else found.model.sizes(sizes_of_text(asked))
        known = find_laws(flow, options["length"], budget=budget)
        told = shared.repeated(model, options)
        report, start = WordsReport(known, told, found, sizes, formula_of(found, flow)), [model]
        laws = list(known)
    shared.tell(output, FORMATS[options["format"]](report))
    _save(output, flow, laws, start, options, budget)
    sys.exit(shared.code_of(report))


def _save(
    output: Output | None,
    flow: ShapedFlow,
    laws: Iterable[Expression],
    start: list[str],
    options: dict[str, Any],
    budget: Budget,
) -> None:
    """Write the certificate that is asked for, if there is a law."""
    from polylaw.proof.widths import certify_words

    found = list(laws)
    if output is None:
        return
    if not found:
        click.echo(f"{output.name} not written: there is no law", err=True)
        return
    more = [] if len(start) > 1 or options["length"] == 2 else ["--length", str(options["length"])]
    model, *flow_words = shared.typed(start[0], options)
    ends = (
        ["--", *start[1:]] if start[1:] and start[1].startswith("-") else []
    )  # a word with a minus sign is no option
    claim = [*flow_words, *more, *shared.CERTIFICATE, *ends]
    command = ["polylaw", "words", model, *([] if ends else start[1:]), *claim]
    certificate = certify_words(flow, found, command=shlex.join(command), budget=budget)
    output.write(certificate.text())
    if not options["as_json"]:
        shared.tell(output, shared.saved(output, certificate))
