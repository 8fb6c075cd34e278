"""Training steps: by how much one of them must move a law, exactly; see `polylaw.testing.rules` for why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from polylaw.algebra.polynomial import Polynomial
from polylaw.errors import InputError
from polylaw.flows.flow import Flow
from polylaw.models.model import entry_name, indices
from polylaw.testing.evaluation import FloatArray, evaluated
from polylaw.testing.rules import DESCENT, Rule, Update
from polylaw.truth import Answer

Arrays = Mapping[str, Any]
#: Rounding errors of a step and of the law's value, in units of the precision and of the added terms.
_ROUNDINGS = 16


@dataclass(frozen=True)
class StepReport(Answer):
    """What one step did to one law.  `verdict`: `kept`, `drifts as predicted` or `broken`, which is false."""

    law: str
    measured: float
    predicted: float
    rounding: float

    @property
    def kept(self) -> bool:
        """Whether the law moved as it must."""
        return abs(self.measured - self.predicted) <= self.rounding

    def _answer(self) -> bool:
        return self.kept

    @property
    def verdict(self) -> str:
        """`kept` (no change beyond rounding), `drifts as predicted`, or `broken`."""
        if not self.kept:
            return "broken"
        return "kept" if abs(self.measured) <= self.rounding else "drifts as predicted"

    def __str__(self) -> str:
        what = f"moved by {self.measured:.6g}, predicted {self.predicted:.6g}"
        return f"{self.verdict}: {self.law} {what}, rounding at most {self.rounding:.3g}"


def step_report(flow: Flow, law: Any, before: Arrays, after: Arrays, rule: Rule = DESCENT) -> StepReport:
    """What a step from `before` to `after` did to a law of the flow, and what it must do by the rule.

    `InputError` for a law that depends on time, or on parameters, in a way that the rule does not know.
    """
    update = rule.update(flow, state_of(flow, before), state_of(flow, after))
    return report_of(flow.polynomial(law), update, max(precision_of(before), precision_of(after)))


def report_of(h: Polynomial, update: Update, precision: float) -> StepReport:
    """The law h along an update.  Predicted is its value at the end of the update, less its change to first
    order along the fields, which is 0 for a law."""
    for g in h.support:
        if np.isnan(update.start[g]):
            hint = (
                "take one with numbers for symbols and without time, or of a momentum flow whose "
                "damping is a symbol"
            )
            raise InputError("law", h, f"a law without {h.ring.name(g)}", hint)
    along, size_along = _along(h, update)
    (start, reached, end), sizes = evaluated(h, np.stack([update.start, update.reached, update.end]))
    rounding = _ROUNDINGS * precision * float(sizes.sum() + size_along)
    return StepReport(str(h), float(reached - start), float(end - along - start), rounding)


def _along(h: Polynomial, update: Update) -> tuple[float, float]:
    """<grad h(place), change>, and the size of what is rounded in it: `change` is a difference, and a
    gradient, itself a sum of terms that cancel as training converges, is known no better than the largest
    weight that it moves."""
    largest = float(np.abs(update.start[: len(h.ring.variables)]).max())
    total, size = 0.0, 0.0
    for g, partial in h.gradient().items():
        if change := float(update.change[g]):
            slope, size_slope = evaluated(partial, update.place)
            total += float(slope) * change
            size += float(size_slope) * (float(abs(update.place[g]) + abs(update.reached[g])) + largest)
    return total, size


def still_arrays(flow: Flow, h: Polynomial, update: Update, precision: float) -> list[str]:
    """The arrays that a law depends on (variables outside of arrays by their own names) and of which nothing
    moved, beyond rounding, other than by decay."""
    moved = np.abs(update.moved) > 4 * precision * (np.abs(update.start) + np.abs(update.reached))
    arrays = _entries(flow)
    inside = {g for places in arrays.values() for g in places}
    alone = {name: [g] for g, name in enumerate(flow.ring.variables) if g not in inside}
    known = (arrays | alone).items()
    return [a for a, places in known if set(places) & set(h.support) and not moved[places].any()]


def state_of(flow: Flow, arrays: Arrays) -> FloatArray:
    """The values of the variables, from weight arrays by name (numpy, torch, or nested lists) or variables by
    name; clock and parameters are not numbers."""
    ring, known = flow.ring, _entries(flow)
    values, missing = np.full(ring.size, np.nan), set(range(len(ring.variables)))
    for name, given in arrays.items():
        array = np.asarray(plain(given), dtype=np.float64)
        if name not in known and name not in ring.variables:
            expected = f"one of {', '.join(known or ring.variables)}"
            raise InputError("params", name, expected, "leave out what is not of this flow")
        shape = tuple(flow.arrays.get(name, ()))
        if array.shape != shape:
            found, expected = f"shape {array.shape}", f"shape {shape}, as in the flow"
            raise InputError(f"params[{name!r}]", found, expected)
        places = known.get(name) or [ring.index(name)]
        values[places] = array.ravel()
        missing.difference_update(places)
    if missing:
        first = min(map(ring.name, missing))
        raise InputError("params", f"nothing for {first}", "a value for every variable of the flow")
    return values


def _entries(flow: Flow) -> dict[str, list[int]]:
    """The generators of each array, the last axis running fastest."""
    return {
        name: [flow.ring.index(entry_name(name, index)) for index in indices(shape)]
        for name, shape in flow.arrays.items()
    }


def precision_of(arrays: Arrays) -> float:
    """The relative precision of the least precise array."""
    kinds = [np.asarray(plain(value)).dtype for value in arrays.values()]
    floats = (kind for kind in kinds if kind.kind == "f")
    return max((float(np.finfo(kind).eps) for kind in floats), default=float(np.finfo(np.float64).eps))


def plain(value: Any) -> Any:
    """What numpy can read: a tensor without its graph, in the memory of the host."""
    return value.detach().cpu() if hasattr(value, "detach") else value
