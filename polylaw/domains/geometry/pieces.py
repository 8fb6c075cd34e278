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
    shown = texts if show_all else texts[:_MOST_LINES]
    more = (
        [f"  ... {len(texts) - len(shown)} more (--all prints them, --json has every one)"]
        if len(shown) < len(texts)
        else []
    )
    return ["", f"  {title}", *(f"  {text}" for text in shown), *more]


def count(number: int, word: str) -> str:
    """`1 law`, `2 laws`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def point_text(point: Mapping[str, Coefficient]) -> str:
    """Coordinates that are not 0."""
    named = ", ".join(f"{name} = {rational_text(value)}" for name, value in point.items())
    return f"{named} (all else 0)" if named else "the origin"


def point_data(point: Mapping[str, Coefficient]) -> dict[str, str]:
    """The same for JSON."""
    return {name: rational_text(value) for name, value in point.items()}


def texts(polynomials: Sequence[Claim]) -> list[str]:
    """Polynomials as text."""
    return [str(p) for p in polynomials]


def json_text(data: dict[str, Any]) -> str:
    """Data as JSON."""
    return json.dumps(data, indent=2, ensure_ascii=False)
