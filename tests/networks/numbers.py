"""Graphs that can be evaluated: values with their derivatives by all entries of all parameters.

Every operation gets some function that its rule says it may be: maxima of random entries for a `Carry` that
is not linear, sines for what is opaque.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from polylaw.networks.graph import Graph, Value
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws, laws_of
from polylaw.networks.rules.carrying import Carry
from polylaw.networks.rules.entrywise import Homogeneous
from polylaw.networks.rules.lengths import Length
from polylaw.networks.rules.products import Product
from polylaw.networks.rules.rule import Rule
from polylaw.networks.rules.sums import Sum
from polylaw.networks.values import identity, quantity

#: A value, and its derivatives along an axis in front.
Dual = tuple[Any, Any]
How = Callable[[list[Dual]], Dual]


class Program(Graph):
    """A graph that knows what it computes; `source` makes its data, and functions that rules leave open."""

    def __init__(self, seed: int = 0, *, exact: bool = False) -> None:
        super().__init__()
        self.number: Callable[[Any], Any] = Fraction if exact else float
        self.how: dict[int, How] = {}
        self.source = np.random.default_rng(seed)
        self.given: dict[str, Any] = {}
        self.eps = 0.0

    def parameter(self, name: str, shape: Sequence[int]) -> Value:
        self.given[name] = self.draw(shape)
        return super().parameter(name, shape)

    def fixed(self, shape: Sequence[int], adds_up: dict[int, int] | None = None) -> Value:
        array = self.draw(shape)
        for axis, value in (adds_up or {}).items():
            array = array + (value - array.sum(axis, keepdims=True)) / shape[axis]
        return self._constant(super().fixed(shape, adds_up), array)

    def zeros(self, shape: Sequence[int]) -> Value:
        return self._constant(super().zeros(shape), np.zeros(shape))

    def draw(self, shape: Sequence[int]) -> Any:
        """Random numbers, none of which is 0."""
        if self.number is float:
            return self.source.normal(size=shape)
        whole = self.source.integers(1, 10, shape) * self.source.choice([-1, 1], shape)
        return np.array(whole, dtype=object) * Fraction(1, 3)

    def _constant(self, value: Value, array: Any) -> Value:
        self.how[value.number] = lambda _: (array, None)
        return value

    def _seen(self, value: Value, view: Callable[[Any, int], Any]) -> Value:
        self.how.setdefault(value.number, lambda xs: (view(xs[0][0], 0), view(xs[0][1], 1)))
        return value

    def reshape(self, x: Value, shape: Sequence[int]) -> Value:
        return self._seen(super().reshape(x, shape), lambda a, k: a.reshape(a.shape[:k] + tuple(shape)))

    def permute(self, x: Value, order: Sequence[int]) -> Value:
        order = [k % len(x.shape) for k in order]
        return self._seen(
            super().permute(x, order), lambda a, k: a.transpose([*range(k), *(j + k for j in order)])
        )

    def expand(self, x: Value, shape: Sequence[int]) -> Value:
        def view(a: Any, k: int) -> Any:
            inner = a.reshape(a.shape[:k] + (1,) * (len(shape) - len(x.shape)) + x.shape)
            return np.broadcast_to(inner, a.shape[:k] + tuple(shape))

        return self._seen(super().expand(x, shape), view)

    def narrow(self, x: Value, axis: int, start: int, stop: int, step: int = 1) -> Value:
        axis %= len(x.shape)
        found = super().narrow(x, axis, start, stop, step)
        return self._seen(found, lambda a, k: a[(slice(None),) * (k + axis) + (slice(start, stop, step),)])

    def select(self, x: Value, axis: int, index: int) -> Value:
        axis %= len(x.shape)
        return self._seen(super().select(x, axis, index), lambda a, k: np.take(a, index, axis + k))

    def concatenate(self, values: Sequence[Value], axis: int) -> Value:
        axis %= len(values[0].shape)
        found = super().concatenate(values, axis)
        self.how.setdefault(
            found.number,
            lambda xs: (
                np.concatenate([x for x, _ in xs], axis),
                np.concatenate([dx for _, dx in xs], axis + 1),
            ),
        )
        return found

    def apply(self, rule: Rule, values: Sequence[Value], shape: Sequence[int]) -> Value:
        found = super().apply(rule, values, shape)
        sizes = {}
        for x, names in zip(values, rule.labels, strict=False):
            for label, n in zip(names, x.shape, strict=True):
                sizes[label] = n if sizes.get(label, 1) == 1 else sizes[label]
        sizes |= dict(zip(rule.labels[-1], shape, strict=True))
        self.how[found.number] = self._function(rule, sizes)
        return found

    def opaque(self, values: Sequence[Value], shape: Sequence[int], reason: str) -> Value:
        found = super().opaque(values, shape, reason)
        matrices = [self.source.normal(size=(prod(shape), prod(x.shape))) for x in values]
        start = self.source.normal(size=prod(shape))

        def how(xs: list[Dual]) -> Dual:
            flat = [(x.reshape(-1).astype(float), dx.reshape(len(dx), -1).astype(float)) for x, dx in xs]
            inner = start + sum(m @ x for m, (x, _) in zip(matrices, flat, strict=True))
            moved = sum(dx @ m.T for m, (_, dx) in zip(matrices, flat, strict=True))
            y = (np.sin(inner) + inner / 2).reshape(shape)
            return y, (np.cos(inner) + 0.5) * moved if not xs else ((np.cos(inner) + 0.5) * moved).reshape(
                -1, *shape
            )

        self.how.setdefault(found.number, how if values else lambda _: (np.sin(start).reshape(shape), None))
        return found

    def softmax(self, x: Value, axis: int) -> Value:
        found = super().softmax(x, axis)
        axis %= len(x.shape)

        def how(xs: list[Dual]) -> Dual:
            z, dz = xs[0]
            y = np.exp(z - z.max(axis, keepdims=True))
            y = y / y.sum(axis, keepdims=True)
            return y, y * (dz - (y * dz).sum(axis + 1, keepdims=True))

        self.how[found.number] = how
        return found

    def _function(self, rule: Rule, sizes: dict[int, int]) -> How:
        names, out = rule.labels, rule.labels[-1]
        if isinstance(rule, Sum):
            weights = [self.number(w) for w in rule.weights] or [self.number(1)] * len(names)

            def how(xs: list[Dual]) -> Dual:
                parts = [
                    (_along(x, n, out, 0), _along(dx, n, out, 1))
                    for (x, dx), n in zip(xs, names, strict=False)
                ]
                shape = tuple(sizes[k] for k in out)
                y = sum(w * x for w, (x, _) in zip(weights, parts, strict=False))
                y = y + self.eps if rule.eps and self.eps else y
                dy = sum(w * dx for w, (_, dx) in zip(weights, parts, strict=False))
                return np.broadcast_to(y, shape), np.broadcast_to(dy, dy.shape[:1] + shape)

            return how
        if isinstance(rule, Product):
            return self._product(rule, sizes)
        if isinstance(rule, Homogeneous):
            k, below = rule.degree, self.number(Fraction(3, 10))

            def entrywise(xs: list[Dual]) -> Dual:
                (x, dx) = xs[0]
                y = _power(np.abs(x), k) * np.where(x > 0, self.number(1), below)
                return y, self.number(k) * (y / np.where(x == 0, 1, x)) * dx

            return entrywise
        if isinstance(rule, Length):

            def length(xs: list[Dual]) -> Dual:
                (x, dx), gone = xs[0], tuple(i for i, k in enumerate(names[0]) if k not in out)
                y = np.sqrt(0.7 * (x**2).sum(gone) + self.eps * rule.eps)
                return y, 0.7 * (x * dx).sum(tuple(i + 1 for i in gone)) / y

            return length
        assert isinstance(rule, Carry)
        return self._carried(rule, sizes)

    def _product(self, rule: Product, sizes: dict[int, int]) -> How:
        names, out = rule.labels, rule.labels[-1]
        every = (*out, *sorted({k for n in names for k in n} - set(out)))
        powers = rule.powers or (Fraction(1),) * (len(names) - 1)
        shape, gone = tuple(sizes[k] for k in every), tuple(range(len(out), len(every)))

        def how(xs: list[Dual]) -> Dual:
            parts = [
                (_along(x, n, every, 0), _along(dx, n, every, 1))
                for (x, dx), n in zip(xs, names, strict=False)
            ]
            raised = [_power(x, k) for (x, _), k in zip(parts, powers, strict=True)]
            y = np.broadcast_to(prod(raised), shape).sum(gone)
            dy: Any = 0
            for j, ((x, dx), k) in enumerate(zip(parts, powers, strict=True)):
                rest = prod(raised[:j] + raised[j + 1 :])
                moved = dx * rest if k == 1 else self.number(k) * dx * rest * raised[j] / x
                dy = dy + np.broadcast_to(moved, dx.shape[:1] + shape)
            return y, dy.sum(tuple(i + 1 for i in gone))

        return how

    def _carried(self, rule: Carry, sizes: dict[int, int]) -> How:
        source, out = rule.labels
        shared = [k for k in source if k in out]
        inner, outer = [k for k in source if k not in out], [k for k in out if k not in source]
        n, m = prod(sizes[k] for k in inner), prod(sizes[k] for k in outer)
        taken = self.source.uniform(size=(m, n)) < 0.7
        taken[:, 0] |= ~taken.any(1)
        matrix = np.abs(self.draw((m, n))) * taken
        if rule.affine:
            matrix = matrix / matrix.sum(1, keepdims=True)
        factor = self.number(1 if rule.affine else 2)

        def how(xs: list[Dual]) -> Dual:
            x, dx = (_along(a, source, (*shared, *inner), k) for k, a in enumerate(xs[0]))
            x, dx = (
                x.reshape(*(sizes[k] for k in shared), n),
                dx.reshape(len(dx), *(sizes[k] for k in shared), n),
            )
            if rule.linear:
                y, dy = x @ matrix.T, dx @ matrix.T
            else:
                best = np.where(taken, x[..., None, :], -np.inf).argmax(-1)
                y = factor * np.take_along_axis(x, best, -1)
                dy = factor * np.take_along_axis(dx, np.broadcast_to(best, (len(dx), *best.shape)), -1)
            shape = [sizes[k] for k in (*shared, *outer)]
            return (
                _along(y.reshape(shape), (*shared, *outer), out, 0),
                _along(dy.reshape(len(dy), *shape), (*shared, *outer), out, 1),
            )

        return how

    def moved(self, direction: dict[str, Any]) -> list[Any]:
        """The derivatives of what is put out along a direction in which the parameters move."""
        found, along = self.run(), _flat(direction)
        seen = [found[self.nodes[y.number].sources[0]][1] for y in self.outputs]
        return [np.tensordot(along, dy, 1) for dy in seen]

    def jacobian(self) -> Any:
        """The derivatives of all that is put out, a row each."""
        found = self.run()
        seen = [found[self.nodes[y.number].sources[0]][1] for y in self.outputs]
        return np.concatenate([dy.reshape(len(dy), -1) for dy in seen], 1).T.astype(float)

    def run(self, parameters: dict[str, Any] | None = None) -> list[Dual]:
        """All values, with their derivatives by the entries of all parameters, one after the other."""
        given = parameters or self.given
        count, start = sum(a.size for a in given.values()), 0
        found: list[Dual] = []
        for k, node in enumerate(self.nodes):
            name = getattr(getattr(node, "origin", None), "name", "")
            if name:
                y = given[name]
                dy = np.zeros((count, *node.shape), y.dtype)
                dy.reshape(count, -1)[start : start + y.size] = np.eye(y.size, dtype=int)
                start += y.size
            else:
                y, dy = self.how[k]([found[s] for s in node.sources])
            assert y.shape == node.shape, (k, y.shape, node)
            found.append((y, np.zeros((count, *node.shape), y.dtype) if dy is None else dy))
        return found

    def gradients(self, seed: int, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Of some loss of the outputs, by name."""
        found, source = self.run(parameters), np.random.default_rng(seed)
        outputs = [found[y.number][1] for y in self.outputs]
        flat = sum(dy.reshape(len(dy), -1) @ source.normal(size=prod(dy.shape[1:])) for dy in outputs)
        return self.apart(flat)

    def apart(self, flat: Any) -> dict[str, Any]:
        """A vector as arrays, by the names of the parameters."""
        ends = np.cumsum([a.size for a in self.given.values()])[:-1]
        pieces = np.split(flat, ends)
        return {n: p.reshape(a.shape) for p, (n, a) in zip(pieces, self.given.items(), strict=True)}


