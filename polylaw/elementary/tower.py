"""Elementary functions of the state as new generators, so that laws with logarithms are polynomials again.

A `Tower` is a flow's ring with generators added one on another:

    log(a)      w' = a'/a          log |a|, on every part of the state space where a is not 0
    exp(a)      w' = w a'
    a^(1/n)     w' = w a'/(n a)    with the relation w^n = a
    atan(a)     w' = a'/(1 + a^2)
    t           in a flow whose clock is s = exp(rate*t):  t' = s'/(rate s)

Arguments are brought to a normal form first: log of a product is the sum of the logs of its irreducible factors, exp of
a sum is the product of the exps of its terms, exp(c*log(p)) is p^c.  An element is 0 in the field of these generators only
if it is 0 as a function, so identities proved here are true; the converse (Liouville, Ostrowski, Ax) is not relied on:
that something is not 0 is shown at a point, in ball arithmetic (`polylaw.elementary.balls`).

Source: Bronstein, Symbolic Integration I (2005), chapters 3 and 5: differential fields and towers of monomials.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.factor import factors
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Exponential, Ring
from polylaw.elementary.numbers import by_power, highest_powers, prime_factors, root_of_rational
from polylaw.errors import InputError
from polylaw.flows.flow import Flow

__all__ = ["Function", "Tower"]

#: Most generators in one tower; unused ones cost nothing.
MOST_FUNCTIONS = 200



@dataclass(frozen=True)
class Function:
    """One generator: `log`, `exp`, `root` (of this `order`), `atan` of `argument`, in generators before it; or `time`."""

    kind: str
    argument: Quotient
    order: int = 1


class Tower:
    """The ring of a flow with room for functions, and the functions added so far.

    `ring` has the variables of the flow first, then the functions, then clock and parameters; `functions[i]` belongs to
    generator `first + i`.  Functions are only ever added, so an element stays what it is.
    """

    def __init__(self, flow: Flow) -> None:
        base = flow.ring
        self.flow, self.first = flow, len(base.variables)
        stem = next(s for i in count(1) if not any(name.startswith(s := "fn" * i + "_") for name in (*base.variables, *base.parameters)))
        slots = [f"{stem}{i}" for i in range(MOST_FUNCTIONS)]
        self.ring = Ring((*base.variables, *slots), base.parameters, base.clock)
        self.functions: list[Function] = []
        self._one = self.ring.constant(1)

    # -- elements ---------------------------------------------------------------------------------
    def element(self, polynomial: Polynomial) -> Quotient:
        """A polynomial of the flow's ring as an element."""
        return Quotient(polynomial.into(self.ring), self._one)

    def constant(self, value: Coefficient) -> Quotient:
        """A rational number as an element."""
        return Quotient(self.ring.constant(value), self._one)

    def function(self, generator: int) -> Function | None:
        """The function that a generator of `ring` stands for, None if it is one of the flow's own."""
        return self.functions[generator - self.first] if self.first <= generator < self.first + len(self.functions) else None

    def generator(self, position: int) -> Polynomial:
        """The generator of the function at this position."""
        return self.ring.monomial(((self.first + position, 1),))

    def add(self, function: Function) -> Quotient:
        """The function as a generator, the same one for the same function."""
        if function not in self.functions:
            if len(self.functions) == MOST_FUNCTIONS:
                raise InputError("functions", len(self.functions) + 1, f"at most {MOST_FUNCTIONS} different functions")
            self.functions.append(function)
        return Quotient(self.generator(self.functions.index(function)), self._one)

    def _known(self, kind: str, argument: Quotient, order: int = 1) -> Quotient | None:
        """A function that was added with just this argument, whatever its normal form."""
        function = Function(kind, argument, order)
        return self.add(function) if function in self.functions else None

    def normal(self, value: Quotient) -> Quotient:
        """The element in lowest terms, powers of roots reduced; raises `InputError` for a denominator that is 0."""
        above, below = self.reduced(value.above), self.reduced(value.below)
        if not below:
            raise InputError("expression", "division by zero", "a nonzero denominator")
        lowest = RationalFunction(above, below)
        above, below = self._without_roots_below(lowest.numerator, lowest.denominator)
        if below is not lowest.denominator:
            lowest = RationalFunction(self.reduced(above), self.reduced(below))
        return Quotient(lowest.numerator, lowest.denominator)

    def _without_roots_below(self, above: Polynomial, below: Polynomial) -> tuple[Polynomial, Polynomial]:
        """The quotient with roots that divide the denominator moved up: A/w is A*w^(n-1)/a for w^n = a."""
        for position in reversed(range(len(self.functions))):
            function, w = self.functions[position], self.first + position
            if function.kind != "root" or w not in below.support:
                continue
            power = min(by_power(below, w))
            if power:
                root = self.generator(position)
                above = above * root ** (function.order - power) * function.argument.below
                below = below.divide_exactly(root**power) * function.argument.above
        return above, below

    def reduced(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial with powers of roots of polynomials replaced: w^n by a."""
        return self._without_powers(polynomial, clear=False)

    def is_zero(self, polynomial: Polynomial) -> bool:
        """Whether a polynomial is 0 by the relations of the roots (all other generators taken as independent)."""
        return not self._without_powers(polynomial, clear=True)

    def _without_powers(self, polynomial: Polynomial, *, clear: bool) -> Polynomial:
        """Powers w^n replaced by a = A/B, later functions first; multiplied by powers of B if `clear`, else only if B is 1."""
        highest = highest_powers(polynomial)
        for position in reversed(range(len(self.functions))):
            function = self.functions[position]
            w = self.first + position
            above, below = function.argument
            if function.kind != "root" or not (clear or below == 1) or highest.get(w, 0) < function.order:
                continue
            parts = by_power(polynomial, w)
            top = max(parts) // function.order
            summands = []
            for k, part in parts.items():
                whole, rest = divmod(k, function.order)
                summands.append(part * above**whole * below ** (top - whole) * self.generator(position) ** rest)
            polynomial = Polynomial.sum(self.ring, summands)
            highest = highest_powers(polynomial)
        return polynomial

    # -- functions --------------------------------------------------------------------------------
    def log(self, value: Quotient) -> Quotient:
        """log |value|, as a sum over its irreducible factors over Q; `InputError` for 0."""
        above, below = self.normal(value)
        if (known := self._known("log", Quotient(above, below))) is not None:
            return known
        if not above:
            raise InputError("log", "0", "an argument that is not 0")
        total = self.constant(0)
        for sign, part in ((1, above), (-1, below)):
            content, pieces = factors(part)
            numbers = [(self.ring.constant(prime), power) for prime, power in prime_factors(abs(Fraction(content)))]
            for piece, power in [*numbers, *pieces]:
                total = self.plus(total, self.times(self._log_of(piece), self.constant(sign * power)))
        return total

    def _log_of(self, piece: Polynomial) -> Quotient:
        """log of an irreducible polynomial or of an integer > 1."""
        if len(piece.terms) == 1 and len(piece.support) == 1:
            [generator] = piece.support
            function = self.function(generator)
            if function and function.kind == "exp":
                return function.argument
            if function and function.kind == "root":
                return self.times(self.log(function.argument), self.constant(Fraction(1, function.order)))
            if generator == self.ring.clock_index and isinstance(self.ring.clock, Exponential):
                return self.times(self.element(self.ring.clock.rate), self.time())
        return self.add(Function("log", Quotient(piece, self._one)))

    def exp(self, value: Quotient) -> Quotient:
        """exp(value), as a product over the terms of the value."""
        value = self.normal(value)
        if (known := self._known("exp", value)) is not None:
            return known
        steps = self._clock_steps(value)
        if steps is not None:
            assert self.ring.clock_index is not None
            clock = Quotient(self.ring.monomial(((self.ring.clock_index, abs(steps)),)), self._one)
            return clock if steps >= 0 else self.inverse(clock)
        if value.below != 1:
            content = Fraction(value.above.leading[1]) / value.above.primitive().leading[1]
            return self._exp_of(Quotient(value.above.primitive(), value.below), content)
        result = self.constant(1)
        for monomial, c in value.above.sorted_terms():
            result = self.times(result, self._exp_of(Quotient(self.ring.monomial(monomial), self._one), Fraction(c)))
        return result

    def _exp_of(self, atom: Quotient, scale: Fraction) -> Quotient:
        """exp(scale * atom) for a rational scale."""
        if atom.below == 1 and len(atom.above.support) == 1 and atom.above.degree == 1:
            function = self.function(atom.above.support[0])
            if function and function.kind == "log":  # exp(c log p) = p^c
                return self.power(function.argument, scale)
        return self.power(self.add(Function("exp", atom)), scale)

    def root(self, value: Quotient, order: int) -> Quotient:
        """The positive `order`-th root; `InputError` for a negative number."""
        value = self.normal(value)
        if not value.above:
            return value
        if (known := self._known("root", value, order)) is not None:
            return known
        result = self.constant(1)
        rest, positive = self._without_exponentials(value)
        for generator, power in positive:  # exponentials are positive: their roots multiply
            root = self.add(Function("root", Quotient(self.ring.monomial(((generator, 1),)), self._one), order))
            result = self.times(result, self.power(root, Fraction(power)))
        return self.times(result, self._root_of(rest, order))

    def _without_exponentials(self, value: Quotient) -> tuple[Quotient, list[tuple[int, int]]]:
        """The value without the exponentials that all terms have, and the powers of these."""
        parts, found = [], []
        for sign, part in ((1, value.above), (-1, value.below)):
            powers = [dict(m) for m in part.terms]
            common = {
                g: min(p.get(g, 0) for p in powers) for g in part.support if (f := self.function(g)) is not None and f.kind == "exp"
            }
            found += [(g, sign * p) for g, p in sorted(common.items()) if p]
            terms = {tuple((g, p - common.get(g, 0)) for g, p in m if p > common.get(g, 0)): c for m, c in part.terms.items()}
            parts.append(Polynomial(self.ring, terms))
        return Quotient(*parts), found

    def _root_of(self, value: Quotient, order: int) -> Quotient:
        """The root of an element without exponentials."""
        content = Fraction(value.above.leading[1]) / value.above.primitive().leading[1]
        above = value.above * (1 / abs(content))
        outside, inside = root_of_rational(abs(content), order)
        if above == -1 and value.below == 1:
            raise InputError("root", str(value.above), "a number that is not negative")
        result = self.constant(outside)
        if inside != 1:
            result = self.times(result, self.add(Function("root", self.constant(inside), order)))
        if above == 1 and value.below != 1:
            return self.times(result, self.inverse(self._root_of(Quotient(value.below, self._one), order)))
        if above != 1 or value.below != 1:
            result = self.times(result, self.add(Function("root", Quotient(above, value.below), order)))
        return result

    def atan(self, value: Quotient) -> Quotient:
        """The arc tangent; it is odd, so the argument is given a positive leading coefficient."""
        value = self.normal(value)
        if not value.above:
            return value
        if value.above.leading[1] < 0:
            return self._negated(self.atan(self._negated(value)))
        return self.add(Function("atan", value))

    def time(self) -> Quotient:
        """Time itself in a flow whose clock is exp(rate*t)."""
        return self.add(Function("time", self.constant(0)))

    def power(self, base: Quotient, exponent: Fraction | Polynomial) -> Quotient:
        """base^exponent for a rational exponent, or one that is a polynomial in the parameters (exp(exponent*log(base)))."""
        if isinstance(exponent, Polynomial):
            value = exponent.constant_value
            if value is None:
                return self.exp(self.times(self.element(exponent), self.log(base)))
            exponent = Fraction(value)
        if exponent < 0:
            base, exponent = self.inverse(base), -exponent
        if exponent.denominator != 1:
            base = self.root(base, exponent.denominator)
        return Quotient(base.above**exponent.numerator, base.below**exponent.numerator)

    def _clock_steps(self, value: Quotient) -> int | None:
        """The k for which exp(value) is the k-th power of the clock exp(rate*t), if there is one."""
        clock = self.ring.clock
        if not isinstance(clock, Exponential) or value.below != 1 or not value.above:
            return None
        unit = self.element(clock.rate).above * self.time().above
        ratio = Fraction(value.above.leading[1]) / unit.leading[1]
        return ratio.numerator if ratio.denominator == 1 and value.above == unit * ratio else None

    # -- field operations -------------------------------------------------------------------------
    def times(self, left: Quotient, right: Quotient) -> Quotient:
        """left * right."""
        return Quotient(left.above * right.above, left.below * right.below)

    def plus(self, left: Quotient, right: Quotient) -> Quotient:
        """left + right."""
        if left.below == right.below:
            return Quotient(left.above + right.above, left.below)
        return Quotient(left.above * right.below + right.above * left.below, left.below * right.below)

    def inverse(self, value: Quotient) -> Quotient:
        """1/value; `InputError` for 0."""
        if not self.reduced(value.above):
            raise InputError("expression", "division by zero", "a nonzero denominator")
        return Quotient(value.below, value.above)

    def _negated(self, value: Quotient) -> Quotient:
        return Quotient(-value.above, value.below)

    def used(self, *polynomials: Polynomial) -> list[int]:
        """Positions of the functions that occur in the polynomials, or in arguments of those, ascending."""
        found: set[int] = set()
        waiting = list(polynomials)
        while waiting:
            for position in (g - self.first for g in waiting.pop().support if self.function(g)):
                if position not in found:
                    found.add(position)
                    waiting += self.functions[position].argument
        return sorted(found)
