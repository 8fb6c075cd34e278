"""The appendix as Markdown, formulas between dollar signs."""

from __future__ import annotations

import re

from polylaw.proof.appendix.document import Display, Document, Formula, Link
from polylaw.proof.appendix.latex import formula
from polylaw.proof.appendix.templating import Renderer, one_line, page

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~&])")


def text(document: Document) -> str:
    """The whole file."""
    return re.sub(r"\n{3,}", "\n\n", page("page.md", document, _Markdown()))


class _Markdown(Renderer):
    def words(self, text: str) -> str:
        return _SPECIAL.sub(r"\\\1", one_line(text))

    def formula(self, f: Formula) -> str:
        return f"${formula(f)}$"

    def monospace(self, text: str) -> str:
        text = one_line(text)
        fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
        return f"{fence} {text} {fence}" if len(fence) > 1 else f"`{text}`"

    def link(self, link: Link) -> str:
        return f"[{self.words(link.text)}]({link.address})"

    def display(self, display: Display) -> str:
        rows = (
            r" & \quad ".join(f"{formula(left)} &{formula(right)}" for left, right in row)
            for row in display.rows
        )
        return " \\\\\n".join(map(str.strip, rows))
