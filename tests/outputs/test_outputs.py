"""What the program prints and writes is what it printed and wrote; `python -m tests.outputs` freezes it
anew."""

from __future__ import annotations

import pytest

from tests.helpers import mostly_slow
from tests.outputs.run import EXPECTED, groups, output_of
from tests.outputs.shapes import _shapes, assert_shaped, objects_in

#: The groups whose commands take long; what they do is tested by other quick tests.
LONG = {"find_models", "find_flows", "find_json", "count", "words", "certify_flows", "certify_ode", "json"}

#: What needs torch, which frozen outputs do not: tests of `polylaw net` check its shape.
ELSEWHERE = {"polylaw-net-1"}


@pytest.mark.parametrize("name", mostly_slow(groups(), *(groups().keys() - LONG)))
def test_outputs_are_the_frozen_ones(name: str) -> None:
    assert output_of(name) == (EXPECTED / f"{name}.txt").read_text("utf-8")


def test_every_json_output_has_its_published_shape() -> None:
    seen = set()
    for path in EXPECTED.glob("*.txt"):
        for data in objects_in(path.read_text("utf-8")):
            assert_shaped(data)
            seen.add(data["schema"])
    assert seen | ELSEWHERE == set(_shapes())
    assert not seen & ELSEWHERE


def test_another_shape_is_noticed() -> None:
    right = {"schema": "polylaw-undecided-1", "verdict": "undecided", "reason": "time"}
    assert_shaped(right)
    for wrong in ({**right, "reason": 1}, {**right, "more": ""}, {"schema": "polylaw-undecided-1"}):
        with pytest.raises(AssertionError):
            assert_shaped(wrong)
