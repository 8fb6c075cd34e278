"""Polynomials as text that parses back (`2*U_1_1^2 - exp(tau*t)*v`), and as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from fractions import Fraction

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.algebra.ring import TIME, Exponential, Ring

__all__ = ["factor_order", "joined", "latex_name", "to_latex", "to_text"]

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega|"
    "Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_STEM_NUMBER_INDICES = re.compile(r"([A-Za-z]+)(\d*)((?:_\d+)*)")


def to_text(polynomial: Polynomial) -> str:
    """Canonical text: terms in canonical order, `*` and `^`, a common power of the clock in front."""
    ring = polynomial.ring
    power = _common_clock_power(polynomial)
    if not power or len(polynomial.terms) == 1:
        return joined(polynomial, _text_term)
    clock = len(ring.variables)
    rest = Polynomial(ring, {tuple(q for q in m if q[0] != clock): c for m, c in polynomial.terms.items()})
    return f"{ring.power_text(clock, power)}*({joined(rest, _text_term)})"


def to_latex(polynomial: Polynomial) -> str:
    """LaTeX source of the expanded polynomial."""
    return joined(polynomial, _latex_term)


def _common_clock_power(polynomial: Polynomial) -> int:
    """The power of the clock that every term has; 0 if they differ."""
    clock = polynomial.ring.clock_index
    powers = {next((p for g, p in monomial if g == clock), 0) for monomial in polynomial.terms}
    return powers.pop() if len(powers) == 1 else 0


def joined(polynomial: Polynomial, term: Callable[[Ring, Coefficient, Monomial], str]) -> str:
    """The terms, each as `term` writes it, with their signs between them."""
    text = ""
    for monomial, c in polynomial.sorted_terms():
        sign = (" - " if c < 0 else " + ") if text else ("-" if c < 0 else "")
        text += sign + term(polynomial.ring, -c if c < 0 else c, monomial)
    return text or "0"


def factor_order(ring: Ring, monomial: Monomial) -> list[tuple[int, int]]:
    """Parameters first, then the clock, then the variables, as one writes by hand."""
    first = ring.parameter_indices.start
    return sorted(
        monomial, key=lambda q: (0, q[0]) if q[0] >= first else (1 if q[0] == ring.clock_index else 2, q[0])
    )


def _text_term(ring: Ring, c: Coefficient, monomial: Monomial) -> str:
    factors = [ring.power_text(generator, power) for generator, power in factor_order(ring, monomial)]
    if c != 1 or not factors:
        factors.insert(0, rational_text(c))
    return "*".join(factors)


def _latex_term(ring: Ring, c: Coefficient, monomial: Monomial) -> str:
    factors = [_latex_power(ring, generator, power) for generator, power in factor_order(ring, monomial)]
    if c != 1 or not factors:
        factors.insert(0, _latex_rational(c))
    return " ".join(factors)


def _latex_rational(c: Coefficient) -> str:
    above, below = rational_text(c.numerator), rational_text(c.denominator)
    return above if below == "1" else rf"\tfrac{{{above}}}{{{below}}}"


def _latex_power(ring: Ring, generator: int, power: int) -> str:
    if generator == ring.clock_index:
        return _latex_clock_power(ring, power)
    base = latex_name(ring.name(generator), ring)
    if power == 1:
        return base
    # a base that has a superscript of its own takes parentheses: TeX refuses a double superscript
    return f"({base})^{{{power}}}" if "^" in base else f"{base}^{{{power}}}"


def _latex_clock_power(ring: Ring, power: int) -> str:
    if isinstance(ring.clock, Exponential):
        rate = ring.clock.rate * power
        factor = to_latex(rate) if len(rate.terms) == 1 else rf"\left({to_latex(rate)}\right)"
        return f"e^{{{TIME}}}" if rate == 1 else f"e^{{{factor} {TIME}}}"
    assert ring.clock is not None
    exponent = Fraction(power, ring.clock.root)
    return TIME if exponent == 1 else f"{TIME}^{{{exponent}}}"


def latex_name(name: str, names: Container[str] = ()) -> str:
    r"""LaTeX for a name: a stem, a number that belongs to it, and indices, each of the last two optional.

    | name | LaTeX |
    |---|---|
    | `tau`, `x`, `width` | `\tau`, `x`, `\mathrm{width}` |
    | `theta1`, `w2`, `U_1_2` | `\theta_{1}`, `w_{2}`, `U_{1,2}` |
    | `U1_2_3` | `U^{(1)}_{2,3}` |
    | `dU_1_2`, with `U_1_2` in `names` | `\dot{U}_{1,2}` |

    `d` in front means a velocity exactly when the rest is one of `names` (a `Ring` will do); any other
    name, `my_name` say, is upright as it stands.
    """
    velocity = name.startswith("d") and name[1:] in names
    bare = name[1:] if velocity else name
    match = _STEM_NUMBER_INDICES.fullmatch(bare)
    stem, number, indices = match.groups() if match else (bare, "", "")
    base = _latex_stem(stem)
    base = rf"\dot{{{base}}}" if velocity else base
    subscript = indices.removeprefix("_").replace("_", ",")
    if number and subscript:
        return f"{base}^{{({number})}}_{{{subscript}}}"
    return f"{base}_{{{number or subscript}}}" if number or subscript else base


def _latex_stem(stem: str) -> str:
    if _GREEK.fullmatch(stem):
        return rf"\{stem}"
    escaped = stem.replace("_", r"\_")
    return escaped if len(escaped) == 1 else rf"\mathrm{{{escaped}}}"
