"""Is this word a law for all widths?  Proved in the free algebra, or refuted at the smallest widths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.term import is_ones
from polylaw.arguments import instance
from polylaw.budget import Budget, given_budget
from polylaw.domains.polynomials import check_polynomial
from polylaw.domains.verdict import Proved, Refuted, Undecided, Verdict
from polylaw.errors import BudgetError, PolylawError, VerificationError
from polylaw.flows.flow import Flow
from polylaw.flows.shaped import ShapedFlow
from polylaw.models.model import Index
from polylaw.models.word_entries import all_entries, products, ring_of_entries


@dataclass(frozen=True, kw_only=True)
class RefutedAt(Refuted):
    """A word is no law at the widths `sizes`, the smallest (by their sum, then in order) at which it fails:
    its entry at `index` is refuted, in the concrete flow `at`, by `refutation`.  `field` says what moves the
    word, `residual` is its derivative by that; witness, value and nearest laws are those of the entry."""

    sizes: Mapping[str, int]
    index: Index
    at: Flow
    refutation: Refuted


def check_words(flow: ShapedFlow, law: Expression | str, *, budget: Budget | None = None) -> Verdict:
    """The verdict on a word, given as text or as an expression over the alphabet of `flow`.

    A nonzero derivative is nonzero at widths that count its indices (`polylaw.algebra.words.term`), so the
    search for the smallest widths ends.  Raises `ParseError`, `UnknownNameError`.
    """
    instance(flow, ShapedFlow, "flow", "for example ShapedFlow.gradient(shaped(...))")
    if not isinstance(law, str):
        instance(law, Expression, "law", "a word as text, or an expression over the alphabet of the flow")
    word = flow.parse(law) if isinstance(law, str) else law.over(flow.alphabet)
    budget = given_budget(budget)
    with budget.working():
        try:
            return _verdict(flow, word, budget)
        except BudgetError as error:
            return Undecided(word, str(error))


def _verdict(flow: ShapedFlow, word: Expression, budget: Budget) -> Verdict:
    residuals = flow.residuals(word, budget.check)
    if not residuals:
        return Proved(word)
    for sizes in _growing(flow, residuals):
        budget.check("widths at which the word fails")
        for number, derivation in enumerate(flow.derivations):
            if (residual := residuals.get(derivation.name)) is None:
                continue
            failing = _nonzero_entry(residual, sizes, budget)
            if failing is None or not (found := _refuted(flow, word, sizes, failing, budget)):
                continue
            at, refuted = found
            concrete = (refuted.witness, refuted.value, refuted.nearest)
            where: dict[str, Any] = {"sizes": sizes, "index": failing, "at": at, "refutation": refuted}
            return RefutedAt(word, derivation.name, residual, *concrete, number=number, **where)
    raise VerificationError("law", str(word), "widths at which it fails", "please report this law")


def _growing(flow: ShapedFlow, residuals: Mapping[str, Expression]) -> Iterator[dict[str, int]]:
    """Widths in order of their sum, up to the number of indices of each in a term of the residuals."""
    most = dict.fromkeys(flow.model.widths, 1)
    for residual in residuals.values():
        for term in residual.terms:
            counts = Counter(residual.extents(term).values())
            # a vector of ones makes coefficients polynomials in the width, with few zeros
            counts.update(residual.alphabet.widths(name)[0] for name, _ in term.factors if is_ones(name))
            most |= {width: max(most.get(width, 1), count) for width, count in counts.items()}
    for more in range(sum(most.values()) - len(most) + 1):
        for extra in _spread(more, [n - 1 for n in most.values()]):
            yield {width: 1 + n for width, n in zip(most, extra, strict=True)}


def _spread(total: int, most: list[int]) -> Iterator[tuple[int, ...]]:
    """All ways to write `total` as a sum of numbers from 0 to the given bounds, in order."""
    if not most:
        if total == 0:
            yield ()
        return
    for first in range(max(0, total - sum(most[1:])), min(total, most[0]) + 1):
        yield from ((first, *rest) for rest in _spread(total - first, most[1:]))


def _nonzero_entry(expression: Expression, sizes: Mapping[str, int], budget: Budget) -> Index | None:
    if (count := products(expression, sizes)) > budget.max_products:
        expected = f"room for {count} products of entries"
        raise BudgetError("max_products", budget.max_products, expected, "check a shorter word")
    ring = ring_of_entries(expression.alphabet, expression.letters, sizes)
    return next((index for index, h in all_entries(expression, sizes, ring).items() if h), None)


def _refuted(
    flow: ShapedFlow, word: Expression, sizes: Mapping[str, int], index: Index, budget: Budget
) -> tuple[Flow, Refuted] | None:
    """The concrete flow and its verdict on the entry, by the checker of concrete laws."""
    try:
        concrete = flow.at(sizes)
    except PolylawError:  # nothing moves at these widths: softmax with one class
        return None
    h = all_entries(word, sizes, concrete.ring)[index]
    verdict = check_polynomial(concrete, h, budget)
    if isinstance(verdict, Undecided):
        raise BudgetError("word", str(word), "a point at which it fails", verdict.reason)
    if not isinstance(verdict, Refuted):
        expected = "a refutation, as in the free algebra"
        raise VerificationError("law", str(h), expected, "please report this law")
    return concrete, verdict
