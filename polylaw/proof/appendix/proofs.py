"""The proof: for each statement, what the certificate exhibits and why it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as Rational
from math import comb

from polylaw.algebra.rationals import rational as number
from polylaw.proof.appendix.document import Formula, Number, Operator, Paragraph, Part, Proof
from polylaw.proof.appendix.formulas import COMMA, EQUAL, MINUS, ZERO, aligned, at, rational, row
from polylaw.proof.appendix.identities import Identities, identities
from polylaw.proof.appendix.phrases import counted, listed, numbers, point, runs
from polylaw.proof.appendix.statement import Claim, Statement

__all__ = ["proof", "unknowns"]

_MOST_LINES, _MOST_BRACKETS, _MOST_DIGITS = 60, 24, 30
_LEADS = {
    "conserved": "Conservation.",
    "independent": "Independence.",
    "complete": "Completeness.",
    "max_laws": "Bound.",
    "exactly": "Number.",
    "not_conserved": "Refutation.",
}


def proof(statement: Statement) -> Proof:
    """The proof of a theorem whose statement has been written."""
    return Proof(tuple(_Prover(statement).paragraphs()))


def unknowns(claim: Claim, variables: int) -> int:
    """How many monomials, other than 1, the ansatz of a completeness claim has."""
    if "monomials" in claim:
        return sum(1 for m in claim["monomials"] if m)
    n = variables if claim.get("variables") is None else len(set(claim["variables"]))
    degrees = range(claim["least"], claim["degree"] + 1)
    powers = int(claim["clock"]) + 1
    return sum(comb(n + e - 1, e) for e in degrees) * powers - (0 in degrees)


class _Prover:
    def __init__(self, statement: Statement) -> None:
        self.statement, self.names, self.fields, self.data = statement, statement.names, statement.fields, statement.data
        self.points: dict[tuple[str, ...], str] = {}
        self.number = ""

    def paragraphs(self) -> list[Paragraph]:
        """One for each statement, and before them how points are written."""
        claims = self.statement.claims
        parts = [Paragraph(tuple(self._order()))] if any("point" in c for c in claims) else []
        for n, claim in enumerate(claims, 1):
            self.number = f"({n})"
            lead = f"({n}) {_LEADS[claim['type']]}" if len(claims) > 1 else _LEADS[claim["type"]]
            parts.append(Paragraph(tuple(getattr(self, f"_{claim['type']}")(claim)), lead))
        return parts

    def _order(self) -> list[Part]:
        """The order of the coordinates of a point."""
        names = self.names
        last: list[Formula] = names.symbols[names.variables :]
        state: list[Formula] = [names.state, *([names.velocity] if names.kind == "momentum" else [])]
        trained = names.kind in ("gradient", "momentum")
        start: list[Part] = ["Points are given by the values of "]
        if trained and names.row_by_row:
            return [*start, *listed([*state, *last]), ", in this order." if len(state) + len(last) > 1 else "."]
        if names.variables <= 12 or not trained:
            shown = names.symbols
            if len(shown) > 16:
                shown = [*shown[:2], Operator("dots"), *shown[names.variables - 1 :]]
            return [*start, *listed(shown), ", in this order." if len(shown) > 1 else "."]
        return [*start, *listed([*state, *last]), ", in the order of the certificate."]

    def _at(self, coordinates: list[str]) -> list[Part]:
        """The point, or where it was written before."""
        where = self.points.setdefault(tuple(coordinates), self.number)
        return [*point(coordinates)] if where == self.number else [f"the point of {where}"]

    # -- conserved ----------------------------------------------------------------------------------
    def _conserved(self, claim: Claim) -> list[Part]:
        shown = self.statement.displayed
        order = [i for i in shown if i in claim["laws"]] + [i for i in claim["laws"] if i not in shown]
        found = identities(self.fields, order, self.names, _MOST_LINES)
        field, h = self.names["field"], self.names["law"]
        many = len(self.fields.components) > 1
        several, law = len(claim["laws"]) > 1, h if len(claim["laws"]) > 1 else self.statement.law(claim["laws"][0]) if claim["laws"] else h
        start: list[Part] = ["It has to be shown that the polynomial ", row(field, law), " is zero"]
        start += [" for each of these laws ", h] if several else []
        start += [" and each of the fields " if several else " for each of the fields ", field, "."] if many else ["."]
        return [*start, *self._empty(found), *self._cancelling(found, many=many)]

    def _empty(self, found: Identities) -> list[Part]:
        if not found.empty:
            return []
        if not found.total:
            return [" No law contains a variable that a field moves."]
        where = "one case" if found.empty == 1 else f"{numbers(found.empty)} cases"
        return [f" In {where} the law contains no variable that the field moves."]

    def _cancelling(self, found: Identities, *, many: bool) -> list[Part]:
        if not found.shown:
            return [f" {_all(found.untold)} expanded by the checker and too long to print."] if found.untold else []
        equations = []
        for identity in found.shown:
            *first, last = identity.lines
            left = row(self.fields.symbols[identity.field], self.statement.law(identity.law))
            equations.append((left, [*first, row(last, EQUAL, ZERO)]))
        start: list[Part] = [" Written as products of partial derivatives of the law with components of the field, "]
        start.append("the terms of each sum cancel:" if len(found.shown) > 1 else "the terms cancel:")
        parts: list[Part] = [*start, aligned(equations)]
        if found.renamed:
            which = "this one" if len(found.shown) == 1 else "one of these"
            parts.append(f"{_more(found.renamed)} equal to {which} up to the names of the variables. ")
        if found.untold:
            parts.append(f"{_more(found.untold)} expanded by the checker in the same way and not printed.")
        return parts

    # -- numbers of laws ----------------------------------------------------------------------------
    def _independent(self, claim: Claim) -> list[Part]:
        count = len(claim["laws"])
        text: list[Part] = ["At ", *self._at(claim["point"])]
        if count == 1:
            text += [" the gradient of ", *self.statement.laws(claim["laws"]), f" is not zero modulo the prime {claim['prime']}. "]
            return [*text, "Hence it is not zero there, and a polynomial that is not zero at one point is not zero at generic points."]
        text += [" the gradients of ", *self.statement.laws(claim["laws"]), f" form a matrix of rank {count} "]
        text.append(f"modulo the prime {claim['prime']}. Its rank over the rational numbers is at least that, ")
        return [*text, "and a minor that is not zero at one point is not zero at generic points."]

    def _complete(self, claim: Claim) -> list[Part]:
        dimension, count, prime = claim["dimension"], unknowns(claim, self.names.variables), claim["prime"]
        rank = count - dimension
        text: list[Part] = [f"A polynomial of the form considered, without its constant term, has {counted(count, 'coefficient')}. "]
        text.append("It is a conservation law if and only if they solve a system of linear equations")
        if self.data["parameters"]:
            text += [" that depends on the parameters. With ", *self._values(claim["values"]), f" and modulo the prime {prime}"]
            text.append(f" this system has rank {rank}; for generic values its rank is at least that, ")
        else:
            text.append(f", which has rank {rank} modulo the prime {prime}; its rank over the rational numbers is at least that, ")
        if not dimension:
            return [*text, "so only zero remains."]
        text += ["so the laws form a space of dimension at most ", _difference(count, rank), ". "]
        return [*text, *self._spanned(claim), " The two bounds agree."]

    def _spanned(self, claim: Claim) -> list[Part]:
        """That the laws, and polynomials in them, have as large a dimension."""
        laws = claim["laws"]
        shown: list[Part] = ["The law " if len(laws) == 1 else "The laws ", *self.statement.laws(laws)]
        if self.statement.no_products(claim):
            verb = "is not zero" if len(laws) == 1 else "are linearly independent"
            return [*shown, f" {verb} modulo the same prime, hence also over the rational numbers."]
        others = "those powers of it" if len(laws) == 1 else "those of their products"
        text = f" and {others} that are of the form considered span a space of dimension {claim['dimension']} modulo the same prime, "
        return [*shown, text, "hence of at least this dimension over the rational numbers."]

    def _values(self, values: Sequence[str]) -> list[Part]:
        symbols = self.names.symbols[self.names.moving :]
        if len(values) > 6:
            return ["the values of the parameters given in the certificate"]
        return [*listed([row(s, EQUAL, rational(Rational(v))) for s, v in zip(symbols, values, strict=True)])]

    def _max_laws(self, claim: Claim) -> list[Part]:
        size, bound, h = self.names.moving, claim["bound"], self.names["law"]
        rank, several = size - bound, len(self.fields.components) > 1 or claim["brackets"]
        text: list[Part] = []
        if several and claim["brackets"]:
            f, g = self.names["one field"], self.names["other field"]
            bracket = row(Operator("["), f, COMMA, g, Operator("]"), h, EQUAL, at(f, row(g, h)), MINUS, at(g, row(f, h)), EQUAL, ZERO)
            text += ["If ", row(f, h, EQUAL, ZERO), " and ", row(g, h, EQUAL, ZERO), ", then ", bracket]
            text += [": a law that two fields annihilate is annihilated by their Lie bracket. ", *self._brackets(claim["brackets"])]
        vectors = runs([self.fields.element(k) for k in sorted(claim["elements"])])
        noun = "vector field" if len(claim["elements"]) == 1 else "vector fields"
        if not claim["elements"]:
            return ["There is no field, so the bound is the number of coordinates."]
        text += ["At ", *self._at(claim["point"])]
        if len(claim["elements"]) == 1:
            text += [f" the {noun} ", *vectors, " is not zero"]
        else:
            text += [f" the {noun} ", *vectors, f" have rank {rank}"]
        what = "they have at least this rank" if rank > 1 else "it is not zero"
        text.append(f" modulo the prime {claim['prime']}, so {what} at generic points. ")
        what = "the variables and time" if self.data["clock"] is not None else "the variables"
        text += [f"Gradients of laws are orthogonal to {'them' if rank > 1 else 'it'}, so in the space of {what}, "]
        text.append(f"of dimension {size}, they ")
        if not bound:
            return [*text, "are zero at generic points, and everywhere because they are continuous."]
        noun = "dimension" if bound == 1 else "dimensions"
        text += ["span at most ", _difference(size, rank), f" {noun} at generic points. "]
        text.append("Gradients that are linearly independent at one point are so near it, where there are generic points.")
        if self.statement.one_field and self.statement.reached(bound):
            text += [" Near a point where ", self.fields.symbols[0], " is not zero, the flow-box theorem gives coordinates of which all "]
            text.append("but one are conservation laws.")
        return text

    def _brackets(self, brackets: Sequence[Sequence[int]]) -> list[Part]:
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

    def _exactly(self, claim: Claim) -> list[Part]:
        items = {kind: [n for n, c in enumerate(self.statement.claims, 1) if c["type"] == kind] for kind in ("independent", "max_laws")}
        count, lower, upper = claim["count"], items["independent"][:1], items["max_laws"][:1]
        if not count:
            return [f"This is the bound of ({upper[0]})." if upper else "This is the bound."]
        text = ""
        if lower and upper:
            be = "is" if count == 1 else "are"
            text = f"There {be} at least {numbers(count)} by ({lower[0]}), and at most {numbers(count)} by ({upper[0]}). "
        which = "gradient of this law is not zero" if count == 1 else "gradients of these laws are linearly independent"
        what, them = ("multiple of it", "it") if count == 1 else ("linear combination of them", "them")
        text += f"Near a point where the {which}, the bound makes the gradient of any further law a {what}, "
        return [f"{text}so that the further law is locally a function of {them}."]

    def _not_conserved(self, claim: Claim) -> list[Part]:
        law, field = claim["law"], claim["field"]
        h = self.fields.polynomial(self.data["laws"][law]["polynomial"])
        position = {k: number(c) for k, c in enumerate(claim["point"])}
        value = Rational(sum(a(position) * b(position) for a, b in self.fields.products(field, h.gradient())))
        derivative = row(self.fields.symbols[field], self.statement.law(law))
        start: list[Part] = ["At ", *self._at(claim["point"]), " the derivative ", derivative]
        if len(str(value)) > _MOST_DIGITS:
            return [*start, f" is not zero modulo the prime {claim['prime']}, hence not zero."]
        return [*start, " has the value ", rational(value), ", so it is not the zero polynomial."]


def _difference(a: int, b: int) -> Formula:
    """a - b = what it is"""
    return row(Number(str(a)), MINUS, Number(str(b)), EQUAL, Number(str(a - b)))


def _all(count: int) -> str:
    return "The identity is" if count == 1 else f"All {numbers(count)} identities are"


def _more(count: int) -> str:
    return "One more identity is" if count == 1 else f"Another {numbers(count)} identities are"
