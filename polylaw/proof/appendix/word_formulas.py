"""From words to formulas: as products of matrices where they are, for each copy where all letters have copies
(heads), else entry by entry with the sums written out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TypeVar

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.matrix_word import matrix_word
from polylaw.algebra.words.printing import clock_parts, matrix_words, ordered
from polylaw.algebra.words.term import Term, canonical, is_ones
from polylaw.flows.shaped import ShapedFlow
from polylaw.proof.appendix import formulas as fm
from polylaw.proof.appendix.document import Formula, Number, Operator, Part, Power, Subscript, Symbol
from polylaw.proof.appendix.lettering import face, spare_letters
from polylaw.proof.appendix.matrices import product_of
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import listed
from polylaw.proof.appendix.word_expand import reproduced_words

_INDICES = "ijklpqrsuvwxyzabcdefgh"
_Item = TypeVar("_Item")


class WordFormulas:
    """Symbols for the letters of a shaped flow, and how a group of expressions is best written."""

    def __init__(self, names: Names, flow: ShapedFlow) -> None:
        self.names, self.flow = names, flow
        model = flow.model
        known = {*model.weights, *model.constants, *flow.letters}
        self.gradients = [name for name in flow.alphabet.letters if name not in known]
        self.velocities = [name for name in flow.letters if name not in model.weights]
        taken = {face(s)[0] for s in [*names.by_name.values(), names["map"]]} | {"t", "d", "e"}
        self.indices = list(islice(spare_letters(_INDICES, taken), 1000))
        self.deltas = False  # whether some delta_ij was written, which is to be explained
        self.gradient = next(spare_letters("GEFDHPSTXYZ", {*taken, *self.indices}))

    def symbol(self, name: str) -> Symbol:
        """A letter: a velocity has a dot, and one loss gradient alone has no number."""
        if name in self.velocities:
            return self.names.velocity_of(self.names.by_name[name[1:]])
        if name in self.gradients:
            number = "" if len(self.gradients) == 1 else str(1 + self.gradients.index(name))
            return Symbol(self.gradient, number)
        return self.names.by_name[name]

    def notation(self, expressions: Iterable[Expression], *, apart: bool = False) -> Notation:
        """The shortest way to write all of these, which have the same axes, in one display."""
        given = list(expressions)
        if all(map(_is_word, given)):
            return Notation(self, "")
        single = [_without_copies(e) for e in given]
        if all(e is not None and _is_word(e) for e in single):
            return Notation(self, self.indices[0])
        patterns = {term.open for expression in given for term in expression.terms}
        return Notation(self, "", entries=True, apart=apart or len(patterns) > 1)


@dataclass(frozen=True)
class Notation:
    """Matrix words; with `copy`, words of which each letter has that index; with `entries`, sums of entries.

    An entry is named by the indices that differ, such as that on the diagonal of a diagonal matrix by one;
    with `apart` by an index for each axis, and delta_ij says where it is not zero.
    """

    formulas: WordFormulas
    copy: str
    entries: bool = False
    apart: bool = False

    def axes(self, expression: Expression) -> list[Formula]:
        """The names of the indices of an entry, each once; none for words."""
        if not self.entries:
            return []
        last = max((max(term.open, default=-1) for term in expression.terms), default=-1)
        count = len(expression.widths) if self.apart else last + 1
        return [*map(Symbol, self.formulas.indices[:count])]

    def quantifier(self, expression: Expression) -> list[Part]:
        """`for all i and j`, `for every k`: nothing for words."""
        if self.copy:
            return [" for every ", Symbol(self.copy)]
        axes = self.axes(expression)
        return [" for all " if len(axes) > 1 else " for every ", *listed(axes)] if axes else []

    def letter(self, name: str, dots: int = 0) -> Symbol:
        """A letter as the left side of an equation."""
        plain = self.formulas.symbol(name)
        axes = len(self.formulas.flow.alphabet.widths(name)) if self.entries else 0
        return self._indexed(plain, tuple(self.formulas.indices[:axes]), dots or plain.dots)

    def lines(self, expression: Expression, room: float = fm.ROOM) -> list[Formula]:
        """An expression on as many lines as it needs; what a power of the clock multiplies is together."""
        names, groups = self.formulas.names, self._by_clock(expression)
        power, terms = next(iter(groups.items()), (0, []))
        if power and len(groups) == 1 and len(terms) > 1:
            lines = names.scaled(names.clock(power), terms, room)
        else:
            lines = fm.sum_lines(self._terms(expression), room)
        self._reproduced(expression, lines)
        return lines

    def terms(self, expression: Expression) -> list[fm.Signed]:
        """The summands of an expression."""
        terms = self._terms(expression)
        self._reproduced(expression, [fm.summed(terms)])
        return terms

    def _reproduced(self, expression: Expression, lines: list[Formula]) -> None:
        """That this is what the lines mean."""
        reduced = _without_copies(expression) if self.copy else expression
        assert reduced is not None
        symbols = {name: self._indexed(self.formulas.symbol(name), ()) for name in reduced.alphabet.letters}
        axes = [Symbol(i) for i in self.formulas.indices[: len(reduced.widths)]] if self.entries else None
        reproduced_words(self.formulas.names, reduced, symbols, axes, lines, apart=self.apart)

    def _terms(self, expression: Expression) -> list[fm.Signed]:
        clock = self.formulas.names.clock
        parts: list[fm.Signed] = []
        for power, terms in sorted(self._by_clock(expression).items()):
            if power and len(terms) > 1:
                parts.append((False, fm.row(clock(power), fm.parenthesised(fm.summed(terms)))))
            else:
                parts += [(sign, fm.row(clock(power), term) if power else term) for sign, term in terms]
        return parts

    def formula(self, expression: Expression) -> Formula:
        """An expression on one line."""
        return fm.row(*self.lines(expression, float("inf")))

    def _by_clock(self, expression: Expression) -> dict[int, list[fm.Signed]]:
        reduced = _without_copies(expression) if self.copy else expression
        assert reduced is not None
        groups: dict[int, list[fm.Signed]] = {}
        for term, c in ordered(reduced):
            product = self._product(reduced.alphabet, term)
            for power, rest in clock_parts(c).items():
                groups.setdefault(power, []).append(self.formulas.names.times(rest, product))
        return groups

    def _product(self, alphabet: Alphabet, term: Term) -> Formula:
        word = None if self.entries else matrix_word(alphabet, term)
        if word is None:
            return self._entries(term)
        symbol = self.formulas.symbol
        return fm.under(word.head, product_of(word, lambda letter: self._indexed(symbol(letter.name), ())))

    def _entries(self, term: Term) -> Formula:
        names, factors = self.formulas.indices, list[Formula]()
        if self.apart:  # indices are named after the first axis that has them, bound ones after all axes
            first = {label: k for k, label in reversed(list(enumerate(term.open)))}
            more = len(term.open) - len(first)
            ties = [(names[first[label]], names[k]) for k, label in enumerate(term.open) if first[label] != k]
            names = [names[first.get(label, label + more)] for label in range(term.indices)]
            factors += [Symbol("delta", "", tie) for tie in ties]
            self.formulas.deltas |= bool(ties)
        over = [Symbol(names[i]) for i in term.bound]
        bound = [Subscript(Operator("sum"), fm.joined(over))] if over else []
        for (name, labels), equal in groupby(term.factors):
            letter = fm.ONES if is_ones(name) else self.formulas.symbol(name)
            power = len(list(equal))
            symbol = self._indexed(letter, tuple(names[i] for i in labels))
            factors.append(symbol if power == 1 else Power(symbol, Number(str(power))))
        return fm.row(*bound, *factors)

    def _indexed(self, symbol: Symbol, index: tuple[str, ...], dots: int = 0) -> Symbol:
        number = ",".join(filter(None, (symbol.number, self.copy)))
        return Symbol(symbol.name, number, index, dots or symbol.dots)


def _is_word(expression: Expression) -> bool:
    """Whether it is a sum of words, of letters none of which is unfolded."""
    words = matrix_words(expression)
    return words is not None and not any(letter.axis for word in words.values() for letter in word.letters)


def _without_copies(expression: Expression) -> Expression | None:
    """The expression at one value of its first axis, when every factor of every term has that axis once, and
    a letter always in the same place; None otherwise."""
    alphabet, places = expression.alphabet, dict[str, int]()
    terms: dict[Term, Polynomial] = {}
    for term, c in expression:
        if not term.open or term.open.count(0) != 1:
            return None
        factors = []
        for name, labels in term.factors:
            if labels.count(0) != 1 or places.setdefault(name, labels.index(0)) != labels.index(0):
                return None
            if len(labels) < 3:  # rows of a matrix are better written by entries than as vectors
                return None
            factors.append((name, _removed(labels, labels.index(0))))
        terms[canonical(term.open[1:], factors)] = c
    kept = ((name, alphabet.widths(name)) for name in alphabet.letters if name in places)
    letters = {name: _removed(widths, places[name]) for name, widths in kept}
    return Expression(Alphabet(letters, alphabet.scalars), expression.widths[1:], terms)


def _removed(items: Sequence[_Item], place: int) -> tuple[_Item, ...]:
    return (*items[:place], *items[place + 1 :])
