"""A bundle has all that is needed to check a certificate, and says how."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.proof.bundle import bundle_files
from polylaw.proof.coqc import LIBRARY
from tests.proof.certificates import certificate


def test_a_bundle_checks_itself(polylaw: Any, tmp_path: Path) -> None:
    cert = tmp_path / "c.json"
    certificate("linear").save(cert)
    folder = tmp_path / "bundle"
    run = polylaw("bundle", str(cert), "-o", str(folder))
    assert (run.code, run.err) == (0, "")
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert names == {line.removeprefix(f"wrote {folder}/") for line in run.out.splitlines()}
    coq = {f"coq/{name}.v" for name in (*LIBRARY, "certificate")}
    assert names >= {
        "README.md",
        "certificate.json",
        "checker.py",
        "appendix.tex",
        "appendix.html",
        "appendix.md",
        *coq,
    }
    readme = (folder / "README.md").read_text()
    [command] = re.findall(r"^    (python checker.py .*)$", readme, re.MULTILINE)
    done = subprocess.run(
        [sys.executable, "-I", *command.split()[1:]], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stdout.count("  ok  ") == len(certificate("linear").claims)
    assert certificate("linear").sha256 in readme


def test_a_folder_with_files_is_left_alone(polylaw: Any, tmp_path: Path) -> None:
    cert = tmp_path / "c.json"
    certificate("nmf").save(cert)
    run = polylaw("bundle", str(cert), "-o", str(tmp_path))
    assert run.code == 2
    assert "expected a new or empty folder" in run.err
    assert [path.name for path in tmp_path.iterdir()] == ["c.json"]


def test_what_is_missing_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    files = bundle_files(certificate("linear"), pl.Budget(max_characters=10))
    assert "coq/certificate.v" not in files
    assert "There is no Coq file: max_characters" in files["README.md"].decode()
    assert "appendix.pdf" not in files
    assert "There is no appendix.pdf" in files["README.md"].decode()


def test_bytes_are_the_same_each_time() -> None:
    assert bundle_files(certificate("nesterov")) == bundle_files(certificate("nesterov"))
