"""What is accepted is rendered, or refused with one line, however little it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from polylaw.errors import BudgetError
from polylaw.proof import checker
from polylaw.proof.appendix import render
from polylaw.proof.coq import coq_source
from tests.proof.certificates import signed
from tests.proof.degenerate import DEGENERATE, WITHOUT_COQ
from tests.proof.hostile import concrete, independent
from tests.proof.oracle import is_true

names = pytest.mark.parametrize("name", DEGENERATE)


@names
def test_it_is_accepted_and_true(name: str) -> None:
    data = DEGENERATE[name]
    assert len(list(checker.check(data))) == len(data["claims"])
    assert all(is_true(data, claim) for claim in data["claims"])


@names
def test_coq_is_told_or_there_is_a_reason(name: str) -> None:
    data = DEGENERATE[name]
    if name in WITHOUT_COQ:
        with pytest.raises(BudgetError):
            coq_source(data)
        return
    defined = re.findall(r"^(?:Definition|Theorem) (\w+)", coq_source(data), re.MULTILINE)
    assert len(set(defined)) == len(defined)


@names
def test_a_reader_is_told(name: str) -> None:
    data = DEGENERATE[name]
    if name == "a law for all widths of no phi":
        with pytest.raises(ValueError, match="no weights or no phi"):
            render(data, "md")
    else:
        assert all(render(data, kind) for kind in ("md", "tex", "typ", "html"))


def test_prove_says_in_one_line_why_it_does_not(polylaw: Any, tmp_path: Path) -> None:
    data = concrete(1, {"type": "ode", "rhs": [[[["1"]]]]}, [[["1", 0, 1]]], [independent([], 1)])
    data["model"] = DEGENERATE["no fields"]["model"]
    (tmp_path / "c.json").write_text(json.dumps(signed(data)))
    run = polylaw("prove", str(tmp_path / "c.json"), "-o", str(tmp_path / "c.v"))
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert "a claim about no law" in run.err
