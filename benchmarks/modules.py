"""Modules of PyTorch that people train, in small code of their own: each class is one architecture."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

Activation = Callable[[Tensor], Tensor]


class SquaredReLU(nn.Module):
    """max(x, 0)^2."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x).square()


def mlp(activation: Callable[[], nn.Module], *widths: int, bias: bool = True) -> nn.Sequential:
    """Linear layers with an activation between them."""
    layers: list[nn.Module] = []
    for k, (n, m) in enumerate(pairwise(widths)):
        layers += [activation()] * (k > 0) + [nn.Linear(n, m, bias)]
    return nn.Sequential(*layers)


def weight_normed(*widths: int) -> nn.Sequential:
    """A ReLU network whose layers but the last have lengths and directions apart."""
    net = mlp(nn.ReLU, *widths)
    for layer in list(net)[:-1]:
        if isinstance(layer, nn.Linear):
            nn.utils.parametrizations.weight_norm(layer)
    return net


def convnet(channels: int, size: int, classes: int) -> nn.Sequential:
    """Convolutions, max-pooling and two linear layers, for images of 3 x size x size."""
    c = channels
    return nn.Sequential(
        nn.Conv2d(3, c, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(c, 2 * c, 3, padding=1), nn.LeakyReLU(0.1), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(2 * c * (size // 4) ** 2, 4 * c), nn.ReLU(), nn.Linear(4 * c, classes),
    )  # fmt: skip


class BasicBlock(nn.Module):
    """Two convolutions with BatchNorm beside a projection, as in a ResNet, and a linear head."""

    def __init__(self, inner: int, outer: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inner, outer, 3, 2, 1, bias=False)
        self.conv2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.down = nn.Conv2d(inner, outer, 1, 2, bias=False)
        self.bn1, self.bn2, self.bn3 = (nn.BatchNorm2d(outer) for _ in range(3))
        self.fc = nn.Linear(outer, classes)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)))
        y = functional.relu(self.bn2(self.conv2(y)) + self.bn3(self.down(x)))
        return self.fc(y.mean((2, 3)))


class Attention(nn.Module):
    """Heads of one fused projection."""

    def __init__(self, width: int, heads: int, *, causal: bool = True) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        parts = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        y = functional.scaled_dot_product_attention(*parts.unbind(), is_causal=self.causal)
        return self.out(y.transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    """A transformer block that normalises first."""

    def __init__(
        self, width: int, heads: int, *, causal: bool = True, norm: Callable[..., nn.Module] = nn.LayerNorm
    ) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = norm(width), norm(width)
        self.attn = Attention(width, heads, causal=causal)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT2(nn.Module):
    """GPT-2: token and position embeddings, blocks, a final LayerNorm and a head, tied to the tokens or
    not."""

    def __init__(
        self, width: int, heads: int, depth: int, vocabulary: int, positions: int, *, tied: bool = False
    ) -> None:
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(positions, width)
        self.h = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.ln_f, self.lm_head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)
        if tied:
            self.lm_head.weight = self.wte.weight

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1]))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


