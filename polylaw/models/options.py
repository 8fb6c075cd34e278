"""How builders check arguments: each check names the family and the argument, `nmf r` or `conv taps`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from polylaw.algebra.ring import nearest
from polylaw.errors import InputError, UnknownNameError
from polylaw.models.model import width


def flag(value: Any, argument: str) -> None:
    """Raises unless `value` is a bool."""
    if not isinstance(value, bool):
        raise InputError(argument, value, "true or false", "write one of these words")


def one_of(known: Sequence[str], value: str, argument: str) -> None:
    """Raises unless `value` is one of the `known` words."""
    if value not in known:
        raise InputError(argument, value, " or ".join(known), "write one of these words")


def one_per_place(value: tuple[int, ...] | int, places: int, argument: str) -> tuple[int, ...]:
    """Sizes for each of `places` layers or axes: one for all, or exactly one for each."""
    given = value if isinstance(value, tuple) else (value,)
    if len(given) not in (1, places):
        found, hint = ",".join(map(str, given)) or "none", "give one for all or one for each"
        raise InputError(argument, found, f"one integer, or {places}", hint)
    return tuple(width(size, argument) for size in (given * places if len(given) == 1 else given))


def one_for_each(
    names: Sequence[str],
    given: Mapping[Any, Any],
    argument: str,
    what: str,
    expected: str,
    absent: str = "nothing for {}",
) -> dict[str, Any]:
    """The values of a mapping that has one for each name, in the order of the names."""
    known = {*names}
    for name in given:
        if name not in known:
            raise UnknownNameError(argument, name, what, nearest(str(name), names))
    if missing := [name for name in names if name not in given]:
        raise InputError(argument, absent.format(missing[0]), expected)
    return {name: given[name] for name in names}
