"""Points where variables are equal in pairs."""

from __future__ import annotations

import pytest

import polylaw as pl
from polylaw.domains.geometry.local_count import gradient_rank_at
from polylaw.domains.geometry.pairing import paired_points
from tests.helpers import gradient, mostly_slow

RING = pl.Ring(["x", "y", "z", "w"], ["a"])

#: equations: whether there is an exchange of variables
CASES = [
    (["x^2 - y^2"], True),
    (["x^2 + y^2 - z^2 - w^2", "x*y - z*w"], True),
    (["x*y^2 - z*w^2"], True),
    (["a*x - a*y", "z - w"], True),
    (["x^2 + y^2 - 1"], False),
    (["x^2 - 2*y^2"], False),
    (["a*x - y"], False),
    (["x - y", "y - z"], False),  # y would have two partners
    (["x^2*y - z*w"], False),
]


@pytest.mark.parametrize(("texts", "there"), CASES)
def test_points_of_exchanges(texts: list[str], there: bool) -> None:
    equations = [RING.parse(text) for text in texts]
    points = list(paired_points(equations))
    assert bool(points) is there
    assert all(p(dict.fromkeys(range(RING.size), 1) | point) == 0 for point in points for p in equations)


@pytest.mark.parametrize(
    "spec",
    mostly_slow(
        ["linear:2,2,2", "linear:3,3,3", "linear:3,2,3", "linear:2,3,2", "attention:d1=2,dim=3"],
        "linear:2,2,2",
        "linear:2,3,2",
    ),
)
def test_balanced_sets_have_regular_ones(spec: str) -> None:
    flow = gradient(spec)
    equations = pl.find_laws(flow).basis
    best = max(
        gradient_rank_at(equations, dict.fromkeys(range(flow.ring.size), 1) | point)
        for point in paired_points(equations)
    )
    variety = pl.Variety.of(flow, [str(p) for p in equations])
    assert best >= flow.ring.parameter_indices.start - variety.dimension


def test_many_alike_terms_end() -> None:
    wide = pl.Ring([f"x{i}" for i in range(40)])
    equations = [
        wide.parse(" + ".join(f"x{i}^2" for i in range(20)) + "".join(f" - x{i}^2" for i in range(20, 40))),
        wide.parse("x0 - x1 + x2 - x3"),
    ]
    assert all(p(point) == 0 for point in paired_points(equations) for p in equations)
