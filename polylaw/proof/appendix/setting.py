"""The flow in words and formulas: what moves, and when a function is a conservation law."""

from __future__ import annotations

from fractions import Fraction as Rational
from typing import Any

from polylaw.proof.appendix.document import (
    Block,
    Display,
    Formula,
    Fraction,
    Inline,
    Number,
    Operator,
    Paragraph,
    Power,
    Row,
    Symbol,
    Words,
)
from polylaw.proof.appendix.mathematics import Names, joined, row

__all__ = ["field_symbol", "setting"]

_MOST_COMPONENTS = 12
THETA, W, PHI, TIME = Symbol("theta"), Symbol("w"), Symbol("phi"), Symbol("t")
EQUAL, MINUS, PLUS = Operator("equal"), Operator("minus"), Operator("plus")
OPEN, CLOSE = Operator("("), Operator(")")


def of_time(formula: Formula) -> Formula:
    """formula(t)"""
    return row(formula, OPEN, TIME, CLOSE)


def dotted(name: str) -> Symbol:
    """The time derivative of a letter."""
    return Symbol(name, dotted=True)


def transposed_jacobian() -> Formula:
    """J_phi(theta)^T"""
    return row(Power(Symbol("J", "phi"), Operator("transpose")), OPEN, THETA, CLOSE)


def field_symbol(j: int) -> Formula:
    """X_j"""
    return Symbol("X", str(j))


def setting(data: dict[str, Any], names: Names) -> list[Block]:
    """The section that says what the flow is."""
    kind = data["flow"]["type"]
    blocks = _ode(data, names) if kind == "ode" else _trained(data, names) if kind in ("gradient", "momentum") else _fields(data, names)
    if data["parameters"]:
        symbols = joined([names.symbol(name) for name in data["parameters"]])
        plural = "s" if len(data["parameters"]) > 1 else ""
        verb = "are" if plural else "is"
        constant = f" {verb} constant. Identities below hold for all values; statements about independence, completeness and "
        blocks.append(Paragraph((f"The parameter{plural} ", symbols, constant, "numbers of laws hold for generic ones.")))
    for step in data["model"]["steps"]:
        blocks.append(Paragraph((f"Note: {step}.",)))
    return blocks


# -- ordinary differential equations ---------------------------------------------------------------
def _ode(data: dict[str, Any], names: Names) -> list[Block]:
    lines = []
    for k, parts in enumerate(data["flow"]["rhs"]):
        velocity = Fraction(row(Words("d"), names.symbols[k]), row(Words("d"), TIME))
        lines.append((velocity, row(EQUAL, names.fraction(parts))))
    text: list[Inline] = ["A conservation law is a function ", Symbol("h"), " of the variables"]
    if data["clock"] is not None:
        text += [" and of time, which enters through ", names.clock(1), ","]
    text += [" that is constant along every solution, that is, ", row(Symbol("X"), Symbol("h"), EQUAL, Number("0")), " identically, where "]
    text += [row(Symbol("X"), Symbol("h")), " is the derivative of ", Symbol("h"), " along the right-hand sides."]
    return [Paragraph(("We consider the system of ordinary differential equations",)), Display(tuple(lines)), Paragraph(tuple(text))]


def _fields(data: dict[str, Any], names: Names) -> list[Block]:
    count = len(data["flow"]["fields"])
    text = f"We consider functions of {len(data['variables'])} variables that {count} given polynomial vector fields annihilate."
    return [Paragraph((text,))]


# -- training flows --------------------------------------------------------------------------------
def _trained(data: dict[str, Any], names: Names) -> list[Block]:
    flow = data["flow"]
    size = len(data["variables"]) // (2 if flow["type"] == "momentum" else 1)
    blocks: list[Block] = [Paragraph(_parameters(data, names, size))]
    components = flow["phi"]
    shown = [(row(Symbol("phi", str(j)), EQUAL), names.fraction(p)) for j, p in enumerate(components[:_MOST_COMPONENTS], 1)]
    blocks.append(Display(tuple((a, b) for a, b in shown)))
    if len(components) > _MOST_COMPONENTS:
        blocks.append(Paragraph((f"and {len(components) - _MOST_COMPONENTS} more components, listed in the certificate.",)))
    blocks += _gradient(data, names) if flow["type"] == "gradient" else _momentum(data, names)
    return blocks


def _parameters(data: dict[str, Any], names: Names, size: int) -> tuple[Inline, ...]:
    arrays: dict[str, list[int]] = {array["name"]: array["shape"] for array in data["model"]["arrays"]}
    if data["flow"]["type"] == "momentum":
        arrays = {name: shape for name, shape in arrays.items() if not (name[0] == "d" and name[1:] in arrays)}
    space = row(THETA, Operator("in"), Power(Symbol("R", "blackboard"), Number(str(size))))
    text: list[Inline] = ["Let ", space, " collect the trained parameters"]
    if arrays:
        described: list[Inline] = []
        for name, shape in arrays.items():
            symbol = names.symbol(name)
            by = " × ".join(map(str, shape))
            described += [", " if described else "", symbol, f" ({by})" if shape else " (a scalar)"]
        text += [", the entries of ", *described]
    many = len(data["flow"]["phi"])
    components = "the component" if many == 1 else f"the {many} components"
    return (*text, ". The loss sees ", THETA, " only through the map ", PHI, f" with {components}")


