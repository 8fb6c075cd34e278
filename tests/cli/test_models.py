"""`polylaw models`: the zoo as text and as JSON, and examples that work when typed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from polylaw.models import FAMILIES
from polylaw.models.family import example


def test_the_text_describes_every_family(polylaw: Any) -> None:
    run = polylaw("models")
    assert (run.code, run.err) == (0, "")
    blocks = [block.splitlines() for block in run.out.split("\n\n")]
    assert [block[0].partition(":")[0] for block in blocks] == list(FAMILIES)
    assert all([line.split()[0] for line in block[1:]] == ["phi", "laws", "source"] for block in blocks)


def test_json(polylaw: Any) -> None:
    data = json.loads(polylaw("models", "--json").out)
    assert data["schema"] == "polylaw-models-1"
    assert [entry["name"] for entry in data["models"]] == list(FAMILIES)
    assert all(
        set(entry) == {"name", "arguments", "phi", "laws", "source"} and all(entry.values())
        for entry in data["models"]
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_the_example_of_a_family_can_be_typed(polylaw: Any, family: str) -> None:
    run = polylaw("find", example(FAMILIES[family]), "--degree", "1")
    assert (run.code, run.err) == (0, "")
    assert "complete: no other law of degree <= 1" in run.out