def _along(array: Any, names: Sequence[int], every: Sequence[int], lead: int) -> Any:
    """With an axis for each of `every`, of one index where it had none."""
    order = [names.index(k) for k in every if k in names]
    moved = array.transpose([*range(lead), *(j + lead for j in order)])
    rest = iter(moved.shape[lead:])
    return moved.reshape(moved.shape[:lead] + tuple(next(rest) if k in names else 1 for k in every))


def _power(x: Any, k: Fraction) -> Any:
    if k.denominator == 1:
        return x ** int(k) if k >= 0 else 1 / x ** int(-k)
    return np.abs(x) ** float(k)


def misfits(program: Program, laws: NetworkLaws, seed: int = 1) -> list[tuple[Law, float]]:
    """The laws whose identity does not hold, with how far it is from that."""
    parameters = program.given
    gradients = program.gradients(seed)
    size = max((float(np.abs(g).max(initial=0)) for g in gradients.values()), default=0.0) + 1e-12
    large = max(1.0, *(float(np.abs(a).max(initial=0)) for a in parameters.values()))
    found = ((law, float(np.abs(identity(law, parameters, gradients)).max(initial=0))) for law in laws.laws)
    return [(law, off) for law, off in found if off > 1e-9 * size * large + 1e-12]


def rank_of(program: Program, laws: NetworkLaws) -> int:
    """How many of the laws of the gradient flow are independent where the parameters are."""
    count, rows = sum(a.size for a in program.given.values()), []
    units = [program.apart(row) for row in np.eye(count)]
    moved = [[{n: a + s * unit[n] for n, a in program.given.items()} for s in (1, -1)] for unit in units]
    for law in laws.laws:
        if not law.skew:
            rows += [(quantity(law, up) - quantity(law, down)).reshape(-1) / 2 for up, down in moved]
    if not rows:
        return 0
    blocks = [np.stack(rows[i : i + count]) for i in range(0, len(rows), count)]
    return int(np.linalg.matrix_rank(np.concatenate(blocks, 1), tol=1e-8))


