"""Every family of the zoo against the network or product it stands for, at random exact points.

`phi` is what a loss sees, so outputs have to be what the components of phi say, in the order in which they
are listed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import accumulate, combinations_with_replacement, product
from math import factorial, prod
from operator import mul
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.models import FAMILIES, model_from_spec
from polylaw.models.model import entry_name, indices
from polylaw.models.spec import Spec

#: Weights by name of the array, values of phi in order, arguments of the spec, and a source of random
#: numbers.
Check = Callable[[dict[str, Any], list[Any], dict[str, Any], random.Random], None]


def numbers(source: random.Random, *shape: int) -> Any:
    values = [
        Fraction(source.choice((-1, 1)) * source.randint(1, 9), source.randint(1, 4))
        for _ in range(prod(shape))
    ]
    return np.array(values, dtype=object).reshape(shape)


def at_a_point(model: pl.Model, source: random.Random) -> tuple[dict[str, Any], list[Any]]:
    """Random weights, and phi there."""
    arrays = {name: numbers(source, *shape) for name, shape in model.arrays.items()}
    point = {
        model.ring.index(entry_name(name, index)): arrays[name][tuple(i - 1 for i in index)]
        for name, shape in model.arrays.items()
        for index in indices(shape)
    }
    return arrays, [h.numerator(point) / Fraction(h.denominator(point)) for h in model.phi]


# -- networks of layers ------------------------------------------------------------------------------
def layers(arrays: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Matrices and biases, 0 where there are none."""
    return [
        (arrays[f"U{k}"], arrays.get(f"b{k}", 0))
        for k in range(1, sum(name[0] == "U" for name in arrays) + 1)
    ]


def outputs(arrays: dict[str, Any], x: Any, slope: Fraction) -> tuple[Any, list[Any]]:
    """The output of a network with activation max(z, slope z), and the slopes at its neurons."""
    slopes = [np.array([1] * len(x), dtype=object)]
    for k, (matrix, bias) in enumerate(layers(arrays)):
        x = x @ matrix + bias
        last = k + 1 == len(layers(arrays))
        slopes.append(np.array([1 if last or value > 0 else slope for value in x], dtype=object))
        x = x * slopes[-1]
    return x, slopes


def lifted(values: Sequence[Any], arrays: dict[str, Any], x: Any, slopes: list[Any]) -> Any:
    """The output as paths have it: each product of weights times the slopes it passes and the input it starts
    from."""
    widths, total, rest = (
        [len(s) for s in slopes],
        np.array([Fraction(0)] * len(slopes[-1]), dtype=object),
        iter(values),
    )
    for first in range(len(widths) if "b1" in arrays else 1):
        for path in product(*map(range, widths[first:])):
            passed = prod(slopes[first + k][i] for k, i in enumerate(path))
            total[path[-1]] += next(rest) * passed * (1 if first else x[path[0]])
    assert not list(rest)
    return total


def relu(slope: Fraction) -> Check:
    def check(arrays: dict[str, Any], phi: list[Any], _: dict[str, Any], source: random.Random) -> None:
        for _ in range(4):
            x = numbers(source, len(arrays["U1"]))
            expected, slopes = outputs(arrays, x, slope)
            assert (lifted(phi, arrays, x, slopes) == expected).all()

    return check


def linear(arrays: dict[str, Any], phi: list[Any], _: dict[str, Any], source: random.Random) -> None:
    x = numbers(source, len(arrays["U1"]))
    assert (x @ np.array(phi, dtype=object).reshape(len(x), -1) == outputs(arrays, x, Fraction(1))[0]).all()


def residual(arrays: dict[str, Any], phi: list[Any], options: dict[str, Any], source: random.Random) -> None:
    """A linear block; phi of a ReLU block is that of g alone."""
    if options["activation"] == "relu":
        return relu(Fraction(0))(arrays, phi, options, source)
    n, values = len(arrays["U1"]), np.array(phi, dtype=object).reshape(-1)
    for _ in range(2):
        x = numbers(source, n)
        affine, rest = x @ values[: n * n].reshape(n, n), values[n * n :]
        if options["bias"]:
            affine = affine + rest.reshape(-1, n).sum(axis=0)
        assert (affine == x + outputs(arrays, x, Fraction(1))[0]).all()
    return None


