"""The appendix as one HTML page with MathML: it opens offline and needs no script."""

from __future__ import annotations

from html import escape

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

__all__ = ["text"]

_OPERATORS = {
    "plus": "+",
    "minus": "−",
    "times": "·",
    "equal": "=",
    "comma": ",",
    "dots": "…",
    "in": "∈",
    "nabla": "∇",
    "transpose": "⊤",
    "(": "(",
    ")": ")",
    "[": "[",
    "]": "]",
}
_LETTERS = dict(zip(GREEK, "αβγδεηθκλμνρστω", strict=True)) | {"phi": "φ", "ell": "ℓ"}

_PAGE = """\
<!DOCTYPE html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<title>{title}</title>
<style>
body {{ max-width: 46em; margin: 2em auto; padding: 0 1em; font: 1.05em/1.5 serif; }}
h1, .subtitle {{ text-align: center; font-weight: normal; }}
.display {{ overflow-x: auto; margin: 0.8em 0; }}
.theorem {{ border-left: 3px solid #888; padding-left: 1em; }}
code {{ overflow-wrap: anywhere; }}
mtd {{ text-align: left; }}
mtd.left {{ text-align: right; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p class="subtitle">{subtitle}</p>
{body}
</body>
</html>
"""


def text(document: Document) -> str:
    """The whole page, well-formed XML."""
    body = "\n".join(_block(block) for block in document.blocks)
    return _PAGE.format(title=_words(document.title), subtitle=_words(document.subtitle), body=body)


def _words(words: str) -> str:
    return escape("".join(c if c.isprintable() else "?" for c in words))


# -- formulas --------------------------------------------------------------------------------------
def formula(f: Formula) -> str:
    """A formula as MathML."""
    if isinstance(f, Row):
        return f"<mrow>{_parts(f)}</mrow>"
    if isinstance(f, Power):
        return f"<msup>{formula(f.base)}{formula(f.exponent)}</msup>"
    if isinstance(f, Fraction):
        return f"<mfrac>{formula(f.above)}{formula(f.below)}</mfrac>"
    if isinstance(f, Number):
        return f"<mn>{f.text}</mn>"
    if isinstance(f, Operator):
        if f.name == "second derivative of theta":
            return "<mover><mi>θ</mi><mo>¨</mo></mover>"
        return f"<mo>{_OPERATORS[f.name]}</mo>"
    if isinstance(f, Symbol):
        return _symbol(f)
    return f"<mtext>{_words(f.text)}</mtext>"


def _parts(f: Row) -> str:
    """The parts; an index that stands by itself belongs to everything before it up to a bracket."""
    done: list[str] = []
    for part in f.parts:
        if isinstance(part, Symbol) and not part.name and done:
            done[-1] = f"<msub>{done[-1]}{_indices(part.index)}</msub>"
        else:
            done.append(formula(part))
    return "".join(done)


def _symbol(s: Symbol) -> str:
    if s.name == "R" and s.number == "blackboard":
        return "<mi>ℝ</mi>"
    letter = f"<mi>{_words(_LETTERS.get(s.name, s.name))}</mi>"
    if s.dotted:
        letter = f"<mover>{letter}<mo>˙</mo></mover>"
    if s.number:
        number = f"<mn>{s.number}</mn>" if s.number.isdigit() else f"<mi>{_LETTERS.get(s.number, s.number)}</mi>"
        letter = f"<msub>{letter}{number}</msub>"
    if not s.index:
        return letter
    if s.number:
        letter = f"<mrow><mo>(</mo>{letter}<mo>)</mo></mrow>"
    return f"<msub>{letter}{_indices(s.index)}</msub>"


def _indices(index: tuple[str, ...]) -> str:
    separator = "" if all(len(i) == 1 for i in index) else "<mo>,</mo>"
    return "<mrow>" + separator.join(f"<mn>{i}</mn>" for i in index) + "</mrow>"


# -- blocks ----------------------------------------------------------------------------------------
def _inline(part: Inline) -> str:
    if isinstance(part, str):
        return _words(part)
    if isinstance(part, Monospace):
        return f"<code>{_words(part.text)}</code>"
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{formula(part)}</math>'


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h2>{_words(block.text)}</h2>"
    if isinstance(block, Paragraph):
        lead = f"<em>{_words(block.lead)}</em> " if block.lead else ""
        return f"<p>{lead}{''.join(map(_inline, block.parts))}</p>"
    if isinstance(block, Display):
        rows = "".join(f'<mtr><mtd class="left">{formula(a)}</mtd><mtd>{formula(b)}</mtd></mtr>' for a, b in block.lines)
        return f'<div class="display"><math display="block" xmlns="http://www.w3.org/1998/Math/MathML"><mtable>{rows}</mtable></math></div>'
    if isinstance(block, Items):
        items = "".join(f"<li>{''.join(_block(part) for part in item)}</li>\n" for item in block.items)
        return f"<ol>\n{items}</ol>"
    body = "\n".join(_block(part) for part in block.body)
    if isinstance(block, Theorem):
        return f'<div class="theorem"><p><strong>{_words(block.title)}.</strong></p>\n{body}</div>'
    return f'<div class="proof">\n{body}<p style="text-align: right">□</p></div>'
