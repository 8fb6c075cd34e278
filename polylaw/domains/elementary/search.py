"""All laws polynomial in the state and in functions of the state that the user names, as expressions.

The products of the ansatz are elements of a tower.  Their values, and those of their derivatives along the
fields, at points modulo a prime that satisfy the relations of the tower (`..points`) give ranks that are at
most the true ones, and the shape of every relation; when all are found again exactly, the ranks are true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.check import every
from polylaw.algebra.linear.modular import null_space, seconds_to_reduce
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.budget import Budget, Progress, given_budget, silent
from polylaw.domains.elementary.augmented import AugmentedFlow
from polylaw.domains.elementary.check import verified
from polylaw.domains.elementary.combinations import null_combinations, zero_combinations
from polylaw.domains.elementary.derivation import is_constant_along
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.points import Points, primes_for
from polylaw.domains.elementary.result import AugmentedLaws
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError, InputError
from polylaw.flows.flow import Flow
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.search import chosen_ansatz

#: More points than unknowns, so that a relation at the points is one everywhere, almost surely (it is
#: verified).
_SPARE = 12
_MOST_PRIMES = 5
#: Elements between two checks.
_STEPS = 20


def find_laws_with(
    flow: Flow,
    augment: Sequence[str | Expression],
    degree: int | None = None,
    *,
    ansatz: Ansatz | str | None = None,
    variables: Sequence[str] | None = None,
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> AugmentedLaws:
    """All laws that are polynomials, of at most `degree` (2 by default) or of an ansatz, in the state and in
    the functions `augment`, such as `["log(u1)", "1/x", "sqrt(x^2 + y^2)"]`, or `Expression`s
    (`polylaw.domains.elementary.augmented`).  Raises what `AugmentedFlow` raises."""
    del executor, progress  # one elimination
    if isinstance(augment, (str, Expression)) or not isinstance(augment, Sequence):
        raise InputError("augment", augment, "a list of functions", "for example ['log(x)', '1/x']")
    budget = given_budget(budget)
    with budget.working():
        enlarged = AugmentedFlow(flow, augment, budget)
        chosen = chosen_ansatz(enlarged, degree, ansatz, variables)
        found: list[_Found] = []
        try:
            return _Search(enlarged, chosen, budget, found).laws()
        except BudgetError as error:
            laws = {Expression.of(enlarged.tower, h.value, primitive=True): h.polynomial for h in found}
            parts = tuple(laws), tuple(laws.values()), str(error), budget
            return AugmentedLaws(enlarged, chosen, 0, len(laws), 0, *parts)


class _Search:
    """The laws of an augmented flow in an ansatz; those known so far are in `found`."""

    def __init__(self, flow: AugmentedFlow, ansatz: Ansatz, budget: Budget, found: list[_Found]) -> None:
        self.flow, self.ansatz, self.budget, self.found = flow, ansatz, budget, found
        table = ansatz.table(flow.ring, budget)
        budget.check_entries((len(table) + _SPARE) * (len(table) + 1))
        self.monomials = list(table.monomials(budget.check))

    def laws(self) -> AugmentedLaws:
        """At one prime after another, until all relations found there are found exactly."""
        for points in islice(_points(self.flow, len(self.monomials) + 1 + _SPARE, self.budget), _MOST_PRIMES):
            self.points = points
            if (kept := self._independent()) is not None and (laws := self._laws(kept)) is not None:
                generators = self._generators(laws)
                parts = len(kept), len(laws), points.prime, tuple(generators), tuple(generators.values())
                return AugmentedLaws(self.flow, self.ansatz, *parts, budget=self.budget)
        found, expected = "relations modulo primes", "the same relations exactly"
        raise BudgetError("laws", found, expected, "name fewer functions")

    def _independent(self) -> list[Monomial] | None:
        """The monomials independent of 1 and of those before; None if one was not, but by chance."""
        columns = [(), *self.monomials]
        dependent = self._null_vectors(self._values(m) for m in columns)
        for vector in dependent:
            self.budget.check("relations between functions")
            shape = [columns[i] for i in vector]
            if not self._exactly(shape, zero=True):
                return None
        ends = {max(vector) for vector in dependent}
        return [m for i, m in enumerate(columns) if m and i not in ends]

    def _laws(self, kept: list[Monomial]) -> list[_Found] | None:
        """A basis of the laws made of these monomials; None if one found modulo the prime is none."""
        fields = range(len(self.points.fields))
        columns = (np.concatenate([self._values(m, j) for j in fields]) for m in kept)
        self.found.clear()
        for vector in self._null_vectors(columns):
            self.budget.check("laws with functions")
            law = self._exactly([kept[i] for i in vector])
            if law is None:
                return None
            self.found.append(law)
        return self.found[::-1]

    def _exactly(self, shape: Sequence[Monomial], *, zero: bool = False) -> _Found | None:
        """The relation that ends at the last of the monomials, between them (`zero`) or their derivatives."""
        tower, scales = self.flow.tower, self._algebraic_numbers
        elements = [self.flow.product(m) * s for m in shape for s in scales]
        combinations = zero_combinations if zero else null_combinations
        relations = combinations(tower, elements, self.budget, self._transcendental_numbers)
        last = range(len(elements) - len(scales), len(elements))
        relation = next((r for r in relations if any(i in r for i in last)), None)
        if relation is None:
            return None
        total = tower.normal(sum((elements[i] * c for i, c in relation.items()), tower.constant(0)))
        degrees = (sum(p for g, p in m if g < len(self.flow.elements)) for m in shape)
        return _Found(total, max(degrees), len(relation), self._polynomial(shape, relation))

    def _polynomial(self, shape: Sequence[Monomial], relation: Mapping[int, Polynomial]) -> Polynomial | None:
        """The relation in the enlarged ring, if its coefficients are polynomials in the parameters."""
        ring, parameters = self.flow.ring, set(self.flow.tower.ring.parameter_indices)
        symbolic = all(parameters.issuperset(c.support) for c in relation.values())
        if len(self._algebraic_numbers) > 1 or not symbolic:
            return None
        return ring.combination({shape[i]: c.into(ring) for i, c in relation.items()}).primitive()

    @property
    def _transcendental_numbers(self) -> list[int]:
        """The functions that do not move and are not algebraic: coefficients, like parameters."""
        tower = self.flow.tower
        return [g for g in self.flow.constants if not tower.functions[g - tower.first].order]

    @cached_property
    def _algebraic_numbers(self) -> list[Quotient]:
        """The products of powers of roots that do not move: a basis of the coefficients over the others."""
        tower = self.flow.tower
        roots = [g for g in self.flow.constants if tower.functions[g - tower.first].order]
        found = [tower.constant(1)]
        for g in roots:
            orders = range(tower.functions[g - tower.first].order)
            found = [s * tower.generator(g - tower.first) ** k for s in found for k in orders]
            self.budget.check_unknowns(len(found))
        return found

    def _generators(self, laws: Sequence[_Found]) -> dict[Expression, Polynomial | None]:
        """Laws that make all others by sums and products up to the degree, polynomials in the state first."""
        tower, top = self.flow.tower, self.ansatz.top
        span = [_Found(tower.constant(1), 0, 1)]
        kept: dict[Expression, Polynomial | None] = {}
        for law in sorted(laws, key=lambda found: (found.degree, found.length)):
            self.budget.check("generators of the laws")
            if self._is_locally_constant(law.value) or self._spanned(law, span):
                continue
            kept[Expression.of(tower, law.value, primitive=True)] = law.polynomial
            fresh, most = span, max(top, law.degree)
            while fresh := [h.times(law, tower) for h in fresh if h.degree + law.degree <= most]:
                span = [*span, *fresh]
        for expression in kept:
            verified(expression, self.budget)
        return dict(sorted(kept.items(), key=lambda pair: pair[0].polynomial is None))

    def _spanned(self, law: _Found, span: Sequence[_Found]) -> bool:
        """Whether a law is a combination of those of a span: at the points, and then exactly."""
        tower = self.flow.tower
        elements = [h.value for h in span] + [law.value]
        vectors = self._null_vectors(self.points.of(e) for e in elements)
        found = next((v for v in vectors if len(span) in v), None)
        if found is None:
            return False
        scaled = [elements[i] * s for i in found for s in self._algebraic_numbers]
        return bool(zero_combinations(tower, scaled, self.budget, self._transcendental_numbers))

    def _is_locally_constant(self, value: Quotient) -> bool:
        """Whether an element has the derivative 0 by every variable: |x|/x, for example."""
        tower, budget = self.flow.tower, self.budget
        fields = ({g: tower.constant(1)} for g in tower.state)
        return all(is_constant_along(tower, field, value, budget) for field in fields)

    # -- values -----------------------------------------------------------------------------------
    def _null_vectors(self, columns: Iterable[Any]) -> list[tuple[int, ...]]:
        """The supports of the reduced basis of {c : sum_i c_i columns[i] = 0}, each with its end last."""
        check = every(_STEPS, self.budget.check)
        values = []
        for column in columns:
            check("values of functions")
            values.append(column)
        if not values:
            return []
        matrix = np.stack(values, axis=1)
        self.budget.check("relations between values of functions", seconds_to_reduce(*matrix.shape))
        return [tuple(np.flatnonzero(v).tolist()) for v in null_space(matrix, self.points.prime)]

    def _values(self, monomial: Monomial, field: int | None = None) -> Any:
        """The values of a product at the points, or of its derivative m' = m * sum of k*g'/g over g^k."""
        prime = self.points.prime
        factors = [(self.flow.product(((g, 1),)), power) for g, power in monomial]
        value = self.points.one()
        for element, power in factors:
            for _ in range(power):
                value = value * self.points.of(element) % prime
        if field is None:
            return value
        rates = [self.points.rate(element, field) * power % prime for element, power in factors]
        return value * (sum(rates) % prime) % prime


class _Found(NamedTuple):
    """A law or a product of laws, its degree in the enlarged ring, and how many terms it was found with; a
    law also as a polynomial there."""

    value: Quotient
    degree: int
    length: int
    polynomial: Polynomial | None = None

    def times(self, other: _Found, tower: Tower) -> _Found:
        """The product."""
        value = tower.normal(self.value * other.value)
        return _Found(value, self.degree + other.degree, self.length * other.length)


def _points(flow: AugmentedFlow, count: int, budget: Budget) -> Iterator[Points]:
    """Points at which no element is 0, modulo one prime after another."""
    for prime in islice(primes_for(flow.tower), budget.max_primes):  # roots of numbers exist modulo some only
        try:
            yield Points(flow, prime, count, budget)
        except BudgetError as error:
            if error.argument == "max_seconds":
                raise
            refused = error
    expected = f"a prime modulo which {refused.found} can be evaluated"
    raise BudgetError("max_primes", budget.max_primes, expected, "name fewer functions")
