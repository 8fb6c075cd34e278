"""Two-layer networks whose activation is positively homogeneous of any degree p: s(c z) = c^p s(z) for c > 0."""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import comb

from polylaw.models.contraction import bounded_product
from polylaw.models.family import family
from polylaw.models.model import Layout, Model, monomial, named
from polylaw.models.options import sizes_of

__all__ = ["homogeneous"]


@family(
    "homogeneous",
    arguments="n,r,m: outputs, hidden neurons, inputs; p=2, the degree of the activation, e.g. 2,2,2?p=2",
    phi="u_k (x) v_k^(x)p per hidden neuron k, U of shape n x r with columns u_k, V of shape m x r with columns v_k",
    laws="gradient: p |u_k|^2 - |v_k|^2 for every hidden neuron; momentum: none",
    source="Zhao et al., arXiv 2210.17216 (homogeneous activations); p = 1 Du, Hu, Lee, arXiv 1806.00900",
)
def homogeneous(n: int, r: int, m: int, *, p: int = 2) -> Model:
    """The network x -> sum_k u_k s(<v_k, x>) with s(z) = max(z, 0)^p: where neuron k is active it adds u_k <v_k, x>^p.

    Scaling v_k by c and u_k by c^-p changes nothing, so u_k enters with the weight p: p |u_k|^2 - |v_k|^2 is
    conserved (arXiv 2210.17216).  Of the symmetric tensor v_k^(x)p every distinct monomial is listed once.
    """
    n, r, m, p = sizes_of("homogeneous", n=n, r=r, m=m, p=p)
    layout = Layout()
    u, v = layout.array("U", n, r), layout.array("V", m, r)
    bounded_product([p, m], "homogeneous p times m")  # keeps the binomial below cheap
    bounded_product([p + 1, comb(m + p - 1, p), n, r], "number of factors in phi")
    powers = list(combinations_with_replacement(range(m), p))
    phi = ({monomial(u[i, k], *(v[j, k] for j in power)): 1} for k in range(r) for i in range(n) for power in powers)
    return layout.model(f"{named('homogeneous', (n, r, m))} p={p}", phi, source="arXiv 2210.17216")