def two_factors(arrays: dict[str, Any], phi: list[Any], *_: Any) -> None:
    assert phi == list((arrays["U"] @ arrays["V"].T).ravel())


def neurons(power: Callable[[dict[str, Any]], int]) -> Check:
    """x -> U max(V^T x + b, 0)^p."""

    def check(arrays: dict[str, Any], phi: list[Any], options: dict[str, Any], source: random.Random) -> None:
        u, v, p = arrays["U"], arrays["V"], power(options)
        (n, r), m = u.shape, len(v)
        x, total, rest = numbers(source, m), np.array([Fraction(0)] * n, dtype=object), iter(phi)
        z = x @ v + arrays.get("b", 0)
        for k, i in product(range(r), range(n)):
            for powers in combinations_with_replacement(range(m), p):
                ways = factorial(p) // prod(map(factorial, Counter(powers).values()))
                total[i] += next(rest) * ways * prod(x[j] for j in powers) * (z[k] > 0)
        for k, i in product(range(r), range(n if "b" in arrays else 0)):
            total[i] += next(rest) * (z[k] > 0)
        assert not list(rest)
        assert (total == u @ np.array([max(value, 0) ** p for value in z], dtype=object)).all()

    return check


def gated(arrays: dict[str, Any], phi: list[Any], _: dict[str, Any], source: random.Random) -> None:
    a, b, c = (arrays[name] for name in "ABC")
    x = numbers(source, b.shape[1])
    squares = [x[p] * x[q] for p, q in combinations_with_replacement(range(len(x)), 2)]
    assert (
        np.array(phi, dtype=object).reshape(len(a), -1) @ np.array(squares, dtype=object)
        == a @ ((b @ x) * (c @ x))
    ).all()


def swiglu(arrays: dict[str, Any], phi: list[Any], _: dict[str, Any], source: random.Random) -> None:
    """With any gate s in the place of silu."""
    a, b, c = (arrays[name] for name in "ABC")
    (n, h), m = a.shape, b.shape[1]
    products, gate = (
        np.array(phi[: n * h * m], dtype=object).reshape(h, n, m),
        np.array(phi[n * h * m :], dtype=object).reshape(h, m),
    )
    x = numbers(source, m)
    assert (
        sum((gate[k] @ x + 1) ** 3 * products[k] @ x for k in range(h)) == a @ ((b @ x + 1) ** 3 * (c @ x))
    ).all()


def softmax(arrays: dict[str, Any], phi: list[Any], _: dict[str, Any], source: random.Random) -> None:
    theta = arrays["theta"]
    x = numbers(source, theta.shape[1])
    logits = theta @ x
    assert (np.array(phi, dtype=object).reshape(len(theta) - 1, -1) @ x == logits[:-1] - logits[-1]).all()


def normalized(arrays: dict[str, Any], phi: list[Any], *_: Any) -> None:
    pairs = [
        (row[i] * row[j] / (row @ row))
        for row in arrays["w"]
        for i in range(len(row))
        for j in range(i, len(row))
    ]
    assert phi == pairs


