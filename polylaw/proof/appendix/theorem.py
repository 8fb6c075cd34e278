"""The theorem: one numbered sentence for each statement of the certificate, and no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction as Rational
from itertools import product
from math import prod
from types import MappingProxyType
from typing import Any

from polylaw.algebra.check import Check
from polylaw.proof import statements as kinds
from polylaw.proof.appendix.document import Formula, Items, Operator, Paragraph, Part, Symbol, Theorem, Words
from polylaw.proof.appendix.domains import DomainWriter
from polylaw.proof.appendix.expand import multiple
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.form import form_parts
from polylaw.proof.appendix.formulas import EQUAL, MINUS, ONES, PLUS, ROOM, aligned, rational, row, width
from polylaw.proof.appendix.identities import shape_of
from polylaw.proof.appendix.matrices import UNREADABLE, MatrixName, matrix_name
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import numbers, paragraph, said
from polylaw.proof.system import Law

_MOST_LINES, _MOST_ENTRIES = 24, 20_000
#: A formula narrower than this, in digits, stands in a sentence; a left side beyond this takes room away.
_INLINE, _NARROW = 24.0, 5.0


@dataclass(frozen=True)
class _Named:
    """A matrix of laws whose name was found true: law number: (entry, factor) with law = factor entry."""

    name: MatrixName
    letter: Symbol
    shape: tuple[int, ...]
    symmetry: str
    entries: dict[int, tuple[tuple[int, ...], Rational]]


class TheoremWriter(DomainWriter):
    """The theorem of a certificate; `displayed` are the laws that were written out."""

    def __init__(self, names: Names, fields: Fields, check: Check) -> None:
        super().__init__(names)
        self.check = check
        self.fields, self.system = fields, fields.system
        self.statements = names.told.statements
        self.displayed: list[Law] = []
        self.explained: set[str] = set()

    def theorem(self) -> Theorem:
        """Opening and statements."""
        flow = said("flow above with arbitrary {}", self.names["control"])
        opening = paragraph(
            "For the {system}, {this} holds{where}{values}.",
            system=flow if self.system.kind.trained else "system above",
            this="the following" if len(self.statements) > 1 else "this",
            where=" where no denominator is zero" if self.system.denominators else "",
            values=self._values(),
        )
        items = tuple(Paragraph(tuple(kinds.rendered(self, s))) for s in self.statements)
        return Theorem(opening, Items(items))

    def _values(self) -> str:
        """For which values of the parameters."""
        every = [n for n, s in enumerate(self.statements, 1) if isinstance(s, kinds.Conserved)]
        if not self.system.parameters:
            return ""
        comma = "," if self.system.denominators else ""
        if any(isinstance(s, kinds.ABOUT_DOMAINS) for s in self.statements):
            return f"{comma} for all values of the parameters, unless values are given"
        if not every or len(every) == len(self.statements):
            return f"{comma} for {'all' if every else 'generic'} values of the parameters"
        named = " and ".join(f"({n})" for n in every) if len(every) < 3 else f"({every[0]}) to ({every[-1]})"
        return f", {named} for all values of the parameters and the rest for generic values"

    # -- conserved ----------------------------------------------------------------------------------
    def _conserved(self, statement: kinds.Conserved) -> list[Part]:
        laws, several = statement.laws, len(statement.laws) > 1
        which = "polynomial {} below is a conservation law"
        if several:
            which = f"{numbers(len(laws))} polynomials {{}} below are conservation laws"
        parts = said(f"The {which}. ", self.laws(laws))
        told: list[int] = []
        for group in self._named_matrices(laws):
            parts += self._matrix(group)
            told += group.entries
        rest = [law for law in laws if law.number not in told]
        if rest and told:
            parts.append("The others are" if len(rest) > 1 else "The last one is")
        return [*parts, *self.listing(rest)] if rest else parts

    def _named_matrices(self, laws: Sequence[Law]) -> list[_Named]:
        found: list[tuple[MatrixName, Any, dict[int, Any]]] = []
        chosen = {law.number for law in laws}
        for matrix in self.names.data["model"]["matrices"]:
            name = matrix_name(matrix, self.names)
            entries = {e["law"]: tuple(e["index"]) for e in matrix["entries"] if e["law"] in chosen}
            factors = self._factors(name, matrix, entries) if name else None
            if name and factors and not any(factors.keys() & other.keys() for *_, other in found):
                found.append((name, matrix, factors))
        letters = [self.names.numbered("matrix", n) for n in range(1, len(found) + 1)]
        pairs = zip(found, letters if len(found) > 1 else [self.names["matrix"]], strict=False)
        return [_Named(n, a, tuple(m["shape"]), m["symmetry"], e) for (n, m, e), a in pairs]

    def _factors(self, name: MatrixName, matrix: Any, entries: dict[int, Any]) -> dict[int, Any] | None:
        """law: (index, factor), if the laws are the nonzero entries, up to factors and symmetry."""
        shape, place = tuple(matrix["shape"]), {index: law for law, index in entries.items()}
        mirrored = {"symmetric": 1, "skew": -1}.get(matrix["symmetry"])
        factors: dict[int, Any] = {}
        if prod(shape) > _MOST_ENTRIES or prod(shape) != len(name.grid.rows) * len(name.grid.columns):
            return None
        try:
            for index in product(*(range(1, n + 1) for n in shape)):
                self.check("names of laws")
                entry = name.grid.at(index)
                if index in place:
                    c = multiple(self.system.laws[place[index]].polynomial, entry)
                    if c is None:
                        return None
                    factors[place[index]] = (index, c)
                elif entry and (mirrored is None or index[::-1] not in place):
                    return None
                if mirrored is not None and entry != name.grid.at(index[::-1]) * mirrored:
                    return None
        except UNREADABLE:
            return None
        return factors if len(factors) == len(entries) else None

    def _matrix(self, group: _Named) -> list[Part]:
        """What the matrix is, and its entries."""
        kind = {0: "function", 1: "vector"}.get(len(group.shape), "matrix")
        symmetry = {"symmetric": "symmetric ", "skew": "skew-symmetric "}.get(group.symmetry, "")
        notes = []
        if group.name.ones and "ones" not in self.explained:
            notes.append(said("{} is the vector of ones", ONES))
        if group.name.unfolds and "unfoldings" not in self.explained:
            unfolding = "an index {} means the unfolding of an array along axis {}"
            notes.append(said(unfolding, Words("(k)"), Symbol("k")))
        used = {"ones": group.name.ones, "unfoldings": group.name.unfolds}
        self.explained |= {word for word in used if used[word]}
        first, *more = notes or [[]]
        where = said("where {}{}, gives", first, said(" and {}", *more) if more else "") if notes else "gives"
        equation: list[Part] = [aligned([(group.letter, [group.name.formula])], "comma" if notes else "")]
        if width(group.name.formula) < _INLINE:
            equation = [" ", row(group.letter, EQUAL, group.name.formula), ", " if notes else " "]
        laws = [self.system.laws[i] for i in group.entries]
        places = {law: self._entry(group, *place) for law, place in group.entries.items()}
        return said("The {}{}{}{}{}", symmetry, kind, equation, where, self.listing(laws, places))

    def _entry(self, group: _Named, index: tuple[int, ...], factor: Rational) -> Formula:
        """The multiple of an entry that the law is."""
        letter = Symbol(group.letter.name, group.letter.number, tuple(map(str, index)))
        if abs(factor) == 1:
            return letter if factor > 0 else row(MINUS, letter)
        return row(rational(factor), letter)

    def listing(
        self, laws: Sequence[Law], entries: Mapping[int, Formula] = MappingProxyType({}), end: str = "period"
    ) -> list[Part]:
        """The laws written out; when they are too long, one of each shape."""
        chosen = list(laws)
        left: dict[int, Formula] = {law.number: self.law(law) for law in chosen}
        left |= {number: row(left[number], EQUAL, entry) for number, entry in entries.items()}
        room = {number: ROOM - max(width(f) - _NARROW, 0.0) for number, f in left.items()}
        lines = {law.number: self._lines(law, room[law.number]) for law in chosen}
        untold = ""
        if sum(map(len, lines.values())) > _MOST_LINES:
            shapes: dict[Any, Law] = {}
            for law in laws:
                shapes.setdefault(shape_of([law.polynomial]), law)
            chosen, used = [], 0
            for law in shapes.values():
                used += len(lines[law.number])
                if chosen and used > _MOST_LINES:
                    break
                chosen.append(law)
            rest = len(laws) - len(chosen)
            same = "equal to one of these up to the names of the variables"
            same = same if len(chosen) == len(shapes) else "listed in the certificate"
            untold = f"The other {'one is' if rest == 1 else numbers(rest) + ' are'} {same}. " if rest else ""
        self.displayed += chosen
        return said("{}{}", aligned([(left[law.number], lines[law.number]) for law in chosen], end), untold)

    def _lines(self, law: Law, room: float) -> list[Formula]:
        """A law on lines, cut when they are too many."""
        self.check("writing laws out")
        if law.over is not None:
            return [self.names.fraction((law.polynomial, law.over))]
        lines = self.names.lines(law.polynomial, room)
        rest = len(lines) - _MOST_LINES
        if rest <= 0:
            return lines
        more = f" ({rest} more {'line' if rest == 1 else 'lines'} in the certificate)"
        return [*lines[:_MOST_LINES], row(PLUS, Operator("dots"), Words(more))]

    # -- the other statements -----------------------------------------------------------------------
    def _independent(self, statement: kinds.Independent) -> list[Part]:
        laws, noun = statement.laws, "law" if statement.conserved else "polynomial"
        new = [law for law in laws if law not in self.displayed and not statement.conserved]
        where = self.listing(new, end="comma") if new else ""
        if len(laws) == 1:
            not_constant = " is not constant: its gradient is not zero at generic points."
            return said("The {} {}{}{}", noun, self.laws(laws), where, not_constant)
        independent = "The {}s {}{} are functionally independent at generic points."
        return said(independent, noun, self.laws(laws), where)

    def _complete(self, statement: kinds.Complete) -> list[Part]:
        form, laws, dimension = statement.form, statement.laws, statement.dimension
        constants = form.constants
        if not dimension:
            only = "The only conservation law{} that {} {} {}."
            found = form_parts(form, self.names, plural=constants)
            if constants:
                return said(only, "s", "are", found, "are the constants")
            return said(only, "", "is", found, "is zero")
        modulo = ", up to an additive constant," if constants and not statement.products else ""
        what = "a multiple of" if len(laws) == 1 else "a linear combination of"
        return said(
            "Every conservation law that is {form} is{modulo} {what} {laws}. {these} form a vector space of "
            "dimension {dimension}.",
            form=form_parts(form, self.names, plural=False),
            modulo=modulo,
            what="a polynomial in" if statement.products else what,
            laws=self.laws(laws),
            these="Modulo constants, these laws" if constants else "These laws",
            dimension=str(dimension),
        )

    def _max_laws(self, statement: kinds.AtMost) -> list[Part]:
        bound = numbers(statement.bound)
        if not statement.bound:
            return ["Every conservation law, polynomial or not, is locally constant."]
        if not statement.rank:
            independent = f"at most {bound} functions are functionally independent"
            return [f"At any point, {independent}, as many as there are coordinates."]
        if statement.bound == 1:
            return ["At any point, any two conservation laws, polynomial or not, are functionally dependent."]
        most = f"at most {bound} conservation laws, polynomial or not, are functionally independent."
        return [f"At any point, {most}", *self._gap(statement)]

    def _gap(self, statement: kinds.AtMost) -> list[Part]:
        """What is known where the bound is not reached by the laws that are shown independent."""
        if statement.reached is None:
            return []
        count, number = statement.reached
        if self.one_field:
            there = f" is not zero there are that many, but none beyond those of ({number}) is given here."
            return [" Near a point where ", self.fields.symbols[0], there]
        joint = "or" if statement.bound == count + 1 else "to"
        between = f"{numbers(count)} {joint} {numbers(statement.bound)}"
        return [f" By ({number}), their largest number is {between}; which, is not decided here."]

    @property
    def one_field(self) -> bool:
        """Whether a law is annihilated by one field only, as for a differential equation."""
        return len(self.fields.symbols) == 1

    def _exactly(self, statement: kinds.Exactly) -> list[Part]:
        laws = statement.laws
        every = ": near generic points, every conservation law, polynomial or not, is a function of {}"
        number = "The number of functionally independent conservation laws is exactly {}{}."
        return said(number, numbers(len(laws)), said(every, self.laws(laws)) if laws else "")

    def _not_conserved(self, statement: kinds.NotConserved) -> list[Part]:
        return said("The polynomial{}is not a conservation law.", self.listing([statement.law], end=""))
