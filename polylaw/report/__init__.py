"""What a result says, once: its lines for people and its data for programs; and the formats that print it.

Each kind of result has a class here with both.  The same result always gives the same bytes.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar


class Report(ABC):
    """What is told about a result."""

    #: Name and version of the shape of `data` (`output.schema.json`).
    schema: ClassVar[str]

    @abstractmethod
    def lines(self) -> list[str]:
        """For people; laws that are long or many may be cut."""

    @abstractmethod
    def data(self) -> dict[str, Any]:
        """For programs, complete."""

    @property
    @abstractmethod
    def answer(self) -> bool | None:
        """Yes, no, or undecided: a bound was hit."""


def _as_text(report: Report) -> str:
    return "\n".join(report.lines())


def _as_json(report: Report) -> str:
    return json.dumps({"schema": report.schema, **report.data()}, indent=2, ensure_ascii=False)


#: The formats of the command line.  Another one is a function here, and `--format` knows it.
FORMATS: Mapping[str, Callable[[Report], str]] = {"text": _as_text, "json": _as_json}
