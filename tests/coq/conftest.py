"""Coq for tests: the library compiled once.  Where Coq is missing tests are skipped, but in CI that is a failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from polylaw.proof.coqc import compile_library, run

#: source -> (accepted, what Coq printed)
Coq = Callable[[str], tuple[bool, str]]


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
def coq(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Coq:
    """Checks one file."""

    def check(source: str) -> tuple[bool, str]:
        path = tmp_path_factory.mktemp("file") / "file.v"
        path.write_text(source, encoding="utf-8")
        done = run(library, "coqc", str(path))
        return done.returncode == 0, done.stdout + done.stderr

    return check
