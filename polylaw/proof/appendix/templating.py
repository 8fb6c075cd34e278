"""Pages from the templates of this folder; the templates know blocks, the renderers words and formulas."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined

from polylaw.proof.appendix.document import Display, Document, Formula, Inline, Link, Monospace

_LONG_WORD = 24


class Renderer(ABC):
    """How a format writes words, formulas, and what stands in sentences."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Words that mean themselves."""

    @abstractmethod
    def formula(self, f: Formula) -> str:
        """A formula inside a sentence."""

    @abstractmethod
    def monospace(self, text: str) -> str:
        """A command or a hash."""

    @abstractmethod
    def link(self, link: Link) -> str:
        """Words that lead to an address."""

    @abstractmethod
    def display(self, display: Display) -> str:
        """The lines of a display."""

    def inline(self, part: Inline) -> str:
        """A part of a sentence."""
        if isinstance(part, str):
            return self.words(part)
        if isinstance(part, Monospace):
            return self.monospace(part.text)
        return self.link(part) if isinstance(part, Link) else self.formula(part)


def page(template: str, document: Document, renderer: Renderer) -> str:
    """The whole file."""
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
    filters: dict[str, Callable[..., str]] = {
        "words": renderer.words,
        "inline": renderer.inline,
        "display": renderer.display,
    }
    environment.filters.update(filters, plain=quoted)
    return environment.get_template(template).render(document=document)


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


def one_line(text: str) -> str:
    """Text without control characters or other line breaks."""
    return "".join(c if c.isprintable() else "?" for c in text)
