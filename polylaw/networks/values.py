"""What laws and identities of a network are at given parameters and gradients, as numbers.

Arrays are numpy's, by the names of the parameters and in their layout; all sums are taken in float64.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from polylaw.networks.law import Law
from polylaw.networks.pieces import Form, Piece, View

Array = npt.NDArray[np.float64]
#: Numbers in any format.
Numbers = npt.NDArray[np.floating]
#: Columns of a block of a matrix, such that adding up its products takes less than making them.
_DEEP = 128
#: Parameters, or gradients, by name.
Arrays = Mapping[str, Numbers]


def strided(view: View, arrays: Arrays, *, writeable: bool = False) -> Numbers:
    """The entries of a view, an axis for each of its own, in the memory of the parameter."""
    whole = np.ascontiguousarray(arrays[view.name])
    begin, unit = whole.reshape(-1)[view.offset :], whole.itemsize
    return as_strided(begin, view.sizes, [unit * s for s in view.strides], writeable=writeable)


def entries(view: View, arrays: Arrays) -> Array:
    """The entries of a view, an axis for each of its own."""
    return strided(view, arrays).astype(np.float64, copy=False)


def identity(law: Law, parameters: Arrays, gradients: Arrays) -> Array:
    """How far gradients are from the identity that those of every loss obey for this law, for each of its
    indices: sum c g theta for squares, sum c g for sums, the matrix sum |c| (g theta' or -theta g') for
    products."""
    pairs = ((strided(p.view, gradients), strided(p.view, parameters)) for p in law.pieces)
    return identity_of(law, *(paired(law.form, p, *pair) for p, pair in zip(law.pieces, pairs, strict=True)))


def identity_of(law: Law, *pairs: Array) -> Array:
    """The same of what `paired` says of gradients and parameters, for each piece."""
    value = np.zeros(shape_of(law))
    for piece, pair in zip(law.pieces, pairs, strict=True):
        turned = law.form is Form.PRODUCTS and piece.coefficient < 0
        value += float(piece.coefficient) * (np.swapaxes(pair, -1, -2) if turned else pair)
    if law.skew or law.symmetric:
        value += np.swapaxes(value, -1, -2).copy() * (-1 if law.skew else 1)
    return without(law, value)


def quantity(law: Law, parameters: Arrays) -> Array:
    """The conserved quantity of the gradient flow, for each of its indices."""
    value = np.zeros(shape_of(law))
    for piece in law.pieces:
        part = strided(piece.view, parameters)
        value += float(piece.coefficient) * paired(law.form, piece, part, part)
    return without(law, value)


def shape_of(law: Law) -> tuple[int, ...]:
    """That of its values: a matrix for each index but the last for products."""
    return (*law.sizes, law.sizes[-1]) if law.form is Form.PRODUCTS else law.sizes


def without(law: Law, value: Array) -> Array:
    """The values without what is not conserved: means, or diagonals."""
    for axis in law.centred:
        value = value - value.mean(axis, keepdims=True)
    return value * (1 - np.eye(law.sizes[-1])) if law.hollow else value


def paired(form: Form, piece: Piece, one: Numbers, two: Numbers) -> Array:
    """Of two arrays like the view of a piece, or blocks of them: sum_r one[i, r] two[i, r] for squares, for
    products the matrices sum_r one[i, r] two[j, r], and sum_r one[i, r] for sums."""
    if form is Form.SUMS:
        return sums_of(piece, one)
    if form is Form.SQUARES:
        return sums_of(piece, one, two)
    left, right = (rows_of(piece, x.astype(np.float64, copy=False)) for x in (one, two))
    return np.asarray(left @ np.swapaxes(right, -1, -2))


def sums_of(piece: Piece, *arrays: Numbers) -> Array:
    """The sums of the product of arrays like the view of a piece, for each of the indices of the law."""
    if len(arrays) == 1:
        rest = tuple(k for k in range(arrays[0].ndim) if k not in piece.index)
        summed: Array = arrays[0].sum(rest, dtype=np.float64)
        return summed.transpose([sorted(piece.index).index(k) for k in piece.index])
    axes = ascii_lowercase[: arrays[0].ndim]
    kept = "".join(axes[k] for k in piece.index)
    found: Array = np.einsum(f"{','.join([axes] * len(arrays))}->{kept}", *arrays, dtype=np.float64)
    return found


def rows_of(piece: Piece, array: Array) -> Array:
    """An array like the view of a piece with the indices of the law first, all others in one axis."""
    kept = len(piece.index)
    moved = np.moveaxis(array, piece.index, range(kept))
    return moved.reshape(*moved.shape[:kept], prod(moved.shape[kept:]))


def blocks_of(form: Form, piece: Piece, most: int) -> Iterator[tuple[slice, ...]]:
    """Blocks of the view of a piece that together are all of it, of at most so many entries where no row is
    longer; those of products have all of the last index, and rows that are worth a matrix."""
    view, index = piece.view, piece.index
    step, axes = [*view.sizes], {k: -stride for k, stride in enumerate(view.strides)}
    if form is Form.PRODUCTS:
        most = max(most, _DEEP * view.sizes[index[-1]])
        del axes[index[-1]]
    for axis in sorted(axes, key=lambda k: (form is Form.PRODUCTS and k not in index, axes[k])):
        step[axis] = max(1, min(step[axis], most * step[axis] // max(prod(step), 1)))
    parts = ([slice(a, a + s) for a in range(0, n, s)] for n, s in zip(view.sizes, step, strict=True))
    yield from product(*parts)
