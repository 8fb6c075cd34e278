"""Which words may be laws: all ways to tie the axes of few letters together.

A candidate of length L is a term of L letters in which

    a bound index   occurs twice (matrix products and traces), or, for L = 1, once (sums);
    an open index   occurs once (the ends of a word), or in two axes (diagonals, entrywise products),
                    or, for L > 2, once in every letter (copies: heads, neurons, channels).

and in which no part stands by itself: a scalar such as tr(U' U) beside other letters makes a product of
shorter words, while b b' is a matrix.  Letters without axes may: c c - U' U is a law of c U.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, permutations, product

from polylaw.algebra.check import Check, at_most
from polylaw.algebra.words.expression import Alphabet
from polylaw.algebra.words.letters import Widths
from polylaw.algebra.words.term import Term, canonical
from polylaw.budget import Budget
from polylaw.errors import BudgetError

#: Most open axes of a candidate.
MOST_OPEN = 4

#: (letter's position in the term, its axis), for all axes tied together by one index.
_Tie = list[tuple[int, int]]


def candidates(
    alphabet: Alphabet, letters: Sequence[str], length: int, budget: Budget | None = None
) -> dict[Widths, list[Term]]:
    """The candidates of exactly this length in the given letters, by the widths of their open axes.

    Widths come in the order of the alphabet, terms in a fixed order.  `BudgetError` when there are too many,
    or too many ways to tie axes together.
    """
    budget = budget or Budget()
    order = list(dict.fromkeys(w for ends in alphabet.letters.values() for w in ends))
    found: dict[Widths, dict[Term, None]] = {}
    check = at_most(budget.max_ties, "max_ties", budget.check)
    for chosen in combinations_with_replacement(letters, length):
        for ties, widths in _ties(alphabet, chosen, check):
            for is_open in _openings(ties, length):
                for widths_, term in _terms(chosen, ties, widths, is_open, order):
                    found.setdefault(widths_, {})[term] = None
        if (count := sum(map(len, found.values()))) > budget.max_words:
            hint = "ask for shorter words"
            raise BudgetError("max_words", budget.max_words, f"room for {count} candidate words", hint)
    ordered = sorted(found.items(), key=lambda item: (-len(item[0]), item[0]))
    return {widths: list(terms) for widths, terms in ordered}


def _ties(alphabet: Alphabet, letters: Sequence[str], check: Check) -> Iterator[tuple[list[_Tie], list[str]]]:
    """Every way to put the axes of these letters into classes of equal width, with the widths."""
    slots = [((f, axis), w) for f, name in enumerate(letters) for axis, w in enumerate(alphabet.widths(name))]
    most = max(2, len(letters))
    ties: list[_Tie] = []
    widths: list[str] = []

    def place(k: int) -> Iterator[tuple[list[_Tie], list[str]]]:
        check("listing candidate words")
        if k == len(slots):
            yield [list(tie) for tie in ties], list(widths)
            return
        slot, w = slots[k]
        for tie, width in zip(ties, widths, strict=True):
            if width == w and len(tie) < most:
                tie.append(slot)
                yield from place(k + 1)
                tie.pop()
        ties.append([slot])
        widths.append(w)
        yield from place(k + 1)
        ties.pop()
        widths.pop()

    yield from place(0)


def _openings(ties: Sequence[_Tie], length: int) -> Iterator[tuple[bool, ...]]:
    """Which of the indices may be open, which bound."""
    choices = []
    for tie in ties:
        once_each = len({f for f, _ in tie}) == len(tie)
        may_open = len(tie) == 1 or (len(tie) == 2 and length <= 2) or (len(tie) == length and once_each)
        may_bind = len(tie) == 2 or (len(tie) == 1 and length == 1)
        choices.append([is_open for is_open, allowed in ((True, may_open), (False, may_bind)) if allowed])
    for chosen in product(*choices):
        ends = sum(o for o, tie in zip(chosen, ties, strict=True) if len(tie) == 1)
        few = sum(chosen) <= MOST_OPEN and (length <= 2 or ends <= 2)
        if few and _hangs_together(ties, chosen, length):
            yield chosen


def _hangs_together(ties: Sequence[_Tie], is_open: Sequence[bool], letters: int) -> bool:
    """Whether the letters are tied together, or every part has an open index or is a letter without axes."""
    part = list(range(letters))
    for tie in ties:
        merged = {part[f] for f, _ in tie}
        part = [min(merged) if p in merged else p for p in part]
    ended = {part[f] for o, tie in zip(is_open, ties, strict=True) if o for f, _ in tie}
    ended |= {part[f] for f in set(range(letters)).difference(f for tie in ties for f, _ in tie)}
    return len(set(part)) == 1 or ended == set(part)


def _terms(
    letters: Sequence[str],
    ties: Sequence[_Tie],
    widths: Sequence[str],
    is_open: Sequence[bool],
    order: Sequence[str],
) -> Iterator[tuple[Widths, Term]]:
    """The terms with these ties: one for each order of the open axes of equal width."""
    labels: list[dict[int, int]] = [{} for _ in letters]
    for k, tie in enumerate(ties):
        for f, axis in tie:
            labels[f][axis] = k
    factors = [(name, [by[axis] for axis in sorted(by)]) for name, by in zip(letters, labels, strict=True)]
    groups = [[k for k, w in enumerate(widths) if w == width and is_open[k]] for width in order]
    for chosen in product(*(permutations(group) for group in groups)):
        open_ = [k for group in chosen for k in group]
        yield tuple(widths[k] for k in open_), canonical(open_, factors)
