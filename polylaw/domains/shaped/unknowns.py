"""Candidate words as unknowns of a linear system, and what a word is in coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from polylaw.algebra.linear.exact import Row
from polylaw.algebra.words.expression import Alphabet, Expression, Widths
from polylaw.algebra.words.printing import clock_parts
from polylaw.algebra.words.term import Term


def unknowns(
    alphabet: Alphabet, widths: Widths, terms: Iterable[Term], powers: Sequence[int]
) -> list[Expression]:
    """The terms times these powers of the clock."""
    one = alphabet.scalars.constant(1)
    clock = [alphabet.scalars.monomial(((0, k),)) if k else one for k in powers]
    return [Expression(alphabet, widths, {term: power}) for term in terms for power in clock]


def coordinates(word: Expression) -> Row:
    """Coefficients without the clock, by term and power of the clock."""
    return {(term, power): scalar for term, c in word for power, scalar in clock_parts(c).items()}
