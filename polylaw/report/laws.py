"""What `polylaw find` tells of polynomial laws: the count, the proof of completeness, the laws by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polylaw.algebra.words.expression import Expression
from polylaw.domains.findings import Findings
from polylaw.flows.flow import Flow
from polylaw.flows.gradient import GradientFlow
from polylaw.flows.ode import PolynomialODE
from polylaw.laws.law_space import LawSpace
from polylaw.laws.naming import NamedLaws
from polylaw.report import Report, pieces


@dataclass(frozen=True)
class LawsReport(Report):
    """`model` is what a next command repeats: the model and how it moves, as typed."""

    findings: Findings
    model: str
    show_all: bool = False
    schema = "polylaw-find-1"

    @property
    def answer(self) -> bool | None:
        return None if self.findings.undecided else True

    def lines(self) -> list[str]:
        findings, laws = self.findings, self.findings.laws
        flow, evidence = laws.flow, laws.evidence
        unknowns = f", {pieces.counted(evidence.unknowns, 'unknown')}" if laws.complete and evidence else ""
        known = flow.known
        fields = "fields not written down" if known is None else pieces.counted(len(known.fields), "field")
        lines = [f"{pieces.flow_line(flow, fields)}   {laws.ansatz}{unknowns}"]
        lines.append(f"{', '.join(_counts(findings))}   {_completeness(laws)}")
        lines += pieces.notes([*map(str, known.steps if known else ()), *_decoupled(flow)], self.show_all)
        lines += [f"undecided: {reason}" for reason in findings.undecided if reason != laws.undecided]
        lines += pieces.first_lines(self._body(), pieces.MOST_LINES, self.show_all, "--json has every law")
        if laws.complete:
            check = f'polylaw check {self.model} "LAW" (is a law of yours true?)'
            darboux = f"polylaw darboux {self.model} (are there rational laws, or laws with logarithms?)   "
            more = darboux if isinstance(flow, PolynomialODE) else ""
            count = f"polylaw count {self.model} (are there laws of other kinds?)"
            lines += ["", f"next: {more}{count}   {check}"]
        return lines

    def _body(self) -> list[str]:
        findings, laws = self.findings, self.findings.laws
        body = [line for group in findings.named for line in self._named(group)]
        if findings.generators == () and laws.basis:
            body += ["", "  laws, each made of laws of lower degree", *self._listed(laws.basis)]
        if findings.rest:
            others = "other generators" if findings.named else "generators"
            title = "laws" if findings.generators is None else others
            body += ["", f"  {title}", *self._listed(findings.rest)]
        return body

    def _listed(self, laws: Any) -> list[str]:
        return [f"  {pieces.clipped(h, self.show_all)}" for h in laws]

    def _named(self, group: NamedLaws) -> list[str]:
        everywhere = ", for all widths" if group.word in self.findings.words else ""
        lines = ["", f"  {group.name}      {group.size}{everywhere}"]
        for index, h in group.entries.items():
            place = f"[{','.join(map(str, index))}]  " if index else ""
            lines.append(f"  {place}{pieces.clipped(h, self.show_all)}")
        return lines

    def data(self) -> dict[str, Any]:
        laws, independent = self.findings.laws, self.findings.independent
        flow, evidence, generators = laws.flow, laws.evidence, self.findings.generators
        generic = laws.complete and bool(flow.ring.parameters)
        return {
            **pieces.flow_data(flow),
            "kind": "polynomial",
            "variables": list(flow.ring.variables),
            "parameters": list(flow.ring.parameters),
            "steps": pieces.texts(flow.known.steps) if flow.known else None,
            "ansatz": str(laws.ansatz),
            "solved": str(laws.solved) if evidence else None,
            "unknowns": evidence.unknowns if evidence else None,
            "dimension": laws.dimension,
            "basis": pieces.texts(laws.basis),
            "generators": None if generators is None else pieces.texts(generators),
            "named": [_named_data(g, self.findings.words.get(g.word)) for g in self.findings.named],
            "independent": independent.lower if independent is not None else None,
            "independent_at_most": independent.upper if independent is not None else None,
            "complete": laws.complete,
            "complete_for": "generic values of the parameters" if generic else None,
            "undecided": "; ".join(self.findings.undecided) or None,
            **(pieces.attributes(evidence, "rank prime") if evidence else {"rank": None, "prime": None}),
        }


def _decoupled(flow: Flow) -> list[str]:
    """What weight decay means beside a metric."""
    if not isinstance(flow, GradientFlow) or not flow.weight_decay or flow.metric.is_identity:
        return []
    how = f"theta' = -M grad L - {flow.weight_decay}*theta, M the inverse metric"
    return [f"weight decay is decoupled: {how}"]


def _counts(findings: Findings) -> list[str]:
    counts = [pieces.counted(findings.laws.dimension, "law")]
    if findings.generators is not None:
        counts.append(pieces.counted(len(findings.generators), "generator"))
    if findings.independent is not None:
        counts.append(f"{findings.independent} independent")
    return counts


def _completeness(laws: LawSpace) -> str:
    if not laws.complete:
        return f"undecided: {laws.undecided}"
    assert laws.evidence is not None
    clock = laws.flow.ring.clock
    timed = clock is None or laws.ansatz.monomials is not None or laws.ansatz.clock
    timeless = "" if timed or clock is None else f", not in {clock.text(1)}"
    generic = " for generic values of the parameters" if laws.flow.ring.parameters else ""
    rank = f"(rank {laws.evidence.rank} mod {laws.evidence.prime})"
    return f"complete{generic}: no other law of {laws.ansatz}{timeless} {rank}"


def _named_data(group: NamedLaws, word: Expression | None) -> dict[str, Any]:
    entries = [{"index": list(index), "law": str(h)} for index, h in group.entries.items()]
    return {
        "name": group.name,
        "shape": list(group.shape),
        "symmetry": group.symmetry or None,
        "for_all_widths": None if word is None else str(word),
        "entries": entries,
    }
