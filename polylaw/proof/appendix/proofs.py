"""The proof: for each statement, what the certificate exhibits and why it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as Rational

from polylaw.proof.appendix.document import Formula, Number, Operator, Paragraph, Part, Proof
from polylaw.proof.appendix.domain_proofs import DomainProver
from polylaw.proof.appendix.domains import ABOUT_DOMAINS
from polylaw.proof.appendix.formulas import COMMA, EQUAL, MINUS, ZERO, aligned, at, rational, row
from polylaw.proof.appendix.identities import Identities, identities
from polylaw.proof.appendix.phrases import counted, listed, numbers, point, runs
from polylaw.proof.appendix.theorem import TheoremWriter
from polylaw.proof.statements import (
    KINDS,
    AtMost,
    Complete,
    Conserved,
    ConservedWhere,
    Crossed,
    Exactly,
    Independent,
    Jumps,
    Kept,
    NotConserved,
    Point,
    Statement,
)

_MOST_LINES, _MOST_BRACKETS, _MOST_DIGITS = 60, 24, 30
_LEADS: dict[type[Statement], str] = {
    Conserved: "Conservation.",
    ConservedWhere: "Conservation.",
    Kept: "Sign.",
    Crossed: "Crossing.",
    Jumps: "Jump.",
    Independent: "Independence.",
    Complete: "Completeness.",
    AtMost: "Bound.",
    Exactly: "Number.",
    NotConserved: "Refutation.",
}


def proof(theorem: TheoremWriter) -> Proof:
    """The proof of a theorem that has been written."""
    return Proof(tuple(_Prover(theorem).paragraphs()))


class _Prover:
    def __init__(self, theorem: TheoremWriter) -> None:
        self.theorem, self.names, self.fields, self.system = (
            theorem,
            theorem.names,
            theorem.fields,
            theorem.system,
        )
        self.points: dict[tuple[Rational, ...], str] = {}
        self.number = ""

    def paragraphs(self) -> list[Paragraph]:
        """One for each statement, and before them how points are written."""
        statements = self.theorem.statements
        pointed = any(
            isinstance(s, (Independent, NotConserved)) or (isinstance(s, AtMost) and s.rank)
            for s in statements
        )
        parts = [Paragraph(tuple(self._order()))] if pointed else []
        for n, statement in enumerate(statements, 1):
            self.number, lead = f"({n})", _LEADS[type(statement)]
            because = self._because(statement)
            parts.append(Paragraph(tuple(because), f"({n}) {lead}" if len(statements) > 1 else lead))
        return parts

    def _because(self, statement: Statement) -> list[Part]:
        if isinstance(statement, ABOUT_DOMAINS):
            return DomainProver(self.theorem.domains, self.fields).because(statement)
        because: list[Part] = getattr(self, f"_{KINDS[type(statement)]}")(statement)
        return because

    def _order(self) -> list[Part]:
        """The order of the coordinates of a point."""
        names = self.names
        last: list[Formula] = names.symbols[names.variables :]
        state: list[Formula] = [names.state, *([names.velocity] if names.kind == "momentum" else [])]
        start: list[Part] = ["Points are given by the values of "]
        if self.system.trained and names.row_by_row:
            return [
                *start,
                *listed([*state, *last]),
                ", in this order." if len(state) + len(last) > 1 else ".",
            ]
        if names.variables <= 12 or not self.system.trained:
            shown = names.symbols
            if len(shown) > 16:
                shown = [*shown[:2], Operator("dots"), *shown[names.variables - 1 :]]
            return [*start, *listed(shown), ", in this order." if len(shown) > 1 else "."]
        return [*start, *listed([*state, *last]), ", in the order of the certificate."]

    def _at(self, where: Point) -> list[Part]:
        """The point, or where it was written before."""
        first = self.points.setdefault(where.values, self.number)
        return [*point(where.values)] if first == self.number else [f"the point of {first}"]

    # -- conserved ----------------------------------------------------------------------------------
    def _conserved(self, statement: Conserved) -> list[Part]:
        laws = statement.laws
        shown = self.theorem.displayed
        order = [law for law in shown if law in laws] + [law for law in laws if law not in shown]
        found = identities(self.fields, order, self.names, _MOST_LINES)
        field, h = self.names["field"], self.names["law"]
        several, law = len(laws) > 1, h if len(laws) > 1 else self.theorem.law(laws[0])
        if not self.fields.components:
            return [
                "There is no field that ",
                "these polynomials " if several else "this polynomial ",
                "would have to be annihilated by.",
            ]
        many = len(self.fields.components) > 1
        start: list[Part] = ["It has to be shown that the polynomial ", row(field, law), " is zero"]
        start += [" for each of these laws ", h] if several else []
        start += (
            [" and each of the fields " if several else " for each of the fields ", field, "."]
            if many
            else ["."]
        )
        return [*start, *self._empty(found), *self._cancelling(found)]

    def _empty(self, found: Identities) -> list[Part]:
        if not found.empty:
            return []
        if not found.total:
            return [" No law contains a variable that a field moves."]
        where = "one case" if found.empty == 1 else f"{numbers(found.empty)} cases"
        return [f" In {where} the law contains no variable that the field moves."]

    def _cancelling(self, found: Identities) -> list[Part]:
        if not found.shown:
            return (
                [f" {_all(found.untold)} expanded by the checker and too long to print."]
                if found.untold
                else []
            )
        equations = []
        for identity in found.shown:
            *first, last = identity.lines
            left = row(self.fields.symbols[identity.field], self.theorem.law(self.system.laws[identity.law]))
            equations.append((left, [*first, row(last, EQUAL, ZERO)]))
        start: list[Part] = [
            " Written as products of partial derivatives of the law with components of the field, "
        ]
        start.append("the terms of each sum cancel:" if len(found.shown) > 1 else "the terms cancel:")
        parts: list[Part] = [*start, aligned(equations)]
        if found.renamed:
            which = "this one" if len(found.shown) == 1 else "one of these"
            parts.append(f"{_more(found.renamed)} equal to {which} up to the names of the variables. ")
        if found.untold:
            parts.append(f"{_more(found.untold)} expanded by the checker in the same way and not printed.")
        return parts

    # -- numbers of laws ----------------------------------------------------------------------------
    def _independent(self, statement: Independent) -> list[Part]:
        count, prime = len(statement.laws), statement.point.prime
        if not count:
            return ["There is nothing to show."]
        text: list[Part] = ["At ", *self._at(statement.point)]
        if count == 1:
            text += [
                " the gradient of ",
                *self.theorem.laws(statement.laws),
                f" is not zero modulo the prime {prime}. ",
            ]
            return [
                *text,
                "Hence it is not zero there, and a polynomial that is not zero at one point is not zero at "
                "generic points.",
            ]
        text += [" the gradients of ", *self.theorem.laws(statement.laws), f" form a matrix of rank {count} "]
        text.append(f"modulo the prime {prime}. Its rank over the rational numbers is at least that, ")
        return [*text, "and a minor that is not zero at one point is not zero at generic points."]

    def _complete(self, statement: Complete) -> list[Part]:
        dimension, count, prime = statement.dimension, statement.form.count, statement.values.prime
        rank = count - dimension
        without = ", without its constant term," if statement.form.constants else ""
        text: list[Part] = [
            f"A polynomial of the form considered{without} has {counted(count, 'coefficient')}. "
        ]
        text.append("It is a conservation law if and only if ")
        text.append(
            "they solve a system of linear equations"
            if count > 1
            else "it solves a system of linear equations"
        )
        if self.system.parameters:
            text += [
                " that depends on the parameters. With ",
                *self._values(statement.values.values),
                f" and modulo the prime {prime}",
            ]
            text.append(f" this system has rank {rank}; for generic values its rank is at least that, ")
        else:
            text.append(
                f", which has rank {rank} modulo the prime {prime}; its rank over the rational numbers is "
                "at least that, "
            )
        if not dimension:
            return [*text, "so only zero remains."]
        text += ["so the laws form a space of dimension at most ", _difference(count, rank), ". "]
        return [*text, *self._spanned(statement), " The two bounds agree."]

    def _spanned(self, statement: Complete) -> list[Part]:
        """That the laws, and polynomials in them, have as large a dimension."""
        laws = statement.laws
        shown: list[Part] = ["The law " if len(laws) == 1 else "The laws ", *self.theorem.laws(laws)]
        if not statement.products:
            if len(laws) > statement.dimension:
                span = f" span a space of dimension {statement.dimension} modulo the same prime, "
                return [*shown, span, "hence of at least this dimension over the rational numbers."]
            verb = "is not zero" if len(laws) == 1 else "are linearly independent"
            return [*shown, f" {verb} modulo the same prime, hence also over the rational numbers."]
        others = "those powers of it" if len(laws) == 1 else "those of their products"
        of_form = (
            f"and {others} that are of the form considered span a space of dimension "
            f"{statement.dimension} modulo the same prime, "
        )
        return [*shown, f" {of_form}", "hence of at least this dimension over the rational numbers."]

    def _values(self, values: Sequence[Rational]) -> list[Part]:
        symbols = self.names.parameters
        if len(values) > 6:
            return ["the values of the parameters given in the certificate"]
        return [*listed([row(s, EQUAL, rational(v)) for s, v in zip(symbols, values, strict=True)])]

    def _max_laws(self, statement: AtMost) -> list[Part]:
        size, bound, rank, h = self.names.moving, statement.bound, statement.rank, self.names["law"]
        what = "the variables and time" if self.names.time else "the variables"
        if not rank:
            of = " one dimension" if size == 1 else f" {numbers(size)} dimensions"
            return [f"Gradients lie in the space of {what}, which has{of}."]
        text: list[Part] = []
        if statement.brackets:
            f, g = self.names["one field"], self.names["other field"]
            bracket = row(
                Operator("["),
                f,
                COMMA,
                g,
                Operator("]"),
                h,
                EQUAL,
                at(f, row(g, h)),
                MINUS,
                at(g, row(f, h)),
                EQUAL,
                ZERO,
            )
            text += ["If ", row(f, h, EQUAL, ZERO), " and ", row(g, h, EQUAL, ZERO), ", then ", bracket]
            text += [
                ": a law that two fields annihilate is annihilated by their Lie bracket. ",
                *self._brackets(statement.brackets),
            ]
        vectors = runs([self.fields.element(k) for k in sorted(set(statement.elements))])
        one = len(set(statement.elements)) == 1
        text += ["At ", *self._at(statement.point), f" the vector {'field' if one else 'fields'} ", *vectors]
        text.append(" is not zero" if one else f" have rank {rank}")
        least = "it is not zero" if one else "they have at least this rank"
        text.append(f" modulo the prime {statement.point.prime}, so {least} at generic points. ")
        text += [
            f"Gradients of laws are orthogonal to {'it' if one else 'them'}, so in the space of {what}, "
        ]
        text.append(f"of dimension {size}, they ")
        if not bound:
            return [*text, "are zero at generic points, and everywhere because they are continuous."]
        noun = "dimension" if bound == 1 else "dimensions"
        text += ["span at most ", _difference(size, rank), f" {noun} at generic points. "]
        text.append(
            "Gradients that are linearly independent at one point are so near it, where there are generic "
            "points."
        )
        if self.theorem.one_field and statement.reached:
            text += [
                " Near a point where ",
                self.fields.symbols[0],
                " is not zero, the flow-box theorem gives coordinates of which all ",
            ]
            text.append("but one are conservation laws.")
        return text

    def _brackets(self, brackets: Sequence[tuple[int, int]]) -> list[Part]:
        shown: list[Formula] = []
        for n, (a, b) in enumerate(brackets[:_MOST_BRACKETS], 1):
            pair = row(Operator("["), self.fields.element(a), COMMA, self.fields.element(b), Operator("]"))
            shown.append(row(self.names.numbered("bracket", n), EQUAL, pair))
        rest = len(brackets) - len(shown)
        if rest:
            last = self.names.numbered("bracket", len(brackets))
            more: list[Part] = [part for s in shown for part in (s, ", ")]
            return ["Let ", *more, "and so on up to ", last, ", as listed in the certificate. "]
        return ["Let ", *listed(shown), ". "]

    def _exactly(self, statement: Exactly) -> list[Part]:
        count = len(statement.laws)
        if not count:
            return [f"This is the bound of ({statement.upper})."]
        be = "is" if count == 1 else "are"
        text = (
            f"There {be} at least {numbers(count)} by ({statement.lower}), and at most {numbers(count)} "
            f"by ({statement.upper}). "
        )
        which = (
            "gradient of this law is not zero"
            if count == 1
            else "gradients of these laws are linearly independent"
        )
        what, them = ("multiple of it", "it") if count == 1 else ("linear combination of them", "them")
        text += f"Near a point where the {which}, the bound makes the gradient of any further law a {what}, "
        return [f"{text}so that the further law is locally a function of {them}."]

    def _not_conserved(self, statement: NotConserved) -> list[Part]:
        derivative = row(self.fields.symbols[statement.field], self.theorem.law(statement.law))
        start: list[Part] = ["At ", *self._at(statement.point), " the derivative ", derivative]
        if len(str(statement.value)) > _MOST_DIGITS:
            return [*start, f" is not zero modulo the prime {statement.point.prime}, hence not zero."]
        return [*start, " has the value ", rational(statement.value), ", so it is not the zero polynomial."]


def _difference(a: int, b: int) -> Formula:
    """a - b = what it is"""
    return row(Number(str(a)), MINUS, Number(str(b)), EQUAL, Number(str(a - b)))


def _all(count: int) -> str:
    return "The identity is" if count == 1 else f"All {numbers(count)} identities are"


def _more(count: int) -> str:
    return "One more identity is" if count == 1 else f"Another {numbers(count)} identities are"
