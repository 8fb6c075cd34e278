"""The flow of a certificate in the words of the Coq library, and the fields that the library makes of them.

The library has integer coefficients.  Its fields are those of the certificate's motion times positive
constants, or of an ODE times a polynomial, which have to be known here, because the witness of a bound has
integer multipliers of the fields. Coq computes them itself: a difference would make it refuse the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import lcm, prod

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import content
from polylaw.flows.distribution import Field
from polylaw.flows.motion import Components, Motion, Ratio
from polylaw.proof.coq_syntax import definition, listed, poly
from polylaw.proof.kinds import FIELDS, GRADIENT, MOMENTUM, ODE, FlowKind
from polylaw.proof.system import System

_CONTROLS = "w any function: any loss that sees theta only through the phi below"
_SCALED = "\n   Components of phi, and M, are multiplied by integers; w absorbs the factors."


@dataclass(frozen=True)
class CoqFlow:
    """`law`: the predicate on laws, its words after the number of coordinates in the `rule` that proves it;
    `fields_text`: the fields a law must be annihilated by, and `fields`: the same.  `withheld`: why there is
    none of this, else empty."""

    definitions: str = ""
    meaning: str = ""
    law: str = ""
    rule: str = ""
    fields_text: str = ""
    fields: list[Field] = field(default_factory=list)
    withheld: str = ""


def coq_flow(system: System) -> CoqFlow:
    """The flow of a certificate."""
    return system.kind.among(WRITERS, "the library in proofs/coq has no other flows")(system)


def _given(system: System) -> CoqFlow:
    return CoqFlow(withheld="anything about the flow, because its fields are given one by one")


# -- gradient flows --------------------------------------------------------------------------------
def _gradient(system: System) -> CoqFlow:
    x, motion = system.coordinates, system.motion
    n, size = x.variables, x.ring.size
    phi, (metric, scale), where = _phi(system), _metric(system, n), _where(system)
    euclidean = system.clock is None and system.metric is None
    if euclidean and size == n and all(f.quotient[1] == 1 for f in phi):
        return CoqFlow(
            definition("phi", "list poly", listed(poly(f.quotient[0]) for f in phi)),
            f"theta is any solution of theta' = - J_phi(theta)^T w(t), {_CONTROLS}.{where}{_SCALED}",
            *(f"gradient_law {size} phi", f"@check_gradient_sound {size} phi", "map grad phi"),
            _forces(phi, scale),
        )
    numerator, denominator = over_integer(system.decay or x.ring.constant(0))
    decay, m = " - lambda theta" if numerator else "", "M(theta) " if system.metric is not None else ""
    clock_text = "\n   The clock is exp(lambda t)." if numerator else ""
    return CoqFlow(
        _phi_text(phi) + definition("lambda", "rate", f"({poly(numerator)}, {denominator})") + metric,
        f"theta is any solution of theta' ={decay} - {m}J_phi(theta)^T w(t), "
        f"{_CONTROLS}.{where}{_SCALED}{clock_text}",
        *_words("metric", size, f"{n} lambda metric phi"),
        [*_forces(phi, scale), *_drift(motion, denominator)],
    )


# -- momentum flows --------------------------------------------------------------------------------
def _momentum(system: System) -> CoqFlow:
    x, motion = system.coordinates, system.motion
    if system.over_time is not None:  # tau = a/(r t), clock t^(1/r)
        c = system.over_time
        denominator = int(c.denominator)
        tau = f"over_time {c.numerator} {denominator}"
        clock_text = "t" if denominator == 1 else f"t^(1/{denominator})"
    else:
        numerator, denominator = over_integer(system.damping or x.ring.constant(0))
        tau, clock_text = f"constant ({poly(numerator)}, {denominator})", "exp(tau t)" if numerator else "t"
    d = x.variables // 2
    phi, (metric, scale) = _phi(system), _metric(system, d)
    m = "M(tau theta + v) " if system.metric is not None else ""
    when = ", t > 0" if system.over_time is not None else ""
    return CoqFlow(
        _phi_text(phi) + definition("tau", "damping", tau) + metric,
        f"(theta, v) is any solution of theta' = v, v' = - tau v - {m}J_phi(theta)^T w(t){when},\n"
        f"   {_CONTROLS}.{_where(system)}  The clock is {clock_text}.{_SCALED}",
        *_words("momentum", x.ring.size, f"{d} tau metric phi"),
        [*_forces(phi, scale * denominator**motion.lifted), *_drift(motion, denominator)],
    )


# -- ordinary differential equations ---------------------------------------------------------------
def _ode(system: System) -> CoqFlow:
    x, motion, clock = system.coordinates, system.motion, system.clock
    n, rhs = x.variables, [_integral(f) for f in system.rhs]
    denominator, kind, clock_text = 1, "no_clock" if clock is None else "time", "t"
    if clock is not None and clock.rate is not None:
        numerator, denominator = over_integer(clock.rate)
        kind = f"exponential ({poly(numerator)}, {denominator})"
        clock_text = "exp(rate t) with the rate below"
    product = prod(dict.fromkeys(q for _, q in rhs if q != 1), start=x.ring.constant(1))
    f = "f(x)" if clock is None else "f(x, clock)"
    values = ", for all real values of the parameters" if x.ring.size > x.moving else ""
    where = " while no denominator is 0" if system.denominators else ""
    meaning = f"x is any solution of x' = {f}{where}{values}."
    return CoqFlow(
        definition("rhs", "list fraction", _fractions(rhs)) + definition("ticking", "clock", kind),
        meaning + (f"\n   The clock is {clock_text}." if clock is not None else ""),
        *_words("ode", x.ring.size, f"{n} ticking rhs"),
        _drift(motion, product.divide_exactly(motion.factor) * denominator) or [Field("drift", {})],
    )


#: What writes a flow of each kind.
WRITERS: dict[FlowKind, Callable[[System], CoqFlow]] = {
    GRADIENT: _gradient,
    MOMENTUM: _momentum,
    ODE: _ode,
    FIELDS: _given,
}


# -- what they share -------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Component:
    """A component of phi with integer coefficients, and its field: `scale` times `kick`."""

    quotient: Ratio
    scale: int
    kick: Components


def _words(kind: str, size: int, words: str) -> tuple[str, str, str]:
    """The law, the rule and the fields of a kind of flow."""
    return f"{kind}_law {words}", f"@check_{kind}_sound {size} {words}", f"{kind}_fields {words}"


def _where(system: System) -> str:
    """Where the flow is defined, and for which values of the parameters."""
    values = "\n   The parameters are any real numbers." if system.parameters else ""
    return ("\n   No denominator of phi is 0 along it." if system.denominators else "") + values


def _phi(system: System) -> list[_Component]:
    """The components of phi that move something: the others have no field in the certificate's numbering."""
    moved = ((map(over_integer, f), kick) for f, kick in zip(system.phi, system.motion.kicks, strict=True))
    return [_Component((p, q), m * n, kick) for ((p, m), (q, n)), kick in moved if kick]


