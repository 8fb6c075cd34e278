"""What an appendix says.  Every sentence comes from the certificate; what it does not claim is not mentioned."""

from __future__ import annotations

import re
from typing import Any

from polylaw.proof.appendix.document import Block, Document, Heading, Link, Monospace, Paragraph, Part
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.proofs import proof
from polylaw.proof.appendix.setting import setting
from polylaw.proof.appendix.statement import Statement

__all__ = ["document_of"]

_PAPERS = {
    "2307.00144": "S. Marcotte, R. Gribonval, and G. Peyré. Abide by the Law and Follow the Flow: Conservation Laws for Gradient Flows",
    "2405.12888": "S. Marcotte, R. Gribonval, and G. Peyré. Keep the Momentum: Conservation Laws beyond Euclidean Gradient Flows",
    "2506.06194": "S. Marcotte, R. Gribonval, and G. Peyré. Transformative or Conservative? Conservation Laws for ResNets and Transformers",
}
_ARXIV = re.compile(r"\b[0-9]{4}\.[0-9]{5}\b")


def document_of(data: dict[str, Any]) -> Document:
    """The appendix of a certificate."""
    names = Names(data)
    fields = Fields(data, names)
    statement = Statement(names, fields)
    model = data["model"]
    theorem = statement.theorem()
    blocks: list[Block] = [Heading("The flow"), *setting(names, fields), Heading("The result"), theorem, proof(statement)]
    blocks += [Heading("Scope and verification"), *_scope(names)]
    references = _references(data)
    blocks += [Heading("References"), *references] if references else []
    return Document(f"Conservation laws: {model['title']}", model["flow"], tuple(blocks))


def _scope(names: Names) -> list[Paragraph]:
    data = names.data
    command = data["model"]["command"]
    parts: list[Part] = ["Everything above is generated from one certificate, whose sha256 is ", Monospace(data["sha256"]), ". "]
    parts += ["A checker that shares no code with the program that found the laws verifies it: "]
    parts += [Monospace("python checker.py certificate.json"), "."]
    parts += [" The certificate is made again by ", Monospace(command), "."] if command else []
    if names.kind not in ("gradient", "momentum"):
        return [Paragraph(tuple(parts))]
    scope: list[Part] = ["The theorem is about all losses at once: it holds for every loss that sees ", names.state]
    scope += [" only through ", names["map"], ", and for all data. A single loss, or special data, can have more conservation laws."]
    return [Paragraph(tuple(scope)), Paragraph(tuple(parts))]


def _references(data: dict[str, Any]) -> list[Paragraph]:
    """The papers the setting comes from, and the source of the model."""
    kind, source = data["flow"]["type"], data["model"]["source"]
    used = ["2307.00144"] if kind in ("gradient", "momentum") else []
    used += ["2405.12888"] if kind == "momentum" or "metric" in data["flow"] else []
    used += [number for number in _PAPERS if number in source and number not in used]
    papers = [Paragraph((f"{_PAPERS[number]}. ", _link(number), ".")) for number in used]
    return papers + ([Paragraph(("The model: ", *_linked(source), "."))] if source and not any(n in source for n in used) else [])


def _link(number: str) -> Link:
    return Link(f"arXiv:{number}", f"https://arxiv.org/abs/{number}")


def _linked(source: str) -> list[Part]:
    """Words with the numbers of arXiv as links."""
    parts: list[Part] = []
    place = 0
    for match in _ARXIV.finditer(source):
        parts += [source[place : match.start()].removesuffix("arXiv ").removesuffix("arXiv:"), _link(match.group())]
        place = match.end()
    return [*parts, source[place:]]
