"""A text cut into numbers, names and marks, each with its column, and a reader that steps over them.

The text is ASCII, and its length is bounded; nothing is ever evaluated as code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from polylaw.errors import InputError, ParseError, UnknownNameError

#: Digits of one number as it is written.
MAX_DIGITS = 4_000


class Token(NamedTuple):
    """A piece of the text: its kind (number, name, mark or end), the text, and where it stands."""

    kind: str
    text: str
    position: int


@dataclass(frozen=True)
class Lexicon:
    """What the texts of a notation are made of: numbers and marks as regular expressions, the words of an
    error for all else, and how many characters there may be."""

    numbers: str
    marks: str
    expected: str
    longest: int

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Its groups are the kinds of tokens, and space."""
        name, space = r"(?P<name>[A-Za-z][A-Za-z0-9_]*)", r"(?P<space>\s+)"
        return re.compile(f"(?P<number>{self.numbers})|{name}|(?P<mark>{self.marks})|{space}", re.ASCII)


def tokens_of(text: str, argument: str, lexicon: Lexicon) -> list[Token]:
    """The tokens of the text, `end` last, without the space between them.  Raises `ParseError`."""
    if not isinstance(text, str):
        raise ParseError(argument, text, "text")
    if len(text) > lexicon.longest:
        raise ParseError(argument, f"{len(text)} characters", f"at most {lexicon.longest}", "split the input")
    tokens, position = [], 0
    while position < len(text):
        match = lexicon.pattern.match(text, position)
        if match is None:
            found = text[position : position + 12]
            hint = "names have letters from a to z; " if found[:1].isalpha() else ""
            raise ParseError(argument, found, lexicon.expected, f"{hint}see column {position + 1}")
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append(Token(kind, match.group(), position))
        position = match.end()
    return [*tokens, Token("end", "end of text", len(text))]


@contextmanager
def errors_of(argument: str) -> Iterator[None]:
    """Errors of the values that a text means, as errors of the text."""
    try:
        yield
    except (ParseError, UnknownNameError):
        raise
    except InputError as error:
        raise ParseError(argument, error.found, error.expected, error.hint) from None


class Reader:
    """Tokens, and which of them comes next."""

    def __init__(self, argument: str, tokens: list[Token], position: int = 0) -> None:
        self.argument, self.tokens, self.position = argument, tokens, position

    @property
    def here(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def follows(self, *texts: str) -> bool:
        """Whether the token after the next one, which is not the last, is one of these."""
        return self.tokens[self.position + 1].text in texts

    def step(self) -> Token:
        """Step over the next token."""
        self.position += 1
        return self.tokens[self.position - 1]

    def take(self, *texts: str) -> str:
        """Step over the mark that stands here if it is one of `texts`, else empty."""
        token = self.tokens[self.position]
        if token.kind == "mark" and token.text in texts:
            self.position += 1
            return token.text
        return ""

    def expect(self, *texts: str) -> None:
        """Step over these tokens, in their order."""
        for text in texts:
            if self.here.text != text:
                raise self.error(f"'{text}'")
            self.position += 1

    def integer(self, expected: str, least: int = 0, most: int = 10**9 - 1) -> int:
        """Step over an integer without sign, in this range."""
        text = self.here.text
        if not text.isdigit() or len(text) > MAX_DIGITS or not least <= int(text) <= most:
            raise self.error(expected)
        self.position += 1
        return int(text)

    def numeral(self) -> str:
        """Step over a number, of bounded length."""
        if len(self.here.text) > MAX_DIGITS:
            raise self.error(f"at most {MAX_DIGITS} digits")
        return self.step().text

    def error(self, expected: str, hint: str = "") -> ParseError:
        """An error at the next token."""
        where = f"see column {self.here.position + 1}"
        return ParseError(self.argument, self.here.text, expected, f"{hint}; {where}" if hint else where)
