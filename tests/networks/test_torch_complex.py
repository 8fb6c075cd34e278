"""Complex numbers: what is computed through them stands still, and is not taken for data."""

from __future__ import annotations

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
