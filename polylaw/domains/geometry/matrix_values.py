"""Matrices of quotients of polynomials, and scalars: sums and products, bounded; claims between matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from polylaw.algebra.bounded import BoundedArithmetic, Quotient
from polylaw.algebra.ring import Polynomial
from polylaw.errors import InputError
from polylaw.frozen import Frozen
from polylaw.models.model import Index


@dataclass(frozen=True)
class Value:
    """A scalar (one entry, `scalar` true) or a matrix."""

    entries: tuple[tuple[Quotient, ...], ...]
    scalar: bool = False

    def __neg__(self) -> Value:
        return Value(tuple(tuple(-e for e in row) for row in self.entries), self.scalar)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return len(self.entries), len(self.entries[0])

    @property
    def transposed(self) -> Value:
        """Rows as columns; a scalar is its own transpose."""
        return self if self.scalar else Value(tuple(zip(*self.entries, strict=True)))


@dataclass(frozen=True)
class MatrixClaim:
    """A matrix (or vector: a column) of polynomials, by index from 1; `text`, as written, is not compared."""

    text: str = field(compare=False)
    entries: Frozen[Index, Polynomial]

    def __str__(self) -> str:
        return self.text


def scalar(entry: Quotient) -> Value:
    """A scalar."""
    return Value(((entry,),), scalar=True)


def column(entries: Sequence[Quotient]) -> Value:
    """A vector."""
    return Value(tuple((e,) for e in entries))


def identity(arithmetic: BoundedArithmetic, scale: Quotient, size: int) -> Value:
    """`scale` times the identity matrix."""
    zero = arithmetic.constant(0)
    return Value(tuple(tuple(scale if i == j else zero for j in range(size)) for i in range(size)))


def plus(arithmetic: BoundedArithmetic, left: Value, right: Value) -> Value:
    """left + right, where a number beside a matrix stands for so many times the identity; `InputError` for
    other shapes."""
    if left.scalar != right.scalar:
        matrix, number = (right, left) if left.scalar else (left, right)
        rows, columns = matrix.shape
        scale = number.entries[0][0]
        if not scale.above:
            return matrix
        if rows != columns:
            found = f"a {rows} x {columns} matrix and {scale.above}"
            raise InputError(arithmetic.argument, found, "a square matrix beside a number")
        return plus(arithmetic, matrix, identity(arithmetic, scale, rows))
    if left.shape != right.shape:
        found = _shapes(left, right, " and ")
        raise InputError(arithmetic.argument, found, "matrices of one shape", "X' is the transpose of X")
    pairs = (zip(a, b, strict=True) for a, b in zip(left.entries, right.entries, strict=True))
    return Value(tuple(tuple(arithmetic.sum(pair) for pair in row) for row in pairs), left.scalar)


def times(arithmetic: BoundedArithmetic, left: Value, right: Value) -> Value:
    """The product of matrices, or with a scalar; `InputError` for shapes that do not fit."""
    if left.scalar or right.scalar:
        number, matrix = (left, right) if left.scalar else (right, left)
        scale = partial(arithmetic.multiply, number.entries[0][0])
        return Value(tuple(tuple(map(scale, row)) for row in matrix.entries), matrix.scalar)
    if left.shape[1] != right.shape[0]:
        found, expected = _shapes(left, right, " times "), "matrices that can be multiplied"
        raise InputError(arithmetic.argument, found, expected, "X' is the transpose of X")
    columns = list(zip(*right.entries, strict=True))

    def entry(row: Sequence[Quotient], column: Sequence[Quotient]) -> Quotient:
        return arithmetic.sum(map(arithmetic.multiply, row, column))

    return Value(tuple(tuple(entry(row, column) for column in columns) for row in left.entries))


def _shapes(left: Value, right: Value, between: str) -> str:
    return between.join(f"{a} x {b}" for a, b in (left.shape, right.shape))
