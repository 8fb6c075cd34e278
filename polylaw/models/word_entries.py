"""From words to polynomials: the entries of an expression at given widths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import prod

from polylaw.algebra.polynomial import Monomial, Polynomial, multiply_monomials
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Ring
from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.letters import Letters
from polylaw.algebra.words.term import Term, is_ones
from polylaw.models.contraction import Entries
from polylaw.models.contraction import products as products_of_entries
from polylaw.models.model import Index, Naming, entry_name, indices


class AtSizes:
    """Expressions at given widths, as polynomials of `ring`, which has the entries of all letters, called as
    `naming` says, and the scalars by name."""

    def __init__(self, sizes: Mapping[str, int], ring: Ring, naming: Naming = entry_name) -> None:
        self.sizes, self.ring, self.naming = sizes, ring, naming
        self._arrays: dict[str, Entries] = {}

    def entries(self, expression: Expression, at: Iterable[Index] | None = None) -> dict[Index, Polynomial]:
        """The entries at these places, from 1; by default all, the last axis running fastest."""
        chosen = indices(tuple(self.sizes[w] for w in expression.widths)) if at is None else at
        totals: dict[Index, dict[Monomial, Coefficient]] = {index: {} for index in chosen}
        for term, c in expression:
            scalar = list((c.into(self.ring) * self._copies(expression, term)).terms.items())
            for place, monomials in self._products(expression, term, totals):
                # open labels are numbered from 0 as they occur
                total = totals[tuple(place[label] + 1 for label in term.open)]
                for monomial in monomials:
                    for other, value in scalar:
                        key = multiply_monomials(monomial, other)
                        total[key] = total.get(key, 0) + value
        return {index: Polynomial(self.ring, total) for index, total in totals.items()}

    def _products(
        self, expression: Expression, term: Term, at: Iterable[Index]
    ) -> Iterator[tuple[Index, Iterator[Monomial]]]:
        """The products of entries at those of the places where the term is not zero."""
        open_ = tuple(dict.fromkeys(term.open))
        pairs = ({*zip(term.open, i, strict=True)} for i in at)
        on_diagonal = (dict(labelled) for labelled in pairs if len(labelled) == len(open_))
        places = [tuple(i[label] - 1 for label in open_) for i in on_diagonal]
        factors = [(name, labels) for name, labels in term.factors if not is_ones(name)]
        for name, _ in factors:
            if name not in self._arrays:
                shape = tuple(self.sizes[w] for w in expression.alphabet.widths(name))
                self._arrays[name] = Entries.named(name, shape, self.ring, self.naming)
        return products_of_entries(open_, places, [(self._arrays[name], labels) for name, labels in factors])

    def _copies(self, expression: Expression, term: Term) -> int:
        """The product of the widths that the vectors of ones count."""
        held = {*term.open, *(i for name, labels in term.factors if not is_ones(name) for i in labels)}
        widths = expression.alphabet.index_widths(term.factors)
        return prod(self.sizes[width] for label, width in widths.items() if label not in held)


def ring_of_entries(
    alphabet: Letters, letters: Iterable[str], sizes: Mapping[str, int], naming: Naming = entry_name
) -> Ring:
    """The ring of the entries of these letters, with the parameters and the clock of the alphabet."""
    shapes = [(name, tuple(sizes[w] for w in alphabet.widths(name))) for name in letters]
    names = [naming(name, index) for name, shape in shapes for index in indices(shape)]
    return Ring(names, alphabet.scalars.parameters, alphabet.scalars.clock)


def all_entries(
    expression: Expression, sizes: Mapping[str, int], ring: Ring, naming: Naming = entry_name
) -> dict[Index, Polynomial]:
    """All entries of one expression, as `AtSizes` has them."""
    return AtSizes(sizes, ring, naming).entries(expression)


def products(expression: Expression, sizes: Mapping[str, int]) -> int:
    """How many products of entries all entries have together, before like ones are added up."""
    return sum(prod(sizes[w] for w in expression.extents(term).values()) for term in expression.terms)
