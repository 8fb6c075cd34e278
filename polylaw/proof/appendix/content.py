"""What an appendix says.  Every sentence comes from the certificate; what it does not claim is not mentioned."""

from __future__ import annotations

from typing import Any

from polylaw.proof.appendix.document import (
    Block,
    Document,
    Heading,
    Inline,
    Monospace,
    Number,
    Operator,
    Paragraph,
    Part,
    Symbol,
)
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.formulas import parenthesised, row
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.proofs import proof
from polylaw.proof.appendix.references import References
from polylaw.proof.appendix.setting import setting
from polylaw.proof.appendix.statement import Statement

__all__ = ["document_of"]


def document_of(data: dict[str, Any]) -> Document:
    """The appendix of a certificate."""
    names, references = Names(data), References(data)
    fields = Fields(data, names)
    statement = Statement(names, fields)
    theorem = statement.theorem()
    blocks: list[Block] = [Heading("The flow"), *setting(names, fields, references), Heading("The result"), theorem, proof(statement)]
    blocks += [Heading("Scope and verification"), *_scope(statement)]
    listed = references.paragraphs()
    blocks += [Heading("References"), *listed] if listed else []
    return Document(f"Conservation laws: {data['model']['title'].replace('_', ' ')}", tuple(_kind(names)), tuple(blocks))


def _kind(names: Names) -> list[Inline]:
    """The flow in a few words."""
    flow = names.data["flow"]
    metric: list[Inline] = [" in the inverse metric ", names["metric"]] if "metric" in flow else []
    if names.kind == "gradient":
        decay: list[Inline] = [" with weight decay ", names.polynomial(flow["weight_decay"])] if "weight_decay" in flow else []
        return ["Gradient flow", *metric, *decay]
    if names.kind == "momentum":
        return ["Flow with momentum", *metric, *([", damping ", *_damping(names)] if names.damping else [", without damping"])]
    return ["Ordinary differential equations" if names.kind == "ode" else "Vector fields"]


def _damping(names: Names) -> list[Inline]:
    """tau, or c/t on one line"""
    if "over_time" not in names.data["flow"]:
        return [names.damping] if names.damping else []
    c, time = names.over_time, Symbol("t")
    below = time if c.denominator == 1 else parenthesised(Number(str(c.denominator)), time)
    return [row(Number(str(c.numerator)), Operator("slash"), below)]


def _scope(statement: Statement) -> list[Paragraph]:
    names = statement.names
    model = names.data["model"]
    parts: list[Part] = ["Everything above was written by polylaw from one certificate, whose sha256 is "]
    parts += [Monospace(names.data["sha256"]), ". A checker that shares no code with the program that found the laws verifies it: "]
    parts += [Monospace("python checker.py certificate.json"), "."]
    parts += [" The certificate is made again by ", Monospace(model["command"]), "."] if model["command"] else []
    if names.kind not in ("gradient", "momentum"):
        return [Paragraph(tuple(parts))]
    laws = dict.fromkeys(statement.conserved)
    scope: list[Part] = ["The theorem is about all losses at once. "]
    if laws:
        scope += ["For every continuously differentiable loss that sees ", names.state, " only through ", names["map"]]
        scope += [", and for all data, ", *statement.laws(list(laws)), " are constant " if len(laws) > 1 else " is constant ", "in time. "]
    scope.append("A single loss, or special data, can have more conservation laws than those that hold for all.")
    return [Paragraph(tuple(scope)), Paragraph(tuple(parts))]
