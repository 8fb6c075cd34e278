"""Gated units A (s(B x) o (C x)), `o` the entrywise product: the gate s(B x) opens and closes the hidden units C x."""

from __future__ import annotations

from itertools import chain

from polylaw.models.contraction import contraction, gathered
from polylaw.models.family import family
from polylaw.models.model import Array, Layout, Model, named
from polylaw.models.options import sizes_of

__all__ = ["gated", "swiglu"]


def _layout(name: str, n: int, h: int, m: int) -> tuple[Layout, Array, Array, Array]:
    n, h, m = sizes_of(name, n=n, h=h, m=m)
    layout = Layout()
    return layout, layout.array("A", n, h), layout.array("B", h, m), layout.array("C", h, m)


@family(
    "gated",
    arguments="n,h,m: outputs, hidden units, inputs, e.g. 2,2,2",
    phi="coefficients of x_p x_q in A ((B x) o (C x)), A: n x h, B and C: h x m",
    laws="gradient: |A_:k|^2 - |B_k:|^2 and |B_k:|^2 - |C_k:|^2 for every hidden unit; momentum: none",
    source="model Shazeer, arXiv 2002.05202; laws from rescaling, Kunin et al., arXiv 2012.04728",
)
def gated(n: int, h: int, m: int) -> Model:
    """The bilinear gated unit A ((B x) o (C x)), a quadratic form in x for every output (arXiv 2002.05202).

    Row k of B, row k of C and column k of A scale against each other, which gives two laws for every hidden unit.
    """
    layout, a, b, c = _layout("gated", n, h, m)
    phi = gathered(lambda ipq: (ipq[0], *sorted(ipq[1:])), "ipq", (a, "ik"), (b, "kp"), (c, "kq"))
    return layout.model(named("gated", (n, h, m)), phi, source="arXiv 2002.05202")


@family(
    "swiglu",
    arguments="n,h,m: outputs, hidden units, inputs, e.g. 2,2,2",
    phi="a_ik c_kj for every hidden unit k, and each entry of the gate B; A: n x h, B and C: h x m",
    laws="gradient: |A_:k|^2 - |C_k:|^2 for every hidden unit; momentum: none",
    source="Tran et al., arXiv 2606.17816; model Shazeer, arXiv 2002.05202",
)
def swiglu(n: int, h: int, m: int) -> Model:
    """The unit A (silu(B x) o (C x)).  silu is not homogeneous: B moves freely, and only A and C are tied (arXiv 2606.17816)."""
    layout, a, b, c = _layout("swiglu", n, h, m)
    phi = chain(contraction("kij", (a, "ik"), (c, "kj")), contraction("kj", (b, "kj")))
    return layout.model(named("swiglu", (n, h, m)), phi, source="arXiv 2606.17816")
