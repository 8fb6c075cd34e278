"""Restricted data: laws on given points are those of the fields there, and few points keep more."""

from __future__ import annotations

from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import InexactError, InputError, PolylawError, UnknownNameError
from polylaw.models import factorization, from_map, linear, lora, nmf, on_data, relu_regions

PLANE = [[1, 0], ["1/2", 3]]


def counted(model: pl.Model) -> int:
    """The exact number of laws of any kind under gradient flow."""
    count = pl.count_laws(pl.GradientFlow(model))
    assert count.exact
    return count.lower


def phi(model: pl.Model) -> list[str]:
    return [str(f) for f in model.phi]


# -- which fields ----------------------------------------------------------------------------------
def test_any_loss_sees_every_output_at_every_point() -> None:
    model = on_data(linear(2, 1, 1), [[1, 2], {"x1": 0, "x2": "1/3"}])
    assert phi(model) == ["U1_1_1*U2_1_1 + 2*U1_2_1*U2_1_1", "1/3*U1_2_1*U2_1_1"]
    assert model.name == "linear 2-1-1 on 2 points"
    assert model.ring == linear(2, 1, 1).ring


def test_which_width_counts_the_inputs() -> None:
    """linear is x -> x^T U1 U2; lora and factorization are x -> U V^T x."""
    assert phi(on_data(linear(3, 1, 1), [[1, 2, 3]])) == ["U1_1_1*U2_1_1 + 2*U1_2_1*U2_1_1 + 3*U1_3_1*U2_1_1"]
    assert phi(on_data(linear(1, 1, 2), [[5]])) == ["5*U1_1_1*U2_1_1", "5*U1_1_1*U2_1_2"]
    for make in (lora, factorization):
        assert phi(on_data(make(2, 1, 1), [[5]])) == ["5*U_1_1*V_1_1", "5*U_2_1*V_1_1"]
        assert phi(on_data(make(1, 2, 1), [[5, 7]])) == ["5*U_1_1*V_1_1 + 7*U_1_1*V_2_1"]


def test_the_square_loss_is_one_component_for_each_point() -> None:
    model = on_data(linear(1, 1, 1), [[2], [1]], [[3], ["1/2"]], "square")
    ring = model.ring
    assert [f.numerator for f in model.phi] == [
        ring.parse("1/2*(2*U1_1_1*U2_1_1 - 3)^2"),
        ring.parse("1/2*(U1_1_1*U2_1_1 - 1/2)^2"),
    ]


def test_a_loss_of_ones_own() -> None:
    model = on_data(linear(1, 2), [[1]], [[4]], "z1*z2 - y1*z1^2")
    assert phi(model) == ["-4*U1_1_1^2 + U1_1_1*U1_1_2"]
    square = on_data(linear(1, 2), [[1]], [[4, 5]], "(z1 - y1)^2/2 + (z2 - y2)^2/2")
    assert square.phi == on_data(linear(1, 2), [[1]], [[4, 5]], "square").phi


def test_parameters_of_a_map_are_its_inputs() -> None:
    neuron = from_map(["u", "v"], ["u*v*x + u^2*y", "u/(x - 1)"], parameters=["x", "y"])
    model = on_data(neuron, [[2, 3], {"y": 0, "x": "1/2"}])
    assert phi(model) == ["3*u^2 + 2*u*v", "u", "1/2*u*v", "-2*u"]
    assert model.ring.parameters == ()
    with pytest.raises(InputError, match=r"inputs\[1\]: found 'a pole of phi\[2\]'"):
        on_data(neuron, [[1, 0]])


def test_an_adapter_takes_targets_for_what_it_adds() -> None:
    notes = on_data(lora(2, 2, 1), PLANE, [[1, 0], [0, 1]], "square").notes
    assert any("W0" in note for note in notes)


# -- how many laws ---------------------------------------------------------------------------------
@pytest.mark.parametrize("make", [linear, factorization], ids=["linear", "factorization"])
def test_points_that_span_the_space_keep_the_laws_of_any_data(make: Any) -> None:
    model = make(2, 2, 2)
    laws = pl.find_laws(pl.GradientFlow(model))
    assert pl.find_laws(pl.GradientFlow(on_data(model, PLANE))).basis == laws.basis
    assert counted(on_data(model, PLANE)) == counted(model)


def test_one_point_keeps_what_is_orthogonal_to_it() -> None:
    """x = e_1 sees only the first row of U1: the other row does not move at all."""
    model = on_data(linear(2, 2, 2), [[1, 0]])
    by_hand = from_map(
        None,
        ["U1_1_1*U2_1_1 + U1_1_2*U2_2_1", "U1_1_1*U2_1_2 + U1_1_2*U2_2_2"],
        arrays={"U1": (2, 2), "U2": (2, 2)},
    )
    assert set(model.phi) == set(by_hand.phi)
    assert counted(model) == counted(by_hand) == 3 + 2
    laws = pl.find_laws(pl.GradientFlow(model))
    assert {"U1_2_1", "U1_2_2"} <= {str(h) for h in laws.generators}


