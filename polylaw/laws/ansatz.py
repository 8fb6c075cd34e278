"""Finite sets of monomials in which laws are sought."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from polylaw.algebra.monomials import FactorTable, multisets
from polylaw.algebra.parse import parse_polynomial
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Ring, nearest
from polylaw.arguments import integer, names
from polylaw.budget import Budget
from polylaw.errors import InputError, UnknownNameError
from polylaw.flows.flow import Flow
from polylaw.lists import items, pairs
from polylaw.models.model import entry_name, indices

MAX_DEGREE = 200
SPECS = (
    "degree:3, homogeneous:4, bidegree:CLOCK,REST such as bidegree:3,2, weighted:6;x=1,y=2 or "
    "monomials:x^2,x*y"
)


@dataclass(frozen=True)
class Ansatz:
    """A recipe for a set of nonconstant monomials: powers of the clock up to `clock` (None: the flow's
    default, `Flow.clock_power`), times monomials in the variables whose degree (or weight) lies in `degrees`.

    `variables` restricts to the named variables; `weights` gives their weights (default 1); `monomials`, if
    not None, is the whole list instead, as text until the flow is known.  Parameters never enter: they belong
    to the coefficients.  `time` is the clock as it prints, t or exp(tau*t), once the flow is known.  Equal
    ansätze for a flow are equal sets.
    """

    degrees: range
    clock: int | None = None
    variables: tuple[str, ...] | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    monomials: tuple[str | Polynomial, ...] | None = None
    time: str = field(default="the clock", compare=False)

    def __hash__(self) -> int:
        given = self.degrees, self.clock, self.variables, frozenset(self.weights.items()), self.monomials
        return hash(given)

    # -- the kinds --------------------------------------------------------------------------------
    @staticmethod
    def degree(bound: int, **options: Any) -> Ansatz:
        """All monomials of degree at most `bound` in the variables."""
        return Ansatz(range(_bound(bound, "degree") + 1), **options)

    @staticmethod
    def homogeneous(degree: int, **options: Any) -> Ansatz:
        """All monomials of exactly this degree in the variables."""
        return Ansatz(range(_bound(degree, "degree"), degree + 1), **options)

    @staticmethod
    def bidegree(clock: int, degree: int, **options: Any) -> Ansatz:
        """Powers of the clock up to `clock`, times monomials of degree at most `degree` in the variables."""
        degrees, most = range(_bound(degree, "degree") + 1), _bound(clock, "power of the clock", least=0)
        return Ansatz(degrees, clock=most, **options)

    @staticmethod
    def weighted(bound: int, weights: Mapping[str, int], **options: Any) -> Ansatz:
        """All monomials of weight at most `bound`; variables left out of `weights` have weight 1."""
        for name, w in weights.items():
            _bound(w, f"weight of {name}")
        return Ansatz(range(_bound(bound, "weight") + 1), weights=dict(weights), **options)

    @staticmethod
    def of(monomials: Iterable[str | Polynomial]) -> Ansatz:
        """Exactly the given monomials, as text or as polynomials with one term."""
        return Ansatz(range(0), monomials=tuple(monomials))

    @staticmethod
    def parse(spec: str) -> Ansatz:
        """An ansatz from its spec, for example `degree:3`; see `SPECS`."""
        kind, _, rest = spec.partition(":")
        if kind == "degree":
            return Ansatz.degree(_integer(rest, spec))
        if kind == "homogeneous":
            return Ansatz.homogeneous(_integer(rest, spec))
        if kind == "bidegree":
            clock, _, degree = rest.partition(",")
            return Ansatz.bidegree(_integer(clock, spec), _integer(degree, spec))
        if kind == "weighted":
            bound, mark, listed = rest.partition(";")
            weights = pairs(listed, "ansatz", "weighted:6;x=1,y=2") if mark else {}
            numbers = {name: _integer(value, spec) for name, value in weights.items()}
            return Ansatz.weighted(_integer(bound, spec), numbers)
        if kind == "monomials":
            return Ansatz.of(items(rest, "ansatz"))
        near = nearest(kind, ["degree", "homogeneous", "bidegree", "weighted", "monomials"])
        raise UnknownNameError("ansatz", spec, SPECS, near)

    def restricted(self, variables: Sequence[str]) -> Ansatz:
        """The same ansatz in the named variables only."""
        return replace(self, variables=names(variables, "variables"))

    def lower(self, top: int) -> Ansatz:
        """The part of degree (or weight) at most `top`."""
        return replace(self, degrees=range(self.degrees.start, min(top + 1, self.degrees.stop)))

    def below(self) -> Ansatz:
        """All degrees (or weights) smaller than the smallest of this ansatz."""
        return replace(self, degrees=range(self.degrees.start))

    @property
    def top(self) -> int:
        """Largest degree or weight; 0 for a list."""
        return max(self.degrees.stop - 1, 0)

    def __str__(self) -> str:
        if self.monomials is not None:
            return f"{len(self.monomials)} listed monomial{'' if len(self.monomials) == 1 else 's'}"
        word = "weight" if self.weights else "degree"
        text = f"{word} {self.top}, homogeneous" if self.degrees.start else f"{word} <= {self.top}"
        if self.clock:
            text += f", power of {self.time} <= {self.clock}"
        if self.variables is None:
            return text
        return f"{text}, in {len(self.variables)} variable{'' if len(self.variables) == 1 else 's'}"

    # -- the monomials ----------------------------------------------------------------------------
    def for_flow(self, flow: Flow) -> Ansatz:
        """The same ansatz with the clock and its power filled in, entries for arrays among the variables, and
        names checked against the flow's ring."""
        ring = flow.ring
        if self.variables is not None and any(map(flow.arrays.get, self.variables)):
            return replace(self, variables=_entries(flow, self.variables)).for_flow(flow)
        if self.monomials is not None:
            return replace(self, monomials=_monomials(ring, self.monomials))
        if self.variables is not None and len(set(self.variables)) < max(1, len(self.variables)):
            found = ",".join(self.variables) or "none"
            raise InputError("variables", found, "at least one variable, each once")
        for name in (*(self.variables or ()), *self.weights):
            if name not in ring.variables:
                near = nearest(name, ring.variables)
                raise UnknownNameError("ansatz variable", name, "a variable of this flow", near)
        if ring.clock is None:
            return replace(self, clock=0)
        power = flow.clock_power(self.top) if self.clock is None else self.clock
        return replace(self, clock=power, time=ring.clock.text(1))

    def membership(self, ring: Ring) -> Callable[[Monomial], bool]:
        """Whether a monomial without parameters belongs to the ansatz (clock power set), as a function."""
        if self.monomials is not None:
            return {h.leading[0] for h in _monomials(ring, self.monomials)}.__contains__
        named = ring.variables if self.variables is None else self.variables
        allowed = frozenset(map(ring.index, named))
        weight = {ring.index(name): w for name, w in self.weights.items()}
        index = ring.clock_index

        def member(monomial: Monomial) -> bool:
            total = clock = 0
            for generator, power in monomial:
                if generator == index:
                    clock = power
                elif generator in allowed:
                    total += power * weight.get(generator, 1)
                else:
                    return False
            return clock <= (self.clock or 0) and total in self.degrees

        return member

    def count(self, ring: Ring) -> int:
        """How many monomials there are (exactly, but for weighted ansatzes an upper bound)."""
        if self.monomials is not None:
            return len(self.monomials)
        n = len(ring.variables if self.variables is None else self.variables)
        states = sum(comb(n + d - 1, d) for d in self.degrees)
        return states * ((self.clock or 0) + 1) - (0 in self.degrees)

    def table(self, ring: Ring, budget: Budget) -> FactorTable:
        """The monomials ascending in canonical order (degree, lex, first variable largest, clock power).

        Raises `BudgetError` when there are more than the budget allows, before making any.
        """
        if self.monomials is not None:
            listed = [h.leading[0] for h in _monomials(ring, self.monomials)]
            ordered = sorted(listed, key=ring.constant(1).sort_key, reverse=True)
            return FactorTable.of(ordered, ring.size)
        budget.check_unknowns(self.count(ring))
        named = ring.variables if self.variables is None else self.variables
        chosen = np.array([ring.index(v) for v in named], dtype=np.int32)
        chosen.sort()
        weights = np.array([self.weights.get(ring.variables[i], 1) for i in chosen], dtype=np.int64)
        parts = []
        for degree in range(self.degrees.stop):
            states = multisets(len(chosen), degree, budget.check)[::-1]
            if self.weights or degree not in self.degrees:
                weight = weights[states].sum(axis=1)
                states = states[(weight >= self.degrees.start) & (weight < self.degrees.stop)]
            budget.check("writing down monomials")
            parts.append(_with_clock(chosen[states], ring, self.clock or 0))
        budget.check("writing down monomials")
        table = FactorTable.stack(parts, ring.size)
        return FactorTable(np.ascontiguousarray(table.factors[table.widths > 0]), ring.size)


