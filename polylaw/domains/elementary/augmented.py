"""A flow with functions of its state added to the state: laws polynomial in `log(u1)`, `exp(q)`, `1/x` too.

The functions are elements of a tower, in normal form; what relations they have is seen there.  The ring of
the flow has a name for each of them besides its variables, so that an ansatz counts degrees in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import prod

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.functions import CALLS, Exp
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.printing import factor_order, signed_sum
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.algebra.ring import TIME, Ring
from polylaw.budget import Budget
from polylaw.domains.elementary.balls import own_generators
from polylaw.domains.elementary.derivation import components_of
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import ElementaryFlow, fields_of, settled
from polylaw.domains.elementary.independence import numbers_among
from polylaw.domains.elementary.parse import parse_element
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError
from polylaw.flows.flow import Flow, checked_flow

_MOST = 64
_MOST_POWER = 10
_ALL = re.compile(rf"\s*({'|'.join(CALLS)})\s*\(\s*\*\s*\)\s*|\s*1\s*/\s*\*\s*")


def logarithms_of(flow: Flow, polynomials: Sequence[Polynomial]) -> list[Expression]:
    """log |h| of polynomials of the flow's ring."""
    tower = Tower(flow)
    return [Expression.of(tower, tower.log(tower.element(h.into(flow.ring)))) for h in polynomials]


def inverses_of(flow: Flow, polynomials: Sequence[Polynomial]) -> list[Expression]:
    """1/h of polynomials of the flow's ring."""
    tower = Tower(flow)
    return [Expression.of(tower, tower.element(h.into(flow.ring)) ** -1) for h in polynomials]


def sum_text(flow: AugmentedFlow, law: Polynomial) -> str:
    """A polynomial in the state and the functions as a sum of its terms: `p1^2 + g/(x1 - x2)^2`.  It parses
    back; a normal form has one denominator for all terms, which can be much longer."""
    return signed_sum((c < 0, _term(flow, -c if c < 0 else c, m)) for m, c in law.sorted_terms())


def _term(flow: AugmentedFlow, c: Coefficient, monomial: Monomial) -> str:
    functions = dict(enumerate(flow.functions, flow.tower.first))
    above, below = [], []
    for g, power in factor_order(flow.ring, monomial):
        exponent = f"^{power}" if power > 1 else ""
        if g not in functions:
            above.append(flow.ring.power_text(g, power))
        elif flow.elements[g].above == 1:
            below.append(f"/({Expression.of(flow.tower, flow.elements[g] ** -1)}){exponent}")
        else:
            above.append(f"({functions[g]}){exponent}" if exponent else functions[g])
    if c != 1 or not above:
        above.insert(0, rational_text(c))
    return "*".join(above) + "".join(below)


class AugmentedFlow(Flow):
    """`flow` with the functions `augment` among its variables, under names made from their text (`log_u1`).

    `augment` holds `Expression`s of the flow, or texts such as `log(u1)`, `exp(q1 - q2)`, `1/x`,
    `sqrt(x^2 + y^2)`, `x/(x + y)`; `log(*)` means the log of every variable.  The functions in the right-hand
    sides come besides.  `elements` are the variables and the functions in the `tower`, `functions` the texts
    of these and `names` what they are called.  Two are equal if the flow and the elements are.  Raises
    `ParseError`, `UnknownNameError`, `InputError`, `BudgetError`.
    """

    def __init__(self, flow: Flow, augment: Sequence[str | Expression], budget: Budget | None = None) -> None:
        self.original = checked_flow(flow)
        wanted = _wanted(flow, augment)
        self.tower, added = settled(flow, lambda tower: (tower, _functions(tower, wanted)), budget)
        if len(added) > _MOST or not (added or isinstance(flow, ElementaryFlow)):
            many, expected = f"{len(added)} functions", f"from 1 to {_MOST} functions"
            raise InputError("augment", many, expected, "for example log(x)")
        own = [self.tower.element(flow.ring.generator(name)) for name in flow.ring.variables]
        self.elements = (*own, *added)
        self.functions = tuple(str(Expression.of(self.tower, value)) for value in added)
        self.names = _names(flow.ring, self.functions)
        self.ring = Ring((*flow.ring.variables, *self.names), flow.ring.parameters, flow.ring.clock)
        self.title = flow.title
        self.name = f"{flow.name}, with {', '.join(self.functions)}" if added else flow.name

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AugmentedFlow):
            return NotImplemented
        if self.original != other.original or len(self.elements) != len(other.elements):
            return False
        pairs = zip(self.elements, other.elements, strict=True)
        return all(Expression(self.tower, a) == Expression(other.tower, b) for a, b in pairs)

    def __hash__(self) -> int:
        return hash((self.original, len(self.elements)))

    def clock_power(self, degree: int) -> int:
        """As for the flow itself."""
        return self.original.clock_power(degree)

    @cached_property
    def positions(self) -> list[int]:
        """Where the functions of the tower stand that occur in the elements and in the fields."""
        return self.tower.used(*(p for value in (*self.elements, *_components(self.tower)) for p in value))

    @cached_property
    def constants(self) -> list[int]:
        """The generators of these functions that do not move: coefficients, like parameters."""
        return [self.tower.first + i for i in numbers_among(self.tower, self.positions, parameters=True)]

    def element(self, law: Polynomial) -> Quotient:
        """A polynomial of the enlarged ring as an element of the tower."""
        return sum((self.product(monomial) * c for monomial, c in law), self.tower.constant(0))

    def product(self, monomial: Monomial) -> Quotient:
        """A monomial of the enlarged ring as an element of the tower."""
        shift = self.tower.ring.size - self.ring.size
        rest = tuple((g + shift, p) for g, p in monomial if g >= len(self.elements))
        factors = (self.elements[g] ** power for g, power in monomial if g < len(self.elements))
        return self.tower.normal(prod(factors, start=Quotient.whole(self.tower.ring.monomial(rest))))


