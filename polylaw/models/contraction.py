"""Tensor contractions of weight arrays in Einstein's notation: the one pattern behind phi of most families.

`contraction("ij", (U, "ik"), (V, "jk"))` is U V^T entry by entry; labels missing in the result are summed
over, and labels kept in the result but shared by factors are not: `contraction("ijk", (U, "ik"), (V, "jk"))`
lists the products u_ik v_jk one by one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from polylaw.algebra.polynomial import Monomial
from polylaw.models.model import MOST_TERMS, Array, bounded_size, monomial

__all__ = ["Labels", "bounded_product", "contraction", "gathered"]

#: One label per axis: a string of letters, or any hashable values when letters would run out.
Labels = Sequence[Hashable]

_Index = tuple[int, ...]


def bounded_product(sizes: Iterable[int], what: str, most: int = MOST_TERMS) -> int:
    """The product of `sizes`, or `InputError` as soon as a partial product is too large to write down."""
    count = 1
    for size in sizes:
        count = bounded_size(count * size, what, most)
    return count


def contraction(result: Labels, *factors: tuple[Array, Labels]) -> Iterator[Counter[Monomial]]:
    """The entries of the contraction, the last label of `result` running fastest, each a sum of products of weights.

    Raises `InputError` at once when all entries together are too large to write down.
    """
    return (entry for _, entry in _indexed(result, factors))


def gathered(key: Callable[[_Index], Any], result: Labels, *factors: tuple[Array, Labels]) -> Iterator[Counter[Monomial]]:
    """The entries of the contraction added up wherever `key(index)` agrees, in ascending order of key."""
    sums: defaultdict[Any, Counter[Monomial]] = defaultdict(Counter)
    for index, entry in _indexed(result, factors):
        sums[key(index)].update(entry)
    return (sums[k] for k in sorted(sums))


def _indexed(result: Labels, factors: Sequence[tuple[Array, Labels]]) -> Iterator[tuple[_Index, Counter[Monomial]]]:
    size = {label: n for array, labels in factors for label, n in zip(labels, array.shape, strict=True)}
    order = list(dict.fromkeys([*result, *size]))
    bounded_product([len(factors), *size.values()], "number of factors in phi")
    position = {label: i for i, label in enumerate(order)}
    reads = [(array, [position[label] for label in labels]) for array, labels in factors]
    outer = [range(size[label]) for label in order[: len(result)]]
    inner = [range(size[label]) for label in order[len(result) :]]

    def entry(kept: _Index) -> Counter[Monomial]:
        full = (kept + summed for summed in product(*inner))
        return Counter(monomial(*(array[tuple(index[i] for i in axes)] for array, axes in reads)) for index in full)

    return ((kept, entry(kept)) for kept in product(*outer))
