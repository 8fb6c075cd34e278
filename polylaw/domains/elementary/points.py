"""Points modulo a prime that satisfy the relations of a tower, with the derivatives there along the fields.

At such a point every element has a value, and an element that is 0 has the value 0: so a rank found from
values at points is at most the rank over the field of the tower.  Transcendental functions take any value;
sin and cos a rational point of the circle; a root of this degree exists for a square, since the prime is 3
mod 4 and the degree prime to (prime - 1)/2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import gcd

import numpy as np

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.functions import Root
from polylaw.algebra.modular import Residues, inverse, power_mod, primes
from polylaw.algebra.rationals import Coefficient
from polylaw.budget import Budget
from polylaw.domains.elementary.augmented import AugmentedFlow
from polylaw.domains.elementary.chain import ChainRule
from polylaw.domains.elementary.derivation import components_of
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError

_MOST_TRIES, _FEW_TRIES = 400, 40


def primes_for(tower: Tower) -> Iterator[int]:
    """Primes of 31 bits modulo which the roots of the tower are unique among squares."""
    degrees = [f.degree for f in tower.functions if isinstance(f, Root)]
    return (p for p in primes() if p % 4 == 3 and all(gcd(d, (p - 1) // 2) == 1 for d in degrees))


class Points(ChainRule):
    """`count` points at which all functions of a flow, and the derivatives of all generators, are defined.

    No element is 0 there.  Parameters and functions that do not move have one value for all points.  Raises
    `BudgetError` when the time is over or points cannot be found (too many roots that must exist at once).
    """

    def __init__(self, flow: AugmentedFlow, prime: int, count: int, budget: Budget) -> None:
        self.tower, self.positions, self._elements = flow.tower, flow.positions, flow.elements
        self.prime = prime
        self.fields = [components_of(self.tower, field) for _, field in fields_of(self.tower)]
        self._random, self._count = np.random.default_rng(prime), count
        self._fixed = {g: int(self._any(1)[0]) for g in self.tower.ring.parameter_indices}
        found: list[dict[tuple[int, int], Residues]] = []
        for tries in range(_MOST_TRIES):
            budget.check("points on which all functions exist")
            found.append(self._some(flow.constants))
            many = sum(len(next(iter(part.values()))) for part in found)
            if many >= count or (tries == _FEW_TRIES and not many):
                break
        if many < count:
            functions = f"{len(self.positions)} functions"
            raise BudgetError("functions", functions, "fewer roots at a time", "name fewer functions")
        self._at = {key: np.concatenate([part[key] for part in found])[:count] for key in found[0]}
        self._known: dict[tuple[Quotient, int], Residues] = {}

    def one(self) -> Residues:
        """The value 1 at every point."""
        return np.ones_like(next(iter(self._at.values())))

    def of(self, value: Quotient) -> Residues:
        """The values of an element."""
        if (value, -1) not in self._known:
            self._known[value, -1] = self.quotient(value, self._of(-1))
        return self._known[value, -1]

    def rate(self, value: Quotient, field: int) -> Residues:
        """The values of X g / g for one of the elements g and a field X."""
        if (value, field) not in self._known:
            slope = self.derivative(value, self._of(-1), self._of(field))
            self._known[value, field] = self.ratio(slope, self.of(value))
        return self._known[value, field]

    def _of(self, field: int) -> dict[int, Residues]:
        return {g: v for (g, j), v in self._at.items() if j == field}

    # -- one batch --------------------------------------------------------------------------------
    def _some(self, constants: Collection[int]) -> dict[tuple[int, int], Residues]:
        """Random values of all generators, those kept at which everything is defined."""
        tower = self.tower
        at = {g: self._any(self._count) for g in tower.state}
        at |= {g: np.full(self._count, v) for g, v in self._fixed.items()}
        good = np.ones(self._count, dtype=bool)
        for position in self.positions:
            function, w = tower.functions[position], tower.first + position
            if w in at:
                continue
            good &= self.polynomial(function.argument.below, at) != 0
            found, exists = function.residues(self.quotient(function.argument, at), self.prime, self._random)
            good &= exists
            if w in constants and not good.any():
                many = f"{len(self.positions)} functions"
                raise BudgetError("functions", many, "constants that exist modulo the prime")
            for g, values in enumerate(found, w):
                at[g] = values
                if w in constants:
                    self._fixed.setdefault(g, int(values[np.argmax(good)]))
                    at[g] = np.full(self._count, self._fixed[g])
        for element in self._elements:
            good &= (self.polynomial(element.above, at) != 0) & (self.polynomial(element.below, at) != 0)
        known = {(g, -1): v for g, v in at.items()}
        rules = [tower.slope(i).below for i in self.positions]
        for j, components in enumerate(self.fields):
            for below in (*(component.below for component in components.values()), *rules):
                good &= self.polynomial(below, at) != 0
            moving = {g: self.quotient(component, at) for g, component in components.items()}
            slopes = self.slopes(at, moving, self.positions)
            known |= {(g, j): slopes.get(g, np.zeros_like(v)) for g, v in at.items()}
        return {key: v[good] for key, v in known.items()}

    def _any(self, count: int) -> Residues:
        return self._random.integers(1, self.prime, count)

    # -- arithmetic -------------------------------------------------------------------------------
    def number(self, c: Coefficient) -> Residues:
        """A rational number, at every point."""
        if c.denominator % self.prime == 0:
            raise BudgetError("functions", f"a coefficient with the denominator {self.prime}", "another one")
        residue = c.numerator * pow(c.denominator, -1, self.prime) % self.prime
        return np.full(self._count, residue, dtype=np.int64)

    def power(self, base: Residues, exponent: int) -> Residues:
        """A power."""
        return power_mod(base, exponent, self.prime)

    def ratio(self, above: Residues, below: Residues) -> Residues:
        """A quotient; 0 where it is not defined."""
        return above * inverse(below, self.prime) % self.prime

    def reduced(self, value: Residues) -> Residues:
        """The residues."""
        return value % self.prime
