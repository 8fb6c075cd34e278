"""Programs that depend on parameters through polynomials, against the engine for these."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

import polylaw as pl
from examples.programs import attention, units
from polylaw.models import Model, model_from_spec
from polylaw.programs import Array, program, relu


def linear(*widths: int) -> Model:
    """A deep linear network."""

    def same(x: Array) -> Array:
        return x

    return units.deep(widths, same)


def softmax() -> Model:
    """Three classes of two features."""
    return program(lambda w, x: x @ w.W, {"W": (2, 3)}, [(1, 2)], loss="cross-entropy")


@pytest.mark.parametrize(
    ("spec", "build"),
    [
        ("linear:2,2,2", partial(linear, 2, 2, 2)),
        ("linear:2,3,1", partial(linear, 2, 3, 1)),
        ("linear:2,2,2,2", partial(linear, 2, 2, 2, 2)),
        ("relu:2,2,2", partial(units.deep, (2, 2, 2), relu)),
        ("relu:2,3,2", partial(units.deep, (2, 3, 2), relu)),
        ("swiglu:2,2,2", units.gated),
        ("softmax:3,2", softmax),
        ("attention:d1=1,dim=2,heads=1", partial(attention.layer, 2, 1, 1)),
        ("attention:d1=1,dim=2,heads=2", partial(attention.layer, 2, 1, 2)),
        ("attention:d1=1,dim=3,heads=2", partial(attention.layer, 3, 1, 2)),
        ("attention:d1=2,dim=2,heads=1", partial(attention.layer, 2, 2, 1)),
        ("attention:d1=2,dim=3,heads=2", partial(attention.layer, 3, 2, 2)),
        ("attention:d1=2,dim=2,heads=1,rope=true", partial(attention.rotary, 2, 1)),
    ],
)
def test_both_engines_count_the_same(spec: str, build: Callable[[], Model]) -> None:
    one, two = (pl.count_laws(pl.GradientFlow(model)) for model in (model_from_spec(spec), build()))
    assert one.exact
    assert (one.lower, one.upper) == (two.lower, two.upper)
