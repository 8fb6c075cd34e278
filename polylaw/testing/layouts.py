"""Square matrices that are stored the other way round: a wrong shape is seen at once, a transposition not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from polylaw.flows.flow import Flow
from polylaw.testing.steps import entries_of

#: So many square matrices are transposed in all combinations; of more, one alone and all together.
_MOST_COMBINED = 6
Order = npt.NDArray[np.intp]


def layout_where(flow: Flow, holds: Callable[[Order], bool]) -> tuple[str, ...]:
    """The square matrices of a flow, with their velocities, that have to be transposed for something to hold,
    none if that is of no use; `holds` is given the order in which to read a state."""
    half = len(flow.ring.variables) // 2
    squares = {
        name: np.reshape(places, flow.arrays[name])
        for name, places in entries_of(flow).items()
        if len(shape := flow.arrays[name]) == 2 and shape[0] == shape[1] > 1
        if not (flow.velocities and places[0] >= half)
    }
    for names in _choices([*squares]):
        order = np.arange(flow.ring.size)
        for places in map(squares.__getitem__, names):
            for shift in (0, half) if flow.velocities else (0,):
                order[places + shift] = places.T + shift
        if holds(order):
            return names
    return ()


def _choices(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The smallest first."""
    sizes = range(1, len(names) + 1) if len(names) <= _MOST_COMBINED else (1, len(names))
    return chain.from_iterable(combinations(names, size) for size in sizes)
