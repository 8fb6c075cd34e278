"""The appendix as one HTML page with MathML: it opens offline and needs no script."""

from __future__ import annotations

from html import escape

from polylaw.proof.appendix.document import Display, Formula, Link, Operator, Symbol, Words
from polylaw.proof.appendix.formulas import opens_term
from polylaw.proof.appendix.symbols import GREEK, LETTERS, SIGNS
from polylaw.proof.appendix.templating import Renderer, one_line

_MATHML = 'xmlns="http://www.w3.org/1998/Math/MathML"'
_ATTRIBUTES = dict.fromkeys(("(", ")", "[", "]", "langle", "rangle"), ' stretchy="false"')
_ATTRIBUTES |= {"period": ' lspace="0em"', "sum": ' largeop="false" movablelimits="false"'}


class _HTML(Renderer):
    template, column, inside = "page.html", 2, f"<math {_MATHML}>{{}}</math>"
    power, subscript = "<msup>{}{}</msup>", "<msub>{}{}</msub>"
    fraction, number = "<mfrac>{}{}</mfrac>", "<mn>{}</mn>"

    def words(self, text: str) -> str:
        return escape(one_line(text))

    def monospace(self, text: str) -> str:
        return f"<code>{self.words(text)}</code>"

    def link(self, link: Link) -> str:
        return f'<a href="{self.words(link.address)}">{self.words(link.text)}</a>'

    def display(self, display: Display) -> str:
        cells = self.cells(display, '<mtd class="left">{}</mtd><mtd>{}</mtd>', "")
        table = "".join(f"<mtr>{row}</mtr>\n" for row in cells)
        return f'<math display="block" {_MATHML}><mtable displaystyle="true">\n{table}</mtable></math>'

    # -- formulas ----------------------------------------------------------------------------------
    def row(self, parts: tuple[Formula, ...]) -> str:
        """The parts, with signs told apart: one that goes on from the line before stands between two terms,
        one behind an equals sign or a parenthesis belongs to the term behind it."""
        pieces: list[str] = []
        before: Formula | None = None
        for part in parts:
            form = ""
            if isinstance(part, Operator) and part.name in ("plus", "minus"):
                infix, prefix = before == Words(""), opens_term(before)
                form = ' form="infix"' if infix else ' form="prefix"' if prefix else ""
            if isinstance(part, Operator):
                pieces.append(_operator(part.name, form))
            elif part != Words(""):
                pieces.append(self.typeset(part))
            before = part
        return f"<mrow>{''.join(pieces)}</mrow>"

    def sign(self, name: str) -> str:
        return _operator(name)

    def upright(self, text: str) -> str:
        return f"<mtext>{escape(one_line(text))}</mtext>"

    def symbol(self, s: Symbol) -> str:
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


#: Its pages are well-formed XML.
RENDERER = _HTML()


def _operator(name: str, attributes: str = "") -> str:
    sign = escape(SIGNS[name][2])
    if name in ("diag", "tr"):
        return f"<mi>{sign}</mi>"
    return f"<mo{_ATTRIBUTES.get(name, attributes)}>{sign}</mo>"


def _number(number: str) -> str:
    return f"<mn>{number}</mn>" if number.isdigit() else f"<mi>{number}</mi>"


def _indices(index: tuple[str, ...]) -> str:
    separator = "" if all(len(i) == 1 for i in index) else "<mo>,</mo>"
    return "<mrow>" + separator.join(f"<mn>{escape(i)}</mn>" for i in index) + "</mrow>"
