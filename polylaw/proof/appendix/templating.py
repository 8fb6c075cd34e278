"""Pages from the templates of this folder; the templates know blocks, the renderers words and formulas."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from polylaw.proof.appendix import document as doc
from polylaw.proof.appendix.symbols import SIGNS

_LONG_WORD = 24


class Renderer(ABC):
    """How a format writes words, formulas, and what stands in sentences."""

    #: The template of a page, and which of the signs in `symbols` are its own.
    template: str
    column: int
    #: A formula inside a sentence, and formulas above, below and behind each other.
    inside, power, subscript, fraction = "${}$", "{}^{}", "{}_{}", "{}/{}"
    number = "{}"

    def page(self, document: doc.Document) -> str:
        """The whole file."""
        return re.sub(r"\n{3,}", "\n\n", self._template.render(document=document))

    @cached_property
    def _template(self) -> Template:
        """The template, compiled once."""
        environment = Environment(
            loader=PackageLoader("polylaw.proof.appendix"),
            block_start_string="<%",
            block_end_string="%>",
            variable_start_string="<<",
            variable_end_string=">>",
            comment_start_string="<#",
            comment_end_string="#>",
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            autoescape=False,
        )
        filters: dict[str, Callable[..., str]] = {"words": self.words, "inline": self.inline}
        environment.filters.update(filters, display=self.display, plain=quoted)
        return environment.get_template(self.template)

    # -- sentences ---------------------------------------------------------------------------------
    def inline(self, part: doc.Inline) -> str:
        """A part of a sentence."""
        if isinstance(part, str):
            return self.words(part)
        if isinstance(part, doc.Monospace):
            return self.monospace(part.text)
        return self.link(part) if isinstance(part, doc.Link) else self.formula(part)

    @abstractmethod
    def words(self, text: str) -> str:
        """Words that mean themselves."""

    @abstractmethod
    def monospace(self, text: str) -> str:
        """A command or a hash."""

    @abstractmethod
    def link(self, link: doc.Link) -> str:
        """Words that lead to an address."""

    @abstractmethod
    def display(self, display: doc.Display) -> str:
        """The lines of a display."""

    def formula(self, f: doc.Formula) -> str:
        """A formula inside a sentence."""
        return self.inside.format(self.typeset(f))

    # -- formulas ----------------------------------------------------------------------------------
    def typeset(self, f: doc.Formula) -> str:
        """A formula, without what marks it as one."""
        match f:
            case doc.Row(parts):
                return self.row(parts)
            case doc.Power(base, exponent):
                return self.power.format(self.base(base), self.script(exponent))
            case doc.Subscript(base, below):
                return self.subscript.format(self.base(base), self.script(below))
            case doc.Fraction(above, below):
                return self.fraction.format(self.typeset(above), self.typeset(below))
            case doc.Number(text):
                return self.number.format(text)
            case doc.Operator(name):
                return self.sign(name)
            case doc.Symbol():
                return self.symbol(f)
        return self.upright(f.text)

    def base(self, f: doc.Formula) -> str:
        """What a script is set at."""
        return self.typeset(f)

    def script(self, f: doc.Formula) -> str:
        """An exponent, or what is set below."""
        return self.typeset(f)

    def cells(self, display: doc.Display, pair: str, between: str) -> list[str]:
        """The rows of a display, each a text with pairs (left, right) of formulas."""
        set_ = self.typeset
        return [between.join(pair.format(set_(a), set_(b)) for a, b in row) for row in display.rows]

    @abstractmethod
    def row(self, parts: tuple[doc.Formula, ...]) -> str:
        """Formulas next to each other."""

    def sign(self, name: str) -> str:
        """An operator."""
        return SIGNS[name][self.column]

    @abstractmethod
    def symbol(self, s: doc.Symbol) -> str:
        """A letter with its number, indices and dots."""

    @abstractmethod
    def upright(self, text: str) -> str:
        """Words inside a formula."""


def quoted(text: str) -> str:
    """Text between quotation marks of typst."""
    return one_line(text).replace("\\", "\\\\").replace('"', '\\"')


def chunks(text: str) -> list[str]:
    """Monospaced text in pieces between which a line may break: behind spaces, and inside long words."""
    pieces: list[str] = []
    for word in re.findall(r"\S+\s*|\s+", one_line(text)):
        size = 8 if len(word) > _LONG_WORD else _LONG_WORD
        pieces += [word[i : i + size] for i in range(0, len(word), size)]
    return pieces


def indices(index: tuple[str, ...], between: str, comma: str) -> str:
    """Indices of one letter next to each other, longer ones with commas."""
    return (between if all(len(i) == 1 for i in index) else comma).join(index)


def one_line(text: str) -> str:
    """Text without control characters or other line breaks."""
    return "".join(c if c.isprintable() else "?" for c in text)
