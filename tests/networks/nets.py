"""Networks with replaceable parts: every activation, normalisation, softmax, sum and copy is a module without
parameters, so that one with a wrong backward pass can be put in its place under the same names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


class Calls(nn.Module):
    """A module without parameters that calls a function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *args: Any) -> Any:
        return self.function(*args)


def add(x: Tensor, y: Tensor) -> Tensor:
    return x + y


def product(x: Tensor, y: Tensor) -> Tensor:
    return x * y


def softmax(x: Tensor) -> Tensor:
    return x.softmax(-1)


class Linear(nn.Linear):
    """A linear layer whose product can be replaced."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.product = Calls(functional.linear)

    def forward(self, x: Tensor) -> Tensor:
        return self.product(x, self.weight, self.bias)


class Norm(nn.Module):
    """LayerNorm, or RMSNorm if it has no bias, of which the normalisation can be replaced."""

    def __init__(self, size: int, *, bias: bool = True, eps: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.bias = nn.Parameter(torch.zeros(size)) if bias else None
        shape = (size,)
        normalise = (lambda x: functional.layer_norm(x, shape, eps=eps)) if bias else (lambda x: rms(x, eps))
        self.normalise, self.scale = Calls(normalise), Calls(product)

    def forward(self, x: Tensor) -> Tensor:
        y = self.scale(self.normalise(x), self.weight)
        return y if self.bias is None else y + self.bias


def rms(x: Tensor, eps: float) -> Tensor:
    return functional.rms_norm(x, x.shape[-1:], eps=eps)


class Mlp(nn.Module):
    """ReLU, with a residual connection around the second layer; square, so that transpositions fit."""

    def __init__(self, size: int = 6, classes: int = 4) -> None:
        super().__init__()
        self.fc1, self.fc2, self.fc3 = Linear(5, size), Linear(size, size), Linear(size, size)
        self.out = Linear(size, classes)
        self.act1, self.act2, self.copy, self.add = (
            Calls(torch.relu),
            Calls(torch.relu),
            nn.Identity(),
            Calls(add),
        )
        self.drop = nn.Dropout(0.0)

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc1(x)
        y = self.fc3(self.drop(self.act2(self.fc2(self.act1(self.copy(x))))))
        return self.out(self.add(x, y))


class Attention(nn.Module):
    """Attention with heads of keys that serve `group` heads of queries each, with or without rotation."""

    def __init__(
        self, size: int, heads: int, group: int = 1, *, bias: bool = True, turn: bool = False
    ) -> None:
        super().__init__()
        self.heads, self.width, self.shared = heads, size // heads, heads // group
        self.q, self.o = Linear(size, size, bias=bias), Linear(size, size, bias=bias)
        self.k, self.v = (Linear(size, self.width * self.shared, bias=bias) for _ in range(2))
        self.turn_q, self.turn_k = (Calls(rotated if turn else _same) for _ in range(2))
        self.repeat_k, self.repeat_v = (Calls(lambda x: x.repeat_interleave(group, 1)) for _ in range(2))
        self.scores, self.softmax, self.mix = Calls(scores), Calls(softmax), Calls(torch.matmul)

    def forward(self, x: Tensor) -> Tensor:
        b, t, _ = x.shape
        q, k, v = (f(x).view(b, t, -1, self.width).transpose(1, 2) for f in (self.q, self.k, self.v))
        k, v = self.repeat_k(self.turn_k(k)), self.repeat_v(v)
        s = self.scores(self.turn_q(q), k)
        s = s + torch.full((t, t), -1e4, dtype=s.dtype).triu(1)
        y = self.mix(self.softmax(s), v)
        return self.o(y.transpose(1, 2).reshape(b, t, -1))


def _same(x: Tensor) -> Tensor:
    return x


def scores(q: Tensor, k: Tensor) -> Tensor:
    return q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5


def rotated(x: Tensor, sign: int = 1) -> Tensor:
    """Rotary embedding; `sign` -1 turns back."""
    half = x.shape[-1] // 2
    speed = torch.arange(half, dtype=x.dtype) + 1
    angle = torch.arange(x.shape[-2], dtype=x.dtype)[:, None] / speed
    cos, sin, (a, b) = angle.cos(), sign * angle.sin(), x.split(half, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class Gpt(nn.Module):
    """One block of a transformer with LayerNorm and GELU, embeddings tied or not."""

    def __init__(self, size: int = 8, words: int = 11, length: int = 6, *, tied: bool = False) -> None:
        super().__init__()
        self.wte, self.wpe = nn.Embedding(words, size), nn.Embedding(length, size)
        self.ln1, self.ln2, self.lnf = Norm(size), Norm(size), Norm(size)
        self.attn = Attention(size, 2)
        self.fc1, self.fc2, self.act = Linear(size, 10), Linear(10, size), Calls(functional.gelu)
        self.add1, self.add2 = Calls(add), Calls(add)
        self.head = Linear(size, words, bias=False)
        if tied:
            self.head.weight = self.wte.weight

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1]))
        x = self.add1(x, self.attn(self.ln1(x)))
        x = self.add2(x, self.fc2(self.act(self.fc1(self.ln2(x)))))
        return self.head(self.lnf(x))


class Llama(nn.Module):
    """One block with RMSNorm, shared keys, rotation and SwiGLU."""

    def __init__(self, size: int = 8, words: int = 11) -> None:
        super().__init__()
        self.wte, self.head = nn.Embedding(words, size), Linear(size, words, bias=False)
        self.ln1, self.ln2, self.lnf = (Norm(size, bias=False) for _ in range(3))
        self.attn = Attention(size, 2, 2, bias=False, turn=True)
        self.gate, self.up = (Linear(size, 10, bias=False) for _ in range(2))
        self.down, self.act, self.gated = Linear(10, size, bias=False), Calls(functional.silu), Calls(product)
        self.add1, self.add2 = Calls(add), Calls(add)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.wte(tokens)
        x = self.add1(x, self.attn(self.ln1(x)))
        y = self.ln2(x)
        x = self.add2(x, self.down(self.gated(self.act(self.gate(y)), self.up(y))))
        return self.head(self.lnf(x))


class ConvNet(nn.Module):
    """Convolutions with BatchNorm and max-pooling."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(6, 8, 3, padding=1)
        self.weight, self.bias = nn.Parameter(torch.ones(6)), nn.Parameter(torch.zeros(6))
        self.normalise = Calls(lambda x: functional.batch_norm(x, None, None, training=True))
        self.act1, self.act2 = Calls(torch.relu), Calls(torch.relu)
        self.pool1, self.pool2 = (Calls(lambda x: functional.max_pool2d(x, 2)) for _ in range(2))
        self.fc = Linear(32, 4)

    def forward(self, x: Tensor) -> Tensor:
        gain, shift = (p[:, None, None] for p in (self.weight, self.bias))
        x = self.pool1(self.act1(self.normalise(self.conv1(x)) * gain + shift))
        return self.fc(self.pool2(self.act2(self.conv2(x))).flatten(1))


