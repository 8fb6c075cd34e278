"""What an appendix says.  Every sentence comes from the certificate; what it does not claim is not mentioned."""

from __future__ import annotations

from typing import Any

from polylaw.proof.appendix.document import (
    Block,
    Display,
    Document,
    Formula,
    Heading,
    Inline,
    Items,
    Monospace,
    Number,
    Operator,
    Paragraph,
    Proof,
    Row,
    Symbol,
    Theorem,
)
from polylaw.proof.appendix.identities import identities
from polylaw.proof.appendix.mathematics import Names, joined, matrix_name, row
from polylaw.proof.appendix.setting import field_symbol, setting
from polylaw.proof.motion import Motion, motion_of

__all__ = ["document_of"]

#: Laws and identities that are printed; the rest is counted.
_MOST_LAWS, _MOST_IDENTITIES = 40, 24
_MOST_POINT = 60
_MOST_BRACKETS = 12
EQUAL, H = Operator("equal"), Symbol("h")
_PAPERS = {
    "2307.00144": "S. Marcotte, R. Gribonval, G. Peyré, Abide by the Law and Follow the Flow: Conservation Laws for Gradient Flows",
    "2405.12888": "S. Marcotte, R. Gribonval, G. Peyré, Keep the Momentum: Conservation Laws beyond Euclidean Gradient Flows",
}


def document_of(data: dict[str, Any]) -> Document:
    """The appendix of a certificate."""
    return _Writer(data).document()


