"""`counts.json`: exact numbers of laws, polynomial and of any kind, for every row of it; completeness of
every answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.algebra.parse import names_in
from tests.helpers import DAMPINGS, complete_laws, gradient, momentum, mostly_slow, span_dimension

ORACLE: dict[str, Any] = json.loads(Path(__file__).with_name("counts.json").read_text())
CLASSICS: dict[str, dict[str, Any]] = {row["name"]: row for row in ORACLE["classics"]}


def rows(table: str, sizes: str) -> pytest.MarkDecorator:
    """One test for each row of a table, named by its sizes."""
    return pytest.mark.parametrize("row", ORACLE[table], ids=lambda row: "-".join(map(str, row[sizes])))


def joined(sizes: list[int]) -> str:
    return ",".join(map(str, sizes))


def polynomial_laws(row: dict[str, Any]) -> int:
    return int(row.get("polynomial", row["laws"]))


# -- gradient flow ---------------------------------------------------------------------------------
@rows("gf_linear", "dims")
def test_linear(row: dict[str, Any]) -> None:
    flow = gradient(f"linear:{joined(row['dims'])}")
    assert flow.model.dimension == row["D"] == row["lie"] + row["laws"]
    assert complete_laws(flow).independent.lower == polynomial_laws(row)


def test_linear_1_2_2_1_has_no_seventh_law_up_to_degree_4() -> None:
    """Its seventh law exists, and is not a polynomial."""
    [row] = [row for row in ORACLE["gf_linear"] if row["dims"] == [1, 2, 2, 1]]
    laws = complete_laws(gradient("linear:1,2,2,1"), 4)
    assert len(laws.generators) == laws.independent.lower == row["polynomial"] < row["laws"]
    assert {h.degree for h in laws.generators} == {2}


@rows("gf_relu_path_lifting", "dims")
def test_relu(row: dict[str, Any]) -> None:
    assert complete_laws(gradient(f"relu:{joined(row['dims'])}")).independent.lower == row["laws"]


@rows("gf_nmf_n_r_m", "nrm")
def test_nmf(row: dict[str, Any]) -> None:
    flow = gradient(f"nmf:{joined(row['nrm'])}")
    assert flow.metric.name == "mirror"
    assert complete_laws(flow).independent.lower == polynomial_laws(row)


@rows("gf_attention_d1_dim", "d1_dim")
def test_attention(row: dict[str, Any]) -> None:
    d1, dim = row["d1_dim"]
    assert complete_laws(gradient(f"attention:d1={d1},dim={dim}")).independent.lower == row["laws"]


@rows("gf_quadratic_space_n_m_r", "nmr")
def test_quadratic_laws_of_two_factors(row: dict[str, Any]) -> None:
    laws = complete_laws(gradient(f"factorization:{joined(row['nmr'])}"), ansatz=pl.Ansatz.homogeneous(2))
    assert (laws.dimension, laws.independent.lower) == (row["dimension"], row["independent"])


@pytest.mark.parametrize(
    ("family", "table", "sizes"),
    [
        pytest.param("linear:", "gf_linear", "dims", marks=pytest.mark.slow),
        ("relu:", "gf_relu_path_lifting", "dims"),
        pytest.param("nmf:", "gf_nmf_n_r_m", "nrm", marks=pytest.mark.slow),
        ("attention:", "gf_attention_d1_dim", "d1_dim"),
    ],
)
def test_laws_of_any_kind(family: str, table: str, sizes: str) -> None:
    """All rows, the gaps included: [1,2,2,1] has 7 laws and 6 polynomial ones; those of NMF (1,2,1), 3 and 2,
    are closed by logarithms."""
    gaps = 0
    for row in ORACLE[table]:
        n = row[sizes]
        count = pl.count_laws(
            gradient(family + ("d1={},dim={}".format(*n) if sizes == "d1_dim" else joined(n)))
        )
        lower = row["laws"] if family == "nmf:" else polynomial_laws(row)
        assert (count.lower, count.upper) == (lower, row["laws"])
        assert count.lie_rank == row.get("lie", count.lie_rank)
        assert bool(count.augmented) == (family == "nmf:" and "polynomial" in row)
        gaps += not count.exact
    assert gaps == sum("polynomial" in row for row in ORACLE[table] if family != "nmf:")


# -- momentum --------------------------------------------------------------------------------------
@pytest.mark.parametrize("damping", mostly_slow([*DAMPINGS, "2/3"], "tau", "2/3"))
@rows("mf_linear_dims", "dims")
def test_laws_of_any_kind_with_momentum(row: dict[str, Any], damping: Any) -> None:
    count = pl.count_laws(momentum(f"linear:{joined(row['dims'])}", damping))
    assert (count.lower, count.upper) == (row["laws"], row["laws"])


@pytest.mark.parametrize("damping", mostly_slow(DAMPINGS, 0, "3/t"))
@rows("mf_linear_dims", "dims")
def test_linear_with_momentum(row: dict[str, Any], damping: Any) -> None:
    assert complete_laws(momentum(f"linear:{joined(row['dims'])}", damping)).independent.lower == row["laws"]


LAWLESS = [
    "relu:2,2,2",
    "relu:2,2,2?bias=true",
    "relu:2,3,1",
    "relu:3,2,2?bias=true",
    "nmf:2,2,2",
    "nmf:1,2,1",
    "icnn:2,2,2",
    "icnn:1,2,2",
]


@pytest.mark.parametrize("damping", mostly_slow([0, 1, 3, "3/t"], 0, "3/t"))
@pytest.mark.parametrize("spec", LAWLESS)
def test_no_law_with_momentum(spec: str, damping: Any) -> None:
    """The words of `mf_none`."""
    assert complete_laws(momentum(spec, damping)).basis == ()
    assert pl.count_laws(momentum(spec, damping)).upper == 0


# -- classics --------------------------------------------------------------------------------------
def classic(name: str) -> pl.Flow:
    """The flow of a classic: its map, or its equations with every free name a parameter."""
    row = CLASSICS[name]
    if "phi" in row:
        return gradient(f"map:{row['phi']}")
    free = [p for text in row["ode"].values() for p in names_in(text, "ode") if p not in row["ode"]]
    time = row["law"].partition("*(")[0] if "law" in row else None
    return pl.PolynomialODE(row["ode"], row.get("parameters") or tuple(dict.fromkeys(free)), time=time)


GENERATORS = [
    ("product", "polynomial_basis_degree_2", 2),
    ("damped oscillator", "law", 2),
    ("euler top", "laws", 2),
    ("claimed but false", "laws", 2),
    ("biomodel 629", "generators", 4),
    ("symbolic rates", "generators", 4),
    ("nonlinear small", "span", 2),
    ("ten variables", "generators_to_degree_5", 5),
]


@pytest.mark.parametrize(("name", "key", "degree"), GENERATORS, ids=[name for name, *_ in GENERATORS])
def test_generators_of_a_classic(name: str, key: str, degree: int) -> None:
    flow = classic(name)
    listed = CLASSICS[name][key]
    expected = {flow.parse(text).primitive() for text in ([listed] if isinstance(listed, str) else listed)}
    laws = complete_laws(flow, degree)
    both = {*laws.generators, *expected}  # the same space: published and shortest bases may differ
    assert (
        span_dimension(both) == span_dimension(laws.generators) == span_dimension(expected) == len(expected)
    )
    assert laws.independent.lower == len(laws.generators) == len(expected)


@pytest.mark.parametrize(("name", "degree"), [("biomodel 629", 2), ("biomodel 629", 4), ("ten variables", 5)])
def test_dimension_of_a_classic(name: str, degree: int) -> None:
    assert complete_laws(classic(name), degree).dimension == CLASSICS[name][f"dimension_degree_{degree}"]


@pytest.mark.parametrize("name", ["product", "nonlinear small"])
def test_two_quadrics_are_a_basis(name: str) -> None:
    laws = complete_laws(classic(name), 2)
    assert (
        span_dimension(laws.basis)
        == span_dimension([*laws.basis, *laws.generators])
        == len(laws.generators)
        == laws.dimension
        == 2
    )


def test_counts_of_a_classic() -> None:
    assert complete_laws(classic("product")).independent.lower == CLASSICS["product"]["gf"]
    assert (
        len(complete_laws(classic("biomodel 629"), 4).generators)
        == CLASSICS["biomodel 629"]["generators_to_degree_4"]
    )


def test_damped_oscillator_needs_its_clock() -> None:
    flow = classic("damped oscillator")
    assert isinstance(pl.check_law(flow, CLASSICS["damped oscillator"]["law"]), pl.Proved)
    timeless = pl.PolynomialODE(CLASSICS["damped oscillator"]["ode"], ("g", "w2"))
    assert complete_laws(timeless, 4).basis == ()


def test_ten_variables_for_all_parameters() -> None:
    """The laws at a = 2, b = 5 hold for every a and b."""
    row = CLASSICS["ten variables"]
    laws = complete_laws(pl.PolynomialODE(row["ode"], tuple(row["parameters"])), 5)
    assert set(map(str, laws.generators)) == set(row["generators_to_degree_5"])


def test_the_false_claim_is_refuted() -> None:
    row = CLASSICS["claimed but false"]
    flow = classic("claimed but false")
    verdict = pl.check_law(flow, row["claim"])
    assert isinstance(verdict, pl.Refuted)
    assert verdict.residual == flow.parse(row["residual"])


# -- where floating point goes wrong ---------------------------------------------------------------
DELICATE = ORACLE["where_floating_point_goes_wrong"]


@pytest.mark.parametrize("row", DELICATE, ids=lambda row: f"{row['model']}, {row['ansatz']}")
def test_where_floating_point_goes_wrong(row: dict[str, Any]) -> None:
    spec = row["model"].replace(" ", ":") if " " in row["model"] else f"map:{row['model']}"
    kind, _, top = row["ansatz"].replace("1..", "").rpartition(" ")
    ansatz = {"homogeneous degree": pl.Ansatz.homogeneous, "degree": pl.Ansatz.degree}[kind](int(top))
    laws = complete_laws(gradient(spec), ansatz=ansatz)
    found = {"dimension": laws.dimension, "independent": laws.independent.lower}
    found |= dict.fromkeys(("generators", "new_generators"), len(laws.generators))
    expected = {key: value for key, value in row.items() if key not in ("model", "ansatz")}
    assert {key: found[key] for key in expected} == expected


def test_every_table_and_every_classic_is_tested() -> None:
    tables = {
        "gf_linear",
        "gf_relu_path_lifting",
        "gf_nmf_n_r_m",
        "gf_attention_d1_dim",
        "gf_quadratic_space_n_m_r",
    }
    assert set(ORACLE) == tables | {
        "about",
        "mf_linear_dims",
        "mf_none",
        "classics",
        "where_floating_point_goes_wrong",
    }
    assert set(CLASSICS) == {name for name, *_ in GENERATORS}
