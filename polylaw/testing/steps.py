"""Training steps: by how much one of them must move a law, exactly; see `polylaw.testing.rules` for why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import inf
from typing import Any

import numpy as np

from polylaw.algebra.polynomial import Polynomial
from polylaw.errors import InputError
from polylaw.flows.flow import Flow
from polylaw.models.model import entry_name, indices
from polylaw.steps import FAULT, StepReport
from polylaw.testing.evaluation import FloatArray, evaluated
from polylaw.testing.rules import DESCENT, Rule, Update, carrier

Arrays = Mapping[str, Any]
#: Errors of the evaluation of a sum, which is in double precision, in units of its terms.
_EVALUATION = 16 * float(np.finfo(np.float64).eps)
#: Errors of an entry of a new state, in units of the precision and of the old and the new one: some three
#: roundings of half a unit, of products with rates and of the sum, and one of the rate.
_STORED = 2
#: Errors of a gradient, in units of the precision and of itself, and of the largest weight: a gradient is a
#: sum of terms that cancel as training converges.
_GRADIENT, _CANCELLED = 32, 4


def step_report(
    flow: Flow, law: Any, before: Arrays, after: Arrays, rule: Rule = DESCENT, fault: float = FAULT
) -> StepReport:
    """What a step from `before` to `after` did to a law of the flow, and what it must do by the rule.

    `fault` is the relative fault of the update that is to be seen.  `InputError` for a law that depends on
    time, or on parameters, in a way that the rule does not know.
    """
    update = rule.update(flow, state_of(flow, before, rule), state_of(flow, after, rule))
    return report_of(flow.polynomial(law), update, precision_of(before, after), fault)


def report_of(h: Polynomial, update: Update, precision: Precision, fault: float) -> StepReport:
    """The law h along an update.  Predicted is its value at the end of the update, less its change to first
    order along the fields, which is 0 for a law."""
    for g in h.support:
        if np.isnan(update.start[g]):
            hint = (
                "take one with numbers for symbols and without time, or of a momentum flow whose "
                "damping is a symbol"
            )
            raise InputError("law", h, f"a law without {h.ring.name(g)}", hint)
    (start, reached, end), sizes = evaluated(h, np.stack([update.start, update.reached, update.end]))
    slopes, sizes_of_slopes = _slopes(h, update.place)
    terms = slopes * update.change[: len(slopes)]
    along, seen = float(terms.sum()), float(np.sqrt((terms**2).sum()))
    rounding = _EVALUATION * float(sizes.sum()) + precision.eps * _roundings(h, update, sizes_of_slopes, seen)
    return StepReport(
        str(h),
        float(reached - start),
        float(end - along - start),
        rounding,
        rounding / seen if seen else inf,
        fault,
        precision.name,
        still=not update.moved[[g for g in h.support if g < len(h.ring.variables)]].any(),
    )


def _slopes(h: Polynomial, place: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The gradient of h by the variables, and the sizes of what is added up in it."""
    slopes, sizes = np.zeros((2, len(h.ring.variables)))
    for g, slope in h.gradient().items():
        if g < len(slopes):
            slopes[g], sizes[g] = evaluated(slope, place)
    return slopes, sizes


def _roundings(h: Polynomial, update: Update, slopes: FloatArray, seen: float) -> float:
    """By how much the law may differ from what is predicted, in units of the precision: worst cases for the
    states that are stored, and for gradients, whose errors are independent, their root mean square."""
    weights = slice(len(slopes))
    start = np.abs(update.start[weights])
    stored = _STORED * (start + np.abs(update.reached[weights]))
    total = float((slopes * stored).sum())
    if (update.end != update.reached)[weights].any():  # they part only by how they are rounded
        total += float((_slopes(h, update.reached)[1] * stored).sum())
    moved = slopes[update.change[weights] != 0]
    return total + _GRADIENT * seen + _CANCELLED * float(start.max() * np.sqrt((moved**2).sum()))


def still_arrays(flow: Flow, h: Polynomial, update: Update, precision: float) -> list[str]:
    """The arrays that a law depends on (variables outside of arrays by their own names) and of which nothing
    moved, beyond rounding, other than by decay."""
    moved = np.abs(update.moved) > 4 * precision * (np.abs(update.start) + np.abs(update.reached))
    arrays = entries_of(flow)
    inside = {g for places in arrays.values() for g in places}
    alone = {name: [g] for g, name in enumerate(flow.ring.variables) if g not in inside}
    known = (arrays | alone).items()
    return [a for a, places in known if set(places) & set(h.support) and not moved[places].any()]


def state_of(flow: Flow, arrays: Arrays, rule: Rule = DESCENT) -> FloatArray:
    """The values of the variables, from weight arrays by name (numpy, torch, or nested lists) or variables by
    name; clock and parameters are not numbers.  For a rule with momentum they are those of a momentum flow,
    also where the laws are of a flow without velocities."""
    flow = carrier(flow, rule)
    ring, known = flow.ring, entries_of(flow)
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
        hint = "a rule with momentum takes velocities, such as dU for U" if flow.velocities else ""
        raise InputError("params", f"nothing for {first}", "a value for every variable of the flow", hint)
    return values


def entries_of(flow: Flow) -> dict[str, list[int]]:
    """The generators of each array, the last axis running fastest."""
    return {
        name: [flow.ring.index(entry_name(name, index)) for index in indices(shape)]
        for name, shape in flow.arrays.items()
    }


@dataclass(frozen=True, order=True)
class Precision:
    """A floating-point format: the distance from 1 to the next number, and its name."""

    eps: float
    name: str


def precision_of(*several: Arrays) -> Precision:
    """Of the least precise array."""
    found = (_precision(value) for arrays in several for value in arrays.values())
    return max((p for p in found if p), default=Precision(float(np.finfo(np.float64).eps), "float64"))


def _precision(value: Any) -> Precision | None:
    """Found by trying, which works for formats that numpy does not know; None for exact numbers."""
    if hasattr(value, "new_tensor"):  # of torch
        dtype, rounded = value.dtype, value.new_tensor
    else:
        dtype = np.asarray(plain(value)).dtype
        rounded = partial(np.asarray, dtype=dtype)
        if dtype.kind in "iubO":
            return None
    halvings = next(k for k in count() if float(rounded(1 + 2.0 ** -(k + 1))) == 1)
    return Precision(2.0**-halvings, str(dtype).rpartition(".")[2])


def plain(value: Any) -> Any:
    """What numpy can read: a tensor without its graph, in the memory of the host, and in double precision,
    which has every number of the formats that numpy lacks."""
    if not hasattr(value, "detach"):
        return value
    tensor = value.detach().cpu()
    return tensor.double().numpy() if hasattr(tensor, "double") else tensor