def _entries(flow: Flow, names: Sequence[str]) -> tuple[str, ...]:
    """The names with those of arrays that have axes replaced by their entries."""
    each = [
        [entry_name(name, i) for i in indices(flow.arrays[name])] if flow.arrays.get(name) else [name]
        for name in names
    ]
    return tuple(entry for entries in each for entry in entries)


def _with_clock(states: npt.NDArray[np.int32], ring: Ring, powers: int) -> npt.NDArray[np.int32]:
    """Every row times clock^0, ..., clock^powers, the rows of one state next to each other."""
    index = ring.size if ring.clock_index is None else ring.clock_index
    clock = np.where(np.arange(powers) < np.arange(powers + 1)[:, None], index, ring.size).astype(np.int32)
    return np.column_stack([np.repeat(states, powers + 1, axis=0), np.tile(clock, (len(states), 1))])


def _monomials(ring: Ring, given: Sequence[str | Polynomial]) -> tuple[Polynomial, ...]:
    """Listed monomials: products of powers of variables and the clock, without coefficients, each once."""
    found: dict[Polynomial, int] = {}
    for i, one in enumerate(given, 1):
        what = f"ansatz monomial {i}"
        h = one.into(ring) if isinstance(one, Polynomial) else parse_polynomial(ring, one, what)
        if (
            h.constant_value is not None
            or list(h.terms.values()) != [1]
            or set(h.support) & set(ring.parameter_indices)
        ):
            expected = "a nonconstant product of powers of variables (and the clock), without a coefficient"
            raise InputError(what, one, expected, "parameters and numbers belong to the coefficients of laws")
        if h in found:
            raise InputError(what, one, "each monomial once", f"it is monomial {found[h]}")
        found[h] = i
    if not found:
        raise InputError("ansatz", "no monomial", "at least one monomial")
    return tuple(found)


def _bound(value: Any, argument: str, least: int = 1) -> int:
    return integer(value, argument, least, MAX_DEGREE)


def _integer(text: str, spec: str) -> int:
    if not re.fullmatch(r"\s*\d{1,6}\s*", text):
        raise InputError("ansatz", spec, SPECS)
    return int(text)
