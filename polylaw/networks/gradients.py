"""Gradients of one backward pass against the identities that they obey for every loss.

What is allowed follows from the format of the numbers and the size of the network.  An operation rounds its
result, with a relative error of at most `unit`; a sum of n terms has one of about `sum` sqrt(n), errors being
independent.  So a gradient that is the result of a forward and a backward pass is known up to about

    noise = sqrt(operations unit^2 + terms sum^2)

of what it is made of, and an identity sum_k c_k g_k theta_k = 0 up to noise * sqrt(sum_k (c_k s_k
theta_k)^2), where s_k is the root mean square of the gradients that belong to k: entries that are small by
chance carry the errors of the others.  `_SAFETY` times this is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from polylaw.networks.law import Law
from polylaw.networks.laws import Effort, NetworkLaws
from polylaw.networks.pieces import Form, View
from polylaw.networks.values import Array, Arrays, entries, identity, rows_of

_SAFETY = 8.0
#: Identities that do not hold are listed up to so many.
_MOST_LISTED = 5


@dataclass(frozen=True)
class Rounding:
    """Distance of 1 from the next number in the format of the results, and in that in which sums are
    taken."""

    unit: float
    sum: float

    @classmethod
    def of(cls, unit: float) -> Rounding:
        """That of results in a format with this unit; sums are taken in single precision at least."""
        return cls(unit, min(unit, float(np.finfo(np.float32).eps)))


@dataclass(frozen=True)
class Findings:
    """How many identities were checked, the largest part of what is allowed that one took, and a line for
    each of those that do not hold."""

    checked: int
    largest: float
    failed: tuple[str, ...]


def check_gradients(laws: NetworkLaws, parameters: Arrays, gradients: Arrays, rounding: Rounding) -> Findings:
    """Every exact identity at these parameters and gradients.

    A gradient that is not finite fails, and so does a check that tests nothing: all gradients 0.
    """
    strange = [name for name, g in gradients.items() if not np.isfinite(g).all()]
    if strange:
        return Findings(0, 0.0, (f"{strange[0]}: a gradient that is not finite",))
    if not any(g.any() for g in gradients.values()):
        return Findings(0, 0.0, ("every gradient is 0, so nothing is tested",))
    noise, scales = noise_of(laws.effort, rounding), Scales(laws, gradients)
    checked, largest, failed = 0, 0.0, []
    for law in (law for law in laws.laws if law.exact):
        found, allowed = identity(law, parameters, gradients), noise * scales.of(law, parameters)
        checked += found.size
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(found == 0, 0.0, np.abs(found) / allowed)
        largest = max(largest, float(part.max(initial=0.0)))
        if part.max(initial=0.0) > 1:
            failed.append(_line(law, int(part.argmax()), found, np.broadcast_to(allowed, part.shape)))
    more = [f"and {len(failed) - _MOST_LISTED} more"] if len(failed) > _MOST_LISTED else []
    return Findings(checked, largest, (*failed[:_MOST_LISTED], *more))


def assert_identities(
    laws: NetworkLaws, parameters: Arrays, gradients: Arrays, rounding: Rounding
) -> Findings:
    """The same; raises `AssertionError` with a line for each identity that does not hold."""
    found = check_gradients(laws, parameters, gradients, rounding)
    if found.failed:
        raise AssertionError("\n".join(found.failed))
    return found


def _line(law: Law, number: int, found: Array, allowed: Array) -> str:
    """What does not hold at one index, given by its number."""
    names = ", ".join(dict.fromkeys(piece.view.name for piece in law.pieces[:4]))
    index = np.unravel_index(number, found.shape) if found.ndim else ()
    at, bound = f" at {', '.join(map(str, index))}" if index else "", allowed.flat[number]
    measured = f"is {found.flat[number]:.3g}, allowed {bound:.3g}"
    return f"gradients of {names}: the identity of {law}{at} {measured}"


def noise_of(effort: Effort, rounding: Rounding) -> float:
    """The relative error that is allowed in a gradient."""
    return _SAFETY * sqrt(effort.operations * rounding.unit**2 + effort.terms * rounding.sum**2)


class Scales:
    """How large what is added up in identities is."""

    def __init__(self, laws: NetworkLaws, gradients: Arrays) -> None:
        self.gradients = gradients
        self.sizes = {name: _rms(g.astype(np.float64, copy=False)) for name, g in gradients.items()}
        self.frozen = {view.name for view in laws.frozen if view.is_whole}

    def of(self, law: Law, parameters: Arrays) -> Array:
        """For each index of a law: of rows and columns where it is a matrix."""
        if law.is_frozen:
            return np.array(self._beside(law.pieces[0].view))
        squares = np.zeros(law.sizes)
        for piece in law.pieces:
            terms = np.ones(piece.view.sizes) if law.form is Form.SUMS else entries(piece.view, parameters)
            size = float(piece.coefficient) * self._size(piece.view)
            squares += size**2 * (rows_of(piece, terms) ** 2).sum(-1)
        rows: Array = np.sqrt(squares)
        return rows[..., :, None] + rows[..., None, :] if law.form is Form.PRODUCTS else rows

    def _size(self, view: View) -> float:
        return _rms(entries(view, self.gradients))

    def _beside(self, view: View) -> float:
        """Of the gradients of the module that has a parameter whose own are 0; of all if it has no others."""
        module = view.name.rpartition(".")[0]
        others = {name: size for name, size in self.sizes.items() if name not in self.frozen}
        near = [size for name, size in others.items() if name.rpartition(".")[0] == module]
        return max(near or others.values(), default=0.0)


def _rms(array: Array) -> float:
    return float(np.sqrt(np.mean(array**2))) if array.size else 0.0
