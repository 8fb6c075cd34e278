"""Programs as text and in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.programs import layer_norm, program, relu, silu, softmax, sqrt
from polylaw.programs.program import from_texts
from polylaw.programs.regions import evaluated
from polylaw.programs.tape import Kind

ROOT = Path(__file__).parents[2]
SHAPES = {"U": (2, 3), "V": (3, 2), "b": (3,), "c": ()}
SAME = {
    "silu(x @ U + b) @ V": lambda w, x: silu(x @ w.U + w.b) @ w.V,
    "x @ (U*b) @ (V/2)": lambda w, x: x @ (w.U * w.b) @ (w.V / 2),
    "softmax(x @ U @ U' @ x') @ x": lambda w, x: softmax(x @ w.U @ w.U.T @ x.T) @ x,
    "layer_norm(x @ U)^2 - relu(-b)*c": lambda w, x: layer_norm(x @ w.U) ** 2 - relu(-w.b) * w.c,
    "(x @ U)**-2 + sqrt(b)^(3/2) + 0.25*c": lambda w, x: (x @ w.U) ** -2 + sqrt(w.b) ** "3/2" + w.c * "1/4",
    "1/(c + 1e-3) - x @ U": lambda w, x: 1 / (w.c + "1/1000") - x @ w.U,
}


@pytest.mark.parametrize("text", SAME)
def test_a_text_is_the_program_that_it_says(text: str) -> None:
    one, two = (
        values(from_texts(SHAPES, {"x": (2, 2)}, {}, [text])),
        values(program(SAME[text], SHAPES, [(2, 2)])),
    )
    assert one == pytest.approx(two, rel=1e-12)
    assert np.isfinite(one).all()


def values(model: pl.Model) -> Any:
    """Of the outputs, in floating point, at the same parameters and data."""
    found = model.program
    assert isinstance(found, pl.Program)
    source, given = np.random.default_rng(0), {}
    names = {
        step.name: k for k, step in enumerate(found.tape.steps) if step.kind in (Kind.PARAMETER, Kind.DATA)
    }
    data = next((name for name in names if name not in SHAPES), "")
    for name, shape in {**SHAPES, data: (2, 2)}.items():
        drawn = source.uniform(0.5, 2, shape)
        if name in names:
            given[names[name]] = drawn[None]
    return evaluated(found.tape, found.outputs, given)[found.outputs[0]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x @ W", "found 'W', expected one of U, V, b, c, x"),
        ("sillu(x)", "did you mean 'silu'"),
        ("x @ c", "arrays with two axes"),
        ("U @ V + U", "one that broadcasts with"),
        ("U + V", "one that broadcasts with"),
        ("x @ V", "as many columns as rows"),
        ("x^", "an exponent"),
        ("x^(1/0)", "denominator"),
        ("c^0.3", "a multiple of 1/2"),
        ("c^999", "at most 64"),
        ("x @", "a number, a name or"),
        ("x; y", "a number, a name, or one of"),
        ("(" * 200 + "x" + ")" * 200, "nested parentheses"),
        ("c + " * 9000 + "c", "at most 20000"),
    ],
)
def test_what_is_no_program_is_refused(text: str, words: str) -> None:
    with pytest.raises(pl.PolylawError) as refused:
        from_texts(SHAPES, {"x": (2, 2)}, {}, [text])
    assert words in str(refused.value)


def test_sizes_are_bounded() -> None:
    with pytest.raises(pl.PolylawError, match="at most 200000"):
        from_texts({"c": ()}, {"x": (10**6, 10**6)}, {}, ["x*c"])


def test_a_file(polylaw: Any, tmp_path: Path) -> None:
    run = polylaw("count", str(ROOT / "examples" / "programs" / "gated.toml"))
    assert run.code == 0
    assert "exactly 7 independent laws of any kind near generic parameters\n" in run.out
    wrong = tmp_path / "wrong.toml"
    for text, words in {
        '[program]\noutputs = ["x"]\n': "shapes: found 'none'",
        '[program]\noutputs = ["x"]\nparameters = {U = [0]}\n': "program.parameters.U",
        "[program]\nparameters = {U = [1]}\n": "program.outputs",
        '[program]\noutputs = ["U"]\nparameters = {U = [1]}\nloss = "l1"\n': "one of any, mse, cross-entropy",
        '[program]\noutputs = ["U"]\nparameters.U = [1]\ninputs.U = [1]\n': "a name that no parameter has",
        '[program]\noutputs = ["U"]\nparameters = {U = [1]}\nsteps = {U = "U"}\n': "a name that is new",
        '[program]\noutputs = ["U"]\n[model]\nspec = "linear:1,1"\n': "exactly one of them",
        '[program]\noutputs = ["U"]\nparameters = {U = [1]}\n[data]\ninputs = [1]\n': "beside [program]",
    }.items():
        wrong.write_text(text, "utf-8")
        run = polylaw("count", str(wrong))
        assert (run.code, run.out, run.err.count("\n")) == (2, "", 1), text
        assert words in run.err, text
