"""The appendix as one HTML page with MathML: it opens offline and needs no script."""

from __future__ import annotations

from html import escape

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
    Words,
)
from polylaw.proof.appendix.formulas import opens_term
from polylaw.proof.appendix.symbols import GREEK, LETTERS, SIGNS
from polylaw.proof.appendix.templating import Renderer, one_line, page

_MATHML = 'xmlns="http://www.w3.org/1998/Math/MathML"'
_FENCES = {"(", ")", "[", "]", "langle", "rangle"}


def text(document: Document) -> str:
    """The whole page, well-formed XML."""
    return page("page.html", document, _HTML())


class _HTML(Renderer):
    def words(self, text: str) -> str:
        return escape(one_line(text))

    def formula(self, f: Formula) -> str:
        return f"<math {_MATHML}>{formula(f)}</math>"

    def monospace(self, text: str) -> str:
        return f"<code>{self.words(text)}</code>"

    def link(self, link: Link) -> str:
        return f'<a href="{self.words(link.address)}">{self.words(link.text)}</a>'

    def display(self, display: Display) -> str:
        rows = (
            "".join(f'<mtd class="left">{formula(a)}</mtd><mtd>{formula(b)}</mtd>' for a, b in row)
            for row in display.rows
        )
        table = "".join(f"<mtr>{row}</mtr>\n" for row in rows)
        return f'<math display="block" {_MATHML}><mtable displaystyle="true">\n{table}</mtable></math>'


# -- formulas --------------------------------------------------------------------------------------
def formula(f: Formula) -> str:
    """A formula as MathML."""
    if isinstance(f, Row):
        return f"<mrow>{_row(f.parts)}</mrow>"
    if isinstance(f, Power):
        return f"<msup>{formula(f.base)}{formula(f.exponent)}</msup>"
    if isinstance(f, Subscript):
        return f"<msub>{formula(f.base)}{formula(f.below)}</msub>"
    if isinstance(f, Fraction):
        return f"<mfrac>{formula(f.above)}{formula(f.below)}</mfrac>"
    if isinstance(f, Number):
        return f"<mn>{f.text}</mn>"
    if isinstance(f, Operator):
        return _operator(f.name)
    if isinstance(f, Symbol):
        return _symbol(f)
    return f"<mtext>{escape(one_line(f.text))}</mtext>"


def _row(parts: tuple[Formula, ...]) -> str:
    """The parts, with signs told apart: one that goes on from the line before stands between two terms, one
    behind an equals sign or a parenthesis belongs to the term behind it."""
    pieces: list[str] = []
    before: Formula | None = None
    for part in parts:
        form = ""
        if isinstance(part, Operator) and part.name in ("plus", "minus"):
            form = ' form="infix"' if before == Words("") else ' form="prefix"' if opens_term(before) else ""
        if part != Words(""):
            pieces.append(_operator(part.name, form) if isinstance(part, Operator) else formula(part))
        before = part
    return "".join(pieces)


def _operator(name: str, attributes: str = "") -> str:
    sign = escape(SIGNS[name][2])
    if name in ("diag", "tr"):
        return f"<mi>{sign}</mi>"
    if name in _FENCES:
        attributes = ' stretchy="false"'
    if name == "period":
        attributes = ' lspace="0em"'
    return (
        f'<mo largeop="false" movablelimits="false">{sign}</mo>'
        if name == "sum"
        else f"<mo{attributes}>{sign}</mo>"
    )


def _symbol(s: Symbol) -> str:
    name = GREEK.get(s.name) or (LETTERS[s.name][2] if s.name in LETTERS else escape(one_line(s.name)))
    upright = ' mathvariant="normal"' if s.name in LETTERS and len(name) == 1 and name.isascii() else ""
    letter = f"<mi{upright}>{name}</mi>"
    if s.dots:
        letter = f"<mover>{letter}<mo>{'˙' if s.dots == 1 else '¨'}</mo></mover>"
    if s.number:
        letter = f"<msub>{letter}{_number(s.number)}</msub>"
    if not s.index:
        return letter
    if s.number:
        letter = f'<mrow><mo stretchy="false">(</mo>{letter}<mo stretchy="false">)</mo></mrow>'
    return f"<msub>{letter}{_indices(s.index)}</msub>"


def _number(number: str) -> str:
    return f"<mn>{number}</mn>" if number.isdigit() else f"<mi>{number}</mi>"


def _indices(index: tuple[str, ...]) -> str:
    separator = "" if all(len(i) == 1 for i in index) else "<mo>,</mo>"
    return "<mrow>" + separator.join(f"<mn>{escape(i)}</mn>" for i in index) + "</mrow>"
