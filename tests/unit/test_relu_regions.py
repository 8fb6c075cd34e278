"""ReLU networks on the activation regions near one point: against the network itself, path lifting, and laws
written by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.errors import InexactError, InputError, PolylawError, UnknownNameError
from polylaw.models import on_data, relu, relu_regions
from polylaw.models.description import ONE_REGION
from polylaw.models.relu_regions import Regions
from tests.helpers import complete_laws, gradient, span_dimension, weights

#: Widths and a weight for every name of a 2-2-2-1 network whose second hidden layer has the incoming weights
#: given.
DEEP = (2, 2, 2, 1)
FIRST = {"U1_1_1": 1, "U1_1_2": -2, "U1_2_1": "1/2", "U1_2_2": 3, "U3_1_1": 1, "U3_2_1": -1}
BIASES = {"b1_1": 1, "b1_2": -1, "b2_1": "1/3", "b2_2": 2, "b3_1": 0}


def deep(*second: int, **options: Any) -> pl.Model:
    """A 2-2-2-1 network with U2 = second, row by row."""
    names = ("U2_1_1", "U2_1_2", "U2_2_1", "U2_2_2")
    theta = {**FIRST, **dict(zip(names, second, strict=True)), **(BIASES if options.get("bias") else {})}
    return relu_regions(*DEEP, weights=theta, **options)


def laws_of(model: pl.Model) -> pl.LawSpace:
    return complete_laws(pl.GradientFlow(model), 2)


def is_law(model: pl.Model, law: Any) -> bool:
    return not pl.GradientFlow(model).distribution.residuals(law)


def forward(model: pl.Model, x: list[Fraction]) -> list[Any]:
    """What the network computes at theta_0: plain matrix products with max(z, 0) between them."""
    network = model.network
    assert isinstance(network, Regions)
    theta = dict(zip(model.ring.variables, network.theta, strict=True))
    z = np.array(x, dtype=object)
    layers = len(network.matrices)
    for k in range(1, layers + 1):
        rows, columns = model.arrays[f"U{k}"]
        matrix = np.array(
            [[theta[f"U{k}_{i}_{j}"] for j in range(1, columns + 1)] for i in range(1, rows + 1)],
            dtype=object,
        )
        z = z @ matrix
        if network.biases:
            z = z + np.array([theta[f"b{k}_{j}"] for j in range(1, columns + 1)], dtype=object)
        if k < layers:
            z = np.maximum(z, 0)
    return list(z)


# -- the network ------------------------------------------------------------------------------------
@pytest.mark.parametrize("bias", [False, True], ids=["no bias", "bias"])
@pytest.mark.parametrize("widths", [(2, 3, 1), (3, 2, 2), (2, 3, 3, 2), (1, 2, 2, 2, 1)], ids=str)
def test_outputs_at_theta_0_are_those_of_the_network(widths: tuple[int, ...], bias: bool) -> None:
    model = relu_regions(*widths, bias=bias, seed=3)
    network = model.network
    assert isinstance(network, Regions)
    theta = dict(enumerate(network.theta))
    for n in range(1, 12):
        x = [Fraction((-1) ** (n * k) * (7 * n + k), 2 * k + 3) for k in range(widths[0])]
        outputs = network.outputs(model.phi, x, "x")
        assert [g.numerator(theta) for g in outputs] == forward(model, x)


def test_the_regions_of_two_lines_are_found() -> None:
    theta = {"U1_1_1": 1, "U1_1_2": 1, "U1_2_1": 0, "U1_2_2": 1, "U2_1_1": 5, "U2_2_1": -7}
    model = relu_regions(2, 2, 1, weights=theta)
    first, second = ("U1_1_1*U2_1_1", "U1_2_1*U2_1_1"), ("U1_1_2*U2_2_1", "U1_2_2*U2_2_1")
    both = tuple(f"{a} + {b}" for a, b in zip(first, second, strict=True))
    assert [str(component) for component in model.phi] == [
        *second,
        *first,
        *both,
    ]  # regions 01, 10, 11; nothing is seen of 00


def test_components_that_several_regions_share_are_listed_once() -> None:
    model = relu_regions(1, 1, 1, bias=True, patterns=[["0"], ["1"], ["1"]])
    assert [str(component) for component in model.phi] == ["b2_1", "U1_1_1*U2_1_1", "U2_1_1*b1_1 + b2_1"]


def test_arrays_are_those_of_relu() -> None:
    for bias in (False, True):
        regions, lifted = relu_regions(2, 3, 1, bias=bias), relu(2, 3, 1, bias=bias)
        assert (regions.ring, regions.arrays) == (lifted.ring, lifted.arrays)


# -- laws -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("bias", [False, True], ids=["no bias", "bias"])
@pytest.mark.parametrize("widths", [(2, 3, 1), (2, 2, 2), (3, 2, 2)], ids=str)
def test_with_all_regions_two_layers_have_the_laws_of_path_lifting(
    widths: tuple[int, ...], bias: bool
) -> None:
    regions, lifted = laws_of(relu_regions(*widths, bias=bias, seed=1)), laws_of(relu(*widths, bias=bias))
    assert list(map(str, regions)) == list(map(str, lifted))
    assert regions.independent.lower == widths[1]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("bias", [False, True], ids=["no bias", "bias"])
def test_every_law_of_path_lifting_is_a_law_on_regions(seed: int, bias: bool) -> None:
    flow = pl.GradientFlow(relu_regions(*DEEP, bias=bias, seed=seed))
    lifted, regions = laws_of(relu(*DEEP, bias=bias)), complete_laws(flow, 2)
    assert all(not flow.distribution.residuals(h) for h in [*lifted, *regions])
    assert span_dimension([*regions, *lifted]) == regions.dimension


def test_fewer_inputs_see_fewer_regions_and_leave_more_laws() -> None:
    few, many = laws_of(relu_regions(2, 4, 1, inputs=1)), laws_of(relu_regions(2, 4, 1, inputs=200))
    assert span_dimension([*few, *many]) == few.dimension > many.dimension


@pytest.mark.parametrize("bias", [False, True], ids=["no bias", "bias"])
def test_every_weight_of_a_neuron_that_is_never_active_is_a_law(bias: bool) -> None:
    if bias:  # the bias of the second neuron of layer 1 stays far below what its inputs reach
        model = relu_regions(2, 2, 1, bias=True, patterns=[["10"], ["00"]])
        dead, alive = ["U1_1_2", "U1_2_2", "U2_2_1", "b1_2"], ["U1_1_1", "U2_1_1", "b1_1", "b2_1"]
    else:
        model = deep(-1, 2, -3, 5)
        dead, alive = ["U2_1_1", "U2_2_1", "U3_1_1"], ["U1_1_1", "U2_1_2", "U3_2_1"]
        assert "|01" in model.notes[0]
        assert "|1" not in model.notes[0]
    linear = [str(h) for h in laws_of(model) if h.degree == 1]
    assert sorted(linear) == sorted(dead)
    assert [name for name in alive if is_law(model, model.ring.generator(name))] == []


@pytest.mark.parametrize("bias", [False, True], ids=["no bias", "bias"])
def test_neurons_that_are_always_active_act_linearly(bias: bool) -> None:
    model = deep(1, 2, 3, "1/2", bias=bias)  # positive weights on what is never negative
    w = weights(pl.GradientFlow(model))
    balanced = w["U2"].T @ w["U2"] - w["U3"] @ w["U3"].T
    if bias:
        balanced = balanced + np.outer(w["b2"], w["b2"])
    assert [is_law(model, balanced[index]) for index in [(0, 0), (0, 1), (1, 1)]] == [True] * 3
    assert not is_law(relu(*DEEP, bias=bias), balanced[0, 1])
    first = w["U1"].T @ w["U1"] - w["U2"] @ w["U2"].T
    if bias:
        first = first + np.outer(w["b1"], w["b1"])
    assert [is_law(model, first[index]) for index in [(0, 0), (0, 1), (1, 1)]] == [True, False, True]
    assert laws_of(model).dimension == 5


def test_on_one_region_a_network_is_linear() -> None:
    """With every neuron active the map is U1 U2, and with biases an affine one."""
    regions, linear = laws_of(relu_regions(2, 3, 2, patterns=[["111"]])), laws_of(pl.models.linear(2, 3, 2))
    assert list(map(str, regions)) == list(map(str, linear))


def test_a_network_that_is_nowhere_active_is_constant() -> None:
    model = deep(-1, -2, -3, -5)
    assert [str(component) for component in model.phi] == ["0"]
    assert "nothing moves" in pl.GradientFlow(model).distribution.steps[-1]


# -- the record -------------------------------------------------------------------------------------
SEEN = (
    "activation regions: 4 seen in 50 sampled inputs at a random theta_0 (seed 1): 00, 01, 10, 11; "
    "regions that were missed can only remove laws, so laws and their number are upper bounds for the network"
)
NEAR = "laws hold near theta_0, where the regions are these"


def test_every_flow_records_the_regions() -> None:
    model = relu_regions(2, 2, 2, inputs=50, seed=1)
    assert model.notes == (SEEN, NEAR)
    assert pl.GradientFlow(model).distribution.steps == (SEEN, NEAR)
    assert pl.MomentumFlow(model, "3/t").distribution.steps[:2] == (SEEN, NEAR)
    assert pl.GradientFlow(relu(2, 2, 2)).distribution.steps == (ONE_REGION,)
    assert pl.GradientFlow(relu(2, 2)).distribution.steps == ()  # no neuron that could switch


def test_at_most_twelve_regions_are_listed() -> None:
    [note, _] = relu_regions(3, 6, 1).notes
    listed = note.partition("(seed 0): ")[2].partition(";")[0].split(", ")
    assert (len(listed), listed[-1]) == (13, "...")


def test_layers_are_separated_by_a_bar() -> None:
    model = relu_regions(*DEEP, patterns=[("11", "01"), ("10", "10")])
    assert model.notes == (
        "activation regions: 2 given: 10|10, 11|01; laws hold where the regions are these",
    )


def test_the_sample_depends_on_the_seed_alone() -> None:
    spec = "relu-regions:2,3,2?bias=true&inputs=40&seed=7"
    one, other = gradient(spec).model, gradient(spec).model
    assert (one.phi, one.notes) == (other.phi, other.notes)
    assert one == relu_regions(2, 3, 2, bias=True, inputs=40, seed=7)
    seeds = [relu_regions(2, 2, 1, seed=seed).network for seed in range(5)]
    assert all(a != b for i, a in enumerate(seeds) for b in seeds[:i])
    network = relu_regions(2, 2, 1).network
    assert isinstance(network, Regions)
    assert network.theta == (-52, 36, -82, -99, -4, -23)


def test_inputs_on_a_boundary_are_skipped() -> None:
    """The first neuron reads nothing, so it is 0 at every input; with a bias it is not."""
    theta = {"U1_1_1": 0, "U1_1_2": 1, "U2_1_1": 1, "U2_2_1": 1}
    with pytest.raises(InputError, match="every input on a boundary"):
        relu_regions(1, 2, 1, weights=theta)
    note = relu_regions(
        1, 2, 1, bias=True, weights={**theta, "b1_1": -1, "b1_2": 1, "b2_1": 1}, inputs=300, seed=1
    ).notes[0]
    assert "at the given theta_0: 00, 01;" in note
    assert " on a boundary skipped" in note  # x = -1


def test_a_layer_that_nothing_enters_is_on_no_boundary() -> None:
    assert "00|00" in deep(1, 2, 3, 5).notes[0]


# -- data -------------------------------------------------------------------------------------------
def test_given_points_use_their_own_regions_only() -> None:
    theta = {"U1_1_1": 1, "U1_1_2": -1, "U2_1_1": 2, "U2_2_1": 3}
    model = on_data(relu_regions(1, 2, 1, weights=theta), [[2], ["1/2"]])
    assert [str(component) for component in model.phi] == ["2*U1_1_1*U2_1_1", "1/2*U1_1_1*U2_1_1"]
    assert model.notes[1:] == (f"activation regions: 1 reached by the data at the given theta_0: 10; {NEAR}",)
    assert [str(h) for h in laws_of(model).generators] == ["U1_1_2", "U2_2_1", "U1_1_1^2 - U2_1_1^2"]


def test_points_in_all_regions_give_the_laws_of_the_network() -> None:
    network = relu_regions(2, 2, 1, seed=1)
    points = [[a, b] for a in (-3, -1, 1, 2) for b in (-2, -1, 1, 5)]
    assert list(map(str, laws_of(on_data(network, points)))) == list(map(str, laws_of(network)))


def test_a_point_on_a_boundary_is_an_error() -> None:
    model = relu_regions(1, 1, 1, bias=True, weights={"U1_1_1": 1, "b1_1": -1, "U2_1_1": 1, "b2_1": 0})
    with pytest.raises(
        InputError,
        match=r"inputs\[2\]: found '1', expected a point inside an activation region; a neuron is exactly 0",
    ):
        on_data(model, [[2], [1]])


# -- errors -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("options", "error", "fragment"),
    [
        (
            {"weights": {"U1_1_1": 1}},
            InputError,
            "weights: found 'nothing for U2_1_1', expected a number for every weight",
        ),
        ({"weights": {"U1_1_1": 1, "U2_1_1": 0.5}}, InexactError, "weights[U2_1_1]: found 0.5"),
        ({"weights": {"U1_1_1": 1, "U2_1_1": 1, "U3": 1}}, UnknownNameError, "weights: found 'U3'"),
        ({"weights": [1, 2]}, InputError, "weights: found [1, 2], expected a mapping"),
        ({"weights": {}, "patterns": [["1"]]}, InputError, "none beside patterns"),
        ({"patterns": []}, InputError, "patterns: found [], expected a list of patterns"),
        (
            {"patterns": ["1"]},
            InputError,
            "patterns[1]: found '1', expected a text of 0 and 1 for each of 1 hidden layers, of lengths 1",
        ),
        ({"patterns": [["1"], ["10"]]}, InputError, "patterns[2]: found ['10']"),
        ({"patterns": [["2"]]}, InputError, "patterns[1]: found ['2']"),
        ({"patterns": [[1]]}, InputError, "patterns[1]: found [1]"),
        ({"patterns": [["1", "1"]]}, InputError, "patterns[1]: found ['1', '1']"),
        ({"inputs": 0}, InputError, "relu-regions inputs: found 0"),
        ({"inputs": 1.5}, InputError, "relu-regions inputs: found 1.5"),
        ({"seed": True}, InputError, "relu-regions option seed: found True"),
        ({"bias": 1}, InputError, "relu-regions option bias: found 1"),
    ],
    ids=str,
)
def test_bad_options_are_one_clear_error(
    options: dict[str, Any], error: type[PolylawError], fragment: str
) -> None:
    with pytest.raises(error) as caught:
        relu_regions(1, 1, 1, **options)
    assert fragment in str(caught.value)
