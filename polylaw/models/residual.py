"""Residual blocks x + g(x), g a linear or ReLU network from R^n to R^n."""

from __future__ import annotations

from polylaw.errors import InputError
from polylaw.models.description import Component, Description, Graph, component
from polylaw.models.family import shaped_family
from polylaw.models.formulas import TRANSFORMATIVE, two_layers
from polylaw.models.linear import Chain
from polylaw.models.model import Width, named
from polylaw.models.options import one_of
from polylaw.models.relu import path_lifting


@shaped_family(
    "residual",
    arguments="widths of g, the first and last equal; activation=linear|relu; bias=true|false, e.g. 2,3,2",
    phi="linear: I + U1 U2 ... Uq (with bias also bk U(k+1) ... Uq); relu: the path products of g",
    laws="gradient and momentum: those of g without the skip connection",
    source="Marcotte, Gribonval, Peyre, arXiv 2506.06194",
    counts=two_layers(TRANSFORMATIVE, TRANSFORMATIVE),
    checked=("residual:2,2,2", "residual:2,3,2"),
)
def residual(*widths: Width, activation: str = "linear", bias: bool = False) -> Description:
    """A block x + g(x), Uk of shape widths[k-1] x widths[k], optionally with biases `bk` on every layer of g.

    The skip connection adds a constant, the identity, to the end-to-end map, so d phi and the laws are those
    of g alone (arXiv 2506.06194).  For a linear g the identity is written out; for ReLU phi lists the path
    products of g as they are, for the path through the skip connection has no weights.
    """
    if widths[0] != widths[-1]:
        found, hint = ",".join(map(str, widths)), "x and g(x) are added"
        raise InputError("residual widths", found, "the first and last width equal", hint)
    one_of(("linear", "relu"), activation, "residual option activation")
    chain = Chain(widths, bias)
    ends = (0, chain.depth)
    phi, constants = path_lifting(chain), dict[str, Graph]()
    if activation == "linear":
        (_, product), *affine = chain.paths
        # every bias vector is a row, as it stands beside the matrices after it
        phi = [
            Component(ends, [(1, product), (1, [("I", ends)])]),
            *(component((chain.depth,), *factors) for _, factors in affine),
        ]
        constants = {"I": Graph(("n0", f"n{chain.depth}"), lambda column: column[0])}
    name = f"{named('residual', widths)} {activation}" + " with bias" * bias
    deep = activation == "relu" and chain.depth > 1
    return Description(
        name, chain.letters, phi, chain.sizes, TRANSFORMATIVE, constants=constants, piecewise=deep
    )
