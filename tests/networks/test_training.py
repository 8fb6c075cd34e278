"""Laws along a training: rates and decays of parameters, momentum."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from polylaw.errors import InputError, UnknownNameError
from polylaw.frozen import Frozen
from polylaw.networks.graph import Graph
from polylaw.networks.laws import NetworkLaws, laws_of
from polylaw.networks.pieces import Form
from polylaw.networks.training import Training, kept
from polylaw.networks.values import identity, quantity


def two_layers() -> NetworkLaws:
    """W2 relu(W1 x + b), and a bias whose sum the loss does not see."""
    graph = Graph()
    x, w1, b1 = graph.fixed((5, 2)), graph.parameter("W1", (3, 2)), graph.parameter("b1", (3,))
    w2, b2 = graph.parameter("W2", (4, 3)), graph.parameter("b2", (4,))
    hidden = graph.power(graph.add([graph.contract([x, w1], [(0, 1), (2, 1), (0, 2)]), b1]), 1)
    graph.output(graph.add([graph.contract([hidden, w2], [(0, 1), (2, 1), (0, 2)]), b2]), classes=1)
    return laws_of(graph)


LAWS = two_layers()
RATES = Frozen({"W2": Fraction(3), "b?": Fraction(1, 2)})


def test_the_laws_of_two_layers() -> None:
    assert [str(law) for law in LAWS.laws] == [
        "|W1[i]|^2 + b1[i]^2 - |W2[:, i]|^2   (i < 3)",
        "sum(W2[:, i])   (i < 3)",
        "sum(b2)",
    ]


@pytest.mark.parametrize("decay", [Fraction(0), Fraction(1, 7)])
def test_the_derivative_along_the_flow_is_minus_the_exponent_times_the_law(decay: Fraction) -> None:
    """The gradients are any that obey the identities: those of random ones, less what violates them."""
    decays = Frozen({"W2": decay / 3, "b?": decay * 2, "W1": decay})
    training, random = Training(RATES, decays), np.random.default_rng(0)
    theta = {name: random.standard_normal(shape) for name, shape in LAWS.shapes.items()}
    gradients = {name: random.standard_normal(shape) for name, shape in LAWS.shapes.items()}
    found = kept(LAWS, training)
    assert [k.count for k in found] == [law.count for law in LAWS.laws]
    for law, moved in zip(LAWS.laws, found, strict=True):
        step = 1e-6
        speed = {
            n: -float(training.rate(n)) * g - float(training.decay(n)) * theta[n]
            for n, g in gradients.items()
        }
        ahead, behind = ({n: theta[n] + s * v for n, v in speed.items()} for s in (step, -step))
        slope = (quantity(moved.law, ahead) - quantity(moved.law, behind)) / (2 * step)
        twice = 1 if law.form is Form.SUMS else 2
        expected = -twice * identity(law, theta, gradients) - float(moved.exponent) * quantity(
            moved.law, theta
        )
        assert np.allclose(slope, expected, atol=1e-7)


def test_laws_of_parameters_that_decay_at_two_speeds_are_left_out() -> None:
    found = kept(LAWS, Training(decays=Frozen({"W1": Fraction(1)})))
    assert {piece.view.name for k in found for piece in k.law.pieces}.isdisjoint({"W1"})
    assert found


def test_momentum_doubles_sums_and_keeps_no_squares() -> None:
    found = kept(LAWS, Training(momentum=True))
    assert {k.law.form for k in found} == {Form.SUMS}
    assert [k.count for k in found] == [2 * law.count for law in LAWS.laws if law.form is Form.SUMS]


def test_bad_numbers_and_patterns_are_refused() -> None:
    with pytest.raises(InputError, match="above 0"):
        Training(Frozen({"W1": Fraction(0)}))
    with pytest.raises(InputError, match="with momentum"):
        Training(decays=Frozen({"W1": Fraction(1)}), momentum=True)
    with pytest.raises(UnknownNameError, match="fits one, such as W1"):
        kept(LAWS, Training(Frozen({"V*": Fraction(1)})))


def test_a_skew_matrix_moves_all_pieces_alike() -> None:
    """d/dt sum (V W' - W V') is, but for the damping, the skew part of the identity, whatever its signs."""
    graph = Graph()
    x, w1, w2 = graph.fixed((5, 2)), graph.parameter("W1", (3, 2)), graph.parameter("W2", (4, 3))
    hidden = graph.contract([x, w1], [(0, 1), (2, 1), (0, 2)])
    graph.output(graph.contract([hidden, w2], [(0, 1), (2, 1), (0, 2)]))
    laws, random = laws_of(graph), np.random.default_rng(1)
    [moved] = kept(laws, Training(momentum=True))
    assert str(moved.law) == "W1 W1' + W2' W2   (3 x 3, skew)"
    assert moved.count == 3
    theta, g = ({n: random.standard_normal(s) for n, s in laws.shapes.items()} for _ in range(2))
    found = identity(laws.laws[0], theta, g)
    alike = g["W1"] @ theta["W1"].T + g["W2"].T @ theta["W2"]
    assert np.allclose(found - found.T, alike - alike.T)
