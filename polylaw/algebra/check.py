"""How long work is stopped: it calls a check between its steps, with what is being done, and the check may raise."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Check", "unchecked"]

#: Called with what is being done; raises `BudgetError` to end it.
Check = Callable[[str], None]


def unchecked(stage: str) -> None:
    """The check that never stops the work."""
