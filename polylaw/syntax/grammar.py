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
    #: Whether summands are added when all of them are read, not each as soon as it is.
    at_once: ClassVar[bool] = False
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

    def sum(self, depth: int) -> V:
        """Products with their signs, added."""
        summands: list[V] = []
        mark = self.take("+", "-") or "+"
        while mark:
            value = self.product(depth)
            summands.append(-value if mark == "-" else value)
            if not self.at_once:
                summands = [self.total(summands)]
            mark = self.take("+", "-")
        return self.total(summands)

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

    def argument_of(self, depth: int) -> V:
        """What a function is taken of: a sum in parentheses."""
        self.expect("(")
        value = self.sum(depth + 1)
        self.expect(")")
        return value

    @abstractmethod
    def total(self, summands: list[V]) -> V:
        """The sum of one or more values."""

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
