"""Laws as matrices: recognise U1^T U1 - U2 U2^T in a list of polynomials.

Words are built from the weight (and velocity) arrays of a flow: Gram products of two arrays of one shape along one
of their axes (U^T V, U V^T, and unfoldings of tensors), their diagonals and traces, and sums over all other axes.
A combination of words of one size is a name when every one of its entries lies in the space of laws found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from polylaw.algebra.echelon import Echelon, Row, relations
from polylaw.algebra.polynomial import Monomial, Polynomial, multiply_monomials
from polylaw.algebra.ring import Ring
from polylaw.laws.budget import Budget
from polylaw.laws.law_space import LawSpace
from polylaw.laws.parametric import split_parameters
from polylaw.laws.terms import FieldTerms
from polylaw.laws.verify import annihilated
from polylaw.models.model import Shape, entry_name

__all__ = ["NamedLaws", "name_laws"]

_MOST_WORDS = 250
#: A name is guessed from this many entries a side and about this many fields, then verified in full.  A sample too
#: small shows in a guess that is no law; then the next one is taken, because a false relation can hide a true one.
_SAMPLES = ((2, 8), (3, 24), (3, 200))

Index = tuple[int, ...]


@dataclass(frozen=True)
class NamedLaws:
    """A matrix (or vector, or scalar) of laws: its name, its shape, how it is symmetric, and its distinct entries
    by index (from 1), each a primitive integer polynomial."""

    name: str
    shape: Shape
    symmetry: str
    entries: dict[Index, Polynomial]

    @property
    def title(self) -> str:
        """The name with the shape in words."""
        size = " x ".join(map(str, self.shape)) or "scalar"
        return f"{self.name}      {size}{f', {self.symmetry}' if self.symmetry else ''}"


@dataclass(frozen=True)
class _Word:
    """One array-valued expression.  `kind`: gram (matrix), diagonal, trace, or sum (over all axes but `axis`)."""

    kind: str
    left: str
    right: str
    axis: int | None
    shapes: tuple[Shape, ...]
    clock: int

    @property
    def shape(self) -> Shape:
        if self.axis is None or self.kind == "trace":
            return ()
        size = self.shapes[0][self.axis]
        return (size, size) if self.kind == "gram" else (size,)

    def entry(self, ring: Ring, index: Index) -> Polynomial:
        """The entry at `index` (from 1) as a polynomial of the ring."""
        terms: dict[Monomial, int] = {}
        first = ((ring.clock_index or 0, self.clock),) if self.clock else ()
        for other in product(*(range(1, n + 1) for a, n in enumerate(self.shapes[0]) if a != self.axis)):
            for i, j in self._ends(index):
                factor = ((self._generator(ring, self.left, other, i), 1),)
                second = ((self._generator(ring, self.right, other, j), 1),) if self.right else ()
                monomial = multiply_monomials(multiply_monomials(factor, second), first)
                terms[monomial] = terms.get(monomial, 0) + 1
        return Polynomial(ring, terms)

    def _ends(self, index: Index) -> Iterator[tuple[int, int]]:
        if self.kind == "trace" and self.axis is not None:
            yield from ((i, i) for i in range(1, self.shapes[0][self.axis] + 1))
        else:
            yield (index[0], index[-1]) if index else (0, 0)

    def _generator(self, ring: Ring, name: str, other: Index, end: int) -> int:
        full = other if self.axis is None else (*other[: self.axis], end, *other[self.axis :])
        return ring.index(entry_name(name, full))

    @property
    def text(self) -> str:
        """`U^T V`, `U V^T`, `G(2) G(2)^T`, `1^T U`, `U 1`, `b`."""
        axes = len(self.shapes[0])
        if self.kind == "sum":
            if axes < 2 or self.axis is None:
                return self.left if self.axis is not None or axes == 0 else f"sum({self.left})"
            return f"sum({self.left}, but axis {self.axis + 1})" if axes > 2 else f"1^T {self.left}" if self.axis else f"{self.left} 1"
        if axes > 2:
            return f"{self.left}({(self.axis or 0) + 1}) {self.right}({(self.axis or 0) + 1})^T"
        if axes == 0:
            return f"{self.left} {self.right}"
        return f"{self.left}^T {self.right}" if self.axis == axes - 1 and axes == 2 else f"{self.left} {self.right}^T"


def name_laws(laws: LawSpace) -> tuple[list[NamedLaws], list[Polynomial]]:
    """(named matrices of laws, generators that no name covers).  Names never repeat what earlier ones span."""
    space = _Space(laws)
    named: list[NamedLaws] = []
    if not laws.flow.arrays or not laws.basis:
        return named, list(laws.generators)
    rest = list(laws.generators)
    for group in _groups(laws):
        if not rest:
            break
        for found in _true_names(space, group):
            if space.covers_more(list(found.entries.values())):
                named.append(found)
                rest = [h for h in rest if not space.covered_already(h)]
    return named, rest


def _true_names(space: _Space, group: list[_Word]) -> list[NamedLaws]:
    """The combinations of the words of a group all of whose entries are laws of the space, verified exactly."""
    true: list[NamedLaws] = []
    for entries, fields in _SAMPLES:
        guesses = relations(space.residuals(group, entries, fields), space.ring)
        found = [_named(space.ring, [(group[i], c) for i, c in sorted(guess.items())]) for guess in guesses]
        true = [name for name in found if space.are_laws(list(name.entries.values()))]
        if len(true) == len(found):
            break
    return true


class _Space:
    """What is a law of the space, and what has been named already."""

    def __init__(self, laws: LawSpace) -> None:
        self.laws, self.ring = laws, laws.flow.ring
        self.fields = laws.flow.distribution.fields
        self.moving: dict[int, list[int]] = {}
        for j, field in enumerate(self.fields):
            for generator in field.components:
                self.moving.setdefault(generator, []).append(j)
        first = self.ring.parameter_indices.start
        self.leads = {tuple(q for q in h.leading[0] if q[0] < first) for h in laws.basis}
        self.known = set(laws.basis)
        self.inside = laws.solved.membership(self.ring)
        self.covered = Echelon()

    def residuals(self, group: list[_Word], entries: int, fields: int) -> list[Row]:
        """For each word of a group, X h for a few entries h and a few fields X, the same ones for all words: a
        combination of words that is a law makes the same combination of these rows vanish."""
        rows: list[Row] = [{} for _ in group]
        for index in product(*(range(1, min(n, entries) + 1) for n in group[0].shape)):
            images = [word.entry(self.ring, index) for word in group]
            touching = sorted({j for h in images for g in h.support for j in self.moving.get(g, ())})
            for j in touching[:: 1 + len(touching) // fields]:
                for row, h in zip(rows, images, strict=True):
                    for state, c in split_parameters(self.fields[j](h)).items():
                        row[index, j, state] = c
        return rows

    def are_laws(self, entries: list[Polynomial]) -> bool:
        """Whether all entries are laws of the space; exact."""
        fresh = [h for h in entries if h not in self.known]
        if not all(map(self.inside, (m for h in fresh for m in split_parameters(h)))):
            return False
        return not fresh or all(annihilated(FieldTerms.of(self.laws.flow.distribution), self.ring, fresh, Budget()))

    def covers_more(self, entries: Sequence[Polynomial]) -> bool:
        """Record laws as named; False if all were spanned before."""
        added = [self.covered.add(self._coordinates(h)) for h in entries]
        return any(added)

    def covered_already(self, h: Polynomial) -> bool:
        """Whether h is spanned by what was named."""
        return not self.covered.reduced(self._coordinates(h))

    def _coordinates(self, h: Polynomial) -> Row:
        return {state: c for state, c in split_parameters(h).items() if state in self.leads}


def _groups(laws: LawSpace) -> Iterator[list[_Word]]:
    """Words that may combine: same shape, same power of the clock; matrices first, larger ones first."""
    groups: dict[tuple[Shape, int], list[_Word]] = {}
    for word in _words(laws):
        groups.setdefault((word.shape, word.clock), []).append(word)
    for key in sorted(groups, key=lambda key: (-len(key[0]), [-n for n in key[0]])):
        yield groups[key]


def _words(laws: LawSpace) -> Iterator[_Word]:
    given, index = laws.flow.arrays, laws.flow.ring.clock_index
    arrays = {name: given[name] for a in given for name in (a, f"d{a}") if name in given}  # U1, dU1, U2, dU2, ...
    clocks = sorted({dict(m).get(index, 0) for h in laws.basis for m in h.terms}) if index is not None else [0]
    degrees = {h.degree for h in laws.basis}
    pairs = [(a, b) for a in arrays for b in arrays if arrays[a] == arrays[b]]
    if len(pairs) * 2 * len(clocks) > _MOST_WORDS:
        pairs = [(a, b) for a, b in pairs if a in (b, f"d{b}") or b == f"d{a}"]
    for clock in clocks:
        if 1 in degrees or 2 in degrees:
            for name, shape in arrays.items():
                yield from (_Word("sum", name, "", axis, (shape,), clock) for axis in [*range(len(shape)), None])
        if 2 in degrees:
            for left, right in pairs:
                shape = arrays[left]
                for axis in range(len(shape)):
                    yield from (_Word(kind, left, right, axis, (shape,), clock) for kind in ("gram", "diagonal"))
                yield _Word("trace", left, right, None, (shape,), clock)


def _named(ring: Ring, words: list[tuple[_Word, Polynomial]]) -> NamedLaws:
    """The combination of words with its entries written out, redundant ones (by symmetry) left out."""
    word = words[0][0]
    if _is_negative(words[0][1]):
        words = [(w, -c) for w, c in words]
    entries: dict[Index, Polynomial] = {}
    for index in product(*(range(1, n + 1) for n in word.shape)):
        h = Polynomial.sum(ring, (c * w.entry(ring, index) for w, c in words))
        if h:
            entries[index] = h.primitive()
    symmetry = ""
    if len(word.shape) == 2 and word.shape[0] > 1:
        mirrored = all(entries.get((j, i)) == h for (i, j), h in entries.items())
        if mirrored:
            symmetry = "skew" if not any(i == j for i, j in entries) else "symmetric"
            entries = {(i, j): h for (i, j), h in entries.items() if i <= j}
    return NamedLaws(_name(ring, words), word.shape, symmetry, entries)


def _name(ring: Ring, words: list[tuple[_Word, Polynomial]]) -> str:
    """`exp(tau*t) (U^T dU - dU^T U)`, `diag(U1^T U1 - U2 U2^T)`, `2 1^T U - diag(V^T V + b b^T)`."""
    text = ""
    for kind, wrapper in (("sum", ""), ("gram", ""), ("diagonal", "diag"), ("trace", "tr")):
        part = [(w, c) for w, c in words if w.kind == kind]
        if not part:
            continue
        negative = bool(wrapper) and _is_negative(part[0][1])
        inner = _sum_text([(w, -c) for w, c in part] if negative else part)
        joint = (" - " if negative else " + ") if text else ("-" if negative else "")
        text += joint + (f"{wrapper}({inner})" if wrapper else inner)
    clock = words[0][0].clock
    return f"{ring.power_text(ring.clock_index or 0, clock)} ({text})" if clock else text


def _is_negative(c: Polynomial) -> bool:
    return len(c.terms) == 1 and next(iter(c.terms.values())) < 0


def _sum_text(part: list[tuple[_Word, Polynomial]]) -> str:
    text = ""
    for word, c in part:
        negative = _is_negative(c)
        size = -c if negative else c
        factor = "" if size == 1 else f"{size} " if len(size.terms) == 1 else f"({size}) "
        joint = (" - " if negative else " + ") if text else ("-" if negative else "")
        text += joint + factor + word.text
    return text
