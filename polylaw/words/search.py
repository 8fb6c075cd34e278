"""All laws among the words up to a length, for all widths at once, with a proof that there are no others.

A combination of candidates is a law for all widths iff its derivatives vanish in the free algebra: a finite linear system
over Q (or Q(parameters)), whose null space is computed exactly.  Products of shorter laws, and diagonals, traces and sums
of laws with more axes, are recognised as such by exact linear algebra and left out.

Completeness.  Let every width be at least the largest number of indices of that width in a term of the system
(`WordLaws.from_widths`).  Then the terms of a derivative are linearly independent as functions of weights, loss gradients
and clock (the statement proved in `polylaw.words.term`; the loss gradients are free, see `ShapedModel.gradients`).  So at
any such widths a combination of the candidates is a law, whatever the constants are, only if it is one formally.  At
smaller widths there can be more laws, as for U V' with n = m = 1; those found here hold there too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from polylaw.algebra.echelon import Echelon, Row, relations
from polylaw.arguments import instance, integer
from polylaw.errors import VerificationError
from polylaw.truth import Answer
from polylaw.words.ansatz import candidates
from polylaw.words.consequences import Consequences
from polylaw.words.expression import Alphabet, Expression, Widths
from polylaw.words.flow import ShapedFlow
from polylaw.words.printing import clock_parts, ordered
from polylaw.words.term import Term, is_ones

__all__ = ["WordLaws", "find_words"]

DEFAULT_LENGTH, MOST_LENGTH = 2, 6


@dataclass(frozen=True)
class WordLaws(Answer):
    """The laws of `flow` among words of at most `length` letters, for all widths.

    `laws` are primitive, each verified to have derivative 0 in the free algebra; products, diagonals, traces and sums of
    them are laws too and not listed.  `candidates` counts the unknowns, the powers of the clock included.  At widths of at
    least `from_widths` no other combination of candidates is a law; None if that is not proved, because a derivative
    counts a width (a vector of ones).  True when there is a law; false when it is proved that there is none.
    """

    flow: ShapedFlow
    length: int
    laws: tuple[Expression, ...]
    candidates: int
    from_widths: Mapping[str, int] | None

    @property
    def complete(self) -> bool:
        """Whether it is proved that there is no other law among the candidates."""
        return self.from_widths is not None

    def _answer(self) -> bool | str:
        return bool(self.laws) or (False if self.complete else "other words may be laws, because a derivative counts a width")

    def outside(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """Those of given sizes at which there may be more laws, being smaller than `from_widths`."""
        return {w: n for w, n in sizes.items() if n < (self.from_widths or {}).get(w, 1)}

    def __iter__(self) -> Iterator[Expression]:
        return iter(self.laws)

    def __len__(self) -> int:
        return len(self.laws)

    def __str__(self) -> str:
        """The laws, a line each."""
        return "\n".join([repr(self)[1:-1], *(f"  {law}" for law in self.laws)])

    def __repr__(self) -> str:
        state = "complete" if self.complete else "undecided"
        return f"<WordLaws: {len(self.laws)} for all widths, length <= {self.length}, {self.flow.model.name}, {self.flow.name}, {state}>"


def find_words(flow: ShapedFlow, length: int = DEFAULT_LENGTH) -> WordLaws:
    """All laws of `flow` among words of at most `length` letters (`polylaw.words.ansatz` says which words).

    Raises `InputError` for another length than 1 to 6, `BudgetError` when there are too many words.
    """
    length = integer(length, "length", 1, MOST_LENGTH, "longer words are mostly products of shorter ones")
    instance(flow, ShapedFlow, "flow", "for example ShapedFlow.gradient(shaped(...))")
    known: list[Expression] = []
    listed: dict[Widths, list[Term]] = {}
    system = _System(flow)
    for top in range(1, length + 1):
        fresh = candidates(flow.alphabet, flow.letters, top)
        for widths, terms in fresh.items():
            listed.setdefault(widths, []).extend(terms)
        reached = Consequences(known, top)
        for widths in sorted(fresh, key=lambda w: (-len(w), w)):
            new = _new_laws(system, reached, widths, listed[widths], top)
            if new:
                known += new
                reached = Consequences(known, top)
    laws = tuple(sorted(known, key=lambda law: law_order(flow.alphabet, law)))
    return WordLaws(flow, length, laws, system.unknowns(listed, length), None if system.counts_a_width else dict(system.indices))


def law_order(alphabet: Alphabet, law: Expression) -> tuple[object, ...]:
    """Short laws first, matrices before vectors and scalars, then in the order of their letters."""
    first = ordered(law)[0][0]
    return (law.length, -len(law.widths), [alphabet.place[name] for name in law.letters], [law.symmetry == "skew"], first)


class _System:
    """Derivatives of single terms, and how many indices of each width occur in them."""

    def __init__(self, flow: ShapedFlow) -> None:
        self.flow = flow
        self.indices: dict[str, int] = dict.fromkeys(flow.model.widths, 1)
        self.counts_a_width = False

    def powers(self, length: int) -> range:
        return range(self.flow.clock_power(length) + 1)

    def unknowns(self, listed: Mapping[Widths, Sequence[Term]], length: int) -> int:
        return sum(map(len, listed.values())) * len(self.powers(length))

    def null_space(self, widths: Widths, terms: Sequence[Term], length: int) -> list[Expression]:
        """All combinations of the terms, times powers of the clock, with derivative 0."""
        alphabet = self.flow.alphabet
        scalars = alphabet.scalars
        powers = [scalars.monomial(((0, k),)) if k else scalars.constant(1) for k in self.powers(length)]
        unknowns = [Expression(alphabet, widths, {term: power}) for term in terms for power in powers]
        rows = [self._row(unknown) for unknown in unknowns]
        found = []
        for block in _blocks(rows):
            for relation in relations([rows[i] for i in block], scalars):
                found.append(Expression.sum(alphabet, widths, (unknowns[block[k]] * c for k, c in relation.items())))
        return found

    def _row(self, unknown: Expression) -> Row:
        row: Row = {}
        for derivation in self.flow.derivations:
            for term, c in derivation(unknown):
                self._count(term)
                for power, scalar in clock_parts(c).items():
                    row[derivation.name, power, term] = scalar
        return row

    def _count(self, term: Term) -> None:
        counts: dict[str, int] = {}
        for width in self.flow.alphabet.index_widths(term.factors).values():
            counts[width] = counts.get(width, 0) + 1
        for width, count in counts.items():
            self.indices[width] = max(self.indices[width], count)
        self.counts_a_width |= any(is_ones(name) for name, _ in term.factors)


def _blocks(rows: Sequence[Row]) -> list[list[int]]:
    """Positions of the rows, those that share columns together."""
    by_column: dict[object, list[int]] = {}
    for i, row in enumerate(rows):
        for column in row:
            by_column.setdefault(column, []).append(i)
    blocks: list[list[int]] = []
    seen: set[int] = set()
    for start in range(len(rows)):
        if start in seen:
            continue
        block, pending = {start}, [start]
        while pending:
            for column in rows[pending.pop()]:
                for j in by_column.pop(column, ()):
                    if j not in block:
                        block.add(j)
                        pending.append(j)
        seen |= block
        blocks.append(sorted(block))
    return blocks


def _new_laws(system: _System, known: Consequences, widths: Widths, terms: Sequence[Term], length: int) -> list[Expression]:
    """The laws with these axes that do not follow from the known ones, split into symmetric and skew ones."""
    space = system.null_space(widths, terms, length)
    if not space:
        return []
    spanned = Echelon()
    for h in known.of(widths):
        spanned.add(_coordinates(h))
    found = []
    for law in space:
        axes = law.exchange
        parts = [law] if axes is None else [law + law.permuted(axes), law - law.permuted(axes)]
        found += [_upright(part.primitive()) for part in parts if part and spanned.add(_coordinates(part))]
    for law in found:
        if system.flow.residuals(law):
            raise VerificationError("law", str(law), "a derivative that vanishes in the free algebra", "please report this model")
    return found


def _upright(law: Expression) -> Expression:
    """The law, or its transpose where that is written with fewer transposed letters."""
    if len(set(law.widths)) != 2 or len(law.widths) != 2:
        return law
    return min(law, law.T, key=lambda h: str(h).count("'"))


def _coordinates(h: Expression) -> Row:
    return {(term, power): scalar for term, c in h for power, scalar in clock_parts(c).items()}
