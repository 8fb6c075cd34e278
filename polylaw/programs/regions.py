"""Regions of rectifiers: which of their arguments are positive, at real parameters and data.

Inside a region a rectifier is linear.  The regions here are reached: parameters and data are rational
numbers at which every argument is positive or negative beyond what rounding can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erf, pi, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from polylaw.programs.residues import Residues
from polylaw.programs.tape import Kind, Step, Tape

Floats = npt.NDArray[np.float64]
#: Data points that are tried for regions, and parameters.
_TRIED, _PARAMETERS = 4096, 16
#: Arguments are told from 0 if they are larger, for parameters and data of size 1.
_MARGIN = 1e-6


@dataclass(frozen=True, eq=False)
class Regions:
    """Masks of the arguments of rectifiers, by step, along the first axis the regions that were reached; with
    parameters and data, multiples of 1/8, where they are."""

    masks: Mapping[int, Residues]
    theta: Mapping[int, Floats]
    data: Mapping[int, Floats]
    count: int

    @property
    def alive(self) -> int:
        """How many entries are positive somewhere and negative elsewhere."""
        return sum(int(((m == 0).any(0) & (m == 1).any(0)).sum()) for m in self.masks.values())


def regions_of(tape: Tape, wanted: Sequence[int], seed: int) -> Regions:
    """The regions that random data reach, for those of a few random parameters that have the most."""
    rectified = sorted({s.sources[0] for s in tape.steps if s.kind is Kind.RECTIFY})
    if not rectified:
        return Regions({}, {}, {}, 1)
    found = [_reached(tape, wanted, rectified, [seed, k]) for k in range(_PARAMETERS)]
    return max(found, key=lambda regions: (regions.alive, regions.count))


def _reached(tape: Tape, wanted: Sequence[int], rectified: Sequence[int], seed: list[int]) -> Regions:
    source = np.random.PCG64(seed)
    given = {}
    for x, step in enumerate(tape.steps):
        if step.kind in (Kind.PARAMETER, Kind.DATA):
            count = _TRIED if step.kind is Kind.DATA else 1
            raw = source.random_raw(count * step.size).astype(np.int64) & 31
            given[x] = ((2 * raw - 31) / 8.0).reshape(count, *step.shape)
    with np.errstate(all="ignore"):
        values = evaluated(tape, wanted, given)
    flat = [np.broadcast_to(v := values[x], (_TRIED, *v.shape[1:])).reshape(_TRIED, -1) for x in rectified]
    every = np.concatenate(flat, 1)
    clear = np.flatnonzero((np.abs(every) > _MARGIN).all(1) & np.isfinite(every).all(1))
    _, first = np.unique(every[clear] > 0, axis=0, return_index=True)
    kept = clear[np.sort(first)]
    masks = {
        x: (values[x][kept] > 0).astype(float) if len(values[x]) > 1 else (values[x] > 0).astype(float)
        for x in rectified
    }
    theta = {x: v for x, v in given.items() if tape.steps[x].kind is Kind.PARAMETER}
    data = {x: v[kept] for x, v in given.items() if tape.steps[x].kind is Kind.DATA}
    return Regions(masks, theta, data, len(kept))


def evaluated(tape: Tape, wanted: Sequence[int], given: Mapping[int, Floats]) -> dict[int, Floats]:
    """The values of steps in floating point, with data points along the first axis."""
    needed, todo = set[int](), [*wanted]
    while todo:
        x = todo.pop()
        if x not in needed:
            needed.add(x)
            todo += tape.steps[x].sources
    values: dict[int, Floats] = {}
    for x in sorted(needed):
        step = tape.steps[x]
        values[x] = given[x] if x in given else _value(step, [values[s] for s in step.sources])
    return values


def _value(step: Step, sources: list[Floats]) -> Floats:
    if step.kind is Kind.CONSTANT:
        return np.array([float(c) for c in step.numbers]).reshape(1, *step.shape)
    if step.kind is Kind.TAKE:
        count = max(map(len, sources))
        flat = [np.broadcast_to(s, (count, *s.shape[1:])).reshape(count, -1) for s in sources]
        return np.concatenate(flat, 1)[:, list(step.taken)].reshape(count, *step.shape)
    if step.kind is Kind.SUM:
        return np.asarray(sum(float(c) * s for c, s in zip(step.numbers, sources, strict=True)))
    if step.kind is Kind.CONTRACT:
        letters = {
            k: chr(97 + i) for i, k in enumerate(dict.fromkeys(k for names in step.labels for k in names))
        }
        names = ["..." + "".join(letters[k] for k in part) for part in step.labels]
        return np.asarray(np.einsum(f"{','.join(names[:-1])}->{names[-1]}", *sources))
    if step.kind is Kind.RECTIFY:
        return np.where(sources[0] > 0, sources[1], float(step.numbers[0]) * sources[1])
    return _FUNCTIONS[step.kind](sources[0])


_FUNCTIONS: dict[Kind, Any] = {
    Kind.INVERSE: lambda x: 1 / x,
    Kind.ROOT: np.sqrt,
    Kind.EXP: np.exp,
    Kind.LOG: np.log,
    Kind.ERF: lambda x: sqrt(pi / 2) * np.vectorize(erf)(x / sqrt(2)),
}