def _metric(system: System, n: int) -> tuple[str, int]:
    """(the definition of M times a number, with integer coefficients, that number)"""
    if system.metric is None:
        return definition("metric", "matrix", f"euclidean {n}"), 1
    entries = system.metric
    scale = lcm(*(c.denominator for _, _, m in entries for c in m.terms.values()))
    text = listed(f"({i + 1}, {j + 1}, {poly(m * scale)})" for i, j, m in entries)
    return definition("metric", "matrix", text), scale


def _forces(phi: list[_Component], scale: int) -> list[Field]:
    return [_scaled("grad", f.kick, f.scale * scale) for f in phi]


def _drift(motion: Motion, scale: Polynomial | int) -> list[Field]:
    return [_scaled("drift", motion.drift, scale)] if motion.drift else []


def _scaled(name: str, components: Components, scale: Polynomial | int) -> Field:
    return Field(name, {k: p * scale for k, p in components.items()})


def over_integer(p: Polynomial) -> tuple[Polynomial, int]:
    """(numerator with integer coefficients, positive denominator)"""
    denominator = lcm(*(c.denominator for c in p.terms.values()))
    return p * denominator, denominator


def _integral(quotient: Ratio) -> Ratio:
    """The same quotient with integer coefficients without a common factor."""
    p, q = quotient
    scale = content(c for f in quotient for c in f.terms.values())
    return p / scale, q / scale


def _phi_text(phi: list[_Component]) -> str:
    return definition("phi", "list fraction", _fractions([f.quotient for f in phi]))


def _fractions(fractions: Iterable[Ratio]) -> str:
    fractions = list(fractions)
    if all(q == 1 for _, q in fractions):
        return f"map whole\n  {listed(poly(p) for p, _ in fractions)}"
    return listed(f"({poly(p)}, {poly(q)})" for p, q in fractions)