def test_a_loss_keeps_what_any_loss_keeps() -> None:
    points, targets = [[2, 1]], [[1, 1]]
    any_loss = pl.find_laws(pl.GradientFlow(on_data(linear(2, 1, 2), points)))
    flow = pl.GradientFlow(on_data(linear(2, 1, 2), points, targets, "square"))
    for law in any_loss:
        assert isinstance(pl.check_law(flow, law), pl.Proved)
    assert counted(on_data(linear(1, 1, 1), [[2]], [[3]], "square")) == 1
    assert isinstance(
        pl.check_law(
            pl.GradientFlow(on_data(linear(1, 1, 1), [[2]], [[3]], "square")), "U1_1_1^2 - U2_1_1^2"
        ),
        pl.Proved,
    )


def test_every_law_is_annihilated_by_every_field() -> None:
    for model in (
        on_data(linear(3, 2, 1), [[1, 0, 0], ["1/2", 1, 3]]),
        on_data(linear(2, 2, 2), PLANE, PLANE, "square"),
    ):
        flow = pl.GradientFlow(model)
        assert not any(flow.distribution.residuals(h) for h in pl.find_laws(flow))


def test_a_relu_network_on_data_uses_the_regions_of_the_data() -> None:
    network = relu_regions(2, 2, 1, seed=3)
    model = on_data(network, [[1, 1], [1, 2]])
    assert any(
        note.startswith("activation regions:") and "reached by the data" in note for note in model.notes
    )
    flow = pl.GradientFlow(model)
    for law in pl.find_laws(pl.GradientFlow(network)):
        assert isinstance(pl.check_law(flow, law), pl.Proved)
    assert counted(model) >= counted(network)


def test_momentum_on_data() -> None:
    flow = pl.MomentumFlow(on_data(linear(2, 2, 2), PLANE), "tau")
    assert pl.count_laws(flow).lower == pl.count_laws(pl.MomentumFlow(linear(2, 2, 2), "tau")).lower == 1


# -- what is said ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (
            "any",
            "data: 2 given points, loss any: it may be any function of the outputs at a point; laws hold "
            "for these points only",
        ),
        (
            "square",
            "data: 2 given points, loss square: each point's loss may have any weight; laws hold for these "
            "points only",
        ),
        (
            "z1^2",
            "data: 2 given points, loss z1^2: each point's loss may have any weight; laws hold for these "
            "points only",
        ),
    ],
)
def test_the_restriction_is_recorded(loss: str, words: str) -> None:
    flow = pl.GradientFlow(on_data(linear(2, 1, 2), PLANE, PLANE, loss))
    assert words in flow.distribution.steps


# -- errors ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (([],), InputError, "inputs: found"),
        (("12",), InputError, "inputs: found '12', expected a list of points"),
        (([[1]],), InputError, r"inputs\[1\]: found '1 number', expected 2, one for each of x1, x2"),
        (([[1, 0.5]],), InexactError, r"inputs\[1\]\[2\]: found 0.5"),
        (([{"x1": 1}],), InputError, r"inputs\[1\]: found 'nothing for x2'"),
        (([{"x1": 1, "z": 1}],), UnknownNameError, r"inputs\[1\]: found 'z'"),
        ((PLANE, None, "square"), InputError, "targets: found 'nothing'"),
        ((PLANE, [[1]], "square"), InputError, "targets: found '1 target', expected 2"),
        (
            (PLANE, [[1], [2]], "square"),
            InputError,
            r"targets\[1\]: found '1 number', expected 2, one for each output",
        ),
        ((PLANE, [[1, 2], [2]], "square"), InputError, r"targets\[2\]: found '1 number'"),
        ((PLANE, PLANE, "squre"), UnknownNameError, "did you mean 'square'?"),
        ((PLANE, None, "z1 - y1"), InputError, "targets: found 'nothing'.*the loss reads y1"),
        ((PLANE, None, "z1/z2"), PolylawError, "loss: found"),
        ((PLANE, None, 3), InputError, "loss: found 3"),
    ],
)
def test_errors_say_what_is_wrong(arguments: tuple[Any, ...], error: type[PolylawError], words: str) -> None:
    with pytest.raises(error, match=words):
        on_data(linear(2, 1, 2), *arguments)


def test_a_model_without_inputs() -> None:
    with pytest.raises(InputError, match="expected a model with inputs"):
        on_data(nmf(2, 1, 2), PLANE)
    with pytest.raises(InputError, match="expected a model with inputs"):
        on_data(on_data(linear(2, 1, 2), PLANE), PLANE)
