"""ReLU networks through path lifting: in a region of constant activation the output is linear in path products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from polylaw.algebra.polynomial import Monomial
from polylaw.models.family import family
from polylaw.models.linear import chain, widths_of
from polylaw.models.model import Array, Layout, Model, bounded_size, monomial, named

__all__ = ["leaky_relu", "path_products", "relu"]


def path_products(matrices: Sequence[Array], biases: Sequence[Array] = ()) -> Iterator[Monomial]:
    """Path products from every input (and every bias, if given) to every output, one monomial each."""
    widths = [matrices[0].shape[0], *(m.shape[1] for m in matrices)]
    bounded_size(prod(widths) * (len(widths) if biases else 1), "number of path products")
    for first in range(len(matrices) + 1 if biases else 1):
        for path in product(*(range(w) for w in widths[first:])):
            steps = [m[path[k], path[k + 1]] for k, m in enumerate(matrices[first:])]
            # a path that starts at a bias of layer `first`; first = 0 starts at an input
            yield monomial(*steps, *([biases[first - 1][path[0]]] if first else []))


@family(
    "relu",
    arguments="two or more widths; bias=true|false, e.g. 3,4,2?bias=true",
    phi="all path products; with bias also those that start at a bias",
    laws="gradient: |in_k|^2 + b_k^2 - |out_k|^2 for every hidden neuron; momentum: none",
    source="Marcotte, Gribonval, Peyre, arXiv 2307.00144; path lifting Gonon et al., arXiv 2310.01225",
)
def relu(*widths: int, bias: bool = False) -> Model:
    """A ReLU network of any depth, Uk of shape widths[k-1] x widths[k], optionally with biases `bk` on every layer.

    Neuron k of a hidden layer conserves |in_k|^2 + b_k^2 - |out_k|^2 (arXiv 2307.00144).
    """
    return _lifted("relu", widths, bias)


@family(
    "leaky_relu",
    arguments="two or more widths; bias=true|false, e.g. 3,4,2",
    phi="all path products, as for ReLU: the slopes are constants of a region",
    laws="gradient: |in_k|^2 + b_k^2 - |out_k|^2 for every hidden neuron; momentum: none",
    source="Du, Hu, Lee, arXiv 1806.00900 (homogeneous activations); lifting as in arXiv 2307.00144",
)
def leaky_relu(*widths: int, bias: bool = False) -> Model:
    """A leaky ReLU network.  Being 1-homogeneous it has the path lifting of ReLU, hence the same laws (arXiv 1806.00900)."""
    return _lifted("leaky_relu", widths, bias)


def _lifted(name: str, widths: Sequence[int], bias: bool) -> Model:
    sizes = widths_of(name, widths)
    layout = Layout()
    matrices = chain(layout, sizes)
    biases = [layout.array(f"b{k}", w) for k, w in enumerate(sizes[1:], 1)] if bias else []
    phi = ({m: 1} for m in path_products(matrices, biases))
    return layout.model(named(name, sizes) + (" with bias" if bias else ""), phi, source="arXiv 2307.00144")
