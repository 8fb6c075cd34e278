"""What the reports on varieties and on relations share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.clipping import clipped
from polylaw.domains.verdict import Claim
from polylaw.flows import Flow

_MOST_LINES = 40


def flow_line(flow: Flow) -> str:
    """The model, its size and its flow."""
    model = getattr(flow, "model", None)
    size = f"D = {model.dimension}" if model else f"n = {len(flow.ring.variables)}"
    return f"{flow.title}   {size}, {count(len(flow.distribution.fields), 'field')}   {flow.name}"


def listed(title: str, polynomials: Sequence[Polynomial], show_all: bool) -> list[str]:
    """A title and polynomials, cut where they are many or long."""
    return titled(title, [clipped(p, show_all) for p in polynomials], show_all)


def titled(title: str, texts: Sequence[str], show_all: bool) -> list[str]:
    """A title and lines below it, cut where they are many."""
    left = 0 if show_all else max(0, len(texts) - _MOST_LINES)
    more = [f"  ... {left} more (--all prints them, --json has every one)"] if left else []
    return ["", f"  {title}", *(f"  {text}" for text in texts[: len(texts) - left]), *more]


def count(number: int, word: str) -> str:
    """`1 law`, `2 laws`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def point_data(point: Mapping[str, Coefficient]) -> dict[str, str]:
    """The same for JSON."""
    return {name: rational_text(value) for name, value in point.items()}


def texts(polynomials: Sequence[Claim]) -> list[str]:
    """Polynomials as text."""
    return [str(p) for p in polynomials]


def attributes(value: Any, names: str) -> dict[str, Any]:
    """Attributes by name."""
    return {name: getattr(value, name) for name in names.split()}


def json_text(flow: Flow, schema: str, *parts: Mapping[str, Any]) -> str:
    """Data about a flow as JSON."""
    data = {"schema": schema, "model": flow.title, "flow": flow.name}
    for part in parts:
        data |= part
    return json.dumps(data, indent=2, ensure_ascii=False)
