"""Products of exponentials as people write them: exp(a + b), p^c for exp(c*log(p)), x^(a - 1) for x^a/x."""

from __future__ import annotations

from fractions import Fraction

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.functions import Exp, Log, Root
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.terms import within
from polylaw.domains.elementary.tower import Tower

#: The base of a power with symbols, and whether its absolute value is meant.
Base = tuple[Polynomial, bool]
#: Exponents c of powers p^(c), and the argument of one exp.
Powers = tuple[dict[Base, Polynomial], Quotient]


def divides(divisor: Polynomial, polynomial: Polynomial) -> bool:
    """Whether the quotient is a polynomial over the integers; both are."""
    quotient = RationalFunction(polynomial, divisor)
    return quotient.is_polynomial and all(Fraction(c).denominator == 1 for _, c in quotient.numerator)


def symbolic_power(tower: Tower, argument: Quotient) -> tuple[Polynomial, Polynomial] | None:
    """(p, c) for an argument c*log(p), c a product of parameters: its exponential is written p^c."""
    above, below = argument
    logs = [f for g in above.support if isinstance(f := tower.function(g), Log)]
    if len(logs) != 1 or below != 1 or len(above.terms) != 1 or above.degree != 1:
        return None
    [(monomial, c)] = above
    symbols = within(monomial, tower.ring.parameter_indices)
    alone = len(symbols) + 1 == len(monomial) > 1
    return (logs[0].argument.above, tower.ring.monomial(symbols, c)) if alone else None


class Exponentials:
    """The exponentials of one tower."""

    def __init__(self, tower: Tower) -> None:
        self.tower, self.ring = tower, tower.ring

    def of(self, generator: int) -> tuple[Quotient, Fraction] | None:
        """(a, c) for a generator that is exp(c*a), or a root of one; None for any other."""
        function, scale = self.tower.function(generator), Fraction(1)
        while isinstance(function, Root):
            (monomial, c), *more = function.argument.above.terms.items()
            if function.argument.below != 1 or more or c != 1 or len(monomial) != 1:
                return None
            [(inner, power)] = monomial
            scale = scale * power / function.degree
            function = self.tower.function(inner)
        return (function.argument, scale) if isinstance(function, Exp) else None

    def without_common(self, polynomial: Polynomial) -> tuple[Polynomial, dict[int, int]]:
        """The polynomial without the exponentials that every term has, and their powers."""
        powers = [dict(m) for m in polynomial.terms]
        common = {g: min(p.get(g, 0) for p in powers) for g in polynomial.support if self.of(g)}
        common = {g: p for g, p in common.items() if p}
        return polynomial.divide_exactly(self.ring.monomial(tuple(sorted(common.items())))), common

    def joined(
        self, exponents: dict[int, int], above: Polynomial, below: Polynomial
    ) -> tuple[Powers, Polynomial, Polynomial]:
        """The product of exponentials to powers, times above/below without factors p that join a p^(c)."""
        bases, total = self.product(exponents)
        for p, unsigned in bases:
            if unsigned or not p.support:  # abs(x)^a/x is no power, and numbers stand in front
                continue
            while divides(p, above.primitive()):
                above, bases[p, unsigned] = above.divide_exactly(p), bases[p, unsigned] + 1
            while divides(p, below):
                below, bases[p, unsigned] = below.divide_exactly(p), bases[p, unsigned] - 1
        return (bases, total), above, below

    def product(self, powers: dict[int, int]) -> Powers:
        """The product of exponentials to powers: exponents c of powers p^(c), and the argument of one exp."""
        total = self.tower.constant(0)
        bases: dict[Base, Polynomial] = {}
        for generator, power in powers.items():
            found = self.of(generator)
            assert found is not None
            argument, scale = found
            if (symbolic := symbolic_power(self.tower, argument)) is not None:
                p, exponent = symbolic
                sign = self.tower.signs.get(p, 1)
                base = p * (sign or 1), sign == 0
                bases[base] = bases.get(base, self.ring.constant(0)) + exponent * (scale * power)
            else:
                total = self.tower.normal(total + argument * (scale * power))
        return bases, total
