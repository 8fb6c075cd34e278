"""ReLU networks by path lifting: in a region of constant activation outputs are linear in path products."""

from __future__ import annotations

from collections.abc import Sequence

from polylaw.models.description import Component, Description, component
from polylaw.models.family import shaped_family
from polylaw.models.formulas import ABIDE, KEEP, CountFormula, Moves
from polylaw.models.linear import Chain
from polylaw.models.model import Width, named


def path_lifting(chain: Chain) -> list[Component]:
    """All products along paths to an output: the labels of all layers are open (arXiv 2310.01225)."""
    return [component(range(first, chain.depth + 1), *factors) for first, factors in chain.paths]


#: One law for each hidden neuron.
_COUNTS = (
    CountFormula(
        Moves.GRADIENT, "the sum of the hidden widths", lambda widths, **_: sum(widths[1:-1]), ABIDE
    ),
    CountFormula(Moves.MOMENTUM, "0", lambda **_: 0, KEEP),
)


@shaped_family(
    "relu",
    arguments="two or more widths; bias=true|false, e.g. 3,4,2?bias=true",
    phi="all path products; with bias also those that start at a bias",
    laws="gradient: |in_k|^2 + b_k^2 - |out_k|^2 for every hidden neuron; momentum: none",
    source="Marcotte, Gribonval, Peyre, arXiv 2307.00144; path lifting Gonon et al., arXiv 2310.01225",
    counts=_COUNTS,
    checked=("relu:2,3,2", "relu:2,2,2,1?bias=true"),
)
def relu(*widths: Width, bias: bool = False) -> Description:
    """A ReLU network of any depth, Uk of shape widths[k-1] x widths[k], optionally biases `bk` on each layer.

    Neuron k of a hidden layer conserves |in_k|^2 + b_k^2 - |out_k|^2 (arXiv 2307.00144).
    """
    return _lifted("relu", widths, bias)


@shaped_family(
    "leaky_relu",
    arguments="two or more widths; bias=true|false, e.g. 3,4,2",
    phi="all path products, as for ReLU: the slopes are constants of a region",
    laws="gradient: |in_k|^2 + b_k^2 - |out_k|^2 for every hidden neuron; momentum: none",
    source="Du, Hu, Lee, arXiv 1806.00900 (homogeneous activations); lifting as in arXiv 2307.00144",
    counts=_COUNTS,
    checked=("leaky_relu:2,3,1",),
)
def leaky_relu(*widths: Width, bias: bool = False) -> Description:
    """A leaky ReLU network: 1-homogeneous, it has the path lifting and laws of ReLU (arXiv 1806.00900)."""
    return _lifted("leaky_relu", widths, bias)


def _lifted(name: str, widths: Sequence[int], bias: bool) -> Description:
    chain = Chain(widths, bias)
    title, phi, deep = named(name, widths) + " with bias" * bias, path_lifting(chain), chain.depth > 1
    seen = "path products"
    return Description(title, chain.letters, phi, chain.sizes, ABIDE, products=seen, piecewise=deep)
