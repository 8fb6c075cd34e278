"""Which words may be laws: all ways to tie the axes of few letters together.

A candidate of length L is a term of L letters in which

    a bound index   occurs twice (matrix products and traces), or, for L = 1, once (sums);
    an open index   occurs once (the ends of a word), or in two axes (diagonals, entrywise products), or, for
    L > 2, once
                    in every letter (copies: heads, neurons, channels).

and in which no part stands by itself: a scalar such as tr(U' U) beside other letters makes a product of
shorter words, while b b' is a matrix.  Letters without axes may stand beside others: c c - U' U is a law of c
U.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, permutations, product

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.words.expression import Alphabet
from polylaw.algebra.words.letters import Widths
from polylaw.algebra.words.term import Term, canonical
from polylaw.errors import BudgetError

#: Bounds on the work of listing candidates.
_MOST_CANDIDATES, _MOST_STEPS = 20_000, 2_000_000
#: Most open axes of a candidate.
MOST_OPEN = 4

#: (letter's position in the term, its axis), for all axes tied together by one index.
_Tie = list[tuple[int, int]]


def candidates(
    alphabet: Alphabet, letters: Sequence[str], length: int, check: Check = unchecked
) -> dict[Widths, list[Term]]:
    """The candidates of exactly this length in the given letters, by the widths of their open axes.

    Widths come in the order of the alphabet, terms in a fixed order.  `BudgetError` when there are too many.
    """
    order = list(dict.fromkeys(w for ends in alphabet.letters.values() for w in ends))
    found: dict[Widths, dict[Term, None]] = {}
    listing = _Listing(alphabet, check)
    for chosen in combinations_with_replacement(letters, length):
        for ties, widths in listing.ties(chosen):
            for is_open in listing.openings(ties, length):
                for widths_, term in _terms(chosen, ties, widths, is_open, order):
                    found.setdefault(widths_, {})[term] = None
        if sum(map(len, found.values())) > _MOST_CANDIDATES:
            raise BudgetError(
                "length", length, f"at most {_MOST_CANDIDATES} candidate words", "ask for shorter words"
            )
    return {
        widths: list(terms)
        for widths, terms in sorted(found.items(), key=lambda item: (-len(item[0]), item[0]))
    }


@dataclass
class _Listing:
    """Counts steps while ways to tie axes are listed."""

    alphabet: Alphabet
    check: Check
    steps: int = 0

    def ties(self, letters: Sequence[str]) -> Iterator[tuple[list[_Tie], list[str]]]:
        """Every way to put the axes of these letters into classes of equal width."""
        slots = [
            (f, axis, w)
            for f, name in enumerate(letters)
            for axis, w in enumerate(self.alphabet.widths(name))
        ]
        most = max(2, len(letters))

        def place(k: int, ties: list[_Tie], widths: list[str]) -> Iterator[tuple[list[_Tie], list[str]]]:
            self.check("listing candidate words")
            self.steps += 1
            if self.steps > _MOST_STEPS:
                raise BudgetError(
                    "length", len(letters), "fewer ways to tie the axes together", "ask for shorter words"
                )
            if k == len(slots):
                yield [list(tie) for tie in ties], list(widths)
                return
            f, axis, w = slots[k]
            for tie, width in zip(ties, widths, strict=True):
                if width == w and len(tie) < most:
                    tie.append((f, axis))
                    yield from place(k + 1, ties, widths)
                    tie.pop()
            ties.append([(f, axis)])
            widths.append(w)
            yield from place(k + 1, ties, widths)
            ties.pop()
            widths.pop()

        yield from place(0, [], [])

    def openings(self, ties: Sequence[_Tie], length: int) -> Iterator[tuple[bool, ...]]:
        """Which of the indices may be open, which bound."""
        choices = []
        for tie in ties:
            once_each = len({f for f, _ in tie}) == len(tie)
            may_open = len(tie) == 1 or (len(tie) == 2 and length <= 2) or (len(tie) == length and once_each)
            may_bind = len(tie) == 2 or (len(tie) == 1 and length == 1)
            choices.append([is_open for is_open, allowed in ((True, may_open), (False, may_bind)) if allowed])
        for chosen in product(*choices):
            ends = sum(o for o, tie in zip(chosen, ties, strict=True) if len(tie) == 1)
            if (
                sum(chosen) <= MOST_OPEN
                and (length <= 2 or ends <= 2)
                and _hangs_together(ties, chosen, length)
            ):
                yield chosen


def _hangs_together(ties: Sequence[_Tie], is_open: Sequence[bool], letters: int) -> bool:
    """Whether the letters are tied together, or every part of them has an open index or is a letter without
    axes."""
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
    label = {place: k for k, tie in enumerate(ties) for place in tie}
    arity: dict[int, int] = {}
    for f, _ in label:
        arity[f] = arity.get(f, 0) + 1
    factors = [
        (name, tuple(label[f, axis] for axis in range(arity.get(f, 0)))) for f, name in enumerate(letters)
    ]
    groups = [[k for k, w in enumerate(widths) if w == width and is_open[k]] for width in order]
    for chosen in product(*(permutations(group) for group in groups)):
        open_ = [k for group in chosen for k in group]
        yield tuple(widths[k] for k in open_), canonical(open_, factors)
