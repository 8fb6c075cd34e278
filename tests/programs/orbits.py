"""How many directions the fields of a network move its parameters in, in floating point and from sympy alone.

All of it is apart from what it tests: functions are written out in sympy, whose derivatives make the fields,
and flows are integrated.  The differential of a flow takes values of the fields elsewhere back to the
beginning, where together they span values of the Lie algebra: gradients of laws are orthogonal to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy as sp
from scipy.integrate import solve_ivp

#: Outputs as expressions, of lists of parameters and of data.
Network = Callable[[Sequence[Any], Sequence[Any]], Sequence[Any]]
_SEGMENTS, _SOME, _TIME = 4, 6, 0.3


class Orbit:
    """The singular values of what the fields move, at random parameters and data."""

    def __init__(self, network: Network, parameters: int, data: int, seed: int = 0) -> None:
        self.dimension, self.source = parameters, np.random.default_rng(seed)
        self._fields(network, parameters, data)
        self.data = self.source.uniform(-2, 2, (_SOME, data))
        theta = self.source.uniform(0.5, 1.5, parameters) * self.source.choice([-1, 1], parameters)
        rows = np.concatenate([*self._along(theta)])
        rows = rows[np.abs(rows).max(1) > 1e-6]
        self.values = np.linalg.svd(rows / np.linalg.norm(rows, axis=1)[:, None], compute_uv=False)

    def _fields(self, network: Network, parameters: int, data: int) -> None:
        theta, x = (sp.symbols(f"{letter}:{n}", real=True) for letter, n in (("w", parameters), ("x", data)))
        outputs = [sp.sympify(f) for f in network(theta, x)]
        slopes = sp.Matrix([[sp.diff(f, w) for w in theta] for f in outputs])
        weights = sp.symbols(f"c:{len(outputs)}", real=True)
        total = [sum(c * slopes[k, j] for k, c in enumerate(weights)) for j in range(parameters)]
        bent = sp.Matrix([[sp.diff(g, w) for w in theta] for g in total])
        self.outputs = len(outputs)
        self.slopes = sp.lambdify([theta, x], slopes, ["scipy", "numpy"], cse=True)
        self.moved = sp.lambdify([theta, x, weights], [sp.Matrix(total), bent], ["scipy", "numpy"], cse=True)

    def _here(self, theta: Any) -> Any:
        """All fields."""
        return np.concatenate([np.asarray(self.slopes(theta, x), float) for x in self.data])

    def _along(self, theta: Any) -> Any:
        """N' = -N Df takes values back."""
        d, back = self.dimension, np.eye(self.dimension)
        yield self._here(theta)
        for _ in range(_SEGMENTS):
            weights = self.source.normal(size=(_SOME, self.outputs)) / _SOME

            def motion(_t: float, state: Any, weights: Any = weights) -> Any:
                velocity, bent = np.zeros(d), np.zeros((d, d))
                for x, c in zip(self.data, weights, strict=True):
                    one, two = self.moved(state[:d], x, c)
                    velocity, bent = velocity + np.asarray(one, float)[:, 0], bent + np.asarray(two, float)
                return np.concatenate([velocity, -(state[d:].reshape(d, d) @ bent).reshape(-1)])

            start = np.concatenate([theta, back.reshape(-1)])
            end = solve_ivp(motion, (0, _TIME), start, "DOP853", rtol=1e-12, atol=1e-13).y[:, -1]
            theta, back = end[:d], end[d:].reshape(d, d)
            yield self._here(theta) @ back.T

    @property
    def rank(self) -> int:
        """The number of singular values that are no rounding errors; the next is far below."""
        scaled = np.append(self.values / self.values[0], 0)
        rank = int((scaled > 1e-9).sum())
        assert scaled[rank] < 1e-3 * scaled[rank - 1], scaled
        return rank
