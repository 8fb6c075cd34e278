"""dim Lie(W) from below for programs: the power series of `polylaw.laws.lie_series`, for fields that a
program computes.

The fields are the kicks M grad F_j, F_j an output of the program at a data point, and the drift of the flow,
if it has one; M and the drift are polynomials.  f(t, .) is a combination of them all with random polynomials
in t as coefficients, x(t) follows it, N' = -N Df, and the coefficients of N(t) X_j(x(t)) are values of
elements of the Lie algebra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from polylaw.algebra.check import TimedCheck, unchecked
from polylaw.algebra.linear.residues import Residues, matmul, reduced, residue, seconds_to_multiply
from polylaw.algebra.polynomial import Polynomial
from polylaw.flows.motion import Components, Entry
from polylaw.laws.witness import hashed_residue
from polylaw.programs.adjoint import gradient
from polylaw.programs.jets import STAGE, Jet, Jets, Point
from polylaw.programs.tape import Kind, Shape, Tape


@dataclass(frozen=True)
class Pushes:
    """What moves a state of so many coordinates: the entries M_ij of a matrix, by which grad F moves
    coordinate i along the derivative by parameter j; and the drift.  Parameters come first."""

    state: int
    entries: Sequence[Entry]
    drift: Components


class Fields:
    """The kicks of a program on its tape, and their sum with coefficients as one more program."""

    def __init__(
        self, tape: Tape, outputs: Sequence[int], arrays: Mapping[str, Shape], check: TimedCheck = unchecked
    ) -> None:
        self.tape, self.check = tape, check
        self.outputs = [x for x in outputs if tape.trained[x]]
        self.seeds = {x: tape.data(f"seed {k}", tape.shape(x)) for k, x in enumerate(self.outputs)}
        slopes = gradient(tape, self.seeds)
        self.parameters, self.slopes, start = [], [], 0
        for name, shape in arrays.items():
            x = tape.parameter(name, shape)
            self.parameters.append((x, start, start + tape.steps[x].size))
            self.slopes.append(slopes.get(x))
            start += tape.steps[x].size
        self.dimension = start
        self.width = sum(tape.steps[x].size for x in self.outputs)

    def jets(self, point: Point, theta: Residues, seeds: Residues, *, directions: bool) -> list[Residues]:
        """Series of the gradient of the sum of outputs times seeds, whose axes are (coefficient, data point,
        output), as (coefficient, data point, parameter); and, if asked for, its derivatives along all
        parameters, as (coefficient, direction, data point, parameter)."""
        length, given = len(theta), dict[int, Jet]()
        for x, start, stop in self.parameters:
            shape = self.tape.shape(x)
            slope = None
            if directions:
                slope = np.zeros((length, self.dimension, 1, stop - start))
                slope[0, range(start, stop), 0, range(stop - start)] = 1
                slope = slope.reshape(length, self.dimension, 1, *shape)
            given[x] = Jet(theta[:, None, start:stop].reshape(length, 1, *shape), slope)
        start = 0
        for x, seed in self.seeds.items():
            stop = start + self.tape.steps[x].size
            given[seed] = Jet(seeds[:, :, start:stop].reshape(*seeds.shape[:2], *self.tape.shape(x)))
            start = stop
        for x, values in point.chosen.items():
            if self.tape.steps[x].kind is Kind.DATA:
                series = np.zeros((length, *values.shape))
                series[0] = values
                given[x] = Jet(series)
        jets_of = Jets(self.tape, point, length, given, check=self.check)
        found = jets_of.run([s for s in self.slopes if s is not None])
        jets, points = iter(found), seeds.shape[1]
        parts: list[list[Residues]] = [[], []]
        for slope_of, (_, start, stop) in zip(self.slopes, self.parameters, strict=True):
            jet = None if slope_of is None else next(jets)
            n = stop - start
            parts[0].append(self._flat(None if jet is None else jet.value, (length, points), n))
            if directions:
                tangent = None if jet is None else jet.slope
                parts[1].append(self._flat(tangent, (length, self.dimension, points), n))
        return [np.concatenate(part, -1) for part in parts if part]

    @staticmethod
    def _flat(x: Residues | None, before: Shape, size: int) -> Residues:
        if x is None:
            return np.zeros((*before, size))
        flat = x.reshape(*x.shape[: len(before)], size)
        return np.broadcast_to(flat, (*before, size))


class Series:
    """x(t), N(t) and the fields along x(t), to a number of coefficients."""

    def __init__(
        self, fields: Fields, pushes: Pushes, point: Point, start: Residues, points: int, seed: int
    ) -> None:
        self.fields, self.pushes, self.point, self.points, self.seed = fields, pushes, point, points, seed
        self.prime = point.prime
        self.start = start
        self.x = self.start[None, : pushes.state]

    def controls(self, length: int) -> Residues:
        """The coefficients of the kicks, (coefficient, data point, output)."""
        numbers = [
            hashed_residue(self.seed, self.prime, "control", j, k)
            for k in range(length)
            for j in range(self.points * self.fields.width)
        ]
        return np.array(numbers, float).reshape(length, self.points, self.fields.width)

    def vectors(self, length: int) -> Residues:
        """The coefficients of N(t) X_j(x(t)), as (coefficient, field, coordinate)."""
        while len(self.x) < length:
            self._further()
        _, jacobian = self._motion(length, directions=True)
        adjoint = self._adjoint(jacobian)
        fields = self._fields(length)
        rows = []
        for k in range(length):
            total = np.zeros(fields.shape[1:])
            for i in range(k + 1):
                total = total + self._matmul(fields[k - i], adjoint[i].T)
            rows.append(reduced(total, self.prime))
        return np.stack(rows)

    def _further(self) -> None:
        """x_k = f_(k-1) / k"""
        k = len(self.x)
        velocity, _ = self._motion(k, directions=False)
        following = reduced(velocity[-1] * pow(k, -1, self.prime), self.prime)
        self.x = np.concatenate([self.x, following[None]])

    def _motion(self, length: int, *, directions: bool) -> tuple[Residues, Residues]:
        """f and Df along x(t)."""
        theta = self.x[:length, : self.fields.dimension]
        found = self.fields.jets(self.point, theta, self.controls(length), directions=directions)
        p, state = self.prime, self.pushes.state
        slope = reduced(found[0].sum(1), p)
        velocity, jacobian = np.zeros((length, state)), np.zeros((length, state, state))
        hessian = reduced(found[1].sum(2), p) if directions else None
        for i, j, m in self.pushes.entries:
            self.fields.check(STAGE)
            value = self._polynomial(m, length)
            velocity[:, i] += self._times(value, slope[:, j])
            if hessian is not None:
                d = self.fields.dimension
                jacobian[:, i, :d] += self._times(value[:, None], hessian[:, :, j])
                for g, part in m.gradient().items():
                    if g < state:
                        jacobian[:, i, g] += self._times(self._polynomial(part, length), slope[:, j])
        numbers = [hashed_residue(self.seed, p, "drift", k) for k in range(length)]
        control = np.array(numbers, float)
        for i, drift in self.pushes.drift.items():
            velocity[:, i] += self._times(control, self._polynomial(drift, length))
            for g, part in drift.gradient().items():
                if directions and g < state:
                    jacobian[:, i, g] += self._times(control, self._polynomial(part, length))
        return reduced(velocity, p), reduced(jacobian, p)

    def _fields(self, length: int) -> Residues:
        """All fields along x(t), (coefficient, field, coordinate)."""
        points, width, state, p = self.points, self.fields.width, self.pushes.state, self.prime
        seeds = np.zeros((length, points * width, width))
        seeds[0] = np.tile(np.eye(width), (points, 1))
        every = self.point.at(np.repeat(np.arange(points), width))
        [slopes] = self.fields.jets(every, self.x[:length, : self.fields.dimension], seeds, directions=False)
        found = np.zeros((length, points * width + bool(self.pushes.drift), state))
        for i, j, m in self.pushes.entries:
            self.fields.check(STAGE)
            found[:, : points * width, i] += self._times(
                self._polynomial(m, length)[:, None], slopes[:, :, j]
            )
        for i, drift in self.pushes.drift.items():
            found[:, -1, i] += self._polynomial(drift, length)
        return reduced(found, p)

    def _adjoint(self, jacobian: Residues) -> Residues:
        """N_k = -1/k sum_i N_i Df_(k-1-i)"""
        p, found = self.prime, [np.eye(self.pushes.state)]
        for k in range(1, len(jacobian)):
            total = np.zeros_like(found[0])
            for i in range(k):
                total = total + self._matmul(found[i], jacobian[k - 1 - i])
            found.append(reduced(reduced(total, p) * (p - pow(k, -1, p)), p))
        return np.stack(found)

    def _matmul(self, a: Residues, b: Residues) -> Residues:
        self.fields.check(STAGE, seconds_to_multiply(len(a), *b.shape))
        return matmul(a, b, self.prime)

    def _polynomial(self, polynomial: Polynomial, length: int) -> Residues:
        """Its series along x(t); parameters of the flow have values, too."""
        p, total = self.prime, np.zeros(length)
        for monomial, c in polynomial.terms.items():
            part = np.zeros(length)
            part[0] = residue(c, p)
            for g, power in monomial:
                factor = np.zeros(length)
                if g < self.pushes.state:
                    factor = self.x[:length, g]
                else:
                    factor[0] = self.start[g]
                for _ in range(power):
                    part = self._times(part, factor)
            total = total + part
        return reduced(total, p)

    def _times(self, a: Residues, b: Residues) -> Residues:
        """The product of two series, along the first axis."""
        length, p = max(len(a), len(b)), self.prime
        found = [sum((a[j] * b[k - j] for j in range(k + 1)), np.zeros(())) for k in range(length)]
        return reduced(np.stack(found), p)
