"""What the terms of an identity are made of: products of gradients and parameters, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from polylaw.networks.law import Law
from polylaw.networks.pieces import Form, Piece
from polylaw.networks.values import Array, Arrays, paired, strided, sums_of


@dataclass(frozen=True)
class Pairing:
    """Of the rows g and theta of a piece, for each index of its law: |g|^2, |theta|^2 and <g, theta>, that is
    a matrix for products; and the length of rows.  In sums theta is 1."""

    squares: Array
    weights: Array
    products: Array
    length: int


def pairing_of(law: Law, piece: Piece, gradients: Arrays, parameters: Arrays) -> Pairing:
    """Of all entries at once."""
    g, theta = (strided(piece.view, arrays) for arrays in (gradients, parameters))
    squares, length = sums_of(piece, g, g), row_length(law, piece)
    weights = np.full(squares.shape, float(length)) if law.form is Form.SUMS else sums_of(piece, theta, theta)
    return Pairing(squares, weights, paired(law.form, piece, g, theta), length)


def row_length(law: Law, piece: Piece) -> int:
    """How many entries a piece has for each index of its law."""
    return prod(piece.view.sizes) // max(prod(law.sizes), 1)
