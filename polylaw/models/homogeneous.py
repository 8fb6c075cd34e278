"""Two-layer networks with an activation homogeneous of any degree p: s(c z) = c^p s(z) for c > 0."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement, product
from math import comb

from polylaw.models.contraction import bounded_product
from polylaw.models.description import Description, component
from polylaw.models.family import shaped_family
from polylaw.models.formulas import CountFormula, Moves
from polylaw.models.linear import U_V
from polylaw.models.model import MOST_WEIGHTS, Index, Width, bounded_size, named, width


@shaped_family(
    "homogeneous",
    arguments="n,r,m: outputs, hidden neurons, inputs; p=2, the degree of the activation, e.g. 2,2,2?p=2",
    phi="u_k (x) v_k^(x)p per hidden neuron k, U of shape n x r with columns u_k, V of shape m x r with "
    "columns v_k",
    laws="gradient: p |u_k|^2 - |v_k|^2 for every hidden neuron; momentum: none",
    source="Zhao et al., arXiv 2210.17216 (homogeneous activations); p = 1 Du, Hu, Lee, arXiv 1806.00900",
    counts=(CountFormula(Moves.GRADIENT, "r", lambda r, **_: r),),
    checked=("homogeneous:2,2,2?p=3", "homogeneous:1,2,1"),
)
def homogeneous(n: Width, r: Width, m: Width, *, p: int = 2) -> Description:
    """The network x -> sum_k u_k s(<v_k, x>), s(z) = max(z, 0)^p: an active neuron k adds u_k <v_k, x>^p.

    Scaling v_k by c and u_k by c^-p changes nothing, so u_k enters with the weight p: p |u_k|^2 - |v_k|^2 is
    conserved (arXiv 2210.17216).  Of the symmetric tensor v_k^(x)p every distinct monomial is listed once.
    """
    p = bounded_size(width(p, "homogeneous p"), "homogeneous p", MOST_WEIGHTS)

    def ascending() -> Iterator[Index]:
        bounded_product([p, m], "homogeneous p times m")  # keeps the binomial below cheap
        bounded_product([p + 1, comb(m + p - 1, p), n, r], "number of factors in phi")
        powers = combinations_with_replacement(range(m), p)
        return ((k, i, *js) for k, i, js in product(range(r), range(n), powers))

    factors = [("U", "ik"), *(("V", (j, "k")) for j in range(p))]
    phi = component(("k", "i", *range(p)), *factors, listed=ascending)
    name, sizes = f"{named('homogeneous', (n, r, m))} p={p}", {"n": n, "m": m, "r": r}
    return Description(name, U_V, [phi], sizes, "arXiv 2210.17216", piecewise=True)
