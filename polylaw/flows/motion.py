"""How flows move, written once: over the polynomials of a state ring or of the coordinates of a certificate,
and over words with symbolic widths.

    gradient    x' = -M(x) J' w - rate x,                          clock' = rate clock
    momentum    x' = v,    v' = -M(rate x + v) J' w - rate v,      clock' = rate clock, or 1 without damping
    c/t         the same with rate = c/t and clock = t^(1/root), everything multiplied by t
    ODE         x' = p/q, everything multiplied by the least common denominator

w is arbitrary, J the derivative of the map phi.  Places and velocities are elements of any algebra
(`polylaw.algebra.protocol`), by any keys; rates, times and clocks are scalars of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from polylaw.algebra.check import Check, every, unchecked
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.protocol import Element

Key = TypeVar("Key")
E = TypeVar("E", bound=Element)

#: (i, j, M_ij)
Entry = tuple[int, int, Polynomial]
#: (p, q) for p/q
Ratio = tuple[Polynomial, Polynomial]
Components = dict[int, Polynomial]
#: phi and M, as far as it is not 0: M_ij moves coordinate i, which may be that of a velocity
Loss = tuple[Iterable[Ratio], Sequence[Entry]]

#: Components of phi between two checks.
_STEPS = 50


@dataclass(frozen=True)
class Motion:
    """factor x' = drift - sum_j u_j kicks[j] for all coordinates x, by nonzero components; the u_j are as
    arbitrary as the w_j of the flow, of which they are multiples.

    `kicks`: M (q grad p - p grad q) for each component p/q of phi. `drift`: what moves without a loss, times
    `factor`: t for a rate c/t, the common denominator of an ODE, else 1. `lifted`: with momentum M is taken
    at rate x + v, and the kicks are multiplied by this power of `factor`.
    """

    kicks: list[Components]
    drift: Components
    factor: Polynomial
    lifted: int = 0

    @staticmethod
    def of(
        loss: Loss, drift: Components, factor: Polynomial, lifted: int = 0, check: Check = unchecked
    ) -> Motion:
        """With the kicks of a loss; derivatives by parameters play no role."""
        kicks, columns, check = [], dict[int, list[tuple[int, Polynomial]]](), every(_STEPS, check)
        for i, j, m in loss[1]:
            columns.setdefault(j, []).append((i, m))
        for p, q in loss[0]:
            check("writing down the fields")
            rows: dict[int, list[Polynomial]] = {}
            for j, slope in slopes(p, q).items():
                for i, m in columns.get(j, ()):
                    rows.setdefault(i, []).append(slope if m == 1 else m * slope)
            kicks.append(nonzero({i: Polynomial.sum(p.ring, parts) for i, parts in rows.items()}))
        return Motion(kicks, nonzero(drift), factor, lifted)


def nonzero(components: Components) -> Components:
    """The components that are not 0, in order."""
    return {k: p for k, p in sorted(components.items()) if p}


def decay(places: Mapping[Key, E], rate: Any) -> dict[Key, E]:
    """x' = -rate x"""
    return {k: x * -rate for k, x in places.items()}


@dataclass(frozen=True)
class Tempo(Generic[Key]):
    """The drift of a momentum flow, multiplied by `time`: x' = time v, v' = -rate v, clock' = `ticks`."""

    rate: Any
    time: Any
    ticks: Any

    @staticmethod
    def of(rate: Any, clock: Any, root: int = 0) -> Tempo[Key]:
        """For a constant damping, clock exp(rate t), or t at rate 0; with a root for the damping rate/t."""
        if root:
            return Tempo(rate, clock**root, clock / root)
        one = clock**0
        return Tempo(rate, one, rate * clock if rate else one)

    def drift(self, moving: Iterable[tuple[Key, Key, E]]) -> dict[Key, E]:
        """What moves without a loss, but for the clock: for the keys of a place and its velocity v, and v."""
        moves: dict[Key, E] = {}
        for place, velocity, v in moving:
            moves[place], moves[velocity] = v * self.time, v * -self.rate
        return moves

    def place(self, x: E, v: E) -> E:
        """Where the metric is taken, times `time`."""
        found: E = x * self.rate + v * self.time
        return found

    def lifted(self, metric: Sequence[Entry], images: Mapping[int, Polynomial]) -> tuple[list[Entry], int]:
        """The entries of M at the `images` of places, times the power of `time` that clears it from the
        denominators; and that power."""
        top = max((_degree(m, images) for *_, p in metric for m in p.terms), default=0)
        if top == 0:
            return [*metric], 0
        return [(i, j, self._lifted(p, images, top)) for i, j, p in metric], top

    def _lifted(self, p: Polynomial, images: Mapping[int, Polynomial], top: int) -> Polynomial:
        ring = p.ring
        others = {g: ring.monomial(((g, 1),)) for g in range(ring.size) if g not in images}
        by_degree: dict[int, dict[Any, Any]] = {}
        for m, c in p.terms.items():
            by_degree.setdefault(_degree(m, images), {})[m] = c
        parts = (
            Polynomial(ring, terms).substitute({**others, **images}, ring) * self.time ** (top - degree)
            for degree, terms in by_degree.items()
        )
        return Polynomial.sum(ring, parts)


def _degree(monomial: Iterable[tuple[int, int]], images: Mapping[int, Polynomial]) -> int:
    """The degree in the places."""
    return sum(e for g, e in monomial if g in images)


def slopes(p: Polynomial, q: Polynomial) -> dict[int, Polynomial]:
    """q grad p - p grad q, which is q^2 grad (p/q): for q = 1 the gradient."""
    above, below = p.gradient(), q.gradient()
    if not below:
        return above if q == 1 else {k: q * slope for k, slope in above.items()}
    zero = Polynomial(p.ring, {})
    return {k: above.get(k, zero) * q - p * below.get(k, zero) for k in sorted({*above, *below})}


def cleared(sides: Sequence[Ratio], one: Polynomial) -> tuple[list[Polynomial], Polynomial]:
    """The quotients p/q times their least common denominator, and that."""
    factor = one
    for _, q in sides:
        factor = factor.lcm(q)
    return [p * factor.divide_exactly(q) for p, q in sides], factor
