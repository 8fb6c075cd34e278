"""Residual blocks x + g(x), g a linear or ReLU network from R^n to R^n."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from polylaw.algebra.polynomial import Monomial
from polylaw.errors import InputError
from polylaw.models.contraction import bounded_product
from polylaw.models.family import family
from polylaw.models.linear import chain, product_entries, widths_of
from polylaw.models.model import Array, Layout, Model, named
from polylaw.models.options import flag, one_of
from polylaw.models.relu import path_products

__all__ = ["residual"]


@family(
    "residual",
    arguments="widths of g, the first and last equal; activation=linear|relu; bias=true|false, e.g. 2,3,2",
    phi="linear: I + U1 U2 ... Uq (with bias also bk U(k+1) ... Uq); relu: the path products of g",
    laws="gradient and momentum: those of g without the skip connection",
    source="Marcotte, Gribonval, Peyre, arXiv 2506.06194",
)
def residual(*widths: int, activation: str = "linear", bias: bool = False) -> Model:
    """A block x + g(x), Uk of shape widths[k-1] x widths[k], optionally with biases `bk` on every layer of g.

    The skip connection adds a constant, the identity, to the end-to-end map, so d phi and the laws are those of g alone
    (arXiv 2506.06194).  For a linear g the identity is written out; for ReLU phi lists the path products of g as they
    are, for the path through the skip connection has no weights.
    """
    sizes = widths_of("residual", widths)
    if sizes[0] != sizes[-1]:
        raise InputError("residual widths", ",".join(map(str, sizes)), "the first and last width equal", "x and g(x) are added")
    one_of(("linear", "relu"), activation, "residual option activation")
    flag(bias, "residual option bias")
    layout = Layout()
    matrices = chain(layout, sizes)
    biases = [layout.array(f"b{k}", w) for k, w in enumerate(sizes[1:], 1)] if bias else []
    bounded_product([*sizes, len(matrices), len(biases) + 1], "number of factors in phi")
    phi: Iterable[Mapping[Monomial, int]]
    phi = ({m: 1} for m in path_products(matrices, biases)) if activation == "relu" else _affine_map(matrices, biases)
    name = f"{named('residual', sizes)} {activation}" + " with bias" * bias
    return layout.model(name, phi, source="arXiv 2506.06194")


def _affine_map(matrices: Sequence[Array], biases: Sequence[Array]) -> list[dict[Monomial, int]]:
    """I + U1 ... Uq, then the vectors bk U(k+1) ... Uq, each bias read as a matrix of one row."""
    entries = product_entries(matrices)
    for diagonal in entries[:: matrices[0].shape[0] + 1]:
        diagonal[()] = 1
    for k, b in enumerate(biases, 1):
        entries += product_entries([Array(b.offset, (1, *b.shape)), *matrices[k:]])
    return entries
