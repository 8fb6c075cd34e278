"""Names of laws that hold for all widths: `U1^T U1 - U2 U2^T`, found at 3, 2, 3, as `U1' U1 - U2 U2'`."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.expression import Expression
from polylaw.budget import Budget
from polylaw.domains.shaped.bridge import instances
from polylaw.domains.shaped.search import find_words
from polylaw.errors import BudgetError, InputError, PolylawError
from polylaw.flows.flow import Flow
from polylaw.flows.shaped import ShapedFlow
from polylaw.flows.trained import TrainedFlow
from polylaw.laws.naming import NamedLaws
from polylaw.models.shaped_zoo import Described, described
from polylaw.models.spec import Spec
from polylaw.models.word_entries import all_entries, products

#: Words with more products of entries than this, at the widths of the spec, are not compared with names.
_MOST_PRODUCTS = 200_000


def proved_words(flow: Flow, named: Iterable[NamedLaws], budget: Budget) -> dict[Expression, Expression]:
    """For each name that is a law of the family of the flow's model for all widths, the word it is, as far as
    the budget reaches.

    Either the name reads as a word, which has derivative 0 in the free algebra and the entries of the name at
    the widths of the spec; or all its entries are entries of a word that is a law, such as those of one head,
    of all heads.
    """
    spec = flow.model.spec if isinstance(flow, TrainedFlow) else None
    if not isinstance(spec, Spec):
        return {}
    try:
        known = described(spec)
        proof = _Proof(known, ShapedFlow.of(known.model, flow), flow, budget)
    except PolylawError:
        return {}
    words: dict[Expression, Expression] = {}
    # when the time is over the other names stay what they are, names at these widths
    with budget.working(), suppress(BudgetError):
        for group in named:
            if word := proof.read(group) or proof.covered(group):
                words[group.word] = word
    return words


class _Proof:
    """Words of one flow against names of laws of its concrete counterpart."""

    def __init__(self, known: Described, shaped: ShapedFlow, flow: Flow, budget: Budget) -> None:
        self.known, self.shaped, self.flow, self.budget = known, shaped, flow, budget
        self.sizes = known.fixed

    def read(self, group: NamedLaws) -> Expression | None:
        """The name as a word in the letters of the family; None if it is none, or no law for all widths."""
        try:
            word = group.word.read_over(self.shaped.alphabet)
        except InputError:
            return None
        if self.shaped.residuals(word, self.budget.check) or not self._affordable(word):
            return None
        entries = all_entries(word, self.sizes, self.flow.ring, self.known.naming).items()
        return word if {i: h.primitive() for i, h in entries if h}.items() >= group.entries.items() else None

    def covered(self, group: NamedLaws) -> Expression | None:
        """The word that is a law and has all entries of the name among its own; None if there is none."""
        wanted = set(group.entries.values())
        return next((law for law, entries in self._laws if entries >= wanted), None)

    @cached_property
    def _laws(self) -> list[tuple[Expression, set[Polynomial]]]:
        found = list(filter(self._affordable, find_words(self.shaped, budget=self.budget)))
        self.budget.check("laws for all widths")
        ring, naming = self.flow.ring, self.known.naming
        return [(law, set(instances([law], self.sizes, ring, naming))) for law in found]

    def _affordable(self, word: Expression) -> bool:
        widths = {w for name in word.letters for w in word.alphabet.widths(name)}
        return widths <= self.sizes.keys() and products(word, self.sizes) <= _MOST_PRODUCTS
