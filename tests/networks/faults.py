"""Faults in backward passes, each planted in a network of `tests.networks.nets`.

Most are a custom function whose derivative is wrong, in the place of a part without parameters; the others
happen to gradients afterwards.  `VISIBLE` break an identity, `INVISIBLE` do not, and say why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.networks.nets import Calls, rms, rotated, scores, softmax

#: Runs a backward pass on the batch of this number; gradients are added to those that are there.
Backward = Callable[[int], None]
#: The gradients of the inputs of a function: of that of its output, and the inputs.
Derivative = Callable[..., Sequence[Tensor | None]]


class _Written(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, function: Callable[..., Tensor], derivative: Derivative, *inputs: Tensor) -> Tensor:
        ctx.save_for_backward(*inputs)
        ctx.derivative = derivative
        return function(*inputs)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        return None, None, *ctx.derivative(g, *ctx.saved_tensors)


def written(function: Callable[..., Tensor], derivative: Derivative) -> Calls:
    """A function with this derivative."""
    return Calls(lambda *inputs: _Written.apply(function, derivative, *inputs))


def right(function: Callable[..., Tensor], g: Tensor, *inputs: Tensor) -> list[Tensor]:
    """The gradients that are right."""
    with torch.enable_grad():
        inputs = tuple(x.detach().requires_grad_() for x in inputs)
        return list(torch.autograd.grad(function(*inputs), inputs, g))


def nothing(module: nn.Module) -> None:
    """Leaves a network as it is."""


def one_pass(module: nn.Module, backward: Backward) -> None:
    """Nothing happens to gradients afterwards."""
    backward(0)


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which network; `plant` changes it before the pass, `run` makes the pass and what
    follows."""

    what: str
    net: str
    plant: Callable[[Any], None] = nothing
    run: Callable[[Any, Backward], None] = one_pass
    why_invisible: str = ""

    @property
    def is_planted(self) -> bool:
        """Whether all that is wrong is in the network."""
        return self.run is one_pass

    def __str__(self) -> str:
        return f"{self.net}: {self.what}"


def part(path: str, new: Callable[[], nn.Module]) -> Callable[[Any], None]:
    """Puts another part in this place."""

    def plant(module: nn.Module) -> None:
        module.set_submodule(path, new())

    return plant


def then(change: Callable[[Any], None]) -> Callable[[Any, Backward], None]:
    """One backward pass, then a change of gradients."""

    def run(module: nn.Module, backward: Backward) -> None:
        backward(0)
        with torch.no_grad():
            change(module)

    return run


def scaled(factor: float, *names: str) -> Callable[[Any, Backward], None]:
    """These gradients, or all, times a number."""

    def change(module: nn.Module) -> None:
        for name, p in module.named_parameters():
            if p.grad is not None and (not names or name in names):
                p.grad *= factor

    return then(change)


# -- linear layers -----------------------------------------------------------------------------------
def linear(
    of_input: Callable[[Tensor, Tensor, Tensor], Tensor] = lambda g, x, w: g @ w,
    of_weight: Callable[[Tensor, Tensor], Tensor] = lambda g, x: g.flatten(0, -2).T @ x.flatten(0, -2),
    of_bias: Callable[[Tensor], Tensor] = lambda g: g.flatten(0, -2).sum(0),
) -> Callable[[], Calls]:
    """x W' + b with these derivatives."""

    def derivative(g: Tensor, x: Tensor, w: Tensor, b: Tensor) -> list[Tensor]:
        return [of_input(g, x, w), of_weight(g, x), of_bias(g)]

    return lambda: written(functional.linear, derivative)


def first_shard(g: Tensor, x: Tensor, w: Tensor) -> Tensor:
    """What one of two processes has, each with half of the rows of w."""
    half = len(w) // 2
    return g[..., :half] @ w[:half]


def logits(derivative: Callable[[Tensor], Tensor]) -> Callable[[], Calls]:
    """A last layer whose output receives another gradient."""
    return lambda: Calls(
        lambda x, w, b: _Written.apply(_same, lambda g, y: [derivative(g)], functional.linear(x, w, b))
    )


def _same(x: Tensor) -> Tensor:
    return x.clone()


# -- entrywise ---------------------------------------------------------------------------------------
def relu(derivative: Derivative) -> Callable[[], Calls]:
    return lambda: written(torch.relu, derivative)


def summed(left: float, right: float) -> Callable[[], Calls]:
    """x + y whose gradients are multiplied by these numbers."""
    return lambda: written(lambda x, y: x + y, lambda g, x, y: [left * g, right * g])


