"""The atlas: what it writes is the same however often it was interrupted, and with any number of workers."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "examples" / "atlas.py"


def atlas(folder: Path, *options: str) -> tuple[bytes, bytes]:
    run = subprocess.run(
        [sys.executable, SCRIPT, folder, "--small", *options], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("64 rows: ")
    assert sorted(file.name for file in folder.iterdir()) == ["atlas.csv", "atlas.md"]
    return (folder / "atlas.csv").read_bytes(), (folder / "atlas.md").read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    return atlas(tmp_path_factory.mktemp("atlas") / "new" / "folder")


@pytest.mark.slow
def test_the_rows_are_those_known(whole: tuple[bytes, bytes]) -> None:
    rows = {(r["model"], r["flow"]): r for r in csv.DictReader(whole[0].decode().splitlines())}
    assert (
        rows["linear:2,2,2", "gradient"]["laws at least"]
        == rows["linear:2,2,2", "gradient"]["laws at most"]
        == "3"
    )
    assert rows["linear:2,2,2", "momentum tau"]["laws at most"] == "1"
    assert rows["linear:1,2,1", "momentum 3/t"]["laws at most"] == "2"
    assert (
        rows["nmf:1,2,1", "gradient"]["laws at least"],
        rows["nmf:1,2,1", "gradient"]["laws at most"],
    ) == ("3", "3")
    assert rows["nmf:1,2,1", "gradient"]["exact"] == "yes"
    text = whole[1].decode()
    assert "| linear:2,2,2 | 3 | 1 | 1 | 1 |" in text
    assert "| nmf:1,2,1 | 3 | 0 | 0 | 0 |" in text


@pytest.mark.slow
def test_workers_change_nothing(whole: tuple[bytes, bytes], tmp_path: Path) -> None:
    assert atlas(tmp_path, "--jobs", "2") == whole


@pytest.mark.slow
@pytest.mark.parametrize("kept", [0, 10, 60, 700, -1])
def test_an_interrupted_sweep_goes_on(whole: tuple[bytes, bytes], tmp_path: Path, kept: int) -> None:
    """Cut off anywhere: in the heading, inside a row, in the last one."""
    (tmp_path / "atlas.csv").write_bytes(whole[0][:kept])
    assert atlas(tmp_path) == whole


@pytest.mark.slow
def test_finished_rows_are_not_computed_again(whole: tuple[bytes, bytes], tmp_path: Path) -> None:
    marked = whole[0].replace(b'"linear:1,1,1",gradient,2,1,1,yes', b'"linear:1,1,1",gradient,2,7,7,yes')
    assert marked != whole[0]
    (tmp_path / "atlas.csv").write_bytes(marked[: len(marked) // 2])
    assert b'"linear:1,1,1",gradient,2,7,7,yes' in atlas(tmp_path)[0]


@pytest.mark.slow
def test_rows_of_a_larger_sweep_stay(whole: tuple[bytes, bytes], tmp_path: Path) -> None:
    more = whole[0] + b'"linear:9,9,9",gradient,162,45,45,yes\n'
    (tmp_path / "atlas.csv").write_bytes(more)
    run = subprocess.run(
        [sys.executable, SCRIPT, tmp_path, "--small"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0
    assert (tmp_path / "atlas.csv").read_bytes() == more
    assert "| linear:9,9,9 | 45 |  |  |  |" in (tmp_path / "atlas.md").read_text()


def test_a_file_that_is_no_atlas_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "atlas.csv").write_text("name,year\nMercator,1595\n")
    run = subprocess.run(
        [sys.executable, SCRIPT, tmp_path, "--small"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "is no atlas" in run.stderr
    assert (tmp_path / "atlas.csv").read_text() == "name,year\nMercator,1595\n"


@pytest.mark.slow
def test_a_row_that_fails_costs_no_other(tmp_path: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(SCRIPT.parent)!r})
sys.argv = ["atlas.py", {str(tmp_path)!r}, "--small"]
import atlas
whole = atlas.row
def row(spec, kind):
    if (spec, kind) == ("linear:1,1,1", "gradient"):
        raise ValueError("no such luck")
    return whole(spec, kind)
atlas.row = row
atlas.main()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr == "linear:1,1,1 gradient: no such luck\n"
    assert run.stdout.startswith("63 rows")
    assert len((tmp_path / "atlas.csv").read_text().splitlines()) == 64
