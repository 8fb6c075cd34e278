"""What a model is as a function of its inputs: needed where data are given, in `polylaw.models.data`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient

#: The numbers of one input, in the order of `Network.inputs`.
Point = Sequence[Coefficient]


class Network(Protocol):
    """The function x -> g(theta, x) of a model with inputs."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the coordinates of x."""

    def outputs(self, phi: Sequence[RationalFunction], point: Point, argument: str) -> list[RationalFunction]:
        """g_1(theta, x), g_2(theta, x), ... for the map phi of the model, over its variables alone; errors
        name the point by `argument`."""

    def remarks(self, points: Sequence[Point]) -> tuple[str, ...]:
        """What one must know to read the laws on these points."""


@dataclass(frozen=True)
class LinearMap:
    """x -> Phi x, the entries of Phi being components of phi: `rows[k]` has where in phi its row k is.

    `remark` says, if there is something to say, how outputs and targets are meant.
    """

    rows: tuple[range, ...]
    remark: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """`x1`, `x2`, ..., one for each column of Phi."""
        return input_names(len(self.rows[0]))

    def outputs(self, phi: Sequence[RationalFunction], point: Point, argument: str) -> list[RationalFunction]:
        """The entries of Phi x."""
        one = phi[0].denominator
        products = [[phi[j].numerator * x for j, x in zip(row, point, strict=True) if x] for row in self.rows]
        return [RationalFunction(Polynomial.sum(one.ring, row), one) for row in products]

    def remarks(self, points: Sequence[Point]) -> tuple[str, ...]:
        """The remark, if there is one."""
        return (self.remark,) if self.remark else ()


def input_names(count: int) -> tuple[str, ...]:
    """`x1`, `x2`, ...: how the coordinates of an input are called where nobody named them."""
    return tuple(f"x{i}" for i in range(1, count + 1))