class Lstm(nn.Module):
    """An LSTM with a linear layer behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.out = nn.LSTM(5, 6, batch_first=True), nn.Linear(6, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.rnn(x)[0])


class Lora(nn.Module):
    """A linear layer with an adapter of low rank; the layer itself is frozen."""

    def __init__(self) -> None:
        super().__init__()
        self.base = nn.Linear(6, 6).requires_grad_(False)
        self.a, self.b = Linear(6, 2, bias=False), Linear(2, 6, bias=False)
        self.out, self.act = Linear(6, 4), Calls(functional.gelu)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.act(self.base(x) + 4 * self.b(self.a(x))))


class WeightNorm(nn.Module):
    """A layer g v/|v|."""

    def __init__(self) -> None:
        super().__init__()
        self.v, self.g = nn.Parameter(torch.randn(6, 5)), nn.Parameter(torch.ones(6, 1))
        self.normalise, self.act, self.out = (
            Calls(lambda v: functional.normalize(v, dim=1, eps=0.0)),
            Calls(torch.relu),
            Linear(6, 4),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.act(x @ (self.g * self.normalise(self.v)).T))


class Experts(nn.Module):
    """A mixture of two experts with gated units, weighed by a router."""

    def __init__(self, size: int = 6) -> None:
        super().__init__()
        self.router = Linear(size, 2, bias=False)
        self.up, self.gate = (nn.ModuleList(Linear(size, 7, bias=False) for _ in range(2)) for _ in range(2))
        self.down = nn.ModuleList(Linear(7, size, bias=False) for _ in range(2))
        self.softmax, self.weigh = Calls(softmax), nn.ModuleList(Calls(product) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        share = self.softmax(self.router(x))
        found = torch.zeros_like(x)
        for k, weigh in enumerate(self.weigh):
            hidden = functional.silu(self.gate[k](x)) * self.up[k](x)
            found = found + weigh(self.down[k](hidden), share[..., k : k + 1])
        return found


def vectors(*shape: int) -> Callable[[torch.Generator], Tensor]:
    return lambda source: torch.randn(*shape, generator=source, dtype=torch.float64)


def tokens(words: int, *shape: int) -> Callable[[torch.Generator], Tensor]:
    return lambda source: torch.randint(words, shape, generator=source)


@dataclass(frozen=True)
class Net:
    """A network, what makes an input of it, and what the loss does not see (a name of `LOSSES`)."""

    build: Callable[[], nn.Module]
    data: Callable[[torch.Generator], Tensor]
    loss: str = "any"


NETS = {
    "mlp": Net(Mlp, vectors(9, 5)),
    "classifier": Net(Mlp, vectors(9, 5), "cross-entropy"),
    "gpt": Net(Gpt, tokens(11, 4, 6), "cross-entropy"),
    "tied gpt": Net(lambda: Gpt(tied=True), tokens(11, 4, 6), "cross-entropy"),
    "llama": Net(Llama, tokens(11, 4, 6), "cross-entropy"),
    "convnet": Net(ConvNet, vectors(6, 3, 8, 8)),
    "lstm": Net(Lstm, vectors(4, 7, 5)),
    "lora": Net(Lora, vectors(9, 6)),
    "weight norm": Net(WeightNorm, vectors(9, 5)),
    "experts": Net(Experts, vectors(3, 4, 6)),
}

BIG = {
    "wide mlp": Net(lambda: Mlp(256, 50), vectors(2048, 5)),
    "wide gpt": Net(lambda: Gpt(64, 100, 32), tokens(100, 16, 32), "cross-entropy"),
    "wide llama": Net(lambda: Llama(64, 100), tokens(100, 16, 64), "cross-entropy"),
    "long lstm": Net(Lstm, vectors(8, 50, 5)),
}
