"""Fixed-step methods: each is a Butcher tableau, and one function steps them all.

    k_i = f(t + c_i h, x + h sum_j a_ij k_j),   x(t + h) = x + h sum_i b_i k_i,   c_i = sum_j a_ij

The tables are exact, so that their orders and what they conserve are facts about rational numbers: a method
with b_i a_ij + b_j a_ji = b_i b_j for all i, j keeps every quadratic law exactly (Cooper, IMA J. Numer. Anal.
7, 1987). Source of the tables: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.1; II,
IV.5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from polylaw.testing.evaluation import FloatArray

Velocity = Callable[[float, FloatArray], FloatArray]
_SWEEPS = 100


@dataclass(frozen=True)
class Tableau:
    """The coefficients `a` (a row for each stage) and `b` of a method, and its order."""

    name: str
    order: int
    a: tuple[tuple[Fraction, ...], ...]
    b: tuple[Fraction, ...]

    @property
    def c(self) -> tuple[Fraction, ...]:
        """The times of the stages."""
        return tuple(sum(row, Fraction()) for row in self.a)

    @property
    def explicit(self) -> bool:
        """Whether every stage needs only earlier ones."""
        return not any(any(row[i:]) for i, row in enumerate(self.a))

    @property
    def keeps_quadratic_laws(self) -> bool:
        """Whether quadratic laws are kept exactly, at any step."""
        stages = range(len(self.b))
        a, b = self.a, self.b
        return all(b[i] * a[i][j] + b[j] * a[j][i] == b[i] * b[j] for i in stages for j in stages)

    @cached_property
    def _floats(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        a, b, c = (np.array(part, dtype=np.float64) for part in (self.a, self.b, self.c))
        return a, b, c

    def step(self, velocity: Velocity, t: float, x: FloatArray, h: float) -> FloatArray:
        """The state after one step; not a number when the stages of an implicit method cannot be found.

        One sweep through its stages does for an explicit method; for an implicit one sweeps are repeated
        until nothing moves, which they do not when the step is too long.
        """
        a, b, c = self._floats
        k = np.zeros((len(b), len(x)))
        nothing, moved = np.finfo(float).eps * np.abs(x).max(), np.inf
        for _ in range(1 if self.explicit else _SWEEPS):
            before = k.copy()
            for i in range(len(b)):
                k[i] = velocity(t + c[i] * h, x + h * (a[i] @ k))
            moved = abs(h) * np.abs(k - before).max()
            if moved <= nothing:
                break
        found = self.explicit or moved <= nothing
        return x + h * (b @ k) if found else np.full(len(x), np.nan)


def _tableau(name: str, order: int, a: str, b: str) -> Tableau:
    """From rows of numbers, with a semicolon between rows; what is missing at the end of a row is 0."""
    weights = tuple(map(Fraction, b.split()))
    rows = [[*map(Fraction, row.split())] for row in a.split(";")]
    filled = tuple((*row, *[Fraction()] * (len(weights) - len(row))) for row in rows)
    return Tableau(name, order, filled, weights)


#: The fixed-step methods by name.
METHODS = {
    method.name: method
    for method in (
        _tableau("euler", 1, "0", "1"),
        _tableau("midpoint", 2, "0; 1/2", "0 1"),
        _tableau("heun", 2, "0; 1", "1/2 1/2"),
        _tableau("kutta3", 3, "0; 1/2; -1 2", "1/6 2/3 1/6"),
        _tableau("rk4", 4, "0; 1/2; 0 1/2; 0 0 1", "1/6 1/3 1/3 1/6"),
        _tableau("rk38", 4, "0; 1/3; -1/3 1; 1 -1 1", "1/8 3/8 3/8 1/8"),
        _tableau("implicit_midpoint", 2, "1/2", "1"),
    )
}
