"""Points modulo a prime that satisfy the relations of a tower, with the derivatives there along the fields.

At such a point every element has a value, and an element that is 0 has the value 0: so a rank found from
values at points is at most the rank over the field of the tower.  Transcendental functions take any value;
sin and cos a rational point of the circle; a root of this degree exists for a square, since the prime is 3
mod 4 and the degree prime to (prime - 1)/2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import gcd

import numpy as np
import numpy.typing as npt

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.modular import primes
from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget
from polylaw.domains.elementary.augmented import AugmentedFlow
from polylaw.domains.elementary.derivation import components_of
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.functions import Absolute, Cosine, Root
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError

Values = npt.NDArray[np.int64]
_MOST_TRIES, _FEW_TRIES = 400, 40


def primes_for(tower: Tower) -> Iterator[int]:
    """Primes of 31 bits modulo which the roots of the tower are unique among squares."""
    degrees = [f.degree for f in tower.functions if isinstance(f, Root)]
    return (p for p in primes() if p % 4 == 3 and all(gcd(d, (p - 1) // 2) == 1 for d in degrees))


class Points:
    """`count` points at which all functions of a flow, and the derivatives of all generators, are defined.

    No element is 0 there.  Parameters and functions that do not move have one value for all points.  Raises
    `BudgetError` when the time is over or points cannot be found (too many roots that must exist at once).
    """

    def __init__(self, flow: AugmentedFlow, prime: int, count: int, budget: Budget) -> None:
        self.tower, self.positions, self.prime, self._elements = (
            flow.tower,
            flow.positions,
            prime,
            flow.elements,
        )
        self.fields = [components_of(self.tower, field) for _, field in fields_of(self.tower)]
        self._random = np.random.default_rng(prime)
        self._fixed: dict[int, int] = {
            g: int(v) for g in self.tower.ring.parameter_indices for v in self._any(1)
        }
        found: list[dict[tuple[int, int], Values]] = []
        for tries in range(_MOST_TRIES):
            budget.check("points on which all functions exist")
            found.append(self._some(count, flow.constants))
            many = sum(len(next(iter(part.values()))) for part in found)
            if many >= count or (tries == _FEW_TRIES and not many):
                break
        if many < count:
            raise BudgetError(
                "functions",
                f"{len(self.positions)} functions",
                "fewer roots at a time",
                "name fewer functions",
            )
        self._at = {key: np.concatenate([part[key] for part in found])[:count] for key in found[0]}
        self._known: dict[tuple[Quotient, int], Values] = {}

    def one(self) -> Values:
        """The value 1 at every point."""
        return np.ones_like(next(iter(self._at.values())))

    def values(self, generator: int, field: int) -> Values:
        """The values of the derivative of a generator along a field."""
        return self._at[generator, field]

    def of(self, value: Quotient) -> Values:
        """The values of an element."""
        if (value, -1) not in self._known:
            self._known[value, -1] = self._quotient(value, self._of(-1))
        return self._known[value, -1]

    def rate(self, value: Quotient, field: int) -> Values:
        """The values of X g / g for one of the elements g and a field X."""
        if (value, field) not in self._known:
            slope = self._derivative(value, self._of(-1), self._of(field))
            self._known[value, field] = slope * self._inverse(self.of(value)) % self.prime
        return self._known[value, field]

    def _of(self, field: int) -> dict[int, Values]:
        return {g: v for (g, j), v in self._at.items() if j == field}

    # -- one batch --------------------------------------------------------------------------------
    def _some(self, count: int, constants: Collection[int]) -> dict[tuple[int, int], Values]:
        """Random values of all generators, those kept at which everything is defined."""
        tower, p = self.tower, self.prime
        at = {g: self._any(count) for g in range(tower.first)}
        if tower.ring.clock_index is not None:
            at[tower.ring.clock_index] = self._any(count)
        at |= {g: np.full(count, v) for g, v in self._fixed.items()}
        good = np.ones(count, dtype=bool)
        for position in self.positions:
            function, w = tower.functions[position], tower.first + position
            if w in at:
                continue
            argument = self._quotient(function.argument, at)
            good &= self._value(function.argument.below, at) != 0
            if isinstance(function, Cosine):
                half = self._any(count)
                scale = self._inverse((1 + half * half) % p)
                good &= scale != 0
                at[w], at[w + 1] = (1 - half * half) % p * scale % p, 2 * half % p * scale % p
            elif isinstance(function, Root):
                good &= self._power(argument, (p - 1) // 2) == 1
                at[w] = self._power(argument, pow(function.degree, -1, (p - 1) // 2))
            elif isinstance(function, Absolute):
                at[w] = argument * self._random.choice([1, p - 1], count) % p
            else:
                at[w] = self._any(count)
            if w in constants and not good.any():
                raise BudgetError(
                    "functions", f"{len(self.positions)} functions", "constants that exist modulo the prime"
                )
            if w in constants:
                for g in (w, w + 1) if isinstance(function, Cosine) else (w,):
                    self._fixed.setdefault(g, int(at[g][np.argmax(good)]))
                    at[g] = np.full(count, self._fixed[g])
        for element in self._elements:
            good &= (self._value(element.above, at) != 0) & (self._value(element.below, at) != 0)
        found = {(g, -1): v for g, v in at.items()}
        for j, components in enumerate(self.fields):
            slopes: dict[int, Values] = {}
            for g, component in components.items():
                good &= self._value(component.below, at) != 0
                slopes[g] = self._quotient(component, at)
            for position in self.positions:
                w = tower.first + position
                rule = tower.functions[position].slope(tower.generator(position), tower.partner(position))
                good &= self._value(rule.below, at) != 0
                slopes[w] = (
                    self._quotient(rule, at)
                    * self._derivative(tower.functions[position].argument, at, slopes)
                    % p
                )
            found |= {(g, j): slopes.get(g, np.zeros(count, dtype=np.int64)) for g in at}
        return {key: v[good] for key, v in found.items()}

    def _any(self, count: int) -> Values:
        return self._random.integers(1, self.prime, count)

    # -- arithmetic -------------------------------------------------------------------------------
    def _value(self, polynomial: Polynomial, at: Mapping[int, Values]) -> Values:
        total: Values = np.zeros_like(next(iter(at.values())))
        for monomial, c in polynomial:
            if c.denominator % self.prime == 0:
                raise BudgetError(
                    "functions", f"a coefficient with the denominator {self.prime}", "another one"
                )
            term = np.full_like(total, c.numerator * pow(c.denominator, -1, self.prime) % self.prime)
            for g, power in monomial:
                term = term * self._power(at[g], power) % self.prime
            total = (total + term) % self.prime
        return total

    def _quotient(self, value: Quotient, at: Mapping[int, Values]) -> Values:
        above = self._value(value.above, at)
        return above if value.below == 1 else above * self._inverse(self._value(value.below, at)) % self.prime

    def _derivative(self, value: Quotient, at: Mapping[int, Values], slopes: Mapping[int, Values]) -> Values:
        """(A/B)' = (A' - (A/B) B')/B."""
        above = self._along(value.above, at, slopes)
        if value.below == 1:
            return above
        change = (above - self._quotient(value, at) * self._along(value.below, at, slopes)) % self.prime
        return change * self._inverse(self._value(value.below, at)) % self.prime

    def _along(
        self, polynomial: Polynomial, at: Mapping[int, Values], slopes: Mapping[int, Values]
    ) -> Values:
        total: Values = np.zeros_like(next(iter(at.values())))
        for g, part in polynomial.gradient().items():
            if g in slopes:
                total = (total + self._value(part, at) * slopes[g]) % self.prime
        return total

    def _power(self, base: Values, exponent: int) -> Values:
        result, square = np.ones_like(base), base % self.prime
        while exponent:
            result = result * square % self.prime if exponent % 2 else result
            square, exponent = square * square % self.prime, exponent // 2
        return result

    def _inverse(self, values: Values) -> Values:
        return self._power(values, self.prime - 2)
