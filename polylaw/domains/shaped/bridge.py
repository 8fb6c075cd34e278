"""Between words and concrete laws: the entries of words at given widths, the word behind a concrete law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from polylaw.algebra.linear.exact import Row, relations
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.letters import Widths
from polylaw.algebra.words.term import Term
from polylaw.budget import Budget, given_budget
from polylaw.domains.shaped.ansatz import candidates
from polylaw.domains.shaped.search import coordinates, unknowns_of
from polylaw.flows.shaped import ShapedFlow
from polylaw.laws.kernel import combined, images
from polylaw.laws.parametric import split_parameters
from polylaw.models.model import Naming, entry_name, indices
from polylaw.models.word_entries import all_entries


def instances(
    laws: Sequence[Expression], sizes: Mapping[str, int], ring: Ring, naming: Naming = entry_name
) -> list[Polynomial]:
    """The nonzero entries of word laws at these widths, as primitive polynomials of `ring`, each once."""
    found = (h.primitive() for law in laws for h in all_entries(law, sizes, ring, naming).values() if h)
    return list(dict.fromkeys(found))


def word_of(
    law: Polynomial,
    flow: ShapedFlow,
    sizes: Mapping[str, int],
    *,
    length: int = 2,
    naming: Naming = entry_name,
    budget: Budget | None = None,
) -> Expression | None:
    """A word, proved to be a law for all widths, that has the concrete `law` as an entry at these; else None.

    The coefficients of candidate words are fitted to the law, at each possible place of the entry, together
    with the equations that the derivative vanishes in the free algebra: one linear system, solved exactly.
    Words of at most `length` letters.  `BudgetError` where a bound is hit.
    """
    budget = given_budget(budget)
    derivations = [partial(derivation, check=budget.check) for derivation in flow.derivations]
    clock = law.ring.clock_index
    powers = [0] if clock is None else sorted({dict(m).get(clock, 0) for m in law.terms})
    listed: dict[Widths, list[Term]] = {}
    with budget.working():
        for n in range(1, length + 1):
            for widths, terms in candidates(flow.alphabet, flow.letters, n, budget).items():
                listed.setdefault(widths, []).extend(terms)
        for widths in sorted(listed, key=lambda w: (-len(w), w)):
            budget.check_unknowns(len(listed[widths]) * len(powers))
            unknowns = unknowns_of(flow.alphabet, widths, listed[widths], powers)
            rows = images(unknowns, derivations, coordinates)
            arrays = [all_entries(unknown, sizes, law.ring, naming) for unknown in unknowns]
            for index in indices(tuple(sizes[w] for w in widths)):
                entries = [array[index] for array in arrays]
                if any(h.terms.keys() & law.terms.keys() for h in entries):
                    word = _fitted(flow, unknowns, rows, entries, law, budget)
                    if word is not None:
                        return word
    return None


def _fitted(
    flow: ShapedFlow,
    unknowns: Sequence[Expression],
    rows: Sequence[Row],
    entries: Sequence[Polynomial],
    law: Polynomial,
    budget: Budget,
) -> Expression | None:
    """The combination of the unknowns whose entry is the law, and whose derivative is 0."""
    scalars = flow.alphabet.scalars
    table = [row | _entry_row(h, scalars) for row, h in zip(rows, entries, strict=True)]
    for relation in relations([*table, _entry_row(law, scalars)], scalars, budget.check):
        factor = relation.pop(len(unknowns), None)
        if factor is not None and relation:
            word = combined(unknowns, relation).primitive()
            if not flow.residuals(word, budget.check):
                return word
    return None


def _entry_row(h: Polynomial, scalars: Ring) -> Row:
    parts = split_parameters(h).items()
    return {("entry", state): Polynomial(h.ring, c.terms).into(scalars) for state, c in parts}
