"""The zoo: phi written out by hand on small sizes, shapes and metrics, and what happens on bad input."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import polylaw as pl
from polylaw.algebra.ring import Ring
from polylaw.errors import (
    InexactError,
    InputError,
    NameConflictError,
    ParseError,
    PolylawError,
    UnknownNameError,
)
from polylaw.models import FAMILIES, from_map, model_from_spec
from polylaw.models.family import example
from tests.helpers import at_most_calls

PHI: dict[str, list[str]] = {
    "linear:1,2,1": ["U1_1_1*U2_1_1 + U1_1_2*U2_2_1"],
    "factorization:1,1,1": ["U_1_1*V_1_1"],
    "lora:2,1,1": ["U_1_1*V_1_1", "U_2_1*V_1_1"],
    "relu:1,1,1?bias=true": ["U1_1_1*U2_1_1", "b1_1*U2_1_1", "b2_1"],
    "leaky_relu:1,2,1": ["U1_1_1*U2_1_1", "U1_1_2*U2_2_1"],
    "relu-regions:1,1,1?bias=true": ["b2_1", "U1_1_1*U2_1_1", "b1_1*U2_1_1 + b2_1"],
    "relu-regions:1,1,2": ["U1_1_1*U2_1_1", "U1_1_1*U2_1_2"],
    "homogeneous:1,1,2?p=2": ["U_1_1*V_1_1^2", "U_1_1*V_1_1*V_2_1", "U_1_1*V_2_1^2"],
    "homogeneous:1,2,1?p=3": ["U_1_1*V_1_1^3", "U_1_2*V_1_2^3"],
    "nmf:1,2,1": ["U_1_1*V_1_1 + U_1_2*V_1_2"],
    "nmf:1,1,2": ["U_1_1*V_1_1", "U_1_1*V_2_1"],
    "icnn:1,2,1": ["U_1_1*V_1_1", "U_1_2*V_1_2", "U_1_1*b_1", "U_1_2*b_2"],
    "attention:d1=1,dim=1": ["Q_1_1*K_1_1", "V_1_1*O_1_1"],
    "attention:d1=2,dim=1,vo=false": ["Q_1_1*K_1_1 + Q_2_1*K_2_1"],
    "attention:d1=1,dim=1,heads=2": ["Q1_1_1*K1_1_1", "V1_1_1*O1_1_1", "Q2_1_1*K2_1_1", "V2_1_1*O2_1_1"],
    "attention:d1=2,dim=1,vo=false,rope=true": [
        "Qb1_1_1*Kb1_1_1 + Qb1_2_1*Kb1_2_1",
        "Qb1_2_1*Kb1_1_1 - Qb1_1_1*Kb1_2_1",
    ],
    "softmax:2,2": ["theta_1_1 - theta_2_1", "theta_1_2 - theta_2_2"],
    "conv:1,1,1?taps=2": [
        "W1_1_1_1*W2_1_1_1",
        "W1_1_1_2*W2_1_1_1 + W1_1_1_1*W2_1_1_2",
        "W1_1_1_2*W2_1_1_2",
    ],
    "conv:1,1,1?taps=2,1&stride=2,1": ["W1_1_1_1*W2_1_1_1", "W1_1_1_2*W2_1_1_1"],
    "conv:1,1,1?taps=2&stride=2": [
        "W1_1_1_1*W2_1_1_1",
        "W1_1_1_2*W2_1_1_1",
        "W1_1_1_1*W2_1_1_2",
        "W1_1_1_2*W2_1_1_2",
    ],
    "conv:1,1,1?taps=2&activation=relu": [
        "W1_1_1_1*W2_1_1_1",
        "W1_1_1_1*W2_1_1_2",
        "W1_1_1_2*W2_1_1_1",
        "W1_1_1_2*W2_1_1_2",
    ],
    "conv:1,1?taps=2&dim=2": ["W1_1_1_1_1", "W1_1_1_1_2", "W1_1_1_2_1", "W1_1_1_2_2"],
    "residual:1,1,1": ["U1_1_1*U2_1_1 + 1"],
    "residual:1,1,1?bias=true": ["U1_1_1*U2_1_1 + 1", "b1_1*U2_1_1", "b2_1"],
    "residual:1,2,1?activation=relu": ["U1_1_1*U2_1_1", "U1_1_2*U2_2_1"],
    "gated:1,1,2": ["A_1_1*B_1_1*C_1_1", "A_1_1*B_1_1*C_1_2 + A_1_1*B_1_2*C_1_1", "A_1_1*B_1_2*C_1_2"],
    "swiglu:1,1,2": ["A_1_1*C_1_1", "A_1_1*C_1_2", "B_1_1", "B_1_2"],
    "normalized:2,1": [
        "w_1_1^2/(w_1_1^2 + w_1_2^2)",
        "w_1_1*w_1_2/(w_1_1^2 + w_1_2^2)",
        "w_1_2^2/(w_1_1^2 + w_1_2^2)",
    ],
    "cp:1,1,2?rank=2": [
        "A1_1_1*A2_1_1*A3_1_1 + A1_1_2*A2_1_2*A3_1_2",
        "A1_1_1*A2_1_1*A3_2_1 + A1_1_2*A2_1_2*A3_2_2",
    ],
    "tucker:1,1?ranks=1,2": ["A1_1_1*G_1_1*A2_1_1 + A1_1_1*G_1_2*A2_1_2"],
    "tt:1,2,1?ranks=1": ["G1_1_1*G2_1_1_1*G3_1_1", "G1_1_1*G2_1_2_1*G3_1_1"],
    "tt:1,1?ranks=2": ["G1_1_1*G2_1_1 + G1_1_2*G2_2_1"],
    "elementwise:2?depth=3": ["u1_1*u2_1*u3_1", "u1_2*u2_2*u3_2"],
    "map:x10*x2;x2/(1 + x10^2)": ["x2*x10", "x2/(x10^2 + 1)"],
}

SIZES: dict[str, tuple[int, int]] = {  # parameters, components of phi
    "homogeneous:3,4,2?p=3": (20, 4 * 3 * 4),
    "nmf:3,2,4": (14, 12),
    "icnn:2,3,4": (21, 2 * 3 * 5),
    "attention:d1=4,dim=3,heads=2,rope=true": (96, 2 * (2 * 2 * 9 + 9)),
    "softmax:4,3": (12, 9),
    "conv:2,3,2?taps=3,2": (30, 2 * 2 * 4),
    "conv:1,2,1?taps=2&dim=2": (16, 9),
    "conv:1,2,1?taps=2&dim=2&activation=relu": (16, 2 * 4 * 4),
    "residual:3,2,3?bias=true": (17, 9 + 3 + 3),
    "gated:2,3,4": (30, 2 * 10),
    "swiglu:2,3,4": (30, 2 * 3 * 4 + 12),
    "normalized:3,2": (6, 12),
    "cp:2,3,4?rank=5": (45, 24),
    "cp:2,2,2,2?rank=1": (8, 16),
    "tucker:2,3,4?ranks=1,2,3": (2 + 6 + 12 + 6, 24),
    "tt:2,3,4?ranks=2,3": (4 + 18 + 12, 24),
    "elementwise:5": (10, 5),
}

ARRAYS = {
    "attention:d1=2,dim=3": {"Q": (2, 3), "K": (2, 3), "V": (2, 3), "O": (2, 3)},
    "attention:d1=4,dim=1,heads=2,vo=false,rope=true": {
        f"{x}{h}b{b}": (2, 1) for h in "12" for b in "12" for x in "QK"
    },
    "conv:1,2,3?taps=3,2": {"W1": (2, 1, 3), "W2": (3, 2, 2)},
    "conv:1,2?taps=3&dim=2": {"W1": (2, 1, 3, 3)},
    "tt:2,3,4?ranks=5,6": {"G1": (2, 5), "G2": (5, 3, 6), "G3": (6, 4)},
    "normalized:3,2": {"w": (2, 3)},
}

BAD: list[tuple[str, str]] = [
    ("softmax:0,3", "an integer >= 2; one class has probability 1"),
    ("normalized:0,3", "an integer >= 2; a single weight has no direction"),
    ("softmx:1,2", "did you mean 'softmax'?"),
    ("nmf:0,1,1", "nmf n: found 0, expected an integer >= 1"),
    ("nmf:1,2", "n,r,m"),
    ("nmf:1,x,2", "nmf argument 2: found 'x'"),
    ("nmf:1,2,3?rank=2", "nmf option: found 'rank'"),
    ("icnn:1,-2,3", "icnn r: found -2"),
    ("homogeneous:1,1,1?p=0", "homogeneous p: found 0"),
    ("attention:dim=3", "d1=2,dim=3"),
    ("attention:d1=3,dim=2,rope=true", "an even number when rope=true"),
    ("attention:d1=2,dim=2,vo=maybe", "true or false"),
    ("attention:d1=2,d1=2,dim=2", "d1 twice"),
    ("softmax:1,3", "softmax n: found 1, expected an integer >= 2"),
    ("relu-regions:2", "at least 2 widths"),
    ("relu-regions:2,3,1?inputs=0", "relu-regions inputs: found 0"),
    ("relu-regions:2,3,1?seed=x", "relu-regions option seed: found 'x'"),
    (
        "relu-regions:2,3,1?weights=1",
        "weights: found '1', expected a mapping from weight names to exact numbers; give it in Python",
    ),
    (
        "relu-regions:2,3,1?patterns=111",
        "patterns: found '111', expected a list of patterns; give them in Python",
    ),
    ("normalized:1,3", "normalized d: found 1, expected an integer >= 2"),
    ("conv:1", "at least 2 widths"),
    ("conv:1,2,1?taps=2,2,2", "conv option taps: found '2,2,2', expected one integer, or 2"),
    ("conv:1,2,1?taps=0", "conv option taps: found 0"),
    ("conv:1,2,1?stride=1,2,3", "conv option stride"),
    ("conv:1,2,1?dim=3", "conv option dim: found 3, expected 1 or 2"),
    ("conv:1,2,1?activation=tanh", "conv option activation: found 'tanh', expected linear or relu"),
    ("residual:2,3,4", "the first and last width equal"),
    ("residual:2,3,2?activation=gelu", "linear or relu"),
    ("gated:2,2", "n,h,m"),
    ("cp:2,2", "rank=2"),
    ("cp:2?rank=1", "at least 2 widths"),
    ("cp:2,2?rank=0", "cp rank: found 0"),
    ("tucker:2,2,2?ranks=1,2", "tucker option ranks: found '1,2', expected one integer, or 3"),
    ("tt:2,2,2?ranks=1,2,3", "tt option ranks: found '1,2,3', expected one integer, or 2"),
    ("elementwise:3?depth=1", "elementwise option depth: found 1, expected an integer >= 2"),
    ("map:", "phi: found 'none'"),
    ("map:x*y;", "phi[2]"),
    ("map:x*y;x+?", "phi[2]"),
    ("map:x/0", "phi[1]"),
]

HUGE = [
    "homogeneous:1,1,100000?p=2",
    "homogeneous:1,1,9999?p=999999999",
    "homogeneous:1,1,2000?p=2000",
    "homogeneous:999999999,1,1",
    "nmf:40000,1,40000",
    "icnn:40000,1,40000",
    "attention:d1=1,dim=20000",
    "attention:d1=1,dim=200,heads=120",
    "attention:d1=999999998,dim=999999999,rope=true",
    "softmax:999999999,999999999",
    "conv:1,100,100,100,100?taps=3",
    "conv:1,2,1?taps=99999&dim=2",
    "conv:1,1,1,1?taps=400&activation=relu",
    "residual:50,50,50,50,50",
    "residual:50,50,50,50,50?activation=relu&bias=true",
    "residual:" + ",".join(["2"] * 20_000),
    "relu-regions:50,50,50,50,50?inputs=1",
    "relu-regions:2,3,1?inputs=999999999",
    "relu-regions:2,3000,1?inputs=500",
    "gated:300,300,300",
    "swiglu:99999,1,99999",
    "normalized:2000,1",
    "normalized:999999999,999999999",
    "cp:" + ",".join(["2"] * 40) + "?rank=1",
    "tucker:" + ",".join(["9"] * 5_000) + "?ranks=9",
    "tt:" + ",".join(["2"] * 4_000) + "?ranks=2",
    "elementwise:999999999?depth=999999999",
]


@pytest.mark.parametrize("spec", PHI)
def test_phi_is_what_one_writes_by_hand(spec: str) -> None:
    model = model_from_spec(spec)
    by_hand = from_map(model.ring.variables, PHI[spec])
    assert [str(component) for component in model.phi] == [str(component) for component in by_hand.phi]


def test_every_family_is_written_by_hand() -> None:
    assert {spec.partition(":")[0] for spec in PHI} == set(FAMILIES)


@pytest.mark.parametrize("spec", SIZES)
def test_sizes(spec: str) -> None:
    model = model_from_spec(spec)
    assert (model.dimension, len(model.phi)) == SIZES[spec]


@pytest.mark.parametrize("spec", ARRAYS)
def test_arrays(spec: str) -> None:
    assert dict(model_from_spec(spec).arrays) == ARRAYS[spec]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_says_what_it_is_and_its_example_builds(name: str) -> None:
    entry = FAMILIES[name]
    assert entry.name == name
    assert " e.g. " in entry.arguments
    assert all(text.strip() for text in (entry.phi, entry.laws, entry.source))
    assert entry.build.__doc__
    assert model_from_spec(example(entry)).phi


def test_metrics() -> None:
    metrics = {name: model_from_spec(example(entry)).metric for name, entry in FAMILIES.items()}
    assert {name: metric for name, metric in metrics.items() if metric != "euclidean"} == {
        "nmf": "mirror",
        "icnn": "mirror:U",
    }


def test_one_size_for_all_layers_is_short_for_one_each() -> None:
    for short, long in [
        ("conv:1,2,1?taps=2", "conv:1,2,1?taps=2,2"),
        ("tucker:2,2?ranks=1", "tucker:2,2?ranks=1,1"),
    ]:
        assert list(map(str, model_from_spec(short).phi)) == list(map(str, model_from_spec(long).phi))


@pytest.mark.parametrize(("spec", "fragment"), BAD)
def test_bad_input_is_one_clear_error(spec: str, fragment: str) -> None:
    with pytest.raises(InputError) as caught:
        model_from_spec(spec)
    message = str(caught.value)
    assert fragment in message
    assert "\n" not in message


@pytest.mark.parametrize("spec", HUGE, ids=lambda spec: spec[:40])
def test_huge_sizes_fail_fast(spec: str) -> None:
    with at_most_calls(5_000_000), pytest.raises(InputError, match="expected at most"):
        model_from_spec(spec)


# -- maps -------------------------------------------------------------------------------------------
def test_a_map_from_arrays_variables_and_parameters() -> None:
    model = from_map(
        ["x"], ["a*U_1_1*x + U_2_1"], parameters=["a"], arrays={"U": [2, 1]}, name="mine", metric="mirror"
    )
    assert model.ring.variables == ("U_1_1", "U_2_1", "x")
    assert model.ring.parameters == ("a",)
    assert dict(model.arrays) == {"U": (2, 1)}
    assert (model.name, model.metric) == ("mine", "mirror")
    assert from_map(None, ["s*v_2"], arrays={"s": (), "v": (2,)}).ring.variables == ("s", "v_1", "v_2")


def test_a_map_takes_polynomials_quotients_and_numbers() -> None:
    ring = Ring(["y", "x"])
    quotient = from_map(["x", "y"], ["x/y"]).phi[0]
    model = from_map(["x", "y"], [ring.parse("x*y"), quotient, 3, Fraction(1, 2)])
    assert [str(component) for component in model.phi] == ["x*y", "(x)/(y)", "3", "1/2"]
    assert all(component.numerator.ring == model.ring for component in model.phi)


def test_a_map_takes_sympy_expressions() -> None:
    pytest.importorskip("polylaw.algebra.sympy_bridge")
    sympy = pytest.importorskip("sympy")
    x, y = sympy.symbols("x y")
    model = from_map(["x", "y"], [x * y / 2, x / (1 + y)])
    assert [str(component) for component in model.phi] == ["1/2*x*y", "(x)/(y + 1)"]
    with pytest.raises(InexactError, match=r"phi\[1\]"):
        from_map(["x"], [0.5 * x])


def test_variables_of_a_spec_are_in_natural_order() -> None:
    assert model_from_spec("map:x10*x2;b*x1*a").ring.variables == ("a", "b", "x1", "x2", "x10")


@pytest.mark.parametrize(
    ("arguments", "options", "error", "fragment"),
    [
        ((["x", "x"], ["x"]), {}, NameConflictError, "each name once"),
        ((["U_1_1"], ["U_1_1"]), {"arrays": {"U": (1, 1)}}, NameConflictError, "each name once"),
        ((["x"], ["x"]), {"parameters": ["x"]}, NameConflictError, "each name once"),
        ((["x"], []), {}, InputError, "phi: found 'none'"),
        (([], ["1"]), {}, InputError, "variables: found 'none'"),
        ((None, ["1"]), {}, InputError, "variables: found 'none'"),
        ((["x1", "y"], ["x1", "x2"]), {}, UnknownNameError, "phi[2]: name: found 'x2'"),
        ((["x"], [Ring(["z"]).parse("z")]), {}, UnknownNameError, "phi[1]: name: found 'z'"),
        ((["x"], ["x", 0.5]), {}, InexactError, "phi[2]: found 0.5"),
        ((["x"], [None]), {}, InputError, "phi[1]: found None"),
        ((["x"], ["x + "]), {}, ParseError, "phi[1]"),
        ((["x"], ["__import__('os')"]), {}, ParseError, "phi[1]"),
        ((["x"], "x^2"), {}, InputError, "phi: found 'x^2', expected a list"),
        (("xy", ["x"]), {}, InputError, "variables: found 'xy', expected a list"),
        ((["2x"], ["1"]), {}, InputError, "variable name: found '2x'"),
        ((None, ["1"]), {"arrays": {"U": (2, 0)}}, InputError, "size of U: found 0"),
        ((None, ["1"]), {"arrays": {"U": 3}}, InputError, "shape of U: found 3, expected a list"),
        ((None, ["1"]), {"arrays": {"U": (9,) * 9000}}, InputError, "at most"),
    ],
)
def test_a_bad_map_is_one_clear_error(
    arguments: tuple[Any, ...], options: dict[str, Any], error: type[PolylawError], fragment: str
) -> None:
    with pytest.raises(error) as caught:
        from_map(*arguments, **options)
    assert fragment in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([[1, 0], [0, 1]], "gradient flow, metric matrix"),
        ([[2, 1], [1, 2]], "gradient flow, metric matrix"),
        ([["x", 0], [0, "y"]], "gradient flow, metric matrix"),
        ([["x", "y"], ["y", "x"]], "gradient flow, metric matrix"),
        ([[1, 1], [0, 1]], "flow, forces M grad L where M is not symmetric"),
        ([["x", "y"], ["x", "x"]], "flow, forces M grad L where M is not symmetric"),
        ([[0, 1], [-1, 0]], "flow, forces M grad L where M is not symmetric"),
        ([[1, 2], [2, 1]], "flow, forces M grad L where M is not positive definite"),
        ([[0, 1], [1, 0]], "flow, forces M grad L where M is not positive definite"),
        ([[1, 1], [1, 1]], "flow, forces M grad L where M is not positive definite"),
        ([[1, 0], [0, -1]], "flow, forces M grad L where M is not positive definite"),
    ],
    ids=str,
)
def test_a_matrix_that_is_no_metric_is_not_called_one(rows: list[list[object]], name: str) -> None:
    model = from_map(["x", "y"], ["x*y"])
    assert pl.GradientFlow(model, rows).name == name
    assert pl.MomentumFlow(model, 1, rows).name == f"momentum flow, damping 1, {name.partition(', ')[2]}"


def test_models_are_values() -> None:
    """Equal by what they are, whether a spec, a call or a map by hand made them."""
    made, called = model_from_spec("linear:1,2,1"), pl.models.linear(1, 2, 1)
    assert made == called
    assert hash(made) == hash(called)
    assert len({made, called, pl.models.linear(1, 2, 2), pl.models.relu_regions(2, 2, 1)}) == 3
    shaped = [pl.shaped_of_spec("linear:*,*,*") for _ in range(2)]
    assert len(set(shaped)) == 1
    by_hand = [from_map(None, ["s*w_1"], arrays={"s": shape, "w": [1]}) for shape in ((), [])]
    assert len(set(by_hand)) == 1
