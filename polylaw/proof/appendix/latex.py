"""The appendix as LaTeX that `texlive-latex-base` alone compiles."""

from __future__ import annotations

import re
import unicodedata

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
from polylaw.proof.appendix.formulas import opens_term
from polylaw.proof.appendix.symbols import GREEK, LETTERS, SIGNS
from polylaw.proof.appendix.templating import Renderer, chunks, one_line, page

_ESCAPED = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
}
_ESCAPED |= {c: f"\\{c}" for c in "&%$#_{}"} | {
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",
}
_ESCAPED |= {
    "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}",
    "–": "--",
    "“": "``",
    "”": "''",
    "’": "'",
    "\u00a0": "~",
}
_ACCENTS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u030c": "v "}
#: A command, or a script without braces: a letter behind it needs a space.
_OPEN_END = re.compile(r"(\\[A-Za-z]+|[_^][A-Za-z0-9])$")
_SPACED = {"plus", "minus", "equal", "times", "in", "by", "unequal", "greater", "to"}


def text(document: Document) -> str:
    """The whole file."""
    return re.sub(r"\n{3,}", "\n\n", page("page.tex", document, _LaTeX()))


class _LaTeX(Renderer):
    def words(self, text: str) -> str:
        """Words as LaTeX; a character it cannot set becomes a question mark."""
        return "".join(map(_character, one_line(text)))

    def formula(self, f: Formula) -> str:
        return f"${formula(f)}$"

    def monospace(self, text: str) -> str:
        return r"\texttt{" + r"\allowbreak{}".join(map(self.words, chunks(text))) + "}"

    def link(self, link: Link) -> str:
        return rf"\href{{{link.address}}}{{{self.words(link.text)}}}"

    def display(self, display: Display) -> str:
        new_row = " \\\\*\n" if display.short else " \\\\\n"
        return new_row.join(
            "  " + " & ".join(f"{formula(left)} &{formula(right)}" for left, right in row)
            for row in display.rows
        )


def _character(c: str) -> str:
    if c in _ESCAPED:
        return _ESCAPED[c]
    if c.isascii():
        return c
    apart = unicodedata.normalize("NFD", c)
    if len(apart) == 2 and apart[0].isascii() and apart[0].isalpha() and apart[1] in _ACCENTS:
        return rf"\{_ACCENTS[apart[1]]}{apart[0]}"
    return "?"


# -- formulas --------------------------------------------------------------------------------------
def formula(f: Formula) -> str:
    """A formula without dollar signs."""
    if isinstance(f, Row):
        return _row(f.parts)
    if isinstance(f, Power):
        return f"{_base(f.base)}^{_script(f.exponent)}"
    if isinstance(f, Subscript):
        return f"{_base(f.base)}_{_script(f.below)}"
    if isinstance(f, Fraction):
        return rf"\frac{{{formula(f.above)}}}{{{formula(f.below)}}}"
    if isinstance(f, Number):
        return f.text
    if isinstance(f, Operator):
        return SIGNS[f.name][0]
    if isinstance(f, Symbol):
        return _symbol(f)
    return _upright(f.text) if f.text else "{}"


def _row(parts: tuple[Formula, ...]) -> str:
    """Parts next to each other, with the spaces that a careful author would type."""
    done = ""
    before: Formula | None = None
    for part in parts:
        piece = formula(part)
        if (
            isinstance(part, Operator)
            and part.name in _SPACED
            and before is not None
            and not opens_term(before)
        ):
            piece = f" {piece} "
        elif isinstance(part, Operator) and part.name in ("comma", "equal"):
            piece += " "
        if _is_word(before) and not isinstance(part, Operator):
            done += r"\,"
        if _OPEN_END.search(done) and piece[:1].isalnum():
            done += " "
        done += piece
        before = part
    return done.rstrip(" ")


def _is_word(f: Formula | None) -> bool:
    """Whether a variable is a whole word, which needs some space behind it."""
    return isinstance(f, Symbol) and len(f.name) > 1 and f.name not in GREEK and f.name not in LETTERS


def _base(f: Formula) -> str:
    text = formula(f)
    return f"{{{text}}}" if isinstance(f, (Row, Fraction, Power)) else text


def _script(f: Formula) -> str:
    return f"{{{formula(f)}}}" if not (isinstance(f, Number) and len(f.text) == 1) else formula(f)


def _symbol(s: Symbol) -> str:
    if s.name in GREEK:
        letter = f"\\{s.name}"
    elif s.name in LETTERS:
        letter = LETTERS[s.name][0]
    else:
        letter = s.name if len(s.name) == 1 and s.name.isascii() and s.name.isalpha() else _upright(s.name)
    if s.dots:
        letter = rf"\{'d' * s.dots}ot{{{letter}}}"
    base = f"{letter}_{{{s.number}}}" if len(s.number) > 1 else f"{letter}_{s.number}" if s.number else letter
    if not s.index:
        return base
    return f"({base})_{{{_indices(s.index)}}}" if s.number else f"{letter}_{{{_indices(s.index)}}}"


def _upright(words: str) -> str:
    """Upright words in a formula; unusual characters need LaTeX's text mode."""
    command = "mathrm" if re.fullmatch(r"[A-Za-z0-9_()]+", words) else "textnormal"
    return rf"\{command}{{{_LaTeX().words(words)}}}"


def _indices(index: tuple[str, ...]) -> str:
    return ("" if all(len(i) == 1 for i in index) else ",").join(index)
