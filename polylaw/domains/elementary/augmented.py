"""A flow with functions of its state added to the state: laws polynomial in `log(u1)`, `exp(q)`, `1/x`,
`sqrt(e)` too.

The functions are elements of a tower, in normal form; what relations they have is seen there.  Every function
gets a name, and the ring of the flow these names besides its variables, so that an ansatz counts degrees in
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.generators import FUNCTIONS
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.printing import factor_order, signed_sum
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.algebra.ring import TIME, Ring
from polylaw.domains.elementary.derivation import components_of
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import ElementaryFlow, fields_of, settled
from polylaw.domains.elementary.functions import Exp
from polylaw.domains.elementary.independence import Independence, independence, numbers_among
from polylaw.domains.elementary.parse import parse_element
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError
from polylaw.flows.flow import Flow

__all__ = ["AugmentedFlow", "sum_text"]

_MOST = 64
_MOST_POWER = 10
_ALL = re.compile(r"\s*(log|exp|sqrt|sin|cos|abs)\s*\(\s*\*\s*\)\s*|\s*1\s*/\s*\*\s*")


def sum_text(flow: AugmentedFlow, law: Polynomial) -> str:
    """A polynomial in the state and the functions as a sum of its terms: `p1^2 + g/(x1 - x2)^2`.  It parses
    back; a normal form has one denominator for all terms, which can be much longer."""
    return signed_sum(
        (c < 0, _term(flow, -c if c < 0 else c, monomial)) for monomial, c in law.sorted_terms()
    )


def _term(flow: AugmentedFlow, c: Coefficient, monomial: Monomial) -> str:
    first = len(flow.original.ring.variables)
    above, below = [], []
    for g, power in factor_order(flow.ring, monomial):
        exponent = f"^{power}" if power > 1 else ""
        value = flow.elements[g] if first <= g < len(flow.elements) else None
        if value is None:
            above.append(flow.ring.power_text(g, power))
        elif value.above == 1:
            below.append(f"/({Expression.of(flow.tower, Quotient(value.below, value.above))}){exponent}")
        else:
            text = flow.functions[g - first]
            above.append(f"({text}){exponent}" if exponent else text)
    if c != 1 or not above:
        above.insert(0, rational_text(c))
    return "*".join(above) + "".join(below)


class AugmentedFlow(Flow):
    """`flow` with the functions `augment` among its variables, under names made from their text (`log_u1`).

    `augment` holds texts such as `log(u1)`, `exp(q1 - q2)`, `1/x`, `sqrt(x^2 + y^2)`, `x/(x + y)`; `log(*)`
    means the log of every variable.  The functions in the right-hand sides come besides.  `elements` are the
    variables and the functions in the `tower`.  Raises `ParseError`, `UnknownNameError`, `InputError`.
    """

    def __init__(self, flow: Flow, augment: Sequence[str]) -> None:
        if not isinstance(flow, Flow):
            raise InputError("flow", flow, "a Flow", "for example polylaw.GradientFlow(model)")
        texts = _texts(flow, augment)
        self.original = flow
        self.tower, added = settled(flow, lambda tower: (tower, _functions(tower, texts)))
        if len(added) > _MOST or not (added or isinstance(flow, ElementaryFlow)):
            raise InputError(
                "augment", f"{len(added)} functions", f"from 1 to {_MOST} functions", "for example log(x)"
            )
        own = [self.tower.element(flow.ring.generator(name)) for name in flow.ring.variables]
        self.elements = (*own, *added)
        self.functions = tuple(str(Expression.of(self.tower, value)) for value in added)
        self.ring = Ring(
            (*flow.ring.variables, *_names(flow.ring, self.functions)), flow.ring.parameters, flow.ring.clock
        )
        self.arrays: Mapping[str, tuple[int, ...]] = {}
        self.title = flow.title
        self.name = f"{flow.name}, with {', '.join(self.functions)}" if added else flow.name

    def clock_power(self, degree: int) -> int:
        """As for the flow itself."""
        return self.original.clock_power(degree)

    @cached_property
    def positions(self) -> list[int]:
        """Where the functions of the tower stand that occur in the elements and in the fields."""
        components = [
            c for _, field in fields_of(self.tower) for c in components_of(self.tower, field).values()
        ]
        return self.tower.used(*(p for value in (*self.elements, *components) for p in value))

    @cached_property
    def constants(self) -> list[int]:
        """The generators of the tower, among these functions, that do not move: coefficients, like
        parameters."""
        return [self.tower.first + i for i in numbers_among(self.tower, self.positions, parameters=True)]

    @cached_property
    def independence(self) -> Independence:
        """Whether the functions are known to have no other relations than those of the tower, where
        everything that was written is defined: sqrt(x) counts too where it dropped out."""
        return independence(self.tower, range(len(self.tower.functions)))

    def element(self, law: Polynomial) -> Quotient:
        """A polynomial of the enlarged ring as an element of the tower."""
        total = self.tower.constant(0)
        for monomial, c in law:
            total = self.tower.plus(total, self.tower.times(self.tower.constant(c), self.product(monomial)))
        return total

    def product(self, monomial: Monomial) -> Quotient:
        """A monomial of the enlarged ring as an element of the tower."""
        shift = self.tower.ring.size - self.ring.size
        rest = tuple((g + shift, p) for g, p in monomial if g >= len(self.elements))
        value = Quotient(self.tower.ring.monomial(rest), self.tower.ring.constant(1))
        for g, power in monomial:
            if g < len(self.elements):
                above, below = self.elements[g]
                value = self.tower.times(value, Quotient(above**power, below**power))
        return self.tower.normal(value)


def _functions(tower: Tower, texts: Sequence[str]) -> list[Quotient]:
    """The functions of these texts and of the fields, each once, without constants."""
    wanted = [tower.normal(_requested(tower, text)) for text in texts]
    components = [
        tower.normal(c) for _, field in fields_of(tower) for c in components_of(tower, field).values()
    ]
    powers = list(
        dict.fromkeys(e for component in components for e in _products_of_exponentials(tower, component))
    )
    wanted += [
        Quotient(*e)
        for e in powers
        if not any(e == (a**k, b**k) for a, b in powers for k in range(2, _MOST_POWER))
    ]
    for component in components:
        wanted += _generators(tower, component)
    still = {tower.first + i for i in numbers_among(tower, range(len(tower.functions)), parameters=True)}
    still |= set(tower.ring.parameter_indices)
    moving = [
        Quotient(w.above.primitive(), w.below)
        for w in wanted
        if not all(g in still for p in w for g in p.support)
    ]
    return list(dict.fromkeys(moving))


def _products_of_exponentials(tower: Tower, component: Quotient) -> Iterator[tuple[Polynomial, Polynomial]]:
    """The exponentials of the terms of a component of a field, as quotients, over those of its denominator's
    first term."""
    divided = _exponentials(tower, next(iter(component.below.terms)))
    for monomial in (m for part in component for m in part.terms):
        powers = _exponentials(tower, monomial)
        powers = {g: p for g in sorted({*powers, *divided}) if (p := powers.get(g, 0) - divided.get(g, 0))}
        if powers:
            above, below = (tuple((g, abs(p)) for g, p in powers.items() if p * sign > 0) for sign in (1, -1))
            yield tower.ring.monomial(above), tower.ring.monomial(below)


def _generators(tower: Tower, component: Quotient) -> Iterator[Quotient]:
    """The other functions in a component of a field, with their inverses if they stand below the bar."""
    for position in tower.used(*component):
        function, generator = (
            tower.functions[position],
            Quotient(tower.generator(position), tower.ring.constant(1)),
        )
        if isinstance(function, Exp):
            continue
        yield generator
        below = function.power(tower.partner(position)).above if function.order else generator.above
        if component.below.gcd(below) != 1:
            yield tower.normal(tower.inverse(generator))


def _exponentials(tower: Tower, monomial: Monomial) -> dict[int, int]:
    return {g: p for g, p in monomial if isinstance(tower.function(g), Exp)}


def _requested(tower: Tower, text: str) -> Quotient:
    """The function written in a text."""
    value = parse_element(tower, text, "augment")
    inside = [
        g
        for p in (*value, *(p for i in tower.used(*value) for p in tower.functions[i].argument))
        for g in p.support
    ]
    if all(g in tower.ring.parameter_indices or tower.function(g) is not None for g in inside):
        raise InputError("augment", text, "a function of the state", "it is constant")
    if value.below == 1 and not any(tower.function(g) for g in value.above.support):
        raise InputError(
            "augment",
            text,
            f"one of {', '.join(FUNCTIONS)} or a quotient",
            "polynomials in the state are there already",
        )
    return value


def _texts(flow: Flow, augment: Sequence[str]) -> list[str]:
    """The texts of functions, `log(*)` written out."""
    texts: list[str] = []
    for text in [augment] if isinstance(augment, str) else augment:
        if not isinstance(text, str):
            raise InputError("augment", text, "the text of a function, such as log(x)")
        match = _ALL.fullmatch(text)
        if match:
            texts += [f"{match.group(1)}({v})" if match.group(1) else f"1/{v}" for v in flow.ring.variables]
        else:
            texts.append(text)
    return list(dict.fromkeys(texts))


def _names(ring: Ring, texts: Sequence[str]) -> list[str]:
    """A free name for every function, made from its text: `log_u1`."""
    taken = {*ring.variables, *ring.parameters, TIME, *FUNCTIONS}
    names = []
    for text in texts:
        stem = (
            re.sub(r"[^A-Za-z0-9]+", "_", f"inv_{text[2:]}" if text.startswith("1/") else text)
            .strip("_")[:40]
            .rstrip("_")
        )
        stem = stem if stem[:1].isalpha() else f"w_{stem}"
        name = next(n for i in range(len(taken) + 1) if (n := f"{stem}_{i}" if i else stem) not in taken)
        taken.add(name)
        names.append(name)
    return names
