"""Relations among laws, membership in the algebra they generate, and generating sets."""

from __future__ import annotations

from itertools import combinations
from math import comb

import pytest

import polylaw as pl
from polylaw.algebra.groebner import Ideal
from polylaw.algebra.minors import determinant, minors
from polylaw.algebra.ring import Ring
from polylaw.domains.geometry.prime import _regular
from polylaw.domains.geometry.products import algebra_names
from polylaw.domains.geometry.relations import elimination_ideal
from tests.helpers import gradient, momentum

RING = pl.Ring(["x", "y", "z"])

#: Two-layer linear networks U V^T, U n x r and V m x r: (n, m, r), number of laws, how many are independent,
#: relations, in a minimal set
TWO_LAYER = {
    (1, 1, 1): (1, 1, 0),
    (1, 1, 2): (4, 3, 1),
    (1, 1, 3): (9, 5, 9),
    (2, 2, 2): (3, 3, 0),
    (1, 2, 3): (6, 6, 0),
    (1, 2, 4): (10, 9, 1),
    (2, 1, 4): (10, 9, 1),
    (1, 2, 5): (15, 12, 15),
    (2, 2, 5): (15, 14, 1),
}

#: polynomials: (generators of their relations, rank)
SMALL = {
    ("x", "y"): ([], 2),
    ("x", "x^2"): (["h1^2 - h2"], 1),
    ("x^2", "x^3"): (["h1^3 - h2^2"], 1),
    ("x^2", "x*y", "y^2"): (["h1*h3 - h2^2"], 2),
    ("x + y", "x*y", "x^2 + y^2"): (["h1^2 - 2*h2 - h3"], 2),
    ("x^2 - 1", "x^3 - x"): (["h1^3 + h1^2 - h2^2"], 1),
    ("x + y + z", "x*y + x*z + y*z", "x*y*z"): ([], 3),
}


def laws_of(n: int, m: int, r: int) -> pl.LawSpace:
    return pl.find_laws(gradient(f"factorization:{n},{m},{r}"))


@pytest.mark.parametrize("texts", SMALL, ids=", ".join)
def test_small(texts: tuple[str, ...]) -> None:
    expected, rank = SMALL[texts]
    found = pl.relations([RING.parse(text) for text in texts])
    assert [str(p) for p in found.relations] == expected
    assert (found.complete, found.independent.lower, found.independent.upper) == (True, rank, rank)
    assert not any(map(found.substituted, found.relations))


