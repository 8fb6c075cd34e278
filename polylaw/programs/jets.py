"""A program along a curve of parameters: power series mod a prime, with their derivatives along directions.

The value of a step is an array with the axes (coefficient of t, data point, entries); derivatives have one
more axis in front of data points, for directions.  What no data enter has one data point for all.  Values at
t = 0 that a program does not determine are given by a `Point`: which root a square root is, what an
exponential, a logarithm or an error function is, and which entries are positive.  Everything after follows
from y y = x, y' = y x', y' = x'/x and y' = e x'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Protocol

import numpy as np

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.linear.residues import EXACT_SUM, Residues, inverses, reduced, residue
from polylaw.programs.tape import Kind, Labels, Step, Tape

#: What takes time here.
STAGE = "power series of a program"


@dataclass(frozen=True, eq=False)
class Point:
    """Residues at t = 0, by step: data, and values of roots, exponentials, logarithms and error functions;
    and masks (1 or 0) of the first sources of rectifiers.  Axes are (data point, entries)."""

    prime: int
    chosen: Mapping[int, Residues]
    masks: Mapping[int, Residues]

    def at(self, points: Iterable[int]) -> Point:
        """Some of the data points, in this order."""
        order = list(points)
        chosen, masks = (
            {x: v if len(v) == 1 else v[order] for x, v in values.items()}
            for values in (self.chosen, self.masks)
        )
        return Point(self.prime, chosen, masks)


@dataclass
class Jet:
    """A series, and its derivatives, None if they are 0."""

    value: Residues
    slope: Residues | None = None


class Choice(Protocol):
    """Chooses values at t = 0."""

    def choose(self, x: int, step: Step, source: Residues) -> Residues:
        """That of a step whose source has this value."""

    def refuse_zeros(self, source: Residues) -> None:
        """What is inverted."""


@dataclass
class Jets:
    """The jets of steps, to `length` coefficients; of parameters and data they are given."""

    tape: Tape
    point: Point
    length: int
    given: dict[int, Jet]
    #: What chooses values at t = 0 that the point lacks, and sees what is inverted.
    choice: Choice | None = None
    check: Check = unchecked
    found: dict[int, Jet] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chosen = dict(self.point.chosen)

    def run(self, wanted: Iterable[int]) -> list[Jet]:
        """The jets of these steps."""
        wanted = list(wanted)
        needed, last = self.needed(wanted)
        for x in needed:
            self.check(STAGE)
            self.found[x] = self._jet(x, self.tape.steps[x])
            for s in self.tape.steps[x].sources:
                if last.get(s) == x and s not in wanted:
                    self.found.pop(s, None)
        return [self.found[x] for x in wanted]

    def needed(self, wanted: Iterable[int]) -> tuple[list[int], dict[int, int]]:
        """The steps before these, in order, and the last of them that reads each."""
        needed, last, todo = set[int](), dict[int, int](), [*wanted]
        while todo:
            x = todo.pop()
            if x not in needed:
                needed.add(x)
                todo += self.tape.steps[x].sources
        for x in sorted(needed):
            last.update(dict.fromkeys(self.tape.steps[x].sources, x))
        return sorted(needed), last

    # -- one step ----------------------------------------------------------------------------------
    def _jet(self, x: int, step: Step) -> Jet:
        if x in self.given:
            return self.given[x]
        sources = [self.found[s] for s in step.sources]
        if step.kind is Kind.CONSTANT:
            p = self.point.prime
            return self._still(np.array([residue(c, p) for c in step.numbers], float).reshape(1, *step.shape))
        if step.kind is Kind.TAKE:
            return self._each(sources, lambda parts, axes: self._taken(step, parts, axes))
        if step.kind is Kind.SUM:
            return self._each(sources, lambda parts, _: self._sum(step, parts))
        if step.kind is Kind.CONTRACT:
            return self._contract(step, sources)
        if step.kind is Kind.RECTIFY:
            return self._rectify(step, sources[1])
        return self._function(x, step, sources)

    def _still(self, value: Residues) -> Jet:
        """A constant."""
        series = np.zeros((self.length, *value.shape))
        series[0] = value
        return Jet(series)

    def _each(self, sources: list[Jet], linear: object) -> Jet:
        """A linear map of values, and of slopes."""
        assert callable(linear)
        value = linear([s.value for s in sources], 2)
        slopes = [s.slope for s in sources if s.slope is not None]
        if not slopes:
            return Jet(value)
        directions = slopes[0].shape[1]
        parts = [
            np.zeros((self.length, directions, 1, *s.value.shape[2:])) if s.slope is None else s.slope
            for s in sources
        ]
        return Jet(value, linear(parts, 3))

    @staticmethod
    def _taken(step: Step, parts: list[Residues], axes: int) -> Residues:
        before = np.broadcast_shapes(*(part.shape[:axes] for part in parts))
        flat = [
            np.broadcast_to(part.reshape(*part.shape[:axes], -1), (*before, part[(0,) * axes].size))
            for part in parts
        ]
        joined = flat[0] if len(flat) == 1 else np.concatenate(flat, -1)
        return joined[..., np.array(step.taken, dtype=np.int64)].reshape(*before, *step.shape)

    def _sum(self, step: Step, parts: list[Residues]) -> Residues:
        total, p = np.zeros(()), self.point.prime
        for c, part in zip(step.numbers, parts, strict=True):
            total = reduced(total + part * residue(c, p), p)
        return total

    def _rectify(self, step: Step, source: Jet) -> Jet:
        mask, p = self.point.masks[step.sources[0]], self.point.prime
        factor = np.where(mask > 0, 1.0, residue(step.numbers[0], p))
        slope = None if source.slope is None else reduced(source.slope * factor, p)
        return Jet(reduced(source.value * factor, p), slope)

    # -- products ----------------------------------------------------------------------------------
    def _contract(self, step: Step, sources: list[Jet]) -> Jet:
        if len(sources) == 1:
            [names], result = step.labels[:-1], step.labels[-1]
            return self._each(sources, lambda parts, axes: self._total(parts[0], names, result, axes))
        a, b = sources
        one, two, result = step.labels
        value = self.product(a.value, b.value, one, two, result)
        slopes = []
        if a.slope is not None:
            slopes.append(self.product(a.slope, b.value[:, None], one, two, result))
        if b.slope is not None:
            slopes.append(self.product(a.value[:, None], b.slope, one, two, result))
        return Jet(value, reduced(sum(slopes[1:], slopes[0]), self.point.prime) if slopes else None)

    def _total(self, x: Residues, names: Labels, result: Labels, axes: int) -> Residues:
        gone = tuple(axes + k for k, label in enumerate(names) if label not in result)
        left = [label for label in names if label in result]
        total = reduced(x.sum(gone), self.point.prime)
        return total.transpose(*range(axes), *(axes + left.index(label) for label in result))

    def product(self, a: Residues, b: Residues, one: Labels, two: Labels, result: Labels) -> Residues:
        """The product of two series, whose entries are contracted."""
        sizes = dict(
            zip((*one, *two), (*a.shape[a.ndim - len(one) :], *b.shape[b.ndim - len(two) :]), strict=True)
        )
        inner = {label: n for label, n in sizes.items() if label not in result}
        if prod(inner.values()) > EXACT_SUM:
            longest = max(inner, key=lambda label: inner[label])
            (a, c), (b, d) = _halves(a, one, longest), _halves(b, two, longest)
            both = self.product(a, b, one, two, result) + self.product(c, d, one, two, result)
            return reduced(both, self.point.prime)
        letters = {label: chr(97 + k) for k, label in enumerate(dict.fromkeys((*one, *two)))}
        how = ",".join("..." + "".join(letters[k] for k in labels) for labels in (one, two))
        how, p = f"{how}->..." + "".join(letters[k] for k in result), self.point.prime
        whole = EXACT_SUM // prod(inner.values())  # products that add up before they are reduced
        found = []
        for k in range(self.length):
            self.check(STAGE)
            total: Residues | float = 0.0
            for j in range(k + 1):
                total = total + np.einsum(how, a[j], b[k - j])
                if (j + 1) % whole == 0:
                    total = reduced(np.asarray(total), p)
            found.append(reduced(np.asarray(total), p))
        return np.stack(found)

    def times(self, a: Residues, b: Residues) -> Residues:
        """The product of two series, entry by entry."""
        return self.product(a, b, (), (), ())

    # -- functions ---------------------------------------------------------------------------------
    def _function(self, x: int, step: Step, sources: list[Jet]) -> Jet:
        source = sources[0].value
        if self.choice is not None:
            if step.kind in (Kind.INVERSE, Kind.LOG):
                self.choice.refuse_zeros(source[0])
            if step.kind is not Kind.INVERSE and x not in self.chosen:
                self.chosen[x] = self.choice.choose(x, step, source[0])
        if step.kind is Kind.INVERSE:
            value = self._inverse(source)
            slope = reduced(self.point.prime - self.times(value, value), self.point.prime)
        elif step.kind is Kind.ROOT:
            value = self._root(source, self.chosen[x])
            half = (self.point.prime + 1) // 2
            slope = reduced(self._inverse(value) * half, self.point.prime)
        elif step.kind is Kind.EXP:
            value = slope = self._primitive(source, None, self.chosen[x])
        else:
            slope = self._inverse(source) if step.kind is Kind.LOG else sources[1].value
            value = self._primitive(source, slope, self.chosen[x])
        moved = sources[0].slope
        return Jet(value, None if moved is None else self.times(slope[:, None], moved))

    def _inverse(self, x: Residues) -> Residues:
        """x_0 y_k = -sum_{j>0} x_j y_(k-j)"""
        p = self.point.prime
        first = inverses(x[0], p)
        found = [first]
        for k in range(1, self.length):
            total = sum(x[j] * found[k - j] for j in range(1, k + 1))
            found.append(reduced(-reduced(np.asarray(total), p) * first + p * float(p), p))
        return np.stack(found)

    def _root(self, x: Residues, first: Residues) -> Residues:
        """2 y_0 y_k = x_k - sum_{0<j<k} y_j y_(k-j)"""
        p = self.point.prime
        found, half = [np.broadcast_to(first, x.shape[1:])], inverses(reduced(2 * first, p), p)
        for k in range(1, self.length):
            total = sum((found[j] * found[k - j] for j in range(1, k)), np.zeros(()))
            found.append(reduced(reduced(x[k] + self.length * float(p) ** 2 - total, p) * half, p))
        return np.stack(found)

    def _primitive(self, x: Residues, slope: Residues | None, first: Residues) -> Residues:
        """k y_k = sum_j j x_j s_(k-j), where s is y itself if there is no other slope"""
        p = self.point.prime
        found = [np.broadcast_to(first, x.shape[1:])]
        for k in range(1, self.length):
            s = found if slope is None else slope
            total = sum(reduced(j * x[j], p) * s[k - j] for j in range(1, k + 1))
            found.append(reduced(reduced(np.asarray(total), p) * pow(k, -1, p), p))
        return np.stack(found)


def _halves(x: Residues, names: Labels, label: int) -> list[Residues]:
    """Both halves of an array along the axis with this label, or the array twice where it has none."""
    if label not in names:
        return [x, x]
    return np.array_split(x, 2, x.ndim - len(names) + names.index(label))
