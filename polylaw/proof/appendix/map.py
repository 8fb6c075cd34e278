"""What is trained: the parameters, the map through which the loss sees them, and the inverse metric."""

from __future__ import annotations

from collections.abc import Sequence

from polylaw.proof.appendix.document import Display, Formula, Number, Operator, Paragraph, Part, Power, Symbol
from polylaw.proof.appendix.formulas import ROOM, Equation, aligned, arranged, at, joined, row, width
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import listed, numbers
from polylaw.proof.motion import Quotient
from polylaw.proof.system import System

_MOST_LINES, _MOST_DIAGONAL = 12, 60


def map_of(names: Names, system: System) -> Paragraph:
    """The trained parameters and the map."""
    components = system.phi
    text: list[Part] = ["Let ", row(names.state, Operator("in"), _space(names.trained)), *_parameters(names)]
    text += [". We consider losses that see ", names.state, " only through the map ", names["map"]]
    if not components:
        return Paragraph((*text, ", which has no components: they see nothing of it."))
    noun = "component" if len(components) == 1 else f"{numbers(len(components))} components"
    display, shown = _equations(names, components)
    text += [" with the ", noun, display]
    if rest := len(components) - shown:
        text.append(f"and {numbers(rest)} more, {'listed' if rest > 1 else 'which is'} in the certificate.")
    return Paragraph(tuple(text))


def _equations(names: Names, components: Sequence[Quotient]) -> tuple[Display, int]:
    """As many components as fit, at least one, and their number."""
    equations: list[Equation] = []
    while (
        len(equations) < min(len(components), 4 * _MOST_LINES)
        and sum(len(lines) for _, lines in equations) < 4 * _MOST_LINES
    ):
        j = len(equations)
        equations.append((names.numbered("map", j + 1), right_side(names, components[j])))
    while True:
        display = arranged(equations, "period" if len(equations) == len(components) else "comma")
        if len(equations) == 1 or len(display.rows) <= _MOST_LINES:
            return display, len(equations)
        equations.pop()


def right_side(names: Names, parts: Quotient) -> list[Formula]:
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
    equations = [
        (Symbol(name, "", (str(i + 1), str(j + 1))), names.lines(p)) for i, j, p in entries[:_MOST_LINES]
    ]
    rest = len(entries) - len(equations)
    text: list[Part] = [
        "The matrix ",
        letter,
        " has the nonzero entries",
        aligned(equations, "comma" if rest else "period"),
    ]
    return [Paragraph((*text, *([f"and {numbers(rest)} more, listed in the certificate."] if rest else [])))]


def _space(size: int) -> Formula:
    return Symbol("reals") if size == 1 else Power(Symbol("reals"), Number(str(size)))


def _parameters(names: Names) -> list[Part]:
    """`be the trained parameters, the entries of U and V, in this order and row by row`"""
    text: list[Part] = [f" be the trained parameter{'' if names.trained == 1 else 's'}"]
    if not names.shapes:
        return [*text, " ", *listed(names.symbols[: names.trained])] if names.trained <= 12 else text
    text += [", the entry of " if names.trained == 1 else ", the entries of "]
    text += listed([_array(names.by_name[name], shape) for name, shape in names.shapes.items()])
    order = [", in this order"] if len(names.shapes) > 1 else []
    order += ["row by row"] if any(len(shape) > 1 for shape in names.shapes.values()) else []
    return (
        [*text, " and ".join(order) if len(names.shapes) > 1 else "".join(f" {o}" for o in order)]
        if names.row_by_row
        else text
    )


def _array(symbol: Symbol, shape: tuple[int, ...]) -> Formula:
    sizes = joined([Number(str(n)) for n in shape], Operator("by"))
    return (
        row(symbol, Operator("in"), Power(Symbol("reals"), sizes))
        if shape
        else row(symbol, Operator("in"), Symbol("reals"))
    )


def _diagonal(letter: Formula, entries: list[Formula]) -> Display:
    """letter = diag(entries), on as many lines as it needs."""
    lines: list[list[Formula]] = [[]]
    used = 0.0
    for entry in entries:
        if lines[-1] and used + width(entry) + 1.5 > ROOM:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += width(entry) + 1.5
    right = [row(joined(line), Operator("comma")) for line in lines[:-1]] + [
        row(joined(lines[-1]), Operator(")"))
    ]
    right[0] = row(Operator("diag"), Operator("("), right[0])
    return aligned([(letter, right)])
