"""Darboux polynomials and their laws as text for people and as JSON for programs."""

from __future__ import annotations

import json

from polylaw.darboux.laws import DarbouxLaw
from polylaw.darboux.search import DarbouxLaws

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
    independent = result.independent
    many = _count(independent.lower, "independent law")
    generic = " for generic values of the parameters" if flow.ring.parameters else ""
    reach = f"which are all there are{generic}" if independent.exact else f"of at most {independent.upper}{generic}"
    reach = f"{many} without time, {reach}"
    lines.append(f"{polynomials}, {_count(len(result.laws), 'law')}   {reach}")
    lines += [f"  {reason}" for reason in found.evidence]
    lines += [f"note: {step}" for step in flow.distribution.steps]
    if result.undecided:
        lines.append(f"undecided: {result.undecided}")
    body = _polynomial_lines(result)
    for kind, title in _TITLES:
        laws = [law for law in result.laws if law.kind == kind]
        body += ["", f"  {title}", *map(_law_line, laws)] if laws else []
    if result.polynomial.generators:
        body += ["", f"  polynomial laws of {result.polynomial.solved}", *(f"  {h}" for h in result.polynomial.generators)]
    if not show_all and len(body) > _MOST_LINES:
        body = [*body[:_MOST_LINES], f"  ... {len(body) - _MOST_LINES} more lines (--all prints them, --json has everything)"]
    lines += body
    if not independent.exact:
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


def _law_line(law: DarbouxLaw) -> str:
    return f"  {law.expression}" + (f"   {law.condition}" if law.condition else "")


def darboux_json(result: DarbouxLaws) -> str:
    """What `polylaw darboux --json` prints."""
    flow, found = result.flow, result.found
    names = [field.name for field in flow.distribution.fields]
    independent = result.independent
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
        "laws": [{"law": str(law.expression), "kind": law.kind, "condition": law.condition or None} for law in result.laws],
        "polynomial_laws": [str(h) for h in result.polynomial.generators],
        "independent": independent.lower,
        "independent_at_most": independent.upper,
        "undecided": result.undecided or None,
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
