"""Every output is byte for byte the frozen one; a difference that is meant is written down by `python -m
tests.outputs`."""

from __future__ import annotations

import pytest

from tests.outputs.run import EXPECTED, groups, output_of


@pytest.mark.parametrize("group", groups())
def test_outputs_are_the_frozen_ones(group: str) -> None:
    assert output_of(group) == (EXPECTED / f"{group}.txt").read_text("utf-8")


def test_nothing_else_is_frozen() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == set(groups())
