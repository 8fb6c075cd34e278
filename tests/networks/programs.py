"""Random programs: operations on what there is already, axes of length 1 and parameters that are used twice
among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from random import Random

import numpy as np

from polylaw.networks.graph import Value
from tests.networks.numbers import Program

#: How often an operation is chosen: anything; what translations pass; what matrices pass.
STYLES: tuple[dict[str, float], ...] = tuple(
    {name: float(often) for name, often in map(str.split, style.split(", "))}
    for style in (
        "reshape 2, permute 2, expand 2, narrow 2, select 1, concatenate 2, add 6, multiply 2, divide 0.5, "
        "contract 5, linear 5, power 1.5, total 1, mean 1.5, centre 1, length 0.7, normalise 0.7, "
        "softmax 1, carry 1, opaque 0.3, zeros 0.3",
        "reshape 2, permute 2, expand 4, narrow 2, select 1, concatenate 1, add 5, linear 2, total 3, "
        "mean 3, centre 0.5, normalise 0.1, carry 2",
        "reshape 2, permute 2, expand 3, narrow 1, select 0.5, concatenate 1.5, add 2.5, multiply 0.2, "
        "contract 6, linear 3, power 0.1, total 0.3, mean 0.3, centre 0.1, length 1, normalise 0.3, "
        "carry 0.5",
    )
)
_MOST_ENTRIES = 34


class Writer:
    """Writes a program."""

    def __init__(self, seed: int) -> None:
        self.random, self.program = Random(seed), Program(seed)
        self.values: list[Value] = []
        self.sizes = self.random.choice([[1, 2], [2, 3], [1, 2, 3], [2], [2, 2, 2, 3, 1]])
        self.style = STYLES[seed % len(STYLES)]

    def write(self) -> Program:
        for _ in range(self.random.randint(3, 14)):
            [name] = self.random.choices(list(self.style), list(self.style.values()))
            x = self.value()
            y = getattr(self, name)(x) if x.shape or name in ("add", "opaque", "power") else None
            if y is not None and prod(y.shape) <= 60:
                self.values.append(y)
        if self.style is STYLES[1]:
            self.values.append(self.read(self.values[-1]))
        for y in {self.values[-1], self.random.choice(self.values)}:
            seen = self.random.random() < 0.2 and y.shape
            self.program.output(y, self.random.randrange(len(y.shape)) if seen else None)
        return self.program

    def read(self, x: Value) -> Value:
        """Rows of weights with known sums over x, and a bias, which translations can make good."""
        r, p = self.random, self.program
        if x.shape and r.random() < 0.5:
            n, rest = x.shape[0], range(1, len(x.shape))
            scores = p.multiply([p.fixed((2, n)), p.parameter("scores", (2, n))])
            weights = p.softmax(scores, 1) if r.random() < 0.5 else p.fixed((2, n), {1: r.choice([1, 2])})
            kept = [len(x.shape), *rest] if r.random() < 0.5 else list(rest)
            x = p.contract([weights, x], [(len(x.shape), 0), tuple(range(len(x.shape))), kept])
        bias = p.parameter("bias", [n if r.random() < 0.7 else 1 for n in x.shape])
        return p.add([x, bias], r.choice([[1, 1], [1, -1], [1, 2]]))

    def shape(self) -> tuple[int, ...]:
        return tuple(self.random.choice(self.sizes) for _ in range(self.random.choice([1, 2, 2, 2, 3])))

    def parameter(self, shape: Sequence[int]) -> Value:
        used = sum(a.size for a in self.program.given.values())
        if used + prod(shape) > _MOST_ENTRIES:
            return self.program.fixed(shape)
        value = self.program.parameter(f"p{len(self.program.given)}", shape)
        self.values.append(value)
        return value

    def value(self) -> Value:
        chance = self.random.random()
        if not self.values or chance < 0.2:
            return self.parameter(self.shape())
        if chance < 0.3:
            shape = self.shape()
            sums = {self.random.randrange(len(shape)): self.random.choice([0, 1, 2])}
            return self.program.fixed(shape, sums if self.random.random() < 0.5 else None)
        return self.random.choice(self.values[-5:])

    def axes(self, x: Value) -> list[int]:
        return self.random.sample(range(len(x.shape)), self.random.choice([1, 1, min(2, len(x.shape))]))

    def fitting(self, fits: Callable[[Value], bool], default: Value) -> Value:
        found = [v for v in self.values if fits(v)]
        return self.random.choice(found) if found else default

    # operations

    def reshape(self, x: Value) -> Value:
        sizes, left = [], prod(x.shape)
        for _ in range(self.random.randint(0, 3)):
            sizes.append(self.random.choice([d for d in range(1, left + 1) if left % d == 0]))
            left //= sizes[-1]
        return self.program.reshape(x, (*sizes, left))

    def permute(self, x: Value) -> Value:
        return self.program.permute(x, self.random.sample(range(len(x.shape)), len(x.shape)))

    def expand(self, x: Value) -> Value:
        shape = [self.random.choice(self.sizes) if n == 1 else n for n in x.shape]
        more = [self.random.choice(self.sizes)] if self.random.random() < 0.5 else []
        return self.program.expand(x, (*more, *shape))

    def narrow(self, x: Value) -> Value | None:
        axis, step = self.random.randrange(len(x.shape)), self.random.choice([1, 1, 2])
        start, stop = sorted(self.random.sample(range(x.shape[axis] + 1), 2))
        return self.program.narrow(x, axis, start, stop, step)

    def select(self, x: Value) -> Value:
        axis = self.random.randrange(len(x.shape))
        return self.program.select(x, axis, self.random.randrange(x.shape[axis]))

    def concatenate(self, x: Value) -> Value:
        axis = self.random.randrange(len(x.shape))

        def fits(v: Value) -> bool:
            others = [k for k in range(len(x.shape)) if k != axis]
            return len(v.shape) == len(x.shape) and all(v.shape[k] == x.shape[k] for k in others)

        shape = [self.random.choice(self.sizes) if k == axis else n for k, n in enumerate(x.shape)]
        y = self.fitting(fits, x) if self.random.random() < 0.5 else self.parameter(shape)
        return self.program.concatenate(self.random.choice([[x, y], [y, x], [x, y, x]]), axis)

    def beside(self, x: Value) -> Value:
        def fits(v: Value) -> bool:
            return len(v.shape) == len(x.shape) and all(
                a == b or 1 in (a, b) for a, b in zip(v.shape, x.shape, strict=True)
            )

        if self.random.random() < 0.5:
            shape = [n if self.random.random() < 0.7 else 1 for n in x.shape]
            return self.parameter(shape[self.random.randint(0, len(shape) > 1) :])
        return x if self.random.random() < 0.15 else self.fitting(fits, x)

    def add(self, x: Value) -> Value:
        weights = self.random.choice([[1, 1], [1, -1], [1, 1], [2, Fraction(1, 2)]])
        return self.program.add([x, self.beside(x)], weights)

    def multiply(self, x: Value) -> Value:
        return self.program.multiply([x, self.beside(x)])

    def divide(self, x: Value) -> Value:
        return self.program.multiply([x, self.beside(x)], [1, self.random.choice([-1, 2, Fraction(1, 2)])])

    def contract(self, x: Value) -> Value | None:
        values = [x, *(self.value() for _ in range(self.random.choice([0, 1, 1, 2])))]
        labels, size = [], dict[int, int]()
        for v in values:
            names: list[int] = []
            for n in v.shape:
                old = [k for k, m in size.items() if k not in names and (m == n or 1 in (m, n))]
                names.append(self.random.choice(old) if old and self.random.random() < 0.7 else len(size))
                size[names[-1]] = max(n, size.get(names[-1], 1))
            labels.append(tuple(names))
        left = [k for k in size if self.random.random() < 0.5][:3]
        self.random.shuffle(left)
        return self.program.contract(values, [*labels, tuple(left)]) if prod(size.values()) <= 300 else None

    def linear(self, x: Value) -> Value:
        axis, n = self.random.randrange(len(x.shape)), len(x.shape)
        weight = self.parameter((self.random.choice(self.sizes), x.shape[axis]))
        left = [n if k == axis else k for k in range(n)]
        return self.program.contract([x, weight], [tuple(range(n)), (n, axis), tuple(left)])

    def power(self, x: Value) -> Value:
        return self.program.power(x, self.random.choice([1, 1, 2, Fraction(1, 2), -1]))

    def total(self, x: Value) -> Value:
        return self.program.total(
            x, self.axes(x), self.random.choice([1, 2]), keep=self.random.random() < 0.5
        )

    def mean(self, x: Value) -> Value:
        return self.program.mean(x, self.axes(x), keep=self.random.random() < 0.5)

    def centre(self, x: Value) -> Value:
        return self.program.centre(x, self.axes(x))

    def length(self, x: Value) -> Value:
        keep, eps = self.random.random() < 0.5, self.random.random() < 0.3
        return self.program.length(x, self.axes(x), eps=eps, keep=keep)

    def normalise(self, x: Value) -> Value:
        centred, eps = self.random.random() < 0.5, self.random.random() < 0.5
        return self.program.normalise(x, self.axes(x), centred=centred, eps=eps)

    def softmax(self, x: Value) -> Value:
        return self.program.softmax(x, self.axes(x)[0])

    def carry(self, x: Value) -> Value:
        axes = self.axes(x)
        shape = [self.random.choice(self.sizes) if k in axes else n for k, n in enumerate(x.shape)]
        linear, affine = self.random.random() < 0.5, self.random.random() < 0.5
        return self.program.carry_along(x, axes, shape, linear=linear, affine=affine)

    def opaque(self, x: Value) -> Value:
        return self.program.opaque([x], self.shape(), "")

    def zeros(self, x: Value) -> Value:
        return self.program.zeros(x.shape)


def is_fair(program: Program) -> bool:
    """Whether its gradients are numbers."""
    with np.errstate(all="ignore"):
        return all(np.isfinite(g).all() for g in program.gradients(1).values())
