"""Modules whose laws `polylaw net` tells: `polylaw net examples.networks.small:mlp` (needs torch).

Every function returns a module and a tuple of inputs, of which only the shapes matter."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

Made = tuple[nn.Module, tuple[Any, ...]]


def mlp() -> Made:
    """Two layers of a ReLU network."""
    return nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)), (torch.zeros(5, 8),)


class Transformer(nn.Module):
    """Tokens and positions, a block, a last norm and a head."""

    def __init__(self, width: int, heads: int, tokens: int, places: int, norm: type[nn.Module]) -> None:
        super().__init__()
        self.token, self.place = nn.Embedding(tokens, width), nn.Parameter(torch.zeros(places, width))
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.norm1, self.norm2, self.norm3 = (norm(width) for _ in range(3))
        self.head = nn.Linear(width, tokens, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.token(tokens) + self.place
        y = self.norm1(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        x = x + self.mlp(self.norm2(x))
        return self.head(self.norm3(x))


class RMSNorm(nn.Module):
    """A norm without parameters."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.rms_norm(x, [self.width], eps=1e-6)


def transformer() -> Made:
    """A block of GPT-2 between embeddings and a head, 12 wide, with 2 heads."""
    return Transformer(12, 2, 20, 6, nn.LayerNorm), (torch.zeros(3, 6, dtype=torch.long),)


def without_gains() -> Made:
    """The same with norms that have no parameters."""
    return Transformer(12, 2, 20, 6, RMSNorm), (torch.zeros(3, 6, dtype=torch.long),)
