"""The benchmark runs end to end, and a wrong number of laws makes it fail; what it measures is not judged
here."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import growth, rows
from benchmarks.__main__ import main
from benchmarks.cases import Case, counted, dense, linear, momentum, relu, start_up, ten_variables
from benchmarks.outcome import Outcome, measure
from benchmarks.report import Results, report_files, write
from polylaw.laws.search import find_laws
from polylaw.readers import FlowOptions, flow_of_spec

SMALL = [
    linear(2, 3, 2),
    linear(2, 2, 2, 2),
    relu(2, 3, 2),
    momentum("tau", 2, 2, 2),
    ten_variables(2),
    dense(2, 2, 2, degree=2),
    start_up(),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "new"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growth, "SERIES", growth.SERIES[:1])
        result = CliRunner().invoke(main, ["--quick", "--output", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.slow
def test_the_report_has_every_quick_row_and_no_path(report: Path) -> None:
    text = (report / "README.md").read_text()
    for row in rows.rows(quick=True):
        assert (
            f"| {row.case.name} | {row.case.degree or ''} | {row.case.letter} = {row.case.size} | "
            f"{row.case.fields} |" in text
        )
    assert "| start-up: --version |" in text
    assert str(report) not in text
    assert not re.search(r"/(home|root|tmp|work)/", text)


@pytest.mark.slow
def test_the_report_shows_growth(report: Path) -> None:
    text = (report / "README.md").read_text()
    assert "| linear n-n-n, degree 2 | D from 32 to 72 |" in text
    assert not [file for file in report.iterdir() if file.name.startswith(".")]


@pytest.mark.slow
def test_pictures_are_reproducible() -> None:
    pytest.importorskip("matplotlib")
    first, second = (report_files(_made_up()) for _ in range(2))
    assert first == second
    assert all(name in first["README.md"] for name in first if name.endswith(".svg"))
    assert set(first) == {"README.md", "growth_count.svg", "growth_degree.svg", "growth_dimension.svg"}
    assert "<dc:date>" not in first["growth_degree.svg"]


def test_fitted_slopes_are_those_of_the_points() -> None:
    results = _made_up()
    fits = [str(growth.fit(line, results.outcomes, 0)) for line in results.series]
    assert fits == ["D^2.00", "x 2.00 for each degree", "D^1.00"]


def test_a_report_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "benchmarks.report.find_spec", lambda name: None if name == "matplotlib" else find_spec(name)
    )
    assert set(report_files(_made_up())) == {"README.md"}


def test_series_too_quick_to_measure_have_no_picture() -> None:
    results = _made_up()
    quick = {case: replace(outcome, seconds=0.01) for case, outcome in results.outcomes.items()}
    files = report_files(replace(results, outcomes=quick))
    assert set(files) == {"README.md"}
    assert files["README.md"].count("too quick to tell") == 3


@pytest.mark.slow
def test_a_wrong_number_of_laws_fails_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = replace(linear(2, 2, 2), laws=4)
    monkeypatch.setattr(rows, "LADDER", (rows.Row(wrong, quick=True),))
    monkeypatch.setattr(growth, "SERIES", ())
    result = CliRunner().invoke(main, ["--quick", "--output", str(tmp_path / "report")])
    assert result.exit_code == 1
    assert "wrong: linear 2-2-2, degree 2: 3 laws, expected 4" in result.output
    assert not (tmp_path / "report").exists()


@pytest.mark.slow
def test_a_process_that_fails_fails_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        rows, "LADDER", (rows.Row(replace(linear(2, 2, 2), model="liner:2,2,2"), quick=True),)
    )
    monkeypatch.setattr(growth, "SERIES", ())
    result = CliRunner().invoke(main, ["--quick"])
    assert result.exit_code == 1
    assert "exit code 2: polylaw:" in result.output


def test_a_name_that_does_not_exist_is_bad_input() -> None:
    result = CliRunner().invoke(main, ["--only", "nothing like it"])
    assert result.exit_code == 2
    assert "ten variables" in result.output


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_the_sizes_of_a_case_are_those_of_the_flow(case: Case, tmp_path: Path) -> None:
    _, model, _, _, *options, _ = case.arguments(tmp_path)
    flow = flow_of_spec(model, FlowOptions(kind=options[1], damping=options[3]) if options else FlowOptions())
    dimension = flow.model.dimension if hasattr(flow, "model") else len(flow.ring.variables)
    assert dimension == case.size
    assert len(flow.distribution.fields) == case.fields
    assert find_laws(flow, case.degree).dimension == case.laws


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [rows.count_linear(3), counted(relu(2, 3, 2), 3)], ids=lambda case: case.name
)
def test_counts_are_known(case: Case, tmp_path: Path) -> None:
    assert case.arguments(tmp_path) == ["count", case.model, "--json"]
    outcome = measure(case, 1)
    assert (outcome.problem, outcome.unknowns) == ("", None)
    assert measure(replace(case, laws=99), 1).problem.endswith("laws, expected 99")
    gap = measure(replace(case, model="linear:1,2,2,1"), 1)
    assert gap.failure.startswith("exit code 3")


@pytest.mark.slow
def test_the_report_has_the_campaigns(report: Path) -> None:
    text = (report / "README.md").read_text()
    assert "| linear, gradient | 2 |" in text
    assert "16 draws in" in text


@pytest.mark.parametrize(("degree", "laws"), [(1, 0), (2, 1), (4, 2), (5, 3), (6, 4), (7, 5), (10, 9)])
def test_the_laws_of_ten_variables_are_counted(degree: int, laws: int) -> None:
    assert ten_variables(degree).laws == laws


def test_files_are_replaced_whole(tmp_path: Path) -> None:
    write(tmp_path, {"a": "1", "b": "2"})
    with pytest.raises(AttributeError):
        write(tmp_path, {"a": "3", "b": None})  # type: ignore[dict-item]
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a": "1", "b": "2"}


def _made_up() -> Results:
    """Times that grow as D^2 and double with every degree."""
    along = growth.Series("along D", "D", tuple(linear(n, n, n) for n in (2, 4, 8)))
    deeper = growth.Series("along degree", "degree", tuple(ten_variables(d) for d in (3, 4, 6)))
    times = {case: case.size**2 / 64 for case in along.cases} | {
        case: 2.0**case.degree for case in deeper.cases
    }
    counts = growth.Series("counts", "D", tuple(rows.count_linear(n) for n in (2, 4)))
    times |= {case: float(case.size) for case in counts.cases}
    outcomes = {case: Outcome(case, seconds, 100, 10, case.laws) for case, seconds in times.items()}
    row = rows.Row(along.cases[0])
    return Results(0.1, Outcome(start_up(), 0.0, 80, 5, 1), [row], [along, deeper, counts], outcomes, 3)


@pytest.mark.slow
def test_another_checkout_is_measured_beside_this_one(tmp_path: Path) -> None:
    (tmp_path / "polylaw.py").write_text("import sys\nsys.exit('the other one')\n")
    row = rows.Row(start_up())
    outcomes = {row.case: measure(row.case, 1)}
    before = {row.case: measure(row.case, 1, tmp_path)}
    assert outcomes[row.case].problem == ""
    assert before[row.case].failure == "exit code 1: the other one"
    ladder = Results(0.1, outcomes[row.case], [row], [], outcomes, 1, before=before).ladder
    assert ladder.head[9:11] == ("s before", "MB before")
    assert {line[10] for line in ladder.lines} == {"", "failed"}
