"""Laws as matrices: recognise U1' U1 - U2 U2' in a list of polynomials.

A combination of matrix words of one size is a name when every one of its entries lies in the space of laws
found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from polylaw.algebra.linear.exact import Echelon, Row, relations
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.terms import within
from polylaw.algebra.words.expression import Expression
from polylaw.arguments import instance
from polylaw.budget import Progress, silent
from polylaw.laws.array_words import ArrayWords
from polylaw.laws.kernel import combined, images, on_deciding_columns
from polylaw.laws.law_space import LawSpace
from polylaw.laws.parametric import split_parameters
from polylaw.laws.terms import FieldTerms
from polylaw.laws.verify import annihilated
from polylaw.models.model import Index, Shape
from polylaw.models.word_entries import AtSizes

#: A name is guessed from this many entries a side and about this many fields, then verified in full.  A
#: sample too small shows in a guess that is no law; then the next one is taken, because a false relation can
#: hide a true one.
_SAMPLES = ((2, 8), (3, 24), (3, 200))
_STAGE = "naming laws as matrices"


@dataclass(frozen=True)
class NamedLaws:
    """A matrix (or vector, or scalar) of laws: its name, a `word` in the arrays of the flow, with a width for
    every size; its shape, how it is symmetric, and its nonzero entries by index (from 1), each as a primitive
    integer polynomial; of a symmetric or skew matrix those on and above the diagonal."""

    word: Expression
    shape: Shape
    symmetry: str
    entries: Mapping[Index, Polynomial]

    def __hash__(self) -> int:
        return hash(self.word)

    @property
    def name(self) -> str:
        """The word as text, such as `U1' U1 - U2 U2'`."""
        return str(self.word)

    @property
    def size(self) -> str:
        """The shape in words, with the symmetry."""
        size = " x ".join(map(str, self.shape)) or "scalar"
        return f"{size}, {self.symmetry}" if self.symmetry else size


def name_laws(laws: LawSpace, *, progress: Progress = silent) -> tuple[list[NamedLaws], list[Polynomial]]:
    """(named matrices of laws, generators that no name covers).  Names never repeat what earlier ones span.

    `BudgetError` when the time of `laws.budget` is over.
    """
    instance(laws, LawSpace, "laws", "for example polylaw.find_laws(flow)")
    named: list[NamedLaws] = []
    rest = list(laws.generators)
    if not laws.flow.arrays or not laws.basis:
        return named, rest
    with laws.budget.working():
        words = ArrayWords(laws.flow)
        space = _Space(laws, words.sizes)
        for group in _groups(laws, words):
            if not rest:
                break
            for found in _true_names(space, group):
                if space.covers_more(list(found.entries.values())):
                    named.append(found)
                    rest = [h for h in rest if not space.covered_already(h)]
            progress(_STAGE, len(laws.generators) - len(rest), len(laws.generators))
    return named, rest


def _groups(laws: LawSpace, words: ArrayWords) -> Iterator[list[Expression]]:
    """Words that may combine: of the same shape and power of the clock; then any power of the clock, and
    arrays read with two axes exchanged.  Matrices first, larger ones first."""
    ring = laws.flow.ring
    degrees = {h.degree for h in laws.basis}
    clocks = [0]
    if ring.clock_index is not None:
        clocks = sorted({dict(m).get(ring.clock_index, 0) for h in laws.basis for m in h.terms})
    plain, swapped = list(words.plain(degrees, clocks)), list(words.swapped(degrees, clocks))
    yield from _by_size(plain, words.sizes)
    if swapped or len(clocks) > 1:
        yield from _by_size(((word, 0) for word, _ in [*plain, *swapped]), words.sizes)


def _by_size(keyed: Iterable[tuple[Expression, int]], sizes: Mapping[str, int]) -> Iterator[list[Expression]]:
    groups: dict[tuple[Shape, int], dict[Expression, None]] = {}
    for word, key in keyed:
        shape = tuple(sizes[w] for w in word.widths)
        groups.setdefault((shape, key), {})[word] = None
    for place in sorted(groups, key=lambda place: (-len(place[0]), [-n for n in place[0]])):
        yield list(groups[place])


def _true_names(space: _Space, group: list[Expression]) -> list[NamedLaws]:
    """The combinations of a group's words all of whose entries are laws of the space, verified exactly."""
    true: list[NamedLaws] = []
    for entries, fields in _SAMPLES:
        rows = on_deciding_columns(space.residuals(group, entries, fields))
        scalars = group[0].alphabet.scalars
        guesses = relations(rows, space.ring, space.check, _STAGE)
        coefficients = ({i: c.into(scalars) for i, c in sorted(guess.items())} for guess in guesses)
        found = [_named(space, combined(group, c).primitive()) for c in coefficients]
        true = [name for name in found if space.are_laws(list(name.entries.values()))]
        if len(true) == len(found):
            break
    return true