class GainlessRMSNorm(nn.Module):
    """x / |x|, times the root of the width."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def forward(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, [self.width], eps=1e-5)


class Gainless(nn.Module):
    """A transformer whose norms have no parameters."""

    def __init__(self, width: int, heads: int, depth: int, vocabulary: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(Block(width, heads, norm=GainlessRMSNorm) for _ in range(depth))
        self.norm, self.head = GainlessRMSNorm(width), nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


class VisionTransformer(nn.Module):
    """Patches by a convolution, a class token, positions, blocks, and a head on the token."""

    def __init__(self, width: int, heads: int, depth: int, size: int, classes: int) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, width, 4, 4)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, 1 + (size // 4) ** 2, width))
        self.blocks = nn.ModuleList(Block(width, heads, causal=False) for _ in range(depth))
        self.ln, self.head = nn.LayerNorm(width), nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        patches = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), 1, -1), patches], 1) + self.positions
        for block in self.blocks:
            x = block(x)
        return self.head(self.ln(x)[:, 0])


def rotated(x: Tensor) -> Tensor:
    """Rotary positions: coordinates k and k + half are turned by an angle for each place."""
    half = x.shape[-1] // 2
    angle = torch.arange(x.shape[-2])[:, None] * 10000.0 ** (-torch.arange(half) / half)
    cos, sin = (f(angle).to(x.dtype).repeat(1, 2) for f in (torch.cos, torch.sin))
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


class GroupedAttention(nn.Module):
    """Attention with rotary positions, where heads of keys and values serve several of queries."""

    def __init__(self, width: int, heads: int, shared: int) -> None:
        super().__init__()
        self.size = width // heads
        self.q_proj, self.o_proj = (nn.Linear(width, width, bias=False) for _ in range(2))
        self.k_proj, self.v_proj = (nn.Linear(width, width // shared, bias=False) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        projections = (self.q_proj, self.k_proj, self.v_proj)
        q, k, v = (f(x).unflatten(-1, (-1, self.size)).transpose(1, 2) for f in projections)
        y = functional.scaled_dot_product_attention(
            rotated(q), rotated(k), v, is_causal=True, enable_gqa=True
        )
        return self.o_proj(y.transpose(1, 2).flatten(2))


class SwiGLU(nn.Module):
    """down(silu(gate x) * up x)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate_proj, self.up_proj = (nn.Linear(width, hidden, bias=False) for _ in range(2))
        self.down_proj = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Experts(nn.Module):
    """Each token goes to the two experts that a router prefers."""

    def __init__(self, width: int, hidden: int, count: int) -> None:
        super().__init__()
        self.router = nn.Linear(width, count, bias=False)
        self.experts = nn.ModuleList(SwiGLU(width, hidden) for _ in range(count))

    def forward(self, x: Tensor) -> Tensor:
        share = torch.softmax(self.router(x), -1)
        best, chosen = share.topk(2)
        best = best / best.sum(-1, keepdim=True)
        outputs = torch.stack([expert(x) for expert in self.experts], -2)
        taken = outputs.gather(-2, chosen[..., None].expand(*chosen.shape, x.shape[-1]))
        return (best[..., None] * taken).sum(-2)


