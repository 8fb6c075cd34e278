"""The pages of CONTRIBUTING.md are followed to the letter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from polylaw import report

PAGES = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text("utf-8")


def code(name: str) -> str:
    """The block of code of that name."""
    found = re.search(rf"```python {name}\n(.*?)```", PAGES, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_an_output_format_is_one_place(polylaw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert polylaw("count", "linear:2,1,2", "--format", "pairs").code == 2
    monkeypatch.setattr(report, "FORMATS", dict(report.FORMATS))
    exec(code("format"), {**vars(report)})  # noqa: S102 (a page of ours)
    run = polylaw("count", "linear:2,1,2", "--format", "pairs")
    assert run.code == 0
    assert "lower = 1\nupper = 1\nexact = True\n" in run.out
