"""A decoder block as in GPT-2, small, for `polylaw net examples.networks.block:model`."""

import torch
from torch import nn


class Block(nn.Module):
    """Causal attention with two heads, and a ReLU layer, each on the normalised stream."""

    def __init__(self, width: int = 8, heads: int = 2) -> None:
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(self.ln_1(x)).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(self.up(self.ln_2(x)).relu())


class Decoder(nn.Module):
    """Tokens to logits."""

    def __init__(self, tokens: int = 11, width: int = 8) -> None:
        super().__init__()
        self.embed, self.block = nn.Embedding(tokens, width), Block(width)
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, tokens, bias=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.head(self.norm(self.block(self.embed(tokens))))


def model() -> tuple[nn.Module, tuple[torch.Tensor, ...]]:
    """The module, and an example of its inputs."""
    return Decoder(), (torch.zeros(2, 6, dtype=torch.long),)
