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

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np

from polylaw.networks.gradients import Rounding, Scales, noise_of
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.pieces import Form
from polylaw.networks.values import Array, Arrays, identity, quantity
from polylaw.steps import StepReport

#: Rounding errors of a new entry, in units of the precision: of its old and new value, and of what is added.
_STORED, _ADDED = 1, 8
_EVALUATION = 16 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Motion:
    """How the entries of a parameter move; `settings` are those of an entrywise rule, None for a linear one.
    It is `mixed` if decay is added to gradients before they are rescaled: equal ones are then told apart."""

    keep: float = 1.0
    rate: float = 0.0
    onward: float = 0.0
    settings: Hashable = None
    mixed: bool = False


@dataclass(frozen=True)
class Format:
    """A floating-point format: the distance from 1 to the next number, and its name."""

    eps: float
    name: str


@dataclass(frozen=True, eq=False)
class Step:
    """Weights before and after a step, gradients, and what the optimiser remembered, in double precision and
    by the names of the parameters, as are their motions and formats."""

    before: Mapping[str, Array]
    gradients: Mapping[str, Array]
    memory: Mapping[str, Array]
    after: Mapping[str, Array]
    motions: Mapping[str, Motion]
    formats: Mapping[str, Format]
    rounding: Rounding

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
        found = {}
        for name, motion in self.motions.items():
            if motion.settings is not None:
                continue
            end, allowed, after = self.ends[name], self.allowed[name], self.after[name]
            off = np.abs(after - end)
            wrong = ~(off <= allowed)
            if wrong.any():
                worst = np.unravel_index(np.argmax(np.where(wrong, off, 0)), off.shape)
                entry = f"{name}[{', '.join(map(str, worst))}]" if worst else name
                found[name] = (
                    f"{entry} is {after[worst]:.9g}, but {end[worst]:.9g} by the rule of the optimiser, "
                    f"rounding at most {allowed[worst]:.2g}; {wrong.sum()} of {wrong.size} entries are wrong"
                )
        return found

    @cached_property
    def ends(self) -> dict[str, Array]:
        """Where linear rules put parameters, before they are rounded, and where others are."""
        return {**self.after, **{n: self._end(n, m) for n, m in self.motions.items() if m.settings is None}}

    def _end(self, name: str, motion: Motion) -> Array:
        end: Array = motion.keep * self.before[name]
        end -= motion.rate * self.gradients[name]
        if motion.onward:
            end += motion.onward * self.memory[name]
        return end

    @cached_property
    def allowed(self) -> dict[str, Array]:
        """By how much rounding may move an entry from there."""
        return {name: self._allowed(name, motion) for name, motion in self.motions.items()}

    def _allowed(self, name: str, motion: Motion) -> Array:
        old, new = np.abs(self.before[name]), np.abs(self.after[name])
        allowed: Array = (_STORED + _ADDED * abs(1 - motion.keep)) * old + _STORED * new
        allowed += _ADDED * abs(motion.rate) * np.abs(self.gradients[name])
        if motion.onward:
            allowed += _ADDED * abs(motion.onward) * np.abs(self.memory[name])
        return allowed * self.formats[name].eps

    def coarsest(self, law: Law) -> Format:
        """The format of its parameters that has the fewest numbers."""
        return max((self.formats[piece.view.name] for piece in law.pieces), key=lambda format: format.eps)


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
        self.changes = {name: end - step.before[name] for name, end in step.ends.items()}
        self.gradients = Scales(laws, step.gradients)
        self.updates = Scales(laws, self.changes)
        self.roundings = Scales(laws, step.allowed)

    def linear(self, law: Law, motion: Motion) -> StepReport:
        """Predicted is the end less the first order along the gradient."""
        before = self.step.before
        factor, weight = (1.0, motion.rate) if law.form is Form.SUMS else (2.0, motion.rate * motion.keep)
        along = identity(law, before, self.step.gradients)
        if law.form is Form.SQUARES:
            along = 2 * along
        elif law.form is Form.PRODUCTS and not law.symmetric:
            along = along + np.swapaxes(along, -1, -2)
        start, end = quantity(law, before), quantity(law, self.step.ends)
        errors = _EVALUATION * (_size(law, before) + _size(law, self.step.ends))
        allowed = factor * abs(weight) * self.noise * self.gradients.of(law, before) + errors
        hidden = allowed + factor * self.roundings.of(law, before)
        seen = factor * self.updates.of(law, before)
        return self._worst(law, end - start, end - start + weight * along, allowed, hidden, seen)

    def entrywise(self, law: Law, motion: Motion) -> StepReport:
        """Predicted is what decay does."""
        step = self.step
        start, end = quantity(law, step.before), quantity(law, step.after)
        moved = _size(law, self.changes)
        stored = _size(law, step.allowed)
        allowed = stored + self.noise * moved
        seen = self.updates.of(law, step.before)
        return self._worst(law, end - start, (motion.keep - 1) * start + 0.0, allowed, allowed, seen)

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


def _size(law: Law, arrays: Arrays) -> Array:
    """The sum of the absolute values of the terms of a law."""
    pieces = tuple(replace(piece, coefficient=abs(piece.coefficient)) for piece in law.pieces)
    names = {piece.view.name for piece in pieces}
    whole = replace(law, pieces=pieces, centred=frozenset())
    return quantity(whole, {name: np.abs(arrays[name]) for name in names})
