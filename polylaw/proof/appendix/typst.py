"""The appendix as typst, and through typst as PDF."""

from __future__ import annotations

from polylaw.errors import InputError
from polylaw.proof.appendix.document import Display, Document, Formula, Link, Row, Symbol
from polylaw.proof.appendix.formulas import width
from polylaw.proof.appendix.symbols import GREEK, LETTERS
from polylaw.proof.appendix.templating import Renderer, chunks, indices, one_line, quoted

#: A formula narrower than this, in digits, stays on one line.
_UNBROKEN = 20.0


def pdf(document: Document) -> bytes:
    """The PDF, the same bytes each time; `InputError` without the library typst."""
    try:
        import typst
    except ImportError:
        expected, hint = "the library that makes PDF files", 'pip install "polylaw[pdf]"'
        raise InputError("typst", "nothing", expected, hint) from None
    result: bytes = typst.compile(RENDERER.page(document).encode(), ignore_system_fonts=True)
    return result


class _Typst(Renderer):
    template, column, power, subscript, fraction = "page.typ", 1, "{}^({})", "{}_({})", "frac({}, {})"

    def words(self, text: str) -> str:
        """Words that typst leaves alone."""
        return "".join(f"\\{c}" if c in "\\*_`$#<>@[]{}\"'~=/-+&" else c for c in one_line(text))

    def formula(self, f: Formula) -> str:
        """A formula that no line is broken in, unless it is a single letter or long."""
        whole = super().formula(f)
        return f"#box({whole})" if isinstance(f, Row) and width(f) < _UNBROKEN else whole

    def monospace(self, text: str) -> str:
        return f"#mono({', '.join(map(_quoted, chunks(text)))})"

    def link(self, link: Link) -> str:
        return f"#link({_quoted(link.address)})[{self.words(link.text)}]"

    def display(self, display: Display) -> str:
        return " \\\n".join(f"  {cells}" for cells in self.cells(display, "{} & {}", " & quad "))

    # -- formulas ----------------------------------------------------------------------------------
    def row(self, parts: tuple[Formula, ...]) -> str:
        return " ".join(map(self.typeset, parts))

    def upright(self, text: str) -> str:
        return f"upright({_quoted(text)})" if text else '""'

    def symbol(self, s: Symbol) -> str:
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
        index = indices(s.index, " ", ", ")
        return f"\\({base}\\)_({index})" if s.number else f"{letter}_({index})"


RENDERER = _Typst()


def _quoted(text: str) -> str:
    return f'"{quoted(text)}"'
