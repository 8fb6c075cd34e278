"""What reports share.  What is long is cut where people read it: JSON and --all have all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.flows.flow import Flow

_MOST_TERMS, _LONGEST, _LONGEST_NOTE = 60, 2000, 300
#: A claim is repeated up to so many characters.
LONGEST_ECHO = 300
#: Laws and relations are listed on so many lines.
MOST_LINES = 40


# -- lines -------------------------------------------------------------------------------------------
def clipped(law: object, show_all: bool = False, longest: int = _LONGEST) -> str:
    """A law, cut after some terms or characters."""
    if show_all or not isinstance(law, Polynomial) or len(law.terms) <= _MOST_TERMS:
        return cut(str(law), show_all, longest)
    first = cut(str(Polynomial(law.ring, dict(law.sorted_terms()[:_MOST_TERMS]))), False, longest)
    return f"{first} ... ({len(law.terms)} terms)"


def cut(text: str, show_all: bool = False, longest: int = _LONGEST) -> str:
    """A text, cut after so many characters, at a space if there is one."""
    if show_all or len(text) <= longest:
        return text
    return f"{text[: max(text.rfind(' ', 0, longest), longest // 2)]} ... ({len(text)} characters)"


def notes(steps: Iterable[str], show_all: bool = False) -> list[str]:
    """Lines that tell what was done to a flow, or what a model is restricted to."""
    return [f"note: {cut(step, show_all, _LONGEST_NOTE)}" for step in steps]


def first_lines(lines: Sequence[str], most: int, show_all: bool, hint: str) -> list[str]:
    """The first lines, and how many more there are."""
    if show_all or len(lines) <= most:
        return list(lines)
    return [*lines[:most], f"  ... {len(lines) - most} more lines (--all prints them, {hint})"]


def counted(number: int, noun: str) -> str:
    """`1 law`, `2 laws`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def flow_line(flow: Flow, fields: str = "", beside: str = "", name: str = "") -> str:
    """The model, its size and its flow: `D = 12` counts the parameters theta of a model, `n = 3` the
    variables of an ODE."""
    model = getattr(flow, "model", None)
    size = f"D = {model.dimension}" if model else f"n = {len(flow.ring.variables)}"
    fields = fields or counted(len(flow.distribution.fields), "field")
    return f"{flow.title}   {size}{beside}, {fields}   {name or flow.name}"


def listed(title: str, polynomials: Sequence[Polynomial], show_all: bool) -> list[str]:
    """A title and polynomials, cut where they are many or long."""
    return titled(title, [clipped(p, show_all) for p in polynomials], show_all)


def titled(title: str, texts: Sequence[str], show_all: bool) -> list[str]:
    """A title and lines below it, cut where they are many."""
    left = 0 if show_all else max(0, len(texts) - MOST_LINES)
    more = [f"  ... {left} more (--all prints them, --json has every one)"] if left else []
    return ["", f"  {title}", *(f"  {text}" for text in texts[: len(texts) - left]), *more]


# -- data --------------------------------------------------------------------------------------------
def flow_data(flow: Flow) -> dict[str, Any]:
    """The model and how it moves, as every report on a flow begins."""
    return {"model": flow.title, "flow": flow.name}


def point_data(point: Mapping[str, Coefficient]) -> dict[str, str]:
    """Coordinates, exactly."""
    return {name: rational_text(value) for name, value in point.items()}


def texts(laws: Iterable[object]) -> list[str]:
    """Laws as text."""
    return [str(h) for h in laws]


def attributes(value: Any, names: str) -> dict[str, Any]:
    """Attributes by name."""
    return {name: getattr(value, name) for name in names.split()}
