"""The committed showcase: its certificates hold, and its Coq files and appendices are those of its
certificates."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import polylaw as pl
from polylaw.proof import checker
from polylaw.proof.appendix import render
from polylaw.proof.coq import coq_source

PROOFS = Path(__file__).parents[2] / "proofs"
FOLDERS = sorted(path.parent for path in PROOFS.glob("*/certificate.json"))
folders = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)


def test_the_models_are_shown() -> None:
    expected = {
        "two_layer_linear",
        "deep_linear",
        "relu_with_bias",
        "lora",
        "nmf",
        "icnn",
        "attention",
        "momentum_linear",
    }
    expected |= {"nesterov_linear", "softmax_layer", "damped_oscillator", "euler_top", "biomodel_629"}
    expected |= {f"{name}_all_widths" for name in ("linear", "momentum_linear", "attention", "nmf")}
    assert {folder.name for folder in FOLDERS} == expected
    index = (PROOFS / "README.md").read_text("utf-8")
    for folder in FOLDERS:
        for path in folder.iterdir():
            assert f"({folder.name}/{path.name})" in index


@folders
def test_a_certificate_holds(folder: Path) -> None:
    holds, lines = checker.verify(str(folder / "certificate.json"))
    assert holds, lines


@folders
def test_files_belong_to_the_certificate(folder: Path) -> None:
    data = json.loads((folder / "certificate.json").read_text())
    assert pl.Certificate(data).text() == (folder / "certificate.json").read_text()
    if folder.name.endswith("_all_widths"):
        assert "all_widths.v" in (folder / "proof.v.txt").read_text("utf-8")
    else:
        assert (folder / "proof.v").read_text("utf-8") == coq_source(data)
    assert (folder / "appendix.tex").read_bytes() == render(data, "tex")
    assert (folder / "appendix.pdf").read_bytes().startswith(b"%PDF-")


@folders
def test_no_path_of_a_machine(folder: Path) -> None:
    for path in folder.iterdir():
        if path.suffix != ".pdf":
            assert not re.search(r"/(home|root|tmp|work)/", path.read_text("utf-8"))
