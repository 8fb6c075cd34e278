"""The modules of `python -m benchmarks.networks`, at the sizes at which people train them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from benchmarks import modules as m

#: A module and inputs for it.
Built = tuple[nn.Module, Sequence[Tensor]]


@dataclass(frozen=True)
class Case:
    """`needs` are the packages that it needs beside torch; `known` the numbers of squares, of laws up to eps,
    of sums and frozen entries, and off diagonals that are known by other means."""

    name: str
    build: Callable[[], Built]
    needs: tuple[str, ...] = ()
    known: tuple[int, int, int, int] | None = None


def _mlp(activation: Callable[[], nn.Module]) -> Callable[[], Built]:
    return lambda: (m.mlp(activation, 784, 512, 512, 10), m.inputs_of((64, 784)))


def _resnet(training: bool) -> Built:
    from torchvision.models import resnet18

    return resnet18().train(training), m.inputs_of((4, 3, 64, 64))


def _vit() -> Built:
    from torchvision.models import vit_b_16

    return vit_b_16(), m.inputs_of((1, 3, 224, 224))


class _Logits(nn.Module):
    """A language model of transformers, which returns more than logits."""

    def __init__(self, transformer: nn.Module) -> None:
        super().__init__()
        self.lm = transformer

    def forward(self, tokens: Tensor) -> Tensor:
        found: Tensor = self.lm(tokens, use_cache=False).logits
        return found


def _gpt2(tied: bool, **sizes: int) -> Built:
    from transformers import GPT2Config, GPT2LMHeadModel

    still: dict[str, Any] = dict.fromkeys(("attn_pdrop", "resid_pdrop", "embd_pdrop"), 0.0)
    config = GPT2Config(tie_word_embeddings=tied, attn_implementation="eager", **still, **sizes)
    return _Logits(GPT2LMHeadModel(config)), m.inputs_of((1, 32), tokens=config.vocab_size)


def _peft() -> Built:
    from peft import LoraConfig, get_peft_model

    base, tokens = _llama()
    base = base.double()
    config = LoraConfig(r=8, target_modules=["q_proj", "v_proj"], lora_dropout=0.0)
    return get_peft_model(base, config), tokens


def _unet() -> Built:
    from diffusers.models.resnet import ResnetBlock2D

    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one = ResnetBlock2D(in_channels=64, out_channels=128, temb_channels=256, groups=32)
            self.two = ResnetBlock2D(in_channels=128, out_channels=128, temb_channels=256, groups=32)
            self.norm, self.out = nn.GroupNorm(32, 128), nn.Conv2d(128, 3, 3, padding=1)

        def forward(self, x: Tensor, time: Tensor) -> Tensor:
            y = self.norm(self.two(self.one(x, time), time))
            return self.out(nn.functional.silu(y))

    return Twice(), m.inputs_of((2, 64, 16, 16), (2, 256))


def _gainless() -> Built:
    return m.Gainless(256, 4, 4, 1000), m.inputs_of((2, 48), tokens=1000)


def _llama(experts: int = 0, depth: int = 2) -> Built:
    return m.Llama(512, 8, 4, 1408, depth, 4096, experts), m.inputs_of((2, 48), tokens=4096)


CASES = [
    Case("MLP 784-512-512-10, ReLU", _mlp(nn.ReLU), known=(1024, 0, 0, 0)),
    Case("MLP, leaky ReLU", _mlp(nn.LeakyReLU), known=(1024, 0, 0, 0)),
    Case("MLP, squared ReLU", _mlp(m.SquaredReLU), known=(1024, 0, 0, 0)),
    Case("MLP, GELU", _mlp(nn.GELU), known=(0, 0, 0, 0)),
    Case("MLP, weight_norm", lambda: (m.weight_normed(784, 512, 512, 10), m.inputs_of((64, 784)))),
    Case("ConvNet with max-pool", lambda: (m.convnet(32, 32, 10), m.inputs_of((8, 3, 32, 32)))),
    Case("ResNet-18, training", lambda: _resnet(True), ("torchvision",), (2880, 7680 - 2880, 896, 0)),
    Case("ResNet-18, evaluation", lambda: _resnet(False), ("torchvision",), (2880, 0, 896, 0)),
    Case("ViT-B/16", _vit, ("torchvision",), (37632, 1, 57821, 580608)),
    Case("GPT-2 block", lambda: _gpt2(False, n_layer=1, vocab_size=1000), ("transformers",)),
    Case("GPT-2 small", lambda: _gpt2(False), ("transformers",), (37632, 1, 107368, 580608)),
    Case("GPT-2 small, tied", lambda: _gpt2(True), ("transformers",)),
    Case("transformer, norms without gain", _gainless),
    Case("Llama-like, grouped queries", _llama),
    Case("mixture of experts", lambda: _llama(experts=8, depth=1)),
    Case("LoRA (peft) on attention", _peft, ("peft",)),
    Case("LSTM, 2 layers", lambda: (m.Recurrent(nn.LSTM, 64, 128, 10, 2), m.inputs_of((4, 12, 64)))),
    Case("GRU, 2 layers", lambda: (m.Recurrent(nn.GRU, 64, 128, 10, 2), m.inputs_of((4, 12, 64)))),
    Case("U-Net blocks (diffusers), GroupNorm", _unet, ("diffusers",)),
    Case("selective state space", lambda: (m.StateSpace(256, 16, 16), m.inputs_of((2, 24, 256)))),
]  # fmt: skip
