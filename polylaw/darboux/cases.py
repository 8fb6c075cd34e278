"""All Darboux polynomials in a space of polynomials, exactly: an eigenproblem with unknown cofactors, by case distinctions.

With h = sum_j h_j v_j over a basis of monomials and cofactors of unknown coefficients c, the identities X h = lambda_X h are
equations, linear in the h_j, whose coefficients are polynomials in c and in the parameters.  They are solved by elimination.
Where a coefficient that is needed as a pivot may vanish, the cases are distinguished: it is not 0, or one of its factors is.  A
factor that is linear in one c gives that c; an irreducible factor of higher degree in a single c has no root in the field of
parameters, where the c of a polynomial over that field lie.  What is left are the finitely many cofactors there are.

So an answer is a proof, levels of rational first integrals included: no prime, no random choice.  A case that cannot be decided
in this way, or too many cases, leave everything undecided.  The idea of case distinctions: Sit, J. Symb. Comput. 13 (1992).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import comb
from typing import Any

import flint

from polylaw.algebra.factor import integer_factors
from polylaw.algebra.polynomial import Monomial, Polynomial, multiply_monomials
from polylaw.algebra.ring import Ring
from polylaw.darboux.monomials import monomials_up_to
from polylaw.laws.budget import Budget
from polylaw.laws.parametric import split_parameters

__all__ = ["UndecidedCaseError", "Values", "cofactors_by_cases", "special_cofactors"]

#: Products of terms in all eliminations together; terms and degree of one coefficient; unknown coefficients of cofactors.
_MOST_WORK, _MOST_TERMS, _MOST_DEGREE, _MOST_UNKNOWNS = 500_000, 150, 24, 100
#: Products of terms in one substitution.
_MOST_PRODUCTS = 20_000
#: Monomials among which those of cofactors are sought, and terms of a field.
_MOST_MONOMIALS, _MOST_SHIFTS = 6_000, 1_000

Row = dict[int, Any]
#: A row and how far below the top its monomial is.
Leveled = tuple[int, Row]
#: Values of parameters in terms of the others, by generator.
Values = tuple[tuple[int, Polynomial], ...]


class UndecidedCaseError(Exception):
    """A case could not be decided, or there are too many; the argument says which, in words."""


@dataclass(frozen=True)
class _Case:
    """Rows that must vanish, the columns not yet expressed by others, those of them and the factors known not to be 0, and the
    unknowns found so far."""

    rows: tuple[Leveled, ...]
    columns: frozenset[int]
    kept: frozenset[int]
    nonzero: Mapping[str, Any]
    solved: Mapping[int, Any]


def cofactors_by_cases(
    ring: Ring, fields: Sequence[Mapping[int, Polynomial]], monomials: Sequence[Monomial], budget: Budget
) -> list[tuple[Polynomial, ...]]:
    """Cofactors, one for each field, among which are those of every Darboux polynomial in the span of the monomials over the
    field of parameters.  `UndecidedCaseError` when some case stays open."""
    return list(dict.fromkeys(cofactors for _, cofactors in _Cases(ring, fields, monomials, budget).found()))


def special_cofactors(
    ring: Ring, fields: Sequence[Mapping[int, Polynomial]], monomials: Sequence[Monomial], budget: Budget
) -> list[tuple[Values, tuple[Polynomial, ...]]]:
    """(values of some parameters in terms of the others, cofactors that may occur there), as far as the cases can be decided:
    the same with the parameters among the unknowns.  Nothing is said about relations that are not in the list."""
    found: list[tuple[Values, tuple[Polynomial, ...]]] = []
    try:
        for special in _Cases(ring, fields, monomials, budget, special=True).found():
            if special not in found:
                found.append(special)
    except UndecidedCaseError:
        pass  # what was found until then is what is known
    return found


class _Cases:
    """The case distinctions of one eigenproblem; coefficients are `fmpz_mpoly` in the parameters and the unknowns c."""

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
        used = {g for p in (p for f in fields for p in f.values()) for g in p.support}
        self.parameters = [g for g in ring.parameter_indices if g in used]
        state = sorted({g for m in monomials for g, _ in m})
        self.unknowns = [(j, m) for j, f in enumerate(fields) for m in _possible(f, state)]
        if len(self.unknowns) > _MOST_UNKNOWNS:
            raise UndecidedCaseError(f"{len(self.unknowns)} coefficients of cofactors are too many to distinguish cases")
        self.offset = len(self.parameters)  # the unknowns c come after the parameters
        self.first = 0 if special else self.offset  # from here on generators may have special values
        names = tuple(f"x{i}" for i in range(self.offset + len(self.unknowns)))
        self.context = flint.fmpz_mpoly_ctx.get(names, flint.Ordering.degrevlex)
        self.names, self.generators = names, self.context.gens()
        self.work = 0
        self.factored: dict[str, list[tuple[Any, str]]] = {}
        self.start = _Case(self._rows(fields, monomials), frozenset(range(len(monomials))), frozenset(), {}, {})

    # -- the equations ----------------------------------------------------------------------------
    def _rows(self, fields: Sequence[Mapping[int, Polynomial]], monomials: Sequence[Monomial]) -> tuple[Leveled, ...]:
        rows: dict[tuple[int, Monomial], Row] = {}
        for column, monomial in enumerate(monomials):
            h = self.ring.monomial(monomial)
            for j, field in enumerate(fields):
                self.budget.check("Darboux polynomials by cases")
                along = Polynomial.sum(self.ring, (slope * field[g] for g, slope in h.gradient().items() if g in field))
                for state, c in split_parameters(along).items():
                    rows.setdefault((j, state), {})[column] = self._coefficient(c)
                for i, (k, m) in enumerate(self.unknowns):
                    if k == j:
                        row = rows.setdefault((j, multiply_monomials(m, monomial)), {})
                        row[column] = row.get(column, 0) - self.generators[self.offset + i]
        degrees = [sum(p for _, p in m) for _, m in rows]
        top = max(degrees, default=0)
        return tuple((top - degree, row) for degree, row in zip(degrees, rows.values(), strict=True))

    def _coefficient(self, polynomial: Polynomial) -> Any:
        """A polynomial in the parameters with integer coefficients."""
        place = {g: i for i, g in enumerate(self.parameters)}
        terms = {}
        for monomial, c in polynomial:
            exponents = [0] * len(self.names)
            for g, power in monomial:
                exponents[place[g]] = power
            terms[tuple(exponents)] = int(c)
        return self.context.from_dict(terms)

    # -- the search -------------------------------------------------------------------------------
    def found(self) -> Iterator[tuple[Values, tuple[Polynomial, ...]]]:
        """The values of parameters (none, unless they are special) and the cofactors, case by case."""
        stack = [self.start]
        while stack:
            case = self._simplified(stack.pop())
            if case is None:
                continue
            known = all(g in case.solved for g in range(self.offset, len(self.names)))
            if known and not (self.special and case.rows):
                yield self._values(case), self._cofactors(case)
                continue
            try:
                stack += reversed(list(self._branches(case)))
            except UndecidedCaseError:
                if not self.special or self.work > _MOST_WORK:
                    raise

    def _values(self, case: _Case) -> Values:
        solved = [(g, case.solved[i]) for i, g in enumerate(self.parameters) if i in case.solved]
        return tuple((g, self._polynomial(value) / denominator) for g, (value, denominator) in solved)

    def _cofactors(self, case: _Case) -> tuple[Polynomial, ...]:
        parts: list[list[Polynomial]] = [[] for _ in range(self.fields)]
        for i, (j, m) in enumerate(self.unknowns):
            value, denominator = case.solved[self.offset + i]
            parts[j].append(self._polynomial(value) * self.ring.monomial(m) / denominator)
        return tuple(Polynomial.sum(self.ring, terms) for terms in parts)

    def _polynomial(self, value: Any) -> Polynomial:
        support = [*self.parameters, *(-1 for _ in self.unknowns)]
        terms: dict[Monomial, Any] = {}
        for exponents, c in value.to_dict().items():
            terms[tuple((g, int(e)) for g, e in zip(support, exponents, strict=True) if e)] = int(c)
        return Polynomial(self.ring, terms)

    def _spend(self, amount: int) -> None:
        self.work += amount
        if self.work > _MOST_WORK:
            raise UndecidedCaseError("too many cases")
        self.budget.check("Darboux polynomials by cases")

    # -- one case ---------------------------------------------------------------------------------
    def _simplified(self, case: _Case, level: int | None = None) -> _Case | None:
        """All pivots that cannot vanish eliminated; None for a case without solutions other than h = 0."""
        clean = self._clean(case.nonzero)
        rows, columns, kept = [(k, new) for k, row in case.rows if (new := clean(row))], set(case.columns), set(case.kept)
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
        return _Case(tuple(rows), frozenset(columns), frozenset(kept), case.nonzero, case.solved)

    def _clean(self, nonzero: Mapping[str, Any]) -> Any:
        """Rows without zeros and without factors that cannot vanish."""

        def cleaned(row: Row) -> Row:
            row = {column: entry for column, entry in row.items() if entry}
            if not row:
                return row
            for entry in row.values():
                self._bounded(entry)
            common = next(iter(row.values()))
            for entry in row.values():
                common = common.gcd(entry)
                if common.is_one():
                    return row
            content, pieces = integer_factors(common)
            units = self.context.constant(content)
            for piece, power in pieces:
                if self._is_unit(piece, nonzero):
                    units = units * piece**power
            return row if units.is_one() else {column: entry / units for column, entry in row.items()}

        return cleaned

    def _bounded(self, entry: Any) -> None:
        """Refuse a coefficient whose gcds and factors could take long."""
        self._spend(1)
        if len(entry) > _MOST_TERMS or entry.total_degree() > _MOST_DEGREE:
            raise UndecidedCaseError("coefficients of some case are too long")

    def _is_unit(self, piece: Any, nonzero: Mapping[str, Any]) -> bool:
        """Whether an irreducible factor cannot vanish in this case."""
        return not any(piece.degrees()[self.first :]) or str(piece) in nonzero

    def _vanishing(self, entry: Any, nonzero: Mapping[str, Any]) -> list[Any]:
        """The irreducible factors of an entry that may vanish in this case."""
        self._bounded(entry)
        text = str(entry)
        if text not in self.factored:
            self._spend(len(entry))
            self.factored[text] = [(piece, str(piece)) for piece, _ in integer_factors(entry)[1] if any(piece.degrees()[self.first :])]
        return [piece for piece, name in self.factored[text] if name not in nonzero]

    def _pivot(self, rows: Sequence[Leveled], kept: set[int], nonzero: Mapping[str, Any], level: int | None) -> tuple[int, int] | None:
        """(row, column) of an entry that cannot vanish, in the shortest row of the highest level there is (down to `level`)."""
        best: tuple[tuple[int, int, int], int, int] | None = None
        lowest = min(k for k, _ in rows) if level is None else level
        for position, (k, row) in enumerate(rows):
            if k > lowest or (best is not None and len(row) > best[0][0]):
                continue
            for column, entry in row.items():
                if not any(entry.degrees()[self.first :]) or (nonzero and not self._vanishing(entry, nonzero)):
                    key = (len(row), len(entry), int(column in kept))
                    if best is None or key < best[0]:
                        best = (key, position, column)
        return None if best is None else (best[1], best[2])

    def _without(self, rows: Sequence[Leveled], pivot: Row, column: int, nonzero: Mapping[str, Any]) -> list[Leveled]:
        """The rows with a column eliminated by the pivot row."""
        unit, clean = pivot[column], self._clean(nonzero)
        result: list[Leveled] = []
        for k, row in rows:
            if column not in row:
                result.append((k, row))
                continue
            factor = row[column]
            products = sum(map(len, row.values())) * len(unit) + sum(map(len, pivot.values())) * len(factor)
            self._spend(products)
            if products > _MOST_TERMS * (len(row) + len(pivot)):
                raise UndecidedCaseError("coefficients of some case are too long")
            changed = {j: unit * entry for j, entry in row.items() if j != column}
            for j, entry in pivot.items():
                if j != column:
                    changed[j] = changed.get(j, 0) - factor * entry
            if (changed := clean(changed)):
                result.append((k, changed))
        return result

    # -- cases ------------------------------------------------------------------------------------
    def _branches(self, case: _Case) -> Iterator[_Case]:
        """The cases of one entry: it vanishes because its column or one of its factors does, or it is not 0."""
        choice = None
        for level in sorted({k for k, _ in case.rows}):
            if (choice := self._choice(case, level)) is not None:
                break
            further = self._simplified(case, level)
            if further is None:
                return
            if len(further.rows) < len(case.rows):
                yield further
                return
        if choice is None:
            raise UndecidedCaseError("a case could not be decided")
        position, column, factors = choice
        _, row = case.rows[position]
        nonzero, kept = case.nonzero, case.kept
        if len(row) > 1:
            generic = self._simplified(replace(case, nonzero={**nonzero, **{str(f): f for f in factors}}), level)
            if generic is not None:
                yield generic
        elif column not in kept:
            rest = [(k, {j: e for j, e in r.items() if j != column}) for k, r in case.rows]
            yield replace(case, rows=tuple((k, r) for k, r in rest if r), columns=case.columns - {column})
            kept = kept | {column}
        for f in factors:
            generator = self._solvable(f)
            if generator is not None:
                solved = self._solved(replace(case, kept=kept, nonzero=nonzero), f, generator)
                if solved is not None:
                    yield solved
            nonzero = {**nonzero, str(f): f}

    def _choice(self, case: _Case, level: int) -> tuple[int, int, list[Any]] | None:
        """(row, column, factors that may vanish) of the entry that makes fewest cases, down to this level."""
        best: tuple[Any, ...] | None = None
        rows = sorted((len(row), position) for position, (k, row) in enumerate(case.rows) if k <= level)
        for length, position in rows:
            if best is not None and (best[0][0] < (length > 1) or best[0][1] == 1):
                break  # no other row makes fewer
            for column, entry in case.rows[position][1].items():
                factors = self._vanishing(entry, case.nonzero)
                solvable = [self._solvable(f) is not None for f in factors]
                if not all(known or self._has_no_root(f) for known, f in zip(solvable, factors, strict=True)):
                    continue
                cases = sum(solvable) + (length > 1 or column not in case.kept)
                key = (length > 1, cases, length, len(entry), position, column)
                if best is None or key < best[0]:
                    best = (key, position, column, factors)
        return None if best is None else best[1:]

    def _solvable(self, f: Any) -> int | None:
        """An unknown in which f is linear, with a number as its coefficient."""
        degrees = f.degrees()
        order = [*range(self.offset, len(degrees)), *range(self.first, self.offset)]
        linear = (g for g in order if degrees[g] == 1)
        return next((g for g in linear if f.derivative(g).is_constant()), None)

    def _has_no_root(self, f: Any) -> bool:
        """Whether an irreducible f that is not solvable has one unknown only: then no polynomial in the parameters is a root."""
        return len([d for d in f.degrees()[self.first :] if d]) == 1

    def _solved(self, case: _Case, f: Any, generator: int) -> _Case | None:
        """The case with f = 0 solved for one unknown; None if something vanishes that is known not to."""
        scale = int(f.derivative(generator).leading_coefficient())
        value = scale * self.generators[generator] - f  # scale * generator = value
        nonzero: dict[str, Any] = {}
        for name, known in case.nonzero.items():
            if not known.degrees()[generator]:
                nonzero[name] = known
                continue
            image = self._image(f, known, generator)
            if not image:
                return None
            nonzero |= {str(piece): piece for piece in self._vanishing(image, {})}
        rows = tuple((k, self._substituted(row, f, generator, scale)) for k, row in case.rows)
        solved = {g: self._substituted_value(v, f, generator, scale) for g, v in case.solved.items()}
        return replace(case, rows=rows, nonzero=nonzero, solved={**solved, generator: (value, scale)})

    def _substituted(self, row: Row, f: Any, generator: int, scale: int) -> Row:
        """scale^top times the row with the unknown replaced by its value: Res(f, p) = scale^deg(p) * p(value/scale)."""
        top = max(entry.degrees()[generator] for entry in row.values())
        if not top:
            return row
        return {k: self._image(f, e, generator) * scale ** (top - e.degrees()[generator]) for k, e in row.items()}

    def _image(self, f: Any, entry: Any, generator: int) -> Any:
        """Res(f, entry) by the unknown that f is solved for, if it cannot be too long."""
        most = len(entry) * len(f) ** entry.degrees()[generator]
        if most > _MOST_PRODUCTS:
            raise UndecidedCaseError("coefficients of some case are too long")
        self._spend(len(entry))
        return f.resultant(entry, self.names[generator])

    def _substituted_value(self, value: tuple[Any, int], f: Any, generator: int, scale: int) -> tuple[Any, int]:
        above, below = value
        degree = above.degrees()[generator] if above else 0
        return (self._image(f, above, generator), below * scale**degree) if degree else value


def _possible(field: Mapping[int, Polynomial], state: Sequence[int]) -> list[Monomial]:
    """The monomials that cofactors of this field may have.

    Newton polytopes of products are sums, so that of X h lies in that of h plus the hull P of {m - e_g: m a monomial of the
    component along g}; as lambda h = X h, that of lambda lies in P (sums of convex sets can be cancelled).  Monomials outside P by
    one of some linear forms are left out.
    """
    first = max(state, default=-1) + 1
    shifts: list[dict[int, int]] = []
    for g, component in field.items():
        for monomial in component.terms:
            shift = {k: power for k, power in monomial if k < first}
            shift[g] = shift.get(g, 0) - 1
            shifts.append(shift)
    height = max((sum(shift.values()) for shift in shifts), default=-1)
    if comb(len(state) + max(height, 0), len(state)) > _MOST_MONOMIALS or len(shifts) > _MOST_SHIFTS:
        raise UndecidedCaseError("cofactors may have too many monomials to distinguish cases")
    forms = list(_forms(state))
    most = [max((_value(form, shift) for shift in shifts), default=0) for form in forms]
    inside = zip(forms, most, strict=True)
    bounds = [(form, bound) for form, bound in inside if bound < height * max(0, *form.values())]  # others exclude nothing
    return [m for m in monomials_up_to(state, height) if all(_value(form, dict(m)) <= bound for form, bound in bounds)]


def _forms(state: Sequence[int]) -> Iterator[dict[int, int]]:
    """Linear forms with coefficients 1 and -1 in up to three of the generators."""
    for number in (1, 2, 3):
        for chosen in combinations(state, number):
            for signs in product((1, -1), repeat=number):
                yield dict(zip(chosen, signs, strict=True))


def _value(form: Mapping[int, int], exponents: Mapping[int, int]) -> int:
    return sum(sign * exponents.get(g, 0) for g, sign in form.items())