def all_laws(program: Program, seed: int = 0) -> tuple[int, int]:
    """How many laws sum A_ij theta_i theta_j + sum c_i theta_i there are, and how many are independent: from
    gradients at random parameters."""
    source = np.random.default_rng(seed)

    def sample() -> tuple[Any, Any]:
        theta = {n: source.normal(size=a.shape) for n, a in program.given.items()}
        gradients = program.gradients(int(source.integers(1 << 30)), theta)
        return _flat(theta), _flat(gradients)

    return numeric_laws(sample, sum(a.size for a in program.given.values()))


def numeric_laws(sample: Callable[[], tuple[Any, Any]], count: int) -> tuple[int, int]:
    """The same of any function of so many parameters; `sample` gives parameters and a gradient there."""
    upper, rows = np.triu_indices(count), []
    theta = np.zeros(count)
    for _ in range(len(upper[0]) + count + 10):
        theta, g = sample()
        row = np.concatenate([(np.outer(g, theta) + np.outer(theta, g))[upper], g])
        rows.append(row / (np.abs(row).max() or 1))
    _, sizes, vectors = np.linalg.svd(np.array(rows))
    kernel = vectors[int((sizes > 1e-9 * sizes[0]).sum()) :]
    forms = np.zeros((len(kernel), count, count))
    forms[:, *upper] = kernel[:, :-count]
    gradients = (forms + forms.transpose(0, 2, 1)) @ theta + kernel[:, -count:]
    return len(kernel), int(np.linalg.matrix_rank(gradients, tol=1e-7)) if len(kernel) else 0


def _flat(arrays: dict[str, Any]) -> Any:
    return np.concatenate([a.reshape(-1) for a in arrays.values()])


def laws_hold(program: Program) -> NetworkLaws:
    """The laws of a program, of which each holds and which are as independent as they say."""
    found = laws_of(program)
    assert not misfits(program, found)
    assert found.independent_up_to_eps == rank_of(program, found)
    return found


__all__ = ["Program", "all_laws", "laws_hold", "misfits", "numeric_laws", "rank_of"]