def dropout() -> Calls:
    """Dropout whose backward pass draws another mask."""
    source = torch.Generator().manual_seed(0)

    def masked(x: Tensor) -> Tensor:
        return x * (torch.rand(x.shape, generator=source) < 0.7) / 0.7

    return written(masked, lambda g, x: [masked(g)])


# -- attention ---------------------------------------------------------------------------------------
def no_row_sum(g: Tensor, x: Tensor) -> list[Tensor]:
    return [softmax(x) * g]


def unscaled(g: Tensor, q: Tensor, k: Tensor) -> list[Tensor]:
    dq, dk = right(scores, g, q, k)
    return [dq * q.shape[-1] ** 0.5, dk]


def swapped(g: Tensor, q: Tensor, k: Tensor) -> list[Tensor]:
    return right(scores, g, q, k)[::-1]


def not_turned(g: Tensor, p: Tensor, v: Tensor) -> list[Tensor]:
    return [right(torch.matmul, g, p, v)[0], p @ g]


def not_masked(g: Tensor, p: Tensor, v: Tensor) -> list[Tensor]:
    """Attention is computed anew for the backward pass, without the mask (here: even attention there)."""
    return [right(torch.matmul, g, p, v)[0], torch.where(p == 0, 1 / p.shape[-1], p).transpose(-1, -2) @ g]


def repeated(combine: Callable[[Tensor], Tensor]) -> Callable[[], Calls]:
    """Heads repeated twice; `combine` makes one gradient of two."""
    return lambda: written(
        lambda x: x.repeat_interleave(2, 1), lambda g, x: [combine(g.unflatten(1, (x.shape[1], 2)))]
    )


