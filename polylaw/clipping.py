"""What is long is cut where people read it: JSON and --all have all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from polylaw.algebra.polynomial import Polynomial

_MOST_TERMS, _LONGEST, _LONGEST_NOTE = 60, 2000, 300
#: A claim is repeated up to so many characters.
LONGEST_ECHO = 300


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
