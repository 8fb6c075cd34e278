"""What the README shows is what is printed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

README = Path(__file__).parents[2] / "README.md"
LINES = README.read_text("utf-8").splitlines()
PROMPT = "    $ polylaw "
#: The commands shown with their output, in order; those that need an extra or a proof assistant are shown
#: without.
SHOWN = [
    (i, line)
    for i, line in enumerate(LINES)
    if line.startswith(PROMPT) and i + 1 < len(LINES) and LINES[i + 1].startswith("    ")
]
SHOWN = [(i, line) for i, line in SHOWN if not LINES[i + 1].startswith(PROMPT) and "#" not in line]


def output_after(i: int) -> list[str]:
    """The lines shown below a command, up to the next one; a line of dots stands for what is left out."""
    lines: list[str] = []
    for line in LINES[i + 1 :]:
        if line.startswith(PROMPT) or (line and not line.startswith("    ")):
            break
        lines.append(line.strip())
    return [line for line in lines if line not in ("", "...")]


def test_there_are_some() -> None:
    assert len(SHOWN) >= 6


@pytest.mark.parametrize(("place", "line"), SHOWN, ids=[line.removeprefix(PROMPT)[:40] for _, line in SHOWN])
def test_the_output_is_that_of_the_command(
    polylaw: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(README.parent / "examples")
    if " net " in line:
        pytest.importorskip("torch")
    if " verify " in line:
        polylaw("certify", "linear:2,3,2", "-o", "cert.json")
    run = polylaw(*shlex.split(line.removeprefix(PROMPT).partition(" | ")[0]))
    printed = iter(line.strip() for line in run.out.splitlines())
    assert [line for line in output_after(place) if line not in printed] == []  # an iterator: in this order
