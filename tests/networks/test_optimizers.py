"""Gradients read back from optimizers are those of the backward pass, and are checked like them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from polylaw.errors import InputError  # noqa: E402
from polylaw.torch import GradientReader, assert_gradients  # noqa: E402
from tests.networks.nets import NETS  # noqa: E402
from tests.networks.runs import BFLOAT16, FLOAT32, generic, laws_of, loss_of  # noqa: E402

OPTIMIZERS: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
    "SGD": lambda p: torch.optim.SGD(p, 0.01),
    "SGD with decay": lambda p: torch.optim.SGD(p, 0.01, weight_decay=0.2),
    "SGD with momentum": lambda p: torch.optim.SGD(p, 0.01, 0.9, foreach=True),
    "SGD with all": lambda p: torch.optim.SGD(p, 0.01, 0.8, 0.3, weight_decay=0.2, maximize=True),
    "Nesterov": lambda p: torch.optim.SGD(p, 0.01, 0.9, nesterov=True, weight_decay=0.2),
    "Adam": lambda p: torch.optim.Adam(p, 0.01),
    "Adam with decay": lambda p: torch.optim.Adam(p, 0.01, weight_decay=0.2, amsgrad=True, maximize=True),
    "Adam, fused": lambda p: torch.optim.Adam(p, 0.01, weight_decay=0.2, fused=True),
    "AdamW": lambda p: torch.optim.AdamW(p, 0.01, weight_decay=0.2, betas=(0.8, 0.99)),
    "NAdam": lambda p: torch.optim.NAdam(p, 0.01, weight_decay=0.2),
    "NAdam, decoupled": lambda p: torch.optim.NAdam(p, 0.01, weight_decay=0.2, decoupled_weight_decay=True),
    "RAdam": lambda p: torch.optim.RAdam(p, 0.01, weight_decay=0.2),
    "Adamax": lambda p: torch.optim.Adamax(p, 0.01, weight_decay=0.2),
}


def step(module: nn.Module, seed: int, *optimizers: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """A training step; the gradients that it used."""
    loss_of(NETS["mlp"], module, seed).backward()
    used = {name: p.grad.clone() for name, p in module.named_parameters()}
    for optimizer in optimizers:
        optimizer.step()
        optimizer.zero_grad()
    return used


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_gradients_are_those_of_the_backward_pass(name: str) -> None:
    module = generic(NETS["mlp"], 0).double()
    optimizer = OPTIMIZERS[name](module.parameters())
    with GradientReader(optimizer) as reader:
        for seed in range(4):
            before = {n: p.detach().clone() for n, p in module.named_parameters()}
            used = step(module, seed, optimizer)
            for n, p in module.named_parameters():
                assert torch.equal(reader.parameter(p), before[n])
                error = (reader.gradient(p) - used[n]).square().mean().sqrt()
                assert error <= reader.error(p) < 1e-12
            assert assert_gradients(module, laws_of("mlp"), reader=reader).telling == 12
    step(module, 5, optimizer)  # what was read stays
    assert (reader.gradient(p) - used[n]).abs().max() < 1e-12


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("dtype", [FLOAT32, BFLOAT16], ids=str)
def test_steps_without_a_fault_and_with_one(name: str, dtype: torch.dtype) -> None:
    """Also where averages are rounded to 8 bits, and gradients read from them are known to a tenth."""
    module = generic(NETS["mlp"], 0).to(dtype)
    optimizer = OPTIMIZERS[name](module.parameters())
    reader = GradientReader(optimizer)
    for seed in range(3):
        step(module, seed, optimizer)
        assert assert_gradients(module, laws_of("mlp"), reader=reader).largest < 0.5
    handle = module.fc2.weight.register_hook(lambda g: 10 * g)
    step(module, 3, optimizer)
    with pytest.raises(AssertionError, match=r"fc2\.weight"):
        assert_gradients(module, laws_of("mlp"), reader=reader)
    handle.remove()


def test_several_optimizers() -> None:
    """Muon moves matrices, AdamW all others."""
    module = generic(NETS["mlp"], 0).double()
    matrices = [p for p in module.parameters() if p.ndim == 2]
    muon = torch.optim.Muon(matrices, weight_decay=0.2)
    adam = torch.optim.AdamW([p for p in module.parameters() if p.ndim != 2])
    reader = GradientReader(muon, adam)
    for seed in range(3):
        used = step(module, seed, muon, adam)
        assert all(torch.allclose(reader.gradient(p), used[n]) for n, p in module.named_parameters())
        assert assert_gradients(module, laws_of("mlp"), reader=reader).largest < 0.3
    forgotten = GradientReader(muon)
    step(module, 3, muon, adam)
    with pytest.raises(AssertionError, match=r"no gradient of fc1\.bias, .*: no step of the reader's opt"):
        assert_gradients(module, laws_of("mlp"), reader=forgotten)


def test_a_parameter_that_a_step_leaves_out() -> None:
    module = generic(NETS["mlp"], 0).double()
    optimizer = torch.optim.Adam(module.parameters())
    reader = GradientReader(optimizer)
    step(module, 0, optimizer)
    loss_of(NETS["mlp"], module, 1).backward()
    module.fc2.weight.grad = None
    optimizer.step()
    assert reader.gradient(module.fc2.weight) is None
    with pytest.raises(AssertionError, match=r"no gradient of fc2\.weight"):
        assert_gradients(module, laws_of("mlp"), reader=reader)


def test_a_reader_that_read_nothing() -> None:
    module = generic(NETS["mlp"], 0)
    reader = GradientReader(torch.optim.Adam(module.parameters()))
    with pytest.raises(AssertionError, match="no step was read, so nothing is tested"):
        assert_gradients(module, laws_of("mlp"), reader=reader)


def test_a_step_that_moves_nothing() -> None:
    module = generic(NETS["mlp"], 0)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.0)
    with GradientReader(optimizer), pytest.raises(AssertionError, match=r"the step moves nothing.* lr is 0"):
        step(module, 0, optimizer)


def test_optimizers_that_keep_no_average() -> None:
    module = generic(NETS["mlp"], 0)
    with pytest.raises(InputError, match="optimizer: found 'Adagrad', expected one of"):
        GradientReader(torch.optim.Adagrad(module.parameters()))
    with pytest.raises(InputError, match="optimizers"):
        GradientReader()


class Mine(torch.optim.AdamW):
    """An optimizer derived from one that is known."""


def test_an_optimizer_that_is_derived_from_one() -> None:
    module = generic(NETS["mlp"], 0).double()
    optimizer = Mine(module.parameters(), weight_decay=0.5)
    with GradientReader(optimizer) as reader:
        used = step(module, 0, optimizer)
    assert all(torch.allclose(reader.gradient(p), used[n]) for n, p in module.named_parameters())
