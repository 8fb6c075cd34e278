"""The pytest plugin of polylaw: laws in anyone's test suite.

    *.polylaw.json and *.polylaw.toml become tests     see `polylaw.testing.pytest_files`
    law_checker, a fixture                             see `polylaw.testing.law_checker`

It stands beside the package and imports nothing of it until used, so that an unrelated run pays nothing.  It
has no assertions that pytest should rewrite, which would cost time in every run without a bytecode cache:
PYTEST_DONT_REWRITE
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_SUFFIXES = (".polylaw.json", ".polylaw.toml")
_PROFILES = ("ci", "thorough")
_RECORD = "polylaw record"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin, in a group of their own, and ini keys that stand in for them."""
    group = parser.getgroup("polylaw", "conservation laws (polylaw)")
    group.addoption("--polylaw-seed", type=int, metavar="N", help="seed of random motions (default 0)")
    group.addoption(
        "--polylaw-profile",
        choices=_PROFILES,
        help="Hypothesis settings: ci (the same examples every time), thorough",
    )
    group.addoption("--polylaw-report", metavar="FILE", help="write what was checked as JSON")
    for name in ("seed", "profile", "report"):
        parser.addini(f"polylaw_{name}", f"used when --polylaw-{name} is not given", default="")
    parser.addini(
        "polylaw_collect", "collect *.polylaw.json and *.polylaw.toml files", type="bool", default=True
    )


def _option(config: pytest.Config, name: str) -> Any:
    given = config.getoption(f"--polylaw-{name}")
    return config.getini(f"polylaw_{name}") if given is None else given


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and the record of what is checked; load the Hypothesis profile."""
    config.addinivalue_line(
        "markers", "polylaw: tests that polylaw collects from certificates and model files"
    )
    config.pluginmanager.register(_Record(config), _RECORD)
    if not str(_option(config, "seed") or 0).lstrip("-").isdecimal():
        raise pytest.UsageError(f"polylaw_seed: found {_option(config, 'seed')!r}, expected an integer")
    if report := _option(config, "report"):
        from polylaw.errors import InputError
        from polylaw.files import Output

        try:
            Output.of(report)
        except InputError as error:
            raise pytest.UsageError(f"polylaw_report: {error}") from None
    if profile := _option(config, "profile"):
        if profile not in _PROFILES:
            raise pytest.UsageError(
                f"polylaw_profile: found {profile!r}, expected one of {', '.join(_PROFILES)}"
            )
        from hypothesis import settings

        import _polylaw_hypothesis

        _polylaw_hypothesis.register()
        settings.load_profile(f"polylaw-{profile}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Certificates and model files become tests."""
    if not file_path.name.endswith(_SUFFIXES) or not parent.config.getini("polylaw_collect"):
        return None
    from polylaw.testing.pytest_files import PolylawFile

    return PolylawFile.from_parent(parent, path=file_path, checker_of=_checker_of)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test that passes must have checked something, if it asked for the fixture."""
    yield
    checker = getattr(item, "funcargs", {}).get("law_checker")
    if checker is not None and not checker.passed():
        pytest.fail(
            "law_checker was never asked anything, so that the test passes says nothing about laws",
            pytrace=False,
        )


@pytest.fixture
def law_checker(request: pytest.FixtureRequest) -> Any:
    """Assertions about conservation laws, recorded: a `polylaw.testing.law_checker.LawChecker`."""
    return _checker_of(request.node)


def _checker_of(item: pytest.Item) -> Any:
    from polylaw.testing.law_checker import LawChecker

    record = item.config.pluginmanager.get_plugin(_RECORD)
    return LawChecker(
        item.nodeid, int(_option(item.config, "seed") or 0), record.checked, item.user_properties
    )


class _Record:
    """What all tests checked: sent by workers under xdist, at the end summed up and written to a report."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.checked: list[dict[str, Any]] = []

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker sends its record to the controller, which writes the report."""
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["polylaw"] = self.checked
        elif name := _option(self.config, "report"):
            import json

            from polylaw.files import Output

            entries = sorted(self.checked, key=lambda entry: (entry["test"], entry["kind"], entry["what"]))
            text = json.dumps({"schema": "polylaw-pytest-1", "checked": entries}, indent=2)
            Output.of(name).write(f"{text}\n")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take what a worker sends."""
        self.checked += getattr(node, "workeroutput", {}).get("polylaw", [])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """By kind: how many checks, how many did not hold, the worst drift of the others."""
        if self.checked:
            terminalreporter.section("polylaw")
        for kind in sorted({entry["kind"] for entry in self.checked}):
            entries = [entry for entry in self.checked if entry["kind"] == kind]
            drifts = [
                entry["measured"] / entry["allowed"]
                for entry in entries
                if entry["holds"] and entry["allowed"]
            ]
            failed = [entry["expected"] for entry in entries if not entry["holds"]]
            notes = [f"{len(failed)} did not hold{', as expected' * all(failed)}"] if failed else []
            notes += [f"worst drift {max(drifts):.3f} of what is allowed"] if drifts else []
            terminalreporter.write_line(f"{kind:12} {len(entries):5}   {'; '.join(notes)}".rstrip())
