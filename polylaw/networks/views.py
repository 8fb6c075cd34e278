"""Views: how each arranges the axes of a tensor.  Nothing is computed, so no rule is needed."""

from __future__ import annotations

from collections.abc import Sequence

from polylaw.networks.index import Index, MisfitError, Refinement
from polylaw.networks.nodes import Arrangement
from polylaw.networks.tensors import Shape, Tensor


def reshaped(shape: Shape) -> Arrangement:
    """The same entries in the same order, in another shape."""

    def arrange(refinement: Refinement, x: Tensor) -> Tensor:
        axes, left = refinement.regroup(x.axes, shape)
        return Tensor(x.origin, tuple(axes), (*x.fixed, *left))

    return arrange


def permuted(order: Sequence[int]) -> Arrangement:
    """The axes in another order."""
    return lambda _, x: Tensor(x.origin, tuple(x.axes[k] for k in order), x.fixed)


def expanded(shape: Shape) -> Arrangement:
    """Repeated along axes that are new or have one index."""
    repeated = tuple(map(Index, shape))

    def arrange(refinement: Refinement, x: Tensor) -> Tensor:
        new = len(shape) - len(x.axes)
        old = (*[None] * new, *x.axes)
        same = [axis is not None and axis.size == n for axis, n in zip(old, shape, strict=True)]
        axes = tuple(
            axis if axis is not None and keep else more
            for axis, keep, more in zip(old, same, repeated, strict=True)
        )
        gone = tuple(axis for axis, keep in zip(old, same, strict=True) if axis is not None and not keep)
        return Tensor(x.origin, axes, (*x.fixed, *gone))

    return arrange


def narrowed(axis: int, start: int, stop: int, step: int = 1) -> Arrangement:
    """The indices from start to stop along an axis, or every `step`-th one of all."""

    def arrange(refinement: Refinement, x: Tensor) -> Tensor:
        whole = x.axes[axis]
        if step == 1:
            points = sorted({start, stop} - {0, whole.size})
            pieces = refinement.cut(whole, set(points))
            return Tensor(x.origin, _with(x, axis, pieces[0 if start == 0 else 1]), x.fixed)
        if whole.size % step or not start < step or stop <= whole.size - step + start:
            raise MisfitError("every so many-th index, not of all")
        (piece, fast), left = refinement.regroup([whole], [whole.size // step, step])
        return Tensor(x.origin, _with(x, axis, piece), (*x.fixed, *left, _single(refinement, fast, start)))

    return arrange


def selected(axis: int, index: int) -> Arrangement:
    """One index of an axis, which goes."""

    def arrange(refinement: Refinement, x: Tensor) -> Tensor:
        one = _single(refinement, x.axes[axis], index)
        return Tensor(x.origin, _with(x, axis), (*x.fixed, one))

    return arrange


def _with(x: Tensor, axis: int, *pieces: Index) -> tuple[Index, ...]:
    """Its axes, these in place of one."""
    return (*x.axes[:axis], *pieces, *x.axes[axis + 1 :])


def _single(refinement: Refinement, axis: Index, index: int) -> Index:
    pieces = refinement.cut(axis, {index, index + 1})
    return pieces[1 if index else 0]
