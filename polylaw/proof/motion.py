"""The flow of a certificate as vector fields, exactly as it is defined:  factor x' = drift - sum_j u_j
kicks[j].

x are all coordinates.  The u_j are as arbitrary as the w_j of the flow, of which they are multiples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import Ring, RootOfTime
from polylaw.flows.motion import Tempo, cleared, decay, slopes

__all__ = ["Components", "Coordinates", "Matrix", "Motion", "Quotient", "motion_of"]

Components = dict[int, Polynomial]
Matrix = list[tuple[int, int, Polynomial]]
Quotient = tuple[Polynomial, Polynomial]


@dataclass(frozen=True)
class Coordinates:
    """The coordinates of a certificate from 0: variables, the clock if there is one, parameters.  All but
    these move.

    Variables from number `own` on are functions of others.
    """

    ring: Ring
    variables: int
    moving: int
    own: int

    @staticmethod
    def of(data: dict[str, Any]) -> Coordinates:
        """Those of a certificate."""
        variables = len(data["variables"])
        moving = variables + (data["clock"] is not None)
        size = moving + len(data["parameters"])
        names = [f"x{i}" for i in range(1, size + 1)]
        clock = (
            RootOfTime() if moving > variables else None
        )  # which clock it is makes no difference to polynomials
        own = variables - len(data.get("functions", []))
        return Coordinates(Ring(names[:variables], names[moving:], clock), variables, moving, own)

    def __getitem__(self, k: int) -> Polynomial:
        return self.ring.monomial(((k, 1),))

    def polynomial(self, terms: Iterable[Sequence[Any]]) -> Polynomial:
        """A polynomial of the certificate."""
        return Polynomial(
            self.ring, {tuple(zip(t[1::2], t[2::2], strict=True)): rational(t[0]) for t in terms}
        )

    def quotient(self, parts: Sequence[Any]) -> Quotient:
        """Numerator and denominator of a rational function."""
        return self.polynomial(parts[0]), self.polynomial(parts[1]) if len(parts) > 1 else self.ring.constant(
            1
        )

    def metric(self, flow: dict[str, Any], size: int) -> Matrix:
        """The nonzero entries of M."""
        if "metric" not in flow:
            return [(k, k, self.ring.constant(1)) for k in range(size)]
        return [(i, j, m) for i, j, terms in flow["metric"] if (m := self.polynomial(terms))]


@dataclass(frozen=True)
class Motion:
    """Fields with their nonzero components only.

    `kicks`: M (q grad p - p grad q) for each component p/q of phi, or each field of a certificate that lists
    them. `drift`: what moves without a loss, times `factor`: t for the damping c/t, the common denominator of
    an ODE, else 1. `lifted`: with momentum M is taken at tau theta + v, and the kicks are multiplied by this
    power of `factor`.
    """

    kicks: list[Components]
    drift: Components
    factor: Polynomial
    lifted: int = 0


def motion_of(data: dict[str, Any]) -> Motion:
    """The motion of a certificate's flow."""
    kinds: dict[str, Callable[..., Motion]] = {
        "gradient": _gradient,
        "momentum": _momentum,
        "ode": _ode,
        "fields": _given,
    }
    flow = data["flow"]
    return kinds[flow["type"]](Coordinates.of(data), flow, data["clock"])


def _gradient(x: Coordinates, flow: dict[str, Any], clock: Any) -> Motion:
    """theta' = - lambda theta - M J^T w, and s' = lambda s"""
    drift: Components = {}
    if "weight_decay" in flow:
        rate, s = x.polynomial(flow["weight_decay"]), x.variables
        drift = {**decay({k: x[k] for k in range(x.own)}, rate), s: rate * x[s]}
    return Motion(_kicks(x, flow, x.metric(flow, x.own)), _nonzero(drift), x.ring.constant(1))


def _momentum(x: Coordinates, flow: dict[str, Any], clock: Any) -> Motion:
    """theta' = v, v' = - tau v - M(tau theta + v) J^T w, and the clock; for tau = c/t all times t = s^root"""
    d, s, one = x.own // 2, x[x.variables], x.ring.constant(1)
    over_time = "over_time" in flow
    rate = one * rational(flow["over_time"]) if over_time else x.polynomial(flow["damping"])
    tempo: Tempo[int] = Tempo.of(rate, s, clock["root"] if over_time else 0)
    drift = {**tempo.drift((k, d + k, x[d + k]) for k in range(d)), x.variables: tempo.ticks}
    places = {k: tempo.place(x[k], x[d + k]) for k in range(d)}
    metric, power = tempo.lifted(x.metric(flow, d), places)
    kicks = _kicks(x, flow, [(d + i, j, p) for i, j, p in metric])
    return Motion(kicks, _nonzero(drift), tempo.time, power)


def _ode(x: Coordinates, flow: dict[str, Any], clock: Any) -> Motion:
    """x' = f(x), and the clock; all times the least common denominator"""
    moves, factor = cleared([x.quotient(parts) for parts in flow["rhs"]], x.ring.constant(1))
    drift = dict(enumerate(moves))
    if clock is not None:
        n = x.variables
        drift[n] = factor * x.polynomial(clock["rate"]) * x[n] if "rate" in clock else factor
    return Motion([], _nonzero(drift), factor)


def _given(x: Coordinates, flow: dict[str, Any], clock: Any) -> Motion:
    """The fields that the certificate lists"""
    return Motion(
        [_nonzero({k: x.polynomial(p) for k, p in field}) for field in flow["fields"]], {}, x.ring.constant(1)
    )


def _kicks(x: Coordinates, flow: dict[str, Any], matrix: Matrix) -> list[Components]:
    """matrix (q grad p - p grad q) for each component p/q of phi"""
    columns: dict[int, list[tuple[int, Polynomial]]] = {}
    for i, j, m in matrix:
        columns.setdefault(j, []).append((i, m))
    kicks = []
    for p, q in map(x.quotient, flow["phi"]):
        rows: dict[int, list[Polynomial]] = {}
        for j, slope in slopes(p, q).items():
            for i, m in columns.get(j, []):
                rows.setdefault(i, []).append(m * slope)
        kicks.append(_nonzero({i: Polynomial.sum(x.ring, parts) for i, parts in rows.items()}))
    return kicks


def _nonzero(components: Components) -> Components:
    return {k: p for k, p in sorted(components.items()) if p}
