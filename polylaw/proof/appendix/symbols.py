"""Signs and letters that formulas name, in LaTeX, typst and Unicode."""

from __future__ import annotations

from polylaw.algebra.functions import KINDS

_CHARACTERS = "αβγδεηθκλμνρστω"
_NAMES = "alpha beta gamma delta epsilon eta theta kappa lambda mu nu rho sigma tau omega"
#: Greek letters by name; LaTeX and typst know them by the same name.
GREEK = dict(zip(_NAMES.split(), _CHARACTERS, strict=True))

#: Other letters: name: (LaTeX, typst, Unicode).
LETTERS = {
    "phi": (r"\varphi", "phi", "φ"),
    "ell": (r"\ell", "ell", "ℓ"),
    "reals": (r"\mathbb{R}", "RR", "ℝ"),
    "ones": (r"\mathbf{1}", "bold(1)", "𝟏"),
    "euler": (r"\mathrm{e}", "upright(e)", "e"),
    "d": (r"\mathrm{d}", "upright(d)", "d"),
    "pi": (r"\pi", "pi", "π"),
}

#: Signs: name: (LaTeX, typst, Unicode).
SIGNS = {
    "plus": ("+", "+", "+"),
    "minus": ("-", "-", "−"),
    "times": (r"\cdot", "dot", "·"),
    "equal": ("=", "=", "="),
    "slash": ("/", "\\/", "/"),
    "comma": (",", ",", ","),
    "period": (".", ".", "."),
    "dots": (r"\dots", "dots", "…"),
    "in": (r"\in", "in", "∈"),
    "by": (r"\times", "times", "×"),
    "to": (r"\to", "arrow", "→"),
    "nabla": (r"\nabla", "nabla", "∇"),
    "partial": (r"\partial", "partial", "∂"),
    "sum": (r"\sum", "sum", "∑"),
    "transpose": (r"\top", "top", "⊤"),
    "langle": (r"\langle", "chevron.l", "⟨"),
    "rangle": (r"\rangle", "chevron.r", "⟩"),
    "unequal": (r"\neq", "!=", "≠"),
    "greater": (">", ">", ">"),
    "bar": ("|", "|", "|"),
    **{kind: function.signs for kind, function in KINDS.items() if function.signs},
    "diag": (r"\operatorname{diag}", 'op("diag")', "diag"),
    "tr": (r"\operatorname{tr}", 'op("tr")', "tr"),
    "(": ("(", "\\(", "("),
    ")": (")", "\\)", ")"),
    "[": ("[", "\\[", "["),
    "]": ("]", "\\]", "]"),
}
