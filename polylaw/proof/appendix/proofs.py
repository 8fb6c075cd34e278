"""The proof: for each statement, what the certificate exhibits and why it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as Rational

from polylaw.proof import statements as kinds
from polylaw.proof.appendix.document import Formula, Number, Operator, Paragraph, Part, Proof
from polylaw.proof.appendix.domain_proofs import DomainProver
from polylaw.proof.appendix.formulas import EQUAL, MINUS, ZERO, aligned, at, bracket, rational, row
from polylaw.proof.appendix.identities import Identities, identities
from polylaw.proof.appendix.phrases import counted, listed, numbers, point, runs, said
from polylaw.proof.appendix.theorem import TheoremWriter

_MOST_LINES, _MOST_BRACKETS, _MOST_DIGITS = 60, 24, 30
_LEADS: dict[type[kinds.Statement], str] = {
    kinds.Conserved: "Conservation.",
    kinds.ConservedWhere: "Conservation.",
    kinds.Kept: "Sign.",
    kinds.Crossed: "Crossing.",
    kinds.Jumps: "Jump.",
    kinds.Independent: "Independence.",
    kinds.Complete: "Completeness.",
    kinds.AtMost: "Bound.",
    kinds.Exactly: "Number.",
    kinds.NotConserved: "Refutation.",
}


def proof(theorem: TheoremWriter) -> Proof:
    """The proof of a theorem that has been written."""
    return Proof(tuple(_Prover(theorem).paragraphs()))


class _Prover(DomainProver):
    def __init__(self, theorem: TheoremWriter) -> None:
        super().__init__(theorem, theorem.fields, theorem.check)
        self.theorem, self.system = theorem, theorem.system
        self.points: dict[tuple[Rational, ...], str] = {}
        self.number = ""

    def paragraphs(self) -> list[Paragraph]:
        """One for each statement, and before them how points are written."""
        statements = self.theorem.statements
        shown = (kinds.Independent, kinds.NotConserved)
        pointed = any(isinstance(s, shown) or (isinstance(s, kinds.AtMost) and s.rank) for s in statements)
        parts = [Paragraph(tuple(self._order()))] if pointed else []
        for n, statement in enumerate(statements, 1):
            self.number, lead = f"({n})", _LEADS[type(statement)]
            because: list[Part] = kinds.rendered(self, statement)
            parts.append(Paragraph(tuple(because), f"({n}) {lead}" if len(statements) > 1 else lead))
        return parts

    def _order(self) -> list[Part]:
        """The order of the coordinates of a point."""
        names = self.names
        last: list[Formula] = names.symbols[names.variables :]
        shown: list[Formula] = [names.state, *([names.velocity] if names.kind.velocities else []), *last]
        order = ", in this order" if len(shown) > 1 else ""
        if not (self.system.kind.trained and names.row_by_row):
            order = ", in the order of the certificate"
            if names.variables <= 12 or not self.system.kind.trained:
                shown = names.symbols
                order = ", in this order" if len(shown) > 1 else ""
                if len(shown) > 16:
                    shown = [*shown[:2], Operator("dots"), *shown[names.variables - 1 :]]
        return said("Points are given by the values of {}{}.", listed(shown), order)

    def _at(self, where: kinds.Point) -> list[Part]:
        """The point, or where it was written before."""
        first = self.points.setdefault(where.values, self.number)
        return point(where.values) if first == self.number else [f"the point of {first}"]

    # -- conserved ----------------------------------------------------------------------------------
    def _conserved(self, statement: kinds.Conserved) -> list[Part]:
        laws, several, many = statement.laws, len(statement.laws) > 1, len(self.fields.components) > 1
        if not self.fields.components:
            which = "these polynomials" if several else "this polynomial"
            return said("There is no field that {} would have to be annihilated by.", which)
        shown = self.theorem.displayed
        order = [law for law in shown if law in laws] + [law for law in laws if law not in shown]
        found = identities(self.fields, order, self.names, _MOST_LINES, self.theorem.check)
        field, h = self.names["field"], self.names["law"]
        return said(
            "It has to be shown that the polynomial {derivative} is zero{laws}{fields}.{empty}{cancelling}",
            derivative=row(field, h if several else self.theorem.law(laws[0])),
            laws=said(" for each of these laws {}", h) if several else "",
            fields=said(" {} each of the fields {}", "and" if several else "for", field) if many else "",
            empty=self._empty(found),
            cancelling=self._cancelling(found),
        )

    def _empty(self, found: Identities) -> str:
        if not found.empty:
            return ""
        if not found.total:
            return " No law contains a variable that a field moves."
        return f" In {counted(found.empty, 'case')} the law contains no variable that the field moves."

    def _cancelling(self, found: Identities) -> list[Part]:
        if not found.shown:
            all_of_them = f" {_all(found.untold)} expanded by the checker and too long to print."
            return [all_of_them] if found.untold else []
        equations = []
        for identity in found.shown:
            *first, last = identity.lines
            left = row(self.fields.symbols[identity.field], self.theorem.law(self.system.laws[identity.law]))
            equations.append((left, [*first, row(last, EQUAL, ZERO)]))
        one = len(found.shown) == 1
        parts = said(
            " Written as products of partial derivatives of the law with components of the field, {}:{}",
            "the terms cancel" if one else "the terms of each sum cancel",
            aligned(equations),
        )
        if found.renamed:
            which = "this one" if one else "one of these"
            parts.append(f"{_more(found.renamed)} equal to {which} up to the names of the variables. ")
        if found.untold:
            parts.append(f"{_more(found.untold)} expanded by the checker in the same way and not printed.")
        return parts

    # -- numbers of laws ----------------------------------------------------------------------------
    def _independent(self, statement: kinds.Independent) -> list[Part]:
        count = len(statement.laws)
        if not count:
            return ["There is nothing to show."]
        where, laws = self._at(statement.point), self.theorem.laws(statement.laws)
        modulo = f"modulo the prime {statement.point.prime}"
        if count == 1:
            return said(
                "At {} the gradient of {} is not zero {}. Hence it is not zero there, and a polynomial that "
                "is not zero at one point is not zero at generic points.",
                *(where, laws, modulo),
            )
        return said(
            "At {} the gradients of {} form a matrix of rank {}. Its rank over the rational numbers is at "
            "least that, and a minor that is not zero at one point is not zero at generic points.",
            *(where, laws, f"{count} {modulo}"),
        )

    def _complete(self, statement: kinds.Complete) -> list[Part]:
        dimension, count, prime = statement.dimension, statement.form.count, statement.values.prime
        rank = count - dimension
        text = said(
            "A polynomial of the form considered{} has {}. It is a conservation law if and only if {} a "
            "system of linear equations",
            ", without its constant term," if statement.form.constants else "",
            counted(count, "coefficient"),
            "they solve" if count > 1 else "it solves",
        )
        if self.system.parameters:
            values = self._values(statement.values.values)
            text += said(
                " that depends on the parameters. With {} and modulo the prime {}", values, str(prime)
            )
            text.append(f" this system has rank {rank}; for generic values its rank is at least that, ")
        else:
            modulo = f", which has rank {rank} modulo the prime {prime}; its rank over the rational numbers"
            text.append(f"{modulo} is at least that, ")
        if not dimension:
            return [*text, "so only zero remains."]
        bounds = "so the laws form a space of dimension at most {}. {} The two bounds agree."
        return [*text, *said(bounds, _difference(count, rank), self._spanned(statement))]

    def _spanned(self, statement: kinds.Complete) -> list[Part]:
        """That the laws, and polynomials in them, have as large a dimension."""
        one, many = len(statement.laws) == 1, len(statement.laws) > statement.dimension
        shown = said("The law{} {}", "" if one else "s", self.theorem.laws(statement.laws))
        if not statement.products and not many:
            verb = "is not zero" if one else "are linearly independent"
            return [*shown, f" {verb} modulo the same prime, hence also over the rational numbers."]
        others = "those powers of it" if one else "those of their products"
        return said(
            "{}{} span a space of dimension {} modulo the same prime, hence of at least this dimension over "
            "the rational numbers.",
            shown,
            f" and {others} that are of the form considered" if statement.products else "",
            str(statement.dimension),
        )

    def _values(self, values: Sequence[Rational]) -> list[Part]:
        symbols = self.names.parameters
        if len(values) > 6:
            return ["the values of the parameters given in the certificate"]
        return listed([row(s, EQUAL, rational(v)) for s, v in zip(symbols, values, strict=True)])

    def _max_laws(self, statement: kinds.AtMost) -> list[Part]:
        size, bound, rank, h = self.names.moving, statement.bound, statement.rank, self.names["law"]
        what = "the variables and time" if self.names.time else "the variables"
        if not rank:
            return [f"Gradients lie in the space of {what}, which has {counted(size, 'dimension')}."]
        elements = sorted(set(statement.elements))
        one = len(elements) == 1
        text = said(
            "{brackets}At {where} the vector {fields} {rank} modulo the prime {prime}, so {least} at generic "
            "points. Gradients of laws are orthogonal to {them}, so in the space of {what}, of dimension "
            "{size}, they ",
            brackets=self._brackets(statement.brackets, h),
            where=self._at(statement.point),
            fields=said("field {}" if one else "fields {}", runs([self.fields.element(k) for k in elements])),
            rank="is not zero" if one else f"have rank {rank}",
            prime=str(statement.point.prime),
            least="it is not zero" if one else "they have at least this rank",
            them="it" if one else "them",
            what=what,
            size=str(size),
        )
        if not bound:
            return [*text, "are zero at generic points, and everywhere because they are continuous."]
        text += said(
            "span at most {} {} at generic points. Gradients that are linearly independent at one point are "
            "so near it, where there are generic points.",
            _difference(size, rank),
            "dimension" if bound == 1 else "dimensions",
        )
        if self.theorem.one_field and statement.reached:
            text += said(
                " Near a point where {} is not zero, the flow-box theorem gives coordinates of which all but "
                "one are conservation laws.",
                self.fields.symbols[0],
            )
        return text

    def _brackets(self, brackets: Sequence[tuple[int, int]], h: Formula) -> list[Part]:
        if not brackets:
            return []
        f, g = self.names["one field"], self.names["other field"]
        value = row(*(bracket(f, g), h, EQUAL, at(f, row(g, h)), MINUS, at(g, row(f, h)), EQUAL, ZERO))
        why = said(
            "If {} and {}, then {}: a law that two fields annihilate is annihilated by their Lie bracket. ",
            *(row(f, h, EQUAL, ZERO), row(g, h, EQUAL, ZERO), value),
        )
        shown: list[Formula] = []
        for n, (a, b) in enumerate(brackets[:_MOST_BRACKETS], 1):
            pair = bracket(self.fields.element(a), self.fields.element(b))
            shown.append(row(self.names.numbered("bracket", n), EQUAL, pair))
        if len(brackets) == len(shown):
            return [*why, *said("Let {}. ", listed(shown))]
        more: list[Part] = [part for s in shown for part in (s, ", ")]
        last = self.names.numbered("bracket", len(brackets))
        return [*why, *said("Let {}and so on up to {}, as listed in the certificate. ", more, last)]

    def _exactly(self, statement: kinds.Exactly) -> list[Part]:
        count, one = numbers(len(statement.laws)), len(statement.laws) == 1
        if not statement.laws:
            return [f"This is the bound of ({statement.upper})."]
        which = "gradient of this law is not zero"
        what, them = ("multiple of it", "it") if one else ("linear combination of them", "them")
        return [
            f"There {'is' if one else 'are'} at least {count} by ({statement.lower}), and at most {count} by "
            f"({statement.upper}). Near a point where the "
            f"{which if one else 'gradients of these laws are linearly independent'}, the bound makes the "
            f"gradient of any further law a {what}, so that the further law is locally a function of {them}."
        ]

    def _not_conserved(self, statement: kinds.NotConserved) -> list[Part]:
        derivative = row(self.fields.symbols[statement.field], self.theorem.law(statement.law))
        why = said("has the value {}, so it is not the zero polynomial.", rational(statement.value))
        if len(str(statement.value)) > _MOST_DIGITS:
            why = [f"is not zero modulo the prime {statement.point.prime}, hence not zero."]
        return said("At {} the derivative {} {}", self._at(statement.point), derivative, why)


def _difference(a: int, b: int) -> Formula:
    """a - b = what it is"""
    return row(Number(str(a)), MINUS, Number(str(b)), EQUAL, Number(str(a - b)))


def _all(count: int) -> str:
    return "The identity is" if count == 1 else f"All {numbers(count)} identities are"


def _more(count: int) -> str:
    return "One more identity is" if count == 1 else f"Another {numbers(count)} identities are"
