"""The same network in PyTorch and in JAX has as many laws; modules of flax are functions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

jax = pytest.importorskip("jax")
import jax.numpy as jnp  # noqa: E402

from polylaw import certify  # noqa: E402
from polylaw.jax import laws  # noqa: E402
from polylaw.networks.laws import NetworkLaws  # noqa: E402
from polylaw.proof import checker  # noqa: E402
from tests.networks.jax_functions import CASES, Case, X  # noqa: E402
from tests.networks.test_jax import gradients, largest_residual, random_like  # noqa: E402

pytestmark = pytest.mark.slow


def of_torch(name: str) -> tuple[Any, tuple[Any, ...]]:
    """The twin of a case."""
    torch = pytest.importorskip("torch")
    from torch import nn

    class Of(nn.Module):
        def __init__(self, forward: Callable[..., Any], **parts: nn.Module) -> None:
            super().__init__()
            self.parts, self.how = nn.ModuleDict(parts), [forward]

        def forward(self, *x: Any) -> Any:
            return self.how[0](self.parts, *x)

    def hidden(*act: nn.Module) -> nn.Module:
        return nn.Sequential(nn.Linear(2, 3), *act, nn.Linear(3, 2))

    def attention(m: Any, x: Any) -> Any:
        q, k, v = (m[name](x).reshape(2, 5, 2, 3).transpose(1, 2) for name in "qkv")
        weights = torch.softmax(q @ k.transpose(-1, -2) / 3**0.5, -1)
        return m["o"]((weights @ v).transpose(1, 2).reshape(2, 5, 6))

    def language(m: Any, tokens: Any) -> Any:
        x = m["e"](tokens)
        return nn.functional.linear(x + m["b"](torch.relu(m["a"](x))), m["h" if "h" in m else "e"].weight)

    def last(m: Any, x: Any) -> Any:
        return m["o"](m["r"](x)[0])

    flat, sequence, tokens = torch.zeros(6, 2), torch.zeros(2, 5, 6), torch.tensor([[1, 2, 6], [0, 3, 3]])
    stream = {"e": nn.Embedding(7, 4), "a": nn.Linear(4, 5), "b": nn.Linear(5, 4)}
    first, second = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(4, 3, 3, padding=1, bias=False)
    head = nn.ReLU(), nn.Flatten(), nn.Linear(48, 2, bias=False)
    rnn, gru = nn.RNN(2, 3, nonlinearity="relu"), nn.GRU(2, 3)
    twins: dict[str, tuple[nn.Module, Any]] = {
        "relu": (hidden(nn.ReLU()), flat),
        "relu, classes": (hidden(nn.ReLU()), flat),
        "linear": (hidden(), flat),
        "gelu": (hidden(nn.GELU()), flat),
        "gelu, classes": (hidden(nn.GELU()), flat),
        "leaky relu": (hidden(nn.LeakyReLU()), flat),
        "tanh": (hidden(nn.Tanh()), flat),
        "attention": (Of(attention, **{n: nn.Linear(6, 6) for n in "qkvo"}), sequence),
        "layer norm": (hidden(nn.LayerNorm(3, elementwise_affine=False)), flat),
        "layer norm, no eps": (hidden(nn.LayerNorm(3, eps=0, elementwise_affine=False)), flat),
        "layer norm of moments": (hidden(nn.LayerNorm(3), nn.Tanh()), flat),
        "rms norm, no eps": (hidden(nn.RMSNorm(3, eps=0, elementwise_affine=False)), flat),
        "largest pooled": (
            nn.Sequential(first, nn.ReLU(), nn.MaxPool2d(2), second, *head), torch.zeros(2, 2, 8, 8)
        ),
        "recurrent relu": (Of(last, r=rnn, o=nn.Linear(3, 2)), torch.zeros(5, 2)),
        "gates": (Of(last, r=gru, o=nn.Linear(3, 2)), torch.zeros(5, 2)),
        "tied embedding": (Of(language, **stream), tokens),
        "untied": (Of(language, h=nn.Linear(4, 7, bias=False), **stream), tokens),
    }  # fmt: skip
    module, example = twins[name]
    return module, (example,)


TWINS = (
    "relu", "relu, classes", "linear", "gelu", "gelu, classes", "leaky relu", "tanh", "attention",
    "layer norm", "layer norm, no eps", "layer norm of moments", "rms norm, no eps", "largest pooled",
    "recurrent relu", "gates", "tied embedding", "untied",
)  # fmt: skip


@pytest.mark.parametrize("name", TWINS)
def test_as_many_laws_as_in_torch(name: str) -> None:
    module, example = of_torch(name)
    from polylaw.torch import laws as laws_of_module

    case = CASES[name]
    known = laws_of_module(module, example, case.loss)
    assert (known.independent, known.independent_up_to_eps) == (case.exact, case.nearly)


def holds(function: Callable[..., Any], params: Any, x: Any, loss: str = "any") -> NetworkLaws:
    """The laws of a function, whose identities are checked."""
    case, before = Case(function, params, (x,), 0, 0, loss), jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        known = laws(function, params, x, loss=loss)
        numbers, inputs = random_like(params, 1), random_like((x,), 2)
        assert largest_residual(known, numbers, gradients(case, numbers, inputs, 3)) < 1e-10
    finally:
        jax.config.update("jax_enable_x64", before)
    assert not known.missed
    certificate = certify(known)
    assert certificate.data["model"]["notes"] == []
    assert [*checker.check(json.loads(certificate.text()))]
    return known


def test_a_transformer_of_flax() -> None:
    linen = pytest.importorskip("flax.linen")

    class Transformer(linen.Module):
        @linen.compact
        def __call__(self, tokens: Any) -> Any:
            x = linen.Embed(7, 6)(tokens)
            y = linen.LayerNorm()(x)
            x += linen.MultiHeadDotProductAttention(2)(y, y, mask=linen.make_causal_mask(tokens))
            x += linen.Dense(6)(linen.gelu(linen.Dense(8)(linen.LayerNorm()(x))))
            return linen.Dense(7, use_bias=False)(linen.LayerNorm()(x))

    tokens = np.array([[1, 2, 6, 3], [0, 3, 3, 5]])
    module = Transformer()
    params = jax.tree_util.tree_map(np.zeros_like, module.init(jax.random.key(0), tokens))
    params = jax.tree_util.tree_map(lambda x: x.astype(np.float64), params)
    known = holds(module.apply, params, tokens, "cross-entropy")
    # 2 heads: 3 x 3 matrices of queries and keys, of values and outputs; a gain and a bias for each feature
    # of three norms; key biases; sums over features of two kernels (6, 8 rows), two biases, 7 tokens, and
    # over the classes of the head for each feature; the number of all that writes the stream
    matrices, gains, biases, sums, classes = 2 * 2 * 6, 3 * 6, 6, 6 + 8 + 2 + 7, 6
    assert known.independent == matrices + gains + biases + sums + classes
    assert known.independent_up_to_eps == known.independent + 1
    assert {view.name for view in known.frozen} == {"params.MultiHeadDotProductAttention_0.key.bias"}


def test_a_convolutional_network_of_flax() -> None:
    linen = pytest.importorskip("flax.linen")

    class Network(linen.Module):
        @linen.compact
        def __call__(self, x: Any) -> Any:
            x = linen.relu(
                linen.BatchNorm(use_running_average=False)(linen.Conv(4, (3, 3), use_bias=False)(x))
            )
            x = linen.relu(
                linen.GroupNorm(2)(linen.Conv(4, (3, 3))(linen.max_pool(x, (2, 2), strides=(2, 2))))
            )
            return linen.Dense(3)(linen.avg_pool(x, (2, 2)).reshape(x.shape[0], -1))

    images, module = np.zeros((2, 8, 8, 2)), Network()
    made = jax.tree_util.tree_map(lambda x: np.zeros(x.shape), module.init(jax.random.key(0), images))

    def function(params: Any, x: Any) -> Any:
        return module.apply(
            {"params": params, "batch_stats": made["batch_stats"]}, x, mutable=["batch_stats"]
        )[0]

    known = holds(function, made["params"], images)
    # gains against readers, twice 4; sums of biases of 2 groups; up to eps |kernel|^2 of 4 channels, 2 groups
    assert (known.independent, known.independent_up_to_eps) == (4 + 4 + 2, 4 + 4 + 2 + 4 + 2)


def test_a_module_of_nnx() -> None:
    nnx = pytest.importorskip("flax.nnx")
    layers = (
        nnx.Linear(2, 3, rngs=nnx.Rngs(0)),
        nnx.LayerNorm(3, rngs=nnx.Rngs(0)),
        nnx.Linear(3, 2, rngs=nnx.Rngs(0)),
    )
    module = nnx.Sequential(layers[0], layers[1], jax.nn.relu, layers[2])
    definition, state = nnx.split(module)
    state = jax.tree_util.tree_map(lambda x: np.zeros(x.shape), state)
    known = holds(lambda p, x: nnx.merge(definition, p)(x), state, X)
    assert (known.independent, known.independent_up_to_eps) == (3 + 2 + 1, 3 + 2 + 1 + 1)


def test_dropout_is_data() -> None:
    def function(params: Any, x: Any, key: Any) -> Any:
        h = jax.nn.relu(x @ params["in"])
        return jnp.where(jax.random.bernoulli(key, 0.5, h.shape), 2 * h, 0) @ params["out"]

    params = {"in": np.zeros((2, 3)), "out": np.zeros((3, 2))}
    assert laws(function, params, X, jax.random.key(0)).independent == 3


def test_a_module_of_equinox() -> None:
    eqx = pytest.importorskip("equinox")

    class Block(eqx.Module):  # type: ignore[misc]
        norm: Any
        attention: Any
        mlp: Any

        def __init__(self, key: Any) -> None:
            one, two = jax.random.split(key)
            biases = {f"use_{part}_bias": True for part in ("query", "key", "value", "output")}
            self.norm = eqx.nn.LayerNorm(8)
            self.attention = eqx.nn.MultiheadAttention(2, 8, key=one, **biases)
            self.mlp = eqx.nn.MLP(8, 3, 16, 2, key=two)

        def __call__(self, x: Any) -> Any:
            y = jax.vmap(self.norm)(x)
            return jax.vmap(self.mlp)(x + self.attention(y, y, y))

    params, rest = eqx.partition(Block(jax.random.key(0)), eqx.is_inexact_array)
    known = holds(lambda p, x: jax.vmap(eqx.combine(p, rest))(x), params, np.zeros((3, 5, 8)))
    # 2 heads: 4 x 4 matrices of queries and keys, of values and outputs; a gain and a bias for each feature
    # of the norm; key biases; 2 layers of 16 units
    assert known.independent == 2 * 2 * 10 + 8 + 8 + 2 * 16
    assert {view.name for view in known.frozen} == {"attention.key_proj.bias"}
