"""The appendix as typst, and through typst as PDF."""

from __future__ import annotations

import re

from polylaw.errors import InputError
from polylaw.proof.appendix.document import (
    Display,
    Document,
    Formula,
    Fraction,
    Link,
    Number,
    Operator,
    Power,
    Row,
    Subscript,
    Symbol,
)
from polylaw.proof.appendix.formulas import width
from polylaw.proof.appendix.symbols import GREEK, LETTERS, SIGNS
from polylaw.proof.appendix.templating import Renderer, chunks, one_line, page, quoted

#: A formula narrower than this, in digits, stays on one line.
_UNBROKEN = 20.0


def text(document: Document) -> str:
    """The whole file."""
    return re.sub(r"\n{3,}", "\n\n", page("page.typ", document, _Typst()))


def pdf(document: Document) -> bytes:
    """The PDF, the same bytes each time; `InputError` without the library typst."""
    try:
        import typst
    except ImportError:
        raise InputError(
            "typst", "nothing", "the library that makes PDF files", 'pip install "polylaw[pdf]"'
        ) from None
    result: bytes = typst.compile(text(document).encode(), ignore_system_fonts=True)
    return result


class _Typst(Renderer):
    def words(self, text: str) -> str:
        """Words that typst leaves alone."""
        return "".join(f"\\{c}" if c in "\\*_`$#<>@[]{}\"'~=/-+&" else c for c in one_line(text))

    def formula(self, f: Formula) -> str:
        """A formula that no line is broken in, unless it is a single letter or long."""
        return f"#box(${formula(f)}$)" if isinstance(f, Row) and width(f) < _UNBROKEN else f"${formula(f)}$"

    def monospace(self, text: str) -> str:
        return f"#mono({', '.join(map(_quoted, chunks(text)))})"

    def link(self, link: Link) -> str:
        return f"#link({_quoted(link.address)})[{self.words(link.text)}]"

    def display(self, display: Display) -> str:
        return " \\\n".join(
            "  " + " & quad ".join(f"{formula(left)} & {formula(right)}" for left, right in row)
            for row in display.rows
        )


def _quoted(text: str) -> str:
    return f'"{quoted(text)}"'


# -- formulas --------------------------------------------------------------------------------------
def formula(f: Formula) -> str:
    """A formula without dollar signs."""
    if isinstance(f, Row):
        return " ".join(formula(p) for p in f.parts)
    if isinstance(f, Power):
        return f"{formula(f.base)}^({formula(f.exponent)})"
    if isinstance(f, Subscript):
        return f"{formula(f.base)}_({formula(f.below)})"
    if isinstance(f, Fraction):
        return f"frac({formula(f.above)}, {formula(f.below)})"
    if isinstance(f, Number):
        return f.text
    if isinstance(f, Operator):
        return SIGNS[f.name][1]
    if isinstance(f, Symbol):
        return _symbol(f)
    return f"upright({_quoted(f.text)})" if f.text else '""'


def _symbol(s: Symbol) -> str:
    if s.name in LETTERS:
        letter = LETTERS[s.name][1]
    elif s.name in GREEK or (len(s.name) == 1 and s.name.isascii() and s.name.isalpha()):
        letter = s.name
    else:
        letter = f"upright({_quoted(s.name)})"
    if s.dots:
        letter = f"dot({letter})" if s.dots == 1 else f"dot.double({letter})"
    base = f"{letter}_({s.number})" if s.number else letter
    if not s.index:
        return base
    return f"\\({base}\\)_({_indices(s.index)})" if s.number else f"{letter}_({_indices(s.index)})"


def _indices(index: tuple[str, ...]) -> str:
    return (" " if all(len(i) == 1 for i in index) else ", ").join(index)
