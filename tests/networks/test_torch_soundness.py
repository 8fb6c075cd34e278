"""What nothing is known of stands still, and is not taken for data: complex numbers, and second results."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from polylaw.torch import laws  # noqa: E402


class Rotated(torch.nn.Module):
    """Pairs of channels, turned by positions as complex numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k = (torch.nn.Linear(4, 4, bias=False) for _ in range(2))

    def turned(self, y: torch.Tensor) -> torch.Tensor:
        turns = torch.polar(torch.ones(5, 2), torch.arange(10.0).reshape(5, 2))
        return torch.view_as_real(torch.view_as_complex(y.reshape(3, 5, 2, 2)) * turns).reshape(3, 5, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.turned(self.q(x)) @ self.turned(self.k(x)).transpose(-1, -2)


@pytest.mark.slow
def test_nothing_is_derived_through_complex_numbers() -> None:
    found = laws(Rotated(), (torch.zeros(3, 5, 4),))
    assert not found.laws
    assert [missed.parameters for missed in found.missed][:2] == [("q.weight",), ()]


class Means(torch.nn.Module):
    """The averages that a normalisation takes off."""

    def __init__(self) -> None:
        super().__init__()
        self.q = torch.nn.Linear(4, 4, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.native_layer_norm(self.q(x), [4], None, None, 1e-5)[1]


@pytest.mark.slow
def test_a_second_result() -> None:
    found = laws(Means(), (torch.zeros(3, 5, 4),))
    assert not found.laws
    [missed] = found.missed
    assert missed.parameters == ("q.weight",)


@pytest.mark.slow
def test_what_is_written_into_buffers_is_not_returned() -> None:
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2))
    found = laws(module, (torch.zeros(5, 2),))
    assert not found.missed
    assert str(found.laws[0]).startswith("1.g[i]^2 + 1.b[i]^2 - |2.W[:, i]|^2")


class _Masked(torch.nn.Module):
    """Scores of keys with a bias, masked by minus infinity, and what reads them."""

    def __init__(self, read: Any) -> None:
        super().__init__()
        self.key, self.read = torch.nn.Linear(3, 2), read

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> Any:
        scores = self.key(x).sum(-1, keepdim=True).transpose(0, 1)
        return self.read(scores.masked_fill(mask, float("-inf")))


@pytest.mark.parametrize(
    ("read", "frozen"),
    [
        (lambda s: s.softmax(-1), True),
        pytest.param(lambda s: (s.reshape(1, 1, -1) + 1).log_softmax(-1), True, marks=pytest.mark.slow),
        (lambda s: s.exp(), False),
        pytest.param(lambda s: (s.softmax(-1), s.clamp(min=-9).sum(-1)), False, marks=pytest.mark.slow),
    ],
)
def test_minus_infinity_stands_still_before_a_softmax_alone(read: Any, frozen: bool) -> None:
    found = laws(_Masked(read), (torch.zeros(4, 3), torch.zeros(1, 4, dtype=torch.bool)))
    assert [view.name for view in found.frozen] == ["key.bias"] * frozen


class Inner(torch.nn.Module):
    """Products that sum over the last axes of both arrays."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = (torch.nn.Parameter(torch.ones(3, 3)) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.inner(torch.inner(x, self.a), self.b)


def test_inner_products_with_matrices() -> None:
    assert [str(law) for law in laws(Inner(), (torch.zeros(2, 3),)).laws] == ["a a' - b' b   (3 x 3)"]


class Sums(torch.nn.Module):
    """v divided by norms that are no lengths."""

    def __init__(self) -> None:
        super().__init__()
        self.v = torch.nn.Parameter(torch.ones(3, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ (self.v / torch.norm_except_dim(self.v, 1, 0))


@pytest.mark.slow
def test_norms_that_are_no_lengths() -> None:
    found = laws(Sums(), (torch.zeros(2, 3),))
    assert not found.laws
    assert [missed.parameters for missed in found.missed] == [("v",)]