@pytest.mark.parametrize("texts", SMALL, ids=", ".join)
def test_small_degree_by_degree(texts: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polylaw.domains.geometry.relations._FEW", 0)
    test_small(texts)


@pytest.mark.parametrize(
    "sizes",
    [pytest.param(s, marks=[pytest.mark.slow] * (s[2] == 5 or s == (2, 1, 4))) for s in TWO_LAYER],
    ids=str,
)
def test_two_layer_linear(sizes: tuple[int, int, int]) -> None:
    count, independent, relations = TWO_LAYER[sizes]
    found = pl.relations(laws_of(*sizes))
    assert (len(found.laws), str(found.independent), len(found.relations)) == (
        count,
        str(independent),
        relations,
    )
    assert found.complete
    assert not any(map(found.substituted, found.relations))


@pytest.mark.parametrize(
    ("n", "m", "r"),
    [
        (1, 2, 4),
        *(pytest.param(*sizes, marks=pytest.mark.slow) for sizes in ((2, 1, 4), (1, 2, 5), (2, 2, 5))),
    ],
)
def test_the_relations_are_the_minors_of_size_n_plus_m_plus_1_of_the_gram_matrix(
    n: int, m: int, r: int
) -> None:
    found = pl.relations(laws_of(n, m, r))
    ring = found.names
    # the laws are the entries (i, j), i <= j, of U^T U - V^T V, row by row
    places = {pair: k for k, pair in enumerate((i, j) for i in range(r) for j in range(i, r))}
    gram = [[ring.generator(f"h{places[min(i, j), max(i, j)] + 1}") for j in range(r)] for i in range(r)]
    expected = Ideal(ring, minors(gram, n + m + 1, ring, pl.Budget()))
    assert Ideal(ring, found.relations) == expected
    assert len(found.relations) == comb(comb(r, n + m + 1) + 1, 2)


def test_one_by_one_networks_satisfy_the_relations_of_a_rank_2_matrix_and_a_bivector() -> None:
    found = pl.relations(laws_of(1, 1, 2))
    assert [str(h) for h in found.laws] == [
        "U_1_1^2 - V_1_1^2",
        "U_1_1*U_1_2 - V_1_1*V_1_2",
        "U_1_1*V_1_2 - U_1_2*V_1_1",
        "U_1_2^2 - V_1_2^2",
    ]
    assert [str(p) for p in found.relations] == ["h1*h4 - h2^2 + h3^2"]


@pytest.mark.parametrize(
    "sizes", [(1, 1, 2), (1, 1, 3), pytest.param((1, 2, 3), marks=pytest.mark.slow)], ids=str
)
def test_degree_by_degree_and_elimination_agree(sizes: tuple[int, int, int]) -> None:
    laws = laws_of(*sizes).generators
    names = algebra_names(laws[0].ring, len(laws))
    found = pl.relations(laws)
    assert found.names == names
    assert elimination_ideal(laws, names, pl.Budget()) == Ideal(names, found.relations)


def test_momentum_laws_of_a_1_4_1_network() -> None:
    found = pl.relations(pl.find_laws(momentum("linear:1,4,1", 0)))
    assert (len(found.laws), str(found.independent), len(found.relations), found.complete) == (
        12,
        "10",
        2,
        True,
    )
    assert not any(map(found.substituted, found.relations))


def test_parameters_are_coefficients() -> None:
    found = pl.relations(pl.find_laws(gradient("linear:1,2,1", "rates:U1=2,U2=b")))
    assert [str(p) for p in found.relations] == ["h1*h4 - h2^2 + 2*b*h3^2"]
    assert not any(map(found.substituted, found.relations))


def test_names_avoid_parameters() -> None:
    ring = pl.Ring(["x"], ["h2"])
    assert algebra_names(ring, 2).variables == ("g1", "g2")
    assert [str(p) for p in pl.relations([ring.parse("x"), ring.parse("h2*x^2")]).relations] == [
        "h2*g1^2 - g2"
    ]


def test_a_bound_on_the_degree_leaves_it_open() -> None:
    found = pl.relations(laws_of(1, 2, 4), degree=6)
    assert (found.relations, found.complete, found.degree, str(found.independent)) == (
        (),
        False,
        6,
        "9 to 10",
    )
    assert found.reason == "all relations up to degree 6 in the state were found; there may be others"


def test_what_is_no_list_of_laws_is_refused() -> None:
    for bad, why in {
        (): "at least one law",
        (RING.constant(1),): "depend on the state",
        ("x",): "a Polynomial",
    }.items():
        with pytest.raises(pl.PolylawError, match=why):
            pl.relations(bad)  # type: ignore[arg-type]
    with pytest.raises(pl.PolylawError, match="an integer >= 1"):
        pl.relations([RING.parse("x")], degree=0)
    with pytest.raises(pl.PolylawError, match="max_seconds"):
        pl.relations(laws_of(1, 2, 4), budget=pl.Budget(max_seconds=1e-9))


# -- membership ------------------------------------------------------------------------------------
#: (law, laws, the law as a polynomial in them)
MEMBERS = [
    ("x^3 + y^3", ["x + y", "x*y"], "h1^3 - 3*h1*h2"),
    ("x^2*y - 1/2", ["x", "y"], "h1^2*h2 - 1/2"),
    ("x^2 - x", ["x^2 + x", "x"], "h1 - 2*h2"),
    ("5", ["x"], "5"),
    ("x^4 + 2*x^3", ["x^2 + x"], None),
    ("x^4 + 2*x^3 - x", ["x^2 + x"], "h1^2 - h1"),
    ("x", ["x^2", "x^3"], None),
    ("x^7", ["x^2", "x^3"], "h1^2*h2"),
    ("x - y", ["x + y", "x*y"], None),
    ("z", ["x", "y"], None),
    ("x^2*y", ["x^2", "y^2"], None),
]


@pytest.mark.parametrize(("law", "laws", "polynomial"), MEMBERS)
def test_membership(law: str, laws: list[str], polynomial: str | None) -> None:
    found = pl.express(law, [RING.parse(text) for text in laws])
    assert (None if found.polynomial is None else str(found.polynomial)) == polynomial
    assert found.found == (polynomial is not None)


def test_membership_in_the_laws_of_a_network() -> None:
    laws = laws_of(1, 1, 2)
    a, b, c, d = laws.generators
    found = pl.express("(U_1_1*V_1_2 - U_1_2*V_1_1)^2", [a, b, d])
    assert str(found.polynomial) == "-h1*h3 + h2^2"
    assert not pl.express(c, [a, b, d]).found
    assert not pl.express("U_1_1^2", laws).found


def test_a_law_of_another_ring_is_refused() -> None:
    with pytest.raises(pl.PolylawError, match="the same ring"):
        pl.express(pl.Ring(["x"]).parse("x"), [RING.parse("x")])


def test_generating_sets() -> None:
    a, b, c, d = laws_of(1, 1, 2).generators
    found = pl.generating_set([a * b, a, b, c, d, c**2, a])
    assert found.laws == (a, b, c, d)
    assert [(e.law, str(e.polynomial)) for e in found.expressions] == [(a * b, "h1*h2"), (c**2, "h3^2")]


def test_generating_sets_of_laws_without_a_grading() -> None:
    given = [RING.parse(text) for text in ("x^2 + x", "x^4", "x^4 + x")]
    found = pl.generating_set(given)
    assert found.laws == tuple(given[1:])
    assert [str(e.polynomial) for e in found.expressions] == ["h1^2 - 2*h1*h2 + h2^2 - h1 + h2"]


# -- minors ----------------------------------------------------------------------------------------
def test_minors_and_determinants() -> None:
    x, y, z = map(RING.generator, "xyz")
    one, zero = RING.constant(1), RING.constant(0)
    vandermonde = [[one, v, v * v] for v in (x, y, z)]
    assert determinant(vandermonde, RING) == (y - x) * (z - x) * (z - y)
    assert list(minors([[x, y], [z, one]], 1, RING, pl.Budget())) == [x, y, z, one]
    assert determinant([[x, zero], [y, zero]], RING) == 0
    rows = [[x, y, z], [y, z, x]]
    two = [rows[0][i] * rows[1][j] - rows[0][j] * rows[1][i] for i, j in combinations(range(3), 2)]
    assert list(minors(rows, 2, RING, pl.Budget())) == two
    with pytest.raises(pl.PolylawError, match="max_minors: found 20000"):
        next(minors([[x] * 40] * 40, 20, RING, pl.Budget()))


@pytest.mark.parametrize(
    ("equations", "a", "regular"),
    [
        (["x*y - x"], "x", False),  # x (y - 1), not homogeneous
        (["x*y - x"], "y - 1", False),
        (["x*y - x"], "y", True),
        (["x*y"], "x*(y - 1)", False),
        (["x*y"], "x - 1", True),
        (["x*y"], "x", False),  # homogeneous: read off Hilbert series
        (["x*y"], "x + y", True),
        (["x^2", "x*y"], "y", False),  # an embedded point
        (["x^2 - y*z"], "x", True),
    ],
)
def test_zero_divisors(equations: list[str], a: str, regular: bool) -> None:
    ring = Ring(["x", "y", "z"])
    assert _regular(Ideal(ring, map(ring.parse, equations)), ring.parse(a)) is regular