class Llama(nn.Module):
    """Blocks as in Llama, between an embedding and a head; with `experts` as in Mixtral."""

    def __init__(
        self, width: int, heads: int, shared: int, hidden: int, depth: int, vocabulary: int, experts: int = 0
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.attn = nn.ModuleList(GroupedAttention(width, heads, shared) for _ in range(depth))
        self.mlp = nn.ModuleList(
            Experts(width, hidden, experts) if experts else SwiGLU(width, hidden) for _ in range(depth)
        )
        self.norms = nn.ModuleList(nn.RMSNorm(width, 1e-6) for _ in range(2 * depth + 1))
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embed(tokens)
        for k, (attention, network) in enumerate(zip(self.attn, self.mlp, strict=True)):
            x = x + attention(self.norms[2 * k](x))
            x = x + network(self.norms[2 * k + 1](x))
        return self.head(self.norms[-1](x))


class Adapted(nn.Module):
    """A linear layer that is not trained, with a low-rank adapter that is."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer.requires_grad_(False)
        self.lora_A, self.lora_B = (
            nn.Linear(layer.in_features, rank, False),
            nn.Linear(rank, layer.out_features, False),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x) + 2.0 * self.lora_B(self.lora_A(x))


def with_adapters(module: nn.Module, rank: int, names: Sequence[str]) -> nn.Module:
    """A module of which nothing is trained but adapters of the layers of these names."""
    module.requires_grad_(False)
    found = [(p, name) for p in module.modules() for name, _ in p.named_children() if name in names]
    for parent, name in found:
        setattr(parent, name, Adapted(getattr(parent, name), rank))
    return module


class Recurrent(nn.Module):
    """A recurrent network with a linear layer on all its states."""

    def __init__(self, kind: type[nn.RNNBase], inputs: int, width: int, classes: int, depth: int) -> None:
        super().__init__()
        self.rnn = kind(inputs, width, num_layers=depth, batch_first=True)
        self.out = nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.rnn(x)[0])


class UNetBlock(nn.Module):
    """A residual block of a diffusion U-Net: GroupNorm, SiLU, convolution, twice, with a time embedding
    between and a projection beside; then a norm and a convolution, as where the network ends."""

    def __init__(self, inner: int, outer: int, time: int, groups: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(groups, inner), nn.GroupNorm(groups, outer)
        self.conv1, self.conv2 = nn.Conv2d(inner, outer, 3, 1, 1), nn.Conv2d(outer, outer, 3, 1, 1)
        self.time, self.shortcut = nn.Linear(time, outer), nn.Conv2d(inner, outer, 1)
        self.norm, self.out = nn.GroupNorm(groups, outer), nn.Conv2d(outer, 3, 3, 1, 1)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        y = self.conv1(functional.silu(self.norm1(x)))
        y = y + self.time(functional.silu(time))[:, :, None, None]
        y = self.conv2(functional.silu(self.norm2(y))) + self.shortcut(x)
        return self.out(functional.silu(self.norm(y)))


class StateSpace(nn.Module):
    """A selective state-space block (Mamba): a gate, a convolution for each channel, and a scan whose steps
    the input chooses."""

    def __init__(self, width: int, states: int, rank: int, taps: int = 4) -> None:
        super().__init__()
        inner = 2 * width
        self.sizes, self.taps = (rank, states, states), taps
        self.norm, self.in_proj = nn.RMSNorm(width, 1e-5), nn.Linear(width, 2 * inner, bias=False)
        self.conv = nn.Conv1d(inner, inner, taps, groups=inner, padding=taps - 1)
        self.x_proj, self.dt_proj = nn.Linear(inner, sum(self.sizes), bias=False), nn.Linear(rank, inner)
        self.A_log = nn.Parameter(torch.arange(1.0, states + 1).log().repeat(inner, 1))
        self.D, self.out_proj = nn.Parameter(torch.ones(inner)), nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y, gate = self.in_proj(self.norm(x)).chunk(2, -1)
        y = functional.silu(self.conv(y.transpose(1, 2))[..., : x.shape[1]].transpose(1, 2))
        step, b, c = self.x_proj(y).split(self.sizes, -1)
        step = functional.softplus(self.dt_proj(step))
        decay = torch.exp(step[..., None] * -self.A_log.exp())
        driven = (step * y)[..., None] * b[:, :, None, :]
        state, outputs = torch.zeros_like(driven[:, 0]), []
        for t in range(x.shape[1]):
            state = decay[:, t] * state + driven[:, t]
            outputs.append((state * c[:, t, None, :]).sum(-1))
        y = torch.stack(outputs, 1) + self.D * y
        return x + self.out_proj(y * functional.silu(gate))


def generic(module: nn.Module, seed: int = 0) -> nn.Module:
    """The module in float64, with random weights of the usual size: nothing is 0 or equal by chance."""
    source = torch.Generator().manual_seed(seed)
    module = module.double()
    with torch.no_grad():
        for p in module.parameters():
            noise = torch.randn(p.shape, generator=source, dtype=p.dtype)
            if p.ndim == 1:
                p.add_(0.3 * noise)
            else:
                p.copy_(noise * (1.2 / math.sqrt(max(1, p[0].numel()))))
    return module


def inputs_of(*shapes: Any, tokens: int = 0, seed: int = 0) -> tuple[Tensor, ...]:
    """Random inputs: numbers in float64, or with `tokens` that many kinds of tokens."""
    source = torch.Generator().manual_seed(seed)
    if tokens:
        return tuple(torch.randint(0, tokens, shape, generator=source) for shape in shapes)
    return tuple(torch.randn(shape, generator=source, dtype=torch.float64) for shape in shapes)
