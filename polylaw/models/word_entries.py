"""From words to polynomials: the entries of an expression at given widths."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod

from polylaw.algebra.polynomial import Monomial, Polynomial, multiply_monomials
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Ring
from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.term import Term, is_ones
from polylaw.models.contraction import Entries
from polylaw.models.contraction import products as products_of_entries
from polylaw.models.model import Index, Naming, entry_name

__all__ = ["Index", "Naming", "all_entries", "products"]


def all_entries(
    expression: Expression, sizes: Mapping[str, int], ring: Ring, naming: Naming = entry_name
) -> dict[Index, Polynomial]:
    """All entries, the last axis running fastest, as polynomials of `ring`, which has the entries of all
    letters and the scalars by name."""
    alphabet = expression.alphabet
    shapes = {letter: tuple(sizes[w] for w in alphabet.widths(letter)) for letter in expression.letters}
    arrays = {letter: Entries.named(letter, shape, ring, naming) for letter, shape in shapes.items()}
    totals: dict[Index, dict[Monomial, Coefficient]] = {
        index: {} for index in product(*(range(1, sizes[w] + 1) for w in expression.widths))
    }
    for term, c in expression:
        scalar = list((c.into(ring) * _copies(expression, term, sizes)).terms.items())
        open_ = tuple(dict.fromkeys(term.open))
        axes = dict(zip(term.open, expression.widths, strict=True))
        places = list(product(*(range(sizes[axes[label]]) for label in open_)))
        factors = [(arrays[name], labels) for name, labels in term.factors if not is_ones(name)]
        for place, monomials in products_of_entries(open_, places, factors):
            total = totals[
                tuple(place[label] + 1 for label in term.open)
            ]  # open labels are numbered from 0 as they occur
            for monomial in monomials:
                for other, value in scalar:
                    key = multiply_monomials(monomial, other)
                    total[key] = total.get(key, 0) + value
    return {index: Polynomial(ring, total) for index, total in totals.items()}


def _copies(expression: Expression, term: Term, sizes: Mapping[str, int]) -> int:
    """The product of the widths that the vectors of ones count."""
    held = {label for name, labels in term.factors if not is_ones(name) for label in labels} | {*term.open}
    widths = expression.alphabet.index_widths(term.factors)
    return prod(sizes[width] for label, width in widths.items() if label not in held)


def products(expression: Expression, sizes: Mapping[str, int]) -> int:
    """How many products of entries all entries have together, before like ones are added up."""
    total = 0
    for term in expression.terms:
        widths = dict(zip(term.open, expression.widths, strict=True)) | expression.alphabet.index_widths(
            term.factors
        )
        total += prod(sizes[w] for w in widths.values())
    return total
