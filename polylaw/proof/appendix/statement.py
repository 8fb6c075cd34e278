"""The theorem: one numbered statement for each claim of the certificate, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction as Rational
from itertools import product
from math import prod
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.proof.appendix.document import Formula, Items, Operator, Paragraph, Part, Symbol, Theorem, Words
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.formulas import EQUAL, MINUS, PLUS, ROOM, aligned, rational, row, width
from polylaw.proof.appendix.identities import shape_of
from polylaw.proof.appendix.matrices import UNREADABLE, MatrixName, multiple, read_matrix
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import counted, numbers, runs

__all__ = ["ORDER", "Statement", "ansatz"]

#: The claims in the order in which a theorem states them.
ORDER = ("conserved", "independent", "complete", "max_laws", "exactly", "not_conserved")
_MOST_LINES, _MOST_ENTRIES = 24, 20_000
#: A formula narrower than this, in digits, stands in a sentence; a left side wider than this leaves less room.
_INLINE, _NARROW = 24.0, 5.0

Claim = dict[str, Any]


@dataclass(frozen=True)
class _Named:
    """A matrix of laws whose name was read and found true: law number: (entry, factor) with law = factor entry."""

    name: MatrixName
    letter: Symbol
    shape: tuple[int, ...]
    symmetry: str
    entries: dict[int, tuple[tuple[int, ...], Rational]]


class Statement:
    """The theorem of a certificate; `claims` are in the order of its statements, `displayed` the laws written out."""

    def __init__(self, names: Names, fields: Fields) -> None:
        self.names, self.fields, self.data = names, fields, names.data
        self.claims: list[Claim] = [c for kind in ORDER for c in self.data["claims"] if c["type"] == kind]
        self.conserved: list[int] = [i for c in self.claims if c["type"] == "conserved" for i in c["laws"]]
        self.displayed: list[int] = []
        self.explained: set[str] = set()

    def theorem(self) -> Theorem:
        """Opening and statements."""
        trained = self.names.kind in ("gradient", "momentum")
        opening: list[Part] = ["For the flow above with arbitrary ", self.names["control"]] if trained else ["For the system above"]
        opening += [", the following holds" if len(self.claims) > 1 else ", this holds", self._values(), "."]
        items = tuple(Paragraph(tuple(getattr(self, f"_{claim['type']}")(claim))) for claim in self.claims)
        return Theorem(Paragraph(tuple(opening)), Items(items))

    def _values(self) -> str:
        """For which values of the parameters."""
        every = [n for n, claim in enumerate(self.claims, 1) if claim["type"] == "conserved"]
        if not self.data["parameters"]:
            return ""
        if not every or len(every) == len(self.claims):
            return f" for {'all' if every else 'generic'} values of the parameters"
        named = " and ".join(f"({n})" for n in every) if len(every) < 3 else f"({every[0]}) to ({every[-1]})"
        return f", {named} for all values of the parameters and the rest for generic values"

    def law(self, number: int) -> Symbol:
        """h_1, h_2, ..."""
        return self.names.numbered("law", number + 1)

    def laws(self, chosen: Sequence[int]) -> list[Part]:
        """`h_1, h_2, and h_3`, shortened where numbers follow one another."""
        return [*runs([self.law(i) for i in chosen])]

    # -- conserved ----------------------------------------------------------------------------------
    def _conserved(self, claim: Claim) -> list[Part]:
        laws = claim["laws"]
        if not laws:
            return ["No polynomial is listed as a conservation law."]
        told: list[int] = []
        parts: list[Part] = ["The polynomial ", *self.laws(laws), " below is a conservation law. "]
        if len(laws) > 1:
            parts = [f"The {numbers(len(laws))} polynomials ", *self.laws(laws), " below are conservation laws. "]
        named = self._named_matrices(laws)
        for group in named:
            parts += [*self._matrix(group)]
            told += group.entries
        rest = [i for i in laws if i not in told]
        if rest and told:
            parts.append("The others are" if len(rest) > 1 else "The last one is")
        return [*parts, *self._listing(rest, {})] if rest else parts

    def _named_matrices(self, laws: Sequence[int]) -> list[_Named]:
        found: list[tuple[MatrixName, Claim, dict[int, Any]]] = []
        for matrix in self.data["model"]["matrices"]:
            name = read_matrix(matrix["name"], self.names, self.fields)
            entries = {e["law"]: tuple(e["index"]) for e in matrix["entries"] if e["law"] in laws}
            factors = self._factors(name, matrix, entries) if name else None
            if name and factors:
                found.append((name, matrix, factors))
        letters = [self.names.numbered("matrix", n) for n in range(1, len(found) + 1)] if len(found) > 1 else [self.names["matrix"]]
        return [_Named(n, a, tuple(m["shape"]), m["symmetry"], e) for (n, m, e), a in zip(found, letters, strict=False)]

    def _factors(self, name: MatrixName, matrix: Claim, entries: dict[int, Any]) -> dict[int, Any] | None:
        """law: (index, factor), if the laws are the nonzero entries of the matrix, up to factors and symmetry."""
        shape, place = tuple(matrix["shape"]), {index: law for law, index in entries.items()}
        mirrored = {"symmetric": 1, "skew": -1}.get(matrix["symmetry"])
        factors: dict[int, Any] = {}
        if prod(shape) > _MOST_ENTRIES:
            return None
        try:
            for index in product(*(range(1, n + 1) for n in shape)):
                entry = name.entry(index)
                if index in place:
                    c = multiple(self._polynomial(place[index]), entry)
                    if c is None:
                        return None
                    factors[place[index]] = (index, c)
                elif entry and (mirrored is None or index[::-1] not in place):
                    return None
                if mirrored is not None and entry != name.entry(index[::-1]) * mirrored:
                    return None
        except UNREADABLE:
            return None
        return factors if len(factors) == len(entries) else None

    def _matrix(self, group: _Named) -> list[Part]:
        """What the matrix is, and its entries."""
        kind = {0: "function", 1: "vector"}.get(len(group.shape), "matrix")
        symmetry = {"symmetric": "symmetric ", "skew": "skew-symmetric "}.get(group.symmetry, "")
        notes: list[Part] = []
        if group.name.ones and "ones" not in self.explained:
            notes += [Symbol("ones"), " is the vector of ones"]
        if group.name.unfolds and "unfoldings" not in self.explained:
            notes += [" and " if notes else "", "an index ", Words("(k)"), " means the unfolding of an array along axis ", Symbol("k")]
        self.explained |= {word for word, used in (("ones", group.name.ones), ("unfoldings", group.name.unfolds)) if used}
        where: list[Part] = ["where ", *notes, ", gives"] if notes else ["gives"]
        equation: list[Part] = [aligned([(group.letter, [group.name.formula])], "comma" if notes else "")]
        if width(group.name.formula) < _INLINE:
            equation = [" ", row(group.letter, EQUAL, group.name.formula), ", " if notes else " "]
        return [f"The {symmetry}{kind}", *equation, *where, *self._listing(list(group.entries), self._places(group))]

    def _places(self, group: _Named) -> dict[int, Formula]:
        return {law: self._entry(group, *place) for law, place in group.entries.items()}

    def _entry(self, group: _Named, index: tuple[int, ...], factor: Rational) -> Formula:
        """The multiple of an entry that the law is."""
        letter = Symbol(group.letter.name, group.letter.number, tuple(map(str, index)))
        if abs(factor) == 1:
            return letter if factor > 0 else row(MINUS, letter)
        return row(rational(factor), letter)

    def _listing(self, laws: Sequence[int], entries: dict[int, Formula], end: str = "period") -> list[Part]:
        """The laws written out; when they are too long, one of each shape."""
        chosen = list(laws)
        left = {i: self._left(i, entries) for i in chosen}
        lines = {i: self._lines(i, ROOM - max(width(left[i]) - _NARROW, 0.0)) for i in chosen}
        untold = ""
        if sum(map(len, lines.values())) > _MOST_LINES:
            shapes: dict[Any, int] = {}
            for i in laws:
                shapes.setdefault(shape_of([self._polynomial(i)]), i)
            chosen, used = [], 0
            for i in shapes.values():
                used += len(lines[i])
                if chosen and used > _MOST_LINES:
                    break
                chosen.append(i)
            rest = len(laws) - len(chosen)
            same = "equal to one of these up to the names of the variables" if len(chosen) == len(shapes) else "listed in the certificate"
            untold = f"The other {'one is' if rest == 1 else numbers(rest) + ' are'} {same}. " if rest else ""
        self.displayed += chosen
        display = aligned([(left[i], lines[i]) for i in chosen], end)
        return [display, *([untold] if untold else [])]

    def _left(self, law: int, entries: dict[int, Formula]) -> Formula:
        return row(self.law(law), EQUAL, entries[law]) if law in entries else self.law(law)

    def _lines(self, law: int, room: float) -> list[Formula]:
        """A law on lines, cut when they are too many."""
        lines = self.names.lines(self.data["laws"][law]["polynomial"], room)
        rest = len(lines) - _MOST_LINES
        return (
            lines if rest <= 0 else [*lines[:_MOST_LINES], row(PLUS, Operator("dots"), Words(f" ({rest} more lines in the certificate)"))]
        )

    def _polynomial(self, law: int) -> Polynomial:
        return self.fields.polynomial(self.data["laws"][law]["polynomial"])

    # -- the other claims ---------------------------------------------------------------------------
    def _independent(self, claim: Claim) -> list[Part]:
        laws = claim["laws"]
        if len(laws) == 1:
            return [f"The {self._noun(laws)} ", *self.laws(laws), " is not constant: its gradient is not zero at generic points."]
        if not laws:
            return ["No law is claimed to be independent of others."]
        return [f"The {self._noun(laws)}s ", *self.laws(laws), " are functionally independent at generic points."]

    def _noun(self, laws: Sequence[int]) -> str:
        return "law" if set(laws) <= set(self.conserved) else "polynomial"

    def _complete(self, claim: Claim) -> list[Part]:
        dimension, laws, form = claim["dimension"], claim["laws"], ansatz(claim, self.names, plural=not claim["dimension"])
        if not dimension:
            return ["The only conservation laws ", *form, " are the constants."]
        start: list[Part] = ["Every conservation law ", *form]
        if not self.no_products(claim):
            start += [" is a polynomial in ", *self.laws(laws)]
        elif len(laws) == 1:
            start += [" is, up to an additive constant, a multiple of ", *self.laws(laws)]
        else:
            start += [" is, up to an additive constant, a linear combination of ", *self.laws(laws)]
        return [*start, f". Modulo constants, these laws form a vector space of dimension {dimension}."]

    def no_products(self, claim: Claim) -> bool:
        """Whether a product of two of the laws has too high a degree for the ansatz."""
        top = claim.get("degree") if "degree" in claim else max((self._degree([m[0::2], m[1::2]]) for m in claim["monomials"]), default=0)
        degrees = [max((self._degree([t[1::2], t[2::2]]) for t in self.data["laws"][i]["polynomial"]), default=0) for i in claim["laws"]]
        return 2 * min(degrees, default=0) > int(top or 0)

    def _degree(self, monomial: Sequence[Sequence[int]]) -> int:
        return sum(e for k, e in zip(*monomial, strict=True) if k < self.names.variables)

    def _max_laws(self, claim: Claim) -> list[Part]:
        bound = claim["bound"]
        if not bound:
            return ["Every conservation law, polynomial or not, is locally constant."]
        start = "At any point, "
        if bound == 1:
            return [start, "any two conservation laws, polynomial or not, are functionally dependent."]
        text = f"at most {numbers(bound)} conservation laws, polynomial or not, are functionally independent."
        return [start, text, *self._gap(bound)]

    def _gap(self, bound: int) -> list[Part]:
        """What is known where the bound is not reached by the laws that are shown independent."""
        reached = self.reached(bound)
        if reached is None:
            return []
        count, number = reached
        if self.one_field:
            field = self.fields.symbols[0]
            return [" Near a point where ", field, f" is not zero there are that many, but none beyond those of ({number}) is given here."]
        between = "or" if bound == count + 1 else "to"
        return [f" By ({number}), their largest number is {numbers(count)} {between} {numbers(bound)}; which, is not decided here."]

    def reached(self, bound: int) -> tuple[int, int] | None:
        """How many laws are shown independent, and in which statement, where these are fewer than the bound."""
        found = [(len(c["laws"]), n) for n, c in enumerate(self.claims, 1) if c["type"] == "independent" and self._noun(c["laws"]) == "law"]
        if not found or any(c["type"] == "exactly" for c in self.claims) or max(found)[0] >= bound:
            return None
        return max(found)

    @property
    def one_field(self) -> bool:
        """Whether a law is annihilated by one field only, as for a differential equation."""
        return len(self.fields.symbols) == 1

    def _exactly(self, claim: Claim) -> list[Part]:
        count = claim["count"]
        start = f"The number of functionally independent conservation laws is exactly {numbers(count)}"
        if not count:
            return [f"{start}."]
        laws = next((c["laws"] for c in self.claims if c["type"] == "independent" and len(c["laws"]) == count), None)
        every = ": near generic points, every conservation law, polynomial or not, is a function of "
        return [start, every, *self.laws(laws), "."] if laws else [f"{start}."]

    def _not_conserved(self, claim: Claim) -> list[Part]:
        law = claim["law"]
        return ["The polynomial", *self._listing([law], {}, ""), "is not a conservation law."]


def ansatz(claim: Claim, names: Names, *, plural: bool) -> list[Part]:
    """`that is a polynomial of degree at most 2`, and what else the form of the laws is."""
    be, noun = ("are", "polynomials") if plural else ("is", "a polynomial")
    if "monomials" in claim:
        combination = "combinations" if plural else "a combination"
        return [f"that {be} {combination} of the {counted(len(claim['monomials']), 'monomial')} listed in the certificate"]
    least, top = claim["least"], claim["degree"]
    between = f"of degree {least}" if least == top else f"of degree at most {top}" if least <= 1 else f"of degrees {least} to {top}"
    parts: list[Part] = [f"that {be} {noun} {between}"]
    chosen = claim.get("variables")
    if chosen is not None:
        parts += [" in ", *runs([names.symbols[k] for k in chosen])] if len(chosen) <= 12 else [f" in {len(chosen)} chosen variables"]
    elif names.kind == "momentum":
        parts += [" in ", names.state, " and ", names.velocity]
    elif claim["clock"]:
        parts += [" in ", names.state] if names.kind == "gradient" else [" in the variables"]
    if claim["clock"]:
        parts += [f", and of degree at most {claim['clock']} in ", names.clock(1), ","]
    return parts
