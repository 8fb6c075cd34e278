# ruff: noqa: N803, E741 (matrices keep the names they have in the papers)
"""The laws of the papers as matrices: found, named, and equal entry by entry to the formula written out by
hand.

A row is a model with the names of its laws, each with the same law in numpy; there must be no law besides.
Sources: arXiv 2307.00144 (gradient flow), 2405.12888 (momentum, mirror), 2506.06194 (attention, convolution),
2606.17816 (SwiGLU, rotary positions), 2012.04728 (softmax, normalisation, rescaling of gated units).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.laws.naming import NamedLaws
from tests.helpers import (
    DAMPINGS,
    Formula,
    complete_laws,
    evaluated,
    gradient,
    momentum,
    mostly_slow,
    unfolded,
)

Names = Mapping[str, Formula]


# -- comparing -------------------------------------------------------------------------------------
def assert_named(flow: pl.Flow, names: Names, *, damping: Any = 0, degree: int = 2) -> None:
    """The laws have exactly these names, all times exp(int tau), with these entries; no generator is left
    over."""
    factor, power = DAMPINGS[damping]
    clock = flow.ring.monomial(((flow.ring.clock_index or 0, power),) if power else ())
    named, rest = pl.name_laws(complete_laws(flow, degree))
    assert [group.name for group in named] == [f"{factor} ({name})" if factor else name for name in names]
    for group, formula in zip(named, names.values(), strict=True):
        assert_entries(group, np.asarray(clock * evaluated(formula, flow), dtype=object))
    assert rest == []


def assert_entries(group: NamedLaws, written: Any) -> None:
    """Shape, symmetry and entries are those of the array written out."""
    assert group.shape == written.shape
    assert group.symmetry == symmetry(written)
    upper = {
        index: h
        for index, h in nonzero(written).items()
        if not group.symmetry or index == tuple(sorted(index))
    }
    assert group.entries == upper


def nonzero(array: Any) -> dict[tuple[int, ...], pl.Polynomial]:
    return {tuple(i + 1 for i in index): h.primitive() for index, h in np.ndenumerate(array) if h}


def symmetry(array: Any) -> str:
    if array.ndim != 2 or len(array) == 1:
        return ""
    return "symmetric" if (array == array.T).all() else "skew" if (array == -array.T).all() else ""


def gram_difference(left: Any, right: Any) -> Any:
    return left @ left.T - right @ right.T


def skew(array: Any, velocity: Any) -> Any:
    return array @ velocity.T - velocity @ array.T


def diagonal(matrix: Any) -> Any:
    return np.diag(matrix).copy()


# -- gradient flow ---------------------------------------------------------------------------------
TWO_FACTORS: Names = {"U' U - V' V": lambda U, V: U.T @ U - V.T @ V}
TWO_LAYERS: Names = {"U1' U1 - U2 U2'": lambda U1, U2: U1.T @ U1 - U2 @ U2.T}
NEURONS: Names = {"diag(U1' U1 - U2 U2')": lambda U1, U2: diagonal(U1.T @ U1 - U2 @ U2.T)}

GRADIENT: dict[str, Names] = {
    "linear:2,3,2": TWO_LAYERS,
    "linear:3,1,2": TWO_LAYERS,
    "linear:2,2,2,2": TWO_LAYERS | {"U2' U2 - U3 U3'": lambda U2, U3: U2.T @ U2 - U3 @ U3.T},
    "linear:3,2,3,2": {"U2' U2 - U3 U3'": lambda U2, U3: U2.T @ U2 - U3 @ U3.T, **TWO_LAYERS},
    "factorization:2,3,2": TWO_FACTORS,
    "factorization:1,2,4": TWO_FACTORS,
    "factorization:1,1,3": {"U' V - V' U": lambda U, V: U.T @ V - V.T @ U, **TWO_FACTORS},
    "lora:3,2,2": TWO_FACTORS,
    "relu:2,3,1": NEURONS,
    "relu:2,2,2,1?bias=true": {
        "diag(U1' U1 - U2 U2' + b1 b1')": lambda U1, U2, b1: diagonal(U1.T @ U1 - U2 @ U2.T) + b1 * b1,
        "diag(U2' U2 - U3 U3' + b2 b2')": lambda U2, U3, b2: diagonal(U2.T @ U2 - U3 @ U3.T) + b2 * b2,
    },
    "leaky_relu:3,2,1": NEURONS,
    "homogeneous:2,2,2?p=1": {"diag(U' U - V' V)": lambda U, V: diagonal(U.T @ U - V.T @ V)},
    "homogeneous:2,2,2?p=3": {"diag(3 U' U - V' V)": lambda U, V: diagonal(3 * U.T @ U - V.T @ V)},
    "nmf:3,2,4": {"1' U - 1' V": lambda U, V: U.sum(axis=0) - V.sum(axis=0)},
    "icnn:2,3,2": {
        "2 1' U - diag(V' V + b b')": lambda U, V, b: 2 * U.sum(axis=0) - (V * V).sum(axis=0) - b * b
    },
    "attention:d1=2,dim=2": {
        "Q Q' - K K'": lambda Q, K: Q @ Q.T - K @ K.T,
        "V V' - O O'": lambda V, O: V @ V.T - O @ O.T,
    },
    "attention:d1=2,dim=3,heads=2,vo=false": {
        "Q1 Q1' - K1 K1'": lambda Q1, K1: Q1 @ Q1.T - K1 @ K1.T,
        "Q2 Q2' - K2 K2'": lambda Q2, K2: Q2 @ Q2.T - K2 @ K2.T,
    },
    "attention:d1=4,dim=2,vo=false,rope=true": {
        "tr(Qb1 Qb1' - Kb1 Kb1')": lambda Qb1, Kb1: np.trace(gram_difference(Qb1, Kb1)),
        "tr(Qb2 Qb2' - Kb2 Kb2')": lambda Qb2, Kb2: np.trace(gram_difference(Qb2, Kb2)),
    },
    "softmax:3,2": {"1' theta": lambda theta: theta.sum(axis=0)},
    "conv:2,2,2?taps=2,3&activation=relu": {
        "diag(W1(1) W1(1)' - W2(2) W2(2)')": lambda W1, W2: diagonal(
            gram_difference(unfolded(W1, 0), unfolded(W2, 1))
        ),
    },
    "conv:1,2,1?taps=3,2": {
        "W1(1) W1(1)' - W2(2) W2(2)'": lambda W1, W2: gram_difference(unfolded(W1, 0), unfolded(W2, 1))
    },
    "residual:2,3,2": TWO_LAYERS,
    "residual:2,3,2?activation=relu": NEURONS,
    "gated:2,2,2": {
        "diag(A' A - B B')": lambda A, B: diagonal(A.T @ A - B @ B.T),
        "diag(A' A - C C')": lambda A, C: diagonal(A.T @ A - C @ C.T),
    },
    "swiglu:2,2,2": {"diag(A' A - C C')": lambda A, C: diagonal(A.T @ A - C @ C.T)},
    "normalized:3,2": {"diag(w w')": lambda w: (w * w).sum(axis=1)},
    "cp:2,2,2?rank=2": {
        "diag(A1' A1 - A2' A2)": lambda A1, A2: diagonal(A1.T @ A1 - A2.T @ A2),
        "diag(A1' A1 - A3' A3)": lambda A1, A3: diagonal(A1.T @ A1 - A3.T @ A3),
    },
    "cp:2,3?rank=2": {"A1' A1 - A2' A2": lambda A1, A2: A1.T @ A1 - A2.T @ A2},
    "tucker:2,2,2?ranks=2": {
        "A1' A1 - G(1) G(1)'": lambda A1, G: gram_difference(A1.T, unfolded(G, 0)),
        "A2' A2 - G(2) G(2)'": lambda A2, G: gram_difference(A2.T, unfolded(G, 1)),
        "A3' A3 - G(3) G(3)'": lambda A3, G: gram_difference(A3.T, unfolded(G, 2)),
    },
    "tt:2,2,2?ranks=2,1": {
        "G1' G1 - G2(1) G2(1)'": lambda G1, G2: gram_difference(G1.T, unfolded(G2, 0)),
        "G2(3) G2(3)' - G3 G3'": lambda G2, G3: gram_difference(unfolded(G2, 2), G3),
    },
    "elementwise:2?depth=3": {
        "diag(u1 u1' - u2 u2')": lambda u1, u2: u1 * u1 - u2 * u2,
        "diag(u1 u1' - u3 u3')": lambda u1, u3: u1 * u1 - u3 * u3,
    },
}


@pytest.mark.parametrize("spec", mostly_slow(GRADIENT, *[*GRADIENT][::2]))
def test_gradient_flow(spec: str) -> None:
    assert_named(gradient(spec), GRADIENT[spec])


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        ("linear:1,2,1", TWO_LAYERS | {"U1' U2' - U2 U1": lambda U1, U2: U1.T @ U2.T - U2 @ U1}),
        (
            "conv:1,2,1?taps=2,2",
            GRADIENT["conv:1,2,1?taps=3,2"]
            | {
                "W1(1) W2(2)' - W2(2) W1(1)'": lambda W1, W2: (
                    unfolded(W1, 0) @ unfolded(W2, 1).T - unfolded(W2, 1) @ unfolded(W1, 0).T
                )
            },
        ),
    ],
    ids=["linear:1,2,1", "conv:1,2,1 of equal taps"],
)
def test_the_extra_law_of_two_equal_ends(spec: str, names: Names) -> None:
    assert_named(gradient(spec), names)


def test_column_sums_are_named_in_degree_1() -> None:
    assert_named(gradient("softmax:3,2"), GRADIENT["softmax:3,2"], degree=1)


METRICS: list[tuple[str, str, Names]] = [
    (
        "linear:2,2,2",
        "rates:U1=a,U2=b",
        {"b U1' U1 - a U2 U2'": lambda U1, U2, a, b: b * U1.T @ U1 - a * U2 @ U2.T},
    ),
    (
        "linear:2,2,2",
        "rates:U1=2,U2=3",
        {"3 U1' U1 - 2 U2 U2'": lambda U1, U2: 3 * U1.T @ U1 - 2 * U2 @ U2.T},
    ),
    ("linear:2,2,2", "rates:U2=1/2", {"U1' U1 - 2 U2 U2'": lambda U1, U2: U1.T @ U1 - 2 * U2 @ U2.T}),
    (
        "linear:2,2,2,2",
        "rates:U1=a,U2=b,U3=c",
        {
            "b U1' U1 - a U2 U2'": lambda U1, U2, a, b: b * U1.T @ U1 - a * U2 @ U2.T,
            "c U2' U2 - b U3 U3'": lambda U2, U3, b, c: c * U2.T @ U2 - b * U3 @ U3.T,
        },
    ),
    (
        "relu:2,2,1",
        "rates:U1=a",
        {"diag(U1' U1 - a U2 U2')": lambda U1, U2, a: diagonal(U1.T @ U1 - a * U2 @ U2.T)},
    ),
    ("linear:2,2,2", "mirror", {"1' U1 - U2 1": lambda U1, U2: U1.sum(axis=0) - U2.sum(axis=1)}),
    (
        "relu:2,2,2",
        "mirror:U1",
        {"2 1' U1 - diag(U2 U2')": lambda U1, U2: 2 * U1.sum(axis=0) - diagonal(U2 @ U2.T)},
    ),
]


@pytest.mark.parametrize(
    ("spec", "metric", "names"), METRICS, ids=[f"{spec} {metric}" for spec, metric, _ in METRICS]
)
def test_metrics(spec: str, metric: str, names: Names) -> None:
    assert_named(gradient(spec, metric), names)


@pytest.mark.parametrize(
    ("decay", "factor", "power"), [("lam", "exp(2*lam*t)", 2), ("1/2", "exp(t)", 2), (3, "exp(6*t)", 2)]
)
def test_weight_decay_brings_an_exponential(decay: Any, factor: str, power: int) -> None:
    names = {f"{factor} (U1' U1 - U2 U2')": lambda clock, U1, U2: clock**power * (U1.T @ U1 - U2 @ U2.T)}
    assert_named(gradient("linear:2,2,2", weight_decay=decay), names)


def test_weight_decay_of_a_linear_law_brings_its_first_power() -> None:
    names = {"exp(lam*t) (1' theta)": lambda clock, theta: clock * theta.sum(axis=0)}
    assert_named(gradient("softmax:3,2", weight_decay="lam"), names)


# -- natural gradient ------------------------------------------------------------------------------
def test_natural_gradient_has_the_laws_of_gradient_flow() -> None:
    """M = (J' J + c)^-1 times its denominator det(J J' + c) c, by the Woodbury identity; a damped
    Gauss-Newton flow."""
    model = pl.models.from_map(["x1", "x2", "x3"], ["x1*x2", "x2*x3"])
    x1, x2, x3 = map(model.ring.generator, model.ring.variables)
    jacobian = np.array([[x2, x1, 0], [0, x3, x2]], dtype=object)
    c = 2
    (p, q), (r, s) = jacobian @ jacobian.T + c * np.eye(2, dtype=int)
    adjugate = np.array([[s, -q], [-r, p]], dtype=object)
    newton = (p * s - q * r) * np.eye(3, dtype=int) - jacobian.T @ adjugate @ jacobian
    fisher = jacobian.T @ jacobian + c * np.eye(3, dtype=int)
    plain = complete_laws(pl.GradientFlow(model), 4)
    assert list(map(str, plain.generators)) == ["x1^2 - x2^2 + x3^2"]
    for metric in (newton, fisher):
        assert complete_laws(pl.GradientFlow(model, metric.tolist()), 4).basis == plain.basis


# -- momentum --------------------------------------------------------------------------------------
SKEW_FACTORS: Names = {
    "U' dU - dU' U + V' dV - dV' V": lambda U, dU, V, dV: skew(U.T, dU.T) + skew(V.T, dV.T)
}
SKEW_LAYERS: Names = {
    "U1' dU1 - dU1' U1 + U2 dU2' - dU2 U2'": lambda U1, dU1, U2, dU2: skew(U1.T, dU1.T) + skew(U2, dU2)
}
SKEW_HIGHER: Names = {
    "U2' dU2 - dU2' U2 + U3 dU3' - dU3 U3'": lambda U2, dU2, U3, dU3: skew(U2.T, dU2.T) + skew(U3, dU3)
}

MOMENTUM: dict[str, Names] = {
    "linear:2,3,2": SKEW_LAYERS,
    "linear:2,2,2,2": SKEW_LAYERS | SKEW_HIGHER,
    "linear:3,2,3,2": SKEW_HIGHER | SKEW_LAYERS,
    "factorization:2,1,3": SKEW_FACTORS,
    "factorization:1,1,2": {
        "U' dV - dU' V + V' dU - dV' U": lambda U, dU, V, dV: U.T @ dV - dU.T @ V + V.T @ dU - dV.T @ U,
        **SKEW_FACTORS,
    },
    "lora:3,2,2": SKEW_FACTORS,
    "attention:d1=2,dim=2": {
        "Q dQ' - dQ Q' + K dK' - dK K'": lambda Q, dQ, K, dK: skew(Q, dQ) + skew(K, dK),
        "V dV' - dV V' + O dO' - dO O'": lambda V, dV, O, dO: skew(V, dV) + skew(O, dO),
    },
    "attention:d1=4,dim=2,vo=false,rope=true": {
        "Qb1 dQb1' - dQb1 Qb1' + Kb1 dKb1' - dKb1 Kb1'": lambda Qb1, dQb1, Kb1, dKb1: (
            skew(Qb1, dQb1) + skew(Kb1, dKb1)
        ),
        "Qb2 dQb2' - dQb2 Qb2' + Kb2 dKb2' - dKb2 Kb2'": lambda Qb2, dQb2, Kb2, dKb2: (
            skew(Qb2, dQb2) + skew(Kb2, dKb2)
        ),
    },
    "conv:1,2,1?taps=3,2": {
        "W1(1) dW1(1)' - dW1(1) W1(1)' + W2(2) dW2(2)' - dW2(2) W2(2)'": lambda W1, dW1, W2, dW2: (
            skew(unfolded(W1, 0), unfolded(dW1, 0)) + skew(unfolded(W2, 1), unfolded(dW2, 1))
        )
    },
    "residual:2,3,2": SKEW_LAYERS,
    "tt:2,2?ranks=2": {
        "G1' dG1 - dG1' G1 + G2 dG2' - dG2 G2'": lambda G1, dG1, G2, dG2: skew(G1.T, dG1.T) + skew(G2, dG2)
    },
    "tucker:2,2?ranks=2,1": {
        "A1' dA1 - dA1' A1 + G dG' - dG G'": lambda A1, dA1, G, dG: skew(A1.T, dA1.T) + skew(G, dG)
    },
}

LAWLESS = [
    *(
        "relu:2,2,2",
        "relu:2,2,2?bias=true",
        "leaky_relu:2,2,1",
        "homogeneous:2,2,1?p=2",
        "nmf:2,2,2",
        "icnn:2,2,2",
    ),
    *(
        "conv:2,2,2?taps=2&activation=relu",
        "gated:2,2,2",
        "swiglu:2,2,2",
        "cp:2,2,2?rank=2",
        "elementwise:2?depth=3",
        "normalized:3,2",
    ),
]

dampings = pytest.mark.parametrize("damping", DAMPINGS)


@dampings
@pytest.mark.parametrize("spec", mostly_slow(MOMENTUM, *[*MOMENTUM][::3]))
def test_momentum(spec: str, damping: Any) -> None:
    assert_named(momentum(spec, damping), MOMENTUM[spec], damping=damping)


@dampings
@pytest.mark.parametrize("spec", LAWLESS)
def test_no_law_survives_momentum(spec: str, damping: Any) -> None:
    assert_named(momentum(spec, damping), {})


@pytest.mark.parametrize(
    ("damping", "factor"), [("2/3", "exp(2/3*t)"), ("1/t", "t"), ("1/2/t", "t^(1/2)"), ("1/2", "exp(1/2*t)")]
)
def test_other_dampings(damping: str, factor: str) -> None:
    [(name, formula)] = SKEW_LAYERS.items()
    flow = momentum("linear:2,2,2", damping)
    value = evaluated(lambda clock: clock, flow) * evaluated(formula, flow)
    assert_named(flow, {f"{factor} ({name})": lambda: value})


TRANSLATIONS: list[tuple[Any, Names]] = [
    (
        0,
        {
            "1' dtheta": lambda dtheta: dtheta.sum(axis=0),
            "1' theta - t (1' dtheta)": lambda theta, dtheta, clock: (theta - clock * dtheta).sum(axis=0),
        },
    ),
    (
        1,
        {
            "1' theta + 1' dtheta": lambda theta, dtheta: (theta + dtheta).sum(axis=0),
            "exp(t) (1' dtheta)": lambda dtheta, clock: clock * dtheta.sum(axis=0),
        },
    ),
    (
        "tau",
        {
            "tau 1' theta + 1' dtheta": lambda theta, dtheta, tau: (tau * theta + dtheta).sum(axis=0),
            "exp(tau*t) (1' dtheta)": lambda dtheta, clock: clock * dtheta.sum(axis=0),
        },
    ),
    (
        "3/t",
        {
            "t^3 (1' dtheta)": lambda dtheta, clock: clock**3 * dtheta.sum(axis=0),
            "2 1' theta + t (1' dtheta)": lambda theta, dtheta, clock: (2 * theta + clock * dtheta).sum(
                axis=0
            ),
        },
    ),
]


@pytest.mark.parametrize(("damping", "names"), TRANSLATIONS, ids=DAMPINGS)
def test_translations_give_two_momentum_laws_each(damping: Any, names: Names) -> None:
    """Column sums of softmax weights: the momentum e^(int tau) 1' theta', and the place it leads to."""
    assert_named(momentum("softmax:3,2", damping), names)


@dampings
def test_rates_divide_the_momentum_laws(damping: Any) -> None:
    flow = momentum("linear:2,2,2", damping, "rates:U1=a,U2=b")
    names: Names = {
        "b U1' dU1 - b dU1' U1 + a U2 dU2' - a dU2 U2'": lambda U1, dU1, U2, dU2, a, b: (
            b * skew(U1.T, dU1.T) + a * skew(U2, dU2)
        )
    }
    assert_named(flow, names, damping=damping)


@dampings
def test_an_l2_term_leaves_the_momentum_laws(damping: Any) -> None:
    """The loss may add any function of |theta|^2: bilinear laws stay, though balancedness does not."""
    plain = pl.models.linear(2, 2, 2)
    square = " + ".join(f"{name}^2" for name in plain.ring.variables)
    model = pl.models.from_map(None, [*map(str, plain.phi), square], arrays=plain.arrays)
    flow = pl.MomentumFlow(model, damping)
    assert_named(flow, SKEW_LAYERS, damping=damping)
    assert_named(pl.GradientFlow(model), {})


# -- counts ----------------------------------------------------------------------------------------
def two_factor_laws(n: int, m: int, r: int) -> int:
    """rk(2r + 1 - rk)/2 with rk = min(n + m, r); 2r - 1 for n = m = 1."""
    rank = min(n + m, r)
    return rank * (2 * r + 1 - rank) // 2 if max(n, m) > 1 else 2 * r - 1


def two_factor_momentum_laws(n: int, m: int, r: int) -> int:
    """rk(2r - 1 - rk)/2 with rk = min(2(n + m), r) for max(n, m) > 1."""
    rank = min(2 * (n + m), r)
    return rank * (2 * r - 1 - rank) // 2 if max(n, m) > 1 else [0, 2, 6, 10, 14, 18][r - 1]


GRID = [*product((1, 2, 3), (1, 2, 3), (1, 2, 3, 4)), (1, 1, 5), (1, 1, 6), (1, 2, 5), (2, 1, 5), (2, 2, 5)]
SIZES = "n={0[0]} m={0[1]} r={0[2]}".format
grid = pytest.mark.parametrize("sizes", GRID, ids=SIZES)


@grid
def test_number_of_laws_of_two_factors(sizes: tuple[int, int, int]) -> None:
    laws = complete_laws(pl.GradientFlow(pl.models.factorization(*sizes)))
    assert laws.independent.lower == two_factor_laws(*sizes)


@dampings
@pytest.mark.parametrize("sizes", mostly_slow(((sizes,) for sizes in GRID), *GRID[::3]), ids=SIZES)
def test_number_of_momentum_laws_of_two_factors(sizes: tuple[int, int, int], damping: Any) -> None:
    laws = complete_laws(pl.MomentumFlow(pl.models.factorization(*sizes), damping))
    assert laws.independent.lower == two_factor_momentum_laws(*sizes)


@pytest.mark.parametrize("r", [7, 8])
def test_number_of_momentum_laws_beyond_the_rank(r: int) -> None:
    """r > 2(n + m) = 6, where velocities and weights together no longer have r independent columns."""
    laws = complete_laws(pl.MomentumFlow(pl.models.factorization(1, 2, r), "tau"))
    assert laws.independent.lower == two_factor_momentum_laws(1, 2, r)


COUNTS: list[tuple[str, int, int]] = [
    *(
        (f"lora:{n},{m},2", two_factor_laws(n, m, 2), two_factor_momentum_laws(n, m, 2))
        for n, m in [(1, 1), (1, 3), (2, 3)]
    ),
    *(
        (f"attention:d1={r},dim={n}", 2 * two_factor_laws(n, n, r), 2 * two_factor_momentum_laws(n, n, r))
        for r, n in product((1, 2, 3), (1, 2))
    ),
    ("attention:d1=2,dim=2,heads=2", 4 * two_factor_laws(2, 2, 2), 4 * two_factor_momentum_laws(2, 2, 2)),
    ("attention:d1=2,dim=2,vo=false,rope=true", 1, 1),
    ("attention:d1=6,dim=2,vo=false,rope=true", 3, 3),
    ("attention:d1=2,dim=2,heads=2,vo=false,rope=true", 2, 2),
    *((f"relu:2,{r},{m}?bias={bias}", r, 0) for r, m, bias in product((1, 3), (1, 2), ("false", "true"))),
    ("relu:2,2,3,1", 2 + 3, 0),
    ("relu:1,2,2,2,1?bias=true", 2 + 2 + 2, 0),
    *((f"homogeneous:{n},{r},2?p={p}", r, 0) for n, r, p in product((1, 2), (1, 2), (1, 2, 3))),
    *((f"nmf:{n},{r},{m}", r, 0) for n, r, m in [(1, 1, 1), (1, 2, 3), (2, 3, 2), (1, 4, 1)]),
    *((f"icnn:{n},{r},{m}", r, 0) for n, r, m in [(1, 1, 1), (1, 3, 2), (2, 2, 1)]),
    *((f"softmax:{n},{m}", m, 2 * m) for n, m in product((2, 3), (1, 2, 3))),
    *(
        (f"conv:{c0},{c1},{c2}?taps=2,3&activation=relu", c1, 0)
        for c0, c1, c2 in [(1, 1, 1), (1, 2, 1), (2, 3, 1)]
    ),
    *((f"conv:2,{c},1?taps=2", c * (c + 1) // 2, c * (c - 1) // 2) for c in (1, 2, 3)),
    *((f"residual:2,{r},2", two_factor_laws(2, 2, r), two_factor_momentum_laws(2, 2, r)) for r in (1, 2, 3)),
    *((f"gated:{n},{h},{m}", 2 * h, 0) for n, h, m in [(1, 1, 2), (2, 3, 2), (2, 2, 1)]),
    *((f"swiglu:{n},{h},{m}", h, 0) for n, h, m in [(1, 1, 1), (2, 3, 2)]),
    *((f"normalized:{d},{g}", g, 0) for d, g in [(2, 3), (4, 1)]),
    ("cp:2,2,2?rank=3", 2 * 3, 0),
    ("cp:2,2,2,2?rank=1", 3, 0),
    ("tucker:2,2,2?ranks=2", 3 * 3, 3 * 1),
    ("tt:2,2,2?ranks=2", 2 * 3, 2 * 1),
    ("linear:3,2,3,2", 3 + 6, 1 + 3),
    ("linear:3,3,3,3", 6 + 6, 3 + 3),
    ("map:x1*x2*x3*x4", 3, 0),
    ("map:w1;w2;w3", 0, 0),  # GELU and SiLU feed-forward: the loss sees every weight
]


@pytest.mark.parametrize(
    ("spec", "laws", "momentum_laws"),
    mostly_slow(COUNTS, *(spec for spec, *_ in COUNTS[::3])),
    ids=[spec for spec, *_ in COUNTS],
)
def test_number_of_laws(spec: str, laws: int, momentum_laws: int) -> None:
    assert complete_laws(gradient(spec)).independent.lower == laws
    for damping in (0, "tau"):
        assert complete_laws(momentum(spec, damping)).independent.lower == momentum_laws
