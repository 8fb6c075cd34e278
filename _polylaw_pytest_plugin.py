"""The pytest plugin of polylaw: laws in anyone's test suite.  It stands beside the package, so that an unrelated run
imports nothing of it.

    *.polylaw.json     a certificate: one test, which verifies it
    *.polylaw.toml     a model file with a table [expect]: one test for each expectation
                       laws = ["..."]        every one is conserved (exact)
                       not_laws = ["..."]    none is
                       count = 3             so many independent laws of any kind exist (proved from both sides)
                       no_law_degree = 2     there is no polynomial law up to this degree
    law_checker        a fixture with the assertions of `polylaw.testing`; what it checks is summed up at the end
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

_SUFFIXES = (".polylaw.json", ".polylaw.toml")
_CHECKED = pytest.StashKey[list[dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin, in a group of their own."""
    group = parser.getgroup("polylaw", "conservation laws (polylaw)")
    group.addoption("--polylaw-seed", type=int, default=0, metavar="N", help="seed of random motions (default 0)")
    group.addoption("--polylaw-profile", choices=("ci", "thorough"), help="settings of Hypothesis: ci (no chance), thorough")
    group.addoption("--polylaw-report", metavar="FILE", help="write what was checked as JSON")
    parser.addini("polylaw_collect", "collect *.polylaw.json and *.polylaw.toml files", type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and the place where results are gathered."""
    config.addinivalue_line("markers", "polylaw: tests that polylaw collects from certificates and model files")
    config.stash[_CHECKED] = []
    if profile := config.getoption("--polylaw-profile"):
        from hypothesis import settings

        settings.register_profile("polylaw-ci", derandomize=True, deadline=None)
        settings.register_profile("polylaw-thorough", max_examples=500, deadline=None)
        settings.load_profile(f"polylaw-{profile}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Certificates and model files become tests."""
    if file_path.name.endswith(_SUFFIXES) and parent.config.getini("polylaw_collect"):
        return _File.from_parent(parent, path=file_path)
    return None


class _File(pytest.File):
    """One certificate or model file."""

    def collect(self) -> Any:
        if self.path.name.endswith(".json"):
            yield _Item.from_parent(self, name="certificate", kind="certificate", value=None)
            return
        from polylaw.errors import PolylawError
        from polylaw.readers import data_of_file

        try:
            expected = data_of_file(self.path).get("expect")
        except PolylawError as error:
            raise self.CollectError(str(error)) from None
        if not isinstance(expected, dict) or not expected:
            raise self.CollectError(f"{self.path}: found no table [expect], expected laws, not_laws, count or no_law_degree")
        for kind, value in expected.items():
            if kind not in ("laws", "not_laws", "count", "no_law_degree"):
                raise self.CollectError(f"{self.path}: key expect.{kind}: expected laws, not_laws, count or no_law_degree")
            values = value if isinstance(value, list) else [value]
            for one in values:
                yield _Item.from_parent(self, name=f"{kind}[{one}]", kind=kind, value=one)


class _Item(pytest.Item):
    """One claim of a file."""

    def __init__(self, *, kind: str, value: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self.kind, self.value = kind, value
        self.add_marker("polylaw")

    def runtest(self) -> None:
        checker = LawChecker(self.config, self.nodeid)
        if self.kind == "certificate":
            checker.certificate(self.path)
            return
        from polylaw.readers import data_of_file, flow_of_data

        data = data_of_file(self.path)
        data.pop("expect", None)
        flow = flow_of_data(data, str(self.path))
        verbs = {"laws": checker.law, "not_laws": checker.not_law, "count": checker.count, "no_law_degree": checker.no_law}
        verbs[self.kind](flow, self.value)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was claimed and what is true, without a traceback."""
        from polylaw.errors import PolylawError

        if isinstance(excinfo.value, (AssertionError, PolylawError)):
            return f"{self.path.name}: {self.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the claim stands."""
        return self.path, 0, f"{self.path.name}: {self.name}"


class LawChecker:
    """The assertions of `polylaw.testing`, each recorded for the summary."""

    def __init__(self, config: pytest.Config, test: str, properties: list[tuple[str, object]] | None = None) -> None:
        self.config, self.test, self.properties = config, test, properties
        self.seed: int = config.getoption("--polylaw-seed")

    def law(self, flow: Any, law: Any) -> None:
        """The law is conserved by every motion; exact."""
        from polylaw.testing import assert_law

        assert_law(flow, law)
        self._record("law", str(law))

    def not_law(self, flow: Any, law: Any) -> None:
        """The claim is no law; exact."""
        from polylaw.laws.check import Refuted, check_law

        verdict = check_law(flow, law)
        if not isinstance(verdict, Refuted):
            raise AssertionError(f"{law} is {type(verdict).__name__.lower()}, expected refuted")
        self._record("refuted", str(law))

    def count(self, flow: Any, expected: int) -> None:
        """So many independent laws of any kind exist."""
        from polylaw.testing import assert_count

        assert_count(flow, expected)
        self._record("count", f"{flow.title}: {expected}")

    def no_law(self, flow: Any, degree: int) -> None:
        """There is no polynomial law up to this degree."""
        from polylaw.testing import assert_no_law

        assert_no_law(flow, degree)
        self._record("no law", f"{flow.title}: degree <= {degree}")

    def conserved(self, law: Any, drive: Any = None, *, flow: Any = None, **options: Any) -> None:
        """The law is kept along a trajectory: of `drive`, or of a random one of `flow`."""
        from polylaw.testing import assert_conserved, random_drive

        drive = random_drive(flow, self.seed) if drive is None else drive
        drift = assert_conserved(law, drive, **options)
        self._record("trajectory", str(law), drift.measured, drift.allowed)

    def step(self, flow: Any, step: Any, parameters: Any, laws: Any, **options: Any) -> None:
        """A training step moves the laws exactly as theory says."""
        from polylaw.testing import assert_step_conserves

        for report in assert_step_conserves(flow, step, parameters, laws, **options):
            self._record("step", report.law, abs(report.measured - report.predicted), report.rounding)

    def certificate(self, path: Path) -> None:
        """The certificate holds, by the standalone checker."""
        from polylaw.proof import checker

        holds, lines = checker.verify(str(path))
        if not holds:
            raise AssertionError(lines[-1].strip())
        self._record("certificate", Path(path).name)

    def _record(self, kind: str, what: str, measured: float | None = None, allowed: float | None = None) -> None:
        entry = {"test": self.test, "kind": kind, "what": what, "measured": measured, "allowed": allowed}
        self.config.stash[_CHECKED].append(entry)
        if self.properties is not None:
            self.properties.append((f"polylaw {kind}", what))


@pytest.fixture
def law_checker(request: pytest.FixtureRequest) -> LawChecker:
    """Assertions about conservation laws; see `polylaw.testing`."""
    return LawChecker(request.config, request.node.nodeid, request.node.user_properties)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under xdist a worker sends what it checked to the controller; the report file is written by the controller."""
    checked = session.config.stash.get(_CHECKED, [])
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["polylaw"] = checked
        return
    if name := session.config.getoption("--polylaw-report"):
        entries = sorted(checked, key=lambda entry: (entry["test"], entry["kind"], entry["what"]))
        Path(name).write_text(json.dumps({"schema": "polylaw-pytest-1", "checked": entries}, indent=2) + "\n", encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Gather what a worker of xdist checked."""
    node.config.stash[_CHECKED] += getattr(node, "workeroutput", {}).get("polylaw", [])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What was checked, by kind, with the worst drift against its allowance."""
    checked = config.stash.get(_CHECKED, [])
    if not checked:
        return
    terminalreporter.section("polylaw")
    for kind in dict.fromkeys(entry["kind"] for entry in sorted(checked, key=lambda e: e["kind"])):
        entries = [entry for entry in checked if entry["kind"] == kind]
        drifts = [entry["measured"] / entry["allowed"] for entry in entries if entry["allowed"]]
        worst = f"   worst drift {max(drifts):.3f} of what is allowed" if drifts else ""
        terminalreporter.write_line(f"{kind:12} {len(entries):5}{worst}")
