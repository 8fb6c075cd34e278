"""What `polylaw models` tells: the families of the zoo."""

from __future__ import annotations

from typing import Any

from polylaw.models import FAMILIES
from polylaw.report import Report
from polylaw.report.pieces import attributes


class ModelsReport(Report):
    """The families, with their arguments, what the loss sees, known laws and sources."""

    schema = "polylaw-models-1"

    @property
    def answer(self) -> bool | None:
        return True

    def lines(self) -> list[str]:
        lines = []
        for name, entry in FAMILIES.items():
            lines += [f"{name}:  {entry.arguments}"]
            lines += [f"    {key:<8}{getattr(entry, key)}" for key in ("phi", "laws", "source")]
            lines.append("")
        return lines[:-1]

    def data(self) -> dict[str, Any]:
        keys = "name arguments phi laws source"
        return {"models": [attributes(entry, keys) for entry in FAMILIES.values()]}
