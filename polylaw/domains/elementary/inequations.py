"""Where an expression is defined and differentiable over the reals, as inequations between polynomials.

    p/q        q != 0
    p^a        p > 0, for a parameter a

what else a function asks (`polylaw.algebra.functions`), and the same for every argument.  They are kept
irreducible: a product is not 0 where no factor is, and positive where its factors of odd power are positive
together and the others are not 0.  An inequation is left out when it is proved to hold wherever the others
do; one that is proved to hold nowhere is kept and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.check import Check
from polylaw.algebra.factor import factors
from polylaw.algebra.function import Asked, Function
from polylaw.algebra.functions import Exp
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Exponential
from polylaw.domains.elementary.balls import own_generators
from polylaw.domains.elementary.exponentials import symbolic_power
from polylaw.domains.elementary.numbers import by_power
from polylaw.domains.elementary.printing import expression_text
from polylaw.domains.elementary.tower import Tower

#: A polynomial with more terms is not tried for being a sum of squares.
_MOST_TERMS = 200


@dataclass(frozen=True)
class Inequation:
    """polynomial != 0, or polynomial > 0 if `positive`, over the reals.

    `factors` are irreducible over Q, primitive; `polynomial` is their product, up to the sign if `positive`.
    `impossible`: it is proved that no real point satisfies it, together with the inequations beside it.
    """

    tower: Tower = field(compare=False, repr=False)
    polynomial: Polynomial
    factors: tuple[Polynomial, ...]
    positive: bool = False
    impossible: bool = False

    @property
    def on_parameters(self) -> bool:
        """Whether nothing that moves occurs in it."""
        own = own_generators(self.tower, Quotient.whole(self.polynomial))
        return set(own) <= set(self.tower.ring.parameter_indices)

    @property
    def asked(self) -> Asked[Quotient]:
        """What it asks at a point."""
        return Asked(Quotient.whole(self.polynomial), self.positive)

    def __str__(self) -> str:
        if not self.positive:
            return f"{self._text(self.polynomial)} != 0"
        if len(self.factors) > 1:
            sign = "" if self.polynomial == prod(self.factors[1:], start=self.factors[0]) else "-"
            texts = map(self._text, self.factors)
            return f"{sign}{'*'.join(f'({text})' if ' ' in text else text for text in texts)} > 0"
        more = Polynomial(self.polynomial.ring, {m: c for m, c in self.polynomial if c > 0})
        less = more - self.polynomial
        return f"{self._text(more)} > {self._text(less)}" if more else f"{self._text(less)} < 0"

    def _text(self, polynomial: Polynomial) -> str:
        return expression_text(self.tower, Quotient.whole(polynomial))


def inequations_of(tower: Tower, check: Check, *values: Quotient) -> tuple[Inequation, ...]:
    """Where all the elements, the functions in them and all arguments of these are defined and
    differentiable.  Raises what `check` raises, which is called before every factorisation."""
    found = _Inequations(tower, check)
    for value in values:
        found.differs_from_zero(value.below)
    for position in tower.used(*(p for value in values for p in value)):
        found.function(tower.functions[position])
    return found.reduced()


def inequations_asked(tower: Tower, asked: Iterable[Asked[Quotient]], check: Check) -> tuple[Inequation, ...]:
    """What texts ask where they are defined, whatever became of them in a normal form."""
    found = _Inequations(tower, check)
    for each in asked:
        found.asked(each)
    return found.reduced()


def needs_of(tower: Tower, position: int, check: Check) -> tuple[Inequation, ...]:
    """What one function needs besides what its arguments need."""
    found = _Inequations(tower, check)
    found.function(tower.functions[position])
    return found.reduced()


class _Inequations:
    """Inequations as they are met: irreducible polynomials that are not 0, and products that are positive."""

    def __init__(self, tower: Tower, check: Check) -> None:
        self.tower, self.check = tower, check
        self.nonzero: dict[Polynomial, None] = {}
        self.positive: dict[Polynomial, Inequation] = {}

    def function(self, function: Function[Quotient]) -> None:
        """What a function of this kind asks of its argument."""
        self.differs_from_zero(function.argument.below)
        if isinstance(function, Exp) and (base := _base_of_power(self.tower, function.argument)) is not None:
            self.is_positive(base)
        for asked in function.asks():
            self.asked(asked)

    def asked(self, asked: Asked[Quotient]) -> None:
        """What is asked of a value."""
        (above, below), positive = asked
        self.differs_from_zero(below)
        if positive:
            self.is_positive(above * below)
        else:
            self.differs_from_zero(above)

    def differs_from_zero(self, polynomial: Polynomial) -> None:
        """Record that no factor is 0."""
        for factor, _ in self._factors(polynomial)[1]:
            if not _is_positive(self.tower, factor):
                self.nonzero[factor] = None

    def is_positive(self, polynomial: Polynomial) -> None:
        """Record that a polynomial is positive."""
        content, pieces = self._factors(polynomial)
        pieces = [(f, power) for f, power in pieces if not _is_positive(self.tower, f)]
        odd = [f for f, power in pieces if power % 2 and _never_below(self.tower, f) is None]
        for f, _ in pieces:  # even powers, and sums of squares: positive where they are not 0
            if f not in odd:
                self.differs_from_zero(f)
        sign = 1 if content > 0 else -1
        product = prod(odd, start=self.tower.ring.constant(sign))
        if not odd and sign > 0:
            return
        shown, impossible = product if odd else polynomial, not odd or -product in self.positive
        self.positive[product] = Inequation(self.tower, shown, tuple(odd), True, impossible)

    def _factors(self, polynomial: Polynomial) -> tuple[Coefficient, list[tuple[Polynomial, int]]]:
        self.check("where it is defined")
        return factors(polynomial)

    def reduced(self) -> tuple[Inequation, ...]:
        """Those that others do not imply: in order, those on the state first."""
        implied = {f for inequation in self.positive.values() for f in inequation.factors}
        others = (Inequation(self.tower, f, (f,)) for f in self.nonzero if f not in implied)
        kept = [*self.positive.values(), *others]
        return tuple(sorted(kept, key=lambda i: (i.on_parameters, i.polynomial.order)))


def _base_of_power(tower: Tower, argument: Quotient) -> Polynomial | None:
    """p, if its sign is known, for the argument of an exponential that is written p^a."""
    symbolic = symbolic_power(tower, argument)
    if symbolic is None:
        return None
    sign = tower.signs.get(symbolic[0], 1)
    return symbolic[0] * sign if sign else None  # |p|^a, where p is not 0


def _is_positive(tower: Tower, polynomial: Polynomial) -> bool:
    """Whether a polynomial is proved to be positive wherever the functions in it are defined."""
    if (_never_below(tower, polynomial) or 0) > 0:
        return True
    squares = all(c > 0 and _is_square(tower, m) for m, c in polynomial)  # then one positive term is enough
    return squares and any(all(_is_positive_generator(tower, g) for g, _ in m) for m in polynomial.terms)


def _is_positive_generator(tower: Tower, generator: int) -> bool:
    """Whether it is positive where it is defined and differentiable; a clock exp(rate*t) is."""
    if generator == tower.ring.clock_index:
        return isinstance(tower.ring.clock, Exponential)
    function = tower.function(generator)
    return function is not None and function.positive


def _never_below(tower: Tower, polynomial: Polynomial) -> Fraction | None:
    """A number >= 0 that the polynomial is never below over the reals, if completing squares proves one."""
    if len(polynomial.terms) > _MOST_TERMS:
        return None
    constant = Fraction(polynomial.terms.get((), 0))
    if constant >= 0 and all(c > 0 and _is_square(tower, m) for m, c in polynomial if m):
        return constant
    for g in polynomial.support:
        parts = by_power(polynomial, g)
        leading = parts[max(parts)].constant_value
        if max(parts) == 2 and leading is not None and leading > 0:
            below, middle = (parts.get(k, polynomial.ring.constant(0)) for k in (0, 1))
            return _never_below(tower, below - middle * middle * (Fraction(1, 4) / leading))
    return None


def _is_square(tower: Tower, monomial: Monomial) -> bool:
    return all(power % 2 == 0 or _is_positive_generator(tower, g) for g, power in monomial)


def borders_of(inequations: Iterable[Inequation]) -> Iterator[Polynomial]:
    """The irreducible polynomials whose zeros bound the set, each once."""
    yield from dict.fromkeys(f for inequation in inequations for f in inequation.factors)
