"""What laws and identities of a network are at given parameters and gradients, as numbers.

Arrays are numpy's, by the names of the parameters and in their layout; all sums are taken in float64.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from polylaw.networks.law import Law
from polylaw.networks.pieces import Form, Piece, View

Array = npt.NDArray[np.float64]
#: Parameters, or gradients, by name.
Arrays = Mapping[str, npt.NDArray[np.floating]]


def strided(view: View, arrays: Arrays, *, writeable: bool = False) -> npt.NDArray[np.floating]:
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
    if law.form is Form.PRODUCTS:
        return _matrix_identity(law, parameters, gradients)
    value = np.zeros(law.sizes)
    for piece in law.pieces:
        beside = [strided(piece.view, parameters)] if law.form is Form.SQUARES else []
        value += float(piece.coefficient) * sums_of(piece, strided(piece.view, gradients), *beside)
    return _centred(law, value)


def _matrix_identity(law: Law, parameters: Arrays, gradients: Arrays) -> Array:
    value = np.zeros((*law.sizes, law.sizes[-1]))
    for piece in law.pieces:
        left, right = (rows_of(piece, entries(piece.view, arrays)) for arrays in (gradients, parameters))
        if piece.coefficient < 0:
            left, right = right, left
        value += float(piece.coefficient) * (left @ np.swapaxes(right, -1, -2))
    turned = np.swapaxes(value, -1, -2)
    value = value - turned if law.skew else value + turned if law.symmetric else value
    return value * (1 - np.eye(law.sizes[-1])) if law.hollow else value


def quantity(law: Law, parameters: Arrays) -> Array:
    """The conserved quantity of the gradient flow, for each of its indices."""
    if law.form is Form.PRODUCTS:
        found = np.zeros((*law.sizes, law.sizes[-1]))
        for piece in law.pieces:
            rows = rows_of(piece, entries(piece.view, parameters))
            found += float(piece.coefficient) * (rows @ np.swapaxes(rows, -1, -2))
        return found * (1 - np.eye(law.sizes[-1])) if law.hollow else found
    value = np.zeros(law.sizes)
    for piece in law.pieces:
        part = strided(piece.view, parameters)
        value += float(piece.coefficient) * sums_of(piece, *[part] * (1 + (law.form is Form.SQUARES)))
    return _centred(law, value)


def sums_of(piece: Piece, *arrays: npt.NDArray[np.floating]) -> Array:
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


def _centred(law: Law, value: Array) -> Array:
    for axis in law.centred:
        value = value - value.mean(axis, keepdims=True)
    return value
