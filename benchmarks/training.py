"""Two published experiments on conservation laws along training, with the laws that these networks have:
`python -m benchmarks.training`.

arXiv 2506.06194 follows |conv1|^2 - |conv2|^2 of the first block of a ResNet-18, and the Frobenius norm of
Q Q' - K K' of one head of a transformer, in 50 steps of gradient descent, and finds that they move by a
constant times rate^2 a step.  By how much any quadratic law moves is known: by rate^2 times its value at the
gradient.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import click
import numpy as np
import torch
from rich.console import Console
from torch import Tensor, nn
from torch.nn import functional

from benchmarks import modules as m
from benchmarks.resnet import ResNet18
from polylaw.files import Output
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.values import Array, Arrays, quantity
from polylaw.torch import Monitor, laws

#: Inputs and labels.
Batch = tuple[Tensor, Tensor]
#: A number or an array that is made of parameters, by name.
Quantity = Callable[[Arrays], Array]
RATES = (1e-3, 3e-3, 5e-3)


class Encoder(nn.Module):
    """A transformer that classifies sequences of tokens: blocks without biases in their attention, with ReLU,
    and a linear layer on the mean."""

    def __init__(self, width: int, heads: int, depth: int, vocabulary: int, length: int) -> None:
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
        self.blocks = nn.ModuleList(m.Block(width, heads, causal=False) for _ in range(depth))
        for block in self.blocks:
            block.attn.qkv, block.attn.out = (nn.Linear(width, n * width, bias=False) for n in (3, 1))
            block.mlp[1] = nn.ReLU()
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 2)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.tokens(tokens) + self.places(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x).mean(1))


def images(batch: int, size: int = 32, classes: int = 10) -> Iterator[Batch]:
    """Noise around a pattern for each class."""
    source = torch.Generator().manual_seed(1)
    patterns = torch.randn(classes, 3, size, size, generator=source, dtype=torch.float64)
    while True:
        labels = torch.randint(classes, (batch,), generator=source)
        yield patterns[labels] + torch.randn(batch, 3, size, size, generator=source).double(), labels


def sentences(batch: int, length: int, vocabulary: int) -> Iterator[Batch]:
    """Tokens, of which the first half of the vocabulary is more frequent in one of two classes."""
    source = torch.Generator().manual_seed(1)
    while True:
        labels = torch.randint(2, (batch,), generator=source)
        places = torch.rand(batch, length, generator=source) ** (1 + labels[:, None])
        yield (places * vocabulary).long(), labels


@dataclass
class Curve:
    """How far a quantity is from where it began after each step, and what the steps should have added up to;
    by index, if it has any."""

    measured: list[Array] = field(default_factory=list)
    predicted: list[Array] = field(default_factory=list)

    @property
    def error(self) -> float:
        """The largest difference of the two, relative to the largest change."""
        changes, known = np.array(self.measured), np.array(self.predicted)
        return float(np.abs(changes - known).max() / np.abs(changes).max())


@dataclass(frozen=True)
class Run:
    """One run: a curve for each quantity that is followed, and how often a monitor gave each verdict."""

    rate: float
    curves: dict[str, Curve]
    verdicts: Counter[str]


def followed(
    module: nn.Module,
    known: NetworkLaws,
    batches: Iterable[Batch],
    rate: float,
    quantities: Mapping[str, Quantity],
    every: int = 10,
) -> Run:
    """Gradient descent on these batches.  A quantity is a quadratic form of the parameters, so that a step
    that keeps it to first order adds rate^2 times its value at the gradient."""
    optimizer = torch.optim.SGD(module.parameters(), lr=rate)
    begun = {name: q(_arrays(module, known)) for name, q in quantities.items()}
    curves = {name: Curve() for name in quantities}
    sums = {name: np.zeros_like(start) for name, start in begun.items()}
    with Monitor(module, optimizer, known, every=every) as monitor:
        for x, labels in batches:
            optimizer.zero_grad()
            functional.cross_entropy(module(x), labels).backward()
            gradients = _arrays(module, known, gradients=True)
            optimizer.step()
            for name, q in quantities.items():
                sums[name] = sums[name] + rate**2 * q(gradients)
                curves[name].predicted.append(sums[name])
                curves[name].measured.append(q(_arrays(module, known)) - begun[name])
    looks = monitor.history
    verdicts = (value for look in looks for key, value in look.items() if key.endswith("/verdict"))
    return Run(rate, curves, Counter(map(str, verdicts)))


def _arrays(module: nn.Module, known: NetworkLaws, *, gradients: bool = False) -> Arrays:
    trained = {name: p for name, p in module.named_parameters() if name in known.shapes}
    tensors = {name: p.grad if gradients else p for name, p in trained.items()}
    return {name: t.detach().numpy() for name, t in tensors.items() if t is not None}


def law_with(known: NetworkLaws, *names: str) -> Law:
    """The one law that has pieces of all of these parameters and of as few others as there is."""
    found = [law for law in known.laws if {p.view.name for p in law.pieces} >= {*names}]
    return min(found, key=lambda law: len({p.view.name for p in law.pieces}))


#: Of a ResNet-18: what is published; |w|^2 of each filter, which BatchNorm keeps up to eps; and of each
#: channel g^2 + b^2 of bn1 less what of conv2 reads it.
PUBLISHED, CHANNELS = "all of conv1 less all of conv2", "bn1 less conv2, by channel"
CONV1, CONV2 = "filters of conv1, up to eps", "filters of conv2, up to eps"


def resnet(rate: float, steps: int, batch: int, *, width: int = 64, training: bool = True) -> Run:
    """ResNet-18 on images of 32 x 32, and the laws of its first block; if its norms are not in training they
    have statistics of other batches."""
    torch.manual_seed(41)
    module, source = ResNet18(10, width).double(), images(batch)
    if not training:
        module(next(source)[0])
        module.train(False)
    known = laws(module, (next(source)[0],))
    one, two, norm = (f"layer1.0.{name}" for name in ("conv1.weight", "conv2.weight", "bn1.weight"))
    quantities: dict[str, Quantity] = {
        PUBLISHED: lambda arrays: np.asarray((arrays[one] ** 2).sum() - (arrays[two] ** 2).sum()),
        CONV1: lambda arrays: (arrays[one] ** 2).sum((1, 2, 3)),
        CONV2: lambda arrays: (arrays[two] ** 2).sum((1, 2, 3)),
        CHANNELS: lambda arrays: quantity(law_with(known, norm, two), arrays),
    }
    return followed(module, known, islice(source, steps), rate, quantities)


#: Of a transformer: what is published, and the laws of its first block.
HEAD, QUERIES, VALUES = "Q Q' - K K' of one head", "Q Q' - K K' of all heads", "V V' - O' O of all heads"
NEURONS = "ReLU neurons"


def transformer(
    rate: float, steps: int, batch: int, *, length: int = 200, vocabulary: int = 5001, width: int = 64
) -> Run:
    """Two layers of 8 heads on sequences, and the laws of the first."""
    torch.manual_seed(41)
    module = Encoder(width, 8, 2, vocabulary, length).double()
    source = sentences(batch, length, vocabulary)
    known = laws(module, (next(source)[0],))
    fused, out, first, last = (f"blocks.0.{n}.weight" for n in ("attn.qkv", "attn.out", "mlp.0", "mlp.2"))
    size = width // 8

    def head(arrays: Arrays) -> Array:
        q, k = (arrays[fused][start : start + size] for start in (0, width))
        return np.asarray(q @ q.T - k @ k.T)

    [queries] = [law for law in known.laws if {p.view.name for p in law.pieces} == {fused}]
    quantities: dict[str, Quantity] = {
        HEAD: head,
        QUERIES: lambda arrays: quantity(queries, arrays),
        VALUES: lambda arrays: quantity(law_with(known, fused, out), arrays),
        NEURONS: lambda arrays: quantity(law_with(known, first, last), arrays),
    }
    return followed(module, known, islice(source, steps), rate, quantities)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--steps", default=50, show_default=True, help="steps of each run")
@click.option("--batch", default=32, show_default=True, help="images, or sequences, of each step")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(__file__).parents[1] / "docs" / "training.svg",
    help="file of the picture",
)
def main(steps: int, batch: int, output: Path) -> None:
    """Run both experiments at three rates, print what moved, and draw it."""
    from benchmarks.training_plot import picture, summary

    console, runs = Console(width=140), {}
    for name, experiment in {"ResNet-18": resnet, "transformer": transformer}.items():
        runs[name] = [experiment(rate, steps, batch) for rate in RATES]
        console.print(summary(runs[name]).rich(name))
        for run in runs[name]:
            verdicts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(run.verdicts.items()))
            console.print(f"rate {run.rate:g}: {verdicts}")
    Output.of(output).write(picture(runs["ResNet-18"], runs["transformer"]).encode())


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.training")
