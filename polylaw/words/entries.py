"""From words to polynomials: the entries of an expression at given widths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from math import prod

from polylaw.algebra.polynomial import Monomial, Polynomial, multiply_monomials
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Ring
from polylaw.models.model import entry_name
from polylaw.words.expression import Expression
from polylaw.words.term import Term, is_ones

__all__ = ["Index", "Naming", "all_entries", "entry", "products"]

#: The place of an entry, each axis from 1.
Index = tuple[int, ...]
#: The name of the variable that is the entry of a letter at an index.
Naming = Callable[[str, Index], str]


def entry(expression: Expression, index: Index, sizes: Mapping[str, int], ring: Ring, naming: Naming = entry_name) -> Polynomial:
    """The entry at `index` as a polynomial of `ring`, which has the entries of all letters and the scalars by name."""
    total: dict[Monomial, Coefficient] = {}
    for term, c in expression:
        scalar = c.into(ring).terms
        for monomial, count in _monomials(expression, term, index, sizes, ring, naming).items():
            for other, value in scalar.items():
                key = multiply_monomials(monomial, other)
                total[key] = total.get(key, 0) + value * count
    return Polynomial(ring, total)


def all_entries(expression: Expression, sizes: Mapping[str, int], ring: Ring, naming: Naming = entry_name) -> dict[Index, Polynomial]:
    """All entries, the last axis running fastest."""
    axes = (range(1, sizes[w] + 1) for w in expression.widths)
    return {index: entry(expression, index, sizes, ring, naming) for index in product(*axes)}


def products(expression: Expression, sizes: Mapping[str, int]) -> int:
    """How many products of entries all entries have together, before like ones are added up."""
    total = 0
    for term in expression.terms:
        widths = dict(zip(term.open, expression.widths, strict=True)) | expression.alphabet.index_widths(term.factors)
        total += prod(sizes[w] for w in widths.values())
    return total


def _monomials(
    expression: Expression, term: Term, index: Index, sizes: Mapping[str, int], ring: Ring, naming: Naming
) -> dict[Monomial, int]:
    """How often each product of entries occurs in one term."""
    values: dict[int, int] = {}
    for label, value in zip(term.open, index, strict=True):
        if values.setdefault(label, value) != value:
            return {}  # off the diagonal of a diagonal array
    widths = expression.alphabet.index_widths(term.factors)
    letters = [(name, labels) for name, labels in term.factors if not is_ones(name)]
    counts: dict[Monomial, int] = {}
    for point in product(*(range(1, sizes[widths[label]] + 1) for label in term.bound)):
        values.update(zip(term.bound, point, strict=True))
        powers: dict[int, int] = {}
        for name, labels in letters:
            generator = ring.index(naming(name, tuple(values[i] for i in labels)))
            powers[generator] = powers.get(generator, 0) + 1
        monomial = tuple(sorted(powers.items()))
        counts[monomial] = counts.get(monomial, 0) + 1
    return counts
