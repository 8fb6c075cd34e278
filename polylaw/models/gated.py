"""Gated units A (s(B x) o (C x)), `o` entrywise: the gate s(B x) opens and closes the hidden units C x."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

from polylaw.models.contraction import bounded_product
from polylaw.models.description import Component, Description, component
from polylaw.models.family import shaped_family
from polylaw.models.formulas import CountFormula, Moves
from polylaw.models.model import Index, Width, named


def _gated(n: int, h: int, m: int) -> int | None:
    """A loss that sees one number leaves all laws but one: 3 h - 1 for n = m = 1."""
    return 2 * h if max(n, m) > 1 or h == 1 else None


_NO_LAWS = CountFormula(Moves.MOMENTUM, "0", lambda **_: 0)
_LETTERS = {"A": ("n", "h"), "B": ("h", "m"), "C": ("h", "m")}


@shaped_family(
    "gated",
    arguments="n,h,m: outputs, hidden units, inputs, e.g. 2,2,2",
    phi="coefficients of x_p x_q in A ((B x) o (C x)), A: n x h, B and C: h x m",
    laws="gradient: |A_:k|^2 - |B_k:|^2 and |B_k:|^2 - |C_k:|^2 for every hidden unit; momentum: none",
    source="model Shazeer, arXiv 2002.05202; laws from rescaling, Kunin et al., arXiv 2012.04728",
    counts=(CountFormula(Moves.GRADIENT, "2 h", _gated, where="not n = m = 1 with h > 1"), _NO_LAWS),
    checked=("gated:2,2,2", "gated:1,1,2"),
)
def gated(n: Width, h: Width, m: Width) -> Description:
    """The bilinear gated unit A ((B x) o (C x)), a quadratic form in x for every output (arXiv 2002.05202).

    Row k of B, row k of C and column k of A scale against each other, which gives two laws for every hidden
    unit.
    """

    def ascending() -> Iterator[Index]:  # x_p x_q is x_q x_p
        bounded_product([3, n, h, m, m], "number of factors in phi")
        return ((i, p, q) for i in range(n) for p, q in combinations_with_replacement(range(m), 2))

    both = [(1, [("A", "ik"), ("B", "kp"), ("C", "kq")]), (1, [("A", "ik"), ("B", "kq"), ("C", "kp")])]
    phi = Component("ipq", both, ascending)
    sizes = {"n": n, "h": h, "m": m}
    return Description(named("gated", (n, h, m)), _LETTERS, [phi], sizes, "arXiv 2002.05202")


@shaped_family(
    "swiglu",
    arguments="n,h,m: outputs, hidden units, inputs, e.g. 2,2,2",
    phi="a_ik c_kj for every hidden unit k, and each entry of the gate B; A: n x h, B and C: h x m",
    laws="gradient: |A_:k|^2 - |C_k:|^2 for every hidden unit; momentum: none",
    source="Tran et al., arXiv 2606.17816; model Shazeer, arXiv 2002.05202",
    counts=(CountFormula(Moves.GRADIENT, "h", lambda n, h, m: h), _NO_LAWS),
    checked=("swiglu:1,2,1", "swiglu:2,2,2"),
)
def swiglu(n: Width, h: Width, m: Width) -> Description:
    """The unit A (silu(B x) o (C x)): silu is not homogeneous, so B moves freely (arXiv 2606.17816)."""
    phi = [component("kij", ("A", "ik"), ("C", "kj")), component("kj", ("B", "kj"))]
    sizes = {"n": n, "h": h, "m": m}
    return Description(named("swiglu", (n, h, m)), _LETTERS, phi, sizes, "arXiv 2606.17816")
