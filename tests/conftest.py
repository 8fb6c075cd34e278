"""Two ways to run the command line: `polylaw(...)` in this process, `process(...)` in a new one; and files
for it to read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from polylaw.cli import main

pytest_plugins = ["pytester"]

# Hypothesis without a clock: a slow machine is not a failing property.  In CI the examples are the same every
# time.
settings.register_profile("polylaw", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("polylaw")


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str


Runner = Callable[..., Run]


@pytest.fixture
def polylaw(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    def run(*arguments: str) -> Run:
        monkeypatch.setattr(sys, "argv", ["polylaw", *arguments])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Run(code, out, err)

    return run


@pytest.fixture(scope="session")
def process() -> Runner:
    def run(*arguments: str) -> Run:
        command = [sys.executable, "-m", "polylaw", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        return Run(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], str]:
    """Writes a model file and gives its path."""

    def write(content: str | bytes) -> str:
        path = tmp_path / "model.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write
