"""Families of the zoo as modules of torch: translated, they have the laws of the same networks written down
as graphs, which `test_zoo` compares with those that `find` proves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from polylaw.models.spec import Spec
from polylaw.networks.laws import laws_of
from tests.helpers import gradient, mostly_slow, span_dimension, weights
from tests.networks.expansion import quantities
from tests.networks.zoo import PLACES, ROWS, network_of

torch = pytest.importorskip("torch")
F = torch.nn.functional


class Written(torch.nn.Module):
    """A forward pass with parameters of these names and shapes."""

    def __init__(self, spec: str, forward: Callable[..., Any]) -> None:
        super().__init__()
        self.read, self.compute = Spec.parse(spec), forward
        for name, shape in self.read.model().arrays.items():
            self.register_parameter(name, torch.nn.Parameter(torch.ones(shape)))

    def forward(self, *inputs: Any) -> Any:
        return self.compute(self, *inputs)


def _mlp(m: Any, x: Any) -> Any:
    depth = sum(name.startswith("U") for name, _ in m.named_parameters())
    for k in range(1, depth + 1):
        bias = getattr(m, f"b{k}") if hasattr(m, f"b{k}") else None
        x = F.linear(x, getattr(m, f"U{k}").T, bias)
        x = F.relu(x) if k < depth and "linear" not in m.read.text else x
    return x


def _attention(m: Any, x: Any) -> Any:
    found = 0
    for head in [""] if m.read.arguments["heads"] == 1 else "12":
        q, k, v, o = (getattr(m, letter + head) for letter in "QKVO")
        found = found + F.scaled_dot_product_attention(x @ q.T, x @ k.T, x @ v.T) @ o
    return found


def _rotary(m: Any, x: Any) -> Any:
    places = torch.arange(float(ROWS))[:, None]

    def turned(y: Any, speed: int) -> Any:
        angle, half = speed * places, torch.stack([-y[:, 1], y[:, 0]], -1)
        return y * angle.cos() + half * angle.sin()

    pairs = [(x @ getattr(m, f"Qb{b}").T, x @ getattr(m, f"Kb{b}").T) for b in (1, 2)]
    scores = sum(turned(q, b) @ turned(k, b).T for b, (q, k) in enumerate(pairs, 1))
    return torch.softmax(scores, -1) @ (x @ m.V.T) @ m.O


def _conv(m: Any, x: Any) -> Any:
    inner = F.conv1d(x, m.W1)
    return F.conv1d(F.relu(inner) if "relu" in m.read.text else inner, m.W2)


def _gated(m: Any, x: Any) -> Any:
    gate = F.linear(x, m.B)
    return F.linear((F.silu(gate) if "swiglu" in m.read.text else gate) * F.linear(x, m.C), m.A)


_MODULES: list[tuple[str, Callable[..., Any], tuple[int, ...]]] = [
    ("linear:2,3,2", _mlp, (2,)),
    ("relu:2,2,2,1?bias=true", _mlp, (2,)),
    ("residual:2,3,2?activation=relu&bias=true", lambda m, x: x + _mlp(m, x), (2,)),
    ("lora:2,3,2", lambda m, x: F.linear(x, torch.ones(2, 3) + m.U @ m.V.T), (3,)),
    ("homogeneous:2,3,2", lambda m, x: F.relu(x @ m.V).square() @ m.U.T, (2,)),
    ("gated:2,3,2", _gated, (2,)),
    ("swiglu:2,3,2", _gated, (2,)),
    ("normalized:3,2", lambda m, x: x @ F.normalize(m.w, dim=1, eps=0.0).T, (3,)),
    ("attention:d1=2,dim=3", _attention, (3,)),
    ("attention:d1=2,dim=2,heads=2", _attention, (2,)),
    ("attention:d1=4,dim=2,rope=true", _rotary, (2,)),
    ("conv:1,2,2?taps=2", _conv, (1, PLACES)),
    ("conv:1,2,2?taps=2&activation=relu", _conv, (1, PLACES)),
    ("cp:2,2,2?rank=2", lambda m, x: torch.einsum("ir,jr,kr->ijk", m.A1, m.A2, m.A3), (1,)),
    ("tucker:2,2?ranks=2,1", lambda m, x: torch.einsum("ia,jb,ab->ij", m.A1, m.A2, m.G), (1,)),
    ("tt:2,2,2?ranks=2", lambda m, x: torch.einsum("ia,ajb,bk->ijk", m.G1, m.G2, m.G3), (1,)),
    ("elementwise:3?depth=3", lambda m, x: x @ (m.u1 * m.u2 * m.u3), (3,)),
]


@pytest.mark.parametrize(("spec", "forward", "shape"), mostly_slow(_MODULES, "homogeneous:2,3,2"))
def test_a_module_has_the_laws_of_its_graph(
    spec: str, forward: Callable[..., Any], shape: tuple[int, ...]
) -> None:
    from polylaw.torch import laws

    found = laws(Written(spec, forward), (torch.ones(ROWS, *shape),))
    arrays = weights(gradient(spec))
    derived, written = (
        [h for law in of.laws if not law.skew for h in quantities(law, arrays)]
        for of in (found, laws_of(network_of(spec)))
    )
    assert span_dimension(derived) == span_dimension(written) == span_dimension([*derived, *written]) > 0
    assert not found.missed or spec.startswith(("swiglu", "attention"))
