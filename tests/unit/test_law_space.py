"""Searches: what comes back, why it is complete, and that nothing but flow and ansatz decides it."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

import polylaw as pl
from polylaw.domains.findings import Findings
from polylaw.errors import InputError, UnknownNameError
from polylaw.report import FORMATS
from polylaw.report.laws import LawsReport
from tests.helpers import CUBE, complete_laws, each_flow, gradient, momentum, mostly_slow

COMPETITION = pl.PolynomialODE({"x": "-k1*x", "y": "-k2*y", "z": "(k1 + k2)*x*y"}, ["k1", "k2"])

FLOWS = [
    gradient("linear:3,4,2"),
    gradient("linear:1,2,2,1"),
    gradient("relu:2,3,2?bias=true"),
    gradient("linear:2,2,2", "rates:U1=a,U2=b"),
    momentum("linear:2,3,2", "tau"),
    momentum("factorization:1,1,3", "3/t"),
    COMPETITION,
]
flows = each_flow(FLOWS)


def as_json(findings: Findings) -> str:
    return FORMATS["json"](LawsReport(findings, "MODEL"))


def texts(laws: pl.LawSpace) -> list[str]:
    return [str(h) for h in laws.basis]


# -- laws and their proof --------------------------------------------------------------------------
@flows
def test_the_rank_leaves_room_for_no_other_law(flow: pl.Flow) -> None:
    laws = complete_laws(flow)
    evidence = laws.evidence
    assert evidence is not None
    assert evidence.unknowns == laws.ansatz.count(flow.ring)
    assert evidence.unknowns - evidence.rank == laws.dimension
    assert evidence.shapes <= evidence.blocks <= evidence.survivors <= evidence.unknowns
    assert laws.solved == laws.ansatz


@flows
def test_every_law_is_conserved_and_canonical(flow: pl.Flow) -> None:
    laws = complete_laws(flow)
    assert not any(flow.distribution.residuals(h) for h in laws)
    assert all(h == h.primitive() for h in laws)
    leading = [h.leading[0] for h in laws]
    assert leading == sorted(leading, key=laws.basis[0].sort_key)
    assert not any(
        lead in other.terms for lead, h in zip(leading, laws, strict=True) for other in laws if other != h
    )


@flows
def test_a_higher_degree_keeps_the_laws(flow: pl.Flow) -> None:
    assert set(complete_laws(flow, 2).generators) == set(complete_laws(flow, 3).generators)


def test_a_law_space_is_a_collection_of_laws() -> None:
    laws = complete_laws(CUBE)
    assert list(laws) == list(laws.basis)
    assert len(laws) == laws.dimension == 2
    assert repr(laws) == "<LawSpace: 2 laws, degree <= 2, gradient flow, Euclidean, complete>"


# -- workers ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("workers", mostly_slow([1, 2], 2))
def test_any_number_of_workers_gives_the_same_bytes(workers: int) -> None:
    with ProcessPoolExecutor(workers) as executor:
        for flow in FLOWS:
            assert as_json(Findings.of(pl.find_laws(flow, executor=executor))) == as_json(
                Findings.of(pl.find_laws(flow))
            )


@flows
def test_twice_the_same_bytes(flow: pl.Flow) -> None:
    assert as_json(Findings.of(pl.find_laws(flow, 3))) == as_json(Findings.of(pl.find_laws(flow, 3)))


def test_progress_ends_every_stage() -> None:
    calls: list[tuple[str, int, int]] = []
    pl.find_laws(FLOWS[0], progress=lambda *call: calls.append(call))
    assert calls
    assert all(0 <= done <= total for _, done, total in calls)


# -- ansätze ---------------------------------------------------------------------------------------
QUADRICS = ["x1^2 - x3^2", "x2^2 - x3^2"]
SQUARES = [
    "x1^4 - 2*x1^2*x3^2 + x3^4",
    "x1^2*x2^2 - x1^2*x3^2 - x2^2*x3^2 + x3^4",
    "x2^4 - 2*x2^2*x3^2 + x3^4",
]
FREE_FALL = pl.PolynomialODE({"x": "v", "v": "1"}, time="t")


@pytest.mark.parametrize(
    ("flow", "spec", "expected"),
    [
        (CUBE, "degree:1", []),
        (CUBE, "degree:2", QUADRICS),
        (CUBE, "degree:3", QUADRICS),
        (CUBE, "degree:4", SQUARES + QUADRICS),
        (CUBE, "homogeneous:3", []),
        (CUBE, "homogeneous:4", SQUARES),
        (CUBE, "weighted:4;x1=2", ["x2^4 - 2*x2^2*x3^2 + x3^4", *QUADRICS]),
        (CUBE, "weighted:4;x1=3", ["x2^4 - 2*x2^2*x3^2 + x3^4", QUADRICS[1]]),
        (CUBE, "monomials:x1^2,x2^2", ["x1^2 - x2^2"]),
        (CUBE, "monomials:x1^2,x2^3", []),
        (COMPETITION, "weighted:2;z=2", ["x*y + z"]),
        (COMPETITION, "weighted:2;z=3", []),
        (FREE_FALL, "bidegree:0,2", ["v^2 - 2*x"]),
        (FREE_FALL, "bidegree:1,1", ["v - t"]),
        (FREE_FALL, "bidegree:2,1", ["2*x - 2*t*v + t^2", "v - t"]),
        (FREE_FALL, "degree:1", ["v - t"]),
        (FREE_FALL, "monomials:v,t", ["v - t"]),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_laws_in_an_ansatz(flow: pl.Flow, spec: str, expected: list[str]) -> None:
    laws = pl.find_laws(flow, ansatz=pl.Ansatz.parse(spec))
    assert laws.complete
    assert sorted(texts(laws)) == sorted(expected)


def test_a_degree_is_two_unless_given() -> None:
    assert (
        texts(pl.find_laws(CUBE))
        == texts(pl.find_laws(CUBE, 2))
        == texts(pl.find_laws(CUBE, ansatz=pl.Ansatz.degree(2)))
    )


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (["x1", "x3"], ["x1^2 - x3^2"]),
        (["x3", "x1"], ["x1^2 - x3^2"]),
        (["x2"], []),
        (["x1", "x2", "x3"], QUADRICS),
    ],
    ids=["x1 x3", "x3 x1", "x2", "all"],
)
def test_laws_in_some_variables(variables: list[str], expected: list[str]) -> None:
    laws = complete_laws(CUBE, variables=variables)
    assert texts(laws) == expected
    assert str(laws.ansatz) == f"degree <= 2, in {len(variables)} variable{'s' * (len(variables) > 1)}"


def test_some_variables_restrict_any_ansatz() -> None:
    laws = complete_laws(CUBE, ansatz=pl.Ansatz.homogeneous(4), variables=["x1", "x2"])
    assert texts(laws) == ["x1^4 - 2*x1^2*x2^2 + x2^4"]


def test_a_column_of_a_matrix_has_its_own_law() -> None:
    column = ["U1_1_1", "U1_2_1", "U2_1_1", "U2_1_2"]
    assert texts(complete_laws(gradient("linear:2,2,2"), variables=column)) == [
        "U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2"
    ]


# -- parameters and time ---------------------------------------------------------------------------
ODES: list[tuple[dict[str, str], list[str], str | None, list[str]]] = [
    ({"x": "a*y", "y": "-b*x"}, ["a", "b"], None, ["b*x^2 + a*y^2"]),
    ({"x": "(a + b)*y", "y": "(a - b)*x"}, ["a", "b"], None, ["a*x^2 - b*x^2 - a*y^2 - b*y^2"]),
    ({"x": "a*x", "y": "-a*y"}, ["a"], None, ["x*y"]),
    ({"x": "a*x", "y": "-b*y"}, ["a", "b"], None, []),
    ({"x": "k*x"}, ["k"], "exp(-k*t)", ["exp(-2*k*t)*x^2", "exp(-k*t)*x"]),
    ({"x": "1"}, [], "t", ["x^2 - 2*t*x + t^2", "x - t"]),
]


@pytest.mark.parametrize(
    ("rhs", "parameters", "time", "expected"), ODES, ids=[" ".join(rhs.values()) for rhs, *_ in ODES]
)
def test_laws_with_parameters_and_time(
    rhs: dict[str, str], parameters: list[str], time: str | None, expected: list[str]
) -> None:
    flow = pl.PolynomialODE(rhs, parameters, time=time)
    assert set(complete_laws(flow).basis) == {flow.parse(text).primitive() for text in expected}


def test_coefficients_of_many_digits_are_found() -> None:
    a, b = 10**40 + 7, 10**45 + 9
    assert texts(complete_laws(pl.PolynomialODE({"x": f"{a}*y", "y": f"{b}*x"}))) == [f"{b}*x^2 - {a}*y^2"]


# -- wrong arguments -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (["x1*x2"], {}, "flow"),
        ([pl.models.linear(2, 2)], {}, "a Flow; for example polylaw.GradientFlow"),
        ([CUBE, 0], {}, "degree"),
        ([CUBE, 2], {"ansatz": pl.Ansatz.degree(2)}, "either a degree or an ansatz"),
        ([CUBE], {"variables": ["x1", "x4"]}, "'x4'"),
    ],
    ids=["text", "model", "degree 0", "degree and ansatz", "unknown variable"],
)
def test_wrong_arguments_are_refused(arguments: list[Any], options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        pl.find_laws(*arguments, **options)


def test_a_misspelt_variable_is_corrected() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'U1_1_2'"):
        pl.find_laws(gradient("linear:2,2"), variables=["U1_1_1", "U1_12"])


def test_an_executor_is_one_of_the_standard_library() -> None:
    with pytest.raises(InputError, match=r"executor: found 3, expected a concurrent\.futures\.Executor"):
        pl.find_laws(gradient("linear:2,2"), executor=3)  # type: ignore[arg-type]


def test_where_nothing_moves_every_function_is_a_law_and_the_report_says_so() -> None:
    flow = pl.GradientFlow(pl.models.from_map(["u", "v"], ["3"]))
    laws = complete_laws(flow)
    assert [str(h) for h in laws.generators] == ["u", "v"]
    assert "note: phi is constant, so nothing moves" in FORMATS["text"](
        LawsReport(Findings.of(laws), "m.toml")
    )


@pytest.mark.parametrize(
    ("damping", "powers"),
    [
        (
            "3/t",
            [3, 3, 4, 6, 7],
        ),  # a pair (theta, v) brings t^3, half of one at most t^(3/2), a translation t^3
        ("1/t", [1, 2, 3, 4, 5]),
        ("2/t", [2, 2, 3, 4, 5]),
        ("3/2/t", [3, 3, 4, 6, 7]),  # in powers of t^(1/2)
        ("tau", [1, 2, 3, 4, 5]),
        (0, [1, 2, 3, 4, 5]),
    ],
)
def test_powers_of_the_clock(damping: Any, powers: list[int]) -> None:
    flow = pl.MomentumFlow(pl.models.linear(1, 1, 1), damping)
    assert [flow.clock_power(degree) for degree in range(1, 6)] == powers


def test_a_translation_brings_the_whole_power_of_the_clock_in_degree_one() -> None:
    laws = complete_laws(momentum("map:x - y", "3/t"), 1)
    assert [str(h) for h in laws] == ["2*x + 2*y + t*dx + t*dy", "t^3*(dx + dy)"]
