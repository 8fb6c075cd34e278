"""Coq for tests: the library compiled once.  Where Coq is missing tests are skipped, but in CI that is a
failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from polylaw.proof.coqc import LIBRARY, compile_library, run


class Coq:
    """Checks files with the compiled library, each source once."""

    def __init__(self, library: Path) -> None:
        self.library = library
        self.known: dict[str, tuple[str, bool, str]] = {}

    def __call__(self, source: str) -> tuple[bool, str]:
        """(accepted, what Coq printed)"""
        return self._compiled(source)[1:]

    def again(self, sources: Iterable[str]) -> tuple[bool, str]:
        """Whether the kernel, by itself, accepts the compiled library and files."""
        names = [f"Polylaw.{name}" for name in (*LIBRARY, *(self._compiled(source)[0] for source in sources))]
        done = run(self.library, "coqchk", "-silent", *(word for name in names for word in ("-norec", name)))
        return done.returncode == 0, done.stdout + done.stderr

    def _compiled(self, source: str) -> tuple[str, bool, str]:
        if source not in self.known:
            name = f"file_{len(self.known)}"
            path = self.library / f"{name}.v"
            path.write_text(source, encoding="utf-8")
            done = run(self.library, "coqc", str(path))
            self.known[source] = (name, done.returncode == 0, done.stdout + done.stderr)
        return self.known[source]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("coqc") is None:
        if os.environ.get("CI"):
            pytest.fail("no coqc, though this is CI: apt-get install coq")
        pytest.skip("no coqc: apt-get install coq")
    folder = tmp_path_factory.mktemp("coq")
    compile_library(folder)
    return folder


@pytest.fixture(scope="session")
def coq(library: Path) -> Coq:
    """Checks files."""
    return Coq(library)
