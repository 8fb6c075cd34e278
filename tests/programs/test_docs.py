"""The page about programs, and the command, say what is so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.outputs.shapes import assert_shaped

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "programs.md").read_text("utf-8")


def test_the_example_of_the_page() -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    *body, last = code.rstrip().splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(body), names)  # noqa: S102  (ours)
    call, _, told = last.partition("  # ")
    count = eval(call, names)  # noqa: S307
    assert told.startswith(f"exactly {count.lower}: ")
    assert count.exact
    assert [law.count for law in count.laws.laws] == [3, 3, 3]


def test_the_command_tells_what_is_proved(polylaw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    run = polylaw("count", "examples.programs.blocks:pre_norm", "--flow", "momentum")
    assert run.code == 0
    assert "exactly 4 independent laws of any kind near generic parameters\n" in run.out
    assert "          1  Q0 Q0' + K0 K0'   (2 x 2, skew)\n" in run.out
    run = polylaw("count", "examples.programs.blocks:pre_norm", "--json")
    data = json.loads(run.out)
    assert_shaped(data)
    assert (data["lower"], data["upper"], data["exact"], len(data["laws"])) == (20, 20, True, 20)
    assert data["witness"]["functions"] == 8


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("find", "examples.programs.blocks:pre_norm"), "programs are counted: polylaw count"),
        (("count", "examples.programs.blocks:nothing"), "a function that can be imported and called"),
        (("count", "examples.programs.blocks:attention"), "a function that can be imported and called"),
        (("count", "json:loads"), "found 'json', expected a model family"),
        (("count", "examples.programs.blocks:pre_norm", "--degree", "2"), "a model that is no program"),
        (("count", "collections.abc:Sized.__call__"), ""),
    ],
)
def test_what_is_refused_is_one_line(
    polylaw: Any, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(ROOT)
    run = polylaw(*command)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert words in run.err
