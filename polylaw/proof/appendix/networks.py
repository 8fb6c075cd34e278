"""The appendix of laws of a network: what it computes, the lemmas that its rules rest on, the laws, and where
each motion goes and ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from polylaw.algebra.check import Check
from polylaw.networks.flat import Computed
from polylaw.networks.path import Path
from polylaw.networks.pieces import Form, View
from polylaw.proof import checker
from polylaw.proof.appendix import document as doc
from polylaw.proof.appendix import formulas as fm
from polylaw.proof.appendix.content import origin
from polylaw.proof.appendix.network_lemmas import OPERATIONS, lemma, motion, operation
from polylaw.proof.appendix.phrases import counted, paragraph, said, shortened
from polylaw.proof.appendix.setting import remarks
from polylaw.proof.network_data import labels
from polylaw.proof.network_paths import path
from polylaw.proof.reading import Certified
from polylaw.proof.statements import OfNetwork

_G, _THETA = doc.Symbol("G"), doc.Symbol("theta")
_FLOW = fm.row(doc.Symbol("theta", dots=1), fm.EQUAL, fm.MINUS, _G)
_MOMENTUM = fm.row(doc.Symbol("theta", dots=2), fm.EQUAL, fm.MINUS, _G)
_MOVED = fm.row(doc.Symbol("d"), _THETA)
#: Where a proof begins for laws of a form: how the parameters move, and what follows.
_STARTS = {
    Form.SQUARES: "Each array of parameters in the law moves by its coefficient times {phi} times "
    "itself, {phi} being any function of the indices of the law",
    Form.PRODUCTS: "Each array of parameters in the law moves along its last index by its coefficient "
    "times any matrix {M}, transposed where the coefficient is negative, and skew where the law is",
    Form.SUMS: "Each array of parameters in the law moves by its coefficient times {phi}, {phi} being "
    "any function of the indices of the law, with sum zero along an index of which only differences are "
    "laws",
}


def document_of_network(told: Certified, check: Check) -> doc.Document:
    """The appendix of a certificate of laws of a network."""
    writer = _Writer(told, check)
    blocks: list[doc.Block] = [doc.Heading("The network"), *writer.setting()]
    blocks += [doc.Heading("Lemmas"), *writer.lemmas()]
    blocks += [doc.Heading("The result"), writer.notation(), writer.theorem(), writer.proof()]
    blocks += [doc.Heading("Scope and verification"), writer.scope(), origin(told)]
    return doc.Document("Conservation laws of a network", ("Training by any loss",), tuple(blocks))


class _Writer:
    def __init__(self, told: Certified, check: Check) -> None:
        assert told.network is not None
        self.told, self.network, self.statements = told, told.network, told.of_network
        state: Any = checker.reading(told.data)
        for claim in told.data["claims"]:
            state.check_network(claim)
        self.paths: list[Path] = []
        for statement in self.statements:
            check("following motions")
            law = state.laws[statement.number]
            self.paths.append(path(state, law, exact=statement.law.exact))
        rules = Counter(a.rule for a in self.network.arrays if isinstance(a, Computed))
        self.rules = {rule: times for rule in OPERATIONS if (times := rules[rule])}

    # -- the network -------------------------------------------------------------------------------
    def setting(self) -> list[doc.Block]:
        """What is computed, and what the loss sees."""
        title, network = self.told.data["model"]["title"], self.network
        calls = f"Its author calls it \u201c{shortened(title)}\u201d. " if title else ""
        entries = sum(map(prod, network.shapes.values()))
        kinds = (
            doc.Paragraph((*operation(rule), "."), f"{rule.capitalize()}, {_times(times)}.")
            for rule, times in self.rules.items()
        )
        opening = paragraph(
            "{}The network has {} with {} entries, {}, and {} on arrays that are made of them and of "
            "data, which may be anything. The loss is any continuously differentiable function of {}. "
            "The certificate lists all operations with the indices of their arrays; they are of these "
            "kinds:",
            calls,
            counted(len(network.shapes), "parameter"),
            f"{entries:,}",
            _THETA,
            counted(sum(self.rules.values()), "operation"),
            counted(len(network.outputs), "array") + ", the outputs",
        )
        notes = remarks(self.told.data["model"].get("notes", ()))
        return [opening, *kinds, *self._given(), *notes]

    def _given(self) -> list[doc.Block]:
        """What is taken as given, and what names stand for."""
        blocks: list[doc.Block] = []
        if any(a.sums for a in self.network.arrays if not isinstance(a, View)):
            blocks.append(
                paragraph(
                    "Of some data, or results of functions of which nothing else is used, such as a "
                    "softmax, the certificate gives the sum of the entries along an index."
                )
            )
        if any(a.eps for a in self.network.arrays if isinstance(a, Computed)):
            blocks.append(
                paragraph("Some results are kept from zero by a positive number, which is called eps here.")
            )
        names = zip(labels(self.told.data), self.told.data["flow"]["parameters"], strict=True)
        strange = [(label, name) for label, (name, _) in names if label != name]
        if strange:
            parts: list[doc.Part] = []
            for label, name in strange:
                stands = said("{} stands for {}", doc.Monospace(label), doc.Monospace(shortened(ascii(name))))
                parts += ["; " if parts else "", *stands]
            blocks.append(doc.Paragraph((*parts, ".")))
        return blocks

    def lemmas(self) -> list[doc.Block]:
        """What is used of the operations, with proofs."""
        used: Counter[tuple[Form, str]] = Counter()
        for statement, way in zip(self.statements, self.paths, strict=True):
            for rule, times in (*way.passed, *way.ends):
                used[statement.law.form, rule] += times
        opening = paragraph(
            "Let the parameters move. Arrays that are made of what stands still do so, too. The "
            "following says how others move, to first order, for all values of the parameters and the "
            "data, wherever the operations are differentiable."
        )
        blocks: list[doc.Block] = [opening]
        for form in _FORMS:
            rules = [rule for rule in OPERATIONS if used[form, rule]]
            if not rules:
                continue
            blocks.append(doc.Paragraph((*motion(form), ".")))
            for rule in rules:
                lead = f"{rule.capitalize()}, used {_times(used[form, rule])}."
                blocks.append(doc.Paragraph((*lemma(form, rule),), lead))
        return blocks

    # -- the result --------------------------------------------------------------------------------
    def notation(self) -> doc.Paragraph:
        """How laws are written."""
        return paragraph(
            "Laws are written with the names of parameters, in front what these have in common; {}, {} and "
            "{} stand for a weight, a weight with one index, and a bias. Brackets have indices, {} being all "
            "of them. Bars are the root of a sum of squares. {} is a transpose; of an array with more than "
            "two indices {} is the matrix whose rows belong to the first. There is a law for every value of "
            "the indices in parentheses, and for every entry of a matrix.",
            *map(doc.Monospace, ("W", "g", "b", ":", "W'", "W(1)")),
        )

    def theorem(self) -> doc.Theorem:
        """All families."""
        momentum = said("; with momentum, along every solution of {}", _MOMENTUM)
        opening = paragraph(
            "Let {} be the gradient of the loss by {}. Whatever the loss and the data, each of the following "
            "is constant along every solution of {}, as long as the loss is differentiable there{}:",
            *(_G, _THETA, _FLOW, momentum if any(s.law.skew for s in self.statements) else ""),
        )
        return doc.Theorem(opening, doc.Items(tuple(map(self._item, self.statements))))

    @staticmethod
    def _item(statement: OfNetwork) -> doc.Paragraph:
        law = statement.law
        text, condition = doc.Code(law.text(None)), "" if law.exact else ", if every eps is zero"
        if law.skew:
            velocities = "With momentum, {}, the first factors being velocities, less the transpose{}."
            return paragraph(velocities, text, condition)
        return paragraph("{}{}{}.", text, ", which never moves" if law.is_frozen else "", condition)

    def proof(self) -> doc.Proof:
        """How each motion goes on, and that no output moves."""
        letters = {"phi": doc.Symbol("phi"), "M": doc.Symbol("M")}
        body = [
            paragraph(
                "For each law we move the parameters by {} such that no output moves, whatever they are. "
                "Then the loss does not change, so {}. This holds for every function, or matrix, that "
                "the motion is made of, and says that the derivative of the law is zero.",
                *(_MOVED, fm.row(fm.angle(_G, _MOVED), fm.EQUAL, fm.ZERO)),
            )
        ]
        for form in _FORMS:
            groups: dict[Path, list[int]] = {}
            for number, (statement, way) in enumerate(zip(self.statements, self.paths, strict=True), 1):
                if statement.law.form is form:
                    groups.setdefault(way, []).append(number)
            if groups:
                start = said(_STARTS[form], **_used(letters, form))
                ways = " ".join(f"{_numbers(laws)}: {_told(way)}." for way, laws in groups.items())
                body.append(doc.Paragraph((*start, f". {ways}"), _LEADS[form]))
        return doc.Proof((*body, doc.Paragraph(("In all of them no output moves.",))))

    def scope(self) -> doc.Paragraph:
        """What is not said."""
        return paragraph(
            "The theorem is about all losses of these outputs at once. The lengths of indices enter only "
            "where equal terms are counted. A network can have more laws than those that such motions "
            "give."
        )


_FORMS = (Form.SQUARES, Form.PRODUCTS, Form.SUMS)
_LEADS = {Form.SQUARES: "Squares.", Form.PRODUCTS: "Matrices.", Form.SUMS: "Sums."}


def _used(letters: Mapping[str, doc.Part], form: Form) -> dict[str, doc.Part]:
    return {name: part for name, part in letters.items() if f"{{{name}}}" in _STARTS[form]}


def _times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def _numbers(laws: Sequence[int]) -> str:
    return f"Law{'s' if len(laws) > 1 else ''} {', '.join(map(str, laws))}"


def _told(way: Path) -> str:
    """`handed on by sum twice; ends at product once`"""
    passed, ended = (", ".join(f"{rule} {_times(n)}" for rule, n in part) for part in (way.passed, way.ends))
    ends = f"ends at {ended}" if ended else "nothing reads these entries"
    return f"handed on by {passed}; {ends}" if passed else ends
