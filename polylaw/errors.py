"""One family of errors.  Every message is one line and says four things: which argument or key,
what was found, what was expected, and what to do next.  Each child is also the builtin a caller
would have expected (`ValueError`, `TypeError`, ...), so `except ValueError` keeps working."""

from __future__ import annotations

__all__ = [
    "BudgetError",
    "InexactError",
    "InputError",
    "NameConflictError",
    "ParseError",
    "PolylawError",
    "UnknownNameError",
    "VerificationError",
    "shown",
]

_SHOWN = 80


def shown(value: object) -> str:
    """`repr(value)` on one line, cut in the middle when long, so that hostile input cannot flood a terminal."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "?" for c in text)
    if len(text) > _SHOWN:
        text = f"{text[: _SHOWN - 20]} ... {text[-12:]}"
    return repr(text) if isinstance(value, str) else text


class PolylawError(Exception):
    """Base of everything polylaw raises on purpose.

    `argument` names the argument, file and key, or option; `found` is its value; `expected` and
    `hint` are clauses without a full stop.
    """

    def __init__(self, argument: str, found: object, expected: str, hint: str = "") -> None:
        self.argument = argument
        self.found = found
        self.expected = expected
        self.hint = hint
        super().__init__(argument, found, expected, hint)

    def __str__(self) -> str:
        text = f"{self.argument}: found {shown(self.found)}, expected {self.expected}"
        return f"{text}; {self.hint}" if self.hint else text

    def within(self, place: str) -> PolylawError:
        """The same error with `place` (a file, a key) put before the argument's name."""
        return type(self)(f"{place}: {self.argument}", self.found, self.expected, self.hint)


class InputError(PolylawError, ValueError):
    """A value that cannot be used."""


class ParseError(InputError):
    """Text that is not in the grammar, or is larger than the bounds of `polylaw.algebra.parse`."""


class NameConflictError(InputError):
    """A name that is used twice, or that is reserved."""


class UnknownNameError(InputError, LookupError):
    """A name (variable, model family, option, key) that does not exist."""


class InexactError(PolylawError, TypeError):
    """A float, or another inexact value, where an exact rational is needed."""


class BudgetError(PolylawError, RuntimeError):
    """A bound on time, memory or unknowns was hit before the answer was known."""


class VerificationError(PolylawError, ArithmeticError):
    """An exact check of our own result failed.  This is a defect in polylaw: please report it."""
