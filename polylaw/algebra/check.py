"""How long work is stopped: between steps it tells a check what is being done, and that may raise."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Protocol

from polylaw.errors import BudgetError

#: Called with what is being done; raises `BudgetError` to end it.
Check = Callable[[str], None]


class TimedCheck(Protocol):
    """The same, also before a step that nothing interrupts and that takes about `ahead` seconds."""

    def __call__(self, stage: str, ahead: float = 0.0) -> None:
        """Raises `BudgetError` to end it."""


def unchecked(stage: str, ahead: float = 0.0) -> None:
    """The check that never stops the work."""


def every(steps: int, check: Check) -> Check:
    """The check at one in so many steps, for small ones: it costs little, and little work is not stopped."""
    taken = count(1)

    def counted(stage: str) -> None:
        if next(taken) % steps == 0:
            check(stage)

    return counted


def at_most(steps: int, argument: str, check: Check = unchecked) -> Check:
    """A check that raises `BudgetError`, about `argument`, after so many steps, until then does `check`."""
    taken = count(1)

    def counted(stage: str) -> None:
        if next(taken) > steps:
            raise BudgetError(argument, steps, f"more steps for {stage}")
        check(stage)

    return counted
