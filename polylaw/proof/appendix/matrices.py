"""Names of matrices of laws, words such as U1' U1 - U2 U2', as formulas, and what the formulas mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.matrix_word import Letter, MatrixWord
from polylaw.algebra.words.parse import parse_words
from polylaw.algebra.words.printing import clock_parts, matrix_words, ordered
from polylaw.errors import PolylawError
from polylaw.laws.array_words import alphabet_of_arrays
from polylaw.proof.appendix.document import Formula, Operator, Symbol
from polylaw.proof.appendix.expand import Grid
from polylaw.proof.appendix.formulas import ONES, Signed, parenthesised, row, summed, transposed, under
from polylaw.proof.appendix.names import Names, unfolded
from polylaw.proof.word_data import decoded_expression

#: What a name that is none of a matrix of this model may raise.
UNREADABLE = (PolylawError, ValueError, IndexError, KeyError, TypeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class MatrixName:
    """A name as a formula, the matrix read from it alone; whether it has a vector of ones, or unfoldings."""

    formula: Formula
    grid: Grid
    ones: bool
    unfolds: bool


def matrix_name(told: Mapping[str, Any], names: Names) -> MatrixName | None:
    """The name of a matrix of a certificate; None for what cannot be written as products of matrices."""
    try:
        words = matrix_words(expression := _expression(told, names))
        if words is None:
            return None
        letters = [letter for word in words.values() for letter in word.letters]
        formula = _Writer(names, words).formula(expression)
        ones, unfolds = any(not x.name for x in letters), any(x.axis for x in letters)
        return MatrixName(formula, names.meaning.grid(formula), ones, unfolds)
    except UNREADABLE:
        return None


def _expression(told: Mapping[str, Any], names: Names) -> Expression:
    """The word; certificates of version 1 have it as text."""
    alphabet = _alphabet(names)
    if "word" in told:
        return decoded_expression(alphabet, told["word"])
    return parse_words(alphabet, told["name"].replace("^T", "'"), "name")


def _alphabet(names: Names) -> Alphabet:
    """The arrays of the author as letters."""
    parameters = names.data["parameters"]
    scalars = Ring((), parameters, names.time.of_ring(parameters) if names.time else None)
    arrays = {array["name"]: tuple(array["shape"]) for array in names.data["model"]["arrays"]}
    return alphabet_of_arrays(scalars, arrays)[0]


def product_of(word: MatrixWord, symbol: Callable[[Letter], Symbol]) -> Formula:
    """A word without its head: traces and scalar products, then the product that carries its axes."""

    def product(letters: Iterable[Letter]) -> Formula:
        named = ((symbol(x) if x.name else ONES, x.turned) for x in letters)
        return row(*(transposed(letter) if turned else letter for letter, turned in named))

    front = (under("tr" if cycle else "", product(letters)) for cycle, letters in word.front)
    return row(*front, product(word.product))


class _Writer:
    def __init__(self, names: Names, words: Mapping[Any, MatrixWord]) -> None:
        self.names, self.words = names, words

    def formula(self, expression: Expression) -> Formula:
        """What a power of the clock multiplies, or a diagonal is taken of, stands together."""
        groups: dict[int, list[tuple[MatrixWord, Polynomial]]] = {}
        for term, scalar in ordered(expression):
            for power, c in clock_parts(scalar).items():
                groups.setdefault(power, []).append((self.words[term], c))
        parts: list[Signed] = []
        for power, terms in sorted(groups.items()):
            inner = self._heads(terms)
            parts += inner if not power else [_behind(self.names.clock(power), inner)]
        return summed(parts)

    def _heads(self, terms: list[tuple[MatrixWord, Polynomial]]) -> list[Signed]:
        parts: list[Signed] = []
        for (head, _), group in groupby(terms, key=lambda t: (t[0].head, t[0].width)):
            inner = [self.names.times(c, product_of(word, self._letter)) for word, c in group]
            parts += [_behind(Operator(head), inner)] if head else inner
        return parts

    def _letter(self, letter: Letter) -> Symbol:
        names = self.names
        if letter.name in names.shapes:
            symbol = names.by_name[letter.name]
        else:
            symbol = names.velocity_of(names.by_name[letter.name.removeprefix("d")])
        return unfolded(symbol, letter.axis) if letter.axis else symbol


def _behind(front: Formula, inner: list[Signed]) -> Signed:
    """A sum in parentheses behind something; a sign that it begins with stands before both."""
    negative = inner[0][0]
    return negative, row(front, parenthesised(summed([(sign != negative, f) for sign, f in inner])))