def one_head(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Queries of which half, one head, are detached."""
    q = functional.linear(x, w, b)
    return torch.cat([q[..., :4], q[..., 4:].detach()], -1)


# -- normalisations ----------------------------------------------------------------------------------
def layer_norm(centred: bool, projected: bool) -> Callable[[], Calls]:
    """LayerNorm without one of the two terms that its derivative subtracts."""

    def derivative(g: Tensor, x: Tensor) -> list[Tensor]:
        y = functional.layer_norm(x, x.shape[-1:], eps=0.0)
        less = centred * g.mean(-1, keepdim=True) + projected * y * (g * y).mean(-1, keepdim=True)
        return [(g - less) / x.var(-1, correction=0, keepdim=True).sqrt()]

    return lambda: written(lambda x: functional.layer_norm(x, x.shape[-1:], eps=0.0), derivative)


def rms_norm() -> Calls:
    """RMSNorm that takes the length for a constant."""
    return written(lambda x: rms(x, 0.0), lambda g, x: [g / x.square().mean(-1, keepdim=True).sqrt()])


def gain(of_gain: Callable[[Tensor], Tensor]) -> Callable[[], Calls]:
    """y * gain, where the gradient of the gain is made of the product of g and y."""

    def derivative(g: Tensor, y: Tensor, w: Tensor) -> list[Tensor]:
        return [g * w, of_gain((g * y).flatten(0, -2))]

    return lambda: written(lambda y, w: y * w, derivative)


def batch_norm() -> Calls:
    """BatchNorm in training whose derivative is that of evaluation."""

    def normalised(x: Tensor) -> Tensor:
        return functional.batch_norm(x, None, None, training=True)

    return written(normalised, lambda g, x: [g / x.var((0, 2, 3), correction=0, keepdim=True).sqrt()])


def pooled() -> Calls:
    """Max-pooling whose gradient goes to the whole window."""
    return written(
        lambda x: functional.max_pool2d(x, 2),
        lambda g, x: [g.repeat_interleave(2, -1).repeat_interleave(2, -2) / 4],
    )


# -- embeddings --------------------------------------------------------------------------------------
def overwritten(module: Any, backward: Backward) -> None:
    """A word that occurs several times gets the gradient of its last occurrence."""
    kept: dict[str, Tensor] = {}
    handle = module.wte.register_forward_hook(
        lambda m, args, y: y.register_hook(lambda g: kept.update(g=g)) and None
    )
    tokens = module.wte.register_forward_pre_hook(lambda m, args: kept.update(tokens=args[0]))
    backward(0)
    grad = torch.zeros_like(module.wte.weight)
    for word, g in zip(kept["tokens"].flatten(), kept["g"].flatten(0, 1), strict=True):
        grad[word] = g
    module.wte.weight.grad = grad
    handle.remove(), tokens.remove()


def only(use: str) -> Callable[[Any], None]:
    """Of a tied weight only one use is counted: the other is a copy that is not trained."""

    def plant(module: Any) -> None:
        if use == "head":
            module.wte.register_forward_hook(lambda m, args, y: y.detach())
        else:
            module.head.product = Calls(lambda x, w, b: functional.linear(x, w.detach(), b))

    return plant


# -- steps -------------------------------------------------------------------------------------------
def lost(name: str) -> Callable[[Any, Backward], None]:
    """The second of two micro-batches is lost in one parameter."""

    def run(module: nn.Module, backward: Backward) -> None:
        backward(0)
        p = module.get_parameter(name)
        kept = p.grad.clone()
        backward(1)
        p.grad = kept

    return run


def stale(name: str) -> Callable[[Any, Backward], None]:
    """The gradient of the step before has not been cleared in one parameter."""

    def run(module: nn.Module, backward: Backward) -> None:
        backward(0)
        for other, p in module.named_parameters():
            if other != name:
                p.grad = None
        backward(1)

    return run


def zeroed_first(module: nn.Module, backward: Backward) -> None:
    """Gradients are there, as zeros, before the pass."""
    for p in module.parameters():
        p.grad = torch.zeros_like(p)
    backward(0)


def clip_one(module: Any) -> None:
    parameters = [module.fc3.weight, module.fc3.bias]
    norm = torch.cat([p.grad.flatten() for p in parameters]).norm().item()
    nn.utils.clip_grad_norm_(parameters, norm / 2)


def clip_values(module: Any) -> None:
    nn.utils.clip_grad_value_(module.parameters(), float(module.fc2.weight.grad.abs().mean()))


def clip_all(module: Any) -> None:
    nn.utils.clip_grad_norm_(module.parameters(), 0.01)


def sparse(module: Any) -> None:
    """Only the largest tenth of each gradient is sent."""
    for p in module.parameters():
        p.grad *= p.grad.abs() >= p.grad.abs().flatten().float().quantile(0.9)


def coarse(module: Any) -> None:
    """Gradients are sent in 4 bits."""
    for p in module.parameters():
        unit = p.grad.abs().max() / 7
        p.grad.copy_((p.grad / unit).round() * unit)


def exchange(one: str, two: str) -> Callable[[Any, Backward], None]:
    def change(module: nn.Module) -> None:
        a, b = module.get_parameter(one), module.get_parameter(two)
        a.grad, b.grad = b.grad, a.grad

    return then(change)


def changed(name: str, function: Callable[[Tensor], Tensor]) -> Callable[[Any, Backward], None]:
    """Another gradient of one parameter."""

    def change(module: nn.Module) -> None:
        p = module.get_parameter(name)
        p.grad = function(p.grad).contiguous()

    return then(change)


VISIBLE = [
    # linear layers
    Fault(
        "ReLU lets 5 % of the gradient through below 0",
        "mlp",
        part("act1", relu(lambda g, x: [g * (x > 0) + 0.05 * g * (x <= 0)])),
    ),
    Fault(
        "ReLU stops negative gradients too", "mlp", part("act2", relu(lambda g, x: [g * (x > 0) * (g > 0)]))
    ),
    Fault(
        "input gradient with W for W'", "mlp", part("fc2.product", linear(of_input=lambda g, x, w: g @ w.T))
    ),
    Fault("weight gradient transposed", "mlp", part("fc3.product", linear(of_weight=lambda g, x: x.T @ g))),
    Fault(
        "bias gradient averaged over the batch",
        "mlp",
        part("fc2.product", linear(of_bias=lambda g: g.mean(0))),
    ),
    Fault("bias gradient lost", "mlp", part("fc2.product", linear(of_bias=lambda g: 0 * g[0]))),
    Fault(
        "last row of the batch left out of a weight",
        "mlp",
        part("fc3.product", linear(of_weight=lambda g, x: g[:-1].T @ x[:-1])),
    ),
    Fault(
        "weights changed between forward and backward pass",
        "mlp",
        part("fc3.product", linear(of_input=lambda g, x, w: g @ (1.3 * w))),
    ),
    Fault(
        "tensor parallel: no sum over shards of the input gradient",
        "mlp",
        part("fc2.product", linear(of_input=first_shard)),
    ),
    Fault("tensor parallel: every shard counts the bias", "mlp", run=scaled(2, "fc3.bias")),
    Fault("dropout with another mask", "mlp", part("drop", dropout)),
    Fault("residual connection doubled", "mlp", part("add", summed(2, 1))),
    Fault("residual connection detached", "mlp", part("add", summed(0, 1))),
    Fault("residual branch halved", "mlp", part("add", summed(1, 0.5))),
    # what happens to gradients
    Fault("a weight 3 % too large", "mlp", run=scaled(1.03, "fc2.weight")),
    Fault("a bias 2 % too small", "mlp", run=scaled(0.98, "fc1.bias")),
    Fault("accumulated twice", "mlp", run=scaled(2, "fc2.weight")),
    Fault(
        "one layer summed, not averaged, over four processes", "mlp", run=scaled(4, "fc1.weight", "fc1.bias")
    ),
    Fault("loss scale taken off weights only", "mlp", run=scaled(1024, "fc1.bias", "fc2.bias", "fc3.bias")),
    Fault("one group clipped", "mlp", run=then(clip_one)),
    Fault("values clipped", "mlp", run=then(clip_values)),
    Fault("compressed: the largest tenth", "mlp", run=then(sparse)),
    Fault("compressed: 4 bits", "mlp", run=then(coarse)),
    Fault("a micro-batch lost in one parameter", "mlp", run=lost("fc2.weight")),
    Fault("not cleared in one parameter", "mlp", run=stale("out.weight")),
    # losses
    Fault(
        "cross-entropy subtracts the target twice",
        "classifier",
        part("out.product", logits(lambda g: g + g.clamp(max=0))),
    ),
    Fault(
        "label smoothing without its even part", "classifier", part("out.product", logits(lambda g: g + 0.02))
    ),
    # transformer
    Fault(
        "softmax without the sum over the row",
        "gpt",
        part("attn.softmax", lambda: written(softmax, no_row_sum)),
    ),
    Fault("scores: queries not scaled", "gpt", part("attn.scores", lambda: written(scores, unscaled))),
    Fault(
        "scores: gradients of queries and keys swapped",
        "gpt",
        part("attn.scores", lambda: written(scores, swapped)),
    ),
    Fault(
        "values: attention not transposed", "gpt", part("attn.mix", lambda: written(torch.matmul, not_turned))
    ),
    Fault(
        "values: attention computed anew without the mask",
        "gpt",
        part("attn.mix", lambda: written(torch.matmul, not_masked)),
    ),
    Fault("one head of queries detached", "gpt", part("attn.q.product", lambda: Calls(one_head))),
    Fault(
        "keys detached",
        "gpt",
        part("attn.k.product", lambda: Calls(lambda x, w, b: functional.linear(x, w, b).detach())),
    ),
    Fault(
        "values detached, gradients zeros before",
        "gpt",
        part("attn.v.product", lambda: Calls(lambda x, w, b: functional.linear(x, w, b).detach())),
        zeroed_first,
    ),
    Fault("gradients of queries and keys exchanged", "gpt", run=exchange("attn.q.weight", "attn.k.weight")),
    Fault("LayerNorm does not centre", "gpt", part("ln2.normalise", layer_norm(False, True))),
    Fault("LayerNorm does not project", "gpt", part("lnf.normalise", layer_norm(True, False))),
    Fault(
        "sequence parallel: gain summed over half of the places",
        "gpt",
        part("ln1.scale", gain(lambda each: each[::2].sum(0))),
    ),
    Fault("gain averaged over the batch", "gpt", part("lnf.scale", gain(lambda each: each.mean(0)))),
    Fault(
        "tensor parallel: no sum over shards before a LayerNorm",
        "gpt",
        part("fc1.product", linear(of_input=first_shard)),
    ),
    Fault("positions averaged over the batch", "gpt", run=scaled(0.25, "wpe.weight")),
    Fault("words that occur again overwrite", "gpt", run=overwritten),
    Fault("residual connection doubled", "gpt", part("add2", summed(2, 1))),
    Fault("tie undone: the head only", "tied gpt", only("head")),
    Fault("tie undone: the embedding only", "tied gpt", only("embedding")),
    Fault("tied weight halved", "tied gpt", run=scaled(0.5, "wte.weight")),
    # Llama
    Fault(
        "shared key: mean for the sum over its heads",
        "llama",
        part("attn.repeat_k", repeated(lambda g: g.mean(2))),
    ),
    Fault("shared value: first head only", "llama", part("attn.repeat_v", repeated(lambda g: g[:, :, 0]))),
    Fault(
        "rotation of keys turns the wrong way",
        "llama",
        part("attn.turn_k", lambda: written(rotated, lambda g, x: [rotated(g)])),
    ),
    Fault(
        "rotation of queries does not turn back",
        "llama",
        part("attn.turn_q", lambda: written(rotated, lambda g, x: [g])),
    ),
    Fault("RMSNorm with a constant length", "llama", part("ln2.normalise", rms_norm)),
    Fault(
        "gate left out of the gradient of its partner",
        "llama",
        part("gated", lambda: written(lambda a, b: a * b, lambda g, a, b: [g * b, g])),
    ),
    # others
    Fault("BatchNorm with constant statistics", "convnet", part("normalise", batch_norm)),
    Fault("max-pooling: gradient to the whole window", "convnet", part("pool2", pooled)),
    Fault("taps of a convolution flipped", "convnet", run=changed("conv2.weight", lambda g: g.flip(-1))),
    Fault("bias of a convolution averaged over places", "convnet", run=scaled(1 / 16, "conv2.bias")),
    Fault("a recurrent bias misses a step", "lstm", run=scaled(6 / 7, "rnn.bias_hh_l0")),
    Fault("scale of an adapter left out once", "lora", run=scaled(0.25, "b.weight")),
    Fault(
        "weight norm does not project",
        "weight norm",
        part(
            "normalise",
            lambda: written(
                lambda v: functional.normalize(v, dim=1, eps=0.0),
                lambda g, v: [g / v.norm(dim=1, keepdim=True)],
            ),
        ),
    ),
    Fault("length of a weight 1.5 times too large", "weight norm", run=changed("g", lambda g: 1.5 * g)),
    Fault("an expert averaged over two processes", "experts", run=scaled(0.5, "up.1.weight")),
    Fault(
        "router: softmax without the sum over the row",
        "experts",
        part("softmax", lambda: written(softmax, no_row_sum)),
    ),
]

#: Those that are smaller than what rounding to 8 bits can do, in one of three tries at least.
LOST_IN_BFLOAT16 = {
    "mlp: ReLU lets 5 % of the gradient through below 0",
    "mlp: last row of the batch left out of a weight",
    "mlp: a weight 3 % too large",
    "mlp: a bias 2 % too small",
    "gpt: softmax without the sum over the row",
    "gpt: LayerNorm does not centre",
    "gpt: sequence parallel: gain summed over half of the places",
    "gpt: residual connection doubled",
    "tied gpt: tie undone: the head only",
    "llama: shared key: mean for the sum over its heads",
    "llama: RMSNorm with a constant length",
    "convnet: BatchNorm with constant statistics",
    "convnet: bias of a convolution averaged over places",
    "lstm: a recurrent bias misses a step",
}

INVISIBLE = [
    Fault(
        "loss scale never taken off",
        "gpt",
        run=scaled(1024),
        why_invisible="a factor common to all gradients",
    ),
    Fault("sign of everything", "mlp", run=scaled(-1), why_invisible="a factor common to all gradients"),
    Fault(
        "all gradients clipped together",
        "gpt",
        run=then(clip_all),
        why_invisible="a factor common to all gradients",
    ),
    Fault(
        "a micro-batch lost in all parameters",
        "gpt",
        run=lambda module, backward: backward(1),
        why_invisible="the gradients of other data",
    ),
    Fault(
        "derivative of GELU like that of a sigmoid",
        "gpt",
        part("act", lambda: written(functional.gelu, lambda g, x: [g * torch.sigmoid(1.7 * x)])),
        why_invisible="what no symmetry passes through: any loss may follow there",
    ),
    Fault(
        "derivative of the gate",
        "llama",
        part("act", lambda: written(functional.silu, lambda g, x: [g * torch.sigmoid(x)])),
        why_invisible="what no symmetry passes through: any loss may follow there",
    ),
    Fault(
        "softmax without the sum over the row, keys without bias",
        "llama",
        part("attn.softmax", lambda: written(softmax, no_row_sum)),
        why_invisible="no parameter stands still because of this sum",
    ),
    Fault(
        "weight of an expert left out of its gradient",
        "experts",
        part(
            "weigh.0", lambda: written(lambda y, p: y * p, lambda g, y, p: [g, (g * y).sum(-1, keepdim=True)])
        ),
        why_invisible="the expert has identities with itself only",
    ),
    Fault(
        "gradients of an adapter doubled",
        "lora",
        run=scaled(2, "a.weight", "b.weight"),
        why_invisible="respects the symmetry: a factor common to all that it moves",
    ),
    Fault(
        "a recurrent weight",
        "lstm",
        run=scaled(3, "rnn.weight_hh_l0"),
        why_invisible="the parameter is in no identity",
    ),
]
