"""The appendix as a document: blocks of sentences and displays, with formulas as small trees.

A renderer turns each class here into its own words; nothing above this file knows LaTeX, typst or HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby


# -- formulas --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Symbol:
    """A letter with, perhaps, a number of its own (U_1), entry indices ((U_1)_{2,3}), and one or two dots.

    `name` is one letter, the name of a Greek letter, one of `symbols.LETTERS`, or a word, which is set
    upright.
    """

    name: str
    number: str = ""
    index: tuple[str, ...] = ()
    dots: int = 0


@dataclass(frozen=True)
class Number:
    """An integer, without sign."""

    text: str


@dataclass(frozen=True)
class Operator:
    """One of the signs of `symbols.SIGNS`, by name."""

    name: str


@dataclass(frozen=True)
class Power:
    """base^exponent"""

    base: Formula
    exponent: Formula


@dataclass(frozen=True)
class Subscript:
    """base_below"""

    base: Formula
    below: Formula


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


Formula = Symbol | Number | Operator | Power | Subscript | Fraction | Row | Words


# -- sentences -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Monospace:
    """A command, a file name, a hash."""

    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead to an address."""

    text: str
    address: str


Inline = str | Formula | Monospace | Link


class Block:
    """What a page is made of; templates know blocks by their kinds."""

    @property
    def kind(self) -> str:
        """`paragraph`, `display`, ..."""
        return type(self).__name__.lower()


@dataclass(frozen=True)
class Display(Block):
    """Rows of formulas (left, right), most with one of them, aligned where the right sides begin."""

    rows: tuple[tuple[tuple[Formula, Formula], ...], ...]

    @property
    def short(self) -> bool:
        """Whether it should stay on one page."""
        return len(self.rows) <= 6


Part = Inline | Display


# -- blocks ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Heading(Block):
    """The title of a section."""

    text: str


@dataclass(frozen=True)
class Paragraph(Block):
    """Sentences with displays between them; `lead` is a word or two in italics at the beginning."""

    parts: tuple[Part, ...]
    lead: str = ""

    def runs(self) -> Iterator[Part | tuple[Part, ...]]:
        """The displays, and what stands between them."""
        for displays, parts in groupby(self.parts, lambda part: isinstance(part, Display)):
            run = tuple(parts)
            yield from run if displays else [run]


@dataclass(frozen=True)
class Items(Block):
    """Numbered statements."""

    items: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Theorem(Block):
    """A theorem: an opening sentence and numbered statements."""

    opening: Paragraph
    statements: Items


@dataclass(frozen=True)
class Proof(Block):
    """A proof, closed by a box."""

    body: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Document:
    """Title, a line below it, and blocks."""

    title: str
    subtitle: tuple[Part, ...]
    blocks: tuple[Block, ...]
