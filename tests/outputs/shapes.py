"""The published shape of every JSON output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

import polylaw.report

SCHEMA = Path(polylaw.report.__file__).with_name("output.schema.json")


@cache
def _shapes() -> dict[str, list[Draft202012Validator]]:
    """The shapes by the name and version that they have in common."""
    whole = json.loads(SCHEMA.read_text("utf-8"))
    found: dict[str, list[Draft202012Validator]] = {}
    for shape in whole["$defs"].values():
        if name := shape["properties"].get("schema"):
            validator = Draft202012Validator({**shape, "$defs": whole["$defs"]})
            found.setdefault(name["const"], []).append(validator)
    return found


def assert_shaped(data: dict[str, Any]) -> None:
    """One of the shapes of its name fits; the least wrong one says what does not."""
    errors = [list(shape.iter_errors(data)) for shape in _shapes()[data["schema"]]]
    best = min(errors, key=len)
    assert not best, [f"{e.json_path}: {e.message[:300]}" for e in best]


def objects_in(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in an output that name their shape."""
    decoder = json.JSONDecoder()
    for start in re.finditer(r"^\{\n", text, re.MULTILINE):
        data, _ = decoder.raw_decode(text, start.start())
        if "schema" in data:
            yield data
