"""Letters with the widths of their axes, and combinations of terms in them, as printed and evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from polylaw.algebra.generators import nearest
from polylaw.algebra.ring import Polynomial, Ring
from polylaw.algebra.words.term import Factor, Term, is_ones, ones
from polylaw.errors import UnknownNameError
from polylaw.frozen import Frozen

#: Names of widths, one for each axis.
Widths = tuple[str, ...]


@dataclass(frozen=True)
class Letters:
    """Letters with the widths of their axes, in the order in which texts list them, and the ring of scalars
    (no variables; parameters and a clock)."""

    letters: Mapping[str, Widths]
    scalars: Ring = field(default_factory=lambda: Ring(()))

    def __post_init__(self) -> None:
        object.__setattr__(self, "letters", Frozen(self.letters))

    def widths(self, letter: str) -> Widths:
        """The widths of the axes of a letter (or of a vector of ones); raises `UnknownNameError`."""
        if is_ones(letter):
            return (letter.removeprefix(ones("")),)
        if letter not in self.letters:
            raise UnknownNameError("letter", letter, "a matrix letter", nearest(letter, self.letters))
        return self.letters[letter]

    @cached_property
    def place(self) -> dict[str, int]:
        """The position of each letter."""
        return {name: i for i, name in enumerate(self.letters)}

    def index_widths(self, factors: Iterable[Factor]) -> dict[int, str]:
        """The width each index runs over, read off the factors it occurs in."""
        return {i: w for name, labels in factors for i, w in zip(labels, self.widths(name), strict=True)}


class Combination:
    """An array with an open axis for each of `widths`: `terms` maps terms to nonzero scalars."""

    __slots__ = ("alphabet", "terms", "widths")

    def __init__(self, alphabet: Letters, widths: Widths, terms: Mapping[Term, Polynomial]) -> None:
        self.alphabet, self.widths = alphabet, widths
        self.terms: dict[Term, Polynomial] = {t: c for t, c in terms.items() if c}

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __iter__(self) -> Iterator[tuple[Term, Polynomial]]:
        return iter(self.terms.items())

    def extents(self, term: Term) -> dict[int, str]:
        """The width that each index of one of its terms runs over."""
        return dict(zip(term.open, self.widths, strict=True)) | self.alphabet.index_widths(term.factors)

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that occur, in the order of the alphabet."""
        found = {name for term in self.terms for name, _ in term.factors if not is_ones(name)}
        return tuple(sorted(found, key=self.alphabet.place.__getitem__))


def collected(summands: Iterable[tuple[Term, Polynomial]]) -> dict[Term, Polynomial]:
    """The coefficient of each term, those of like terms added up."""
    terms: dict[Term, Polynomial] = {}
    for term, c in summands:
        terms[term] = terms[term] + c if term in terms else c
    return terms


def shape_text(widths: Sequence[str]) -> str:
    """`n x r`; `scalar` for no axis."""
    return " x ".join(widths) or "scalar"
