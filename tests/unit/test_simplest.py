"""Generators are the laws a person would write down, and as many as before."""

from __future__ import annotations

import random

import pytest

import polylaw as pl
from polylaw.algebra.linear.exact import Echelon
from polylaw.laws.parametric import split_parameters
from polylaw.laws.simplest import order, simple_laws, without_minus_signs
from tests.helpers import complete_laws

DECAY = pl.PolynomialODE({"a": "(-ab - ac)*a", "b": "ab*a", "c": "ac*a"}, ["ab", "ac"])
VORTICES = pl.PolynomialODE(
    {
        "x1": "-G2*(y1 - y2)/((x1 - x2)^2 + (y1 - y2)^2)",
        "y1": "G2*(x1 - x2)/((x1 - x2)^2 + (y1 - y2)^2)",
        "x2": "-G1*(y2 - y1)/((x1 - x2)^2 + (y1 - y2)^2)",
        "y2": "G1*(x2 - x1)/((x1 - x2)^2 + (y1 - y2)^2)",
    },
    ["G1", "G2"],
)
CHARGE = pl.PolynomialODE(
    {
        "x1": "v1", "x2": "v2", "x3": "v3",
        "v1": "q/m*(e1 + v2*b3 - v3*b2)", "v2": "q/m*(e2 + v3*b1 - v1*b3)", "v3": "q/m*(e3 + v1*b2 - v2*b1)",
    },
    ["m", "q", "e1", "e2", "e3", "b1", "b2", "b3"],
    time="t",
)  # fmt: skip
#: x3 and x4 bind, x1 and x2 are made of the pair: the reduced basis has minus signs
BINDING = pl.PolynomialODE({"x1": "x3*x4 - x1", "x2": "x1 - x2", "x3": "-x3*x4 + x2", "x4": "-x3*x4 + x2"})


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        (DECAY, ["a + b + c", "ac*b - ab*c"]),
        (VORTICES, ["G1*x1 + G2*x2", "G1*y1 + G2*y2", "x1^2 - 2*x1*x2 + y1^2 - 2*y1*y2 + x2^2 + y2^2"]),
        (
            CHARGE,
            [
                "2*m*b1*x1 + 2*m*b2*x2 + 2*m*b3*x3 - 2*m*b1*t*v1 - 2*m*b2*t*v2 - 2*m*b3*t*v3"
                " + q*e1*b1*t^2 + q*e2*b2*t^2 + q*e3*b3*t^2",
                "q*b2*x1 - q*b1*x2 - m*v3 + q*e3*t",
                "q*b3*x1 - q*b1*x3 + m*v2 - q*e2*t",
                "q*b3*x2 - q*b2*x3 - m*v1 + q*e1*t",
                "m*v1^2 + m*v2^2 + m*v3^2 - 2*q*e1*x1 - 2*q*e2*x2 - 2*q*e3*x3",
            ],
        ),
        (BINDING, ["x1 + x2 + x3", "x1 + x2 + x4"]),
    ],
    ids=["decay", "vortices", "charge", "binding"],
)  # fmt: skip
def test_laws_as_a_person_writes_them(flow: pl.Flow, expected: list[str]) -> None:
    assert [str(h) for h in complete_laws(flow, 2).generators] == expected


@pytest.mark.parametrize(
    "flow",
    [DECAY, VORTICES, pytest.param(CHARGE, marks=pytest.mark.slow), BINDING],
    ids=["decay", "vortices", "charge", "binding"],
)
def test_simple_laws_span_what_they_came_from(flow: pl.Flow) -> None:
    """Over Q(parameters), exactly: each is in the span, and together they span all of it."""
    basis = complete_laws(flow, 2).basis
    simple = simple_laws(basis, basis, (), (), pl.Budget())
    span, again = Echelon(), Echelon()
    assert all(span.add(split_parameters(h)) for h in basis)
    assert not any(span.reduced(split_parameters(h)) for h in simple)
    assert sum(again.add(split_parameters(h)) for h in sorted(simple, key=order)) == len(basis)


def test_laws_without_parameters_are_found_where_they_hide() -> None:
    """A space spanned by three laws without parameters, given by a basis in which no law is without."""
    flow = pl.PolynomialODE(dict.fromkeys("uvwxyz", "0"), ["p", "q"])
    hidden = [flow.polynomial(h) for h in ("u + v + x", "v - 2*w + y", "w + 3*z")]
    p, q = flow.polynomial("p"), flow.polynomial("q")
    mixed = [hidden[0] * p + hidden[1] * q, hidden[1] * p - hidden[2], hidden[2] * q + hidden[0]]
    echelon = Echelon()
    for h in mixed:
        echelon.add(dict(sorted(split_parameters(h).items(), key=lambda part: h.sort_key(part[0]))))
    basis = [
        pl.Polynomial.sum(flow.ring, (flow.ring.monomial(m) * c for m, c in row.items()))
        for row in echelon.rows.values()
    ]
    numeric = [h for h in simple_laws(basis, basis, (), (), pl.Budget()) if not order(h)[0]]
    span = Echelon()
    for h in numeric:
        span.add(split_parameters(h))
    assert span.rank == 3
    assert not any(span.reduced(split_parameters(h)) for h in hidden)


@pytest.mark.parametrize("seed", range(12))
def test_moieties_without_minus_signs_are_found(seed: int) -> None:
    """A space spanned by laws with coefficients >= 0, given by others: as many of that kind are found, and
    all are extreme."""
    draw = random.Random(f"moieties {seed}")
    names = [f"x{i}" for i in range(1, 9)]
    flow = pl.PolynomialODE(dict.fromkeys(names, "0"))
    variables = [flow.polynomial(name) for name in names]
    hidden = [
        pl.Polynomial.sum(flow.ring, (x * draw.choice((0, 0, 1, 2)) for x in variables)) for _ in range(4)
    ]
    span = Echelon()
    for h in hidden:
        span.add(split_parameters(h))
    basis = [
        pl.Polynomial.sum(flow.ring, (flow.ring.monomial(m) * c for m, c in row.items())).primitive()
        for row in span.rows.values()
    ]
    found = without_minus_signs(basis, pl.Budget())
    assert all(c > 0 for h in found for c in h.terms.values())
    assert not [
        (g, h) for g in found for h in found if g is not h and set(g.terms) <= set(h.terms)
    ]  # extreme: no support holds another
    positive = Echelon()
    assert sum(positive.add(split_parameters(h)) for h in found) == span.rank
    for h in hidden:
        assert not positive.reduced(split_parameters(h))


def test_time_is_bounded() -> None:
    laws = pl.find_laws(CHARGE, 2, budget=pl.Budget(max_seconds=1e9))
    object.__setattr__(laws, "budget", pl.Budget(max_seconds=1e-9))
    with pytest.raises(pl.PolylawError, match="more time for generators"):
        _ = laws.generators
