"""What `polylaw find` tells of laws with functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polylaw.domains.elementary.flow import ElementaryFlow, fields_of
from polylaw.domains.elementary.result import AugmentedLaws
from polylaw.report import Report, pieces
from polylaw.report.domains import Told, domain_data, laws_with_domains


@dataclass(frozen=True)
class FunctionsReport(Report):
    """`model` is what a next command repeats."""

    laws: AugmentedLaws
    model: str
    show_all: bool = False
    schema = "polylaw-find-1"

    @property
    def answer(self) -> bool | None:
        return True if self.laws.complete else None

    def lines(self) -> list[str]:
        laws, flow, original = self.laws, self.laws.flow, self.laws.flow.original
        fields = pieces.counted(len(fields_of(flow.tower)), "field")
        beside = f" and {pieces.counted(len(flow.functions), 'function')}" if flow.functions else ""
        many = pieces.counted(len(laws.generators), "generator")
        steps = () if isinstance(original, ElementaryFlow) else original.distribution.steps
        functions = "".join(f' --augment "{text}"' for text in flow.functions)
        return [
            f"{pieces.flow_line(original, fields, beside, flow.name)}   {laws.ansatz}",
            f"{many}, {laws.independent} independent   {_completeness(laws)}",
            *pieces.notes(map(str, steps), self.show_all),
            *pieces.first_lines(self._body(), pieces.MOST_LINES, self.show_all, "--json has every law"),
            "",
            f"next: polylaw count {self.model}{functions} (are these all laws there are?)",
        ]

    def _body(self) -> list[str]:
        laws = self.laws
        groups: dict[bool, list[Told]] = {False: [], True: []}
        for h, text, domain in zip(laws.generators, laws.texts, laws.domains, strict=True):
            groups[h.polynomial is None].append((pieces.cut(text, self.show_all), domain, ()))
        body: list[str] = []
        for title, group in zip(("polynomial laws", "laws with functions"), groups.values(), strict=True):
            body += ["", f"  {title}", *(f"  {x}" for x in laws_with_domains(group))] if group else []
        return body

    def data(self) -> dict[str, Any]:
        laws, flow, original = self.laws, self.laws.flow, self.laws.flow.original
        pairs = zip(laws.generators, laws.texts, strict=True)
        return {
            **pieces.flow_data(original),
            "kind": "functions",
            "variables": list(original.ring.variables),
            "functions": dict(zip(flow.names, flow.functions, strict=True)),
            "parameters": list(flow.ring.parameters),
            "ansatz": str(laws.ansatz),
            "dimension": laws.dimension,
            "generators": pieces.texts(laws.texts),
            "new": [text for h, text in pairs if h.polynomial is None],
            "domains": [domain_data(domain) for domain in laws.domains],
            "independent": laws.independent.lower,
            "independent_at_most": laws.independent.upper,
            "complete": laws.complete,
            "completeness": laws.certainty.value,
            "doubt": laws.independence.doubt or None,
            "undecided": laws.undecided or None,
        }


def _completeness(laws: AugmentedLaws) -> str:
    if laws.undecided:
        return f"undecided: {laws.undecided}"
    rank = f"(rank {laws.rank} mod {laws.prime})"
    if not laws.complete:
        independent = f"complete if these functions are independent {rank}"
        return f"{independent}, which was not proved: {laws.independence.doubt}"
    generic = ", for generic values of the parameters" if laws.flow.ring.parameters else ""
    state = "the state and these functions" if laws.flow.functions else "the state"
    return f"complete: no other law of {laws.ansatz} in {state}{generic} {rank}"
