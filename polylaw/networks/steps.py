"""One step of an optimiser against the laws of a network: the drift that the rule of the optimiser predicts.

*Linear rules*, which are gradient descent with decay, momentum, Nesterov's: an entry goes from theta to

    theta' = keep theta - rate g + onward v,

g its gradient and v what the optimiser remembers.  For a law h = <theta, A theta> that is a row of a ledger,
linear in a = <theta, A theta>, b = <v, A theta>, c = <v, A v>, d = <g, A g>, e = <g, A v>, as gradients obey
<g, A theta> = 0 for every loss:

    h' = keep^2 a + 2 keep onward b + onward^2 c + rate^2 d - 2 rate onward e,

and a law <c, theta> becomes keep <c, theta> + onward <c, v>, as <c, g> = 0.  So two things are checked, apart
from each other: the gradient obeys the identity of each law, up to what rounding does to gradients
(`polylaw.networks.gradients`), and each entry is where the rule puts it, up to what rounding does to entries,
which at small rates is larger than the drift and would hide the first.

*Entrywise rules*, such as Adam, add to an entry a function of the history of its gradients, one that is odd.
They keep the laws that equate gradients, dL/dx = dL/dy or dL/dx = -dL/dy (`equates_gradients`), where the
histories and the settings are the same, and decay apart from the gradient multiplies these by `keep`; decay
that is added to the gradient breaks them.  They keep no squares and no products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from math import prod, sqrt

import numpy as np

from polylaw.networks.gradients import Scales, noise_of, still_entries
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.moved import Block, Motion, Moved
from polylaw.networks.pairings import Pairing, row_length
from polylaw.networks.pieces import Form, Piece
from polylaw.networks.values import Array, identity_of, paired, shape_of, sums_of, without
from polylaw.steps import StepReport

_EVALUATION = 16 * float(np.finfo(np.float64).eps)


class Step(Moved):
    """What a step does to laws."""

    def reports(self, laws: NetworkLaws, fault: float) -> dict[Law, StepReport]:
        """What the step did to the laws of which the rules know, one report for each family: of its worst
        index.  Under a linear rule the drift is that of weights that are not yet rounded to their format."""
        all_laws, found = _Reports(self, laws, fault), {}
        for law in laws.laws:
            motion, *others = {self.motions[piece.view.name] for piece in law.pieces}
            if others or not law.exact or law.skew:
                continue
            if motion.settings is None:
                found[law] = all_laws.linear(law, motion)
            elif equates_gradients(law) and not motion.mixed:
                found[law] = all_laws.entrywise(law, motion)
        return found

    def misplaced(self) -> dict[str, str]:
        """A line for each parameter of which an entry is not where its linear rule puts it."""
        linear = (name for name, motion in self.motions.items() if motion.settings is None)
        return {name: line for name in linear if (line := self._misplaced(name))}

    def _misplaced(self, name: str) -> str:
        """Of the entry that is farthest off, the first one of those that are not numbers."""
        wrong, worst, entry, line = 0, -1.0, 0, ""
        after = np.ascontiguousarray(self.after[name]).reshape(-1)
        for place, block in self.flat(name):
            end, new = block.end, after[place]
            off = np.abs(new - end)
            outside = ~(off <= block.allowed)
            if not outside.any():
                continue
            wrong += int(outside.sum())
            off = np.where(outside, np.nan_to_num(off, nan=np.inf), 0.0)
            at = int(off.argmax())
            if off[at] > worst:
                worst, entry = float(off[at]), place.start + at
                line = (
                    f"is {new[at]:.9g}, but {end[at]:.9g} by the rule of the optimiser, rounding at most "
                    f"{block.allowed[at]:.2g}"
                )
        index = ", ".join(map(str, np.unravel_index(entry, self.after[name].shape)))
        where = f"{name}[{index}]" if index else name
        return f"{where} {line}; {wrong} of {after.size} entries are wrong" if wrong else ""


def equates_gradients(law: Law) -> bool:
    """Whether it says of gradients that two entries are equal, or opposite: sums over no index of two pieces,
    or differences along one index of one piece."""
    if law.form is not Form.SUMS or any(prod(p.view.sizes) != prod(law.sizes) for p in law.pieces):
        return False
    if len(law.pieces) == 2:
        one, two = law.pieces
        return not law.centred and abs(one.coefficient) == abs(two.coefficient)
    return len(law.pieces) == 1 and len(law.centred) == 1


class _Reports:
    """Reports of all laws on one step."""

    def __init__(self, step: Step, laws: NetworkLaws, fault: float) -> None:
        self.step, self.fault, self.noise = step, fault, noise_of(laws.effort, step.rounding)
        still = still_entries(laws)
        sizes = cache(lambda name: _sizes(step, name, still.get(name)))
        self.gradients = Scales(laws, lambda name: sizes(name)[0], still)
        self.updates = Scales(laws, lambda name: sizes(name)[1], still)
        self.roundings = Scales(laws, lambda name: sizes(name)[2], still)

    def linear(self, law: Law, motion: Motion) -> StepReport:
        """Predicted is the end less the first order along the gradient."""
        factor, weight = (1.0, motion.rate) if law.form is Form.SUMS else (2.0, motion.rate * motion.keep)
        totals = [_Totals(self.step, law, piece) for piece in law.pieces]
        along = identity_of(law, *(total.of["gradient before"] for total in totals))
        if law.form is Form.SQUARES:
            along = 2 * along
        elif law.form is Form.PRODUCTS and not law.symmetric:
            along = along + np.swapaxes(along, -1, -2)
        drift = _combined(law, totals, "drift")
        errors = _EVALUATION * _size(law, totals, "size")
        gradients, updates, roundings = self._scales(law, totals)
        allowed = factor * abs(weight) * self.noise * gradients + errors
        hidden, seen = allowed + factor * roundings, factor * updates
        return self._worst(law, drift, drift + weight * along, allowed, hidden, seen)

    def entrywise(self, law: Law, motion: Motion) -> StepReport:
        """Predicted is what decay does."""
        totals = [_Totals(self.step, law, piece) for piece in law.pieces]
        start, drift = (_combined(law, totals, key) for key in ("start", "drift"))
        allowed = _size(law, totals, "allowed before") + self.noise * _size(law, totals, "moved")
        _, seen, _ = self._scales(law, totals)
        return self._worst(law, drift, (motion.keep - 1) * start + 0.0, allowed, allowed, seen)

    def _scales(self, law: Law, totals: Sequence[_Totals]) -> tuple[Array, Array, Array]:
        """How large the terms are of gradients, of updates, and of what rounding may do to these."""
        gradients, updates, roundings = zip(*(total.pairings for total in totals), strict=True)
        return (
            self.gradients.of(law, gradients),
            self.updates.of(law, updates),
            self.roundings.of(law, roundings),
        )

    def _worst(
        self, law: Law, measured: Array, predicted: Array, allowed: Array, hidden: Array, seen: Array
    ) -> StepReport:
        """Of a family: where it is broken most, and if it is not, where least is seen."""
        measured, predicted, allowed, hidden, seen = np.broadcast_arrays(
            measured, predicted, allowed, hidden, seen
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            off = np.abs(measured - predicted)
            excess = np.where(off <= allowed, 0.0, off / allowed)
            sights = np.where(seen > 0, hidden / seen, 0.0)
        chosen = excess if excess.any() else sights
        index = np.unravel_index(int(chosen.argmax()), chosen.shape)
        at = f" at {', '.join(map(str, index))}" if index else ""
        return StepReport(
            f"{law}{at}",
            float(measured[index]),
            float(predicted[index]),
            float(allowed[index]),
            float(sights[index]),
            self.fault,
            self.step.coarsest(law).name,
            still=not seen.any(),
        )


class _Totals:
    """All sums that a law needs of a piece: `of` has them by name, for each index of the law."""

    def __init__(self, step: Step, law: Law, piece: Piece) -> None:
        self.of: dict[str, Array] = {}
        self.length = row_length(law, piece)
        for place, block in step.blocks(law, piece):
            for key, part in _sums(law, piece, block).items():
                shape = shape_of(law) if part.ndim == len(shape_of(law)) else law.sizes
                self.of.setdefault(key, np.zeros(shape))[place] += part
        if law.form is Form.SUMS:
            self.of["weights"] = np.full(law.sizes, float(self.length))

    @property
    def pairings(self) -> tuple[Pairing, ...]:
        """Of the gradient, of the change, and of what rounding may do to it, with the parameter."""
        return tuple(
            Pairing(self.of[key], self.of["weights"], self.of[f"{key} before"], self.length)
            for key in ("gradient", "change", "allowed")
        )


def _sums(law: Law, piece: Piece, block: Block) -> dict[str, Array]:
    """Those of a block."""
    moved = block._asdict()
    before = moved.pop("before")
    found = {key: sums_of(piece, x, x) for key, x in moved.items()}
    found |= {f"{key} before": paired(law.form, piece, x, before) for key, x in moved.items()}
    first, second = found["change before"], found["change"]
    if law.form is Form.SUMS:
        start, size, moved_by = (sums_of(piece, x) for x in (before, _twice(block), np.abs(block.change)))
        return found | {"drift": first, "start": start, "size": size, "moved": moved_by}
    found["weights"] = sums_of(piece, before, before)
    if law.form is Form.SQUARES:
        drift = 2 * first + second
        return found | {"drift": drift, "size": 2 * found["weights"] + drift}
    old, end = np.abs(before), np.abs(block.end)
    found["size"] = paired(law.form, piece, old, old) + paired(law.form, piece, end, end)
    second = paired(law.form, piece, block.change, block.change)
    return found | {"drift": first + np.swapaxes(first, -1, -2) + second}


def _twice(block: Block) -> Array:
    """The size of an entry before the step and after it."""
    return np.abs(block.before) + np.abs(block.end)


def _combined(law: Law, totals: Sequence[_Totals], key: str) -> Array:
    """What a law makes of its pieces."""
    pairs = zip(law.pieces, totals, strict=True)
    return without(law, np.asarray(sum(float(piece.coefficient) * total.of[key] for piece, total in pairs)))


def _size(law: Law, totals: Sequence[_Totals], key: str) -> Array:
    """The sum of the sizes of the terms of a law."""
    pieces = tuple(replace(piece, coefficient=abs(piece.coefficient)) for piece in law.pieces)
    return _combined(replace(law, pieces=pieces, centred=frozenset()), totals, key)


def _sizes(step: Step, name: str, still: Array | None) -> tuple[float, ...]:
    """The root mean squares of the gradient, the change, and what rounding may do to it, of a parameter but
    for its entries that stand still."""
    squares, count = np.zeros(3), 0
    for place, (_, *arrays) in step.flat(name):
        moving = ... if still is None else still.reshape(-1)[place] == 0
        squares += [np.dot(x[moving], x[moving]) for x in arrays]
        count += arrays[0][moving].size
    return tuple(sqrt(square / count) if count else 0.0 for square in squares)
