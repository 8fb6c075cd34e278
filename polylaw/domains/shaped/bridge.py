"""Between words and concrete laws: the entries of words at given widths, and the word behind a concrete
law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from polylaw.algebra.linear.exact import Row, relations
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.letters import Widths
from polylaw.algebra.words.printing import clock_parts
from polylaw.algebra.words.term import Term
from polylaw.domains.shaped.ansatz import candidates
from polylaw.flows.shaped import ShapedFlow
from polylaw.laws.parametric import split_parameters
from polylaw.models.model import Naming, entry_name
from polylaw.models.word_entries import all_entries


def instances(
    laws: Sequence[Expression], sizes: Mapping[str, int], ring: Ring, naming: Naming = entry_name
) -> list[Polynomial]:
    """The entries of word laws at these widths, as primitive polynomials of `ring`, each once; zero ones are
    left out."""
    found = (h.primitive() for law in laws for h in all_entries(law, sizes, ring, naming).values() if h)
    return list(dict.fromkeys(found))


def word_of(
    law: Polynomial,
    flow: ShapedFlow,
    sizes: Mapping[str, int],
    *,
    length: int = 2,
    naming: Naming = entry_name,
) -> Expression | None:
    """A word, proved to be a law for all widths, that has the concrete `law` as an entry at these widths;
    else None.

    The coefficients of candidate words are fitted to the law, at each possible place of the entry, together
    with the equations that the derivative vanishes in the free algebra: one linear system, solved exactly.
    Words of at most `length` letters.
    """
    listed: dict[Widths, list[Term]] = {}
    for n in range(1, length + 1):
        for widths, terms in candidates(flow.alphabet, flow.letters, n).items():
            listed.setdefault(widths, []).extend(terms)
    for widths in sorted(listed, key=lambda w: (-len(w), w)):
        unknowns = _unknowns(flow, widths, listed[widths], law)
        if not unknowns:
            continue
        rows = [_derivative_row(flow, unknown) for unknown in unknowns]
        arrays = [all_entries(unknown, sizes, law.ring, naming) for unknown in unknowns]
        for index in product(*(range(1, sizes[w] + 1) for w in widths)):
            entries = [array[index] for array in arrays]
            if not any(h.terms.keys() & law.terms.keys() for h in entries):
                continue
            word = _fitted(flow, widths, unknowns, rows, entries, law)
            if word is not None:
                return word
    return None


def _unknowns(flow: ShapedFlow, widths: Widths, terms: Sequence[Term], law: Polynomial) -> list[Expression]:
    """Terms times the powers of the clock that occur in the law."""
    clock = law.ring.clock_index
    powers = sorted({dict(m).get(clock, 0) for m in law.terms}) if clock is not None else [0]
    scalars = flow.alphabet.scalars
    return [
        Expression(flow.alphabet, widths, {term: scalars.monomial(((0, k),)) if k else scalars.constant(1)})
        for term in terms
        for k in powers
    ]


def _derivative_row(flow: ShapedFlow, unknown: Expression) -> Row:
    return {
        ("derivative", d.name, power, term): scalar
        for d in flow.derivations
        for term, c in d(unknown)
        for power, scalar in clock_parts(c).items()
    }


def _fitted(
    flow: ShapedFlow,
    widths: Widths,
    unknowns: Sequence[Expression],
    rows: Sequence[Row],
    entries: Sequence[Polynomial],
    law: Polynomial,
) -> Expression | None:
    """The combination of the unknowns whose entry is the law, and whose derivative is 0."""
    scalars = flow.alphabet.scalars
    table = [row | _entry_row(h, scalars) for row, h in zip(rows, entries, strict=True)]
    for relation in relations([*table, _entry_row(law, scalars)], scalars):
        factor = relation.pop(len(unknowns), None)
        if factor is not None and relation:
            word = Expression.sum(
                flow.alphabet, widths, (unknowns[k] * c for k, c in relation.items())
            ).primitive()
            if not flow.residuals(word):
                return word
    return None


def _entry_row(h: Polynomial, scalars: Ring) -> Row:
    return {
        ("entry", state): Polynomial(h.ring, c.terms).into(scalars)
        for state, c in split_parameters(h).items()
    }
