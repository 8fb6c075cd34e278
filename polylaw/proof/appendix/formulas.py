"""Formulas put together: rows, lists, sums that are broken over lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction as Rational
from typing import TypeVar

from polylaw.proof.appendix.document import (
    Display,
    Formula,
    Fraction,
    Number,
    Operator,
    Power,
    Row,
    Subscript,
    Symbol,
    Words,
)
from polylaw.proof.appendix.symbols import GREEK, LETTERS

EQUAL, MINUS, PLUS, COMMA = Operator("equal"), Operator("minus"), Operator("plus"), Operator("comma")
OPEN, CLOSE, ZERO, ONES = Operator("("), Operator(")"), Number("0"), Symbol("ones")
#: How wide the right side of a display may be, in digits.
ROOM = 60.0
#: At most how many equations stand in a row of a display, and the space between them.
_MOST_COLUMNS, _GAP = 4, 4.0
_WIDTHS = {"plus": 2.2, "minus": 2.2, "equal": 2.4, "times": 1.2, "comma": 0.6, "period": 0.3}

#: A sign after one of these belongs to the term behind it.
_BEFORE_TERM = {"(", "[", "equal", "comma", "langle"}

T = TypeVar("T")
Signed = tuple[bool, Formula]
Equation = tuple[Formula, Sequence[Formula]]


def row(*parts: Formula) -> Formula:
    """Formulas next to each other, nested rows flattened."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, Row) else (part,))]
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def joined(formulas: Iterable[Formula], separator: Formula = COMMA) -> Formula:
    """Formulas with an operator between them."""
    parts: list[Formula] = []
    for formula in formulas:
        parts += ([separator] if parts else []) + [formula]
    return row(*parts)


def parenthesised(*parts: Formula) -> Formula:
    """(parts)"""
    return row(OPEN, *parts, CLOSE)


def at(function: Formula, *arguments: Formula) -> Formula:
    """function(argument, ...)"""
    return row(function, parenthesised(joined(arguments)))


def angle(left: Formula, right: Formula) -> Formula:
    """The inner product <left, right>."""
    return row(Operator("langle"), left, COMMA, right, Operator("rangle"))


def bracket(left: Formula, right: Formula) -> Formula:
    """The Lie bracket [left, right]."""
    return row(Operator("["), left, COMMA, right, Operator("]"))


def transposed(formula: Formula) -> Formula:
    """formula^T"""
    return Power(formula, Operator("transpose"))


def under(head: str, formula: Formula) -> Formula:
    """head(formula), or without a head the formula."""
    return row(Operator(head), parenthesised(formula)) if head else formula


def opens_term(f: Formula | None) -> bool:
    """Whether a sign behind this belongs to the term that follows."""
    return isinstance(f, Operator) and f.name in _BEFORE_TERM


def rational(value: Rational) -> Formula:
    """A rational number, with its sign."""
    size = abs(value)
    above: Formula = Number(str(size.numerator))
    whole = above if size.denominator == 1 else Fraction(above, Number(str(size.denominator)))
    return whole if value >= 0 else row(MINUS, whole)


def width(f: Formula) -> float:
    """About how wide a formula is set, in digits."""
    if isinstance(f, Row):
        return sum(map(width, f.parts))
    if isinstance(f, Power):
        below = isinstance(f.base, Symbol) and f.base.index  # the exponent stands above the indices
        return width(f.base) + (0.0 if below else 0.7 * width(f.exponent))
    if isinstance(f, Subscript):
        return width(f.base) + 0.7 * width(f.below)
    if isinstance(f, Fraction):
        return max(width(f.above), width(f.below)) + 0.5
    if isinstance(f, Symbol):
        letter = 1.2 if f.name in GREEK or f.name in LETTERS else 1.2 * len(f.name)
        number = 1.6 + 0.7 * len(f.number) if f.number and f.index else 0.7 * len(f.number)
        commas = 0.3 * len(f.index) if any(len(i) > 1 for i in f.index) else 0.0
        return letter + number + 0.7 * sum(map(len, f.index)) + commas
    if isinstance(f, Operator):
        return _WIDTHS.get(f.name, 0.9)
    return 1.0 * len(f.text)


def summed(terms: Sequence[Signed], *, first: bool = True) -> Formula:
    """A sum of signed formulas; 0 for none.  Unless `first`, it goes on from a line before: it has a sign."""
    parts: list[Formula] = []
    for negative, formula in terms:
        if parts or not first or negative:
            parts.append(MINUS if negative else PLUS)
        parts.append(formula)
    return row(*parts) if parts else ZERO


def on_lines(items: Iterable[T], size: Callable[[T], float], room: float = ROOM) -> list[list[T]]:
    """Items on lines that have room for so many digits, or for one item; one empty line for none."""
    lines: list[list[T]] = [[]]
    used = 0.0
    for item in items:
        if lines[-1] and used + size(item) > room:
            lines.append([])
            used = 0.0
        lines[-1].append(item)
        used += size(item)
    return lines


def sum_lines(terms: Sequence[Signed], room: float = ROOM) -> list[Formula]:
    """A sum of signed formulas on lines about `room` digits wide."""
    lines = on_lines(terms, lambda term: width(term[1]) + _WIDTHS["plus"], room)
    return [summed(line, first=i == 0) for i, line in enumerate(lines)]


def aligned(equations: Sequence[Equation], end: str = "period") -> Display:
    """Equations left = right, the right sides on lines; with commas, and `end`, if any, behind the last."""
    rows: list[tuple[tuple[Formula, Formula]]] = []
    for left, (first, *rest) in _punctuated(equations, end):
        rows.append(((left, row(EQUAL, first)),))
        rows += [((Row(()), row(Words(""), line)),) for line in rest]
    return Display(tuple(rows))


def arranged(equations: Sequence[Equation], end: str = "period") -> Display:
    """The same, with several equations in a row where all are short."""
    widest = max((width(left) + width(row(EQUAL, *right)) for left, right in equations), default=0.0) + _GAP
    count, single = len(equations), all(len(right) == 1 for _, right in equations)
    columns = min(int((ROOM + _GAP) // widest), _MOST_COLUMNS) if single else 1
    if columns < 2 or count < 3:
        return aligned(equations, end)
    full = [n for n in (columns, columns - 1) if n > 1 and count % n == 0]
    columns = full[0] if full else -(-count // -(-count // columns))  # else as few as fill as many rows
    cells = [(left, row(EQUAL, *right)) for left, right in _punctuated(equations, end)]
    return Display(tuple(tuple(cells[i : i + columns]) for i in range(0, len(cells), columns)))


def _punctuated(equations: Sequence[Equation], end: str) -> Iterator[Equation]:
    """With a comma behind each equation, and behind the last one what the sentence needs."""
    for n, (left, (*first, last)) in enumerate(equations, 1):
        sign = "comma" if n < len(equations) else end
        yield left, [*first, row(last, Operator(sign)) if sign else last]
