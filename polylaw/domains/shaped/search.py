"""All laws among the words up to a length, for all widths at once, with a proof that there are no others.

A combination of candidates is a law for all widths iff its derivatives vanish in the free algebra: a finite
linear system over Q (or Q(parameters)), whose null space is computed exactly.  Products of shorter laws, and
diagonals, traces and sums of laws with more axes, are recognised by exact linear algebra and left out.

Completeness.  Let every width be at least the largest number of indices of that width in a term of the system
(`WordLaws.from_widths`).  Then the terms of a derivative are linearly independent as functions of weights,
loss gradients and clock (the statement proved in `polylaw.algebra.words.term`; the loss gradients are free,
see `ShapedModel.gradients`).  So at any such widths a combination of the candidates is a law, whatever the
constants are, only if it is one formally.  At smaller widths there can be more laws, as for U V' with n = m =
1; those found here hold there too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from polylaw.algebra.linear.exact import Echelon, Row
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.letters import Widths
from polylaw.algebra.words.printing import clock_parts, ordered
from polylaw.algebra.words.term import Term, is_ones
from polylaw.arguments import instance, integer
from polylaw.budget import Budget, given_budget
from polylaw.domains.shaped.ansatz import candidates
from polylaw.domains.shaped.consequences import Consequences
from polylaw.errors import BudgetError
from polylaw.flows.shaped import ShapedFlow
from polylaw.frozen import Frozen
from polylaw.laws.kernel import images, kernel, verified
from polylaw.truth import Answer, Certainty, Search

DEFAULT_LENGTH, MOST_LENGTH = 2, 6


@dataclass(frozen=True)
class WordLaws(Answer, Search):
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
    def certainty(self) -> Certainty:
        """How sure it is that there is no other law among the candidates that were asked for."""
        if self.undecided:
            return Certainty.UNDECIDED
        return Certainty.FORMAL if self.from_widths is None else Certainty.PROVED

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
        state, words = "complete" if self.complete else "undecided", f"length <= {self.length}"
        flow = f"{self.flow.model.name}, {self.flow.name}"
        return f"<WordLaws: {len(self.laws)} for all widths, {words}, {flow}, {state}>"


def find_words(flow: ShapedFlow, length: int = DEFAULT_LENGTH, *, budget: Budget | None = None) -> WordLaws:
    """All laws of `flow` among words (`polylaw.domains.shaped.ansatz`) of at most `length` letters.

    When a bound is hit, of the budget or on the number of words, the result is that of the largest length
    that was finished, and says so; `BudgetError` when not even words of length 1 were.  Raises `InputError`
    for another length than 1 to 6.
    """
    length = integer(length, "length", 1, MOST_LENGTH, "longer words are mostly products of shorter ones")
    instance(flow, ShapedFlow, "flow", "for example ShapedFlow.gradient(shaped(...))")
    budget = given_budget(budget)
    system = _System(flow, budget)
    with budget.working():
        found = system.laws(1, ())
        try:
            for top in range(2, length + 1):
                found = system.laws(top, found.laws)
        except BudgetError as error:
            return replace(found, undecided=str(error))
    return found


def _order(law: Expression) -> tuple[object, ...]:
    """Short laws first, matrices before vectors and scalars, then in the order of their letters."""
    letters, first = [law.alphabet.place[name] for name in law.letters], ordered(law)[0][0]
    return law.length, -len(law.widths), letters, law.symmetry == "skew", first


# -- the linear system -------------------------------------------------------------------------------
def unknowns_of(
    alphabet: Alphabet, widths: Widths, terms: Sequence[Term], powers: Iterable[int]
) -> list[Expression]:
    """The terms times these powers of the clock: a law is a combination of them."""
    scalars = alphabet.scalars
    clock = [scalars.monomial(((0, k),)) if k else scalars.constant(1) for k in powers]
    return [Expression(alphabet, widths, {term: power}) for term in terms for power in clock]


def coordinates(word: Expression) -> Row:
    """The coefficients of a word by power of the clock and term."""
    return {(power, term): scalar for term, c in word for power, scalar in clock_parts(c).items()}


class _System:
    """Derivatives of single terms, and how many indices of each width occur in them."""

    def __init__(self, flow: ShapedFlow, budget: Budget) -> None:
        self.flow, self.budget = flow, budget
        self.derivations = [partial(derivation, check=budget.check) for derivation in flow.derivations]
        self.listed: dict[Widths, list[Term]] = {}
        self.indices: dict[str, int] = dict.fromkeys(flow.model.widths, 1)
        self.counts_a_width = False

    def laws(self, length: int, shorter: Sequence[Expression]) -> WordLaws:
        """The laws with words of at most this length, those with shorter ones being known."""
        flow, known = self.flow, list(shorter)
        fresh = candidates(flow.alphabet, flow.letters, length, self.budget)
        for widths, terms in fresh.items():
            self.listed.setdefault(widths, []).extend(terms)
        reached = Consequences(known, length, self.budget.check)
        for widths in sorted(fresh, key=lambda w: (-len(w), w)):
            if new := self._new(reached, widths, length):
                known += new
                reached = Consequences(known, length, self.budget.check)
        unknowns = sum(map(len, self.listed.values())) * len(_powers(flow, length))
        from_widths = None if self.counts_a_width else Frozen(self.indices)
        return WordLaws(flow, length, tuple(sorted(known, key=_order)), unknowns, from_widths)

    def _new(self, known: Consequences, widths: Widths, length: int) -> list[Expression]:
        """The laws with these axes that do not follow from the known ones, symmetric and skew ones apart."""
        if not (space := self._null_space(widths, length)):
            return []
        spanned = Echelon(self.budget.check)
        for h in known.of(widths):
            spanned.add(coordinates(h))
        found = []
        for law in space:
            axes = law.exchange
            parts = [law] if axes is None else [law + law.permuted(axes), law - law.permuted(axes)]
            found += [_upright(part.primitive()) for part in parts if part and spanned.add(coordinates(part))]
        return verified(found, self.derivations)

    def _null_space(self, widths: Widths, length: int) -> list[Expression]:
        """All combinations of the terms, times powers of the clock, with derivative 0."""
        alphabet, terms, powers = self.flow.alphabet, self.listed[widths], _powers(self.flow, length)
        self.budget.check_unknowns(len(terms) * len(powers))
        unknowns = unknowns_of(alphabet, widths, terms, powers)
        rows = images(unknowns, self.derivations, coordinates)
        for term in {term for row in rows for _, (_, term) in row}:
            counts = Counter(alphabet.index_widths(term.factors).values())
            self.indices |= {width: max(self.indices[width], count) for width, count in counts.items()}
            self.counts_a_width |= any(is_ones(name) for name, _ in term.factors)
        return kernel(unknowns, rows, alphabet.scalars, self.budget.check)


def _powers(flow: ShapedFlow, length: int) -> range:
    return range(flow.clock_power(length) + 1)


def _upright(law: Expression) -> Expression:
    """The law, or its transpose where that is written with fewer transposed letters."""
    if len(set(law.widths)) != 2 or len(law.widths) != 2:
        return law
    return min(law, law.T, key=lambda h: str(h).count("'"))
