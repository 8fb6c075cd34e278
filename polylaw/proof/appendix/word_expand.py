"""What a printed formula of matrices with symbolic sizes means: it is read again, from its own parts alone,
at sizes that are large enough, and compared with the expression it was written for.

Terms of an expression are linearly independent as functions of the letters where every size is at least the
number of indices of that width in one of them (`polylaw.algebra.words.term`), so the comparison is one of
formal sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.term import is_ones, ones
from polylaw.models.word_entries import all_entries
from polylaw.proof.appendix.document import Formula, Operator, Power, Row, Subscript, Symbol
from polylaw.proof.appendix.expand import Grid, Index, Meaning, Parts, Value, parts_of, reading_back
from polylaw.proof.appendix.formulas import CLOSE, MINUS, OPEN, PLUS
from polylaw.proof.appendix.names import Names
from polylaw.proof.motion import Clock

#: Formulas with more entries of letters, or more values of their indices, are not read back, so not printed.
_MOST_ENTRIES, _MOST_VALUES = 5_000, 20_000


def reproduced_words(
    names: Names,
    expression: Expression,
    symbols: Mapping[str, Symbol],
    axes: Sequence[Symbol] | None,
    lines: Iterable[Formula],
    *,
    apart: bool,
) -> None:
    """Refuse to print lines that do not mean the expression.

    `symbols` are those of its letters; `axes` name the indices of an entry, those of equal axes once, or with
    `apart` each axis; None for a product of matrices.
    """
    with reading_back("an expression"):
        _Reading(names, expression, symbols).compare(axes, lines, apart=apart)


class _Reading:
    def __init__(self, names: Names, expression: Expression, symbols: Mapping[str, Symbol]) -> None:
        self.expression, self.alphabet, self.symbols = expression, expression.alphabet, symbols
        self.sizes = _sizes(expression)
        letters = {name: self.alphabet.widths(name) for name in self.alphabet.letters}
        shapes = {name: tuple(self.sizes[w] for w in widths) for name, widths in letters.items()}
        places = {name: list(product(*(range(1, n + 1) for n in shape))) for name, shape in shapes.items()}
        if sum(map(len, places.values())) > _MOST_ENTRIES:
            raise ValueError("too many entries")
        scalars = self.alphabet.scalars
        stem = "e" * (1 + max(map(len, scalars.parameters), default=0))  # longer than any parameter
        every = ((name, index) for name in shapes for index in places[name])
        labels = {entry: f"{stem}{n}" for n, entry in enumerate(every)}
        self.naming = lambda name, index: labels[name, tuple(index)]
        self.ring = Ring([*labels.values()], scalars.parameters, scalars.clock)
        self.entries = {key: self.ring.generator(label) for key, label in labels.items()}
        time = names.time.into(self.ring) if names.time and self.ring.clock else None
        self.meaning = _IndexedMeaning(self, self._values(names), time)
        flat = {name: shape for name, shape in shapes.items() if 0 < len(shape) < 3}
        self.meaning.grids = {symbols[name]: _grid(self, name, shape) for name, shape in flat.items()}

    def _values(self, names: Names) -> dict[Formula, Polynomial]:
        constants = map(self.ring.generator, self.ring.parameters)
        values: dict[Formula, Polynomial] = dict(zip(names.parameters, constants, strict=True))
        numbers = (name for name in self.alphabet.letters if not self.alphabet.widths(name))
        return values | {self.symbols[name]: self.entries[name, ()] for name in numbers}

    def compare(self, axes: Sequence[Symbol] | None, lines: Iterable[Formula], *, apart: bool) -> None:
        """Every entry of the formula with that of the expression."""
        expected = all_entries(self.expression, self.sizes, self.ring, self.naming)
        whole = Row(tuple(parts_of(*lines)))
        if not self.expression:
            if self.meaning.polynomial(whole):
                raise ValueError("something for nothing")
            return
        if axes is None:
            grid = self.meaning.grid(whole)
            fits = len(grid.rows) * len(grid.columns) == len(expected)
            if not fits or any(grid.at(i) != p for i, p in expected.items()):
                raise ValueError("another matrix")
            return
        open_ = tuple(range(len(axes)))
        if not apart:
            [open_] = {term.open for term in self.expression.terms}
        for index, p in expected.items():
            place = dict(zip(open_, index, strict=True))
            if any(place[label] != i for label, i in zip(open_, index, strict=True)):
                continue  # an entry off the diagonal, of which the formula does not speak
            self.meaning.places = {axes[label].name: i for label, i in place.items()}
            if self.meaning.polynomial(whole) != p:
                raise ValueError("another entry")


class _IndexedMeaning(Meaning):
    """Formulas with indices, at given values of those that are not summed over."""

    def __init__(self, reading: _Reading, values: Mapping[Formula, Polynomial], time: Clock | None) -> None:
        super().__init__(reading.ring, values, time)
        self.reading = reading
        self.names = {(s.name, s.number, s.dots): name for name, s in reading.symbols.items()}
        self.places: dict[str, int] = {}

    def _factor(self, parts: Parts) -> Value:
        first = parts[0] if parts else None
        if not isinstance(first, Subscript) or first.base != Operator("sum"):
            return super()._factor(parts)
        parts.popleft()
        labels = [s.name for s in parts_of(first.below) if isinstance(s, Symbol)]
        term = _whole_term(parts)
        spans = [range(1, self._span(label, term) + 1) for label in labels]
        if prod(map(len, spans)) > _MOST_VALUES:
            raise ValueError("too many values of indices")
        outside, total = self.places, self.ring.constant(0)
        for chosen in product(*spans):
            self.places = {**outside, **dict(zip(labels, chosen, strict=True))}
            total = total + self.polynomial(*term)
        self.places = outside
        return total

    def _symbol(self, symbol: Formula) -> Value:
        if not isinstance(symbol, Symbol) or not symbol.index:
            return super()._symbol(symbol)
        if symbol.name == "ones":
            return self.ring.constant(1)
        if symbol.name == "delta" and (symbol.name, symbol.number, symbol.dots) not in self.names:
            return self.ring.constant(len({self.places[label] for label in symbol.index}) == 1)
        name = self.names[symbol.name, symbol.number, symbol.dots]
        return self.reading.entries[name, tuple(self.places[label] for label in symbol.index)]

    def _span(self, label: str, term: Sequence[Formula]) -> int:
        """The size an index runs over: that of the letters that have it."""
        sizes: set[int] = set()
        for symbol in _symbols(term):
            if label in symbol.index and symbol.name != "ones":
                widths = self.reading.alphabet.widths(self.names[symbol.name, symbol.number, symbol.dots])
                pairs = zip(symbol.index, widths, strict=True)
                sizes.update(self.reading.sizes[w] for i, w in pairs if i == label)
        if len(sizes) != 1:
            raise ValueError("an index without a width of its own")
        return sizes.pop()


def _whole_term(parts: Parts) -> list[Formula]:
    """The factors of a term, taken from what is left."""
    term: list[Formula] = []
    depth = 0
    while parts:
        depth += (parts[0] == OPEN) - (parts[0] == CLOSE)
        if depth < 0 or (depth == 0 and parts[0] in (PLUS, MINUS)):
            break
        term.append(parts.popleft())
    return term


def _symbols(parts: Iterable[Formula]) -> Iterable[Symbol]:
    for part in parts:
        if isinstance(part, Symbol):
            yield part
        elif isinstance(part, (Power, Subscript)):
            yield from _symbols((part.base,))
        elif isinstance(part, Row):
            yield from _symbols(part.parts)


def _sizes(expression: Expression) -> dict[str, int]:
    """For each width the most indices that a term has of it."""
    most: Counter[str] = Counter({w: 1 for widths in expression.alphabet.letters.values() for w in widths})
    for term in expression.terms:
        width = dict(zip(term.open, expression.widths, strict=True))
        for name, labels in term.factors:
            vector = (name.removeprefix(ones("")),)
            width |= zip(labels, vector if is_ones(name) else expression.alphabet.widths(name), strict=False)
        for w, count in Counter(width.values()).items():
            most[w] = max(most[w], count)
    return dict(most)


def _grid(reading: _Reading, name: str, shape: tuple[int, ...]) -> Grid:
    """A matrix, or a vector that stands."""
    rows: list[Index] = [(i,) for i in range(1, shape[0] + 1)]
    columns: list[Index] = [(j,) for j in range(1, shape[1] + 1)] if len(shape) == 2 else [()]
    return Grid(rows, columns, lambda r, c: reading.entries[name, (*r, *c)])
