"""Where the motion of a law goes in a network, as the checker follows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from polylaw.networks.flat import RULES
from polylaw.networks.path import Path, Times


def path(state: Any, law: Any, *, exact: bool) -> Path:
    """The path of a law in the state of the checker, which raises `checker.Fails` if it does not hold."""
    moved = state.shown(law, exact)
    readers = {k for j in moved for k in state.readers.get(j, ())}
    return Path(
        _times(state.arrays[k].rule for k in readers if k in moved),
        _times(state.arrays[k].rule for k in readers if k not in moved),
    )


def _times(rules: Iterable[str]) -> Times:
    counts = Counter(rules)
    return tuple((rule, counts[rule]) for rule in RULES.values() if counts[rule])
