"""Regions of rectifiers: which of their arguments are positive, at real parameters and data.

Inside a region a rectifier is linear, so that a program is analytic there.  The regions here are reached:
at rational parameters, the same for all, and rational data, ball arithmetic proves every sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import erf, pi, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import arb, ctx

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.linear.residues import Residues
from polylaw.programs.tape import Kind, Step, Tape

Floats = npt.NDArray[np.float64]
#: Data points that are tried for regions, and parameters.
_TRIED, _PARAMETERS = 4096, 16
#: Bits of ball arithmetic.
_BITS = 256


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

    def at(self, kept: Sequence[int]) -> Regions:
        """Some of the regions."""
        masks, data = (
            {x: v if len(v) == 1 else v[[*kept]] for x, v in part.items()} for part in (self.masks, self.data)
        )
        return Regions(masks, self.theta, data, len(kept))


def regions_of(tape: Tape, wanted: Sequence[int], seed: int, most: int, check: Check = unchecked) -> Regions:
    """At most so many regions that random data reach, for those of some random parameters that have the
    most."""
    rectified = sorted({s.sources[0] for s in tape.steps if s.kind is Kind.RECTIFY})
    if not rectified:
        return Regions({}, {}, {}, 1)
    tried = [_reached(tape, wanted, rectified, [seed, k], check) for k in range(_PARAMETERS)]
    found = max(tried, key=lambda regions: (regions.alive, regions.count))
    kept = [k for k in range(min(found.count, most)) if _is_proved(tape, wanted, found.at([k]), check)]
    return found.at(kept)


def _reached(
    tape: Tape, wanted: Sequence[int], rectified: Sequence[int], seed: list[int], check: Check
) -> Regions:
    source = np.random.PCG64(seed)
    given = {}
    for x, step in enumerate(tape.steps):
        if step.kind in (Kind.PARAMETER, Kind.DATA):
            count = _TRIED if step.kind is Kind.DATA else 1
            raw = source.random_raw(count * step.size).astype(np.int64) & 31
            given[x] = ((2 * raw - 31) / 8.0).reshape(count, *step.shape)
    with np.errstate(all="ignore"):
        values = evaluated(tape, wanted, given, check=check)
    flat = [np.broadcast_to(v := values[x], (_TRIED, *v.shape[1:])).reshape(_TRIED, -1) for x in rectified]
    every = np.concatenate(flat, 1)
    clear = np.flatnonzero(np.isfinite(every).all(1) & (every != 0).all(1))
    _, first = np.unique(every[clear] > 0, axis=0, return_index=True)
    kept = clear[np.sort(first)]
    masks = {x: (values[x] > 0).astype(float) for x in rectified}
    masks = {x: m if len(m) == 1 else m[kept] for x, m in masks.items()}
    theta = {x: v for x, v in given.items() if tape.steps[x].kind is Kind.PARAMETER}
    data = {x: v[kept] for x, v in given.items() if tape.steps[x].kind is Kind.DATA}
    return Regions(masks, theta, data, len(kept))


def _is_proved(tape: Tape, wanted: Sequence[int], region: Regions, check: Check) -> bool:
    """Whether ball arithmetic proves the signs that a region has."""
    before, ctx.prec = ctx.prec, _BITS
    try:
        balls = np.vectorize(lambda x: arb(float(x)), otypes=[object])
        given = {x: balls(v) for x, v in {**region.theta, **region.data}.items()}
        values = evaluated(tape, wanted, given, _BALLS, check)
        signs = np.vectorize(lambda x, positive: bool(x > 0 if positive else x < 0), otypes=[bool])
        return all(bool(signs(values[x], mask).all()) for x, mask in region.masks.items())
    finally:
        ctx.prec = before


def evaluated(
    tape: Tape,
    wanted: Sequence[int],
    given: Mapping[int, Any],
    functions: Mapping[Kind, Any] | None = None,
    check: Check = unchecked,
) -> dict[int, Any]:
    """The values of all steps before these, with data points along the first axis: in floating point, or in
    other numbers if there are `functions` of such."""
    needed, todo, how = set[int](), [*wanted], functions or _FLOATS
    while todo:
        x = todo.pop()
        if x not in needed:
            needed.add(x)
            todo += tape.steps[x].sources
    values: dict[int, Any] = {}
    for x in sorted(needed):
        check("regions of rectifiers")
        step = tape.steps[x]
        values[x] = given[x] if x in given else _value(step, [values[s] for s in step.sources], how)
    return values


def _value(step: Step, sources: list[Any], functions: Mapping[Kind, Callable[..., Any]]) -> Any:
    if step.kind is Kind.CONSTANT:
        return np.array([functions[step.kind](c) for c in step.numbers]).reshape(1, *step.shape)
    if step.kind is Kind.TAKE:
        count = max(map(len, sources))
        flat = [np.broadcast_to(s, (count, *s.shape[1:])).reshape(count, -1) for s in sources]
        return np.concatenate(flat, 1)[:, list(step.taken)].reshape(count, *step.shape)
    if step.kind is Kind.SUM:
        numbers = map(functions[Kind.CONSTANT], step.numbers)
        return sum((c * s for c, s in zip(numbers, sources, strict=True)), np.zeros(()))
    if step.kind is Kind.CONTRACT:
        return _contracted(step, sources)
    if step.kind is Kind.RECTIFY:
        slope = functions[Kind.CONSTANT](step.numbers[0])
        return np.where(sources[0] > 0, sources[1], slope * sources[1])
    return functions[step.kind](sources[0])


def _contracted(step: Step, sources: list[Any]) -> Any:
    """By products of arrays with all axes, which any numbers have."""
    *names, result = step.labels
    every = tuple(dict.fromkeys((*result, *(k for labels in names for k in labels))))
    total: Any = 1
    for x, labels in zip(sources, names, strict=True):
        order = [0, *(1 + labels.index(k) for k in every if k in labels)]
        wide = [slice(None), *(slice(None) if k in labels else None for k in every)]
        total = total * x.transpose(order)[tuple(wide)]
    axes = tuple(range(1 + len(result), 1 + len(every)))
    return total.sum(axes) if axes else total


_FLOATS: dict[Kind, Any] = {
    Kind.CONSTANT: float,
    Kind.INVERSE: lambda x: 1 / x,
    Kind.ROOT: np.sqrt,
    Kind.EXP: np.exp,
    Kind.LOG: np.log,
    Kind.ERF: lambda x: sqrt(pi / 2) * np.vectorize(erf, otypes=[float])(x / sqrt(2)),
}
_BALLS: dict[Kind, Any] = {
    Kind.CONSTANT: lambda c: arb(c.numerator) / c.denominator,
    Kind.INVERSE: np.vectorize(lambda x: 1 / x, otypes=[object]),
    Kind.ROOT: np.vectorize(lambda x: x.sqrt(), otypes=[object]),
    Kind.EXP: np.vectorize(lambda x: x.exp(), otypes=[object]),
    Kind.LOG: np.vectorize(lambda x: x.log(), otypes=[object]),
    Kind.ERF: np.vectorize(lambda x: (arb.pi() / 2).sqrt() * (x / arb(2).sqrt()).erf(), otypes=[object]),
}
