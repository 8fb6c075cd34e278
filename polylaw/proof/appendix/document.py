"""The appendix as a document: blocks of sentences and displays, with formulas as small trees.

A renderer turns each class here into its own words; nothing above this file knows LaTeX, typst or HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "Block",
    "Display",
    "Document",
    "Formula",
    "Fraction",
    "Heading",
    "Inline",
    "Items",
    "Monospace",
    "Number",
    "Operator",
    "Paragraph",
    "Power",
    "Proof",
    "Row",
    "Symbol",
    "Theorem",
    "Words",
]


# -- formulas --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Symbol:
    """A letter with, perhaps, a number of its own (U_1), entry indices ((U_1)_{2,3}), and a dot for a velocity.

    `name` is one letter, the name of a Greek letter, or a word, which is set upright.
    """

    name: str
    number: str = ""
    index: tuple[str, ...] = ()
    dotted: bool = False


@dataclass(frozen=True)
class Number:
    """An integer, without sign."""

    text: str


@dataclass(frozen=True)
class Operator:
    """One of the operators that every renderer knows, by name: see `latex.OPERATORS`."""

    name: str


@dataclass(frozen=True)
class Power:
    """base^exponent"""

    base: Formula
    exponent: Formula


@dataclass(frozen=True)
class Fraction:
    """above / below"""

    above: Formula
    below: Formula


@dataclass(frozen=True)
class Row:
    """Formulas next to each other."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Words:
    """Upright words inside a formula."""

    text: str


Formula = Symbol | Number | Operator | Power | Fraction | Row | Words


@dataclass(frozen=True)
class Monospace:
    """A command, a file name, a hash."""

    text: str


Inline = str | Formula | Monospace


# -- blocks ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences; `lead` is a word or two in italics at their beginning."""

    parts: tuple[Inline, ...]
    lead: str = ""


@dataclass(frozen=True)
class Display:
    """Lines of formulas, aligned at the second entry of each pair (left, right).  An equality sign that ends a left
    side is moved to the right, where it has a formula on both sides."""

    lines: tuple[tuple[Formula, Formula], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(_balanced(left, right) for left, right in self.lines))


def _balanced(left: Formula, right: Formula) -> tuple[Formula, Formula]:
    equal = Operator("equal")
    if isinstance(left, Row) and left.parts and left.parts[-1] == equal:
        rest = right.parts if isinstance(right, Row) else (right,)
        return Row(left.parts[:-1]), Row((equal, *rest))
    return left, right


@dataclass(frozen=True)
class Items:
    """Numbered statements, each with the displays that belong to it."""

    items: tuple[tuple[Paragraph | Display, ...], ...]


@dataclass(frozen=True)
class Theorem:
    """A theorem, `title` such as "Theorem 1"."""

    title: str
    body: tuple[Paragraph | Display | Items, ...]


@dataclass(frozen=True)
class Proof:
    """A proof, closed by a box."""

    body: tuple[Paragraph | Display, ...]


Block = Heading | Paragraph | Display | Items | Theorem | Proof


@dataclass(frozen=True)
class Document:
    """Title, a line below it, and blocks."""

    title: str
    subtitle: str
    blocks: Sequence[Block]
