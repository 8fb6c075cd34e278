"""Matrices of quotients of polynomials, and scalars: sums and products, bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from polylaw.algebra.bounded import BoundedArithmetic, Quotient
from polylaw.errors import InputError


@dataclass(frozen=True)
class Value:
    """A scalar (one entry, `scalar` true) or a matrix."""

    entries: tuple[tuple[Quotient, ...], ...]
    scalar: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return len(self.entries), len(self.entries[0])

    @property
    def transposed(self) -> Value:
        """Rows as columns; a scalar is its own transpose."""
        return self if self.scalar else Value(tuple(zip(*self.entries, strict=True)))


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


def negated(value: Value) -> Value:
    """-value."""
    return Value(tuple(tuple(e.negated() for e in row) for row in value.entries), value.scalar)


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
            raise InputError(
                arithmetic.argument,
                f"a {rows} x {columns} matrix and {scale.above}",
                "a square matrix beside a number",
            )
        return plus(arithmetic, matrix, identity(arithmetic, scale, rows))
    if left.shape != right.shape:
        found = " and ".join(f"{a} x {b}" for a, b in (left.shape, right.shape))
        raise InputError(arithmetic.argument, found, "matrices of one shape", "X' is the transpose of X")
    pairs = (zip(a, b, strict=True) for a, b in zip(left.entries, right.entries, strict=True))
    return Value(tuple(tuple(arithmetic.sum(pair) for pair in row) for row in pairs), left.scalar)


def times(arithmetic: BoundedArithmetic, left: Value, right: Value) -> Value:
    """The product of matrices, or with a scalar; `InputError` for shapes that do not fit."""
    if left.scalar or right.scalar:
        number, matrix = (left, right) if left.scalar else (right, left)
        scale = number.entries[0][0]
        return Value(
            tuple(tuple(arithmetic.multiply(scale, e) for e in row) for row in matrix.entries), matrix.scalar
        )
    if left.shape[1] != right.shape[0]:
        found = " times ".join(f"{a} x {b}" for a, b in (left.shape, right.shape))
        raise InputError(
            arithmetic.argument, found, "matrices that can be multiplied", "X' is the transpose of X"
        )
    columns = list(zip(*right.entries, strict=True))
    product = (
        tuple(
            arithmetic.sum([arithmetic.multiply(a, b) for a, b in zip(row, column, strict=True)])
            for column in columns
        )
        for row in left.entries
    )
    return Value(tuple(product))
