"""Laws of graphs that are written by hand: which they are, how many, that they hold, and how many of them are
independent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from polylaw.networks import norms
from polylaw.networks.graph import Value
from polylaw.networks.laws import laws_of
from tests.networks.numbers import Program, laws_hold, misfits


def linear(p: Program, x: Value, name: str, m: int, *, bias: bool = False) -> Value:
    n = len(x.shape)
    labels = [tuple(range(n)), (n, n - 1), (*range(n - 1), n)]
    y = p.contract([x, p.parameter(f"{name}.weight", (m, x.shape[-1]))], labels)
    return p.add([y, p.parameter(f"{name}.bias", (m,))]) if bias else y


def heads(p: Program, x: Value, number: int) -> Value:
    batch, length, width = x.shape
    return p.permute(p.reshape(x, (batch, length, number, width // number)), (0, 2, 1, 3))


def attention(p: Program, q: Value, k: Value, v: Value) -> Value:
    """Queries, keys and values by heads, as batch, place, width."""
    scores = p.contract([q, k], [(0, 1, 2, 3), (0, 1, 4, 3), (0, 1, 2, 4)])
    y = p.permute(
        p.contract([p.softmax(scores, -1), v], [(0, 1, 2, 4), (0, 1, 4, 3), (0, 1, 2, 3)]), (0, 2, 1, 3)
    )
    return p.reshape(y, (*y.shape[:2], y.shape[2] * y.shape[3]))


def mlp(p: Program) -> None:
    x = p.power(linear(p, p.fixed((5, 2)), "one", 3, bias=True), 1)
    p.output(linear(p, x, "two", 2, bias=True))


def classifier(p: Program) -> None:
    x = p.power(linear(p, p.fixed((5, 2)), "one", 3, bias=True), 1)
    p.output(linear(p, x, "two", 3, bias=True), 1)


def by_heads(p: Program) -> None:
    x = p.fixed((2, 3, 2))
    q, k, v = (heads(p, linear(p, x, name, 4, bias=True), 2) for name in "qkv")
    p.output(linear(p, attention(p, q, k, v), "out", 2, bias=True))


def grouped(p: Program) -> None:
    x = p.fixed((2, 3, 2))
    q = heads(p, linear(p, x, "q", 4), 2)
    k, v = (p.expand(heads(p, linear(p, x, name, 2), 1), (2, 2, 3, 2)) for name in "kv")
    p.output(linear(p, attention(p, q, k, v), "out", 2))


def stream(p: Program, *, centred: bool, gain: bool, tied: bool) -> None:
    table = p.parameter("table", (4, 3))
    x = p.contract([p.fixed((5, 4)), table], [(0, 1), (1, 2), (0, 2)])

    def norm(x: Value, name: str) -> Value:
        y = p.normalise(x, [1], centred=centred, eps=True)
        return p.multiply([y, p.parameter(f"{name}.weight", (3,))]) if gain else y

    x = p.add([x, linear(p, p.opaque([linear(p, norm(x, "norm"), "up", 2)], (5, 2), ""), "down", 3)])
    out = table if tied else p.parameter("head", (4, 3))
    p.output(p.contract([norm(x, "last"), out], [(0, 1), (2, 1), (0, 2)]))


def convolution(p: Program) -> None:
    x = p.power(
        p.contract(
            [p.fixed((2, 4, 1, 2)), p.parameter("one", (2, 1, 2))], [(0, 1, 2, 3), (4, 2, 3), (0, 4, 1)]
        ),
        1,
    )
    windows = p.carry(x, [(0, 1, 2), (0, 1, 3, 4)], (2, 2, 3, 2), linear=True, affine=False)
    p.output(p.contract([windows, p.parameter("two", (2, 2, 2))], [(0, 1, 2, 3), (4, 1, 3), (0, 4, 2)]))


#: Graphs, how many laws are exact and how many hold up to eps too, and all of them.
HAND: dict[str, tuple[Callable[[Program], None], int, int, Sequence[str]]] = {
    "mlp": (
        mlp,
        3,
        3,
        [
            "|one.W[i]|^2 + one.b[i]^2 - |two.W[:, i]|^2   (i < 3)",
        ],
    ),
    "classifier": (
        classifier,
        7,
        7,
        [
            "|one.W[i]|^2 + one.b[i]^2 - |two.W[:, i]|^2   (i < 3)",
            "two: sum(W[:, i])   (i < 3)",
            "two: sum(b)",
        ],
    ),
    "heads": (
        by_heads,
        16,
        16,
        [
            "q.W q.W' + q.b q.b' - k.W k.W' - k.b k.b'   (2 blocks, 2 x 2)",
            "v.W v.W' + v.b v.b' - out.W' out.W   (2 blocks, 2 x 2)",
            "k: b[i]   (i < 4)",
        ],
    ),
    "grouped": (
        grouped,
        6,
        6,
        [
            "sum_r q.W[2 r:2 r + 2] q.W[2 r:2 r + 2]' - k.W k.W'   (2 x 2)",
            "v.W v.W' - sum_r out.W[:, 2 r:2 r + 2]' out.W[:, 2 r:2 r + 2]   (2 x 2)",
        ],
    ),
    "layer norm": (
        lambda p: stream(p, centred=True, gain=True, tied=False),
        12,
        13,
        [
            "norm.g[i]^2 - |up.W[:, i]|^2   (i < 3)",
            "last.g[i]^2 - |head[:, i]|^2   (i < 3)",
            "sum(table[i])   (i < 4)",
            "down: sum(W[:, i])   (i < 2)",
            "|table|^2 + |down.W|^2",
        ],
    ),
    "layer norm, tied": (
        lambda p: stream(p, centred=True, gain=True, tied=True),
        5,
        6,
        [
            "norm.g[i]^2 - |up.W[:, i]|^2   (i < 3)",
            "down: sum(W[:, i])   (i < 2)",
            "|table|^2 + |down.W|^2 - |last.g|^2",
        ],
    ),
    "layer norm without gain": (
        lambda p: stream(p, centred=True, gain=False, tied=False),
        12,
        13,
        [
            "sum(table[i])   (i < 4)",
            "up: sum(W[i])   (i < 2)",
            "down: sum(W[:, i])   (i < 2)",
            "sum(head[i])   (i < 4)",
            "|table|^2 + |down.W|^2",
        ],
    ),
    "rms norm": (
        lambda p: stream(p, centred=False, gain=True, tied=False),
        6,
        7,
        [
            "norm.g[i]^2 - |up.W[:, i]|^2   (i < 3)",
            "last.g[i]^2 - |head[:, i]|^2   (i < 3)",
            "|table|^2 + |down.W|^2",
        ],
    ),
    "rms norm without gain": (
        lambda p: stream(p, centred=False, gain=False, tied=False),
        0,
        1,
        [
            "table' table + up.W' up.W + down.W down.W' + head' head   (3 x 3, skew)",
            "|table|^2 + |down.W|^2",
        ],
    ),
    "convolution": (
        convolution,
        2,
        2,
        [
            "|one[i]|^2 - |two[:, i]|^2   (i < 2)",
        ],
    ),
}


@pytest.mark.parametrize("name", HAND)
def test_laws_of_graphs_by_hand(name: str) -> None:
    write, exact, nearly, texts = HAND[name]
    program = Program()
    write(program)
    found = laws_hold(program)
    assert [str(law) for law in found.laws] == texts
    assert (found.independent, found.independent_up_to_eps) == (exact, nearly)


def test_a_graph_may_grow() -> None:
    program = Program()
    a = program.parameter("a", (4, 2))
    program.output(program.multiply([a, program.parameter("b", (4, 2))]))
    assert laws_hold(program).independent == 8
    program.output(program.power(program.narrow(a, 0, 1, 4), 1))
    assert [str(law) for law in laws_hold(program).laws] == ["a[0, i]^2 - b[0, i]^2   (i < 2)"]
    with pytest.raises(ValueError, match="two parameters a"):
        program.parameter("a", (2,))


def momentum_laws(rows: int, columns: int) -> int:
    """The rank of what a skew matrix of rows keeps, V P' - P V' with a sign for each column, at random V and
    P."""
    source = np.random.default_rng(0)
    signs = source.choice([-1.0, 1.0], columns)
    v, p = source.normal(size=(2, rows, columns))
    dv, dp = np.eye(2 * rows * columns).reshape(-1, 2, rows, columns).transpose(1, 0, 2, 3)
    moved = dv * signs @ p.T + v * signs @ dp.transpose(0, 2, 1)
    return int(np.linalg.matrix_rank((moved - moved.transpose(0, 2, 1)).reshape(len(moved), -1)))


@pytest.mark.parametrize(("n", "h", "m"), [(1, 4, 2), (1, 6, 1), (1, 3, 1), (2, 4, 3)])
def test_laws_with_momentum_of_low_rank(n: int, h: int, m: int) -> None:
    program = Program()
    program.output(linear(program, linear(program, program.fixed((5, n)), "one", h), "two", m))
    [law] = laws_of(program).laws
    assert law.count_with_momentum == momentum_laws(h, n + m)


def test_eps_is_not_for_nothing() -> None:
    program = Program()
    stream(program, centred=True, gain=True, tied=False)
    program.eps = 0.3
    assert [law.exact for law, _ in misfits(program, laws_of(program))] == [False]


def repeated_average(p: Program) -> None:
    """The average of what is repeated is that."""
    x = p.mean(p.expand(p.parameter("a", (3,)), (4, 3)), [0])
    p.output(p.add([x, p.parameter("b", (3,))]))


def repeated_sum(p: Program) -> None:
    x = p.contract([p.expand(p.parameter("a", (3,)), (4, 3))], [(0, 1), (1,)])
    p.output(p.add([x, p.parameter("b", (3,))]))


def repeated_length(p: Program) -> None:
    """Lengths that are all the same are not mixed."""
    lengths = p.length(p.expand(p.parameter("a", (3,)), (4, 3)), [1])
    p.output(p.contract([lengths, p.parameter("w", (4,))], [(0,), (0,), ()]))


def swapped(p: Program) -> None:
    """A matrix that depends on i and j, and on j and i."""
    x = p.parameter("a", (2, 3, 3))
    x = p.add([x, p.permute(x, (0, 2, 1))])
    p.output(p.contract([x, p.parameter("w", (2, 3, 3))], [(0, 1, 2), (0, 1, 2), (1, 2)]))


def rows_of_one_and_all(p: Program) -> None:
    """Softmax weights whose rows add up to 1, all of them added up."""
    weights = p.softmax(p.multiply([p.fixed((3, 4)), p.parameter("a", (3, 4))]), 1)
    v = p.add([linear(p, p.fixed((4, 3)), "w", 2), p.parameter("b", (2,))])
    y = p.contract([weights, v], [(0, 1), (1, 2), (2,)])
    p.output(p.add([y, p.parameter("c", (2,))]))


def rows_of_two(p: Program) -> None:
    v = p.add([linear(p, p.fixed((4, 3)), "w", 2), p.parameter("b", (2,))])
    y = p.contract([p.fixed((3, 4), {1: 2}), v], [(0, 1), (1, 2), (0, 2)])
    p.output(p.add([y, p.parameter("c", (2,))]))


def eps_in_a_sum(p: Program) -> None:
    y = p.add([linear(p, p.fixed((4, 2)), "one", 3)], eps=True)
    p.output(linear(p, y, "two", 2))


def from_nothing(p: Program) -> None:
    p.output(linear(p, p.opaque([], (4, 2), "?"), "one", 3))


def diagonal(p: Program) -> None:
    p.output(p.contract([p.parameter("a", (3, 3))], [(0, 0), (0,)]))


def with_empty(p: Program) -> None:
    """A cache without entries before what is read."""
    x = p.concatenate([p.parameter("a", (0, 2)), p.parameter("b", (1, 2))], 0)
    p.output(p.contract([x, p.parameter("w", (3, 2))], [(0, 1), (2, 1), (0, 2)]))


def nothing_of_it(p: Program) -> None:
    a = p.parameter("a", (2, 3))
    p.output(p.concatenate([p.narrow(a, 0, 0, 0), a], 0))


def sum_over_nothing(p: Program) -> None:
    a = p.parameter("a", (3,))
    p.output(p.add([p.contract([a, p.fixed((0,))], [(0,), (1,), (0,)]), a], [1, -1]))


def cut_behind_an_axis_of_one(p: Program) -> None:
    x = p.narrow(p.reshape(p.parameter("a", (1, 6)), (6,)), 0, 0, 4)
    p.output(p.contract([x, p.parameter("w", (3, 4))], [(0,), (1, 0), (1,)]))


def not_read_to_the_end(p: Program) -> None:
    p.power(p.parameter("a", (3,)), 2)
    p.output(p.parameter("b", (2,)))


def frozen_and_scaled(p: Program) -> None:
    """What is centred alone stands still, and its squares are no other laws."""
    p.output(p.multiply([p.centre(p.parameter("a", (3, 1)), [1]), p.parameter("b", (3, 1))]))


def trace_of_a_square(p: Program) -> None:
    a = p.parameter("a", (3, 3))
    p.output(p.contract([a, a], [(0, 1), (1, 0), ()]))


def trace_of_a_cube(p: Program) -> None:
    """a a' - a' a has trace 0."""
    a = p.parameter("a", (3, 3))
    p.output(p.contract([a, a, a], [(0, 1), (1, 2), (2, 0), ()]))


def form(p: Program) -> None:
    x = p.parameter("x", (3,))
    p.output(p.contract([x, p.parameter("a", (3, 3)), x], [(0,), (0, 1), (1,), ()]))


def times_its_transpose(p: Program) -> None:
    """Squares of rows less squares of columns: one sum of both is 0."""
    a = p.parameter("a", (3, 3))
    p.output(p.multiply([a, p.permute(a, (1, 0))]))


def twice_and_once(p: Program) -> None:
    a = p.parameter("a", ())
    p.output(p.multiply([a, a, p.parameter("b", ())]))


def less_itself(p: Program) -> None:
    a = p.parameter("a", (3,))
    p.output(p.add([a, a, a], [1, 1, -2]))


def quotient(p: Program) -> None:
    p.output(p.multiply([p.parameter("a", (3, 2)), p.parameter("b", (3, 1))], [1, -1]))


def quotient_less_product(p: Program) -> None:
    """What moves by a u b^-1 and by a u b does not stand still."""
    a, b = p.parameter("a", (3,)), p.parameter("b", (3,))
    p.output(p.add([p.multiply([a, b], [1, -1]), p.multiply([a, b])], [1, -1]))


def two_roles(p: Program) -> None:
    """One weight in two layers."""
    a = p.parameter("a", (2, 2))
    x = p.power(p.contract([p.fixed((5, 2)), a], [(0, 1), (2, 1), (0, 2)]), 1)
    p.output(linear(p, p.power(p.contract([x, a], [(0, 1), (2, 1), (0, 2)]), 1), "two", 3))


def squares(p: Program, name: str = "power") -> None:
    added = norms.total(p, p.power(linear(p, p.fixed((5, 2)), "one", 3), 2, name), [1])
    p.output(p.multiply([added, p.parameter("b", ())]))


def other_functions_of_degree_two(p: Program) -> None:
    squares(p, "")


def thin(p: Program) -> None:
    """Matrices of low rank, of which one column stands still."""
    x = linear(p, p.fixed((5, 1)), "one", 4)
    p.output(linear(p, x, "two", 2), 1)


WEIRD: dict[Callable[[Program], None], Sequence[str]] = {
    repeated_average: ["a[i] - b[i]   (i < 3)"],
    repeated_sum: ["a[i] - 4 b[i]   (i < 3)"],
    repeated_length: ["a a'   (3 x 3, skew)", "|a|^2 - |w|^2"],
    swapped: [
        "a(1) a(1)' - w(1) w(1)'   (2 x 2)",
        "|a[i, j]|^2 + |a[i, :, j]|^2 - |w[i, j]|^2 - |w[i, :, j]|^2   (i < 2, j < 3, but for 2 that others "
        "imply)",
        "sum(a[i, j]) - sum(a[i, :, j])   (i < 2, j < 3, but for 2 that others imply)",
    ],
    rows_of_one_and_all: ["b[i] - 3 c[i]   (i < 2)"],
    rows_of_two: ["b[i] - 2 c[i]   (i < 2)"],
    eps_in_a_sum: ["|one.W[i]|^2 - |two.W[:, i]|^2   (i < 3)"],
    from_nothing: [],
    diagonal: [],
    with_empty: ["b' b - w' w   (2 x 2)"],
    nothing_of_it: [],
    sum_over_nothing: [],
    cut_behind_an_axis_of_one: ["a[:, 0:4]' a[:, 0:4] - w' w   (4 x 4)"],
    not_read_to_the_end: [],
    frozen_and_scaled: ["b[i]^2   (i < 3)", "a[i]   (i < 3)"],
    trace_of_a_square: ["a[:, i] a[:, i]' - a[i]' a[i]   (3 blocks, 3 x 3, but for 7 that others imply)"],
    trace_of_a_cube: ["a a' - a' a   (3 x 3, but for 1 that others imply)"],
    form: ["x x' - a a' - a' a   (3 x 3)"],
    times_its_transpose: ["|a[i]|^2 - |a[:, i]|^2   (i < 3, but for 1 that others imply)"],
    twice_and_once: ["a^2 - 2 b^2"],
    less_itself: ["a[i]   (i < 3)"],
    quotient: ["|a[i]|^2 + b[i]^2   (i < 3)"],
    quotient_less_product: [],
    two_roles: ["|a|^2 - 2 |two.W|^2"],
    squares: ["one: W W'   (3 x 3, skew)", "|one.W|^2 - 2 b^2"],
    other_functions_of_degree_two: ["|one.W|^2 - 2 b^2"],
    thin: ["one.W one.W' - two.W' two.W   (4 x 4)", "two: sum(W[:, i])   (i < 4)"],
}


@pytest.mark.parametrize("write", WEIRD, ids=lambda write: write.__name__)
def test_laws_of_graphs_that_are_strange(write: Callable[[Program], None]) -> None:
    program = Program()
    write(program)
    assert [str(law) for law in laws_hold(program).laws] == WEIRD[write]
    program.eps = 0.3
    assert not [law for law, _ in misfits(program, laws_of(program)) if law.exact]
