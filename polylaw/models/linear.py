"""Linear networks and matrix factorisations: phi is a product of weight matrices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from polylaw.models.contraction import bounded_product
from polylaw.models.description import Description, Factor, component
from polylaw.models.family import shaped_family
from polylaw.models.formulas import ABIDE, KEEP, TWO_FACTORS, two_layers
from polylaw.models.model import Width, named
from polylaw.models.network import LinearMap


class Chain:
    """Matrices `U1`, `U2`, ... between layers of widths n0, n1, ..., optionally with biases `b1`, `b2`, ...
    on layers 1, 2, ...

    `paths` has, for the input and, with biases, for every bias, the layer where it enters and the factors
    from there on to the output; the label of layer k is k.
    """

    def __init__(self, widths: Sequence[int], bias: bool = False) -> None:
        self.depth = len(widths) - 1
        self.sizes = {f"n{k}": n for k, n in enumerate(widths)}
        matrices: list[Factor] = [(f"U{k}", ends) for k, ends in enumerate(pairwise(range(len(widths))), 1)]
        self.letters = {u: tuple(f"n{k}" for k in ends) for u, ends in matrices}
        self.paths: list[tuple[int, list[Factor]]] = [(0, matrices)]
        if bias:
            bounded_product([self.depth, self.depth + 1], "number of factors in phi")
            self.letters |= {f"b{k}": (f"n{k}",) for k in range(1, len(widths))}
            self.paths += [(k, [(f"b{k}", (k,)), *matrices[k:]]) for k in range(1, len(widths))]


@shaped_family(
    "linear",
    arguments="two or more widths, e.g. 2,3,2",
    phi="U1 U2 ... Uq, entry by entry, with Uk of shape widths[k-1] x widths[k]",
    laws="gradient: Uk^T Uk - U(k+1) U(k+1)^T; momentum: exp(int tau) times their skew counterpart",
    source="Marcotte, Gribonval, Peyre, arXiv 2307.00144; momentum arXiv 2405.12888",
    counts=two_layers(ABIDE, KEEP),
    checked=("linear:2,1,2", "linear:1,2,2", "linear:1,3,1", "linear:2,3,2", "linear:2,5,2", "linear:1,4,2"),
)
def linear(*widths: Width) -> Description:
    """The linear network of any depth x -> x^T U1 U2 ... Uq, with widths[0] inputs.

    Balancedness, U_k^T U_k - U_{k+1} U_{k+1}^T, is conserved by gradient flow (arXiv 2307.00144).
    """
    chain = Chain(widths)
    [(_, factors)] = chain.paths
    columns = LinearMap(tuple(range(k, widths[0] * widths[-1], widths[-1]) for k in range(widths[-1])))
    phi = component((0, chain.depth), *factors)
    return Description(named("linear", widths), chain.letters, [phi], chain.sizes, ABIDE, network=columns)


#: The two factors of U V^T, and this product.
U_V = {"U": ("n", "r"), "V": ("m", "r")}
PRODUCT = component("ij", ("U", "ik"), ("V", "jk"))


def _two_factors(name: str, n: int, m: int, r: int, remark: str = "") -> Description:
    rows = LinearMap(tuple(range(i * m, i * m + m) for i in range(n)), remark)
    sizes = {"n": n, "m": m, "r": r}
    return Description(named(name, (n, m, r)), U_V, [PRODUCT], sizes, ABIDE, network=rows)


@shaped_family(
    "factorization",
    arguments="n,m,r: sizes of the product and its inner width, e.g. 2,2,3",
    phi="U V^T, U of shape n x r, V of shape m x r",
    laws="gradient: U^T U - V^T V; if n = m = 1 also u_k v_l - v_k u_l; momentum: the skew counterparts",
    source="Marcotte, Gribonval, Peyre, arXiv 2307.00144",
    counts=TWO_FACTORS,
    checked=("factorization:2,1,3", "factorization:1,2,4"),
)
def factorization(n: Width, m: Width, r: Width) -> Description:
    """Matrix factorisation U V^T; with rk = min(n+m, r), rk(2r+1-rk)/2 independent laws (arXiv 2307.00144).

    As a network it is x -> U V^T x, with m inputs.
    """
    return _two_factors("factorization", n, m, r)


@shaped_family(
    "lora",
    arguments="n,m,r: sizes of the adapted matrix and the rank of the adapter, e.g. 3,3,1",
    phi="W0 + U V^T with W0 frozen, U of shape n x r, V of shape m x r",
    laws="gradient: U^T U - V^T V, as for a matrix factorisation",
    source="Hu et al., arXiv 2106.09685 (model); laws as for U V^T, arXiv 2307.00144",
    counts=TWO_FACTORS,
    checked=("lora:3,3,2", "lora:1,3,2"),
)
def lora(n: Width, m: Width, r: Width) -> Description:
    """A low-rank adapter W0 + U V^T (arXiv 2106.09685). W0 is constant, so d phi and laws are those of U V^T.

    As a network it is x -> W0 x + U V^T x, with m inputs.  W0 is not known, so outputs are given without W0
    x, and a target y of a loss of differences stands for y - W0 x.
    """
    remark = "outputs are U V^T x, without the frozen W0 x: read a target y as y - W0 x"
    return _two_factors("lora", n, m, r, remark)
