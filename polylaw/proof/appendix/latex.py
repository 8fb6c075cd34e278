"""The appendix as LaTeX that `texlive-latex-base` alone compiles."""

from __future__ import annotations

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
    Proof,
    Row,
    Symbol,
    Theorem,
)
from polylaw.proof.appendix.mathematics import GREEK

__all__ = ["OPERATORS", "formula", "text"]

OPERATORS = {
    "plus": " + ",
    "minus": " - ",
    "times": r" \cdot ",
    "equal": " = ",
    "comma": r",\, ",
    "dots": r"\dots",
    "in": r" \in ",
    "nabla": r"\nabla ",
    "transpose": r"\top",
    "second derivative of theta": r"\ddot\theta",
    "(": "(",
    ")": ")",
    "[": "[",
    "]": "]",
}
_ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {c: f"\\{c}" for c in "&%$#_{}"}
_ACCENTS = {"é": r"\'e", "è": r"\`e", "ö": r'\"o', "ü": r'\"u', "ä": r'\"a', "á": r"\'a", "ó": r"\'o", "×": r"$\times$"}

_PAGE = r"""\documentclass[11pt,a4paper]{{article}}
\usepackage{{amsmath,amssymb,amsthm}}
\usepackage[margin=25mm]{{geometry}}
\usepackage[hidelinks]{{hyperref}}
\allowdisplaybreaks
\setlength{{\emergencystretch}}{{3em}}
\newtheorem*{{theorem}}{{Theorem}}
\title{{{title}}}
\author{{{subtitle}}}
\date{{}}
\begin{{document}}
\maketitle

{body}
\end{{document}}
"""


def text(document: Document) -> str:
    """The whole file."""
    body = "\n\n".join(_block(block) for block in document.blocks)
    return _PAGE.format(title=escaped(document.title), subtitle=escaped(document.subtitle), body=body)


def escaped(words: str) -> str:
    """Words as LaTeX; what it cannot set becomes a question mark."""
    pieces = [_ESCAPED.get(c) or _ACCENTS.get(c) or (c if c.isascii() and (c.isprintable() or c == " ") else "?") for c in words]
    return "".join(pieces)


# -- formulas --------------------------------------------------------------------------------------
def formula(f: Formula) -> str:
    """A formula without dollar signs."""
    if isinstance(f, Row):
        return "".join(_spaced(f.parts)).strip()
    if isinstance(f, Power):
        base = formula(f.base)
        simple = isinstance(f.base, Symbol) or len(base) == 1
        return f"{base if simple else '{' + base + '}'}^{{{formula(f.exponent)}}}"
    if isinstance(f, Fraction):
        return rf"\frac{{{formula(f.above)}}}{{{formula(f.below)}}}"
    if isinstance(f, Number):
        return f.text
    if isinstance(f, Operator):
        return OPERATORS[f.name]
    if isinstance(f, Symbol):
        return _symbol(f)
    return rf"\mathrm{{{escaped(f.text)}}}"


def _spaced(parts: tuple[Formula, ...]) -> list[str]:
    """Parts next to each other; a thin space after an upright word."""
    return [formula(p) + (r"\, " if _is_word(p) else " " if isinstance(p, (Symbol, Power)) else "") for p in parts]


def _is_word(f: Formula) -> bool:
    return not isinstance(f, (Row, Power, Fraction, Number, Operator, Symbol)) and len(f.text) > 1


def _symbol(s: Symbol) -> str:
    if s.name == "R" and s.number == "blackboard":
        return r"\mathbb{R}"
    if not s.name:
        return f"_{{{_indices(s.index)}}}"
    letter = "\\" + s.name if s.name in (*GREEK, "phi", "ell") else s.name if len(s.name) == 1 else rf"\mathrm{{{escaped(s.name)}}}"
    if s.dotted:
        letter = rf"\dot{{{letter}}}" if len(letter) > 1 and not letter.startswith("\\") else rf"\dot {letter}"
    number = {"phi": r"\phi"}.get(s.number, s.number)
    base = f"{letter}_{{{number}}}" if number else letter
    if not s.index:
        return base
    return f"({base})_{{{_indices(s.index)}}}" if number else f"{letter}_{{{_indices(s.index)}}}"


def _indices(index: tuple[str, ...]) -> str:
    return ("" if all(len(i) == 1 for i in index) else ",").join(index)


# -- blocks ----------------------------------------------------------------------------------------
def _inline(part: Inline) -> str:
    if isinstance(part, str):
        return escaped(part)
    if isinstance(part, Monospace):
        return _monospace(part.text)
    return f"${formula(part)}$"


def _monospace(words: str) -> str:
    """Monospaced text that may break after every eight characters, and after spaces."""
    chunks = [escaped(words[i : i + 8]) for i in range(0, len(words), 8)]
    return r"\texttt{" + r"\allowbreak{}".join(chunks) + "}"


def _paragraph(p: Paragraph) -> str:
    lead = rf"\emph{{{escaped(p.lead)}}} " if p.lead else ""
    return lead + "".join(map(_inline, p.parts))


def _display(d: Display) -> str:
    lines = " \\\\\n".join(f"  {formula(a)} & {formula(b)}" for a, b in d.lines)
    return f"\\begin{{align*}}\n{lines}\n\\end{{align*}}"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return rf"\section*{{{escaped(block.text)}}}"
    if isinstance(block, Paragraph):
        return _paragraph(block)
    if isinstance(block, Display):
        return _display(block)
    if isinstance(block, Items):
        items = "\n".join(r"\item " + "\n".join(_block(part) for part in item) for item in block.items)
        return f"\\begin{{enumerate}}\n{items}\n\\end{{enumerate}}"
    if isinstance(block, Theorem):
        body = "\n\n".join(_block(part) for part in block.body)
        return f"\\begin{{theorem}}\\leavevmode\n{body}\n\\end{{theorem}}"
    assert isinstance(block, Proof)
    return "\\begin{proof}\n" + "\n\n".join(_block(part) for part in block.body) + "\n\\end{proof}"
