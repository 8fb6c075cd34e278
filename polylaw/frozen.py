"""Mappings that are values."""

from __future__ import annotations

from typing import Any, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


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
