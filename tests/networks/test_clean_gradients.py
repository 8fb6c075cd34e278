"""No false alarm: networks whose backward pass is right, in many conditions, and how much of what is allowed
their rounding errors take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations, product
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
        if name.startswith(("fc3.", "attn.o.", "down.weight")):
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
#: Where a router is certain of one expert, so that nothing is left of its gradient but rounding errors.
CERTAIN = {("experts", "large activations"), ("experts", "uneven")}
#: Conditions that are about one format; others are tried in all three.
FORMATS = {"autocast": [FLOAT32], "fitted": [FLOAT64, FLOAT32]}
ALL_RUNS = [
    (name, condition, dtype)
    for name, condition in product([*NETS, *BIG], CONDITIONS)
    for dtype in FORMATS.get(condition, [FLOAT64, FLOAT32, BFLOAT16])
    if (name, condition) not in CERTAIN and not (name in BIG and condition == "fitted")
]
#: Every second: each network in each condition, in one or two formats.
RUNS = [what for i, what in enumerate(ALL_RUNS) if i % 2 == 0 or what[1] == "autocast"]


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
    """And no more is allowed than needed where the format leaves nothing to spare."""
    assert len(RUNS) >= 250
    for pair in combinations(range(3), 2):
        every, tried = ({tuple(what[i] for i in pair) for what in runs} for runs in (ALL_RUNS, RUNS))
        assert tried == every
    taken = {what: run(*what).largest for what in RUNS}
    assert max(taken.values()) < 0.5
    coarse = np.array([largest for (*_, dtype), largest in taken.items() if dtype is BFLOAT16])
    assert 0.01 < np.median(coarse) < np.quantile(coarse, 0.95) < 0.2


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [FLOAT64, FLOAT32, BFLOAT16], ids=str)
def test_in_every_format_errors_are_as_large_as_the_model_says(dtype: torch.dtype) -> None:
    """With nothing allowed for what cancels they are the same part of it."""
    taken = [run(name, "generic", dtype, seed, cancelled=1.0).largest for name in NETS for seed in range(3)]
    assert 0.03 < max(taken) < 0.5


@pytest.mark.slow
def test_what_cancels_is_allowed_for() -> None:
    """Gradients of a classifier that is certain are far below what they are sums of."""
    with pytest.raises(AssertionError, match=r"out: sum\(W"):
        run("classifier", "fitted", FLOAT32, cancelled=1.0)
    run("classifier", "fitted", FLOAT32)
    run("classifier", "fitted", FLOAT32, cancelled=1e3)
