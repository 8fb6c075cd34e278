"""What `polylaw words` tells: laws for all widths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.letters import shape_text
from polylaw.domains.shaped.search import WordLaws
from polylaw.flows.shaped import ShapedFlow
from polylaw.models.formulas import CountFormula
from polylaw.models.model import Index, Naming, entry_name
from polylaw.models.shaped_zoo import Described
from polylaw.models.word_entries import all_entries, products, ring_of_entries
from polylaw.report import Report
from polylaw.report.pieces import attributes, counted, notes

_MOST_LINES, _MOST_CHARACTERS = 60, 600
#: Entries of more products of weights than this are neither written down nor printed.
_MOST_PRODUCTS = 100_000


@dataclass(frozen=True)
class WordsReport(Report):
    """The laws, with their entries where `sizes` has all widths.  `model` is what a next command repeats."""

    laws: WordLaws
    model: str
    found: Described
    sizes: Mapping[str, int]
    formula: CountFormula | None
    schema = "polylaw-words-1"

    @property
    def answer(self) -> bool | None:
        return True if self.laws.complete and not self.laws.outside(self.sizes) else None

    @property
    def checked(self) -> tuple[str, ...]:
        """The specs at which the formula of the family is compared with proved counts."""
        return self.found.spec.family.checked if self.found.spec else ()

    def lines(self) -> list[str]:
        laws, flow, sizes, formula = self.laws, self.laws.flow, self.sizes, self.formula
        lines = [f"{flow.model.name}   {flow.name}", *_model_lines(flow)]
        words = f"{counted(len(laws), 'law')} for all widths, words of length <= {laws.length}"
        lines.append(f"{words}   {_completeness(laws)}")
        if smaller := laws.outside(sizes):
            which = ", ".join(f"{w} = {n}" for w, n in smaller.items())
            there = "at these widths there may be more laws; polylaw find has those of a model with numbers"
            lines.append(f"undecided at {which}: {there}")
        for law in laws:
            lines += ["", f"  {law}      {_shape(law)}"]
            if sizes.keys() >= flow.widths:
                lines += _entry_lines(law, flow, sizes, self.found.naming)
        lines.append("")
        if formula:
            where = f"   ({formula.where})" if formula.where else ""
            source = formula.source or f"checked for {', '.join(self.checked)}"
            lines.append(f"independent laws: {formula.text}{where}   {source}")
        if not sizes and any(size > 1 for size in (laws.from_widths or {}).values()):
            lines.append("note: at smaller widths than these there can be more laws")
        lines += notes(flow.model.notes)
        return [*lines, f'next: polylaw words {self.model} "WORD" (is a word of yours a law for all widths?)']

    def data(self) -> dict[str, Any]:
        laws, flow, formula = self.laws, self.laws.flow, self.formula
        return {
            **shaped_data(flow),
            **attributes(laws, "length candidates complete from_widths"),
            "undecided_at": laws.outside(self.sizes),
            "undecided": laws.undecided or None,
            "laws": [_law_data(law, flow, self.sizes, self.found.naming) for law in laws],
            "widths": dict(self.sizes) if self.sizes else None,
            "independent": None if formula is None else _formula_data(formula, self.checked),
            "notes": list(flow.model.notes),
        }


def _formula_data(formula: CountFormula, checked: tuple[str, ...]) -> dict[str, Any]:
    return {
        "formula": formula.text,
        "where": formula.where,
        "source": formula.source or None,
        "checked_for": list(checked),
    }


def shaped_data(flow: ShapedFlow) -> dict[str, Any]:
    """The model with symbolic widths, and how it moves."""
    model = flow.model
    return {
        "model": model.name,
        "flow": flow.name,
        "matrices": {name: list(model.alphabet.widths(name)) for name in model.weights},
        "constants": {name: list(model.alphabet.widths(name)) for name in model.constants},
        "parameters": list(flow.alphabet.scalars.parameters),
        "phi": [str(phi) for phi in model.phi],
    }


def short(text: str) -> str:
    """A word, cut where it is long."""
    if len(text) <= _MOST_CHARACTERS:
        return text
    return f"{text[: _MOST_CHARACTERS - 20]} ... ({len(text)} characters)"


def _model_lines(flow: ShapedFlow) -> list[str]:
    model = flow.model
    letters = ", ".join(f"{name}: {shape_text(model.alphabet.widths(name))}" for name in model.weights)
    fixed = ", ".join(f"{name}: {shape_text(model.alphabet.widths(name))}" for name in model.constants)
    return [
        f"  {letters}{f'   anything: {fixed}' if fixed else ''}",
        *(f"  phi  {short(str(phi))}" for phi in model.phi),
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
        lines.append(f"  {place}{short(str(h))}")
    more = [f"  ... {len(lines) - _MOST_LINES} more entries"] if len(lines) > _MOST_LINES else []
    return lines[:_MOST_LINES] + more


def written(
    law: Expression, flow: ShapedFlow, sizes: Mapping[str, int], naming: Naming = entry_name
) -> dict[Index, Polynomial]:
    """The nonzero entries at these widths, in the concrete model's names; each, up to a factor, once."""
    letters = [name for name in flow.alphabet.letters if name in flow.letters]
    ring = ring_of_entries(flow.alphabet, letters, sizes, naming)
    entries = {index: h.primitive() for index, h in all_entries(law, sizes, ring, naming).items() if h}
    first = {h: index for index, h in reversed(entries.items())}
    return {index: h for index, h in entries.items() if first[h] == index}


def _law_data(law: Expression, flow: ShapedFlow, sizes: Mapping[str, int], naming: Naming) -> dict[str, Any]:
    data: dict[str, Any] = {"word": str(law), "shape": list(law.widths), "symmetry": law.symmetry or None}
    if sizes.keys() >= flow.widths and products(law, sizes) <= _MOST_PRODUCTS:
        entries = written(law, flow, sizes, naming).items()
        data["entries"] = [{"index": list(index), "law": str(h)} for index, h in entries]
    return data
