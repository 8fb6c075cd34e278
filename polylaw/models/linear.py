"""Linear networks and matrix factorisations: phi is a product of weight matrices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from math import prod

from polylaw.algebra.polynomial import Monomial
from polylaw.errors import InputError
from polylaw.models.family import family
from polylaw.models.model import Array, Layout, Model, bounded_size, monomial, named, width
from polylaw.models.network import LinearMap

__all__ = ["chain", "factorization", "linear", "lora", "product_entries", "widths_of"]


def widths_of(name: str, widths: Sequence[int], fewest: int = 2) -> tuple[int, ...]:
    """Checked layer widths, at least `fewest` of them."""
    if len(widths) < fewest:
        raise InputError(f"{name} widths", ",".join(map(str, widths)) or "none", f"at least {fewest} widths", f"for example {name}:2,3,2")
    return tuple(width(w, f"{name} width {i}") for i, w in enumerate(widths, 1))


def chain(layout: Layout, widths: Sequence[int], stem: str = "U") -> list[Array]:
    """Matrices `U1`, `U2`, ... with `Uk` of shape widths[k-1] x widths[k]."""
    return [layout.array(f"{stem}{k}", a, b) for k, (a, b) in enumerate(pairwise(widths), 1)]


def product_entries(matrices: Sequence[Array]) -> list[dict[Monomial, int]]:
    """The entries of the product of matrices, row by row, each as a sum over paths through the inner widths."""
    widths = [matrices[0].shape[0], *(m.shape[1] for m in matrices)]
    bounded_size(prod(widths), "number of terms of the product")
    inner = [range(w) for w in widths[1:-1]]
    return [
        {monomial(*(m[path[k], path[k + 1]] for k, m in enumerate(matrices))): 1 for path in ((i, *mid, j) for mid in product(*inner))}
        for i in range(widths[0])
        for j in range(widths[-1])
    ]


@family(
    "linear",
    arguments="two or more widths, e.g. 2,3,2",
    phi="U1 U2 ... Uq, entry by entry, with Uk of shape widths[k-1] x widths[k]",
    laws="gradient: Uk^T Uk - U(k+1) U(k+1)^T; momentum: exp(int tau) times their skew counterpart",
    source="Marcotte, Gribonval, Peyre, arXiv 2307.00144; momentum arXiv 2405.12888",
)
def linear(*widths: int) -> Model:
    """The linear network of any depth x -> x^T U1 U2 ... Uq, with widths[0] inputs.

    Balancedness, U_k^T U_k - U_{k+1} U_{k+1}^T, is conserved by gradient flow (arXiv 2307.00144).
    """
    sizes = widths_of("linear", widths)
    layout = Layout()
    matrices = chain(layout, sizes)
    phi = product_entries(matrices)
    columns = LinearMap(tuple(range(k, len(phi), sizes[-1]) for k in range(sizes[-1])))
    return layout.model(named("linear", sizes), phi, source=_SOURCE, network=columns)


_SOURCE = "arXiv 2307.00144"


def _two_factors(name: str, n: int, m: int, r: int, remark: str = "") -> Model:
    layout = Layout()
    u, v = layout.array("U", n, r), layout.array("V", m, r)
    bounded_size(n * m * r, "number of terms of the product")
    phi = [{monomial(u[i, k], v[j, k]): 1 for k in range(r)} for i in range(n) for j in range(m)]
    rows = LinearMap(tuple(range(i * m, i * m + m) for i in range(n)), remark)
    return layout.model(named(name, (n, m, r)), phi, source=_SOURCE, network=rows)


@family(
    "factorization",
    arguments="n,m,r: sizes of the product and its inner width, e.g. 2,2,3",
    phi="U V^T, U of shape n x r, V of shape m x r",
    laws="gradient: U^T U - V^T V; if n = m = 1 also u_k v_l - v_k u_l; momentum: the skew counterparts",
    source="Marcotte, Gribonval, Peyre, arXiv 2307.00144",
)
def factorization(n: int, m: int, r: int) -> Model:
    """Matrix factorisation U V^T; with rk = min(n+m, r) it has rk(2r+1-rk)/2 independent laws (arXiv 2307.00144).

    As a network it is x -> U V^T x, with m inputs.
    """
    return _two_factors("factorization", n, m, r)


@family(
    "lora",
    arguments="n,m,r: sizes of the adapted matrix and the rank of the adapter, e.g. 3,3,1",
    phi="W0 + U V^T with W0 frozen, U of shape n x r, V of shape m x r",
    laws="gradient: U^T U - V^T V, as for a matrix factorisation",
    source="Hu et al., arXiv 2106.09685 (model); laws as for U V^T, arXiv 2307.00144",
)
def lora(n: int, m: int, r: int) -> Model:
    """A low-rank adapter W0 + U V^T (arXiv 2106.09685).  The frozen W0 is constant, so d phi and the laws are those of U V^T.

    As a network it is x -> W0 x + U V^T x, with m inputs.  W0 is not known, so outputs are given without W0 x, and a
    target y of a loss of differences stands for y - W0 x.
    """
    return _two_factors("lora", n, m, r, "outputs are U V^T x, without the frozen W0 x: read a target y as y - W0 x")