# -- attention ---------------------------------------------------------------------------------------
def attention(arrays: dict[str, Any], phi: list[Any], options: dict[str, Any], source: random.Random) -> None:
    """Scores of two positions, rotary ones for every angle between them, and values passed on."""
    n, blocks = options["dim"], iter(np.array(phi, dtype=object).reshape(-1, options["dim"], options["dim"]))
    s, t = numbers(source, n), numbers(source, n)
    cos, sin = Fraction(3, 5), Fraction(4, 5)
    turn = np.array([[cos, -sin], [sin, cos]], dtype=object)
    for head in range(1, options["heads"] + 1):
        h = str(head) * (options["heads"] > 1)
        for b in range(1, options["d1"] // 2 + 1) if options["rope"] else []:
            q, k = arrays[f"Q{h}b{b}"], arrays[f"K{h}b{b}"]
            assert s @ (cos * next(blocks) + sin * next(blocks)) @ t == (q @ s) @ turn @ (k @ t)
        if not options["rope"]:
            assert s @ next(blocks) @ t == (arrays[f"Q{h}"] @ s) @ (arrays[f"K{h}"] @ t)
        if options["vo"]:
            assert (next(blocks) @ t == arrays[f"V{h}"].T @ (arrays[f"O{h}"] @ t)).all()
    assert not list(blocks)


# -- convolutions ------------------------------------------------------------------------------------
def conv(arrays: dict[str, Any], phi: list[Any], options: dict[str, Any], source: random.Random) -> None:
    """One output of the network on a random signal, all layers computed at the positions it needs."""
    depth, dim = len(arrays), options["dim"]
    taps, strides = (
        [v] * depth if isinstance(v, int) else [*v] * (depth // len(v))
        for v in (options["taps"], options["stride"])
    )
    is_relu = options["activation"] == "relu"
    signal: dict[Any, Any] = {}
    slopes: dict[Any, int] = {}

    def value(layer: int, channel: int, at: tuple[int, ...]) -> Any:
        if (layer, channel, at) not in signal:
            if layer == 0:
                z = numbers(source, 1)[0]
            else:
                kernel, stride = arrays[f"W{layer}"], strides[layer - 1]
                reads = product(range(kernel.shape[1]), product(range(taps[layer - 1]), repeat=dim))
                z = sum(kernel[channel, i, *a] * value(layer - 1, i, _moved(at, stride, a)) for i, a in reads)
            slopes[layer, channel, at] = int(not is_relu or layer in (0, depth) or z > 0)
            signal[layer, channel, at] = z * slopes[layer, channel, at]
        return signal[layer, channel, at]

    origin, channels = (1,) * dim, options["channels"]
    expected = [value(depth, j, origin) for j in range(channels[-1])]
    total, rest = [Fraction(0)] * channels[-1], iter(phi)
    steps = list(accumulate(strides, mul, initial=1))
    if is_relu:
        for path in product(*(range(c) for c in reversed(channels))):
            for a in product(*(product(range(t), repeat=dim) for t in taps)):
                at, passed = origin, 1
                for layer in range(depth, 0, -1):
                    at = _moved(at, strides[layer - 1], a[layer - 1])
                    passed *= slopes[layer - 1, path[depth - layer + 1], at]
                total[path[0]] += next(rest) * passed * signal[0, path[-1], at]
    else:
        reach = sorted({sum(map(mul, steps, a)) for a in product(*map(range, taps))})
        for j, i in product(range(channels[-1]), range(channels[0])):
            for offset in product(reach, repeat=dim):
                total[j] += next(rest) * signal[0, i, _moved(origin, steps[-1], offset)]
    assert not list(rest)
    assert total == expected


def _moved(at: tuple[int, ...], stride: int, offset: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(stride * p + a for p, a in zip(at, offset, strict=True))


# -- tensors -----------------------------------------------------------------------------------------
def cp(arrays: dict[str, Any], phi: list[Any], options: dict[str, Any], _: random.Random) -> None:
    total: Any = 0
    for k in range(options["rank"]):
        outer = np.array(1, dtype=object)
        for i in range(1, len(arrays) + 1):
            outer = np.multiply.outer(outer, arrays[f"A{i}"][:, k])
        total = total + outer
    assert phi == list(total.ravel())


def tucker(arrays: dict[str, Any], phi: list[Any], *_: Any) -> None:
    core = arrays["G"]
    for axis in range(core.ndim):
        core = np.moveaxis(np.tensordot(arrays[f"A{axis + 1}"], core, axes=(1, axis)), 0, axis)
    assert phi == list(core.ravel())


def tt(arrays: dict[str, Any], phi: list[Any], *_: Any) -> None:
    train = arrays["G1"]
    for k in range(2, len(arrays) + 1):
        train = np.tensordot(train, arrays[f"G{k}"], axes=1)
    assert phi == list(train.ravel())


def elementwise(arrays: dict[str, Any], phi: list[Any], *_: Any) -> None:
    assert phi == [prod(entries) for entries in zip(*arrays.values(), strict=True)]


# -- all of them -------------------------------------------------------------------------------------
CHECKS: dict[str, tuple[Check, list[str]]] = {
    "linear": (linear, ["2,3,2", "1,1", "3,1,2", "2,3,4,2", "1,2,2,2,1"]),
    "factorization": (two_factors, ["1,1,1", "2,3,4", "3,1,2"]),
    "lora": (two_factors, ["4,3,2", "1,3,2"]),
    "nmf": (two_factors, ["3,2,4", "1,2,1"]),
    "relu": (relu(Fraction(0)), ["3,4,2", "2,3", "2,3,2,2", "2,3,2,2?bias=true", "1,1,1?bias=true"]),
    "leaky_relu": (relu(Fraction(1, 3)), ["3,4,2", "2,3,2,2", "2,3,2?bias=true"]),
    "residual": (
        residual,
        [
            "2,3,2",
            "2,2?bias=true",
            "2,3,1,2?bias=true",
            "2,3,2?activation=relu",
            "2,3,2?activation=relu&bias=true",
        ],
    ),
    "homogeneous": (
        neurons(lambda options: int(options["p"])),
        ["2,3,2", "1,2,3?p=3", "2,2,2?p=1", "1,1,2?p=5"],
    ),
    "icnn": (neurons(lambda _: 1), ["2,3,4", "1,1,1", "1,2,3"]),
    "gated": (gated, ["1,1,1", "2,3,2", "1,2,4"]),
    "swiglu": (swiglu, ["1,2,2", "2,3,4"]),
    "softmax": (softmax, ["2,1", "3,2", "5,3"]),
    "normalized": (normalized, ["2,1", "3,2"]),
    "attention": (
        attention,
        [
            "d1=2,dim=3",
            "d1=3,dim=1",
            "d1=2,dim=2,heads=11",
            "d1=2,dim=2,vo=false",
            "d1=4,dim=3,rope=true",
            "d1=4,dim=2,heads=3,rope=true",
        ],
    ),
    "conv": (
        conv,
        [
            "1,2,1?taps=2,2",
            "2,3?taps=2",
            "2,2,2?taps=3,2&stride=2,1",
            "1,2,2,1?taps=2,3,2&stride=3,1,2",
            "2,2,1?taps=2&dim=2&stride=2",
            "1,2,2?taps=3,2&stride=1,2&activation=relu",
            "1,2,1,2?taps=2&activation=relu",
            "1,2,1?taps=2&dim=2&activation=relu",
        ],
    ),
    "cp": (cp, ["2,3,4?rank=2", "2,2?rank=3", "2,1,2,2?rank=1"]),
    "tucker": (tucker, ["2,3,4?ranks=1,2,3", "2,3?ranks=2", "2,1,2,2?ranks=2,2,1,1"]),
    "tt": (tt, ["2,3,4?ranks=2,3", "2,2?ranks=3", "2,3,2,2?ranks=2"]),
    "elementwise": (elementwise, ["3", "2?depth=5", "12?depth=3"]),
}


CASES = [(check, f"{name}:{arguments}") for name, (check, given) in CHECKS.items() for arguments in given]


@pytest.mark.parametrize(("check", "spec"), CASES, ids=[spec for _, spec in CASES])
def test_phi_is_what_the_network_computes(check: Check, spec: str) -> None:
    source = random.Random(spec)
    arrays, phi = at_a_point(model_from_spec(spec), source)
    check(arrays, phi, Spec.parse(spec).arguments, source)


def test_every_family_is_checked() -> None:
    assert set(FAMILIES) - set(CHECKS) == {
        "map",
        "relu-regions",
    }  # the map is the user's; regions have tests of their own
