"""What both notations of words share: bounds, scalars, and products without a sign between the factors."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeVar

from polylaw.algebra.bounded import BoundedArithmetic
from polylaw.algebra.parse import Factor, begins_clock, polynomial_of
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import nearest
from polylaw.algebra.words.expression import Alphabet
from polylaw.errors import ParseError, UnknownNameError
from polylaw.syntax.grammar import Grammar, Signed
from polylaw.syntax.tokens import Lexicon, Token

MOST_TERMS, MOST_LETTERS, MOST_INDICES = 2_000, 40, 60
LEXICON = Lexicon(
    r"\d+", r"\.\*|[-+*/^()\[\],']", "a letter, a number, or one of + - * .* / ^ ( ) [ ] , '", 20_000
)

V = TypeVar("V", bound=Signed)


class Words(Grammar[V]):
    """A notation over an alphabet."""

    nesting = 40
    juxtaposition = True

    def __init__(self, alphabet: Alphabet, text: str, tokens: list[Token], argument: str) -> None:
        super().__init__(argument, tokens)
        self.alphabet, self.text = alphabet, text

    @abstractmethod
    def constant(self, scalar: Polynomial) -> V:
        """A scalar as a value."""

    @abstractmethod
    def letter(self, depth: int) -> V:
        """The letter or function that stands here."""

    def number(self) -> V:
        """A scalar that begins with a number."""
        return self.constant(self.scalar())

    def name(self, depth: int) -> V:
        """A parameter, a power of the clock, a letter or a function."""
        scalars, name = self.alphabet.scalars, self.here.text
        if name not in self.alphabet.letters and (name in scalars or begins_clock(scalars, name)):
            return self.constant(self.scalar())
        return self.letter(depth)

    def scalar(self) -> Polynomial:
        """A number, a quotient of two, a parameter or a power of the clock, read as in polynomials."""
        first = self.here
        arithmetic = BoundedArithmetic(self.alphabet.scalars, self.argument, ParseError)
        parser = Factor(arithmetic, self.tokens, self.position)
        value = parser.power(0)
        if first.kind == "number" and parser.position == self.position + 1 and parser.take("/"):
            if parser.here.kind != "number":
                raise parser.error("a number")
            value = parser.times(value, "/", parser.number())
        self.position = parser.position
        return polynomial_of(parser.arithmetic.lowest(value), self.text, self.argument)

    def unknown(self) -> UnknownNameError:
        """The error that this name is unknown."""
        known = [*self.alphabet.letters, *self.alphabet.scalars.parameters]
        found = self.here.text
        return UnknownNameError(self.argument, found, "a matrix letter or a parameter", nearest(found, known))

    def bounded(self, terms: int, letters: int) -> None:
        """Refuse a value of so many terms, with so many letters in one of them."""
        if letters > MOST_LETTERS:
            raise ParseError(self.argument, f"a product of {letters} letters", f"at most {MOST_LETTERS}")
        if terms > MOST_TERMS:
            raise ParseError(self.argument, f"{terms} terms", f"at most {MOST_TERMS}")
