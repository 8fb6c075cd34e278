"""The flow of a certificate in the words of the Coq library, and the fields that the library makes of them.

Fields are worked out here as `proofs/coq/Flows.v` does, factor for factor, because the witness of a bound has integer
multipliers of them.  Coq computes them itself: a difference would make it refuse the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from math import gcd, lcm
from typing import Any

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import Ring
from polylaw.flows.distribution import Field
from polylaw.proof.coq_syntax import definition, listed, poly

__all__ = ["CoqFlow", "coq_flow"]

Matrix = list[tuple[int, int, Polynomial]]
Fraction = tuple[Polynomial, Polynomial]

_SCALED = "\n   Components of phi, and M, are multiplied by integers; w absorbs the factors."


@dataclass
class CoqFlow:
    """`law`: the predicate on laws, its words after the number of coordinates in the `rule` that proves it; `fields_text`: the
    fields a law must be annihilated by, and `fields`: the same.  `withheld`: why there is none of this, else empty."""

    ring: Ring
    moving: int
    definitions: str = ""
    meaning: str = ""
    law: str = ""
    rule: str = ""
    fields_text: str = ""
    fields: list[Field] = field(default_factory=list)
    withheld: str = ""

    def polynomial(self, terms: Iterable[list[Any]]) -> Polynomial:
        """A polynomial of the certificate."""
        return Polynomial(self.ring, {tuple(zip(t[1::2], t[2::2], strict=True)): rational(t[0]) for t in terms})

    def coordinate(self, k: int) -> Polynomial:
        """The k-th coordinate, from 0."""
        return self.ring.monomial(((k, 1),))


def coq_flow(data: dict[str, Any]) -> CoqFlow:
    """The flow of a certificate."""
    variables, clock = len(data["variables"]), data["clock"]
    moving = variables + (clock is not None)
    size = moving + len(data["parameters"])
    flow = CoqFlow(Ring([f"x{i}" for i in range(1, size + 1)]), moving)
    kinds: dict[str, Callable[..., None]] = {"gradient": _gradient, "momentum": _momentum, "ode": _ode}
    kind = data["flow"]["type"]
    if kind in kinds:
        kinds[kind](flow, data["flow"], clock, variables)
    else:
        flow.withheld = "anything about the flow, because its fields are given one by one"
    return flow


# -- gradient flows --------------------------------------------------------------------------------
def _gradient(flow: CoqFlow, data: dict[str, Any], clock: Any, n: int) -> None:
    phi = _phi(flow, data)
    size = flow.ring.size
    if clock is None and "metric" not in data and size == n and all(_is_one(q) for _, q in phi):
        phi = [(p, q) for p, q in phi if p.gradient()]
        flow.meaning = "theta is any solution of theta' = - J_phi(theta)^T w(t), w any function: any loss and any data." + _SCALED
        flow.definitions = definition("phi", "list poly", listed(poly(p) for p, _ in phi))
        flow.law, flow.rule = f"gradient_law {size} phi", f"@check_gradient_sound {size} phi"
        flow.fields_text = "map grad phi"
        flow.fields = [Field("grad", p.gradient()) for p, _ in phi]
        return
    metric = _metric(flow, data, n)
    phi, flow.fields = _forces(flow, phi, metric)
    numerator, denominator = _over_integer(flow.polynomial(data.get("weight_decay", [])))
    words = f"{n} lambda metric phi"
    flow.definitions = (
        _phi_text(phi)
        + definition("lambda", "rate", f"({poly(numerator)}, {denominator})")
        + definition("metric", "matrix", _metric_text(data, metric, n))
    )
    flow.law, flow.rule = f"metric_law {words}", f"@check_metric_sound {size} {words}"
    flow.fields_text = f"metric_fields {words}"
    decay = " - lambda theta" if numerator else ""
    m = "M(theta) " if "metric" in data else ""
    flow.meaning = f"theta is any solution of theta' ={decay} - {m}J_phi(theta)^T w(t), w any function: any loss and any data.{_SCALED}"
    if numerator:
        flow.meaning += "\n   The clock is exp(lambda t)."
        drift = {k: -numerator * flow.coordinate(k) for k in range(n)}
        flow.fields.append(Field("drift", drift | {n: numerator * flow.coordinate(n)}))


# -- momentum flows --------------------------------------------------------------------------------
def _momentum(flow: CoqFlow, data: dict[str, Any], clock: Any, variables: int) -> None:
    d, s = variables // 2, flow.coordinate(variables)
    one = flow.ring.constant(1)
    if "over_time" in data:  # tau = a/(r t), clock t^(1/r)
        c = rational(data["over_time"])
        a, r = int(c.numerator), int(c.denominator)
        numerator, factor, moved = one * a, s**r * r, s
        tau, clock_text = f"over_time {a} {r}", "t" if r == 1 else f"t^(1/{r})"
    else:
        numerator, denominator = _over_integer(flow.polynomial(data["damping"]))
        factor, moved = one * denominator, numerator * s if numerator else one
        tau, clock_text = f"constant ({poly(numerator)}, {denominator})", "exp(tau t)" if numerator else "t"
    metric = _metric(flow, data, d)
    phi, forces = _forces(flow, _phi(flow, data), _lifted(flow, metric, d, numerator, factor))
    drift = {k: factor * flow.coordinate(d + k) for k in range(d)}
    drift |= {d + k: p for k in range(d) if (p := -numerator * flow.coordinate(d + k))}
    flow.fields = [*forces, Field("drift", drift | {2 * d: moved})]
    words = f"{d} tau metric phi"
    flow.definitions = _phi_text(phi) + definition("tau", "damping", tau) + definition("metric", "matrix", _metric_text(data, metric, d))
    flow.law, flow.rule = f"momentum_law {words}", f"@check_momentum_sound {flow.ring.size} {words}"
    flow.fields_text = f"momentum_fields {words}"
    m = "M(tau theta + v) " if "metric" in data else ""
    when = ", t > 0" if "over_time" in data else ""
    flow.meaning = (
        f"(theta, v) is any solution of theta' = v, v' = - tau v - {m}J_phi(theta)^T w(t){when}, w any function:\n"
        f"   any loss and any data.  The clock is {clock_text}.{_SCALED}"
    )


def _lifted(flow: CoqFlow, metric: Matrix, d: int, numerator: Polynomial, factor: Polynomial) -> Matrix:
    """factor^top M(numerator/factor theta + v), in the rows of the velocities."""

    def degree(m: Monomial) -> int:
        return sum(e for g, e in m if g < d)

    top = max((degree(m) for _, _, p in metric for m in p.terms), default=0)
    images = {g: flow.coordinate(g) for g in range(flow.ring.size)}
    images |= {k: numerator * images[k] + factor * images[d + k] for k in range(d)}
    lifted = []
    for i, j, p in metric:
        parts = [Polynomial(flow.ring, {m: c}).substitute(images, flow.ring) * factor ** (top - degree(m)) for m, c in p.terms.items()]
        lifted.append((d + i, j, Polynomial.sum(flow.ring, parts)))
    return lifted


# -- ordinary differential equations ---------------------------------------------------------------
def _ode(flow: CoqFlow, data: dict[str, Any], clock: Any, n: int) -> None:
    one = flow.ring.constant(1)
    rhs = [_integral_fraction(flow, parts) for parts in data["rhs"]]
    factor, moved, kind, clock_text = one, one, "no_clock" if clock is None else "time", "t"
    if clock is not None and "rate" in clock:
        numerator, denominator = _over_integer(flow.polynomial(clock["rate"]))
        factor, moved = one * denominator, numerator * flow.coordinate(n)
        kind, clock_text = f"exponential ({poly(numerator)}, {denominator})", "exp(rate t) with the rate below"
    denominators = [q for q in dict.fromkeys(q for _, q in rhs) if not _is_one(q)]

    def times(polynomials: Iterable[Polynomial]) -> Polynomial:
        return reduce(lambda a, b: a * b, polynomials, one)

    drift = {k: p * times(r for r in denominators if r != q) * factor for k, (p, q) in enumerate(rhs)}
    if clock is not None:
        drift[n] = moved * times(denominators)
    flow.fields = [Field("drift", {k: p for k, p in drift.items() if p})]
    flow.definitions = definition("rhs", "list fraction", _fractions(rhs)) + definition("ticking", "clock", kind)
    flow.law, flow.rule = f"ode_law {n} ticking rhs", f"@check_ode_sound {flow.ring.size} {n} ticking rhs"
    flow.fields_text = f"ode_fields {n} ticking rhs"
    flow.meaning = "x is any solution of x' = f(x), where no denominator is 0, for all real values of the parameters."
    flow.meaning += f"\n   The clock is {clock_text}." if clock is not None else ""


# -- what they share -------------------------------------------------------------------------------
def _phi(flow: CoqFlow, data: dict[str, Any]) -> list[Fraction]:
    """The components of phi, up to constant factors, with integer coefficients."""
    result = []
    for parts in data["phi"]:
        p, _ = _over_integer(flow.polynomial(parts[0]))
        q = _over_integer(flow.polynomial(parts[1]))[0] if len(parts) > 1 else flow.ring.constant(1)
        result.append((p, q))
    return result


def _metric(flow: CoqFlow, data: dict[str, Any], n: int) -> Matrix:
    """M times a constant factor, with integer coefficients."""
    if "metric" not in data:
        return [(k, k, flow.ring.constant(1)) for k in range(n)]
    entries = [(i, j, m) for i, j, terms in data["metric"] if (m := flow.polynomial(terms))]
    scale = lcm(*(c.denominator for _, _, m in entries for c in m.terms.values()))
    return [(i, j, m * scale) for i, j, m in entries]


def _forces(flow: CoqFlow, phi: list[Fraction], metric: Matrix) -> tuple[list[Fraction], list[Field]]:
    """The components of phi that move something, and their fields: M times q dp - p dq."""
    kept, fields = [], []
    for p, q in phi:
        dp, dq = p.gradient(), q.gradient()
        zero = flow.ring.constant(0)
        gradient = {k: q * dp.get(k, zero) - p * dq.get(k, zero) for k in sorted({*dp, *dq})}
        components: dict[int, Polynomial] = {}
        for i, j, m in metric:
            if j in gradient:
                components[i] = components.get(i, zero) + m * gradient[j]
        components = {k: c for k, c in sorted(components.items()) if c}
        if components:  # a component that moves nothing is no field in the certificate's numbering
            kept.append((p, q))
            fields.append(Field("grad", components))
    return kept, fields


def _over_integer(p: Polynomial) -> tuple[Polynomial, int]:
    """(numerator with integer coefficients, positive denominator)"""
    denominator = lcm(*(c.denominator for c in p.terms.values()))
    return p * denominator, denominator


def _integral_fraction(flow: CoqFlow, parts: list[Any]) -> Fraction:
    """The same quotient with integer coefficients without a common factor."""
    p = flow.polynomial(parts[0])
    q = flow.polynomial(parts[1]) if len(parts) > 1 else flow.ring.constant(1)
    coefficients = [c for f in (p, q) for c in f.terms.values()]
    scale = lcm(*(c.denominator for c in coefficients))
    content = gcd(*(int(c * scale) for c in coefficients))
    return p * scale / content, q * scale / content


def _is_one(p: Polynomial) -> bool:
    return p.constant_value == 1


def _phi_text(phi: list[Fraction]) -> str:
    return definition("phi", "list fraction", _fractions(phi))


def _fractions(fractions: list[Fraction]) -> str:
    if all(_is_one(q) for _, q in fractions):
        return f"map whole\n  {listed(poly(p) for p, _ in fractions)}"
    return listed(f"({poly(p)}, {poly(q)})" for p, q in fractions)


def _metric_text(data: dict[str, Any], metric: Matrix, n: int) -> str:
    return listed(f"({i + 1}, {j + 1}, {poly(m)})" for i, j, m in metric) if "metric" in data else f"euclidean {n}"
