"""What both notations of words share: tokens, bounds, and scalars."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import NamedTuple

from polylaw.algebra.parse import parse_polynomial
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import nearest
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.errors import ParseError, PolylawError, UnknownNameError

__all__ = ["MOST_INDICES", "MOST_LETTERS", "MOST_NESTING", "MOST_TERMS", "Reader", "Token", "tokens_of"]

MOST_CHARACTERS, MOST_TERMS, MOST_LETTERS, MOST_NESTING, MOST_INDICES = 20_000, 2_000, 40, 40, 60
_TOKEN = re.compile(
    r"(?P<number>\d+)|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<mark>\.\*|[-+*/^()\[\],'])|(?P<space>\s+)", re.ASCII
)


class Token(NamedTuple):
    """A number, name, mark or the end, and where it stands in the text."""

    kind: str
    text: str
    start: int
    end: int


def tokens_of(text: str, argument: str) -> list[Token]:
    """The tokens of a text, the end last.  Raises `ParseError`."""
    if not isinstance(text, str):
        raise ParseError(argument, text, "text", "for example \"U' U - V' V\"")
    if len(text) > MOST_CHARACTERS:
        raise ParseError(argument, f"{len(text)} characters", f"at most {MOST_CHARACTERS}")
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            found = text[position : position + 12]
            raise ParseError(
                argument,
                found,
                "a letter, a number, or one of + - * .* / ^ ( ) [ ] , '",
                f"see column {position + 1}",
            )
        if match.lastgroup != "space":
            tokens.append(Token(match.lastgroup or "", match.group(), position, match.end()))
        position = match.end()
    return [*tokens, Token("end", "the end", len(text), len(text))]


class Reader(ABC):
    """What both notations share: tokens and scalars."""

    def __init__(self, alphabet: Alphabet, text: str, tokens: list[Token], argument: str) -> None:
        self.alphabet, self.text, self.tokens, self.argument = alphabet, text, tokens, argument
        self.position = 0

    @abstractmethod
    def whole(self) -> Expression:
        """The value of the whole text."""

    @property
    def here(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def take(self, *marks: str) -> str | None:
        """Step over the next token if it is one of these marks."""
        if self.here.kind == "mark" and self.here.text in marks:
            self.position += 1
            return self.tokens[self.position - 1].text
        return None

    def error(self, expected: str, hint: str = "") -> ParseError:
        """The error that something else was expected here."""
        column, last = self.here.start + 1, len(self.text)
        where = f"see column {column} of {last}" if column <= last else "see its end"
        return ParseError(self.argument, self.here.text, expected, hint or where)

    def expect(self, mark: str) -> None:
        """Step over this mark, or raise."""
        if not self.take(mark):
            raise self.error(f"'{mark}'")

    def end(self) -> None:
        """Raise unless all is read."""
        if self.here.kind != "end":
            raise self.error("an operator or the end")

    def starts_factor(self) -> bool:
        """Whether a factor may begin here."""
        return self.here.kind in ("number", "name") or self.here.text == "("

    def is_scalar_name(self) -> bool:
        """Whether the next token is a parameter or begins a power of the clock."""
        scalars, name = self.alphabet.scalars, self.here.text
        if self.here.kind != "name" or name in self.alphabet.letters:
            return False
        return name in scalars or (scalars.clock is not None and name in ("exp", "t"))

    def scalar(self) -> Polynomial:
        """A number, a parameter or a power of the clock, read by the parser of polynomials."""
        first = self.here
        self.position += 1
        if first.text == "exp":
            self.parentheses()
        if self.take("^"):
            if self.here.text == "(":
                self.parentheses()
            else:
                self.position += 1
        elif first.kind == "number" and self.here.text == "/":
            self.position += 2
        source = self.text[first.start : self.tokens[min(self.position, len(self.tokens)) - 1].end]
        return parse_polynomial(self.alphabet.scalars, source, self.argument)

    def parentheses(self) -> None:
        """Step over a pair of parentheses with all that is inside."""
        self.expect("(")
        depth = 1
        while depth:
            if self.here.kind == "end":
                raise self.error("')'")
            depth += (self.here.text == "(") - (self.here.text == ")")
            self.position += 1

    def unknown(self) -> PolylawError:
        """The error that this name is unknown."""
        known = [*self.alphabet.letters, *self.alphabet.scalars.parameters]
        return UnknownNameError(
            self.argument, self.here.text, "a matrix letter or a parameter", nearest(self.here.text, known)
        )

    def bounded(self, value: Expression) -> Expression:
        """The value, unless it is too long to go on with."""
        if value.length > MOST_LETTERS:
            raise ParseError(self.argument, f"a product of {value.length} letters", f"at most {MOST_LETTERS}")
        if len(value.terms) > MOST_TERMS:
            raise ParseError(self.argument, f"{len(value.terms)} terms", f"at most {MOST_TERMS}")
        return value
