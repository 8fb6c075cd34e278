"""Tensor factorisations of any order (CP, Tucker, tensor train) and entrywise products of vectors."""

from __future__ import annotations

from collections.abc import Mapping

from polylaw.arguments import integer
from polylaw.models.description import Description, component
from polylaw.models.family import shaped_family
from polylaw.models.formulas import ABIDE, CountFormula, Moves
from polylaw.models.model import MOST_WEIGHTS, Width, bounded_size, named
from polylaw.models.options import one_per_place


def _numbered(stem: str, sizes: tuple[int, ...]) -> dict[str, int]:
    return {f"{stem}{k}": size for k, size in enumerate(sizes, 1)}


def _cp(sizes: tuple[int, ...], rank: int) -> int | None:
    """As many as for gated layers, which are of order 3."""
    return rank * (len(sizes) - 1) if len(sizes) > 2 and (max(sizes) > 1 or rank == 1) else None


_UNIQUE = "q > 2 the order, rank small enough for the components to be unique; not all sizes 1 with rank > 1"


@shaped_family(
    "cp",
    arguments="sizes n1,n2,... of the tensor; rank=number of components, e.g. 2,2,2?rank=2",
    phi="sum_k a1_k (x) a2_k (x) ..., a tensor of order 2 or more; Ai of shape n_i x rank with columns ai_k",
    laws="gradient: |ai_k|^2 - |aj_k|^2 for every component k and any two factors; "
    "order 2: A1^T A1 - A2^T A2",
    source="Razin, Maman, Cohen, arXiv 2102.09972",
    counts=(CountFormula(Moves.GRADIENT, "rank (q - 1)", _cp, where=_UNIQUE),),
    checked=("cp:2,2,2?rank=2", "cp:2,2,2,2?rank=1"),
)
def cp(*sizes: Width, rank: Width) -> Description:
    """The canonical polyadic (CP) factorisation; factors of a component keep the differences of their squared
    norms (arXiv 2102.09972)."""
    places = range(1, len(sizes) + 1)
    letters = {f"A{k}": (f"n{k}", "r") for k in places}
    phi = component(places, *((f"A{k}", (k, "r")) for k in places))
    extent = _numbered("n", sizes) | {"r": rank}
    return Description(f"{named('cp', sizes)} rank={rank}", letters, [phi], extent, "arXiv 2102.09972")


@shaped_family(
    "tucker",
    arguments="sizes n1,n2,... of the tensor; ranks=sizes of the core (one for all or one each), e.g. "
    "2,2,2?ranks=2,1,2",
    phi="the core G of shape r1 x r2 x ... multiplied on each axis by Ai of shape n_i x r_i",
    laws="gradient: Ai^T Ai - G_(i) G_(i)^T, G_(i) the unfolding of G whose rows are its i-th axis; "
    "momentum: the skew counterparts",
    source="model Tucker, Psychometrika 31 (1966); laws as for products of matrices, arXiv 2307.00144, on "
    "each unfolding",
)
def tucker(*sizes: Width, ranks: tuple[Width, ...] | Width) -> Description:
    """The Tucker factorisation.  On each axis it is a matrix product Ai G_(i) ..., balanced as in arXiv
    2307.00144."""
    ranks = one_per_place(ranks, len(sizes), "tucker option ranks")
    outer, inner = _numbered("n", sizes), tuple(_numbered("r", ranks))
    letters = {f"A{k}": ends for k, ends in enumerate(zip(outer, inner, strict=True), 1)} | {"G": inner}
    return _product(named("tucker", sizes), ranks, letters, outer)


@shaped_family(
    "tt",
    arguments="sizes n1,n2,... of the tensor; ranks=r1,... between neighbours (one for all or one each), "
    "e.g. 2,2,2?ranks=2,2",
    phi="G1[i1] G2[i2] ... Gq[iq], a product of matrices picked by the indices; Gk of shape r_(k-1) x n_k "
    "x r_k, ends without r_0, r_q",
    laws="gradient: R^T R - L L^T for neighbours, R = Gk with rows (r_(k-1), n_k), L = G(k+1) with columns "
    "(n_(k+1), r_(k+1))",
    source="model Oseledets, SIAM J. Sci. Comput. 33 (2011); laws as for products of matrices, arXiv "
    "2307.00144",
)
def tt(*sizes: Width, ranks: tuple[Width, ...] | Width) -> Description:
    """The tensor train.  Each pair of neighbours is a matrix product over their common rank, balanced as in
    arXiv 2307.00144."""
    ranks = one_per_place(ranks, len(sizes) - 1, "tt option ranks")
    # the ends have no axis r0, and none of the last width
    axes = {k: (f"r{k - 1}", f"n{k}", f"r{k}") for k in range(1, len(sizes) + 1)}
    letters = {f"G{k}": three[k == 1 : 3 - (k == len(sizes))] for k, three in axes.items()}
    return _product(named("tt", sizes), ranks, letters, _numbered("n", sizes))


def _product(
    title: str, ranks: tuple[int, ...], letters: Mapping[str, tuple[str, ...]], outer: dict[str, int]
) -> Description:
    """All letters multiplied; every axis has a width of its own, so widths are the labels."""
    name = f"{title} ranks={'-'.join(map(str, ranks))}"
    phi = component(list(outer), *letters.items())
    return Description(name, letters, [phi], outer | _numbered("r", ranks), ABIDE)


@shaped_family(
    "elementwise",
    arguments="n: length of the vectors; depth=2, their number, e.g. 3?depth=2",
    phi="u1 o u2 o ..., entry by entry; u1, u2, ... of length n",
    laws="gradient: u1_i^2 - uk_i^2 for every entry i and every k > 1; momentum: none",
    source="model Woodworth et al., arXiv 2002.09277 (diagonal linear networks); laws arXiv 2307.00144",
    counts=(CountFormula(Moves.GRADIENT, "n (depth - 1)", lambda n, depth: n * (depth - 1)),),
    checked=("elementwise:3?depth=3",),
)
def elementwise(n: Width, *, depth: int = 2) -> Description:
    """A diagonal linear network x -> <u1 o u2 o ..., x>; entries are scalar chains as in arXiv 2307.00144."""
    integer(depth, "elementwise option depth", 2, hint="a single vector is seen as it is")
    vectors = [f"u{k}" for k in range(1, bounded_size(depth, "elementwise option depth", MOST_WEIGHTS) + 1)]
    phi = component("i", *((u, "i") for u in vectors))
    name, letters = f"elementwise {n} depth={depth}", dict.fromkeys(vectors, ("n",))
    return Description(name, letters, [phi], {"n": n}, "arXiv 2002.09277")
