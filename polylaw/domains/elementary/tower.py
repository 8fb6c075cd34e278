"""Elementary functions of the state as new generators, so that laws with logarithms are polynomials again.

A `Tower` is a flow's ring with generators added one on another (`..functions`).  Arguments are brought to a
normal form first: log of a product is the sum of the logs of its irreducible factors, exp of a sum is the
product of the exps of its terms, exp(c*log(p)) is |p|^c, sines and cosines of sums and multiples are
polynomials in those of the terms, and a root that roots before it can express is expressed by them
(`..radicals`).  An element is 0 in the field of these generators only if it is 0 as a function, so identities
proved here are true; the converse is not relied on (`..independence` proves it where it can): that something
is not 0 is shown at a point, in ball arithmetic (`..balls`).

Source: Bronstein, Symbolic Integration I (2005), chapters 3 and 5: differential fields, towers of monomials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import lcm, prod

import flint

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Function
from polylaw.algebra.functions import Absolute, Cosine, Exp, Log, Root, Sine, Time
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Exponential
from polylaw.domains.elementary.numbers import factored, prime_factors
from polylaw.domains.elementary.radicals import Radical, Vector
from polylaw.domains.elementary.roots import Roots
from polylaw.errors import InputError
from polylaw.flows.flow import Flow

#: sin(n*x) is a polynomial of degree n in sin(x) and cos(x).
_MOST_TURNS = 40
#: Of the terms of cosines and sines of two angles, for those of their sum.
_MOST_PRODUCTS = 20_000


class Tower(Roots):
    """The ring of a flow with functions (`..elements`), each brought to a normal form.  `finest` tells into
    how many parts angles are divided, where that is known before: `parts` collects it."""

    def __init__(
        self,
        flow: Flow,
        finest: Mapping[Quotient, int] | None = None,
        facts: Mapping[Polynomial, int] | None = None,
    ) -> None:
        super().__init__(flow)
        self.facts = facts or {}
        #: The fields of a flow with functions in it, once they were read.
        self.fields: list[tuple[str, Mapping[int, Quotient]]] | None = None
        self.finest, self.parts = dict(finest or {}), dict[Quotient, int]()
        #: What is under powers with symbols in them is positive: the signs of its factors, 0 where several
        #: leave a choice.
        self.signs: dict[Polynomial, int] = {}

    def log(self, value: Quotient) -> Quotient:
        """log |value|, as a sum over its irreducible factors over Q; `InputError` for 0."""
        value = self.normal(value)
        if not value.above:
            raise InputError(Log.name, "0", "an argument that is not 0")
        content, pieces = factored(value)
        numbers = [(self.ring.constant(prime), power) for prime, power in prime_factors(abs(content))]
        return sum((self._log_of(piece) * power for piece, power in [*numbers, *pieces]), self.constant(0))

    def _log_of(self, piece: Polynomial) -> Quotient:
        """log of an irreducible polynomial or of an integer > 1."""
        function = self._under(piece)
        if isinstance(function, Exp):
            exponent: Quotient = function.argument
            return exponent
        if isinstance(function, (Root, Absolute)):
            return self.log(function.argument) * Fraction(1, getattr(function, "degree", 1))
        clock = self.ring.clock
        if isinstance(clock, Exponential) and piece == self._clock:
            return self.element(clock.rate) * self.time()
        return self.add(Log(Quotient.whole(piece)))

    def exp(self, value: Quotient) -> Quotient:
        """exp(value), as a product over the terms of the value."""
        value = self.normal(value)
        if (steps := self._clock_steps(value)) is not None:
            return Quotient.whole(self._clock) ** steps
        factors = (self._exp_of(atom, scale) for atom, scale in self._summands(value))
        return prod(factors, start=self.constant(1))

    def _summands(self, value: Quotient) -> list[tuple[Quotient, Fraction]]:
        """The value as a sum of rational multiples: of products of generators, or of one quotient."""
        if not value.above:
            return []
        if value.below != 1:
            content = Fraction(value.above.leading[1]) / value.above.primitive().leading[1]
            return [(Quotient(value.above.primitive(), value.below), content)]
        return [(Quotient.whole(self.ring.monomial(m)), Fraction(c)) for m, c in value.above.sorted_terms()]

    @property
    def _clock(self) -> Polynomial:
        assert self.ring.clock_index is not None
        return self.ring.monomial(((self.ring.clock_index, 1),))

    def _exp_of(self, atom: Quotient, scale: Fraction) -> Quotient:
        """exp(scale * atom) for a rational scale."""
        function = self._under(atom.above) if atom.below == 1 else None
        if isinstance(function, Log):  # exp(c log |p|) = |p|^c
            whole = scale.denominator == 1 and scale.numerator % 2 == 0
            return self.power(function.argument if whole else self.absolute(function.argument), scale)
        return self.power(self.add(Exp(atom)), scale)

    # -- powers -----------------------------------------------------------------------------------
    def power(self, base: Quotient, exponent: Fraction | Polynomial) -> Quotient:
        """base^exponent for a rational exponent, or one that is a polynomial in the parameters: base^(a + 1)
        is base*exp(a*log(base)), and the base is positive."""
        if not isinstance(exponent, Polynomial):
            return self.rational_power(base, exponent)
        number = Fraction(exponent.terms.get((), 0))
        power = self.rational_power(base, number)
        if symbols := exponent - number:
            power = power * self.exp(self.element(symbols) * self.log(base))
            self._require_positive(base)
        return power

    def _require_positive(self, base: Quotient) -> None:
        """Record the signs of factors that follow from a positive base, 0 for those that leave a choice."""
        content, vector = self._vector(self.normal(base), roots=False)
        sign, free = 1 if content > 0 else -1, list[Polynomial]()
        for piece, power in vector.items():
            if isinstance(piece, int) or not power.numerator % 2:
                continue
            function = self._under(piece)
            if isinstance(function, Root):
                self._require_positive(function.argument)
            elif self.signs.get(piece):
                sign *= self.signs[piece]
            elif not self._is_positive(piece):
                free.append(piece)
        if len(free) > 1 or sign == 0:
            self.signs |= dict.fromkeys(free, 0)
            return
        if sign < 0 and not free:
            found = f"a base that is negative, or where another base is: {base.above.primitive()}"
            raise InputError("power", found, "bases of powers with symbols that are positive together")
        self.signs |= dict.fromkeys(free, sign)

    def _clock_steps(self, value: Quotient) -> int | None:
        """The k for which exp(value) is the k-th power of the clock exp(rate*t), if there is one."""
        clock = self.ring.clock
        if not isinstance(clock, Exponential) or value.below != 1 or not value.above:
            return None
        time = next((i for i, f in enumerate(self.functions) if isinstance(f, Time)), None)
        if time is None:
            return None
        unit = self.element(clock.rate).above * self.generator(time)
        ratio = Fraction(value.above.leading[1]) / unit.leading[1]
        return ratio.numerator if ratio.denominator == 1 and value.above == unit * ratio else None

    def time(self) -> Quotient:
        """Time itself in a flow whose clock is exp(rate*t)."""
        clock = self.ring.clock
        assert isinstance(clock, Exponential)
        return self.add(Time(Quotient.whole(self._clock), self.element(clock.rate)))

    def applied(self, function: Function[Quotient]) -> Quotient:
        """A function without rules of its own; the argument of an odd one gets a positive leading
        coefficient.  `InputError` for a number at which it is not defined."""
        value = self.normal(function.argument)
        if function.odd and not value.above:
            return value
        if function.odd and value.above.leading[1] < 0:
            return -self.applied(replace(function, argument=-value))
        number = value.above.constant_value if value.below == 1 else None
        if number is not None and function.value(flint.arb(flint.fmpq(*number.as_integer_ratio()))) is None:
            raise InputError(function.name, str(number), "a number at which it is defined and differentiable")
        return self.add(replace(function, argument=value))

    # -- angles -----------------------------------------------------------------------------------
    def cosine_and_sine(self, value: Quotient) -> tuple[Quotient, Quotient]:
        """(cos, sin) of a value, as polynomials in those of its terms."""
        total = self.constant(1), self.constant(0)
        for atom, scale in self._summands(self.normal(value)):
            cosine, sine = self._pair(atom, scale.denominator)
            total = self._turned(total, (cosine, sine if scale > 0 else -sine), abs(scale.numerator))
        return total

    def _pair(self, atom: Quotient, divisor: int) -> tuple[Quotient, Quotient]:
        """(cos, sin) of atom/divisor, by those of the finest part of the atom that is known to occur."""
        self.parts[atom] = lcm(self.parts.get(atom, 1), divisor)
        finest = self.finest.get(atom, divisor)
        finest = divisor if finest % divisor else finest
        argument = Quotient(atom.above * Fraction(1, finest), atom.below)
        cosine = self.add(Cosine(argument))
        if Sine(argument) not in self.functions:  # |sin| is the root of (1 - cos)*(1 + cos)
            halves: Vector = {cosine.above - 1: Fraction(1, 2), cosine.above + 1: Fraction(1, 2)}
            self.radicals[len(self.functions)] = Radical(halves, 2)
        turn = cosine, self.add(Sine(argument))
        return self._turned((self.constant(1), self.constant(0)), turn, finest // divisor)

    def _turned(
        self, start: tuple[Quotient, Quotient], turn: tuple[Quotient, Quotient], times: int
    ) -> tuple[Quotient, Quotient]:
        """(cos, sin) of a sum of angles, the second one taken some times."""
        if times > _MOST_TURNS:
            raise InputError("angle", f"{times} times another one", f"at most {_MOST_TURNS} times")
        (cosine, sine), (c, s) = start, turn
        for _ in range(times):
            pairs = (pair for p in (cosine, sine) for q in (c, s) for pair in zip(p, q, strict=True))
            if (products := max(len(a.terms) * len(b.terms) for a, b in pairs)) > _MOST_PRODUCTS:
                found = f"a sum or multiple with {products} products of terms"
                raise InputError("angle", found, f"at most {_MOST_PRODUCTS}")
            cosine, sine = self.normal(cosine * c - sine * s), self.normal(sine * c + cosine * s)
        return cosine, sine

    # -- elements of other towers -----------------------------------------------------------------
    def translated(self, source: Tower, value: Quotient) -> Quotient:
        """An element of another tower, over the same flow or the same without time; functions are added."""
        moved = dict(zip(source.ring.parameter_indices, self.ring.parameter_indices, strict=True))
        moved |= {g: g for g in range(source.first)}
        if source.ring.clock_index is not None and self.ring.clock_index is not None:
            moved[source.ring.clock_index] = self.ring.clock_index
        images = {g: Quotient.whole(self.ring.monomial(((h, 1),))) for g, h in moved.items()}
        for position in source.used(*value):
            function = source.functions[position]
            argument = self._substituted(function.argument, images)
            images[source.first + position] = replace(function, argument=argument).made(self)
        for piece, sign in source.signs.items():
            if images.keys() >= set(piece.support):
                base = self._substituted(Quotient.whole(piece * (sign or 1)), images)
                if sign:
                    self._require_positive(base)
                else:
                    self.signs.setdefault(base.above, 0)
        return self.normal(self._substituted(value, images))

    def _substituted(self, value: Quotient, images: Mapping[int, Quotient]) -> Quotient:
        """The value with these images for the generators."""

        def image(part: Polynomial) -> Quotient:
            terms = (prod((images[g] ** k for g, k in m), start=self.constant(c)) for m, c in part)
            return sum(terms, self.constant(0))

        return image(value.above) * self.inverse(image(value.below))
