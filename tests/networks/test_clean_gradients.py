"""No false alarm: networks whose backward pass is right, in many conditions, and how much of what is allowed
their rounding errors take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import numpy as np  # noqa: E402
from torch import nn  # noqa: E402

from polylaw.networks.gradients import Findings  # noqa: E402
from polylaw.torch import assert_gradients  # noqa: E402
from tests.networks.nets import BIG, NETS, Net  # noqa: E402
from tests.networks.runs import BFLOAT16, FLOAT32, FLOAT64, generic, laws_of, loss_of  # noqa: E402


@dataclass(frozen=True)
class Condition:
    """How weights are drawn, what is done to them, and how the loss is taken."""

    scale: float = 0.5
    change: Callable[[Any], None] = lambda module: None
    batches: int = 1
    autocast: bool = False
    #: Steps of Adam before, on the batch that is checked.
    trained: int = 0
    options: dict[str, Any] = field(default_factory=dict)


def as_built(module: nn.Module) -> None:
    """PyTorch's own initial values."""
    for part in module.modules():
        if hasattr(part, "reset_parameters"):
            part.reset_parameters()


def zero_layers(module: nn.Module) -> None:
    """What writes into a residual stream begins with 0."""
    for name, p in module.named_parameters():
        if name.startswith(("fc3.", "attn.o.", "down.")):
            nn.init.zeros_(p)


def dead_units(module: nn.Module) -> None:
    """All units but one are far below 0."""
    for name, p in module.named_parameters():
        if name in ("fc1.bias", "fc2.bias", "conv2.bias", "bias"):
            p.data[1:] -= 8


def uneven(module: nn.Module) -> None:
    """Rows of weights have sizes over four orders of magnitude."""
    for p in module.parameters():
        if p.ndim > 1:
            sizes = torch.logspace(-3, 1, len(p), dtype=p.dtype)[torch.randperm(len(p))]
            p.data *= sizes.reshape(-1, *[1] * (p.ndim - 1))


def dropped(module: nn.Module) -> None:
    for part in module.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.5


CONDITIONS = {
    "generic": Condition(),
    "as built": Condition(change=as_built),
    "large weights": Condition(scale=2.0),
    "small weights": Condition(scale=0.01),
    "large activations": Condition(options={"size": 1e3}),
    "small activations": Condition(options={"size": 1e-2}),
    "zero layers": Condition(change=zero_layers),
    "dead units": Condition(change=dead_units),
    "uneven": Condition(change=uneven),
    "dropout": Condition(change=dropped),
    "padded": Condition(options={"padded": True}),
    "accumulated": Condition(batches=8),
    "autocast": Condition(autocast=True),
    "fitted": Condition(trained=200),
}
#: Where more cancels than is allowed by itself: a router that is certain of one expert.
CERTAIN = {("experts", "large activations"), ("experts", "uneven")}
#: Conditions that are about one format; others are tried in all three.
FORMATS = {"autocast": [FLOAT32], "fitted": [FLOAT64, FLOAT32]}
RUNS = [
    (name, condition, dtype)
    for name, condition in product([*NETS, *BIG], CONDITIONS)
    for dtype in FORMATS.get(condition, [FLOAT64, FLOAT32, BFLOAT16])
    if (name, condition) not in CERTAIN and not (name in BIG and condition == "fitted")
]


def run(name: str, what: str, dtype: torch.dtype, seed: int = 0, **check: Any) -> Findings:
    """The findings of one check."""
    net, condition = (NETS | BIG)[name], CONDITIONS[what]
    module = generic(net, seed, condition.scale).to(dtype)
    condition.change(module)
    _fit(net, module, condition.trained)
    for batch in range(condition.batches):
        with torch.autocast("cpu", BFLOAT16, enabled=condition.autocast):
            loss = loss_of(net, module, 10 * seed + batch, **condition.options)
        loss.backward()
    coarser = BFLOAT16 if condition.autocast else None
    return assert_gradients(module, laws_of(name), computed_in=coarser, **check)


def _fit(net: Net, module: nn.Module, steps: int) -> None:
    optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, module.parameters()), 0.01)
    for _ in range(steps):
        loss_of(net, module, 0).backward()
        optimizer.step()
        optimizer.zero_grad()


@pytest.mark.slow
def test_no_false_alarm() -> None:
    assert len(RUNS) >= 200
    taken = {what: run(*what) for what in RUNS}
    coarse = np.array([found.largest for (*_, dtype), found in taken.items() if dtype is BFLOAT16])
    assert coarse.max() < 0.7
    assert np.quantile(coarse, 0.95) < 0.3
    assert np.median(coarse) > 0.02  # what is allowed is not far more than what rounding does
    fine = np.array([found.largest for (*_, dtype), found in taken.items() if dtype is not BFLOAT16])
    assert np.quantile(fine, 0.95) < 0.1
    assert fine.max() < 0.5


@pytest.mark.slow
def test_without_allowance_for_cancellation_as_much_is_taken_in_every_format() -> None:
    """The model of rounding is right in float64 and float32, too: per unit of noise errors are as large."""
    for dtype in (FLOAT64, FLOAT32, BFLOAT16):
        found = [run(name, "generic", dtype, cancelled=1.0).largest for name in NETS]
        assert 0.02 < max(found) < 0.3


@pytest.mark.slow
@pytest.mark.parametrize("name", ["experts"])
def test_what_cancels_more_has_to_be_said(name: str) -> None:
    with pytest.raises(AssertionError, match="router"):
        run(name, "large activations", FLOAT64)
