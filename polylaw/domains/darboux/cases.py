"""All Darboux polynomials in a space, exactly: an eigenproblem with unknown cofactors, by case distinctions.

With h = sum_j h_j v_j over a basis of monomials and cofactors of unknown coefficients c, the identities X h =
lambda_X h are equations, linear in the h_j, whose coefficients are polynomials in c and in the parameters.
They are solved by elimination. Where a coefficient that is needed as a pivot may vanish, the cases are
distinguished: it is not 0, or one of its factors is.  A factor that is linear in one c gives that c; an
irreducible factor of higher degree in a single c has no root in the field of parameters, where the c of a
polynomial over that field lie.  What is left are the finitely many cofactors there are.

So an answer is a proof, levels of rational first integrals included: no prime, no random choice.  A case that
cannot be decided in this way, or too many cases, leave everything undecided.  The idea of case distinctions:
Sit, J. Symb. Comput. 13 (1992).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.terms import monomial_of
from polylaw.budget import Budget
from polylaw.domains.darboux.elimination import Case, Elimination, Row, UndecidedCaseError

#: Values of parameters in terms of the others, by generator.
Values = tuple[tuple[int, Polynomial], ...]


def cofactors_by_cases(
    ring: Ring, fields: Sequence[Mapping[int, Polynomial]], monomials: Sequence[Monomial], budget: Budget
) -> list[tuple[Polynomial, ...]]:
    """Cofactors, one for each field, among which are those of every Darboux polynomial in the span of the
    monomials over the field of parameters.  `UndecidedCaseError` when some case stays open."""
    return list(dict.fromkeys(cofactors for _, cofactors in _Cases(ring, fields, monomials, budget).found()))


def special_cofactors(
    ring: Ring, fields: Sequence[Mapping[int, Polynomial]], monomials: Sequence[Monomial], budget: Budget
) -> list[tuple[Values, tuple[Polynomial, ...]]]:
    """(values of some parameters in terms of the others, cofactors that may occur there), as far as the cases
    can be decided: the same with the parameters among the unknowns.  Nothing is said about relations that are
    not in the list."""
    found: dict[tuple[Values, tuple[Polynomial, ...]], None] = {}
    # what was found until a case stays open is what is known
    with suppress(UndecidedCaseError):
        for special in _Cases(ring, fields, monomials, budget, special=True).found():
            found[special] = None
    return list(found)


class _Cases(Elimination):
    """The case distinctions of one eigenproblem."""

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
                if not self.special or self.exhausted:
                    raise

    def _values(self, case: Case) -> Values:
        return tuple((g, self._value(case, i)) for i, g in enumerate(self.parameters) if i in case.solved)

    def _cofactors(self, case: Case) -> tuple[Polynomial, ...]:
        parts: list[list[Polynomial]] = [[] for _ in range(self.fields)]
        for i, (j, m) in enumerate(self.unknowns, self.offset):
            parts[j].append(self._value(case, i) * self.ring.monomial(m))
        return tuple(Polynomial.sum(self.ring, terms) for terms in parts)

    def _value(self, case: Case, unknown: int) -> Polynomial:
        value, denominator = case.solved[unknown]
        pairs = ((p[: self.offset], Fraction(int(c), int(denominator))) for p, c in value.to_dict().items())
        return Polynomial(self.ring, {monomial_of(p, self.parameters): c for p, c in pairs})

    # -- cases ------------------------------------------------------------------------------------
    def _branches(self, case: Case) -> Iterator[Case]:
        """The cases of one entry: its column vanishes, or one of its factors does, or it is not 0."""
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
            some = (*nonzero, *factors)
            if (generic := self._simplified(replace(case, nonzero=some), level)) is not None:
                yield generic
        elif column not in kept:
            rest = [(k, {j: e for j, e in r.items() if j != column}) for k, r in case.rows]
            yield replace(case, rows=tuple((k, r) for k, r in rest if r), columns=case.columns - {column})
            kept = kept | {column}
        for f in factors:
            if (generator := self._solvable(f)) is not None:
                here = replace(case, kept=kept, nonzero=nonzero)
                if (solved := self._solved(here, f, generator)) is not None:
                    yield solved
            nonzero = (*nonzero, f)

    def _choice(self, case: Case, level: int) -> tuple[int, int, list[Any]] | None:
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
        """Whether an irreducible f has one unknown only: then no polynomial in the parameters is a root."""
        return len([d for d in f.degrees()[self.first :] if d]) == 1

    def _solved(self, case: Case, f: Any, generator: int) -> Case | None:
        """The case with f = 0 solved for one unknown; None if something vanishes that is known not to."""
        scale = int(f.derivative(generator).leading_coefficient())
        value = scale * self.generators[generator] - f  # scale * generator = value
        nonzero: list[Any] = []
        for known in case.nonzero:
            if not known.degrees()[generator]:
                nonzero.append(known)
                continue
            image = self._image(f, known, generator)
            if not image:
                return None
            nonzero += self._vanishing(image, nonzero)
        rows = tuple((k, self._substituted(row, f, generator, scale)) for k, row in case.rows)
        solved = dict(case.solved)
        for g, (above, below) in case.solved.items():
            if above and (degree := above.degrees()[generator]):
                solved[g] = self._image(f, above, generator), below * scale**degree
        return replace(case, rows=rows, nonzero=tuple(nonzero), solved={**solved, generator: (value, scale)})

    def _substituted(self, row: Row, f: Any, generator: int, scale: int) -> Row:
        """scale^top times the row with the unknown replaced: Res(f, p) = scale^deg(p) * p(value/scale)."""
        degrees = {k: entry.degrees()[generator] for k, entry in row.items()}
        if not (top := max(degrees.values())):
            return row
        return {k: self._image(f, e, generator) * scale ** (top - degrees[k]) for k, e in row.items()}

    def _image(self, f: Any, entry: Any, generator: int) -> Any:
        """Res(f, entry) by the unknown that f is solved for, if it cannot be too long."""
        self._limit("max_terms", len(entry) * len(f) ** entry.degrees()[generator], self.budget.max_terms)
        self._spend(len(entry))
        return f.resultant(entry, self.names[generator])
