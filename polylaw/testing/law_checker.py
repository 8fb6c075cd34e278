"""The fixture `law_checker`: the assertions of `polylaw.testing`, each check recorded for the summary, the
report file and JUnit properties, whether it holds or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["LawChecker"]


class LawChecker:
    """Checks of one test.  `checked` gathers what all tests checked, `entries` what this one did;
    `properties` are its own."""

    def __init__(
        self, test: str, seed: int, checked: list[dict[str, Any]], properties: list[tuple[str, object]]
    ) -> None:
        self.test, self.seed, self.checked, self.properties = test, seed, checked, properties
        self.entries: list[dict[str, Any]] = []

    def passed(self) -> bool:
        """The test came to its end, so that what did not hold was expected not to.  Whether anything was
        checked."""
        for entry in self.entries:
            entry["expected"] = True
        return bool(self.entries)

    # -- exact ----------------------------------------------------------------------------------------
    def law(self, flow: Any, law: Any) -> None:
        """The law is conserved by every motion."""
        from polylaw.testing.assertions import assert_law

        with self._recorded("law", str(law), "proved"):
            assert_law(flow, law)

    def not_law(self, flow: Any, law: Any) -> None:
        """The claim is no law."""
        from polylaw.domains.verdict import Refuted
        from polylaw.verbs.check import check_law

        with self._recorded("no law", str(law), "refuted"):
            verdict = check_law(flow, law)
            if not isinstance(verdict, Refuted):
                raise AssertionError(f"{law} is {type(verdict).__name__.lower()}, expected refuted")

    def count(self, flow: Any, expected: int) -> None:
        """So many independent laws of any kind exist."""
        from polylaw.testing.assertions import assert_count

        with self._recorded("count", f"{flow.title}: {expected} independent laws", "proved"):
            assert_count(flow, expected)

    def no_law(self, flow: Any, degree: int) -> None:
        """There is no polynomial law up to this degree."""
        from polylaw.testing.assertions import assert_no_law

        with self._recorded("no law", f"{flow.title}: none of degree <= {degree}", "proved"):
            assert_no_law(flow, degree)

    def certificate(self, path: Path) -> None:
        """The certificate holds, by the standalone checker."""
        from polylaw.proof import checker

        with self._recorded("certificate", Path(path).name, "holds"):
            holds, lines = checker.verify(str(path))
            for line in lines if holds else lines[:-1]:
                self.properties.append(("polylaw claim", line.split(maxsplit=1)[1]))
            if not holds:
                raise AssertionError(lines[-1].strip())

    # -- measured -------------------------------------------------------------------------------------
    def conserved(self, law: Any, motion: Any = None, *, flow: Any = None, **options: Any) -> None:
        """The law is kept along a trajectory: of the motion given, or of a random one of `flow`."""
        from polylaw.testing.assertions import drift_along
        from polylaw.testing.drive import random_drive

        with self._saying("trajectory", str(law)):
            drift = drift_along(law, random_drive(flow, self.seed) if motion is None else motion, **options)
        self._record(
            "trajectory",
            drift.law,
            "kept" if drift.kept else "not kept",
            drift.kept,
            drift.measured,
            drift.allowed,
        )
        if not drift.kept:
            raise AssertionError(str(drift))

    def step(self, step: Any, params: Any, laws: Any, flow: Any = None, **options: Any) -> None:
        """A training step moves the laws exactly as theory says; `flow` as the flow in
        `assert_step_conserves`."""
        from polylaw.testing.assertions import step_reports

        with self._saying("step", "laws of a step"):
            reports = step_reports(step, params, laws, flow=flow, **options)
        for report in reports:
            self._record(
                "step",
                report.law,
                report.verdict,
                report.kept,
                abs(report.measured - report.predicted),
                report.rounding,
            )
        if broken := [str(report) for report in reports if not report.kept]:
            raise AssertionError("\n".join(broken))

    # -- records --------------------------------------------------------------------------------------
    @contextmanager
    def _recorded(self, kind: str, what: str, verdict: str) -> Iterator[None]:
        try:
            yield
        except AssertionError:
            self._record(kind, what, f"not {verdict}" if verdict != "holds" else "refused", holds=False)
            raise
        self._record(kind, what, verdict, holds=True)

    @contextmanager
    def _saying(self, kind: str, what: str) -> Iterator[None]:
        """What cannot be measured at all is recorded too."""
        try:
            yield
        except AssertionError:
            self._record(kind, what, "says nothing", holds=False)
            raise

    def _record(
        self,
        kind: str,
        what: str,
        verdict: str,
        holds: bool,
        measured: float | None = None,
        allowed: float | None = None,
    ) -> None:
        drift = "" if measured is None else f", drift {measured:.3g}, allowed {allowed:.3g}"
        self.properties.append((f"polylaw {kind}", f"{what}: {verdict}{drift}"))
        entry = {
            "kind": kind,
            "what": what,
            "verdict": verdict,
            "holds": holds,
            "measured": measured,
            "allowed": allowed,
        }
        self.entries.append({"test": self.test, **entry, "expected": holds})
        self.checked.append(self.entries[-1])
