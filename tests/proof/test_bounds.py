"""No certificate under 1 MB takes the checker long, or much memory, whichever of its loops it feeds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from polylaw.proof import checker
from tests.proof.certificates import alone, signed
from tests.proof.hostile import HOSTILE

#: Those that are cheap after all, and what is said of them.
CHEAP = {
    "components of phi": "conserved: 1 laws annihilated by 0 fields",
    "long row and short pivots": "the gradients are dependent at the point",
    "common denominators": "conserved: 1 laws annihilated by 1 fields",
    "many monomials of a law": "conserved: 1 laws annihilated by 1 fields",
    "brackets that grow": "the rank is 1, so the bound is 29",
    "long numbers of points": "independent: the gradients of 1 laws are independent at the point",
    "open axes": "more than 200 axes and factors in a term",
    "degrees that grow": "more than 2000 words in a number",
    "fractions of long numbers": "more than 2000 words in a term of a product",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_work_is_bounded(name: str, tmp_path: Path) -> None:
    """At most 60 seconds of a processor that is much slower than ours, and 1 GB."""
    path = tmp_path / "c.json"
    path.write_text(json.dumps(signed(HOSTILE[name]()), separators=(",", ":")))
    assert path.stat().st_size < 1_000_000
    run = alone(path)
    last = run.stdout.splitlines()[-1]
    assert (last[11:], run.stderr) == (CHEAP.get(name, f"more than {checker.MAX_STEPS} steps"), "")
    assert run.returncode == (0 if last.startswith("  ok") else 3 if "more than" in last else 1)


@pytest.mark.slow
def test_a_refusal_is_the_same_at_any_speed() -> None:
    """The step at which a check ends depends on the certificate alone: there is no clock."""
    source = Path(checker.__file__).read_text("utf-8")
    assert "import time" not in source
    data = signed(HOSTILE["alike factors"]())
    steps = []
    for _ in range(2):
        state = checker.reading(data)
        with pytest.raises(checker.TooLarge, match="more than 100000000 steps"):
            [getattr(state, f"check_{claim['type']}")(claim) for claim in data["claims"]]
        steps.append(state.work.steps)
    assert steps[0] == steps[1]
