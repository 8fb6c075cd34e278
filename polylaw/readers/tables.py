"""Tables of a file with their checks: an error names the key as it stands in the file, `model.phi[2]`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from polylaw.algebra.rationals import rational_text
from polylaw.algebra.ring import nearest
from polylaw.errors import InputError, PolylawError, UnknownNameError

_LONGEST_NAME = 200


@contextmanager
def errors_at(place: str) -> Iterator[None]:
    """Errors from inside name the place, a file or a key."""
    try:
        yield
    except PolylawError as error:
        raise error.within(place) from None


def stem(place: str) -> str:
    """A name for what has none: that of its file, whatever alphabet that is in."""
    text = os.fsencode(Path(place).stem).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "?" for c in text)[:_LONGEST_NAME]


@dataclass(frozen=True)
class Table:
    """The entries under a `name`, which the tables of a whole file do not have."""

    entries: Mapping[str, Any]
    name: str = ""

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def get(self, key: str, default: Any = None) -> Any:
        """The value as it is."""
        return self.entries.get(key, default)

    def place(self, key: str) -> str:
        """How errors call a key."""
        return f"{self.name}.{key}" if self.name else key

    def only(self, keys: Iterable[str]) -> Table:
        """This table, if it has no other keys."""
        for key in self.entries:
            if key not in keys:
                raise UnknownNameError(f"key {self.place(key)}", key, "a known key", nearest(key, keys))
        return self

    def alone(self, key: str, others: Iterable[str]) -> None:
        """None of the others is said beside the key."""
        for other in others:
            if other in self:
                hint = f"leave {key} or this key out"
                raise InputError(self.place(other), self.entries[other], f"nothing beside {key}", hint)

    def table(self, key: str) -> Table:
        """The table under a key, empty if there is none."""
        value = self.get(key, {})
        if not isinstance(value, Mapping):
            raise InputError(self.place(key), value, "a table", f"write [{self.place(key)}]")
        return Table(value, self.place(key))

    def text(self, key: str, default: str | None = None, such_as: str = "") -> str:
        """A text."""
        value = self.get(key, default)
        if not isinstance(value, str):
            raise InputError(self.place(key), value, f"text in quotes{such_as and ', such as ' + such_as}")
        return value

    def texts(self, key: str, example: str = '["u", "v"]') -> list[str]:
        """A list of texts; exact numbers are read as text."""
        values = self.get(key)
        if not isinstance(values, list):
            found = "nothing" if values is None else values
            raise InputError(self.place(key), found, "a list of texts", f"for example {key} = {example}")
        for i, value in enumerate(values, 1):
            if not isinstance(value, (str, int, Fraction)) or isinstance(value, bool):
                raise InputError(f"{self.place(key)}[{i}]", value, "text in quotes")
        return [value if isinstance(value, str) else rational_text(value) for value in values]

    def title(self, default: str) -> str:
        """The name of what the file describes."""
        name = Table({"name": self.get("name", default)}).text("name")
        if len(name) > _LONGEST_NAME or not name.isprintable():
            raise InputError("name", name, f"one line of at most {_LONGEST_NAME} printable characters")
        return name
