"""Sentences with formulas in them, and small words: numbers, lists with "and", runs of numbered symbols."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as Rational
from string import Formatter

from polylaw.proof.appendix.document import Formula, Operator, Paragraph, Part, Symbol
from polylaw.proof.appendix.formulas import joined, rational
from polylaw.proof.statements import chained

_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
_SMALL = _WORDS.split()
_MOST_COORDINATES, _MOST_DIGITS, _LONGEST = 60, 12, 200


def said(sentence: str, *parts: Part | list[Part], **named: Part | list[Part]) -> list[Part]:
    """The sentence with a part, or several, in place of each `{}` or `{name}`."""
    whole: list[Part] = []
    left = iter(parts)
    for text, name, *_ in Formatter().parse(sentence):
        whole.append(text)
        if name is not None:
            part = named[name] if name else next(left)
            whole += part if isinstance(part, list) else [part]
    assert next(left, None) is None
    return [part for part in whole if part != ""]


def paragraph(sentence: str, *parts: Part | list[Part], **named: Part | list[Part]) -> Paragraph:
    """A paragraph of this sentence, or of several."""
    return Paragraph(tuple(said(sentence, *parts, **named)))


def numbers(count: int) -> str:
    """A count in words up to twelve, then in digits."""
    return _SMALL[count] if count < len(_SMALL) else str(count)


def counted(count: int, noun: str) -> str:
    """`one law`, `three laws`."""
    return f"{numbers(count)} {noun if count == 1 else noun + 's'}"


def listed(formulas: Sequence[Formula]) -> list[Part]:
    """`a`, `a and b`, `a, b, and c`."""
    parts: list[Part] = []
    for n, formula in enumerate(formulas, 1):
        last = n == len(formulas)
        separator = "" if n == 1 else " and " if last and n == 2 else ", and " if last else ", "
        parts += [separator, formula]
    return parts


def runs(symbols: Sequence[Formula]) -> list[Part]:
    """A list in which numbered symbols that follow one another are shortened: X_1, ..., X_4, and Y_2."""
    short: list[Formula] = []
    for group in chained(symbols, _next):
        short += group if len(group) < 4 else [joined([group[0], Operator("dots"), group[-1]])]
    return listed(short)


def _next(a: Formula, b: Formula) -> bool:
    if not (isinstance(a, Symbol) and isinstance(b, Symbol) and a.name == b.name):
        return False
    return a.number.isdigit() and b.number.isdigit() and int(b.number) == int(a.number) + 1


def point(coordinates: Sequence[Rational]) -> list[Part]:
    """`the point (1, -2, 0)`, or where to find it."""
    if len(coordinates) > _MOST_COORDINATES or any(len(str(c)) > _MOST_DIGITS for c in coordinates):
        return ["the point given in the certificate"]
    listing: list[Part] = [part for c in coordinates for part in (", ", rational(c))]
    return said("the point ({})", listing[1:])


def shortened(text: str) -> str:
    """A text by the author of a certificate, cut where it is long."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
