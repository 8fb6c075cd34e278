"""Products of weights in Einstein's notation, listed at given sizes: the pattern behind phi and words.

Factors are arrays with one label for each axis.  Open labels have given values, all others run over their
axes: with i and j open, `(U, "ik"), (V, "jk")` are the products whose sum is U V^T, and with k open too each
of them by itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise, repeat
from math import prod

import numpy as np

from polylaw.algebra.polynomial import Monomial
from polylaw.algebra.ring import Ring
from polylaw.models.model import MOST_TERMS, Index, Naming, Shape, bounded_size, entry_name, indices, monomial

#: One label per axis: a string of letters, or any hashable values when letters would run out.
Labels = Sequence[Hashable]


def bounded_product(sizes: Iterable[int], what: str, most: int = MOST_TERMS) -> int:
    """The product of `sizes`, or `InputError` as soon as a partial product is too large to write down."""
    count = 1
    for size in sizes:
        count = bounded_size(count * size, what, most)
    return count


@dataclass(frozen=True)
class Entries:
    """The entries of an array as variables of a ring: their indices, the last axis running fastest."""

    generators: Sequence[int]
    shape: Shape

    @staticmethod
    def named(letter: str, shape: Shape, ring: Ring, naming: Naming = entry_name) -> Entries:
        """The variables of `ring` that `naming` gives the entries of `letter`; raises `UnknownNameError`."""
        return Entries([ring.index(naming(letter, index)) for index in indices(shape)], shape)

    @cached_property
    def powers(self) -> list[tuple[int, int]]:
        """The entries as factors of a monomial."""
        return [(generator, 1) for generator in self.generators]

    @cached_property
    def span(self) -> tuple[int, int]:
        """The least and the greatest generator."""
        return min(self.generators), max(self.generators)


def products(
    open_: Labels, places: Sequence[Index], factors: Sequence[tuple[Entries, Labels]]
) -> Iterator[tuple[Index, Iterator[Monomial]]]:
    """Each place, values of the open labels from 0, with the products over all values of the others.

    The products of a place are to be read before the next place is asked for.
    """
    # a label with a single value changes nothing, and deep networks of width 1 have many
    axes = [
        [(x, n) for x, n in zip(labels, entries.shape, strict=True) if n > 1] for entries, labels in factors
    ]
    given = {*open_}
    bound = {x: n for pairs in axes for x, n in pairs if x not in given}
    ones = (1,) * len(bound)
    table = np.array(places, dtype=np.intp).reshape(len(places), len(open_))
    values = {x: table[:, k].reshape(-1, *ones) for k, x in enumerate(open_)}
    values |= {x: np.arange(n).reshape(n, *ones[k + 1 :]) for k, (x, n) in enumerate(bound.items())}

    def cells(shape: Sequence[tuple[Hashable, int]]) -> list[int]:
        """Which entry of a factor each product has, place by place, the last bound label running fastest."""
        positions = np.arange(prod(n for _, n in shape)).reshape([n for _, n in shape])
        chosen = positions[tuple(values[x] for x, _ in shape)]
        return np.broadcast_to(chosen, (len(places), *bound.values())).ravel().tolist()

    cells_of = ((entries, cells(pairs)) for (entries, _), pairs in zip(factors, axes, strict=True))
    columns = sorted(cells_of, key=lambda column: column[0].span)
    rows: Iterator[Monomial]
    if not factors:
        rows = repeat((), len(places))
    elif all(a.span[1] < b.span[0] for (a, _), (b, _) in pairwise(columns)):
        # each row is a monomial as it stands
        rows = zip(*([e.powers[c] for c in column] for e, column in columns), strict=True)
    else:
        generators = ([e.generators[c] for c in column] for e, column in columns)
        rows = (monomial(*row) for row in zip(*generators, strict=True))
    return ((place, islice(rows, prod(bound.values()))) for place in places)
