"""Lists in options and specs: `U1,U2`, `U1=2,V=b`. Nothing is left out in silence, nothing is said twice."""

from __future__ import annotations

from polylaw.errors import InputError


def items(text: str, argument: str, separator: str = ",") -> list[str]:
    """The items of a list, at least one, without the space around them; `InputError` where one is missing."""
    if not text.strip():
        raise InputError(argument, text, "a list of at least one item")
    found = [item.strip() for item in text.split(separator)]
    if not all(found):
        expected = f"something before and after each '{separator}'"
        raise InputError(argument, text, expected, "complete the list, or leave the mark out")
    return found


def once(names: list[str], argument: str) -> list[str]:
    """The names; `InputError` when one of them comes twice."""
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise InputError(argument, f"{twice} twice", "each name once")
    return names


def pairs(text: str, argument: str, example: str) -> dict[str, str]:
    """The values of `name=value,...` by name; `InputError`, with the `example`, for one missing or twice."""
    split = [item.partition("=") for item in items(text, argument)]
    if not all(equals and name.strip() and value.strip() for name, equals, value in split):
        raise InputError(argument, text, f"names with values, such as {example}")
    names = once([name.strip() for name, _, _ in split], argument)
    return dict(zip(names, (value.strip() for *_, value in split), strict=True))
