"""How many directions the fields of a network move its parameters in, in floating point.

All of it is apart from what it tests: networks are written out in `tests.programs.small_nets`, derivatives
are those of `tests.programs.twice`, and flows are integrated.  The differential of a flow takes values of the
fields elsewhere back to the beginning, where together they span values of the Lie algebra: gradients of laws
are orthogonal to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from tests.programs.twice import Twice

#: Outputs, of lists of parameters and of data.
Network = Callable[[Sequence[Any], Sequence[Any]], Sequence[Any]]
_SEGMENTS, _SOME, _TIME = 5, 6, 0.1


class Orbit:
    """The singular values of what the fields move, at random parameters and data."""

    def __init__(self, network: Network, parameters: int, data: int, seed: int = 0) -> None:
        self.network, self.dimension, self.source = network, parameters, np.random.default_rng(seed)
        self.data = list(self.source.uniform(-1.5, 1.5, (data, _SOME)))
        theta = self.source.uniform(0.5, 1.5, parameters) * self.source.choice([-1, 1], parameters)
        rows = np.concatenate([*self._along(theta)])
        rows = rows[np.abs(rows).max(1) > 1e-6]
        self.values = np.linalg.svd(rows / np.linalg.norm(rows, axis=1)[:, None], compute_uv=False)

    def _outputs(self, theta: Any) -> Sequence[Twice]:
        d = self.dimension
        still = np.zeros((_SOME, d, d))
        slopes = np.broadcast_to(np.eye(d)[:, None], (d, _SOME, d))
        weights = [Twice(np.full(_SOME, w), slope, still) for w, slope in zip(theta, slopes, strict=True)]
        return self.network(weights, self.data)

    def _here(self, theta: Any) -> Any:
        """All fields."""
        return np.concatenate([y.slope for y in self._outputs(theta)])

    def _along(self, theta: Any) -> Any:
        """N' = -N Df takes values back."""
        d, back = self.dimension, np.eye(self.dimension)
        yield self._here(theta)
        for _ in range(_SEGMENTS):
            weights = self.source.normal(size=(len(self._outputs(theta)), _SOME)) / _SOME

            def motion(_t: float, state: Any, weights: Any = weights) -> Any:
                pairs = [*zip(weights, self._outputs(state[:d]), strict=True)]
                velocity, bent = (
                    sum(c @ y.slope for c, y in pairs),
                    sum(np.tensordot(c, y.bent, 1) for c, y in pairs),
                )
                return np.concatenate([velocity, -(state[d:].reshape(d, d) @ bent).reshape(-1)])

            start = np.concatenate([theta, back.reshape(-1)])
            flow = solve_ivp(motion, (0, _TIME), start, "DOP853", rtol=1e-12, atol=1e-13)
            assert flow.success, flow.message
            end = flow.y[:, -1]
            theta, back = end[:d], end[d:].reshape(d, d)
            yield self._here(theta) @ back.T

    @property
    def rank(self) -> int:
        """The number of singular values that are no rounding errors; the next is far below."""
        scaled = np.append(self.values / self.values[0], 0)
        rank = int((scaled > 1e-9).sum())
        assert scaled[rank] < 1e-3 * scaled[rank - 1], scaled
        return rank
