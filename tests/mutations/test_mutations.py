"""Lines that soundness rests on are held by tests: whoever changes one of them is told."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutations.mutants import MUTANTS, Mutant
from tests.mutations.patched import found, tree_of


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_the_line_is_there(mutant: Mutant) -> None:
    body, place = found(tree_of(mutant.module), mutant.where)
    assert ast.unparse(body[place]).count(mutant.old) == 1


@pytest.mark.slow
def test_every_mutant_is_seen() -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-m", "tests.mutations"], cwd=root, capture_output=True, text=True, check=False
    )
    print(run.stdout)
    assert "SURVIVED" not in run.stdout
    assert (run.returncode, run.stderr) == (0, "")