def _gradient(data: dict[str, Any], names: Names) -> list[Block]:
    flow = data["flow"]
    decay = flow.get("weight_decay")
    metric = row(Symbol("M"), OPEN, THETA, CLOSE) if "metric" in flow else Row(())
    right = row(EQUAL, MINUS, metric, transposed_jacobian(), of_time(W))
    if decay:
        right = row(right, MINUS, names._factor(decay), THETA)
    blocks: list[Block] = [
        Paragraph(("Gradient flow of any such loss is",)),
        Display(((dotted("theta"), right),)),
        Paragraph(_controls()),
    ]
    blocks += _metric(data, names)
    if decay:
        blocks.append(Paragraph(("Because of weight decay, time may enter a law, through ", names.clock(1), ".")))
    return [*blocks, _law(data, names)]


def _momentum(data: dict[str, Any], names: Names) -> list[Block]:
    flow = data["flow"]
    if "over_time" in flow:
        damping: Formula = Fraction(names.rational(Rational(flow["over_time"])), TIME)
    else:
        damping = names._factor(flow["damping"]) if flow["damping"] else Row(())
    undamped = "over_time" not in flow and not flow["damping"]
    left = Symbol("theta", dotted=True)
    acceleration = Operator("second derivative of theta")
    lifted = "metric" in flow
    argument = THETA if undamped else row(damping, THETA)
    place = row(left) if undamped else row(argument, PLUS, left)
    metric = row(Symbol("M"), OPEN, place, CLOSE) if lifted else Row(())
    start = acceleration if undamped else row(acceleration, PLUS, damping, left)
    right = row(EQUAL, MINUS, metric, transposed_jacobian(), of_time(W))
    after = " for t > 0" if "over_time" in flow else ""
    blocks: list[Block] = [
        Paragraph((f"The flow with momentum of any such loss is{after}",)),
        Display(((start, right),)),
        Paragraph(_controls()),
    ]
    blocks += _metric(data, names)
    blocks.append(Paragraph(("A law may depend on ", THETA, ", on the velocity ", left, ", and on time, through ", names.clock(1), ".")))
    return [*blocks, _law(data, names)]


def _controls() -> tuple[Inline, ...]:
    loss = row(of_time(W), EQUAL, Operator("nabla"), Symbol("ell"), OPEN, PHI, OPEN, THETA, OPEN, TIME, CLOSE, CLOSE, CLOSE)
    first: tuple[Inline, ...] = ("where ", Symbol("J", "phi"), " is the Jacobian matrix of ", PHI, " and ", loss)
    return (*first, " for a loss ", Symbol("ell"), ". Since loss and data are arbitrary, so is the function ", W, ".")


def _metric(data: dict[str, Any], names: Names) -> list[Block]:
    entries = data["flow"].get("metric")
    if entries is None:
        return []
    diagonal = all(i == j for i, j, _ in entries)
    shown = entries[:_MOST_COMPONENTS]
    lines = tuple((row(Symbol("M", "", (str(i + 1), str(j + 1))), EQUAL), names.polynomial(p)) for i, j, p in shown)
    kind = "diagonal" if diagonal else "symmetric" if _is_symmetric(entries) else "square"
    text = f"Here the inverse metric is the {kind} matrix with the nonzero entries"
    more = [Paragraph((f"and {len(entries) - len(shown)} more.",))] if len(entries) > len(shown) else []
    return [Paragraph((text,)), Display(lines), *more]


def _is_symmetric(entries: list[Any]) -> bool:
    table = {(i, j): p for i, j, p in entries}
    return all(table.get((j, i)) == p for (i, j), p in table.items())


def _law(data: dict[str, Any], names: Names) -> Paragraph:
    """When a function is a conservation law, with the fields that must annihilate it."""
    flow = data["flow"]
    start: tuple[Inline, ...] = ("A conservation law is a function ", Symbol("h"), " that is constant along every solution, for every ", W)
    zero = row(Symbol("X"), Symbol("h"), EQUAL, Number("0"))
    metric = Symbol("M") if "metric" in flow else Row(())
    gradient = row(metric, Operator("nabla"), Symbol("phi", "j"))
    where: tuple[Inline, ...]
    if flow["type"] == "momentum":
        where = ("for the drift (what the equation does without the loss) and for the kicks, which change the velocity by ", gradient)
    elif "weight_decay" in flow:
        where = ("for the fields ", row(field_symbol_j(), EQUAL, gradient), " and for the decay")
    else:
        where = ("for the fields ", row(field_symbol_j(), EQUAL, gradient))
    return Paragraph((*start, "; that is, ", zero, " identically ", *where, "."))


def field_symbol_j() -> Formula:
    """X_j with the letter j"""
    return Symbol("X", "j")
