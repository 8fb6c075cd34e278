"""The appendix as Markdown, formulas between dollar signs."""

from __future__ import annotations

import re

from polylaw.proof.appendix.document import Block, Display, Document, Heading, Inline, Items, Monospace, Paragraph, Theorem
from polylaw.proof.appendix.latex import formula

__all__ = ["text"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~])")


def text(document: Document) -> str:
    """The whole file."""
    head = f"# {escaped(document.title)}\n\n*{escaped(document.subtitle)}*\n"
    return "\n".join([head, *(_block(block) + "\n" for block in document.blocks)])


def escaped(words: str) -> str:
    """Words that Markdown leaves alone, on one line."""
    return _SPECIAL.sub(r"\\\1", "".join(c if c.isprintable() else "?" for c in words))


def _inline(part: Inline) -> str:
    if isinstance(part, str):
        return escaped(part)
    if isinstance(part, Monospace):
        return "`" + "".join(c if c.isprintable() and c != "`" else "?" for c in part.text) + "`"
    return f"${formula(part)}$"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"## {block.text}"
    if isinstance(block, Paragraph):
        lead = f"*{block.lead}* " if block.lead else ""
        return lead + "".join(map(_inline, block.parts))
    if isinstance(block, Display):
        lines = " \\\\\n".join(f"{formula(a)} & {formula(b)}" for a, b in block.lines)
        return f"$$\n\\begin{{aligned}}\n{lines}\n\\end{{aligned}}\n$$"
    if isinstance(block, Items):
        items = []
        for number, item in enumerate(block.items, 1):
            first, *rest = ("\n\n".join(_block(part) for part in item)).split("\n")
            items.append("\n".join([f"{number}. {first}", *(f"   {line}" if line else "" for line in rest)]))
        return "\n\n".join(items)
    body = "\n\n".join(_block(part) for part in block.body)
    return f"**{block.title}.**\n\n{body}" if isinstance(block, Theorem) else f"{body} ∎"
