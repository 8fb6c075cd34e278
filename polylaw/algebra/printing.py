"""Polynomials as text that parses back (`2*U_1_1^2 - exp(tau*t)*v`) and as LaTeX: from their sorted terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from polylaw.algebra.generators import Generators
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.algebra.terms import Monomial, within, without

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega|"
    "Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_STEM_NUMBER_INDICES = re.compile(r"([A-Za-z]+)(\d*)((?:_\d+)*)")
_Sorted = Sequence[tuple[Monomial, Coefficient]]


def to_text(ring: Generators, terms: _Sorted) -> str:
    """Canonical text: `*` and `^`, a power of the clock that several terms have in common in front."""
    clock = () if ring.clock_index is None else (ring.clock_index,)
    powers = {within(monomial, clock) for monomial, _ in terms}
    if len(terms) < 2 or len(powers) > 1 or not (common := powers.pop()):
        return _joined(ring, terms, _text_term)
    rest = _joined(ring, [(without(m, clock), c) for m, c in terms], _text_term)
    return f"{ring.power_text(*common[0])}*({rest})"


def to_latex(ring: Generators, terms: _Sorted) -> str:
    """LaTeX source of the expanded polynomial."""
    return _joined(ring, terms, _latex_term)


def _joined(
    ring: Generators, terms: _Sorted, term: Callable[[Generators, Coefficient, Monomial], str]
) -> str:
    """The terms, each as `term` writes it, with their signs between them."""
    return signed_sum((c < 0, term(ring, -c if c < 0 else c, monomial)) for monomial, c in terms)


def signed_sum(parts: Iterable[tuple[bool, str]]) -> str:
    """Summands, each with whether it is subtracted, in one line; 0 if there is none."""
    text = ""
    for negative, part in parts:
        text += ((" - " if negative else " + ") if text else ("-" if negative else "")) + part
    return text or "0"


def factor_order(ring: Generators, monomial: Monomial) -> list[tuple[int, int]]:
    """Parameters first, then the clock, then the variables, as one writes by hand."""
    first = ring.parameter_indices.start
    return sorted(
        monomial, key=lambda q: (0, q[0]) if q[0] >= first else (1 if q[0] == ring.clock_index else 2, q[0])
    )


def _text_term(ring: Generators, c: Coefficient, monomial: Monomial) -> str:
    factors = [ring.power_text(generator, power) for generator, power in factor_order(ring, monomial)]
    if c != 1 or not factors:
        factors.insert(0, rational_text(c))
    return "*".join(factors)


def _latex_term(ring: Generators, c: Coefficient, monomial: Monomial) -> str:
    factors = [_latex_power(ring, generator, power) for generator, power in factor_order(ring, monomial)]
    if c != 1 or not factors:
        above, below = rational_text(c.numerator), rational_text(c.denominator)
        factors.insert(0, above if below == "1" else rf"\tfrac{{{above}}}{{{below}}}")
    return " ".join(factors)


def _latex_power(ring: Generators, generator: int, power: int) -> str:
    if ring.clock is not None and generator == ring.clock_index:
        return ring.clock.latex(power)
    base = latex_name(ring.name(generator), ring)
    if power == 1:
        return base
    # a base that has a superscript of its own takes parentheses: TeX refuses a double superscript
    return f"({base})^{{{power}}}" if "^" in base else f"{base}^{{{power}}}"


def latex_name(name: str, names: Container[str] = ()) -> str:
    r"""LaTeX for a name: a stem, a number that belongs to it, and indices, each of the last two optional.

    | name | LaTeX |
    |---|---|
    | `tau`, `x`, `width` | `\tau`, `x`, `\mathrm{width}` |
    | `theta1`, `w2`, `U_1_2` | `\theta_{1}`, `w_{2}`, `U_{1,2}` |
    | `U1_2_3` | `U^{(1)}_{2,3}` |
    | `dU_1_2`, with `U_1_2` in `names` | `\dot{U}_{1,2}` |

    `d` in front means a velocity exactly when the rest is one of `names` (a `Ring` will do); any other name,
    `my_name` say, is upright as it stands.
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


def point_text(point: Mapping[str, Coefficient]) -> str:
    """Coordinates that are not 0."""
    named = ", ".join(f"{name} = {rational_text(value)}" for name, value in point.items())
    return f"{named} (all else 0)" if named else "the origin"
