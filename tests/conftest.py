"""Two ways to run the command line: `polylaw(...)` in this process, `process(...)` in a new one; files for it
to read; a clock for budgets that counts; and what the summary says of slow tests and of mutations."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings

from polylaw.cli import main
from tests.outputs.shapes import assert_shaped, objects_in

pytest_plugins = ["pytester"]

# Hypothesis without a clock: a slow machine is not a failing property.  In CI the examples are the same every
# time.
settings.register_profile("polylaw", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.register_profile("quick", settings.get_profile("polylaw"), max_examples=15)
settings.load_profile("polylaw")

QUICK, ALL = "not slow", "slow or not slow"
LEFT_OUT = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """Properties are tried on fewer examples in the quick suite.

    The workers of pytest take all processors.  Threads of numpy and PyTorch beside them would only wait for
    each other, which costs several times as much, so that processes that begin after this have none."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if config.option.markexpr == QUICK:
        settings.load_profile("quick")


@pytest.fixture(autouse=True)
def _same_random_numbers() -> None:
    """The weights that PyTorch draws for a test are the same every time, whichever tests ran before it."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


# -- the summary -----------------------------------------------------------------------------------
def pytest_deselected(items: list[pytest.Item]) -> None:
    slow = sum(item.get_closest_marker("slow") is not None for item in items)
    if items:
        items[0].config.stash[LEFT_OUT] = items[0].config.stash.get(LEFT_OUT, 0) + slow


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of xdist tells the controller, which collects nothing itself."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["slow left out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Every worker collects all tests, so that each says the same."""
    told = getattr(node, "workeroutput", {}).get("slow left out", 0)
    node.config.stash[LEFT_OUT] = max(told, node.config.stash.get(LEFT_OUT, 0))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if slow := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"quick suite: {slow} slow tests left out; pytest -m '{ALL}' runs all")


# -- time ------------------------------------------------------------------------------------------
def counting_clock(tick: float) -> SimpleNamespace:
    """What `polylaw.budget` knows of time: a clock that moves by so much whenever it is looked at."""
    looks = count()
    return SimpleNamespace(monotonic=lambda: next(looks) * tick)


@pytest.fixture(autouse=True, scope="session")
def budgets_without_a_clock() -> Iterator[None]:
    """No test depends on how quick the machine is: a second of a budget is a million looks at its clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("polylaw.budget.time", counting_clock(1e-6))
        yield


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second of a budget is one look at its clock."""
    monkeypatch.setattr("polylaw.budget.time", counting_clock(1))


# -- the command line ------------------------------------------------------------------------------


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
        for data in objects_in(out) if "--json" in arguments else ():
            assert_shaped(data)
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
