"""A flow with functions of its state added to the state: laws polynomial in `log(u1)`, `exp(q)`, `1/x`, `sqrt(e)` too.

Every function becomes a variable w whose derivative is a rational function of the others; the fields are multiplied by a
common denominator, which changes no law and is recorded.  A root or a quotient also brings an equation (w^2 = e, w*x = 1);
laws are then sought modulo these, so that the equations themselves are not taken for laws (`polylaw.geometry`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.parse import FUNCTIONS
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.printing import factor_order, joined
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.algebra.ring import TIME, Ring
from polylaw.elementary.derivation import Derivation
from polylaw.elementary.expression import Expression
from polylaw.elementary.ode import ElementaryODE, calls_in, fields_of
from polylaw.elementary.parse import parse_element, top_function
from polylaw.elementary.tower import Function, Tower
from polylaw.errors import InputError
from polylaw.flows.distribution import Distribution, Field
from polylaw.flows.flow import Flow

__all__ = ["AugmentedFlow", "sum_text"]

_MOST = 64
_ALL = re.compile(r"\s*(log|exp|sqrt)\s*\(\s*\*\s*\)\s*|\s*1\s*/\s*\*\s*")


def sum_text(flow: AugmentedFlow, law: Polynomial) -> str:
    """A polynomial in the state and the functions as a sum of its terms: `p1^2 + g/(x1 - x2)^2`.  It parses back; a normal
    form has one denominator for all terms, which can be much longer."""
    return joined(law, lambda ring, c, monomial: _term(flow, c, monomial))


def _term(flow: AugmentedFlow, c: Coefficient, monomial: Monomial) -> str:
    first = len(flow.original.ring.variables)
    above, below = [], []
    for g, power in factor_order(flow.ring, monomial):
        exponent = f"^{power}" if power > 1 else ""
        function = flow.tower.functions[g - first] if first <= g < first + len(flow.functions) else None
        if function is None:
            above.append(flow.ring.power_text(g, power))
        elif function.kind == "root" and function.order == 1 and function.argument.above == 1:
            divisor = Expression.of(flow.tower, Quotient(function.argument.below, function.argument.above))
            below.append(f"/({divisor}){exponent}")
        else:
            text = flow.functions[g - first]
            above.append(f"({text}){exponent}" if exponent else text)
    if c != 1 or not above:
        above.insert(0, rational_text(c))
    return "*".join(above) + "".join(below)


class AugmentedFlow(Flow):
    """`flow` with the functions `augment` among its variables, under names made from their text (`log_u1`).

    `augment` holds texts such as `log(u1)`, `exp(q1 - q2)`, `1/x`, `sqrt(x^2 + y^2)`, `x/(x + y)`; `log(*)` means the log
    of every variable.  `relations` are the equations between them.  Raises `ParseError`, `UnknownNameError`, `InputError`.
    """

    def __init__(self, flow: Flow, augment: Sequence[str]) -> None:
        if not isinstance(flow, Flow):
            raise InputError("flow", flow, "a Flow", "for example polylaw.GradientFlow(model)")
        texts = _texts(flow, augment)
        self.original = flow
        self.tower = Tower(flow)
        for text in texts:
            add_function(self.tower, text)
        fields_of(self.tower)  # adds what else the right-hand sides need
        self.positions = list(range(len(self.tower.functions)))
        self.functions = tuple(_text(self.tower, position) for position in self.positions)
        self.ring = Ring((*flow.ring.variables, *_names(flow.ring, self.functions)), flow.ring.parameters, flow.ring.clock)
        self.arrays: Mapping[str, tuple[int, ...]] = {}
        self.title = flow.title
        self.name = f"{flow.name}, with {', '.join(self.functions)}"

    @cached_property
    def distribution(self) -> Distribution:
        """The fields of the flow, with the derivatives of the functions, denominators cleared."""
        fields, cleared = [], []
        for name, field in fields_of(self.tower):
            derivation = Derivation(self.tower, field, self.positions)
            components = {self._own(g): self._into_ring(p) for g, p in derivation.images.items()}
            fields.append(Field.primitive(name, components, steady=field.steady if isinstance(field, Field) else True))
            if derivation.scale.constant_value is None:
                cleared.append(str(Expression.of(self.tower, Quotient(derivation.scale, self.tower.ring.constant(1)))))
        steps = () if isinstance(self.original, ElementaryODE) else self.original.distribution.steps
        if cleared:
            steps += (f"denominators cleared: fields were multiplied by {', '.join(dict.fromkeys(cleared))}, so the laws are the same",)
        return Distribution(self.ring, tuple(fields), steps)

    @cached_property
    def relations(self) -> tuple[Polynomial, ...]:
        """w^n B - A for every root w of A/B, polynomials that are 0 along the flow."""
        found = []
        for position in self.positions:
            function = self.tower.functions[position]
            if function.kind == "root":
                above, below = function.argument
                found.append(self._into_ring(self.tower.generator(position) ** function.order * below - above).primitive())
        return tuple(found)

    def clock_power(self, degree: int) -> int:
        """As for the flow itself."""
        return self.original.clock_power(degree)

    @cached_property
    def normal(self) -> tuple[Tower, list[Quotient]]:
        """A second tower, of functions in normal form, and in it every variable and function: there log(x*y) is
        log(x) + log(y), so that functions that depend on each other are seen to."""
        tower = Tower(self.original)
        own = [tower.element(self.original.ring.generator(name)) for name in self.original.ring.variables]
        return tower, [*own, *(parse_element(tower, text, "augment") for text in self.functions)]

    def expression(self, law: Polynomial) -> Expression:
        """A polynomial of the enlarged ring as an expression in the state, its functions in normal form."""
        tower, images = self.normal
        shift = tower.ring.size - self.ring.size
        total = tower.constant(0)
        for monomial, c in law:
            term = Quotient(tower.ring.monomial(tuple((g + shift, p) for g, p in monomial if g >= len(images)), c), tower.ring.constant(1))
            for g, power in monomial:
                if g < len(images):
                    term = tower.times(term, tower.power(images[g], Fraction(power)))
            total = tower.plus(total, term)
        return Expression.of(tower, total)

    def _own(self, generator: int) -> int:
        last = self.tower.first + len(self.positions)
        return generator if generator < last else generator - (self.tower.ring.size - self.ring.size)

    def _into_ring(self, polynomial: Polynomial) -> Polynomial:
        return Polynomial(self.ring, {tuple((self._own(g), p) for g, p in m): c for m, c in polynomial})


def add_function(tower: Tower, text: str) -> Quotient:
    """The function written in `text` as a generator of its own, whatever other functions it could be written with."""
    name, inside = top_function(text, "augment")
    element = parse_element(tower, inside, "augment")
    if not set(element.above.support) - set(tower.ring.parameter_indices) and element.below == 1:
        raise InputError("augment", text, "a function of the state", "it is constant")
    if name is None:
        generator = element.below == 1 and len(element.above.terms) == 1 and element.above.degree == 1 and element.above.leading[1] == 1
        if generator and tower.function(element.above.support[0]):
            return element
        if element.below == 1 and not any(tower.function(g) for g in element.above.support):
            raise InputError("augment", text, "log, exp, sqrt, atan or a quotient", "polynomials in the state are there already")
        return tower.add(Function("root", element, 1))
    if name == "log" and not element.above:
        raise InputError("augment", text, "an argument that is not 0")
    kind, order = ("root", 2) if name == "sqrt" else (name, 1)
    return tower.add(Function(kind, element, order))


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
    if isinstance(flow, ElementaryODE):
        texts += [call for rhs in flow.rhs.values() for call in calls_in(rhs)]
    if not 1 <= len(texts) <= _MOST:
        raise InputError("augment", f"{len(texts)} functions", f"from 1 to {_MOST} functions", "for example log(x)")
    return list(dict.fromkeys(texts))


def _text(tower: Tower, position: int) -> str:
    text = str(Expression(tower, Quotient(tower.generator(position), tower.ring.constant(1))))
    function = tower.functions[position]
    return text[1:-1] if function.kind == "root" and function.order == 1 else text


def _names(ring: Ring, texts: Sequence[str]) -> list[str]:
    """A free name for every function, made from its text: `log_u1`."""
    taken = {*ring.variables, *ring.parameters, TIME, *FUNCTIONS}
    names = []
    for text in texts:
        stem = re.sub(r"[^A-Za-z0-9]+", "_", f"inv_{text[2:]}" if text.startswith("1/") else text).strip("_")[:40].rstrip("_")
        stem = stem if stem[:1].isalpha() else f"w_{stem}"
        name = next(n for i in range(len(taken) + 1) if (n := f"{stem}_{i}" if i else stem) not in taken)
        taken.add(name)
        names.append(name)
    return names
