"""Laws of networks as exact polynomials in the weights of a model of the zoo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

import polylaw as pl
from polylaw.networks.law import Law
from polylaw.networks.pieces import Form, Piece
from polylaw.networks.values import entries, rows_of

#: Arrays of polynomials by name.
Arrays = Mapping[str, Any]


def rows(piece: Piece, arrays: Arrays) -> Any:
    """The entries of a piece, exactly: the indices of the law, then all others in one axis."""
    array = arrays[piece.view.name]
    number = np.arange(array.size).reshape(array.shape)
    return array.reshape(-1)[rows_of(piece, entries(piece.view, {piece.view.name: number})).astype(int)]


def quantities(law: Law, arrays: Arrays) -> list[pl.Polynomial]:
    """The conserved quantities of the gradient flow."""
    if law.form is Form.PRODUCTS:
        matrices = [_gram(rows(p, arrays), rows(p, arrays)) * p.coefficient for p in law.pieces]
        return _entries(sum(matrices), 1 if law.hollow else 0)
    power = 1 if law.form is Form.SUMS else 2
    found = [(rows(p, arrays) ** power).sum(-1) * p.coefficient for p in law.pieces]
    return _differences(law, sum(found))


def turns(law: Law, arrays: Arrays, velocities: Arrays) -> list[pl.Polynomial]:
    """For products: the skew part of velocity and position, which flows with momentum keep."""
    matrices = [_gram(rows(p, velocities), rows(p, arrays)) * abs(p.coefficient) for p in law.pieces]
    matrix = sum(matrices)
    return _entries(matrix - np.swapaxes(matrix, -1, -2), 1)


def mirrored(law: Law, arrays: Arrays, mirror: Callable[[str], bool]) -> list[pl.Polynomial]:
    """What a mirror flow keeps, theta' = -theta dL/dtheta for some arrays: the identity sum c theta dL/dtheta
    = 0 is the rate of sum c theta there, and of sum c theta^2 / 2 for the others."""
    found: Any = 0
    for p in law.pieces:
        entry = rows(p, arrays)
        found = found + (entry * 2 if mirror(p.view.name) else entry**2).sum(-1) * p.coefficient
    return _differences(law, found)


def with_products(laws: Iterable[pl.Polynomial], linear: Iterable[pl.Polynomial]) -> list[pl.Polynomial]:
    """Laws, and the products of two linear ones, which are laws of degree 2 as well."""
    return [*laws, *(a * b for a, b in combinations_with_replacement(list(linear), 2))]


def _gram(one: Any, two: Any) -> Any:
    return (one[..., :, None, :] * two[..., None, :, :]).sum(-1)


def _entries(matrix: Any, above: int) -> list[pl.Polynomial]:
    first, second = np.triu_indices(matrix.shape[-1], above)
    return list(matrix[..., first, second].reshape(-1))


def _differences(law: Law, values: Any) -> list[pl.Polynomial]:
    values = np.asarray(values, dtype=object)
    for axis in law.centred:
        values = np.diff(values, axis=axis)
    return list(values.reshape(-1))
