"""Sums and products, of whatever a notation speaks of: recursive descent, one method per line.

    sum     = ["+" | "-"] product { ("+" | "-") product }
    product = power { [operator] power }       without an operator only where a notation has juxtaposition
    power   = atom { postfix }
    atom    = number | name | function "(" sum ")" | "(" sum ")"

A notation is a subclass: it says which operators and postfixes it has and what its numbers, names, sums and
products are.  Nesting is bounded here, at every atom.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Generic, Protocol, Self, TypeVar

from polylaw.syntax.tokens import Reader, Token


class Signed(Protocol):
    """What a text may mean: it has a negative."""

    def __neg__(self) -> Self: ...


V = TypeVar("V", bound=Signed)

#: Parentheses that may be open at a time, unless a notation has fewer; the stack of Python holds these.
MAX_NESTING = 100


class Grammar(Reader, ABC, Generic[V]):
    """A reader of texts that mean values of one kind; `depth` counts open parentheses."""

    operators: ClassVar[tuple[str, ...]] = ("*", "/")
    postfixes: ClassVar[tuple[str, ...]] = ("^", "**")
    juxtaposition: ClassVar[bool] = False
    nesting: ClassVar[int] = MAX_NESTING
    #: What errors say of an atom that is missing, and of a text that goes on where it should end.
    operand: ClassVar[str] = "a number, a name or '('"
    advice: ClassVar[str] = ""

    def whole(self) -> V:
        """The value of the text, up to its end."""
        value = self.sum(0)
        self.finish()
        return value

    def finish(self) -> None:
        """Refuse what is left of the text."""
        if self.here.kind != "end":
            raise self.error("an operator or the end", self.advice)

    @abstractmethod
    def sum(self, depth: int) -> V:
        """The sum of the `summands`, which are read as they are asked for."""

    def summands(self, depth: int) -> Iterator[V]:
        """Products with their signs."""
        mark = self.take("+", "-") or "+"
        while mark:
            value = self.product(depth)
            yield -value if mark == "-" else value
            mark = self.take("+", "-")

    def product(self, depth: int) -> V:
        """Powers, multiplied from left to right."""
        value = self.power(depth)
        while (mark := self.take(*self.operators)) or (self.juxtaposition and self.starts_factor):
            value = self.extended(value, mark, depth)
        return value

    def extended(self, value: V, mark: str, depth: int) -> V:
        """A product with the factor that stands here; `mark` is empty when nothing stands between the two."""
        return self.times(value, mark, self.power(depth))

    @property
    def starts_factor(self) -> bool:
        """Whether a factor may begin here."""
        return self.here.kind in ("number", "name") or self.here.text == "("

    def power(self, depth: int) -> V:
        """An atom with what is written behind it."""
        first = self.here
        value = self.atom(depth)
        while mark := self.take(*self.postfixes):
            value = self.raised(value, mark, first, depth)
        return value

    def atom(self, depth: int) -> V:
        """A number, a name, a function or a sum in parentheses."""
        if depth > self.nesting:
            raise self.error(f"at most {self.nesting} nested parentheses")
        if self.take("("):
            value = self.sum(depth + 1)
            self.expect(")")
            return value
        if self.here.kind == "number":
            return self.number()
        if self.here.kind == "name":
            return self.name(depth)
        raise self.error(self.operand)

    @abstractmethod
    def times(self, left: V, mark: str, right: V) -> V:
        """left mark right, for one of the operators, or none."""

    def raised(self, value: V, mark: str, first: Token, depth: int) -> V:
        """A value with a postfix, of which the mark is read; its atom began at the token `first`."""
        raise NotImplementedError

    @abstractmethod
    def number(self) -> V:
        """The number that stands here."""

    @abstractmethod
    def name(self, depth: int) -> V:
        """The name that stands here, with its arguments if it is a function."""
