"""Gated units A (s(B x) o (C x)), `o` entrywise: the gate s(B x) opens and closes the hidden units C x."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

from polylaw.models.contraction import bounded_product
from polylaw.models.description import Component, Description, component
from polylaw.models.family import shaped_family
from polylaw.models.model import Index, Width, named
from polylaw.models.options import sizes_of

_LETTERS = {"A": ("n", "h"), "B": ("h", "m"), "C": ("h", "m")}


@shaped_family(
    "gated",
    arguments="n,h,m: outputs, hidden units, inputs, e.g. 2,2,2",
    phi="coefficients of x_p x_q in A ((B x) o (C x)), A: n x h, B and C: h x m",
    laws="gradient: |A_:k|^2 - |B_k:|^2 and |B_k:|^2 - |C_k:|^2 for every hidden unit; momentum: none",
    source="model Shazeer, arXiv 2002.05202; laws from rescaling, Kunin et al., arXiv 2012.04728",
)
def gated(n: Width, h: Width, m: Width) -> Description:
    """The bilinear gated unit A ((B x) o (C x)), a quadratic form in x for every output (arXiv 2002.05202).

    Row k of B, row k of C and column k of A scale against each other, which gives two laws for every hidden
    unit.
    """
    n, h, m = sizes_of("gated", n=n, h=h, m=m)

    def ascending() -> Iterator[Index]:  # x_p x_q is x_q x_p
        bounded_product([3, n, h, m, m], "number of factors in phi")
        return ((i, p, q) for i in range(n) for p, q in combinations_with_replacement(range(m), 2))

    both = [(1, [("A", "ik"), ("B", "kp"), ("C", "kq")]), (1, [("A", "ik"), ("B", "kq"), ("C", "kp")])]
    phi = Component("ipq", both, ascending)
    return Description(
        named("gated", (n, h, m)), _LETTERS, [phi], {"n": n, "h": h, "m": m}, "arXiv 2002.05202"
    )


@shaped_family(
    "swiglu",
    arguments="n,h,m: outputs, hidden units, inputs, e.g. 2,2,2",
    phi="a_ik c_kj for every hidden unit k, and each entry of the gate B; A: n x h, B and C: h x m",
    laws="gradient: |A_:k|^2 - |C_k:|^2 for every hidden unit; momentum: none",
    source="Tran et al., arXiv 2606.17816; model Shazeer, arXiv 2002.05202",
)
def swiglu(n: Width, h: Width, m: Width) -> Description:
    """The unit A (silu(B x) o (C x)): silu is not homogeneous, so B moves freely (arXiv 2606.17816)."""
    n, h, m = sizes_of("swiglu", n=n, h=h, m=m)
    phi = [component("kij", ("A", "ik"), ("C", "kj")), component("kj", ("B", "kj"))]
    return Description(
        named("swiglu", (n, h, m)), _LETTERS, phi, {"n": n, "h": h, "m": m}, "arXiv 2606.17816"
    )
