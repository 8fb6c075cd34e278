"""Gradients of one backward pass against the identities that they obey for every loss.

What is allowed follows from the format of the numbers, the size of the network, and the terms of an identity.

*Noise.*  An operation rounds what it returns, with a relative error of about `unit`, and so does its
derivative; a sum of n terms has one of about `sum` sqrt(n), errors being independent.  All sums count: those
of the forward pass, and those that its derivatives take, over the batch and all places for a weight.  So what
a backward pass leaves is known up to about

    noise = sqrt(operations unit^2 + terms sum^2)

of what it is made of.  Operations before and after those that an identity is about would not count, as it
holds for every input and every loss; they are counted all the same.

*Scale.*  An identity is a sum over pieces c <g, theta>, g and theta rows of a gradient and of a parameter.  A
piece is wrong by about noise times the root of

    s^2 |theta|^2 + <g, theta>^2.

s is the root mean square of g, or that of all rows if it is larger: entries that are small by chance have
errors as large as others.  An entry whose gradient is proved to be 0 is compared with the gradients of its
module instead: a weight is made of the same terms, which do not add up to 0 there, times the activations that
the module reads.  As these may be small, its own identity, g = 0, is allowed `_STILL` times the noise, which
has to do for what cancels, too (see below).

`_SAFETY` times the root of the sum of squares is allowed.  It is measured: where nothing cancels, errors of
clean runs are at most 0.3 of it, mostly 0.05 (`tests/networks/test_clean_gradients.py`).

*Cancellation.*  All this cannot know how much cancels inside of a gradient.  At a stationary point, in a
saturated softmax, or where a classifier is certain, gradients are much smaller than what they are sums of,
and their errors are not.  So noise is multiplied by `_CANCELLED` as long as it stays below `_FINE`: float32
and float64 have precision to spare, and faults of 1 % are seen all the same.  Where more cancels, or in
bfloat16, `Rounding.cancelled` has to say how much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import sqrt

import numpy as np

from polylaw.networks.law import Law
from polylaw.networks.laws import Effort, NetworkLaws
from polylaw.networks.pairings import Pairing, pairing_of
from polylaw.networks.pieces import Form, Piece, View
from polylaw.networks.values import Array, Arrays, Numbers, entries, identity_of

_SAFETY = 3.0
_CANCELLED = 1e4
_FINE = 3e-4
_STILL = 1000.0
#: Identities that do not hold are listed up to so many.
_MOST_LISTED = 5
_NOTHING_LEFT = (
    "every term of every identity is 0, parameters or gradients, so nothing is tested: take another point, "
    "as after some steps"
)
_TOO_COARSE = "what rounding does can be as large as every identity, so nothing is tested: compute in float32"


@dataclass(frozen=True)
class Rounding:
    """How numbers are rounded: the distance of 1 from the next number in the format of the results, and in
    that in which sums are taken; the smallest number with full precision; and how many times smaller
    gradients are than what they are sums of, beyond what chance does, None for what is usual."""

    unit: float
    sum: float
    smallest: float = 0.0
    cancelled: float | None = None

    @classmethod
    def of(cls, unit: float, smallest: float = 0.0, cancelled: float | None = None) -> Rounding:
        """That of results in a format with this unit; sums are taken in single precision at least."""
        return cls(unit, min(unit, float(np.finfo(np.float32).eps)), smallest, cancelled)


@dataclass(frozen=True)
class Findings:
    """How many identities were checked, for how many of them more than what is allowed is possible at all,
    the largest part of what is allowed that one took, a line for each of those that do not hold, and the
    parameters that are in none that tells something."""

    checked: int
    telling: int
    largest: float
    failed: tuple[str, ...]
    unseen: tuple[str, ...] = ()


def check_gradients(
    laws: NetworkLaws,
    parameters: Arrays,
    gradients: Arrays,
    rounding: Rounding,
    errors: Mapping[str, float] | None = None,
    up_to_eps: float | None = None,
) -> Findings:
    """Every exact identity at these parameters and gradients.

    `errors` are those that gradients have besides, root mean squares of their entries.  With `up_to_eps`
    identities that normalisations keep up to eps are checked too, and that part of their terms is allowed.  A
    gradient that is not finite fails, and so does a check that tests nothing: all gradients 0, or rounding
    errors as large as they are.
    """
    strange = [name for name, g in gradients.items() if not np.isfinite(g).all()]
    if strange:
        return Findings(0, 0, 0.0, (f"{', '.join(strange[:_MOST_LISTED])}: a gradient that is not finite",))
    if not any(g.any() for g in gradients.values()):
        return Findings(0, 0, 0.0, ("every gradient is 0, so nothing is tested",))
    chosen = [law for law in laws.laws if law.exact or up_to_eps is not None]
    if not chosen:
        return Findings(0, 0, 0.0, ("the module has no exact identity, so nothing is tested",))
    check, still = _Check(noise_of(laws.effort, rounding)), still_entries(laws)
    scales = Scales(laws, cache(lambda name: _rms(gradients[name], still.get(name))), still, rounding)
    for law in chosen:
        pairings = [pairing_of(law, piece, gradients, parameters) for piece in law.pieces]
        found = np.abs(identity_of(law, *(pairing.products for pairing in pairings)))
        part = 0.0 if law.exact else up_to_eps or 0.0
        check.add(law, found, scales.terms(law, pairings, errors or {}), part)
    return check.findings(laws.shapes)


def noise_of(effort: Effort, rounding: Rounding) -> float:
    """The relative error that is allowed in a gradient."""
    return _SAFETY * _rounded(effort, rounding) * _cancelled(effort, rounding)


def _rounded(effort: Effort, rounding: Rounding) -> float:
    return sqrt(effort.operations * rounding.unit**2 + effort.terms * rounding.sum**2)


def _cancelled(effort: Effort, rounding: Rounding) -> float:
    return rounding.cancelled or max(1.0, min(_CANCELLED, _FINE / _rounded(effort, rounding)))


@dataclass(frozen=True)
class _Terms:
    """Of an identity, for each of its indices: the squares that noise multiplies and those of other errors,
    and the most that it can come to."""

    squares: Array
    errors: Array
    most: Array


class Scales:
    """How large what is added up in identities is, with these gradients (or updates).

    `size` is the root mean square of the gradient of a name without the entries that are `still`, as it is 0
    there whatever the data.  With their rounding, also what it does to those that are very small, or proved
    to be 0."""

    def __init__(
        self,
        laws: NetworkLaws,
        size: Callable[[str], float],
        still: Arrays,
        rounding: Rounding | None = None,
    ) -> None:
        self.names, self.size, self.still = tuple(laws.shapes), size, still
        self.smallest = rounding.smallest if rounding else 0.0
        self.more = max(1.0, _STILL / _cancelled(laws.effort, rounding)) if rounding else 1.0

    def of(self, law: Law, pairings: Sequence[Pairing]) -> Array:
        """What noise multiplies, for each index of a law."""
        return np.asarray(np.sqrt(self.terms(law, pairings, {}).squares))

    def terms(self, law: Law, pairings: Sequence[Pairing], errors: Mapping[str, float]) -> _Terms:
        """All pieces together; `errors` are those that gradients have besides, by name."""
        pairs = zip(law.pieces, pairings, strict=True)
        found = [self._piece(law, piece, pairing, errors) for piece, pairing in pairs]
        return _Terms(*(np.asarray(sum(of)) for of in zip(*found, strict=True)))

    def _piece(
        self, law: Law, piece: Piece, pairing: Pairing, errors: Mapping[str, float]
    ) -> tuple[Array, ...]:
        size, most = self._sizes(piece, pairing, alone=len(law.pieces) == 1)
        error, by = np.full(size.shape, errors.get(piece.view.name, 0.0)), np.sqrt(pairing.weights)
        value, c = pairing.products, abs(float(piece.coefficient))
        if law.form is Form.PRODUCTS:
            by = by[..., None, :]
            size, error, most = (x[..., :, None] for x in (size, error, most))
        found = c**2 * ((size * by) ** 2 + value**2), (c * error * by) ** 2, c * most * by
        if law.skew or law.symmetric:
            return tuple(x + np.swapaxes(x, -1, -2) for x in found)
        turned = law.form is Form.PRODUCTS and piece.coefficient < 0
        return tuple(np.swapaxes(x, -1, -2) for x in found) if turned else found

    def _sizes(self, piece: Piece, pairing: Pairing, *, alone: bool) -> tuple[Array, Array]:
        """How large a gradient is, row by row: a root mean square for its errors, and its length."""
        name, squares, length = piece.view.name, pairing.squares, pairing.length
        if name in self.still and entries(piece.view, self.still).all():
            beside = self._beside(piece.view)
            return np.full(squares.shape, beside * (self.more if alone else 1.0)), np.full(
                squares.shape, beside * sqrt(length)
            )
        size = np.sqrt(np.maximum(squares, squares.mean()) / length)
        return np.maximum(size, self.smallest), np.sqrt(squares)

    def _beside(self, view: View) -> float:
        """Of the gradients of the module that has a parameter whose own are 0; of all if it has no others."""
        module = view.name.rpartition(".")[0]
        near = (self.size(name) for name in self.names if name.rpartition(".")[0] == module)
        return max(near, default=0.0) or max(map(self.size, self.names), default=0.0)


@dataclass
class _Check:
    """Identities checked one after the other."""

    noise: float
    checked: int = 0
    telling: int = 0
    largest: float = 0.0
    idle: bool = True
    failed: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def add(self, law: Law, found: Array, terms: _Terms, part: float) -> None:
        """One more family, of which this part of the terms is allowed besides."""
        squares, most = terms.squares, terms.most * (1 - np.eye(law.sizes[-1])) if law.hollow else terms.most
        errors = _SAFETY**2 * terms.errors
        allowed = np.sqrt(self.noise**2 * squares + errors) + part * np.sqrt(squares)
        telling = int((most > allowed).sum())
        self.checked, self.telling = self.checked + found.size, self.telling + telling
        self.idle = self.idle and not most.any()
        if telling:
            self.seen.update(piece.view.name for piece in law.pieces)
        with np.errstate(divide="ignore", invalid="ignore"):
            taken = np.where(found == 0, 0.0, found / allowed)
        self.largest = max(self.largest, float(taken.max(initial=0.0)))
        if taken.max(initial=0.0) > 1:
            self.failed.append(_line(law, int(taken.argmax()), found, allowed))

    def findings(self, names: Iterable[str]) -> Findings:
        """What came out, with these parameters."""
        more = len(self.failed) - _MOST_LISTED
        failed = [*self.failed[:_MOST_LISTED], *([f"and {more} more"] if more > 0 else [])]
        if not failed and not self.telling:
            failed = [_NOTHING_LEFT if self.idle else _TOO_COARSE]
        unseen = tuple(name for name in names if name not in self.seen)
        return Findings(self.checked, self.telling, self.largest, tuple(failed), unseen)


def assert_identities(
    laws: NetworkLaws,
    parameters: Arrays,
    gradients: Arrays,
    rounding: Rounding,
    errors: Mapping[str, float] | None = None,
    up_to_eps: float | None = None,
) -> Findings:
    """The same; raises `AssertionError` with a line for each identity that does not hold."""
    found = check_gradients(laws, parameters, gradients, rounding, errors, up_to_eps)
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


def still_entries(laws: NetworkLaws) -> dict[str, Array]:
    """For every parameter with entries whose gradient is 0 whatever the data: 1 for these, 0 for others."""
    found: dict[str, Array] = {}
    for view in laws.frozen:
        mask = found.setdefault(view.name, np.zeros(view.shape))
        numbers = {view.name: np.arange(mask.size, dtype=np.float64).reshape(view.shape)}
        mask.reshape(-1)[entries(view, numbers).astype(np.int64)] = 1
    return found


def _rms(array: Numbers, still: Array | None) -> float:
    """The root mean square of what does not stand still."""
    flat = array.reshape(-1) if still is None else array[still == 0]
    return float(np.sqrt(np.einsum("a,a", flat, flat, dtype=np.float64) / flat.size)) if flat.size else 0.0
