"""The fixture `law_checker`: the assertions of `polylaw.testing`, each check recorded for the summary, the
report file and JUnit properties, whether it holds or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from polylaw.proof import checker


class LawChecker:
    """Checks of one test. `checked` gathers those of all tests, `entries` and `properties` are its own."""

    def __init__(
        self, test: str, seed: int, checked: list[dict[str, Any]], properties: list[tuple[str, object]]
    ) -> None:
        self.test, self.seed, self.checked, self.properties = test, seed, checked, properties
        self.entries: list[dict[str, Any]] = []

    def passed(self) -> bool:
        """The test ended, so that what did not hold was expected not to.  Whether anything was checked."""
        for entry in self.entries:
            entry["expected"] = True
        return bool(self.entries)

    @property
    def _assertions(self) -> Any:
        """Loaded when one is asked for: a certificate needs nothing but its checker."""
        from polylaw.testing import assertions

        return assertions

    # -- exact ----------------------------------------------------------------------------------------
    def law(self, flow: Any, law: Any) -> None:
        """The law is conserved by every motion."""
        with self._recorded("law", str(law), "proved"):
            self._assertions.assert_law(flow, law)

    def not_law(self, flow: Any, law: Any) -> None:
        """The claim is no law."""
        with self._recorded("no law", str(law), "refuted"):
            self._assertions.assert_not_law(flow, law)

    def count(self, flow: Any, expected: int) -> None:
        """So many independent laws of any kind exist."""
        with self._recorded("count", f"{flow.title}: {expected} independent laws", "proved"):
            self._assertions.assert_count(flow, expected)

    def no_law(self, flow: Any, degree: int) -> None:
        """There is no polynomial law up to this degree."""
        with self._recorded("no law", f"{flow.title}: none of degree <= {degree}", "proved"):
            self._assertions.assert_no_law(flow, degree)

    def certificate(self, path: Path) -> None:
        """The certificate holds, by the standalone checker."""
        with self._recorded("certificate", Path(path).name, "holds", "refused"):
            holds, lines = checker.verify(str(path))
            for line in lines if holds else lines[:-1]:
                self.properties.append(("polylaw claim", line.split(maxsplit=1)[1]))
            if not holds:
                raise AssertionError(lines[-1].strip())

    # -- measured -------------------------------------------------------------------------------------
    def conserved(self, law: Any, motion: Any = None, *, flow: Any = None, **options: Any) -> None:
        """The law is kept along a trajectory: of the motion given, or of a random one of `flow`."""
        from polylaw.testing.drive import random_drive

        with self._recorded("trajectory", str(law), failure="says nothing"):
            motion = random_drive(flow, self.seed) if motion is None else motion
            drift = self._assertions.drift_along(law, motion, **options)
        verdict = "kept" if drift.kept else "not kept"
        self._record("trajectory", drift.law, verdict, drift.kept, drift.measured, drift.allowed)
        self._assertions.require_kept(drift)

    def step(self, step: Any, params: Any, laws: Any, flow: Any = None, **options: Any) -> None:
        """A training step moves the laws exactly as theory says; `flow` as in `assert_step_conserves`."""
        with self._recorded("step", "laws of a step", failure="says nothing"):
            reports = self._assertions.step_reports(step, params, laws, flow, **options)
        for report in reports:
            moved = abs(report.measured - report.predicted)
            self._record("step", report.law, report.verdict, report.kept, moved, report.rounding)
        self._assertions.require_steps(reports)

    # -- networks, which need PyTorch ------------------------------------------------------------------
    def module(self, module: Any, example: Any, loss: str = "any", **options: Any) -> None:
        """A backward pass of a module obeys its identities: `polylaw.torch.assert_module`."""
        from polylaw.torch.passes import assert_module

        self._gradients(assert_module, module, example, loss, **{"seed": self.seed} | options)

    def gradients(self, module: Any, laws: Any, loss: str = "any", **options: Any) -> None:
        """The gradients that a module has obey its identities: `polylaw.torch.assert_gradients`."""
        from polylaw.torch.gradients import assert_gradients

        self._gradients(assert_gradients, module, laws, loss, **options)

    def _gradients(self, check: Callable[..., Any], module: Any, *args: Any, **options: Any) -> None:
        name = type(module).__name__
        with self._recorded("gradients", name, failure="break an identity"):
            found = check(module, *args, **options)
        what = f"{name}: {found.telling} of {found.checked} identities tell something"
        self._record("gradients", what, "hold", True, found.largest, 1.0)

    # -- records --------------------------------------------------------------------------------------
    @contextmanager
    def _recorded(self, kind: str, what: str, verdict: str = "", failure: str = "") -> Iterator[None]:
        """A check that holds is recorded with its verdict, if any; one that does not with the failure."""
        try:
            yield
        except AssertionError:
            self._record(kind, what, failure or f"not {verdict}", holds=False)
            raise
        if verdict:
            self._record(kind, what, verdict, holds=True)

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
        entry = {"kind": kind, "what": what, "verdict": verdict, "holds": holds}
        entry |= {"measured": measured, "allowed": allowed}
        self.entries.append({"test": self.test, **entry, "expected": holds})
        self.checked.append(self.entries[-1])
