"""Checks of arguments, each in one place: an error names the argument, what was found, what was expected and
what to do."""

from __future__ import annotations

from collections.abc import Iterable
from operator import index
from typing import Any, TypeVar

from polylaw.errors import InputError

_T = TypeVar("_T")


def instance(value: Any, kind: type[_T], argument: str, hint: str = "") -> _T:
    """The value, if it is of this class."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise InputError(argument, value, f"{article} {kind.__name__}", hint)
    return value


def whole(value: Any, least: int | None = None, most: int | None = None) -> int | None:
    """The integer in a range, None for anything else; numpy's integers are some, True and False are none."""
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        return None
    if number is None or (least is not None and number < least) or (most is not None and number > most):
        return None
    return number


def integer(value: Any, argument: str, least: int = 1, most: int | None = None, hint: str = "") -> int:
    """The integer in a range."""
    number = whole(value, least, most)
    if number is None:
        expected = f"an integer >= {least}" if most is None else f"an integer from {least} to {most}"
        raise InputError(argument, value, expected, hint)
    return number


def name(value: Any, argument: str) -> str:
    """A name, or that of a sympy symbol."""
    text = value if isinstance(value, str) else getattr(value, "name", None)
    if not isinstance(text, str):
        raise InputError(argument, value, "a name as text", "or a sympy Symbol")
    return text


def names(values: Any, argument: str) -> tuple[str, ...]:
    """Several names; one text is none, its characters would be."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InputError(argument, values, "a list of names", "for example ['x', 'y']")
    return tuple(name(value, argument) for value in values)
