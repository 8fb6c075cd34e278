"""Polynomials as text that parses back (`2*U_1_1^2 - exp(tau*t)*v`), and as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.algebra.ring import TIME, Exponential, Ring

__all__ = ["latex_name", "to_latex", "to_text"]

_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega".split()
)


def to_text(polynomial: Polynomial) -> str:
    """Canonical text: terms in canonical order, `*` and `^`, a common power of the clock in front."""
    clock = _common_clock_power(polynomial)
    if clock and len(polynomial.terms) > 1:
        index = polynomial.ring.clock_index
        inner = Polynomial(polynomial.ring, {tuple(q for q in m if q[0] != index): c for m, c in polynomial.terms.items()})
        return f"{polynomial.ring.power_text(index or 0, clock)}*({_join(inner, _text_term)})"
    return _join(polynomial, _text_term)


def to_latex(polynomial: Polynomial) -> str:
    """LaTeX source of the expanded polynomial."""
    return _join(polynomial, _latex_term)


def _common_clock_power(polynomial: Polynomial) -> int:
    index = polynomial.ring.clock_index
    powers = {dict(m).get(index, 0) for m in polynomial.terms} if index is not None else set()
    return powers.pop() if len(powers) == 1 else 0


def _join(polynomial: Polynomial, term: Callable[[Ring, Coefficient, Monomial], str]) -> str:
    pieces: list[str] = []
    for monomial, c in polynomial.sorted_terms():
        pieces.append(("- " if c < 0 else "+ ") if pieces else ("-" if c < 0 else ""))
        pieces.append(term(polynomial.ring, abs(c), monomial) + " ")
    return "".join(pieces).strip() or "0"


def _factor_order(ring: Ring, monomial: Monomial) -> list[tuple[int, int]]:
    """Parameters first, then the clock, then the variables, as one writes by hand."""
    first = ring.parameter_indices.start
    return sorted(monomial, key=lambda q: (0, q[0]) if q[0] >= first else (1 if q[0] == ring.clock_index else 2, q[0]))


def _text_term(ring: Ring, c: Coefficient, monomial: Monomial) -> str:
    factors = [ring.power_text(generator, power) for generator, power in _factor_order(ring, monomial)]
    if c != 1 or not factors:
        factors.insert(0, rational_text(c))
    return "*".join(factors)


def _latex_term(ring: Ring, c: Coefficient, monomial: Monomial) -> str:
    factors = [_latex_power(ring, generator, power) for generator, power in _factor_order(ring, monomial)]
    if c != 1 or not factors:
        factors.insert(0, str(c) if c.denominator == 1 else rf"\tfrac{{{c.numerator}}}{{{c.denominator}}}")
    return " ".join(factors)


def _latex_power(ring: Ring, generator: int, power: int) -> str:
    if generator != ring.clock_index:
        base = latex_name(ring.name(generator))
        return base if power == 1 else f"{base}^{{{power}}}"
    if isinstance(ring.clock, Exponential):
        rate = ring.clock.rate * power
        text = "" if rate == 1 else to_latex(rate) if len(rate.terms) == 1 else rf"\left({to_latex(rate)}\right)"
        return rf"e^{{{text} {TIME}}}".replace("{ ", "{")
    assert ring.clock is not None
    exponent = Fraction(power, ring.clock.root)
    return TIME if exponent == 1 else f"{TIME}^{{{exponent}}}"


def latex_name(name: str) -> str:
    r"""`U1_2_3` is `U_{1;2,3}`-free: letters, then a number as subscript, then indices: `U^{(1)}_{2,3}`; `dU` gets a dot."""
    match = re.fullmatch(r"(d(?=[A-Z]|theta|[a-z]\w*\d))?([A-Za-z]+)(\d*)((?:_\d+)*)", name)
    if not match:
        return rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"
    dot, stem, number, indices = match.groups()
    base = rf"\{stem}" if stem in _GREEK else stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
    base = rf"\dot{{{base}}}" if dot else base
    subscript = ",".join(indices.split("_")[1:])
    if number and subscript:
        return f"{base}^{{({number})}}_{{{subscript}}}"
    return f"{base}_{{{number or subscript}}}" if number or subscript else base
