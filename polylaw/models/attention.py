"""Attention: the loss sees the query-key products Q^T K and the value-output products V^T O of every head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from polylaw.algebra.polynomial import Monomial
from polylaw.errors import InputError
from polylaw.models.contraction import bounded_product, contraction
from polylaw.models.family import family
from polylaw.models.model import Array, Layout, Model, monomial
from polylaw.models.options import flag, sizes_of

__all__ = ["attention"]

_Components = Iterator[Counter[Monomial]]


@family(
    "attention",
    arguments="d1=rows of Q, K, V, O; dim=their columns; heads=1; vo=true|false; rope=true|false, e.g. d1=2,dim=3",
    phi="Q^T K and V^T O per head, all of shape d1 x dim; with rope, per pair of rows b, Q_b^T K_b and Q_b^T J K_b, J a quarter turn",
    laws="gradient: Q Q^T - K K^T and V V^T - O O^T per head, with rope |Q_b|^2 - |K_b|^2 per pair; momentum: the skew counterparts",
    source="Marcotte, Gribonval, Peyre, arXiv 2506.06194; several heads and rope Tran et al., arXiv 2606.17816",
)
def attention(*, d1: int, dim: int, heads: int = 1, vo: bool = True, rope: bool = False) -> Model:
    """An attention layer; scores are x_s^T Q^T K x_t and values pass through V^T O (arXiv 2506.06194).

    With several heads the arrays of head h are `Qh`, `Kh`, `Vh`, `Oh`.  With rotary positions (arXiv 2104.09864) the
    rows of Q and K split into consecutive pairs, each turned by its own angle; pair b gets its own arrays `Qb1`, `Kb1`,
    `Qb2`, ..., of head h `Qhb1`, ..., so that laws read per pair.
    """
    d1, dim, heads = sizes_of("attention", d1=d1, dim=dim, heads=heads)
    if flag(rope, "attention option rope") and d1 % 2:
        raise InputError("attention option d1", d1, "an even number when rope=true", "rotary positions turn pairs of rows")
    flag(vo, "attention option vo")
    bounded_product([heads, 2 + 2 * rope + 2 * vo, d1, dim, dim], "number of factors in phi")
    layout = Layout()
    parts: list[_Components] = []
    for head in [str(h + 1) for h in range(heads)] if heads > 1 else [""]:
        for pair in [f"b{b + 1}" for b in range(d1 // 2)] if rope else [""]:
            q, k = (layout.array(f"{letter}{head}{pair}", 2 if rope else d1, dim) for letter in "QK")
            parts += [_product(q, k), _turned_product(q, k)] if rope else [_product(q, k)]
        if vo:
            parts.append(_product(*(layout.array(f"{letter}{head}", d1, dim) for letter in "VO")))
    name = f"attention d1={d1} dim={dim}" + f" heads={heads}" * (heads > 1) + " without V, O" * (not vo) + " with rope" * rope
    return layout.model(name, chain.from_iterable(parts), source="arXiv 2506.06194")


def _product(left: Array, right: Array) -> _Components:
    """The entries of left^T right."""
    return contraction("ij", (left, "ai"), (right, "aj"))


def _turned_product(left: Array, right: Array) -> _Components:
    """The entries of left^T J right for two rows, J = [[0, -1], [1, 0]]."""
    columns = range(left.shape[1])
    return (Counter({monomial(left[1, i], right[0, j]): 1, monomial(left[0, i], right[1, j]): -1}) for i in columns for j in columns)
