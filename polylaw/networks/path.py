"""The proof of a law of a network, as the list of the lemmas that it uses."""

from __future__ import annotations

from dataclasses import dataclass

#: What rules are called, and how often something happens at one.
Times = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Path:
    """How often the motion of a law goes on through operations of each kind, and how often it ends there.
    Both are lemmas about rescaling, mixing or shifting what such an operation reads."""

    passed: Times
    ends: Times

    def data(self) -> dict[str, dict[str, int]]:
        """As JSON."""
        return {"passed": dict(self.passed), "ends": dict(self.ends)}
