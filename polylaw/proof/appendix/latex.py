"""The appendix as LaTeX that `texlive-latex-base` alone compiles, and as Markdown with the same formulas."""

from __future__ import annotations

import re
import unicodedata

from polylaw.proof.appendix import document as doc
from polylaw.proof.appendix.formulas import opens_term
from polylaw.proof.appendix.symbols import GREEK, LETTERS
from polylaw.proof.appendix.templating import Renderer, chunks, indices, one_line

_NAMES = "backslash asciitilde asciicircum asciigrave less greater bar"
_ESCAPED = {c: rf"\text{name}{{}}" for c, name in zip("\\~^`<>|", _NAMES.split(), strict=True)}
_ESCAPED |= {c: f"\\{c}" for c in "&%$#_{}"}
_ESCAPED |= {"−": r"\ensuremath{-}", "×": r"\ensuremath{\times}", "–": "--", "“": "``", "”": "''", "’": "'"}
_ESCAPED |= {"\u00a0": "~", '"': r"\symbol{34}"}
_ACCENTS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u030c": "v "}
#: A command, or a script without braces: a letter behind it needs a space.
_OPEN_END = re.compile(r"(\\[A-Za-z]+|[_^][A-Za-z0-9])$")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~&])")
_SPACED = {"plus", "minus", "equal", "times", "in", "by", "unequal", "greater", "to"}


class _LaTeX(Renderer):
    template, column, fraction = "page.tex", 0, r"\frac{{{}}}{{{}}}"

    def words(self, text: str) -> str:
        """Words as LaTeX; a character it cannot set becomes a question mark."""
        return "".join(map(_character, one_line(text)))

    def monospace(self, text: str) -> str:
        return r"\texttt{" + r"\allowbreak{}".join(map(self.words, chunks(text))) + "}"

    def link(self, link: doc.Link) -> str:
        return rf"\href{{{link.address}}}{{{self.words(link.text)}}}"

    def display(self, display: doc.Display) -> str:
        new_row = " \\\\*\n" if display.short else " \\\\\n"
        return new_row.join(f"  {cells}" for cells in self.cells(display, "{} &{}", " & "))

    # -- formulas ----------------------------------------------------------------------------------
    def row(self, parts: tuple[doc.Formula, ...]) -> str:
        """Parts next to each other, with the spaces that a careful author would type."""
        done = ""
        before: doc.Formula | None = None
        for part in parts:
            piece = self.typeset(part)
            name = part.name if isinstance(part, doc.Operator) else ""
            if name in _SPACED and before is not None and not opens_term(before):
                piece = f" {piece} "
            elif name in ("comma", "equal"):
                piece += " "
            if _is_word(before) and not name:
                done += r"\,"
            if _OPEN_END.search(done) and piece[:1].isalnum():
                done += " "
            done += piece
            before = part
        return done.rstrip(" ")

    def base(self, f: doc.Formula) -> str:
        text = self.typeset(f)
        return f"{{{text}}}" if isinstance(f, (doc.Row, doc.Fraction, doc.Power)) else text

    def script(self, f: doc.Formula) -> str:
        text = self.typeset(f)
        return text if isinstance(f, doc.Number) and len(text) == 1 else f"{{{text}}}"

    def symbol(self, s: doc.Symbol) -> str:
        if s.name in GREEK:
            letter = f"\\{s.name}"
        elif s.name in LETTERS:
            letter = LETTERS[s.name][0]
        else:
            letter = s.name if re.fullmatch("[A-Za-z]", s.name) else self.upright(s.name)
        if s.dots:
            letter = rf"\{'d' * s.dots}ot{{{letter}}}"
        number = f"{{{s.number}}}" if len(s.number) > 1 else s.number
        base = f"{letter}_{number}" if number else letter
        if not s.index:
            return base
        index = indices(s.index, "", ",")
        return f"({base})_{{{index}}}" if s.number else f"{letter}_{{{index}}}"

    def upright(self, text: str) -> str:
        """Unusual characters need LaTeX's text mode."""
        command = "mathrm" if re.fullmatch(r"[A-Za-z0-9_()]+", text) else "textnormal"
        return rf"\{command}{{{self.words(text)}}}" if text else "{}"


class _Markdown(_LaTeX):
    template = "page.md"

    def words(self, text: str) -> str:
        return _SPECIAL.sub(r"\\\1", one_line(text))

    def monospace(self, text: str) -> str:
        text = one_line(text)
        fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
        return f"{fence} {text} {fence}" if len(fence) > 1 else f"`{text}`"

    def link(self, link: doc.Link) -> str:
        return f"[{self.words(link.text)}]({link.address})"

    def display(self, display: doc.Display) -> str:
        return " \\\\\n".join(map(str.strip, self.cells(display, "{} &{}", r" & \quad ")))


RENDERER, MARKDOWN = _LaTeX(), _Markdown()


def _character(c: str) -> str:
    if c in _ESCAPED:
        return _ESCAPED[c]
    if c.isascii():
        return c
    apart = unicodedata.normalize("NFD", c)
    if len(apart) == 2 and apart[0].isascii() and apart[0].isalpha() and apart[1] in _ACCENTS:
        return rf"\{_ACCENTS[apart[1]]}{apart[0]}"
    return "?"


def _is_word(f: doc.Formula | None) -> bool:
    """Whether a variable is a whole word, which needs some space behind it."""
    return isinstance(f, doc.Symbol) and len(f.name) > 1 and f.name not in GREEK and f.name not in LETTERS
