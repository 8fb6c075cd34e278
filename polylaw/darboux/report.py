"""Darboux polynomials and their laws as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from polylaw.clipping import clipped, notes
from polylaw.darboux.laws import DarbouxLaw
from polylaw.darboux.regimes import Regimes
from polylaw.darboux.search import DarbouxLaws
from polylaw.elementary.domain_report import domain_json, laws_with_domains

__all__ = ["darboux_json", "darboux_text"]

DARBOUX_SCHEMA = "polylaw-darboux-1"
_TITLES = (
    ("rational", "rational laws"),
    ("time", "laws that depend on time"),
    ("logarithmic", "laws with logarithms"),
)
_MOST_LINES = 60


def darboux_text(result: DarbouxLaws, model: str, *, show_all: bool = False) -> str:
    """What `polylaw darboux` prints; `model` is what a next command repeats."""
    flow, found = result.flow, result.found
    fields = _count(len(flow.distribution.fields), "field")
    lines = [f"{flow.title}   n = {len(flow.ring.variables)}, {fields}   {flow.name}   degree <= {result.degree}"]
    polynomials = _count(len(found.polynomials), "irreducible Darboux polynomial")
    lines.append(f"{polynomials}, {_count(len(result.laws), 'law')}   {_reach(result)}")
    lines += [f"  {reason}" for reason in found.evidence]
    lines += notes(flow.distribution.steps, show_all)
    if result.undecided:
        lines.append(f"undecided: {result.undecided}")
    body = _polynomial_lines(result)
    for kind, title in _TITLES:
        laws = [law for law in result.laws if law.kind == kind]
        body += ["", f"  {title}", *_law_lines(laws)] if laws else []
    if result.polynomial.generators:
        laws_lines = [f"  {clipped(h, show_all)}" for h in result.polynomial.generators]
        body += ["", f"  polynomial laws of {result.polynomial.solved}", *laws_lines]
    body += _regime_lines(result.regimes)
    if not show_all and len(body) > _MOST_LINES:
        body = [*body[:_MOST_LINES], f"  ... {len(body) - _MOST_LINES} more lines (--all prints them, --json has everything)"]
    lines += body
    if not result.independent.exact:
        lines += ["", f"next: polylaw darboux {model} --degree {result.degree + 1}   polylaw count {model} --augment \"log(*)\""]
    return "\n".join(lines)


def _polynomial_lines(result: DarbouxLaws) -> list[str]:
    """Every Darboux polynomial h with its cofactors: X h = lambda h."""
    if not result.found.polynomials:
        return []
    fields = result.flow.distribution.fields
    lines = ["", "  Darboux polynomials h, X h = lambda*h"]
    for d in result.found.polynomials:
        cofactors = [str(c) for c in d.cofactors]
        if len(fields) == 1:
            lines.append(f"  {d.polynomial}   lambda = {cofactors[0]}")
        else:
            moving = [f"{field.name}: {c}" for field, c in zip(fields, cofactors, strict=True) if c != "0"]
            more = f"; {len(moving) - 4} more" if len(moving) > 4 else ""
            lines.append(f"  {d.polynomial}   lambda along {'; '.join(moving[:4])}{more}")
    return lines


def _reach(result: DarbouxLaws) -> str:
    """How many independent laws there are, and whether these are all."""
    independent, timed = result.independent, result.independent_with_time
    many = f"{_count(independent.lower, 'independent law')} without time"
    generic = " for generic values of the parameters" if result.flow.ring.parameters else ""
    if not independent.exact:
        return f"{many}, of at most {independent.upper}{generic}"
    if timed is not None and timed.exact:
        many += f" and {timed.lower} with it"
    return f"{many}, which are all there are{generic}"


def _law_lines(laws: Sequence[DarbouxLaw]) -> list[str]:
    texts = [f"{law.expression}" + (f"   {law.condition}" if law.condition else "") for law in laws]
    return [f"  {line}" for line in laws_with_domains([(t, law.domain, law.conditions) for t, law in zip(texts, laws, strict=True)])]


def _regime_lines(regimes: Regimes) -> list[str]:
    """The laws for special values of the parameters, polynomial ones first."""
    lines = []
    for regime in regimes.found:
        laws = regime.laws
        missing = "" if laws.complete else "; Darboux polynomials of this degree may be missing"
        lines += ["", f"  for {regime}: {_reach(laws)}{missing}"]
        lines += [*(f"  {h}" for h in laws.polynomial.generators), *_law_lines(laws.laws)]
    left = [", ".join(f"{p} = 0" for p in equations) for equations in regimes.left]
    return lines + ([""] + [f"  not searched: where {text}" for text in left] if left else [])


def darboux_json(result: DarbouxLaws) -> str:
    """What `polylaw darboux --json` prints."""
    flow, found = result.flow, result.found
    names = [field.name for field in flow.distribution.fields]
    regimes = result.regimes
    data = {
        "schema": DARBOUX_SCHEMA,
        "model": flow.title,
        "flow": flow.name,
        "variables": list(flow.ring.variables),
        "parameters": list(flow.ring.parameters),
        "steps": list(flow.distribution.steps),
        "degree": result.degree,
        "polynomials": [
            {"polynomial": str(d.polynomial), "cofactors": dict(zip(names, map(str, d.cofactors), strict=True))} for d in found.polynomials
        ],
        "complete": result.complete,
        "complete_degree": found.complete,
        "evidence": list(found.evidence),
        **_laws_json(result),
        "regimes": [{"values": {n: str(v) for n, v in r.values}, "complete": r.laws.complete, **_laws_json(r.laws)} for r in regimes.found],
        "regimes_left": [[str(p) for p in equations] for equations in regimes.left],
        "undecided": result.undecided or None,
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _laws_json(result: DarbouxLaws) -> dict[str, Any]:
    timed = result.independent_with_time
    return {
        "laws": [
            {"law": str(law.expression), "kind": law.kind, "condition": law.condition or None, "domain": domain_json(law.domain)}
            for law in result.laws
        ],
        "polynomial_laws": [str(h) for h in result.polynomial.generators],
        "independent": result.independent.lower,
        "independent_at_most": result.independent.upper,
        "independent_with_time": None if timed is None else timed.lower,
        "independent_with_time_at_most": None if timed is None else timed.upper,
    }


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
