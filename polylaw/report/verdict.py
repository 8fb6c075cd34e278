"""What `polylaw check` and `polylaw words MODEL WORD` tell: a verdict on a claim."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from polylaw.algebra.printing import point_text
from polylaw.domains.geometry.variety import Variety
from polylaw.domains.shaped.check import RefutedAt
from polylaw.domains.verdict import Proved, Refuted, Undecided, Verdict, value_text
from polylaw.flows.flow import Flow
from polylaw.flows.shaped import ShapedFlow
from polylaw.report import Report
from polylaw.report.domains import domain_data, domain_lines
from polylaw.report.pieces import LONGEST_ECHO, clipped, flow_data, notes, point_data, texts
from polylaw.report.words import shaped_data, short


@dataclass(frozen=True)
class VerdictReport(Report):
    """A verdict on a claim about a flow, on an invariant set if there is one."""

    flow: Flow
    verdict: Verdict
    variety: Variety | None = None
    schema = "polylaw-check-1"

    @property
    def answer(self) -> bool | None:
        return _ANSWERS[type(self.verdict)]

    def lines(self) -> list[str]:
        lines = self._lines()
        return lines if self.variety else lines + notes(getattr(self._model, "notes", ()))

    @property
    def _model(self) -> Any:
        return getattr(self.flow, "model", None)

    def _lines(self) -> list[str]:
        verdict, variety = self.verdict, self.variety
        where = f"{self.flow.title}, {self.flow.name}{f', on {variety.text}' if variety else ''}"
        claim = clipped(verdict.law, longest=LONGEST_ECHO)
        if isinstance(verdict, Undecided):
            return [f"undecided: {verdict.reason}"]
        if isinstance(verdict, Refuted):
            return self._refuted(verdict, claim, where)
        domain = [f"  {line}" for line in domain_lines(verdict.domain)]
        if not verdict.trivial:
            return [f"proved: {claim} is conserved by {where}", *domain]
        why = "is the same at all points of the set:" if variety else "does not depend on the state of"
        return [f"proved, but trivially: {claim} {why} {where}", *domain]

    def _refuted(self, verdict: Refuted, claim: str, where: str) -> list[str]:
        what = f"{verdict.entry}, which is {claim}," if verdict.entry else claim
        along = f"{verdict.field}{'' if self.variety else _cleared(self.flow, verdict.number)}"
        return [
            f"refuted: {what} is not conserved by {where}",
            f"  its derivative along {along} is "
            f"{clipped(verdict.residual)}{' on the set' * bool(self.variety)}",
            f"  which is {value_text(verdict.value)} at {point_text(verdict.witness)}",
            *(f"  near it, and true: {clipped(h)}" for h in verdict.nearest),
        ]

    def data(self) -> dict[str, Any]:
        on = {"on": list(self.variety.constraints)} if self.variety else {}
        return {**flow_data(self.flow), **on, "law": str(self.verdict.law), **_data(self.verdict)}


@dataclass(frozen=True)
class WordReport(Report):
    """A verdict on a word."""

    flow: ShapedFlow
    verdict: Verdict
    schema = "polylaw-check-1"

    @property
    def answer(self) -> bool | None:
        return _ANSWERS[type(self.verdict)]

    def lines(self) -> list[str]:
        verdict, where = self.verdict, f"{self.flow.model.name}, {self.flow.name}"
        if isinstance(verdict, Undecided):
            return [f"undecided: {verdict.reason}"]
        if isinstance(verdict, Proved):
            proved = f"proved for all widths: {verdict.law} is conserved by {where}"
            return [proved, *(f"note: {note}" for note in self.flow.model.notes)]
        assert isinstance(verdict, RefutedAt)
        sizes = ", ".join(f"{w} = {n}" for w, n in verdict.sizes.items())
        entry = f"entry [{','.join(map(str, verdict.index))}]" if verdict.index else "the law"
        small = verdict.refutation
        return [
            f"refuted: {verdict.law} is not conserved by {where}",
            f"  its derivative by {verdict.field} is {short(str(verdict.residual))}",
            f"  the smallest widths at which it fails are {sizes}: {entry} is {short(str(small.law))},",
            f"  whose derivative along {small.field} is {short(str(small.residual))}",
            f"  which is {value_text(small.value)} at {point_text(small.witness)}",
        ]

    def data(self) -> dict[str, Any]:
        verdict = self.verdict
        data = {**shaped_data(self.flow), "law": str(verdict.law), **_data(verdict)}
        if isinstance(verdict, RefutedAt):
            entry = {"index": list(verdict.index), "law": str(verdict.refutation.law)}
            data |= {"widths": dict(verdict.sizes), "at_widths": {**entry, **_data(verdict.refutation)}}
        return data


_ANSWERS: dict[type[Verdict], bool | None] = {Proved: True, Refuted: False, RefutedAt: False, Undecided: None}


def _cleared(flow: Flow, number: int) -> str:
    """What a field of a training flow was multiplied by."""
    trained = flow.denominators and flow.speed.numerator == 1 and flow.speed.is_polynomial
    moved = trained and not flow.distribution.fields[number].steady
    return ", times the square of its denominator," if moved else ""


def _data(verdict: Verdict) -> dict[str, Any]:
    if isinstance(verdict, Proved):
        return {"verdict": "proved", "trivial": verdict.trivial, "domain": domain_data(verdict.domain)}
    if isinstance(verdict, Undecided):
        return {"verdict": "undecided", "reason": verdict.reason}
    value = verdict.value
    return {
        "verdict": "refuted",
        **({"entry": verdict.entry} if verdict.entry else {}),
        "field": verdict.field,
        "residual": str(verdict.residual),
        "witness": point_data(verdict.witness),
        "value": value_text(value),
        "nearest": texts(verdict.nearest),
        **({} if isinstance(value, (int, Fraction)) else {"enclosure": value.ball}),
    }
