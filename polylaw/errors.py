"""One family of errors.  Every message is one line and says four things: which argument or key,
what was found, what was expected, and what to do next.  Each child is also the builtin a caller
would have expected (`ValueError`, `TypeError`, ...), so `except ValueError` keeps working."""

from __future__ import annotations

_SHOWN = 80
_LONGEST_CLAUSE = 100
_LONGEST = 399


def shown(value: object) -> str:
    """`repr(value)` on one line, cut in the middle when long: hostile input cannot flood a terminal."""
    try:
        return _one_line(repr(value), _SHOWN)
    except ValueError:  # Python refuses to write integers of more than 4300 digits
        return f"a very long {type(value).__name__}"


def _one_line(text: str, longest: int) -> str:
    if len(text) > longest:
        text = f"{text[: longest - 20]} ... {text[-12:]}"
    return "".join(c if c.isprintable() else "?" for c in text)


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
        message = self._message(_LONGEST)
        return message if len(message) <= _LONGEST else self._message(_LONGEST_CLAUSE)

    def _message(self, longest: int) -> str:
        clauses = self.argument, self.expected, self.hint
        argument, expected, hint = (_one_line(clause, longest) for clause in clauses)
        text = f"{argument}: found {shown(self.found)}, expected {expected}"
        return f"{text}; {hint}" if hint else text

    def within(self, place: str) -> PolylawError:
        """The same error with `place` (a file, a key) put before the argument's name."""
        return type(self)(f"{place}: {self.argument}", self.found, self.expected, self.hint)


class InputError(PolylawError, ValueError):
    """A value that cannot be used."""


class ParseError(InputError):
    """Text that is not in the grammar, or is larger than the bounds of its notation."""


class NameConflictError(InputError):
    """A name that is used twice, or that is reserved."""


class UnknownNameError(InputError, LookupError):
    """A name (variable, model family, option, key) that does not exist."""


class InexactError(PolylawError, TypeError):
    """A float, or another inexact value, where an exact rational is needed."""


class BudgetError(PolylawError, RuntimeError):
    """A bound on time, memory or unknowns was hit before the answer was known."""


class UndecidedError(PolylawError, RuntimeError):
    """A truth value, or a comparison, was asked of a result that could not be decided (`polylaw.truth`)."""


class BlindError(UndecidedError, AssertionError):
    """A check of floating-point numbers that rounding keeps from seeing what it is there to see."""


class VerificationError(PolylawError, ArithmeticError):
    """An exact check of our own result failed.  This is a defect in polylaw: please report it."""
