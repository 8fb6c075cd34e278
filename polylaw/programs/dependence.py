"""Exponentials whose arguments are dependent: they get values whose products are what they must be.

Let the arguments be z_i, and let all relations sum q_i z_i = r with integers q_i and numbers r be spanned by
some that are found.  exp(z_i) is then a product of powers of free values, such that each product of
exp(z_i)^q_i is 1.  That may be chosen also where r is a rational number other than 0, since exp(r) is then
transcendental, and every exp(r') a power of one such number (Lindemann); and where r is a function of
parameters alone, if no other exponential is, as exponentials of these have no relations but products that are
1 or such numbers.  A relation is found mod a prime, and proved by writing both sides as polynomials in
parameters, data and functions of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import lcm, prod

import numpy as np

from polylaw.algebra.linear.modular import null_space
from polylaw.algebra.linear.residues import Residues, inverses, powers, reduced
from polylaw.programs.tape import Kind, Step, Tape

#: An entry of a step.
Entry = tuple[int, int]
#: Entries with powers, in order.
Monomial = tuple[tuple[Entry, int], ...]
Terms = dict[Monomial, Fraction]
#: The free values that an exponential is made of, with powers.
Ties = Mapping[Entry, Mapping[Entry, int]]

#: Numerators and denominators of relations, and terms of all polynomials, are at most these.
_LARGEST, _MOST_TERMS = 64, 400_000


class Relations:
    """Integer relations of entries mod a prime, as rows {entry: number}."""

    def __init__(self, entries: Sequence[Entry], slopes: Residues, prime: int) -> None:
        self.entries, self.rows = list(entries), list[dict[Entry, int]]()
        for vector in null_space(slopes.T.astype(np.int64), prime).tolist():
            numbers = [_fraction(value, prime) for value in vector]
            common = lcm(*(c.denominator for c in numbers if c is not None))
            if any(c is None for c in numbers):
                self.rows.append({})
                continue
            whole = [int((c or 0) * common) for c in numbers]
            self.rows.append({e: c for e, c in zip(entries, whole, strict=True) if c})

    def proved(self, tape: Tape, masks: Mapping[int, Residues]) -> bool:
        """Whether each is one of the arguments, exactly, up to a number, or up to what has no data where no
        exponential is of parameters alone."""
        expanded = Expanded(tape, masks)
        alone = any(
            s.kind is Kind.EXP and not varied for s, varied in zip(tape.steps, tape.varied, strict=True)
        )
        try:
            return all(row and self._holds(tape, expanded, row, alone=alone) for row in self.rows)
        except TooManyError:
            return False

    @staticmethod
    def _holds(tape: Tape, expanded: Expanded, row: Mapping[Entry, int], *, alone: bool) -> bool:
        total: Terms = {}
        for (x, entry), c in row.items():
            step = tape.steps[x]
            if step.kind is not Kind.EXP:
                return False
            for monomial, value in expanded.entries(step.sources[0])[entry].items():
                total[monomial] = total.get(monomial, Fraction(0)) + c * value
        left = (monomial for monomial, value in total.items() if value)
        return not any(
            alone or any(tape.varied[x] for (x, _), _ in monomial) for monomial in left if monomial
        )

    def ties(self) -> dict[Entry, dict[Entry, int]]:
        """What exponentials are made of: each row leads with an entry that no other has."""
        leads: dict[Entry, dict[Entry, int]] = {}
        for row in self.rows:
            others = {e for other in self.rows if other is not row for e in other}
            leads[next(e for e in row if e not in others)] = row
        root: dict[Entry, int] = {}
        for lead, row in leads.items():
            for e in row:
                if e != lead:
                    root[e] = lcm(root.get(e, 1), row[lead])
        found = {e: {e: n} for e, n in root.items()}
        for lead, row in leads.items():
            found[lead] = {e: -c * root[e] // row[lead] for e, c in row.items() if e != lead}
        return found


def tied(values: Mapping[int, Residues], ties: Ties, prime: int) -> dict[int, Residues]:
    """Free values of all entries, with axes (candidate, entries), as those that belong together."""
    flat = {x: v.reshape(len(v), -1) for x, v in values.items()}
    found = {x: v.copy() for x, v in flat.items()}
    for (x, entry), parts in ties.items():
        total = np.ones(len(flat[x]))
        for (y, other), power in parts.items():
            base = flat[y][:, other]
            base = inverses(base, prime) if power < 0 else base
            total = reduced(total * powers(base, abs(power), prime), prime)
        found[x][:, entry] = total
    return {x: v.reshape(values[x].shape) for x, v in found.items()}


def _fraction(value: int, prime: int) -> Fraction | None:
    """The fraction with small numerator and denominator that a residue is."""
    for below in range(1, _LARGEST + 1):
        above = value * below % prime
        above -= prime if above > prime // 2 else 0
        if abs(above) <= _LARGEST:
            return Fraction(above, below)
    return None


class TooManyError(Exception):
    """More terms than there is room for."""


class Expanded:
    """Entries as polynomials in parameters, data, and functions of these, which are new variables, in a
    region of rectifiers, where these are multiples."""

    def __init__(self, tape: Tape, masks: Mapping[int, Residues]) -> None:
        self.tape, self.masks, self.left = tape, masks, _MOST_TERMS
        self.found: dict[int, list[Terms]] = {}

    def entries(self, x: int) -> list[Terms]:
        """Those of a step."""
        todo = [x]
        while todo:
            k = todo[-1]
            step = self.tape.steps[k]
            missing = [s for s in self._sources(step) if s not in self.found]
            if k in self.found or not missing:
                todo.pop()
                if k not in self.found:
                    self.found[k] = self._expanded(k, step)
                    self.left -= sum(map(len, self.found[k]))
                    if self.left < 0:
                        raise TooManyError
            todo += missing
        return self.found[x]

    @staticmethod
    def _sources(step: Step) -> Sequence[int]:
        return step.sources if step.kind in (Kind.TAKE, Kind.SUM, Kind.CONTRACT, Kind.RECTIFY) else ()

    def _expanded(self, x: int, step: Step) -> list[Terms]:
        sources = [self.found[s] for s in self._sources(step)]
        if step.kind is Kind.CONSTANT:
            return [{(): c} if c else {} for c in step.numbers]
        if step.kind is Kind.TAKE:
            joined = [terms for source in sources for terms in source]
            return [joined[k] for k in step.taken]
        if step.kind is Kind.SUM:
            return [_sum(zip(step.numbers, parts, strict=True)) for parts in zip(*sources, strict=True)]
        if step.kind is Kind.CONTRACT:
            return self._contracted(step, sources)
        if step.kind is Kind.RECTIFY:
            active = self.masks[step.sources[0]].reshape(-1) > 0
            factors = (Fraction(1) if on else step.numbers[0] for on in active.tolist())
            return [_sum([(c, terms)]) for c, terms in zip(factors, sources[1], strict=True)]
        return [{(((x, k), 1),): Fraction(1)} for k in range(step.size)]

    def _contracted(self, step: Step, sources: list[list[Terms]]) -> list[Terms]:
        *names, result = step.labels
        sizes: dict[int, int] = {}
        for s, labels in zip(step.sources, names, strict=True):
            sizes.update(zip(labels, self.tape.shape(s), strict=True))
        shapes = [self.tape.shape(s) for s in step.sources]
        found: list[Terms] = [{} for _ in range(step.size)]
        for index in product(*map(range, sizes.values())):
            place = dict(zip(sizes, index, strict=True))
            factors = [
                source[_flat([place[k] for k in labels], shape)]
                for source, labels, shape in zip(sources, names, shapes, strict=True)
            ]
            if prod(map(len, factors)) > self.left:
                raise TooManyError
            total = found[_flat([place[k] for k in result], step.shape)]
            for chosen in product(*(terms.items() for terms in factors)):
                monomial, value = _times([m for m, _ in chosen]), Fraction(1)
                for _, c in chosen:
                    value *= c
                total[monomial] = total.get(monomial, Fraction(0)) + value
            if sum(map(len, found)) > self.left:
                raise TooManyError
        return [{m: c for m, c in terms.items() if c} for terms in found]


def _sum(parts: object) -> Terms:
    total: Terms = {}
    for c, terms in parts:  # type: ignore[attr-defined]
        for monomial, value in terms.items():
            total[monomial] = total.get(monomial, Fraction(0)) + c * value
    return {m: c for m, c in total.items() if c}


def _times(monomials: Sequence[Monomial]) -> Monomial:
    powers_of: dict[Entry, int] = {}
    for monomial in monomials:
        for entry, power in monomial:
            powers_of[entry] = powers_of.get(entry, 0) + power
    return tuple(sorted(powers_of.items()))


def _flat(index: Sequence[int], shape: Sequence[int]) -> int:
    place = 0
    for i, n in zip(index, shape, strict=True):
        place = place * n + i
    return place
