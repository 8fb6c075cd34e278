"""Elimination with unknown coefficients: rows of polynomials, of which some are known not to be 0.

A row is a linear equation; a pivot is an entry that cannot vanish.  What that leaves open is for `..cases`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import flint

from polylaw.algebra.factor import integer_factors
from polylaw.algebra.polynomial import Monomial, Polynomial, degree_of, multiply_monomials
from polylaw.algebra.ring import Ring
from polylaw.algebra.terms import exponents
from polylaw.budget import Budget
from polylaw.domains.darboux.monomials import monomials_of_cofactors
from polylaw.flows.distribution import Field
from polylaw.laws.parametric import split_parameters

Row = dict[int, Any]
#: A row and how far below the top its monomial is.
Leveled = tuple[int, Row]


class UndecidedCaseError(Exception):
    """A case could not be decided, or there are too many; the argument says which, in words."""


@dataclass(frozen=True)
class Case:
    """Rows that must vanish, the columns not yet expressed by others, those of them and the irreducible
    polynomials known not to be 0, and the unknowns found so far."""

    rows: tuple[Leveled, ...]
    columns: frozenset[int]
    kept: frozenset[int]
    nonzero: tuple[Any, ...]
    solved: Mapping[int, Any]


class Elimination:
    """One eigenproblem and elimination in its cases, over `fmpz_mpoly` in parameters and unknowns."""

    def __init__(
        self,
        ring: Ring,
        fields: Sequence[Mapping[int, Polynomial]],
        monomials: Sequence[Monomial],
        budget: Budget,
        *,
        special: bool = False,
    ) -> None:
        self.ring, self.budget, self.fields, self.special = ring, budget, len(fields), special
        used = {g for field in fields for p in field.values() for g in p.support}
        self.parameters = [g for g in ring.parameter_indices if g in used]
        state = sorted({g for m in monomials for g, _ in m})
        possible = [monomials_of_cofactors(field, state) for field in fields]
        if None in possible:
            raise UndecidedCaseError("cofactors may have too many monomials to distinguish cases")
        self.unknowns = [(j, m) for j, those in enumerate(possible) for m in those or ()]
        if (many := len(self.unknowns)) > budget.max_cofactors:
            why = f"{many} coefficients of cofactors are too many to distinguish cases"
            raise UndecidedCaseError(f"max_cofactors {budget.max_cofactors}: {why}")
        self.offset = len(self.parameters)  # the unknowns c come after the parameters
        self.first = 0 if special else self.offset  # from here on generators may have special values
        names = tuple(f"x{i}" for i in range(self.offset + len(self.unknowns)))
        self.context = flint.fmpz_mpoly_ctx.get(names, flint.Ordering.degrevlex)
        self.names, self.generators = names, self.context.gens()
        self.work = 0
        self.factored: dict[tuple[Any, ...], list[Any]] = {}
        columns = frozenset(range(len(monomials)))
        self.start = Case(self._rows(fields, monomials), columns, frozenset(), (), {})

    # -- the equations ----------------------------------------------------------------------------
    def _rows(
        self, fields: Sequence[Mapping[int, Polynomial]], monomials: Sequence[Monomial]
    ) -> tuple[Leveled, ...]:
        rows: dict[tuple[int, Monomial], Row] = {}
        for column, monomial in enumerate(monomials):
            h = self.ring.monomial(monomial)
            for j, field in enumerate(fields):
                self.budget.check("Darboux polynomials by cases")
                for state, c in split_parameters(Field("", field)(h)).items():
                    rows.setdefault((j, state), {})[column] = self._coefficient(c)
                for unknown, (k, m) in zip(self.generators[self.offset :], self.unknowns, strict=True):
                    if k == j:
                        row = rows.setdefault((j, multiply_monomials(m, monomial)), {})
                        row[column] = row.get(column, 0) - unknown
        degrees = [degree_of(m) for _, m in rows]
        top = max(degrees, default=0)
        return tuple((top - degree, row) for degree, row in zip(degrees, rows.values(), strict=True))

    def _coefficient(self, polynomial: Polynomial) -> Any:
        """A polynomial in the parameters with integer coefficients."""
        none = (0,) * len(self.unknowns)
        terms = {(*exponents(m, self.parameters), *none): int(c) for m, c in polynomial}
        return self.context.from_dict(terms)

    @property
    def exhausted(self) -> bool:
        """Whether no more work is allowed, in any case."""
        return self.work > self.budget.max_cases

    def _spend(self, amount: int) -> None:
        self.work += amount
        if self.exhausted:
            raise UndecidedCaseError(f"max_cases {self.budget.max_cases}: too many cases")
        self.budget.check("Darboux polynomials by cases")

    # -- one case ---------------------------------------------------------------------------------
    def _simplified(self, case: Case, level: int | None = None) -> Case | None:
        """All pivots that cannot vanish eliminated; None for a case without solutions other than h = 0."""
        rows = [(k, new) for k, row in case.rows if (new := self._clean(row, case.nonzero))]
        columns, kept = set(case.columns), set(case.kept)
        while rows:
            choice = self._pivot(rows, kept, case.nonzero, level)
            if choice is None:
                break
            position, column = choice
            _, pivot = rows.pop(position)
            if len(pivot) == 1 and column in kept:
                return None
            kept.discard(column)
            columns.discard(column)
            rows = self._without(rows, pivot, column, case.nonzero)
        if not columns:
            return None
        if len(columns) == 1:
            kept |= columns
        return Case(tuple(rows), frozenset(columns), frozenset(kept), case.nonzero, case.solved)

    def _clean(self, row: Row, nonzero: Sequence[Any]) -> Row:
        """The row without zeros and without factors that cannot vanish."""
        row = {column: entry for column, entry in row.items() if entry}
        for entry in row.values():
            self._bounded(entry)
        common: Any = 0
        for entry in row.values():
            common = common.gcd(entry) if common else entry
            if common.is_one():
                return row
        if not row:
            return row
        content, pieces = integer_factors(common)
        # irreducible factors that cannot vanish in this case
        units = (piece**power for piece, power in pieces if not self._moves(piece) or piece in nonzero)
        unit = prod(units, start=self.context.constant(content))
        return row if unit.is_one() else {column: entry / unit for column, entry in row.items()}

    def _bounded(self, entry: Any) -> None:
        """Refuse a coefficient whose gcds and factors could take long."""
        self._spend(1)
        self._limit("max_terms", len(entry))
        self._limit("max_degree", entry.total_degree())

    def _limit(self, bound: str, amount: int, times: int = 1) -> None:
        if amount > (most := getattr(self.budget, bound)) * times:
            raise UndecidedCaseError(f"{bound} {most}: coefficients of some case are too long")

    def _moves(self, piece: Any) -> bool:
        """Whether something with special values occurs."""
        return any(piece.degrees()[self.first :])

    def _vanishing(self, entry: Any, nonzero: Sequence[Any]) -> list[Any]:
        """The irreducible factors of an entry that may vanish in this case."""
        self._bounded(entry)
        key = tuple(entry.terms())
        if key not in self.factored:
            self._spend(len(entry))
            self.factored[key] = [piece for piece, _ in integer_factors(entry)[1] if self._moves(piece)]
        return [piece for piece in self.factored[key] if piece not in nonzero]

    def _pivot(
        self, rows: Sequence[Leveled], kept: set[int], nonzero: Sequence[Any], level: int | None
    ) -> tuple[int, int] | None:
        """(row, column) of an entry that cannot vanish, in the shortest row of the highest levels."""
        best: tuple[tuple[int, int, int], int, int] | None = None
        lowest = min(k for k, _ in rows) if level is None else level
        for position, (k, row) in enumerate(rows):
            if k > lowest or (best is not None and len(row) > best[0][0]):
                continue
            for column, entry in row.items():
                known = nonzero and not self._vanishing(entry, nonzero)
                key = (len(row), len(entry), int(column in kept))
                if (known or not self._moves(entry)) and (best is None or key < best[0]):
                    best = (key, position, column)
        return None if best is None else best[1:]

    def _without(
        self, rows: Sequence[Leveled], pivot: Row, column: int, nonzero: Sequence[Any]
    ) -> list[Leveled]:
        """The rows with a column eliminated by the pivot row."""
        unit = pivot[column]
        result: list[Leveled] = []
        for k, row in rows:
            if column not in row:
                result.append((k, row))
                continue
            factor = row[column]
            products = sum(map(len, row.values())) * len(unit) + sum(map(len, pivot.values())) * len(factor)
            self._spend(products)
            self._limit("max_terms", products, len(row) + len(pivot))
            changed = {j: unit * entry for j, entry in row.items() if j != column}
            for j, entry in pivot.items():
                if j != column:
                    changed[j] = changed.get(j, 0) - factor * entry
            if changed := self._clean(changed, nonzero):
                result.append((k, changed))
        return result
