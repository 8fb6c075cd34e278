"""The flow of a certificate in one form:  q(x) x' = X0(x) - M(x) J_phi(x)^T w(t),  with integer coefficients.

x are all coordinates (variables, clock, parameters).  Constant factors of phi and M are absorbed by the arbitrary w.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import lcm
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import Ring
from polylaw.flows.distribution import Field

__all__ = ["Motion", "motion_of"]

Matrix = list[tuple[int, int, Polynomial]]


@dataclass
class Motion:
    """`plain`: gradient flow in the Euclidean metric without decay or parameters, where the identity is not written out.
    `moving`: how many coordinates are no parameters.  `withheld`: why the flow has no such form, else empty."""

    ring: Ring
    moving: int
    phi: list[Polynomial] = field(default_factory=list)
    factor: Polynomial = None  # type: ignore[assignment]
    drift: dict[int, Polynomial] = field(default_factory=dict)
    matrix: Matrix = field(default_factory=list)
    plain: bool = False
    withheld: str = ""

    def polynomial(self, terms: Iterable[list[Any]]) -> Polynomial:
        """A polynomial of the certificate."""
        return Polynomial(self.ring, {tuple(zip(t[1::2], t[2::2], strict=True)): rational(t[0]) for t in terms})

    def fields(self) -> list[Field]:
        """M grad phi_j for every j, then X0 if it is not 0: the numbering of the certificate."""
        result = []
        for p in self.phi:
            gradient = p.gradient()
            if self.plain:
                components = {k: g for k, g in gradient.items() if k < self.moving}
            else:
                components = {}
                for i, j, m in self.matrix:
                    if j in gradient:
                        part = m * gradient[j]
                        components[i] = components[i] + part if i in components else part
            result.append(Field("grad", {k: g for k, g in sorted(components.items()) if g}))
        drift = {k: p for k, p in sorted(self.drift.items()) if p}
        return [*result, Field("drift", drift)] if drift else result

    def fields_text(self) -> str:
        """The same list in the words of the Coq library."""
        if self.plain:
            return "map grad phi"
        return "map (mgrad M) phi" + (" ++ [X0]" if self.drift else "")


def motion_of(data: dict[str, Any]) -> Motion:
    """The motion of a certificate's flow."""
    variables, clock = len(data["variables"]), data["clock"]
    moving = variables + (clock is not None)
    size = moving + len(data["parameters"])
    motion = Motion(Ring([f"x{i}" for i in range(1, size + 1)]), moving)
    motion.factor = motion.ring.constant(1)
    flow = data["flow"]
    if flow["type"] == "ode":
        _ode(motion, flow, clock, variables)
    elif flow["type"] in ("gradient", "momentum"):
        if any(len(parts) > 1 for parts in flow["phi"]):
            motion.withheld = "anything about the flow, because phi has denominators"
            return motion
        motion.phi = [p for parts in flow["phi"] if (p := _without_denominators(motion.polynomial(parts[0]))).support]
        (_gradient if flow["type"] == "gradient" else _momentum)(motion, flow, clock, variables)
    else:
        motion.withheld = "anything about the flow, because its fields are given one by one"
        return motion
    _clear_denominators(motion)
    motion.matrix = [(i, j, m) for i, j, m in motion.matrix if m]
    # components that move nothing are no fields in the certificate's numbering
    kept = [p for p, f in zip(motion.phi, motion.fields(), strict=False) if f.components]
    motion.phi = kept
    return motion


def _coordinate(motion: Motion, k: int) -> Polynomial:
    return motion.ring.monomial(((k, 1),))


def _gradient(motion: Motion, flow: dict[str, Any], clock: Any, variables: int) -> None:
    motion.plain = clock is None and "metric" not in flow and motion.ring.size == variables
    motion.matrix = _metric(motion, flow, variables)
    if "weight_decay" in flow:
        rate = motion.polynomial(flow["weight_decay"])
        motion.drift = {k: -rate * _coordinate(motion, k) for k in range(variables)}
        motion.drift[variables] = rate * _coordinate(motion, variables)


def _metric(motion: Motion, flow: dict[str, Any], size: int) -> Matrix:
    if "metric" in flow:
        return [(i, j, motion.polynomial(m)) for i, j, m in flow["metric"]]
    return [(k, k, motion.ring.constant(1)) for k in range(size)]


def _momentum(motion: Motion, flow: dict[str, Any], clock: Any, variables: int) -> None:
    """theta' = v, v' = -tau v - M(tau theta + v) J^T w; for tau = c/t all times t = s^q, and M times a power of t."""
    d, ring = variables // 2, motion.ring
    s = _coordinate(motion, variables)
    time = rate = ring.constant(1)
    if "over_time" in flow:
        c = rational(flow["over_time"])
        root = clock["root"]
        rate, time = ring.constant(c), s**root
        motion.factor, motion.drift[variables] = time, s / root
    else:
        rate = motion.polynomial(flow["damping"])
        motion.drift[variables] = rate * s if rate else ring.constant(1)
    for k in range(d):
        motion.drift[k] = time * _coordinate(motion, d + k)
        motion.drift[d + k] = -rate * _coordinate(motion, d + k)
    entries = _metric(motion, flow, d)
    top = max((sum(e for g, e in m if g < d) for _, _, p in entries for m in p.terms), default=0)
    images = {g: _coordinate(motion, g) for g in range(ring.size)}
    images |= {k: rate * images[k] + time * images[d + k] for k in range(d)}
    lifted: Matrix = []
    for i, j, p in entries:
        parts = []
        for m, c in p.terms.items():
            degree = sum(e for g, e in m if g < d)
            parts.append(Polynomial(ring, {m: c}).substitute(images, ring) * time ** (top - degree))
        lifted.append((d + i, j, Polynomial.sum(ring, parts)))
    motion.matrix = lifted


def _ode(motion: Motion, flow: dict[str, Any], clock: Any, variables: int) -> None:
    one = motion.ring.constant(1)
    parts = [[motion.polynomial(p) for p in f] for f in flow["rhs"]]
    for f in parts:
        if len(f) > 1:
            motion.factor = motion.factor * f[1].divide_exactly(motion.factor.gcd(f[1]))
    for k, f in enumerate(parts):
        motion.drift[k] = f[0] * (motion.factor.divide_exactly(f[1]) if len(f) > 1 else motion.factor)
    if clock is not None:
        rate = motion.polynomial(clock["rate"]) * _coordinate(motion, variables) if "rate" in clock else one
        motion.drift[variables] = rate * motion.factor


def _without_denominators(p: Polynomial) -> Polynomial:
    return p * lcm(*(c.denominator for c in p.terms.values())) if p else p


def _clear_denominators(motion: Motion) -> None:
    """q and X0 times one integer, M times another (which w absorbs)."""
    scale = lcm(*(c.denominator for p in (motion.factor, *motion.drift.values()) for c in p.terms.values()))
    motion.factor = motion.factor * scale
    motion.drift = {k: p * scale for k, p in motion.drift.items() if p}
    metric = lcm(*(c.denominator for _, _, m in motion.matrix for c in m.terms.values()))
    motion.matrix = [(i, j, m * metric) for i, j, m in motion.matrix]
