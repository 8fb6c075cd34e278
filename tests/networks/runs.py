"""Backward passes of the networks in `tests.networks.nets`."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from polylaw.networks.laws import NetworkLaws
from polylaw.torch import laws
from tests.networks.faults import Backward
from tests.networks.nets import BIG, NETS, Net

FLOAT64, FLOAT32, BFLOAT16 = torch.float64, torch.float32, torch.bfloat16


@cache
def laws_of(name: str) -> NetworkLaws:
    """The laws of the network as it should be."""
    net = (NETS | BIG)[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch.export about itself
        return laws(net.build().double(), (net.data(source(0)),), net.loss)


def source(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def generic(net: Net, seed: int, scale: float = 0.5) -> nn.Module:
    """A network with weights that are nowhere special."""
    torch.manual_seed(seed)
    module = net.build()
    for p in module.parameters():
        p.data = torch.randn(p.shape) * scale if p.ndim > 1 else 1 + 0.3 * torch.randn(p.shape)
    return module


def loss_of(net: Net, module: nn.Module, seed: int, *, size: float = 1.0, padded: bool = False) -> Tensor:
    """A loss on random data in the format of the network; if it is padded, on the first of a batch only."""
    draw, dtype = source(seed), next(module.parameters()).dtype
    x = net.data(draw)
    y = module(size * x.to(dtype) if x.is_floating_point() else x)
    rows = torch.arange(len(y)) > 0 if padded else torch.zeros(len(y), dtype=torch.bool)
    if net.loss == "any":
        weights = torch.randn(y.shape, generator=draw).to(y.dtype)
        weights[rows] = 0
        return (y * weights).sum()
    targets = torch.randint(y.shape[-1], y.shape[:-1], generator=draw)
    targets[rows] = -100
    return functional.cross_entropy(y.flatten(0, -2), targets.flatten())


def backward_of(net: Net, module: nn.Module, seed: int, **options: Any) -> Backward:
    """A backward pass on the batch of a number."""
    return lambda batch: loss_of(net, module, 100 * seed + batch, **options).backward()