def _components(tower: Tower) -> list[Quotient]:
    return [c for _, field in fields_of(tower) for c in components_of(tower, field).values()]


def _functions(tower: Tower, asked: Sequence[str | Expression]) -> list[Quotient]:
    """The functions asked for and those of the fields, each once, without constants."""
    wanted = [tower.normal(_requested(tower, each)) for each in asked]
    components = [tower.normal(c) for c in _components(tower)]
    powers = list(dict.fromkeys(e for c in components for e in _products_of_exponentials(tower, c)))
    wanted += [e for e in powers if not any(e == f**k for f in powers for k in range(2, _MOST_POWER))]
    for component in components:
        wanted += _generators(tower, component)
    numbers = numbers_among(tower, range(len(tower.functions)), parameters=True)
    still = {*tower.ring.parameter_indices, *(tower.first + i for i in numbers)}
    moving = [w for w in wanted if not still.issuperset(g for p in w for g in p.support)]
    return list(dict.fromkeys(Quotient(w.above.primitive(), w.below) for w in moving))


def _products_of_exponentials(tower: Tower, component: Quotient) -> Iterator[Quotient]:
    """The exponentials of the terms of a component of a field, over those of its denominator's first term."""
    divided = _exponentials(tower, next(iter(component.below.terms)))
    for monomial in (m for part in component for m in part.terms):
        powers = _exponentials(tower, monomial)
        powers = {g: p for g in sorted({*powers, *divided}) if (p := powers.get(g, 0) - divided.get(g, 0))}
        if powers:
            above, below = (tuple((g, abs(p)) for g, p in powers.items() if p * sign > 0) for sign in (1, -1))
            yield Quotient(tower.ring.monomial(above), tower.ring.monomial(below))


def _generators(tower: Tower, component: Quotient) -> Iterator[Quotient]:
    """The other functions in a component of a field, with their inverses if they stand below the bar."""
    for position in tower.used(*component):
        function, generator = tower.functions[position], Quotient.whole(tower.generator(position))
        if isinstance(function, Exp):
            continue
        yield generator
        below = function.power(tower.partner(position)).above if function.order else generator.above
        if component.below.gcd(below) != 1:
            yield tower.normal(tower.inverse(generator))


def _exponentials(tower: Tower, monomial: Monomial) -> dict[int, int]:
    return {g: p for g, p in monomial if isinstance(tower.function(g), Exp)}


def _requested(tower: Tower, asked: str | Expression) -> Quotient:
    """The function asked for."""
    if isinstance(asked, str):
        value = parse_element(tower, asked, "augment")
    else:
        value = tower.translated(asked.tower, asked.value)
    if set(own_generators(tower, value)) <= set(tower.ring.parameter_indices):
        raise InputError("augment", str(asked), "a function of the state", "it is constant")
    if value.below == 1 and not any(tower.function(g) for g in value.above.support):
        expected = f"one of {', '.join(CALLS)} or a quotient"
        raise InputError("augment", str(asked), expected, "polynomials in the state are there already")
    return value


def _wanted(flow: Flow, augment: Sequence[str | Expression]) -> list[str | Expression]:
    """The functions asked for, `log(*)` written out."""
    found: list[str | Expression] = []
    for asked in [augment] if isinstance(augment, str) else augment:
        if not isinstance(asked, (str, Expression)):
            raise InputError("augment", asked, "the text of a function, such as log(x)")
        if isinstance(asked, str) and (match := _ALL.fullmatch(asked)):
            found += [f"{match[1]}({v})" if match[1] else f"1/{v}" for v in flow.ring.variables]
        else:
            found.append(asked)
    return list(dict.fromkeys(found))


def _names(ring: Ring, texts: Sequence[str]) -> tuple[str, ...]:
    """A free name for every function, made from its text: `log_u1`."""
    taken = {*ring.variables, *ring.parameters, TIME, *CALLS}
    names: list[str] = []
    for text in texts:
        spoken = f"inv_{text[2:]}" if text.startswith("1/") else text
        stem = re.sub(r"[^A-Za-z0-9]+", "_", spoken).strip("_")[:40].rstrip("_")
        stem = stem if stem[:1].isalpha() else f"w_{stem}"
        name = next(n for i in range(len(taken) + 1) if (n := f"{stem}_{i}" if i else stem) not in taken)
        taken.add(name)
        names.append(name)
    return tuple(names)
