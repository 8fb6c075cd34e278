"""The appendix as typst, and through typst as PDF."""

from __future__ import annotations

import tempfile
from pathlib import Path

from polylaw.errors import InputError
from polylaw.proof.appendix.document import (
    Block,
    Display,
    Document,
    Formula,
    Fraction,
    Heading,
    Inline,
    Items,
    Monospace,
    Number,
    Operator,
    Paragraph,
    Power,
    Row,
    Symbol,
    Theorem,
)
from polylaw.proof.appendix.mathematics import GREEK

__all__ = ["pdf", "text"]

_OPERATORS = {
    "plus": " + ",
    "minus": " - ",
    "times": " dot ",
    "equal": " = ",
    "comma": ", ",
    "dots": "dots",
    "in": " in ",
    "nabla": "nabla ",
    "transpose": "top",
    "second derivative of theta": "dot.double(theta)",
    "(": "\\(",
    ")": "\\)",
    "[": "\\[",
    "]": "\\]",
}

_PAGE = """\
#set document(title: "{title}", date: none)
#set page(paper: "a4", margin: 25mm, numbering: "1")
#set text(font: "New Computer Modern", size: 11pt, lang: "en")
#set par(justify: true)
#show math.equation.where(block: true): set block(breakable: true)
#align(center)[#set par(justify: false)
  #text(17pt)[{shown}]

  {subtitle}]
#v(6pt)

{body}
"""


def text(document: Document) -> str:
    """The whole file."""
    body = "\n\n".join(_block(block) for block in document.blocks)
    title = document.title.replace("\\", "\\\\").replace('"', '\\"')
    title = "".join(c if c.isprintable() else "?" for c in title)
    return _PAGE.format(title=title, shown=escaped(document.title), subtitle=escaped(document.subtitle), body=body)


def pdf(document: Document) -> bytes:
    """The PDF, the same bytes each time; `InputError` without the library typst."""
    try:
        import typst
    except ImportError:
        raise InputError("typst", "nothing", "the library that makes PDF files", 'pip install "polylaw[pdf]"') from None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "appendix.typ"
        path.write_text(text(document), encoding="utf-8")
        result: bytes = typst.compile(str(path))
    return result


def escaped(words: str) -> str:
    """Words that typst leaves alone."""
    return "".join(f"\\{c}" if c in '\\*_`$#<>@[]{}"\'~=/-+' else c if c.isprintable() else "?" for c in words)


# -- formulas --------------------------------------------------------------------------------------
def formula(f: Formula) -> str:
    """A formula without dollar signs."""
    if isinstance(f, Row):
        return " ".join(formula(p) for p in f.parts).strip()
    if isinstance(f, Power):
        return f"{_grouped(f.base)}^({formula(f.exponent)})"
    if isinstance(f, Fraction):
        return f"frac({formula(f.above)}, {formula(f.below)})"
    if isinstance(f, Number):
        return f.text
    if isinstance(f, Operator):
        return _OPERATORS[f.name]
    if isinstance(f, Symbol):
        return _symbol(f)
    return _upright(f.text)


def _upright(words: str) -> str:
    safe = "".join(c if c.isprintable() and c not in '"\\' else "?" for c in words)
    return f'upright("{safe}")'


def _grouped(f: Formula) -> str:
    base = formula(f)
    return f"{{{base}}}".replace("{", "").replace("}", "") if isinstance(f, (Symbol, Number)) else base


def _symbol(s: Symbol) -> str:
    if s.name == "R" and s.number == "blackboard":
        return "RR"
    if not s.name:
        return f"#h(0pt)_({_indices(s.index)})"
    greek = s.name in (*GREEK, "phi", "ell")
    letter = s.name if greek or len(s.name) == 1 else _upright(s.name)
    letter = {"ell": "ell", "phi": "phi.alt"}.get(letter, letter)
    if s.dotted:
        letter = f"dot({letter})"
    number = {"phi": "phi.alt"}.get(s.number, s.number)
    base = f"{letter}_{number}" if number.isdigit() and len(number) == 1 else f"{letter}_({number})" if number else letter
    if not s.index:
        return base
    return f"\\({base}\\)_({_indices(s.index)})" if number else f"{letter}_({_indices(s.index)})"


def _indices(index: tuple[str, ...]) -> str:
    return (" " if all(len(i) == 1 for i in index) else ", ").join(index)


# -- blocks ----------------------------------------------------------------------------------------
def _inline(part: Inline) -> str:
    if isinstance(part, str):
        return escaped(part)
    if isinstance(part, Monospace):
        safe = part.text.replace("\\", "\\\\").replace('"', '\\"')
        return '#text(size: 9pt, raw("' + "".join(c if c.isprintable() else "?" for c in safe) + '"))'
    return f"${formula(part)}$"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"== {escaped(block.text)}"
    if isinstance(block, Paragraph):
        lead = f"_{escaped(block.lead)}_ " if block.lead else ""
        return lead + "".join(map(_inline, block.parts))
    if isinstance(block, Display):
        lines = " \\\n  ".join(f"{formula(a)} & {_continued(a)}{formula(b)}" for a, b in block.lines)
        return f"$ {lines} $"
    if isinstance(block, Items):
        return "\n".join(f"+ #[{_nested(item)}]" for item in block.items)
    body = "\n\n".join(_block(part) for part in block.body)
    return f"*{escaped(block.title)}.*\n{body}" if isinstance(block, Theorem) else f"{body} #h(1fr) $square$"


def _continued(left: Formula) -> str:
    """Nothing, to the left of a sign that goes on from the line before, so that it is set as between two terms."""
    return "" if formula(left) else '"" '


def _nested(item: tuple[Paragraph | Display, ...]) -> str:
    return "\n\n".join(_block(part) for part in item)
