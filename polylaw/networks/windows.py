"""Windows: what convolutions and pooling read of their input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polylaw.networks.graph import Graph, Value
from polylaw.networks.tensors import Shape


@dataclass(frozen=True)
class Window:
    """How windows lie along one axis: tap t of window p reads the place p * stride - before + t * dilation,
    where the entries of the input are `spread` apart and all else is padding."""

    size: int
    taps: int
    places: int
    stride: int = 1
    before: int = 0
    dilation: int = 1
    spread: int = 1

    def _reads(self, place: int, tap: int) -> bool:
        at = place * self.stride - self.before + tap * self.dilation
        return at % self.spread == 0 and 0 <= at <= (self.size - 1) * self.spread

    @property
    def reached(self) -> tuple[int, int]:
        """A range of taps outside of which each meets nothing but padding."""
        taps = [t for t in range(self.taps) if any(self._reads(p, t) for p in range(self.places))]
        return (taps[0], taps[-1] + 1) if taps else (0, self.taps)

    @property
    def is_full(self) -> bool:
        """Whether no tap meets padding."""
        ends = [(p, t) for p in (0, self.places - 1) for t in (0, self.taps - 1)]
        return self.spread == 1 and all(self._reads(p, t) for p, t in ends)


def windows_of(graph: Graph, x: Value, places: Shape, taps: Shape, *, full: bool) -> Value:
    """The windows of x along its last axes, whose places stand instead of those and whose taps are new axes
    behind; with padding unless they are `full`."""
    d, n = len(places), len(x.shape) - len(places)
    lead, ahead = tuple(range(n)), x.shape[:n]
    place, tap, where = (tuple(range(start, start + d)) for start in (n, n + d, n + 2 * d))
    return graph.carry(
        x, [(*lead, *where), (*lead, *place, *tap)], (*ahead, *places, *taps), linear=True, affine=full
    )


def convolution(graph: Graph, x: Value, weight: Value, along: Sequence[Window], groups: int = 1) -> Value:
    """Windows of x (batch, channels, places) against W (new channels, channels of a group, taps), in groups
    of channels; taps that meet nothing but padding are not read."""
    d = len(along)
    for k, window in enumerate(along):
        weight = graph.narrow(weight, k + 2, *window.reached)
    batch, space, taps = x.shape[: -d - 1], tuple(w.places for w in along), weight.shape[2:]
    new, channels = weight.shape[:2]
    apart = graph.reshape(x, (*batch, groups, channels, *x.shape[-d:]))
    read = windows_of(graph, apart, space, taps, full=all(w.is_full for w in along))
    n = len(batch)
    lead, place, tap = tuple(range(n)), tuple(range(n + 3, n + 3 + d)), tuple(range(n + 3 + d, n + 3 + 2 * d))
    group, old, made = n, n + 1, n + 2
    y = graph.contract(
        [read, graph.reshape(weight, (groups, new // groups, channels, *taps))],
        [(*lead, group, old, *place, *tap), (group, made, old, *tap), (*lead, group, made, *place)],
    )
    return graph.reshape(y, (*batch, new, *space))
