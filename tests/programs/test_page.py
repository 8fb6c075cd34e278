"""The page about programs has the numbers of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.program_cases import CASES, NORMS, UNITS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "programs.md").read_text("utf-8")
REPORT = (ROOT / "benchmarks" / "report" / "programs.md").read_text("utf-8")
MATRICES = dict.fromkeys(case.group for case in CASES if case.name.startswith(f"{case.group}: "))


def told(least: int, most: int) -> str:
    return str(least) if least == most else f"{least} to {most}"


def lines_of(text: str) -> list[list[str]]:
    """Rows of its tables, cell by cell."""
    rows = [line.replace("\\|", "!") for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip().replace("!", "|") for cell in row.strip("|").split("|")] for row in rows]


def test_each_architecture_is_on_the_page() -> None:
    rows = lines_of(PAGE)
    for case in CASES:
        if case.group not in MATRICES:
            which = ", ".join(f"{number} {what}" for number, what in case.laws) or "none"
            [row] = [row for row in rows if row[0] == case.name and row[3] == which]
            assert row[1:3] == [str(case.build().dimension), told(*case.bounds)]


@pytest.mark.parametrize("group", MATRICES)
def test_norms_beside_units_are_on_the_page(group: str) -> None:
    cases = {case.name: case for case in CASES}
    wanted = []
    for norm in NORMS:
        row = [cases[f"{group}: {norm.name}, {kind.name}"] for kind in UNITS]
        cells = (f"{case.known} of {case.build().dimension}" for case in row)
        wanted.append(f"| {norm.name} | {' | '.join(cells)} |")
    assert "\n".join(wanted) in PAGE


def test_the_report_is_of_these_architectures() -> None:
    rows = [row for row in lines_of(REPORT) if row[1].isdigit()]
    found = [(name, int(least), int(most)) for name, _, least, most, *_ in rows]
    assert found == [(case.name.removeprefix(f"{case.group}: "), *case.bounds) for case in CASES]
