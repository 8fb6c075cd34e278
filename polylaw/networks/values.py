"""What laws and identities of a network are at given parameters and gradients, as numbers.

Arrays are numpy's, by the names of the parameters and in their layout; all sums are taken in float64.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from polylaw.networks.pieces import Form, Law, Piece, View

Array = npt.NDArray[np.float64]
#: Parameters, or gradients, by name.
Arrays = Mapping[str, npt.NDArray[np.floating]]


def entries(view: View, arrays: Arrays) -> Array:
    """The entries of a view, an axis for each of its own."""
    whole = np.ascontiguousarray(arrays[view.name])
    unit = whole.itemsize
    begin = whole.reshape(-1)[view.offset :]
    strided = as_strided(begin, view.sizes, [unit * s for s in view.strides], writeable=False)
    return strided.astype(np.float64)


@dataclass(frozen=True)
class Residual:
    """How far an identity of gradients is from 0, for each of its indices; `terms` is the root of the sum of
    squares of the terms that were added up there, `count` their number."""

    value: Array
    terms: Array
    count: int


def identity(law: Law, parameters: Arrays, gradients: Arrays) -> Residual:
    """The identity that gradients of every loss obey for this law: for squares sum c g theta = 0, for sums
    sum c g = 0, for products the matrix sum +-(g theta') or +-(theta g') = 0."""
    if law.form is Form.PRODUCTS:
        return _matrix_identity(law, parameters, gradients)
    value, terms, count = np.zeros(law.sizes), np.zeros(law.sizes), 0
    for piece in law.pieces:
        product = entries(piece.view, gradients) * float(piece.coefficient)
        if law.form is Form.SQUARES:
            product *= entries(piece.view, parameters)
        rows = _rows(piece, product)
        value, terms = value + rows.sum(-1), terms + (rows**2).sum(-1)
        count += rows.shape[-1]
    return Residual(_centred(law, value), np.sqrt(_averaged(law, terms)), count)


def _matrix_identity(law: Law, parameters: Arrays, gradients: Arrays) -> Residual:
    value, terms, count = np.zeros((*law.sizes, law.sizes[-1])), np.zeros((*law.sizes, law.sizes[-1])), 0
    for piece in law.pieces:
        left, right = (_rows(piece, entries(piece.view, arrays)) for arrays in (gradients, parameters))
        if piece.coefficient < 0:
            left, right = right, left
        value += float(piece.coefficient) * left @ np.swapaxes(right, -1, -2)
        terms += float(piece.coefficient) ** 2 * left**2 @ np.swapaxes(right**2, -1, -2)
        count += left.shape[-1]
    turned = np.swapaxes(value, -1, -2)
    value = value - turned if law.skew else value + turned if law.symmetric else value
    if law.hollow:
        value = value * (1 - np.eye(law.sizes[-1]))
    return Residual(value, np.sqrt(terms), count)


def quantity(law: Law, parameters: Arrays) -> Array:
    """The conserved quantity of the gradient flow, for each of its indices."""
    if law.form is Form.PRODUCTS:
        found = np.zeros((*law.sizes, law.sizes[-1]))
        for piece in law.pieces:
            rows = _rows(piece, entries(piece.view, parameters))
            found += float(piece.coefficient) * rows @ np.swapaxes(rows, -1, -2)
        return found * (1 - np.eye(law.sizes[-1])) if law.hollow else found
    value = np.zeros(law.sizes)
    for piece in law.pieces:
        part = entries(piece.view, parameters)
        part = part**2 if law.form is Form.SQUARES else part
        value = value + float(piece.coefficient) * _rows(piece, part).sum(-1)
    return _centred(law, value)


def _rows(piece: Piece, array: Array) -> Array:
    """The indices of the law first, then all others in one axis."""
    moved = np.moveaxis(array, piece.index, range(len(piece.index)))
    kept = moved.shape[: len(piece.index)]
    return moved.reshape(*kept, array.size // max(prod(kept), 1))


def _centred(law: Law, value: Array) -> Array:
    for axis in law.centred:
        value = value - value.mean(axis, keepdims=True)
    return value


def _averaged(law: Law, squares: Array) -> Array:
    for axis in law.centred:
        squares = squares + squares.mean(axis, keepdims=True)
    return squares
