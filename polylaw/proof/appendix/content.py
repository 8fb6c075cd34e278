"""What an appendix says.  Every sentence renders a statement of the checked certificate; what it does not
claim is not mentioned, and what its author added is marked as such."""

from __future__ import annotations

from polylaw.algebra.check import Check
from polylaw.proof.appendix import document as doc
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.flows import setting_of
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import paragraph, said, shortened
from polylaw.proof.appendix.proofs import proof
from polylaw.proof.appendix.references import References
from polylaw.proof.appendix.theorem import TheoremWriter
from polylaw.proof.reading import Certified


def document_of(told: Certified, check: Check) -> doc.Document:
    """The appendix of a certificate at given widths."""
    assert told.system is not None
    names, references, system = Names(told), References(told.data), told.system
    writer = TheoremWriter(names, Fields(system, names), check)
    setting = setting_of(names, writer.fields, references)
    blocks: list[doc.Block] = [doc.Heading("The flow"), *setting.blocks()]
    blocks += [doc.Heading("The result"), writer.theorem(), proof(writer)]
    blocks += [doc.Heading("Scope and verification"), *_scope(writer)]
    listed = references.paragraphs()
    blocks += [doc.Heading("References"), *listed] if listed else []
    return doc.Document(setting.title, tuple(setting.subtitle), tuple(blocks))


def _scope(writer: TheoremWriter) -> list[doc.Paragraph]:
    names, told = writer.names, writer.names.told
    if not writer.system.kind.trained:
        return [origin(told)]
    laws = [writer.system.laws[i] for i in told.conserved]
    constant = "For every such loss that is continuously differentiable, {} {} constant in time. "
    are = "are" if len(laws) > 1 else "is"
    scope = paragraph(
        "The theorem is about all losses at once that see {} only through {} as given above, and about no "
        "others. {}A single loss can have more conservation laws than those that hold for all of these.",
        *(names.state, names["map"], said(constant, writer.laws(laws), are) if laws else ""),
    )
    return [scope, origin(told)]


def origin(told: Certified, sizes: str = "") -> doc.Paragraph:
    """Where all of it comes from, and how it is checked; how its author says it was made."""
    command = told.data["model"]["command"]
    made = said(", nor that it was made by \u201c{}\u201d", doc.Monospace(shortened(command)))
    return paragraph(
        "Everything above was written by polylaw from one certificate, whose sha256 is {}. A checker that "
        "shares no code with the program that found the laws verifies it{}: {}. What its author says besides "
        "is not verified{}.",
        *(
            doc.Monospace(str(told.data["sha256"])),
            sizes,
            doc.Monospace("python checker.py certificate.json"),
        ),
        made if command else "",
    )
