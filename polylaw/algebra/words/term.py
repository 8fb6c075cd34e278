"""Products of matrix letters whose axes are tied by indices: the monomials of the free algebra of words.

A `Term` writes down a sum of products of entries: U[i,a] U[i,b] with a, b open is entry (a, b) of U' U.
Every index runs over one width.  *Open* indices are the axes of the value, *bound* ones are summed over.  How
often an index occurs is not restricted, so one notion covers

    words             every bound index twice, every open one once       U' U
    traces            no open index                                      tr(U' U)
    diagonals, masks  an open index that occurs twice                    diag(U' U), U diag(d) V'
    entrywise         open indices shared by factors                     A .* B
    sums              a bound index that occurs once                     1' U
    copies            an open index in every factor: heads, neurons      [h,a,b] Q[h,a,i] Q[h,b,i]

and tensors with any number of axes.

**Why formal equality loses nothing.**  Different terms (up to the names of bound indices and the order of
factors) that have the same distinct open indices are linearly independent as functions of the entries of the
letters as soon as every width is at least the number of indices, open and bound, of that width in any one of
the terms.  Proof.  Let sum_T c_T T = 0 with not all c_T = 0, and among the T with c_T != 0 take one with the
most indices.  Give all its indices different values (there are enough) and let m be the product of its
factors at these values.  If m occurs in the expansion of a term S with c_S != 0 at the same values of the
open indices, then the values define a map from the indices of S to those of T that keeps the open ones and
carries the factors of S one to one to those of T.  It is onto, because every bound index of T occurs in a
factor; S has no more indices than T, so it is one to one, and S = T.  So m has the coefficient c_T times a
positive number of ways in the sum: c_T = 0, a contradiction. (Terms with a vector of ones, which stands for a
number, are outside this statement.) For words it is the well-known fact that matrices satisfy no polynomial
identity of low degree.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from polylaw.errors import BudgetError

#: Steps that putting one term in order may take; only terms with many like factors come near.
_MOST_STEPS = 200_000

#: A letter and the index on each of its axes.
Factor = tuple[str, tuple[int, ...]]


_ONES = "one_"  # letters have no underscore


def ones(width: str) -> str:
    """The vector of ones of a width: the factor of an index that is summed over and occurs in no letter, so
    that the sum counts the width."""
    return _ONES + width


def is_ones(name: str) -> bool:
    """Whether a factor is a vector of ones."""
    return name.startswith(_ONES)


class Term(NamedTuple):
    """A term in canonical form: equal values are equal terms.

    `open` has the index of each axis of the value, numbered from 0 by first occurrence (the same number
    twice: the value is zero off that diagonal); bound indices have the numbers after them.
    """

    open: tuple[int, ...]
    factors: tuple[Factor, ...]

    @property
    def length(self) -> int:
        """The number of letters, the degree in the entries."""
        return sum(not is_ones(name) for name, _ in self.factors)

    @property
    def indices(self) -> int:
        """The number of different indices."""
        labels = (label for labels in (self.open, *(f[1] for f in self.factors)) for label in labels)
        return 1 + max(labels, default=-1)

    def parts(self) -> Iterator[tuple[str, tuple[int, ...], Term]]:
        """Each factor, with its indices and the term without it, all of whose indices are open."""
        every = tuple(range(self.indices))
        for place, (name, labels) in enumerate(self.factors):
            yield name, labels, Term(every, self.factors[:place] + self.factors[place + 1 :])

    @property
    def bound(self) -> range:
        """The indices summed over."""
        return range(1 + max(self.open, default=-1), self.indices)


def canonical(open_: Sequence[Hashable], factors: Iterable[tuple[str, Sequence[Hashable]]]) -> Term:
    """The term with these open indices and factors, indices being any labels.

    `BudgetError` for terms with so many like factors that putting them in order would take too long.
    """
    numbers: dict[Hashable, int] = {}

    def numbered(labels: Sequence[Hashable]) -> tuple[int, ...]:
        return tuple(numbers.setdefault(label, len(numbers)) for label in labels)

    return _canonical(numbered(open_), tuple((name, numbered(labels)) for name, labels in factors))


@lru_cache(maxsize=200_000)
def _canonical(open_: tuple[int, ...], factors: tuple[Factor, ...]) -> Term:
    labels = {label: label for label in dict.fromkeys(open_)}
    parts = [_Arrangement(len(part)).least(part, labels) for part in _components(factors, labels)]
    numbers = dict(labels)
    arranged: list[Factor] = []
    for part in sorted(parts):  # parts share open indices only; bound ones are numbered on
        shift = len(numbers) - len(labels)
        moved = ((name, tuple(i if i in labels else i + shift for i in indices)) for indices, name in part)
        arranged += moved
        numbers |= {i: i for _, indices in arranged for i in indices}
    return Term(open_, tuple(arranged))


def _components(factors: Sequence[Factor], open_: Iterable[int]) -> list[list[Factor]]:
    """The factors grouped so that different groups share no bound index."""
    kept = set(open_)
    groups: list[tuple[set[int], list[Factor]]] = []
    for factor in factors:
        bound = set(factor[1]) - kept
        tied = [g for g in groups if g[0] & bound]
        groups = [g for g in groups if not g[0] & bound]
        groups.append((bound.union(*(g[0] for g in tied)), [f for g in tied for f in g[1]] + [factor]))
    return [group for _, group in groups]


#: A factor as it is compared: indices before the name, so that what hangs together is written together.
_Key = tuple[tuple[int, ...], str]


class _Arrangement:
    """The least of all sequences of factors in which each next one is the least of those left, bound indices
    being numbered as they first occur.  The set of these sequences does not depend on how the term was
    written."""

    def __init__(self, size: int) -> None:
        self.size, self.steps = size, 0

    def least(self, factors: Sequence[Factor], labels: dict[int, int]) -> tuple[_Key, ...]:
        if not factors:
            return ()
        self.steps += len(factors)
        if self.steps > _MOST_STEPS:
            found = f"{self.size} factors, many of them alike"
            expected = f"a word that is put in order in {_MOST_STEPS} steps"
            raise BudgetError("word", found, expected, "shorten the words")
        keys = [self._key(factor, labels) for factor in factors]
        first = min(keys)
        ties = {factor: i for i, (factor, key) in enumerate(zip(factors, keys, strict=True)) if key == first}
        tails = []
        for factor, i in ties.items():
            more = dict(labels)
            for label in factor[1]:
                more.setdefault(label, len(more))
            tails.append(self.least([*factors[:i], *factors[i + 1 :]], more))
        return first, *min(tails)

    @staticmethod
    def _key(factor: Factor, labels: dict[int, int]) -> _Key:
        fresh: dict[int, int] = {}
        name, indices = factor
        return tuple(
            labels[i] if i in labels else len(labels) + fresh.setdefault(i, len(fresh)) for i in indices
        ), name
