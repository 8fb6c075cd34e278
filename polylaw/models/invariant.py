"""Weights the loss reads only up to a shift (softmax) or up to scale (normalisation)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement, product

from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.models.contraction import bounded_product
from polylaw.models.description import Component, Description
from polylaw.models.family import family, shaped_family
from polylaw.models.formulas import CountFormula, Moves
from polylaw.models.model import Index, Layout, Model, Width, monomial, named

#: Fewer than for polynomials, for every quotient is put into lowest terms.
_MOST_TERMS = 400_000


@shaped_family(
    "softmax",
    least={"n": (2, "one class has probability 1 whatever theta is")},
    arguments="n,m: classes and features, e.g. 3,2",
    phi="theta_ik - theta_nk for i < n: logits up to a common shift, theta of shape n x m",
    laws="gradient: the m column sums of theta; momentum: two for each column sum",
    source="Kunin et al., arXiv 2012.04728 (translation symmetry); Marcotte, Gribonval, Peyre, arXiv "
    "2506.06194",
    counts=(
        CountFormula(Moves.GRADIENT, "m", lambda n, m: m),
        CountFormula(Moves.MOMENTUM, "2 m", lambda n, m: 2 * m),
    ),
    checked=("softmax:2,3", "softmax:3,2"),
)
def softmax(n: Width, m: Width) -> Description:
    """The last layer theta x of a classifier trained by softmax and cross-entropy.

    Adding one vector to all rows of theta changes no probability, so column sums are conserved (arXiv
    2012.04728).
    """

    def to_the_last() -> Iterator[Index]:  # any other difference of rows is the difference of two of these
        return ((i, n - 1, k) for i, k in product(range(n - 1), range(m)))

    phi = Component("ijk", [(1, [("theta", "ik")]), (-1, [("theta", "jk")])], to_the_last)
    letters, sizes = {"theta": ("n", "m")}, {"n": n, "m": m}
    return Description(named("softmax", (n, m)), letters, [phi], sizes, "arXiv 2012.04728")


@family(
    "normalized",
    least={"d": (2, "a single weight has no direction but its sign")},
    arguments="d,g: weights in a group (at least 2) and number of groups, e.g. 3,2",
    phi="w_i w_j / |w|^2 for i <= j in each group: the direction w/|w| up to sign; w of shape g x d, one "
    "group a row",
    laws="gradient: |w_k|^2 for every group",
    source="Kunin et al., arXiv 2012.04728 (scale symmetry)",
)
def normalized(d: Width, g: Width) -> Model:
    """Groups of weights read only through their direction, as under batch, weight or RMS normalisation.

    w/|w| is not rational, but w w^T/|w|^2 is, and it determines the direction up to sign: near any w != 0
    functions of one are functions of the other.  Scaling w changes nothing, so |w|^2 is conserved (arXiv
    2012.04728).
    """
    # quotients are no products of letters, so there is no description for all widths
    bounded_product([g, d, d, d], "number of terms of phi", _MOST_TERMS)
    layout = Layout()
    w = layout.array("w", g, d)
    ring = layout.ring
    phi: list[RationalFunction] = []
    for k in range(g):
        group = [w[k, i] for i in range(d)]
        square = Polynomial(ring, {monomial(x, x): 1 for x in group})
        pairs = combinations_with_replacement(group, 2)
        phi += [RationalFunction(ring.monomial(monomial(*pair)), square) for pair in pairs]
    return Model(named("normalized", (d, g)), ring, tuple(phi), layout.arrays, source="arXiv 2012.04728")
