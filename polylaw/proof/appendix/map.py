"""What is trained: the parameters, the map through which the loss sees them, and the inverse metric."""

from __future__ import annotations

from collections.abc import Sequence

from polylaw.flows.motion import Ratio
from polylaw.proof.appendix.document import Display, Formula, Number, Operator, Paragraph, Part, Power, Symbol
from polylaw.proof.appendix.formulas import Equation, aligned, arranged, at, joined, on_lines, row, width
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import listed, numbers, paragraph, said
from polylaw.proof.system import System

_MOST_LINES, _MOST_DIAGONAL = 12, 60


def map_of(names: Names, system: System) -> Paragraph:
    """The trained parameters and the map."""
    components = system.phi
    text = said(
        "Let {}{}. We consider losses that see {} only through the map {}",
        row(names.state, Operator("in"), _space([names.trained] if names.trained > 1 else [])),
        *(_parameters(names), names.state, names["map"]),
    )
    if not components:
        return Paragraph((*text, ", which has no components: they see nothing of it."))
    noun = "component" if len(components) == 1 else f"{numbers(len(components))} components"
    display, shown = _equations(names, components)
    rest = len(components) - shown
    more = f"and {numbers(rest)} more, {'listed' if rest > 1 else 'which is'} in the certificate."
    return Paragraph((*text, *said(" with the {}{}{}", noun, display, more if rest else "")))


def _equations(names: Names, components: Sequence[Ratio]) -> tuple[Display, int]:
    """As many components as fit, at least one, and their number."""
    equations: list[Equation] = []
    for j, component in enumerate(components[: 4 * _MOST_LINES], 1):
        if sum(len(lines) for _, lines in equations) >= 4 * _MOST_LINES:
            break
        equations.append((names.numbered("map", j), right_side(names, component)))
    while True:
        display = arranged(equations, "period" if len(equations) == len(components) else "comma")
        if len(equations) == 1 or len(display.rows) <= _MOST_LINES:
            return display, len(equations)
        equations.pop()


def right_side(names: Names, parts: Ratio) -> list[Formula]:
    """A polynomial on lines, or a quotient."""
    return names.lines(parts[0]) if parts[1] == 1 else [names.fraction(parts)]


def metric_of(names: Names, system: System) -> list[Paragraph]:
    """The matrix M, if it is not the identity."""
    entries = system.metric
    if entries is None:
        return []
    letter, zero = at(names["metric"], names.state), names.ring.constant(0)
    if all(i == j for i, j, _ in entries) and names.trained <= _MOST_DIAGONAL:
        table = {i: p for i, _, p in entries}
        diagonal = [names.polynomial(table.get(k, zero)) for k in range(names.trained)]
        return [Paragraph(("The matrix ", names["metric"], " is diagonal:", _diagonal(letter, diagonal)))]
    name = names["metric"].name
    places = ((str(i + 1), str(j + 1), p) for i, j, p in entries[:_MOST_LINES])
    equations = [(Symbol(name, "", (i, j)), names.lines(p)) for i, j, p in places]
    rest = len(entries) - len(equations)
    shown = aligned(equations, "comma" if rest else "period")
    more = f"and {numbers(rest)} more, listed in the certificate." if rest else ""
    return [paragraph("The matrix {} has the nonzero entries{}{}", letter, shown, more)]


def reals(sizes: Sequence[Formula]) -> Formula:
    """Arrays of these sizes; numbers for no size."""
    letter = Symbol("reals")
    return Power(letter, joined(sizes, Operator("by"))) if sizes else letter


def _space(sizes: Sequence[int]) -> Formula:
    return reals([Number(str(n)) for n in sizes])


def _parameters(names: Names) -> list[Part]:
    """`be the trained parameters, the entries of U and V, in this order and row by row`"""
    one = names.trained == 1
    text: list[Part] = [" be the trained parameter" if one else " be the trained parameters"]
    if not names.shapes:
        return said("{} {}", text, listed(names.symbols[: names.trained])) if names.trained <= 12 else text
    arrays = [row(names.by_name[a], Operator("in"), _space(shape)) for a, shape in names.shapes.items()]
    text += said(", the {} of {}", "entry" if one else "entries", listed(arrays))
    if not names.row_by_row:
        return text
    several = len(names.shapes) > 1
    by_rows = any(len(shape) > 1 for shape in names.shapes.values())
    order = " and ".join([*([", in this order"] if several else []), *(["row by row"] if by_rows else [])])
    return [*text, order if several or not order else f" {order}"]


def _diagonal(letter: Formula, entries: list[Formula]) -> Display:
    """letter = diag(entries), on as many lines as it needs."""
    *others, last = map(joined, on_lines(entries, lambda entry: width(entry) + 1.5))
    right = [*(row(line, Operator("comma")) for line in others), row(last, Operator(")"))]
    right[0] = row(Operator("diag"), Operator("("), right[0])
    return aligned([(letter, right)])
