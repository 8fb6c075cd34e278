"""What gradients show beside derived laws: nothing where all is derived, else what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

from polylaw.errors import InputError  # noqa: E402
from polylaw.networks.coverage import Gradients  # noqa: E402
from polylaw.networks.pieces import Form  # noqa: E402
from polylaw.torch import coverage, laws  # noqa: E402
from tests.helpers import mostly_slow  # noqa: E402


class Odd(nn.Module):
    """Running extremes are homogeneous, for which there is no rule."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(2, 4), nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.a(x)
        return self.b(torch.cummax(y, 0).values + torch.cummin(y, 0).values)


MODULES: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "relu": (lambda: nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 4)), (5, 2)),
    "linear": (lambda: nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 4), nn.GELU(), nn.Linear(4, 2)), (5, 2)),
    "norm": (lambda: nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Linear(4, 2)), (5, 3)),
    "convolution": (
        lambda: nn.Sequential(
            nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Conv2d(3, 2, 2), nn.Flatten(), nn.Linear(18, 2)
        ),
        (2, 2, 6, 6),
    ),
    "attention": (lambda: nn.TransformerEncoderLayer(8, 2, 6, dropout=0, batch_first=True), (2, 5, 8)),
}


def batches(*shape: int, count: int = 30) -> list[tuple[torch.Tensor]]:
    source = torch.Generator().manual_seed(1)
    return [(torch.randn(shape, generator=source),) for _ in range(count)]


@pytest.mark.parametrize("name", mostly_slow(MODULES, "relu", "norm"))
def test_nothing_is_suspected_where_all_is_derived(name: str) -> None:
    made, shape = MODULES[name]
    found = coverage(made(), batches(*shape)[0], batches(*shape))
    assert (found.gradients, found.suspects, found.unreached, found.undecided) == (30, (), {}, ())


@pytest.mark.parametrize("name", mostly_slow(MODULES, "relu", "norm"))
def test_a_law_that_is_left_out_is_suspected(name: str) -> None:
    made, shape = MODULES[name]
    module, seen = made(), 0
    known = laws(module, batches(*shape)[0])
    for law in known.laws:
        rest = replace(known, laws=tuple(other for other in known.laws if other != law))
        found = coverage(module, rest, batches(*shape))
        if law.exact and not (law.skew or law.centred or law.hollow or law.repeated):
            seen += 1
            assert found.suspects, law
            form = law.form if law.form is Form.SUMS else Form.SQUARES
            assert form in {suspect.law.form for suspect in found.suspects}, law
            assert all(s.error < 1e-13 for s in found.suspects)
    assert seen


def test_what_no_rule_reaches_is_found() -> None:
    found = coverage(Odd(), batches(5, 2)[0], batches(5, 2))
    [suspect] = found.suspects
    assert suspect.law.text() == "|a.W[i]|^2 + a.b[i]^2 - |b.W[:, i]|^2   (i < 4)"
    assert suspect.error < 1e-13
    assert not suspect.law.exact


def test_rows_of_tokens_that_do_not_occur() -> None:
    module = nn.Sequential(nn.Embedding(10, 4), nn.LayerNorm(4), nn.Linear(4, 3))
    source = torch.Generator().manual_seed(1)
    tokens: Sequence[tuple[torch.Tensor]] = [
        (torch.randint(0, 7, (2, 5), generator=source),) for _ in range(20)
    ]
    found = coverage(module, tokens[0], tokens)
    assert found.unreached == {"0.weight": 12}
    assert str(found).splitlines() == [
        "gradients: 20, laws that are not derived: 0",
        "  never reached: 12 entries of 0.weight",
    ]


class Irrational(nn.Module):
    """A law whose coefficients no fraction is equal to."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Parameter(torch.ones(4)), nn.Parameter(torch.ones(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cummax(x * self.a + 2**0.5 * x * self.b, 0).values


def test_what_is_rounded_to_a_fraction_shows_in_the_error() -> None:
    [suspect] = coverage(Irrational(), batches(5, 4)[0], batches(5, 4)).suspects
    assert 1e-12 < suspect.error < 1e-9
    assert "a" in suspect.law.text()
    assert "b" in suspect.law.text()


def test_few_gradients_leave_it_undecided() -> None:
    made, shape = MODULES["relu"]
    found = coverage(made(), batches(*shape)[0], batches(*shape, count=2))
    assert not found.suspects
    assert "squares with no index: 4 products, 2 equations; take more gradients" in found.undecided


def test_the_module_and_the_random_state_stay() -> None:
    made, shape = MODULES["relu"]
    module, state = made(), torch.get_rng_state()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    coverage(module, batches(*shape)[0], batches(*shape, count=3))
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state)
    assert all(p.grad is None and p.dtype is torch.float32 for p in module.parameters())


def test_no_gradient_says_nothing() -> None:
    made, shape = MODULES["relu"]
    with pytest.raises(InputError, match="one at least"):
        Gradients(laws(made(), batches(*shape)[0])).coverage()
