"""All laws among the words up to a length, for all widths at once, with a proof that there are no others.

A combination of candidates is a law for all widths iff its derivatives vanish in the free algebra: a finite
linear system over Q (or Q(parameters)), whose null space is computed exactly.  Products of shorter laws, and
diagonals, traces and sums of laws with more axes, are recognised as such by exact linear algebra and left
out.

Completeness.  Let every width be at least the largest number of indices of that width in a term of the system
(`WordLaws.from_widths`).  Then the terms of a derivative are linearly independent as functions of weights,
loss gradients and clock (the statement proved in `polylaw.algebra.words.term`; the loss gradients are free,
see `ShapedModel.gradients`).  So at any such widths a combination of the candidates is a law, whatever the
constants are, only if it is one formally.  At smaller widths there can be more laws, as for U V' with n = m =
1; those found here hold there too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from polylaw.algebra.check import Check
from polylaw.algebra.linear.exact import Echelon, Row, relations
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.letters import Widths
from polylaw.algebra.words.printing import clock_parts, ordered
from polylaw.algebra.words.term import Term, is_ones
from polylaw.arguments import instance, integer
from polylaw.budget import Budget
from polylaw.domains.shaped.ansatz import candidates
from polylaw.domains.shaped.consequences import Consequences
from polylaw.errors import BudgetError, VerificationError
from polylaw.flows.shaped import ShapedFlow
from polylaw.truth import Answer

DEFAULT_LENGTH, MOST_LENGTH = 2, 6


@dataclass(frozen=True)
class WordLaws(Answer):
    """The laws of `flow` among words of at most `length` letters, for all widths.

    `laws` are primitive, each verified to have derivative 0 in the free algebra; products, diagonals, traces
    and sums of them are laws too and not listed.  `candidates` counts the unknowns, the powers of the clock
    included.  At widths of at least `from_widths` no other combination of candidates is a law; None if that
    is not proved, because a derivative counts a width (a vector of ones).  `undecided`: the bound that was
    hit before longer words, which were asked for.  True when there is a law; false when it is proved that
    there is none.
    """

    flow: ShapedFlow
    length: int
    laws: tuple[Expression, ...]
    candidates: int
    from_widths: Mapping[str, int] | None
    undecided: str = ""

    @property
    def complete(self) -> bool:
        """Whether it is proved that there is no other law among the candidates that were asked for."""
        return self.from_widths is not None and not self.undecided

    def _answer(self) -> bool | str:
        return bool(self.laws) or (
            not self.complete and (self.undecided or "other words may be laws: a derivative counts a width")
        )

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
        return (
            f"<WordLaws: {len(self.laws)} for all widths, length <= {self.length}, "
            f"{self.flow.model.name}, {self.flow.name}, {state}>"
        )


def find_words(flow: ShapedFlow, length: int = DEFAULT_LENGTH, *, budget: Budget | None = None) -> WordLaws:
    """All laws of `flow` among words of at most `length` letters (`polylaw.domains.shaped.ansatz` says which
    words).

    When a bound is hit, of the budget or on the number of words, the result is that of the largest length
    that was finished, and says so; `BudgetError` when not even words of length 1 were.  Raises `InputError`
    for another length than 1 to 6.
    """
    length = integer(length, "length", 1, MOST_LENGTH, "longer words are mostly products of shorter ones")
    instance(flow, ShapedFlow, "flow", "for example ShapedFlow.gradient(shaped(...))")
    budget = budget or Budget()
    system = _System(flow, budget.check)
    found: WordLaws | None = None
    with budget.working():
        for top in range(1, length + 1):
            try:
                found = system.laws(top, found.laws if found is not None else ())
            except BudgetError as error:
                if found is None:
                    raise
                return replace(found, undecided=str(error))
    assert found is not None
    return found


def law_order(alphabet: Alphabet, law: Expression) -> tuple[object, ...]:
    """Short laws first, matrices before vectors and scalars, then in the order of their letters."""
    first = ordered(law)[0][0]
    return (
        law.length,
        -len(law.widths),
        [alphabet.place[name] for name in law.letters],
        [law.symmetry == "skew"],
        first,
    )


class _System:
    """Derivatives of single terms, and how many indices of each width occur in them."""

    def __init__(self, flow: ShapedFlow, check: Check) -> None:
        self.flow, self.check = flow, check
        self.listed: dict[Widths, list[Term]] = {}
        self.indices: dict[str, int] = dict.fromkeys(flow.model.widths, 1)
        self.counts_a_width = False

    def laws(self, length: int, shorter: Sequence[Expression]) -> WordLaws:
        """The laws with words of at most this length, those with shorter ones being known."""
        flow, known = self.flow, list(shorter)
        fresh = candidates(flow.alphabet, flow.letters, length, self.check)
        for widths, terms in fresh.items():
            self.listed.setdefault(widths, []).extend(terms)
        reached = Consequences(known, length, self.check)
        for widths in sorted(fresh, key=lambda w: (-len(w), w)):
            if new := _new_laws(self, reached, widths, self.listed[widths], length):
                known += new
                reached = Consequences(known, length, self.check)
        laws = tuple(sorted(known, key=lambda law: law_order(flow.alphabet, law)))
        unknowns = sum(map(len, self.listed.values())) * len(self.powers(length))
        return WordLaws(flow, length, laws, unknowns, None if self.counts_a_width else dict(self.indices))

    def powers(self, length: int) -> range:
        return range(self.flow.clock_power(length) + 1)

    def null_space(self, widths: Widths, terms: Sequence[Term], length: int) -> list[Expression]:
        """All combinations of the terms, times powers of the clock, with derivative 0."""
        alphabet = self.flow.alphabet
        scalars = alphabet.scalars
        powers = [scalars.monomial(((0, k),)) if k else scalars.constant(1) for k in self.powers(length)]
        unknowns = [Expression(alphabet, widths, {term: power}) for term in terms for power in powers]
        rows = [self._row(unknown) for unknown in unknowns]
        found = []
        for block in _blocks(rows):
            for relation in relations([rows[i] for i in block], scalars, self.check):
                found.append(
                    Expression.sum(alphabet, widths, (unknowns[block[k]] * c for k, c in relation.items()))
                )
        return found

    def _row(self, unknown: Expression) -> Row:
        row: Row = {}
        for derivation in self.flow.derivations:
            for term, c in derivation(unknown, self.check):
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


def _new_laws(
    system: _System, known: Consequences, widths: Widths, terms: Sequence[Term], length: int
) -> list[Expression]:
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
            raise VerificationError(
                "law", str(law), "a derivative that vanishes in the free algebra", "please report this model"
            )
    return found


def _upright(law: Expression) -> Expression:
    """The law, or its transpose where that is written with fewer transposed letters."""
    if len(set(law.widths)) != 2 or len(law.widths) != 2:
        return law
    return min(law, law.T, key=lambda h: str(h).count("'"))


def _coordinates(h: Expression) -> Row:
    return {(term, power): scalar for term, c in h for power, scalar in clock_parts(c).items()}
