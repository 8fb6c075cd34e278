"""Text to elementary expressions: the grammar of `polylaw.algebra.parse` with functions and all powers.

    power    = atom [ ("^" | "**") exponent ]
    exponent = ["-"] integer | ["-"] name | "(" sum ")"   a rational number, or a polynomial in the parameters
    atom     = integer | decimal | name | function "(" sum ")" | "(" sum ")"
    function = one of `polylaw.algebra.functions.CALLS`

`t` is time.  log(p) is log |p|, and p^c for a c that is no number is exp(c*log |p|).  Every bound of
`polylaw.algebra.bounded` holds here too.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from polylaw.algebra.bounded import BoundedArithmetic, Quotient
from polylaw.algebra.function import Asked
from polylaw.algebra.functions import CALLS
from polylaw.algebra.parse import Polynomials, calls, tokens_of
from polylaw.algebra.polynomial import Polynomial, degree_of
from polylaw.algebra.ring import TIME, Exponential, RootOfTime, advice
from polylaw.budget import Budget
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import ElementaryFlow, settled, timed
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import ParseError, UnknownNameError
from polylaw.flows.flow import Flow
from polylaw.flows.ode import PolynomialODE
from polylaw.syntax.tokens import Token, errors_of

#: Exponents are at most this large, numerator and denominator.
_MOST_EXPONENT = 1000
#: Most terms of an argument of a function, which is factored.
_MOST_TERMS = 2000
_MOST_DEGREE = 60


def looks_elementary(text: str, flow: Flow) -> bool:
    """Whether a text that is no polynomial of the flow has functions, quotients, other powers or time."""
    tokens = tokens_of(text, "law")
    powers = any(a.text in ("^", "**") and not b.text.isdigit() for a, b in pairwise(tokens))
    time = TIME not in flow.ring and any(token.text == TIME for token in tokens)
    return calls(tokens) or powers or time or any(token.text == "/" for token in tokens)


def expression_of(flow: Flow, text: str, budget: Budget | None = None) -> Expression:
    """The expression written in `text`, in a tower of its own over the flow (with time if `t` occurs).
    Raises `ParseError` (grammar, bounds), `UnknownNameError`, `InputError` (log of 0, 1/0), `BudgetError`."""
    if any(token.text == TIME for token in tokens_of(text, "law")):
        flow = timed(flow)
    return settled(flow, lambda tower: parse_expression(tower, text), budget)


def parse_expression(tower: Tower, text: str) -> Expression:
    """The expression written in `text`, its functions added to `tower`."""
    return Expression.of(tower, parse_element(tower, text))


def parse_element(tower: Tower, text: str, argument: str = "law") -> Quotient:
    """The element of the tower written in `text`, in lowest terms."""
    arithmetic = _TowerArithmetic(tower, argument)
    return arithmetic.within(_Elementary(arithmetic, tokens_of(text, argument)).whole())


class _TowerArithmetic(BoundedArithmetic):
    """Arithmetic over the ring of a tower; functions add generators."""

    def __init__(self, tower: Tower, argument: str) -> None:
        super().__init__(tower.ring, argument, ParseError)
        self.tower = tower

    def named(self, name: str) -> Quotient:
        """A variable, a parameter, or time."""
        if name == TIME and isinstance(self.ring.clock, Exponential):
            return self.tower.time()
        if name == TIME and isinstance(self.ring.clock, RootOfTime):
            return super().named(name)
        if (value := self.tower.flow.values.get(name)) is not None:
            return self.constant(value)
        if name not in self.tower.flow.ring:  # what the tower's ring calls its functions is its own affair
            if name == TIME and not isinstance(self.tower.flow, (PolynomialODE, ElementaryFlow)):
                hint = "the laws of this flow do not depend on time"
                raise UnknownNameError(self.argument, name, "a law without time", hint)
            known = (*self.tower.flow.ring.variables, *self.tower.flow.ring.parameters)
            raise UnknownNameError(self.argument, name, "a variable or a parameter", advice(name, known))
        return super().named(name)

    def within(self, value: Quotient) -> Quotient:
        """The value in lowest terms, of a size that can be factored."""
        for part in value:
            self._bound(len(part.terms), 5 * _MOST_TERMS, "terms")
        below = self.tower.reduced(value.below)
        if not below:
            self._refuse("division by zero", "a nonzero denominator")
        lowest = self.lowest(Quotient(self.tower.reduced(value.above), below))
        parts = (lowest.numerator, lowest.denominator)
        self._bound(max(len(p.terms) for p in parts), _MOST_TERMS, "terms")
        return Quotient(*parts)

    def inverse(self, value: Quotient) -> Quotient:
        """1/value."""
        self.tower.ask(Asked(value))
        return super().inverse(value)

    def call(self, name: str, value: Quotient) -> Quotient:
        """A function of a value."""
        value = self.within(value)
        self._bound_degree(value, "degree of an argument")
        for part in value:
            self._spend(len(part.terms) ** 2, 0)
        with errors_of(self.argument):
            found: Quotient = CALLS[name](self.tower, value)
            return found

    def raised(self, base: Quotient, exponent: Fraction | Polynomial) -> Quotient:
        """base^exponent."""
        if isinstance(exponent, Fraction):
            self._bound(max(abs(exponent.numerator), exponent.denominator), _MOST_EXPONENT, "as an exponent")
            if exponent.denominator == 1:
                return self.power(base, exponent.numerator)
        base = self.within(base)
        self.tower.ask(Asked(base, positive=True))
        self._bound_degree(base, "degree of a base")
        with errors_of(self.argument):
            if isinstance(exponent, Fraction):
                root = self.tower.power(base, Fraction(1, exponent.denominator))
                return self.power(root, exponent.numerator)
            return self.tower.power(base, exponent)

    def _bound_degree(self, value: Quotient, what: str) -> None:
        for part in value:
            self._bound(max(map(degree_of, part.terms), default=0), _MOST_DEGREE, what)


class _Elementary(Polynomials):
    """The notation with functions and with exponents that are constants of any kind."""

    arithmetic: _TowerArithmetic

    def function(self, name: str, depth: int) -> Quotient:
        """`name(sum)`."""
        return self.arithmetic.call(name, self.atom(depth + 1))

    def raised(self, value: Quotient, mark: str, first: Token, depth: int) -> Quotient:
        """A power; those of the clock t that are in the ring stay there."""
        exponent = self.constant(depth)
        self.one_power()
        clock = self.arithmetic.ring.clock
        if first.text == TIME and isinstance(clock, RootOfTime) and isinstance(exponent, Fraction):
            steps = exponent * clock.root
            if steps.denominator == 1:
                return self.arithmetic.power(self.arithmetic.clock_power(1), steps.numerator)
        return self.arithmetic.raised(value, exponent)

    def constant(self, depth: int) -> Fraction | Polynomial:
        """An exponent."""
        negative = self.take("-")
        if self.here.kind == "number" and not self.here.text.isdigit():
            raise self.error("an integer exponent", "write a fraction as ^(1/2)")
        value = self.arithmetic.within(self.atom(depth + 1))
        first = self.arithmetic.ring.parameter_indices.start
        if value.below != 1 or any(g < first for g in value.above.support):
            argument, found = self.arithmetic.argument, str(value.above)
            raise ParseError(argument, found, "a constant exponent", "a number, or parameters")
        polynomial = -value.above if negative else value.above
        number = polynomial.constant_value
        return polynomial.into(self.arithmetic.tower.flow.ring) if number is None else Fraction(number)
