"""What is published about the laws of networks, found in modules; and what we have not seen published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from polylaw.networks.laws import NetworkLaws
from tests.helpers import mostly_slow

torch = pytest.importorskip("torch")
m = pytest.importorskip("benchmarks.modules")
nn, F = torch.nn, torch.nn.functional

_X, _IMAGES, _SEQUENCES = torch.zeros(6, 4), torch.zeros(2, 2, 8, 8), torch.zeros(2, 5, 4)


class Written(nn.Module):
    """Layers by name, and what is computed from them."""

    def __init__(self, forward: Callable[..., Any], **layers: Any) -> None:
        super().__init__()
        self.compute = forward
        for name, layer in layers.items():
            setattr(self, name, layer)

    def forward(self, *inputs: Any) -> Any:
        return self.compute(self, *inputs)


def _linear(n: int, k: int) -> Any:
    return nn.Linear(n, k, bias=False)


def _laws(module: Any, *inputs: Any, loss: str = "any") -> NetworkLaws:
    from polylaw.torch import laws

    return laws(module, inputs, loss)


def _block(n: int, h: int) -> Any:
    return Written(lambda s, x: x + s.down(F.relu(s.up(x))), up=_linear(n, h), down=_linear(h, n))


def _attend(heads: int, positions: Any = lambda x: x, turn: Any = lambda x: x, width: int = 4) -> Any:
    def forward(s: Any, x: Any) -> Any:
        x = positions(x)
        q, k, v = (f(x).unflatten(-1, (heads, -1)).transpose(-2, -3) for f in (s.q, s.k, s.v))
        mixed = torch.softmax(turn(q) @ turn(k).mT, -1) @ v
        return s.o(mixed.transpose(-2, -3).flatten(-2))

    return Written(forward, **{name: _linear(width, width) for name in "qkvo"})


_QK, _VO = "q.W q.W' - k.W k.W'", "v.W v.W' - o.W' o.W"

#: arXiv 2506.06194, layer by layer, then arXiv 2606.17816: modules, inputs, the loss, and all their laws.
_PUBLISHED = [
    (
        "a skip connection changes nothing",
        lambda: (_block(4, 3), _X),
        "any",
        ["|up.W[i]|^2 - |down.W[:, i]|^2   (i < 3)"],
    ),
    (
        "residual blocks have those of each block",
        lambda: (nn.Sequential(_block(4, 3), _block(4, 2)), _X),
        "any",
        ["0: |up.W[i]|^2 - |down.W[:, i]|^2   (i < 3)", "1: |up.W[i]|^2 - |down.W[:, i]|^2   (i < 2)"],
    ),
    (
        "channels of ReLU convolutions",
        lambda: (
            nn.Sequential(nn.Conv2d(2, 3, 3, 2, bias=False), nn.ReLU(), nn.Conv2d(3, 2, 2, bias=False)),
            _IMAGES,
        ),
        "any",
        ["|0.W[i]|^2 - |2.W[:, i]|^2   (i < 3)"],
    ),
    ("attention", lambda: (_attend(1), _SEQUENCES), "any", [f"{_QK}   (4 x 4)", f"{_VO}   (4 x 4)"]),
    (
        "attention with heads",
        lambda: (_attend(2), _SEQUENCES),
        "any",
        [f"{_QK}   (2 blocks, 2 x 2)", f"{_VO}   (2 blocks, 2 x 2)"],
    ),
    ("cross-entropy", lambda: (_linear(4, 3), _X), "cross-entropy", ["sum(W[:, i])   (i < 4)"]),
    ("GELU", lambda: (m.mlp(nn.GELU, 4, 3, 4), _X), "any", []),
    ("SiLU", lambda: (m.mlp(nn.SiLU, 4, 3, 4), _X), "any", []),
    ("SwiGLU", lambda: (m.SwiGLU(4, 3), _X), "any", ["|up_proj.W[i]|^2 - |down_proj.W[:, i]|^2   (i < 3)"]),
    (
        "sinusoidal positions",
        lambda: (_attend(2, lambda x: x + torch.arange(20.0).view(5, 4).sin()), _SEQUENCES),
        "any",
        [f"{_QK}   (2 blocks, 2 x 2)", f"{_VO}   (2 blocks, 2 x 2)"],
    ),
    (
        "rotary positions",
        lambda: (_attend(1, turn=m.rotated), _SEQUENCES),
        "any",
        [f"{_VO}   (4 x 4)", "|q.W[i]|^2 + |q.W[i + 2]|^2 - |k.W[i]|^2 - |k.W[i + 2]|^2   (i < 2)"],
    ),
    (
        "experts",
        lambda: (m.Experts(4, 3, 4), _X),
        "any",
        [
            *(f"experts.{e}: |up_proj.W[i]|^2 - |down_proj.W[:, i]|^2   (i < 3)" for e in range(4)),
            "router: sum(W[:, i])   (i < 4)",
        ],
    ),
]


@pytest.mark.parametrize(("name", "build", "loss", "texts"), mostly_slow(_PUBLISHED, "SwiGLU"))
def test_published_laws(name: str, build: Callable[[], Any], loss: str, texts: list[str]) -> None:
    found = _laws(*build(), loss=loss)
    assert [str(law) for law in found.laws] == texts
    assert found.independent == found.independent_up_to_eps


@pytest.mark.slow
def test_normalised_sigmoid_gates_have_no_column_sums() -> None:
    """Unlike what is claimed in arXiv 2606.17816: with gates s_i/(s_1 + s_2 + ...), s = sigmoid, a constant
    added to all logits changes them."""

    def forward(s: Any, x: Any) -> Any:
        gates = torch.sigmoid(s.router(x))
        gates = gates / gates.sum(-1, keepdim=True)
        return gates[:, :1] * s.one(x) + gates[:, 1:] * s.two(x)

    module = m.generic(Written(forward, router=_linear(4, 2), one=_linear(4, 4), two=_linear(4, 4)))
    (x,) = m.inputs_of((6, 4))
    assert _laws(module, x).laws == ()
    module(x).square().sum().backward()
    sums = module.router.weight.grad.sum(0)
    assert (sums.abs() > 1e-3 * module.router.weight.grad.abs().max()).all()


# -- what neither of them has ------------------------------------------------------------------------
def _gpt2(**more: Any) -> NetworkLaws:
    return _laws(m.GPT2(8, 2, 1, 10, 5, **more), torch.zeros(2, 5, dtype=torch.long))


@pytest.mark.slow
def test_key_biases_are_frozen() -> None:
    [view] = _gpt2().frozen
    assert (view.name, view.offset, view.sizes) == ("h.0.attn.qkv.bias", 8, (8,))


@pytest.mark.slow
def test_what_writes_a_stream_keeps_its_column_sums() -> None:
    """LayerNorm does not see a constant added to all coordinates, so whatever is added to a residual stream
    that only LayerNorms read keeps what it adds up to there."""
    texts = {str(law).split("   ")[0] for law in _gpt2().laws}
    assert {"wte: sum(W[i])", "wpe: sum(W[i])", "h.0.attn.out: sum(W[:, i])"} <= texts
    assert {"h.0.mlp.2: sum(W[:, i])", "h.0.attn.out: sum(b)", "h.0.mlp.2: sum(b)"} <= texts


@pytest.mark.slow
def test_a_stream_has_one_number() -> None:
    """Scaling all that is written to a stream changes nothing but for the eps of its norms: the squares of
    all that add up."""
    [law] = [law for law in _gpt2().laws if not law.exact]
    writers = {
        "wte.weight",
        "wpe.weight",
        *(f"h.0.{k}.{p}" for k in ("attn.out", "mlp.2") for p in ("weight", "bias")),
    }
    assert law.count == 1
    assert {piece.view.name for piece in law.pieces} == writers
    assert {piece.coefficient for piece in law.pieces} == {1}


@pytest.mark.slow
def test_norms_without_gain_leave_a_skew_matrix_for_momentum() -> None:
    """All that reads and writes the stream may be rotated together: d (d - 1)/2 laws of momentum, which no
    flow without momentum has."""
    found = _laws(m.Gainless(8, 2, 2, 10), torch.zeros(2, 5, dtype=torch.long))
    [law] = [law for law in found.laws if law.skew]
    assert (law.count, law.count_with_momentum) == (0, 8 * 7 // 2)
    assert " - " not in str(law)
    assert (
        len({piece.view.name for piece in law.pieces})
        == len([n for n in found.shapes if "qkv.b" not in n]) - 2
    )
