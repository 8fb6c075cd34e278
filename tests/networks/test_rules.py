"""The lemma of each rule by itself: every generator that it allows moves values as it says, and there are no
others.

A graph has one operation, whose result stands still, or is compared with a parameter that has to move with
it: by a product of entries, a contraction, or a difference. Each generator is applied with random numbers,
in exact rationals where the operation is rational. Whether all are found is seen from the dimension of all
linear generators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import pytest

from polylaw.networks.index import Index
from polylaw.networks.inference import Symmetries, infer
from polylaw.networks.pieces import view_of
from polylaw.networks.scales import Solution
from polylaw.networks.tensors import Block
from tests.networks.numbers import Program

Write = Callable[[Program], None]


def places(block: Block) -> Any:
    """The numbers of the entries of a block in its parameter."""
    view = view_of(block)
    found = np.array(view.offset)
    for n, stride in zip(view.sizes, view.strides, strict=True):
        found = found[..., None] + stride * np.arange(n)
    return found


def centred(array: Any) -> Any:
    array = np.array(array)
    for axis in range(array.ndim):
        array = array - array.sum(axis, keepdims=True) / array.shape[axis]
    return array


class Generator:
    """A random one of a kind, as what is added to the parameters."""

    def __init__(self, program: Program, symmetries: Symmetries) -> None:
        self.program, self.spaces = program, symmetries.spaces
        self.order = {space: k for k, space in enumerate(dict.fromkeys(self.spaces.values()))}

    def _zero(self) -> dict[str, Any]:
        return {n: a * 0 for n, a in self.program.given.items()}

    def _sorted(self, leaves: Any) -> list[Index]:
        return sorted(leaves, key=lambda leaf: self.order[self.spaces[leaf]])

    def diagonal(self, solution: Solution, *, scales: bool) -> dict[str, Any]:
        found = self._zero()
        function = None
        for (block, varying), c in solution.items():
            leaves = self._sorted(varying)
            if function is None:
                function = centred(self.program.draw([leaf.size for leaf in leaves]))
            where, order = places(block), [block.leaves.index(leaf) for leaf in leaves]
            there = np.moveaxis(found[block.origin.name].reshape(-1)[where], order, range(len(order)))
            spread = np.array(function).reshape([*np.shape(function), *[1] * (there.ndim - len(order))])
            moved = np.moveaxis(there * 0 + spread * c, range(len(order)), order)
            theta = self.program.given[block.origin.name].reshape(-1)[where] if scales else 1
            found[block.origin.name].reshape(-1)[where] += moved * theta
        return found

    def matrix(self, mixing: Any) -> dict[str, Any]:
        found = self._zero()
        size = mixing.size
        copies = [leaf.size for leaf in mixing.members[0].depends]
        matrix = self.program.draw([prod(copies), size, size])
        matrix = matrix - matrix.transpose(0, 2, 1) if mixing.skew else matrix * (1 - np.eye(size, dtype=int))
        for m in mixing.members:
            leaves = [*self._sorted(m.depends), m.leaf]
            order = [m.block.leaves.index(leaf) for leaf in leaves]
            where = np.moveaxis(places(m.block), order, range(len(order)))
            where = where.reshape(prod(copies), size, -1)
            theta = self.program.given[m.block.origin.name].reshape(-1)[where]
            moved = m.sign * (matrix.transpose(0, 2, 1) if m.transposed else matrix) @ theta
            found[m.block.origin.name].reshape(-1)[where] += moved
        return found

    def all(self, symmetries: Symmetries) -> Iterator[dict[str, Any]]:
        for solution in symmetries.scales:
            yield self.diagonal(solution, scales=True)
        for solution in symmetries.translations:
            yield self.diagonal(solution, scales=False)
        for mixing in symmetries.mixings:
            yield self.matrix(mixing)


def dimension(symmetries: Symmetries) -> tuple[int, int]:
    """Of the linear generators, and of the translations."""

    def size(solution: Solution) -> int:
        return prod(leaf.size - 1 for leaf in next(iter(solution))[1])

    matrices = sum(m.copies * m.size * (m.size - 1) // (2 if m.skew else 1) for m in symmetries.mixings)
    return matrices + sum(map(size, symmetries.scales)), sum(map(size, symmetries.translations))


def all_generators(write: Write) -> tuple[int, int]:
    """The same of all there are, from derivatives at random parameters; linear ones without those that are a
    translation times some linear function."""
    linear, constant = [], []
    program = Program(0)
    write(program)
    count = sum(a.size for a in program.given.values())
    for _ in range(count**2 // len(program.jacobian()) + 10):
        program.given = {n: program.draw(a.shape) for n, a in program.given.items()}
        theta = np.concatenate([a.reshape(-1) for a in program.given.values()])
        jacobian = program.jacobian()
        constant.append(jacobian)
        linear.append(np.einsum("yi,j->yij", jacobian, theta).reshape(len(jacobian), -1))
    kernels = (
        m.shape[1] - int(np.linalg.matrix_rank(m / np.abs(m).max(), tol=1e-9))
        for m in (np.concatenate(linear), np.concatenate(constant))
    )
    every, translations = kernels
    return every - translations * count, translations


def times(p: Program, y: Any) -> Any:
    return p.multiply([y, p.parameter("z", y.shape)])


def against(p: Program, y: Any, axes: int = 1) -> Any:
    """The sum over the first axes with a parameter."""
    labels = tuple(range(len(y.shape)))
    return p.contract([y, p.parameter("z", y.shape)], [labels, labels, labels[axes:]])


def less(p: Program, y: Any) -> Any:
    return p.add([y, p.parameter("z", y.shape)], [1, -1])


def x(p: Program, *shape: int, name: str = "x") -> Any:
    return p.parameter(name, shape or (2, 3))


def w(p: Program, *shape: int) -> Any:
    return x(p, *shape, name="w")


MATRIX = [(0, 1), (1, 2), (0, 2)]


def matrix_product(p: Program, *powers: int) -> Any:
    return p.contract([x(p, 2, 2), w(p, 2, 3)], MATRIX, powers)


def batched(p: Program) -> Any:
    return p.contract([x(p, 2, 2, 2), w(p, 2, 2)], [(0, 1, 2), (0, 2), (0, 1)])


def triple(p: Program) -> Any:
    return p.contract([x(p, 2, 2), w(p, 2), x(p, 2, 2, name="v")], [(0, 1), (1,), (1, 2), (0, 2)])


def gram(p: Program) -> Any:
    y = x(p, 2, 3)
    return p.contract([y, y], [(0, 1), (2, 1), (0, 2)])


def carried(p: Program, *, linear: bool, affine: bool) -> Any:
    return p.carry(x(p, 2, 3), [(0, 1), (0, 2)], (2, 2), linear=linear, affine=affine)


def joined(p: Program) -> Any:
    return p.concatenate([x(p, 2, 2), w(p, 2, 1)], 1)


#: Operations; how many generators are found, linear ones and translations; and how many more there are: those
#: that move one tensor by another (a scalar product x y allows dx = S y with S skew), and those that know the
#: weights of a sum or an average, or which entries a maximum looks at.
RATIONAL: dict[str, tuple[Write, tuple[int, int], tuple[int, int]]] = {
    "sum": (lambda p: p.output(p.add([x(p), w(p, 3)], [2, Fraction(1, 3)])), (0, 3), (0, 0)),
    "sum, scaled": (lambda p: p.output(times(p, p.add([x(p), w(p, 2, 3)]))), (6, 6), (0, 0)),
    "sum, repeated, scaled": (lambda p: p.output(times(p, p.add([x(p), w(p, 3)]))), (3, 3), (3, 0)),
    "sum, mixed": (lambda p: p.output(against(p, p.add([x(p), w(p, 2, 3)]))), (12, 6), (6, 0)),
    "sum, repeated, mixed": (lambda p: p.output(against(p, p.add([x(p), w(p, 3)]))), (3, 3), (15, 0)),
    "sum, moved": (lambda p: p.output(less(p, p.add([x(p), w(p, 3)], [2, Fraction(1, 3)]))), (0, 9), (0, 0)),
    "product": (lambda p: p.output(matrix_product(p)), (4, 0), (0, 0)),
    "product, scaled": (lambda p: p.output(times(p, matrix_product(p))), (8, 0), (0, 0)),
    "product, mixed": (lambda p: p.output(against(p, matrix_product(p))), (10, 0), (0, 0)),
    "product, moved": (lambda p: p.output(less(p, matrix_product(p))), (4, 0), (0, 0)),
    "product of blocks": (lambda p: p.output(batched(p)), (8, 0), (4, 0)),
    "product of blocks, mixed": (lambda p: p.output(against(p, batched(p))), (12, 0), (4, 0)),
    "product of three": (lambda p: p.output(triple(p)), (4, 0), (0, 0)),
    "product of three, mixed": (lambda p: p.output(against(p, triple(p))), (9, 0), (0, 0)),
    "product of entries": (lambda p: p.output(p.multiply([x(p), w(p, 3)])), (3, 0), (0, 0)),
    "quotient": (lambda p: p.output(p.multiply([x(p), w(p, 3)], [1, -1])), (3, 0), (0, 0)),
    "quotient, mixed": (
        lambda p: p.output(against(p, p.multiply([x(p), w(p, 3)], [1, -1]))),
        (15, 0),
        (6, 0),
    ),
    "product with a square": (lambda p: p.output(matrix_product(p, 1, 2)), (2, 0), (0, 0)),
    "product with a square, mixed": (lambda p: p.output(against(p, matrix_product(p, 1, 2))), (8, 0), (0, 0)),
    "product with a square, mixed there": (
        lambda p: p.output(against(p, p.permute(matrix_product(p, 1, 2), (1, 0)))),
        (6, 0),
        (0, 0),
    ),
    "product with itself": (lambda p: p.output(gram(p)), (3, 0), (0, 0)),
    "product with itself, mixed": (lambda p: p.output(against(p, gram(p))), (5, 0), (0, 0)),
    "relu": (lambda p: p.output(times(p, p.power(x(p), 1))), (6, 0), (0, 0)),
    "relu, mixed": (lambda p: p.output(against(p, p.power(x(p), 1))), (6, 0), (0, 0)),
    "square": (lambda p: p.output(times(p, p.power(x(p), 2))), (6, 0), (0, 0)),
    "reciprocal": (lambda p: p.output(times(p, p.power(x(p), -1))), (6, 0), (0, 0)),
    "average": (lambda p: p.output(carried(p, linear=True, affine=True)), (0, 0), (0, 2)),
    "average, scaled": (lambda p: p.output(times(p, carried(p, linear=True, affine=True))), (2, 0), (2, 2)),
    "average, mixed": (lambda p: p.output(against(p, carried(p, linear=True, affine=True))), (4, 0), (8, 2)),
    "average, moved": (lambda p: p.output(less(p, carried(p, linear=True, affine=True))), (0, 2), (0, 4)),
    "sums, moved": (lambda p: p.output(less(p, carried(p, linear=True, affine=False))), (0, 0), (0, 6)),
    "maximum, scaled": (lambda p: p.output(times(p, carried(p, linear=False, affine=True))), (2, 0), (0, 2)),
    "maximum, mixed": (lambda p: p.output(against(p, carried(p, linear=False, affine=True))), (2, 0), (1, 2)),
    "maximum, moved": (lambda p: p.output(less(p, carried(p, linear=False, affine=True))), (0, 2), (0, 2)),
    "twice a maximum, moved": (
        lambda p: p.output(less(p, carried(p, linear=False, affine=False))),
        (0, 0),
        (0, 4),
    ),
    "joined": (lambda p: p.output(times(p, joined(p))), (6, 0), (0, 0)),
    "joined, mixed": (lambda p: p.output(against(p, joined(p))), (12, 0), (6, 0)),
    "joined, moved": (lambda p: p.output(less(p, joined(p))), (0, 6), (0, 0)),
    "centred": (lambda p: p.output(times(p, p.centre(x(p), [1]))), (2, 2), (0, 0)),
}
REAL: dict[str, tuple[Write, tuple[int, int], tuple[int, int]]] = {
    "root": (lambda p: p.output(times(p, p.power(x(p), Fraction(1, 2)))), (6, 0), (0, 0)),
    "length": (lambda p: p.output(p.length(x(p), [1])), (6, 0), (0, 0)),
    "length, scaled": (lambda p: p.output(times(p, p.length(x(p), [1]))), (8, 0), (0, 0)),
    "length, mixed": (lambda p: p.output(against(p, p.length(x(p), [1]))), (8, 0), (0, 0)),
    "length, moved": (lambda p: p.output(less(p, p.length(x(p), [1]))), (6, 0), (0, 0)),
    "softmax": (lambda p: p.output(p.softmax(x(p), 1)), (0, 2), (0, 0)),
    "normalised": (lambda p: p.output(p.normalise(x(p), [1], centred=True, eps=False)), (2, 2), (0, 0)),
    "any function": (lambda p: p.output(p.opaque([x(p), w(p, 3)], (4,), "")), (0, 0), (0, 5)),
}


def check(write: Write, *, exact: bool) -> tuple[int, int]:
    """Applies all generators of a program; how many there are."""
    program = Program(exact=exact)
    write(program)
    symmetries = infer(program)
    for direction in Generator(program, symmetries).all(symmetries):
        for moved in program.moved(direction):
            assert not moved.any() if exact else np.abs(moved).max() <= 1e-12
    return dimension(symmetries)


@pytest.mark.parametrize("name", [*RATIONAL, *REAL])
def test_each_generator_moves_values_as_its_rule_says(name: str) -> None:
    write, found, _ = (RATIONAL | REAL)[name]
    assert check(write, exact=name in RATIONAL) == found


@pytest.mark.slow
@pytest.mark.parametrize("name", [*RATIONAL, *REAL])
def test_how_many_generators_there_are(name: str) -> None:
    write, found, more = (RATIONAL | REAL)[name]
    assert all_generators(write) == (found[0] + more[0], found[1] + more[1])


def test_what_is_no_generator_is_seen() -> None:
    program = Program(exact=True)
    RATIONAL["product, mixed"][0](program)
    mixing = next(m for m in infer(program).mixings if {k.transposed for k in m.members} == {True, False})
    wrong = replace(mixing, members=tuple(replace(k, transposed=False) for k in mixing.members))
    right, other = (Generator(program, infer(program)).matrix(m) for m in (mixing, wrong))
    assert not program.moved(right)[0].any()
    assert program.moved(other)[0].any()
