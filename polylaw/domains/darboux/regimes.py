"""Special values of the parameters, where the laws that hold for generic ones degenerate.

A quadratic polynomial h with c*h = a^2 - D*b^2 gives other functions for D > 0 and for D < 0
(`..angles`).  Where D is 0 it is a square, where a coefficient of h is 0 it is a shorter
polynomial, where its cofactor is 0 it is a law.  So the special values are those where a factor of D, of a
coefficient of h, a or b, or of a cofactor vanishes, and those where several do.  A factor that is linear in a
parameter, with a number as coefficient, is solved for it, and the flow with that value is searched like any
other: nothing is taken over from the generic laws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from polylaw.algebra.factor import factors
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget
from polylaw.domains.darboux.angles import pair_of
from polylaw.domains.darboux.result import NO_REGIMES, DarbouxLaws, NamedValues, Regime, Regimes
from polylaw.domains.elementary.numbers import by_power, put
from polylaw.flows.ode import PolynomialODE
from polylaw.laws.parametric import split_parameters

#: A parameter and its value.
Step = tuple[int, Polynomial]


def regimes(generic: DarbouxLaws, search: Callable[[PolynomialODE], DarbouxLaws], budget: Budget) -> Regimes:
    """The regimes of an ODE, intersections of regimes included; none for any other flow.  `search` finds the
    laws of a flow.  Raises `BudgetError` when the time is over."""
    if not isinstance(generic.flow, PolynomialODE) or generic.flow.ring.clock is not None:
        return NO_REGIMES
    ring = generic.flow.ring
    found: dict[NamedValues, Regime] = {}
    left: list[tuple[Polynomial, ...]] = []
    waiting = [(Regime((), generic), _special(generic))]
    while waiting:
        parent, special = waiting.pop(0)
        for p in special:
            budget.check("special values of the parameters")
            step = _solved(p)
            values, flow = _specialised(generic.flow, parent, step) if step else ((), None)
            if values in found:
                continue
            if step is None or flow is None or len(found) >= budget.max_regimes:
                known = (ring.generator(name) - value.into(ring) for name, value in parent.values)
                left.append((*known, p.into(ring)))
                continue
            regime = found[values] = Regime(values, search(flow))
            inherited = [_put(q, step, flow.ring) for q in special if q != p]
            waiting.append((regime, _irreducible([*inherited, *_special(regime.laws)])))
    return Regimes(tuple(found.values()), tuple(left))


def _special(laws: DarbouxLaws) -> list[Polynomial]:
    """The polynomials in the parameters at whose zeros laws made of a pair degenerate."""
    found: list[Polynomial] = []
    with_cofactors = [(d.polynomial, d.cofactors) for d in laws.found.polynomials]
    for h, cofactors in (*with_cofactors, *((h, ()) for h in laws.generators)):
        if (pair := pair_of(h)) is not None:
            found.append(pair.discriminant)
            found += [c for p in (h, pair.a, pair.b, *cofactors) for c in split_parameters(p).values()]
    return _irreducible(found)


def _irreducible(polynomials: Iterable[Polynomial]) -> list[Polynomial]:
    """The irreducible factors; of a sum of squares of parameters, which is 0 where they all are, these."""
    found: dict[Polynomial, None] = {}
    for p in polynomials:
        for factor, _ in factors(p)[1]:
            if not all(c > 0 and all(power % 2 == 0 for _, power in m) for m, c in factor):
                found[factor] = None
            elif () not in factor.terms:
                found.update(dict.fromkeys(p.ring.monomial(((g, 1),)) for g in factor.support))
    return sorted(found, key=lambda p: (max(sum(power for _, power in m) for m in p.terms), p.order))


def _solved(equation: Polynomial) -> Step | None:
    """(parameter, value) for p = 0, if p is linear in a parameter, with a number as coefficient."""
    for g in reversed(equation.support):
        parts = by_power(equation, g)
        slope = parts[max(parts)].constant_value
        if max(parts) == 1 and slope is not None:
            return g, parts.get(0, equation.ring.constant(0)) * (Fraction(-1) / slope)
    return None


def _specialised(
    generic: PolynomialODE, parent: Regime, step: Step
) -> tuple[NamedValues, PolynomialODE | None]:
    """The values with one more, by name, and the flow with them; None where a denominator vanishes."""
    name = parent.laws.flow.ring.name(step[0])
    ring = Ring(generic.ring.variables, [p for p in parent.laws.flow.ring.parameters if p != name])
    values = {n: _put(v, step, ring) for n, v in (*parent.values, (name, step[1]))}
    names = (*ring.variables, *generic.ring.parameters)
    images = {i: values[n] if n in values else ring.generator(n) for i, n in enumerate(names)}
    ordered = tuple(sorted(values.items(), key=lambda pair: pair[0]))
    parts = ((v, f.numerator, f.denominator.substitute(images, ring)) for v, f in generic.rhs.items())
    rhs = {v: RationalFunction(above.substitute(images, ring), q) for v, above, q in parts if q}
    if len(rhs) < len(generic.rhs):
        return ordered, None
    return ordered, PolynomialODE(rhs, ring.parameters, name=generic.title)


def _put(polynomial: Polynomial, step: Step, ring: Ring) -> Polynomial:
    """The polynomial with the value put in for the parameter."""
    return put(polynomial, dict([step])).into(ring)
