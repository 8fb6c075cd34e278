"""Mappings, and objects of other kinds, that are values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Value(ABC):
    """What is equal to others of its kind that are made of the same."""

    @property
    @abstractmethod
    def made_of(self) -> Hashable:
        """All that makes a difference to what it means, names and titles left out."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value) or type(other) is not type(self):
            return NotImplemented
        return self is other or self.made_of == other.made_of

    def __hash__(self) -> int:
        return hash((type(self), self.made_of))


class Frozen(dict[_Key, _Value]):
    """A dict that does not change and has a hash: equal mappings have equal ones."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def _refused(self, *arguments: Any, **more: Any) -> Any:
        raise TypeError("this mapping does not change")

    __setitem__ = __delitem__ = __ior__ = _refused
    update = pop = popitem = clear = setdefault = _refused

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)