class _Writer:
    def __init__(self, data: dict[str, Any]) -> None:
        self.data, self.names = data, Names(data)
        self.motion: Motion = motion_of(data)
        self.claims = {claim["type"]: claim for claim in data["claims"]}
        self.refuted = [claim for claim in data["claims"] if claim["type"] == "not_conserved"]

    def document(self) -> Document:
        model = self.data["model"]
        blocks: list[Block] = [Heading("The flow"), *setting(self.data, self.names), Heading("The result"), self._theorem()]
        blocks += [Heading("Proof"), *self._proofs(), Heading("Scope and sources"), *self._scope()]
        return Document(f"Conservation laws: {model['title']}", model["flow"], blocks)

    # -- the theorem --------------------------------------------------------------------------------
    def _theorem(self) -> Theorem:
        items: list[tuple[Paragraph | Display, ...]] = []
        for kind in ("conserved", "independent", "complete", "max_laws", "exactly"):
            if kind in self.claims:
                items.append(getattr(self, f"_state_{kind}")(self.claims[kind]))
        items += [self._state_refuted(claim) for claim in self.refuted]
        return Theorem("Theorem", (Items(tuple(items)),))

    def _state_conserved(self, claim: dict[str, Any]) -> tuple[Paragraph | Display, ...]:
        laws = claim["laws"]
        many = len(laws) > 1
        start = "The following polynomials are conservation laws." if many else "The following polynomial is a conservation law."
        parts: list[Paragraph | Display] = [Paragraph((start,))]
        told: set[int] = set()
        matrices = self.data["model"]["matrices"]
        for number, matrix in enumerate(matrices, 1):
            entries = [e for e in matrix["entries"] if e["law"] in laws]
            if not entries:
                continue
            told |= {e["law"] for e in entries}
            parts += self._matrix(matrix, entries, Symbol("H", str(number) if len(matrices) > 1 else ""))
        rest = [i for i in laws if i not in told]
        if rest and told:
            parts.append(Paragraph(("Moreover" if len(rest) > 1 else "Moreover:",)))
        lines = [line for i in rest[:_MOST_LAWS] for line in self._law_lines(row(self._h(i), EQUAL), i)]
        if lines:
            parts.append(Display(tuple(lines)))
        if len(rest) > _MOST_LAWS:
            parts.append(Paragraph((f"and {len(rest) - _MOST_LAWS} more, listed in the certificate.",)))
        return tuple(parts)

    def _matrix(self, matrix: dict[str, Any], entries: list[dict[str, Any]], letter: Symbol) -> list[Paragraph | Display]:
        """`H = name`, and its entries one by one."""
        name = row(letter, EQUAL, matrix_name(matrix["name"], self.names))
        what = {0: "The scalar ", 1: "The entries of the vector "}.get(len(matrix["shape"]), "The entries of the matrix ")
        size = f", which is {matrix['symmetry']}" if matrix["symmetry"] else ""
        lines = []
        for entry in entries[:_MOST_LAWS]:
            place = Symbol(letter.name, letter.number, tuple(map(str, entry["index"])))
            lines += self._law_lines(row(self._h(entry["law"]), EQUAL, place, EQUAL), entry["law"])
        more = len(entries) - _MOST_LAWS
        tail = [Paragraph((f"and {more} more entries, listed in the certificate.",))] if more > 0 else []
        return [Paragraph((what, name, f"{size}:")), Display(tuple(lines)), *tail]

    def _law_lines(self, left: Formula, law: int) -> list[tuple[Formula, Formula]]:
        first, *rest = self.names.polynomial_lines(self.data["laws"][law]["polynomial"])
        return [(left, first), *((Row(()), line) for line in rest)]

    def _h(self, law: int) -> Formula:
        return Symbol("h", str(law + 1))

    def _all(self, laws: list[int]) -> str:
        if laws == list(range(len(self.claims.get("conserved", {"laws": []})["laws"]))) and len(laws) > 1:
            return f"All {len(laws)} of them"
        return "It" if len(laws) == 1 else f"{len(laws)} of them"

    def _state_independent(self, claim: dict[str, Any]) -> tuple[Paragraph, ...]:
        laws = claim["laws"]
        listed: list[Inline] = []
        everything = laws == list(range(len(self.claims.get("conserved", {"laws": []})["laws"])))
        if not everything:
            listed = [", ", joined([self._h(i) for i in laws]), ","]
        if len(laws) == 1:
            return (Paragraph(("The gradient of ", self._h(laws[0]), " is not zero near a generic point.")),)
        return (Paragraph((self._all(laws), *listed, " are functionally independent near a generic point.")),)

    def _state_complete(self, claim: dict[str, Any]) -> tuple[Paragraph, ...]:
        dimension, laws = claim["dimension"], claim["laws"]
        where = self._ansatz(claim)
        if not dimension:
            return (Paragraph((f"There is no conservation law {where}, except constants.",)),)
        verb = "a linear combination of these laws and their products" if len(laws) > 1 else f"a polynomial in {'this law'}"
        space = f"The space of such laws (without constants) has dimension {dimension}."
        return (Paragraph((f"Every conservation law {where} is, up to a constant, {verb}. {space}",)),)

    def _ansatz(self, claim: dict[str, Any]) -> str:
        if "monomials" in claim:
            return f"made of {len(claim['monomials'])} given monomials"
        at = f"of degree {claim['degree']}" if claim["least"] == claim["degree"] else f"of degree at most {claim['degree']}"
        clock = f", with powers of the time factor up to {claim['clock']}" if claim["clock"] else ""
        chosen = "" if claim["variables"] is None else f" in {len(claim['variables'])} chosen variables"
        return f"that is a polynomial{chosen} {at}{clock}"

    def _state_max_laws(self, claim: dict[str, Any]) -> tuple[Paragraph, ...]:
        bound = claim["bound"]
        if not bound:
            return (Paragraph(("On no open set is there a conservation law of any kind, polynomial or not, except constants.",)),)
        many = f"at most {bound} conservation laws are" if bound > 1 else "at most one conservation law is"
        return (Paragraph((f"On any open set, {many} functionally independent, polynomial or not.",)),)

    def _state_exactly(self, claim: dict[str, Any]) -> tuple[Paragraph, ...]:
        count = claim["count"]
        if not count:
            return (Paragraph(("So the number of independent conservation laws is exactly 0.",)),)
        which = "these laws" if count > 1 else "this law"
        text = f"So near a generic point the number of independent conservation laws is exactly {count}: "
        return (Paragraph((text + f"every law is, locally, a function of {which}.",)),)

    def _state_refuted(self, claim: dict[str, Any]) -> tuple[Paragraph | Display, ...]:
        law = claim["law"]
        lines = self._law_lines(row(self._h(law), EQUAL), law)
        return Paragraph(("The following polynomial is not a conservation law.",)), Display(tuple(lines))

    # -- proofs -------------------------------------------------------------------------------------
    def _proofs(self) -> list[Block]:
        blocks: list[Block] = []
        if not self.motion.withheld and self.data["flow"]["type"] != "ode":
            count = len(self.motion.fields())
            blocks.append(self._numbering(count))
        body: list[Paragraph | Display] = []
        for kind in ("conserved", "independent", "complete", "max_laws"):
            if kind in self.claims:
                body += getattr(self, f"_prove_{kind}")(self.claims[kind])
        for claim in self.refuted:
            body += self._prove_refuted(claim)
        return [*blocks, Proof(tuple(body))]

    def _numbering(self, count: int) -> Paragraph:
        """Which field is called what."""
        components = len(self.motion.phi)
        listed = [field_symbol(1), Operator("dots"), field_symbol(components)]
        symbols = joined(listed if components > 2 else [field_symbol(j + 1) for j in range(components)])
        noun = "fields of the components of the map, in their order, are" if components > 1 else "field of the component of the map is"
        text: list[Inline] = [f"The {noun} called ", symbols]
        if count > components:
            last = "decay" if self.data["flow"]["type"] == "gradient" else "drift"
            text += [f", and the {last} ", field_symbol(count)]
        return Paragraph((*text, "."))

    def _prove_conserved(self, claim: dict[str, Any]) -> list[Paragraph | Display]:
        if self.motion.withheld:
            text = "The derivatives along all fields, with denominators cleared, are expanded by the checker and are zero polynomials."
            return [Paragraph((text,), "Conservation.")]
        fields = self.motion.fields()
        laws = [self.motion.polynomial(self.data["laws"][i]["polynomial"]) for i in claim["laws"]]
        chosen, total, empty = identities(fields, laws, self.names, _MOST_IDENTITIES)
        text = "By the chain rule it suffices that the derivative of each law along each field is the zero polynomial. "
        if empty:
            text += f"In {_times(empty)} no variable of the law is moved. "
        parts: list[Paragraph | Display] = []
        covered = sum(1 + i.others for i in chosen)
        if chosen:
            text += "The products below cancel in each line:" if total > 1 else "The products cancel:"
        parts.append(Paragraph((text,), "Conservation."))
        lines: list[tuple[Formula, Formula]] = []
        for identity in chosen:
            field = field_symbol(identity.field + 1) if len(fields) > 1 else Symbol("X")
            left = row(field, self._h(claim["laws"][identity.law]), EQUAL)
            *first, last = identity.lines
            lines += [(left if n == 0 else Row(()), line) for n, line in enumerate([*first, row(last, EQUAL, Number("0"))])]
        if lines:
            parts.append(Display(tuple(lines)))
        renamed = covered - len(chosen)
        if renamed:
            verb = "is" if renamed == 1 else "are"
            noun = "identity" if renamed == 1 else "identities"
            parts.append(Paragraph((f"Another {renamed} {noun} {verb} equal to one of these up to the names of the variables.",)))
        if total > covered:
            parts.append(Paragraph((f"The remaining {total - covered} identities are of the same kind; the checker expands them all.",)))
        return parts

    def _prove_independent(self, claim: dict[str, Any]) -> list[Paragraph | Display]:
        count = len(claim["laws"])
        noun = f"gradients of these laws have rank {count}" if count > 1 else "gradient of the law is not zero"
        text: list[Inline] = [f"At the point {self._point(claim)} the {noun} modulo the prime {claim['prime']}. "]
        text.append("The rank over the rational numbers is at least the rank modulo a prime, and a rank that occurs at one point occurs ")
        text.append("on a dense open set.")
        return [Paragraph(tuple(text), "Independence.")]

    def _prove_complete(self, claim: dict[str, Any]) -> list[Paragraph | Display]:
        dimension = claim["dimension"]
        values = " with parameters set to residues, which can only lower a rank," if self.data["parameters"] else ""
        text = f"Write a polynomial {self._ansatz_short(claim)} with unknown coefficients. That all fields annihilate it is a system of "
        text += f"linear equations over the rational numbers, whose rank{values} modulo the prime {claim['prime']} is the number of "
        text += f"unknowns less {dimension}; so the laws have dimension at most {dimension}. "
        if dimension:
            text += "The laws above and their products that are of this form have at least this rank, modulo the same prime, "
            text += "so at least this dimension. "
        text += "Ranks modulo a prime bound ranks over the rational numbers from below, so both bounds hold, and they agree."
        return [Paragraph((text,), "Completeness.")]

    def _ansatz_short(self, claim: dict[str, Any]) -> str:
        return self._ansatz(claim).removeprefix("that is a polynomial").removeprefix("made ").strip()

    def _prove_max_laws(self, claim: dict[str, Any]) -> list[Paragraph | Display]:
        moving = self.motion.moving
        rank = moving - claim["bound"]
        brackets = claim["brackets"]
        text: list[Inline] = ["A function that two fields annihilate is annihilated by their Lie bracket. "]
        if brackets:
            fields = self._fields_count(claim)
            text.append("Together with the bracket" + ("s " if len(brackets) > 1 else " "))
            for n, (a, b) in enumerate(brackets[:_MOST_BRACKETS]):
                text += [", " if n else "", self._bracket(a, b, fields)]
            text.append(f" and {len(brackets) - _MOST_BRACKETS} more" if len(brackets) > _MOST_BRACKETS else "")
            if any(k >= fields for pair in brackets for k in pair):
                text += [", where ", Symbol("Y", "k"), " is the bracket number ", Symbol("k")]
            text.append(", the fields have ")
        else:
            text.append("The fields have ")
        text.append(f"rank {rank} at the point {self._point(claim)} modulo the prime {claim['prime']}, ")
        text.append("hence at least this rank on a dense open set. ")
        what = "state (variables and time)" if self.data["clock"] is not None else "space of the variables"
        text.append(f"Gradients of laws are orthogonal to all of these, in a {what} of dimension {moving}, ")
        text.append(f"so there are at most {claim['bound']} independent ones.")
        return [Paragraph(tuple(text), "Bound.")]

    def _fields_count(self, claim: dict[str, Any]) -> int:
        """How many elements come before the brackets."""
        if not self.motion.withheld:
            return len(self.motion.fields())
        return 1 + max(int(k) for pair in claim["brackets"][:1] for k in pair)

    def _bracket(self, a: int, b: int, fields: int) -> Formula:
        parts = [field_symbol(k + 1) if k < fields else Symbol("Y", str(k - fields + 1)) for k in (a, b)]
        return row(Operator("["), parts[0], Operator("comma"), parts[1], Operator("]"))

    def _prove_refuted(self, claim: dict[str, Any]) -> list[Paragraph | Display]:
        field = field_symbol(claim["field"] + 1) if self.data["flow"]["type"] != "ode" else Symbol("X")
        start: list[Inline] = ["The derivative of ", self._h(claim["law"]), " along ", field]
        end = f" is not zero at the point {self._point(claim)}: it is not zero modulo the prime {claim['prime']}."
        return [Paragraph((*start, end), "Refutation.")]

    def _point(self, claim: dict[str, Any]) -> str:
        coordinates = claim["point"]
        if len(coordinates) > _MOST_POINT or any(len(c) > 12 for c in coordinates):
            return "given in the certificate"
        return f"({', '.join(coordinates)})"

    # -- scope --------------------------------------------------------------------------------------
    def _scope(self) -> list[Block]:
        model = self.data["model"]
        blocks: list[Block] = []
        if self.data["flow"]["type"] in ("gradient", "momentum"):
            text = "These are statements for every loss that sees the parameters only through the map above, and for every data set. "
            blocks.append(Paragraph((text + "For a single loss, or for special data, there can be more laws.",)))
        first: list[Inline] = ["Everything above is generated from one certificate, with sha256 ", Monospace(self.data["sha256"]), ". "]
        first += ["A checker that shares no code with the program that found the laws verifies it: "]
        first += [Monospace("python checker.py certificate.json"), "."]
        if model["command"]:
            first += [" The certificate is made again by ", Monospace(model["command"]), "."]
        blocks.append(Paragraph(tuple(first)))
        blocks += [Paragraph((text,)) for text in self._references()]
        return blocks

    def _references(self) -> list[str]:
        kind = self.data["flow"]["type"]
        used = [] if kind not in ("gradient", "momentum") else ["2307.00144"]
        if kind == "momentum" or "metric" in self.data["flow"]:
            used.append("2405.12888")
        lines = [f"{_PAPERS[number]}, arXiv:{number}." for number in used]
        source = self.data["model"]["source"]
        return lines + ([f"Source of the model: {source}."] if source and not any(n in source for n in used) else [])


def _times(count: int) -> str:
    return "one case" if count == 1 else f"{count} cases"
