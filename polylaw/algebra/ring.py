"""Polynomial rings Q[x_1, ..., x_n], and their elements.

A `Ring` is a value: equal names, clock and parameters make equal rings (`polylaw.algebra.generators`).  A
`Polynomial` stores only its terms (`polylaw.algebra.terms`).  Large products and powers, quotients and gcds
are done by python-flint's `fmpq_mpoly`, in the ring of just the generators that occur.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from math import exp, prod
from typing import Any, ClassVar

import numpy as np
from flint.utils.flint_exceptions import DomainError

from polylaw.algebra import terms as sums
from polylaw.algebra.evaluation import value
from polylaw.algebra.generators import TIME, Clock, Generators, RootOfTime, advice, meaning, nearest
from polylaw.algebra.printing import to_latex, to_text
from polylaw.algebra.rationals import Coefficient, content, exact, rational
from polylaw.algebra.terms import Monomial
from polylaw.arguments import integer
from polylaw.errors import InexactError, InputError

#: The names of generators are at home one floor below.
__all__ = [
    "TIME", "Clock", "Exponential", "Polynomial", "Ring", "RootOfTime", "advice", "meaning", "nearest",
]  # fmt: skip

#: python-flint hands terms over as dense exponent vectors, so it multiplies polynomials in at most so many
#: generators,
_MOST_DENSE = 32
#: and only when there are at least so many pairs of terms that the change of representation pays.
_FLINT_PAYS = 64


@dataclass(frozen=True, init=False)
class Ring(Generators):
    """The ring Q[variables, clock, parameters].

    Raises `NameConflictError` for a name used twice or reserved, `InputError` for a malformed name.
    """

    #: `ring.parse(text)`: the polynomial in a text; put here by `polylaw.algebra.parse`, which stands above.
    parse: ClassVar[Callable[..., Polynomial]]

    def __init__(
        self, variables: Sequence[str], parameters: Sequence[str] = (), clock: Clock | None = None
    ) -> None:
        super().__init__(variables, parameters, clock)
        for name in map(clock.rate.ring.name, clock.rate.support) if isinstance(clock, Exponential) else ():
            if name not in self.parameters:
                hint = nearest(name, self.parameters)
                raise InputError("clock", name, "a rate in the parameters of the ring", hint)

    def generator(self, name: str) -> Polynomial:
        """The variable or parameter `name` as a polynomial."""
        return self.monomial(((self.index(name), 1),))

    def generators(self) -> list[Polynomial]:
        """All generators in their order."""
        return [self.monomial(((g, 1),)) for g in range(self.size)]

    def monomial(self, monomial: Monomial, coefficient: Coefficient = 1) -> Polynomial:
        """`coefficient` times the product of generators to powers, given as sorted (index, power) pairs."""
        return Polynomial(self, {monomial: coefficient})

    def combination(self, coefficients: Mapping[Monomial, Polynomial]) -> Polynomial:
        """The sum of monomials with these coefficients, polynomials themselves."""
        return Polynomial.sum(self, (c * self.monomial(m) for m, c in coefficients.items()))

    def constant(self, value: Coefficient) -> Polynomial:
        """A constant polynomial."""
        return self.monomial((), value)


@dataclass(frozen=True)
class Exponential(Clock):
    """The clock s = exp(rate*t), for a nonzero rate polynomial in the parameters."""

    rate: Polynomial

    def __post_init__(self) -> None:
        if not self.rate:
            hint = "leave the clock out when nothing depends on time"
            raise InputError("rate", 0, "a nonzero polynomial in the parameters", hint)

    def text(self, power: int) -> str:
        """`exp(t)`, `exp(2*tau*t)`, `exp((a + b)*t)`."""
        rate = self.rate * power
        if rate == 1:
            return f"exp({TIME})"
        return f"exp(({rate})*{TIME})" if len(rate.terms) > 1 else f"exp({rate}*{TIME})"

    def latex(self, power: int) -> str:
        """The same as a power of e."""
        rate = self.rate * power
        factor = rate.latex() if len(rate.terms) == 1 else rf"\left({rate.latex()}\right)"
        return f"e^{{{TIME}}}" if rate == 1 else f"e^{{{factor} {TIME}}}"

    def at(self, time: Any, constants: Mapping[int, Any], ring: Any) -> Any:
        """A float, or an array of them."""
        exponent = self.rate.into(ring)(constants) * time
        if not hasattr(exponent, "shape"):
            return exp(exponent)
        return np.exp(exponent.astype(float))


class Polynomial:
    """An element of `ring`: `terms` maps monomials to nonzero ints or `Fraction`s.  Immutable."""

    __slots__ = ("__dict__", "ring", "terms")
    ring: Ring
    terms: dict[Monomial, Coefficient]

    def __init__(self, ring: Ring, terms: Mapping[Monomial, Coefficient]) -> None:
        self.ring = ring
        self.terms = {m: exact(c) for m, c in terms.items() if c}

    # -- structure --------------------------------------------------------------------------------
    def __bool__(self) -> bool:
        return bool(self.terms)

    def __iter__(self) -> Iterator[tuple[Monomial, Coefficient]]:
        return iter(self.terms.items())

    def __reduce__(self) -> tuple[type[Polynomial], tuple[Ring, dict[Monomial, Coefficient]]]:
        return Polynomial, (self.ring, self.terms)

    def __hash__(self) -> int:
        value = self.constant_value  # a constant equals its value, so it has the hash of its value
        return hash(frozenset(self.terms.items()) if value is None else value)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (int, Fraction)):
            return self.terms == ({(): other} if other else {})
        if isinstance(other, Polynomial):
            return self.terms == other.terms and self.ring == other.ring
        return NotImplemented

    @cached_property
    def support(self) -> tuple[int, ...]:
        """Indices of the generators that occur, ascending."""
        return tuple(sorted({generator for monomial in self.terms for generator, _ in monomial}))

    @property
    def degree(self) -> int:
        """Degree in the variables (clock and parameters not counted); -1 for zero."""
        return max(map(self.state_degree, self.terms), default=-1)

    def state_degree(self, monomial: Monomial) -> int:
        """Degree of one monomial in the variables."""
        variables = len(self.ring.variables)
        return sum(power for generator, power in monomial if generator < variables)

    def sort_key(self, monomial: Monomial) -> tuple[int, Monomial, int, Monomial]:
        """Ascending in this key is descending in the canonical order: degree in the variables, then lex in
        them (first variable largest), then degree and lex in clock and parameters."""
        variables = len(self.ring.variables)
        # among monomials of one degree, descending lex is ascending in (generator, -power)
        state = tuple((g, -p) for g, p in monomial if g < variables)
        rest = tuple((g, -p) for g, p in monomial if g >= variables)
        return (-self.state_degree(monomial), state, sum(p for _, p in rest), rest)

    def sorted_terms(self) -> list[tuple[Monomial, Coefficient]]:
        """Terms in canonical order, largest monomial first."""
        return sorted(self.terms.items(), key=lambda term: self.sort_key(term[0]))

    @property
    def order(self) -> tuple[Any, ...]:
        """A sort key: the degree in the variables, then terms as they are written, a plus before a minus."""
        return self.degree, *((self.sort_key(m), c < 0, abs(c)) for m, c in self.sorted_terms())

    @property
    def leading(self) -> tuple[Monomial, Coefficient]:
        """The first term in canonical order; the polynomial must not be zero."""
        monomial = min(self.terms, key=self.sort_key)
        return monomial, self.terms[monomial]

    @property
    def constant_value(self) -> Coefficient | None:
        """The value of a constant polynomial, else None."""
        return self.terms.get((), 0) if not self.support else None

    def coefficients(self, generators: Container[int]) -> dict[Monomial, Polynomial]:
        """By monomial in these generators its coefficient, a polynomial in the others."""
        parts: dict[Monomial, dict[Monomial, Coefficient]] = {}
        for m, c in self.terms.items():
            parts.setdefault(sums.within(m, generators), {})[sums.without(m, generators)] = c
        return {monomial: Polynomial(self.ring, terms) for monomial, terms in parts.items()}

    # -- arithmetic -------------------------------------------------------------------------------
    def _same_ring(self, other: Polynomial) -> Polynomial:
        if other.ring is not self.ring and other.ring != self.ring:
            hint = "use `Polynomial.into` first"
            raise InputError("polynomial", other, "an element of the same ring", hint)
        return other

    def _coerce(self, other: object) -> Polynomial | None:
        if isinstance(other, Polynomial):
            return self._same_ring(other)
        if isinstance(other, (int, Fraction)):
            return Polynomial(self.ring, {(): other})
        if isinstance(other, float):
            hint = "for example Fraction(1, 2)"
            raise InexactError("summand or factor", other, "an exact rational number", hint)
        return None

    def __add__(self, other: object) -> Polynomial:
        right = self._coerce(other)
        return NotImplemented if right is None else Polynomial.sum(self.ring, (self, right))

    __radd__ = __add__

    def __neg__(self) -> Polynomial:
        return Polynomial(self.ring, {m: -c for m, c in self.terms.items()})

    def __sub__(self, other: object) -> Polynomial:
        right = self._coerce(other)
        return NotImplemented if right is None else self + -right

    def __rsub__(self, other: object) -> Polynomial:
        return -self + other

    def __mul__(self, other: object) -> Polynomial:
        right = self._coerce(other)
        if right is None:
            return NotImplemented
        few, many = sorted((len(self.terms), len(right.terms)))
        if few > 1 and few * many >= _FLINT_PAYS and len({*self.support, *right.support}) <= _MOST_DENSE:
            return _through_flint(lambda a, b: a * b, self, right)
        return Polynomial(self.ring, sums.product(self.terms, right.terms))

    __rmul__ = __mul__

    def __truediv__(self, other: Coefficient) -> Polynomial:
        divisor = rational(other, "divisor")
        if not divisor:
            raise InputError("divisor", 0, "a nonzero rational number")
        return self * (Fraction(1) / divisor)

    def __pow__(self, exponent: int) -> Polynomial:
        exponent = integer(exponent, "exponent", 0)
        if len(self.terms) == 1:
            [(monomial, c)] = self.terms.items()
            power = tuple((g, p * exponent) for g, p in monomial if exponent)
            return Polynomial(self.ring, {power: c**exponent})
        if len(self.support) <= _MOST_DENSE:
            return _through_flint(lambda a: a**exponent, self)
        return prod(repeat(self, exponent), start=Polynomial(self.ring, {(): 1}))

    def gcd(self, other: Polynomial) -> Polynomial:
        """Monic greatest common divisor in Q[generators]; the gcd of zeros is zero."""
        return _through_flint(lambda a, b: a.gcd(b), self, self._same_ring(other))

    def lcm(self, other: Polynomial) -> Polynomial:
        """A least common multiple of two nonzero polynomials: this one times what the other has more."""
        return self * other.divide_exactly(self.gcd(other))

    def divide_exactly(self, divisor: Polynomial) -> Polynomial:
        """The quotient; raises `InputError` when `divisor` is zero or does not divide."""
        try:
            return _through_flint(lambda a, b: a / b, self, self._same_ring(divisor))
        except (DomainError, ZeroDivisionError):
            raise InputError("divisor", divisor, f"a divisor of {self}") from None

    @staticmethod
    def sum(ring: Ring, summands: Iterable[Polynomial]) -> Polynomial:
        """Sum of polynomials of one ring, in time linear in the number of terms."""
        return Polynomial(ring, sums.total(p.terms for p in summands))

    def derivative(self, generator: int) -> Polynomial:
        """Partial derivative by the generator with this index."""
        return self.gradient().get(generator, Polynomial(self.ring, {}))

    def gradient(self) -> dict[int, Polynomial]:
        """The nonzero partial derivatives, by generator index."""
        return {g: Polynomial(self.ring, terms) for g, terms in sums.gradient(self.terms).items()}

    def primitive(self) -> Polynomial:
        """The rational multiple with coprime integer coefficients and positive leading coefficient."""
        if not self.terms:
            return self
        scale = content(self.terms.values()) * (1 if self.leading[1] > 0 else -1)
        if scale == 1:
            return self
        above, below = scale.numerator, scale.denominator
        scaled = {m: c.numerator * (below // c.denominator) // above for m, c in self.terms.items()}
        return Polynomial(self.ring, scaled)

    # -- evaluation and change of ring ------------------------------------------------------------
    def __call__(self, point: Any, *, rest: Any = None) -> Any:
        """The value at a point, or at many: by names, `h({"x": 3, "y": 4})`, by arrays, `h({"U1": weights})`,
        or in the order of the ring, `h([3, 4])`, `h(states)`; see `polylaw.algebra.evaluation`.  Exact unless
        floats are given.

        Every name that occurs needs a value, unless `rest` is given for those left out: `h(verdict.witness,
        rest=0)`. Raises `InputError`, `UnknownNameError`.
        """
        return value(self.ring, self.terms, point, rest)

    def at(self, point: Mapping[int, Coefficient]) -> Coefficient:
        """The exact value at a point given by generator index; generators left out are 0."""
        total: Coefficient = 0
        for monomial, c in self.terms.items():
            total += c * prod(point.get(generator, 0) ** power for generator, power in monomial)
        return exact(total)

    def residue(self, point: Mapping[int, int], prime: int) -> int:
        """The value mod `prime` at a point of residues, given by generator index for every generator that
        occurs; no coefficient may have a denominator divisible by `prime`."""
        total = 0
        for monomial, c in self.terms.items():
            value = c.numerator % prime * pow(c.denominator, -1, prime)
            for generator, power in monomial:
                value = value * pow(point[generator], power, prime) % prime
            total += value
        return total % prime

    def substitute(self, images: Mapping[int, Polynomial], ring: Ring) -> Polynomial:
        """The image under the ring map that sends generator i to `images[i]`, an element of `ring`.

        Raises `InputError` when a generator that occurs has no image, or one in another ring.
        """
        if lacking := [g for g in self.support if g not in images]:
            found = f"none for {self.ring.name(lacking[0])}"
            raise InputError("images", found, "an image for every generator that occurs")
        powers: dict[tuple[int, int], Polynomial] = {}
        summands = []
        for monomial, c in self.terms.items():
            product = ring.constant(c)
            for generator, power in monomial:
                key = (generator, power)
                if key not in powers:
                    powers[key] = images[generator] ** power
                product = product * powers[key]
            summands.append(product)
        return Polynomial.sum(ring, summands)

    def with_values(self, values: Mapping[int, Coefficient]) -> Polynomial:
        """The polynomial with numbers for some generators, in the same ring."""
        terms: dict[Monomial, Coefficient] = {}
        for m, c in self.terms.items():
            rest = sums.without(m, values)
            terms[rest] = terms.get(rest, 0) + c * prod(values[g] ** p for g, p in m if g in values)
        return Polynomial(self.ring, terms)

    def into(self, ring: Ring) -> Polynomial:
        """The same polynomial in another ring that has all its generators under the same names.

        Raises `UnknownNameError` for a missing name and `InputError` for a missing or different clock.
        """
        if ring == self.ring:
            return self
        target = {g: ring.index(self.ring.name(g)) for g in self.support if g != self.ring.clock_index}
        clock = self.ring.clock
        if clock is not None and self.ring.clock_index in self.support:
            found = "no clock" if ring.clock is None else ring.clock.text(1)
            if found != clock.text(1):
                hint = "use the flow the polynomial belongs to"
                raise InputError("ring", found, f"the clock {clock.text(1)}", hint)
            target[len(self.ring.variables)] = len(ring.variables)
        moved = {tuple(sorted((target[g], p) for g, p in m)): c for m, c in self.terms.items()}
        return Polynomial(ring, moved)

    # -- text -------------------------------------------------------------------------------------
    def __str__(self) -> str:
        return to_text(self.ring, self.sorted_terms())

    def __repr__(self) -> str:
        return f"Polynomial({str(self)!r})"

    def latex(self) -> str:
        """LaTeX source, without dollar signs."""
        return to_latex(self.ring, self.sorted_terms())


def _through_flint(operation: Any, *operands: Polynomial) -> Polynomial:
    """Apply a flint operation to polynomials, in the `fmpq_mpoly` ring of the generators in them."""
    support = sorted({generator for p in operands for generator in p.support})
    images = sums.to_flint([p.terms for p in operands], support)
    return Polynomial(operands[0].ring, sums.from_flint(operation(*images), support))
