"""Models with nonnegative weights, trained by a mirror flow: theta_i' is -theta_i times the gradient."""

from __future__ import annotations

from polylaw.models.description import Description, component
from polylaw.models.family import shaped_family
from polylaw.models.formulas import KEEP, CountFormula, Moves
from polylaw.models.linear import PRODUCT, U_V
from polylaw.models.model import Width, named

_NO_LAWS = CountFormula(Moves.MOMENTUM, "0", lambda **_: 0, KEEP)


def _nmf(n: int, r: int, m: int) -> int | None:
    return r if max(n, m) > 1 else None


@shaped_family(
    "nmf",
    arguments="n,r,m: rows, inner width and columns of the product, e.g. 3,2,4",
    phi="U V^T, U of shape n x r, V of shape m x r, both nonnegative; metric mirror, M = diag(theta)",
    laws="gradient: sum_i U_ik - sum_j V_jk for every k; if n = m = 1 also logarithmic ones; momentum: none",
    source="Marcotte, Gribonval, Peyre, arXiv 2405.12888",
    counts=(CountFormula(Moves.GRADIENT, "r", _nmf, KEEP, "not n = m = 1"), _NO_LAWS),
    checked=("nmf:2,2,1", "nmf:3,2,2"),
)
def nmf(n: Width, r: Width, m: Width) -> Description:
    """Nonnegative matrix factorisation; column sums of U minus those of V are kept (arXiv 2405.12888)."""
    sizes = {"n": n, "m": m, "r": r}
    return Description(named("nmf", (n, r, m)), U_V, [PRODUCT], sizes, KEEP, metric="mirror")


@shaped_family(
    "icnn",
    arguments="n,r,m: outputs, hidden neurons, inputs, e.g. 2,2,2",
    phi="u_k v_k^T and u_k b_k per hidden neuron, U: n x r nonnegative, V: m x r, b: r; metric mirror on "
    "U, Euclidean on V and b",
    laws="gradient: sum_i U_ik - (|v_k|^2 + b_k^2)/2 for every hidden neuron; momentum: none",
    source="Marcotte, Gribonval, Peyre, arXiv 2405.12888; model Amos, Xu, Kolter, arXiv 1609.07152",
    counts=(CountFormula(Moves.GRADIENT, "r", lambda n, r, m: r, KEEP), _NO_LAWS),
    checked=("icnn:1,2,1", "icnn:2,2,2"),
)
def icnn(n: Width, r: Width, m: Width) -> Description:
    """A two-layer input-convex ReLU network x -> U max(V^T x + b, 0), convex in x because U >= 0.

    sum_i U_ik - (|v_k|^2 + b_k^2)/2 is conserved for every hidden neuron k (arXiv 2405.12888).
    """
    phi = [component("kij", ("U", "ik"), ("V", "jk")), component("ki", ("U", "ik"), ("b", "k"))]
    letters, sizes = U_V | {"b": ("r",)}, {"n": n, "m": m, "r": r}
    return Description(named("icnn", (n, r, m)), letters, phi, sizes, KEEP, metric="mirror:U")
