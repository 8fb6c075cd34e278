"""Files that pytest collects: certificates, and model files with a table [expect].

*.polylaw.json     a certificate: one test, which verifies it
*.polylaw.toml     a model file with a table [expect]: one test for each expectation
                   laws = ["..."]        every one is conserved (exact)
                   not_laws = ["..."]    none is
                   count = 3             so many independent laws of any kind exist (proved from both sides)
                   no_law_degree = 2     there is no polynomial law up to this degree
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from polylaw.errors import PolylawError
from polylaw.testing.law_checker import LawChecker


class PolylawFile(pytest.File):
    """One certificate or model file; `checker_of` gives the checker of a test."""

    def __init__(self, *, checker_of: Callable[[pytest.Item], LawChecker], **rest: Any) -> None:
        super().__init__(**rest)
        self.checker_of = checker_of

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each claim."""
        if self.path.name.endswith(".json"):
            yield Claim.from_parent(self, name="certificate", kind="certificate", value=None)
            return
        for kind, values in self._expected().items():
            for value in values:
                yield Claim.from_parent(self, name=f"{kind}[{value}]", kind=kind, value=value)

    def _expected(self) -> dict[str, list[Any]]:
        from polylaw.readers import expectations_of_file

        try:
            expected = expectations_of_file(self.path)
        except PolylawError as error:
            raise self.CollectError(str(error)) from None
        if not expected:
            why = "expected one: a test without a claim says nothing"
            raise self.CollectError(f"{self.path}: found no table [expect], {why}")
        return expected


class Claim(pytest.Item):
    """One claim of a file."""

    def __init__(self, *, kind: str, value: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self.kind, self.value = kind, value
        self.add_marker("polylaw")

    def runtest(self) -> None:
        """Check the claim."""
        assert isinstance(self.parent, PolylawFile)
        checker = self.parent.checker_of(self)
        if self.kind == "certificate":
            checker.certificate(self.path)
            return
        from polylaw.readers import flow_from_file

        flow = flow_from_file(self.path)
        verbs = {
            "laws": checker.law,
            "not_laws": checker.not_law,
            "count": checker.count,
            "no_law_degree": checker.no_law,
        }
        verbs[self.kind](flow, self.value)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was claimed and what is true, without a traceback."""
        if isinstance(excinfo.value, (AssertionError, PolylawError)):
            return f"{self.path.name}: {self.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the claim stands."""
        return self.path, 0, f"{self.path.name}: {self.name}"
