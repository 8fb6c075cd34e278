"""Laws that follow from known ones, so need not be listed: diagonals, traces, sums, products, axes tied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

from polylaw.algebra.check import Check
from polylaw.algebra.words.expression import Expression, contraction
from polylaw.algebra.words.letters import Widths
from polylaw.algebra.words.term import Term
from polylaw.domains.shaped.ansatz import MOST_OPEN

#: Products are formed as long as there are no more results than this; beyond, some products may be listed as
#: laws.
_MOST = 4_000


class Consequences:
    """What follows from the `known` laws with words of at most `length` letters."""

    def __init__(self, known: Sequence[Expression], length: int, check: Check) -> None:
        axes = max((len(h.widths) for h in known), default=0)
        self.reached: dict[Expression, None] = {}
        for law in known:
            self._add(_smaller(law))
        single = level = list(self.reached)
        while level and len(self.reached) < _MOST:
            before = len(self.reached)
            for left in level:
                for right in single:
                    check("products of laws")
                    if left.length + right.length <= length and len(self.reached) < _MOST:
                        self._add(h for h in _smaller(_outer(left, right)) if len(h.widths) <= MOST_OPEN)
            level = [h for h in list(self.reached)[before:] if len(h.widths) <= axes]

    def of(self, widths: Widths) -> Iterator[Expression]:
        """Those whose axes have these widths, with their axes in every order that fits."""
        for h in self.reached:
            if sorted(h.widths) == sorted(widths):
                orders = permutations(range(len(widths)))
                yield from (h.permuted(o) for o in orders if tuple(h.widths[axis] for axis in o) == widths)

    def _add(self, laws: Iterable[Expression]) -> None:
        for h in laws:
            if h and h not in self.reached and -h not in self.reached:
                self.reached[h] = None


def _outer(left: Expression, right: Expression) -> Expression:
    k, both = len(left.widths), range(len(left.widths) + len(right.widths))
    return contraction(both, (left, both[:k]), (right, both[k:]))


def _smaller(law: Expression) -> Iterator[Expression]:
    """The law, and what it becomes when axes of equal width are tied together (a diagonal) or summed over (a
    trace, a sum), as long as its terms are among the candidates: beside other letters no letter is summed
    over an index of its own."""
    seen: dict[Expression, None] = {law: None}
    pending = [law]
    while pending and len(seen) < _MOST:
        h = pending.pop()
        for smaller in _one_step(h):
            if smaller not in seen and all(map(_is_candidate, smaller.terms)):
                seen[smaller] = None
                pending.append(smaller)
    yield from seen


def _is_candidate(term: Term) -> bool:
    counts = Counter(i for _, labels in term.factors for i in labels)
    return term.length == 1 or all(counts[i] > 1 for i in term.bound)


def _one_step(h: Expression) -> Iterator[Expression]:
    axes = list(range(len(h.widths)))
    for j in axes:
        kept = [a for a in axes if a != j]
        yield contraction(kept, (h, axes))
        for i in range(j):
            if h.widths[i] == h.widths[j]:
                tied = [i if a == j else a for a in axes]
                yield contraction(kept, (h, tied))
                yield contraction([a for a in kept if a != i], (h, tied))
