"""Proof appendices: one document from a certificate alone, as LaTeX, typst, PDF, HTML or Markdown."""

from __future__ import annotations

from typing import Any

from polylaw.budget import Budget, given_budget
from polylaw.errors import UnknownNameError

__all__ = ["KINDS", "kind_of", "render"]

KINDS = ("tex", "typ", "pdf", "html", "md")


def kind_of(text: str, hint: str = "") -> str:
    """The kind of appendix of this name; `UnknownNameError`, with the hint, if there is none."""
    if text not in KINDS:
        raise UnknownNameError("kind of appendix", text, f"one of {', '.join(KINDS)}", hint)
    return text


def render(data: dict[str, Any], kind: str, budget: Budget | None = None) -> bytes:
    """The appendix of a certificate's data as `tex`, `typ`, `pdf` (needs the extra `polylaw[pdf]`), `html` or
    `md`.

    The same certificate gives the same bytes.  Raises `InputError` for one that the checker refuses, and for
    one that cannot be told without saying more than was checked; `BudgetError` when a bound is hit.
    """
    from polylaw.proof.appendix import html, latex, typst
    from polylaw.proof.appendix.all_widths import document_of_words
    from polylaw.proof.appendix.content import document_of
    from polylaw.proof.reading import certified

    kind = kind_of(kind)
    budget = given_budget(budget)
    with budget.working():
        told = certified(data, budget)
        document = (document_of if told.system else document_of_words)(told, budget.check)
    if kind == "pdf":
        return typst.pdf(document)
    renderers = {"tex": latex.RENDERER, "typ": typst.RENDERER, "html": html.RENDERER, "md": latex.MARKDOWN}
    return renderers[kind].page(document).encode()
