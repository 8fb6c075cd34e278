"""Lines that soundness rests on are held by tests: whoever changes one of them is told."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutations.mutants import MUTANTS, Mutant
from tests.mutations.patched import mutated


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_the_line_is_there(mutant: Mutant) -> None:
    spec = importlib.util.find_spec(mutant.module)
    assert spec is not None
    assert spec.origin is not None
    assert mutated(Path(spec.origin).read_text("utf-8"), mutant.where, mutant.old, mutant.new)


@pytest.mark.slow
def test_every_mutant_is_seen() -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-m", "tests.mutations"], cwd=root, capture_output=True, text=True, check=False
    )
    print(run.stdout)
    assert "SURVIVED" not in run.stdout
    assert (run.returncode, run.stderr) == (0, "")