class _Space:
    """What is a law of the space, and what has been named already."""

    def __init__(self, laws: LawSpace, sizes: Mapping[str, int]) -> None:
        self.laws, self.ring, self.check = laws, laws.flow.ring, laws.budget.check
        self.at = AtSizes(sizes, self.ring)
        distribution = laws.flow.within(self.check)
        self.fields = distribution.fields
        self.terms = FieldTerms.of(distribution, check=self.check)
        self.moving: dict[int, list[int]] = {}
        for j, field in enumerate(self.fields):
            for generator in field.components:
                self.moving.setdefault(generator, []).append(j)
        first = self.ring.parameter_indices.start
        self.leads = {within(h.leading[0], range(first)) for h in laws.basis}
        self.known = set(laws.basis)
        self.inside = laws.solved.membership(self.ring)
        self.covered = Echelon(self.check, _STAGE)

    def residuals(self, group: list[Expression], entries: int, fields: int) -> list[Row]:
        """For each word of a group, X h for a few entries h and a few fields X, the same ones for all words:
        a combination of words that is a law makes the same combination of these rows vanish."""
        rows: list[Row] = [{} for _ in group]
        sampled = [range(1, min(self.at.sizes[w], entries) + 1) for w in group[0].widths]
        for index in product(*sampled):
            self.check(_STAGE)
            chosen = [self.at.entries(word, [index])[index] for word in group]
            touching = sorted({j for h in chosen for g in h.support for j in self.moving.get(g, ())})
            moving = [self.fields[j] for j in touching[:: 1 + len(touching) // fields]]
            parts = images(chosen, moving, split_parameters, self.check, _STAGE)
            for row, part in zip(rows, parts, strict=True):
                row |= {(index, column): c for column, c in part.items()}
        return rows

    def are_laws(self, entries: list[Polynomial]) -> bool:
        """Whether all entries are laws of the space; exact."""
        fresh = [h for h in entries if h not in self.known]
        if not all(map(self.inside, (m for h in fresh for m in split_parameters(h)))):
            return False
        return not fresh or all(annihilated(self.terms, self.ring, fresh, self.laws.budget))

    def covers_more(self, entries: Sequence[Polynomial]) -> bool:
        """Record laws as named; False if all were spanned before."""
        self.check(_STAGE)
        added = [self.covered.add(self._coordinates(h)) for h in entries]
        return any(added)

    def covered_already(self, h: Polynomial) -> bool:
        """Whether h is spanned by what was named."""
        return not self.covered.reduced(self._coordinates(h))

    def _coordinates(self, h: Polynomial) -> Row:
        return {state: c for state, c in split_parameters(h).items() if state in self.leads}


def _named(space: _Space, word: Expression) -> NamedLaws:
    """The word with its entries written out, redundant ones (by symmetry) left out."""
    shape = tuple(space.at.sizes[w] for w in word.widths)
    entries = {index: h.primitive() for index, h in space.at.entries(word).items() if h}
    symmetry = ""
    if len(shape) == 2 and shape[0] > 1:
        mirrored = all(entries.get((j, i)) == h for (i, j), h in entries.items())
        if mirrored:
            symmetry = "skew" if not any(i == j for i, j in entries) else "symmetric"
            entries = {(i, j): h for (i, j), h in entries.items() if i <= j}
    return NamedLaws(word, shape, symmetry, entries)
