"""Sparse polynomials over Q.

A `Polynomial` stores only its terms: a map from monomials to nonzero rationals, where a monomial
is the sorted tuple of its (generator, power) pairs.  So a law of 64 terms costs 64 terms, in a
ring of eight variables or of ten thousand.  Large products and powers, quotients and gcds are done
by python-flint's `fmpq_mpoly`, in the ring of just the generators that occur.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from math import gcd, lcm, prod
from typing import TYPE_CHECKING, Any

from polylaw.algebra.rationals import Coefficient, exact, rational
from polylaw.errors import InexactError, InputError

if TYPE_CHECKING:
    from polylaw.algebra.ring import Ring

__all__ = [
    "Monomial",
    "Polynomial",
    "RationalFunction",
    "degree_of",
    "from_flint",
    "multiply_monomials",
    "multiset",
    "to_flint",
]

#: python-flint hands terms over as dense exponent vectors, so it multiplies polynomials in at most so many
#: generators,
_MOST_DENSE = 32
#: and only when there are at least so many pairs of terms that the change of representation pays.
_FLINT_PAYS = 64

#: Sorted (generator index, power >= 1) pairs; the empty tuple is 1.
Monomial = tuple[tuple[int, int], ...]


def degree_of(monomial: Monomial) -> int:
    """Total degree, all generators counted."""
    return sum(power for _, power in monomial)


def multiset(monomial: Monomial) -> tuple[int, ...]:
    """Generator indices with repetition: x_0^2 x_3 is (0, 0, 3).  Ascending in this order is descending in
    lex."""
    return tuple(generator for generator, power in monomial for _ in range(power))


def multiply_monomials(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left or not right:
        return left or right
    powers = dict(left)
    for generator, power in right:
        powers[generator] = powers.get(generator, 0) + power
    return tuple(sorted(powers.items()))


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
        return max((self.state_degree(monomial) for monomial in self.terms), default=-1)

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
    def leading(self) -> tuple[Monomial, Coefficient]:
        """The first term in canonical order; the polynomial must not be zero."""
        monomial = min(self.terms, key=self.sort_key)
        return monomial, self.terms[monomial]

    @property
    def constant_value(self) -> Coefficient | None:
        """The value of a constant polynomial, else None."""
        return self.terms.get((), 0) if not self.support else None

    # -- arithmetic -------------------------------------------------------------------------------
    def _same_ring(self, other: Polynomial) -> Polynomial:
        if other.ring is not self.ring and other.ring != self.ring:
            raise InputError(
                "polynomial", other, "an element of the same ring", "use `Polynomial.into` first"
            )
        return other

    def _coerce(self, other: object) -> Polynomial | None:
        if isinstance(other, Polynomial):
            return self._same_ring(other)
        if isinstance(other, (int, Fraction)):
            return Polynomial(self.ring, {(): other})
        if isinstance(other, float):
            raise InexactError(
                "summand or factor", other, "an exact rational number", "for example Fraction(1, 2)"
            )
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
        if few > 1 and few * many >= _FLINT_PAYS and _few_generators(self, right):
            return _through_flint(lambda a, b: a * b, self, right)
        terms: dict[Monomial, Coefficient] = {}
        for m, c in self.terms.items():
            for n, d in right.terms.items():
                product = multiply_monomials(m, n)
                terms[product] = terms.get(product, 0) + c * d
        return Polynomial(self.ring, terms)

    __rmul__ = __mul__

    def __truediv__(self, other: Coefficient) -> Polynomial:
        divisor = rational(other, "divisor")
        if not divisor:
            raise InputError("divisor", 0, "a nonzero rational number")
        return self * (Fraction(1) / divisor)

    def __pow__(self, exponent: int) -> Polynomial:
        if not isinstance(exponent, int) or exponent < 0:
            raise InputError("exponent", exponent, "an integer >= 0")
        if len(self.terms) == 1:
            [(monomial, c)] = self.terms.items()
            return Polynomial(
                self.ring, {tuple((g, p * exponent) for g, p in monomial if exponent): c**exponent}
            )
        if _few_generators(self):
            return _through_flint(lambda a: a**exponent, self)
        return prod(repeat(self, exponent), start=Polynomial(self.ring, {(): 1}))

    def gcd(self, other: Polynomial) -> Polynomial:
        """Monic greatest common divisor in Q[generators]; the gcd of zeros is zero."""
        return _through_flint(lambda a, b: a.gcd(b), self, self._same_ring(other))

    def divide_exactly(self, divisor: Polynomial) -> Polynomial:
        """The quotient; raises `InputError` when `divisor` is zero or does not divide."""
        from flint.utils.flint_exceptions import DomainError

        try:
            return _through_flint(lambda a, b: a / b, self, self._same_ring(divisor))
        except (DomainError, ZeroDivisionError):
            raise InputError("divisor", divisor, f"a divisor of {self}") from None

    @staticmethod
    def sum(ring: Ring, summands: Iterable[Polynomial]) -> Polynomial:
        """Sum of polynomials of one ring, in time linear in the number of terms."""
        terms: dict[Monomial, Coefficient] = {}
        for summand in summands:
            for monomial, c in summand.terms.items():
                terms[monomial] = terms.get(monomial, 0) + c
        return Polynomial(ring, terms)

    def derivative(self, generator: int) -> Polynomial:
        """Partial derivative by the generator with this index."""
        return self.gradient().get(generator, Polynomial(self.ring, {}))

    def gradient(self) -> dict[int, Polynomial]:
        """The nonzero partial derivatives, by generator index."""
        parts: dict[int, dict[Monomial, Coefficient]] = {}
        for monomial, c in self.terms.items():
            for position, (generator, power) in enumerate(monomial):
                lower = ((generator, power - 1),) if power > 1 else ()
                parts.setdefault(generator, {})[monomial[:position] + lower + monomial[position + 1 :]] = (
                    c * power
                )
        return {generator: Polynomial(self.ring, terms) for generator, terms in sorted(parts.items())}

    # -- evaluation and change of ring ------------------------------------------------------------
    def __call__(self, point: Any, *, rest: Any = None) -> Any:
        """The value at a point, or at many: by names, `h({"x": 3, "y": 4})`, by arrays, `h({"U1": weights})`,
        or in the order of the ring, `h([3, 4])`, `h(states)`; see `polylaw.algebra.evaluation`.  Exact unless
        floats are given.

        Every name that occurs needs a value, unless `rest` is given for those left out: `h(verdict.witness,
        rest=0)`. Raises `InputError`, `UnknownNameError`.
        """
        from polylaw.algebra.evaluation import value

        return value(self, point, rest)

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
        for generator in self.support:
            if generator not in images:
                raise InputError(
                    "images",
                    f"none for {self.ring.name(generator)}",
                    "an image for every generator that occurs",
                )
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
                raise InputError(
                    "ring", found, f"the clock {clock.text(1)}", "use the flow the polynomial belongs to"
                )
            target[len(self.ring.variables)] = len(ring.variables)
        return Polynomial(
            ring, {tuple(sorted((target[g], p) for g, p in m)): c for m, c in self.terms.items()}
        )

    def primitive(self) -> Polynomial:
        """The rational multiple with coprime integer coefficients and positive leading coefficient."""
        if not self.terms:
            return self
        denominator = lcm(*(c.denominator for c in self.terms.values()))
        content = gcd(*(int(c * denominator) for c in self.terms.values()))
        sign = 1 if self.leading[1] > 0 else -1
        return Polynomial(
            self.ring, {m: int(c * denominator) // content * sign for m, c in self.terms.items()}
        )

    # -- text -------------------------------------------------------------------------------------
    def __str__(self) -> str:
        from polylaw.algebra.printing import to_text

        return to_text(self)

    def __repr__(self) -> str:
        return f"Polynomial({str(self)!r})"

    def latex(self) -> str:
        """LaTeX source, without dollar signs."""
        from polylaw.algebra.printing import to_latex

        return to_latex(self)

    def __iter__(self) -> Iterator[tuple[Monomial, Coefficient]]:
        return iter(self.terms.items())


class RationalFunction:
    """numerator / denominator in lowest terms over Q, the denominator primitive.

    Raises `InputError` for a zero denominator, or for parts in different rings.
    """

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Polynomial, denominator: Polynomial) -> None:
        numerator._same_ring(denominator)
        if not denominator:
            raise InputError("denominator", "0", "a nonzero polynomial")
        if denominator == 1:
            self.numerator, self.denominator = numerator, denominator
            return
        common = None if denominator.constant_value is not None else numerator.gcd(denominator)
        if common is not None and common.constant_value is None:
            numerator, denominator = numerator.divide_exactly(common), denominator.divide_exactly(common)
        self.denominator = denominator.primitive()
        self.numerator = numerator * (Fraction(self.denominator.leading[1]) / denominator.leading[1])

    def __bool__(self) -> bool:
        return bool(self.numerator)

    @property
    def is_polynomial(self) -> bool:
        """Whether the denominator is 1."""
        return self.denominator == 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RationalFunction):
            return NotImplemented
        return self.numerator == other.numerator and self.denominator == other.denominator

    def __hash__(self) -> int:
        return hash((self.numerator, self.denominator))

    def __str__(self) -> str:
        return str(self.numerator) if self.is_polynomial else f"({self.numerator})/({self.denominator})"

    def __repr__(self) -> str:
        return f"RationalFunction({str(self)!r})"


def _joint_support(*polynomials: Polynomial) -> list[int]:
    return sorted({generator for p in polynomials for generator in p.support})


def _few_generators(*polynomials: Polynomial) -> bool:
    return len(_joint_support(*polynomials)) <= _MOST_DENSE


def to_flint(*operands: Polynomial) -> Any:
    """The polynomials as elements of the `fmpq_mpoly` ring of the generators that occur in them, then those
    generators."""
    import flint

    support = _joint_support(*operands)
    context = flint.fmpq_mpoly_ctx.get(tuple(f"x{i}" for i in range(len(support))), flint.Ordering.degrevlex)
    position = {generator: i for i, generator in enumerate(support)}
    images = []
    for p in operands:
        dense = {}
        for monomial, c in p.terms.items():
            exponents = [0] * len(support)
            for generator, power in monomial:
                exponents[position[generator]] = power
            dense[tuple(exponents)] = flint.fmpq(c.numerator, c.denominator)
        images.append(context.from_dict(dense))
    return (*images, support)


def from_flint(image: Any, support: list[int], ring: Ring) -> Polynomial:
    """The polynomial of `ring` that `to_flint` turned into `image`."""
    terms: dict[Monomial, Coefficient] = {}
    for exponents, c in image.to_dict().items():
        monomial = tuple([(g, int(e)) for g, e in zip(support, exponents, strict=True) if e])
        terms[monomial] = int(c.p) if c.q == 1 else Fraction(int(c.p), int(c.q))
    return Polynomial(ring, terms)


def _through_flint(operation: Any, *operands: Polynomial) -> Polynomial:
    """Apply a flint operation to polynomials, in the `fmpq_mpoly` ring of the generators that occur in
    them."""
    *images, support = to_flint(*operands)
    return from_flint(operation(*images), support, operands[0].ring)
