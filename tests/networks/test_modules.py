"""Small versions of the modules that people train: how many laws each has, by kind and with the formula; all
identities by backward passes on three batches; all generators by forward passes of tangents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest

from tests.helpers import mostly_slow

torch = pytest.importorskip("torch")
m = pytest.importorskip("benchmarks.modules")
checks = pytest.importorskip("benchmarks.network_checks")
nn = torch.nn

#: A name; a module and its inputs; its counts: diagonal, up to eps, linear, frozen, off the diagonal, and of
#: momentum alone.
Case = tuple[str, Callable[[], Any], Sequence[Any], tuple[int, int, int, int, int, int]]


def _rnn(*sizes: int, **options: Any) -> Any:
    return nn.RNN(*sizes, nonlinearity="relu", **options)


_IMAGES, _TOKENS, _SERIES = m.inputs_of((4, 3, 8, 8)), m.inputs_of((3, 7), tokens=12), m.inputs_of((3, 6, 4))
_ROWS = m.inputs_of((9, 5))
_CASES: list[Case] = [
    # one law for each hidden neuron
    ("ReLU", partial(m.mlp, nn.ReLU, 5, 7, 6, 4), _ROWS, (7 + 6, 0, 0, 0, 0, 0)),
    ("leaky ReLU", partial(m.mlp, nn.LeakyReLU, 5, 7, 6, 4), _ROWS, (7 + 6, 0, 0, 0, 0, 0)),
    ("squared ReLU", partial(m.mlp, m.SquaredReLU, 5, 7, 6, 4), _ROWS, (7 + 6, 0, 0, 0, 0, 0)),
    ("GELU", partial(m.mlp, nn.GELU, 5, 7, 6, 4), _ROWS, (0, 0, 0, 0, 0, 0)),
    # lengths of directions, 7 and 6; length and bias of each of 6 against the last layer; all of the first
    # layer's against all lengths of the second
    ("weight_norm", partial(m.weight_normed, 5, 7, 6, 4), _ROWS, (7 + 6 + 6 + 1, 0, 0, 0, 0, 0)),
    # channels 4, channels 8 (flattened), neurons 16
    ("ConvNet", partial(m.convnet, 4, 8, 5), _IMAGES, (4 + 8 + 16, 0, 0, 0, 0, 0)),
    # gain and bias against readers, twice; filters of three convolutions before BatchNorm; biases that add up
    ("BatchNorm", partial(m.BasicBlock, 3, 6, 4), _IMAGES, (2 * 6, 3 * 6, 6, 0, 0, 0)),
    # two heads of 6 x 6: Q K, V O; gains; the stream; column sums: tokens, positions, out, mlp, their biases,
    # tokens less positions
    (
        "GPT-2",
        partial(m.GPT2, 12, 2, 2, 12, 7),
        _TOKENS,
        (2 * (2 * 12 + 2 * 12) + 12, 1, 12 + 7 + 2 * (12 + 1 + 48 + 1) + 11, 24, 2 * 2 * 2 * 15, 0),
    ),
    (
        "GPT-2, tied",
        partial(m.GPT2, 12, 2, 2, 12, 7, tied=True),
        _TOKENS,
        (2 * (2 * 12 + 2 * 12), 1, 7 + 2 * (12 + 1 + 48 + 1), 24, 2 * 2 * 2 * 15, 0),
    ),
    # no gains: Q K and V O of two heads of 4 x 4; one skew matrix 8 x 8 for the stream, of momentum alone
    ("norms without gain", partial(m.Gainless, 8, 2, 2, 12), _TOKENS, (32, 1, 0, 16, 48, 28)),
    (
        "ViT",
        partial(m.VisionTransformer, 12, 2, 2, 8, 5),
        _IMAGES,
        # patches and their bias, token, positions; out, mlp and biases; token and patches less positions
        (108, 1, 48 + 1 + 1 + 5 + 2 * (12 + 1 + 48 + 1) + 2 * 11, 24, 120, 0),
    ),
    # pairs of rotated coordinates of two groups; V O 4 x 4 of two groups; up down 20; gains
    (
        "Llama",
        partial(m.Llama, 16, 4, 2, 20, 2, 12),
        _TOKENS,
        (2 * (2 * 2 + 2 * 4 + 20 + 2 * 16) + 16, 1, 0, 0, 2 * 2 * 6, 0),
    ),
    (
        "LoRA",
        lambda: m.with_adapters(m.Llama(16, 4, 2, 20, 1, 12), 3, ("q_proj", "v_proj", "down_proj")),
        _TOKENS,
        (3 * 3, 0, 0, 0, 3 * 3, 0),
    ),
    # experts 4 x 10; the router's column sums
    (
        "mixture of experts",
        partial(m.Llama, 16, 4, 2, 10, 1, 12, experts=4),
        _TOKENS,
        (2 * 2 + 2 * 4 + 4 * 10 + 3 * 16, 1, 16, 0, 2 * 6, 0),
    ),
    # biases that add up, of four gates and of two
    ("LSTM", partial(m.Recurrent, nn.LSTM, 4, 5, 3, 2), _SERIES, (0, 0, 2 * 4 * 5, 0, 0, 0)),
    ("GRU", partial(m.Recurrent, nn.GRU, 4, 5, 3, 2), _SERIES, (0, 0, 2 * 2 * 5, 0, 0, 0)),
    ("ReLU RNN", partial(m.Recurrent, _rnn, 4, 5, 3, 2), _SERIES, (2 * 5, 0, 2 * 5, 0, 0, 0)),
    # per group: length of what norms read; sums over channels of a group: time and its bias, shortcut;
    # biases that add up
    (
        "U-Net",
        partial(m.UNetBlock, 8, 12, 5, 4),
        m.inputs_of((3, 8, 6, 6), (3, 5)),
        (0, 2 * 4, 4 * 5 + 12 + 12 + 4 + 4, 0, 0, 0),
    ),
    # gains, channels of the convolution, step size 3 x 3, B against C, and C and D against the last layer
    (
        "state space",
        partial(m.StateSpace, 6, 4, 3),
        m.inputs_of((3, 7, 6)),
        (6 + 12 + 3 + 4 + 1, 0, 0, 0, 3, 0),
    ),
]


@pytest.mark.parametrize(("name", "build", "inputs", "counts"), mostly_slow(_CASES, "squared ReLU"))
def test_laws_identities_and_generators(
    name: str, build: Callable[[], Any], inputs: Sequence[Any], counts: tuple[int, ...]
) -> None:
    from polylaw.torch import laws

    module = m.generic(build())
    found = laws(module, inputs)
    assert checks.Counts.of(found) == checks.Counts(*counts)
    assert [law.formula()(found.lengths) for law in found.laws] == [law.count for law in found.laws]
    assert not found.missed
    assert not found.unreached
    parameters, source = checks.arrays_of(module, found), np.random.default_rng(0)
    gradients = [checks.gradients_of(module, found, inputs, seed) for seed in range(3)]
    for law in found.laws:
        worst = max(checks.residual(law, parameters, g) for g in gradients)
        moved = checks.movement(module, inputs, checks.tangent(law, parameters, source))
        if law.exact:
            assert worst < 1e-12, str(law)
            assert moved < 1e-12, str(law)
        else:  # by eps, which is small but not rounding
            assert 1e-12 < worst < 1e-2, str(law)
            assert moved < 1e-2, str(law)


@pytest.mark.slow
def test_checks_see_what_is_no_law() -> None:
    """With batch statistics filters before BatchNorm may be scaled, in evaluation not."""
    from polylaw.torch import laws

    module = m.generic(m.BasicBlock(3, 6, 4))
    found = laws(module, _IMAGES)
    nearly = [law for law in found.laws if not law.exact]
    module.eval()
    assert (
        laws(module, _IMAGES).independent == found.independent == laws(module, _IMAGES).independent_up_to_eps
    )
    parameters, gradients = checks.arrays_of(module, found), checks.gradients_of(module, found, _IMAGES, 0)
    source = np.random.default_rng(0)
    assert min(checks.residual(law, parameters, gradients) for law in nearly) > 1e-2
    assert (
        min(checks.movement(module, _IMAGES, checks.tangent(law, parameters, source)) for law in nearly)
        > 1e-2
    )
