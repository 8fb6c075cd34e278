"""What `polylaw words` prints: laws for all widths, and verdicts on words, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational_text
from polylaw.algebra.ring import Ring
from polylaw.algebra.words.expression import Expression, shape_text
from polylaw.clipping import notes
from polylaw.domains.shaped.check import RefutedAt
from polylaw.domains.shaped.counts import CHECKED, CountFormula
from polylaw.domains.shaped.search import WordLaws
from polylaw.domains.verdict import Proved, Undecided, Verdict, value_text
from polylaw.flows.shaped import ShapedFlow
from polylaw.models.model import Index, Naming, entry_name, indices
from polylaw.models.shaped_zoo import Described
from polylaw.models.word_entries import all_entries, products

__all__ = ["laws_data", "laws_text", "verdict_data", "verdict_text", "written"]

LAWS_SCHEMA, CHECK_SCHEMA = "polylaw-words-1", "polylaw-words-check-1"
_MOST_LINES, _MOST_CHARACTERS = 60, 600
#: Entries of more products of weights than this are neither written down nor printed.
_MOST_PRODUCTS = 100_000

Entries = Mapping[Index, Polynomial]


def laws_text(
    laws: WordLaws, model: str, found: Described, sizes: Mapping[str, int], formula: CountFormula | None
) -> str:
    """The laws, with their entries where `sizes` has all widths.  `model` is what a next command repeats."""
    flow, naming = laws.flow, found.naming
    amount = "1 law" if len(laws) == 1 else f"{len(laws)} laws"
    lines = [f"{flow.model.name}   {flow.name}", *_model_lines(flow)]
    lines.append(f"{amount} for all widths, words of length <= {laws.length}   {_completeness(laws)}")
    if smaller := laws.outside(sizes):
        which = ", ".join(f"{w} = {n}" for w, n in smaller.items())
        lines.append(
            f"undecided at {which}: at these widths there may be more laws; polylaw find has those of a "
            "model with numbers"
        )
    for law in laws:
        lines += ["", f"  {law}      {_shape(law)}"]
        if sizes.keys() >= flow.widths:
            lines += _entry_lines(law, flow, sizes, naming)
    lines.append("")
    if formula:
        where = f"   ({formula.where})" if formula.where else ""
        checked = ", ".join(CHECKED[formula.family])
        lines.append(
            f"independent laws: {formula.text}{where}   {formula.source or f'checked for {checked}'}"
        )
    if not sizes and any(size > 1 for size in (laws.from_widths or {}).values()):
        lines.append("note: at smaller widths than these there can be more laws")
    lines += notes(flow.model.notes)
    lines.append(f'next: polylaw words {model} "WORD" (is a word of yours a law for all widths?)')
    return "\n".join(lines)


def _model_lines(flow: ShapedFlow) -> list[str]:
    model = flow.model
    letters = ", ".join(f"{name}: {shape_text(model.alphabet.widths(name))}" for name in model.weights)
    fixed = ", ".join(f"{name}: {shape_text(model.alphabet.widths(name))}" for name in model.constants)
    return [
        f"  {letters}{f'   anything: {fixed}' if fixed else ''}",
        *(f"  phi  {_short(str(phi))}" for phi in model.phi),
    ]


def _completeness(laws: WordLaws) -> str:
    if laws.undecided:
        return f"undecided for longer ones: {laws.undecided}"
    if laws.from_widths is None:
        return "undecided: a derivative counts a width, so other words are not excluded"
    bounds: dict[int, list[str]] = {}
    for width, size in laws.from_widths.items():
        bounds.setdefault(size, []).append(width)
    widths = "; ".join(f"{', '.join(names)} >= {size}" for size, names in sorted(bounds.items()))
    generic = " for generic values of the parameters" if laws.flow.alphabet.scalars.parameters else ""
    what = (
        f"no other combination of {laws.candidates} candidates, apart from products, diagonals, traces "
        "and sums of laws"
    )
    return f"complete at any {widths}{generic}: {what}"


def _shape(law: Expression) -> str:
    return f"{shape_text(law.widths)}{f', {law.symmetry}' if law.symmetry else ''}"


def _entry_lines(law: Expression, flow: ShapedFlow, sizes: Mapping[str, int], naming: Naming) -> list[str]:
    if products(law, sizes) > _MOST_PRODUCTS:
        return [f"  the entries at {', '.join(f'{w} = {n}' for w, n in sizes.items())} are too many to print"]
    lines = []
    for index, h in written(law, flow, sizes, naming).items():
        place = f"[{','.join(map(str, index))}]  " if index else ""
        lines.append(f"  {place}{_short(str(h))}")
    return [
        *lines[:_MOST_LINES],
        *([f"  ... {len(lines) - _MOST_LINES} more entries"] if len(lines) > _MOST_LINES else []),
    ]


def written(
    law: Expression, flow: ShapedFlow, sizes: Mapping[str, int], naming: Naming = entry_name
) -> Entries:
    """The nonzero entries at these widths, in the names of the concrete model; each polynomial, up to a
    factor, once."""
    letters = [name for name in flow.alphabet.letters if name in flow.letters]
    shapes = {name: tuple(sizes[w] for w in flow.alphabet.widths(name)) for name in letters}
    names = [naming(name, index) for name in letters for index in indices(shapes[name])]
    ring = Ring(names, flow.alphabet.scalars.parameters, flow.alphabet.scalars.clock)
    entries = {index: h.primitive() for index, h in all_entries(law, sizes, ring, naming).items() if h}
    first = {h: index for index, h in reversed(entries.items())}
    return {index: h for index, h in entries.items() if first[h] == index}


def _short(text: str) -> str:
    return (
        text
        if len(text) <= _MOST_CHARACTERS
        else f"{text[: _MOST_CHARACTERS - 20]} ... ({len(text)} characters)"
    )


def laws_data(
    laws: WordLaws, found: Described, sizes: Mapping[str, int], formula: CountFormula | None
) -> str:
    """The laws as JSON."""
    flow, naming = laws.flow, found.naming
    data: dict[str, Any] = {
        "schema": LAWS_SCHEMA,
        **_model_data(flow),
        "length": laws.length,
        "candidates": laws.candidates,
        "complete": laws.complete,
        "from_widths": laws.from_widths,
        "undecided_at": laws.outside(sizes),
        "undecided": laws.undecided or None,
        "laws": [_law_data(law, flow, sizes, naming) for law in laws],
        "widths": dict(sizes) if sizes else None,
        "independent": {
            "formula": formula.text,
            "where": formula.where,
            "source": formula.source or None,
            "checked_for": list(CHECKED[formula.family]),
        }
        if formula
        else None,
        "notes": list(flow.model.notes),
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _model_data(flow: ShapedFlow) -> dict[str, Any]:
    model = flow.model
    return {
        "model": model.name,
        "flow": flow.name,
        "matrices": {name: list(model.alphabet.widths(name)) for name in model.weights},
        "constants": {name: list(model.alphabet.widths(name)) for name in model.constants},
        "parameters": list(flow.alphabet.scalars.parameters),
        "phi": [str(phi) for phi in model.phi],
    }


def _law_data(law: Expression, flow: ShapedFlow, sizes: Mapping[str, int], naming: Naming) -> dict[str, Any]:
    data: dict[str, Any] = {"word": str(law), "shape": list(law.widths), "symmetry": law.symmetry or None}
    if sizes.keys() >= flow.widths and products(law, sizes) <= _MOST_PRODUCTS:
        data["entries"] = [
            {"index": list(index), "law": str(h)} for index, h in written(law, flow, sizes, naming).items()
        ]
    return data


def verdict_text(flow: ShapedFlow, verdict: Verdict) -> str:
    """The verdict on one word."""
    where = f"{flow.model.name}, {flow.name}"
    if isinstance(verdict, Undecided):
        return f"undecided: {verdict.reason}"
    if isinstance(verdict, Proved):
        proved = f"proved for all widths: {verdict.law} is conserved by {where}"
        return "\n".join([proved, *(f"note: {note}" for note in flow.model.notes)])
    assert isinstance(verdict, RefutedAt)
    sizes = ", ".join(f"{w} = {n}" for w, n in verdict.sizes.items())
    refutation = verdict.refutation
    point = (
        ", ".join(f"{name} = {rational_text(value)}" for name, value in refutation.witness.items())
        or "the origin"
    )
    entry = f"entry [{','.join(map(str, verdict.index))}]" if verdict.index else "the law"
    return "\n".join(
        [
            f"refuted: {verdict.law} is not conserved by {where}",
            f"  its derivative by {verdict.field} is {_short(str(verdict.residual))}",
            f"  the smallest widths at which it fails are {sizes}: {entry} is {_short(str(refutation.law))},",
            f"  whose derivative along {refutation.field} is {_short(str(refutation.residual))}",
            f"  which is {value_text(refutation.value)} at "
            f"{point}{' (all else 0)' if refutation.witness else ''}",
        ]
    )


def verdict_data(flow: ShapedFlow, verdict: Verdict) -> str:
    """The verdict as JSON."""
    data: dict[str, Any] = {"schema": CHECK_SCHEMA, **_model_data(flow), "word": str(verdict.law)}
    data["verdict"] = "proved" if isinstance(verdict, Proved) else "refuted"
    if isinstance(verdict, Undecided):
        return json.dumps(
            {**data, "verdict": "undecided", "reason": verdict.reason}, indent=2, ensure_ascii=False
        )
    if isinstance(verdict, RefutedAt):
        refutation = verdict.refutation
        data |= {
            "moved_by": verdict.field,
            "residual": str(verdict.residual),
            "widths": dict(verdict.sizes),
            "index": list(verdict.index),
            "law": str(refutation.law),
            "field": refutation.field,
            "witness": {name: rational_text(value) for name, value in refutation.witness.items()},
            "value": value_text(refutation.value),
        }
    return json.dumps(data, indent=2, ensure_ascii=False)
