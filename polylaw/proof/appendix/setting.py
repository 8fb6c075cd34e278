"""The flow in words and formulas: what is told of flows of all kinds; `polylaw.proof.appendix.flows` has what
moves, and when a function is a conservation law."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from polylaw.flows.distribution import Change
from polylaw.proof.appendix import document as doc
from polylaw.proof.appendix.domains import definitions
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.formulas import row
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import listed, said, shortened
from polylaw.proof.appendix.references import References
from polylaw.proof.statements import ABOUT_DOMAINS, AtMost, Conserved, Exactly, Independent

TIME = doc.Symbol("t")
DERIVATIVE = doc.Fraction(doc.Symbol("d"), row(doc.Symbol("d"), TIME))
#: How texts of version 1 begin that need no remark: the fields below are written with these factors.
_WRITTEN_OUT = tuple(change.value for change in Change)


def by_the_author(names: Names) -> list[doc.Paragraph]:
    """How the certificate calls its model, and what the symbols of strange names stand for."""
    paragraphs: list[doc.Paragraph] = []
    if title := names.data["model"]["title"]:
        calls = f"The author of the certificate calls the model \u201c{shortened(title)}\u201d."
        paragraphs.append(doc.Paragraph((calls,)))
    if names.strange:
        text: list[doc.Part] = []
        for name in names.strange:
            stands = "; {} stands for {}" if text else "In formulas, {} stands for {}"
            text += said(stands, names.by_name[name], doc.Monospace(shortened(ascii(name))))
        paragraphs.append(doc.Paragraph((*text, ".")))
    return paragraphs


def remarks(notes: Iterable[str]) -> list[doc.Paragraph]:
    """What the author of the certificate adds."""
    lead = "Remark by the author of the certificate."
    return [doc.Paragraph((f"\u201c{note}\u201d",), lead) for note in notes]


def constants(parameters: Sequence[doc.Formula]) -> list[doc.Part]:
    """`The parameters a and b are constants.`"""
    several = "The parameters {} are constants." if len(parameters) > 1 else "The parameter {} is a constant."
    return said(several, listed(parameters))


def _noted(step: str | Mapping[str, str]) -> str:
    """A step that needs a remark, in words; the others are seen in the fields."""
    if isinstance(step, str):
        return "" if step.startswith(_WRITTEN_OUT) else step
    return step["text"] if step["kind"] == "note" else ""


class Setting(ABC):
    """What an appendix says of a flow: its title, and the section on what moves and what is conserved."""

    def __init__(self, names: Names, fields: Fields, references: References) -> None:
        self.names, self.fields, self.references, self.system = names, fields, references, fields.system
        self.x, self.v = names.state, names.velocity
        self.w, self.phi, self.h = names["control"], names["map"], names["law"]
        self.field_0, self.field_j = names.numbered("field", 0), names.numbered("field", "j")
        self.phi_j, self.w_j = names.numbered("map", "j"), names.numbered("control", "j")
        self.parameters: list[doc.Formula] = [*names.parameters]
        self.over_time, self.metric = self.system.over_time is not None, self.system.metric is not None
        self.quotients = bool(self.system.denominators)

    @property
    @abstractmethod
    def title(self) -> str:
        """The title of the appendix."""

    @property
    @abstractmethod
    def subtitle(self) -> Sequence[doc.Part]:
        """The flow in a few words."""

    @abstractmethod
    def flow(self) -> list[doc.Paragraph]:
        """What moves, and when a function is a conservation law."""

    def blocks(self) -> list[doc.Block]:
        """The whole section."""
        return [
            *by_the_author(self.names),
            *self.flow(),
            *definitions(self.names, self.system),
            *self.conventions(),
            *remarks(filter(None, map(_noted, self.names.data["model"]["steps"]))),
        ]

    def law_is(self, variables: list[doc.Formula]) -> list[doc.Part]:
        """`A conservation law is a smooth function h of theta ...`; of all variables where none is named."""
        clocked = self.names.time is not None
        of: list[doc.Part] = ["the variables and of time" if clocked else "the variables"]
        if variables:
            of = listed([*variables, *([TIME] if clocked else [])])
        where = "on an open set, that is constant along every solution in it"
        return said("A conservation law is a smooth function {} of {}, {}", self.h, of, where)

    def conventions(self) -> list[doc.Paragraph]:
        """The words of the theorem, as far as it needs them."""
        statements = self.names.told.statements
        generic, text = [], ""
        if any(isinstance(s, (Independent, AtMost, Exactly)) for s in statements):
            generic.append("at generic points")
            time = ", with time as a variable," if self.names.time else ""
            text = f"Functions are functionally independent at a point if their gradients{time} are linearly "
            text += "independent there. "
        if self.parameters and not all(isinstance(s, (Conserved, *ABOUT_DOMAINS)) for s in statements):
            generic.append("for generic values of the parameters")
        if generic:
            text += f"A statement holds {' and '.join(generic)} if it holds wherever a certain polynomial, "
            text += "not identically zero, does not vanish; hence on a dense open set."
        return [doc.Paragraph((text,))] if text else []
