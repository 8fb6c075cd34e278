"""Rules for operations of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from polylaw.networks.graph import Value

_Write = TypeVar("_Write", bound=Callable[..., Value])
#: What writes an operation down in terms of others, by its name, such as `mylib::op`.
RULES: dict[str, Callable[..., Value]] = {}


def rule(name: str) -> Callable[[_Write], _Write]:
    """Declares what an operation of one's own is, in terms of operations that have rules.

    The function gets the graph, then the arguments of the operation, its tensors as values of the graph.
    What it says has to be true: a wrong rule makes wrong laws, which `assert_gradients` notices.

    >>> from fractions import Fraction
    >>> @rule("mylib::halved")
    ... def halved(graph, x):
    ...     return graph.add([x], [Fraction(1, 2)])
    """

    def declare(write: _Write) -> _Write:
        RULES[name] = write
        return write

    return declare
